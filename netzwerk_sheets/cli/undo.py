"""``undo``: take back what a run changed, as far as nobody has changed it since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, shifted, table
from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from netzwerk_sheets.merge import Change
    from netzwerk_sheets.sync.ending import Done
    from netzwerk_sheets.sync.order import Pass

IN_PART, STOPPED = 8, 7
TableChange = tuple[str, "Change"]


@command("undo", click.Argument(["run"], required=False, metavar="[RUN]"))
def undo(call: Call, workbook: Path, *, run: str | None) -> int:
    """Take back what a run changed; undoing that again brings it back."""
    from netzwerk_sheets.cli.reporting import looked
    from netzwerk_sheets.sync.backups import backup_folder
    from netzwerk_sheets.sync.past import undoing_of
    from netzwerk_sheets.sync.run import sync as run_once

    call, workbook, run = shifted(call, workbook, run)
    if run is not None and not (run.isdigit() and int(run)):
        raise WrongUse("undo-unknown", run=run)
    undoing = undoing_of(workbook, int(run or 0), call.google)
    order = call.order(undoing=undoing)
    done = looked(call, workbook, order)
    found = undone(done.plan, undoing.run)
    if not call.json:
        _show(call, found, done.plan.standing, undoing.run)
    if found and not call.dry_run:
        facts = {"n": len(found), "file": workbook.name, "folder": str(backup_folder(workbook))}
        if not call.agreed("undo.agree", **facts):
            call.say("common.left")
            return 0
        done = run_once(workbook, order, wait=call.wait)
    return _answer(call, workbook, done, undoing.run)


def undone(plan: Pass, run: int) -> list[TableChange]:
    """Give what a pass takes back: (table, change), whole rows once."""
    from netzwerk_sheets.state.past import UNDO

    reason = f"{UNDO}{run}"
    return _rows(
        (code, change) for code, changes in plan.changes.items() for change in changes if change.reason == reason
    )


def _rows(changes: Iterable[TableChange]) -> list[TableChange]:
    """Name a row that comes or goes as a whole once, not each of its cells."""
    every = list(changes)
    whole = {(code, change.row) for code, change in every if not change.column}
    found = {
        (code, change.row, change.column): (code, change)
        for code, change in every
        if not change.column or (code, change.row) not in whole
    }
    return list(found.values())


def _show(call: Call, found: list[TableChange], standing: list[TableChange], run: int) -> None:
    from netzwerk_sheets.cli.wording import column_of, plain_value, table_of

    if found:
        call.say("undo.would", n=len(found), run=run)
        rows = [
            [
                table_of(call.words, code),
                change.row,
                column_of(call.words, code, change.column),
                plain_value(call.words, change.before) if change.column else "",
                plain_value(call.words, change.after)
                if change.column
                else call.words.say("undo.row_goes" if change.kind.value == "delete" else "undo.row_comes"),
            ]
            for code, change in found
        ]
        table(call, [call.words.say(f"undo.{key}") for key in ("table", "row", "column", "now", "back")], rows)
    else:
        call.say("undo.nothing_left", run=run)
    for code, change in _rows(standing):
        key = "undo.kept_cell" if change.column else "undo.kept_row"
        call.say(key, tab=table_of(call.words, code), row=change.row, column=column_of(call.words, code, change.column))


def _answer(call: Call, workbook: Path, done: Done, run: int) -> int:
    """Say how it ended: 7 where a table was held back, 8 where something of the run stays, else 0."""
    from netzwerk_sheets.cli.reporting import document, report
    from netzwerk_sheets.sync.ending import cells_of, held

    standing = _rows(done.plan.standing)
    status = STOPPED if held(done) else IN_PART if standing else 0
    if call.json:
        kept = [{"table": code, "row": each.row, "column": each.column} for code, each in standing]
        back = [{"table": code, "row": each.row, "column": each.column} for code, each in undone(done.plan, run)]
        call.document(**{**document(done, status), "undone": run, "back": back, "kept": kept})
    elif sum(cells_of(done.plan).values()):
        report(call, done, workbook)
    return status
