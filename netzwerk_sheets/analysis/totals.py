"""Coverage and gap added up per domain, target group, cell, working group and for the whole network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from netzwerk_sheets.analysis.matching import counting
from netzwerk_sheets.model import ALL, ON_BOARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.analysis.demand import Audience
    from netzwerk_sheets.analysis.matching import Roster
    from netzwerk_sheets.model import Domain, Network, TargetGroup

NETWORK = "network"
"""The id of the total over everything."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Several needs together.

    Attributes:
        id: Id of the domain, group or working group; `NETWORK` for all.
        coverage: Weighted by the needs' weights; `None` where no need counts (or none has weight).
        gap: Points not covered; `None` where no need counts.
        weight: Points of all needs that count.
        light: ``red``, ``yellow``, ``green``, or ``none`` where no need counts.
        needs: How many needs count.
        set_aside: How many more are covered or parked.
        single: Whether a block of any need rests on one partner alone.
    """

    id: str
    name: str
    coverage: Fraction | None
    gap: Fraction | None
    weight: int
    light: str
    needs: int
    set_aside: int
    single: bool


@dataclass(frozen=True, slots=True)
class DomainCoverage(Aggregate):
    """A domain.

    Attributes:
        partners: How many partners on board work in it.
        deserted: In focus, and no partner on board works in it; then it is red whatever else holds.
    """

    partners: int
    deserted: bool


@dataclass(frozen=True, slots=True)
class Cell(Aggregate):
    """A domain with a target group. Its id is the two ids with ``/`` between.

    Attributes:
        blind_spot: Both are in focus, and no need at all is recorded: ask.
    """

    domain: str
    target_group: str
    blind_spot: bool


def light_of(filled: int, unit: int, *, single: bool, limit: Fraction) -> str:
    """Give the light for a coverage of `filled` parts of `unit`; exact, never rounded."""
    if filled * limit.denominator < limit.numerator * unit:
        return "red"
    return "yellow" if single or filled < unit else "green"


class Points(Protocol):
    """Points on the way to an aggregate.

    Attributes:
        weight: Points of the needs that count.
        missing: Points not covered, in parts of the unit.
        needs: How many needs count.
        aside: How many are set aside.
        alone: 0 unless a block of any need rests on one partner alone.
    """

    weight: int
    missing: int
    needs: int
    aside: int
    alone: int


class Sum:
    """`Points` that are added up."""

    __slots__ = ("alone", "aside", "missing", "needs", "weight")

    def __init__(self) -> None:
        self.weight = self.missing = self.needs = self.aside = self.alone = 0

    def add(self, weight: int, missing: int, alone: int) -> None:
        """Count a need."""
        self.needs += 1
        self.weight += weight
        self.missing += missing
        self.alone |= alone

    def merge(self, other: Points) -> None:
        """Add what another sum holds."""
        self.weight += other.weight
        self.missing += other.missing
        self.needs += other.needs
        self.aside += other.aside
        self.alone |= other.alone


def _merged(sums: Iterable[Sum]) -> Sum:
    total = Sum()
    for one in sums:
        total.merge(one)
    return total


def _working(network: Network, partners: Roster) -> list[int]:
    """Count the partners on board that work in each domain."""
    counted = counting(network.rules)
    on_board = 0
    for status in ON_BOARD & counted:
        on_board |= partners.statuses[status]
    # who is on board works there all the same where the settings count no such partner as a supporter
    others, also = ON_BOARD - counted, Counter[str]()
    for partner in network.partners if others else ():
        if partner.status in others:
            also.update((ALL,) if ALL in partner.domains else partner.domains)
    return [
        (partners.working_in((domain.id,)) & on_board).bit_count() + also[domain.id] + also[ALL]
        for domain in network.domains
    ]


_Figures = tuple[Fraction | None, Fraction | None, int, str, int, int, bool]
"""The fields of an aggregate behind its name."""


class Totals:
    """Adds places up; a place is spread over its groups only here.

    Args:
        unit: What full coverage of a need is counted in.
        limit: Coverage under it is red.
        places: Domain → target groups → what the needs there come to.
        groups: Id of each working group → what its needs come to.
    """

    def __init__(
        self,
        unit: int,
        limit: Fraction,
        places: Mapping[str, Mapping[Audience, Points]],
        groups: Mapping[str, Sum],
    ) -> None:
        self._unit = unit
        self._limit = limit
        self._groups = groups
        self._domains: dict[str, Sum] = {}
        self._cells: dict[tuple[str, str], Sum] = {}
        self._spread(places)

    def _spread(self, places: Mapping[str, Mapping[Audience, Points]]) -> None:
        """Add the places up per domain, and per domain and target group; „Alle“ stands under `ALL`."""
        for domain, at in places.items():
            total = self._domains[domain] = Sum()
            cells: dict[str, Sum] = {}
            for audience, place in at.items():
                total.merge(place)
                for group in (ALL,) if ALL in audience.groups else audience.groups:
                    cell = cells.get(group)
                    if cell is None:
                        cell = cells[group] = Sum()
                    cell.merge(place)
            self._cells |= {(domain, group): cell for group, cell in cells.items()}

    def _figures(self, total: Sum | None) -> _Figures:
        """Give the fields of an aggregate behind its name."""
        if total is None or not total.needs:
            return None, None, 0, "none", 0, total.aside if total else 0, False
        gap = Fraction(total.missing, self._unit)
        if not total.weight:
            return None, gap, 0, "none", total.needs, total.aside, total.alone > 0
        whole = total.weight * self._unit
        light = light_of(whole - total.missing, whole, single=total.alone > 0, limit=self._limit)
        covered = Fraction(whole - total.missing, whole)
        return covered, gap, total.weight, light, total.needs, total.aside, total.alone > 0

    def network(self, network: Network) -> Aggregate:
        """Add everything up."""
        return Aggregate(NETWORK, network.name, *self._figures(_merged(self._domains.values())))

    def groups(self, network: Network) -> tuple[Aggregate, ...]:
        """Add up per working group."""
        return tuple(
            Aggregate(group.id, group.name, *self._figures(self._groups.get(group.id))) for group in network.groups
        )

    def domains(self, network: Network, partners: Roster) -> tuple[DomainCoverage, ...]:
        """Add up per domain."""
        return tuple(
            self._domain(domain, self._domains.get(domain.id), working)
            for domain, working in zip(network.domains, _working(network, partners), strict=True)
        )

    def _domain(self, domain: Domain, total: Sum | None, partners: int) -> DomainCoverage:
        figures = self._figures(total)
        deserted = bool(domain.focus) and not partners
        if deserted:
            figures = (*figures[:3], "red", *figures[4:])
        return DomainCoverage(domain.id, domain.name, *figures, partners=partners, deserted=deserted)

    def target_groups(self, network: Network) -> tuple[Aggregate, ...]:
        """Add up per target group; a need for everyone counts for each."""
        columns: dict[str, list[Sum]] = {}
        for (_, group), total in self._cells.items():
            columns.setdefault(group, []).append(total)
        everyone = columns.get(ALL, [])
        return tuple(
            Aggregate(group.id, group.name, *self._figures(_merged([*columns.get(group.id, []), *everyone])))
            for group in network.target_groups
        )

    def cells(self, network: Network) -> tuple[Cell, ...]:
        """Add up per domain and target group; a need for everyone counts for each group."""
        return tuple(self._cell(domain, group) for domain in network.domains for group in network.target_groups)

    def _cell(self, domain: Domain, group: TargetGroup) -> Cell:
        columns = [(domain.id, group.id), (domain.id, ALL)]
        total = _merged(self._cells[key] for key in columns if key in self._cells)
        focus = bool(domain.focus) and bool(group.focus) and not group.replaced_by
        return Cell(
            f"{domain.id}/{group.id}",
            f"{domain.name} × {group.name}",
            *self._figures(total),
            domain=domain.id,
            target_group=group.id,
            blind_spot=focus and not total.needs and not total.aside,
        )
