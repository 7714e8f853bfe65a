"""A task for every goal or term that partners see differently: to talk about it with everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.model import FINISHED, Network, Task, TaskTemplate
from netzwerk_sheets.onboarding.calendar import working_day
from netzwerk_sheets.onboarding.catalogue import unique
from netzwerk_sheets.onboarding.sets import Builder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from netzwerk_sheets.onboarding.frame import Frame

TALK = "T-Z05"
"""Discuss differences with everyone and record the result."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A vision, goal or term that partners see differently.

    Attributes:
        goal: Its id.
        partners: Ids of those who do.
        day: When somebody last said so; `None` where no day is noted.
    """

    goal: str
    partners: tuple[str, ...]
    day: date | None


def plan_differences(
    network: Network, differences: Iterable[Difference], frame: Frame, *, removed: Collection[str] = frozenset()
) -> list[Task]:
    """Say which talks about differences are missing.

    There is one open talk for each goal or term, however many partners differ. Partners who are being welcomed have
    theirs on their own sheet. After a talk that is done, only a later difference asks for another one.

    Args:
        network: The network, with its catalogue and the tasks that are there already.
        differences: Who differs on what.
        frame: The day, the Land and the words of the workbook.
        removed: Ids of tasks that people took away; those never come back.

    Returns:
        New tasks only; they belong to the goal and are due as many days from now as the catalogue leaves for them.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other; nothing was planned.
    """
    catalogue = {each.code: each for each in unique(network.task_templates)}
    template = catalogue.get(TALK)
    if template is None:
        return []
    builder = Builder(network, frame, removed)
    welcomed = {task.owner for task in network.tasks if task.code == TALK and task.status not in FINISHED}
    due = _due(template, catalogue, frame)
    new: list[Task] = []
    for each in differences:
        if set(each.partners) <= welcomed:
            continue
        number = builder.open_set(each.goal, {TALK}, each.day or date.min)
        if number is not None:
            new += builder.build([template], each.goal, number, dates={TALK: due})
    return new


def _due(template: TaskTemplate, catalogue: dict[str, TaskTemplate], frame: Frame) -> date | None:
    """Count the days that lie between the talk and what it waits for, from today."""
    before = [catalogue[code].days for code in template.after if code in catalogue]
    days = max(template.days - max(before, default=0), 0)
    try:
        return working_day(frame.today + timedelta(days=days), frame.region)
    except OverflowError:
        return None
