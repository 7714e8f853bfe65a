"""``sync``: one pass. Where nothing changed since the last one, it ends before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.copies import earlier
from netzwerk_sheets.cli.frame import Call, command
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.sync.passing import Glimpse, carry_out

if TYPE_CHECKING:
    from netzwerk_sheets.sync.order import Order


@command(
    "sync",
    click.Option(
        ["--plan"], type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=words().say("help.plan_file")
    ),
)
def sync(call: Call, workbook: Path, *, plan: Path | None) -> int:
    """Merge, check, compute, write."""
    if plan is not None:
        return _agreed(call, workbook, plan)
    return one_pass(call, workbook)


def one_pass(call: Call, workbook: Path) -> int:
    """Do one pass, or say that there is nothing to do."""
    glimpse = Glimpse((workbook, *call.further), call.today, call.google)
    known = None if call.confirm or call.json else glimpse.unchanged()
    if known is None:
        return _pass(call, workbook, call.order(), glimpse)
    call.say("sync.unchanged", file=workbook.name)
    for key, facts in earlier(known.get("copies", ()), workbook.name):
        call.say(key, **facts)
    return int(known.get("exit", 0))


def _agreed(call: Call, workbook: Path, file: Path) -> int:
    """Write exactly what a saved plan says, on the day it was made for; name each cell that is different by now."""
    from netzwerk_sheets.errors import PlanOutdated
    from netzwerk_sheets.sync.saved_plan import load

    saved = load(file)
    order = replace(call.order(agreed=saved), today=saved.today, confirmed=saved.confirmed)
    try:
        return _pass(replace(call, today=saved.today), workbook, order)
    except PlanOutdated as error:
        for place, reason in error.cells if not call.json else ():
            call.say(f"saved.{reason}", cell=place)
        raise


def _pass(call: Call, workbook: Path, order: Order, glimpse: Glimpse | None = None) -> int:
    from netzwerk_sheets.cli.reporting import tell
    from netzwerk_sheets.collector import keep, paused

    with paused():
        done, status = carry_out(workbook, order, wait=call.wait, dry_run=call.dry_run, glimpse=glimpse)
        keep(done)  # the process ends with this run
    tell(call, done, workbook, status)
    return status
