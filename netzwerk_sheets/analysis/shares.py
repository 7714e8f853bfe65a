"""What each need lacks: plain numbers for all of them at once, and the explanation of each when it is asked for.

Needs are as many as rows, but what they lack repeats: a block depends on the domain and the groups only, and
often on one of them. So each block is worked out once per place, and a need only adds its blocks up.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.analysis.matching import Block, Blocks, Roster
from netzwerk_sheets.analysis.months import months_before
from netzwerk_sheets.analysis.totals import Points, Sum, light_of
from netzwerk_sheets.analysis.weight import Weigher, Weight
from netzwerk_sheets.model import DEFAULT_RESOURCES, DIRECT_SOURCES, PARTICIPATION, SET_ASIDE, Need, Network, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

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


def blocks_of(resources: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """Give the resources that count: each once, unknown ones left out, the default where none is left."""
    known = tuple(code for code in dict.fromkeys(resources) if code in rules.matching)
    return known or tuple(code for code in DEFAULT_RESOURCES if code in rules.matching)


class _Place:
    """One domain with one list of target groups, and what the needs there come to (`totals.Points`).

    Attributes:
        known: Block → what lacks of it, as far as anybody asked.
    """

    __slots__ = ("aside", "known", "missing", "needs", "single", "weight")

    def __init__(self, known: dict[_Name, int]) -> None:
        self.known = known
        self.weight = self.missing = self.needs = self.aside = 0
        self.single = False


class Shares:
    """Works out what each need lacks.

    Args:
        network: Its needs, rules and whatever weighs them.
        partners: The partners that count.
        today: The day from which "asked lately" is counted back.

    Attributes:
        blocks: Explains single blocks.
        places: (domain, target groups) → what its needs come to.
        groups: Id of each working group → what its needs come to.
    """

    def __init__(self, network: Network, partners: Roster, today: date) -> None:
        needs, rules = network.needs, network.rules
        self._network, self._today, self._since = network, today, asked_since(today, rules)
        self._weigh = Weigher(network)
        self._codes = {typed: blocks_of(typed, rules) for typed in {need.resources for need in needs}}
        self._each = {typed: tuple(dict.fromkeys(typed)) for typed in {need.target_groups for need in needs}}
        self.blocks = Blocks(
            partners, rules, set(map(len, self._each.values())), {len(codes) + 1 for codes in self._codes.values()}
        )
        # What lacks and how many blocks rest on one partner are added up in one number, the count in its last bits.
        self._bits = (len(rules.matching) + 1).bit_length()
        self.places: Mapping[tuple[str, tuple[str, ...]], Points] = {}
        self.groups = {group.id: Sum() for group in network.groups}
        self._lacking = self._add_up()

    def _add_up(self) -> list[int]:
        """Give what each need lacks, and sum it up; one pass, written for speed."""
        places = _Places(self)
        codes_of, groups, weigh = self._codes, self.groups, self._weigh
        priorities, sizes, mentions, voices = weigh.priorities, weigh.sizes, weigh.mentions, weigh.voices
        since, today, bits = self._since, self._today, self._bits
        single = (1 << bits) - 1
        lacking = []
        for need in self._network.needs:
            target_groups, asked = need.target_groups, need.asked_on
            place = places[need.domain, target_groups]
            known = place.known
            lacks = known[asked is not None and since <= asked <= today and not need.sources.isdisjoint(DIRECT_SOURCES)]
            codes = codes_of[need.resources]
            for code in codes:
                if code not in known:
                    known[code] = self.lacks(need.domain, target_groups, code)
                lacks += known[code]
            lacking.append(lacks)
            if need.status in SET_ASIDE:
                place.aside += 1
                if need.group in groups:
                    groups[need.group].aside += 1
                continue
            people, count = need.people, need.mentions
            if voices and need.id in voices and (count is None or voices[need.id] > count):
                count = voices[need.id]
            weight = priorities[need.priority] + mentions[count] + sizes[target_groups if people is None else people]
            missing = weight * ((lacks >> bits) // (len(codes) + 1))
            place.needs += 1
            place.weight += weight
            place.missing += missing
            if lacks & single:
                place.single = True
            if need.group in groups:
                groups[need.group].add(weight, missing, single=bool(lacks & single))
        self.places = places
        return lacking

    def lacks(self, domain: str, groups: tuple[str, ...], name: _Name) -> int:
        """Give what lacks of one block, in parts of the unit, above the bits that count what rests on one partner."""
        code, asked = (PARTICIPATION, name) if isinstance(name, bool) else (name, False)
        filled, alone = self.blocks.figures(code, (domain,) if domain else (), self._each[groups], asked=asked)
        return (self.blocks.unit - filled << self._bits) + alone

    def explained(self, *, aside: bool) -> Iterator[NeedCoverage]:
        """Give the needs that count, or those set aside, in the order of their rows, each with its blocks."""
        unit, limit, weigh = self.blocks.unit, self._network.rules.light_limit, self._weigh
        single = (1 << self._bits) - 1
        places: dict[tuple[str, tuple[str, ...]], _Blocks] = {}
        lights: dict[tuple[int, bool], str] = {}
        for need, lacks in zip(self._network.needs, self._lacking, strict=True):
            if (need.status in SET_ASIDE) is not aside:
                continue
            place = need.domain, need.target_groups
            known = places.get(place)
            if known is None:
                known = places[place] = _Blocks(self.blocks, need.domain, self._each[need.target_groups])
            asked = was_asked(need, self._since, self._today)
            blocks = (*[known[code] for code in self._codes[need.resources]], known[asked])
            missing, alone = (lacks >> self._bits) // len(blocks), bool(lacks & single)
            light = lights.get((missing, alone))
            if light is None:
                light = lights[missing, alone] = light_of(unit - missing, unit, single=alone, limit=limit)
            yield NeedCoverage(need, weigh(need), Shape(blocks, missing, unit, alone, light))


class _Blocks(dict[_Name, Block]):
    """Name → block in one place, learnt on the way."""

    def __init__(self, blocks: Blocks, domain: str, groups: tuple[str, ...]) -> None:
        super().__init__()
        self._block = blocks.block
        self._domains, self._groups = (domain,) if domain else (), groups

    def __missing__(self, name: _Name) -> Block:
        code, asked = (PARTICIPATION, name) if isinstance(name, bool) else (name, False)
        block = self[name] = self._block(code, self._domains, self._groups, asked=asked)
        return block


class _Places(dict[tuple[str, tuple[str, ...]], _Place]):
    """(domain, target groups) → place, learnt on the way; what depends on one of the two is learnt once."""

    def __init__(self, shares: Shares) -> None:
        super().__init__()
        self._lacks = shares.lacks
        matching = shares.blocks.roster.matching
        self._by_domain = [code for code, (_, by_group) in matching.items() if not by_group]
        self._by_groups = [code for code, fits in matching.items() if fits == (False, True)]
        self._of_domain: dict[str, dict[_Name, int]] = {}
        self._of_groups: dict[tuple[str, ...], dict[_Name, int]] = {}

    def __missing__(self, key: tuple[str, tuple[str, ...]]) -> _Place:
        domain, groups = key
        known = self._of_domain.get(domain)
        if known is None:
            known = self._of_domain[domain] = {code: self._lacks(domain, groups, code) for code in self._by_domain}
        likewise = self._of_groups.get(groups)
        if likewise is None:
            names: list[_Name] = [*self._by_groups, False, True]
            likewise = self._of_groups[groups] = {name: self._lacks(domain, groups, name) for name in names}
        place = self[key] = _Place(known | likewise)
        return place
