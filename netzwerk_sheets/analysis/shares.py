"""What each need lacks: plain numbers for all of them at once, and the explanation of each when it is asked for.

Needs are as many as rows, but what they lack repeats: a block depends on the domain and the groups only, and
often on one of them. So each block is worked out once per place, and a need only adds its blocks up.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.analysis.blocks import Block, Blocks, BlocksByDomain
from netzwerk_sheets.analysis.demand import Audience, Demand
from netzwerk_sheets.analysis.months import months_before
from netzwerk_sheets.analysis.totals import Sum, light_of
from netzwerk_sheets.analysis.weight import Weigher, Weight
from netzwerk_sheets.model import DIRECT_SOURCES, PARTICIPATION, SET_ASIDE, Need, Network, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from netzwerk_sheets.analysis.matching import Roster
_Name = str | bool
"""What a block is kept under: the code of a resource; for participation, whether people were asked."""


class Shape(NamedTuple):
    """What is the same for all needs that need the same, in the same domain, for the same groups.

    Attributes:
        blocks: The resources in the order they are typed, then participation.
        missing: What lacks to full coverage, in parts of `unit`.
        unit: What full coverage is counted in.
        single: Whether any block rests on one partner alone.
        light: ``red``, ``yellow`` or ``green``.
    """

    blocks: tuple[Block, ...]
    missing: int
    unit: int
    single: bool
    light: str


class NeedCoverage(NamedTuple):
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


def asked_since(today: date, rules: Rules) -> date:
    """Give the first day on which an asking still counts today."""
    return months_before(today, rules.asked_months)


def was_asked(need: Need, since: date, today: date) -> bool:
    """Say whether people of the need's groups were asked directly, and lately enough."""
    asked = need.asked_on
    return asked is not None and since <= asked <= today and not need.sources.isdisjoint(DIRECT_SOURCES)


class _Place:
    """One domain with one list of target groups, and what the needs there come to (`totals.Points`).

    Attributes:
        unasked: What lacks of participation where people were not asked.
        asked: What lacks of it where they were.
    """

    __slots__ = ("alone", "aside", "asked", "missing", "needs", "unasked", "weight")

    def __init__(self, unasked: int, asked: int) -> None:
        self.unasked, self.asked = unasked, asked
        self.weight = self.missing = self.needs = self.aside = self.alone = 0


