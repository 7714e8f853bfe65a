"""Row ids: short, sequential per table, given by the tool only, never given twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Value, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from netzwerk_sheets.merge.rows import RowId, State

_ID = re.compile(r"\s*([^\W\d_]{1,6})\s?[-\u2010-\u2013]\s?(\d{1,9})\s*")


def make_id(prefix: str, number: int, digits: int = 3) -> RowId:
    """Write an id; small numbers are filled up with zeros to this many digits."""
    return f"{prefix}-{number:0{digits}d}"


def read_id(value: Value, prefix: str, digits: int = 3, also: str = "") -> RowId | None:
    """Read an id a cell shows, however it is spelt; `None` where it is no id of this table.

    Args:
        value: What the id cell holds.
        prefix: Prefix of the table's ids.
        digits: How many digits small numbers have.
        also: Pattern of other ids of the table, for example those of a catalogue; taken as they stand.
    """
    text = shown(value)
    if not isinstance(text, str):
        return None
    if also and re.fullmatch(also, text.strip()):
        return text.strip()
    if not (found := _ID.fullmatch(text)):
        return None
    letters, number = found.groups()
    return make_id(prefix, int(number), digits) if letters.casefold() == prefix.casefold() and int(number) else None


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


def counter(prefix: str, seen: Iterable[RowId] = (), highest: int = 0, digits: int = 3) -> Callable[[], RowId]:
    """Give a function that hands out new ids.

    Args:
        prefix: Prefix of the ids.
        seen: Every id ever given: hub, tombstones, bases, conflicts, history.
        highest: The largest number ever given, where the caller keeps it (ids of erased rows are gone from
            everything else).
        digits: How many digits small numbers have.
    """
    last = max((number_of(row) for row in seen), default=0)
    last = max(last, highest)

    def give() -> RowId:
        nonlocal last
        last += 1
        return make_id(prefix, last, digits)

    return give
