"""``fleet``: many networks at once, each on its own; one that fails hinders no other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netzwerk_sheets.cli.commands import resolve
from netzwerk_sheets.cli.frame import Call, command, table
from netzwerk_sheets.cli.group import told, words
from netzwerk_sheets.collector import goes_on
from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netzwerk_sheets.fleet.members import Member
    from netzwerk_sheets.fleet.work import Outcome

SHOWN = 40
"""Among more networks, only those are listed in which something happened."""

QUIET = frozenset({"unchanged", "same", "stranger"})


class Doing(click.Choice[str]):
    """What shall be done, in English or German."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Take the German word, too."""
        return super().convert(resolve(str(value)), param, ctx)


@command(
    "fleet",
    click.Argument(["doing"], type=Doing(["sync", "gaps", "report"])),
    click.Option(
        ["--networks"], type=click.Path(path_type=Path), metavar="FILE|FOLDER", help=words().say("help.networks")
    ),
    click.Option(["--xlsx"], type=click.Path(path_type=Path), metavar="FILE", help=words().say("help.fleet_xlsx")),
    click.Option(["--html"], type=click.Path(path_type=Path), metavar="FILE", help=words().say("help.fleet_html")),
    click.Option(["--workers"], type=click.IntRange(1, 256), metavar="NUMBER", help=words().say("help.workers")),
    click.Option(["--scheduler"], default="", metavar="ADDRESS", help=words().say("help.scheduler")),
    workbook=False,
)  # fmt: skip
def fleet(
    call: Call,
    *,
    doing: str,
    networks: Path | None,
    xlsx: Path | None,
    html: Path | None,
    workers: int | None,
    scheduler: str,
) -> int:
    """Do it for every network, and say how each ended."""
    from netzwerk_sheets.fleet.campaign import outcomes, status_of

    goes_on()
    members = _members(call, networks)
    targets = [target for target in (xlsx, html) if target is not None]
    _require_targets(doing, targets, members)
    if xlsx is not None and xlsx.suffix.casefold() != ".xlsx":
        raise WrongUse("ending-not-xlsx", file=xlsx.name)
    found = outcomes(
        members, doing, call.order(), wait=call.wait, dry_run=call.dry_run, workers=workers or 0, scheduler=scheduler
    )
    order = {member.name: place for place, member in enumerate(members)}
    ended = sorted(found, key=lambda outcome: order[outcome.name])
    status = status_of(ended)
    if doing == "report":
        from netzwerk_sheets.cli.fleet_report import report

        report(call, members, ended, status, xlsx=xlsx, html=html)
    else:
        _SHOWS[doing](call, members, ended, status)
    return status


def _require_targets(doing: str, targets: Sequence[Path], members: Sequence[Member]) -> None:
    """Make sure that a report has somewhere to go, and that no network lies there.

    Raises:
        WrongUse: It has not, or one does; nothing was read.
    """
    from netzwerk_sheets.output.files import require_apart

    if doing == "report" and not targets:
        raise WrongUse("fleet-report-where")
    if doing != "report" and targets:
        raise WrongUse("fleet-only-report")
    for target in targets:
        require_apart(target, (place for member in members for place in member.places))


def _members(call: Call, networks: Path | None) -> list[Member]:
    from netzwerk_sheets.config import find_config
    from netzwerk_sheets.fleet.members import configured, members

    return configured(find_config(call.config)) if networks is None else members(networks, call.config)


def _sync(call: Call, members: Sequence[Member], ended: Sequence[Outcome], status: int) -> None:
    if call.json:
        call.document(networks={each.name: _entry(each) for each in ended}, exit=status)
        return
    files = {member.name: str(member.first) for member in members}
    shown = [each for each in ended if call.verbose or len(ended) <= SHOWN or each.kind not in QUIET or each.status]
    say = call.words.say
    rows = [
        [
            each.name, say(f"fleet.kind_{each.kind}"), str(each.cells or ""),
            " ".join([*_notes(call, each, files[each.name]), *why(each)]),
        ]
        for each in shown
    ]  # fmt: skip
    if rows:
        table(call, [say(f"fleet.{key}") for key in ("network", "result", "cells", "next")], rows)
        call.result("")
    summary(call, ended)


