"""Rows, tabs, conflicts, the safety stop: one table merged as a whole."""

from dataclasses import replace
from datetime import date

import pytest
from merge_table import ALL, PARTNERS, Tab, agreed, edited, full, sync, team, town

from netzwerk_sheets.grid import CellError, Formula
from netzwerk_sheets.merge import (
    NO_BASE,
    BrakeKind,
    Choice,
    Decision,
    Health,
    Limits,
    Put,
    Requests,
    Slice,
    State,
    confirm,
    counter,
    invert,
    losses,
    make_id,
    merge,
    propose,
)

ROWS = {
    make_id("P", n): {
        "name": f"n{n}",
        "town": f"t{n}",
        "note": f"o{n}",
        "street": f"s{n}",
        "postcode": f"0{n}",
    }
    for n in range(1, 7)
}


def without(*rows, of=ROWS):
    return {row: cells for row, cells in of.items() if row not in rows}


def decide(run, choice, value=None, *, of=0, mark=None):
    conflict = run.result.conflicts[of]
    decision = Decision(conflict.id, choice, conflict.digest if mark is None else mark, value)
    return Requests((decision,), run.result.register)


# --- deletions --------------------------------------------------------------------------------------------


def test_a_deleted_row_goes_everywhere_and_lies_in_the_trash():
    run = sync(agreed(ROWS, "A", "B", "C"), {"A": full(without("P-002")), "B": full(ROWS), "C": full(ROWS)})
    assert "P-002" not in run.rows("B")
    assert "P-002" not in run.rows("C")
    assert run.state.tombstones == {"P-002": ROWS["P-002"]}
    assert sync(run.state, run.tabs).quiet


def test_a_row_is_not_deleted_over_an_open_conflict_of_others():
    state = agreed(ROWS, "A", "B", "C")
    tabs = {
        "A": full(edited(ROWS, "P-001", town="a")),
        "B": full(edited(ROWS, "P-001", town="b")),
        "C": full(ROWS),
    }
    first = sync(state, tabs)
    second = sync(first.state, {**first.tabs, "C": Tab(first.tabs["C"].rows[1:])})
    assert "P-001" in second.result.hub
    assert {second.rows("A")["P-001"]["town"], second.rows("B")["P-001"]["town"]} == {"a", "b"}
    assert len(second.result.conflicts) == 1


def test_a_row_is_not_deleted_by_somebody_who_has_not_seen_all_of_it():
    state = agreed(ROWS)
    state.hub["P-001"]["note"] = "seit dem letzten Lauf"
    state.bases["B"]["P-001"]["note"] = "seit dem letzten Lauf"
    run = sync(state, {"A": full(without("P-001")), "B": full(state.hub)})
    assert run.rows("A")["P-001"]["note"] == "seit dem letzten Lauf"
    assert [c.reason for c in run.result.changes] == ["unseen"]


def test_a_row_others_refer_to_is_not_deleted():
    run = sync(
        agreed(ROWS),
        {"A": full(without("P-001")), "B": full(ROWS)},
        requests=Requests(protected=frozenset({"P-001"})),
    )
    assert run.rows("A") == ROWS
    assert [c.reason for c in run.result.changes] == ["referenced"]


def test_a_row_deleted_on_both_sides_is_deleted_once():
    run = sync(agreed(ROWS), {"A": full(without("P-001")), "B": full(without("P-001"))})
    assert run.kinds().count("delete") == 1 + len(ROWS["P-001"])
    assert not any(run.ops.values())


def test_an_edit_that_comes_after_the_deletion_brings_the_row_back():
    gone = sync(agreed(ROWS, "A", "B"), {"A": full(without("P-001"))})
    late = sync(gone.state, {"A": gone.tabs["A"], "B": full(edited(ROWS, "P-001", note="spät"))})
    assert late.rows("A")["P-001"] == {**ROWS["P-001"], "note": "spät"}
    assert not late.state.tombstones


def test_a_row_emptied_here_and_deleted_there_is_kept():
    empty = Tab([("P-001", {}), *list(ROWS.items())[1:]])
    run = sync(agreed(ROWS), {"A": empty, "B": full(without("P-001"))})
    assert "P-001" in run.result.hub
    assert [c.reason for c in run.result.changes if c.kind.value == "restore"] == ["edited"]


