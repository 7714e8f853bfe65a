"""``sync``: one pass. Where nothing changed since the last one, it ends before anything heavy is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.cli.frame import Call, command

if TYPE_CHECKING:
    from pathlib import Path

DONE, PEOPLE, STOPPED = 0, 3, 7


@command("sync")
def sync(call: Call, workbook: Path) -> int:
    """Merge, check, compute, write."""
    from netzwerk_sheets.backends.excel.fingerprint import fingerprint
    from netzwerk_sheets.state.glance import glance

    if not call.confirm and not call.json and workbook.is_file():
        known = glance(workbook, fingerprint(workbook), call.today, __version__)
        if known is not None:
            return _unchanged(call, workbook, known)
    return _pass(call, workbook)


def _unchanged(call: Call, workbook: Path, known: dict[str, object]) -> int:
    status = known.get("exit", 0)
    call.say("sync.unchanged", file=workbook.name)
    return status if isinstance(status, int) else 0


def _pass(call: Call, workbook: Path) -> int:
    from netzwerk_sheets.backends.excel.fingerprint import fingerprint
    from netzwerk_sheets.cli.reporting import confirmed, document, held, report, require_ours, status_of
    from netzwerk_sheets.collector import paused
    from netzwerk_sheets.state.glance import remember
    from netzwerk_sheets.sync.order import Order
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once

    order = Order(call.today, confirmed=confirmed(call))
    if call.dry_run:
        done = look(workbook, order)
        require_ours(done, workbook)
    else:
        with paused():
            done = run_once(workbook, order, wait=call.wait)
    status = status_of(done)
    if not call.dry_run and not held(done):
        remember(workbook, fingerprint(workbook), call.today, __version__, exit=status)
    if call.json:
        call.document(**document(done, status))
    else:
        report(call, done, workbook)
    return status
