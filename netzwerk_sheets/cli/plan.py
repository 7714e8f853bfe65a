"""``plan``: exactly what ``sync`` would do, cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, table
from netzwerk_sheets.cli.group import words as chosen

if TYPE_CHECKING:
    from collections.abc import Callable

    from netzwerk_sheets.grid import SetCell
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import Located

PENDING, STOPPED = 4, 7

PLACES = 6
"""Digits of numbers that are the same when rounded as everywhere: they would say that nothing changes."""


@command(
    "plan",
    click.Option(["--exit-code"], is_flag=True, help=chosen().say("help.exit_code")),
    click.Option(
        ["-o", "--output"], type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help=chosen().say("help.output"),
    ),
)  # fmt: skip
def plan(call: Call, workbook: Path, *, exit_code: bool, output: Path | None) -> int:
    """Show what would be written; nothing is, except the plan itself where a file is named."""
    from netzwerk_sheets.cli.reporting import looked, report
    from netzwerk_sheets.grid import AddTab, FollowChart, RemoveNote, ResizeTable, SetCell, SetNote
    from netzwerk_sheets.sheets.canvas import print_of
    from netzwerk_sheets.sheets.render.frame import address
    from netzwerk_sheets.sync.saved_plan import plan_of, save

    done = looked(call, workbook)
    if output is not None and not call.dry_run:
        save(plan_of(done.plan, call.today, call.order().confirmed), output)
    edits = done.plan.edits
    cells = [edit for edit in edits if isinstance(edit, SetCell)]
    notes = [edit for edit in edits if isinstance(edit, SetNote | RemoveNote)]
    if call.json:
        public = _public(done.plan.located)
        call.document(
            cells=[
                {
                    "tab": edit.spot.tab,
                    "cell": address(edit.spot.row, edit.spot.column),
                    "before": public(edit, print_of(edit.expected)),
                    "after": public(edit, print_of(edit.cell.value)),
                    "why": edit.why or "computed",
                }
                for edit in cells
            ],
            notes=[
                {
                    "tab": edit.spot.tab,
                    "cell": address(edit.spot.row, edit.spot.column),
                    "set": isinstance(edit, SetNote),
                }
                for edit in notes
            ],
            tabs=[edit.design.title for edit in edits if isinstance(edit, AddTab)],
            tables=[{"tab": edit.tab, "last_row": edit.last_row} for edit in edits if isinstance(edit, ResizeTable)],
            charts=[
                {"tab": edit.tab, "last_row": edit.chart.categories.last_row}
                for edit in edits
                if isinstance(edit, FollowChart)
            ],
        )
    else:
        report(call, done, workbook)
        headers = [call.words.say(f"plan.{key}") for key in ("cell", "before", "after", "why")]
        rows = [
            [
                f"{edit.spot.tab}!{address(edit.spot.row, edit.spot.column)}",
                *before_and_after(call.words, edit),
                call.words.say(f"why.{edit.why or 'computed'}"),
            ]
            for edit in cells
            if edit.why != "log"
        ]
        rows += [
            [
                f"{edit.spot.tab}!{address(edit.spot.row, edit.spot.column)}",
                "" if isinstance(edit, SetNote) else call.words.say("plan.note"),
                call.words.say("plan.note") if isinstance(edit, SetNote) else "",
                call.words.say("why.note" if isinstance(edit, SetNote) else "why.settled"),
            ]
            for edit in notes
        ]
        if rows:
            table(call, headers, rows)
        if output is not None and not call.dry_run:
            call.say("saved.kept", file=str(output), workbook=str(workbook))
        told = len(rows) - len(notes)
        if told < len(cells):
            # Each new line moves all others down by one; told cell by cell nobody would find the rest.
            call.say("plan.log", n=len(cells) - told)
    return PENDING if exit_code and edits else 0


def before_and_after(words: Words, edit: SetCell) -> tuple[str, str]:
    """Give what people see in a cell before and after; of a formula its value, or that only the formula is another."""
    from netzwerk_sheets.cli.wording import plain_value
    from netzwerk_sheets.grid import Formula, shown

    before, after = (plain_value(words, value) for value in (edit.expected, edit.cell.value))
    if before == after and isinstance(edit.cell.value, Formula):
        after = words.say("plan.formula", value=after).strip()
        return before, after
    was, now = shown(edit.expected), edit.cell.value
    if before == after and isinstance(was, float) and isinstance(now, float):
        return words.number(was, PLACES), words.number(now, PLACES)
    return before, after


def _public(located: Located) -> Callable[[SetCell, str], object]:
    """Give what says how ``--json`` tells a cell: values of columns that may name persons are hidden."""
    from netzwerk_sheets.cli.wording import json_public

    columns: dict[tuple[str, int], tuple[str, str]] = {}
    for seen in located.seen():
        columns.update({(seen.tab.title, number): (seen.code, "") for number in seen.unknown})
        columns.update({(seen.tab.title, number): (seen.code, code) for code, number in seen.columns.items()})
    headers = {seen.tab.title: seen.header_row for seen in located.seen()}

    def public(edit: SetCell, text: str) -> object:
        spot = edit.spot
        table, column = columns.get((spot.tab, spot.column), ("", ""))
        # Above the rows, and on tabs without any, stands what the tool itself says.
        return json_public(table, column, text) if table and spot.row > headers[spot.tab] else text

    return public