def test_what_was_typed_into_computed_and_private_cells_of_a_deleted_row_is_kept_in_history():
    typed = full(edited(ROWS, "P-001", light=7), private={0: {"Meins": "privat"}})
    run = sync(agreed(ROWS), {"A": full(without("P-001")), "B": typed})
    assert "P-001" not in run.rows("B")
    assert [c.before for c in run.result.changes if c.kind.value == "overtyped"] == [7]
    assert [(c.column, c.before) for c in losses(run.ops["B"], "B")] == [("Meins", "privat")]


def test_no_base_means_nothing_is_ever_deleted():
    run = sync(State(ROWS, {"A": ROWS}), {"A": full(ROWS), "B": full(without("P-001", "P-002"))})
    assert run.rows("B") == ROWS
    assert not run.result.changes


# --- first contact ----------------------------------------------------------------------------------------


def test_first_contact_unites_and_asks():
    here = {"P-001": {"name": "a", "town": "x", "tags": "s", "note": "n"}, "P-002": {"name": "nur hier"}}
    there = {"P-001": {"name": "a ", "town": "y", "tags": "t", "size": 3}, "P-003": {"name": "nur dort"}}
    run = sync(State(), {"A": full(here), "B": full(there)})
    assert run.result.hub["P-001"] == {"name": "a", "town": "x", "tags": "s, t", "note": "n", "size": 3}
    assert set(run.result.hub) == {"P-001", "P-002", "P-003"}
    assert [(c.column, c.base) for c in run.result.conflicts] == [("town", None)]
    assert run.state.bases["B"]["P-001"]["town"] == NO_BASE
    again = sync(run.state, run.tabs, requests=Requests(register=run.result.register))
    assert again.quiet
    assert again.result.conflicts == run.result.conflicts


def test_notes_that_meet_for_the_first_time_stay_a_conflict():
    run = sync(State(), {"A": full({"P-001": {"note": "a"}}), "B": full({"P-001": {"note": "b"}})})
    again = sync(run.state, run.tabs)
    assert len(run.result.conflicts) == len(again.result.conflicts) == 1


# --- conflicts --------------------------------------------------------------------------------------------


def disputed(**values):
    tabs = {name: full(edited(ROWS, "P-001", town=value)) for name, value in values.items()}
    return sync(agreed(ROWS, *values), tabs)


def test_a_conflict_keeps_its_id_while_it_stands():
    run = disputed(A="a", B="b")
    assert run.result.conflicts[0].id == "KF-001"
    requests = Requests(register=run.result.register, new_conflict=counter("KF", ["KF-001"]))
    tabs = {**run.tabs, "B": full(edited(edited(ROWS, "P-001", town="b"), "P-002", town="c"))}
    tabs["A"] = full(edited(edited(ROWS, "P-001", town="a"), "P-002", town="d"))
    again = sync(run.state, tabs, requests=requests)
    assert [(c.row, c.id) for c in again.result.conflicts] == [("P-001", "KF-001"), ("P-002", "KF-002")]


def test_a_conflict_vanishes_when_people_agree():
    run = disputed(A="a", B="b")
    agreed_now = sync(run.state, {**run.tabs, "B": full(edited(ROWS, "P-001", town="a"))})
    assert not agreed_now.result.conflicts
    run = disputed(A="a", B="b")
    taken_back = sync(run.state, {**run.tabs, "A": full(ROWS)})
    assert taken_back.rows("A")["P-001"]["town"] == "b"
    assert not taken_back.result.conflicts


def test_three_people_make_one_conflict_of_three_versions():
    run = disputed(A="a", B="b", C="c")
    (conflict,) = run.result.conflicts
    assert [(side.replica, side.value) for side in conflict.sides] == [("A", "a"), ("B", "b"), ("C", "c")]
    assert run.result.hub["P-001"]["town"] == "a"


def test_two_of_three_who_agree_are_one_version():
    (conflict,) = disputed(A="a", B="b", C="b ").result.conflicts
    assert [(side.replica, side.value) for side in conflict.sides] == [("A", "a"), ("B", "b")]


def test_nobody_else_is_shown_a_version_before_it_is_decided():
    tabs = {
        "A": full(edited(ROWS, "P-001", town="a")),
        "B": full(edited(ROWS, "P-001", town="b")),
        "C": full(ROWS),
    }
    run = sync(agreed(ROWS, "A", "B", "C"), tabs)
    assert not any(run.ops.values())


