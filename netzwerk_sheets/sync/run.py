"""Carry a pass out on real workbooks: recover, read, prepare, remember, write, confirm."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from netzwerk_sheets.backends.excel import BackupPlace, ExcelWorkbook, FreshWorkbook
from netzwerk_sheets.errors import (
    NetzwerkError,
    WorkbookChanged,
    WorkbookInUse,
    WorkbookRefused,
    WriteUnconfirmed,
    WrongUse,
)
from netzwerk_sheets.languages import LOCALES
from netzwerk_sheets.place import portable
from netzwerk_sheets.state.folder import prepare_folder, state_folder
from netzwerk_sheets.state.lock import locked
from netzwerk_sheets.state.store import TAKEN_OVER, Store
from netzwerk_sheets.state.strays import strays
from netzwerk_sheets.sync.backups import backup_folder, keep_of, saved_copies
from netzwerk_sheets.sync.book import Content
from netzwerk_sheets.sync.ending import Done, Other
from netzwerk_sheets.sync.erasing import cleaned, looked_over, resume
from netzwerk_sheets.sync.opening import no_step, open_workbook
from netzwerk_sheets.sync.order import NO_MEMORY, Order, Pass
from netzwerk_sheets.sync.passes import finish, prepare
from netzwerk_sheets.sync.reading import made_ready, read_all, read_one, read_others, require_same_network
from netzwerk_sheets.sync.recall import (
    Marker,
    as_recovered,
    book_code,
    former_state,
    is_known,
    is_live,
    is_older,
    recall,
    recovered,
    store_path,
)
from netzwerk_sheets.sync.remember import remember
from netzwerk_sheets.sync.strays import known_afterwards, read_copies, what_became

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.grid import Edit
    from netzwerk_sheets.sync.opening import Step
    from netzwerk_sheets.sync.recall import Source

WHOLE = frozenset({"structure-protected", "tab-exists", "tab-name-illegal"})
"""Refusals that concern new tabs: nothing else can be done without them."""

ATTEMPTS = 3
"""How often a pass begins anew when somebody saves the workbook in between."""

T = TypeVar("T")


def adopt_state(workbook: Path, marker: Marker) -> None:
    """Give a workbook that was renamed or copied the state of the one it came from, where that still fits."""
    target = store_path(workbook)
    if target.exists():
        return
    store = former_state(marker)
    if store is not None:
        store.copy_to(target)
        store.close()


def _prepare(sources: Sequence[Source], order: Order, store: Store | None) -> Pass:
    order.tell("merge")
    first = sources[0]
    order = replace(order, named=portable(first.path.name))
    memory = NO_MEMORY if store is None else recall(store, sources)
    further = [
        Content(each.snapshot, each.workbook.roles, each.book, each.path.name, each.aside) for each in sources[1:]
    ]
    return prepare(first.snapshot, order, memory, roles=first.workbook.roles, further=further)


def look(path: Path, order: Order) -> Done:
    """Prepare a pass on a workbook, and the others of its network, without writing anything, here or there.

    Raises:
        WorkbookNotFound: There is no such file.
        AccessDenied: It may not be read.
        WorkbookRefused: The content cannot be handled safely.
        WrongUse: Another workbook belongs to another network.
    """
    first = read_one(path, "", order, no_step)
    marker = first.marker
    place = store_path(path)
    store = None if marker is None else Store(place) if place.exists() else former_state(marker)
    if marker is None:
        return Done(_prepare([first], order, None), written=False, anew=True)
    others, left_out = read_others(order, no_step)
    require_same_network(others, marker.network, order.into)
    sources = [first, *others]
    refused: list[tuple[str, str]] = []
    if store is not None:
        store = as_recovered(store, {source.book: source.snapshot for source in sources})
        sources, _ = made_ready(partial(looked_over, store), sources, refused)
    beside = read_copies(path, order, store)
    try:
        plan = _prepare([*sources, *beside.sources], order, store)
        known = store is not None and is_known(store, marker)
        older = known and store is not None and is_older(store, first)
        copies = what_became(plan, beside, known_afterwards(plan, beside, {} if store is None else strays(store)))
    finally:
        if store is not None:
            store.close()
    shown = tuple(Other(source.path, other) for source, other in zip(others, plan.others, strict=True))
    rest = (*shown, *left_out)
    done = Done(plan, written=False, anew=not known, older=older, others=rest, refused=tuple(refused), copies=copies)
    return _with_calls(done, sources)


# --- writing ----------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path, *, wait: float = 0) -> Iterator[Store]:
    """Hold the lock of a workbook and open its state.

    Raises:
        StateLocked: Another run is at work.
        AccessDenied: The state folder cannot be used.
    """
    prepare_folder(state_folder())
    with locked(path, wait=wait):
        store = Store(store_path(path))
        try:
            yield store
        finally:
            store.close()


def sync(path: Path, order: Order, *, wait: float = 0, step: Step = no_step) -> Done:
    """Do one pass over a workbook, and the others of its network, and write what must change.

    Another workbook that cannot be read or written is left as it is; `Done.others` says why.

    Args:
        path: The workbook.
        order: What is asked for.
        wait: Seconds to wait for another run to end.
        step: Called after every durable step; only tests use it.

    Raises:
        WorkbookChanged: Somebody kept saving the workbook meanwhile; nothing was written.
        WorkbookInUse: Somebody has it open; nothing was written.
        WrongUse: Nobody set the workbook up yet, or another one belongs to another network; nothing was written.
        NetzwerkError: See `ExcelWorkbook.read` and `ExcelWorkbook.apply`.
    """
    first = None
    if not store_path(path).exists():
        first = Marker.read(open_workbook(path, order.google).read().marker)
    if first is not None:
        prepare_folder(state_folder())
        adopt_state(path, first)
    with opened(path, wait=wait) as store:
        resumed = _patiently(lambda: resume(store, lambda: read_all(path, order, step)[0], step), wait)
        begin = store.next_run()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                done = _patiently(lambda: _attempt(path, store, order, begin, step), wait)
                return replace(done, resumed=resumed)
            except WriteUnconfirmed:
                raise  # the marker in the workbook tells the next run whether it was written
            except WorkbookChanged:
                _drop(store, order, begin)
                if attempt == ATTEMPTS:
                    raise
            except Exception:
                _drop(store, order, begin)
                raise
    raise WorkbookChanged("workbook-changed", file=path.name)


def _drop(store: Store, order: Order, begin: int) -> None:
    """Forget the writes that did not take place; of those before the run `begin` the workbooks tell."""
    for book in ("", *map(book_code, order.further)):
        store.settle(book, applied=False, since=begin)


def _patiently(attempt: Callable[[], T], wait: float) -> T:
    """Try again while somebody has the file open, as long as the person is willing to wait."""
    until = time.monotonic() + wait
    while True:
        try:
            return attempt()
        except WorkbookInUse:
            if time.monotonic() >= until:
                raise
            time.sleep(min(1.0, wait))


def _attempt(path: Path, store: Store, order: Order, begin: int, step: Step) -> Done:
    """Try once; a tab that cannot be written is left as it is, and the others go on."""
    while True:
        try:
            return _once(path, store, order, step)
        except WorkbookRefused as error:
            tab = error.facts.get("tab")
            if not isinstance(tab, str) or tab in order.skip or error.reason in WHOLE:
                raise
            _drop(store, order, begin)
            order = replace(order, skip={**order.skip, tab: (error.reason, error.facts)})


def _once(path: Path, store: Store, order: Order, step: Step) -> Done:
    first = read_one(path, "", order, step)
    marker = first.marker
    if marker is None and not order.create:
        raise WrongUse("not-set-up", file=str(path))
    network = marker.network if marker else store.meta("network") or store.meta("state")
    others, left_out = read_others(order, step)
    require_same_network(others, network, order.into)
    refused: list[tuple[str, str]] = []
    sources, open_still = made_ready(lambda source: (recovered(store, source), ()), [first, *others], refused)
    sources, in_use = made_ready(partial(cleaned, store), sources, refused)
    first, *others = sources
    left_out += [*open_still, *in_use]
    beside = read_copies(path, order, store if marker and not order.create else None)
    plan = _prepare([*sources, *beside.sources], order, store)
    settled = known_afterwards(plan, beside, strays(store))
    live = [is_live(store, source) for source in sources]
    known = is_known(store, marker)
    older = is_older(store, first)
    run = store.next_run()
    # A workbook that does not belong to this state as it is gets bound to it, even when nothing else is to be written.
    edits = [
        finish(part, Marker(network, store.meta("state"), run, source.book).text(), bind=not bound)
        for source, part, bound in zip(sources, (plan, *plan.others), live, strict=True)
    ]
    writes = frozenset(source.book for source, wanted in zip(sources, edits, strict=True) if wanted)
    forget = frozenset(source.book for source, bound in zip(sources, live, strict=True) if not bound)
    remember(store, plan, run, network, order.today, forget=forget, writes=writes, copies=settled)
    step("remembered")
    keep = keep_of(plan.picture.settings.values)
    if edits[0]:
        order.tell("write", path.name)
        _write(store, first, plan, edits[0], keep, step)
        if order.take_over and (copies := saved_copies(path)):
            # What people typed did not change, so no undo takes this back; the copy made just now does.
            store.put_meta(TAKEN_OVER, f"{run} {copies[0].made}")
    ended = [
        _write_other(store, source, part, wanted, keep, step)
        for source, part, wanted in zip(others, plan.others, edits[1:], strict=True)
    ]
    rest = (*ended, *left_out)
    done = Done(
        plan, bool(edits[0]), run, anew=not known, older=older, others=rest, refused=tuple(refused),
        copies=what_became(plan, beside, settled),
    )  # fmt: skip
    return _with_calls(done, sources)


def _with_calls(done: Done, sources: Sequence[Source]) -> Done:
    """Say how often Google was asked, and whether people were quicker there."""
    online = [each.workbook for each in sources if not isinstance(each.workbook, ExcelWorkbook)]
    if not online:
        return done
    kinds = ("reads", "writes", "drive")
    calls = {kind: sum(getattr(each.transport.calls, kind) for each in online) for kind in kinds}
    return replace(done, calls=calls, repaired=any(each.repaired for each in online))


def _write(store: Store, source: Source, plan: Pass, edits: Sequence[Edit], keep: tuple[int, int], step: Step) -> None:
    if isinstance(source.workbook, ExcelWorkbook):  # Google keeps every version by itself
        source.workbook.back_up_to(BackupPlace(backup_folder(source.path), *keep))
    if isinstance(source.workbook, FreshWorkbook):
        source.workbook.call(plan.picture.network.name, LOCALES[plan.words.language])
    written = source.workbook.apply(edits, expected=source.snapshot.revision, look=plan.look)
    step("applied")
    exact = written if isinstance(source.workbook, ExcelWorkbook) else ""  # at Google equal content has equal revisions
    store.settle(source.book, applied=True, written=exact)
    step("settled")


def _write_other(
    store: Store, source: Source, plan: Pass, edits: Sequence[Edit], keep: tuple[int, int], step: Step
) -> Other:
    """Write to another workbook; where that fails it stays as it is and is written by a later run."""
    if not edits:
        return Other(source.path, plan)
    try:
        _write(store, source, plan, edits, keep, step)
    except WriteUnconfirmed as error:
        return Other(source.path, plan, error=error)
    except NetzwerkError as error:
        store.settle(source.book, applied=False)
        return Other(source.path, plan, error=error)
    return Other(source.path, plan, written=True)


def started(path: Path, plan: Pass, marker: Marker, today: date) -> None:
    """Remember a workbook that was just made, as if a run had written it.

    Args:
        path: The new workbook.
        plan: The pass that made it.
        marker: What was left in it.
        today: The day.
    """
    with opened(path) as store:
        store.put_meta("state", marker.state)
        remember(store, plan, marker.run, marker.network, today, forget=frozenset({""}), writes=frozenset({""}))
        store.settle(applied=True)
