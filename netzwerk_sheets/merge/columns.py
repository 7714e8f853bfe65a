"""Columns that come, go and change their headings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.merge.cells import is_error, unchanged
from netzwerk_sheets.merge.deciding import Docket, seal
from netzwerk_sheets.merge.outcome import Change, ChangeKind, Conflict, ConflictKind, Side
from netzwerk_sheets.merge.values import canonical, folded, same_look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge.rowmerge import Draft
    from netzwerk_sheets.merge.rows import RowId, Snapshot, State
    from netzwerk_sheets.merge.schema import TableSchema

SAME_VALUES = 0.9
"""Share of equal values from which an unknown heading is a known column under a new name."""

_ENOUGH = 3  # fewer filled cells prove nothing about a column

_DECORATION = " *:!?.()[]"


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Which column stands where.

    Attributes:
        places: column key → 0-based position, for the columns that can be read.
        renamed: column key → the heading people gave it; to be stored as an alias, and left as it is.
        missing: Known columns whose heading is nowhere; frozen: not read, not written, nothing is deleted.
        doubled: Known columns whose heading stands there more than once; frozen too.
        private: Positions of columns only people know; never touched.
    """

    places: Mapping[str, int]
    renamed: Mapping[str, str]
    missing: frozenset[str]
    doubled: frozenset[str]
    private: tuple[int, ...]


def heading(text: str) -> str:
    """Give a heading without what people add around it: stars, colons, remarks in brackets, capitals."""
    bare = folded(text)
    before, bracket, _after = bare.partition("(")
    if bracket and before.strip(_DECORATION):
        bare = before
    return bare.strip(_DECORATION).casefold()


def match_columns(
    headings: Sequence[str],
    labels: Mapping[str, Sequence[str]],
    values: Mapping[int, Sequence[Value]],
    known: Mapping[str, Sequence[Value]],
    schema: TableSchema,
) -> ColumnMatch:
    """Find every known column, whatever people did to its heading or place.

    Args:
        headings: As read, left to right; empty where there is none.
        labels: column key → its label, then its aliases.
        values: position → the column's values, one per row that the base knows (same rows as in `known`).
        known: column key → the values agreed for these rows.
        schema: The table.

    Returns:
        By exact label, then by alias; then an unknown heading over at least 90 % the same values as one
        missing column, where only one fits, counts as that column renamed.
    """
    places, doubled = _by_label(headings, labels)
    missing = [key for key in labels if key not in places and key not in doubled]
    taken = set(places.values())
    known_names = {heading(name) for names in labels.values() for name in names}
    free = [
        place
        for place, text in enumerate(headings)
        if place not in taken and folded(text) and heading(text) not in known_names
    ]
    renamed = by_values(missing, free, values, known, schema)
    places |= renamed
    taken |= set(renamed.values())
    return ColumnMatch(
        places=places,
        renamed={key: headings[place] for key, place in renamed.items()},
        missing=frozenset(missing) - renamed.keys(),
        doubled=frozenset(doubled),
        private=tuple(place for place in free if place not in taken),
    )


def _by_label(headings: Sequence[str], labels: Mapping[str, Sequence[str]]) -> tuple[dict[str, int], set[str]]:
    """Find columns by label and alias; a column found twice at the same strength is doubled."""
    places: dict[str, int] = {}
    doubled: set[str] = set()
    taken: set[int] = set()
    for spelling in (folded, heading):
        for key, names in labels.items():
            if key in places or key in doubled:
                continue
            wanted = {spelling(name) for name in names}
            found = [place for place, text in enumerate(headings) if place not in taken and spelling(text) in wanted]
            if len(found) > 1:
                doubled.add(key)
            elif found:
                places[key] = found[0]
                taken.add(found[0])
    return places, doubled


