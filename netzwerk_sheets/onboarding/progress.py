"""How far tasks have come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.model import FINISHED, Task
from netzwerk_sheets.onboarding.frame import set_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of tasks. What people dropped counts as done.

    Attributes:
        done: Finished tasks.
        total: All tasks.
        overdue: Unfinished tasks whose day has passed.
    """

    done: int
    total: int
    overdue: int


def progress(tasks: Iterable[Task], today: date) -> Progress:
    """Count what is done, all there is, and what is late."""
    listed = list(tasks)
    done = sum(task.status in FINISHED for task in listed)
    overdue = sum(overdue_days(task, today) > 0 for task in listed)
    return Progress(done, len(listed), overdue)


def overdue_days(task: Task, today: date) -> int:
    """Say for how many days a task has been late; 0 where it is finished, undated or not late."""
    if task.status in FINISHED or task.due is None:
        return 0
    return max(0, (today - task.due).days)


class Unfinished:
    """What is left to do, so that each task can be asked what it waits for.

    Args:
        tasks: All tasks that may come first. Only those of the same owner, and of the same set, count; whole task ids
            count wherever they stand.
    """

    def __init__(self, tasks: Iterable[Task]) -> None:
        """Look each task up once."""
        left = [task for task in tasks if task.status not in FINISHED]
        self._ids = {task.id for task in left}
        self._coded: defaultdict[tuple[str, str], list[Task]] = defaultdict(list)
        for task in left:
            if task.code:
                self._coded[task.owner, task.code].append(task)

    def before(self, task: Task) -> tuple[str, ...]:
        """Name what a task still waits for.

        Returns:
            Its dependencies that are there and not finished, as they are written in the task. One that is on
            no sheet counts as fulfilled. Empty where nothing holds the task up or it is finished itself.
        """
        if task.status in FINISHED:
            return ()
        return tuple(before for before in task.after if self._holds_up(before, task))

    def _holds_up(self, before: str, task: Task) -> bool:
        if before in self._ids and before != task.id:
            return True
        number = set_number(task)
        return any(
            other.id != task.id and number in {None, set_number(other)}
            for other in self._coded.get((task.owner, before), ())
        )
