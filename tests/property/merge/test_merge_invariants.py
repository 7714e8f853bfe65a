"""The promises of the merge, one test each, on rows made at random.

NO-LOSS, NO-CLOBBER, CONVERGE, RESTART and SLICE-SOUND are also hunted in whole histories
(`test_merge_histories.py`, `test_merge_crashes.py`); every promise here is broken on purpose in
`test_mutants.py`.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from merge_hunt import hunt
from merge_table import ALL, PARTNERS, Tab, agreed, edited, full, read, sync, team

from netzwerk_sheets.grid import CellError
from netzwerk_sheets.merge import (
    NO_BASE,
    BrakeKind,
    Choice,
    Decision,
    Kind,
    Put,
    Requests,
    State,
    canonical,
    counter,
    identify,
    make_id,
    merge,
    merge_cell,
    propose,
)

calm = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],  # the examples are small as they are; shrinking would make the mutants slow
)
COLUMNS = {column.kind: column for column in PARTNERS.columns}
KINDS = st.sampled_from(sorted(COLUMNS, key=lambda kind: kind.value))
WORDS = st.sampled_from(["a", "b", "c", "a b", "ü", "a, b", "b; c", "a\nb", "1", "2,5", "x"])
VALUES = st.one_of(
    st.none(),
    WORDS,
    st.integers(-3, 30),
    st.booleans(),
    st.floats(-5, 5),
    st.dates(date(2020, 1, 1), date(2020, 1, 9)),
)
ROWS = st.dictionaries(
    st.sampled_from([make_id("P", n) for n in range(1, 7)]),
    st.fixed_dictionaries(
        {"name": st.sampled_from(["Haus", "Hof", "Garten"])},
        optional={"town": WORDS, "note": WORDS, "tags": WORDS, "size": st.integers(0, 3), "street": WORDS},
    ),
    min_size=3,
    max_size=6,
)
SIX = {make_id("P", n): {"name": f"n{n}", "town": f"t{n}", "tags": f"g{n}", "note": f"o{n}"} for n in range(1, 7)}


def shuffled(tab, seed):
    rows = list(tab.rows)
    random.Random(seed).shuffle(rows)
    return replace(
        tab,
        rows=[(row, dict(sorted(cells.items(), key=lambda c: hash((c[0], seed))))) for row, cells in rows],
    )


@st.composite
def histories(draw):
    """Give an agreed state and two tabs that two people edited."""
    rows = draw(ROWS)
    tabs = {}
    for name in ("A", "B"):
        mine = {row: dict(cells) for row, cells in rows.items()}
        for row in draw(st.lists(st.sampled_from(sorted(rows)), max_size=3)):
            column = draw(st.sampled_from(["name", "town", "note", "tags", "size", "street"]))
            value = draw(st.one_of(st.none(), WORDS)) if column != "size" else draw(st.integers(0, 9))
            mine = edited(mine, row, **{column: value}) if row in mine else mine
        for row in draw(st.lists(st.sampled_from(sorted(rows)), max_size=1)):
            mine.pop(row, None)
        tabs[name] = full(mine)
    return agreed(rows), tabs


# --- cells ------------------------------------------------------------------------------------------------


@calm
@given(KINDS, VALUES, VALUES, VALUES)
def test_symmetry_it_does_not_matter_who_is_who(kind, base, one, other):
    """SYMMETRY: merge(b, x, y) and merge(b, y, x) mean the same."""
    column = COLUMNS[kind]
    there, back = (
        merge_cell(column, base, one, other, PARTNERS),
        merge_cell(column, base, other, one, PARTNERS),
    )
    assert (there.verdict.value == "conflict") == (back.verdict.value == "conflict")
    if there.verdict.value != "conflict":
        first, second = (canonical(m.value, column, PARTNERS) for m in (there, back))
        if kind is Kind.NOTE:  # what both added stands in the order of ranks
            first, second = (sorted(str(note).split("\n")) for note in (first, second))
        assert first == second


@calm
@given(KINDS, VALUES, VALUES)
def test_symmetry_one_edit_alone_is_taken_and_an_equal_one_agreed(kind, base, edit):
    """SYMMETRY: merge(b, x, b) = merge(b, b, x) = merge(b, x, x) = x."""
    column = COLUMNS[kind]
    for hub, seen in ((edit, base), (base, edit), (edit, edit)):
        outcome = merge_cell(column, base, hub, seen, PARTNERS)
        assert outcome.verdict.value != "conflict"
        assert canonical(outcome.value, column, PARTNERS) == canonical(edit, column, PARTNERS)


@calm
@given(
    st.lists(st.sampled_from("abcdef")),
    st.lists(st.sampled_from("abcdef")),
    st.lists(st.sampled_from("abcdef")),
)
def test_set_algebra_added_is_in_and_taken_out_is_out(base, one, other):
    """SET-ALGEBRA: (x & y) | (x - b) | (y - b); never a conflict."""
    column = PARTNERS.by_key["tags"]
    outcome = merge_cell(column, *(", ".join(items) or None for items in (base, one, other)), PARTNERS)
    merged = canonical(outcome.value, column, PARTNERS) or frozenset()
    b, x, y = set(base), set(one), set(other)
    assert merged == (x & y) | (x - b) | (y - b)


@calm
@given(KINDS, VALUES, VALUES, st.sampled_from(["NFD", "space", "line ends", "type"]))
def test_cosmetic_another_spelling_is_never_a_conflict(kind, base, real, how):
    """COSMETIC: spelling against a real edit gives the real edit."""
    column = COLUMNS[kind]
    spelt = {
        "NFD": lambda v: unicodedata.normalize("NFD", v) if isinstance(v, str) else v,
        "space": lambda v: f"{v}\u00a0\u200b" if isinstance(v, str) else v,
        "line ends": lambda v: v.replace("\n", "\r\n") if isinstance(v, str) else v,
        "type": lambda v: float(v) if isinstance(v, int) and not isinstance(v, bool) else v,
    }[how](base)
    for hub, seen in ((real, spelt), (spelt, real)):
        outcome = merge_cell(column, base, hub, seen, PARTNERS)
        assert outcome.verdict.value != "conflict"
        assert canonical(outcome.value, column, PARTNERS) == canonical(real, column, PARTNERS)


def test_cosmetic_a_change_of_spelling_alone_is_carried():
    """COSMETIC: it is somebody's edit."""
    run = sync(agreed(SIX), {"A": full(edited(SIX, "P-001", name="n1 ")), "B": full(SIX)})
    assert run.rows("B")["P-001"]["name"] == "n1 "


