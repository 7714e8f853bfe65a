"""Reasons to extend the network now, and to look at a strategy again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.check_context import DORMANT_GROUPS
from netzwerk_sheets.analysis.coverage import Coverage, coverage
from netzwerk_sheets.analysis.diversity import administration_on_board
from netzwerk_sheets.analysis.reach import MeasureReach, reach
from netzwerk_sheets.model import (
    ALL,
    CANDIDATES,
    DIRECT_SOURCES,
    FINISHED,
    ON_BOARD,
    SET_ASIDE,
    Need,
    Network,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

REVIEW_TASKS = "T-S"
"""How the codes of the tasks begin with which a working group reviews its strategy."""

LEFT_DAYS = 90
"""How long a farewell is a reason to look for someone new."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reason to extend the network.

    Attributes:
        code: ``reach_low`` (ids: measures), ``block_open`` (``B-003/funding``), ``single_support``
            (``P-007``), ``partner_left`` (partners), ``group_unrepresented`` (target groups),
            ``need_not_asked`` (needs), ``need_without_group`` (needs), ``sector_missing`` (codes of sectors),
            ``administration_missing`` (partners of the administration that may be won; perhaps none),
            ``review_due`` (working groups with an open review, then goals).
        ids: What it is about: the most pressing first where there is an order, else as the rows stand.
        blocks: For ``single_support``: how many blocks rest on one partner alone; else 0.
    """

    code: str
    ids: tuple[str, ...]
    blocks: int = 0

    @property
    def count(self) -> int:
        """How many things it is about; 1 where it names none."""
        return max(1, len(self.ids))


def _left(network: Network, today: date, days: int) -> list[str]:
    since = today - timedelta(days=days)
    return [
        partner.id
        for partner in network.partners
        if partner.status == Status.LEFT and partner.left_on and since <= partner.left_on <= today
    ]


def _unrepresented(network: Network) -> list[str]:
    represented = {group for partner in network.partners if partner.status in ON_BOARD for group in partner.represents}
    wanted = {group for need in network.needs if need.status not in SET_ASIDE for group in need.target_groups}
    return [group.id for group in network.target_groups if group.id in wanted - {ALL} and group.id not in represented]


def _offices(network: Network) -> list[str]:
    """Give partners of the administration that may be won."""
    return [one.id for one in network.partners if one.sector == "administration" and one.status in CANDIDATES]


def _without_group(network: Network) -> list[str]:
    working = {group.id for group in network.groups if group.status not in DORMANT_GROUPS}
    return [need.id for need in network.needs if need.status not in SET_ASIDE and need.group not in working]


def not_asked(network: Network) -> list[str]:
    """Give the ids of needs that nobody of a target group spoke of: no direct source, no voice."""
    heard = {voice.need for voice in network.voices}
    return [
        need.id
        for need in network.needs
        if need.status not in SET_ASIDE and need.sources.isdisjoint(DIRECT_SOURCES) and need.id not in heard
    ]


def whom_to_ask(network: Network, need: Need) -> str:
    """Give the id of a target group to ask about a need: its own, else the first of all; empty where there is none."""
    for group in need.target_groups:
        if group != ALL:
            return group
    return network.target_groups[0].id if network.target_groups else ""


def reviewing(network: Network) -> list[str]:
    """Give the ids of working groups whose strategy review is not finished, in the order of their rows."""
    working = {
        task.owner for task in network.tasks if task.code.startswith(REVIEW_TASKS) and task.status not in FINISHED
    }
    return [group.id for group in network.groups if group.id in working]


def triggers(
    network: Network,
    *,
    today: date,
    covered: Coverage | None = None,
    reached: tuple[MeasureReach, ...] | None = None,
    left_days: int = LEFT_DAYS,
) -> tuple[Trigger, ...]:
    """Collect the reasons to extend the network now.

    Args:
        network: What the workbook says.
        today: The day from which periods are counted.
        covered: The network's coverage, where it is known already.
        reached: The reach of its measures, likewise.
        left_days: How many days a farewell counts, inclusive.

    Returns:
        Those that hold, in a fixed order.
    """
    found = coverage(network, today=today) if covered is None else covered
    measures = reach(network, today=today) if reached is None else reached
    gaps = [f"{item.need.id}/{block.code}" for item, block in found.open]
    single = found.singles
    sectors = {partner.sector for partner in network.partners if partner.status in ON_BOARD}
    overdue = [goal.id for goal in network.goals if goal.review_on and goal.review_on < today]
    reasons = (
        Trigger("reach_low", tuple(item.measure.id for item in measures if item.state == "missed")),
        Trigger("block_open", tuple(gaps)),
        Trigger("single_support", tuple(dict.fromkeys(single)), len(single)),
        Trigger("partner_left", tuple(_left(network, today, left_days))),
        Trigger("group_unrepresented", tuple(_unrepresented(network))),
        Trigger("need_not_asked", tuple(not_asked(network))),
        Trigger("need_without_group", tuple(_without_group(network))),
        Trigger("sector_missing", tuple(code for code in network.sectors if code not in sectors)),
        Trigger("review_due", (*reviewing(network), *overdue)),
    )
    holding = [reason for reason in reasons if reason.ids]
    if not administration_on_board(network):
        # Where the administration does not support the work, much else cannot succeed.
        holding.insert(0, Trigger("administration_missing", tuple(_offices(network))))
    return tuple(holding)


@dataclass(frozen=True, slots=True)
class Review:
    """A reason for a working group to look at its strategy again.

    Attributes:
        group: Id of the working group; empty for needs without one.
        needed: Blocks that are filled less than before (``B-003/funding``): the strategy has to change.
        possible: Blocks that are filled more than before: it may change.
    """

    group: str
    needed: tuple[str, ...]
    possible: tuple[str, ...]


def fills(covered: Coverage) -> dict[str, Fraction]:
    """Give the fill of every block, as ``B-003/funding`` → fill, to compare with the next time."""
    return {f"{item.need.id}/{block.code}": block.fill for item in covered.needs for block in item.blocks}


def reviews(before: Mapping[str, Fraction], covered: Coverage) -> tuple[Review, ...]:
    """Say which working groups should look at their strategy again, each once.

    Args:
        before: The fills of the last time, see `fills`.
        covered: The coverage now.

    Returns:
        One review per working group where a block that existed before is filled otherwise now, by id.
    """
    needed: dict[str, list[str]] = {}
    possible: dict[str, list[str]] = {}
    for item in covered.needs:
        for block in item.blocks:
            name = f"{item.need.id}/{block.code}"
            old = before.get(name)
            if old is not None and block.fill != old:
                kind = needed if block.fill < old else possible
                kind.setdefault(item.need.group, []).append(name)
    return tuple(
        Review(group, tuple(needed.get(group, ())), tuple(possible.get(group, ())))
        for group in sorted({*needed, *possible})
    )
