"""``what-if``: coverage and gaps if partners left or joined. Nothing is written, and nobody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, table
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.cli.partners import ids_of
from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netzwerk_sheets.analysis.resilience import Change, WhatIf
    from netzwerk_sheets.analysis.totals import Aggregate
    from netzwerk_sheets.sync.picture import Picture


@command(
    "what-if",
    click.Option(["--without"], multiple=True, metavar="PARTNER", help=words().say("help.without")),
    click.Option(["--with", "joining"], multiple=True, metavar="PARTNER", help=words().say("help.with")),
)
def what_if(call: Call, workbook: Path, *, without: tuple[str, ...], joining: tuple[str, ...]) -> int:
    """Show what would change."""
    from netzwerk_sheets.analysis.resilience import what_if as imagine
    from netzwerk_sheets.cli.reporting import looked

    if not without and not joining:
        raise WrongUse("nobody-named")
    done = looked(call, workbook)
    picture = done.plan.picture
    leave, join = ids_of(picture.network, without), ids_of(picture.network, joining)
    if both := sorted(set(leave) & set(join)):
        raise WrongUse("named-twice", partner=both[0])
    found = imagine(picture.network, today=call.today, without=leave, with_=join)
    if call.json:
        call.document(**{"without": list(leave), "with": list(join), **_document(found)})
        return 0
    _show(call, picture, found)
    return 0


def _show(call: Call, picture: Picture, found: WhatIf) -> None:
    say, before, after = call.words.say, found.before.network, found.after.network
    for key, changes in (("opens", found.opens), ("fills", found.fills)):
        if changes:
            call.result(say(f"what_if.{key}"))
            _changes(call, picture, changes)
    if not found.opens and not found.fills:
        call.result(say("what_if.nothing"))
    if before.coverage is None or after.coverage is None or before.gap is None or after.gap is None:
        call.result(say("start.nothing_yet"))
        return
    number, exact = call.words.number, {"before": before.coverage * 100, "after": after.coverage * 100}
    shares = {key: f"{number(value, 1)}\u00a0%" for key, value in exact.items()}
    call.result(say("what_if.coverage", **shares))
    call.result(say("what_if.gap", before=number(before.gap, 1), after=number(after.gap, 1), weight=before.weight))


def _changes(call: Call, picture: Picture, changes: Sequence[Change]) -> None:
    say = call.words.say
    headers = [say(f"what_if.{key}") for key in ("need", "block", "before", "after")]
    rows = [
        [
            f"{one.need} {picture.names.get(one.need, '')}".rstrip(),
            call.words.block(one.block),
            call.words.percent(one.before),
            call.words.percent(one.after),
        ]
        for one in changes
    ]
    table(call, headers, rows)
    call.result("")


def _document(found: WhatIf) -> dict[str, object]:
    pairs = zip(found.before.domains, found.after.domains, strict=True)
    return {
        "before": _total(found.before.network),
        "after": _total(found.after.network),
        "domains": [{"id": old.id, "before": _total(old), "after": _total(new)} for old, new in pairs],
        "opens": [_change(one) for one in found.opens],
        "fills": [_change(one) for one in found.fills],
    }


def _total(total: Aggregate) -> dict[str, object]:
    return {
        "coverage": None if total.coverage is None else float(total.coverage),
        "gap": None if total.gap is None else float(total.gap),
        "light": total.light,
    }


def _change(one: Change) -> dict[str, object]:
    return {"need": one.need, "block": one.block, "before": float(one.before), "after": float(one.after)}
