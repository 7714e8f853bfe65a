"""Ids that people clear, copy, fill down, type over, paste and bring back."""

import pytest
from merge_table import PARTNERS, Tab, agreed, edited, full, sync, team, town

from netzwerk_sheets.merge import Choice, Decision, Finding, State, counter, known_ids, make_id, read_id

ROWS = {
    "P-001": {"name": "Caritas", "town": "Erlangen", "note": "eins", "phone": "0911 1", "tags": "x"},
    "P-002": {"name": "Diakonie", "town": "Fürth", "note": "zwei", "phone": "0911 2", "tags": "x"},
    "P-003": {"name": "Lebenshilfe", "town": "Nürnberg", "note": "drei", "phone": "0911 3", "tags": "y"},
}


def found(run):
    return {(note.finding, note.replica, note.row) for note in run.identified.notes}


def listed(rows):
    return [(row, dict(cells)) for row, cells in rows.items()]


def test_a_new_row_gets_the_next_id_and_it_is_written_back():
    tabs = {"A": Tab([*listed(ROWS), (None, {"name": "Neu"})]), "B": full(ROWS)}
    run = sync(agreed(ROWS), tabs)
    assert run.rows("A")["P-004"] == {"name": "Neu"}
    assert run.rows("B")["P-004"] == {"name": "Neu"}
    assert found(run) == {(Finding.NEW, "A", "P-004")}
    assert sync(run.state, run.tabs).quiet


def test_new_rows_on_both_sides_are_both_kept():
    tabs = {
        "A": Tab([*listed(ROWS), (None, {"name": "Eins"})]),
        "B": Tab([*listed(ROWS), (None, {"name": "Zwei"})]),
    }
    run = sync(agreed(ROWS), tabs)
    assert run.rows("A") == run.rows("B")
    assert {run.rows("A")["P-004"]["name"], run.rows("A")["P-005"]["name"]} == {"Eins", "Zwei"}


def test_the_same_partner_typed_on_both_sides_is_one_row():
    tabs = {
        "A": Tab([*listed(ROWS), (None, {"name": "Sportverein", "town": "Bubenreuth", "phone": "1"})]),
        "B": Tab([*listed(ROWS), ("", {"name": "sportverein ", "town": "Bubenreuth", "note": "ruft an"})]),
    }
    run = sync(agreed(ROWS), tabs)
    assert len(run.result.hub) == 4
    assert run.result.hub["P-004"]["phone"] == "1"
    assert run.result.hub["P-004"]["note"] == "ruft an"
    assert (Finding.SAME, "B", "P-004") in found(run)


def test_a_copied_row_gets_its_own_id_and_says_where_it_came_from():
    copy = {**ROWS["P-002"], "note": "kopiert"}
    tabs = {"A": Tab([("P-001", ROWS["P-001"]), ("P-002", copy), ("P-002", ROWS["P-002"]), ("P-003", ROWS["P-003"])])}
    run = sync(agreed(ROWS, "A"), tabs)
    assert run.rows("A")["P-002"]["note"] == "zwei"
    assert run.rows("A")["P-004"]["note"] == "kopiert"
    assert (Finding.COPIED, "A", "P-004") in found(run)
    assert [c.reason for c in run.result.changes if c.row == "P-004" and not c.column] == ["P-002"]


def test_of_two_equal_copies_the_first_keeps_the_id():
    tabs = {"A": Tab([*listed(ROWS), ("P-001", ROWS["P-001"])])}
    run = sync(agreed(ROWS, "A"), tabs)
    assert [row for row, _cells in run.tabs["A"].rows] == ["P-001", "P-002", "P-003", "P-004"]


def test_an_id_filled_down_onto_a_row_of_its_own_is_not_believed():
    tabs = {"A": Tab([*listed(ROWS), ("P-004", {"name": "Neu", "town": "Baiersdorf"})])}
    run = sync(agreed(ROWS, "A"), tabs)
    assert len(run.result.hub) == 4
    assert run.identified.notes[0].finding is Finding.STRANGE


def test_a_cleared_id_is_found_again_by_what_the_row_says_while_another_edits_it():
    cleared = [(None if row == "P-002" else row, cells) for row, cells in listed(ROWS)]
    run = sync(agreed(ROWS), {"A": Tab(cleared), "B": full(edited(ROWS, "P-002", note="geändert"))})
    assert run.rows("A")["P-002"]["note"] == "geändert"
    assert not run.result.tombstones
    assert (Finding.REPAIRED, "A", "P-002") in found(run)


