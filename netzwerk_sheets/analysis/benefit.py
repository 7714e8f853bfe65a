"""What the network gains when partners join: points that can be added up again on paper.

For every block of every need, and for every target group where groups matter, the two best supporters
count: the first in full, the second with a part, because it backs the first one up. Having asked a group
counts like a supporter of its participation. A sector that is new to the network adds a bonus.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.matching import Roster, factor_of, members, roster
from netzwerk_sheets.analysis.totals import light_of
from netzwerk_sheets.model import ON_BOARD, Network, Partner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.analysis.blocks import Support
    from netzwerk_sheets.analysis.coverage import Coverage, Stake
    from netzwerk_sheets.analysis.totals import Aggregate


@dataclass(frozen=True, slots=True)
class Points:
    """What somebody adds, in points.

    Attributes:
        closes: Open blocks that are filled (further).
        backs_up: Second supporters behind filled blocks.
        sector: A sector that is new.
    """

    closes: Fraction
    backs_up: Fraction
    sector: Fraction

    @property
    def total(self) -> Fraction:
        """All points together."""
        return self.closes + self.backs_up + self.sector


class _Slot:
    """One block, for one target group: who supports it now, and which candidates would."""

    __slots__ = ("_counts", "_known", "bits", "floor", "now", "own", "owners", "weight")

    def __init__(self, support: Support, bits: int, counts: Sequence[int]) -> None:
        self.weight = 0
        self.bits = bits
        self.floor = support.floor
        self.own: dict[int, int] = {}
        self.owners = 0
        self.now = (0, 0)
        self._counts = list(counts)
        self._known: dict[int, tuple[int, int]] = {}

    def best_two(self, added: int, fills: Sequence[int], joins: int) -> tuple[int, int]:
        """Give the two best fills when these candidates are active.

        Args:
            added: Bits of candidates; only those that match count.
            fills: What a supporter of each level fills, highest first.
            joins: The level of an active partner.
        """
        # Who supports it at no level yet is like any other: then only their number matters.
        key = added if added & self.owners else -added.bit_count()
        found = self._known.get(key)
        if found is None:
            counts = self._counts.copy()
            counts[joins] += added.bit_count()
            for index, level in self.own.items():
                if added >> index & 1:
                    counts[level] -= 1
            best = [fill for fill, count in zip(fills, counts, strict=True) for _ in range(min(count, 2))][:2]
            best = sorted([*best, self.floor, 0], reverse=True)[:2]
            found = self._known[key] = (best[0], best[1])
        return found


class Benefit:
    """What each candidate, and any group of them, would add to a network.

    Args:
        network: What the workbook says.
        covered: Its coverage.
        candidates: Who may join. One that counts already is thought of as becoming active.

    Attributes:
        candidates: In the given order.
        scale: Parts one point is counted in; divisible by all that is divided by.
    """

    def __init__(self, network: Network, covered: Coverage, candidates: Sequence[Partner]) -> None:
        rules = network.rules
        self.candidates = tuple(candidates)
        self._covered = covered
        self._limit = rules.light_limit
        self._who = roster(network, self.candidates)
        levels = dict(covered.roster.levels)
        active = min(rules.active_factor, Fraction(1))
        levels.setdefault(active, 0)
        ordered = sorted(levels.items(), reverse=True)
        self._masks = [bits for _, bits in ordered]
        self._unit = covered.unit * active.denominator
        self._fills = [int(factor * self._unit) for factor, _ in ordered]
        self._joins = [factor for factor, _ in ordered].index(active)
        self._rho = rules.backup_weight
        self.scale = self._unit * covered.unit * self._rho.denominator * rules.sector_bonus.denominator
        self._first = self._rho.denominator * rules.sector_bonus.denominator
        self._second = self._rho.numerator * rules.sector_bonus.denominator
        self._bonus = int(rules.sector_bonus * self.scale)
        self._slots: dict[Support, _Slot] = {}
        self._places: dict[int, list[Stake]] = {}
        factors = {status: factor_of(status, rules) for status in {one.status for one in self.candidates}}
        places = {
            status: [factor for factor, _ in ordered].index(min(factor, Fraction(1)))
            for status, factor in factors.items()
            if factor > 0
        }
        self._own_levels = {
            index: places[one.status] for index, one in enumerate(self.candidates) if one.status in places
        }
        self._gather()
        present = {partner.sector for partner in network.partners if partner.status in ON_BOARD}
        listed = set(network.sectors) - present
        self._sectors = [one.sector if one.sector in listed else "" for one in self.candidates]
        self._touched: list[list[_Slot]] = [[] for _ in self.candidates]
        self._alone = [self._bonus if sector else 0 for sector in self._sectors]
        for slot in self._slots.values():
            self._touch(slot)

    @property
    def roster(self) -> Roster:
        """The candidates as bits."""
        return self._who

    def _gather(self) -> None:
        for support, held in self._covered.supported.items() if self.candidates else ():
            first = held[0]
            slot = self._slots[support] = self._slot(support, first.block.code, (first.domain,) if first.domain else ())
            slot.weight = sum(stake.part for stake in held)
            self._places[id(slot)] = held

    def _slot(self, support: Support, code: str, domains: tuple[str, ...]) -> _Slot:
        bits = self._who.match(code, domains, support.group)
        slot = _Slot(support, bits, [(support.bits & mask).bit_count() for mask in self._masks])
        slot.floor = support.floor * (self._unit // self._covered.unit)
        slot.own = {index: level for index, level in self._own_levels.items() if bits >> index & 1}
        slot.owners = sum(1 << index for index in slot.own)
        slot.now = slot.best_two(0, self._fills, self._joins)
        return slot

    def _touch(self, slot: _Slot) -> None:
        """Note whom a slot concerns, and what each of them alone adds there."""
        others = slot.bits & ~slot.owners
        same = self._worth(slot, others & -others)
        for index in members(others):
            self._touched[index].append(slot)
            self._alone[index] += same
        for index in members(slot.owners):
            self._touched[index].append(slot)
            self._alone[index] += self._worth(slot, 1 << index)

    def _worth(self, slot: _Slot, chosen: int) -> int:
        first, second = self._rises(slot, chosen)
        return slot.weight * (first * self._first + second * self._second)

    def _touching(self, chosen: int) -> list[_Slot]:
        indexes = members(chosen)
        if len(indexes) == 1:
            return self._touched[indexes[0]]
        return list({id(slot): slot for index in indexes for slot in self._touched[index]}.values())

    def _rises(self, slot: _Slot, chosen: int) -> tuple[int, int]:
        first, second = slot.best_two(slot.bits & chosen, self._fills, self._joins)
        first_now, second_now = slot.now
        return first - first_now, second - second_now

    def gain(self, chosen: int) -> int:
        """Give what these candidates (as bits) add together, in parts of `scale`."""
        if chosen and not chosen & (chosen - 1):
            return self._alone[chosen.bit_length() - 1]
        total = sum(self._worth(slot, chosen) for slot in self._touching(chosen))
        new = {self._sectors[index] for index in members(chosen)} - {""}
        return total + len(new) * self._bonus

    def points(self, chosen: int) -> Points:
        """Give what these candidates (as bits) add together, in its three parts."""
        closes = backs_up = 0
        for slot in self._touching(chosen):
            first, second = self._rises(slot, chosen)
            closes += slot.weight * first * self._first
            backs_up += slot.weight * second * self._second
        new = {self._sectors[index] for index in members(chosen)} - {""}
        return Points(
            Fraction(closes, self.scale),
            Fraction(backs_up, self.scale),
            Fraction(len(new) * self._bonus, self.scale),
        )

    def network(self, chosen: int) -> Aggregate:
        """Give what the whole network comes to once these candidates (as bits) are active."""
        total = self._covered.network
        if total.gap is None or not chosen:
            return total
        gap = total.gap - self.points(chosen).closes
        single = any(one.active + (slot.bits & chosen).bit_count() == 1 for one, slot in self._slots.items())
        if not total.weight:
            return replace(total, gap=gap, single=single)
        coverage = 1 - gap / total.weight
        light = light_of(coverage.numerator, coverage.denominator, single=single, limit=self._limit)
        return replace(total, coverage=coverage, gap=gap, light=light, single=single)

    def details(
        self, chosen: int
    ) -> tuple[tuple[tuple[str, str, Fraction], ...], tuple[tuple[str, str, Fraction], ...]]:
        """Say which blocks these candidates fill, and which they back up.

        Returns:
            Two lists of (need, block, points), each with the most points first, then by id.
        """
        fills: dict[tuple[str, str], int] = {}
        backs: dict[tuple[str, str], int] = {}
        for slot in self._touching(chosen):
            first, second = self._rises(slot, chosen)
            for stake in self._places[id(slot)] if first or second else ():
                block, shared = stake.block.code, len(stake.block.supports)
                for need, share in stake.needs:
                    key, part = (need, block), share // shared
                    if first:
                        fills[key] = fills.get(key, 0) + part * first * self._first
                    if second:
                        backs[key] = backs.get(key, 0) + part * second * self._second
        return self._listed(fills), self._listed(backs)

    def _listed(self, parts: dict[tuple[str, str], int]) -> tuple[tuple[str, str, Fraction], ...]:
        found = sorted(parts.items(), key=lambda item: (-item[1], item[0]))
        return tuple((*key, Fraction(points, self.scale)) for key, points in found if points)