def test_a_conflict_does_not_depend_on_who_was_merged_first():
    tabs = {"A": full(edited(ROWS, "P-001", town="a")), "B": full(edited(ROWS, "P-001", town="b"))}
    late = sync(sync(agreed(ROWS), {"B": tabs["B"]}).state, tabs)
    (conflict,) = late.result.conflicts
    assert {side.value for side in conflict.sides} == {"a", "b"}
    assert late.rows("A")["P-001"]["town"] == "a"
    assert late.rows("B")["P-001"]["town"] == "b"


@pytest.mark.parametrize(
    ("choice", "value", "expected"),
    [
        (Choice.A, None, "a"),
        (Choice.B, None, "b"),
        (Choice.C, None, "c"),
        (Choice.BOTH, None, "a / b / c"),
        (Choice.OWN, "eigen", "eigen"),
    ],
)
def test_a_decision_is_carried_out_everywhere_and_the_rest_is_history(choice, value, expected):
    run = disputed(A="a", B="b", C="c")
    done = sync(run.state, run.tabs, requests=decide(run, choice, value))
    assert {done.rows(name)["P-001"]["town"] for name in "ABC"} == {expected}
    assert not done.result.conflicts
    lost = {c.before for c in done.result.changes if c.kind.value == "resolve"}
    assert lost == {"a", "b", "c"} - {expected}
    assert sync(done.state, done.tabs).quiet


def test_a_decision_on_values_that_have_changed_is_not_carried_out():
    run = disputed(A="a", B="b")
    tabs = {**run.tabs, "B": full(edited(ROWS, "P-001", town="inzwischen"))}
    later = sync(run.state, tabs, requests=decide(run, Choice.A))
    assert later.rows("B")["P-001"]["town"] == "inzwischen"
    assert later.result.stale == ("KF-001",)
    assert [side.value for side in later.result.conflicts[0].sides] == ["a", "inzwischen"]


@pytest.mark.parametrize(("choice", "value"), [(Choice.C, None), (Choice.OPEN, None), (Choice.OWN, None)])
def test_a_decision_that_says_nothing_changes_nothing(choice, value):
    run = disputed(A="a", B="b")
    later = sync(run.state, run.tabs, requests=decide(run, choice, value))
    assert later.result.conflicts[0].id == "KF-001"
    assert later.rows("B")["P-001"]["town"] == "b"


def test_both_numbers_cannot_stand_in_one_cell():
    tabs = {"A": full(edited(ROWS, "P-001", size=1)), "B": full(edited(ROWS, "P-001", size=2))}
    run = sync(agreed(ROWS), tabs)
    assert sync(run.state, run.tabs, requests=decide(run, Choice.BOTH)).result.conflicts


def test_choosing_an_emptied_cell_empties_it():
    tabs = {"A": full(edited(ROWS, "P-001", town=None)), "B": full(edited(ROWS, "P-001", town="b"))}
    run = sync(agreed(ROWS), tabs)
    done = sync(run.state, run.tabs, requests=decide(run, Choice.A))
    assert "town" not in done.rows("B")["P-001"]


def address(street, postcode):
    return full(edited(ROWS, "P-001", street=street, postcode=postcode))


def test_cells_that_belong_together_are_in_conflict_together():
    run = sync(agreed(ROWS), {"A": address("Hauptstr. 1", "91052"), "B": address("Gasse 2", "01")})
    assert {c.column for c in run.result.conflicts} == {"street", "postcode"}
    assert run.rows("A")["P-001"]["postcode"] == "91052"
    assert run.rows("B")["P-001"]["postcode"] == "01"
    assert sync(run.state, run.tabs).result.conflicts[0].group == "address"


def test_cells_that_belong_together_merge_when_nobody_disagrees():
    run = sync(agreed(ROWS), {"A": address("Hauptstr. 1", "01"), "B": address("s1", "91052")})
    assert not run.result.conflicts
    assert run.rows("A")["P-001"] == run.rows("B")["P-001"]


