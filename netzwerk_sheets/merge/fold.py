"""Fold what several replicas show of one row into the hub's row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import CellError, Formula, Value, shown
from netzwerk_sheets.merge.cells import Merged, Verdict, is_error, merge_cell, unchanged
from netzwerk_sheets.merge.outcome import Change, ChangeKind
from netzwerk_sheets.merge.rows import NO_BASE, Row, RowId, Snapshot
from netzwerk_sheets.merge.schema import Column, Owner, TableSchema
from netzwerk_sheets.merge.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Party:
    """One replica's part in one row.

    Attributes:
        snapshot: The replica.
        base: The row as last agreed; `None` where it was not there.
        seen: The row as shown; `None` where it is not there.
        fallback: What counts as agreed for a row that appears here for the first time, for example what the
            tab held from which it was cut; `None` where nobody knows.
        touched: The columns that may show something else than what was agreed; in all others it is the very
            same value, or both are empty.
    """

    snapshot: Snapshot
    base: Row | None
    seen: Row | None
    fallback: Row | None = None
    touched: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look once which cells are worth a look: in a row that somebody edited it is one or two."""
        known, seen, columns = self.fallback if self.base is None else self.base, self.seen, self.snapshot.columns
        if known is not None and seen is not None:
            agreed, shows = known.get, seen.get
            # an error is never taken as it stands
            columns = frozenset(
                [key for key in columns if (was := agreed(key)) is not shows(key) or was.__class__ is CellError]
            )
        object.__setattr__(self, "touched", columns)

    @property
    def appeared(self) -> bool:
        """Say whether the row is here for the first time."""
        return self.seen is not None and self.base is None

    @property
    def vanished(self) -> bool:
        """Say whether the row was here and is no longer."""
        return self.seen is None and self.base is not None

    def edited(self, schema: TableSchema) -> bool:
        """Say whether people wrote anything into the row that is not agreed yet."""
        return self.seen is not None and any(
            not unchanged(self.agreed(column.key), self.shows(column.key))
            for column in schema.columns
            if column.owner is not Owner.TOOL
            and column.key in self.snapshot.columns
            and not is_error(self.shows(column.key))
        )

    def agreed(self, key: str) -> Value:
        """Give what was last agreed about a cell."""
        known = self.fallback if self.base is None else self.base
        return NO_BASE if known is None else known.get(key)

    def shows(self, key: str) -> Value:
        """Give what the cell shows."""
        return None if self.seen is None else self.seen.get(key)


@dataclass(slots=True)
class Folded:
    """A row being merged.

    Attributes:
        row: Its id.
        cells: The hub's cells; only filled ones.
        open: column → parties whose value could not be merged.
        unread: (replica, column) that show an error.
        changes: What happened.
    """

    row: RowId
    cells: dict[str, Value]
    open: dict[str, list[Party]] = field(default_factory=dict)
    unread: set[tuple[str, str]] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)

    def put(self, key: str, value: Value) -> None:
        """Set a cell of the hub's row."""
        if value is None:
            self.cells.pop(key, None)
        else:
            self.cells[key] = value

    def note(self, column: str, before: Value, after: Value, source: str, kind: ChangeKind) -> None:
        """Add a line of history."""
        self.changes.append(Change(self.row, column, before, after, source, kind))

    def contests(self, replica: str) -> frozenset[str]:
        """Give the columns in which a replica holds a version of its own."""
        return frozenset(
            key for key, parties in self.open.items() if any(p.snapshot.replica == replica for p in parties)
        )

    def keeps(self, replica: str) -> frozenset[str]:
        """Give the columns about which nothing new is agreed with a replica."""
        return self.contests(replica) | {key for name, key in self.unread if name == replica}


def fold(row: RowId, hub: Row, parties: Sequence[Party], schema: TableSchema, dropped: frozenset[str]) -> Folded:
    """Merge every replica's version of one row into the hub, best rank first.

    Args:
        row: The row's id.
        hub: The hub's row before.
        parties: The replicas that show the row, by rank.
        schema: The table.
        dropped: Columns given up in this run.
    """
    folded = Folded(row, {key: value for key, value in hub.items() if value is not None})
    for party in parties:
        for block in schema.blocks:
            if len(block) == 1 and block[0].key not in party.touched:
                continue
            columns = [c for c in block if c.key in party.snapshot.columns and c.key not in dropped]
            if columns:
                _fold_block(folded, party, columns, schema)
    if folded.open:
        _settle_agreements(folded, schema)
    return folded


