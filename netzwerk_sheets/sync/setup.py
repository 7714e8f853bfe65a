"""Make a new workbook, or add the network's tabs to one that people already have."""

from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import create
from netzwerk_sheets.grid import Snapshot
from netzwerk_sheets.languages import LOCALES
from netzwerk_sheets.place import document_of, portable
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import locate, name_for
from netzwerk_sheets.state.store import Store
from netzwerk_sheets.sync import seeds
from netzwerk_sheets.sync.backups import saved_copies
from netzwerk_sheets.sync.opening import open_workbook
from netzwerk_sheets.sync.order import RESULT_TABS, Order, Pass
from netzwerk_sheets.sync.passes import finish, prepare
from netzwerk_sheets.sync.recall import Marker, book_code, store_path
from netzwerk_sheets.sync.run import look, started, sync

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.config import Google
    from netzwerk_sheets.sync.ending import Done


def tabs_for(language: str, *, demo: bool, today: date, name: str = "") -> Order:
    """Say which tabs a new network gets, with which first rows.

    Args:
        language: ``de`` or ``en``.
        demo: Whether to fill in the demo network.
        today: The day the demo's dates are shifted to.
        name: Name of the network.
    """
    words = Words(language)
    rows = seeds.catalogue(words)
    settings: dict[str, str] = {}
    if name:
        settings["network.name"] = name
    if demo:
        rows.update(seeds.demo(today, words))
        settings["network.name"] = words.say("demo.network")
        settings["coordination"] = "P-001"
    rows["settings"] = seeds.settings(words, settings)
    codes = {code for code, table in schema.tables().items() if table.start or code in rows}
    return Order(today, frozenset(codes | set(RESULT_TABS)), rows, language=language)


def make(path: Path, order: Order) -> Pass:
    """Make a new workbook.

    Raises:
        AccessDenied: Something stands there already, or the folder may not be written; nothing was written.
        WrongUse: The file's ending is not ``.xlsx``; nothing was written.
    """
    plan = prepare(Snapshot((), {}, None, ""), replace(order, named=portable(path.name)))
    marker = Marker(uuid.uuid4().hex[:16], uuid.uuid4().hex[:16], 1)
    create(
        path, finish(plan, marker.text()), plan.look,
        title=plan.picture.network.name, language=LOCALES[plan.words.language],
    )  # fmt: skip
    # A state left behind by another workbook of this name must not be mistaken for this one's.
    forget_state(path)
    started(path, plan, marker, order.today)
    return plan


def missing(path: Path, order: Order, *, take_over: bool) -> tuple[Order, Done]:
    """Say what `init` would add to a workbook that exists.

    Args:
        path: The workbook.
        order: The tabs a network gets.
        take_over: Whether tables of people whose headers all fit become ours.
    """
    snapshot = open_workbook(path, order.google).read()
    located = locate(snapshot)
    named = {name.upper() for name in snapshot.names if snapshot.names[name] is not None}
    ours = {code for code, owner in located.tabs if not owner and name_for(code).upper() in named}
    fitting = {code for code in located.tables if code not in ours} if snapshot.marker is None else set()
    taken = frozenset(fitting) if take_over else frozenset()
    rows = {code: table for code, table in order.seeds.items() if code not in ours | taken}
    new = replace(order, create=order.create - ours - taken, again=True, seeds=rows, take_over=taken)
    return new, look(path, new)


def leader(path: Path, network: Sequence[Path], google: Google | None = None) -> Path | None:
    """Give the workbook of a network that a workbook without its tabs joins; `None` where it joins none.

    Args:
        path: The workbook.
        network: Those that are named together, the first first.
        google: How to sign in.
    """
    if is_there(path):
        return network[0] if path in network[1:] else None
    others = (each for each in network if each != path and is_there(each))
    return next((each for each in others if open_workbook(each, google).read().marker is not None), None)


def is_there(path: Path) -> bool:
    """Say whether there is such a file; documents at Google are taken to be there."""
    return path.exists() or bool(document_of(path))


def was_there(path: Path) -> bool:
    """Say whether there was a workbook here of which saved copies are left."""
    return bool(saved_copies(path))


def joining(first: Path, place: Path, order: Order) -> tuple[Order, list[str]]:
    """Say what a workbook needs to show the same network as another one.

    Args:
        first: The network's first workbook.
        place: The workbook that joins.
        order: With all others of the network.

    Returns:
        What to ask of a pass, and the titles of the tabs it will add.
    """
    located = locate(open_workbook(first, order.google).read())
    there = locate(open_workbook(place, order.google, fresh=True).read())
    codes = {code for code, owner in located.tabs if not owner}
    ours = {code for code, owner in there.tabs if not owner}
    new = replace(order, create=frozenset(codes - ours), into=book_code(place), again=True)
    preview = look(first, new)
    return new, [title for other in preview.others if other.path == place and other.plan for title in other.plan.added]


def add(path: Path, order: Order) -> Done:
    """Add the missing tabs; everything else in the workbook stays as it is."""
    return sync(path, order)


def forget_state(path: Path) -> None:
    """Forget what was remembered of another workbook that was called as this one is now."""
    for leftover in store_path(path).parent.glob(store_path(path).name + "*"):
        leftover.unlink()


def take_over_state(path: Path, leader: Path) -> None:
    """Let the first workbook of a network go on with what is remembered with the one it joined.

    What was remembered of the same network under its own name stays where it was not handed on: nobody else knows
    what was deleted and who was erased.

    Args:
        path: The first workbook, which was just made or added.
        leader: The one it joined.
    """
    if not store_path(path).exists():
        return
    with closing(Store(store_path(path))) as own, closing(Store(store_path(leader))) as theirs:
        handed_on = theirs.meta("origin") == own.meta("state")
        known_here_alone = own.meta("network") == theirs.meta("network") and not handed_on
    if not known_here_alone:
        forget_state(path)


def candidates(path: Path, google: Google | None = None) -> list[str]:
    """Name the tabs of people whose headers all fit one of our tables."""
    snapshot = open_workbook(path, google).read()
    return [] if snapshot.marker else [title for (_, owner), title in locate(snapshot).tabs.items() if not owner]