def test_notes_both_additions_stay():
    """NO-LOSS in notes: two people who append lose nothing."""
    tabs = {
        "A": full(edited(SIX, "P-001", note="o1\nvon A")),
        "B": full(edited(SIX, "P-001", note="o1\nvon B")),
    }
    run = sync(agreed(SIX), tabs)
    assert run.rows("A")["P-001"]["note"] == "o1\nvon A\nvon B"
    stuck = sync(State(run.result.hub, run.result.bases), tabs)  # the write did not take place
    assert stuck.rows("B")["P-001"]["note"] == "o1\nvon A\nvon B"


# --- tables -----------------------------------------------------------------------------------------------


@calm
@given(histories())
def test_converge_and_idempotent_the_second_run_has_nothing_to_do(history):
    """CONVERGE, IDEMPOTENT: after one run all show the same, conflicts aside; the next writes nothing."""
    state, tabs = history
    run = sync(state, tabs)
    if run.result.held:
        assert not any(run.ops.values())
        return
    again = sync(run.state, run.tabs, requests=Requests(register=run.result.register))
    assert not any(again.ops.values())
    assert not again.result.changes
    assert again.result.hub == run.result.hub
    assert again.result.bases == run.state.bases
    assert again.result.conflicts == run.result.conflicts
    open_cells = {(c.row, c.column) for c in run.result.conflicts}
    for row, cells in run.result.hub.items():
        for key in ALL:
            if (row, key) not in open_cells:
                shown = {str(run.rows(name)[row].get(key)) for name in run.tabs}
                assert len(shown) == 1, (row, key, shown, cells)


