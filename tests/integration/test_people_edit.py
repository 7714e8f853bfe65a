"""Whatever people do in their workbook: nothing they typed or built is lost."""

import json
import os
import re
import shutil
import sqlite3
from datetime import date, datetime

import openpyxl
import pytest
from person import Person, document, netz, settled, sync

from netzwerk_sheets.grid import Formula, shown
from netzwerk_sheets.state.folder import key_of
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.passing import Glimpse, carry_out

VHS, WOHNBAU = "OB P-005 VHS", "OB P-016 Wohnbau"


def database(person):
    return sqlite3.connect(person.path.parent / "state" / "networks" / f"{key_of(person.path)}.sqlite")


def history(person):
    with database(person) as db:
        return db.execute("SELECT tbl, row, col, before, after, kind FROM change ORDER BY seq").fetchall()


def test_what_was_saved_while_a_run_found_nothing_to_do_comes_in_with_the_next(stadt):
    sync(stadt)
    sync(stadt)

    def saved_meanwhile(stage, *_):
        if stage == "merge":
            stadt.type("Partner", "P-005", "Bemerkung", "ruft an")

    today = date(2025, 5, 15)
    done, status = carry_out(
        stadt.path, Order(today, tell=saved_meanwhile), glimpse=Glimpse([stadt.path], today)
    )  # fmt: skip
    assert not done.written
    assert status in {0, 3}
    assert Glimpse([stadt.path], today).unchanged() is None
    assert document(stadt)["written"]
    assert ("partners", "P-005", "note") in {line[:3] for line in history(stadt)}


# --- rows -------------------------------------------------------------------------------------------------


def test_a_new_row_gets_an_id_and_keeps_what_was_typed(stadt):
    row = stadt.write_row(
        "Partner", {"Kurzname": "Tafel", "Organisation": "Tafel Musterstadt e.V.", "Bemerkung": "ruft an"}
    )
    assert sync(stadt).code in {0, 3}
    new = stadt.snapshot().tab("Partner").rows[row]
    assert new[1] == "P-019"
    assert stadt.reads("Partner", "P-019", "Bemerkung") == "ruft an"
    settled(stadt)


def test_a_row_inserted_in_the_middle_gets_an_id_and_no_row_moves(stadt):
    stadt.insert_rows("Partner", 6)
    stadt.write_row("Partner", {"Kurzname": "Tafel", "Organisation": "Tafel e.V."}, row=6)
    before = {key: value for key, value in stadt.table("Partner").items() if key}
    sync(stadt)
    assert stadt.ids("Partner")[4] == "P-019"
    after = stadt.table("Partner")
    assert {key: after[key] for key in before} == before
    settled(stadt)


def test_a_number_given_once_is_never_given_again(stadt):
    stadt.write_row("Bedarfe", {"Bedarf": "Leihräder", "Lebensbereich": "Mobilität"})
    sync(stadt)
    assert "B-010" in stadt.ids("Bedarfe")
    stadt.delete_row("Bedarfe", "B-010")
    sync(stadt)
    stadt.write_row("Bedarfe", {"Bedarf": "Rampen", "Lebensbereich": "Mobilität"})
    sync(stadt)
    assert stadt.reads("Bedarfe", "B-011", "Bedarf") == "Rampen"


def test_a_copied_row_gets_an_id_of_its_own_and_loses_no_cell(stadt):
    stadt.copy_row("Partner", "P-007", {"Kurzname": "Stadtteilhaus West", "Bemerkung": "Kopie"})
    original = stadt.table("Partner")["P-007"]
    sync(stadt)
    rows = stadt.table("Partner")
    assert rows["P-019"]["Kurzname"] == "Stadtteilhaus West"
    assert rows["P-019"]["Bemerkung"] == "Kopie"
    assert rows["P-007"]["Kurzname"] == "Stadtteilhäuser"
    assert rows["P-007"].keys() <= original.keys() | {"Bemerkung"}
    settled(stadt)


def test_a_cleared_id_comes_back(stadt):
    stadt.clear_id("Partner", "P-010")
    sync(stadt)
    assert stadt.reads("Partner", "P-010", "Kurzname") == "Gehörlosenverein"
    assert len(stadt.ids("Partner")) == 18


def test_a_cleared_id_comes_back_even_when_the_row_was_edited(stadt):
    row = next(n for n, cells in stadt.snapshot().tab("Partner").rows.items() if cells.get(1) == "P-010")
    stadt.type("Partner", "P-010", "Bemerkung", "neue Leitung")
    stadt.clear_id("Partner", "P-010")
    sync(stadt)
    assert stadt.snapshot().tab("Partner").rows[row][1] == "P-010"
    assert stadt.reads("Partner", "P-010", "Bemerkung") == "neue Leitung"


def test_a_row_people_deleted_stays_deleted_and_lies_among_the_deleted(stadt):
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    assert "BZ-002" not in stadt.ids("Beziehungen")
    with database(stadt) as db:
        assert db.execute("SELECT data FROM tombstone WHERE tbl='relationships' AND row='BZ-002'").fetchone()
    settled(stadt)


def test_a_sorted_table_stays_sorted(stadt):
    stadt.sort("Partner", "Kurzname")
    order = stadt.ids("Partner")
    sync(stadt)
    assert stadt.ids("Partner") == order
    assert order != sorted(order)
    settled(stadt)