def by_values(
    missing: Sequence[str],
    free: Sequence[int],
    values: Mapping[int, Sequence[Value]],
    known: Mapping[str, Sequence[Value]],
    schema: TableSchema,
) -> dict[str, int]:
    """Find renamed columns by what stands in them, where exactly one fits from either side.

    Args:
        missing: Columns whose heading is nowhere.
        free: Places of headings nobody knows.
        values: place → the column's values, one per row that the base knows (same rows as in `known`).
        known: column key → the values agreed for these rows.
        schema: The table.

    Returns:
        column key → its place.
    """
    fits = [
        (key, place)
        for key in missing
        for place in free
        if _share(values.get(place, ()), known.get(key, ()), key, schema) >= SAME_VALUES
    ]
    keys, places = Counter(key for key, _place in fits), Counter(place for _key, place in fits)
    return {key: place for key, place in fits if keys[key] == 1 and places[place] == 1}


def _share(values: Sequence[Value], known: Sequence[Value], key: str, schema: TableSchema) -> float:
    """Give the share of equal values among the rows where either holds one; 0 where there are too few."""
    column = schema.by_key[key]
    pairs = [
        (canonical(one, column, schema), canonical(other, column, schema))
        for one, other in zip(values, known, strict=False)
    ]
    filled = [(one, other) for one, other in pairs if one is not None or other is not None]
    if len(filled) < _ENOUGH:
        return 0.0
    return sum(1 for one, other in filled if one == other) / len(filled)


# --- columns given up -------------------------------------------------------------------------------------


def give_up(draft: Draft, snapshots: Sequence[Snapshot], state: State, docket: Docket) -> frozenset[str]:
    """Carry out the deletion of columns that people confirmed.

    A column into which somebody else has written meanwhile is not given up: every such cell is a conflict.

    Returns:
        The columns given up; their values are in the history.
    """
    gone: set[str] = set()
    for snapshot in snapshots:
        for key in sorted(docket.requests.dropped.get(snapshot.replica, ())):
            written = list(_written_elsewhere(key, snapshot, snapshots, state, docket.schema))
            if written:
                docket.conflicts += _column_conflicts(key, snapshot, written, docket)
            elif key in docket.schema.by_key and key not in gone:
                gone.add(key)
                _drop(key, snapshot, draft)
    return frozenset(gone)


def _written_elsewhere(
    key: str, dropper: Snapshot, snapshots: Sequence[Snapshot], state: State, schema: TableSchema
) -> Iterator[tuple[RowId, str, Value]]:
    """Give the cells of a column that the one who deleted it cannot have seen: row, replica, value."""
    column, seen = schema.by_key[key], set()
    for other in snapshots:
        if other.replica == dropper.replica or key not in other.columns:
            continue
        base = state.bases.get(other.replica, {})
        for row, cells in other.rows.items():
            value = cells.get(key)
            if not is_error(value) and not unchanged(base.get(row, {}).get(key), value):
                seen.add(row)
                yield row, other.replica, value
    base = state.bases.get(dropper.replica, {})
    for row, cells in state.hub.items():
        known = row in base and same_look(base[row].get(key), cells.get(key), column, schema)
        if row not in seen and not known and cells.get(key) is not None:
            yield row, "", cells[key]


def _column_conflicts(
    key: str, dropper: Snapshot, written: Sequence[tuple[RowId, str, Value]], docket: Docket
) -> Iterator[Conflict]:
    """Give one conflict per cell that somebody wrote into a column that somebody else deleted."""
    for row, replica, value in written:
        sides = (Side(replica, value), Side(dropper.replica, None))
        yield Conflict(
            id=docket.name((row, key, ConflictKind.COLUMN.value)),
            row=row,
            column=key,
            kind=ConflictKind.COLUMN,
            base=None,
            sides=sides,
            digest=seal(row, key, ConflictKind.COLUMN, sides),
        )


def _drop(key: str, dropper: Snapshot, draft: Draft) -> None:
    """Take a column out of the hub and out of what is agreed with the one who deleted it."""
    for row, cells in draft.hub.items():
        if cells.get(key) is not None:
            draft.changes.append(Change(row, key, cells[key], None, dropper.replica, ChangeKind.DROP))
            draft.hub[row] = {name: value for name, value in cells.items() if name != key}
    base = draft.bases[dropper.replica]
    for row, cells in list(base.items()):
        if key in cells:
            base[row] = {name: value for name, value in cells.items() if name != key}
