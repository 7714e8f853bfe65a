"""What every plan of tasks needs to know besides the network, and how tasks are numbered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.onboarding.catalogue import Form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from netzwerk_sheets.model import Task

NETWORK = "network"
"""Owner of the tasks that the whole network has once."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The day, the Land and the words of a workbook.

    Attributes:
        today: The day of the run; a sheet that is made counts its ``start`` from it.
        region: Code of the Land whose holidays count; empty for weekends only.
        coordination: Id or short name of the partner that coordinates; other text stays as it is.
        roles: Word of a role, as the catalogue writes it, to its code: ``coordination``, ``group_lead``,
            ``buddy``, ``steering``, ``representative``. Case does not matter.
        form: Which welcome a new partner gets.
        umbrella_note: A sentence in the workbook's language that umbrella organisations find in the task
            about their role; empty for none.
    """

    today: date
    region: str = ""
    coordination: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    form: Form = Form.FULL
    umbrella_note: str = ""


def task_id(owner: str, code: str, number: int = 1) -> str:
    """Give the id of a catalogue task: ``P-007.T-W03``.

    Args:
        owner: Partner, working group, target group, or `NETWORK`.
        code: The template's code.
        number: Which set of these tasks; the first carries no number, the second ends in ``.2``.
    """
    first = f"{owner}.{code}"
    return first if number == 1 else f"{first}.{number}"


def set_number(task: Task) -> int | None:
    """Say which set of its owner a task belongs to; `None` for a task that people added."""
    return number_in(task.id, task.owner, task.code) if task.code else None


def number_in(identity: str, owner: str, code: str) -> int | None:
    """Read the number of the set from a task's id; `None` where the id is of another owner or code."""
    first = task_id(owner, code)
    if identity == first:
        return 1
    number = identity.removeprefix(f"{first}.")
    return int(number) if number != identity and number.isdecimal() else None