# --- tasks ------------------------------------------------------------------------------------------------


def test_a_tick_a_date_a_name_and_a_note_on_a_task_are_kept(stadt):
    typed = {
        "Status": "in Arbeit",
        "Zuständig": "Frau Özdemir",
        "Fällig am": date(2025, 7, 7),
        "Bemerkung": "nach den Ferien",
    }
    for header, value in typed.items():
        stadt.type(WOHNBAU, "P-016.T-A03", header, value)
    for day in ("2025-05-15", "2025-05-16", "2025-06-30"):
        sync(stadt, day=day)
        for header, value in typed.items():
            assert stadt.reads(WOHNBAU, "P-016.T-A03", header) == value
    settled(stadt, day="2025-06-30")


def test_a_status_set_on_the_overview_arrives_on_the_sheet_of_the_partner(stadt):
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "erledigt")
    sync(stadt)
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "erledigt"
    settled(stadt)


def test_a_status_set_on_the_sheet_of_the_partner_arrives_on_the_overview(stadt):
    stadt.type(WOHNBAU, "P-016.T-A03", "Status", "erledigt")
    sync(stadt)
    assert stadt.reads("Aufgaben", "P-016.T-A03", "Status") == "erledigt"
    settled(stadt)


def test_different_values_in_both_places_both_stay_and_are_reported(stadt):
    stadt.type(WOHNBAU, "P-016.T-A03", "Status", "erledigt")
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "in Arbeit")
    done = document(stadt)
    assert [each["row"] for each in done["conflicts"]] == ["P-016.T-A03"]
    assert done["exit"] == 3
    for _ in range(2):
        assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "erledigt"
        assert stadt.reads("Aufgaben", "P-016.T-A03", "Status") == "in Arbeit"
        assert document(stadt)["exit"] == 3
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "erledigt")
    assert document(stadt)["conflicts"] == []


def test_different_cells_of_one_task_in_both_places_are_both_taken(stadt):
    stadt.type(WOHNBAU, "P-016.T-A03", "Status", "erledigt")
    stadt.type("Aufgaben", "P-016.T-A03", "Bemerkung", "Notiz aus der Übersicht")
    assert document(stadt)["conflicts"] == []
    for tab in (WOHNBAU, "Aufgaben"):
        assert stadt.reads(tab, "P-016.T-A03", "Status") == "erledigt"
        assert stadt.reads(tab, "P-016.T-A03", "Bemerkung") == "Notiz aus der Übersicht"
    settled(stadt)


@pytest.mark.parametrize("tab", [WOHNBAU, "Aufgaben"])
def test_a_task_people_removed_stays_removed_everywhere(stadt, tab):
    stadt.delete_row(tab, "P-016.T-R05")
    for day in ("2025-05-15", "2025-05-16", "2025-09-01"):
        sync(stadt, day=day)
        for shown_on in (WOHNBAU, "Aufgaben"):
            assert "P-016.T-R05" not in stadt.ids(shown_on)
    netz("onboard", stadt.path, "P-016", "--today", "2025-09-01")
    assert "P-016.T-R05" not in stadt.ids(WOHNBAU)


def test_only_missing_tasks_join_and_rows_and_columns_of_ones_own_stay(stadt):
    stadt.add_column(WOHNBAU, "Unsere Ampel", {"P-016.T-W01": "grün", "P-016.T-A03": "rot"})
    stadt.write_row(WOHNBAU, {"Aufgabe": "Schlüssel übergeben", "Status": "offen", "Bemerkung": "beim Hausmeister"})
    stadt.write_row(
        "Aufgabenkatalog",
        {
            "Nr": "T-W77",
            "Gruppe": "W Willkommen",
            "Aufgabe": "Foto machen",
            "Rolle": "Koordination",
            "Anker": "Zusage am",
            "Tage": 10,
            "Bereich": "Partner",
        },
    )
    anchor = stadt.reads("Aufgabenkatalog", "T-W01", "Anker")
    scope = stadt.reads("Aufgabenkatalog", "T-W01", "Bereich")
    stadt.type("Aufgabenkatalog", "T-W77", "Anker", anchor)
    stadt.type("Aufgabenkatalog", "T-W77", "Bereich", scope)
    before = {key: row for key, row in stadt.table(WOHNBAU).items() if key}
    sync(stadt)
    after = stadt.table(WOHNBAU)
    for key, row in before.items():
        for header, value in row.items():
            if header != "Hinweis":
                assert after[key][header] == value, (key, header)
    assert [
        row
        for row in after.values()
        if row.get("Aufgabe") == "Schlüssel übergeben" and row.get("Bemerkung") == "beim Hausmeister"
    ]
    assert len(after) == len(before) + 2
    assert after["P-016.T-W77"]["Aufgabe"] == "Foto machen"
    assert any(row.get("Aufgabe") == "Schlüssel übergeben" for row in stadt.table("Aufgaben").values())
    settled(stadt)


