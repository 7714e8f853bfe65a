"""``onboard`` and ``offboard``: the task sheets of partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.cli.partners import ids_of

if TYPE_CHECKING:
    from pathlib import Path


@command(
    "onboard",
    click.Argument(["partners"], nargs=-1, required=True, metavar="PARTNER…"),
    click.Option(["--short"], is_flag=True, help=words().say("help.short")),
    click.Option(["--reschedule"], is_flag=True, help=words().say("help.reschedule")),
)
def onboard(call: Call, workbook: Path, *, partners: tuple[str, ...], short: bool, reschedule: bool) -> int:
    """Make or complete the task sheets of partners."""
    from netzwerk_sheets.sync.tasks import Wishes

    ids = _ids(call, workbook, partners)
    form = "short" if short else ""
    return _carry_out(call, workbook, Wishes(onboard=ids, form=form, reschedule=ids if reschedule else frozenset()))


@command("offboard", click.Argument(["partners"], nargs=-1, required=True, metavar="PARTNER…"))
def offboard(call: Call, workbook: Path, *, partners: tuple[str, ...]) -> int:
    """Make or complete the farewell sheets of partners."""
    from netzwerk_sheets.sync.tasks import Wishes

    return _carry_out(call, workbook, Wishes(offboard=_ids(call, workbook, partners)))


def _ids(call: Call, workbook: Path, typed: tuple[str, ...]) -> frozenset[str]:
    """Understand partners by id or short name.

    Raises:
        WrongUse: One is not in the workbook; nothing was written.
    """
    from netzwerk_sheets.cli.reporting import require_ours
    from netzwerk_sheets.sync.run import look

    preview = look(workbook, call.order())
    require_ours(preview, workbook)
    return frozenset(ids_of(preview.plan.picture.network, typed))


def _carry_out(call: Call, workbook: Path, wishes: object) -> int:
    from netzwerk_sheets.cli.reporting import document, report, status_of
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once
    from netzwerk_sheets.sync.tasks import Wishes

    if not isinstance(wishes, Wishes):
        raise TypeError
    order = call.order(wishes=wishes)
    done = look(workbook, order) if call.dry_run else run_once(workbook, order, wait=call.wait)
    status = status_of(done)
    if call.json:
        call.document(**document(done, status))
    else:
        report(call, done, workbook)
    return 0 if status == 3 else status
