"""The fewest partners whose leaving would drop a domain under half of its coverage.

A block loses something only when all its best supporters leave. So only blocks with at most three of them
matter, and of these only the partners behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.matching import members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netzwerk_sheets.analysis.blocks import Support
    from netzwerk_sheets.analysis.coverage import Coverage, Stake
    from netzwerk_sheets.analysis.totals import Aggregate

MOST = 3
"""Up to so many partners are tried out; beyond that the answer is "more"."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How many partners a domain can lose.

    Attributes:
        state: ``number`` (see `partners`), ``more`` (than three), ``already`` (under half), ``none`` (no
            need, or nothing that has weight).
        partners: Ids of partners whose leaving is enough; there may be other sets of the same size.
    """

    state: str
    partners: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        """How many partners have to leave; `None` for every state but ``number``."""
        return len(self.partners) if self.state == "number" else None


class _Losses:
    """What a domain loses when partners leave, in parts of `Coverage.unit` times itself."""

    def __init__(self, held: Iterable[Stake], covered: Coverage) -> None:
        self._levels = [bits for _, bits in covered.roster.levels]
        self._fills = [int(factor * covered.unit) for factor, _ in covered.roster.levels]
        self._weights: dict[Support, int] = {}
        for stake in held:
            for support in stake.block.supports:
                self._weights[support] = self._weights.get(support, 0) + stake.part
        self.behind: dict[int, list[Support]] = {}
        for support in self._weights:
            for index in members(self._few(support)):
                self.behind.setdefault(index, []).append(support)

    def _few(self, support: Support) -> int:
        """Give the bits of the best supporters, best first, as long as they are few enough to leave."""
        few = 0
        for level in self._levels:
            more = few | (support.bits & level)
            if more.bit_count() > MOST:
                break
            few = more
        return few

    def most(self, index: int) -> int:
        """Give a loss that one partner's leaving can never exceed, whoever else leaves."""
        return sum(self._weights[support] * (support.filled - support.floor) for support in self.behind[index])

    def loss(self, leaving: Sequence[int]) -> int:
        """Give what is lost when all of these leave."""
        gone = 0
        for index in leaving:
            gone |= 1 << index
        lost = 0
        for support in {support for index in leaving for support in self.behind[index]}:
            lost += self._weights[support] * (support.filled - self._left(support, support.bits & ~gone))
        return lost

    def _left(self, support: Support, bits: int) -> int:
        for fill, level in zip(self._fills, self._levels, strict=True):
            if bits & level:
                return max(fill, support.floor)
        return support.floor


def failure(total: Aggregate, held: Iterable[Stake], covered: Coverage) -> Failure:
    """Find the fewest partners whose leaving drops these needs under half of their coverage.

    Args:
        total: What the needs of a domain that count come to.
        held: What hangs on their blocks.
        covered: The network's coverage they come from.

    Returns:
        Exact up to three partners.
    """
    if not total.weight or total.gap is None:
        return Failure("none")
    whole = total.weight * covered.unit
    spare = whole - 2 * int(total.gap * covered.unit)
    if spare < 0:
        return Failure("already")
    # one more than what may be lost is too much
    search = _Search(_Losses(held, covered), covered.roster.ids, spare * covered.unit + 1)
    for size in range(1, MOST + 1):
        found = search.find(size)
        if found is not None:
            return Failure("number", tuple(sorted(covered.roster.ids[index] for index in found)))
    return Failure("more")


class _Search:
    """Looks for partners that lose enough together; the promising first, the hopeless not at all."""

    def __init__(self, losses: _Losses, ids: Sequence[str], needed: int) -> None:
        self._losses = losses
        self._needed = needed
        self._hope = {index: 2 * losses.most(index) for index in losses.behind}
        self._order = sorted(self._hope, key=lambda index: (-self._hope[index], ids[index]))

    def find(self, size: int, start: int = 0, chosen: tuple[int, ...] = ()) -> tuple[int, ...] | None:
        """Find `size` more partners, from position `start` on; `None` where there are none."""
        if not size:
            return chosen if 2 * self._losses.loss(chosen) >= self._needed else None
        hope = sum(self._hope[index] for index in chosen)
        for place in range(start, len(self._order)):
            best = self._order[place : place + size]
            if hope + sum(self._hope[index] for index in best) < self._needed:
                return None
            found = self.find(size - 1, place + 1, (*chosen, self._order[place]))
            if found is not None:
                return found
        return None