@pytest.mark.parametrize(("choice", "expected"), [(Choice.A, ("Hauptstr. 1", "91052")), (Choice.B, ("Gasse 2", "01"))])
def test_one_decision_holds_for_the_whole_group(choice, expected):
    run = sync(agreed(ROWS), {"A": address("Hauptstr. 1", "91052"), "B": address("Gasse 2", "01")})
    place = [c.column for c in run.result.conflicts].index("street")
    done = sync(run.state, run.tabs, requests=decide(run, choice, of=place))
    for name in "AB":
        row = done.rows(name)["P-001"]
        assert (row["street"], row["postcode"]) == expected
    assert not done.result.conflicts


def test_an_own_value_for_one_cell_decides_nothing_about_the_others():
    run = sync(agreed(ROWS), {"A": address("Hauptstr. 1", "91052"), "B": address("Gasse 2", "01")})
    place = [c.column for c in run.result.conflicts].index("street")
    done = sync(run.state, run.tabs, requests=decide(run, Choice.OWN, "Weg 3", of=place))
    assert done.result.hub["P-001"]["street"] == "Weg 3"


def test_conflicts_block_nothing_else():
    tabs = {
        "A": full(edited(edited(ROWS, "P-001", town="a"), "P-002", note="neu")),
        "B": full(edited(ROWS, "P-001", town="b")),
    }
    run = sync(agreed(ROWS), tabs)
    assert run.rows("B")["P-002"]["note"] == "neu"


# --- the safety stop --------------------------------------------------------------------------------------

MANY = {make_id("P", n): {"name": f"n{n}", "town": f"t{n}"} for n in range(1, 41)}


def test_three_deletions_are_usual_and_more_than_a_tenth_is_not():
    assert sync(agreed(MANY), {"A": full(without(*list(MANY)[:4], of=MANY)), "B": full(MANY)}).result.brakes == ()
    run = sync(agreed(MANY), {"A": full(without(*list(MANY)[:5], of=MANY)), "B": full(MANY)})
    assert [(b.kind, b.replica, b.count, b.of) for b in run.result.brakes] == [(BrakeKind.DELETES, "A", 5, 40)]
    assert run.result.held
    assert run.result.hub == MANY
    assert run.state.bases == agreed(MANY).bases
    assert not any(run.ops.values())


def test_a_few_deletions_in_a_small_table_are_usual():
    few = dict(list(MANY.items())[:6])
    assert (
        sync(agreed(few), {"A": full(without("P-001", "P-002", "P-003", of=few)), "B": full(few)}).result.brakes == ()
    )
    assert sync(agreed(few), {"A": full(without(*list(few)[:4], of=few)), "B": full(few)}).result.held


def test_a_confirmation_holds_for_exactly_one_plan():
    tabs = {"A": full(without(*list(MANY)[:5], of=MANY)), "B": full(MANY)}
    token = sync(agreed(MANY), tabs).result.brakes[0].token
    other = {**tabs, "B": full(edited(MANY, "P-040", town="anders"))}
    assert sync(agreed(MANY), other, requests=Requests(confirmed=frozenset({token}))).result.held
    done = sync(agreed(MANY), tabs, requests=Requests(confirmed=frozenset({token})))
    assert len(done.result.tombstones) == 5
    assert not done.result.brakes
    assert len(done.rows("B")) == 35


def test_a_column_overwritten_in_most_rows_is_held_back():
    changed = {row: {**cells, "town": "überall"} if n < 21 else cells for n, (row, cells) in enumerate(MANY.items())}
    run = sync(agreed(MANY), {"A": full(changed), "B": full(MANY)})
    assert [(b.kind, b.column, b.count) for b in run.result.brakes] == [(BrakeKind.CHANGES, "town", 21)]
    half = {row: {**cells, "town": "überall"} if n < 20 else cells for n, (row, cells) in enumerate(MANY.items())}
    assert not sync(agreed(MANY), {"A": full(half), "B": full(MANY)}).result.brakes


def test_a_column_emptied_is_held_back():
    emptied = {row: {"name": cells["name"]} for row, cells in MANY.items()}
    run = sync(agreed(MANY), {"A": full(emptied), "B": full(MANY)})
    assert [(b.kind, b.column) for b in run.result.brakes] == [(BrakeKind.CLEARED, "town")]


def test_a_sparse_column_emptied_is_held_back():
    sparse = {row: {**cells, "note": "n"} if n < 8 else cells for n, (row, cells) in enumerate(MANY.items())}
    run = sync(agreed(sparse), {"A": full(MANY), "B": full(sparse)})
    assert [(b.kind, b.column, b.count, b.of) for b in run.result.brakes] == [(BrakeKind.CLEARED, "note", 8, 8)]


