"""A1 notation: what a range text means in a document, and how Google writes it back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .document import Box, a1_spot
from .errors import invalid

if TYPE_CHECKING:
    from .document import Content, Sheet

_CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?(0*[1-9]\d{0,7})?$")
_LOOKS_LIKE_A_CELL = re.compile(r"([A-Za-z]{1,3}0*[1-9]\d*|[Rr]\d*[Cc]\d*)$")
_PLAIN = re.compile(r"[^\W\d]\w*$")


@dataclass(frozen=True)
class Place:
    """A rectangle on a tab; ``single`` says that the text named one cell, which may stand for more."""

    sheet: Sheet
    box: Box
    single: bool = False

    def text(self) -> str:
        """As Google writes it back."""
        return echo(self.sheet.title, self.box)


def quoted(title: str) -> str:
    """A title as it stands in a range; in quotes only where it must."""
    if _PLAIN.match(title) and not _LOOKS_LIKE_A_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def area(box: Box) -> str:
    """A rectangle without its tab: A1 or A1:B2."""
    first = a1_spot(box.top, box.left)
    last = a1_spot(box.bottom - 1, box.right - 1)
    return first if first == last else f"{first}:{last}"


def echo(title: str, box: Box) -> str:
    """Tab and rectangle."""
    return f"{quoted(title)}!{area(box)}"


def column_number(text: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def split(text: str) -> tuple[str | None, str | None]:
    """Title and rest: ``'a''b'!C1`` → (a'b, C1). Either may be missing."""
    if text.startswith("'"):
        end = re.match(r"'((?:[^']|'')*)'", text)
        if end is None:
            return None, text
        title, rest = end[1].replace("''", "'"), text[end.end() :]
        if not rest:
            return title, None
        return (title, rest[1:]) if rest.startswith("!") else (None, text)
    if "!" in text:
        title, _, rest = text.rpartition("!")
        return title, rest
    return None, text


def locate(content: Content, text: str) -> Place:
    """What the text means; 400 ``Unable to parse range`` or ``exceeds grid limits``."""
    title, rest = split(text)
    if title is not None:
        sheet = content.titled(title)
        if sheet is None or (not text.startswith("'") and _LOOKS_LIKE_A_CELL.match(title)):
            raise invalid(f"Unable to parse range: {text}")
        if rest is None:
            return Place(sheet, sheet.whole)
        return _inside(content, sheet, rest, text)
    if rest is None:
        raise invalid(f"Unable to parse range: {text}")
    first = content.sheets[0]
    if _corners(rest) is None:
        sheet = content.titled(rest)
        if sheet is not None:
            return Place(sheet, sheet.whole)
    return _inside(content, first, rest, text)


def _inside(content: Content, sheet: Sheet, rest: str, text: str) -> Place:
    corners = _corners(rest)
    if corners is None:
        for named in content.named_ranges:
            if named["name"] == rest:
                return Place(*content.box(named["range"]))
        raise invalid(f"Unable to parse range: {text}")
    (left, top), (right, bottom) = corners
    if top is not None and bottom is not None and top > bottom:
        top, bottom = bottom, top
    if left is not None and right is not None and left > right:
        left, right = right, left
    top, left = top or 0, left or 0
    if top >= sheet.height or left >= sheet.width:
        raise invalid(
            f"Range ({quoted(sheet.title)}!{_said(rest, top, left, bottom, right)}) exceeds grid limits. "
            f"Max rows: {sheet.height}, max columns: {sheet.width}"
        )
    bottom = sheet.height if bottom is None else min(bottom + 1, sheet.height)
    right = sheet.width if right is None else min(right + 1, sheet.width)
    return Place(sheet, Box(top, left, bottom, right), single=(bottom - top, right - left) == (1, 1))


_Corner = tuple[int | None, int | None]


def _corners(text: str) -> tuple[_Corner, _Corner] | None:
    """Column and row of both corners; None where the text is no A1 notation."""
    first, colon, second = text.partition(":")
    one = _corner(first)
    if one is None:
        return None
    if not colon:
        return (one, one) if None not in one else None
    other = _corner(second)
    return None if other is None else (one, other)


def _corner(text: str) -> _Corner | None:
    match = _CORNER.match(text)
    if match is None or not text:
        return None
    column = column_number(match[1]) if match[1] else None
    row = int(match[2]) - 1 if match[2] else None
    return column, row


def _said(text: str, top: int, left: int, bottom: int | None, right: int | None) -> str:
    """A range beyond the grid, written as Google does; an open one as it came."""
    if bottom is None or right is None:
        return text
    return area(Box(top, left, bottom + 1, right + 1))
