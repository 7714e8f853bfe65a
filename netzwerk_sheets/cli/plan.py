"""``plan``: exactly what ``sync`` would do, cell by cell."""

from __future__ import annotations

from pathlib import Path

import click

from netzwerk_sheets.cli.frame import Call, command, table
from netzwerk_sheets.cli.group import words

PENDING, STOPPED = 4, 7


@command(
    "plan",
    click.Option(["--exit-code"], is_flag=True, help=words().say("help.exit_code")),
    click.Option(
        ["-o", "--output"], type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help=words().say("help.output"),
    ),
)  # fmt: skip
def plan(call: Call, workbook: Path, *, exit_code: bool, output: Path | None) -> int:
    """Show what would be written; nothing is, except the plan itself where a file is named."""
    from netzwerk_sheets.cli.reporting import report, require_ours
    from netzwerk_sheets.grid import AddTab, FollowChart, RemoveNote, ResizeTable, SetCell, SetNote
    from netzwerk_sheets.sheets.canvas import print_of
    from netzwerk_sheets.sheets.render.frame import address
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.saved_plan import plan_of, save

    done = look(workbook, call.order())
    require_ours(done, workbook)
    if output is not None and not call.dry_run:
        save(plan_of(done.plan, call.today, call.order().confirmed), output)
    edits = done.plan.edits
    cells = [edit for edit in edits if isinstance(edit, SetCell)]
    notes = [edit for edit in edits if isinstance(edit, SetNote | RemoveNote)]
    if call.json:
        call.document(
            cells=[
                {
                    "tab": edit.spot.tab,
                    "cell": address(edit.spot.row, edit.spot.column),
                    "before": print_of(edit.expected),
                    "after": print_of(edit.cell.value),
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
                print_of(edit.expected),
                print_of(edit.cell.value),
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
