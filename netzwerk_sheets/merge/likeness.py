"""How alike two rows are: used to find rows again whose id was lost, never as an authority over ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from netzwerk_sheets.merge.cells import is_error
from netzwerk_sheets.merge.rows import NO_BASE, Row, RowId
from netzwerk_sheets.merge.schema import Owner, TableSchema
from netzwerk_sheets.merge.values import canonical

ALIKE = 0.8
"""Share of equal cells from which two rows may be the same one."""

AHEAD = 0.2
"""How far the best must be ahead of the second best."""

PLAUSIBLE = 0.5
"""Share of equal cells from which a known id at an unexpected place is believed."""

_COMMON = 50
"""A value that more rows share says nothing about which row is meant."""

Meaning = dict[str, Hashable]
_Name = TypeVar("_Name", bound=Hashable)


def meaning(row: Row, schema: TableSchema) -> Meaning:
    """Give the canonical values of the cells people filled."""
    found: Meaning = {}
    for column in schema.columns:
        value = row.get(column.key)
        if value is None or column.owner is Owner.TOOL or value == NO_BASE or is_error(value):
            continue
        plain = canonical(value, column, schema)
        if plain is not None:
            found[column.key] = plain
    return found


def fingerprint(cells: Meaning) -> Hashable:
    """Give something equal for rows that say exactly the same; `None` for an empty row."""
    return frozenset(cells.items()) or None


def natural_key(cells: Meaning, schema: TableSchema) -> Hashable:
    """Give the name by which people know a row, capitals ignored; `None` where a part of it is missing."""
    parts = [cells.get(key) for key in schema.natural_key]
    if not parts or any(part is None for part in parts):
        return None
    return tuple(part.casefold() if isinstance(part, str) else part for part in parts)


def name_of(row: Row, schema: TableSchema) -> Hashable:
    """Give a row's natural key without looking at the rest of it."""
    keys = [schema.by_key[key] for key in schema.natural_key]
    cells = {c.key: canonical(row.get(c.key), c, schema) for c in keys if not is_error(row.get(c.key))}
    return natural_key(cells, schema)


def similarity(one: Meaning, other: Meaning) -> float:
    """Give the share of equal cells among those filled in either row, 0 to 1."""
    filled = one.keys() | other.keys()
    if not filled:
        return 1.0
    return sum(1 for key in filled if one.get(key) == other.get(key) and key in one) / len(filled)


def plausible(row: Row, known: Iterable[Row], schema: TableSchema) -> bool:
    """Say whether a row can be the known one: it says at least half the same or bears the same name."""
    cells = meaning(row, schema)
    name = natural_key(cells, schema)
    for other in known:
        theirs = meaning(other, schema)
        if similarity(cells, theirs) >= PLAUSIBLE or (name is not None and name == natural_key(theirs, schema)):
            return True
    return False


def unique_pairs(loose: Mapping[int, Hashable], missing: Mapping[RowId, Hashable]) -> dict[int, RowId]:
    """Pair rows whose key occurs exactly once on either side; `None` is no key."""
    here, there = _inverted(loose), _inverted(missing)
    return {
        indices[0]: there[key][0]
        for key, indices in here.items()
        if len(indices) == 1 and key in there and len(there[key]) == 1
    }


def equal_pairs(loose: Mapping[int, Hashable], missing: Mapping[RowId, Hashable]) -> dict[int, RowId]:
    """Pair rows that say exactly the same; nobody can tell several of one kind apart."""
    there = _inverted(missing)
    return {
        index: row
        for key, indices in _inverted(loose).items()
        for index, row in zip(indices, there.get(key, ()), strict=False)
    }


def _inverted(keys: Mapping[_Name, Hashable]) -> dict[Hashable, list[_Name]]:
    """Group names by key, in order; those without a key are left out."""
    names: dict[Hashable, list[_Name]] = defaultdict(list)
    for name, key in keys.items():
        if key is not None:
            names[key].append(name)
    return names


def alike(loose: Mapping[int, Meaning], missing: Mapping[RowId, Meaning]) -> dict[int, RowId]:
    """Find rows that are probably, but not certainly, a missing one: clearly best from either side.

    Returns:
        Position of the row at hand → id of the missing one.
    """
    postings: dict[tuple[str, Hashable], list[RowId]] = defaultdict(list)
    for row, cells in missing.items():
        for cell in cells.items():
            postings[cell].append(row)
    found: dict[int, RowId] = {}
    for index, cells in loose.items():
        rivals = {
            row for cell in cells.items() if len(postings.get(cell, ())) <= _COMMON for row in postings.get(cell, ())
        }
        scores = sorted(((similarity(cells, missing[row]), row) for row in rivals), reverse=True)
        if scores and scores[0][0] >= ALIKE and (len(scores) == 1 or scores[0][0] - scores[1][0] >= AHEAD):
            found[index] = scores[0][1]
    claimed = Counter(found.values())
    return {index: row for index, row in found.items() if claimed[row] == 1}
