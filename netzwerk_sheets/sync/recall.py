"""What is known from earlier runs about the workbooks that were just read.

A marker in every workbook says to which network it belongs, which workbook of it it is, and which run wrote it
last. From that follows what was agreed with it: also where it is a copy of another one, or an older copy put back.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.state import past
from netzwerk_sheets.state.erased import erased
from netzwerk_sheets.state.folder import key_of, state_folder
from netzwerk_sheets.state.store import Store
from netzwerk_sheets.state.strays import OPEN, REMEMBERED, strays
from netzwerk_sheets.sync.disputes import Disputes
from netzwerk_sheets.sync.order import Memory, Past

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from netzwerk_sheets.backends.google import GoogleWorkbook
    from netzwerk_sheets.grid import Snapshot
    from netzwerk_sheets.merge import Rows, State


MOST_DIGITS = 15
"""More than the number of any run has; with some more neither Python nor the state could count."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What the tool leaves in a workbook.

    Attributes:
        network: Which network it is.
        state: Whose state belongs to it.
        run: Which run wrote last.
        book: Which workbook of the network it is; empty for the first.
    """

    network: str
    state: str
    run: int
    book: str = ""

    def text(self) -> str:
        """Write it; short enough for every program that shows document properties."""
        book = f" book={self.book}" if self.book else ""
        return f"netzwerk 1 network={self.network} state={self.state} run={self.run}{book}"

    @classmethod
    def read(cls, text: str | None) -> Marker | None:
        """Read it; `None` where there is none or it is not understood."""
        parts = dict(part.split("=", 1) for part in (text or "").split() if "=" in part)
        run = parts.get("run", "")
        if not (text or "").startswith("netzwerk ") or not (run.isdecimal() and len(run) <= MOST_DIGITS):
            return None
        return cls(parts.get("network", ""), parts.get("state", ""), int(run), parts.get("book", ""))


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook of the network, as read.

    Attributes:
        book: Its code; empty for the first.
        aside: Whether it is a conflict copy, which is read and never written.
        former: Code of the conflict copy that it was when it was read before and somebody saved it again, or empty.
    """

    book: str
    path: Path
    workbook: ExcelWorkbook | GoogleWorkbook
    snapshot: Snapshot
    aside: bool = False
    former: str = ""

    @property
    def marker(self) -> Marker | None:
        """What the tool left in it."""
        return Marker.read(self.snapshot.marker)


def book_code(path: Path) -> str:
    """Give the code of a further workbook of a network: by where it lies."""
    return key_of(path)[:8]


def store_path(workbook: Path) -> Path:
    """Give the place of a network's state, by its first workbook."""
    return state_folder() / "networks" / f"{key_of(workbook)}.sqlite"


def former_state(marker: Marker) -> Store | None:
    """Open the state under which a workbook that was renamed or copied was last written, if it is still here."""
    for path in sorted((state_folder() / "networks").glob("*.sqlite")):
        try:
            store = Store(path)
        except sqlite3.DatabaseError:
            continue  # what is remembered of another workbook is damaged, which is said when its turn comes
        if store.meta("state") == marker.state and store.remembers(marker.run) and store.pending() is None:
            return store
        store.close()
    return None


def is_known(store: Store, marker: Marker | None) -> bool:
    """Say whether it is known what was agreed when a workbook was written as it was read."""
    if marker is None:
        return False
    ours = marker.state in {store.meta("state"), store.meta("origin")} and marker.network == store.meta("network")
    last = store.generation(marker.book)
    return (
        ours and last.isdigit() and marker.run <= int(last) and (str(marker.run) == last or store.remembers(marker.run))
    )


def is_live(store: Store, source: Source) -> bool:
    """Say whether a workbook is the one the last run wrote, neither a copy nor an older one.

    A conflict copy is, where exactly this content was read before and something in it is still undecided.
    """
    if source.aside:
        known = strays(store).get(source.book)
        return known is not None and known.state == OPEN
    marker = source.marker
    return (
        marker is not None
        and is_known(store, marker)
        and marker.book == source.book
        and str(marker.run) == store.generation(marker.book)
    )


def is_older(store: Store, source: Source) -> bool:
    """Say whether a workbook is an older copy of itself that was put back."""
    marker = source.marker
    return marker is not None and is_known(store, marker) and str(marker.run) != store.generation(marker.book)


def recover(store: Store, book: str, snapshot: Snapshot) -> None:
    """End a write that was cut off: what stands in the workbook tells whether it took place.

    Where the very file of the run before stands there, which is not what was read for the write, people put an older
    copy back: the write counts as done, and the copy as older.
    """
    store.settle(book, applied=_took_place(store, book, snapshot) or _put_back(store, book, snapshot))


