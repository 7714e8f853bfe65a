"""Columns whose heading changed, got lost, or that people gave up."""

import pytest
from merge_table import ALL, PARTNERS, Tab, agreed, edited, full, sync

from netzwerk_sheets.merge import ConflictKind, Requests, by_values

KNOWN = {"name": ["a", "b", "c"], "town": ["x", "y", "z"], "note": ["1", "2", "3"], "size": [1, 2, 3]}


def found(values, known=KNOWN):
    """Look for the column of towns among columns with headings that nobody knows."""
    return by_values(["town"], list(values), values, known, PARTNERS)


def test_a_renamed_column_is_known_by_what_stands_in_it():
    assert found({1: ["x", "y", "z"]}) == {"town": 1}


def test_a_column_with_other_values_is_not_taken_for_a_renamed_one():
    assert found({1: ["x", "y", "anders"]}) == {}


def test_two_candidates_for_one_column_are_not_guessed():
    assert found({1: ["x", "y", "z"], 4: ["x", "y", "z"]}) == {}


def test_one_candidate_for_two_columns_is_not_guessed():
    alike = {**KNOWN, "note": KNOWN["town"]}
    assert by_values(["town", "note"], [1], {1: ["x", "y", "z"]}, alike, PARTNERS) == {}


def test_too_few_values_prove_nothing():
    assert found({1: ["x", "y", None]}, {"town": ["x", "y", None]}) == {}


ROWS = {f"P-00{n}": {"name": f"n{n}", "town": f"t{n}", "note": f"o{n}"} for n in range(1, 5)}
NO_TOWN = ALL - {"town"}


def test_a_lost_column_is_never_read_as_emptied():
    run = sync(agreed(ROWS), {"A": full(ROWS, columns=NO_TOWN), "B": full(ROWS)})
    assert run.quiet
    assert run.state.bases["A"] == ROWS


def test_a_lost_column_does_not_keep_a_row_from_being_deleted():
    rows = {row: cells for row, cells in ROWS.items() if row != "P-004"}
    run = sync(agreed(ROWS), {"A": full(ROWS, columns=NO_TOWN), "B": full(rows)})
    assert set(run.result.tombstones) == {"P-004"}
    assert run.result.tombstones["P-004"]["town"] == "t4"


def test_a_row_deleted_where_a_column_is_lost_is_deleted():
    rows = {row: cells for row, cells in ROWS.items() if row != "P-004"}
    run = sync(agreed(ROWS), {"A": full(rows, columns=NO_TOWN), "B": full(ROWS)})
    assert set(run.result.tombstones) == {"P-004"}


def test_what_changed_while_a_column_was_lost_is_caught_up_with():
    run = sync(agreed(ROWS), {"A": full(ROWS, columns=NO_TOWN), "B": full(edited(ROWS, "P-001", town="neu"))})
    assert run.rows("A")["P-001"]["town"] == "t1"
    tabs = {"A": Tab(run.tabs["A"].rows), "B": run.tabs["B"]}
    assert sync(run.state, tabs).rows("A")["P-001"]["town"] == "neu"


def test_what_was_typed_while_the_heading_was_lost_is_read_when_it_is_back():
    hidden = full(edited(ROWS, "P-001", town="getippt"), columns=NO_TOWN)
    run = sync(agreed(ROWS), {"A": hidden, "B": full(edited(ROWS, "P-001", town="anders"))})
    back = sync(run.state, {"A": Tab(run.tabs["A"].rows), "B": run.tabs["B"]})
    (conflict,) = back.result.conflicts
    assert {side.value for side in conflict.sides} == {"getippt", "anders"}


def test_a_column_given_up_goes_everywhere_and_stays_in_history():
    run = sync(
        agreed(ROWS),
        {"A": full(ROWS, columns=NO_TOWN), "B": full(ROWS)},
        requests=Requests(dropped={"A": frozenset({"town"})}),
    )
    assert run.result.dropped == {"town"}
    assert all("town" not in row for row in run.result.hub.values())
    assert {c.before for c in run.result.changes if c.kind.value == "drop"} == {"t1", "t2", "t3", "t4"}
    assert run.rows("B")["P-001"]["town"] == "t1"  # the caller takes the whole column out


@pytest.mark.parametrize("swap", [False, True])
def test_a_column_given_up_here_and_written_into_there_is_a_conflict(swap):
    dropper, writer = ("B", "A") if swap else ("A", "B")
    tabs = {dropper: full(ROWS, columns=NO_TOWN), writer: full(edited(ROWS, "P-002", town="neu"))}
    run = sync(agreed(ROWS), tabs, requests=Requests(dropped={dropper: frozenset({"town"})}))
    assert not run.result.dropped
    assert [(c.row, c.column, c.kind, c.sides[0].value) for c in run.result.conflicts] == [
        ("P-002", "town", ConflictKind.COLUMN, "neu")
    ]
    assert run.result.hub["P-002"]["town"] == "neu"


def test_a_column_given_up_by_somebody_who_had_not_seen_it_all_is_a_conflict():
    state = agreed(ROWS)
    state.hub["P-003"]["town"] = "inzwischen"
    run = sync(state, {"A": full(ROWS, columns=NO_TOWN)}, requests=Requests(dropped={"A": frozenset({"town"})}))
    assert not run.result.dropped
    assert run.result.conflicts[0].row == "P-003"
