"""Merge one table: every replica against the hub, in one step.

The work is proportional to what changed: rows that are as they were agreed cost one comparison.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import brakes
from netzwerk_sheets.merge.columns import give_up
from netzwerk_sheets.merge.deciding import Docket, settle_row
from netzwerk_sheets.merge.fold import Party
from netzwerk_sheets.merge.ids import order
from netzwerk_sheets.merge.outcome import Brake, BrakeKind, MergeResult, Requests
from netzwerk_sheets.merge.rowmerge import Draft, RowCase, merge_row
from netzwerk_sheets.merge.rows import Health, Row, RowId, Snapshot, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge.schema import TableSchema

_NO_REQUESTS = Requests()


def merge(
    state: State, snapshots: Iterable[Snapshot], schema: TableSchema, requests: Requests = _NO_REQUESTS
) -> MergeResult:
    """Merge what every replica shows into the hub.

    Args:
        state: What was agreed before.
        snapshots: All replicas that could be reached, rows identified, in any order. Those left out keep their
            base; they are merged when they are back.
        schema: The table.
        requests: Decisions, confirmations, conflict ids.

    Returns:
        The new hub and everything that follows from it. Nothing passed in is changed.
    """
    ranked = sorted(snapshots, key=lambda snapshot: (snapshot.rank, snapshot.replica))
    healthy = [snapshot for snapshot in ranked if snapshot.health is Health.OK]
    stopped = brakes.unreadable(ranked)
    if empty := brakes.emptied(healthy, state, requests.limits):
        result = _plan(state, healthy, schema, requests)
        token = brakes.plan_token(schema.code, result.changes, ",".join(snapshot.replica for snapshot in empty))
        if token in requests.confirmed:
            return replace(result, brakes=tuple(stopped))
        healthy = [snapshot for snapshot in healthy if snapshot not in empty]
        stopped += [_emptied(snapshot, state, token) for snapshot in empty]
    result = _plan(state, healthy, schema, requests)
    if result.brakes:
        token = brakes.plan_token(schema.code, result.changes)
        if token not in requests.confirmed:
            return _held(result, stopped, state, token)
    return replace(result, brakes=tuple(stopped))


def _emptied(snapshot: Snapshot, state: State, token: str) -> Brake:
    """Say that a tab came back without a single row."""
    count = len(state.bases[snapshot.replica])
    return Brake(BrakeKind.EMPTIED, snapshot.replica, "", count, count, token)


def _held(result: MergeResult, stopped: Sequence[Brake], state: State, token: str) -> MergeResult:
    """Hold a table back: give what was before, with the reasons and the token that lets this plan through."""
    reasons = (*stopped, *(replace(brake, token=token) for brake in result.brakes))
    return MergeResult(
        state.hub,
        state.bases,
        state.tombstones,
        conflicts=result.conflicts,
        brakes=reasons,
        held=True,
        proposals=state.proposals,
        stale=result.stale,
    )


def _plan(state: State, snapshots: Sequence[Snapshot], schema: TableSchema, requests: Requests) -> MergeResult:
    """Merge without asking whether it is too much; the brakes in the result say so."""
    draft = Draft(
        hub=dict(state.hub),
        bases={replica: dict(rows) for replica, rows in state.bases.items()},
        tombstones=dict(state.tombstones),
        before=state.hub,
    )
    for snapshot in snapshots:
        draft.bases.setdefault(snapshot.replica, {})
    docket = Docket(schema, requests)
    dropped = give_up(draft, snapshots, state, docket)
    touched, gone = _differing(snapshots, state)
    for row in sorted(touched, key=order):
        parties = [party for snapshot in snapshots if (party := _party(row, snapshot, state, gone)) is not None]
        merge_row(RowCase(row, parties, schema, requests, dropped), draft)
    for folded, present in draft.folded:
        settle_row(folded, present, draft, docket)
    docket.ask_identity(snapshots)
    return _result(draft, snapshots, docket, dropped, state)


def _result(
    draft: Draft, snapshots: Sequence[Snapshot], docket: Docket, dropped: frozenset[str], state: State
) -> MergeResult:
    """Put the draft into its final form."""
    kept: dict[str, dict[RowId, frozenset[str]]] = {snapshot.replica: {} for snapshot in snapshots}
    for folded, present in draft.folded:
        for party in present:
            if columns := folded.contests(party.snapshot.replica):
                kept[party.snapshot.replica][folded.row] = columns
    return MergeResult(
        draft.hub,
        draft.bases,
        draft.tombstones,
        tuple(draft.changes),
        tuple(docket.conflicts),
        tuple(brakes.stops(draft, snapshots, state, docket.requests.limits)),
        readable=frozenset(snapshot.replica for snapshot in snapshots),
        kept=kept,
        unread=tuple((name, f.row, key) for f, _present in draft.folded for name, key in sorted(f.unread)),
        left=tuple(draft.left),
        joined=tuple(draft.joined),
        dropped=dropped,
        proposals={**state.proposals, **{snapshot.replica: snapshot.proposals for snapshot in snapshots}},
        stale=tuple(docket.stale),
    )


def _differing(snapshots: Iterable[Snapshot], state: State) -> tuple[set[RowId], Mapping[RowId, Row]]:
    """Find the rows that are not in every replica as they were agreed with it.

    Returns:
        Their ids; and those of them that some tab no longer shows, as last agreed there: they may have been
        cut to be moved.
    """
    touched: set[RowId] = set()
    gone: dict[RowId, Row] = {}
    for snapshot in snapshots:
        base, rows = state.bases.get(snapshot.replica, {}), snapshot.rows
        other = [row for row, seen in rows.items() if (known := base.get(row)) is not seen and known != seen]
        touched.update(other)
        # only where fewer of the agreed rows are there than were agreed, it is worth looking which are lacking
        if len(base) > len(rows) - sum(row not in base for row in other):
            for row in base.keys() - rows.keys():
                touched.add(row)
                gone.setdefault(row, base[row])
    return touched, gone


def _party(row: RowId, snapshot: Snapshot, state: State, gone: Mapping[RowId, Row]) -> Party | None:
    """Give a replica's part in a row; `None` where it has none."""
    base = state.bases.get(snapshot.replica, {}).get(row)
    seen = snapshot.rows.get(row)
    if base is None and seen is None:
        return None
    fallback = None
    if base is None and snapshot.replica in state.bases:
        fallback = _fallback(row, snapshot.rows[row], state, gone)
    return Party(snapshot, base, seen, fallback)


def _fallback(row: RowId, seen: Row, state: State, gone: Mapping[RowId, Row]) -> Row | None:
    """Give what counts as agreed about a row that appears in a tab: it was cut elsewhere, or deleted before.

    Nobody knows which tab it was copied from, nor how long ago. So a value that some tab is known to have
    held is no edit, and an empty cell never is one: whoever pastes an old copy takes nothing back.
    """
    known = gone.get(row) if row in state.hub else state.tombstones.get(row)
    if known is None:
        return None
    held = [known, *(rows[row] for rows in state.bases.values() if row in rows)]
    keys = dict.fromkeys(key for cells in held for key in cells)
    agreed: dict[str, Value] = {}
    for key in keys:
        value = seen.get(key)
        agreed[key] = value if value is None or any(cells.get(key) == value for cells in held) else known.get(key)
    return agreed


def contested(result: MergeResult) -> Mapping[RowId, Collection[str]]:
    """Give the cells people disagree about: row → columns."""
    found: dict[RowId, set[str]] = {}
    for conflict in result.conflicts:
        if conflict.column:
            found.setdefault(conflict.row, set()).add(conflict.column)
    return found
