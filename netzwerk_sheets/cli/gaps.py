"""``gaps``: coverage and gaps, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, table
from netzwerk_sheets.cli.group import words

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.analysis.coverage import Aggregate
    from netzwerk_sheets.sync.picture import Picture


@command(
    "gaps",
    click.Option(["--by"], type=click.Choice(["need", "domain", "group"]), default="need", help=words().say("help.by")),
)
def gaps(call: Call, workbook: Path, *, by: str) -> int:
    """Show what is covered and what is missing."""
    from netzwerk_sheets.analysis.coverage import as_json
    from netzwerk_sheets.cli.reporting import looked

    done = looked(call, workbook)
    picture = done.plan.picture
    if call.json:
        document = as_json(picture.coverage, picture.network)
        document.pop("schema", None)
        call.document(**document)
        return 0
    if by == "need":
        _needs(call, picture)
    else:
        _totals(call, picture.coverage.domains if by == "domain" else picture.coverage.target_groups, by)
    _total(call, picture)
    return 0


def _needs(call: Call, picture: Picture) -> None:
    say = call.words.say
    headers = [say(f"shell.{key}") for key in ("need", "light", "coverage", "gap", "open", "single")]
    rows = []
    for item in picture.coverage.ranked():
        open_blocks = [
            call.words.block(block.code)
            if not block.fill
            else f"{call.words.block(block.code)} ({call.words.percent(block.fill)})"
            for block in item.open
        ]
        single = [
            f"{call.words.block(block)} → {picture.names.get(partner, partner)}" for block, partner in item.single
        ]
        rows.append(
            [
                f"{item.need.id} {item.need.name}",
                say(f"shell.light_{item.light}"),
                call.words.percent(item.coverage),
                say("shell.points", gap=call.words.number(item.gap), weight=item.weight.total),
                "; ".join(open_blocks),
                "; ".join(dict.fromkeys(single)),
            ]
        )
    if rows:
        table(call, headers, rows)


def _totals(call: Call, totals: tuple[Aggregate, ...], by: str) -> None:
    say = call.words.say
    headers = [say(f"shell.{key}") for key in (by, "light", "coverage", "gap", "needs")]
    rows = [
        [
            total.name,
            say(f"shell.light_{total.light}"),
            "" if total.coverage is None else call.words.percent(total.coverage),
            "" if total.gap is None else call.words.number(total.gap),
            str(total.needs),
        ]
        for total in totals
    ]
    table(call, headers, rows)


def _total(call: Call, picture: Picture) -> None:
    whole = picture.coverage.network
    if whole.coverage is None or whole.gap is None:
        call.result(call.words.say("start.nothing_yet"))
        return
    percent = f"{call.words.number(whole.coverage * 100, 1)}\u00a0%"
    call.result("")
    call.result(
        call.words.say("shell.total", percent=percent, gap=call.words.number(whole.gap, 1), weight=whole.weight)
    )
