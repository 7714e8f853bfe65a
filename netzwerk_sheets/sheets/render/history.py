"""The log of the network's figures: at most one row a day, and only when a figure changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell, Value
from netzwerk_sheets.model import ON_BOARD, Network
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import read_date, read_number
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from datetime import date

    from netzwerk_sheets.analysis.coverage import Coverage
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import SeenTable

ROLES = {"coverage": "percent", "gap": "points"}


def figures(network: Network, found: Coverage) -> dict[str, float]:
    """Give today's figures by column."""
    on_board = [partner for partner in network.partners if partner.status in ON_BOARD]
    return {
        "coverage": round(float(found.network.coverage or 0), 6),
        "gap": round(float(found.network.gap or 0), 4),
        "weight": found.network.weight,
        "needs": found.network.needs,
        "open": len(found.open),
        "partners": len(on_board),
        "sectors": len({partner.sector for partner in on_board if partner.sector}),
    }


def history_sheet(
    words: Words, network: Network, found: Coverage, seen: SeenTable | None, today: date, title: str
) -> RowSheet:
    """Make the log: what stands there stays, today's figures join where they differ from the last ones."""
    new = figures(network, found)
    past = past_figures(seen)
    last = past[max(past)] if past else {}
    changed = {column for column, value in new.items() if last.get(column) != value}
    table = schema.tables()["history"]
    rows = []
    if changed or today in past:
        cells = {column: Cell(value, ROLES.get(column, "number")) for column, value in new.items()}
        rows.append(WantedRow(today.isoformat(), {"date": Cell(today, "date"), **cells}))
    return RowSheet(
        "history", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("history.title"), words.say("history.what"), words.say("history.how")),
        tuple(rows), key=("date",), stays=True,
    )  # fmt: skip


def past_figures(seen: SeenTable | None) -> dict[date, dict[str, float]]:
    """Give the figures that stand in the log: day → column → figure."""
    found = {}
    for row in seen.rows if seen else ():
        day = read_date(row.cells.get("date")).value
        if day is not None:
            found[day] = {
                column: number for column, value in row.cells.items() if (number := _number(value)) is not None
            }
    return found


def _number(value: Value) -> float | None:
    return read_number(value).value
