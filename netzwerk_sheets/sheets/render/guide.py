"""The tab of help: the coordinators' handbook, one row a step, with a link to the tab it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.handbook import parts
from netzwerk_sheets.sheets.language import QUOTES
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells, place
from netzwerk_sheets.sheets.render.told import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.sheets.handbook import Part
    from netzwerk_sheets.sheets.language import Words

CODE = "help"


def guide_sheet(words: Words, titles: Mapping[str, str], title: str) -> RowSheet:
    """Make the tab.

    Args:
        words: Language.
        titles: Code of a tab → its title, of the tabs that are there.
        title: Name of the tab.
    """
    table = schema.tables()[CODE]
    called = {schema.tab_words()[code][words.language]: now for code, now in titles.items()}
    lines = words.say("guide.what"), words.say("guide.how")
    return RowSheet(
        CODE, "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("guide.title"), *lines),
        tuple(_row(words, part, called) for part in parts(words.language)),
        key=("number",), sorts=True, heading=words.say("guide.title"),
    )  # fmt: skip


def _row(words: Words, part: Part, called: Mapping[str, str]) -> WantedRow:
    tab = _named(words, part.text, called)
    cells = {
        "number": Cell(part.number, "id"),
        "chapter": Cell(part.chapter, "band"),
        "text": Cell(part.text, "cell"),
        "command": Cell(part.command or NOTHING, "cell"),
        "tab": Cell(tab or NOTHING, "link" if tab else "cell", place(tab) if tab else ""),
    }
    return WantedRow(part.number, cells)


def _named(words: Words, text: str, called: Mapping[str, str]) -> str:
    """Give the title of the first tab that a text names and that is there, or empty."""
    opened, closed = QUOTES[words.language]
    named = re.findall(f"{opened}([^{closed}]+){closed}", text)
    return next((called[name] for name in named if name in called), "")