def test_tasks_of_groups_and_of_the_network_exist_once(stadt):
    stadt.type("Partner", "P-013", "Status", "zugesagt")
    stadt.type("Partner", "P-013", "Zusage am", date(2025, 5, 12))
    stadt.type("Partner", "P-014", "Status", "zugesagt")
    stadt.type("Partner", "P-014", "Zusage am", date(2025, 5, 12))
    for day in ("2025-05-15", "2025-05-20"):
        sync(stadt, day=day)
    tasks = stadt.ids("Aufgaben")
    assert len(tasks) == len(set(tasks))
    shared = stadt.ids("Netzwerkaufgaben")
    assert len(shared) == len(set(shared))
    open_reviews = [one for one in shared if one.startswith("AG-02.T-S02")]
    assert len(open_reviews) == 1


def test_a_row_added_on_the_overview_is_a_task(stadt):
    stadt.write_row("Aufgaben", {"Aufgabe": "Einladung drucken", "Status": "offen", "Fällig am": date(2025, 6, 2)})
    sync(stadt)
    found = [(key, row) for key, row in stadt.table("Aufgaben").items() if row.get("Aufgabe") == "Einladung drucken"]
    assert len(found) == 1
    assert found[0][0]
    settled(stadt)


def test_a_new_partner_on_board_gets_a_sheet_and_the_others_stay_as_they_are(stadt):
    stadt.type("Partner", "P-013", "Status", "im Onboarding")
    stadt.type("Partner", "P-013", "Zusage am", date(2025, 5, 12))
    before = stadt.table(WOHNBAU)
    sync(stadt)
    name = stadt.reads("Partner", "P-013", "Kurzname")
    assert f"OB P-013 {name}" in stadt.tabs()
    assert stadt.table(WOHNBAU) == before
    settled(stadt)


# --- names ------------------------------------------------------------------------------------------------


def test_a_changed_short_name_changes_no_identity(stadt):
    stadt.type("Partner", "P-016", "Kurzname", "Wohnbau Süd")
    stadt.type(WOHNBAU, "P-016.T-A03", "Status", "erledigt")
    sync(stadt)
    sheets = [tab for tab in stadt.tabs() if tab.startswith("OB P-016")]
    assert sheets == [WOHNBAU]
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "erledigt"
    assert "Wohnbau Süd" in str(stadt.everything()[WOHNBAU][1][1])
    settled(stadt)


@pytest.mark.parametrize("tab", ["Partner", "Lücken", "Aufgaben", WOHNBAU, "Start", "Einstellungen"])
def test_a_renamed_tab_stays_the_same_tab(stadt, tab):
    count = len(stadt.tabs())
    stadt.rename_tab(tab, "Neu benannt")
    stadt.type("Partner" if tab != "Partner" else "Neu benannt", "P-013", "Status", "aktiv")
    assert sync(stadt).code in {0, 3}
    tabs = stadt.tabs()
    assert "Neu benannt" in tabs
    assert tab not in tabs
    assert len(tabs) == count
    settled(stadt)


# --- columns ----------------------------------------------------------------------------------------------


def test_a_moved_column_is_found_where_it_stands(stadt):
    before = stadt.table("Partner")
    stadt.move_column("Partner", "Status", 3)
    stadt.type("Partner", "P-013", "Status", "aktiv")
    sync(stadt)
    after = stadt.table("Partner")
    assert after.pop("P-013")["Status"] == "aktiv"
    before.pop("P-013")
    assert after == before
    settled(stadt)


def test_a_header_that_is_a_known_alias_is_understood_and_stays(stadt):
    stadt.rename_header("Partner", "Bemerkung", "Notiz")
    stadt.type("Partner", "P-013", "Notiz", "kommt im Juni")
    sync(stadt)
    assert stadt.reads("Partner", "P-013", "Notiz") == "kommt im Juni"
    settled(stadt)


def test_a_header_nobody_knows_hides_a_column_but_clears_nothing(stadt):
    before = stadt.table("Partner")
    stadt.rename_header("Partner", "Bemerkung", "Was uns noch wichtig ist")
    assert sync(stadt).code in {0, 3}
    after = stadt.table("Partner")
    for key, row in before.items():
        assert after[key].get("Was uns noch wichtig ist") == row.get("Bemerkung")
    stadt.rename_header("Partner", "Was uns noch wichtig ist", "Bemerkung")
    sync(stadt)
    assert stadt.table("Partner") == before


def test_a_deleted_optional_column_is_not_a_deletion_of_its_cells(stadt):
    column = {key: row.get("Fähigkeiten") for key, row in stadt.table("Partner").items()}
    stadt.delete_column("Partner", "Fähigkeiten")
    assert sync(stadt).code in {0, 3}
    with database(stadt) as db:
        kept = dict(db.execute("SELECT row, data FROM hub WHERE tbl='partners'"))
    for key, value in column.items():
        if value:
            assert shown(value) in kept[key]
    settled(stadt)


@pytest.mark.parametrize(
    ("tab", "old", "new", "row", "typed"),
    [
        ("Partner", "Ressourcen", "Was sie können", "P-013", "Räume"),  # the table cannot be read without it
        ("Bedarfe", "Stadtteil", "Wo?", "B-001", "Nordstadt"),
        ("AG Zugang", "Problem", "Worum geht es?", "B-004", "ein neues Wort"),
    ],
)
def test_a_column_with_a_new_heading_is_known_by_what_stands_in_it(stadt, tab, old, new, row, typed):
    def renamed(done):
        return any(each["case"] == "header-renamed" for each in done["findings"])

    stadt.rename_header(tab, old, new)
    assert renamed(document(stadt))
    stadt.type(tab, row, new, typed)
    assert document(stadt)["exit"] in {0, 3}
    assert stadt.reads(tab, row, new) == typed  # the heading stays as people made it
    main = {"AG Zugang": "Bedarfe"}.get(tab)
    if main:
        assert stadt.reads(main, row, old) == typed
    settled(stadt)
    for each in stadt.ids(tab)[1:4]:  # the values may change now: the new name is learnt
        stadt.type(tab, each, new, "Kontakte" if old == "Ressourcen" else "alles neu")
    assert renamed(document(stadt))
    settled(stadt)


