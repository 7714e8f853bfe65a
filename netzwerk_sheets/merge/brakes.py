"""The safety stop: when so much changes at once that something else than editing may have happened."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netzwerk_sheets.merge.outcome import Brake, BrakeKind, Change, ChangeKind, Limits, digest, plain
from netzwerk_sheets.merge.rows import Health, Rows, Snapshot, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netzwerk_sheets.merge.rowmerge import Draft

_OVERWRITING = (ChangeKind.EDIT, ChangeKind.MERGE)


def plan_token(code: str, changes: Iterable[Change], replica: str = "") -> str:
    """Give the token of a plan: of everything it would do, so that it confirms nothing else."""
    lines = [[c.row, c.column, plain(c.before), plain(c.after), c.source, c.kind.value, c.reason] for c in changes]
    return digest([code, replica, sorted(lines)])


def unreadable(snapshots: Iterable[Snapshot]) -> list[Brake]:
    """Name the replicas that could not be read as what they are."""
    return [Brake(BrakeKind.NOT_READ, s.replica) for s in snapshots if s.health is not Health.OK]


def emptied(snapshots: Iterable[Snapshot], state: State, limits: Limits) -> list[Snapshot]:
    """Give the replicas that held rows and show none at all.

    The few rows of a very small table may well have been deleted one by one; they lie in the trash, and if
    it was a mistake of reading, they come back from there with the next run.
    """
    return [
        snapshot
        for snapshot in snapshots
        if snapshot.health is Health.OK
        and not snapshot.rows
        and len(state.bases.get(snapshot.replica, ())) > limits.floor
    ]


def stops(draft: Draft, snapshots: Sequence[Snapshot], state: State, limits: Limits) -> list[Brake]:
    """Give the reasons to hold the table back and ask first; none where all is in the usual range."""
    found: list[Brake] = []
    for snapshot in snapshots:
        base = state.bases.get(snapshot.replica, {})
        deleted = len(draft.votes.get(snapshot.replica, ()))
        if deleted > max(limits.floor, limits.deleted * len(base)):
            found.append(Brake(BrakeKind.DELETES, snapshot.replica, "", deleted, len(base)))
        added = len({c.row for c in draft.changes if c.source == snapshot.replica and c.kind is ChangeKind.INSERT})
        if base and added > limits.added:
            found.append(Brake(BrakeKind.ADDED, snapshot.replica, "", added, len(base)))
        found += _column_stops(draft.changes, snapshot, base, limits)
    return found


def _column_stops(changes: Iterable[Change], snapshot: Snapshot, base: Rows, limits: Limits) -> list[Brake]:
    """Give the columns in which one replica overwrote or emptied most of what was there."""
    overwritten: Counter[str] = Counter()
    cleared: Counter[str] = Counter()
    for change in changes:
        if change.source == snapshot.replica and change.kind in _OVERWRITING and change.before is not None:
            overwritten[change.column] += 1
            cleared[change.column] += change.after is None
    found = []
    for column, count in overwritten.items():
        if count <= limits.floor:
            continue
        filled = sum(1 for row in base.values() if row.get(column) is not None) if cleared[column] else 0
        if cleared[column] > max(limits.floor, limits.emptied * filled):
            found.append(Brake(BrakeKind.CLEARED, snapshot.replica, column, cleared[column], filled))
        elif count > max(limits.floor, limits.changed * len(base)):
            found.append(Brake(BrakeKind.CHANGES, snapshot.replica, column, count, len(base)))
    return found
