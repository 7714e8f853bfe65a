"""Excel's serial numbers ↔ dates, in both calendars (counted from 1900 or from 1904)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_LAST_SERIAL = 2_958_466
_LEAP_BUG = 60
_MILLISECONDS = 86_400_000

_BUILT_IN_DATES = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})
_BUILT_IN_TIMES = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56})
_LONGEST_CODE = 1000
"""Letters of a format that are looked at; Excel takes 255, and in a hostile one every bracket lacks its other half."""

_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@lru_cache(maxsize=1024)
def format_kind(identifier: int, code: str) -> str:
    """Tell what a number format shows.

    Args:
        identifier: The format's number; below 164 it is built in unless the file gives a code.
        code: The file's code, or empty.

    Returns:
        ``date`` (perhaps with a time), ``time``, or empty for anything else. Elapsed time such as ``[h]:mm``
        is a number: it may exceed a day.
    """
    if not code:
        return "date" if identifier in _BUILT_IN_DATES else "time" if identifier in _BUILT_IN_TIMES else ""
    code = code[:_LONGEST_CODE]
    if _ELAPSED.search(code):
        return ""
    first = _NO_CODE.sub("", code.split(";", maxsplit=1)[0]).lower()
    if "general" in first or "standard" in first:
        return ""
    if any(mark in first for mark in "dy"):
        return "date"
    if any(mark in first for mark in "hs"):
        return "time"
    return "date" if "m" in first else ""


def from_serial(serial: float, kind: str, *, from_1904: bool) -> int | float | date | datetime | time:
    """Give what a serial number shows; a number that no calendar holds comes back as it is."""
    if not kind or not 0 <= serial < _LAST_SERIAL:
        return serial
    days, thousandths = divmod(round(serial * _MILLISECONDS), _MILLISECONDS)
    if days == 0 and (kind == "time" or (thousandths and not from_1904)):
        return _clock(thousandths)
    if not from_1904:
        # Lotus counted 29 February 1900; days before it are one off, the day itself never was.
        if days in {0, _LEAP_BUG}:
            return serial
        days += days < _LEAP_BUG
    day = (_EPOCH_1904 if from_1904 else _EPOCH_1900) + timedelta(days=days)
    return datetime.combine(day, _clock(thousandths)) if thousandths else day


def _clock(thousandths: int) -> time:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=thousandths)
    return moment.time()


def to_serial(value: date | datetime | time, *, from_1904: bool) -> int | float:
    """Give the serial number of a date or time; raises `ValueError` before the calendar begins."""
    if isinstance(value, time):
        return _fraction(value)
    day = value.date() if isinstance(value, datetime) else value
    days = (day - (_EPOCH_1904 if from_1904 else _EPOCH_1900)).days
    if not from_1904:
        days -= days <= _LEAP_BUG
    if days < (0 if from_1904 else 1):
        raise ValueError(value)
    return days + _fraction(value.time()) if isinstance(value, datetime) and value.time() != time() else days


def _fraction(value: time) -> float:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1_000_000
    return seconds / 86_400


def from_iso(text: str) -> str | date | datetime | time:
    """Give the date of a cell that spells it out (``t="d"``); other text comes back as it is."""
    text = text.strip()
    try:
        if "T" not in text and ":" in text:
            return time.fromisoformat(text)
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return moment.date() if moment.time() == time() else moment