@pytest.mark.parametrize(("tab", "header"), [("Partner", "Status"), ("Bedarfe", "Priorität")])
def test_a_table_without_a_required_header_is_held_back_and_the_others_go_on(stadt, tab, header):
    before = stadt.everything()
    stadt.delete_column(tab, header)
    mutilated = stadt.everything()[tab]
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "erledigt")
    done = sync(stadt)
    assert done.code == 7
    assert done.err
    assert stadt.everything()[tab] == mutilated
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "erledigt"
    with database(stadt) as db:
        code = {"Partner": "partners", "Bedarfe": "needs"}[tab]
        assert db.execute("SELECT count(*) FROM hub WHERE tbl=?", (code,)).fetchone()[0] == len(before[tab]) - 1


@pytest.mark.parametrize(("tab", "header", "required"), [("Partner", "Status", True), ("Partner", "Bemerkung", False)])
def test_a_doubled_header_is_reported_and_nothing_is_guessed(stadt, tab, header, required):
    stadt.double_header(tab, header)
    before = stadt.everything()[tab]
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "erledigt")
    done = document(stadt)
    assert stadt.everything()[tab] == before
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "erledigt"
    assert done["exit"] == (7 if required else 3)
    assert any(each["case"] == "header-doubled" for each in done["findings"])


def test_title_rows_above_a_table_are_left_alone(stadt):
    stadt.insert_rows("Partner", 1, 2)
    stadt.put("Partner", 1, 1, "Unsere Partner, Stand Mai")
    stadt.type("Partner", "P-013", "Status", "aktiv")
    before = stadt.everything()["Partner"]
    sync(stadt)
    assert stadt.everything()["Partner"] == before
    settled(stadt)


@pytest.mark.parametrize("tab", [WOHNBAU, "Aufgaben", "Lücken"])
def test_title_rows_above_a_tab_of_the_tool_are_left_alone(stadt, tab):
    first = {WOHNBAU: "P-016.T-A03", "Aufgaben": "P-016.T-A03", "Lücken": "B-008/Räume"}[tab]
    header, word = ("Bearbeitung", "in Arbeit") if tab == "Lücken" else ("Status", "erledigt")
    stadt.insert_rows(tab, 1, 2)
    stadt.put(tab, 1, 1, "Nur für die AG Wohnen")
    stadt.type(tab, first, header, word)
    stadt.type("Partner", "P-013", "Status", "aktiv")
    assert sync(stadt).code in {0, 3}
    rows = stadt.everything()[tab]
    assert rows[1][1] == "Nur für die AG Wohnen"
    assert stadt.reads(tab, first, header) == word
    settled(stadt)


# --- the safety stop --------------------------------------------------------------------------------------


def test_an_emptied_table_is_a_safety_stop_that_a_token_lets_through(stadt):
    stadt.empty_table("Gespräche")
    stopped = document(stadt)
    assert stopped["exit"] == 7
    token = next(each["token"] for each in stopped["held"] if each.get("table") == "conversations")
    spoken = sync(stadt)
    assert spoken.code == 7
    assert "Gespräche" in spoken.err
    assert token in spoken.err
    with database(stadt) as db:
        assert db.execute("SELECT count(*) FROM hub WHERE tbl='conversations'").fetchone()[0] == 18
    wrong = sync(stadt, "--confirm", "XXXX")
    assert wrong.code == 7
    assert sync(stadt, "--confirm", token).code in {0, 3}
    with database(stadt) as db:
        assert db.execute("SELECT count(*) FROM hub WHERE tbl='conversations'").fetchone()[0] == 0
        assert db.execute("SELECT count(*) FROM tombstone WHERE tbl='conversations'").fetchone()[0] == 18
    assert sync(stadt).code in {0, 3}


def test_rows_deleted_by_mistake_come_back_from_the_copy_that_is_named(stadt):
    """The newest copy lacks them, too: it was made when the run wrote that held them back."""
    stadt.type("Partner", "P-001", "Bemerkung", "ruft gern an")
    sync(stadt)
    before = stadt.ids("Stimmen")
    stadt.delete_rows("Stimmen", before[:8])
    stadt.type("Partner", "P-001", "Bemerkung", "ruft lieber an")
    for _ in range(2):
        stopped = sync(stadt)
        assert stopped.code == 7
        number = re.search(
            rf"War es ein Versehen, .*: netzwerk restore {re.escape(str(stadt.path))} (\d+)", stopped.err
        )
        assert number[1] == "2"
    assert netz("restore", stadt.path, number[1], "--yes").code == 0
    assert sync(stadt).code in {0, 3}
    assert stadt.ids("Stimmen") == before


