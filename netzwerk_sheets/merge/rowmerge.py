"""Merge one row over all replicas at once: does it exist, where does it belong, what do its cells hold.

Deletions are decided here, before anything is folded, and over every replica: a row is deleted only where
nobody holds a word in it that the others have not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.merge.fold import Folded, Party, absorbed, fold, note_overtyped
from netzwerk_sheets.merge.outcome import Change, ChangeKind, Requests
from netzwerk_sheets.merge.schema import Owner, TableSchema
from netzwerk_sheets.merge.values import canonical, same_look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge.rows import Row, RowId, Rows


@dataclass(slots=True)
class Draft:
    """The merged state while it is being made; the state before is never touched.

    Attributes:
        hub: Rows.
        bases: replica → rows.
        tombstones: Deleted rows.
        before: The hub before this merge.
        changes: History.
        folded: Rows with something left open: conflicts or unreadable cells.
        left: See `MergeResult`.
        joined: See `MergeResult`.
        votes: replica → rows deleted there, whatever became of them.
    """

    hub: dict[RowId, Row]
    bases: dict[str, dict[RowId, Row]]
    tombstones: dict[RowId, Row]
    before: Rows
    changes: list[Change] = field(default_factory=list)
    folded: list[tuple[Folded, Sequence[Party]]] = field(default_factory=list)
    left: list[tuple[str, RowId]] = field(default_factory=list)
    joined: list[tuple[str, RowId]] = field(default_factory=list)
    votes: dict[str, list[RowId]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowCase:
    """One row with everything that has a say in it.

    Attributes:
        row: Its id.
        parties: Every replica that shows it or did so, best rank first.
        schema: The table.
        requests: What the caller asked.
        dropped: Columns given up in this run.
    """

    row: RowId
    parties: Sequence[Party]
    schema: TableSchema
    requests: Requests
    dropped: frozenset[str]

    @property
    def present(self) -> list[Party]:
        """Give the replicas that show the row."""
        return [party for party in self.parties if party.seen is not None]

    @property
    def vanished(self) -> list[Party]:
        """Give the replicas that no longer show it; where it may be there under another id is left open."""
        return [p for p in self.parties if p.vanished and self.row not in p.snapshot.proposals.values()]


def merge_row(case: RowCase, draft: Draft) -> None:
    """Merge one row into the draft."""
    for party in case.vanished:
        draft.votes.setdefault(party.snapshot.replica, []).append(case.row)
    before = draft.hub.get(case.row)
    if before is None and not _comes_back(case, draft):
        _keep_overtyped(case, draft, draft.tombstones[case.row] if case.present else {})
        _forget(case, draft)
        return
    reason = "" if before is None else _why_kept(case, before)
    if before is not None and reason == "delete":
        _delete(case, draft, before)
        return
    start = before if before is not None else draft.tombstones.pop(case.row, {})
    folded = fold(case.row, start, case.present, case.schema, case.dropped)
    if before is None:
        _note_arrival(folded, case, start)
    _drop_copied_results(folded, case, draft)
    _note_kept(folded, case, reason)
    _join(folded, case, draft, fresh=before is None and not start)
    _forget(case, draft)
    _leave(folded, case, draft)
    _absorb(folded, case, draft)


def _comes_back(case: RowCase, draft: Draft) -> bool:
    """Say whether a row that the hub does not hold is new, or was deleted and is wanted after all."""
    if case.row not in draft.tombstones:
        return bool(case.present)
    return any(party.appeared or party.edited(case.schema) for party in case.present)


def _why_kept(case: RowCase, hub: Row) -> str:
    """Judge the deletions of a row.

    Returns:
        ``delete`` where they are carried out; empty where nobody deleted it for good; else the code of the
        reason why it is kept: ``edited`` (someone else wrote into it), ``unseen`` (those who deleted it had
        not seen all of it), ``referenced`` (other rows refer to it).
    """
    voters = [party for party in case.vanished if party.snapshot.part is None]
    if not voters or any(party.appeared for party in case.present):
        return ""
    if any(party.edited(case.schema) for party in case.present):
        return "edited"
    if not any(_saw(party, hub, case.schema) for party in voters):
        return "unseen"
    return "referenced" if case.row in case.requests.protected else "delete"


def _saw(party: Party, hub: Row, schema: TableSchema) -> bool:
    """Say whether a replica showed the row as the hub has it, as far as it shows it at all."""
    return all(
        same_look(party.agreed(column.key), hub.get(column.key), column, schema)
        for column in schema.columns
        if column.owner is not Owner.TOOL and column.key in party.snapshot.columns
    )


def _delete(case: RowCase, draft: Draft, hub: Row) -> None:
    """Move a row to the trash."""
    source = next(party.snapshot.replica for party in case.vanished if party.snapshot.part is None)
    draft.tombstones[case.row] = dict(hub)
    del draft.hub[case.row]
    draft.changes.append(Change(case.row, "", None, None, source, ChangeKind.DELETE))
    draft.changes += [Change(case.row, key, hub[key], None, source, ChangeKind.DELETE) for key in hub]
    _keep_overtyped(case, draft, hub)
    _forget(case, draft)


def _keep_overtyped(case: RowCase, draft: Draft, trash: Row) -> None:
    """Keep in the history what people typed into computed cells of a row about to leave their tabs."""
    folded = Folded(case.row, dict(trash))
    for party in case.present:
        for column in case.schema.columns:
            if column.owner is Owner.TOOL and column.key in party.snapshot.columns:
                note_overtyped(folded, party, column, case.schema)
    draft.changes += folded.changes


def _forget(case: RowCase, draft: Draft) -> None:
    """Take note that a row is no longer shown, so that its absence is never read as a deletion again."""
    for party in case.vanished:
        draft.bases[party.snapshot.replica].pop(case.row, None)


def _note_arrival(folded: Folded, case: RowCase, trash: Row) -> None:
    """Call the first cells of a row an insertion, or say that it came back from the trash."""
    source = case.present[0].snapshot
    kind = ChangeKind.RESURRECT if trash else ChangeKind.INSERT
    if not trash:
        folded.changes = [
            Change(c.row, c.column, c.before, c.after, c.source, ChangeKind.INSERT) if c.kind is ChangeKind.EDIT else c
            for c in folded.changes
        ]
    origin = source.origins.get(case.row, "")
    folded.changes.insert(0, Change(case.row, "", None, None, source.replica, kind, origin))


def _drop_copied_results(folded: Folded, case: RowCase, draft: Draft) -> None:
    """Do not call computed cells typed that merely came along when a row was copied."""
    origins = {party.snapshot.origins.get(case.row, "") for party in case.present} - {""}
    copied = [draft.before.get(origin, {}) for origin in origins]
    folded.changes = [
        change
        for change in folded.changes
        if change.kind is not ChangeKind.OVERTYPED or all(row.get(change.column) != change.before for row in copied)
    ]


def _note_kept(folded: Folded, case: RowCase, reason: str) -> None:
    """Say that a row stays although somebody deleted it."""
    if reason:
        voter = next(party for party in case.vanished if party.snapshot.part is None)
        folded.changes.append(
            Change(case.row, "", None, None, voter.snapshot.replica, ChangeKind.RESTORE, reason),
        )


def _join(folded: Folded, case: RowCase, draft: Draft, *, fresh: bool) -> None:
    """Let rows that people put into a tab belong there.

    What somebody typed themselves into a wholly new row counts more than the tab it stands in; in a row that
    was moved or copied, the cell only came along.
    """
    for party in case.present:
        part, replica = party.snapshot.part, party.snapshot.replica
        if part is None or not party.appeared or part.contains(case.row, folded.cells):
            continue
        typed = fresh and case.row not in party.snapshot.origins
        changes = part.join(dict(folded.cells))
        if typed and any(_excludes(folded.cells.get(key), key, case.schema) for key in changes):
            continue
        draft.joined.append((replica, case.row))
        _apply(folded, changes, replica, ChangeKind.JOIN)


def _excludes(value: Value, key: str, schema: TableSchema) -> bool:
    """Say whether a cell is filled and can hold one value only."""
    column = schema.by_key[key]
    return not column.kind.is_set and canonical(value, column, schema) is not None


def _leave(folded: Folded, case: RowCase, draft: Draft) -> None:
    """End the membership of rows that people deleted from a tab that shows a part of the table."""
    for party in case.vanished:
        part, replica = party.snapshot.part, party.snapshot.replica
        if part is not None and part.contains(case.row, folded.cells):
            draft.left.append((replica, case.row))
            _apply(folded, part.leave(dict(folded.cells)), replica, ChangeKind.LEAVE)


def _apply(folded: Folded, changes: Row, source: str, kind: ChangeKind) -> None:
    """Set cells of the hub's row on behalf of a replica."""
    for key, value in changes.items():
        if folded.cells.get(key) != value:
            folded.note(key, folded.cells.get(key), value, source, kind)
            folded.put(key, value)


def _absorb(folded: Folded, case: RowCase, draft: Draft) -> None:
    """Store the merged row together with what is agreed now: one step, one transaction."""
    draft.hub[case.row] = folded.cells
    draft.changes += folded.changes
    for party in case.present:
        known = absorbed(party, folded.keeps(party.snapshot.replica))
        if known != party.base:
            draft.bases[party.snapshot.replica][case.row] = known
    if folded.open or folded.unread:
        draft.folded.append((folded, case.present))
