"""The tabs of working groups: the group's own rows, kept in step both ways."""

import pytest
from person import netz
from test_people_edit import history, settled, sync

NEEDS, MEASURES, ACCESS = "AG Einsamkeit", "AG Einsamkeit – Maßnahmen", "AG Zugang"


def ids(person, tab):
    return set(person.ids(tab))


def test_every_group_gets_the_tabs_it_asks_for_with_its_own_rows_only(stadt):
    tabs = stadt.tabs()
    assert {NEEDS, MEASURES, ACCESS, "Steuerungsgruppe"} <= set(tabs)
    assert not any(tab.startswith("AG Senior") for tab in tabs)  # a group that ended gets none
    assert ids(stadt, NEEDS) == {"B-002", "B-003"}
    assert ids(stadt, MEASURES) == {"M-002", "M-003", "M-006"}
    assert ids(stadt, ACCESS) == {"B-004", "B-005", "B-006", "B-009"}
    assert ids(stadt, "Steuerungsgruppe") == set()  # it asks for tasks, and has none yet
    settled(stadt)


@pytest.mark.parametrize(("here", "there"), [(NEEDS, "Bedarfe"), ("Bedarfe", NEEDS)])
def test_a_word_typed_on_one_tab_stands_on_the_other(stadt, here, there):
    stadt.type(here, "B-002", "Problem", "Es gibt keinen offenen Ort")
    sync(stadt)
    assert stadt.reads(there, "B-002", "Problem") == "Es gibt keinen offenen Ort"
    settled(stadt)


def test_two_versions_of_one_cell_both_stay_and_become_a_conflict(stadt):
    stadt.type(NEEDS, "B-002", "Problem", "Version der Gruppe")
    stadt.type("Bedarfe", "B-002", "Problem", "Version der Koordination")
    assert sync(stadt).code == 3
    assert stadt.reads(NEEDS, "B-002", "Problem") == "Version der Gruppe"
    assert stadt.reads("Bedarfe", "B-002", "Problem") == "Version der Koordination"
    assert any("Version der Gruppe" in text for text in stadt.texts())
    row = next(row for row in stadt.table("Konflikte").values())
    assert {NEEDS, "Bedarfe"} <= {str(value) for value in row.values()}
    settled(stadt)


def test_a_new_row_on_the_groups_tab_belongs_to_the_group(stadt):
    stadt.write_row(NEEDS, {"Bedarf": "Besuchsdienst am Abend", "Lebensbereich": "Begegnung & Nachbarschaft"})
    sync(stadt)
    assert stadt.reads("Bedarfe", "B-010", "Bedarf") == "Besuchsdienst am Abend"
    assert stadt.reads("Bedarfe", "B-010", "AG") == "AG Einsamkeit"
    assert stadt.reads(NEEDS, "B-010", "AG") == "AG Einsamkeit"
    assert "B-010" not in ids(stadt, ACCESS)
    settled(stadt)


def test_a_row_deleted_on_the_groups_tab_is_no_longer_the_groups_and_is_not_lost(stadt):
    before = stadt.table("Bedarfe")["B-003"]
    stadt.delete_row(NEEDS, "B-003")
    sync(stadt)
    after = stadt.table("Bedarfe")["B-003"]
    assert after == {key: value for key, value in before.items() if key != "AG"}
    assert ids(stadt, NEEDS) == {"B-002"}
    assert ("needs", "B-003", "group", "leave") in {(t, r, c, kind) for t, r, c, _, _, kind in history(stadt)}
    settled(stadt)


def test_a_row_given_to_another_group_moves_from_tab_to_tab(stadt):
    stadt.type("Bedarfe", "B-003", "AG", "AG Zugang")
    sync(stadt)
    assert ids(stadt, NEEDS) == {"B-002"}
    assert "B-003" in ids(stadt, ACCESS)
    assert "B-003" in ids(stadt, "Bedarfe")
    settled(stadt)


def test_a_row_cut_from_one_group_and_pasted_to_another_moves(stadt):
    row = stadt.table(NEEDS)["B-003"]
    stadt.delete_row(NEEDS, "B-003")
    stadt.write_row(ACCESS, {key: value for key, value in row.items() if key})
    sync(stadt)
    assert stadt.reads("Bedarfe", "B-003", "AG") == "AG Zugang"
    assert "B-003" in ids(stadt, ACCESS)
    assert "B-003" not in ids(stadt, NEEDS)
    settled(stadt)


def test_a_row_deleted_on_the_main_tab_leaves_the_groups_tab_too(stadt):
    stadt.delete_row("Bedarfe", "B-003")
    sync(stadt)
    assert "B-003" not in ids(stadt, NEEDS)
    settled(stadt)


