"""What a pass did or would do, in words and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.cli.copies import sentences_of
from netzwerk_sheets.cli.group import sentences
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import AddTab, SetSize
from netzwerk_sheets.merge import BrakeKind
from netzwerk_sheets.place import document_of
from netzwerk_sheets.sheets.render.frame import address
from netzwerk_sheets.sync.backups import copy_with
from netzwerk_sheets.sync.ending import cells_of, require_ours
from netzwerk_sheets.sync.run import look

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.cli.frame import Call
    from netzwerk_sheets.sync.ending import Done
    from netzwerk_sheets.sync.order import Order, Pass


def looked(call: Call, workbook: Path, order: Order | None = None) -> Done:
    """Look at the workbook of a network; nothing is written.

    Args:
        call: The call.
        workbook: The first workbook.
        order: What is asked for, where it is more than what every call asks.

    Raises:
        WrongUse: Nobody set the workbook up yet.
    """
    done = look(workbook, order or call.order())
    require_ours(done, workbook)
    return done


def tell(call: Call, done: Done, workbook: Path, status: int) -> None:
    """Tell what a pass did, in words or as the document of ``--json``."""
    if call.json:
        call.document(**document(done, status))
    else:
        report(call, done, workbook)


def report(call: Call, done: Done, workbook: Path) -> None:
    """Say what a pass did, or with --dry-run would do."""
    plan = done.plan
    _written(call, plan, workbook, written=done.written)
    if done.anew and done.run and plan.snapshot.marker is not None:  # without one it is a first run anyway
        call.say("sync.anew")
    if done.older:
        call.say("sync.older" if done.written else "sync.would_older", file=workbook.name)
    if done.resumed is not None:
        call.say("sync.resumed", rows=list(done.resumed.rows))
    for row, file in done.refused:
        call.say("sync.refused", row=row, file=file)
    _brakes(call, done, workbook)
    _held(call, plan)
    _others(call, done)
    for key, facts in sentences_of(done.copies, workbook.name, written=bool(done.run)):
        call.say(key, **facts)
    for _, row in plan.restored:
        call.say("sync.did_restored" if done.written else "sync.would_restored", row=row)
    for row in plan.kept:
        call.say("sync.kept", row=row)
    if plan.conflicts:
        call.say("sync.conflicts", n=len(plan.conflicts))
    if plan.notices:
        call.say("sync.notices", n=len(plan.notices), errors=plan.errors)


def _others(call: Call, done: Done) -> None:
    """Say what became of the network's other workbooks, and how often Google was asked."""
    for other in done.others:
        if other.error is not None:
            what, hint = sentences(other.error)
            call.say("sync.left_out", file=other.path.name, what=what, hint=hint)
        elif other.plan is not None:
            _written(call, other.plan, other.path, written=other.written)
            _held(call, other.plan)
    if done.calls:
        call.say("sync.calls", n=sum(done.calls.values()), reads=done.calls["reads"], writes=done.calls["writes"])
    if done.repaired:
        call.say("sync.repaired")


def _written(call: Call, plan: Pass, workbook: Path, *, written: bool) -> None:
    """Say what was or would be written to one workbook."""
    cells, verb = cells_of(plan), "did" if written else "would"
    if not plan.edits:
        call.say("sync.nothing", file=workbook.name)
        return
    sizes = [edit for edit in plan.edits if isinstance(edit, SetSize)]
    if cells or not sizes:
        call.say(f"sync.{verb}", n=sum(cells.values()), tabs=len(cells), file=workbook.name)
    for tab, count in sorted(cells.items()):
        call.say("sync.on_tab", n=count, tab=tab)
    for size in sizes:
        call.say(f"sync.{verb}_size", before=size.before, after=size.after, file=workbook.name)
    for tab in plan.added:
        call.say(f"sync.{verb}_add", tab=tab)


def _brakes(call: Call, done: Done, workbook: Path) -> None:
    copies = {each.code: each.path.name for each in done.copies if each.code}
    for table, brake in done.plan.brakes:
        key = f"brake.{brake.kind.value}".replace("-", "_")
        copy = copies.get(brake.replica.partition("@")[2], "")
        tab = call.words.tab(table) + (f" ({copy})" if copy else "")
        facts = {"tab": tab, "count": brake.count, "of": brake.of, "column": brake.column}
        call.say(key, **facts)
        if brake.token:
            call.say("brake.confirm", file=workbook.name, token=brake.token)
        if brake.kind in {BrakeKind.DELETES, BrakeKind.EMPTIED} and not copy and not document_of(workbook):
            number = copy_with(workbook, table, brake.of)
            if number:
                call.say("brake.back", file=workbook.name, number=number)


def _held(call: Call, plan: Pass) -> None:
    """Say what stood in the way in one workbook."""
    for title, (reason, details) in plan.stuck.items():
        what, hint = sentences(WorkbookRefused(reason, **{"tab": title, **details}))
        call.say("sync.stuck", tab=title, what=what, hint=hint)
    for spot in plan.blocked:
        call.say("sync.blocked", cell=f"{spot.tab}!{address(spot.row, spot.column)}", tab=spot.tab)
    for spot, _ in plan.overtyped:
        cell = f"{spot.tab}!{address(spot.row, spot.column)}"
        call.say("sync.overtyped", cell=cell, workbook=call.words.workbook)


def document(done: Done, status: int) -> dict[str, object]:
    """Give what a pass did as plain data: ids, codes and counts, no words of people."""
    plan = done.plan
    whole = plan.picture.coverage.network
    return {
        "written": done.written,
        "run": done.run,
        "cells": sum(cells_of(plan).values()),
        "tabs": [edit.design.title for edit in plan.edits if isinstance(edit, AddTab)],
        "network": {
            "coverage": None if whole.coverage is None else float(whole.coverage),
            "gap": None if whole.gap is None else float(whole.gap),
            "weight": whole.weight,
        },
        "findings": findings(done),
        "conflicts": [
            {"id": each.id, "table": code, "row": each.row, "column": each.column} for code, each in plan.conflicts
        ],
        "refused": [{"row": row, "file": file} for row, file in done.refused],
        "resumed": list(done.resumed.rows) if done.resumed else [],
        "restored": [{"table": code, "row": row} for code, row in plan.restored],
        "held": [{"table": code, "reason": brake.kind.value, "token": brake.token} for code, brake in plan.brakes]
        + [{"tab": spot.tab, "reason": "in-the-way", "cell": address(spot.row, spot.column)} for spot in plan.blocked],
        "others": [
            {
                "file": str(other.path),
                "written": other.written,
                "cells": 0 if other.plan is None else sum(cells_of(other.plan).values()),
                "error": "" if other.error is None else other.error.reason,
            }
            for other in done.others
        ],
        "copies": [
            {"file": each.path.name, "state": each.state, "changes": each.changes, "refused": list(each.refused)}
            for each in done.copies
        ],
        "calls": dict(done.calls),
        "repaired": done.repaired,
        "exit": status,
    }


def findings(done: Done) -> list[dict[str, object]]:
    """Give the findings as plain data."""
    found: list[dict[str, object]] = []
    for each in done.plan.notices:
        finding = each.finding
        found.append(
            {
                "rule": f"R-{finding.rule.replace('-', '')}",
                "case": finding.facts.get("case", ""),
                "level": finding.level,
                "table": finding.table,
                "row": finding.row,
                "column": finding.column,
                "cell": each.where if each.spot else "",
            }
        )
    return found