def test_a_cleared_id_is_found_again_by_name_and_town_though_the_row_was_edited():
    cells = {**ROWS["P-002"], "note": "ganz anders", "phone": "neu", "tags": "z"}
    run = sync(
        agreed(ROWS),
        {"A": Tab([("P-001", ROWS["P-001"]), ("?", cells), ("P-003", ROWS["P-003"])]), "B": full(ROWS)},
    )
    assert run.rows("B")["P-002"]["note"] == "ganz anders"
    assert len(run.result.hub) == 3


def test_an_id_typed_over_with_another_rows_id_is_repaired():
    tabs = {
        "A": Tab([("P-001", ROWS["P-001"]), ("P-001", ROWS["P-002"]), ("P-003", ROWS["P-003"])]),
        "B": full(ROWS),
    }
    run = sync(agreed(ROWS), tabs)
    assert run.rows("A") == ROWS
    assert not run.result.changes


def test_an_id_typed_over_with_the_id_of_a_row_that_was_moved_away_is_repaired():
    state = State(ROWS, {"A": ROWS, "W": {"P-001": ROWS["P-001"], "P-002": ROWS["P-002"]}})
    tabs = {"A": full(ROWS), "W": Tab([("P-001", ROWS["P-002"])], part=team("x"))}
    run = sync(state, tabs)
    assert run.result.hub["P-002"] == ROWS["P-002"]
    assert run.result.hub["P-001"]["name"] == "Caritas"
    assert run.result.left == (("W", "P-001"),)


def test_two_ids_typed_over_crosswise_lose_nothing():
    tabs = {
        "A": Tab([("P-002", ROWS["P-001"]), ("P-001", ROWS["P-002"]), ("P-003", ROWS["P-003"])]),
        "B": full(ROWS),
    }
    run = sync(agreed(ROWS), tabs)
    assert {row["name"] for row in run.result.hub.values()} == {row["name"] for row in ROWS.values()}


def test_an_id_of_another_table_or_network_is_no_id_here():
    assert read_id("M-003", "P") is None
    assert read_id("P-000", "P") is None
    assert read_id(17, "P") is None
    assert read_id(" p–17 ", "P") == "P-017"
    assert read_id("P-1234", "P") == "P-1234"
    assert read_id("T-G04", "T", also=r"T-[A-Z]\d\d") == "T-G04"
    run = sync(agreed(ROWS, "A"), {"A": Tab([*listed(ROWS), ("M-003", {"name": "Fremd"})])})
    assert run.result.hub["P-004"] == {"name": "Fremd"}
    assert run.identified.notes[0].shown == "M-003"


def test_spelling_of_an_id_is_put_right():
    run = sync(agreed(ROWS, "A"), {"A": Tab([("p-1", ROWS["P-001"]), *listed(ROWS)[1:]])})
    assert [row for row, _cells in run.tabs["A"].rows] == ["P-001", "P-002", "P-003"]
    assert not run.result.changes


def test_ids_are_believed_as_they_stand_on_first_contact():
    rows = {"P-007": ROWS["P-001"], "P-030": ROWS["P-002"]}
    run = sync(State(), {"A": Tab([*listed(rows), (None, ROWS["P-003"]), ("P-030", {"name": "doppelt"})])})
    assert set(run.result.hub) == {"P-007", "P-030", *(make_id("P", n) for n in (1, 2))}
    assert run.result.hub["P-030"]["name"] == "Diakonie"


def test_two_workbooks_that_meet_without_ids_become_one_table():
    tabs = {
        "A": Tab([(None, cells) for cells in ROWS.values()]),
        "B": Tab([(None, cells) for cells in ROWS.values()]),
    }
    assert len(sync(State(), tabs).result.hub) == 3
    keyless = type(PARTNERS)("partners", "P", PARTNERS.columns)
    assert len(sync(State(), tabs, keyless).result.hub) == 3


def test_a_deleted_row_that_is_put_back_takes_its_history_with_it():
    gone = sync(agreed(ROWS), {"A": full({k: ROWS[k] for k in ("P-001", "P-002")}), "B": full(ROWS)})
    assert set(gone.state.tombstones) == {"P-003"}
    back = Tab([*gone.tabs["A"].rows, ("P-003", {**ROWS["P-003"], "note": "doch"})])
    run = sync(gone.state, {**gone.tabs, "A": back})
    assert run.result.hub["P-003"]["note"] == "doch"
    assert not run.state.tombstones
    assert "resurrect" in run.kinds()
    assert [(c.column, c.before, c.after) for c in run.cell_changes()] == [("note", "drei", "doch")]


