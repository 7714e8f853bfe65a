"""Tasks come in sets: one open set of a kind at a time, a new one only after the last was finished."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.model import FINISHED, Network, Partner, Task, TaskTemplate
from netzwerk_sheets.onboarding.catalogue import by_block
from netzwerk_sheets.onboarding.dates import Dates
from netzwerk_sheets.onboarding.frame import Frame, number_in, set_number, task_id
from netzwerk_sheets.onboarding.roles import Directory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

ROLE_TASK = "T-A01"
"""Where umbrella organisations are also asked to carry the topic into their own networks."""


class Builder:
    """Makes tasks of templates, and knows those that are there, were removed, or were just made.

    Args:
        network: The network, with its catalogue and the tasks that are there already.
        frame: The day, the Land and the words of the workbook.
        removed: Ids of tasks that people took away; those never come back.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other; nothing was planned.
    """

    def __init__(self, network: Network, frame: Frame, removed: Collection[str]) -> None:
        self.dates = Dates(network.task_templates, frame)
        self._blocks = by_block(network.task_templates)
        self._frame = frame
        self._directory = Directory(network, frame)
        self._removed = frozenset(removed)
        self._gone: defaultdict[str, list[str]] = defaultdict(list)
        for identity in self._removed:
            self._gone[identity.partition(".")[0]].append(identity)
        self._tasks: defaultdict[str, dict[str, Task]] = defaultdict(dict)
        for task in network.tasks:
            self._tasks[task.owner][task.id] = task

    def open_set(self, owner: str, codes: Collection[str], day: date, *, anew: bool = False) -> int | None:
        """Say which set of tasks something that happened on a day belongs to.

        Args:
            owner: Whose tasks these are.
            codes: Codes of the templates that make up a set.
            day: When it happened.
            anew: Whether no set that is finished can have covered it.

        Returns:
            The number of the set that is open, or of a new one. `None` where the last set is finished and
            was still at work that day, so that it covered what happened; also where people removed all of it.
        """
        mine = [task for task in self._tasks[owner].values() if task.code in codes]
        numbers = {task.id: set_number(task) or 0 for task in mine}
        gone = (number_in(identity, owner, code) or 0 for identity in self._gone[owner] for code in codes)
        last = max((*numbers.values(), *gone, 0))
        if last == 0:
            return 1
        members = [task for task in mine if numbers[task.id] == last]
        if any(task.status not in FINISHED for task in members):
            return last
        if not members and not all(task_id(owner, code, last) in self._removed for code in codes):
            return last
        ends = [end for task in members if (end := task.done_on or task.due)]
        return last + 1 if (members and anew) or (ends and day > max(ends)) else None

    def add(self, owner: str, scope: str, block: str, day: date, *, anew: bool = False) -> list[Task]:
        """Open a set of shared tasks, complete the open one, or do nothing where one covered the day.

        Args:
            owner: Whose tasks these are.
            scope: Scope of the templates.
            block: Block of the templates.
            day: What happened on it; the due dates of a new set count from it.
            anew: Whether no set that is finished can have covered it.

        Returns:
            New tasks only.
        """
        wanted = self._blocks.get((scope, block))
        if not wanted or not owner:
            return []
        codes = {each.code for each in wanted}
        number = self.open_set(owner, codes, day, anew=anew)
        if number is None:
            return []
        return self.build(wanted, owner, number, dates=self.dates.from_day(day, codes))

    def build(
        self,
        templates: Iterable[TaskTemplate],
        owner: str,
        number: int,
        *,
        dates: Mapping[str, date | None],
    ) -> list[Task]:
        """Make those tasks of one set that are neither there nor removed."""
        new = []
        known = self._tasks[owner]
        for each in templates:
            identity = task_id(owner, each.code, number)
            if identity not in known and identity not in self._removed:
                task = self._task(each, identity, owner, dates.get(each.code))
                known[identity] = task
                new.append(task)
        return new

    def for_umbrella(self, task: Task, partner: Partner) -> Task:
        """Add the sentence for umbrella organisations where it belongs."""
        if task.code == ROLE_TASK and partner.umbrella and self._frame.umbrella_note:
            return replace(task, text=f"{task.text} {self._frame.umbrella_note}")
        return task

    def _task(self, template: TaskTemplate, identity: str, owner: str, due: date | None) -> Task:
        return Task(
            id=identity,
            owner=owner,
            code=template.code,
            text=template.text,
            role=template.role,
            responsible=self._directory.responsible(template.role, owner),
            status="open",
            due=due,
            after=template.after,
            evidence=template.evidence,
            more=template.more,
        )