def test_filling_an_empty_column_is_no_reason_to_stop():
    filled = {row: {**cells, "note": "neu"} for row, cells in MANY.items()}
    assert not sync(agreed(MANY), {"A": full(filled), "B": full(MANY)}).result.brakes


def test_limits_are_the_callers():
    tabs = {"A": full(without("P-001", of=MANY)), "B": full(MANY)}
    assert sync(agreed(MANY), tabs, requests=Requests(limits=Limits(floor=0, deleted=0))).result.held


def test_an_emptied_tab_can_be_confirmed():
    tabs = {"A": Tab([]), "B": full(MANY)}
    run = sync(agreed(MANY), tabs)
    assert run.result.hub == MANY
    assert not run.result.held
    done = sync(agreed(MANY), tabs, requests=Requests(confirmed=frozenset({run.result.brakes[0].token})))
    assert not done.result.hub
    assert len(done.result.tombstones) == 40


@pytest.mark.parametrize("health", [Health.TAB_MISSING, Health.HEADER_MISSING, Health.UNREADABLE])
def test_a_tab_that_cannot_be_read_is_left_out_and_the_others_go_on(health):
    tabs = {"A": Tab([], health=health), "B": full(edited(ROWS, "P-001", town="neu")), "C": full(ROWS)}
    run = sync(agreed(ROWS, "A", "B", "C"), tabs)
    assert run.rows("C")["P-001"]["town"] == "neu"
    assert [(b.kind, b.replica) for b in run.result.brakes] == [(BrakeKind.NOT_READ, "A")]
    assert run.state.bases["A"] == ROWS
    assert not run.ops["A"]


def test_many_rows_deleted_from_a_group_tab_are_held_back_too():
    rows = {row: {**cells, "tags": "x"} for row, cells in list(MANY.items())[:8]}
    tabs = {"A": full(rows), "W": Tab(list(rows.items())[:4], part=team("x"))}
    run = sync(agreed(rows, "A", "W"), tabs)
    assert [(b.kind, b.replica) for b in run.result.brakes] == [(BrakeKind.DELETES, "W")]


# --- tabs that show a part --------------------------------------------------------------------------------

GROUPS = {
    "P-001": {"name": "a", "tags": "x, y"},
    "P-002": {"name": "b", "tags": "x"},
    "P-003": {"name": "c", "tags": "y"},
}


def parts(rows, **tabs):
    """Give the state and tabs of a workbook with two group tabs."""
    shown = {name: {r: c for r, c in rows.items() if team(name.lower()).contains(r, c)} for name in ("X", "Y")}
    state = State(rows, {"A": rows, **shown})
    standing = {"A": full(rows), **{name: full(shown[name], part=team(name.lower())) for name in shown}}
    return state, {**standing, **tabs}


def test_deleting_a_row_from_a_group_tab_only_ends_its_membership():
    state, tabs = parts(GROUPS, X=Tab([("P-002", GROUPS["P-002"])], part=team("x")))
    run = sync(state, tabs)
    assert run.result.hub["P-001"]["tags"] == "y"
    assert not run.result.tombstones
    assert run.result.left == (("X", "P-001"),)
    assert "P-001" in run.rows("Y")
    assert sync(run.state, run.tabs).quiet


def test_a_row_that_no_longer_belongs_is_taken_out_by_the_tool_and_never_read_as_deleted():
    state, tabs = parts(GROUPS, A=full(edited(GROUPS, "P-002", tags="y")))
    run = sync(state, tabs)
    assert "P-002" not in run.rows("X")
    assert "P-002" in run.rows("Y")
    assert "P-002" not in run.state.bases["X"]
    assert sync(run.state, run.tabs).quiet
    half_done = replace(run.state, bases={**run.state.bases, "X": {k: GROUPS[k] for k in ("P-001", "P-002")}})
    assert not sync(half_done, run.tabs).result.left


def test_a_row_that_no_longer_belongs_stays_while_it_holds_a_version_of_its_own():
    state, tabs = parts(GROUPS)
    tabs["A"] = full(edited(GROUPS, "P-002", tags="y", name="hier"))
    tabs["X"] = full(edited({k: GROUPS[k] for k in ("P-001", "P-002")}, "P-002", name="dort"), part=team("x"))
    run = sync(state, tabs)
    assert run.rows("X")["P-002"]["name"] == "dort"
    done = sync(run.state, run.tabs, requests=decide(run, Choice.B))
    assert done.result.hub["P-002"]["name"] == "dort"
    assert "P-002" not in done.rows("X")


