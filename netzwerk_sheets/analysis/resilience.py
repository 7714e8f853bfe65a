"""What happens when a partner leaves, and where the network rests on few shoulders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.check_context import context, group_members, is_working
from netzwerk_sheets.analysis.coverage import Coverage, Stake, coverage
from netzwerk_sheets.analysis.failure import Failure, failure
from netzwerk_sheets.analysis.matching import members
from netzwerk_sheets.model import ON_BOARD, Network, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Impact:
    """What the network loses when one partner leaves.

    Attributes:
        points: By how much the network's gap grows.
        opens: (need, block, points) for every block that is filled less then, in the order of the needs.
    """

    partner: str
    points: Fraction
    opens: tuple[tuple[str, str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class DomainResilience:
    """How firmly a domain stands. Blocks are counted need by need.

    Attributes:
        filled: Blocks of which at least a part is filled.
        whole: Blocks that are filled completely.
        backed: Whole blocks behind which at least two active partners stand, for every group.
        rests_on: Id of the partner that alone supports more than half of the filled blocks; empty where
            there is none, or fewer than two blocks are filled.
        failure: The fewest partners whose leaving drops the domain under half.
    """

    id: str
    name: str
    filled: int
    whole: int
    backed: int
    rests_on: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class Link:
    """A partner that is the only one two working groups share."""

    partner: str
    groups: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Resilience:
    """Where the network rests on few shoulders.

    Attributes:
        impacts: Partners whose leaving opens something, the largest impact first, then by id.
        domains: One per domain, in the order of the rows.
        links: Pairs of working groups that only one partner connects.
    """

    impacts: tuple[Impact, ...]
    domains: tuple[DomainResilience, ...]
    links: tuple[Link, ...]


def impacts(covered: Coverage) -> tuple[Impact, ...]:
    """Work out for every partner what opens when it leaves.

    Returns:
        Only partners whose leaving opens something; the largest impact first, then by id.
    """
    lost: dict[str, dict[tuple[str, str], int]] = {}
    frail = {id(stake.block) for stake in covered.stakes if any(one.critical for one in stake.block.supports)}
    for item in covered.needs if frail else ():
        blocks = item.shape.blocks
        for block in blocks:
            for support in block.supports if id(block) in frail else ():
                if support.critical:
                    drop = item.weight.total * (support.filled - support.without)
                    points = drop // (len(block.supports) * len(blocks))
                    opens = lost.setdefault(support.critical, {})
                    key = (item.need.id, block.code)
                    opens[key] = opens.get(key, 0) + points
    found = [
        Impact(
            partner,
            Fraction(sum(opens.values()), covered.unit),
            tuple((need, block, Fraction(points, covered.unit)) for (need, block), points in opens.items()),
        )
        for partner, opens in lost.items()
    ]
    return tuple(sorted((one for one in found if one.points), key=lambda one: (-one.points, one.partner)))


def _rests_on(held: Iterable[Stake], covered: Coverage) -> str:
    filled = 0
    alone: dict[int, int] = {}
    for stake in held:
        if not stake.block.filled:
            continue
        filled += len(stake.needs)
        if any(support.active > 1 for support in stake.block.supports):
            continue
        behind = 0
        for support in stake.block.supports:
            behind |= support.bits
        if behind and behind & (behind - 1) == 0:
            alone[behind] = alone.get(behind, 0) + len(stake.needs)
    for partner, count in alone.items():
        if filled > 1 and 2 * count > filled:
            return covered.roster.ids[members(partner)[0]]
    return ""


def _domains(network: Network, covered: Coverage) -> tuple[DomainResilience, ...]:
    held: dict[str, list[Stake]] = {domain.id: [] for domain in network.domains}
    for stake in covered.stakes:
        if stake.domain in held:
            held[stake.domain].append(stake)
    found = []
    for domain, total in zip(network.domains, covered.domains, strict=True):
        blocks = [(stake.block, len(stake.needs)) for stake in held[domain.id]]
        whole = [(block, needs) for block, needs in blocks if not block.open]
        found.append(
            DomainResilience(
                id=domain.id,
                name=domain.name,
                filled=sum(needs for block, needs in blocks if block.filled > 0),
                whole=sum(needs for _, needs in whole),
                backed=sum(needs for block, needs in whole if block.backed),
                rests_on=_rests_on(held[domain.id], covered),
                failure=failure(total, held[domain.id], covered),
            )
        )
    return tuple(found)


def links(network: Network, *, today: date) -> tuple[Link, ...]:
    """Find partners on board that alone connect two working groups: what they hear, nobody else carries over.

    Args:
        network: What the workbook says.
        today: Memberships that have ended by then do not count.

    Returns:
        One link per pair of working groups that share exactly one partner, in the order of the groups.
    """
    present = {partner.id for partner in network.partners if partner.status in ON_BOARD}
    at_table = group_members(context(network, today))
    found = []
    for first, second in combinations([group for group in network.groups if is_working(group)], 2):
        shared = at_table[first.id] & at_table[second.id] & present
        if len(shared) == 1:
            found.append(Link(shared.pop(), (first.id, second.id)))
    return tuple(found)


def resilience(network: Network, *, today: date, covered: Coverage | None = None) -> Resilience:
    """Show where the network rests on few shoulders.

    Args:
        network: What the workbook says.
        today: The day on which it is looked at.
        covered: The network's coverage, where it is known already.
    """
    known = coverage(network, today=today) if covered is None else covered
    return Resilience(impacts(known), _domains(network, known), links(network, today=today))


@dataclass(frozen=True, slots=True)
class Change:
    """A block that is filled otherwise than before."""

    need: str
    block: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The network as it is, and as it would be.

    Attributes:
        opens: Blocks that would be filled less; `fills` more.
        unknown: Ids that no partner has.
    """

    before: Coverage
    after: Coverage
    opens: tuple[Change, ...]
    fills: tuple[Change, ...]
    unknown: tuple[str, ...]


def what_if(network: Network, *, today: date, without: Collection[str] = (), with_: Collection[str] = ()) -> WhatIf:
    """Show what would change if partners left or joined.

    Args:
        network: What the workbook says.
        today: The day on which it is looked at.
        without: Ids of partners that leave.
        with_: Ids of partners that are active then; who is named in both leaves.
    """
    before = coverage(network, today=today)
    partners = []
    for partner in network.partners:
        if partner.id in without:
            partners.append(replace(partner, status=Status.LEFT))
        elif partner.id in with_:
            partners.append(replace(partner, status=Status.ACTIVE))
        else:
            partners.append(partner)
    after = coverage(replace(network, partners=tuple(partners)), today=today)
    changes = [
        Change(old.need.id, first.code, first.fill, second.fill)
        for old, new in zip(before.needs, after.needs, strict=True)
        for first, second in zip(old.blocks, new.blocks, strict=True)
        if first.fill != second.fill
    ]
    known = {partner.id for partner in network.partners}
    return WhatIf(
        before=before,
        after=after,
        opens=tuple(change for change in changes if change.after < change.before),
        fills=tuple(change for change in changes if change.after > change.before),
        unknown=tuple(dict.fromkeys(one for one in (*without, *with_) if one not in known)),
    )
