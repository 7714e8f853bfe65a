"""Prepare one pass: everything it would write, and everything that is agreed once it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.collector import paused
from netzwerk_sheets.grid import Edit, SetMarker, SetSize, Snapshot
from netzwerk_sheets.merge import ChangeKind
from netzwerk_sheets.sheets.looks import look as make_look
from netzwerk_sheets.sync import logbook, notes
from netzwerk_sheets.sync.adopting import SOURCE as ADOPTED
from netzwerk_sheets.sync.adopting import plan_adoption
from netzwerk_sheets.sync.book import Book, Content
from netzwerk_sheets.sync.builder import Builder
from netzwerk_sheets.sync.disputes import dump
from netzwerk_sheets.sync.order import NO_MEMORY, Memory, Order, Pass
from netzwerk_sheets.sync.saved_plan import require_same
from netzwerk_sheets.sync.tabs import show
from netzwerk_sheets.sync.trash import restored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SIZE = "size"
"""Under this name it is remembered which size of text a workbook was given."""

FIRST_SIZE = 11
"""The size every new workbook has."""


def prepare(
    snapshot: Snapshot,
    order: Order,
    memory: Memory = NO_MEMORY,
    *,
    roles: Callable[[str], Mapping[tuple[int, int], str]] = lambda _title: {},
    further: Sequence[Content] = (),
) -> Pass:
    """Work out everything one pass would do; nothing is written.

    Args:
        snapshot: The workbook as read.
        order: What is asked for.
        memory: What is known from earlier runs.
        roles: Tab → which of its cells follow one of the tool's cell styles.
        further: The network's other workbooks, and conflict copies of the first behind them.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other.
        PlanOutdated: Something else would be written than the saved plan says.
    """
    with paused():
        return _prepare((Content(snapshot, roles), *further), order, memory)


def _prepare(contents: Sequence[Content], order: Order, memory: Memory) -> Pass:
    books = [Book(each._replace(snapshot=notes.seen_by_people(each.snapshot)), order) for each in contents]
    builder = Builder(books, order, memory)
    picture, tasks = builder.understand()
    look = make_look(builder.words, int(builder.settings.values["font_size"]))
    done = Pass(builder.snapshot, builder.located, builder.words, look, picture)
    _collect(builder, done)
    ends = [show(builder, done, tasks)]
    plan_adoption(builder, done)
    written = [book for book in books if not book.aside]
    for book in written[1:]:
        other = Pass(
            book.snapshot, book.located, builder.words, look, picture,
            conflicts=done.conflicts, changes=done.changes, hubs=done.hubs, stand=done.stand, book=book.code,
        )  # fmt: skip
        ends.append(show(builder.at(book), other, tasks))
        done.others.append(other)
    for book, part, end in zip(written, (done, *done.others), ends, strict=True):
        end()
        _resize(builder.at(book), part)
        notes.plan_notes(builder.at(book), part)
        if part.edits:
            part.edits += book.soft
    if order.agreed is not None:
        require_same(order.agreed, done)
    return done


def _resize(builder: Builder, part: Pass) -> None:
    """Let a workbook follow the size of text that its settings ask for."""
    replica, wanted = builder.book.replica(SIZE), int(builder.settings.values["font_size"])
    known = int(builder.memory.shown(replica) or FIRST_SIZE)
    if wanted == known:
        return
    part.shown[replica] = str(wanted)
    tabs = tuple(title for title in builder.located.tabs.values() if _is_open(builder, title))
    if tabs and builder.snapshot.styled:
        part.edits.insert(0, SetSize(known, wanted, tabs))


def _is_open(builder: Builder, title: str) -> bool:
    """Say whether the tool made a tab and may change it; a list that people made keeps its columns and rows."""
    tops = {seen.header_row for seen in builder.located.seen() if seen.tab.title == title} or {1}
    return not builder.snapshot.tab(title).obstacle and any(row in tops for row, _ in builder.book.roles(title))


def _collect(builder: Builder, done: Pass) -> None:
    """Take over what merging found, table by table."""
    for code, table in builder.tables.items():
        result = table.result
        done.brakes += [(code, brake) for brake in result.brakes]
        done.conflicts += [(code, conflict) for conflict in result.conflicts]
        if result.held:
            # What was agreed with a conflict copy is not stored yet; the next run must find it all the same.
            kept = {replica: rows for replica, rows in result.bases.items() if builder.is_aside(replica)}
            done.absorbed |= {(replica, code): rows for replica, rows in kept.items()}
            continue
        done.changes[code] = [*logbook.news(table.state, result.changes), *builder.tool_changes.get(code, ())]
        done.tombstones[code] = result.tombstones
        done.questions[code] = result.proposals
        done.counters[code] = table.counter
        for replica, rows in result.bases.items():
            done.absorbed[replica, code] = rows
    for code in builder.order.adoption.rows.keys() & builder.hubs.keys() - done.changes.keys():
        done.changes[code] = [change for change in builder.tool_changes.get(code, ()) if change.source == ADOPTED]
    done.restored = restored(done)
    done.disputes = dump(done.conflicts, builder.memory.disputes.last)
    done.hubs = dict(builder.hubs)
    done.standing = list(builder.undone.standing)
    done.former = builder.undone.former(done.hubs, done.tombstones, builder.memory.proposed)
    done.proposed = builder.proposed
    done.group_names = builder.teams.names
    done.aliases = builder.drift.aliases
    done.reviews = builder.reviews
    moved = any(change.kind is not ChangeKind.TOOL for changes in done.changes.values() for change in changes)
    known = builder.memory.stand
    done.stand = builder.order.today.isoformat() if moved or not known else known


def finish(done: Pass, marker: str, *, bind: bool = False) -> list[Edit]:
    """Give the edits with the marker of the run that writes them; empty where nothing is to be written."""
    return [*done.edits, SetMarker(marker)] if done.edits or bind else []
