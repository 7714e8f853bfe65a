"""Tests of the tests: the merge with one mistake in it, some forty times; every mistake must be noticed.

A mutant replaces one function of the engine, or one step of the office's run order. The probes are the named
invariants, the crash sweep and a few hundred histories; a mutant that none of them notices is a hole in the
tests. The first probe that notices is the evidence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import merge_hunt
import merge_office
import merge_sweep
import pytest
import test_merge_invariants as invariants

from netzwerk_sheets.merge import (
    brakes,
    cells,
    claims,
    columns,
    deciding,
    engine,
    fold,
    identity,
    likeness,
    outcome,
    projection,
    proposals,
    rowmerge,
    undo,
    values,
)
from netzwerk_sheets.merge.cells import Merged, Verdict
from netzwerk_sheets.merge.rows import Snapshot

Patch = Callable[[pytest.MonkeyPatch], None]
real = {
    "merge_cell": cells.merge_cell,
    "absorbed": fold.absorbed,
    "identify": identity.identify,
    "fold_block": fold._fold_block,
    "why_kept": rowmerge._why_kept,
    "merge_row": rowmerge.merge_row,
    "party": engine._party,
    "project": projection.project,
    "diff": projection.diff,
    "canonical": values.canonical,
    "counter": merge_office.counter,
}


def flawed(name: str) -> Patch:
    """Make a mistake in the order of steps."""

    def patch(m: pytest.MonkeyPatch) -> None:
        flaws = dataclasses.replace(merge_office.Flaws(), **{name: True})
        m.setattr(merge_office, "Flaws", lambda: flaws)

    return patch


def swapped(*places: tuple[object, str], by: object) -> Patch:
    """Put something else in the place of a function."""

    def patch(m: pytest.MonkeyPatch) -> None:
        for module, name in places:
            m.setattr(module, name, by)

    return patch


def on_conflict(verdict: Verdict) -> Patch:
    """Settle conflicts by a rule instead of asking."""

    def merge_cell(column, base, hub, seen, schema):
        merged = real["merge_cell"](column, base, hub, seen, schema)
        if merged.verdict is Verdict.CONFLICT:
            return Merged(verdict, seen if verdict is Verdict.TAKE else hub)
        return merged

    return swapped((cells, "merge_cell"), (fold, "merge_cell"), (invariants, "merge_cell"), by=merge_cell)


def why_deleted(case, hub):
    """Let the deletion win over an edit; all other rules stand."""
    reason = real["why_kept"](case, hub)
    return "delete" if reason == "edited" else reason


def why_deleted_pairwise(case, hub):
    """Look at one other replica only, not at all of them."""
    parties = [*(p for p in case.parties if p.seen is None), *case.present[:1]]
    return real["why_kept"](dataclasses.replace(case, parties=parties), hub)


def merge_row_with_group_tabs_as_whole_tables(case, draft):
    """Take a deletion from a tab that shows a part for a deletion of the row."""
    parties = [
        dataclasses.replace(p, snapshot=dataclasses.replace(p.snapshot, part=None)) if p.vanished else p
        for p in case.parties
    ]
    real["merge_row"](dataclasses.replace(case, parties=parties), draft)


def why_cut_is_deleted(case, hub):
    """Do not look whether the row stands elsewhere now."""
    parties = [p for p in case.parties if not p.appeared]
    return real["why_kept"](dataclasses.replace(case, parties=parties), hub)


def absorbed_only_where_equal(party, keeps):
    """Count as agreed only what was taken in as it was read: forgets what went into a merged value."""
    known = dict(real["absorbed"](party, keeps))
    for key in ("tags", "note"):
        if party.base is not None and known.get(key) != party.base.get(key):
            known[key] = party.base.get(key)
    return {key: value for key, value in known.items() if value is not None}


def absorbed_conflicts(party, keeps):
    return real["absorbed"](party, frozenset())


def party_with_hub_as_base(row, snapshot, state, gone):
    if snapshot.replica not in state.bases:
        state = dataclasses.replace(state, bases={**state.bases, snapshot.replica: state.hub})
    return real["party"](row, snapshot, state, gone)


def fallback_of_one_tab(row, seen, state, gone):
    return gone.get(row) if row in state.hub else state.tombstones.get(row)


def identify_forgetting_copies(readings, state, schema, new_id, **options):
    """Keep the last of several rows with one id, as a dictionary would."""
    found = real["identify"](readings, state, schema, new_id, **options)
    snapshots = []
    for snapshot in found.snapshots:
        rows = {row: cells for row, cells in snapshot.rows.items() if row not in snapshot.origins}
        rows |= {origin: snapshot.rows[copy] for copy, origin in snapshot.origins.items() if copy in snapshot.rows}
        snapshots.append(dataclasses.replace(snapshot, rows=rows, origins={}))
    return dataclasses.replace(found, snapshots=tuple(snapshots))


def identify_patch(m: pytest.MonkeyPatch, by: object) -> None:
    import merge_table

    for module in (merge_office, merge_table, invariants):
        m.setattr(module, "identify", by)


def lost_headings_as_emptied(m: pytest.MonkeyPatch) -> None:
    def identify(readings, state, schema, new_id, **options):
        found = real["identify"](readings, state, schema, new_id, **options)
        keys = frozenset(schema.by_key)
        snapshots = tuple(dataclasses.replace(s, columns=keys) if s.part is None else s for s in found.snapshots)
        return dataclasses.replace(found, snapshots=snapshots)

    identify_patch(m, identify)


def decision_without_digest(self, conflict):
    return next((d for d in self.requests.decisions if d.conflict == conflict.id), None)


def groups_ignored(m: pytest.MonkeyPatch) -> None:
    def fold_block(folded, party, members, schema):
        for column in members:
            real["fold_block"](folded, party, [column], schema)

    m.setattr(fold, "_fold_block", fold_block)


def conflicts_written_over(m: pytest.MonkeyPatch) -> None:
    m.setattr(projection, "_own", lambda result, replica: {})


def leavers_forgotten_late(m: pytest.MonkeyPatch) -> None:
    """Do not keep a row in a tab that holds a version of its own in it."""

    def project(result, snapshot, schema):
        return real["project"](dataclasses.replace(result, kept={}), snapshot, schema)

    import merge_table

    for module in (merge_office, merge_table):
        m.setattr(module, "project", project)


def put_back_without_asking(self, change):
    cells = self.rows.get(change.row)
    if cells is not None:
        undo.set_cell(cells, change.column, change.before)
        self._note(change.row, change.column, change.after, change.before)


def ids_given_again(m: pytest.MonkeyPatch) -> None:
    import merge_table

    for module in (merge_office, merge_table):
        m.setattr(module, "known_ids", lambda state: set(state.hub))


def one_difference_forgotten(m: pytest.MonkeyPatch) -> None:
    import merge_table

    for module in (merge_office, merge_table):
        m.setattr(module, "diff", lambda projected, snapshot: real["diff"](projected, snapshot)[1:])


def rows_known_by_their_place(m: pytest.MonkeyPatch) -> None:
    """Take the first row of a tab for the row with the lowest id."""

    def identify(readings, state, schema, new_id, **options):
        found = real["identify"](readings, state, schema, new_id, **options)
        snapshots = tuple(
            dataclasses.replace(s, rows=dict(zip(sorted(s.rows), s.rows.values(), strict=True)))
            for s in found.snapshots
        )
        return dataclasses.replace(found, snapshots=snapshots)

    identify_patch(m, identify)


def a_conflict_stops_the_table(m: pytest.MonkeyPatch) -> None:
    import merge_table

    def project(result, snapshot, schema):
        return dict(snapshot.rows) if result.conflicts else real["project"](result, snapshot, schema)

    for module in (merge_office, merge_table):
        m.setattr(module, "project", project)


MUTANTS: dict[str, Patch] = {
    "late absorb: bases are stored after the write": flawed("late_absorb"),
    "base first: the base is stored before the write": flawed("base_first"),
    "no compare: written over what changed since it was read": flawed("no_compare"),
    "no marker: a journalled write is never recognised": flawed("no_marker"),
    "decisions without a digest": swapped((deciding.Docket, "decision"), by=decision_without_digest),
    "absorb only what equals the hub": swapped(
        (rowmerge, "absorbed"), (deciding, "absorbed"), by=absorbed_only_where_equal
    ),
    "absorb conflicts too": swapped((rowmerge, "absorbed"), (deciding, "absorbed"), by=absorbed_conflicts),
    "last wins": on_conflict(Verdict.TAKE),
    "first wins": on_conflict(Verdict.KEEP),
    "delete wins": swapped((rowmerge, "_why_kept"), by=why_deleted),
    "deletions are decided in pairs": swapped((rowmerge, "_why_kept"), by=why_deleted_pairwise),
    "deletions of what was not seen": swapped((rowmerge, "_saw"), by=lambda *_: True),
    "a cut row is a deleted row": swapped((rowmerge, "_why_kept"), by=why_cut_is_deleted),
    "a kept row is read as deleted again": swapped((rowmerge, "_forget"), by=lambda *_: None),
    "leaving a tab is a deletion": swapped((engine, "merge_row"), by=merge_row_with_group_tabs_as_whole_tables),
    "a row leaves a tab with its conflict": leavers_forgotten_late,
    "sets: the last one's set wins": swapped((cells, "merge_items"), by=lambda c, base, hub, seen, s: seen),
    "sets: what was added is dropped": swapped(
        (cells, "merge_items"),
        by=lambda c, base, hub, seen, s: ", ".join(i for i in values.items(hub) if i in values.items(seen)) or None,
    ),
    "notes: the last one wins": swapped((cells, "merge_notes"), by=lambda base, hub, seen: seen),
    "spelling is an edit": swapped((values, "folded"), by=lambda text: text),
    "spelling is never carried": swapped((cells, "same_look"), by=lambda *_: True),
    "of several copies the last keeps the id": swapped(
        (identity._Table, "_closest"), by=lambda self, indices, anchor: indices[-1]
    ),
    "of several copies one is kept": lambda m: identify_patch(m, identify_forgetting_copies),
    "an id is believed whatever the row says": swapped((claims.Claims, "_drop_typed_over"), by=lambda *_: None),
    "ids of deleted rows are given again": ids_given_again,
    "a lost heading is an emptied column": lost_headings_as_emptied,
    "no base is taken for the hub": swapped((engine, "_party"), by=party_with_hub_as_base),
    "the safety stop is off": swapped((brakes, "stops"), by=lambda *_: []),
    "emptied tabs are believed": swapped((brakes, "emptied"), by=lambda *_: []),
    "a confirmation holds for any plan": swapped((brakes, "plan_token"), by=lambda *_: "token"),
    "the tool writes over what people typed over a proposal": swapped((proposals, "_may_write"), by=lambda *_: True),
    "computed cells typed over are forgotten": swapped(
        (fold, "note_overtyped"), (rowmerge, "note_overtyped"), by=lambda *_: None
    ),
    "errors are values": swapped((fold, "is_error"), by=lambda value: False),
    "groups are ignored": groups_ignored,
    "conflicts are written over": conflicts_written_over,
    "undo does not ask": swapped((undo._Undo, "put_back"), by=put_back_without_asking),
    "what resembles a moved row is it": swapped((claims.Claims, "note_moved"), by=lambda *_: None),
    "a pasted copy takes newer words back": swapped((engine, "_fallback"), by=fallback_of_one_tab),
    "one difference is never written": one_difference_forgotten,
    "rows are known by their place": rows_known_by_their_place,
    "a conflict stops the whole table": a_conflict_stops_the_table,
    "rows are merged in the order read": swapped((engine, "sorted"), by=lambda rows, key=None: list(rows)),
}
PROMISES = [function for name, function in vars(invariants).items() if name.startswith("test_")]
PROBES: list[tuple[str, Callable[[], object]]] = [
    # What is quick first. CLOCK needs a fixture and no mutant concerns it.
    *((f.__name__, f) for f in PROMISES if not hasattr(f, "hypothesis") and "clock" not in f.__name__),
    ("every 23rd case of the crash sweep", lambda: merge_sweep.sweep(23)),
    ("20 histories", lambda: [merge_hunt.hunt(seed, 30) for seed in range(5000, 5020)]),
    *((f.__name__, f) for f in PROMISES if hasattr(f, "hypothesis")),
    ("the crash sweep", merge_sweep.sweep),
    ("300 histories", lambda: [merge_hunt.hunt(seed, 30) for seed in range(5000, 5300)]),
]


def noticed_by(probes: list[tuple[str, Callable[[], object]]]) -> str:
    """Give the first probe that fails and how; empty where none does."""
    for name, probe in probes:
        try:
            probe()
        except AssertionError as problem:
            return f"{name}: {type(problem).__name__} {str(problem)[:160]}"
        except Exception:  # noqa: BLE001  (breaking down is no proof that anybody would notice)
            continue
    return ""


@pytest.mark.parametrize("name", MUTANTS)
def test_every_mistake_is_noticed(name, monkeypatch, record_property):
    monkeypatch.setattr(engine, "sorted", sorted, raising=False)
    MUTANTS[name](monkeypatch)
    evidence = noticed_by(PROBES)
    record_property("noticed by", evidence)
    print(f"{name} <- {evidence}")
    assert evidence, f"nobody notices: {name}"


def test_without_a_mistake_every_probe_is_content(long):
    # The laws and the whole sweep are tests of their own, with the same examples: here again only with --long.
    tested = {"the crash sweep", *(function.__name__ for function in PROMISES)}
    assert noticed_by([(name, probe) for name, probe in PROBES if long or name not in tested]) == ""
    assert len(MUTANTS) >= 14
    assert outcome.Limits().floor == 3
    assert likeness.ALIKE == 0.8
    assert columns.SAME_VALUES == 0.9
    assert Snapshot("A", 0, {}, frozenset()).rows == {}