class Shares:
    """Works out what each need lacks.

    Args:
        network: Its needs, rules and whatever weighs them.
        partners: The partners that count.
        today: The day from which "asked lately" is counted back.

    Attributes:
        blocks: Explains single blocks.
        places: Domain → target groups → what its needs come to.
        groups: Id of each working group → what its needs come to.
    """

    def __init__(self, network: Network, partners: Roster, today: date) -> None:
        rules = network.rules
        self._network, self._today, self._since = network, today, asked_since(today, rules)
        self._weigh = Weigher(network)
        self._demand = demand = Demand(network)
        self.blocks = Blocks(partners, rules, demand.groups, demand.groups_per_need, demand.blocks_per_need)
        # What lacks and how often that rests on one partner are added up in one number, the count in its last bits.
        self._bits = ((len(rules.matching) + 1) * max((1, *demand.groups_per_need))).bit_length()
        self.groups = {group.id: Sum() for group in network.groups}
        domains = _Domains(self)
        self._lacking = self._add_up(domains)
        self.places = {domain: places for domain, (_, _, places) in domains.items()}

    def _add_up(self, domains: _Domains) -> list[int]:
        """Give what each need lacks, and sum that up for each place; one pass, written for speed."""
        network, demand, weigh = self._network, self._demand, self._weigh
        groups, rules, voices = self.groups, network.rules, weigh.voices
        priorities, mentions, unsized = weigh.priorities, weigh.mentions, weigh.sizes
        (some, many), (few_points, some_points, many_points) = rules.size_bands, rules.size_points
        since, today, bits = self._since, self._today, self._bits
        single = (1 << bits) - 1
        lacking = []
        for need, audience, kit in zip(network.needs, demand.audiences, demand.kits, strict=True):
            alike, by_group, places = domains[need.domain]
            place = places[audience]
            day = need.asked_on
            if day is not None and not need.sources.isdisjoint(DIRECT_SOURCES) and since <= day <= today:
                lacks = place.asked
            else:
                lacks = place.unasked
            for code in kit.alike:
                lacks += alike[code]
            for code in kit.by_group:
                lacks += by_group[code][audience]
            lacking.append(lacks)
            if need.status in SET_ASIDE:
                place.aside += 1
                if need.group in groups:
                    groups[need.group].aside += 1
                continue
            named = need.mentions
            if voices and need.id in voices and (named is None or voices[need.id] > named):
                named = voices[need.id]
            people = need.people
            if people is None:
                size = unsized[audience.typed]
            else:
                size = few_points if people < some else some_points if people < many else many_points
            weight = priorities[need.priority] + mentions[named] + size
            missing = weight * ((lacks >> bits) // kit.blocks)
            place.needs += 1
            place.weight += weight
            place.missing += missing
            place.alone |= lacks & single
            if need.group in groups:
                groups[need.group].add(weight, missing, lacks & single)
        return lacking

    def lacks(self, name: _Name, domain: str, group: str) -> int:
        """Give what lacks of a block for one group, in parts of the unit, above the bits that count."""
        code, asked = (PARTICIPATION, name) if isinstance(name, bool) else (name, False)
        if self.blocks.roster.counts(code)[0] and not domain:
            return self.blocks.unit << self._bits
        filled, alone = self.blocks.figures(code, (domain,), group, asked=asked)
        return (self.blocks.unit - filled << self._bits) + alone

    def lacks_of(self, name: _Name, domain: str) -> _Lacks:
        """Give what lacks of a block for any target groups."""
        return _Lacks(_Known(self, name, domain), self.blocks.unit, self._bits)

    def explained(self, *, aside: bool) -> Iterator[NeedCoverage]:
        """Give the needs that count, or those set aside, in the order of their rows, each with its blocks."""
        unit, limit, weigh, new = self.blocks.unit, self._network.rules.light_limit, self._weigh, tuple.__new__
        single = (1 << self._bits) - 1
        domains = BlocksByDomain(self.blocks)
        lights: dict[tuple[int, bool], str] = {}
        rows = zip(self._network.needs, self._demand.audiences, self._demand.kits, self._lacking, strict=True)
        for need, audience, kit, lacks in rows:
            if (need.status in SET_ASIDE) is not aside:
                continue
            alike, by_group, unasked, asked = domains[need.domain]
            seats = asked if was_asked(need, self._since, self._today) else unasked
            blocks = (*[alike[c] if c in alike else by_group[c][audience] for c in kit.codes], seats[audience])
            missing, alone = (lacks >> self._bits) // kit.blocks, lacks & single > 0
            light = lights.get((missing, alone))
            if light is None:
                light = lights[missing, alone] = light_of(unit - missing, unit, single=alone, limit=limit)
            # made without their signatures, which cost as much again for each of all needs
            shape = new(Shape, (blocks, missing, unit, alone, light))
            yield new(NeedCoverage, (need, weigh(need), shape))


class _Known(dict[str, int]):
    """Target group → what lacks of one block for it in one domain, learnt on the way."""

    def __init__(self, shares: Shares, name: _Name, domain: str) -> None:
        super().__init__()
        self._shares, self._name, self._domain = shares, name, domain

    def __missing__(self, group: str) -> int:
        lacks = self[group] = self._shares.lacks(self._name, self._domain, group)
        return lacks


class _Lacks(dict[Audience, int]):
    """Target groups → what lacks of one block for them in one domain, on average; learnt on the way."""

    def __init__(self, known: _Known, unit: int, bits: int) -> None:
        super().__init__()
        self._known, self._nothing, self._bits = known, unit << bits, bits
        self._count = (1 << bits) - 1

    def __missing__(self, audience: Audience) -> int:
        groups = audience.groups
        if len(groups) == 1:
            lacks = self._known[groups[0]]
        elif groups:
            every = sum(map(self._known.__getitem__, groups))
            lacks = ((every >> self._bits) // len(groups) << self._bits) + (every & self._count)
        else:
            lacks = self._nothing
        self[audience] = lacks
        return lacks


class _Places(dict[Audience, _Place]):
    """Target groups → place in one domain, learnt on the way."""

    def __init__(self, unasked: _Lacks, asked: _Lacks) -> None:
        super().__init__()
        self._unasked, self._asked = unasked, asked

    def __missing__(self, audience: Audience) -> _Place:
        place = self[audience] = _Place(self._unasked[audience], self._asked[audience])
        return place


class _Domains(dict[str, tuple[dict[str, int], dict[str, _Lacks], _Places]]):
    """Domain → what lacks there of each resource, for all groups alike or for some, and its places."""

    def __init__(self, shares: Shares) -> None:
        super().__init__()
        self._shares = shares
        self._matching = shares.blocks.roster.matching
        self._seats = [shares.lacks_of(asked, "") for asked in (False, True)]
        # where the domain does not count, one serves all domains
        anywhere = [code for code, fits in self._matching.items() if fits == (False, True)]
        self._anywhere = {code: shares.lacks_of(code, "") for code in anywhere}

    def __missing__(self, domain: str) -> tuple[dict[str, int], dict[str, _Lacks], _Places]:
        alike, by_group = {}, {}
        for code, (_, divided) in self._matching.items():
            if not divided:
                alike[code] = self._shares.lacks(code, domain, "")
            elif code in self._anywhere:
                by_group[code] = self._anywhere[code]
            else:
                by_group[code] = self._shares.lacks_of(code, domain)
        found = self[domain] = alike, by_group, _Places(*self._seats)
        return found
