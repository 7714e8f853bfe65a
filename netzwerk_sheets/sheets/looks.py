"""How each role looks: one quiet palette, every pair of colours with a contrast of at least 4.5.

The names are what people see in the list of cell styles; changing such a style there changes the whole
workbook, and the tool keeps to it.
"""

from __future__ import annotations

from typing import Any

from netzwerk_sheets.grid import Look, Style
from netzwerk_sheets.sheets.language import CELL_DATE, Words

TEXT, HINT, WHITE = "1B2430", "4A5565", "FFFFFF"
NAVY, BAND, INPUT, BORDER = "1F3A5F", "F3F6FA", "FFFBE6", "7A8696"
LINK, BAR, LATE = "0B57A4", "1F6FB2", "8A1C12"
TAB_COLOURS = {"start": "1F3A5F", "input": "C9A227", "result": "1F6FB2", "mixed": "1F6FB2", "help": "8A94A3"}
FONT = "Arial"

POINTS_FORMAT = "0.0#"


def look(words: Words, size: int = 11) -> Look:
    """Give all roles.

    Args:
        words: Names of the styles, and the format of dates.
        size: Size of body text in points.
    """
    day = CELL_DATE[words.language]
    grow = size - 11
    body = {"size": size, "border": BORDER, "wrap": True, "vertical": "center", "indent": 1}
    mark = {"horizontal": "center", "indent": 0}
    entry = {**body, "fill": INPUT, "locked": False}

    roles: dict[str, dict[str, Any]] = {
        "blank": {},
        "title": {"size": 18 + grow, "bold": True, "colour": NAVY},
        "section": {"size": 14 + grow, "bold": True, "colour": NAVY},
        "hint": {"colour": HINT, "vertical": "top"},
        "head": dict(**body | {"bold": True, "colour": WHITE, "fill": NAVY}),
        "band": dict(**body | {"bold": True, "fill": BAND}),
        "cell": dict(**body),
        "number": dict(**body | {"horizontal": "center", "number_format": "0", "indent": 0}),
        "points": dict(**body | {"horizontal": "right", "number_format": POINTS_FORMAT}),
        "percent": dict(**body | {"horizontal": "center", "number_format": words.percent_format, "indent": 0}),
        "date": dict(**body | {"number_format": day}),
        "link": dict(**body | {"colour": LINK, "underline": True}),
        "plain_link": {"colour": LINK, "underline": True},
        "id": dict(**body | {"fill": BAND, "bold": True}),
        "input": dict(**entry),
        "input_date": dict(**entry | {"number_format": day}),
        "input_number": dict(**entry | {"horizontal": "right", "number_format": "General"}),
        "input_text": dict(**entry | {"number_format": "@"}),
        "missing": dict(**body | {**mark, "bold": True, "colour": WHITE, "fill": "8A1C12"}),
        "tight": dict(**body | {**mark, "fill": "FFD166"}),
        "good": dict(**body | {**mark, "colour": "0B3C5D", "fill": "D6EBF7"}),
        "share_red": dict(**body | {**mark, "bold": True, "colour": WHITE, "fill": "8A1C12"}),
        "share_yellow": dict(**body | {**mark, "fill": "FFD166"}),
        "share_green": dict(**body | {**mark, "colour": "0B3C5D", "fill": "D6EBF7"}),
        "none": dict(**body | {**mark, "colour": HINT, "fill": "ECEFF3"}),
        "done": dict(**body | {**mark, "colour": "14532D", "fill": "DDF2E3"}),
        "late": dict(**body | {**mark, "bold": True, "colour": WHITE, "fill": "8A1C12"}),
        "running": dict(**body | {**mark, "fill": "FFD166"}),
    }
    for light in ("red", "yellow", "green"):
        # The value stays a number; the format adds the symbol and the word beside it.
        roles[f"share_{light}"]["number_format"] = words.say(f"light.format_{light}")
    return {
        role: Style(name=f"NS {words.say(f'style.{role}')}", **{"size": size, **parts}) for role, parts in roles.items()
    }


LIGHT_ROLES = {"red": "missing", "yellow": "tight", "green": "good", "none": "none"}