def test_a_row_typed_into_a_group_tab_belongs_there():
    state, tabs = parts(GROUPS)
    tabs["X"] = Tab([*tabs["X"].rows, (None, {"name": "neu"})], part=team("x"))
    run = sync(state, tabs)
    assert run.result.hub["P-004"] == {"name": "neu", "tags": "x"}
    assert run.rows("X")["P-004"] == {"name": "neu", "tags": "x"}
    assert run.result.joined == (("X", "P-004"),)


def test_a_town_typed_by_hand_counts_more_than_the_tab():
    rows = {"P-001": {"name": "a", "town": "X"}}
    state = State(rows, {"A": rows, "X": rows})
    tabs = {"A": full(rows), "X": Tab([*rows.items(), (None, {"name": "neu", "town": "Y"})], part=town("X"))}
    run = sync(state, tabs)
    assert run.result.hub["P-002"] == {"name": "neu", "town": "Y"}
    assert "P-002" not in run.rows("X")
    assert "P-002" in run.rows("A")


def test_a_tab_with_fewer_columns_knows_nothing_of_the_others():
    columns = frozenset({"name", "tags"})
    rows = {row: {**cells, "note": "geheim"} for row, cells in GROUPS.items()}
    shown = {row: {"name": c["name"], "tags": c["tags"]} for row, c in rows.items() if "x" in c["tags"]}
    state = State(rows, {"A": rows, "X": shown})
    run = sync(state, {"A": full(rows), "X": full(shown, columns=columns, part=team("x"))})
    assert run.quiet
    gone = sync(state, {"A": full(rows), "X": Tab(list(shown.items())[1:], columns, part=team("x"))})
    assert gone.result.hub["P-001"] == {"name": "a", "tags": "y", "note": "geheim"}


# --- computed and proposed cells, formulas, errors --------------------------------------------------------


def test_a_computed_cell_typed_over_is_restored_and_kept_in_history_once():
    rows = {row: {**cells, "light": 1} for row, cells in ROWS.items()}
    tabs = {"A": full(edited(rows, "P-001", light="viel")), "B": full(rows)}
    run = sync(agreed(rows), tabs)
    assert run.rows("A") == rows
    assert [(c.kind.value, c.before, c.after) for c in run.result.changes] == [("overtyped", "viel", 1)]
    again = sync(State(run.result.hub, run.result.bases), tabs)  # the write did not take place
    assert not again.result.changes
    assert again.rows("A") == rows


def test_an_error_in_a_computed_cell_is_simply_restored():
    rows = {row: {**cells, "light": 1} for row, cells in ROWS.items()}
    run = sync(agreed(rows), {"A": full(edited(rows, "P-001", light=CellError("#REF!"))), "B": full(rows)})
    assert run.rows("A") == rows
    assert not run.result.changes


def test_proposed_cells_are_written_while_empty_or_as_proposed():
    hub = {"P-001": {"mentions": 3}, "P-002": {"mentions": 4}, "P-003": {}, "P-004": {"name": "x"}}
    wanted = {row: {"mentions": 9, "light": 1, "name": "nie"} for row in ("P-001", "P-002", "P-003", "P-009")}
    done = propose(hub, wanted, {"P-001": {"mentions": 3}, "P-002": {"mentions": 3}}, PARTNERS)
    assert done.hub == {
        "P-001": {"mentions": 9, "light": 1},
        "P-002": {"mentions": 4, "light": 1},
        "P-003": {"mentions": 9, "light": 1},
        "P-004": {"name": "x"},
    }
    assert done.proposed["P-001"] == {"mentions": 9}
    assert done.proposed["P-002"] == {"mentions": 3}
    assert hub["P-003"] == {}
    again = propose(done.hub, wanted, done.proposed, PARTNERS)
    assert not again.changes
    emptied = propose(done.hub, {"P-001": {"light": None}}, done.proposed, PARTNERS)
    assert emptied.hub["P-001"] == {"mentions": 9}


