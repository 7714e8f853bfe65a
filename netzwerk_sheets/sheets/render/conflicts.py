"""The tab of conflicts: two people wrote different things, and one has to say what holds. Nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.sheets.language import Words


@dataclass(frozen=True, slots=True)
class Dispute:
    """A conflict in words.

    Attributes:
        key: ``KF-012``.
        spot: (tab, row, column) of the cell, or `None`.
        where: ``Aufgaben!C7``.
        row: Which row: ``P-014 IHK``.
        column: Header of the column.
        versions: (where it stands, value) of each side, at most three.
        before: What stood there before.
    """

    key: str
    spot: tuple[str, int, int] | None
    where: str
    row: str
    column: str
    versions: tuple[tuple[str, Value], ...]
    before: Value


def conflicts_sheet(words: Words, found: Sequence[Dispute], title: str) -> RowSheet:
    """Make the tab of conflicts."""
    table = schema.tables()["conflicts"]
    rows = []
    for each in found:
        cells = {
            "place": Cell(each.where, "link" if each.spot else "cell", place(*each.spot) if each.spot else ""),
            "row": Cell(each.row, "cell"),
            "column": Cell(each.column, "cell"),
            "before": Cell(each.before, "cell"),
        }
        for code, version in zip(("a", "b", "c"), each.versions, strict=False):
            cells[code] = Cell(version[1], "cell")
            cells[f"{code}_in"] = Cell(version[0], "cell")
        rows.append(WantedRow(each.key, cells, {"id": each.key, "decision": words.word("decision", "open")}))
    first = words.say("conflicts.what") if found else words.say("conflicts.nothing")
    return RowSheet(
        "conflicts", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("conflicts.title"), first, words.say("conflicts.how")), tuple(rows),
        sorts=True, settles=True, heading=words.say("conflicts.title"),
    )  # fmt: skip
