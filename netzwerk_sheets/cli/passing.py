"""One pass, as `sync` and `watch` do it; where nothing changed since the last one, nothing is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netzwerk_sheets import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.cli.frame import Call
    from netzwerk_sheets.sync.order import Order
    from netzwerk_sheets.sync.run import Done


def unchanged(call: Call, workbook: Path) -> dict[str, Any] | None:
    """Give how the last pass ended where nothing changed since, else `None`; nothing heavy is loaded."""
    from netzwerk_sheets.state.glance import glance

    known = _fingerprint(call, workbook)
    return glance(workbook, known, call.today, __version__) if known else None


def carry_out(call: Call, workbook: Path, order: Order) -> tuple[Done, int]:
    """Do a pass, or with --dry-run prepare it, and give how it ended with its exit status.

    Raises:
        NetzwerkError: It could not be done; nothing was written.
    """
    from netzwerk_sheets.cli.reporting import held, require_ours, status_of
    from netzwerk_sheets.collector import paused
    from netzwerk_sheets.state.glance import remember
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once

    if call.dry_run:
        done = look(workbook, order)
        require_ours(done, workbook)
        return done, status_of(done)
    with paused():
        done = run_once(workbook, order, wait=call.wait)
    status = status_of(done)
    known = _fingerprint(call, workbook)
    if known and not held(done) and not any(other.error for other in done.others):
        remember(workbook, known, call.today, __version__, exit=status)
    return done, status


def _fingerprint(call: Call, workbook: Path) -> str:
    """Tell from outside whether any workbook of the network changed; empty where the first cannot be looked at."""
    from netzwerk_sheets.backends.excel.fingerprint import fingerprint

    def told(path: Path) -> str:
        try:
            return fingerprint(path) if path.is_file() else "-"
        except OSError:
            return "-"  # the run itself finds out why, and says so

    first = told(workbook)
    return "" if first == "-" else " ".join((first, *map(told, call.further)))
