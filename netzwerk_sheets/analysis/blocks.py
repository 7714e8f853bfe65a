"""Who stands behind a block, and how much of it they fill."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.matching import Roster, members
from netzwerk_sheets.model import PARTICIPATION, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.analysis.demand import Audience


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """Who supports a block, for one target group where groups count.

    Attributes:
        group: Id of the target group; empty where groups do not count.
        filled: The fill in parts of `Block.unit`.
        active: How many active partners match.
        asked: The group was asked, and this is all there is.
        floor: What is left when every partner leaves: what an asking is worth, in parts of `Block.unit`.
        critical: Id of the partner without whom less would be filled; empty where there is none.
        without: The fill without that partner.
        bits: All partners that match and count.
        roster: Whose bits they are.
    """

    group: str
    filled: int
    active: int
    asked: bool
    floor: int
    critical: str
    without: int
    bits: int
    roster: Roster

    @property
    def partners(self) -> tuple[str, ...]:
        """Ids of all partners that match and count, in the order of their rows."""
        return tuple(self.roster.ids[index] for index in members(self.bits))

    @property
    def single(self) -> str:
        """Id of the only active partner that matches; empty where there are none or several."""
        if self.active != 1:
            return ""
        return self.roster.ids[(self.bits & self.roster.active).bit_length() - 1]


@dataclass(frozen=True, slots=True)
class Block:
    """One thing a need needs: a resource, or the participation of its target groups.

    Attributes:
        code: Code of the resource, or `PARTICIPATION`.
        filled: Sum of the fills of `supports`, in parts of `unit`.
        unit: What `filled` would be if the block were whole.
        supports: One per target group where groups count, else one; none where a group is lacking.
        reason: Why it is open, empty where it is whole: ``no_domain`` and ``no_group`` (the need does not
            say), ``nobody`` (no one on board offers it), ``elsewhere`` (offered, but not for this domain
            or group), ``some_groups`` (for some of the groups only), ``asked`` (asked, not at the table),
            ``onboarding`` (by partners that are only just joining), ``partly``.
        singles: Ids of partners that carry it, or a group of it, alone.
    """

    code: str
    filled: int
    unit: int
    supports: tuple[Support, ...]
    reason: str
    singles: tuple[str, ...]

    @property
    def fill(self) -> Fraction:
        """How much of it is there, 0 to 1."""
        return Fraction(self.filled, self.unit)

    @property
    def open(self) -> bool:
        """Whether something of it is missing."""
        return self.filled < self.unit

    @property
    def backed(self) -> bool:
        """Whether, for every group, at least two active partners stand behind it."""
        return bool(self.supports) and all(support.active > 1 for support in self.supports)


def _reason(supports: tuple[Support, ...], whole: int, *, offered: bool) -> str:
    fills = [support.filled for support in supports]
    if not any(fills):
        return "elsewhere" if offered else "nobody"
    if not all(fills):
        return "some_groups"
    if any(support.asked for support in supports):
        return "asked"
    if all(support.active == 0 for support in supports if support.filled < whole):
        return "onboarding"
    return "partly"


class Blocks:
    """Work out blocks, each kind of block once.

    Args:
        roster: The partners that count.
        rules: For what an asking is worth.
        groups: The target groups that needs or measures name.
        groups_per_need: Every number of target groups a need or measure has.
        blocks_per_need: Every number of blocks a need has.

    Attributes:
        levels: (fill in parts of `unit`, bits of the partners that count that much), highest fill first.
        unit: Parts a whole coverage is counted in. It is divisible by everything the method divides by, so
            that all sums stay exact whole numbers.
    """

    def __init__(
        self,
        roster: Roster,
        rules: Rules,
        groups: Iterable[str],
        groups_per_need: Iterable[int],
        blocks_per_need: Iterable[int] = (),
    ) -> None:
        factors = [rules.asked_factor, *(factor for factor, _ in roster.levels)]
        fine = lcm(*(factor.denominator for factor in factors))
        self.roster = roster
        self.unit = fine * lcm(*(max(1, count) for count in groups_per_need))
        self.unit *= lcm(*(max(1, count) for count in blocks_per_need))
        self.levels = tuple((int(factor * self.unit), bits) for factor, bits in roster.levels)
        self._asked = int(min(rules.asked_factor, Fraction(1)) * self.unit)
        self._blocks: dict[tuple[str, tuple[str, ...], tuple[str, ...], bool], Block] = {}
        self._supports: dict[tuple[str, tuple[str, ...], str, bool], Support] = {}
        self._groups = tuple(groups)

    def _offered(self, code: str) -> bool:
        """Say whether anybody could support this block somewhere, for anyone who is asked for."""
        if code == PARTICIPATION:
            return any(self.roster.represents[group] for group in self._groups)
        return bool(self.roster.resources[code])

    def _support(self, code: str, domains: tuple[str, ...], group: str, *, asked: bool) -> Support:
        key = (code, domains, group, asked)
        support = self._supports.get(key)
        if support is None:
            floor = self._asked if asked else 0
            support = self._supports[key] = self._fill(self.roster.match(code, domains, group), group, floor)
        return support

    def filled(self, bits: int, floor: int) -> int:
        """Give how much these partners fill, at least the floor."""
        for fill, level in self.levels:
            if bits & level:
                return max(fill, floor)
        return floor

    def _fill(self, bits: int, group: str, floor: int) -> Support:
        filled = self.filled(bits, floor)
        active = (bits & self.roster.active).bit_count()
        critical, without = "", filled
        for fill, level in self.levels:
            best = bits & level
            if best:
                if best & (best - 1) == 0 and fill > floor:
                    critical = self.roster.ids[best.bit_length() - 1]
                    without = self.filled(bits ^ best, floor)
                break
        only_asked = floor > 0 and not any(bits & level and fill >= floor for fill, level in self.levels)
        return Support(group, filled, active, only_asked, floor, critical, without, bits, self.roster)

    def figures(self, code: str, domains: tuple[str, ...], group: str, *, asked: bool) -> tuple[int, bool]:
        """Give how much of a block is filled for one group, and whether that rests on one partner alone."""
        bits = self.roster.match(code, domains, group)
        filled = self.filled(bits, self._asked if asked else 0)
        return filled, (bits & self.roster.active).bit_count() == 1

    def block(self, code: str, domains: tuple[str, ...], groups: tuple[str, ...], *, asked: bool) -> Block:
        """Work out one block.

        Args:
            code: A resource, or `PARTICIPATION`.
            domains: Where it is needed.
            groups: Each target group once.
            asked: Whether the groups were asked lately; counts for participation only.
        """
        by_domain, by_group = self.roster.counts(code)
        if by_domain and not domains:
            return Block(code, 0, self.unit, (), "no_domain", ())
        if by_group and not groups:
            return Block(code, 0, self.unit, (), "no_group", ())
        key = (code, domains if by_domain else (), groups if by_group else ("",), asked)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = self._build(*key[:3], asked=asked and code == PARTICIPATION)
        return block

    def _build(self, code: str, domains: tuple[str, ...], groups: tuple[str, ...], *, asked: bool) -> Block:
        supports = tuple(self._support(code, domains, group, asked=asked) for group in groups)
        filled = sum(support.filled for support in supports) // len(supports)
        reason = "" if filled == self.unit else _reason(supports, self.unit, offered=self._offered(code))
        singles = tuple(dict.fromkeys(support.single for support in supports if support.active == 1))
        return Block(code, filled, self.unit, supports, reason, singles)


class _BlockFor(dict["Audience", Block]):
    """Target groups → one block for them in one domain, learnt on the way."""

    def __init__(self, blocks: Blocks, code: str, domain: str, *, asked: bool = False) -> None:
        super().__init__()
        self._block, self._code, self._asked = blocks.block, code, asked
        self._domains = (domain,) if domain else ()

    def __missing__(self, audience: Audience) -> Block:
        block = self[audience] = self._block(self._code, self._domains, audience.groups, asked=self._asked)
        return block


class BlocksByDomain(dict[str, tuple[dict[str, Block], dict[str, _BlockFor], _BlockFor, _BlockFor]]):
    """Domain → its blocks, learnt on the way.

    Each is a tuple of four: resource → block, for those that are there for all target groups alike; resource →
    target groups → block, for the others; and target groups → participation, where they were not asked and
    where they were.
    """

    def __init__(self, blocks: Blocks) -> None:
        super().__init__()
        self._blocks = blocks
        self._seats = _BlockFor(blocks, PARTICIPATION, ""), _BlockFor(blocks, PARTICIPATION, "", asked=True)

    def __missing__(self, domain: str) -> tuple[dict[str, Block], dict[str, _BlockFor], _BlockFor, _BlockFor]:
        alike, by_group, domains = {}, {}, (domain,) if domain else ()
        for code, (_, divided) in self._blocks.roster.matching.items():
            if divided:
                by_group[code] = _BlockFor(self._blocks, code, domain)
            else:
                alike[code] = self._blocks.block(code, domains, (), asked=False)
        found = self[domain] = alike, by_group, *self._seats
        return found
