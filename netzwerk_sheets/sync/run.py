"""Carry a pass out on real workbooks: recover, read, prepare, remember, write, confirm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from netzwerk_sheets.backends.excel import BackupPlace, ExcelWorkbook, FreshWorkbook, list_backups
from netzwerk_sheets.errors import (
    NetzwerkError,
    WorkbookChanged,
    WorkbookInUse,
    WorkbookRefused,
    WriteUnconfirmed,
    WrongUse,
)
from netzwerk_sheets.place import portable
from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.state.folder import key_of, prepare_folder, state_folder
from netzwerk_sheets.state.lock import locked
from netzwerk_sheets.state.store import TAKEN_OVER, Store
from netzwerk_sheets.state.strays import strays
from netzwerk_sheets.sync.book import Content
from netzwerk_sheets.sync.erasing import Erasure, cleaned, looked_over, resume
from netzwerk_sheets.sync.opening import open_workbook
from netzwerk_sheets.sync.order import NO_MEMORY, Order, Pass
from netzwerk_sheets.sync.passes import finish, prepare
from netzwerk_sheets.sync.recall import (
    Marker,
    Source,
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
from netzwerk_sheets.sync.strays import Copy, copies_of, read_copies, settle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.backends.excel import Backup
    from netzwerk_sheets.grid import Edit


WHOLE = frozenset({"structure-protected", "tab-exists", "tab-name-illegal"})
"""Refusals that concern new tabs: nothing else can be done without them."""

LOCALES = {"de": "de-DE", "en": "en-GB"}
"""Language of a workbook → what its properties call it."""

ATTEMPTS = 3
"""How often a pass begins anew when somebody saves the workbook in between."""

Step = Callable[[str], None]
T = TypeVar("T")


def _no_step(_name: str) -> None:
    """Do nothing between two durable steps."""


@dataclass(frozen=True, slots=True)
class Other:
    """How a run ended for another workbook of the network.

    Attributes:
        path: The file.
        plan: What would be or was written to it; `None` where it could not be read.
        error: Why it was left out or could not be written, or `None`.
    """

    path: Path
    plan: Pass | None = None
    written: bool = False
    error: NetzwerkError | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended.

    Attributes:
        plan: What it found and wrote.
        written: Whether the workbook was written.
        run: Its number; 0 where only the workbook was read.
        anew: Whether there was nothing to compare with: no state of this workbook is known here.
        older: Whether it is an older copy that was put back: what changed since is brought in.
        others: The network's other workbooks.
        calls: How often Google was asked, by kind; empty where nobody asked.
        repaired: Whether something was set right there, because people were quicker than the write.
        refused: (id, file): erased people who still stood in an older copy and were not taken in again.
        resumed: What this run had to erase first, because an earlier one was cut off; `None` where nothing was.
        copies: The conflict copies beside the workbook.
    """

    plan: Pass
    written: bool
    run: int = 0
    anew: bool = False
    older: bool = False
    others: tuple[Other, ...] = ()
    calls: Mapping[str, int] = field(default_factory=dict)
    repaired: bool = False
    refused: tuple[tuple[str, str], ...] = ()
    resumed: Erasure | None = None
    copies: tuple[Copy, ...] = ()


def backup_folder(workbook: Path) -> Path:
    """Give the place of a workbook's saved copies."""
    return state_folder() / "backups" / key_of(workbook)


def saved_copies(workbook: Path) -> list[Backup]:
    """List them in the order in which `restore` counts them: newest first."""
    return list(reversed(list_backups(backup_folder(workbook))))


def copy_with(workbook: Path, table: str, rows: int) -> int:
    """Give the number of the newest saved copy in which a table has so many rows; 0 where there is none.

    After rows were deleted by mistake the newest copy lacks them as well: it was made when the run wrote that held them
    back.
    """
    for number, copy in enumerate(saved_copies(workbook), start=1):
        with suppress(NetzwerkError):  # one that cannot be read is no help
            seen = locate(ExcelWorkbook(copy.path).read()).tables.get(table)
            if seen is not None and len(seen.rows) >= rows:
                return number
    return 0


def adopt_state(workbook: Path, marker: Marker) -> None:
    """Give a workbook that was renamed or copied the state of the one it came from, where that still fits."""
    target = store_path(workbook)
    if target.exists():
        return
    store = former_state(marker)
    if store is not None:
        store.copy_to(target)
        store.close()


# --- reading ----------------------------------------------------------------------------------------------


def _read(path: Path, code: str, order: Order, step: Step) -> Source:
    order.tell("read", path.name)
    workbook = open_workbook(path, order.google, step, fresh=bool(code) and code == order.into)
    return Source(code, path, workbook, workbook.read())


