"""Merge one cell: what was agreed, what the hub holds, what a person's workbook shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import CellError, Formula, Value, shown
from netzwerk_sheets.merge import values
from netzwerk_sheets.merge.lines import merge_notes
from netzwerk_sheets.merge.rows import NO_BASE
from netzwerk_sheets.merge.schema import Column, Kind, TableSchema
from netzwerk_sheets.merge.values import same_look

if TYPE_CHECKING:
    from collections.abc import Sequence


class Verdict(Enum):
    """What became of one person's cell."""

    KEEP = "keep"
    TAKE = "take"
    MERGE = "merge"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome for one cell.

    Attributes:
        verdict: KEEP: nothing new here. TAKE: the person's value is the new one. MERGE: a value made of both.
            CONFLICT: both changed it and exclude each other; the hub keeps its value for now.
        value: The hub's new value.
    """

    verdict: Verdict
    value: Value


def is_error(value: Value) -> bool:
    """Say whether a cell shows an error: such a cell counts as not read."""
    return isinstance(shown(value), CellError)


def unchanged(base: Value, seen: Value) -> bool:
    """Say whether nobody touched the cell; a formula that only shows a new result was not touched."""
    if isinstance(base, Formula) and isinstance(seen, Formula):
        return base.text == seen.text
    return base == seen and isinstance(base, bool) == isinstance(seen, bool)


def merge_cell(column: Column, base: Value, hub: Value, seen: Value, schema: TableSchema) -> Merged:
    """Merge one cell of one replica into the hub.

    Args:
        column: The cell's column.
        base: What was last agreed with this replica, or `NO_BASE` where the two meet for the first time.
        hub: What the hub holds now.
        seen: What the replica shows; never an error value.
        schema: The table.

    Returns:
        The verdict, symmetrical in hub and seen but for the order in which parts of both are joined.
    """
    if base is NO_BASE or base == NO_BASE:
        return _meet(column, hub, seen, schema)
    if unchanged(base, seen):
        return Merged(Verdict.KEEP, hub)
    was, here, there = (values.canonical(value, column, schema) for value in (base, hub, seen))
    if there == was:
        # Spelling only. It is somebody's edit, so it is carried, unless something real happened meanwhile.
        plain = here == was and same_look(base, hub, column, schema) and not same_look(hub, seen, column, schema)
        return Merged(Verdict.TAKE, shown(seen)) if plain else Merged(Verdict.KEEP, hub)
    if here == there:
        return Merged(Verdict.KEEP, hub)
    if here == was:
        return Merged(Verdict.TAKE, shown(seen))
    return _combine(column, base, hub, seen, schema)


def _meet(column: Column, hub: Value, seen: Value, schema: TableSchema) -> Merged:
    """Merge where nothing was agreed before: nothing is taken away, whatever differs is a conflict."""
    here, there = values.canonical(hub, column, schema), values.canonical(seen, column, schema)
    if there is None or here == there:
        return Merged(Verdict.KEEP, hub)
    if here is None:
        return Merged(Verdict.TAKE, shown(seen))
    if column.kind.is_set:
        return _as_merge(hub, seen, merge_items(column, None, hub, seen, schema), column, schema)
    return Merged(Verdict.CONFLICT, hub)


def _combine(column: Column, base: Value, hub: Value, seen: Value, schema: TableSchema) -> Merged:
    """Merge two real edits of the same cell."""
    if column.kind.is_set:
        return _as_merge(hub, seen, merge_items(column, base, hub, seen, schema), column, schema)
    if column.kind is Kind.NOTE and shown(hub) is not None and shown(seen) is not None:
        note = merge_notes(*(values.text_of(shown(value)) for value in (base, hub, seen)))
        if note is not None:
            return _as_merge(hub, seen, note, column, schema)
    return Merged(Verdict.CONFLICT, hub)


def _as_merge(hub: Value, seen: Value, value: Value, column: Column, schema: TableSchema) -> Merged:
    """Prefer what somebody typed over a value of the same meaning put together here."""
    meaning = values.canonical(value, column, schema)
    if meaning == values.canonical(hub, column, schema):
        return Merged(Verdict.KEEP, hub)
    if meaning == values.canonical(seen, column, schema):
        return Merged(Verdict.TAKE, shown(seen))
    return Merged(Verdict.MERGE, value)


def merge_items(column: Column, base: Value, hub: Value, seen: Value, schema: TableSchema) -> Value:
    """Merge sets: what either added is in, what either took out is out; the hub's order, then what is new."""

    def named(value: Value) -> dict[str, str]:
        found: dict[str, str] = {}
        for item in values.items(value):
            found.setdefault(values.canonical_item(item, column, schema), item)
        return found

    old, ours, theirs = named(base), named(hub), named(seen)
    kept = [item for name, item in ours.items() if name in theirs or name not in old]
    added = [item for name, item in theirs.items() if name not in ours and name not in old]
    return join_items(kept + added, like=(hub, seen, base)) or None


def join_items(parts: Sequence[str], like: Sequence[Value]) -> str:
    """Write items into one cell with the separator that is in use there."""
    for value in like:
        text = values.text_of(shown(value))
        for mark, joint in ((";", "; "), (",", ", "), ("\n", "\n")):
            if mark in text:
                return joint.join(parts)
    return ", ".join(parts)


def both(column: Column, sides: Sequence[Value], schema: TableSchema) -> Value:
    """Put several sides of a conflict into one cell, where the column can hold more than one.

    Returns:
        The joint value; `None` where the column holds one value only.
    """
    texts = [values.text_of(shown(value)) for value in sides if values.canonical(value, column, schema)]
    if column.kind.is_set:
        joint: Value = None
        for value in sides:
            joint = merge_items(column, None, joint, value, schema)
        return joint
    if column.kind is Kind.NOTE:
        return "\n".join(texts)
    return " / ".join(texts) if column.kind is Kind.TEXT else None
