"""``init``: a new workbook, or the network's tabs in a workbook that exists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command
from netzwerk_sheets.cli.group import words

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.sync.order import Order


@command(
    "init",
    click.Option(["--demo"], is_flag=True, help=words().say("help.demo")),
    click.Option(["--name"], default="", help=words().say("help.name"), metavar="NAME"),
    single=True,
)
def init(call: Call, workbook: Path, *, demo: bool, name: str) -> int:
    """Make a workbook, or add what is missing."""
    from netzwerk_sheets.sync import setup

    order = setup.tabs_for(call.words.language, demo=demo, today=call.today, name=name)
    order = replace(order, google=call.google)
    network = (call.first, *call.joining)
    leader = setup.leader(workbook, network, call.google) if call.joining else None
    if leader is not None:
        return _join(call, workbook, leader, tuple(each for each in network if each != leader))
    if setup.is_there(workbook):
        return _add(call, workbook, order)
    if call.dry_run:
        _answer(call, workbook, [], "init.would_make", file=workbook.name, n=len(order.create))
        return 0
    if setup.was_there(workbook) and not call.agreed("init.anew", file=workbook.name):
        _answer(call, workbook, [], "common.left")
        return 0
    plan = setup.make(workbook, order)
    if call.json:
        call.document(file=str(workbook), added=plan.added)
    else:
        call.say("init.made", file=str(workbook), n=len(plan.added))
        call.say("init.next", file=str(workbook))
    return 0


def _add(call: Call, workbook: Path, order: Order) -> int:
    from netzwerk_sheets.sync import setup

    fitting = setup.candidates(workbook, call.google)
    take_over = bool(fitting) and (call.yes or call.can_ask) and call.agreed("init.take_over", tabs=fitting)
    new, preview = setup.missing(workbook, order, take_over=take_over)
    added = preview.plan.added
    if take_over:
        call.say("init.takes_over", tabs=fitting)
    if not _shall_add(call, workbook, added, takes_over=bool(new.take_over)):
        return 0
    done = setup.add(workbook, new)
    _answer(call, workbook, done.plan.added, "init.added", n=len(done.plan.added), file=str(workbook))
    return 0


def _shall_add(call: Call, workbook: Path, added: list[str], *, takes_over: bool = False) -> bool:
    """Tell which tabs are missing, and say whether they shall be added; where not, it is told why."""
    if not added and not takes_over:
        _answer(call, workbook, [], "init.nothing", file=workbook.name)
        return False
    if not call.json:
        call.say("init.adds", n=len(added), tabs=added)
    if call.dry_run:
        _answer(call, workbook, [], "common.dry")
        return False
    # Adding tabs takes nothing away: where nobody can be asked, it needs no yes.
    if call.can_ask and not call.agreed("init.agree", file=workbook.name):
        _answer(call, workbook, [], "common.left")
        return False
    return True


def _join(call: Call, workbook: Path, leader: Path, others: tuple[Path, ...]) -> int:
    """Give a workbook that ``netzwerk.toml`` names beside others the tabs and rows of their network."""
    from netzwerk_sheets.sync import setup

    order = replace(call.order(), further=others)
    new, added = setup.joining(leader, workbook, order)
    if not _shall_add(call, workbook, added):
        return 0
    done = setup.add(leader, new)
    for other in done.others:
        if other.path == workbook and other.error is not None:
            raise other.error
    if workbook == call.first:
        setup.take_over_state(workbook, leader)
    _answer(call, workbook, added, "init.added", n=len(added), file=str(workbook))
    return 0


def _answer(call: Call, workbook: Path, added: list[str], key: str, /, **facts: object) -> None:
    """Say how it ended, in words or as a document."""
    if call.json:
        call.document(file=str(workbook), added=added)
    else:
        call.say(key, **facts)
