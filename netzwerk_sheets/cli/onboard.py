"""``onboard`` and ``offboard``: the task sheets of partners."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.cli.partners import ids_of

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.sync.tasks import Wishes


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
    return carry_out(call, workbook, Wishes(onboard=ids, form=form, reschedule=ids if reschedule else frozenset()))


@command("offboard", click.Argument(["partners"], nargs=-1, required=True, metavar="PARTNER…"))
def offboard(call: Call, workbook: Path, *, partners: tuple[str, ...]) -> int:
    """Make or complete the farewell sheets of partners."""
    from netzwerk_sheets.sync.tasks import Wishes

    return carry_out(call, workbook, Wishes(offboard=_ids(call, workbook, partners)))


def _ids(call: Call, workbook: Path, typed: tuple[str, ...]) -> frozenset[str]:
    """Understand partners by id or short name.

    Raises:
        WrongUse: One is not in the workbook; nothing was written.
    """
    from netzwerk_sheets.cli.reporting import looked

    preview = looked(call, workbook)
    return frozenset(ids_of(preview.plan.picture.network, typed))


def carry_out(call: Call, workbook: Path, wishes: Wishes, create: frozenset[str] = frozenset()) -> int:
    """Do a pass that makes the sheets a person asked for, and tell how it went.

    Args:
        call: The call.
        workbook: The first workbook.
        wishes: What is asked for.
        create: Codes of tabs that are missing and needed for it.

    Returns:
        The exit status; findings that were there before do not count.
    """
    from netzwerk_sheets.cli.reporting import tell
    from netzwerk_sheets.sync.ending import status_of
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once

    order = replace(call.order(wishes=wishes), create=create)
    done = look(workbook, order) if call.dry_run else run_once(workbook, order, wait=call.wait)
    status = status_of(done)
    tell(call, done, workbook, status)
    return 0 if status == 3 else status
