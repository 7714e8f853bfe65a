"""Row ids: short, sequential per table, given by the tool only, never given twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from netzwerk_sheets.grid import Value, shown
from netzwerk_sheets.merge.rows import RowId, State

_ID = re.compile(r"\s*([^\W\d_]{1,6})\s?[-\u2010-\u2013]\s?(\d{1,9})\s*")


def make_id(prefix: str, number: int) -> RowId:
    """Write an id; numbers below 1000 have three digits."""
    return f"{prefix}-{number:03d}"


def read_id(value: Value, prefix: str) -> RowId | None:
    """Read an id a cell shows, however it is spelt; `None` where it is no id of this table."""
    text = shown(value)
    if not isinstance(text, str) or not (found := _ID.fullmatch(text)):
        return None
    letters, digits = found.groups()
    return make_id(prefix, int(digits)) if letters.casefold() == prefix.casefold() and int(digits) else None


def number_of(row: RowId) -> int:
    """Give the running number of an id, 0 where it has none."""
    digits = row.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def order(row: RowId) -> tuple[int, str]:
    """Sort ids by number, so that results never depend on the order in which rows were read."""
    return number_of(row), row


def known_ids(state: State) -> set[RowId]:
    """Give every id the state has ever seen and still holds."""
    known = set(state.hub) | set(state.tombstones)
    for rows in state.bases.values():
        known.update(rows)
    return known


def counter(prefix: str, seen: Iterable[RowId] = (), highest: int = 0) -> Callable[[], RowId]:
    """Give a function that hands out new ids.

    Args:
        prefix: Prefix of the ids.
        seen: Every id ever given: hub, tombstones, bases, conflicts, history.
        highest: The largest number ever given, where the caller keeps it (ids of erased rows are gone from
            everything else).
    """
    last = max((number_of(row) for row in seen), default=0)
    last = max(last, highest)

    def give() -> RowId:
        nonlocal last
        last += 1
        return make_id(prefix, last)

    return give
