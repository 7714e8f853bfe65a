"""``a11y``: is a workbook easy to use for everyone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.cli.frame import Call, command, require_file, table

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 3


@command("a11y", single=True)
def a11y(call: Call, workbook: Path) -> int:
    """Check a workbook for what hinders people with screen readers, keyboards or low vision."""
    from netzwerk_sheets.backends.excel.accessibility import examine

    require_file(workbook)
    issues = examine(workbook, matrices=_matrices(workbook))
    if call.json:
        call.document(issues=[{"rule": each.rule, "tab": each.tab, "cell": each.cell} for each in issues])
    elif not issues:
        call.result(call.words.say("a11y.none"))
    else:
        headers = [call.words.say(f"a11y.{key}") for key in ("rule", "place", "helps")]
        table(
            call,
            headers,
            [[e.rule, f"{e.tab}!{e.cell}".strip("!"), call.words.say(f"a11y.{e.rule}")] for e in issues],
        )
    return PEOPLE if issues else 0


def _matrices(workbook: Path) -> set[str]:
    """Name the tab of coverage, whatever it is called by now; none where the workbook is no network's."""
    from netzwerk_sheets.backends.excel import ExcelWorkbook
    from netzwerk_sheets.errors import NetzwerkError
    from netzwerk_sheets.sheets.locate import name_for

    try:
        names = ExcelWorkbook(workbook).read().names
    except NetzwerkError:
        return set()
    wanted = name_for("coverage").upper()
    return {spot.tab for name, spot in names.items() if name.upper() == wanted and spot is not None}
