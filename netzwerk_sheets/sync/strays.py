"""Conflict copies beside a workbook: each is one more place where people wrote, read and never written or deleted.

It is compared with what was agreed when it was written, like an older workbook that is put back, so it neither deletes
nor takes back what it does not know yet. Once nothing in it contradicts, its content is known by its hash and it is not
read again. Where somebody saves it again, it is compared with what it said before: nothing in it comes in twice,
whatever became of it since. Another copy that got its name is one of its own. A copy of which nobody knows what was
agreed is only named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.backends.excel.fingerprint import sha256
from netzwerk_sheets.backends.excel.strays import conflict_copies, is_surely_copy, originals
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.state.past import WHOLE
from netzwerk_sheets.state.strays import GONE, OPEN, PAST, REMEMBERED, SETTLED, Stray, code_of, strays
from netzwerk_sheets.sync.erasing import looked_over
from netzwerk_sheets.sync.recall import Marker, Source, is_known, is_live, store_path
from netzwerk_sheets.sync.saved_again import saved_again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from netzwerk_sheets.state.store import Store
    from netzwerk_sheets.sync.order import Order, Pass

_LEFT = {SETTLED: PAST, OPEN: GONE}
"""State of a copy that lies there → of one that went."""

MERGED, KNOWN, UNDECIDED, NAMED = "merged", "known", "undecided", "named"


@dataclass(frozen=True, slots=True)
class Copy:
    """A conflict copy, and what became of it.

    Attributes:
        path: The file.
        state: ``merged`` with this run; ``known`` from an earlier one; ``undecided``: read, and something in it waits
            for people; ``named``: not read, because it is damaged or nobody knows what was agreed with it.
        changes: How many changes came from it.
        refused: Ids of erased people who stand in it and were not taken in again.
        code: Its code among the workbooks of the network; empty where it was not read with this run.
    """

    path: Path
    state: str
    changes: int = 0
    refused: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The conflict copies beside a workbook, as found.

    Attributes:
        places: File → its code; empty where it is not read.
        sources: Those to be merged.
        refused: Code → ids of erased people who stand in it.
    """

    places: Mapping[Path, str]
    sources: Sequence[Source]
    refused: Mapping[str, tuple[str, ...]]


def read_copies(path: Path, order: Order, store: Store | None) -> Beside:
    """Read the conflict copies beside a workbook that were not settled before; nothing is written anywhere.

    Args:
        path: The first workbook.
        order: What is asked for.
        store: What is remembered; where nothing is, no copy is read.
    """
    places: dict[Path, str] = {}
    sources: dict[str, Source] = {}
    refused: dict[str, tuple[str, ...]] = {}
    known = strays(store) if store is not None else {}
    for place in conflict_copies(path, order.further):
        places[place] = ""
        if not is_surely_copy(place, path):
            continue
        try:
            code = code_of(sha256(place))
            if code not in sources and (code not in known or known[code].state not in {SETTLED, PAST}):
                source = _read(place, order)
                if store is None:
                    continue
                source = replace(source, former=_former(store, source, known))
                if not (source.former or is_live(store, source) or is_known(store, source.marker)):
                    continue
                code = source.book
                sources[code], refused[code] = looked_over(store, source)
            places[place] = code
        except (NetzwerkError, OSError):
            continue
    return Beside(places, tuple(sources.values()), refused)


def _former(store: Store, source: Source, known: Mapping[str, Stray]) -> str:
    """Give the code under which a copy was read before somebody saved it again; empty where it was not."""
    if source.book in known:
        return ""
    lying = ((code, each) for code, each in known.items() if each.state in REMEMBERED)
    marker, name = source.snapshot.marker, source.path.name
    return saved_again(store, source, [code for code, each in lying if each.marker == marker and name in each.names])


def _read(place: Path, order: Order) -> Source:
    order.tell("read", place.name)
    workbook = ExcelWorkbook(place)
    snapshot = workbook.read()
    return Source(code_of(snapshot.revision), place, workbook, snapshot, aside=True)


def known_afterwards(plan: Pass, beside: Beside, known: Mapping[str, Stray]) -> dict[str, Stray]:
    """Say which copies are known from now on; while one lies there, what was agreed with it is remembered."""
    names: dict[str, list[str]] = {}
    for place, code in beside.places.items():
        names.setdefault(code, []).append(place.name)
    unread = set(names.pop("", ()))
    found = {}
    for code, each in known.items():
        lies = code in names or not unread.isdisjoint(each.names)
        state = each.state if lies else _LEFT.get(each.state, each.state)
        found[code] = each._replace(state=state, names=names.get(code, each.names))
    for source in beside.sources:
        state = OPEN if _is_open(plan, source.book) else SETTLED
        code = source.book
        found[code] = Stray(source.path.name, state, source.snapshot.marker or "", names.get(code, ()))
    return found


def what_became(plan: Pass, beside: Beside, found: Mapping[str, Stray]) -> tuple[Copy, ...]:
    """Say what became of every copy; see `Copy`."""
    read = {source.book for source in beside.sources}
    return tuple(_copy(plan, place, code, found, beside, read=code in read) for place, code in beside.places.items())


def _copy(plan: Pass, place: Path, code: str, found: Mapping[str, Stray], beside: Beside, *, read: bool) -> Copy:
    if not code:
        return Copy(place, NAMED)
    if not read:
        return Copy(place, KNOWN)
    state = MERGED if found[code].state == SETTLED else UNDECIDED
    every = [change for changes in plan.changes.values() for change in changes if _of(change.source, code)]
    whole = {change.row for change in every if change.kind in WHOLE and not change.column}
    # A row that came or went counts once, not cell by cell.
    changes = sum(not (change.kind in WHOLE and change.column and change.row in whole) for change in every)
    return Copy(place, state, changes, beside.refused.get(code, ()), code)


def _of(replica: str, code: str) -> bool:
    return replica.partition("@")[2] == code


def _is_open(plan: Pass, code: str) -> bool:
    """Say whether something of a copy waits for people: a contradiction, a question, or a table that is held back."""
    sides = (side.replica for _, conflict in plan.conflicts for side in conflict.sides)
    asked = (replica for questions in plan.questions.values() for replica, pairs in questions.items() if pairs)
    return bool(plan.brakes) or any(_of(replica, code) for replica in (*sides, *asked))


def without_changes(copies: Sequence[Copy]) -> list[Copy]:
    """Give copies as the next run will find them where nothing changes until then."""
    return [
        replace(each, state=KNOWN if each.state == MERGED else each.state, changes=0, refused=()) for each in copies
    ]


def is_stray(path: Path) -> bool:
    """Say whether a file is the conflict copy of a network's workbook beside it, and never was synced by itself."""
    if store_path(path).exists():
        return False
    others = originals(path)
    try:
        network = _network(path) if others else ""
        return bool(network) and any(_network(each) == network for each in others)
    except (NetzwerkError, OSError):
        return False


def _network(path: Path) -> str:
    marker = Marker.read(ExcelWorkbook(path).read().marker)
    return marker.network if marker else ""