@calm
@given(histories())
def test_commute_the_order_of_reading_does_not_matter(history):
    """COMMUTE: ranks decide labels, the order in which replicas were read decides nothing."""
    state, tabs = history
    readings = read(tabs)
    results = []
    for order in (readings, readings[::-1]):
        snapshots = identify(order, state, PARTNERS, counter("P", state.hub)).snapshots
        results.append(merge(state, snapshots[::-1] if order is readings else snapshots, PARTNERS))
    assert results[0] == results[1]


@calm
@given(histories())
def test_commute_ranks_only_decide_what_sides_are_called(history):
    """COMMUTE: with ranks exchanged the same rows stand, and the same cells are in conflict."""
    state, tabs = history
    one = sync(state, tabs)
    other = sync(state, {name: replace(tab, rank=-place) for place, (name, tab) in enumerate(tabs.items())})
    assert one.result.held == other.result.held
    assert one.result.hub.keys() == other.result.hub.keys()
    assert {c.key for c in one.result.conflicts} == {c.key for c in other.result.conflicts}


@calm
@given(histories(), st.integers(0, 99))
def test_row_permute_shuffling_rows_and_columns_changes_no_plan(history, seed):
    """ROW-PERMUTE: order is not data."""
    state, tabs = history
    one = sync(state, tabs)
    other = sync(state, {name: shuffled(tab, seed) for name, tab in tabs.items()})
    assert one.result.hub == other.result.hub
    assert one.result.bases == other.result.bases
    assert one.result.conflicts == other.result.conflicts
    key = lambda op: (type(op).__name__, op.row, getattr(op, "column", ""))
    for name in tabs:
        assert sorted(one.ops[name], key=key) == sorted(other.ops[name], key=key)


def test_no_loss_a_conflict_keeps_both_values_until_somebody_decides():
    """NO-LOSS."""
    tabs = {"A": full(edited(SIX, "P-001", town="a")), "B": full(edited(SIX, "P-001", town="b"))}
    run = sync(agreed(SIX), tabs)
    for _again in range(2):
        assert (run.rows("A")["P-001"]["town"], run.rows("B")["P-001"]["town"]) == ("a", "b")
        assert {side.value for side in run.result.conflicts[0].sides} == {"a", "b"}
        run = sync(run.state, run.tabs, requests=Requests(register=run.result.register))


def test_no_loss_decisions_hold_only_for_what_people_saw():
    """NO-LOSS: a decision on values that have changed since is not carried out."""
    tabs = {"A": full(edited(SIX, "P-001", town="a")), "B": full(edited(SIX, "P-001", town="b"))}
    run = sync(agreed(SIX), tabs)
    (conflict,) = run.result.conflicts
    requests = Requests((Decision(conflict.id, Choice.A, conflict.digest),), run.result.register)
    later = sync(run.state, {**run.tabs, "B": full(edited(SIX, "P-001", town="neu"))}, requests=requests)
    assert later.rows("B")["P-001"]["town"] == "neu"


def test_no_loss_cells_that_belong_together_are_never_mixed():
    """NO-LOSS: of two addresses one stands whole, and the other waits whole."""
    rows = {row: {**cells, "street": "s", "postcode": "0"} for row, cells in SIX.items()}
    tabs = {
        "A": full(edited(rows, "P-001", street="a", postcode="1")),
        "B": full(edited(rows, "P-001", street="b")),
    }
    run = sync(agreed(rows), tabs)
    assert (run.rows("B")["P-001"]["street"], run.rows("B")["P-001"]["postcode"]) == ("b", "0")


def test_no_loss_computed_cells_typed_over_are_kept_in_history():
    """NO-LOSS, and the computed value is back."""
    rows = {row: {**cells, "light": 1} for row, cells in SIX.items()}
    run = sync(agreed(rows), {"A": full(edited(rows, "P-001", light="getippt")), "B": full(rows)})
    assert run.rows("A") == rows
    assert "getippt" in [change.before for change in run.result.changes]


