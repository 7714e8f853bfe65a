"""Carry a pass out on a real workbook: recover, read, prepare, remember, write, confirm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.backends.excel import BackupPlace, ExcelWorkbook
from netzwerk_sheets.errors import WorkbookChanged, WorkbookInUse, WorkbookRefused, WrongUse
from netzwerk_sheets.merge import State
from netzwerk_sheets.state import past
from netzwerk_sheets.state.folder import key_of, prepare_folder, state_folder
from netzwerk_sheets.state.lock import locked
from netzwerk_sheets.state.store import Pending, Store
from netzwerk_sheets.sync.disputes import Disputes
from netzwerk_sheets.sync.order import NO_MEMORY, Memory, Order, Pass, Past
from netzwerk_sheets.sync.passes import finish, prepare

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


WHOLE = frozenset({"structure-protected", "tab-exists", "tab-name-illegal"})
"""Refusals that concern new tabs: nothing else can be done without them."""

ATTEMPTS = 3
"""How often a pass begins anew when somebody saves the workbook in between."""

Step = Callable[[str], None]


def _no_step(_name: str) -> None:
    """Do nothing between two durable steps."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What the tool leaves in the workbook: which network it is, whose state belongs to it, which run wrote last."""

    network: str
    state: str
    run: int

    def text(self) -> str:
        """Write it; short enough for every program that shows document properties."""
        return f"netzwerk 1 network={self.network} state={self.state} run={self.run}"

    @classmethod
    def read(cls, text: str | None) -> Marker | None:
        """Read it; `None` where there is none or it is not understood."""
        parts = dict(part.split("=", 1) for part in (text or "").split() if "=" in part)
        run = parts.get("run", "")
        if not (text or "").startswith("netzwerk ") or not run.isdigit():
            return None
        return cls(parts.get("network", ""), parts.get("state", ""), int(run))


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended.

    Attributes:
        plan: What it found and wrote.
        written: Whether the workbook was written.
        run: Its number; 0 where only the workbook was read.
        anew: Whether there was nothing to compare with: no state of this workbook is known here.
    """

    plan: Pass
    written: bool
    run: int = 0
    anew: bool = False


def store_path(workbook: Path) -> Path:
    """Give the place of a workbook's state."""
    return state_folder() / "networks" / f"{key_of(workbook)}.sqlite"


def backup_folder(workbook: Path) -> Path:
    """Give the place of a workbook's saved copies."""
    return state_folder() / "backups" / key_of(workbook)


def memory_of(store: Store) -> Memory:
    """Let a pass read what is known."""
    return Memory(
        lambda code: (store.read(code), store.counter(code)),
        store.proposed,
        store.shown,
        store.meta("stand"),
        Disputes.load(store.meta("disputes")),
        Past(
            store.next_run(),
            lambda: past.buried(store),
            lambda: past.last_number(store),
            lambda most, without: past.lines(store, most, without),
        ),
    )


def adopt_state(workbook: Path, marker: Marker) -> None:
    """Give a workbook that was renamed or copied the state of the one it came from, where that still fits."""
    target = store_path(workbook)
    if target.exists():
        return
    store = _former_state(marker)
    if store is not None:
        store.copy_to(target)
        store.close()


def _former_state(marker: Marker) -> Store | None:
    """Open the state under which a workbook that was renamed or copied was last written, if it is still here."""
    for path in sorted((state_folder() / "networks").glob("*.sqlite")):
        store = Store(path)
        known = store.meta("state") == marker.state and store.meta("generation") == str(marker.run)
        if known and store.pending() is None:
            return store
        store.close()
    return None


def _recover(store: Store, marker: Marker | None) -> None:
    """End a write that was cut off: the marker in the workbook tells whether it took place."""
    pending = store.pending()
    if pending is not None:
        store.settle(applied=marker is not None and marker.run == pending.run)


def is_known(store: Store, marker: Marker) -> bool:
    """Say whether the state was made together with what stands in the workbook."""
    belongs = marker.state in {store.meta("state"), store.meta("origin")}
    return belongs and store.meta("generation") == str(marker.run) and store.meta("network") == marker.network


def look(path: Path, order: Order) -> Done:
    """Prepare a pass on a workbook without writing anything, here or there.

    Raises:
        WorkbookNotFound: There is no such file.
        AccessDenied: It may not be read.
        WorkbookRefused: The content cannot be handled safely.
    """
    workbook = ExcelWorkbook(path)
    snapshot = workbook.read()
    marker = Marker.read(snapshot.marker)
    place = store_path(path)
    store = None if marker is None else Store(place) if place.exists() else _former_state(marker)
    if marker is None or store is None:
        return Done(prepare(snapshot, order, NO_MEMORY, roles=workbook.roles), written=False, anew=True)
    try:
        known = is_known(store, marker)
        memory = memory_of(store) if known else _without_bases(memory_of(store))
        return Done(prepare(snapshot, order, memory, roles=workbook.roles), written=False, anew=not known)
    finally:
        store.close()


