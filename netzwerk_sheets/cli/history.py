"""``history``: which value changed when, from what, and where that came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, day, shifted, table
from netzwerk_sheets.cli.group import words

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.state.past import Line

COLUMNS = ("run", "day", "table", "row", "column", "was", "is", "source", "kind")


@command(
    "history",
    click.Argument(["subject"], required=False, metavar="[PARTNER|CELL]"),
    click.Option(["--run"], type=click.IntRange(1, 999_999_999), metavar="NUMBER", help=words().say("help.run")),
    click.Option(["--since"], callback=day, metavar="DATE", help=words().say("help.since")),
)
def history(call: Call, workbook: Path, *, subject: str | None, run: int | None, since: object) -> int:
    """Show who wrote what when, as far as it is known: by tab, never by person."""
    from datetime import date

    from netzwerk_sheets.cli.wording import column_of, plain_value
    from netzwerk_sheets.sheets.schema import tables
    from netzwerk_sheets.sync.past import history as remembered
    from netzwerk_sheets.sync.past import tab_names

    call, workbook, subject = shifted(call, workbook, subject)
    first = since if isinstance(since, date) else None
    found = remembered(workbook, about=subject or "", run=run or 0, since=first, google=call.google)
    if call.json:
        call.document(changes=[_document(line) for line in found])
        return 0
    if not found:
        call.result(call.words.say("past.nothing"))
        return 0
    tab = tab_names(workbook, call.order(), call.words)
    rows = [
        [
            str(line.run),
            call.words.date(line.day) if line.day else "",
            call.words.tab(line.table) if line.table in tables() else tab(line.table),
            line.change.row,
            column_of(call.words, line.table, line.change.column),
            plain_value(call.words, line.change.before),
            plain_value(call.words, line.change.after),
            tab(line.change.source) or call.words.say("past.tool"),
            _kind(call, line),
        ]
        for line in found
    ]
    table(call, [call.words.say(f"past.{code}") for code in COLUMNS], rows)
    return 0


def _kind(call: Call, line: Line) -> str:
    from netzwerk_sheets.state.past import UNDO

    text = call.words.say(f"past.kind_{line.change.kind.value}")
    if line.change.reason.startswith(UNDO):
        text += f" ({call.words.say('past.of_run', run=line.change.reason.removeprefix(UNDO))})"
    return text


def _document(line: Line) -> dict[str, object]:
    from netzwerk_sheets.cli.wording import json_public

    change = line.change
    return {
        "run": line.run, "day": line.day, "table": line.table, "row": change.row, "column": change.column,
        "before": json_public(line.table, change.column, change.before),
        "after": json_public(line.table, change.column, change.after),
        "source": change.source, "kind": change.kind.value, "reason": change.reason,
    }  # fmt: skip