def _read_others(order: Order, step: Step) -> tuple[list[Source], list[Other]]:
    """Read the network's other workbooks; one that cannot be read is left out and the rest goes on."""
    found, left_out = [], []
    for path in order.further:
        try:
            found.append(_read(path, book_code(path), order, step))
        except NetzwerkError as error:
            left_out.append(Other(path, error=error))
    return found, left_out


def _require_same(sources: Sequence[Source], network: str, joining: str) -> None:
    """Make sure that all workbooks belong to one network.

    Raises:
        WrongUse: One was never set up, or belongs to another network; nothing was written.
    """
    for source in sources:
        marker = source.marker
        if marker is None and source.book == joining:
            continue
        if marker is None or marker.network != network:
            raise WrongUse("not-this-network", file=str(source.path))


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
    first = _read(path, "", order, _no_step)
    marker = first.marker
    place = store_path(path)
    store = None if marker is None else Store(place) if place.exists() else former_state(marker)
    if marker is None:
        return Done(_prepare([first], order, None), written=False, anew=True)
    others, left_out = _read_others(order, _no_step)
    _require_same(others, marker.network, order.into)
    sources = [first, *others]
    refused: list[tuple[str, str]] = []
    if store is not None:
        store = as_recovered(store, {source.book: source.snapshot for source in sources})
        sources, _ = _without(partial(looked_over, store), sources, refused)
    beside = read_copies(path, order, store)
    try:
        plan = _prepare([*sources, *beside.sources], order, store)
        known = store is not None and is_known(store, marker)
        older = known and store is not None and is_older(store, first)
        copies = copies_of(plan, beside, settle(plan, beside, {} if store is None else strays(store)))
    finally:
        if store is not None:
            store.close()
    shown = tuple(Other(source.path, other) for source, other in zip(others, plan.others, strict=True))
    rest = (*shown, *left_out)
    done = Done(plan, written=False, anew=not known, older=older, others=rest, refused=tuple(refused), copies=copies)
    return _with_calls(done, sources)


def _without(
    clean: Callable[[Source], tuple[Source, tuple[str, ...]]], sources: Sequence[Source], refused: list[tuple[str, str]]
) -> tuple[list[Source], list[Other]]:
    """Give workbooks without people who were erased since they were last written; `refused` learns who and where.

    One that cannot be written now is left out, so that nothing of it is merged; the first one must be.
    """
    found: list[Source] = []
    left_out = []
    for source in sources:
        try:
            clean_one, rows = clean(source)
        except NetzwerkError as error:
            if not source.book:
                raise
            left_out.append(Other(source.path, error=error))
            continue
        found.append(clean_one)
        refused += [(row, source.path.name) for row in rows]
    return found, left_out


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


def sync(path: Path, order: Order, *, wait: float = 0, step: Step = _no_step) -> Done:
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


def read_all(path: Path, order: Order, step: Step = _no_step) -> tuple[list[Source], list[Other]]:
    """Read the workbooks of a network, the first first, and say which of the others cannot be read.

    Raises:
        WrongUse: Nobody set the first up yet, or another one belongs to another network.
        NetzwerkError: The first cannot be read.
    """
    first = _read(path, "", order, step)
    if first.marker is None:
        raise WrongUse("not-set-up", file=str(path))
    others, left_out = _read_others(order, step)
    _require_same(others, first.marker.network, order.into)
    return [first, *others], left_out


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
    first = _read(path, "", order, step)
    marker = first.marker
    if marker is None and not order.create:
        raise WrongUse("not-set-up", file=str(path))
    network = marker.network if marker else store.meta("network") or store.meta("state")
    others, left_out = _read_others(order, step)
    _require_same(others, network, order.into)
    refused: list[tuple[str, str]] = []
    sources, open_still = _without(lambda source: (recovered(store, source), ()), [first, *others], refused)
    sources, in_use = _without(partial(cleaned, store), sources, refused)
    first, *others = sources
    left_out += [*open_still, *in_use]
    beside = read_copies(path, order, store if marker and not order.create else None)
    plan = _prepare([*sources, *beside.sources], order, store)
    settled = settle(plan, beside, strays(store))
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
        copies=copies_of(plan, beside, settled),
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


def keep_of(values: Mapping[str, object]) -> tuple[int, int]:
    """Give how many saved copies to keep and for how many days, from the settings."""
    keep, days = values.get("backups.keep"), values.get("backups.days")
    return (keep if isinstance(keep, int) and keep else 20), (days if isinstance(days, int) and days else 30)