def test_the_id_of_a_deleted_row_on_a_wholly_other_row_is_not_believed():
    state = State(ROWS, {"A": ROWS}, {"P-004": {"name": "Alt", "town": "Hof"}})
    run = sync(state, {"A": Tab([*listed(ROWS), ("P-004", {"name": "Neu", "town": "Selb"})])})
    assert run.result.hub["P-005"] == {"name": "Neu", "town": "Selb"}
    assert "P-004" in run.state.tombstones


def test_ids_are_never_given_twice():
    state = State({"P-002": {}}, {"A": {"P-004": {}}}, {"P-009": {}})
    assert counter("P", known_ids(state))() == "P-010"
    assert counter("P", known_ids(state), highest=20)() == "P-021"
    tabs = {"A": Tab([*listed(ROWS), (None, {"name": "Neu"}), ("P-004", {"name": "getippt"})])}
    run = sync(agreed(ROWS, "A"), tabs)
    assert set(run.result.hub) == {*ROWS, "P-005", "P-006"}


def test_a_row_that_is_probably_the_missing_one_is_asked_about():
    schema = type(PARTNERS)("partners", "P", PARTNERS.columns)
    cells = {**ROWS["P-002"], "note": "anders"}
    tabs = {"A": Tab([("P-001", ROWS["P-001"]), (None, cells), ("P-003", ROWS["P-003"])]), "B": full(ROWS)}
    run = sync(agreed(ROWS), tabs, schema)
    assert not run.result.tombstones
    assert run.result.hub["P-004"]["note"] == "anders"
    assert "P-002" not in run.rows("A")
    (question,) = run.result.conflicts
    assert [side.value for side in question.sides] == ["P-002", "P-004"]
    again = sync(run.state, run.tabs, schema)
    assert not any(again.ops.values())
    assert again.result.conflicts[0].sides == question.sides


@pytest.mark.parametrize(
    ("choice", "rows"), [(Choice.A, {"P-001", "P-002", "P-003"}), (Choice.B, {"P-001", "P-003", "P-004"})]
)
def test_the_answer_whether_two_rows_are_one_is_carried_out(choice, rows):
    from netzwerk_sheets.merge import Requests

    schema = type(PARTNERS)("partners", "P", PARTNERS.columns)
    cells = {**ROWS["P-002"], "note": "anders"}
    tabs = {"A": Tab([("P-001", ROWS["P-001"]), (None, cells), ("P-003", ROWS["P-003"])]), "B": full(ROWS)}
    run = sync(agreed(ROWS), tabs, schema)
    (question,) = run.result.conflicts
    decision = Decision(question.id, choice, question.digest)
    done = sync(run.state, run.tabs, schema, Requests((decision,), run.result.register))
    assert set(done.result.hub) == rows
    assert "anders" in {row["note"] for row in done.result.hub.values()}
    assert not done.result.conflicts
    assert sync(done.state, done.tabs, schema).quiet


def test_two_rows_that_could_both_be_the_missing_one_are_new_rows():
    schema = type(PARTNERS)("partners", "P", PARTNERS.columns)
    twins = [(None, {**ROWS["P-002"], "note": note}) for note in ("a", "b")]
    tabs = {"A": Tab([("P-001", ROWS["P-001"]), *twins, ("P-003", ROWS["P-003"])]), "B": full(ROWS)}
    run = sync(agreed(ROWS), tabs, schema)
    assert not run.result.conflicts
    assert {"a", "b"} <= {row.get("note") for row in run.result.hub.values()}
    assert set(run.result.tombstones) == {"P-002"}


def test_a_row_cut_from_one_tab_and_pasted_into_another_is_moved():
    rows = {
        "P-001": {"name": "a", "town": "X"},
        "P-002": {"name": "b", "town": "Y"},
        "P-003": {"name": "c", "town": "X"},
    }
    state = State(rows, {"A": rows, "X": {k: rows[k] for k in ("P-001", "P-003")}, "Y": {"P-002": rows["P-002"]}})
    tabs = {
        "A": full(rows),
        "X": Tab([("P-003", rows["P-003"])], part=town("X")),
        "Y": Tab(
            [("P-002", rows["P-002"]), ("P-001", {"name": "a", "town": "X", "note": "und bearbeitet"})],
            part=town("Y"),
        ),
    }
    run = sync(state, tabs)
    assert run.result.hub["P-001"] == {"name": "a", "town": "Y", "note": "und bearbeitet"}
    assert run.result.joined == (("Y", "P-001"),)
    assert not run.result.left
    assert not run.result.tombstones
    assert sync(run.state, run.tabs).quiet


