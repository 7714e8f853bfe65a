"""``sync``: one pass. Where nothing changed since the last one, it ends before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netzwerk_sheets import __version__
from netzwerk_sheets.cli.frame import Call, command
from netzwerk_sheets.cli.group import words

if TYPE_CHECKING:
    from netzwerk_sheets.sync.order import Order

DONE, PEOPLE, STOPPED = 0, 3, 7


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
    from netzwerk_sheets.backends.excel.fingerprint import fingerprint
    from netzwerk_sheets.state.glance import glance

    if not call.confirm and not call.json and workbook.is_file():
        known = glance(workbook, fingerprint(workbook), call.today, __version__)
        if known is not None:
            return _unchanged(call, workbook, known)
    from netzwerk_sheets.cli.reporting import confirmed
    from netzwerk_sheets.sync.order import Order

    return _pass(call, workbook, Order(call.today, confirmed=confirmed(call)))


def _agreed(call: Call, workbook: Path, file: Path) -> int:
    """Write exactly what a saved plan says, on the day it was made for; name each cell that is different by now."""
    from netzwerk_sheets.errors import PlanOutdated
    from netzwerk_sheets.sync.order import Order
    from netzwerk_sheets.sync.saved_plan import load

    saved = load(file)
    order = Order(saved.today, confirmed=saved.confirmed, agreed=saved)
    try:
        return _pass(replace(call, today=saved.today), workbook, order)
    except PlanOutdated as error:
        for place, reason in error.cells if not call.json else ():
            call.say(f"saved.{reason}", cell=place)
        raise


def _unchanged(call: Call, workbook: Path, known: dict[str, object]) -> int:
    status = known.get("exit", 0)
    call.say("sync.unchanged", file=workbook.name)
    return status if isinstance(status, int) else 0


def _pass(call: Call, workbook: Path, order: Order) -> int:
    from netzwerk_sheets.backends.excel.fingerprint import fingerprint
    from netzwerk_sheets.cli.reporting import document, held, report, require_ours, status_of
    from netzwerk_sheets.state.glance import remember
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once

    if call.dry_run:
        done = look(workbook, order)
        require_ours(done, workbook)
    else:
        done = run_once(workbook, order, wait=call.wait)
    status = status_of(done)
    if not call.dry_run and not held(done):
        remember(workbook, fingerprint(workbook), call.today, __version__, exit=status)
    if call.json:
        call.document(**document(done, status))
    else:
        report(call, done, workbook)
    return status
