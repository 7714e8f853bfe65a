"""Coverage and gap added up per domain, target group, cell, working group and for the whole network."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, ON_BOARD, Domain, Need, Network, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

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


class _Sum:
    """Points on the way to an aggregate."""

    __slots__ = ("aside", "missing", "needs", "single", "weight")

    def __init__(self) -> None:
        self.weight = self.missing = self.needs = self.aside = 0
        self.single = False

    def merge(self, other: _Sum) -> None:
        """Add what another sum holds."""
        self.weight += other.weight
        self.missing += other.missing
        self.needs += other.needs
        self.aside += other.aside
        self.single = self.single or other.single


_Figures = tuple[Fraction | None, Fraction | None, int, str, int, int, bool]
"""The fields of an aggregate behind its name."""


class Totals:
    """Adds needs up; every need is added once, and spread over its groups only when read.

    Args:
        unit: What full coverage of a need is counted in.
        limit: Coverage under it is red.
    """

    def __init__(self, unit: int, limit: Fraction) -> None:
        self._unit = unit
        self._limit = limit
        self._places: dict[tuple[str, tuple[str, ...]], _Sum] = {}
        self._groups: dict[str, _Sum] = {}

    def add(self, need: Need, weight: int, missing: int, *, single: bool, aside: bool) -> None:
        """Count a need. One that is set aside is only remembered as recorded."""
        place = (need.domain, need.target_groups)
        total = self._places.get(place)
        if total is None:
            total = self._places[place] = _Sum()
        group = self._groups.get(need.group)
        if group is None:
            group = self._groups[need.group] = _Sum()
        if aside:
            total.aside += 1
            group.aside += 1
            return
        open_points = weight * missing
        total.weight += weight
        total.missing += open_points
        total.needs += 1
        group.weight += weight
        group.missing += open_points
        group.needs += 1
        if single:
            total.single = group.single = True

    def _sum(self, places: Iterable[tuple[str, tuple[str, ...]]]) -> _Sum:
        total = _Sum()
        for place in places:
            total.merge(self._places[place])
        return total

    def _figures(self, total: _Sum | None) -> _Figures:
        """Give the fields of an aggregate behind its name."""
        if total is None or not total.needs:
            return None, None, 0, "none", 0, total.aside if total else 0, False
        gap = Fraction(total.missing, self._unit)
        if not total.weight:
            return None, gap, 0, "none", total.needs, total.aside, total.single
        whole = total.weight * self._unit
        light = light_of(whole - total.missing, whole, single=total.single, limit=self._limit)
        covered = 1 - Fraction(total.missing, whole)
        return covered, gap, total.weight, light, total.needs, total.aside, total.single

    def network(self, network: Network) -> Aggregate:
        """Add everything up."""
        return Aggregate(NETWORK, network.name, *self._figures(self._sum(self._places)))

    def groups(self, network: Network) -> tuple[Aggregate, ...]:
        """Add up per working group."""
        return tuple(
            Aggregate(group.id, group.name, *self._figures(self._groups.get(group.id))) for group in network.groups
        )

    def domains(self, network: Network) -> tuple[DomainCoverage, ...]:
        """Add up per domain."""
        sums: dict[str, _Sum] = {}
        for place, total in self._places.items():
            sums.setdefault(place[0], _Sum()).merge(total)
        present = [partner.domains for partner in network.partners if partner.status in ON_BOARD]
        everywhere = sum(ALL in domains for domains in present)
        working: dict[str, int] = {}
        for domains in present:
            if ALL not in domains:
                for domain in domains:
                    working[domain] = working.get(domain, 0) + 1
        return tuple(
            self._domain(domain, sums.get(domain.id), everywhere + working.get(domain.id, 0))
            for domain in network.domains
        )

    def _domain(self, domain: Domain, total: _Sum | None, partners: int) -> DomainCoverage:
        figures = self._figures(total)
        deserted = bool(domain.focus) and not partners
        if deserted:
            figures = (*figures[:3], "red", *figures[4:])
        return DomainCoverage(domain.id, domain.name, *figures, partners=partners, deserted=deserted)

    def _by_group(self) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
        """List, for each target group, the places whose needs are for it; „Alle“ stands under `ALL`."""
        found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for place in self._places:
            for group in [ALL] if ALL in place[1] else dict.fromkeys(place[1]):
                found.setdefault(group, []).append(place)
        return found

    def target_groups(self, network: Network) -> tuple[Aggregate, ...]:
        """Add up per target group; a need for everyone counts for each."""
        places = self._by_group()
        everyone = places.get(ALL, [])
        return tuple(
            Aggregate(group.id, group.name, *self._figures(self._sum([*places.get(group.id, []), *everyone])))
            for group in network.target_groups
        )

    def cells(self, network: Network) -> tuple[Cell, ...]:
        """Add up per domain and target group; a need for everyone counts for each group."""
        sums: dict[tuple[str, str], _Sum] = {}
        for group, places in self._by_group().items():
            for place in places:
                sums.setdefault((place[0], group), _Sum()).merge(self._places[place])
        return tuple(self._cell(domain, group, sums) for domain in network.domains for group in network.target_groups)

    def _cell(self, domain: Domain, group: TargetGroup, sums: dict[tuple[str, str], _Sum]) -> Cell:
        total = _Sum()
        for column in (group.id, ALL):
            if (domain.id, column) in sums:
                total.merge(sums[domain.id, column])
        focus = bool(domain.focus) and bool(group.focus) and not group.replaced_by
        return Cell(
            f"{domain.id}/{group.id}",
            f"{domain.name} × {group.name}",
            *self._figures(total),
            domain=domain.id,
            target_group=group.id,
            blind_spot=focus and not total.needs and not total.aside,
        )