def test_a_human_value_in_a_proposed_column_is_merged_like_any_other():
    rows = {row: {**cells, "mentions": 3} for row, cells in ROWS.items()}
    run = sync(agreed(rows), {"A": full(edited(rows, "P-001", mentions=5)), "B": full(rows)})
    assert run.rows("B")["P-001"]["mentions"] == 5


def test_an_error_value_is_neither_spread_nor_overwritten():
    broken = CellError("#REF!")
    tabs = {"A": full(edited(ROWS, "P-001", town=broken)), "B": full(edited(ROWS, "P-001", town="neu"))}
    run = sync(agreed(ROWS), tabs)
    assert run.rows("A")["P-001"]["town"] == broken
    assert run.result.hub["P-001"]["town"] == "neu"
    assert run.result.unread == (("A", "P-001", "town"),)
    assert run.state.bases["A"]["P-001"]["town"] == "t1"
    again = sync(run.state, run.tabs)
    assert again.quiet
    healed = sync(run.state, {**run.tabs, "A": full(ROWS)})
    assert healed.rows("A")["P-001"]["town"] == "neu"


def test_a_formula_gives_its_result_to_the_others_and_stays_where_it_is():
    rows = {row: {**cells, "size": 1} for row, cells in ROWS.items()}
    run = sync(agreed(rows), {"A": full(edited(rows, "P-001", size=Formula("B1*2", 10))), "B": full(rows)})
    assert run.rows("B")["P-001"]["size"] == 10
    assert run.rows("A")["P-001"]["size"] == Formula("B1*2", 10)
    recalculated = full(edited(rows, "P-001", size=Formula("B1*2", 11)))
    again = sync(run.state, {"A": recalculated, "B": run.tabs["B"]})
    assert again.quiet
    changed = sync(run.state, {"A": recalculated, "B": full(edited(rows, "P-001", size=12))})
    assert changed.rows("A")["P-001"]["size"] == 12
    assert losses(changed.ops["A"], "A")[0].before == Formula("B1*2", 11)


# --- writing ----------------------------------------------------------------------------------------------


def test_every_write_says_what_it_expects_to_find():
    run = sync(agreed(ROWS), {"A": full(edited(ROWS, "P-001", town="neu", note=None)), "B": full(ROWS)})
    assert run.ops["B"] == [Put("P-001", "town", "t1", "neu"), Put("P-001", "note", "o1", None)]


def test_confirm_changes_nothing_but_one_replica():
    state = agreed(ROWS)
    bases = confirm(state.bases, "B", [Put("P-001", "town", "t1", None), Put("P-001", "id", None, "P-001")])
    assert bases["B"]["P-001"] == {k: v for k, v in ROWS["P-001"].items() if k != "town"}
    assert bases["A"] is state.bases["A"]
    assert state.bases["B"] == ROWS


def test_another_spelling_of_a_number_is_not_written():
    rows = {row: {**cells, "size": 5, "since": date(2025, 1, 2)} for row, cells in ROWS.items()}
    same = full({row: {**cells, "size": "5,0", "since": "2.1.2025"} for row, cells in rows.items()})
    run = sync(agreed(rows), {"A": same, "B": full(rows)})
    assert run.quiet
    assert not any(run.ops.values())


def test_the_input_is_never_changed():
    state = agreed(ROWS, "A", "B")
    before = repr(state)
    sync(
        state,
        {
            "A": full(edited(without("P-002"), "P-001", town="neu")),
            "B": full(edited(ROWS, "P-001", town="x")),
        },
    )
    assert repr(state) == before


def test_merge_takes_replicas_in_any_number():
    assert merge(State(), [], PARTNERS).hub == {}
    one = sync(State(), {"A": full(ROWS)})
    assert one.result.hub == ROWS
    assert set(one.kinds()) == {"insert"}


# --- undo -------------------------------------------------------------------------------------------------


def undone(run):
    return invert(run.result.changes, run.result.hub, run.result.tombstones)


def test_undo_puts_back_what_still_stands():
    tabs = {"A": full(edited(edited(ROWS, "P-001", town="a"), "P-002", town="b")), "B": full(ROWS)}
    run = sync(agreed(ROWS), tabs)
    hub = edited(run.result.hub, "P-002", town="später")
    done = invert(run.result.changes, hub, {})
    assert done.hub["P-001"]["town"] == "t1"
    assert done.hub["P-002"]["town"] == "später"
    assert [(c.row, c.after) for c in done.standing] == [("P-002", "b")]
    back = sync(replace(run.state, hub=done.hub), run.tabs)
    assert back.rows("A")["P-001"]["town"] == "t1"