def test_no_loss_what_people_typed_over_a_proposal_stays():
    """NO-LOSS: proposals give way."""
    done = propose({"P-001": {"mentions": 7}}, {"P-001": {"mentions": 9}}, {"P-001": {"mentions": 3}}, PARTNERS)
    assert done.hub["P-001"]["mentions"] == 7


def test_no_loss_every_copy_of_a_row_stays():
    """NO-LOSS: the copy most like the known row keeps the id, the others get their own."""
    copy = {**SIX["P-001"], "note": "Kopie"}
    for rows in ([*SIX.items(), ("P-001", copy)], [("P-001", copy), *SIX.items()]):
        run = sync(agreed(SIX), {"A": Tab(rows), "B": full(SIX)})
        assert run.result.hub["P-001"] == SIX["P-001"]
        assert run.result.hub.get("P-007") == copy


def test_no_loss_a_lost_heading_is_not_an_emptied_column():
    """NO-LOSS: what cannot be read is neither taken nor written."""
    tabs = {"A": full(SIX, columns=ALL - {"town"}), "B": full(edited(SIX, "P-001", note="neu"))}
    run = sync(agreed(SIX), tabs)
    assert not run.result.brakes
    assert run.rows("A")["P-001"]["note"] == "neu"
    assert {row: cells.get("town") for row, cells in run.rows("B").items()} == {r: c["town"] for r, c in SIX.items()}
    assert {row: cells.get("town") for row, cells in run.state.bases["A"].items()} == {
        r: c["town"] for r, c in SIX.items()
    }


def test_no_loss_error_values_are_neither_spread_nor_overwritten():
    """NO-LOSS: an error counts as not read."""
    broken = CellError("#REF!")
    tabs = {"A": full(edited(SIX, "P-001", town=broken)), "B": full(edited(SIX, "P-001", town="neu"))}
    run = sync(agreed(SIX), tabs)
    assert run.rows("A")["P-001"]["town"] == broken
    assert run.rows("B")["P-001"]["town"] == "neu"
    assert run.result.hub["P-001"]["town"] == "neu"
    assert not run.result.conflicts
    healed = sync(run.state, {**run.tabs, "A": full(SIX)})
    assert healed.rows("A")["P-001"]["town"] == "neu"


def test_no_loss_ids_of_deleted_rows_are_not_given_again():
    """NO-LOSS: history never speaks of two rows by one name."""
    state = replace(agreed(SIX), tombstones={"P-007": {"name": "weg"}})
    run = sync(state, {"A": Tab([*SIX.items(), (None, {"name": "neu"})]), "B": full(SIX)})
    assert "P-008" in run.result.hub
    assert run.state.tombstones == state.tombstones


def test_no_clobber_every_write_expects_what_was_read():
    """NO-CLOBBER: the writer can compare before it writes."""
    tabs = {"A": full(edited(SIX, "P-001", town="neu")), "B": full(SIX)}
    assert sync(agreed(SIX), tabs).ops["B"] == [Put("P-001", "town", "t1", "neu")]


def test_no_clobber_what_was_taken_in_is_never_taken_in_twice():
    """NO-CLOBBER, rule 2a: an edit the hub holds is not laid over a later one, though nothing was written."""
    typed = {"A": full(edited(SIX, "P-001", town="neu")), "B": full(SIX)}
    first = sync(agreed(SIX), typed)
    unwritten = State(first.result.hub, first.result.bases)
    taken_back = {"A": full(SIX), "B": full(SIX)}
    assert sync(unwritten, taken_back).rows("A")["P-001"]["town"] == "t1"


