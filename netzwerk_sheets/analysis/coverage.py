"""What the network covers and what it lacks.

A need is made of blocks: the resources it needs and the participation of its target groups. Coverage is the
share of blocks that are filled; the gap is the weight that is not covered. All of it is counted in exact
whole numbers, and alike needs are worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.blocks import Block, Support
from netzwerk_sheets.analysis.demand import blocks_of
from netzwerk_sheets.analysis.gaps_json import as_json
from netzwerk_sheets.analysis.matching import Roster, roster
from netzwerk_sheets.analysis.shares import NeedCoverage, Shape, Shares, asked_since, was_asked
from netzwerk_sheets.analysis.stakes import Stake, by_support, stakes
from netzwerk_sheets.analysis.totals import Aggregate, Cell, DomainCoverage, Totals
from netzwerk_sheets.analysis.weight import Weight
from netzwerk_sheets.collector import paused

if TYPE_CHECKING:
    from datetime import date

    from netzwerk_sheets.model import Network

__all__ = [
    "Aggregate",
    "Block",
    "Cell",
    "Coverage",
    "DomainCoverage",
    "NeedCoverage",
    "Shape",
    "Stake",
    "Weight",
    "as_json",
    "asked_since",
    "blocks_of",
    "coverage",
    "was_asked",
]


@dataclass(frozen=True)
class Coverage:
    """What the network covers, need by need and added up.

    Attributes:
        network: All needs, each counted once.
        domains: One per domain, in the order of their rows; likewise the others.
        target_groups: A need with two groups counts in both.
        cells: Every domain with every target group, domain by domain.
        groups: One per working group.
        roster: The partners that count.
        unit: What full coverage is counted in.
        shares: What each need lacks, and who explains it.
    """

    network: Aggregate
    domains: tuple[DomainCoverage, ...]
    target_groups: tuple[Aggregate, ...]
    cells: tuple[Cell, ...]
    groups: tuple[Aggregate, ...]
    roster: Roster
    unit: int
    shares: Shares

    @cached_property
    def needs(self) -> tuple[NeedCoverage, ...]:
        """The needs that count, in the order of their rows; explained when first asked for."""
        return tuple(self.shares.explained(aside=False))

    @cached_property
    def excluded(self) -> tuple[NeedCoverage, ...]:
        """The needs that are covered or parked; in no total."""
        return tuple(self.shares.explained(aside=True))

    @cached_property
    def stakes(self) -> tuple[Stake, ...]:
        """What hangs on each block, over all needs that count."""
        return stakes(self.needs, self.unit)

    @cached_property
    def supported(self) -> dict[Support, list[Stake]]:
        """What hangs on each support, over all needs that count."""
        return by_support(self.stakes)

    @cached_property
    def open(self) -> tuple[tuple[NeedCoverage, Block], ...]:
        """Every open block with its need, the largest gap first as in `ranked`; within a need in its own order."""
        return tuple((item, block) for item in self._ranked for block in item.shape.blocks if block.filled < block.unit)

    @cached_property
    def singles(self) -> tuple[str, ...]:
        """Ids of partners on which a block rests alone, once for each block, in the order of `ranked`."""
        alone = (item for item in self._ranked if item.shape.single)
        return tuple(partner for item in alone for _, partner in item.single)

    def ranked(self) -> list[NeedCoverage]:
        """Give the needs, the largest gap first, then the largest weight, then by id."""
        return list(self._ranked)

    @cached_property
    def _ranked(self) -> tuple[NeedCoverage, ...]:
        by_id = sorted(self.needs, key=lambda item: item.need.id)
        weights = ((item, item.weight.total) for item in by_id)
        # what decides is worked out once for each need, and sorting is stable
        keyed = [((weight * item.shape.missing, weight), item) for item, weight in weights]
        keyed.sort(key=itemgetter(0), reverse=True)
        return tuple(item for _, item in keyed)


def coverage(network: Network, *, today: date) -> Coverage:
    """Work out what the network covers.

    A partner fills a resource of a need if it offers it and, where the resource asks for that, works in the
    need's domain and for the group; „Alle“ fits every one, an empty list fits none. The best supporter
    counts, per target group where groups matter, averaged over the need's groups. Participation is filled
    by who represents the group; having asked people lately counts a part. Needs that are covered or parked
    stand apart from all totals.

    Args:
        network: What the workbook says.
        today: The day from which "asked lately" is counted back.

    Returns:
        The coverage; it depends on nothing else, and not on the order of the rows.
    """
    with paused():
        return _coverage(network, today)


def _coverage(network: Network, today: date) -> Coverage:
    partners = roster(network)
    shares = Shares(network, partners, today)
    totals = Totals(shares.blocks.unit, network.rules.light_limit, shares.places, shares.groups)
    return Coverage(
        network=totals.network(network),
        domains=totals.domains(network, partners),
        target_groups=totals.target_groups(network),
        cells=totals.cells(network),
        groups=totals.groups(network),
        roster=partners,
        unit=shares.blocks.unit,
        shares=shares,
    )
