"""What the network covers and what it lacks.

A need is made of blocks: the resources it needs and the participation of its target groups. Coverage is the
share of blocks that are filled; the gap is the weight that is not covered. All of it is counted in exact
whole numbers, and alike needs are worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.gaps_json import as_json
from netzwerk_sheets.analysis.matching import Block, Blocks, Roster, roster
from netzwerk_sheets.analysis.months import months_before
from netzwerk_sheets.analysis.totals import Aggregate, Cell, DomainCoverage, Totals, light_of
from netzwerk_sheets.analysis.weight import Weight, weigher
from netzwerk_sheets.model import (
    DEFAULT_RESOURCES,
    DIRECT_SOURCES,
    PARTICIPATION,
    SET_ASIDE,
    Need,
    Network,
    Rules,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

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


_Name = str | bool
"""What a block is kept under: the code of a resource; for participation, whether people were asked."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is the same for all needs that need the same, in the same domain, for the same groups.

    Attributes:
        codes: The resources in the order they are typed.
        asked: Whether its groups were asked lately.
        known: The blocks of this domain and these groups: by code, participation by the answer to `asked`.
        missing: What lacks to full coverage, in parts of `unit`.
        unit: What full coverage is counted in.
        single: Whether any block rests on one partner alone.
        light: ``red``, ``yellow`` or ``green``.
    """

    codes: tuple[str, ...]
    asked: bool
    known: Mapping[_Name, Block]
    missing: int
    unit: int
    single: bool
    light: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks: the resources in the order they are typed, then participation."""
        return (*(self.known[code] for code in self.codes), self.known[self.asked])


@dataclass(frozen=True, slots=True)
class NeedCoverage:
    """One need, its weight and what of it is covered."""

    need: Need
    weight: Weight
    shape: Shape

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its blocks, in order."""
        return self.shape.blocks

    @property
    def coverage(self) -> Fraction:
        """The share of its blocks that is filled, 0 to 1."""
        return 1 - Fraction(self.shape.missing, self.shape.unit)

    @property
    def gap(self) -> Fraction:
        """The points of its weight that are not covered."""
        return Fraction(self.weight.total * self.shape.missing, self.shape.unit)

    @property
    def open(self) -> tuple[Block, ...]:
        """The blocks of which something is missing, each with its reason."""
        return tuple(block for block in self.shape.blocks if block.open)

    @property
    def single(self) -> tuple[tuple[str, str], ...]:
        """(block, partner) for each block, or group of a block, that rests on one partner alone."""
        return tuple((block.code, partner) for block in self.shape.blocks for partner in block.singles)

    @property
    def light(self) -> str:
        """``red`` under the limit, ``green`` when whole and backed up, else ``yellow``."""
        return self.shape.light


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the network covers, need by need and added up.

    Attributes:
        needs: The needs that count, in the order of their rows.
        excluded: The needs that are covered or parked; in no total.
        network: All needs, each counted once.
        domains: One per domain, in the order of their rows; likewise the others.
        target_groups: A need with two groups counts in both.
        cells: Every domain with every target group, domain by domain.
        groups: One per working group.
        roster: The partners that count.
        unit: What full coverage is counted in.
    """

    needs: tuple[NeedCoverage, ...]
    excluded: tuple[NeedCoverage, ...]
    network: Aggregate
    domains: tuple[DomainCoverage, ...]
    target_groups: tuple[Aggregate, ...]
    cells: tuple[Cell, ...]
    groups: tuple[Aggregate, ...]
    roster: Roster
    unit: int

    def ranked(self) -> list[NeedCoverage]:
        """Give the needs, the largest gap first, then the largest weight, then by id."""
        by_id = sorted(self.needs, key=lambda item: item.need.id)
        return sorted(
            by_id,
            key=lambda item: (item.weight.total * item.shape.missing, item.weight.total),
            reverse=True,
        )

    @property
    def blind_spots(self) -> tuple[Cell, ...]:
        """Cells whose domain and group are both in focus and for which no need is recorded."""
        return tuple(cell for cell in self.cells if cell.blind_spot)


