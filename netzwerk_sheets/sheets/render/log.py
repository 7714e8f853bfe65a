"""The tab of changes: what was changed last, by the words of the workbook, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells, place
from netzwerk_sheets.sheets.render.told import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from netzwerk_sheets.sheets.language import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in words.

    Attributes:
        number: Its place in the history.
        day: The day of the run; `None` where nobody knows.
        spot: (tab, row, column) of the cell, or `None` where it stands nowhere any more.
        where: ``Partner!F15``.
        row: Which row: ``P-014 IHK``.
        column: Header of the column; empty for the row as a whole.
        source: Title of the tab it came from.
    """

    number: int
    day: date | None
    run: int
    kind: str
    table: str
    row: str
    spot: tuple[str, int, int] | None
    where: str
    column: str
    before: str
    after: str
    source: str


def log_sheet(words: Words, found: Sequence[Entry], most: int, title: str) -> RowSheet:
    """Make the tab of changes."""
    table = schema.tables()["log"]
    rows = tuple(
        WantedRow(
            f"{each.number}",
            {
                "id": Cell(each.number, "number"),
                "date": Cell(each.day, "date"),
                "run": Cell(each.run, "number"),
                "kind": Cell(each.kind, "cell"),
                "table": Cell(each.table, "cell"),
                "row": Cell(each.row or NOTHING, "cell"),
                "place": _link(each),
                "column": Cell(each.column or NOTHING, "cell"),
                "before": Cell(each.before or NOTHING, "cell"),
                "after": Cell(each.after or NOTHING, "cell"),
                "source": Cell(each.source or NOTHING, "cell"),
            },
        )
        for each in found
    )
    first = words.say("log.what", n=most) if found else words.say("log.nothing")
    return RowSheet(
        "log", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("log.title"), first, words.say("log.how")), rows,
        sorts=True, heading=words.say("log.title"),
    )  # fmt: skip


def _link(each: Entry) -> Cell:
    return Cell(each.where, "link", place(*each.spot)) if each.spot else Cell(NOTHING, "cell")
