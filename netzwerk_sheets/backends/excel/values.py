"""From what a cell element says to the value people see; shared by the quick scanner and the slow reader."""

from __future__ import annotations

import re
from functools import partial
from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.references import MOST_DIGITS
from netzwerk_sheets.backends.excel.serials import from_iso, from_serial
from netzwerk_sheets.backends.excel.texts import plain
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import CellError, Formula, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netzwerk_sheets.backends.excel.formats import Formats

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DIGITS = 15
_WHOLE_UP_TO = 1e15
"""Beyond this a floating-point number no longer tells neighbours apart, so it is not shown as a whole one."""


class Reading(NamedTuple):
    """What is needed to read any cell of a workbook.

    Attributes:
        string: Looks a shared string up by its index.
        formats: What the cell formats mean.
        from_1904: Whether days count from 1904.
    """

    string: Callable[[int], str]
    formats: Formats
    from_1904: bool

    def converter(self, kind: str, style: str) -> Callable[[str], Scalar]:
        """Give the function that turns the text of ``v`` into a value.

        Args:
            kind: The cell's ``t`` attribute, or empty.
            style: The cell's ``s`` attribute, or empty.

        Raises:
            WorkbookRefused: The format's index leads nowhere.
        """
        if style and (not style.isdecimal() or len(style) > MOST_DIGITS):
            raise WorkbookRefused("style-missing", index=style[:MOST_DIGITS])
        index = int(style or 0)
        if index >= len(self.formats.kinds) and index:
            raise WorkbookRefused("style-missing", index=index)
        if kind in {"", "n"}:
            shows = self.formats.kinds[index] if index < len(self.formats.kinds) else ""
            return partial(_date, shows, from_1904=self.from_1904) if shows else number
        if kind == "s":
            return self._shared
        return _CONVERTERS.get(kind, _text)

    def _shared(self, text: str) -> Scalar:
        try:
            index = int(text)
        except ValueError as error:
            raise WorkbookRefused("string-missing", index=text[:20]) from error
        return self.string(index) or None


def looker(strings: Sequence[str]) -> Callable[[int], str]:
    """Give the function that looks a shared string up in a list."""

    def look_up(index: int) -> str:
        if not 0 <= index < len(strings):
            raise WorkbookRefused("string-missing", index=index)
        return strings[index]

    return look_up


def number(text: str) -> Scalar:
    """Give a number; text that is none stays text, so that nothing is lost."""
    if text.isdigit() and text.isascii() and len(text) <= _DIGITS:
        return int(text)
    value = float(text) if _NUMBER.fullmatch(text.strip()) else inf
    return tidy(value) if isfinite(value) else plain(text) or None


def tidy(value: float) -> int | float:
    """Give a whole number as `int`."""
    return int(value) if abs(value) < _WHOLE_UP_TO and value == int(value) else value


def _date(shows: str, text: str, *, from_1904: bool) -> Scalar:
    value = number(text)
    return from_serial(value, shows, from_1904=from_1904) if isinstance(value, int | float) else value


def _text(text: str) -> Scalar:
    return plain(text) or None


def _truth(text: str) -> Scalar:
    return text.strip() in {"1", "true"}


def _error(text: str) -> Scalar:
    return CellError(text)


def _day(text: str) -> Scalar:
    return from_iso(text) or None


_CONVERTERS: dict[str, Callable[[str], Scalar]] = {"b": _truth, "e": _error, "d": _day}


def formula(text: str, cached: Scalar, *, is_text: bool) -> Value:
    """Give a formula cell; where the file says that the result is text, an empty one is a result."""
    return Formula(text.removeprefix("="), "" if cached is None and is_text else cached)