def _notes(call: Call, outcome: Outcome, file: str) -> list[str]:
    """Say what people have to look at in a network."""
    say, found = call.words.say, []
    if outcome.conflicts:
        found.append(say("fleet.conflicts", n=outcome.conflicts, file=file))
    if outcome.errors:
        found.append(say("fleet.errors", n=outcome.errors, file=file))
    if outcome.kind == "held":
        found.append(say("fleet.held", file=file))
    if outcome.kind == "unchanged" and outcome.status:
        found.append(say("fleet.still", file=file))
    return found


def why(outcome: Outcome) -> list[str]:
    """Say why a network, or a workbook of it, was left out, with the next step."""
    found = [("", outcome.error)] if outcome.error is not None else []
    return [
        " ".join(part for part in (file and f"{file}:", *told(error)[:2]) if part)
        for file, error in [*found, *outcome.left_out]
    ]


def summary(call: Call, ended: Sequence[Outcome]) -> None:
    """Say how many networks there were, and how they ended."""
    kinds = [each.kind for each in ended]
    counts = {kind: kinds.count(kind) for kind in ("unchanged", "failed", "stranger")}
    n = len(ended) - counts["stranger"]
    done = n - counts["unchanged"] - counts["failed"]
    call.result(call.words.say("fleet.sum", n=n, done=done, unchanged=counts["unchanged"], failed=counts["failed"]))
    if counts["stranger"]:
        call.result(call.words.say("fleet.strangers", n=counts["stranger"]))


def _entry(outcome: Outcome) -> dict[str, object]:
    """Give how a network ended as plain data."""
    entry: dict[str, object] = {
        "result": outcome.kind, "exit": outcome.status, "cells": outcome.cells, "conflicts": outcome.conflicts,
        "errors": outcome.errors, "others": [plain_error(error) | {"file": file} for file, error in outcome.left_out],
        "calls": dict(outcome.calls),
    }  # fmt: skip
    return entry if outcome.error is None else entry | {"error": plain_error(outcome.error)}


def plain_error(error: Exception) -> dict[str, object]:
    """Give what went wrong as plain data."""
    from netzwerk_sheets.fleet.campaign import reason_of

    what, hint, code = told(error)
    return {"code": code, "reason": reason_of(error), "message": what, "hint": hint}


def _gaps(call: Call, _members: Sequence[Member], ended: Sequence[Outcome], status: int) -> None:
    read = [each for each in ended if each.kind == "read"]
    left = [each for each in ended if each.kind != "read"]
    if call.json:
        failed = {each.name: plain_error(each.error) for each in left if each.error is not None}
        call.document(networks={each.name: each.answer for each in read}, failed=failed, exit=status)
        return
    say = call.words.say
    rows = [_total(call, each) for each in sorted(read, key=_by_gap)]
    if rows:
        table(call, [say(f"fleet.{key}") for key in ("network", "light", "coverage", "gap", "needs", "open")], rows)
        call.result("")
    for each in left:
        if each.kind == "failed":
            call.result(f"{each.name}: {' '.join(why(each))}")
    summary(call, ended)


def _by_gap(outcome: Outcome) -> tuple[float, str]:
    whole: Any = outcome.answer["network"]
    return -(whole["gap"] or 0), outcome.name


def _total(call: Call, outcome: Outcome) -> list[str]:
    answer: Mapping[str, Any] = outcome.answer
    whole, say, number = answer["network"], call.words.say, call.words.number
    counted = whole["coverage"] is not None
    return [
        outcome.name,
        say(f"shell.light_{whole['light']}"),
        call.words.percent(whole["coverage"]) if counted else "",
        say("shell.points", gap=number(whole["gap"], 1), weight=whole["weight"]) if counted else "",
        str(whole["needs"]),
        str(sum(len(need["open"]) for need in answer["needs"])),
    ]


_SHOWS: dict[str, Callable[[Call, Sequence[Member], Sequence[Outcome], int], None]] = {"sync": _sync, "gaps": _gaps}
