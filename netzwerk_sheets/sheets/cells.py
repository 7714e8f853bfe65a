"""Understand what people typed into a cell, without ever changing it.

Every reader gives a `Reading`: the understood value, or none and a problem. Empty is never a problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import TYPE_CHECKING, Generic, TypeVar

from netzwerk_sheets.grid import CellError, Value, shown
from netzwerk_sheets.sheets.schema import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

AS_TEXT = "as-text"
UNREADABLE = "unreadable"
NEGATIVE = "negative"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a cell says.

    Attributes:
        value: The value, or `None` where the cell is empty or cannot be understood.
        problem: Code of what a person should know, or empty.
        unknown: The words that are not understood.
    """

    value: T | None
    problem: str = ""
    unknown: tuple[str, ...] = ()


def text_of(value: Value) -> str:
    """Give the text a cell shows, trimmed; dates as ISO, whole numbers without a point."""
    if type(value) is str:
        return value.strip()
    plain = shown(value)
    if plain is None or isinstance(plain, CellError):
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, datetime | date | time):
        return plain.isoformat()
    return str(plain).strip()


_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")


def date_in(text: str) -> date | None:
    """Read ``31.12.2026``, ``31.12.26`` or ``2026-12-31``; day and month are never guessed."""
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _GERMAN.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_date(value: Value) -> Reading[date]:
    """Read a date: a real one, or German or ISO text (understood, with a note)."""
    plain = shown(value)
    if isinstance(plain, datetime):
        return Reading(plain.date())
    if isinstance(plain, date):
        return Reading(plain)
    if plain is None or (isinstance(plain, str) and not plain.strip()):
        return Reading(None)
    if isinstance(plain, str):
        found = date_in(plain.strip())
        return Reading(found, AS_TEXT) if found else Reading(None, UNREADABLE)
    return Reading(None, UNREADABLE)


_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.\u00a0\u202f ']\d{3})+(?:,\d+)?")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def number_in(text: str) -> float | None:
    """Read ``1.234,5``, ``1234,5`` or ``1234.5``; a point before three digits parts thousands."""
    text = text.strip()
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[.\u00a0\u202f ']", "", text)
    elif not _DECIMAL.fullmatch(text):
        return None
    found = float(text.replace(",", "."))
    return found if isfinite(found) else None


def read_number(value: Value) -> Reading[float]:
    """Read a number: a real one, or text with a decimal comma (understood, with a note)."""
    plain = shown(value)
    if plain is None or (isinstance(plain, str) and not plain.strip()):
        return Reading(None)
    if isinstance(plain, int | float) and not isinstance(plain, bool):
        return Reading(plain)
    if isinstance(plain, str):
        found = number_in(plain)
        return Reading(found, AS_TEXT) if found is not None else Reading(None, UNREADABLE)
    return Reading(None, UNREADABLE)


def read_count(value: Value) -> Reading[int]:
    """Read a whole number that is not negative."""
    found = read_number(value)
    if found.value is None:
        return Reading(None, found.problem)
    if found.value < 0:
        return Reading(None, NEGATIVE)
    if found.value != found.value or found.value > 1e12 or int(found.value) != found.value:
        return Reading(None, UNREADABLE)
    return Reading(int(found.value), found.problem)


def read_word(value: Value, codes: Mapping[str, str]) -> Reading[str]:
    """Read one word of a vocabulary."""
    text = text_of(value)
    if not text:
        return Reading(None, UNREADABLE if isinstance(shown(value), CellError) else "")
    code = codes.get(fold(text))
    return Reading(code) if code is not None else Reading(None, UNKNOWN, (text,))


_RUN = 10
"""More pieces than a name with commas in it has; to try every run of a cell full of commas would take for ever."""


def split(text: str, known: Callable[[str], bool]) -> list[str]:
    """Take several values out of one cell: parted by ``;``, a new line or a comma.

    A comma may also stand inside a name people chose, so the longest run of pieces that is known wins.
    """
    found: list[str] = []
    for part in re.split(r"[;\n\r]+", text):
        pieces = [piece.strip() for piece in part.split(",")]
        start = 0
        while start < len(pieces):
            for stop in range(min(len(pieces), start + _RUN), start, -1):
                joined = ", ".join(pieces[start:stop])
                if stop == start + 1 or known(joined):
                    if joined:
                        found.append(joined)
                    start = stop
                    break
    return found


def read_words(value: Value, codes: Mapping[str, str]) -> Reading[tuple[str, ...]]:
    """Read several words; duplicates count once, unknown ones are reported and left out."""
    text = text_of(value)
    if not text:
        return Reading((), UNREADABLE if isinstance(shown(value), CellError) else "")
    understood: dict[str, None] = {}
    unknown = []
    for piece in split(text, lambda piece: fold(piece) in codes):
        code = codes.get(fold(piece))
        if code is None:
            unknown.append(piece)
        else:
            understood[code] = None
    return Reading(tuple(understood), UNKNOWN if unknown else "", tuple(unknown))
