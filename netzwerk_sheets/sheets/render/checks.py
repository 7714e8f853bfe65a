"""The tab of findings: what was noticed, where, and what helps. Nothing is corrected by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import date_in, text_of
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import Located
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, address, heading_cells, place

LEVELS = {"error": ("missing", 0), "warning": ("tight", 1), "hint": ("good", 2)}
SHOWN = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding in words, with the cell it is about.

    Attributes:
        spot: (tab, row, column), or `None` where the row stands nowhere.
        where: ``Partner!F15``.
        label: Which row: ``P-014 IHK``.
    """

    finding: Finding
    spot: tuple[str, int, int] | None
    where: str
    label: str
    notice: str
    remedy: str


class Places:
    """Knows in which cell a row and column stand."""

    def __init__(self, located: Located, ids: dict[str, dict[str, tuple[str, int]]]) -> None:
        """Keep the tables; `ids` says for every table which id stands in which tab and row."""
        self.located = located
        self.ids = ids

    def spot(self, finding: Finding) -> tuple[str, int, int] | None:
        """Find the cell of a finding."""
        if finding.place is not None:
            return finding.place
        seen = self.located.tables.get(finding.table)
        found = self.ids.get(finding.table, {}).get(finding.row)
        if found is None:
            return (seen.tab.title, seen.header_row, 1) if seen else None
        tab, row = found
        if seen is None or tab != seen.tab.title:
            seen = next((each for each in self.located.seen() if each.tab.title == tab), seen)
        column = seen.columns.get(finding.column) if seen else None
        if column is None and seen:
            column = min(seen.columns.values(), default=1)
        return tab, row, column or 1

    def label(self, finding: Finding) -> str:
        """Name the row: its id and what people call it."""
        seen = self.located.tables.get(finding.table)
        if seen is None or not finding.row:
            return finding.row
        label = schema.tables()[finding.table].label
        spot = self.ids.get(finding.table, {}).get(finding.row)
        for row in seen.rows if spot else ():
            if spot and row.number == spot[1] and label != "id" and not schema.tables()[finding.table].column(label).personal:
                return f"{finding.row} {text_of(row.cells.get(label))}".strip()
        return finding.row


def notices(words: Words, findings: Sequence[Finding], places: Places) -> list[Notice]:
    """Put findings into words, the most urgent first, each cell once per rule."""
    found: dict[tuple[str, str, str, object], Notice] = {}
    for finding in findings:
        spot = places.spot(finding)
        where = f"{spot[0]}!{address(spot[1], spot[2])}" if spot else words.say("checks.network")
        key = f"{finding.rule.replace('-', '')}_{finding.facts.get('case', '')}".rstrip("_").replace("-", "_").lower()
        header = ""
        if finding.column and finding.table in schema.tables():
            codes = {column.code for column in schema.tables()[finding.table].columns}
            header = words.header(finding.table, finding.column) if finding.column in codes else finding.column
        facts = {**_readable(words, finding), "column": header, "row": finding.row, "tab": spot[0] if spot else "", "cell": where}
        found.setdefault(
            (finding.rule, where, finding.row, str(sorted(finding.facts.items()))),
            Notice(
                finding, spot, where, places.label(finding),
                words.say(f"check.{key}", **facts), words.say(f"remedy.{key}", **facts),
            ),
        )  # fmt: skip
    return sorted(found.values(), key=lambda each: LEVELS[each.finding.level][1])


def _readable(words: Words, finding: Finding) -> dict[str, object]:
    """Give the facts of a finding with dates as people write them."""
    days = {name: date_in(value) for name, value in finding.facts.items() if isinstance(value, str)}
    return {**finding.facts, **{name: words.date(day) for name, day in days.items() if day is not None}}


def checks_sheet(words: Words, found: Sequence[Notice], title: str) -> RowSheet:
    """Make the tab of findings."""
    rows = tuple(
        WantedRow(
            f"{number}",
            {
                "level": Cell(words.say(f"level.{each.finding.level}"), LEVELS[each.finding.level][0]),
                "place": Cell(each.where, "link" if each.spot else "cell", place(*each.spot) if each.spot else ""),
                "row": Cell(each.label, "cell"),
                "notice": Cell(each.notice, "cell"),
                "remedy": Cell(each.remedy, "cell"),
                "rule": Cell(words.say("checks.rule", number=int(each.finding.rule.rpartition("-")[2])), "cell"),
            },
        )
        for number, each in enumerate(found[:SHOWN], start=1)
    )
    counts = {level: sum(each.finding.level == level for each in found) for level in LEVELS}
    first = words.say("checks.what", **counts) if found else words.say("checks.nothing")
    table = schema.tables()["checks"]
    return RowSheet(
        "checks", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words, words.say("checks.title"), first, words.say("checks.how")), rows, key=("place", "rule", "notice"), sorts=True, closed=lambda key: _closed(words, key),
    )  # fmt: skip


def _closed(words: Words, key: str) -> WantedRow:
    """Show that something people commented on is mended."""
    return WantedRow(key, {"level": Cell(words.say("level.closed"), "good")})