def _without_bases(memory: Memory) -> Memory:
    """Forget what was agreed, but not which numbers were given and what was removed: then nothing is deleted."""

    def state_of(code: str) -> tuple[State, int]:
        state, highest = memory.state_of(code)
        return State(tombstones=state.tombstones), highest

    return replace(memory, state_of=state_of, shown=lambda _tab: "")


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
    """Do one pass over a workbook and write what must change.

    Args:
        path: The workbook.
        order: What is asked for.
        wait: Seconds to wait for another run to end.
        step: Called after every durable step; only tests use it.

    Raises:
        WorkbookChanged: Somebody kept saving the workbook meanwhile; nothing was written.
        WorkbookInUse: Somebody has it open; nothing was written.
        WrongUse: Nobody set the workbook up yet; nothing was written.
        NetzwerkError: See `ExcelWorkbook.read` and `ExcelWorkbook.apply`.
    """
    if not path.exists():
        ExcelWorkbook(path).read()  # says what is wrong
    first = Marker.read(ExcelWorkbook(path).read().marker) if not store_path(path).exists() else None
    if first is not None:
        prepare_folder(state_folder())
        adopt_state(path, first)
    with opened(path, wait=wait) as store:
        for attempt in range(1, ATTEMPTS + 1):
            workbook = ExcelWorkbook(path, step=step)
            try:
                return _patiently(lambda: _attempt(workbook, store, order, step), wait)  # noqa: B023 - called at once
            except WorkbookChanged:
                store.settle(applied=False)
                if attempt == ATTEMPTS:
                    raise
            except Exception:
                store.settle(applied=False)
                raise
    raise WorkbookChanged("workbook-changed", file=path.name)


def _patiently(attempt: Callable[[], Done], wait: float) -> Done:
    """Try again while somebody has the file open, as long as the person is willing to wait."""
    until = time.monotonic() + wait
    while True:
        try:
            return attempt()
        except WorkbookInUse:
            if time.monotonic() >= until:
                raise
            time.sleep(min(1.0, wait))


def _attempt(workbook: ExcelWorkbook, store: Store, order: Order, step: Step) -> Done:
    """Try once; a tab that cannot be written is left as it is, and the others go on."""
    while True:
        try:
            return _once(workbook, store, order, step)
        except WorkbookRefused as error:
            tab = error.facts.get("tab")
            if not isinstance(tab, str) or tab in order.skip or error.reason in WHOLE:
                raise
            store.settle(applied=False)
            order = replace(order, skip={**order.skip, tab: (error.reason, error.facts)})


def _once(workbook: ExcelWorkbook, store: Store, order: Order, step: Step) -> Done:
    snapshot = workbook.read()
    marker = Marker.read(snapshot.marker)
    _recover(store, marker)
    known = marker is not None and is_known(store, marker)
    memory = memory_of(store)
    if not known:
        memory = _without_bases(memory)
    if marker is None and not order.create:
        raise WrongUse("not-set-up", file=str(workbook.path))
    plan = prepare(snapshot, order, memory, roles=workbook.roles)
    workbook.back_up_to(BackupPlace(backup_folder(workbook.path), *keep_of(plan.picture.settings.values)))
    run = store.next_run()
    network = marker.network if marker else store.meta("network") or store.meta("state")
    # A workbook that does not belong to this state yet is bound to it, even when nothing else is to be written.
    edits = finish(plan, Marker(network, store.meta("state"), run).text(), bind=not known)
    _remember(store, plan, run, network, order.today, forget=not known, writes=bool(edits))
    step("remembered")
    if not edits:
        return Done(plan, written=False, run=run, anew=not known)
    workbook.apply(edits, expected=snapshot.revision, look=plan.look)
    step("applied")
    store.settle(applied=True)
    step("settled")
    return Done(plan, written=True, run=run, anew=not known)


def _remember(store: Store, plan: Pass, run: int, network: str, today: date, *, forget: bool, writes: bool) -> None:
    """Store what was merged, and what will be agreed once the write took place, in one transaction."""
    changes = any(plan.changes.values())
    if not (changes or writes or forget or _bases_differ(store, plan)):
        return
    with store.transaction():
        store.put_run(run, today, __version__, "planned" if writes else "done", len(plan.edits))
        store.put_meta("network", network)
        if plan.stand:
            store.put_meta("stand", plan.stand)
        store.put_meta("disputes", plan.disputes)
        _remember_rows(store, plan, run, forget=forget)
        for code, last in plan.counters.items():
            store.put_counter(code, last)
        for code, rows in plan.proposed.items():
            store.put_proposed(code, rows)
        for code, found in plan.changes.items():
            store.add_changes(run, code, found)
        if writes:
            store.put_pending(Pending(run, plan.bases, plan.shown))


def _remember_rows(store: Store, plan: Pass, run: int, *, forget: bool) -> None:
    """Store hub, bases and deleted rows; with `forget`, bases of tabs that were not read are given up."""
    for code, hub in plan.hubs.items():
        old = store.read(code)
        store.write_hub(code, old.hub, hub)
        if code in plan.questions:
            store.write_questions(code, plan.questions[code])
        if code in plan.tombstones:
            store.write_tombstones(code, old.tombstones, plan.tombstones[code], run)
        for replica in old.bases:
            if forget and (replica, code) not in plan.absorbed:
                store.write_base(replica, code, old.bases[replica], {})
    for (replica, code), rows in plan.absorbed.items():
        store.write_base(replica, code, store.read(code).bases.get(replica), rows)


def _bases_differ(store: Store, plan: Pass) -> bool:
    return any(store.read(code).bases.get(replica) != rows for (replica, code), rows in plan.absorbed.items())


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
        _remember(store, plan, marker.run, marker.network, today, forget=True, writes=True)
        store.settle(applied=True)


def keep_of(values: Mapping[str, object]) -> tuple[int, int]:
    """Give how many saved copies to keep and for how many days, from the settings."""
    keep, days = values.get("backups.keep"), values.get("backups.days")
    return (keep if isinstance(keep, int) and keep else 20), (days if isinstance(days, int) and days else 30)
