"""The tab of findings: what was noticed, where, and what helps. Nothing is corrected by itself."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.grid import Cell, Value
from netzwerk_sheets.model import Finding  # noqa: TC001 - a named tuple is made of it
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import date_in, text_of
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, address, heading_cells, place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import Located

LEVELS = {"error": ("missing", 0), "warning": ("tight", 1), "hint": ("good", 2)}
SHOWN = 500
LABEL_LENGTH = 60


class Places:
    """Knows in which cell a row and column stand.

    Args:
        located: The tables as they stand in the workbook.
        ids: Table code → row id → (tab, row), also for tabs that are only being made.
        rows: Table code → row id → cells.
        made: Table code → columns of its tab, where the tab is only being made and does not show them all.
        named: The file name of the workbook, for commands.
    """

    def __init__(
        self,
        located: Located,
        ids: dict[str, dict[str, tuple[str, int]]],
        rows: Mapping[str, Mapping[str, Mapping[str, Value]]],
        made: Mapping[str, Sequence[str]],
        named: str = "",
    ) -> None:
        """Keep what is known."""
        self.located = located
        self.ids = ids
        self.rows = rows
        self.made = made
        self.named = named
        self._tabs = {seen.tab.title: seen for seen in located.seen()}

    def stand(self, code: str, title: str, rows: Mapping[str, int]) -> None:
        """Learn where the rows of a computed tab stand once it is planned: (id → row)."""
        self.ids[code] = {key: (title, row) for key, row in rows.items()}

    def spot(self, finding: Finding) -> tuple[str, int, int] | None:
        """Find the cell of a finding."""
        if finding.place is not None:
            return finding.place
        main = self.located.tables.get(finding.table)
        found = self.ids.get(finding.table, {}).get(finding.row)
        if found is None:
            return (main.tab.title, main.header_row, 1) if main else None
        tab, row = found
        seen = self._tabs.get(tab)
        if seen is None:
            every = [column.code for column in schema.tables()[finding.table].columns]
            codes = list(self.made.get(finding.table, every))
            return tab, row, codes.index(finding.column) + 1 if finding.column in codes else 1
        first = min(seen.columns.values(), default=1)
        return tab, row, seen.columns.get(finding.column, first)

    def label(self, finding: Finding) -> str:
        """Name the row: its id and what people call it; never a person."""
        if not finding.row or finding.table not in schema.tables():
            return finding.row
        table = schema.tables()[finding.table]
        if table.label == "id" or table.column(table.label).personal:
            return finding.row
        text = text_of(self.rows.get(finding.table, {}).get(finding.row, {}).get(table.label))
        if len(text) > LABEL_LENGTH:
            text = shorten(text, LABEL_LENGTH, placeholder="…")
        return f"{finding.row} {text}".strip()


class Notice(NamedTuple):
    """A finding in words, with the cell it is about; the words are looked for when somebody reads them.

    Attributes:
        words: The reader's language.
        places: Knows where the rows stand.
    """

    finding: Finding
    words: Words
    places: Places

    @property
    def spot(self) -> tuple[str, int, int] | None:
        """Which cell: (tab, row, column), or `None` where the row stands nowhere."""
        return self.places.spot(self.finding)

    @property
    def where(self) -> str:
        """Which cell: ``Partner!F15``."""
        spot = self.spot
        return f"{spot[0]}!{address(spot[1], spot[2])}" if spot else self.words.say("checks.network")

    @property
    def label(self) -> str:
        """Which row: ``P-014 IHK``."""
        return self.places.label(self.finding)

    @property
    def notice(self) -> str:
        """What is noticed."""
        return self._said("check")

    @property
    def remedy(self) -> str:
        """What helps."""
        return self._said("remedy")

    def _said(self, section: str) -> str:
        finding, words, spot = self.finding, self.words, self.spot
        key = f"{finding.rule.replace('-', '')}_{finding.facts.get('case', '')}".rstrip("_").replace("-", "_").lower()
        header = ""
        if finding.column and finding.table in schema.tables():
            codes = {column.code for column in schema.tables()[finding.table].columns}
            header = words.header(finding.table, finding.column) if finding.column in codes else finding.column
        facts = {
            **_readable(words, finding),
            "column": header,
            "row": finding.row,
            "tab": spot[0] if spot else "",
            "cell": self.where,
            "workbook": self.places.named,
        }
        return words.say(f"{section}.{key}", **facts).rstrip()


def notices(words: Words, findings: Sequence[Finding], places: Places) -> list[Notice]:
    """Put findings into words, the most urgent first, each cell once per rule."""
    found: dict[tuple[str, str, object], Notice] = {}
    more: dict[tuple[str, str, object], list[Notice]] = {}
    listed: list[Notice] = []
    for finding in findings:
        notice = Notice(finding, words, places)
        key = (finding.rule, finding.row, finding.facts.get("case"))
        first = found.setdefault(key, notice)
        if first is not notice:
            # Hardly any two are of one kind and about one row; only of those it matters what they say and where.
            alike = more.setdefault(key, [first])
            if any(finding.facts == each.finding.facts and notice.spot == each.spot for each in alike):
                continue
            alike.append(notice)
        listed.append(notice)
    return sorted(listed, key=lambda each: LEVELS[each.finding.level][1])


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
    levels = [each.finding.level for each in found]
    counts = {level: levels.count(level) for level in LEVELS}
    first = words.say("checks.what", **counts) if found else words.say("checks.nothing")
    table = schema.tables()["checks"]
    return RowSheet(
        "checks", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("checks.title"), first, words.say("checks.how")), rows,
        key=("place", "rule", "notice"), sorts=True, closed=lambda key: _closed(words, key),
    )  # fmt: skip


def _closed(words: Words, key: str) -> WantedRow:
    """Show that something people commented on is mended."""
    return WantedRow(key, {"level": Cell(words.say("level.closed"), "good")})
