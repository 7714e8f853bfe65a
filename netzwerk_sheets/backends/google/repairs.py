"""What an answer to a write shows: races with people, and formulas that Google could not read; and the repair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google import formulas, ledger
from netzwerk_sheets.backends.google.batch import FORMAT, NOTE, NUMBERS, VALUE, Batch, Write
from netzwerk_sheets.backends.google.races import Race, Written, moves, settle
from netzwerk_sheets.backends.google.reading import cells_of, is_unread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netzwerk_sheets.backends.google.lines import Cells
    from netzwerk_sheets.backends.google.races import Moves
    from netzwerk_sheets.backends.google.reading import Page, Place, Seen

_STATE = (
    "sheets(properties(sheetId),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue(errorValue),note))))"
)
STATE_FIELDS = f"replies,updatedSpreadsheet({_STATE})"
"""The state after a write, asked for in the same request."""

LOOKED_UP_FIELDS = f"developerMetadata(metadataId,metadataKey,metadataValue,location(locationType)),{_STATE}"
"""The same, where that answer was lost, and which run wrote last."""


@dataclass(frozen=True, slots=True)
class State:
    """What a tab holds.

    Attributes:
        cells: Filled cells.
        notes: Notes that hang on cells.
        unread: Cells with a formula that Google could not read.
    """

    cells: Cells = field(default_factory=dict)
    notes: Mapping[Place, str] = field(default_factory=dict)
    unread: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Sent:
    """A write, and what must be known to set it right.

    Attributes:
        pages: Title of a tab → the tab as it was read.
        book: What the tool left in the document before.
        batch: What was written.
        look_of: Colour of a text → how cells of the role look that it tells, or `None`.
    """

    pages: Mapping[str, Page]
    book: ledger.Ledger
    batch: Batch
    look_of: Callable[[str], Mapping[str, Any] | None]

    def followed_by(self, batch: Batch) -> Sent:
        """Give what sets it right, as a write of its own."""
        return Sent(self.pages, self.book, batch, self.look_of)


def as_read(seen: Seen) -> dict[int, State]:
    """Give what the tabs held when they were read: number of a tab → what it held."""
    return {
        page.number: State(
            page.raw, {place: note.text for place, note in seen.snapshot.tab(title).notes.items()}, page.unread
        )
        for title, page in seen.pages.items()
    }


def states(reply: Mapping[str, Any]) -> dict[int, State]:
    """Read the state after a write: number of a tab → what it holds."""
    found = {}
    for sheet in (reply.get("updatedSpreadsheet") or {}).get("sheets") or ():
        cells, notes, unread = {}, {}, set()
        for place, cell in cells_of(sheet):
            if cell.get(NOTE):
                notes[place] = str(cell[NOTE])
            raw = cell.get("userEnteredValue")
            if not raw:
                continue
            cells[place] = raw
            if is_unread(cell):
                unread.add(place)
        found[int((sheet.get("properties") or {}).get("sheetId", 0))] = State(cells, notes, frozenset(unread))
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
    sent: Sent, before: Mapping[int, State], after: Mapping[int, State], report: Report, *, later: bool
) -> Batch:
    """Give the requests that set right what the state after a write shows; none where all is well.

    Args:
        sent: What was written.
        before: Number of a tab → what it held when the write was planned.
        after: The state after the write.
        report: Is told what was found.
        later: Whether people may have gone on since the write; see `races`.
    """
    again, batch = report.repaired, sent.batch
    found = Batch(links=batch.links, inks=batch.inks, separator=batch.separator)
    for title in batch.tabs:
        page = sent.pages[title]
        state, old = after.get(page.number), before.get(page.number, State())
        if state is None:
            continue
        written = written_of(batch, title)
        if title in batch.notes and _noted(old.notes, batch.notes[title]) != state.notes:
            ways = moves(old.cells, state.cells, written, later=later)
            found.annotate(title, page.number, notes_to_set_right(old.notes, state.notes, batch.notes[title], ways))
        race = settle(old.cells, state.cells, written, later=later)
        if race != Race():
            report.races.setdefault(title, race)
        writes = {
            # Where a repair is set right, nobody knows any more which looks stood where it went wrong.
            place: _write(raw, race.sources.get(place), None if again else page, sent, title)
            for place, raw in race.repairs.items()
        }
        # Rows that came to stand elsewhere take their looks along.
        for place, source in race.sources.items() if not again else ():
            if place not in writes and (look := _original(batch, title, source[1])) and look.format is not None:
                writes[place] = Write(None, look.format, tuple(each for each in look.fields if each != VALUE))
        if writes:
            found.update(title, page.number, writes)
            found.writes[title] = {place: write for place, write in writes.items() if write.raw is not None}
    _respell(sent, after, found, report)
    if found.requests and batch.marker:
        found.marker = ledger.mended(batch.marker)
        found.add_all([sent.book.update(ledger.MARKER, found.marker)])
    report.repaired = report.repaired or bool(found.requests)
    return found


def _noted(notes: Mapping[Place, str], written: Mapping[Place, str]) -> dict[Place, str]:
    return {place: text for place, text in {**notes, **written}.items() if text}


def notes_to_set_right(
    before: Mapping[Place, str], after: Mapping[Place, str], written: Mapping[Place, str], ways: Moves
) -> dict[Place, str]:
    """Say which notes belong where, when cells moved between reading and writing; an empty one is taken away.

    Args:
        before: Notes as read.
        after: Notes right after the write.
        written: Notes that were written.
        ways: Where cells went.
    """
    found: dict[Place, str] = {}
    for place, text in written.items():
        target = ways.to(place)
        if target == place:
            continue
        was = ways.back(place)
        if was not in written and after.get(place, "") == text:
            found.setdefault(place, before.get(was, "") if was else "")
        if target is None:
            continue
        # What people hung up or changed there meanwhile stays; what we hung up there belongs elsewhere.
        free = {written.get(target), "" if text else before.get(place)}
        if after.get(target, "") in free:
            found[target] = text
    return {place: text for place, text in found.items() if after.get(place, "") != text}


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
    sent: Sent,
    title: str,
) -> Write:
    if source is None:
        return Write(raw, None, (VALUE,))
    kind, place = source
    original = _original(sent.batch, title, place)
    if kind == "written" and original is not None:
        return Write(raw, original.format, original.fields)
    if page is None:
        return Write(raw, None, (VALUE,))
    look = sent.look_of(page.inks.get(place, ""))
    number = dict(page.numbers.get(place, {}))
    if look:
        return Write(raw, {**look, "numberFormat": number or None}, (VALUE, FORMAT))
    return Write(raw, {"numberFormat": number} if number else {}, (VALUE, NUMBERS))


def _respell(sent: Sent, after: Mapping[int, State], found: Batch, report: Report) -> None:
    """Spell formulas anew that Google could not read, and remember how it wants them."""
    batch = sent.batch
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
        found.add_all([sent.book.update(ledger.LOOKS, ledger.text_of({**batch.inks, ledger.SEPARATOR: other}))])


def _formulas_of(batch: Batch, title: str) -> set[str]:
    """Give the formulas that were written on a tab, wherever they came to stand."""
    lines = batch.appended.get(title, (0, []))[1]
    writes = [*batch.writes.get(title, {}).values(), *(write for line in lines for write in line.values())]
    return {write.raw["formulaValue"] for write in writes if write.raw and "formulaValue" in write.raw}


def _respelled(raw: Mapping[str, Any], separator: str) -> dict[str, Any]:
    text = formulas.plain(str(raw["formulaValue"]))
    return {"formulaValue": formulas.spelled(text, separator)}
