"""The log of the network's figures: at most one row a day, and only when a figure changed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell, Value
from netzwerk_sheets.model import ON_BOARD, Network
from netzwerk_sheets.sheets import looks, schema
from netzwerk_sheets.sheets.cells import read_date, read_number
from netzwerk_sheets.sheets.charts import RowChart
from netzwerk_sheets.sheets.language import CELL_DATE
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from netzwerk_sheets.analysis.coverage import Coverage
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import SeenTable

    Rows = Mapping[str, Mapping[str, Value]]

ROLES = {"coverage": "percent", "gap": "points"}
CHARTED = 24
"""How many days the chart shows; the labels of more would lie over each other."""


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
    words: Words,
    network: Network,
    found: Coverage,
    seen: SeenTable | None,
    today: date,
    *,
    title: str,
    first: Rows = MappingProxyType({}),
) -> RowSheet:
    """Make the log: what stands there stays, today's figures join where they differ from the last ones.

    Args:
        words: Language.
        network: For today's figures.
        found: Its coverage.
        seen: The log as it stands; `None` where there is none yet.
        today: The day of the run.
        title: Name of the tab.
        first: Rows that a new log begins with.
    """
    new = figures(network, found)
    past = past_figures(seen)
    rows = [] if seen else [_row(day, cells) for day, cells in sorted(_by_day(first).items())]
    past |= {} if seen else {day: _numbers(cells) for day, cells in _by_day(first).items()}
    last = past[max(past)] if past else {}
    changed = {column for column, value in new.items() if last.get(column) != value}
    if changed or today in past:
        rows = [row for row in rows if row.key != today.isoformat()] + [_row(today, new)]
        past[today] = new
    table = schema.tables()["history"]
    return RowSheet(
        "history", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("history.title"), words.say("history.what"), words.say("history.how")),
        tuple(rows), key=("date",), stays=True, charts=(_chart(words, past),),
    )  # fmt: skip


def _row(day: date, cells: Mapping[str, Value]) -> WantedRow:
    shown = {column: Cell(value, ROLES.get(column, "number")) for column, value in cells.items() if column != "date"}
    return WantedRow(day.isoformat(), {"date": Cell(day, "date"), **shown})


def _chart(words: Words, past: Mapping[date, Mapping[str, float]]) -> RowChart:
    """Draw coverage over time; its alternative text says where it came from and where it stands."""
    return RowChart(
        kind="line",
        title=words.say("history.chart"),
        text=_message(words, past),
        steady_text=words.say("history.chart_steady"),
        category="date",
        series="coverage",
        name=words.say("start.coverage"),
        number_format="0%",
        category_format=CELL_DATE[words.language],
        most=CHARTED,
        colour=looks.BAR,
    )


def _message(words: Words, past: Mapping[date, Mapping[str, float]]) -> str:
    days = [day for day in sorted(past) if "coverage" in past[day]][-CHARTED:]
    if not days:
        return words.say("history.chart_steady")
    first, last = (past[day]["coverage"] for day in (days[0], days[-1]))
    way = "rose" if last > first else "fell" if last < first else "same"
    return words.say(
        f"history.chart_{way}" if len(days) > 1 else "history.chart_one",
        first=words.percent(first), since=words.date(days[0]),
        last=words.percent(last), until=words.date(days[-1]), n=len(days),
    )  # fmt: skip


def _by_day(rows: Rows) -> dict[date, Mapping[str, Value]]:
    return {day: cells for cells in rows.values() if (day := read_date(cells.get("date")).value) is not None}


def _numbers(cells: Mapping[str, Value]) -> dict[str, float]:
    return {column: number for column, value in cells.items() if (number := read_number(value).value) is not None}


def past_figures(seen: SeenTable | None) -> dict[date, dict[str, float]]:
    """Give the figures that stand in the log: day → column → figure."""
    days = ((read_date(row.cells.get("date")).value, row.cells) for row in (seen.rows if seen else ()))
    return {day: _numbers(cells) for day, cells in days if day is not None}
