"""What an answer to a write shows: races with people, and formulas that Google could not read; and the repair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google import formulas, ledger
from netzwerk_sheets.backends.google.batch import FORMAT, NUMBERS, VALUE, Batch, Write
from netzwerk_sheets.backends.google.races import Race, Written, settle
from netzwerk_sheets.backends.google.reading import cells_of
from netzwerk_sheets.grid import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.backends.google.cells import Painter
    from netzwerk_sheets.backends.google.races import Cells
    from netzwerk_sheets.backends.google.reading import Page, Place, Seen

STATE_FIELDS = (
    "replies,updatedSpreadsheet(sheets(properties(sheetId),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue(errorValue))))))"
)
_UNREAD = "ERROR"
"""The kind of error that a formula shows which Google could not read."""


@dataclass(frozen=True, slots=True)
class State:
    """What a tab holds right after a write.

    Attributes:
        cells: Filled cells.
        unread: Cells with a formula that Google could not read.
    """

    cells: Cells
    unread: frozenset[Place]


def states(reply: Mapping[str, Any]) -> dict[int, State]:
    """Read the state after a write: number of a tab → what it holds."""
    found = {}
    for sheet in (reply.get("updatedSpreadsheet") or {}).get("sheets") or ():
        cells, unread = {}, set()
        for place, cell in cells_of(sheet):
            raw = cell.get("userEnteredValue")
            if not raw:
                continue
            cells[place] = raw
            shown = (cell.get("effectiveValue") or {}).get("errorValue") or {}
            if "formulaValue" in raw and shown.get("type") == _UNREAD:
                unread.add(place)
        found[int((sheet.get("properties") or {}).get("sheetId", 0))] = State(cells, frozenset(unread))
    return found


@dataclass(slots=True)
class Report:
    """What happened besides the write.

    Attributes:
        races: Title of a tab → what people did there at the same time.
        respelled: How many formulas were spelled anew.
        repaired: Whether anything was set right.
    """

    races: dict[str, Race] = field(default_factory=dict)
    respelled: int = 0
    repaired: bool = False


def written_of(batch: Batch, title: str) -> Written:
    """Give what was written on a tab that was there."""
    cells = {place: write.raw or {} for place, write in batch.writes.get(title, {}).items()}
    if title not in batch.appended:
        return Written(cells)
    first, rows = batch.appended[title]
    lines = tuple({column: write.raw or {} for column, write in line.items()} for line in rows)
    return Written(cells, first, lines)


def repair(
    seen: Seen, batch: Batch, painter: Painter, before: Mapping[int, Cells], after: Mapping[int, State], report: Report
) -> Batch:
    """Give the requests that set right what the state after a write shows; none where all is well.

    Args:
        seen: The document as read.
        batch: What was written.
        painter: How cells are written.
        before: Number of a tab → the cells that the write was planned for.
        after: The state after the write.
        report: Is told what was found.
    """
    again = report.repaired
    found = Batch(links=batch.links, inks=batch.inks, separator=batch.separator)
    for title in {**batch.writes, **batch.appended}:
        page = seen.pages[title]
        state = after.get(page.number)
        if state is None:
            continue
        race = settle(before.get(page.number, {}), state.cells, written_of(batch, title))
        if race != Race():
            report.races.setdefault(title, race)
        writes = {
            # Where a repair is set right, nobody knows any more which looks stood where it went wrong.
            place: _write(raw, race.sources.get(place), None if again else page, batch, title, painter)
            for place, raw in race.repairs.items()
        }
        # Rows that came to stand elsewhere take their looks along.
        for place, source in race.sources.items() if not again else ():
            if place not in writes and (look := _original(batch, title, source[1])) and look.format is not None:
                writes[place] = Write(None, look.format, tuple(each for each in look.fields if each != VALUE))
        if writes:
            found.update(title, page.number, writes)
            found.writes[title] = {place: write for place, write in writes.items() if write.raw is not None}
    _respell(seen, batch, after, found, report)
    report.repaired = report.repaired or bool(found.requests)
    return found


def _original(batch: Batch, title: str, place: Place) -> Write | None:
    if title in batch.appended:
        first, rows = batch.appended[title]
        if 0 <= place[0] - first < len(rows):
            return rows[place[0] - first].get(place[1])
    return batch.writes.get(title, {}).get(place)


def _write(
    raw: dict[str, Any],
    source: tuple[str, Place] | None,
    page: Page | None,
    batch: Batch,
    title: str,
    painter: Painter,
) -> Write:
    if source is None:
        return Write(raw, None, (VALUE,))
    kind, place = source
    original = _original(batch, title, place)
    if kind == "written" and original is not None:
        return Write(raw, original.format, original.fields)
    if page is None:
        return Write(raw, None, (VALUE,))
    role = painter.role_of(page.inks.get(place, ""))
    number = dict(page.numbers.get(place, {}))
    if role:
        return Write(raw, {**painter.format(Cell(None, role)), "numberFormat": number or None}, (VALUE, FORMAT))
    return Write(raw, {"numberFormat": number} if number else {}, (VALUE, NUMBERS))


def _respell(seen: Seen, batch: Batch, after: Mapping[int, State], found: Batch, report: Report) -> None:
    """Spell formulas anew that Google could not read, and remember how it wants them."""
    other = "," if batch.separator == ";" else ";"
    titles = {number: title for title, number in batch.links.items()}
    fresh = set(batch.fresh.values())
    count = 0
    for number, state in after.items():
        title = titles.get(number, "")
        ours = _formulas_of(batch, title)
        writes = {
            place: Write(_respelled(state.cells[place], other), None, (VALUE,))
            for place in state.unread
            if number in fresh or state.cells[place]["formulaValue"] in ours
        }
        if writes:
            count += len(writes)
            found.update(title, number, writes)
    if count:
        report.respelled += count
        found.add_all([seen.book.update(ledger.LOOKS, ledger.text_of({**batch.inks, ledger.SEPARATOR: other}))])


def _formulas_of(batch: Batch, title: str) -> set[str]:
    """Give the formulas that were written on a tab, wherever they came to stand."""
    lines = batch.appended.get(title, (0, []))[1]
    writes = [*batch.writes.get(title, {}).values(), *(write for line in lines for write in line.values())]
    return {write.raw["formulaValue"] for write in writes if write.raw and "formulaValue" in write.raw}


def _respelled(raw: Mapping[str, Any], separator: str) -> dict[str, Any]:
    text = formulas.plain(str(raw["formulaValue"]))
    return {"formulaValue": formulas.spelled(text, separator)}
