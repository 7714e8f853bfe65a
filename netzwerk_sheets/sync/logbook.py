"""The record of changes that people read: what earlier runs noted, and what this run is about to note."""

from __future__ import annotations

import json
from dataclasses import replace
from textwrap import shorten
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import AddTab, SetCell
from netzwerk_sheets.merge import ChangeKind
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.checks import LABEL_LENGTH
from netzwerk_sheets.sheets.render.frame import address
from netzwerk_sheets.sheets.render.log import Entry, log_sheet
from netzwerk_sheets.sheets.render.told import is_personal, name_of, told
from netzwerk_sheets.state.past import FIRST, WHOLE, Line
from netzwerk_sheets.sync.teams import HOME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from netzwerk_sheets.merge import Change, State
    from netzwerk_sheets.sheets.render.checks import Places
    from netzwerk_sheets.sheets.render.frame import RowSheet
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.order import Pass

CODE = "log"
READ = frozenset({ChangeKind.INSERT, ChangeKind.EDIT, ChangeKind.MERGE, ChangeKind.JOIN, ChangeKind.FORMULA})
EDITS = frozenset({ChangeKind.EDIT, ChangeKind.MERGE})


def plan_log(builder: Builder, done: Pass, places: Places, plan: Callable[[RowSheet], object], slot: int) -> None:
    """Plan the tab of changes: after all others, for only then everything is known that changes.

    It is written when there is something to tell. Where only the places of its links moved, it waits until
    anything else is written.

    Args:
        builder: The pass that is prepared.
        done: What is planned so far.
        places: Where rows stand.
        plan: Compares the tab with how it shall look, and lays the edits into `done`.
        slot: Where among the edits a new tab belongs.
    """
    most = int(builder.settings.values["log.rows"])
    found = lines(builder, done, most)
    sheet = log_sheet(
        builder.words, [_entry(builder, places, line) for line in found], most, builder.titles[CODE, ""]
    )  # fmt: skip
    text = builder.memory.shown(builder.book.replica(CODE))
    known = json.loads(text).get("order") if text else None
    edits, typed = len(done.edits), len(done.overtyped)
    plan(sheet)
    new = [edit._replace(why=CODE) if isinstance(edit, SetCell) else edit for edit in done.edits[edits:]]
    if any(isinstance(edit, AddTab) for edit in new):
        done.edits[slot:] = [*new, *done.edits[slot:edits]]
        return
    del done.edits[edits:]
    if known is not None and {row.key for row in sheet.rows} <= set(known) and len(done.overtyped) == typed:
        builder.book.soft += new
    else:
        done.edits += new


def news(state: State, changes: Iterable[Change]) -> list[Change]:
    """Mark what is only read for the first time: rows of a table nobody here knew are no change by anyone."""
    if state.hub or state.bases:
        return list(changes)
    return [replace(each, reason=FIRST) if each.kind in READ and not each.reason else each for each in changes]


def lines(builder: Builder, done: Pass, most: int) -> list[Line]:
    """Give the newest changes, this run's among them, newest first."""
    past = builder.memory.past
    found: list[Line] = []
    number = past.last()
    for table, changes in done.changes.items():
        own = table.partition("@")[0] == CODE
        for change in changes:
            number += 1
            if own or change.reason == FIRST or (change.kind in WHOLE and change.column):
                continue
            if change.kind is ChangeKind.CONTRADICT:
                continue  # the tab of conflicts tells of it
            others = {
                each.source
                for each in (changes if change.kind is ChangeKind.RESTORE else ())
                if each.row == change.row and each.kind in EDITS and each.source not in {"", change.source}
            }
            found.append(Line(past.run, builder.order.today, table, change, number, tuple(sorted(others))))
    found.reverse()
    return [*found, *past.lines(max(0, most - len(found)), CODE)][:most]


def _entry(builder: Builder, places: Places, line: Line) -> Entry:
    words, change, table = builder.words, line.change, schema.tables().get(line.table)
    stands = change.row in builder.hubs.get(line.table, {}) and change.row in places.ids.get(line.table, {})
    spot = places.spot(Finding("", "", line.table, change.row, change.column)) if stands else None
    where = f"{spot[0]}!{address(spot[1], spot[2])}" if spot else ""
    before, after = _values(builder, line)
    return Entry(
        line.number, line.day, line.run, words.say(f"log.{change.kind.value}"),
        words.tab(line.table) if table is not None else builder.tab_of(line.table),
        _label(builder, places, line), spot, where, _header(builder, line), before, after,
        builder.tab_of(change.source) or words.say("log.by_tool"),
    )  # fmt: skip


def _label(builder: Builder, places: Places, line: Line) -> str:
    """Name the row, also where it is deleted by now."""
    row, table = line.change.row, builder.tables.get(line.table)
    if table is not None and row not in builder.hubs[line.table]:
        gone = table.result.tombstones.get(row)
        name = shorten(name_of(builder.words, line.table, gone), LABEL_LENGTH, placeholder="…") if gone else ""
        return f"{row} {name}".strip()
    return places.label(Finding("", "", line.table, row))


def _header(builder: Builder, line: Line) -> str:
    column, table = line.change.column, schema.tables().get(line.table)
    if column == HOME:
        return builder.words.say("log.sheet")
    declared = {each.code: each for each in table.columns} if table else {}
    return declared[column].header(builder.words.language) if column in declared else ""


def _values(builder: Builder, line: Line) -> tuple[str, str]:
    """Tell what was and what is; of a person's data only that something changed."""
    words, change = builder.words, line.change
    if change.kind is ChangeKind.RESTORE:
        gone = words.say("log.deleted_in", tab=builder.tab_of(change.source))
        if line.others:
            return gone, words.say("log.kept_others", tabs=[builder.tab_of(each) for each in line.others])
        return gone, words.say(f"log.kept_{change.reason or 'edited'}")
    if not change.column and line.table in schema.tables() and change.kind is not ChangeKind.OVERTYPED:
        return "", ""
    if is_personal(line.table, change.column):
        return "", words.say("log.changed")
    if change.column == HOME:
        return builder.tab_of(str(change.before or "")), builder.tab_of(str(change.after or ""))
    return told(words, change.before), told(words, change.after)
