"""What the network covers and what it lacks.

A need is made of blocks: the resources it needs and the participation of its target groups. Coverage is the
share of blocks that are filled; the gap is the weight that is not covered. All of it is counted in exact
whole numbers, and alike needs are worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.gaps_json import as_json
from netzwerk_sheets.analysis.matching import Block, Roster, roster
from netzwerk_sheets.analysis.shares import NeedCoverage, Shape, Shares, asked_since, blocks_of, was_asked
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

    def ranked(self) -> list[NeedCoverage]:
        """Give the needs, the largest gap first, then the largest weight, then by id."""
        return list(self._ranked)

    @cached_property
    def _ranked(self) -> tuple[NeedCoverage, ...]:
        by_id = sorted(self.needs, key=lambda item: item.need.id)
        by_id.sort(key=lambda item: (item.weight.total * item.shape.missing, item.weight.total), reverse=True)
        return tuple(by_id)

    @property
    def blind_spots(self) -> tuple[Cell, ...]:
        """Cells whose domain and group are both in focus and for which no need is recorded."""
        return tuple(cell for cell in self.cells if cell.blind_spot)


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
        domains=totals.domains(network),
        target_groups=totals.target_groups(network),
        cells=totals.cells(network),
        groups=totals.groups(network),
        roster=partners,
        unit=shares.blocks.unit,
        shares=shares,
    )
