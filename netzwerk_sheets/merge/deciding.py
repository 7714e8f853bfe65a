"""Conflicts: derived anew in every run, decided by people, carried out only on the values people saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Value, shown
from netzwerk_sheets.merge.cells import both
from netzwerk_sheets.merge.fold import Folded, Party, absorbed
from netzwerk_sheets.merge.outcome import (
    Change,
    ChangeKind,
    Choice,
    Conflict,
    ConflictKey,
    ConflictKind,
    Decision,
    Requests,
    Side,
    digest,
    plain,
)
from netzwerk_sheets.merge.rows import NO_BASE, RowId, Snapshot
from netzwerk_sheets.merge.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.merge.rowmerge import Draft
    from netzwerk_sheets.merge.schema import Column, TableSchema


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A decision that can be carried out, and the value it asks for."""

    value: Value


@dataclass(slots=True)
class Docket:
    """The conflicts of one run.

    Attributes:
        schema: The table.
        requests: Decisions, the register of ids.
        conflicts: What stays open.
        stale: Ids of conflicts decided on values that have changed since.
    """

    schema: TableSchema
    requests: Requests
    conflicts: list[Conflict] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    def name(self, key: ConflictKey) -> str:
        """Give a conflict its id: the old one while it stands."""
        if key in self.requests.register:
            return self.requests.register[key]
        return "" if self.requests.new_conflict is None else self.requests.new_conflict()

    def decision(self, conflict: Conflict) -> Decision | None:
        """Give the decision on a conflict, if there is one and the values are still those decided on."""
        for decision in self.requests.decisions:
            if decision.conflict == conflict.id and conflict.id and decision.choice is not Choice.OPEN:
                if decision.digest == conflict.digest:
                    return decision
                self.stale.append(conflict.id)
        return None

    def versions(self, conflict: Conflict) -> list[Change]:
        """Give the history of a conflict that is new or has other sides than before.

        A version that the hub does not hold stands in one cell alone, and would go with its row or its file.
        """
        known = self.requests.digests.get(conflict.id, conflict.digest)
        if conflict.key in self.requests.register and known == conflict.digest:
            return []
        row, column, kind = conflict.row, conflict.column, ChangeKind.CONTRADICT
        return [
            Change(row, column, conflict.base, shown(side.value), side.replica, kind, conflict.id)
            for side in conflict.sides[1:]
        ]

    def ask_identity(self, snapshots: Iterable[Snapshot]) -> None:
        """Ask whether a new row (version B: another row) is the missing one (version A: the same row)."""
        for snapshot in snapshots:
            for new, missing in snapshot.proposals.items():
                sides = identity_sides(snapshot.replica, new, missing)
                kind = ConflictKind.IDENTITY
                name = self.name((new, "", kind.value))
                self.conflicts.append(Conflict(name, new, "", kind, None, sides, "", seal(new, "", kind, sides)))


def identity_sides(replica: str, new: RowId, missing: RowId) -> tuple[Side, Side]:
    """Give the two answers to the question whether a new row is a missing one."""
    return Side(replica, missing), Side(replica, new)


def seal(row: RowId, column: str, kind: ConflictKind, sides: Sequence[Side]) -> str:
    """Give the digest of a conflict's sides."""
    return digest([row, column, kind.value, [[side.replica, plain(side.value)] for side in sides]])


def settle_row(folded: Folded, present: Sequence[Party], draft: Draft, docket: Docket) -> None:
    """Derive the conflicts of one row, carry out what is decided, and keep the rest open."""
    found = [_derive(folded, column, present, docket) for column in docket.schema.columns if column.key in folded.open]
    decided = {conflict.key: docket.decision(conflict) for conflict in found}
    history: list[Change] = []
    for conflict in found:
        decision = decided[conflict.key]
        if decision is None:
            chosen = _from_group(conflict, found, decided, folded, present)
        else:
            chosen = _chosen(decision, conflict, docket.schema)
        if chosen is None:
            docket.conflicts.append(conflict)
            history += docket.versions(conflict)
        else:
            history += _carry_out(conflict, chosen.value, folded)
    for party in present:
        draft.bases[party.snapshot.replica][folded.row] = absorbed(party, folded.keeps(party.snapshot.replica))
    draft.changes += history


def _derive(folded: Folded, column: Column, present: Sequence[Party], docket: Docket) -> Conflict:
    """Put the sides of a conflict together: what the hub holds first, then the others by rank."""
    parties = folded.open[column.key]
    hub = folded.cells.get(column.key)
    meanings = [canonical(hub, column, docket.schema)]
    agreeing = (
        party.snapshot.replica
        for party in present
        if party not in parties
        and column.key in party.snapshot.columns
        and canonical(party.shows(column.key), column, docket.schema) == meanings[0]
    )
    sides = [Side(next(agreeing, ""), hub)]
    for party in parties:
        value = party.shows(column.key)
        if (meant := canonical(value, column, docket.schema)) not in meanings:
            meanings.append(meant)
            sides.append(Side(party.snapshot.replica, value))
    base = parties[0].agreed(column.key)
    key = (folded.row, column.key, ConflictKind.CELL.value)
    return Conflict(
        id=docket.name(key),
        row=folded.row,
        column=column.key,
        kind=ConflictKind.CELL,
        base=None if base == NO_BASE else base,
        sides=tuple(sides),
        group=column.group,
        digest=seal(folded.row, column.key, ConflictKind.CELL, sides),
    )


def _chosen(decision: Decision, conflict: Conflict, schema: TableSchema) -> _Chosen | None:
    """Give the value a decision asks for; `None` where it cannot be carried out in this column."""
    if decision.choice is Choice.OWN:
        return None if decision.value is None else _Chosen(decision.value)
    if decision.choice is Choice.BOTH:
        joint = both(schema.by_key[conflict.column], [side.value for side in conflict.sides], schema)
        return None if joint is None else _Chosen(joint)
    index = decision.choice.index
    return None if index is None or index >= len(conflict.sides) else _Chosen(conflict.sides[index].value)


def _from_group(
    conflict: Conflict,
    found: Sequence[Conflict],
    decided: Mapping[ConflictKey, Decision | None],
    folded: Folded,
    present: Sequence[Party],
) -> _Chosen | None:
    """Let the choice of a version hold for all cells that belong together."""
    for other in found:
        decision = decided[other.key]
        if decision is None or not conflict.group or other.group != conflict.group:
            continue
        index = decision.choice.index
        if index == 0:
            return _Chosen(folded.cells.get(conflict.column))
        if index is not None and index < len(other.sides):
            replica = other.sides[index].replica
            return _Chosen(next(p.shows(conflict.column) for p in present if p.snapshot.replica == replica))
    return None


def _carry_out(conflict: Conflict, chosen: Value, folded: Folded) -> list[Change]:
    """Set the value chosen and give the history, which keeps the versions given up."""
    value = shown(chosen)
    folded.put(conflict.column, value)
    del folded.open[conflict.column]
    row, column, kind = conflict.row, conflict.column, ChangeKind.RESOLVE
    given_up = [side for side in conflict.sides if shown(side.value) != value]
    return [Change(row, column, side.value, value, side.replica, kind, conflict.id) for side in given_up]