def test_more_than_a_tenth_deleted_is_a_safety_stop_while_the_other_tables_go_on(stadt):
    stadt.delete_rows("Stimmen", [f"S-{number:03}" for number in range(1, 9)])
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "erledigt")
    stopped = document(stadt)
    assert stopped["exit"] == 7
    assert [(each["table"], each["reason"]) for each in stopped["held"]] == [("voices", "deletes")]
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "erledigt"
    token = stopped["held"][0]["token"]
    stadt.delete_row("Stimmen", "S-010")
    assert document(stadt, "--confirm", token)["exit"] == 7, "a token lets exactly its own plan through"
    fresh = document(stadt)["held"][0]["token"]
    assert fresh != token
    assert document(stadt, "--confirm", fresh)["exit"] in {0, 3}
    assert "S-001" not in stadt.ids("Stimmen")
    assert document(stadt)["exit"] in {0, 3}


def test_the_safety_stop_stands_again_in_every_run(stadt):
    stadt.empty_table("Gespräche")
    assert [sync(stadt).code for _ in range(3)] == [7, 7, 7]


def test_rows_that_come_back_after_a_stop_are_as_if_nothing_had_happened(stadt):
    before = stadt.path.read_bytes()
    stadt.empty_table("Gespräche")
    assert sync(stadt).code == 7
    stadt.path.write_bytes(before)
    assert sync(stadt).code in {0, 3}
    assert stadt.path.read_bytes() == before


# --- tabs the tool computes -------------------------------------------------------------------------------


def free_row(stadt, tab):
    return max(stadt.everything()[tab]) + 1


def test_a_note_below_a_computed_table_is_never_overwritten(stadt):
    row = free_row(stadt, "Lücken")
    stadt.put("Lücken", row, 1, "Hier notiert die AG: bitte nicht löschen")
    stadt.type("Partner", "P-007", "Status", "ruhend")
    done = sync(stadt)
    assert done.code == 7
    assert f"A{row}" in done.err or "Lücken" in done.err
    assert stadt.everything()["Lücken"][row][1] == "Hier notiert die AG: bitte nicht löschen"
    stadt.put("Lücken", row, 1, None)
    stadt.put("Lücken", row + 60, 20, "Hier notiert die AG: bitte nicht löschen")
    assert sync(stadt).code in {0, 3}
    assert len(stadt.ids("Lücken", "Lücke")) > 16
    settled(stadt)


def test_a_note_where_a_computed_row_once_stood_is_never_overwritten(stadt):
    stadt.type("Partner", "P-007", "Status", "ruhend")
    sync(stadt)
    row = max(stadt.everything()["Lücken"])
    stadt.type("Partner", "P-007", "Status", "aktiv")
    sync(stadt)
    assert max(stadt.everything()["Lücken"]) < row
    stadt.put("Lücken", row, 3, "wer geht hin?")
    stadt.type("Partner", "P-007", "Status", "ruhend")
    assert sync(stadt).code == 7
    assert stadt.everything()["Lücken"][row][3] == "wer geht hin?"


@pytest.mark.parametrize(("tab", "column"), [("Start", 9), ("Abdeckung", 14), ("Prüfung", 9), ("Verlauf", 12)])
def test_a_note_right_of_a_computed_tab_stays(stadt, tab, column):
    stadt.put(tab, 6, column, "Randnotiz")
    stadt.type("Partner", "P-007", "Status", "ruhend")
    sync(stadt, day="2025-05-17")
    assert stadt.everything()[tab][6][column] == "Randnotiz"
    settled(stadt, day="2025-05-17")


def test_words_typed_into_a_computed_cell_are_kept_in_the_history_and_the_cell_is_restored(stadt):
    computed = stadt.reads("Lücken", "B-008/Räume", "Nächster Schritt")
    stadt.type("Lücken", "B-008/Räume", "Nächster Schritt", "Frau Kaya fragt im Rathaus")
    done = sync(stadt)
    assert stadt.reads("Lücken", "B-008/Räume", "Nächster Schritt") == computed
    assert "Lücken!J5" in done.err
    assert [before for _, _, _, before, _, _ in history(stadt)].count('"Frau Kaya fragt im Rathaus"') == 1
    settled(stadt)


def test_the_name_of_a_gap_that_people_typed_over_is_restored_and_its_notes_stay_with_it(stadt):
    stadt.type("Lücken", "B-006/Räume", "Notiz", "Museum fragen")
    stadt.type("Lücken", "B-006/Räume", "Lücke", "Museum!")
    sync(stadt)
    assert stadt.reads("Lücken", "B-006/Räume", "Notiz") == "Museum fragen"
    assert len(stadt.ids("Lücken", "Lücke")) == 16
    assert any("Museum!" in (before or "") for _, _, _, before, _, _ in history(stadt))
    settled(stadt)


@pytest.mark.parametrize(
    ("tab", "row", "column"),
    [("Start", 2, 1), ("Abdeckung", 5, 4), ("Prüfung", 5, 4), ("Aufgaben", 2, 1), (WOHNBAU, 2, 1)],
)
def test_no_word_typed_over_the_tool_is_lost(stadt, tab, row, column):
    computed = stadt.everything()[tab][row][column]
    stadt.put(tab, row, column, "Worte eines Menschen")
    sync(stadt)
    assert stadt.everything()[tab][row][column] == computed
    assert any("Worte eines Menschen" in (before or "") for _, _, _, before, _, _ in history(stadt))
    settled(stadt)