def test_undo_of_an_undo_is_the_state_before():
    run = sync(agreed(ROWS), {"A": full(edited(ROWS, "P-001", town="a", note=None, size=4)), "B": full(ROWS)})
    once = undone(run)
    assert once.hub == ROWS
    assert invert(once.changes, once.hub, once.tombstones).hub == run.result.hub


def test_undo_brings_deleted_rows_back_and_takes_new_ones_out():
    tabs = {"A": Tab([*without("P-001").items(), (None, {"name": "neu"})]), "B": full(ROWS)}
    run = sync(agreed(ROWS), tabs)
    done = undone(run)
    assert done.hub == ROWS
    assert set(done.tombstones) == {"P-007"}
    again = sync(replace(run.state, hub=done.hub, tombstones=done.tombstones), run.tabs)
    assert again.rows("A") == again.rows("B") == ROWS
    redone = invert(done.changes, done.hub, done.tombstones)
    assert redone.hub == run.result.hub
    assert set(redone.tombstones) == {"P-001"}


def test_undo_leaves_alone_what_somebody_went_on_with():
    run = sync(agreed(ROWS), {"A": Tab([*ROWS.items(), (None, {"name": "neu"})]), "B": full(ROWS)})
    more = edited(run.result.hub, "P-007", note="weiter")
    done = invert(run.result.changes, more, {})
    assert "P-007" in done.hub
    assert done.standing
    gone = sync(agreed(ROWS), {"A": full(without("P-001")), "B": full(ROWS)})
    assert invert(gone.result.changes, ROWS, {}).standing


def test_an_undone_insertion_comes_back_if_somebody_has_written_into_it():
    run = sync(agreed(ROWS), {"A": Tab([*ROWS.items(), (None, {"name": "neu"})]), "B": full(ROWS)})
    done = undone(run)
    tabs = {**run.tabs, "B": full(edited(run.rows("B"), "P-007", note="von B"))}
    again = sync(replace(run.state, hub=done.hub, tombstones=done.tombstones), tabs)
    assert again.rows("A")["P-007"] == {"name": "neu", "note": "von B"}


def test_undo_of_a_decision_brings_back_what_was_given_up():
    run = disputed(A="a", B="b")
    done = sync(run.state, run.tabs, requests=decide(run, Choice.A))
    assert undone(done).hub["P-001"]["town"] == "b"
    assert {"town"} <= ALL


def test_who_agrees_with_a_later_edit_is_not_in_conflict_with_an_earlier_one():
    state = agreed(ROWS, "A", "B", "C")
    for rows in (state.hub, state.bases["C"]):
        rows["P-001"]["town"] = "zwischendurch"
    tabs = {
        "A": full(ROWS),
        "B": full(edited(ROWS, "P-001", town="neu")),
        "C": full(edited(state.hub, "P-001", town="neu")),
    }
    run = sync(state, tabs)
    assert not run.result.conflicts
    assert {run.rows(name)["P-001"]["town"] for name in "ABC"} == {"neu"}


def test_a_formula_in_conflict_is_named_by_its_text():
    rows = {row: {**cells, "size": 1} for row, cells in ROWS.items()}
    tabs = {"A": full(edited(rows, "P-001", size=2)), "B": full(edited(rows, "P-001", size=Formula("C1", 3)))}
    run = sync(agreed(rows), tabs)
    again = sync(run.state, {**run.tabs, "B": full(edited(rows, "P-001", size=Formula("C1", 4)))})
    assert run.result.conflicts[0].digest == again.result.conflicts[0].digest
    other = sync(run.state, {**run.tabs, "B": full(edited(rows, "P-001", size=Formula("C2", 3)))})
    assert run.result.conflicts[0].digest != other.result.conflicts[0].digest


def test_a_tab_whose_membership_is_kept_elsewhere_is_only_reported():
    part = Slice(contains=lambda _row, _cells: True)
    run = sync(agreed(ROWS, "A", "W"), {"A": full(ROWS), "W": full(without("P-001"), part=part)})
    assert run.result.left == (("W", "P-001"),)
    assert run.result.hub == ROWS
