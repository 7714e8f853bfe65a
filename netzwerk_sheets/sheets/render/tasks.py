"""The tabs that show tasks: one for each partner on board, one for the network's own, and the overview.

All of them show rows of one table. Status, due date and responsible may be changed on any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell, Formula, Scalar, Value
from netzwerk_sheets.grid.titles import fitting
from netzwerk_sheets.model import FINISHED, Network, Partner, Task
from netzwerk_sheets.onboarding import Unfinished, overdue_days, progress
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import Live, RowSheet, WantedRow, heading_cells, letter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from netzwerk_sheets.sheets.language import Words

SHEET_COLUMNS = (
    "id", "status", "text", "role", "responsible", "due", "state", "done_on", "evidence", "after", "note", "more",
)  # fmt: skip
OVERVIEW_COLUMNS = ("id", "owner", "status", "text", "responsible", "due", "state", "done_on", "note")
SHARED_COLUMNS = ("id", "owner", *SHEET_COLUMNS[1:])
LAST_COUNTED_ROW = 500


@dataclass(frozen=True, slots=True)
class TaskRows:
    """The merged rows of tasks: what stands in the cells, and what they mean.

    Attributes:
        values: Task id → column code → value as it shall stand in the cells.
        tasks: Task id → task.
    """

    values: Mapping[str, Mapping[str, Value]]
    tasks: Mapping[str, Task]

    def of(self, owner: str) -> list[Task]:
        """Give the tasks of one owner, in the order of the rows."""
        return [task for task in self.tasks.values() if task.owner == owner]


def tab_title(words: Words, code: str, partner: Partner) -> str:
    """Name the tab of a partner: ``OB P-007 Stadtteilhäuser``."""
    return fitting(f"{words.tab(code)} {partner.id} {partner.label}")


class _States:
    """Says in words that a task is late, or what it waits for; live formulas, so that each day is right.

    Args:
        words: Language.
        tasks: All tasks that the tab shows.
        today: The day for what is late.
    """

    def __init__(self, words: Words, tasks: Sequence[Task], today: date) -> None:
        self._words, self._today = words, today
        self._unfinished = Unfinished(tasks)
        self._done, self._dropped = (words.word("task_status", code) for code in ("done", "dropped"))
        self._yesterday = words.say("tasks.overdue", n=1)
        self._before, self._after = words.say("tasks.overdue_before"), words.say("tasks.overdue_after")

    def of(self, task: Task) -> Live:
        """Give what makes the cell of a task, once it is known where it stands."""

        def cell(places: Mapping[str, int], row: int) -> Cell:
            if "due" not in places or "status" not in places:
                return Cell(None, "cell")
            return self._cell(task, f"{letter(places['due'])}{row}", f"{letter(places['status'])}{row}")

        return cell

    def _cell(self, task: Task, due: str, status: str) -> Cell:
        waiting = self._unfinished.before(task)
        rest = self._words.say("tasks.waiting", tasks=", ".join(waiting)) if waiting else ""
        days = overdue_days(task, self._today)
        cached = self._words.say("tasks.overdue", n=days) if days else ("" if task.status in FINISHED else rest)
        late = f'IF({due}=TODAY()-1,"{self._yesterday}","{self._before}"&(TODAY()-{due})&"{self._after}")'
        text = (
            f'IF(OR({status}="{self._done}",{status}="{self._dropped}"),"",'
            f'IF(AND(ISNUMBER({due}),{due}<TODAY()),{late},"{rest}"))'
        )
        return Cell(Formula(text, cached), "cell")


def _highlights(words: Words) -> tuple[tuple[str, str, str], ...]:
    label = {code: words.word("task_status", code) for code in ("done", "in_progress", "dropped")}
    late = f'AND(ISNUMBER({{due}}),{{due}}<TODAY(),{{status}}<>"{label["done"]}",{{status}}<>"{label["dropped"]}")'
    return (
        ("status", f'{{status}}="{label["done"]}"', "done"),
        ("status", f'{{status}}="{label["dropped"]}"', "none"),
        ("status", f'{{status}}="{label["in_progress"]}"', "running"),
        ("due", late, "late"),
        ("state", late, "late"),
    )


def _rows(
    words: Words,
    rows: TaskRows,
    tasks: Sequence[Task],
    columns: Sequence[str],
    today: date,
    names: Mapping[str, str],
) -> tuple[WantedRow, ...]:
    found = []
    states = _States(words, tasks, today)
    for task in tasks:
        values = rows.values[task.id]
        cells: dict[str, Cell] = {
            code: Cell(values.get(code)) for code in columns if code not in {"id", "state", "owner"}
        }
        if "owner" in columns:
            cells["owner"] = Cell(names.get(task.owner, task.owner), "cell")
        found.append(WantedRow(task.id, cells, {"id": task.id}, {"state": states.of(task)}))
    return tuple(found)


def _progress_cells(words: Words, tasks: Sequence[Task], today: date, top: int) -> dict[tuple[int, int], Cell]:
    """Make the line of progress; its numbers follow every tick at once."""
    status, text, due = (letter(SHEET_COLUMNS.index(code) + 1) for code in ("status", "text", "due"))
    first, last = top + 1, LAST_COUNTED_ROW
    done_word, dropped_word = (words.word("task_status", code) for code in ("done", "dropped"))
    counted = progress(tasks, today)
    area = f"${status}${first}:${status}${last}"
    done = f'(COUNTIF({area},"{done_word}")+COUNTIF({area},"{dropped_word}"))'
    total = f"COUNTA(${text}${first}:${text}${last})"
    late = (
        f'(COUNTIF(${due}${first}:${due}${last},"<"&TODAY())'
        f'-COUNTIFS(${due}${first}:${due}${last},"<"&TODAY(),{area},"{done_word}")'
        f'-COUNTIFS(${due}${first}:${due}${last},"<"&TODAY(),{area},"{dropped_word}"))'
    )
    share: Scalar = counted.done / counted.total if counted.total else 0
    row = top - 1
    return {
        (row, 1): Cell(words.say("tasks.progress"), "band"),
        (row, 2): Cell(Formula(f"IF({total}=0,0,{done}/{total})", share), "percent"),
        (row, 3): Cell(
            Formula(
                f'{done}&"{words.say("tasks.of")}"&{total}&"{words.say("tasks.finished")}"',
                f"{counted.done}{words.say('tasks.of')}{counted.total}{words.say('tasks.finished')}",
            ),
            "cell",
        ),
        (row, 4): Cell(
            Formula(f'"{words.say("tasks.late")}"&{late}', f"{words.say('tasks.late')}{counted.overdue}"),
            "cell",
        ),
    }


def partner_sheet(
    words: Words,
    code: str,
    partner: Partner,
    rows: TaskRows,
    today: date,
    *,
    title: str,
    fills: Sequence[str],
    notes: Sequence[str] = (),
) -> RowSheet:
    """Make the sheet of one partner's tasks.

    Args:
        words: Language.
        code: ``onboarding`` or ``offboarding``.
        partner: Whose sheet.
        rows: All tasks.
        today: The day for what is late.
        title: Name of the tab.
        fills: What the partner fills, or what opens when it leaves: one text a block.
        notes: Further sentences about the partner.
    """
    tasks = [task for task in rows.of(partner.id) if (task.code.startswith("T-X")) == (code == "offboarding")]
    top = 4
    line = words.say(f"{code}.fills", blocks=fills) if fills else words.say(f"{code}.fills_nothing")
    intro = heading_cells(words.say(f"{code}.title", partner=partner.label), line)
    intro.update(_progress_cells(words, tasks, today, top))
    if notes:
        intro[top - 1, 5] = Cell(" ".join(notes), "hint")
    return RowSheet(
        code, partner.id, title, schema.tables()["tasks"], SHEET_COLUMNS, intro,
        _rows(words, rows, tasks, SHEET_COLUMNS, today, {}),
        header_row=top, highlights=_highlights(words), heading=words.say(f"{code}.title", partner=partner.label),
    )  # fmt: skip


def owner_names(network: Network, words: Words) -> dict[str, str]:
    """Give owner id → the name people call it by."""
    names = {partner.id: partner.label for partner in network.partners}
    names.update({group.id: group.name for group in network.groups})
    names.update({group.id: group.name for group in network.target_groups})
    names.update({goal.id: goal.name for goal in network.goals if goal.name})
    names["network"] = words.say("tasks.network")
    return names


def overview(words: Words, network: Network, rows: TaskRows, today: date, title: str) -> RowSheet:
    """Make the overview of all tasks."""
    return _many(words, network, rows, today, title, "tasks", list(rows.tasks.values()), OVERVIEW_COLUMNS)


def shared_sheet(words: Words, network: Network, rows: TaskRows, today: date, title: str) -> RowSheet:
    """Make the sheet of the tasks that working groups and the network have once."""
    partners = {partner.id for partner in network.partners}
    tasks = [task for task in rows.tasks.values() if task.owner and task.owner not in partners]
    return _many(words, network, rows, today, title, "network_tasks", tasks, SHARED_COLUMNS)


def group_sheet(words: Words, network: Network, rows: TaskRows, today: date, title: str, owner: str) -> RowSheet:
    """Make a working group's own sheet of its tasks."""
    return _many(words, network, rows, today, title, "tasks", rows.of(owner), SHEET_COLUMNS, owner)


def _many(
    words: Words,
    network: Network,
    rows: TaskRows,
    today: date,
    title: str,
    code: str,
    tasks: list[Task],
    columns: tuple[str, ...],
    owner: str = "",
) -> RowSheet:
    counted = progress(tasks, today)
    first = words.say(f"{code}.what", done=counted.done, total=counted.total, late=counted.overdue)
    intro = heading_cells(title, first, words.say(f"{code}.how"))
    return RowSheet(
        code, owner, title, schema.tables()["tasks"], columns, intro,
        _rows(words, rows, tasks, columns, today, owner_names(network, words)),
        highlights=_highlights(words),
    )  # fmt: skip
