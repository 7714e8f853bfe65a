"""How roles look at Google, and how a cell tells its role.

Google has no named cell styles. A role is told by the colour of its text: the colour the look asks for, moved by
one or two steps of 255 in a channel, so that each role has a colour of its own that nobody can see apart. The
document's metadata say which colour is which role. So a cell keeps its role when it is moved, copied, sorted, filled
or framed anew; it loses it when a person gives its text another colour, and is then left as that person made it.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netzwerk_sheets.grid import Look, Style

FONT = "Arial"
_FARTHEST = 2
_ACROSS = {"left": "LEFT", "center": "CENTER", "right": "RIGHT"}
_DOWN = {"top": "TOP", "center": "MIDDLE", "bottom": "BOTTOM"}
_SIDES = ("top", "bottom", "left", "right")
_PLAIN_PADDING = {"top": 2, "right": 3, "bottom": 2, "left": 3}
_INDENT = 9
"""Pixels of one step of indentation."""

_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def colour(text: str) -> dict[str, dict[str, float]]:
    """Write ``RRGGBB`` as Google does; channels that are zero are left out there too."""
    channels = [int(text[place : place + 2], 16) for place in (0, 2, 4)]
    names = ("red", "green", "blue")
    return {"rgbColor": {name: each / 255 for name, each in zip(names, channels, strict=True) if each}}


def spelled_colour(style: Mapping[str, Any] | None) -> str:
    """Read a colour as ``RRGGBB``; empty where there is none of its own."""
    if not style or "rgbColor" not in style:
        return ""
    parts = style["rgbColor"]
    return "".join(f"{round(255 * parts.get(name, 0)):02X}" for name in ("red", "green", "blue"))


def inks(look: Look, known: Mapping[str, str]) -> dict[str, str]:
    """Give each role a text colour of its own.

    Args:
        look: Role → style.
        known: Name of a style → colour it was given before; kept while the look still asks for about that colour.

    Returns:
        Name of a style → ``RRGGBB``.
    """
    found = {
        style.name: known[style.name]
        for style in look.values()
        if style.name in known and _near(style.colour, known[style.name])
    }
    taken = {*known.values(), *found.values()}
    for style in look.values():
        if style.name not in found:
            found[style.name] = next(each for each in _around(style.colour) if each not in taken)
            taken.add(found[style.name])
    return found


def _channels(text: str) -> list[int]:
    return [int(text[place : place + 2], 16) for place in (0, 2, 4)]


def _near(one: str, other: str) -> bool:
    return len(other) == 6 and all(
        abs(a - b) <= _FARTHEST for a, b in zip(_channels(one), _channels(other), strict=True)
    )


def _around(text: str) -> Iterator[str]:
    """Give the colours beside one, nearest first; the colour itself may be a person's."""
    steps = range(-_FARTHEST, _FARTHEST + 1)
    moves = sorted(product(steps, repeat=3), key=lambda move: (sum(map(abs, move)), move))
    for move in moves[1:]:
        channels = [channel + step for channel, step in zip(_channels(text), move, strict=True)]
        if all(0 <= channel <= 255 for channel in channels):
            yield "".join(f"{channel:02X}" for channel in channels)


def number_format(code: str) -> dict[str, str] | None:
    """Write a number format; `None` where the cell needs none."""
    if code == "General":
        return None
    if code == "@":
        return {"type": "TEXT"}
    bare = _LITERAL.sub("", code.split(";", maxsplit=1)[0]).lower()
    if any(mark in bare for mark in "dy"):
        return {"type": "DATE", "pattern": code}
    return {"type": "PERCENT" if "%" in bare else "NUMBER", "pattern": code}


def cell_format(style: Style, ink: str, link: str = "") -> dict[str, Any]:
    """Write how a cell of a role looks.

    Args:
        style: The role's.
        ink: The colour of its text.
        link: Address a click leads to, or empty.
    """
    text: dict[str, Any] = {
        "fontFamily": FONT, "fontSize": style.size, "bold": style.bold, "italic": style.italic,
        "underline": style.underline, "foregroundColorStyle": colour(ink),
    }  # fmt: skip
    if link:
        text["link"] = {"uri": link}
    found: dict[str, Any] = {
        "verticalAlignment": _DOWN.get(style.vertical, "MIDDLE"),
        "wrapStrategy": "WRAP" if style.wrap else "OVERFLOW_CELL",
        "textFormat": text,
    }
    if style.fill:
        found["backgroundColorStyle"] = colour(style.fill)
    if style.border:
        found["borders"] = {side: {"style": "SOLID", "colorStyle": colour(style.border)} for side in _SIDES}
    if style.horizontal in _ACROSS:
        found["horizontalAlignment"] = _ACROSS[style.horizontal]
    if style.indent:
        found["padding"] = _PLAIN_PADDING | {"left": _PLAIN_PADDING["left"] + _INDENT * style.indent}
    numbers = number_format(style.number_format)
    if numbers:
        found["numberFormat"] = numbers
    return found


def highlight_format(style: Style) -> dict[str, Any]:
    """Write what a conditional format lays over a cell: weight and colours; Google knows no more there."""
    found: dict[str, Any] = {
        "textFormat": {"bold": style.bold, "italic": style.italic, "foregroundColorStyle": colour(style.colour)}
    }
    if style.fill:
        found["backgroundColorStyle"] = colour(style.fill)
    return found
