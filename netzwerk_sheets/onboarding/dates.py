"""When tasks are due.

A due date is proposed once, from a date in the partner's row. From then on it belongs to people; only
`reschedule` proposes a new one, and only where nobody touched the old one.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from netzwerk_sheets.model import FINISHED, Network, Partner, Task, TaskTemplate
from netzwerk_sheets.onboarding.calendar import working_day
from netzwerk_sheets.onboarding.catalogue import in_order, unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.onboarding.frame import Frame

DISTANT_DAYS = {"T-G04": 14, "T-G08": 28}
"""Days more for partners who have little to do with the topic: they need a longer run-up."""


def offsets(catalogue: Iterable[TaskTemplate], *, distant: bool = False) -> dict[str, int]:
    """Say how many days after its anchor each task is due.

    A task is never due before one it waits for and that counts from the same anchor, whatever days people
    type into the catalogue: it moves to the same day.

    Args:
        catalogue: All templates.
        distant: Whether the partner has little to do with the topic.

    Returns:
        Days by code.

    Raises:
        TaskCycle: Tasks wait for each other; nothing was planned.
    """
    return dict(_offsets(tuple(catalogue), distant=distant))


@lru_cache(maxsize=8)
def _offsets(catalogue: tuple[TaskTemplate, ...], *, distant: bool) -> Mapping[str, int]:
    """Do it; every kind of sheet asks the same of the same catalogue."""
    extra = DISTANT_DAYS if distant else {}
    days: dict[str, int] = {}
    anchors: dict[str, str] = {}
    for each in in_order(catalogue):
        before = (days[code] for code in each.after if anchors.get(code) == each.anchor)
        days[each.code] = max((each.days + extra.get(each.code, 0), *before))
        anchors[each.code] = each.anchor
    return days


class Dates:
    """Proposes due dates for many partners; the catalogue is put in order once.

    Args:
        catalogue: All templates.
        frame: The day, the Land and the words of the workbook.

    Raises:
        TaskCycle: Tasks wait for each other; nothing was planned.
    """

    def __init__(self, catalogue: Iterable[TaskTemplate], frame: Frame) -> None:
        self._templates = unique(catalogue)
        self._near = _offsets(self._templates, distant=False)
        self._distant = _offsets(self._templates, distant=True)
        self._frame = frame

    def of_partner(self, partner: Partner) -> dict[str, date | None]:
        """Propose a date for every task, as if all were on this partner's sheet.

        Returns:
            Dates by code; `None` where the date it counts from is not filled in yet.
        """
        days = self._distant if partner.topic_closeness == "low" else self._near
        anchors = {
            "created_on": partner.created_on,
            "agreed_on": partner.agreed_on,
            "change_on": partner.change_on,
            "left_on": partner.left_on,
            "start": self._frame.today,
        }
        return {each.code: self._after(anchors.get(each.anchor), days[each.code]) for each in self._templates}

    def from_day(self, day: date, codes: Iterable[str]) -> dict[str, date | None]:
        """Propose dates for tasks that are not one partner's: all count from the day that opened them."""
        return {code: self._after(day, self._near[code]) for code in codes}

    def proposals(self, tasks: Iterable[Task], partner: Partner) -> dict[str, date]:
        """Propose dates, by task id, for the open ones among a partner's tasks."""
        # „start“ is the day a sheet was made; no later day may stand in for it.
        counted = {each.code for each in self._templates if each.anchor != "start"}
        dates = self.of_partner(partner)
        found = {}
        for task in tasks:
            day = dates.get(task.code)
            if day is not None and task.code in counted and task.status not in FINISHED:
                found[task.id] = day
        return found

    def _after(self, anchor: date | None, days: int) -> date | None:
        if anchor is None:
            return None
        try:
            return working_day(anchor + timedelta(days=days), self._frame.region)
        except OverflowError:  # some type 31.12.9999 for „never“; no calendar goes beyond it
            return None


def missing_due(network: Network, frame: Frame) -> dict[str, date]:
    """Propose dates for tasks of partners that have none, now that their anchor is filled in.

    Args:
        network: The network with its catalogue and tasks.
        frame: The day, the Land and the words of the workbook.

    Returns:
        Dates by task id; open tasks only. Empty where nothing is to be proposed.

    Raises:
        TaskCycle: Tasks wait for each other; nothing was planned.
    """
    undated: defaultdict[str, list[Task]] = defaultdict(list)
    for task in network.tasks:
        if task.due is None and task.code:
            undated[task.owner].append(task)
    dates = Dates(network.task_templates, frame)
    found: dict[str, date] = {}
    for partner in network.partners:
        if partner.id in undated:
            found |= dates.proposals(undated[partner.id], partner)
    return found


def reschedule(
    network: Network, partner: Partner, frame: Frame, *, proposed: Mapping[str, date | None]
) -> dict[str, date]:
    """Propose new dates after an anchor was changed: for open tasks whose date nobody touched.

    Args:
        network: The network with its catalogue and tasks.
        partner: Whose tasks are moved.
        frame: The day, the Land and the words of the workbook.
        proposed: By task id, the date the tool last proposed; one that is missing counts as typed by people.

    Returns:
        Dates by task id, only where they differ.

    Raises:
        TaskCycle: Tasks wait for each other; nothing was planned.
    """
    untouched = {
        task.id: task
        for task in network.tasks
        if task.owner == partner.id and task.id in proposed and proposed[task.id] == task.due
    }
    dates = Dates(network.task_templates, frame).proposals(untouched.values(), partner)
    return {identity: day for identity, day in dates.items() if untouched[identity].due != day}
