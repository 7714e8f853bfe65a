"""Erase people everywhere the tool can reach: workbooks, what is remembered, saved copies; and keep them erased.

One step that may be repeated: it works from the record alone, which holds no data of the person. The record is
stored first. So a run killed at any moment is carried on by the next one, and an old copy of the workbook that is
put back later goes through the same step before anything of it is merged.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.analysis.traces import Traces
from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.errors import NetzwerkError, StateLocked
from netzwerk_sheets.grid import SetMarker
from netzwerk_sheets.merge import Change, ChangeKind
from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.state.erased import CONTACTS, erased, finish_erased, forget, put_erased
from netzwerk_sheets.state.lock import locked
from netzwerk_sheets.state.pending import Pending
from netzwerk_sheets.state.store import Store
from netzwerk_sheets.sync.copies import forget_in_copies
from netzwerk_sheets.sync.recall import Marker, is_live, recovered
from netzwerk_sheets.sync.traces import gone_word, rows_about, shared_keys, trail_of, without_people

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netzwerk_sheets.analysis.traces import Record
    from netzwerk_sheets.grid import Snapshot
    from netzwerk_sheets.sync.opening import Step
    from netzwerk_sheets.sync.recall import Source

PATIENCE_SECONDS = 2.0
"""How long to wait for another process that is reading the state."""


@dataclass(slots=True)
class Erasure:
    """What erasing came to.

    Attributes:
        rows: Ids of the rows.
        day: The day, ISO.
        files: Workbooks that hold nothing of the people any more, by name.
        places: How many parts or cells of them differ.
        state: Table of the state → how many of its rows differ or are gone.
        copies: Saved copies that were written anew.
        dropped: Saved copies that could not be, and were deleted.
        left: (code of the reason, what it is about): what was not reached.
        before: The day of an earlier erasure of the same person, ISO; empty where there was none.
        nothing: Whether nothing of the person was found, so that nothing was written or noted.
    """

    rows: tuple[str, ...]
    day: str = ""
    files: list[str] = field(default_factory=list)
    places: int = 0
    state: dict[str, int] = field(default_factory=dict)
    copies: int = 0
    dropped: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    before: str = ""
    nothing: bool = False

    @property
    def later(self) -> bool:
        """Whether the same command later reaches more."""
        return any(code in {"open", "busy", "reading"} for code, _ in self.left)


def begin(store: Store, records: Sequence[Record], sources: Sequence[Source], today: date) -> None:
    """Store who shall be erased, and which workbooks are about to be written for it, in one transaction."""
    run = store.next_run()
    with store.transaction():
        store.put_run(run, today, __version__, "planned", 0)
        for record in records:
            put_erased(store, record)
            store.add_changes(run, CONTACTS, [Change(record.row, "", None, None, "", ChangeKind.ERASE)])
        for source in sources:
            if is_live(store, source):
                store.put_pending(Pending(run, {}, {}), source.book)


def carry_out(store: Store, sources: Sequence[Source], records: Sequence[Record], done: Erasure, step: Step) -> None:
    """Erase what records say; what is erased already stays so.

    The first workbook must be written; another one that cannot be is left, and goes through this at a later run.

    Args:
        store: The state.
        sources: The workbooks, the first first.
        records: Who shall be erased; stored already.
        done: Is told what happened, also where this ends with an error.
        step: Called after every durable step; only tests use it.

    Raises:
        NetzwerkError: Where `done` names no file, the first workbook cannot be written and nothing else was touched.
    """
    located = [locate(source.snapshot) for source in sources]
    every = {each.row: each for each in (*erased(store), *records)}
    shared = shared_keys(store.read(CONTACTS).hub, located, list(every.values()))
    traces = Traces(list(records), gone_word(located[0]), shared)
    for source in sources:
        try:
            _write(store, source, traces, done, step)
        except NetzwerkError:
            if not source.book:
                raise
            store.settle(source.book, applied=False)
            done.left.append(("open", source.path.name))
    with store.transaction():
        for table, number in forget(store, done.rows, traces).items():
            done.state[table] = done.state.get(table, 0) + number
    step("state")
    network = store.meta("network") or store.meta("state")
    _other_states(store, network, records, traces, done)
    forget_in_copies([source.path for source in sources], network, traces, done)
    step("copies")
    if not _compacted(store):
        done.left.append(("reading", ""))
        return
    step("compacted")
    with store.transaction():
        finish_erased(store, done.rows)
    step("finished")


def _write(store: Store, source: Source, traces: Traces, done: Erasure, step: Step) -> None:
    marker, live = source.marker, is_live(store, source)
    edits, trail = trail_of(source.snapshot, traces, by_id=_is_ours(source, store))
    pending = store.pending(source.book)
    if live and marker is not None and pending is not None:
        # The number of this run stands in the workbook from now on: one without it may still hold the people.
        edits.append(SetMarker(Marker(marker.network, marker.state, pending.run, marker.book).text()))
    found = source.workbook.forget(edits, trail, expected=source.snapshot.revision, look={})
    step("applied")
    store.settle(source.book, applied=live)
    step("settled")
    done.files.append(source.path.name)
    done.places += found.places + sum(not isinstance(edit, SetMarker) for edit in edits)
    done.left += [("structure", each) for each in found.kept]
    if found.unseen:
        done.left.append(("pictures", source.path.name))
    if not isinstance(source.workbook, ExcelWorkbook):
        done.left.append(("google", ""))


def _compacted(store: Store) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not store.compact():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _other_states(store: Store, network: str, records: Sequence[Record], traces: Traces, done: Erasure) -> None:
    """Erase in what is remembered of the same network under other places: of copies, and from before a renaming."""
    for path in sorted(store.path.parent.glob("*.sqlite")):
        if path == store.path:
            continue
        try:
            with locked(path.stem, wait=0), contextlib.closing(Store(path)) as other:
                if (other.meta("network") or other.meta("state")) != network:
                    continue
                _in_other(other, records, traces, done)
                if not _compacted(other):
                    done.left.append(("reading", ""))
        except StateLocked:
            done.left.append(("busy", ""))


def _in_other(other: Store, records: Sequence[Record], traces: Traces, done: Erasure) -> None:
    run = other.next_run()
    known = {each.row for each in erased(other)}
    hub = other.read(CONTACTS).hub
    # In a copy that went its own way an id may have come to somebody else.
    rows = [each.row for each in records if each.row not in hub or traces.of(hub[each.row]) == each]
    with other.transaction():
        for table, number in forget(other, rows, traces).items():
            done.state[table] = done.state.get(table, 0) + number
        for record in records:
            if record.row not in known and record.row in rows:
                other.put_run(run, date.fromisoformat(record.day), __version__, "done", 0)
                put_erased(other, replace(record, run=run, unfinished=False))


# --- afterwards -------------------------------------------------------------------------------------------


def _is_ours(source: Source, store: Store) -> bool:
    """Say whether a workbook was written under this state, so that ids mean the same in it."""
    return source.marker is not None and source.marker.state in {store.meta("state"), store.meta("origin")}


def stale(source: Source, store: Store) -> list[Record]:
    """Give the records of people who were erased after a workbook was last written: it may still hold them."""
    marker = source.marker
    if marker is None:
        return []
    ours = _is_ours(source, store)
    return [each for each in erased(store) if not ours or marker.run < each.run]


def _traces(store: Store, snapshot: Snapshot, records: Sequence[Record]) -> Traces:
    located = locate(snapshot)
    shared = shared_keys(store.read(CONTACTS).hub, [located], erased(store))
    return Traces(records, gone_word(located), shared)


def looked_over(store: Store, source: Source) -> tuple[Source, tuple[str, ...]]:
    """Give a workbook as it would be read without people who were erased since, and who they are; only for looking."""
    records = stale(source, store)
    if not records:
        return source, ()
    traces, by_id = _traces(store, source.snapshot, records), _is_ours(source, store)
    rows = _stand_in(source, traces, by_id=by_id)
    return replace(source, snapshot=without_people(source.snapshot, traces, by_id=by_id)), rows


def cleaned(store: Store, source: Source) -> tuple[Source, tuple[str, ...]]:
    """Take people out of a workbook who were erased since it was last written, before anything of it is merged.

    Returns:
        The workbook, read again where it was written, and the ids of the rows it still held.

    Raises:
        NetzwerkError: It cannot be written; nothing was.
    """
    records = stale(source, store)
    if not records:
        return source, ()
    traces, by_id = _traces(store, source.snapshot, records), _is_ours(source, store)
    rows = _stand_in(source, traces, by_id=by_id)
    edits, trail = trail_of(source.snapshot, traces, by_id=by_id)
    found = source.workbook.forget(edits, trail, expected=source.snapshot.revision, look={})
    if not edits and not found.places:
        return source, rows
    return replace(source, snapshot=source.workbook.read()), rows


def _stand_in(source: Source, traces: Traces, *, by_id: bool) -> tuple[str, ...]:
    found = rows_about(locate(source.snapshot), traces, by_id=by_id)
    return tuple(dict.fromkeys(stands.record.row for stands in found))


def resume(store: Store, read: Callable[[], Sequence[Source]], step: Step) -> Erasure | None:
    """Carry on with what an earlier run began to erase; `None` where there is nothing of it.

    Raises:
        NetzwerkError: See `carry_out`.
    """
    records = [each for each in erased(store) if each.unfinished]
    if not records:
        return None
    sources = [recovered(store, source) for source in read()]
    done = Erasure(tuple(each.row for each in records), max(each.day for each in records))
    carry_out(store, sources, records, done, step)
    return done
