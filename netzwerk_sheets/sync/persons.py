"""What a person may ask for: where their data stand, a copy of them, and that they are erased."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.traces import Traces, keys_of, keys_of_phrase, record
from netzwerk_sheets.errors import WorkbookChanged, WriteUnconfirmed, WrongUse
from netzwerk_sheets.grid import SetCell, shown
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.sheets.render.frame import address
from netzwerk_sheets.state.codec import decode
from netzwerk_sheets.state.erased import CONTACTS, drop_erased, erased, forget, salt_of, texts_of
from netzwerk_sheets.state.store import Store
from netzwerk_sheets.sync.copies import copies_with, strays_with
from netzwerk_sheets.sync.erasing import Erasure, begin, carry_out, resume
from netzwerk_sheets.sync.opening import no_step
from netzwerk_sheets.sync.past import remembered
from netzwerk_sheets.sync.reading import read_all
from netzwerk_sheets.sync.recall import recovered, store_path
from netzwerk_sheets.sync.run import ATTEMPTS, opened
from netzwerk_sheets.sync.traces import gone_word, plain_cells, row_id, shared_keys, trail_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from netzwerk_sheets.analysis.traces import Record
    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.state.past import Line
    from netzwerk_sheets.sync.opening import Step
    from netzwerk_sheets.sync.order import Order
    from netzwerk_sheets.sync.recall import Source

REMEMBERED = {
    "hub": "agreed", "base": "agreed", "base_old": "earlier", "tombstone": "trash", "proposed": "agreed",
    "change": "history", "shown": "shown", "pending": "underway", "sent": "underway", "meta": "agreed",
}  # fmt: skip
"""Table of the state → what people call it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person stands.

    Attributes:
        kind: ``row`` (the contact itself), ``cell``, ``note``, ``talk`` (a conversation on a cell), ``properties``,
            ``author``, ``pivot``, ``drawing``, ``link``; of what is remembered ``agreed``, ``earlier``, ``trash``,
            ``history``, ``shown``, ``underway``; ``copy`` for a saved copy, ``stray`` for a conflict copy.
        file: Name of the workbook or of a copy; empty for what is remembered.
        tab: Title of the tab, where there is one.
        cell: Its address, where there is one.
        table: Code of the table, where the cell belongs to one.
        row: Id of the row, where there is one.
        column: Code of the column, where there is one.
        count: How many there are.
    """

    kind: str
    file: str = ""
    tab: str = ""
    cell: str = ""
    table: str = ""
    row: str = ""
    column: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """Everything about one person.

    Attributes:
        row: Id of the contact.
        places: Where the person stands.
        values: (place, value) of all cells of workbooks among them.
        lines: The history of the contact.
        one_word: Whether the name is a single word, by which nobody can be found elsewhere.
        shared: Whether another contact has the same name, address or number: those are not looked for.
        unread: Workbooks of the network that could not be read, by name.
    """

    row: str
    places: tuple[Place, ...]
    values: tuple[tuple[Place, Value], ...]
    lines: tuple[Line, ...] = ()
    one_word: bool = False
    shared: bool = False
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Known:
    """What identifies a person, from everywhere it is known."""

    keys: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    found: bool = False

    def take(self, cells: Iterable[tuple[str, object]]) -> None:
        for code, value in cells:
            text = text_of(shown(value)) if not isinstance(value, dict) else text_of(shown(decode(value)))  # type: ignore[arg-type]
            if not text:
                continue
            self.found = True
            if code == "id":
                continue
            self.keys |= keys_of({code: text})
            if isinstance(value, str):
                self.cells.add(text)
            if code == "name":
                self.names.add(text)


def _known(store: Store | None, sources: Sequence[Source], row: str, also: Sequence[str]) -> _Known:
    """Gather what is known of a contact.

    Raises:
        WrongUse: There is no such contact, and never was.
    """
    known = _Known()
    if store is not None:
        known.take(texts_of(store, row))
        known.found = known.found or any(each.row == row for each in erased(store))
    for source in sources:
        seen = locate(source.snapshot).tables.get(CONTACTS)
        for one in seen.rows if seen else ():
            if seen is not None and row_id(one) == row:
                known.take(plain_cells(one).items())
                raw = seen.tab.rows.get(one.number, {})
                known.take((header, raw.get(column)) for column, header in seen.unknown.items())
    if not known.found:
        raise WrongUse("person-unknown", row=row)
    for phrase in also:
        known.keys |= keys_of_phrase(phrase)
    return known


def _traces(store: Store | None, sources: Sequence[Source], who: Record, known: _Known) -> tuple[Traces, bool]:
    """Give how a person is found, and whether others share some of it."""
    before = [each for each in erased(store) if each.row != who.row] if store is not None else []
    earlier = [each for each in erased(store) if each.row == who.row] if store is not None else []
    hub = store.read(CONTACTS).hub if store is not None else {}
    located = [locate(source.snapshot) for source in sources]
    shared = shared_keys(hub, located, [who, *before])
    return Traces([who, *earlier], gone_word(located[0]), shared), bool(shared & known.keys)


def find(path: Path, order: Order, row: str, also: Sequence[str] = ()) -> Found:
    """Find every place where a contact stands; nothing is written.

    Args:
        path: The first workbook.
        order: Its network.
        row: Id of the contact.
        also: Further texts by which the person is called.

    Raises:
        WrongUse: There is no such contact, and never was.
        NetzwerkError: The workbook cannot be read.
    """
    from netzwerk_sheets.state.past import lines

    sources, unread = read_all(path, order)
    with remembered(path, order.google) as store:
        known = _known(store, sources, row, also)
        who = record(row, 0, order.today.isoformat(), "look", known.keys, known.cells)
        traces, shared = _traces(store, sources, who, known)
        values = [found for source in sources for found in _cells(source, traces)]
        places = [place for place, _ in values]
        for source in sources:
            _, trail = trail_of(source.snapshot, traces)
            places += [Place(kind, source.path.name, tab, cell) for kind, tab, cell in source.workbook.traces(trail)]
        marker = sources[0].marker
        network = marker.network if marker else ""
        places += _remembered(store, network, row, traces)
        past = tuple(line for line in lines(store) if (line.table, line.change.row) == (CONTACTS, row)) if store else ()
    places += [Place("copy", each.path.name) for each in copies_with([one.path for one in sources], network, traces)]
    places += [Place("stray", each.name) for each in strays_with(path, order.further, traces)]
    whole = any(key.startswith("n:") for key in known.keys)
    return Found(
        row, tuple(places), tuple(values), past, bool(known.names) and not whole, shared,
        tuple(each.path.name for each in unread),
    )  # fmt: skip


def _cells(source: Source, traces: Traces) -> list[tuple[Place, Value]]:
    """Give the cells of a workbook in which a person stands, with what stands there."""
    located = locate(source.snapshot)
    edits, trail = trail_of(source.snapshot, traces)
    own = {edit.spot for edit in edits if isinstance(edit, SetCell)}
    known = {}
    for seen in located.seen():
        codes = {number: code for code, number in seen.columns.items()}
        for one in seen.rows:
            for column in (*codes, *seen.unknown):
                known[seen.tab.title, one.number, column] = (seen.code, row_id(one), codes.get(column, ""))
    found = []
    for tab in source.snapshot.tabs:
        rows = trail.rows.get(tab.title, ())
        for number, cells in sorted(tab.rows.items()):
            for column, value in sorted(cells.items()):
                text = text_of(shown(value))
                here = any((spot.tab, spot.row, spot.column) == (tab.title, number, column) for spot in own)
                if here or (text and trail.clean(text) != text):
                    table, row, code = known.get((tab.title, number, column), ("", "", ""))
                    kind = "row" if number in rows else "cell"
                    place = Place(kind, source.path.name, tab.title, address(number, column), table, row, code)
                    found.append((place, value))
    return found


def _remembered(store: Store | None, network: str, row: str, traces: Traces) -> list[Place]:
    """Count what the states of a network remember of a person, by trying out to forget it on a copy in memory."""
    count: dict[str, int] = {}
    if store is not None:
        for path in sorted(store.path.parent.glob("*.sqlite")):
            with closing(Store(path)) as one:
                if (one.meta("network") or one.meta("state")) != network:
                    continue
                one.detach()
                with one.transaction():
                    for table, number in forget(one, [row], traces).items():
                        kind = REMEMBERED[table]
                        count[kind] = count.get(kind, 0) + number
    return [Place(kind, count=number) for kind, number in count.items()]


def erase(
    path: Path, order: Order, row: str, *, also: Sequence[str] = (), wait: float = 0, step: Step = no_step
) -> Erasure:
    """Erase a contact everywhere the tool can reach; where that was done and nothing came back, nothing is noted again.

    Args:
        path: The first workbook.
        order: Its network.
        row: Id of the contact.
        also: Further texts by which the person is called.
        wait: Seconds to wait for another run to end.
        step: Called after every durable step; only tests use it.

    Raises:
        WrongUse: There is no such contact, and never was; nothing was written.
        NetzwerkError: The workbook cannot be written; nothing was written. What was begun before is carried on by
            the next run.
    """
    if not store_path(path).exists():
        raise WrongUse("person-sync-first", file=path.name)
    with opened(path, wait=wait) as store:
        resume(store, lambda: read_all(path, order, step)[0], step)
        day = next((each.day for each in erased(store) if each.row == row), "")
        if day and not also:
            found = find(path, order, row)
            if all(each.kind == "stray" for each in found.places):
                left = [("open", name) for name in found.unread] + [("copy", each.file) for each in found.places]
                return Erasure((row,), day, left=left, before=day, nothing=True)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _once(store, path, order, row, also, step)
            except WorkbookChanged:
                if attempt == ATTEMPTS:
                    raise
    raise WorkbookChanged("workbook-changed", file=path.name)


def _once(store: Store, path: Path, order: Order, row: str, also: Sequence[str], step: Step) -> Erasure:
    read, left_out = read_all(path, order, step)
    sources = [recovered(store, source) for source in read]
    known = _known(store, sources, row, also)
    before = next((each for each in erased(store) if each.row == row), None)
    who = record(row, store.next_run(), order.today.isoformat(), salt_of(store), known.keys, known.cells)
    traces, _ = _traces(store, sources, who, known)
    begin(store, [who], sources, order.today)
    step("recorded")
    done = Erasure((row,), who.day, before=before.day if before is not None else "")
    try:
        carry_out(store, sources, [next(each for each in erased(store) if each.row == row)], done, step)
    except WriteUnconfirmed:
        raise  # the marker in the workbook tells the next run whether it was written
    except Exception:
        _take_back(store, sources, who, before, done)
        raise
    done.left += [("open", each.path.name) for each in left_out]
    done.left += [("copy", each.name) for each in strays_with(path, order.further, traces)]
    return done


def _take_back(store: Store, sources: Sequence[Source], who: Record, before: Record | None, done: Erasure) -> None:
    """Forget an erasure that could not begin; one that did is carried on by the next run."""
    for source in sources:
        store.settle(source.book, applied=False)
    if not done.files:
        with store.transaction():
            drop_erased(store, who, before)