def test_no_clobber_a_merged_value_taken_back_stays_back():
    """NO-CLOBBER, rule 2a for values made of two: what was read counts as agreed, not what was made of it."""
    typed = {"A": full(edited(SIX, "P-001", tags="g1, a")), "B": full(edited(SIX, "P-001", tags="g1, b"))}
    first = sync(agreed(SIX), typed)
    unwritten = State(first.result.hub, first.result.bases)
    taken_back = {"A": full(SIX), "B": typed["B"]}
    assert sync(unwritten, taken_back).rows("A")["P-001"]["tags"] == "g1, b"


@calm
@given(
    st.sampled_from(["town", "note", "tags"]),
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(["A", "B", "C"]),
)
def test_delete_safe_a_deletion_never_takes_somebody_elses_word_along(key, deleter, writer):
    """DELETE-SAFE over three replicas, whoever they are."""
    tabs = {name: full(SIX) for name in "ABC"}
    tabs[deleter] = full({row: cells for row, cells in SIX.items() if row != "P-001"})
    if writer != deleter:
        tabs[writer] = full(edited(SIX, "P-001", **{key: "neu"}))
    run = sync(agreed(SIX, *"ABC"), tabs)
    if writer == deleter:
        assert run.result.tombstones == {"P-001": SIX["P-001"]}
        assert all("P-001" not in run.rows(name) for name in "ABC")
    else:
        assert all(run.rows(name).get("P-001", {}).get(key) == "neu" for name in "ABC")


def test_delete_safe_nobody_deletes_what_they_have_not_seen():
    """DELETE-SAFE: an edit that has not reached the tab yet is not deleted with the row."""
    state = agreed(SIX)
    for rows in (state.hub, state.bases["B"]):
        rows["P-001"]["note"] = "seitdem"
    run = sync(state, {"A": full({r: c for r, c in SIX.items() if r != "P-001"}), "B": full(state.hub)})
    assert run.rows("A").get("P-001") == state.hub["P-001"]


def test_delete_safe_a_kept_row_is_not_read_as_deleted_in_the_next_run():
    """DELETE-SAFE: if the row could not be put back yet, its absence means nothing new."""
    tabs = {
        "A": full({r: c for r, c in SIX.items() if r != "P-001"}),
        "B": full(edited(SIX, "P-001", note="neu")),
    }
    run = sync(agreed(SIX), tabs)
    unwritten = State(run.result.hub, run.result.bases, run.result.tombstones)
    assert sync(unwritten, tabs).rows("A").get("P-001", {}).get("note") == "neu"


def test_delete_safe_a_cut_row_is_moved():
    """DELETE-SAFE: all tabs are read before anything is deleted."""
    rows = {row: {**cells, "tags": "x"} for row, cells in SIX.items()}
    state = State(rows, {"A": rows, "X": rows, "Y": {}})
    tabs = {
        "A": full({r: c for r, c in rows.items() if r != "P-001"}),
        "X": full(rows, part=team("x")),
        "Y": Tab([("P-001", {**rows["P-001"], "note": "hier"})], part=team("y")),
    }
    run = sync(state, tabs)
    assert run.result.hub.get("P-001", {}).get("note") == "hier"
    assert not run.result.tombstones


def test_delete_safe_an_undo_never_takes_later_edits_along():
    """DELETE-SAFE: undo asks whether its value still stands."""
    from netzwerk_sheets.merge import invert

    run = sync(agreed(SIX), {"A": full(edited(SIX, "P-001", town="neu")), "B": full(SIX)})
    hub = {**run.result.hub, "P-001": {**run.result.hub["P-001"], "town": "später"}}
    assert invert(run.result.changes, hub, {}).hub["P-001"]["town"] == "später"


def test_brake_many_deletions_wait_for_a_person():
    """DELETE-SAFE: the safety stop, and its confirmation for exactly one plan."""
    tabs = {"A": full(dict(list(SIX.items())[:2])), "B": full(SIX)}
    run = sync(agreed(SIX), tabs)
    assert run.result.held
    token = run.result.brakes[0].token
    other = {"A": full(dict(list(SIX.items())[:1])), "B": full(SIX)}
    assert sync(agreed(SIX), other, requests=Requests(confirmed=frozenset({token}))).result.held
    assert not sync(agreed(SIX), tabs, requests=Requests(confirmed=frozenset({token}))).result.held