def test_a_row_copied_into_the_tab_of_another_group_becomes_a_row_of_its_own():
    rows = {"P-001": {"name": "a", "town": "X"}, "P-002": {"name": "b", "town": "Y"}}
    state = State(rows, {"X": {"P-001": rows["P-001"]}, "Y": {"P-002": rows["P-002"]}})
    tabs = {
        "X": Tab([("P-001", rows["P-001"])], part=town("X")),
        "Y": Tab([("P-002", rows["P-002"]), ("P-001", rows["P-001"])], part=town("Y")),
    }
    run = sync(state, tabs)
    assert run.result.hub["P-001"]["town"] == "X"
    assert run.result.hub["P-003"] == {"name": "a", "town": "Y"}


def test_a_row_pasted_without_its_id_into_another_tab_is_moved_too():
    rows = {
        "P-001": {"name": "a", "town": "X", "note": "n"},
        "P-002": {"name": "b", "town": "Y"},
        "P-003": {"name": "c", "town": "X"},
    }
    state = State(rows, {"X": {k: rows[k] for k in ("P-001", "P-003")}, "Y": {"P-002": rows["P-002"]}})
    tabs = {
        "X": Tab([("P-003", rows["P-003"])], part=town("X")),
        "Y": Tab([("P-002", rows["P-002"]), (None, rows["P-001"])], part=town("Y")),
    }
    run = sync(state, tabs)
    assert run.result.hub["P-001"]["town"] == "Y"
    assert len(run.result.hub) == 3


def test_erased_people_are_not_taken_in_again():
    run = sync(
        agreed(ROWS, "A"),
        {"A": Tab([*listed(ROWS), ("P-009", {"name": "vergessen"})])},
        erased=frozenset({"P-009"}),
    )
    assert set(run.result.hub) == set(ROWS)
    assert (Finding.REFUSED, "A", "P-009") in found(run)


def test_rows_that_say_nothing_are_no_rows():
    run = sync(agreed(ROWS, "A"), {"A": Tab([*listed(ROWS), ("P-004", {}), (None, {"name": None})])})
    assert run.quiet


def test_many_cleared_ids_are_all_found_again():
    rows = {make_id("P", n): {"name": f"n{n}", "town": "t", "status": "aktiv"} for n in range(1, 301)}
    run = sync(agreed(rows), {"A": Tab([(None, cells) for cells in reversed(rows.values())]), "B": full(rows)})
    assert run.rows("A") == rows
    assert not run.result.changes


def test_a_pasted_old_copy_takes_nothing_back():
    """Found by the hunt (seed 5111): cut from G into A, the older copy in A cut into another tab."""
    state = agreed(ROWS, "A", "G")
    for rows in (state.hub, state.bases["G"]):
        rows["P-001"] = {**rows["P-001"], "note": "neu in G", "street": "Gasse 1"}
    state = State(state.hub, {**state.bases, "X": {}})
    rest = listed(ROWS)[1:]
    tabs = {
        "A": Tab([*rest, ("P-001", state.hub["P-001"])]),
        "G": Tab(rest),
        "X": Tab([("P-001", ROWS["P-001"])], part=team("x")),
    }
    run = sync(state, tabs)
    assert run.result.hub["P-001"]["note"] == "neu in G"
    assert run.result.hub["P-001"]["street"] == "Gasse 1"
    assert run.rows("X")["P-001"]["note"] == "neu in G"


def test_a_tab_met_for_the_first_time_is_no_place_a_row_was_moved_to():
    rest = listed(ROWS)[1:]
    other = {**ROWS["P-001"], "note": "anders"}
    run = sync(agreed(ROWS, "A"), {"A": Tab(rest), "B": Tab([("P-001", other), *rest])})
    assert run.result.hub["P-001"]["note"] == "eins"
    assert [c.column for c in run.result.conflicts] == ["note"]


@pytest.mark.parametrize("shown", ["P-001", None], ids=["with its id", "without its id"])
def test_a_copy_is_not_taken_for_the_original_that_was_moved(shown):
    """Found by the hunt (seeds 500948 and 500492): a copy was edited, its id lost, and the original moved."""
    state = State(ROWS, {"A": ROWS, "X": {}, "Y": ROWS})
    copy = {**ROWS["P-001"], "note": "in der Kopie getippt"}
    tabs = {
        "A": full(ROWS),
        "X": Tab([(shown, ROWS["P-001"])], part=team("x")),
        "Y": Tab([(None, copy), *listed(ROWS)[1:]], part=team("y")),
    }
    run = sync(state, tabs)
    assert run.result.hub["P-001"]["note"] == "eins"
    assert run.result.hub["P-004"]["note"] == "in der Kopie getippt"
