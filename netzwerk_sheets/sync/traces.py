"""Where a person stands in a workbook that was read: the rows about them, and the edits that take those out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.analysis.traces import Traces, keys_of
from netzwerk_sheets.grid import Cell, RemoveNote, SetCell, Spot, Trail, shown
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets.cells import date_in, text_of
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.sheets.settings import read_settings
from netzwerk_sheets.state.erased import CONTACTS, DEPUTY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from netzwerk_sheets.analysis.traces import Record
    from netzwerk_sheets.grid import Edit, Snapshot, Value
    from netzwerk_sheets.merge import Rows
    from netzwerk_sheets.sheets.locate import Located, SeenRow, SeenTable
    from netzwerk_sheets.sync.book import Book
    from netzwerk_sheets.sync.order import Memory

_VERSIONS = ("a", "b", "c", "before", "own")
_FEWEST_DIGITS = 6


class Stands(NamedTuple):
    """A row about a person: the table as it stands in its tab, the row, and who it is about."""

    seen: SeenTable
    row: SeenRow
    record: Record


def gone_word(located: Located) -> str:
    """Give what stands in the place of a person, in the language of the workbook."""
    return Words(read_settings(located.tables.get("settings")).language).say("person.gone")


def plain_cells(row: SeenRow) -> dict[str, object]:
    """Give the cells of a row as people see them."""
    return {code: shown(value) for code, value in row.cells.items()}


def row_id(row: SeenRow) -> str:
    """Give the id that stands in a row."""
    return text_of(row.cells.get("id")).strip().upper()


def shared_keys(hub: Rows, located: Iterable[Located], records: Sequence[Record]) -> frozenset[str]:
    """Give what other contacts are recognised by: it is theirs as well and stays.

    Args:
        hub: The merged contacts.
        located: Workbooks that were read, for rows that were not merged yet.
        records: Who is or was erased.
    """
    gone = {each.row for each in records}
    known = frozenset(key for row, cells in hub.items() if row not in gone for key in keys_of(cells))
    judge = Traces(records, "", known)
    found = set(known)
    for seen in filter(None, (each.tables.get(CONTACTS) for each in located)):
        for row in seen.rows:
            cells = plain_cells(row)
            if row_id(row) not in gone and judge.of(cells) is None:
                found |= keys_of(cells)
    return frozenset(found)


def rows_about(located: Located, traces: Traces, *, by_id: bool) -> Iterator[Stands]:
    """Give the rows of contact data about erased people.

    Args:
        located: Where the tables stand.
        traces: Knows who was erased.
        by_id: Whether an id of theirs is proof. In a copy that went its own way it may have come to somebody else,
            and people may have typed it anew; there it counts only where nothing else says who is meant.
    """
    seen = located.tables.get(CONTACTS)
    if seen is None:
        return
    records = {each.row: each for each in traces.records}
    for row in seen.rows:
        cells = plain_cells(row)
        record = traces.of(cells)
        if record is None and (by_id or not keys_of(cells)):
            record = records.get(row_id(row))
        if record is not None:
            yield Stands(seen, row, record)


def is_new(row: SeenRow, record: Record) -> bool:
    """Say whether a person was told anew that data are kept: then the row is a new one, not the erased one."""
    value = shown(row.cells.get("informed_on"))
    day = date_in(value) if isinstance(value, str) else value
    return hasattr(day, "isoformat") and str(day)[:10] >= record.day


def trail_of(snapshot: Snapshot, traces: Traces, *, by_id: bool = True) -> tuple[list[Edit], Trail]:
    """Give the edits that take the rows of erased people out, and how their traces are found elsewhere.

    Args:
        snapshot: The workbook as read.
        traces: Knows who was erased.
        by_id: See `rows_about`.
    """
    located = locate(snapshot)
    rows = {each.row: each for each in traces.records}
    edits: dict[Spot, SetCell] = {}
    numbers: dict[str, set[int]] = {}
    for stands in rows_about(located, traces, by_id=by_id):
        title, number = stands.seen.tab.title, stands.row.number
        numbers.setdefault(title, set()).add(number)
        raw = stands.seen.tab.rows.get(number, {})
        for column in (*stands.seen.columns.values(), *stands.seen.unknown):
            if raw.get(column) is not None:
                _put(edits, Spot(title, number, column), None, raw[column])
    for spot, value, present in (*_deputies(located, rows), *_disputed(located, traces), *_numbers(snapshot, traces)):
        if spot.row not in numbers.get(spot.tab, ()):
            _put(edits, spot, value, present)
    whole = lambda text: any(traces.is_whole(text, row) for row in rows)  # noqa: E731 - one word for one question
    notes = [
        RemoveNote(Spot(tab.title, *place), note)
        for tab in snapshot.tabs
        for place, note in tab.notes.items()
        if place[0] in numbers.get(tab.title, ()) and tab.takes_notes
    ]
    return [*edits.values(), *notes], Trail(traces.clean, whole, numbers, traces.gone)


def _put(edits: dict[Spot, SetCell], spot: Spot, value: Value, present: Value) -> None:
    edits[spot] = SetCell(spot, Cell(value), present, "erased")


def _deputies(located: Located, rows: Collection[str]) -> Iterator[tuple[Spot, Value, Value]]:
    """Give the cells in which other contacts name the row."""
    seen = located.tables.get(CONTACTS)
    column = seen.columns.get(DEPUTY) if seen else None
    if seen is None or column is None:
        return
    for row in seen.rows:
        if text_of(row.cells.get(DEPUTY)).strip().upper() in rows:
            yield Spot(seen.tab.title, row.number, column), None, row.cells[DEPUTY]


def _disputed(located: Located, traces: Traces) -> Iterator[tuple[Spot, Value, Value]]:
    """Give the cells in which a contradiction about a person shows whole cells of theirs."""
    seen = located.tables.get("conflicts")
    if seen is None:
        return
    for row in seen.rows:
        words = text_of(row.cells.get("row")).split()
        for record in traces.records:
            for code in _VERSIONS if record.row in words else ():
                value = row.cells.get(code)
                if value is not None and traces.is_whole(text_of(value), record.row):
                    yield Spot(seen.tab.title, row.number, seen.columns[code]), traces.gone, value


def _numbers(snapshot: Snapshot, traces: Traces) -> Iterator[tuple[Spot, Value, Value]]:
    """Give the cells in which a telephone number stands as a number."""
    for tab in snapshot.tabs:
        for row, cells in tab.rows.items():
            for column, value in cells.items():
                if (
                    isinstance(value, int | float)
                    and not isinstance(value, bool)
                    and value >= 10 ** (_FEWEST_DIGITS - 1)
                ):
                    text = f"{value:.0f}"
                    if traces.clean(text) != text:
                        yield Spot(tab.title, row, column), traces.gone, value


def refuse_erased(books: Sequence[Book], memory: Memory) -> list[Finding]:
    """Leave rows about erased people aside that stand in a workbook again; give what a person should do about it.

    They stay in their tab as they are, but nothing of them is merged or remembered. Whoever was told anew that data
    are kept is no longer refused.
    """
    if not memory.erased:
        return []
    hub = memory.state_of(CONTACTS)[0].hub
    traces = Traces(memory.erased, "", shared_keys(hub, [book.located for book in books], memory.erased))
    found = [
        Finding("P-10", "error", CONTACTS, each.row, "", {"case": "unfinished"})
        for each in memory.erased
        if each.unfinished
    ]
    for book in books:
        refused = [one for one in rows_about(book.located, traces, by_id=False) if not is_new(one.row, one.record)]
        for one in refused:
            place = (one.seen.tab.title, one.row.number, one.seen.columns.get("informed_on", 1))
            facts: dict[str, str | int] = {"case": "erased", "id": one.record.row, "date": one.record.day}
            if not book.aside:
                found.append(Finding("P-10", "error", CONTACTS, "", "", facts, place))
        if refused:
            aside = {one.row.number for one in refused}
            seen = book.located.tables[CONTACTS]
            kept = replace(seen, rows=tuple(row for row in seen.rows if row.number not in aside))
            book.located = replace(book.located, tables={**book.located.tables, CONTACTS: kept})
    return found


def without_people(snapshot: Snapshot, traces: Traces, *, by_id: bool) -> Snapshot:
    """Give a workbook as it would be read without erased people, for looking only; nothing may be written by it."""
    edits, trail = trail_of(snapshot, traces, by_id=by_id)
    emptied = {edit.spot: edit.cell.value for edit in edits if isinstance(edit, SetCell)}
    tabs = []
    for tab in snapshot.tabs:
        rows = {
            row: {
                column: trail.clean(value) if isinstance(value, str) else value
                for column, present in cells.items()
                if (value := emptied.get(Spot(tab.title, row, column), present)) is not None
            }
            for row, cells in tab.rows.items()
        }
        tabs.append(tab._replace(rows={row: cells for row, cells in rows.items() if cells}))
    return snapshot._replace(tabs=tuple(tabs))
