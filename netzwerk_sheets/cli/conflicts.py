"""``conflicts``: what people disagree about, and how to settle it without opening the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, shifted, table
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.sync.answers import Open

RESOLVE = "resolve"
PEOPLE = 3


@command(
    "conflicts",
    click.Argument(["resolving"], nargs=-1, metavar="[resolve KF-012]"),
    click.Option(["--take"], metavar="a|b|both|VALUE", help=words().say("help.take")),
)
def conflicts(call: Call, workbook: Path, *, resolving: tuple[str, ...], take: str | None) -> int:
    """List what is open, or decide one of it."""
    workbook, wanted = _understood(call, workbook, resolving)
    if wanted is None:
        if take is not None:
            raise WrongUse("conflict-which")
        return _list(call, workbook)
    if take is None:
        raise WrongUse("conflict-take", conflict=wanted)
    return _resolve(call, workbook, wanted, take)


def _understood(call: Call, workbook: Path, typed: tuple[str, ...]) -> tuple[Path, str | None]:
    """Give the workbook and the id to be resolved, if any.

    Raises:
        WrongUse: Something else than an id behind ``resolve`` was typed.
    """
    if str(workbook) == RESOLVE and not workbook.exists():
        call, workbook, _ = shifted(call, workbook, None)
        typed = (RESOLVE, *typed)
    if not typed:
        return workbook, None
    if typed[0] != RESOLVE or len(typed) != 2:
        raise WrongUse("conflict-which")
    return workbook, typed[1].upper()


def _list(call: Call, workbook: Path) -> int:
    from netzwerk_sheets.cli.reporting import looked
    from netzwerk_sheets.cli.wording import column_of, json_public, plain_value, table_of
    from netzwerk_sheets.sync.answers import open_ones
    from netzwerk_sheets.sync.past import shown_digests

    done = looked(call, workbook)
    found = open_ones(done.plan, shown_digests(workbook, call.google))
    status = PEOPLE if found else 0
    if call.json:
        call.document(
            conflicts=[
                {
                    "id": each.id, "table": each.table, "row": each.row, "column": each.column, "kind": each.kind,
                    "versions": [
                        {"tab": one.tab, "value": json_public(each.table, each.column, one.value)}
                        for one in each.versions
                    ],
                    "before": json_public(each.table, each.column, each.before), "new": each.new,
                }
                for each in found
            ],
            exit=status,
        )  # fmt: skip
        return status
    if not found:
        call.result(call.words.say("decide.none"))
        return 0
    headers = [call.words.say(f"decide.{key}") for key in ("id", "table", "row", "column", "a", "b", "c", "before")]
    rows = []
    for each in found:
        versions = [_version(call, each, index) for index in range(3)]
        column = column_of(call.words, each.table, each.column) or call.words.say("decide.same_row")
        place = table_of(call.words, each.table)
        rows.append([each.id, place, each.row, column, *versions, plain_value(call.words, each.before)])
    table(call, headers, rows)
    if any(each.new for each in found):
        call.say("decide.first_sync", file=workbook.name)
    else:
        call.say("decide.how", file=workbook.name, conflict=found[0].id)
    return status


def _version(call: Call, each: Open, index: int) -> str:
    """Write a version with the tab it stands on."""
    from netzwerk_sheets.cli.wording import plain_value

    if index >= len(each.versions):
        return ""
    version = each.versions[index]
    value = plain_value(call.words, version.value) or call.words.say("decide.empty")
    return call.words.say("decide.on_tab", value=value, tab=version.tab) if version.tab else value


def _resolve(call: Call, workbook: Path, wanted: str, take: str) -> int:
    """Carry a decision out by a pass of its own, exactly as the dropdown on the tab would."""
    from netzwerk_sheets.cli.reporting import document, looked, report
    from netzwerk_sheets.sync.answers import decision, open_ones, require_decided
    from netzwerk_sheets.sync.ending import held
    from netzwerk_sheets.sync.past import shown_digests
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once

    known = shown_digests(workbook, call.google)
    before = looked(call, workbook)
    open_one = next((each for each in open_ones(before.plan, known) if each.id == wanted), None)
    decided = decision(open_one, wanted, take, known)
    order = call.order(decisions=(decided,))
    done = look(workbook, order)
    require_decided(decided, done.plan)
    if not call.dry_run:
        done = run_once(workbook, order, wait=call.wait)
        require_decided(decided, done.plan)
    status = 7 if held(done) else 0
    if call.json:
        call.document(**{**document(done, status), "resolved": wanted})
        return status
    report(call, done, workbook)
    if not call.dry_run:
        call.say("decide.done", conflict=wanted)
    return status