def test_words_typed_over_the_name_of_a_task_are_kept(stadt):
    stadt.type(WOHNBAU, "P-016.T-A03", "Aufgabe", "Aufgaben verteilen, in Ruhe")
    sync(stadt)
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Aufgabe") == "Aufgaben verteilen, in Ruhe"
    assert stadt.reads("Aufgaben", "P-016.T-A03", "Aufgabe") == "Aufgaben verteilen, in Ruhe"


def test_notes_travel_with_their_gap_and_stay_when_it_closes(stadt):
    stadt.type("Lücken", "B-004/Finanzierung", "Bearbeitung", "in Arbeit")
    stadt.type("Lücken", "B-004/Finanzierung", "Notiz", "Antrag läuft")
    stadt.type("Lücken", "B-006/Räume", "Notiz", "Museum fragen")
    sync(stadt)
    place = stadt.ids("Lücken", "Lücke").index("B-004/Finanzierung")
    stadt.type("Bedarfe", "B-004", "Menschen betroffen", 5000)
    stadt.type("Bedarfe", "B-008", "Priorität", "niedrig")
    sync(stadt)
    now = stadt.ids("Lücken", "Lücke")
    assert now.index("B-004/Finanzierung") != place
    assert stadt.reads("Lücken", "B-004/Finanzierung", "Bearbeitung") == "in Arbeit"
    assert stadt.reads("Lücken", "B-004/Finanzierung", "Notiz") == "Antrag läuft"
    assert stadt.reads("Lücken", "B-006/Räume", "Notiz") == "Museum fragen"
    settled(stadt)
    stadt.type("Bedarfe", "B-006", "Benötigt", "Personal; Fachwissen")
    sync(stadt)
    assert stadt.reads("Lücken", "B-006/Räume", "Notiz") == "Museum fragen"
    assert [row.get("Notiz") for row in stadt.table("Lücken", "Lücke").values()].count("Antrag läuft") == 1
    settled(stadt)
    stadt.type("Bedarfe", "B-006", "Benötigt", "Räume; Personal; Fachwissen")
    sync(stadt)
    assert stadt.reads("Lücken", "B-006/Räume", "Notiz") == "Museum fragen"
    assert stadt.ids("Lücken", "Lücke").count("B-006/Räume") == 1
    settled(stadt)


def test_gaps_sorted_by_people_stay_in_their_order(stadt):
    stadt.sort("Lücken", "Es fehlt", first="Lücke")
    order = stadt.ids("Lücken", "Lücke")
    stadt.type("Lücken", order[3], "Notiz", "Notiz in sortierter Liste")
    stadt.type("Bedarfe", "B-004", "Menschen betroffen", 5000)
    sync(stadt)
    assert stadt.ids("Lücken", "Lücke")[: len(order)] == order
    assert stadt.reads("Lücken", order[3], "Notiz") == "Notiz in sortierter Liste"
    settled(stadt)


def test_a_column_of_ones_own_beside_the_gaps_stays_with_its_rows(stadt):
    stadt.add_column("Lücken", "Wer kümmert sich", {"B-008/Räume": "Cem", "B-003/Finanzierung": "Ute"}, first="Lücke")
    stadt.type("Bedarfe", "B-003", "Menschen betroffen", 90)
    stadt.type("Bedarfe", "B-008", "Priorität", "niedrig")
    sync(stadt)
    assert stadt.reads("Lücken", "B-008/Räume", "Wer kümmert sich") == "Cem"
    assert stadt.reads("Lücken", "B-003/Finanzierung", "Wer kümmert sich") == "Ute"
    settled(stadt)


def test_a_gap_row_people_deleted_comes_back_and_takes_no_words_along(stadt):
    stadt.type("Lücken", "B-006/Räume", "Notiz", "Museum fragen")
    sync(stadt)
    stadt.delete_row("Lücken", "B-008/Finanzierung")
    sync(stadt)
    gaps = stadt.ids("Lücken", "Lücke")
    assert gaps.count("B-008/Finanzierung") == 1
    assert len(gaps) == 16
    assert stadt.reads("Lücken", "B-006/Räume", "Notiz") == "Museum fragen"
    settled(stadt)


@pytest.mark.parametrize("tab", ["Abdeckung", "Verlauf", "Lücken", "Start", WOHNBAU])
def test_a_tab_of_the_tool_that_people_deleted_stays_away_until_init(stadt, tab):
    stadt.delete_tab(tab)
    stadt.type("Partner", "P-013", "Status", "aktiv")
    for day in ("2025-05-15", "2025-05-16"):
        assert sync(stadt, day=day).code in {0, 3}
        assert tab not in stadt.tabs()
    if tab != WOHNBAU:
        assert netz("init", stadt.path).code == 0
        assert tab in stadt.tabs()
        assert sync(stadt).code in {0, 3}


def test_a_deleted_table_of_people_deletes_nothing_of_what_is_remembered(stadt):
    stadt.delete_tab("Gespräche")
    assert sync(stadt).code in {0, 3, 7}
    with database(stadt) as db:
        assert db.execute("SELECT count(*) FROM hub WHERE tbl='conversations'").fetchone()[0] == 18


# --- what stands in cells ---------------------------------------------------------------------------------


