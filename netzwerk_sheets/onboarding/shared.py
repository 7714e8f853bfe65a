"""Tasks that a working group, a target group or the whole network has once, not once per partner."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.model import Network, Partner, Status, Task, WorkingGroup
from netzwerk_sheets.onboarding.catalogue import WELCOME_BLOCKS, variants
from netzwerk_sheets.onboarding.frame import NETWORK, Frame
from netzwerk_sheets.onboarding.roles import runs
from netzwerk_sheets.onboarding.sets import Builder

if TYPE_CHECKING:
    from collections.abc import Collection

RECENT_DAYS = 90
"""How long the leaving of a partner, or the joining of one that is active by now, still asks for a review."""

_STRATEGY, _PLANNING, _NEEDS, _FAREWELL = "S", "KP", "N", "X"
_WORKING = frozenset({"", "working_group"})


@dataclass(frozen=True, slots=True)
class Change:
    """A partner that joined or left.

    Attributes:
        partner: Who.
        day: The day of the agreement, or of leaving.
        joined: `False` for leaving.
    """

    partner: Partner
    day: date
    joined: bool


def changes(network: Network, today: date) -> list[Change]:
    """List who joined or left of late, first things first; dates that lie ahead are not among them."""
    since = today - timedelta(days=RECENT_DAYS)
    found = []
    for partner in network.partners:
        agreed, left = partner.agreed_on, partner.left_on
        welcomed = partner.status in {Status.AGREED, Status.ONBOARDING}
        settled = partner.status == Status.ACTIVE and agreed is not None and agreed >= since
        if agreed and (welcomed or settled):
            found.append(Change(partner, agreed, joined=True))
        elif left and left >= since and partner.status == Status.LEFT:
            found.append(Change(partner, left, joined=False))
    return sorted((change for change in found if change.day <= today), key=lambda change: change.day)


def plan_shared(
    network: Network, frame: Frame, *, removed: Collection[str] = frozenset(), touched: Collection[str] = frozenset()
) -> list[Task]:
    """Say which tasks of groups and of the network are missing because partners joined or left.

    Each group has one open strategy review at a time: whoever joins or leaves while it is open shares it.
    Its due dates count from the first of these days.

    Args:
        network: The network, with its catalogue and the tasks that are there already.
        frame: The day, the Land and the words of the workbook.
        removed: Ids of tasks that people took away; those never come back.
        touched: Ids of groups for which joining or leaving just changed what is filled.

    Returns:
        New tasks only; empty where nothing is missing.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other; nothing was planned.
    """
    builder = Builder(network, frame, removed)
    at_work = _Touched(network)
    new: list[Task] = []
    for change in changes(network, frame.today):
        blocks = WELCOME_BLOCKS | variants(change.partner) if change.joined else {_STRATEGY, _FAREWELL}
        groups = at_work.by(change)
        for block in sorted(blocks):
            for group in groups:
                new += builder.add(group, "group", block, change.day)
            new += builder.add(NETWORK, "network", block, change.day)
    for group in at_work.running:
        if group in touched:
            new += builder.add(group, "group", _STRATEGY, frame.today, anew=True)
    return new


def plan_review(
    network: Network,
    group: WorkingGroup,
    frame: Frame,
    *,
    removed: Collection[str] = frozenset(),
    cooperative: bool = False,
) -> list[Task]:
    """Say which tasks a strategy review that people asked for still lacks; where the last is finished, a new one.

    Args:
        network: The network, with its catalogue and the tasks that are there already.
        group: Whose review it is.
        frame: The day, the Land and the words of the workbook.
        removed: Ids of tasks that people took away; those never come back.
        cooperative: Whether the phases of cooperative planning belong to it.

    Returns:
        New tasks only; empty where a review is open and complete.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other; nothing was planned.
    """
    builder = Builder(network, frame, removed)
    new = builder.add(group.id, "group", _STRATEGY, frame.today, anew=True)
    if cooperative:
        new += builder.add(group.id, "group", _PLANNING, frame.today)
    return new


def plan_survey(
    network: Network, target_group: str, frame: Frame, *, removed: Collection[str] = frozenset()
) -> list[Task]:
    """Say which tasks are missing for asking a target group, and for the network's talk about the answers.

    Args:
        network: The network, with its catalogue and the tasks that are there already.
        target_group: Its id.
        frame: The day, the Land and the words of the workbook.
        removed: Ids of tasks that people took away; those never come back.

    Returns:
        New tasks only, of the target group and of the network; empty where nothing is missing.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other; nothing was planned.
    """
    builder = Builder(network, frame, removed)
    return [
        *builder.add(target_group, "target_group", _NEEDS, frame.today),
        *builder.add(NETWORK, "network", _NEEDS, frame.today),
    ]


class _Touched:
    """Knows the groups at work in which a partner takes part, or took part until it left."""

    def __init__(self, network: Network) -> None:
        self.running = [each.id for each in network.groups if each.kind in _WORKING and runs(each)]
        self._groups: defaultdict[str, list[tuple[str, date | None]]] = defaultdict(list)
        for row in network.membership:
            self._groups[row.partner].append((row.group, row.until))
        for measure in network.measures:
            for partner in {*measure.partners, measure.lead}:
                self._groups[partner].append((measure.group, None))

    def by(self, change: Change) -> list[str]:
        """Give ids of groups, in the order of their rows."""
        touched = {
            group
            for group, until in self._groups.get(change.partner.id, ())
            if until is None or (not change.joined and until >= change.day)
        }
        return [group for group in self.running if group in touched]