def asked_since(today: date, rules: Rules) -> date:
    """Give the first day on which an asking still counts today."""
    return months_before(today, rules.asked_months)


def was_asked(need: Need, since: date, today: date) -> bool:
    """Say whether people of the need's groups were asked directly, and lately enough."""
    asked = need.asked_on
    if asked is None or need.sources.isdisjoint(DIRECT_SOURCES):
        return False
    return since <= asked <= today


def blocks_of(resources: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """Give the resources that count: each once, unknown ones left out, the default where none is left."""
    known = tuple(code for code in dict.fromkeys(resources) if code in rules.matching)
    return known or tuple(code for code in DEFAULT_RESOURCES if code in rules.matching)


class _Shapes:
    """Works out shapes, each kind of need once."""

    def __init__(self, needs: Sequence[Need], partners: Roster, rules: Rules) -> None:
        self._resources = {typed: blocks_of(typed, rules) for typed in {need.resources for need in needs}}
        self._groups = {typed: tuple(dict.fromkeys(typed)) for typed in {need.target_groups for need in needs}}
        self.blocks = Blocks(
            partners,
            rules,
            {len(groups) for groups in self._groups.values()},
            {len(codes) + 1 for codes in self._resources.values()},
        )
        self._rules = rules
        self._shapes: dict[tuple[str, tuple[str, ...], tuple[str, ...], bool], Shape] = {}
        self._shared: dict[str, dict[_Name, Block]] = {}
        self._known: dict[tuple[str, tuple[str, ...]], dict[_Name, Block]] = {}

    def shape(self, need: Need, *, asked: bool) -> Shape:
        """Give the shape of a need."""
        key = (need.domain, need.target_groups, need.resources, asked)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = self._build(need, asked=asked)
        return shape

    def _build(self, need: Need, *, asked: bool) -> Shape:
        place = (need.domain, need.target_groups)
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._for_anyone(need.domain).copy()
        codes = self._resources[need.resources]
        unit, missing, single = self.blocks.unit, 0, False
        names: tuple[_Name, ...] = (*codes, asked)
        for name in names:
            block = known.get(name) or self._block(known, name, need)
            missing += unit - block.filled
            if block.singles:
                single = True
        missing //= len(codes) + 1
        light = light_of(unit - missing, unit, single=single, limit=self._rules.light_limit)
        return Shape(codes, asked, known, missing, unit, single, light)

    def _for_anyone(self, domain: str) -> dict[_Name, Block]:
        """Give the blocks of a domain that are the same for all groups."""
        shared = self._shared.get(domain)
        if shared is None:
            shared = self._shared[domain] = {}
            where = (domain,) if domain else ()
            for code, (_, by_group) in self._rules.matching.items():
                if not by_group:
                    shared[code] = self.blocks.block(code, where, (), asked=False)
        return shared

    def _block(self, known: dict[_Name, Block], name: _Name, need: Need) -> Block:
        domains = (need.domain,) if need.domain else ()
        groups = self._groups[need.target_groups]
        code, asked = (PARTICIPATION, name) if isinstance(name, bool) else (name, False)
        block = known[name] = self.blocks.block(code, domains, groups, asked=asked)
        return block


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
    rules = network.rules
    partners = roster(network)
    shapes = _Shapes(network.needs, partners, rules)
    weigh = weigher(network)
    since = asked_since(today, rules)
    totals = Totals(shapes.blocks.unit, rules.light_limit)
    needs: list[NeedCoverage] = []
    excluded: list[NeedCoverage] = []
    for need in network.needs:
        shape = shapes.shape(need, asked=was_asked(need, since, today))
        weight = weigh(need)
        aside = need.status in SET_ASIDE
        (excluded if aside else needs).append(NeedCoverage(need, weight, shape))
        totals.add(need, 0 if aside else weight.total, shape.missing, single=shape.single, aside=aside)
    return Coverage(
        needs=tuple(needs),
        excluded=tuple(excluded),
        network=totals.network(network),
        domains=totals.domains(network),
        target_groups=totals.target_groups(network),
        cells=totals.cells(network),
        groups=totals.groups(network),
        roster=partners,
        unit=shapes.blocks.unit,
    )
