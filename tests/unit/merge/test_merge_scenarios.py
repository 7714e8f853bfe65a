"""What coordinators do, and what must come of it: twelve scenarios and three more."""

from merge_table import ALL, PARTNERS, Tab, agreed, edited, full, sync

from netzwerk_sheets.merge import BrakeKind, Requests, by_values

ROWS = {
    "P-001": {
        "name": "Caritas",
        "town": "Erlangen",
        "note": "ruft zurück",
        "tags": "Sport, Kunst",
        "size": 10,
    },
    "P-002": {"name": "Diakonie", "town": "Fürth", "note": "zwei", "tags": "Sport", "size": 20},
    "P-003": {"name": "Lebenshilfe", "town": "Nürnberg", "note": "drei", "tags": "Kunst", "size": 30},
    "P-004": {"name": "Sportverein", "town": "Erlangen", "note": "vier", "tags": "Sport", "size": 40},
    "P-005": {"name": "Stadt", "town": "Erlangen", "note": "fünf", "tags": "Amt", "size": 50},
}


def orders(tab):
    return [row for row, _cells in tab.rows]


def without(*rows):
    return {row: cells for row, cells in ROWS.items() if row not in rows}


def both_ways(one, other):
    """Run with the two tabs either way round."""
    yield sync(agreed(ROWS), {"A": one, "B": other})
    yield sync(agreed(ROWS), {"A": other, "B": one})


def test_01_sorting_here_and_editing_there_never_moves_a_row():
    backwards = Tab(list(reversed(list(ROWS.items()))))
    for run in both_ways(backwards, full(edited(ROWS, "P-003", town="Schwabach"))):
        assert {orders(run.tabs["A"])[0], orders(run.tabs["B"])[0]} == {"P-001", "P-005"}
        assert run.rows("A") == run.rows("B") == edited(ROWS, "P-003", town="Schwabach")
        assert not run.result.conflicts


def test_02_an_inserted_column_stays_where_it_is_while_others_edit():
    own = full(ROWS, private={1: {"Meins": "ganz privat"}})
    for run in both_ways(own, full(edited(ROWS, "P-002", note="neu"))):
        assert run.rows("A") == run.rows("B") == edited(ROWS, "P-002", note="neu")


def test_03_the_same_cell_twice_keeps_both_values_and_asks():
    one, other = full(edited(ROWS, "P-001", town="Bubenreuth")), full(edited(ROWS, "P-001", town="Forchheim"))
    for run in both_ways(one, other):
        (conflict,) = run.result.conflicts
        assert {side.value for side in conflict.sides} == {"Bubenreuth", "Forchheim"}
        assert conflict.base == "Erlangen"
        assert {run.rows("A")["P-001"]["town"], run.rows("B")["P-001"]["town"]} == {"Bubenreuth", "Forchheim"}
        assert not any(run.ops.values())


def test_04_two_cells_of_one_row_both_count():
    for run in both_ways(full(edited(ROWS, "P-001", town="Hof")), full(edited(ROWS, "P-001", size=11))):
        assert run.rows("A") == run.rows("B") == edited(edited(ROWS, "P-001", town="Hof"), "P-001", size=11)


def test_05_a_row_deleted_here_and_edited_there_survives():
    for run in both_ways(full(without("P-002")), full(edited(ROWS, "P-002", note="wichtig"))):
        assert run.rows("A")["P-002"]["note"] == run.rows("B")["P-002"]["note"] == "wichtig"
        assert [c.reason for c in run.result.changes if c.kind.value == "restore"] == ["edited"]
        assert sync(run.state, run.tabs).quiet


def test_06_a_choice_of_several_takes_what_either_added():
    one, other = (
        full(edited(ROWS, "P-001", tags="Sport, Kunst, Musik")),
        full(edited(ROWS, "P-001", tags="Kunst, Tanz")),
    )
    for run in both_ways(one, other):
        assert set(run.result.hub["P-001"]["tags"].split(", ")) == {"Kunst", "Musik", "Tanz"}
        assert not run.result.conflicts


