"""``fleet report``: the roll-up over many networks, as a workbook, as a page, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.cli.fleet import plain_error, summary, why
from netzwerk_sheets.cli.leaving import put_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netzwerk_sheets.cli.frame import Call
    from netzwerk_sheets.fleet.members import Member
    from netzwerk_sheets.fleet.parts import Part
    from netzwerk_sheets.fleet.work import Outcome


def report(
    call: Call,
    members: Sequence[Member],
    ended: Sequence[Outcome],
    status: int,
    *,
    xlsx: Path | None,
    html: Path | None,
) -> None:
    """Write the roll-up; no network is changed, and where none could be read nothing is written.

    Raises:
        WrongUse: Nobody may be asked whether a file of somebody is replaced; nothing was written.
        NetzwerkError: It cannot be written; what stood there stands there still.
    """
    from netzwerk_sheets.fleet.parts import parts
    from netzwerk_sheets.fleet.rollup import roll_up

    towns = [each.town for each in ended if each.town is not None]
    left = [(each.name, " ".join(why(each))) for each in ended if each.kind == "failed"]
    found = parts(call.words, roll_up(towns), left)
    written: dict[str, bool] = {}
    if towns and xlsx is not None:
        written[str(xlsx)] = _workbook(call, xlsx, found)
    if towns and html is not None:
        written[str(html)] = _page(call, members[0].first, html, found)
    if call.json:
        failed = {each.name: plain_error(each.error) for each in ended if each.error is not None}
        rows = {part.table.code.removeprefix("fleet_"): len(part.rows) for part in found}
        call.document(files=written, read=len(towns), rows=rows, failed=failed, exit=status)
        return
    for file, new in written.items():
        call.result(
            call.words.say(f"fleet.{'written' if new else 'would' if call.dry_run else 'as_it_was'}", file=file)
        )
    for name, text in left:
        call.result(f"{name}: {text}")
    summary(call, ended)


def _workbook(call: Call, target: Path, found: Sequence[Part]) -> bool:
    from netzwerk_sheets.fleet.reporting import is_touched, put_workbook, workbook

    content = workbook(call.words, found)
    touched = is_touched(target)
    if call.dry_run:
        return False
    if touched and not call.agreed("export.replace", n=1, files=target.name):
        call.say("common.left")
        return False
    return put_workbook(target, content)


def _page(call: Call, workbook: Path, target: Path, found: Sequence[Part]) -> bool:
    from netzwerk_sheets.fleet.reporting import page
    from netzwerk_sheets.output.html import MARK, render

    return put_file(
        call, workbook, target, render(page(call.words, found, call.today), call.words), MARK, private=False
    )  # fmt: skip