def test_brake_an_emptied_tab_deletes_nothing():
    """DELETE-SAFE: nothing read is not everything deleted."""
    run = sync(agreed(SIX), {"A": Tab([]), "B": full(SIX)})
    assert run.result.hub == SIX
    assert [brake.kind for brake in run.result.brakes] == [BrakeKind.EMPTIED]


def test_not_blocking_one_conflict_leaves_all_else_in_step():
    """NOT-BLOCKING."""
    tabs = {
        "A": full(edited(edited(SIX, "P-001", town="a"), "P-002", town="neu")),
        "B": full(edited(edited(SIX, "P-001", town="b"), "P-001", note="auch neu")),
    }
    run = sync(agreed(SIX), tabs)
    assert run.rows("B")["P-002"]["town"] == "neu"
    assert run.rows("A")["P-001"]["note"] == "auch neu"
    assert len(run.result.conflicts) == 1


@calm
@given(ROWS, ROWS)
def test_wrong_base_without_a_base_nothing_is_deleted_or_overwritten(here, there):
    """WRONG-BASE: conservative mode; every filled cell of either side stands, or stands in a conflict."""
    run = sync(State(here, {"A": here}), {"A": full(here), "B": full(there)})
    assert run.result.hub.keys() == here.keys() | there.keys()
    assert not run.result.tombstones
    open_cells = {(c.row, c.column): c for c in run.result.conflicts}
    for name, rows in (("A", here), ("B", there)):
        for row, cells in rows.items():
            for key, value in cells.items():
                meant = canonical(value, PARTNERS.by_key[key], PARTNERS)
                if (row, key) in open_cells:
                    sides = open_cells[row, key].sides
                    assert meant in {canonical(s.value, PARTNERS.by_key[key], PARTNERS) for s in sides}
                    assert run.rows(name)[row][key] == value
                elif PARTNERS.by_key[key].kind is Kind.MULTI:
                    assert (meant or frozenset()) <= canonical(
                        run.result.hub[row].get(key), PARTNERS.by_key[key], PARTNERS
                    )
                else:
                    assert canonical(run.result.hub[row].get(key), PARTNERS.by_key[key], PARTNERS) == meant


def test_wrong_base_two_notes_that_meet_are_a_conflict_and_stay_one():
    """WRONG-BASE: what was there before is unknown, not empty."""
    run = sync(State(), {"A": full({"P-001": {"note": "a"}}), "B": full({"P-001": {"note": "b"}})})
    assert run.state.bases["B"]["P-001"]["note"] == NO_BASE
    assert sync(run.state, run.tabs).result.conflicts


def test_slice_sound_a_tab_shows_its_part_and_leaving_it_is_no_deletion():
    """SLICE-SOUND."""
    rows = {
        "P-001": {"name": "a", "tags": "x"},
        "P-002": {"name": "b", "tags": "x, y"},
        "P-003": {"name": "c"},
    }
    shown = {row: rows[row] for row in ("P-001", "P-002")}
    state = State(rows, {"A": rows, "X": shown})
    away = sync(state, {"A": full(edited(rows, "P-001", tags="y")), "X": full(shown, part=team("x"))})
    assert set(away.rows("X")) == {"P-002"}
    assert not away.result.tombstones
    gone = sync(state, {"A": full(rows), "X": full({"P-002": rows["P-002"]}, part=team("x"))})
    assert not gone.result.tombstones
    assert "tags" not in gone.rows("A")["P-001"]
    interrupted = State(away.result.hub, away.result.bases)
    tab = full({"P-002": rows["P-002"]}, part=team("x"))
    assert not sync(interrupted, {"A": full(away.result.hub), "X": tab}).result.left


