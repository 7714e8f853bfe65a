"""The rows of tasks: what catalogue, joining and leaving ask for, written in the workbook's words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.common_ground import common_ground
from netzwerk_sheets.model import ON_BOARD, Network, Partner, Status, Task
from netzwerk_sheets.onboarding import (
    Difference,
    Form,
    Frame,
    Purpose,
    missing_due,
    plan_differences,
    plan_review,
    plan_shared,
    plan_sheet,
    plan_survey,
    purposes,
    reschedule,
)
from netzwerk_sheets.sync.tables import home_of
from netzwerk_sheets.sync.teams import HOME, SHARED_TASKS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge import Row, Rows
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.settings import Settings

ROLES = ("coordination", "group_lead", "buddy", "steering", "representative")
WELCOMED = frozenset({Status.AGREED, Status.ONBOARDING})
PLANNED_TOGETHER = frozenset({"situation", "preparation", "planning"})
"""Phases of a measure in which a group still plans it together; then a review brings the tasks for that."""

OVER = frozenset({"finished", "stopped"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked for beyond what follows from status.

    Attributes:
        onboard: Ids of partners whose task sheet is wanted.
        offboard: Ids of partners whose farewell sheet is wanted.
        form: ``short`` or ``full``; empty for the setting.
        reschedule: Ids of partners whose untouched due dates are computed anew.
        survey: Ids of target groups that are to be asked.
        review: Ids of working groups that want to look at their strategy again.
    """

    onboard: frozenset[str] = frozenset()
    offboard: frozenset[str] = frozenset()
    form: str = ""
    reschedule: frozenset[str] = frozenset()
    survey: frozenset[str] = frozenset()
    review: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """What changes about tasks.

    Attributes:
        new: Rows to be made: task id → cells.
        due: Due dates to propose: task id → cells.
        sheets: (place, owner) of the sheets that shall exist.
    """

    new: Rows = field(default_factory=dict)
    due: Rows = field(default_factory=dict)
    sheets: tuple[tuple[str, str], ...] = ()


def frame_of(words: Words, settings: Settings, today: date, form: str = "") -> Frame:
    """Collect what planning tasks needs to know."""
    return Frame(
        today=today,
        region=str(settings.values["region"] or ""),
        coordination=str(settings.values["coordination"] or ""),
        roles={words.say(f"roles.{code}").casefold(): code for code in ROLES},
        form=Form(form or settings.form),
        umbrella_note=words.say("tasks.umbrella"),
    )


def sheet_for(task: Task, partners: Collection[str]) -> tuple[str, str]:
    """Say on which sheet a task stands."""
    if task.owner not in partners:
        return SHARED_TASKS, ""
    return ("offboarding" if task.code.startswith("T-X") else "onboarding"), task.owner


def _asked(partner: Partner, wishes: Wishes) -> set[Purpose]:
    """Say what a partner's sheets are for: what its status asks, and what people asked for."""
    asked: set[Purpose] = set()
    by_status = purposes(partner)
    if partner.status in WELCOMED:
        asked |= by_status & {Purpose.WELCOME}
    if Purpose.FAREWELL in by_status and partner.left_on:
        asked.add(Purpose.FAREWELL)
    if Purpose.CHANGE in by_status and partner.change_on:
        asked.add(Purpose.CHANGE)
    if partner.id in wishes.onboard:
        won = partner.status in WELCOMED | ON_BOARD
        asked.add(Purpose.WELCOME if won else Purpose.WIN)
    if partner.id in wishes.offboard:
        asked.add(Purpose.FAREWELL)
    return asked


def plan_tasks(
    words: Words,
    network: Network,
    settings: Settings,
    today: date,
    wishes: Wishes,
    *,
    removed: Collection[str],
    proposed: Rows,
    touched: Collection[str] = frozenset(),
) -> TaskPlan:
    """Say which tasks and sheets are missing.

    Args:
        words: Language of the workbook.
        network: With catalogue and the tasks that are there.
        settings: Land, coordination, form.
        today: The day of the run.
        wishes: What people asked for.
        removed: Ids of tasks that people removed; they never come back.
        proposed: What the tool last proposed for the cells of tasks.
        touched: Ids of working groups for which joining or leaving just changed what is filled.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other; nothing was planned.
    """
    if "task_templates" not in network.tables or "tasks" not in network.tables:
        return TaskPlan()
    partners = {partner.id for partner in network.partners}
    frame = frame_of(words, settings, today, wishes.form)
    new: list[Task] = []
    for partner in network.partners:
        asked = _asked(partner, wishes)
        if asked:
            new += plan_sheet(network, partner, frame, removed=removed, purposes=asked)
    new += plan_shared(network, frame, removed=removed, touched=touched)
    new += plan_differences(network, _differences(network), frame, removed=removed)
    new += _asked_for(with_tasks(network, (*network.tasks, *new)), frame, wishes, removed)
    due = {task: {"due": day} for task, day in missing_due(network, frame).items()}
    last = {row: _day(cells.get("due")) for row, cells in proposed.items()}
    for partner in network.partners:
        if partner.id in wishes.reschedule:
            found = reschedule(network, partner, frame, proposed=last)
            due.update({task: {"due": day} for task, day in found.items()})
    everything = [*network.tasks, *new]
    sheets = dict.fromkeys(sheet_for(task, partners) for task in everything if task.code)
    return TaskPlan({task.id: cells_of(words, task, sheet_for(task, partners)) for task in new}, due, tuple(sheets))


def _asked_for(network: Network, frame: Frame, wishes: Wishes, removed: Collection[str]) -> list[Task]:
    """Plan the surveys and reviews that people asked for."""
    new: list[Task] = []
    for group in sorted(wishes.survey):
        new += plan_survey(with_tasks(network, (*network.tasks, *new)), group, frame, removed=removed)
    for team in network.groups:
        if team.id in wishes.review:
            together = any(
                measure.group == team.id and measure.phase in PLANNED_TOGETHER and measure.status not in OVER
                for measure in network.measures
            )
            known = with_tasks(network, (*network.tasks, *new))
            new += plan_review(known, team, frame, removed=removed, cooperative=together)
    return new


def _differences(network: Network) -> list[Difference]:
    found = (each for each in common_ground(network) if each.differing)
    return [Difference(each.goal.id, each.differing, each.differs_on) for each in found]


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def cells_of(words: Words, task: Task, sheet: tuple[str, str]) -> Row:
    """Write a task as the cells of its row."""
    cells: dict[str, Value] = {
        "status": words.word("task_status", task.status or "open"),
        "text": task.text,
        "role": task.role or None,
        "responsible": task.responsible or None,
        "due": task.due,
        "evidence": task.evidence or None,
        "after": "; ".join(task.after) or None,
        "more": task.more or None,
        HOME: home_of(*sheet),
    }
    return {key: value for key, value in cells.items() if value is not None}


def with_tasks(network: Network, tasks: Sequence[Task]) -> Network:
    """Give the network with these tasks."""
    return replace(network, tasks=tuple(tasks))


def with_owners(tasks: Sequence[Task], rows: Mapping[str, Row]) -> list[Task]:
    """Give the tasks that people added the owner of the sheet they stand on."""
    found = []
    for task in tasks:
        home = str(rows.get(task.id, {}).get(HOME) or "")
        owner = home.partition(".")[2]
        found.append(replace(task, owner=owner) if owner and not task.owner else task)
    return found
