"""``check``: the findings; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.cli.frame import Call, command, table

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 3


@command("check")
def check(call: Call, workbook: Path) -> int:
    """Show what a person should look at."""
    from netzwerk_sheets.cli.reporting import findings, looked

    done = looked(call, workbook)
    notices = done.plan.notices
    if call.json:
        call.document(findings=findings(done))
    elif not notices:
        call.result(call.words.say("checks.nothing"))
    else:
        headers = [call.words.header("checks", code) for code in ("level", "place", "notice", "remedy")]
        table(
            call, headers,
            [[call.words.say(f"level.{e.finding.level}"), e.where, e.notice, e.remedy] for e in notices],
        )  # fmt: skip
    return PEOPLE if done.plan.errors else 0
