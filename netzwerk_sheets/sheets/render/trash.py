"""The tab of deleted rows: what stood in them, and a dropdown that brings them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells
from netzwerk_sheets.sheets.render.told import NOTHING, name_of, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import SeenTable


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted row in words.

    Attributes:
        key: Its id.
        table: Code of its table.
        cells: What stood in it.
        day: When it was deleted; `None` where nobody knows.
        run: In which run; 0 where nobody knows.
        source: Title of the tab it was deleted from.
        until: The last day it stands here.
        home: Title of the sheet it belonged to, where no column says so.
    """

    key: str
    table: str
    cells: Mapping[str, Value]
    day: date | None
    run: int
    source: str
    until: date | None
    home: str = ""


def asked_back(seen: SeenTable | None) -> frozenset[str]:
    """Give the ids of the rows that people want back."""
    codes = schema.word_codes("restore")
    return frozenset(
        text_of(row.cells.get("id"))
        for row in (seen.rows if seen else ())
        if codes.get(schema.fold(text_of(row.cells.get("restore")))) == "yes"
    )


def trash_sheet(words: Words, found: Sequence[Deleted], days: int, title: str) -> RowSheet:
    """Make the tab of deleted rows."""
    table = schema.tables()["trash"]
    first = words.say("trash.what", n=days) if found else words.say("trash.nothing")
    return RowSheet(
        "trash", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("trash.title"), first, words.say("trash.how")),
        tuple(_row(words, each) for each in found), sorts=True, settles=True, heading=words.say("trash.title"),
    )  # fmt: skip


def _row(words: Words, each: Deleted) -> WantedRow:
    cells = {
        "table": Cell(words.tab(each.table), "cell"),
        "name": Cell(name_of(words, each.table, each.cells) or NOTHING, "cell"),
        "facts": Cell(_facts(words, each) or NOTHING, "cell"),
        "deleted_on": Cell(each.day, "date"),
        "run": Cell(each.run or None, "number"),
        "source": Cell(each.source or NOTHING, "cell"),
        "until": Cell(each.until, "date"),
    }
    return WantedRow(each.key, cells, {"id": each.key, "restore": words.word("restore", "no")})


def _facts(words: Words, each: Deleted) -> str:
    """Tell every filled column, one a line; a person's data come back with the row but stand nowhere else."""
    lines = []
    for column in schema.tables()[each.table].columns:
        value = each.cells.get(column.code)
        if column.code == "id" or value in (None, ""):
            continue
        text = words.say("trash.personal") if column.personal else told(words, value)
        lines.append(f"{column.header(words.language)}: {text}")
    if each.home:
        lines.append(f"{words.say('log.sheet')}: {each.home}")
    return "\n".join(lines)
