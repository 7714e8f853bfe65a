"""Who of the partners supports what: sets of partners as bits of one whole number.

Bit *n* stands for partner *n*. Whoever offers rooms *and* works in this domain *and* for this group is then
two operations on whole numbers away, however many partners there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, PARTICIPATION, Network, Partner, Rules, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


_ONE = ord("1")

Asked = tuple[frozenset[str], frozenset[str]]
"""Names of domains, and of target groups."""


def factor_of(status: str, rules: Rules) -> Fraction:
    """Give how much a partner of this status counts as a supporter."""
    if status == Status.ACTIVE:
        return rules.active_factor
    if status == Status.ONBOARDING:
        return rules.onboarding_factor
    if status == Status.AGREED:
        return rules.agreed_factor
    return Fraction(0)


def bits_of(sets: Iterable[Collection[str]], count: int, wanted: Collection[str]) -> dict[str, int]:
    """Turn "which names has each partner" into "which partners has each name".

    Args:
        sets: One set of names per partner, in order.
        count: How many partners there are.
        wanted: Names nobody asks for are left out, so that a strange workbook cannot fill the memory.

    Returns:
        Name → bits of the partners that have it.
    """
    found: dict[str, list[int]] = {name: [] for name in wanted}
    for index, names in enumerate(sets):
        for name in names:
            if name in found:
                found[name].append(index)
    return {name: _bits(indexes, count) for name, indexes in found.items() if indexes}


def _bits(indexes: list[int], count: int) -> int:
    """Set these bits of a number; spelled in digits, because a long number is copied whole for each bit set."""
    digits = bytearray(b"0") * count
    for index in indexes:
        digits[~index] = _ONE
    return int(digits, 2)


def members(bits: int) -> list[int]:
    """List the positions of the bits that are set, lowest first."""
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """The partners that count, and what each of them could support.

    Attributes:
        ids: Id of each partner, by position.
        active: Bits of those that are active.
        levels: (factor, bits of the partners that count that much), highest factor first.
        resources: Resource → who offers it; likewise `domains`, `groups` and `represents`.
        matching: resource → (must the domain fit, must the target group fit).
        asked: The domains, and the target groups, that any need or measure names.
    """

    ids: tuple[str, ...]
    active: int
    levels: tuple[tuple[Fraction, int], ...]
    resources: Mapping[str, int]
    domains: Mapping[str, int]
    groups: Mapping[str, int]
    represents: Mapping[str, int]
    matching: Mapping[str, tuple[bool, bool]]
    asked: Asked

    def counts(self, block: str) -> tuple[bool, bool]:
        """Say whether the domain, and whether the target group must fit for this block."""
        return (False, True) if block == PARTICIPATION else self.matching[block]

    def offering(self, block: str) -> int:
        """Give the bits of all who could support this block somewhere."""
        if block != PARTICIPATION:
            return self.resources.get(block, 0)
        every = 0
        for bits in self.represents.values():
            every |= bits
        return every

    def working_in(self, domains: Iterable[str]) -> int:
        """Give the bits of all who work in at least one of these domains; nobody where there are none."""
        bits = 0
        for domain in domains:
            bits |= self.domains.get(domain, 0) | self.domains.get(ALL, 0)
        return bits

    def match(self, block: str, domains: Collection[str], group: str) -> int:
        """Give the bits of all who support this block for this group.

        Representing a group is taken at its word: nobody represents everyone.

        Args:
            block: A resource, or `PARTICIPATION`.
            domains: Where it is needed; looked at only where the domain must fit.
            group: For whom; looked at only where the group must fit.
        """
        if block == PARTICIPATION:
            return self.represents.get(group, 0)
        bits = self.resources.get(block, 0)
        by_domain, by_group = self.matching[block]
        if by_domain:
            bits &= self.working_in(domains)
        if by_group:
            bits &= self.groups.get(group, 0) | self.groups.get(ALL, 0)
        return bits


def _asked(network: Network) -> Asked:
    """Gather the names that needs and measures ask for; needs are many, so this is done once for all rosters."""
    domains = {ALL} | {need.domain for need in network.needs}
    groups = {ALL}.union(*{need.target_groups for need in network.needs})
    for measure in network.measures:
        domains |= measure.domains
        groups.update(measure.target_groups)
    return frozenset(domains), frozenset(groups)


def roster(network: Network, partners: Iterable[Partner] | None = None, asked: Asked | None = None) -> Roster:
    """Gather the partners that count for this network's needs and measures.

    Args:
        network: Gives the rules, the needs and the measures.
        partners: Who is looked at; by default the network's partners that are active or count otherwise.
        asked: The names that count, where another roster of this network knows them (`Roster.asked`).

    Returns:
        The roster, in the order of the partners.
    """
    rules = network.rules
    if partners is None:
        counting = {status for status in Status if factor_of(status, rules)} | {Status.ACTIVE}
        partners = (partner for partner in network.partners if partner.status in counting)
    listed = tuple(partners)
    count = len(listed)
    domains, groups = asked = asked or _asked(network)
    by_status = bits_of(((partner.status,) for partner in listed), count, tuple(Status))
    levels: dict[Fraction, int] = {}
    for status, bits in by_status.items():
        # a setting above 100 % cannot fill more than there is
        factor = min(factor_of(status, rules), Fraction(1))
        if factor > 0:
            levels[factor] = levels.get(factor, 0) | bits
    return Roster(
        ids=tuple(partner.id for partner in listed),
        active=by_status.get(Status.ACTIVE, 0),
        levels=tuple(sorted(levels.items(), reverse=True)),
        resources=bits_of((partner.resources for partner in listed), count, tuple(rules.matching)),
        domains=bits_of((partner.domains for partner in listed), count, domains),
        groups=bits_of((partner.target_groups for partner in listed), count, groups),
        represents=bits_of((partner.represents for partner in listed), count, groups),
        matching=rules.matching,
        asked=asked,
    )


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


def _reason(supports: tuple[Support, ...], whole: int, offered: int) -> str:
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
        groups_per_need: Every number of target groups a need or measure has.
        blocks_per_need: Every number of blocks a need has.

    Attributes:
        levels: (fill in parts of `unit`, bits of the partners that count that much), highest fill first.
        unit: Parts a whole coverage is counted in. It is divisible by everything the method divides by, so
            that all sums stay exact whole numbers.
    """

    def __init__(
        self, roster: Roster, rules: Rules, groups_per_need: Iterable[int], blocks_per_need: Iterable[int]
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
        self._figures: dict[tuple[str, tuple[str, ...], bool], dict[str, tuple[int, bool]]] = {}
        self._offering = {code: roster.offering(code) for code in (*roster.matching, PARTICIPATION)}

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

    def figures(self, code: str, domains: tuple[str, ...], groups: tuple[str, ...], *, asked: bool) -> tuple[int, bool]:
        """Give how much of a block is filled, and whether any of it rests on one partner alone; see `block`."""
        by_domain, by_group = self.roster.counts(code)
        if (by_domain and not domains) or (by_group and not groups):
            return 0, False
        if not by_domain:
            domains = ()
        known = self._figures.get((code, domains, asked))
        if known is None:
            known = self._figures[code, domains, asked] = {}
        filled, alone = 0, False
        places = groups if by_group else ("",)
        for group in places:
            if group not in known:
                support = self._support(code, domains, group, asked=asked)
                known[group] = support.filled, support.active == 1
            part, single = known[group]
            filled += part
            alone = alone or single
        return filled // len(places), alone

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
        reason = "" if filled == self.unit else _reason(supports, self.unit, self._offering[code])
        singles = tuple(dict.fromkeys(support.single for support in supports if support.active == 1))
        return Block(code, filled, self.unit, supports, reason, singles)