def _fold_block(folded: Folded, party: Party, columns: Sequence[Column], schema: TableSchema) -> None:
    """Merge the cells of one replica that belong together."""
    outcomes: list[tuple[Column, Merged]] = []
    for column in columns:
        base, seen = party.agreed(column.key), party.shows(column.key)
        if base != NO_BASE and unchanged(base, seen) and len(columns) == 1:
            continue
        if column.owner is Owner.TOOL:
            note_overtyped(folded, party, column, schema)
        elif is_error(seen):
            folded.unread.add((party.snapshot.replica, column.key))
        else:
            outcomes.append((column, merge_cell(column, base, folded.cells.get(column.key), seen, schema)))
    contested = any(merged.verdict is Verdict.CONFLICT for _column, merged in outcomes)
    for column, merged in outcomes:
        key, hub = column.key, folded.cells.get(column.key)
        if contested and canonical(party.shows(key), column, schema) != canonical(hub, column, schema):
            folded.open.setdefault(key, []).append(party)
        elif merged.verdict in (Verdict.TAKE, Verdict.MERGE) and not contested:
            kind = ChangeKind.EDIT if merged.verdict is Verdict.TAKE else ChangeKind.MERGE
            folded.note(key, hub, merged.value, party.snapshot.replica, kind)
            folded.put(key, merged.value)
        if isinstance(party.shows(key), Formula) and not unchanged(party.agreed(key), party.shows(key)):
            folded.note(key, party.shows(key), shown(party.shows(key)), party.snapshot.replica, ChangeKind.FORMULA)


def note_overtyped(folded: Folded, party: Party, column: Column, schema: TableSchema) -> None:
    """Keep in the history what somebody typed into a computed cell; the cell itself is restored."""
    seen, hub = party.shows(column.key), folded.cells.get(column.key)
    base = party.agreed(column.key)
    if (
        unchanged(base, seen)
        or is_error(seen)
        or canonical(seen, column, schema) in (None, canonical(hub, column, schema))
    ):
        return
    folded.note(column.key, seen, hub, party.snapshot.replica, ChangeKind.OVERTYPED)


def _settle_agreements(folded: Folded, schema: TableSchema) -> None:
    """Drop conflicts with parties whose value a later party brought into the hub after all."""
    for block in schema.blocks:
        columns = [column for column in block if column.key in folded.open]
        for replica in {party.snapshot.replica for column in columns for party in folded.open[column.key]}:
            _settle_agreement(folded, replica, columns, schema)


def _settle_agreement(folded: Folded, replica: str, columns: Iterable[Column], schema: TableSchema) -> None:
    """Drop one replica's conflict in one block where all of its cells say what the hub says."""
    mine = [(c, p) for c in columns for p in folded.open[c.key] if p.snapshot.replica == replica]
    if all(
        canonical(party.shows(column.key), column, schema) == canonical(folded.cells.get(column.key), column, schema)
        for column, party in mine
    ):
        for column, party in mine:
            folded.open[column.key].remove(party)
            if not folded.open[column.key]:
                del folded.open[column.key]


def absorbed(party: Party, keeps: frozenset[str]) -> Row:
    """Give what is agreed with a replica about a row once the hub has taken in what it showed.

    Cells in conflict and unreadable cells stay as they were agreed before; so the conflict is found again in
    the next run, and nothing of it has to be stored. Everything else is what was *read*, not what will be
    written: an edit that the hub holds is never applied a second time over what people do next.
    """
    columns, touched, seen = party.snapshot.columns, party.touched, party.seen or {}
    known = {key: value for key, value in (party.base or {}).items() if key not in columns}
    known |= {key: value for key in columns - touched if (value := seen.get(key)) is not None}
    for key in touched:
        agreed, shows = party.agreed(key), party.shows(key)
        # A formula that only shows a new result stays agreed with the result the hub has.
        value = agreed if key in keeps or (agreed != NO_BASE and unchanged(agreed, shows)) else shows
        if value is not None and not (is_error(value) and value != NO_BASE):
            known[key] = value
    return known
