"""The tab on which a working group reviews its strategy: goal, measure, reach, cause, and what shall change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells
from netzwerk_sheets.sheets.render.reach import ROLES, causes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.analysis.reach import MeasureReach
    from netzwerk_sheets.analysis.triggers import Review
    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.model import Network, WorkingGroup
    from netzwerk_sheets.sheets.language import Words

CODE = "strategy"
HEADER_ROW = 5
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a review stands on.

    Attributes:
        reached: The reach of every measure.
        review: What changed since the last review, if anything did.
        names: Id → the name people use.
        tasks: Title of the tab with the group's tasks, or empty.
    """

    network: Network
    reached: Sequence[MeasureReach]
    review: Review | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    tasks: str = ""


def strategy_sheet(
    words: Words, group: WorkingGroup, rows: Mapping[str, Mapping[str, Value]], ground: Ground, title: str
) -> RowSheet:
    """Make the tab: one row a measure of the group.

    Args:
        words: Language.
        group: Whose review it is.
        rows: Its measures: id → column code → value.
        ground: What the review stands on.
        title: Name of the tab.
    """
    table = schema.tables()["measures"].at(CODE)
    columns = tuple(column.code for column in table.columns)
    reached = {one.measure.id: one for one in ground.reached}
    heading = words.say("strategy.title", group=group.name)
    tasks = words.say("strategy.tasks", tasks=ground.tasks) if ground.tasks else ""
    lines = (
        f"{words.say('strategy.how')} {tasks}".strip(),
        change_line(words, ground.review) or words.say("strategy.nothing_changed"),
        words.say("strategy.where", measures=words.tab("measures")),
    )
    return RowSheet(
        CODE, group.id, title, table, columns, heading_cells(heading, *lines),
        tuple(_row(words, row, cells, reached.get(row), ground) for row, cells in rows.items()),
        header_row=HEADER_ROW, heading=heading,
    )  # fmt: skip


def change_line(words: Words, review: Review | None, needs: Iterable[str] | None = None) -> str:
    """Say what a change of partners makes needed and possible: „Nötig: Räume für B-002.“.

    Args:
        words: Language.
        review: What changed.
        needs: Only blocks of these needs; `None` for all.
    """
    if review is None:
        return ""
    wanted = None if needs is None else set(needs)
    said = []
    for kind, blocks in (("needed", review.needed), ("possible", review.possible)):
        pairs = [(need, block) for need, _, block in (name.partition("/") for name in blocks)]
        shown = [
            words.say("onboarding.block", block=words.block(block), need=need)
            for need, block in pairs
            if wanted is None or need in wanted
        ]
        if shown:
            said.append(words.say(f"strategy.{kind}", blocks=shown))
    return " ".join(said)


def _row(words: Words, row: str, cells: Mapping[str, Value], one: MeasureReach | None, ground: Ground) -> WantedRow:
    needs = one.measure.needs if one else ()
    aims = [f"{goal.id} {goal.name}".strip() for goal in ground.network.goals if not set(goal.needs).isdisjoint(needs)]
    role = ROLES[one.state] if one else "none"
    tool = {
        "aims": Cell("; ".join(aims) or NOTHING, "cell"),
        "result": Cell(_result(words, one), role),
        "causes": Cell(_causes(words, cells, one, ground.names) or NOTHING, "cell"),
        "changed": Cell(change_line(words, ground.review, needs) or NOTHING, "cell"),
    }
    table = schema.tables()["measures"].at(CODE)
    people = {column.code: Cell(cells.get(column.code)) for column in table.columns if column.code != "id"}
    return WantedRow(row, {**people, **tool}, {"id": row})


def _result(words: Words, one: MeasureReach | None) -> str:
    """Say whether a measure reaches its group, and by which shares."""
    if one is None:
        return words.say("reach.not_measured")
    shares = [
        words.say(f"strategy.{key}", share=words.percent(share))
        for key, share in (("of_plan", one.reach), ("of_all", one.share))
        if share is not None
    ]
    return ". ".join((words.say(f"reach.{one.state}"), *shares))


def _causes(words: Words, cells: Mapping[str, Value], one: MeasureReach | None, names: Mapping[str, str]) -> str:
    """Tell the causes that hold, and those recorded at the measurement."""
    fixed = text_of(cells.get("causes_fixed"))
    said = causes_of(words, one, names) if one else []
    return " ".join([*said, *([words.say("strategy.recorded", causes=fixed)] if fixed else [])])
