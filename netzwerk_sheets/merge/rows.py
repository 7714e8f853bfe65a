"""What goes into a merge: rows as read, rows as identified, and what was agreed before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from netzwerk_sheets.grid import CellError, Value

RowId = str
"""An id such as ``P-014``: prefix, hyphen, running number."""

Row = Mapping[str, Value]
"""column key → value; a column left out is empty."""

Rows = Mapping[RowId, Row]

NO_BASE: Final = CellError("no-base")
"""Stands in a base where two sides met for the first time and differ: nobody knows what was there before.

It is kept with the base like any error value; real error values never enter a base.
"""


def set_cell(cells: dict[str, Value], key: str, value: Value) -> None:
    """Set a cell of a row, or leave it out where it is to be empty."""
    if value is None:
        cells.pop(key, None)
    else:
        cells[key] = value


class Health(Enum):
    """Whether a replica's table could be read as what it is."""

    OK = "ok"
    TAB_MISSING = "tab-missing"
    HEADER_MISSING = "header-missing"
    UNREADABLE = "unreadable"


def _no_changes(_row: Row) -> Row:
    """Say that nothing changes."""
    return {}


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a table that a tab shows.

    Attributes:
        contains: (id, row) → whether it belongs there; a pure function of both.
        join: Which cells make a row belong there; applied to rows people add to the tab.
        leave: Which cells end that; applied when people delete the row from the tab. May return nothing where
            membership is kept in another table: the caller then acts on `MergeResult.left`.
    """

    contains: Callable[[RowId, Row], bool]
    join: Callable[[Row], Row] = _no_changes
    leave: Callable[[Row], Row] = _no_changes


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as it stands in a tab.

    Attributes:
        id: What the id cell shows.
        cells: The known columns, without those that are frozen (heading lost or doubled).
        private: Cells under headings that only people know; they stay in this replica.
    """

    id: Value
    cells: Row
    private: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One replica's table as read, before its rows are known.

    Attributes:
        replica: Code of the replica.
        rank: Where people disagree, the smaller rank supplies the provisional value.
        rows: In sheet order.
        columns: Keys of the columns that could be read.
        health: Anything but OK: nothing here is merged, and nothing is written.
        part: What the tab shows; `None` for the whole table.
    """

    replica: str
    rank: int
    rows: Sequence[ReadRow]
    columns: frozenset[str]
    health: Health = Health.OK
    part: Slice | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One replica's table, every row known by its id.

    Attributes:
        replica: Code of the replica.
        rank: See `Reading`.
        rows: In sheet order.
        columns: Keys of the columns that could be read.
        health: See `Reading`.
        part: What the tab shows; `None` for the whole table.
        places: row id → 0-based index in `Reading.rows`.
        shown_ids: What the id cell shows, for rows where it is not the id.
        origins: Copied rows: new id → id of the row it was copied from.
        proposals: New id → missing id that may be the same row, and is neither deleted nor restored.
        private: Cells only people know, for rows that have some.
    """

    replica: str
    rank: int
    rows: Rows
    columns: frozenset[str]
    health: Health = Health.OK
    part: Slice | None = None
    places: Mapping[RowId, int] = field(default_factory=dict)
    shown_ids: Mapping[RowId, Value] = field(default_factory=dict)
    origins: Mapping[RowId, RowId] = field(default_factory=dict)
    proposals: Mapping[RowId, RowId] = field(default_factory=dict)
    private: Mapping[RowId, Row] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """What was agreed before, one table of it.

    Attributes:
        hub: The rows as last merged.
        bases: replica → rows as last agreed with it. A replica without an entry has no base: nothing is ever
            deleted on its word, and its ids are taken as they stand.
        tombstones: Deleted rows, full copies.
        proposals: replica → new id → missing id: open questions whether two rows are the same.
    """

    hub: Rows = field(default_factory=dict)
    bases: Mapping[str, Rows] = field(default_factory=dict)
    tombstones: Rows = field(default_factory=dict)
    proposals: Mapping[str, Mapping[RowId, RowId]] = field(default_factory=dict)