def test_slice_sound_a_row_taken_back_into_the_group_comes_back():
    """SLICE-SOUND: its absence was read once and means nothing more."""
    rows = {"P-001": {"name": "a", "tags": "x"}, "P-002": {"name": "b", "tags": "x"}}
    tabs = {"A": full(rows), "X": full({"P-002": rows["P-002"]}, part=team("x"))}
    left = sync(State(rows, {"A": rows, "X": rows}), tabs)
    assert "tags" not in left.rows("A")["P-001"]
    again = sync(left.state, {**left.tabs, "A": full(edited(left.rows("A"), "P-001", tags="x"))})
    assert again.result.hub["P-001"].get("tags") == "x"
    assert "P-001" in again.rows("X")


def test_slice_sound_a_row_stays_in_a_tab_that_holds_a_version_of_its_own():
    """SLICE-SOUND: the tool takes a row out of a tab only together with nothing unsettled."""
    rows = {"P-001": {"name": "a", "tags": "x"}, "P-002": {"name": "b", "tags": "x"}}
    tabs = {
        "A": full(edited(rows, "P-001", tags="y", name="hier")),
        "X": full(edited(rows, "P-001", name="dort"), part=team("x")),
    }
    run = sync(State(rows, {"A": rows, "X": rows}), tabs)
    assert run.rows("X").get("P-001", {}).get("name") == "dort"


def test_no_loss_an_id_typed_over_with_the_id_of_a_moved_row_mixes_nothing_up():
    """NO-LOSS: what a row says decides where an id plainly cannot be its own."""
    rows = {
        "P-001": {"name": "a", "note": "eins", "tags": "x"},
        "P-002": {"name": "b", "note": "zwei", "tags": "x"},
    }
    tabs = {"A": full(rows), "X": Tab([("P-001", rows["P-002"])], part=team("x"))}
    run = sync(State(rows, {"A": rows, "X": rows}), tabs)
    assert run.result.hub["P-001"]["note"] == "eins"
    assert run.result.hub["P-002"] == rows["P-002"]


def test_no_loss_what_merely_resembles_a_moved_row_is_not_it():
    """NO-LOSS: a copy was typed into, its id lost, and the original moved."""
    rows = {"P-001": {"name": "a", "town": "t", "note": "eins"}, "P-002": {"name": "b", "town": "t"}}
    tabs = {
        "A": full(rows),
        "X": Tab([(None, rows["P-001"])], part=team("x")),
        "Y": Tab([(None, {**rows["P-001"], "note": "Kopie"}), ("P-002", rows["P-002"])]),
    }
    run = sync(State(rows, {"A": rows, "X": {}, "Y": rows}), tabs)
    assert run.result.hub["P-001"]["note"] == "eins"
    assert "Kopie" in {row.get("note") for row in run.result.hub.values()}


def test_no_clobber_a_pasted_old_copy_takes_nothing_back():
    """NO-CLOBBER: nobody knows how old a pasted row is; only what no tab ever held is an edit."""
    old = {"name": "a", "town": "t"}
    new = {**old, "note": "neu"}
    others = {"P-002": {"name": "b"}}
    state = State({"P-001": new, **others}, {"A": {"P-001": old, **others}, "G": {"P-001": new, **others}, "X": {}})
    tabs = {
        "A": full({"P-001": new, **others}),
        "G": full(others),
        "X": Tab([("P-001", old)], part=team("x")),
    }
    assert sync(state, tabs).result.hub["P-001"].get("note") == "neu"


def test_clock_no_result_depends_on_the_time(monkeypatch):
    """CLOCK: years pass between any two looks at the clock, and nothing changes."""
    import time

    def outcome():
        tabs = {"A": full(edited(SIX, "P-001", town="a")), "B": full(edited(SIX, "P-001", town="b"))}
        return sync(agreed(SIX), tabs).result

    before = outcome()
    years = iter(range(10**6))
    jump = lambda: 1e9 + (-1) ** next(years) * 3e7
    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(time, name, jump)
    after = outcome()
    monkeypatch.undo()
    assert before == after


def test_no_loss_whole_histories():
    """NO-LOSS, CONVERGE, SLICE-SOUND: a few whole histories; thousands of them in the hunts."""
    for seed in range(40):
        hunt(seed, 25)
