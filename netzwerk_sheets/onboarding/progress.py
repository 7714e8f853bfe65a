"""How far tasks have come."""

from __future__ import annotations

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


def waiting_for(task: Task, tasks: Iterable[Task]) -> tuple[str, ...]:
    """Name what a task still waits for.

    Args:
        task: The task in question.
        tasks: All tasks that may come first. Only those of the same owner, and of the same set, count;
            whole task ids count wherever they stand.

    Returns:
        Its dependencies that are there and not finished, as they are written in the task. One that is on
        no sheet counts as fulfilled. Empty where nothing holds the task up or it is finished itself.
    """
    if task.status in FINISHED or not task.after:
        return ()
    number = set_number(task)
    unfinished = set()
    for other in tasks:
        if other.status in FINISHED or other.id == task.id:
            continue
        unfinished.add(other.id)
        if other.owner == task.owner and other.code and number in {None, set_number(other)}:
            unfinished.add(other.code)
    return tuple(before for before in task.after if before in unfinished)
