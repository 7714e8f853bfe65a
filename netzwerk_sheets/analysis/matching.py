"""Who of the partners could support what: sets of partners as bits of one whole number.

Bit *n* stands for partner *n*. Whoever offers rooms *and* works in this domain *and* for this group is then
two operations on whole numbers away, however many partners there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, PARTICIPATION, Network, Partner, Rules, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


_ONE = ord("1")


def factor_of(status: str, rules: Rules) -> Fraction:
    """Give how much a partner of this status counts as a supporter."""
    if status == Status.ACTIVE:
        return rules.active_factor
    if status == Status.ONBOARDING:
        return rules.onboarding_factor
    if status == Status.AGREED:
        return rules.agreed_factor
    return Fraction(0)


class Holders:
    """Name → bits of the partners that have it; 0 for a name that nobody has.

    A number is made when it is first asked for, so that many strange names cannot fill the memory.

    Args:
        count: How many partners there are.
        places: Name → positions of the partners that have it.
    """

    __slots__ = ("_count", "_known", "_places")

    def __init__(self, count: int, places: Mapping[str, Iterable[int]]) -> None:
        self._count, self._places = count, places
        self._known: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        bits = self._known.get(name)
        if bits is None:
            bits = self._known[name] = self._bits(self._places[name]) if name in self._places else 0
        return bits

    def _bits(self, places: Iterable[int]) -> int:
        """Set these bits of a number; spelled in digits, because a long number is copied whole for each bit set."""
        digits = bytearray(b"0") * self._count
        for place in places:
            digits[place] = _ONE
        digits.reverse()  # the digit of the lowest bit stands last
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
        statuses: Status → who has it.
        active: Bits of those that are active.
        levels: (factor, bits of the partners that count that much), highest factor first.
        resources: Resource → who offers it; likewise `domains`, `groups` and `represents`.
        matching: resource → (must the domain fit, must the target group fit).
    """

    ids: tuple[str, ...]
    statuses: Holders
    active: int
    levels: tuple[tuple[Fraction, int], ...]
    resources: Holders
    domains: Holders
    groups: Holders
    represents: Holders
    matching: Mapping[str, tuple[bool, bool]]

    def counts(self, block: str) -> tuple[bool, bool]:
        """Say whether the domain, and whether the target group must fit for this block."""
        return (False, True) if block == PARTICIPATION else self.matching[block]

    def working_in(self, domains: Iterable[str]) -> int:
        """Give the bits of all who work in at least one of these domains; nobody where there are none."""
        bits = 0
        for domain in domains:
            bits |= self.domains[domain] | self.domains[ALL]
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
            return self.represents[group]
        bits = self.resources[block]
        by_domain, by_group = self.matching[block]
        if by_domain:
            bits &= self.working_in(domains)
        if by_group:
            bits &= self.groups[group] | self.groups[ALL]
        return bits


def counting(rules: Rules) -> frozenset[str]:
    """Give the statuses whose partners count: the active ones, and others that the settings count in part."""
    return frozenset({status for status in Status if factor_of(status, rules)} | {Status.ACTIVE})


def roster(network: Network, partners: Iterable[Partner] | None = None) -> Roster:
    """Gather the partners that count in this network.

    Args:
        network: Gives the rules.
        partners: Who is looked at; by default the network's partners that are active or count otherwise.

    Returns:
        The roster, in the order of the partners.
    """
    rules = network.rules
    if partners is None:
        counted = counting(rules)
        partners = [partner for partner in network.partners if partner.status in counted]
    ids: list[str] = []
    places: list[defaultdict[str, list[int]]] = [defaultdict(list) for _ in range(5)]
    by_status, by_resource, by_domain, by_group, by_represented = places
    # one pass for all of it, because on a large network most of the time goes by until a partner is in reach
    for place, partner in enumerate(partners):
        ids.append(partner.id)
        by_status[partner.status].append(place)
        for name in partner.resources:
            by_resource[name].append(place)
        for name in partner.domains:
            by_domain[name].append(place)
        for name in partner.target_groups:
            by_group[name].append(place)
        for name in partner.represents:
            by_represented[name].append(place)
    statuses, resources, domains, groups, represents = (Holders(len(ids), each) for each in places)
    levels: dict[Fraction, int] = {}
    for status in by_status:
        # a setting above 100 % cannot fill more than there is
        factor = min(factor_of(status, rules), Fraction(1))
        if factor > 0:
            levels[factor] = levels.get(factor, 0) | statuses[status]
    return Roster(
        ids=tuple(ids),
        statuses=statuses,
        active=statuses[Status.ACTIVE],
        levels=tuple(sorted(levels.items(), reverse=True)),
        resources=resources,
        domains=domains,
        groups=groups,
        represents=represents,
        matching=rules.matching,
    )