def test_07_a_renamed_row_is_the_same_row():
    for run in both_ways(full(edited(ROWS, "P-001", name="Caritasverband")), full(edited(ROWS, "P-001", size=12))):
        assert run.result.hub["P-001"]["name"] == "Caritasverband"
        assert run.result.hub["P-001"]["size"] == 12
        assert len(run.result.hub) == 5


def test_08_a_row_copied_with_its_id_gets_an_id_of_its_own():
    copied = Tab([*ROWS.items(), ("P-002", {**ROWS["P-002"], "name": "Diakonie II"})])
    for run in both_ways(copied, full(edited(ROWS, "P-002", note="geändert"))):
        assert run.result.hub["P-002"]["note"] == "geändert"
        assert run.result.hub["P-006"] == {**ROWS["P-002"], "name": "Diakonie II"}


def test_09_a_renamed_heading_is_still_the_column():
    values = [row["note"] for row in ROWS.values()]
    assert by_values(["note"], [1], {1: values}, {"note": values}, PARTNERS) == {"note": 1}


def test_10_white_space_gives_way_to_a_real_edit():
    for run in both_ways(
        full(edited(ROWS, "P-001", name=" Caritas\u00a0")), full(edited(ROWS, "P-001", name="Caritas e. V."))
    ):
        assert run.rows("A")["P-001"]["name"] == run.rows("B")["P-001"]["name"] == "Caritas e. V."
        assert not run.result.conflicts


def test_11_new_rows_on_both_sides_are_all_there():
    for run in both_ways(
        Tab([*ROWS.items(), (None, {"name": "Neu 1"})]), Tab([*ROWS.items(), (None, {"name": "Neu 2"})])
    ):
        assert run.rows("A") == run.rows("B")
        assert {row["name"] for row in run.result.hub.values()} >= {"Neu 1", "Neu 2"}
        assert len(run.result.hub) == 7


def test_12_a_tab_that_comes_back_empty_deletes_nothing():
    for run in both_ways(Tab([]), full(edited(ROWS, "P-001", size=99))):
        assert run.result.hub == edited(ROWS, "P-001", size=99)
        assert [(b.kind, b.count) for b in run.result.brakes] == [(BrakeKind.EMPTIED, 5)]
        assert [] in [list(tab.rows) for tab in run.tabs.values()]
        assert sum(not ops for ops in run.ops.values()) == 2


def test_13_a_column_dropped_here_and_edited_there_is_a_conflict():
    for dropper, tabs in (
        ("A", {"A": full(ROWS, columns=ALL - {"note"}), "B": full(edited(ROWS, "P-001", note="neu"))}),
        ("B", {"B": full(ROWS, columns=ALL - {"note"}), "A": full(edited(ROWS, "P-001", note="neu"))}),
    ):
        run = sync(agreed(ROWS), tabs, requests=Requests(dropped={dropper: frozenset({"note"})}))
        assert [c.column for c in run.result.conflicts] == ["note"]
        assert run.result.hub["P-001"]["note"] == "neu"


def test_14_the_same_new_id_on_both_sides_means_two_rows():
    for run in both_ways(
        Tab([*ROWS.items(), ("P-006", {"name": "Eins"})]), Tab([*ROWS.items(), ("P-006", {"name": "Zwei"})])
    ):
        names = {row["name"] for row in run.result.hub.values()}
        assert {"Eins", "Zwei"} <= names
        assert len(run.result.hub) == 7
        assert run.rows("A") == run.rows("B")


def test_15_a_cleared_id_comes_back_while_another_edits_the_row():
    cleared = Tab([(None if row == "P-002" else row, cells) for row, cells in ROWS.items()])
    for run in both_ways(cleared, full(edited(ROWS, "P-002", town="Zirndorf"))):
        assert run.rows("A") == run.rows("B") == edited(ROWS, "P-002", town="Zirndorf")
        assert orders(run.tabs["A"]) == orders(run.tabs["B"]) == list(ROWS)