def test_a_row_the_group_is_working_on_is_not_deleted_with_it(stadt):
    stadt.type(NEEDS, "B-003", "Problem", "Die Gruppe arbeitet daran")
    stadt.delete_row("Bedarfe", "B-003")
    sync(stadt)
    assert stadt.reads("Bedarfe", "B-003", "Problem") == "Die Gruppe arbeitet daran"
    settled(stadt)


def test_a_group_that_is_renamed_keeps_its_rows(stadt):
    stadt.type("Arbeitsgruppen", "AG-02", "Name", "AG Gemeinsam")
    sync(stadt)
    assert ids(stadt, NEEDS) == {"B-002", "B-003"}  # the tab keeps the title it had; people may rename it
    settled(stadt)
    stadt.write_row(NEEDS, {"Bedarf": "Besuchsdienst"})
    sync(stadt)
    assert stadt.reads("Bedarfe", "B-010", "AG") == "AG Gemeinsam"


def test_the_partners_of_a_group_follow_who_takes_part(stadt):
    stadt.type("Arbeitsgruppen", "AG-03", "Blätter", "Bedarfe; Partner")
    sync(stadt)
    tab = "AG Zugang – Partner"
    assert ids(stadt, tab) == {"P-001", "P-010"}
    stadt.type("Mitwirkung", "MW-011", "bis", "2025-05-01")
    sync(stadt)
    assert ids(stadt, tab) == {"P-001"}
    assert "P-010" in ids(stadt, "Partner")
    settled(stadt)


def test_partners_put_in_or_taken_out_of_a_groups_tab_join_and_leave_the_group(stadt):
    stadt.type("Arbeitsgruppen", "AG-03", "Blätter", "Bedarfe; Partner")
    sync(stadt)
    tab = "AG Zugang – Partner"
    stadt.write_row(tab, {"Kurzname": "Tafel", "Organisation": "Tafel Musterstadt e.V."})
    stadt.delete_row(tab, "P-010")
    sync(stadt)
    assert stadt.reads("Partner", "P-019", "Kurzname") == "Tafel"
    assert ids(stadt, tab) == {"P-001", "P-019"}
    assert stadt.reads("Mitwirkung", "MW-018", "Partner") == "Tafel"
    assert stadt.reads("Mitwirkung", "MW-018", "AG") == "AG Zugang"
    assert str(stadt.reads("Mitwirkung", "MW-011", "bis")) == "2025-05-15"
    assert "P-010" in ids(stadt, "Partner")
    settled(stadt)


def test_a_group_tab_that_people_removed_stays_away_until_init(stadt):
    stadt.delete_tab(NEEDS)
    sync(stadt)
    assert NEEDS not in stadt.tabs()
    assert {"B-002", "B-003"} <= ids(stadt, "Bedarfe")
    assert stadt.reads("Bedarfe", "B-002", "AG") == "AG-02"
    settled(stadt)
    assert netz("init", stadt.path, "--yes", "--today", "2025-05-15").code == 0
    assert ids(stadt, NEEDS) == {"B-002", "B-003"}
    settled(stadt)


def test_a_group_that_wants_no_tab_gets_none(stadt):
    stadt.write_row(
        "Arbeitsgruppen", {"Name": "AG Freizeit", "Art": "Arbeitsgruppe", "Blätter": "keine", "Status": "aktiv"}
    )
    stadt.write_row("Arbeitsgruppen", {"Name": "AG Wohnen: Süd/West", "Art": "Arbeitsgruppe", "Status": "aktiv"})
    sync(stadt)
    assert "AG Freizeit" not in stadt.tabs()
    assert ids(stadt, "AG Wohnen Süd West") == set()  # the default; signs that a title must not hold are left out
    settled(stadt)
    stadt.write_row("AG Wohnen Süd West", {"Bedarf": "Aufzüge"}, row=2)
    sync(stadt)
    assert stadt.reads("Bedarfe", "B-010", "AG") == "AG Wohnen: Süd/West"
    settled(stadt)


def test_the_tasks_of_a_group_stand_on_its_tab_and_on_the_overviews(stadt):
    tab = "Steuerungsgruppe"
    stadt.write_row(tab, {"Aufgabe": "Sitzung vorbereiten", "Status": "offen"})
    sync(stadt)
    (own,) = ids(stadt, tab)
    assert {own} <= ids(stadt, "Aufgaben") & ids(stadt, "Netzwerkaufgaben")
    assert stadt.reads("Netzwerkaufgaben", own, "Für") == "Steuerungsgruppe"
    settled(stadt)
    stadt.type("Aufgaben", own, "Status", "erledigt")
    sync(stadt)
    assert stadt.reads(tab, own, "Status") == "erledigt"
    settled(stadt)
    stadt.delete_row(tab, own)
    sync(stadt)
    assert not {own} & (ids(stadt, "Aufgaben") | ids(stadt, "Netzwerkaufgaben") | ids(stadt, tab))
    settled(stadt)