def _took_place(store: Store, book: str, snapshot: Snapshot) -> bool:
    pending, marker = store.pending(book), Marker.read(snapshot.marker)
    return pending is not None and marker is not None and marker.run == pending.run and marker.book == book


def _put_back(store: Store, book: str, snapshot: Snapshot) -> bool:
    pending, written = store.pending(book), store.written(book)
    return bool(written) and pending is not None and pending.read != written == snapshot.revision


def recovered(store: Store, source: Source) -> Source:
    """End a write to a workbook that was cut off, and have those to come noted down.

    At Google people may have moved rows while it took place; what it left in wrong rows is set right first.

    Returns:
        The workbook, read again where something was set right.

    Raises:
        NetzwerkError: That could not be done; the write is as open as before.
    """
    workbook = source.workbook
    if not isinstance(workbook, ExcelWorkbook):
        workbook.journal_to(partial(store.put_sent, source.book))
        if _took_place(store, source.book, source.snapshot):
            kept = store.sent(source.book, source.snapshot.marker or "")
            if kept and workbook.set_right(kept):
                source = replace(source, snapshot=workbook.read())
    recover(store, source.book, source.snapshot)
    return source


def as_recovered(store: Store, found: Mapping[str, Snapshot]) -> Store:
    """Give the state as the next run will find it once it has ended writes that were cut off; nothing is stored.

    Args:
        store: The state; it is let go of where a write is under way.
        found: Code of a workbook → what stands in it.
    """
    if any(store.pending(book) is not None for book in found):
        store.detach()
        for book, snapshot in found.items():
            recover(store, book, snapshot)
    return store


def recall(store: Store, sources: Sequence[Source]) -> Memory:
    """Let a pass read what is known about the workbooks it read."""
    known = strays(store)
    aside = {source.book for source in sources if source.aside}
    memory = Memory(
        lambda code: (store.read(code), store.counter(code)),
        store.proposed,
        store.shown,
        store.meta("stand"),
        Disputes.load(store.meta("disputes")),
        json.loads(store.meta("group names") or "{}"),
        json.loads(store.meta("aliases") or "{}"),
        Past(
            store.next_run(),
            lambda: past.buried(store),
            lambda: past.last_number(store),
            lambda most, without: past.newest(store, most, without),
        ),
        erased(store),
        json.loads(store.meta("reviews") or "{}"),
        {code: each.name for code, each in known.items()}
        | {source.book: source.path.name for source in sources if source.aside},
    )
    read = {source.book for source in sources}
    gone = {code for code, each in known.items() if each.state in REMEMBERED and code not in read}
    if not gone and all(is_live(store, source) for source in sources):
        return memory

    def state_of(code: str) -> tuple[State, int]:
        state, highest = memory.state_of(code)
        bases: dict[str, Rows] = {
            name: rows for name, rows in state.bases.items() if name.partition("@")[2] not in gone
        }
        for source in sources:
            if not is_live(store, source):
                for name in [name for name in bases if name.partition("@")[2] == source.book]:
                    del bases[name]
                bases.update(_bases_of(store, source, code))
        # Where nothing is known of the first workbook, the merged rows are forgotten as well: then nothing is
        # deleted, and whatever stands in the workbook is as good as what was remembered. What is known of a conflict
        # copy changes nothing of that.
        known = is_known(store, sources[0].marker) or any(name.partition("@")[2] not in aside for name in bases)
        return replace(
            state, hub=state.hub if known else {}, bases=bases, proposals=state.proposals if known else {}
        ), highest

    def shown(tab: str) -> str:
        code, _, book = tab.partition("@")
        source = next((source for source in sources if source.book == book), None)
        if source is None or is_live(store, source):
            return memory.shown(tab)
        marker = source.marker
        if marker is None or not is_known(store, marker) or str(marker.run) != store.generation(marker.book):
            return ""
        return memory.shown(f"{code}@{marker.book}" if marker.book else code)

    return replace(memory, state_of=state_of, shown=shown)


def _bases_of(store: Store, source: Source, code: str) -> Mapping[str, Rows]:
    """Give what was agreed with a workbook that is a copy or an older one, under the names of its own tabs."""
    if source.former:
        bases = {name.partition("@"): rows for name, rows in store.read(code).bases.items()}
        return {f"{name}@{source.book}": rows for (name, _, book), rows in bases.items() if book == source.former}
    marker = source.marker
    if marker is None or not is_known(store, marker):
        return {}
    suffix = f"@{source.book}" if source.book else ""
    return {
        name.partition("@")[0] + suffix: rows for name, rows in store.bases_at(code, marker.book, marker.run).items()
    }