def test_formulas_of_people_stay_formulas(stadt):
    stadt.type("Zielgruppen", "ZG-03", "Anzahl Menschen", "=300+20")
    stadt.type("Partner", "P-013", "Bemerkung", '="seit "&2019')
    stadt.type(WOHNBAU, "P-016.T-A03", "Bemerkung", "=1+1")
    for day in ("2025-05-15", "2025-05-16"):
        sync(stadt, day=day)
        assert stadt.value("Zielgruppen", "ZG-03", "Anzahl Menschen").text == "300+20"
        assert stadt.value("Partner", "P-013", "Bemerkung").text == '"seit "&2019'
        assert isinstance(stadt.value(WOHNBAU, "P-016.T-A03", "Bemerkung"), Formula)


@pytest.mark.parametrize("text", ["=1+1", "+49 9131 1", "-5 Grad", "@alle", '=HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_arrives_as_text(stadt, text):
    with stadt.sheet("Aufgaben") as sheet:
        row = next(r for r in range(5, sheet.max_row) if sheet.cell(r, 1).value == "P-016.T-A03")
        cell = sheet.cell(row, 9)
        cell.value = text
        cell.data_type = "s"
    sync(stadt)
    assert stadt.value(WOHNBAU, "P-016.T-A03", "Bemerkung") == text
    cell = next(
        row for row in openpyxl.load_workbook(stadt.path)[WOHNBAU].iter_rows() if row[0].value == "P-016.T-A03"
    )[10]
    assert cell.value == text
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.number_format == "@"
    assert cell.quotePrefix


def test_wrong_types_are_findings_and_stay_as_typed(stadt):
    stadt.type("Bedarfe", "B-002", "Menschen betroffen", "viele")
    stadt.type("Partner", "P-013", "Zusage am", "irgendwann im Mai")
    stadt.type("Partner", "P-013", "Status", "vielleicht")
    done = document(stadt)
    assert done["exit"] in {0, 3}
    assert {("needs", "B-002"), ("partners", "P-013")} <= {(each["table"], each["row"]) for each in done["findings"]}
    assert stadt.reads("Bedarfe", "B-002", "Menschen betroffen") == "viele"
    assert stadt.reads("Partner", "P-013", "Zusage am") == "irgendwann im Mai"
    assert stadt.reads("Partner", "P-013", "Status") == "vielleicht"


def test_a_cell_full_to_the_last_character_travels_whole(stadt):
    longest = "Ä" * 32_767
    stadt.type(WOHNBAU, "P-016.T-A03", "Bemerkung", longest)
    assert sync(stadt).code in {0, 3}
    assert stadt.reads("Aufgaben", "P-016.T-A03", "Bemerkung") == longest
    settled(stadt)


# --- files and states -------------------------------------------------------------------------------------


def test_a_copy_of_the_workbook_is_kept_in_step_on_its_own(stadt):
    sync(stadt)
    copy = Person(stadt.path.with_name("Kopie von stadt.xlsx"))
    shutil.copyfile(stadt.path, copy.path)
    copy.type(WOHNBAU, "P-016.T-A03", "Status", "erledigt")
    assert sync(copy).code in {0, 3}
    assert copy.reads("Aufgaben", "P-016.T-A03", "Status") == "erledigt"
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "in Arbeit")
    stadt.delete_row("Aufgaben", "P-016.T-R05")
    assert sync(stadt).code in {0, 3}
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "in Arbeit"
    assert copy.reads("Aufgaben", "P-016.T-A03", "Status") == "erledigt"
    assert "P-016.T-R05" in copy.ids("Aufgaben")
    settled(copy)
    settled(stadt)


def test_a_renamed_workbook_keeps_its_memory(stadt):
    stadt.delete_row(WOHNBAU, "P-016.T-R05")
    sync(stadt)
    moved = Person(stadt.path.with_name("umbenannt.xlsx"))
    os.rename(stadt.path, moved.path)
    planned = json.loads(netz("plan", moved.path, "--json").out)["cells"]
    remedies = [each for each in planned if each["tab"] == "Prüfung" and each["cell"].startswith("E")]
    others = [each["after"] for each in planned if each not in remedies]
    assert all("umbenannt.xlsx" in after for after in others), "only commands name the new file, once"
    moved.type(WOHNBAU, "P-016.T-A03", "Status", "erledigt")
    assert sync(moved).code in {0, 3}
    assert "P-016.T-R05" not in moved.ids(WOHNBAU)
    assert moved.reads("Aufgaben", "P-016.T-A03", "Status") == "erledigt"


def test_without_its_memory_nothing_is_deleted_and_nothing_invented(stadt):
    stadt.type("Lücken", "B-006/Räume", "Notiz", "Museum fragen")
    sync(stadt)
    shutil.rmtree(stadt.path.parent / "state")
    stadt.type("Aufgaben", "P-016.T-A03", "Bemerkung", "nach dem Umzug des Rechners")
    before = stadt.everything()
    done = sync(stadt)
    assert done.code in {0, 3}
    after = stadt.everything()
    for tab, rows in before.items():
        for number, cells in rows.items():
            for column, value in cells.items():
                if not isinstance(value, Formula) and tab != "Start":
                    assert after[tab].get(number, {}).get(column) == value, (tab, number, column)
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Bemerkung") == "nach dem Umzug des Rechners"
    settled(stadt)


def test_without_its_memory_two_values_of_one_task_are_a_conflict(stadt):
    stadt.type(WOHNBAU, "P-016.T-A03", "Zuständig", "Ute")
    sync(stadt)
    shutil.rmtree(stadt.path.parent / "state")
    stadt.type("Aufgaben", "P-016.T-A03", "Zuständig", "Cem")
    assert document(stadt)["exit"] == 3
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Zuständig") == "Ute"
    assert stadt.reads("Aufgaben", "P-016.T-A03", "Zuständig") == "Cem"


def test_without_its_memory_words_over_a_computed_cell_are_kept_all_the_same(stadt):
    sync(stadt)
    shutil.rmtree(stadt.path.parent / "state")
    stadt.type("Lücken", "B-008/Räume", "Nächster Schritt", "Frau Kaya fragt im Rathaus")
    sync(stadt)
    kept = any("Frau Kaya fragt im Rathaus" in (before or "") for _, _, _, before, _, _ in history(stadt))
    assert kept or stadt.reads("Lücken", "B-008/Räume", "Nächster Schritt") == "Frau Kaya fragt im Rathaus"


def test_an_old_copy_put_back_gets_what_was_typed_since_and_keeps_what_is_typed_into_it(stadt):
    stadt.write_row("Bedarfe", {"Bedarf": "Leihräder", "Lebensbereich": "Mobilität"})
    stadt.type(WOHNBAU, "P-016.T-A03", "Bemerkung", "alter Stand")
    sync(stadt)
    old = stadt.path.read_bytes()
    stadt.delete_row("Bedarfe", "B-010")
    stadt.delete_row(WOHNBAU, "P-016.T-R05")
    stadt.type(WOHNBAU, "P-016.T-A03", "Bemerkung", "neuer Stand")
    stadt.type("Partner", "P-002", "Bemerkung", "seither getippt")
    stadt.type("Partner", "P-003", "Bemerkung", "seither getippt")
    sync(stadt)
    stadt.path.write_bytes(old)
    stadt.type("Partner", "P-004", "Bemerkung", "in die alte Kopie getippt")
    stadt.type("Partner", "P-003", "Bemerkung", "beide haben getippt")
    done = sync(stadt)
    assert done.code == 3
    assert "älter" in done.err
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Bemerkung") == "neuer Stand"
    assert stadt.reads("Partner", "P-002", "Bemerkung") == "seither getippt"
    assert stadt.reads("Partner", "P-004", "Bemerkung") == "in die alte Kopie getippt"
    assert "B-010" not in stadt.ids("Bedarfe")
    assert "P-016.T-R05" not in stadt.ids(WOHNBAU)
    texts = stadt.texts()
    assert any("seither getippt" in text for text in texts)
    assert any("beide haben getippt" in text for text in texts)
    settled(stadt)


def test_a_copy_older_than_what_is_remembered_deletes_nothing(stadt):
    stadt.write_row("Bedarfe", {"Bedarf": "Leihräder", "Lebensbereich": "Mobilität"})
    sync(stadt)
    old = stadt.path.read_bytes()
    stadt.delete_row("Bedarfe", "B-010")
    sync(stadt)
    with database(stadt) as db:
        db.execute("INSERT OR REPLACE INTO meta SELECT 'archived since', MAX(run) FROM run")
    stadt.path.write_bytes(old)
    sync(stadt)
    assert stadt.reads("Bedarfe", "B-010", "Bedarf") == "Leihräder"
    settled(stadt)


def test_what_people_restore_counts_and_is_not_brought_up_to_date(stadt):
    stadt.write_row("Bedarfe", {"Bedarf": "Leihräder", "Lebensbereich": "Mobilität"})
    sync(stadt)
    stadt.delete_row("Bedarfe", "B-010")
    stadt.type("Partner", "P-002", "Bemerkung", "ein Versehen")
    sync(stadt)
    copies = json.loads(netz("backups", stadt.path, "--json").out)["backups"]
    # The first copy was made before the number was written: the row stands in it all the same.
    assert netz("restore", stadt.path, str(len(copies)), "--yes").code == 0
    sync(stadt)
    assert stadt.reads("Partner", "P-002", "Bemerkung") is None
    assert "Leihräder" in stadt.texts()
    settled(stadt)


def test_a_backup_is_made_before_every_write_and_restore_puts_it_back(stadt):
    original = stadt.path.read_bytes()
    stadt.type("Partner", "P-013", "Status", "aktiv")
    typed = stadt.path.read_bytes()
    sync(stadt)
    copies = json.loads(netz("backups", stadt.path, "--json").out)["backups"]
    assert len(copies) == 1
    day = datetime.fromisoformat(copies[0]["made"]).astimezone().strftime("%d.%m.%Y")
    assert day in netz("backups", stadt.path).out
    restored = netz("restore", stadt.path, "1", "--yes")
    assert restored.code == 0
    assert day in restored.err
    assert stadt.path.read_bytes() == typed != original
    assert sync(stadt).code in {0, 3}
    assert stadt.reads("Partner", "P-013", "Status") == "aktiv"


def test_the_state_folder_is_for_its_owner_alone(stadt):
    stadt.type("Partner", "P-013", "Status", "aktiv")
    sync(stadt)
    if os.name != "posix":
        pytest.skip("rights of files are tested on POSIX systems")
    state = stadt.path.parent / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    for path in state.rglob("*"):
        assert path.is_dir() or path.stat().st_mode & 0o777 == 0o600, path
