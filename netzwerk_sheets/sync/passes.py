"""Prepare one pass: everything it would write, and everything that is agreed once it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.collector import paused
from netzwerk_sheets.grid import Edit, SetMarker, Snapshot
from netzwerk_sheets.merge import ChangeKind
from netzwerk_sheets.sheets.looks import look as make_look
from netzwerk_sheets.sync.builder import Builder
from netzwerk_sheets.sync.disputes import dump
from netzwerk_sheets.sync.order import NO_MEMORY, Memory, Order, Pass
from netzwerk_sheets.sync.tabs import show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def prepare(
    snapshot: Snapshot,
    order: Order,
    memory: Memory = NO_MEMORY,
    *,
    roles: Callable[[str], Mapping[tuple[int, int], str]] = lambda _title: {},
) -> Pass:
    """Work out everything one pass would do; nothing is written.

    Args:
        snapshot: The workbook as read.
        order: What is asked for.
        memory: What is known from earlier runs.
        roles: Tab → which of its cells follow one of the tool's cell styles.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other.
    """
    with paused():
        return _prepare(snapshot, order, memory, roles)


def _prepare(
    snapshot: Snapshot, order: Order, memory: Memory, roles: Callable[[str], Mapping[tuple[int, int], str]]
) -> Pass:
    builder = Builder(snapshot, order, memory, roles)
    picture, tasks = builder.understand()
    look = make_look(builder.words, int(builder.settings.values["font_size"]))
    done = Pass(snapshot, builder.located, builder.words, look, picture)
    _collect(builder, done)
    show(builder, done, tasks)
    if done.edits:
        done.edits += builder.soft
    return done


def _collect(builder: Builder, done: Pass) -> None:
    """Take over what merging found, table by table."""
    for code, table in builder.tables.items():
        result = table.result
        done.brakes += [(code, brake) for brake in result.brakes]
        done.conflicts += [(code, conflict) for conflict in result.conflicts]
        if result.held:
            continue
        done.changes[code] = [*result.changes, *builder.tool_changes.get(code, ())]
        done.tombstones[code] = result.tombstones
        done.questions[code] = result.proposals
        done.counters[code] = table.counter
        for replica, rows in result.bases.items():
            done.absorbed[replica, code] = rows
    done.disputes = dump(done.conflicts, builder.memory.disputes.last)
    done.hubs = dict(builder.hubs)
    done.proposed = builder.proposed
    moved = any(change.kind is not ChangeKind.TOOL for changes in done.changes.values() for change in changes)
    known = builder.memory.stand
    done.stand = builder.order.today.isoformat() if moved or not known else known


def finish(done: Pass, marker: str, *, bind: bool = False) -> list[Edit]:
    """Give the edits with the marker of the run that writes them; empty where nothing is to be written."""
    return [*done.edits, SetMarker(marker)] if done.edits or bind else []
