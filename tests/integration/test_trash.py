"""What people delete lies in the trash of the workbook, whole, until they want it back or its time is over."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter
from person import Person, netz, settled, sync

from netzwerk_sheets.grid import shown
from netzwerk_sheets.state.folder import key_of

TRASH, WOHNBAU = "Papierkorb", "OB P-016 Wohnbau"
SCRIPT = Path(__file__).with_name("killed.py")


def binned(person, tab=TRASH):
    """Id → header → what a person sees, for the rows of the trash."""
    head = "No" if tab == "Trash" else "Nr"
    rows = {key: cells for key, cells in person.table(tab, head).items() if key}
    return {key: {name: shown(value) for name, value in cells.items()} for key, cells in rows.items()}


def test_a_new_workbook_says_that_nothing_was_deleted(stadt):
    assert stadt.everything()[TRASH][2][1] == "Der Papierkorb ist leer. Es wurde nichts gelöscht."
    assert binned(stadt) == {}


def test_a_deleted_row_lies_in_the_trash_with_everything_that_stood_in_it(stadt):
    was = {head: shown(value) for head, value in stadt.table("Beziehungen")["BZ-002"].items()}
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    found = binned(stadt)["BZ-002"]
    assert found["Tabelle"] == "Beziehungen"
    assert (str(found["Gelöscht am"]), found["Lauf"], found["Gelöscht in"]) == ("2025-05-15", 2, "Beziehungen")
    assert str(found["Bleibt bis"]) == "2025-06-14"
    assert found["Wiederherstellen?"] == "–"
    lines = dict(line.split(": ", 1) for line in found["Angaben"].split("\n"))
    assert lines.keys() == {head for head, value in was.items() if head != "Nr" and value not in (None, "")}
    assert all(str(was[head]) == text for head, text in lines.items() if isinstance(was[head], str))
    settled(stadt)


@pytest.mark.parametrize(
    ("word", "remedy"), [("jah", "Meinten Sie „ja“?"), ("vielleicht", "Wählen Sie ein Wort aus der Liste")]
)
def test_a_word_that_means_neither_yes_nor_no_is_a_finding_at_its_cell(stadt, word, remedy):
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    stadt.type(TRASH, "BZ-002", "Wiederherstellen?", word)
    sync(stadt)
    assert binned(stadt)["BZ-002"]["Wiederherstellen?"] == word
    row, column, _ = stadt._place(TRASH, "BZ-002", "Wiederherstellen?")
    found = [
        each for each in json.loads(netz("check", stadt.path, "--json").out)["findings"] if each["rule"] == "R-P01"
    ]
    assert [each["cell"] for each in found] == [f"{TRASH}!{get_column_letter(column)}{row}"]
    assert remedy in str(stadt.everything()["Prüfung"])
    settled(stadt)
    stadt.type(TRASH, "BZ-002", "Wiederherstellen?", "ja")
    sync(stadt)
    assert "BZ-002" in stadt.ids("Beziehungen")
    assert remedy not in str(stadt.everything()["Prüfung"])


def test_yes_brings_a_row_back_under_its_id_with_all_its_cells(stadt):
    before = stadt.table("Beziehungen")["BZ-002"]
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    stadt.type(TRASH, "BZ-002", "Wiederherstellen?", "ja")
    assert "Die Zeile BZ-002 käme aus dem Papierkorb zurück" in netz("plan", stadt.path, "--today", "2025-05-20").err
    done = sync(stadt, day="2025-05-20")
    assert "Die Zeile BZ-002 ist wieder da" in done.err
    assert stadt.table("Beziehungen")["BZ-002"] == before
    assert binned(stadt) == {}
    settled(stadt, day="2025-05-20")
    stadt.write_row("Beziehungen", {"Von": "P-001", "Zu": "P-003"})
    sync(stadt, day="2025-05-20")
    assert stadt.ids("Beziehungen").count("BZ-002") == 1


def test_json_names_what_came_back(stadt):
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    stadt.type(TRASH, "BZ-002", "Wiederherstellen?", "ja")
    document = json.loads(netz("sync", stadt.path, "--json", "--today", "2025-05-15").out)
    assert document["restored"] == [{"table": "relationships", "row": "BZ-002"}]


@pytest.mark.parametrize("tab", [WOHNBAU, "Aufgaben"])
def test_a_task_removed_on_purpose_comes_back_on_every_tab_that_shows_it(stadt, tab):
    stadt.type(WOHNBAU, "P-016.T-R05", "Bemerkung", "im Rathaus")
    sync(stadt)
    before = {name: stadt.table(name)["P-016.T-R05"] for name in (WOHNBAU, "Aufgaben")}
    stadt.delete_row(tab, "P-016.T-R05")
    sync(stadt)
    found = binned(stadt)["P-016.T-R05"]
    assert found["Gelöscht in"] == tab
    assert "Bemerkung: im Rathaus" in found["Angaben"]
    assert f"Blatt: {WOHNBAU}" in found["Angaben"]
    settled(stadt)
    stadt.type(TRASH, "P-016.T-R05", "Wiederherstellen?", "ja")
    sync(stadt)
    for name, cells in before.items():
        now = stadt.table(name)["P-016.T-R05"]
        assert {head: shown(value) for head, value in now.items()} == {h: shown(v) for h, v in cells.items()}
    assert binned(stadt) == {}
    settled(stadt)


def test_rows_leave_the_trash_when_their_time_is_over_but_their_number_stays_used(stadt):
    stadt.write_row("Bedarfe", {"Bedarf": "Leihräder", "Lebensbereich": "Mobilität"})
    sync(stadt)
    stadt.delete_row("Bedarfe", "B-010")
    sync(stadt)
    sync(stadt, day="2025-06-14")
    assert list(binned(stadt)) == ["B-010"]
    sync(stadt, day="2025-06-15")
    assert binned(stadt) == {}
    settled(stadt, day="2025-06-15")
    stadt.write_row("Bedarfe", {"Bedarf": "Rampen", "Lebensbereich": "Mobilität"})
    sync(stadt, day="2025-06-15")
    assert stadt.reads("Bedarfe", "B-011", "Bedarf") == "Rampen"


def test_how_long_rows_stay_is_a_setting(stadt):
    row = next(n for n, cells in stadt.everything()["Einstellungen"].items() if cells.get(1) == "papierkorb.tage")
    stadt.put("Einstellungen", row, 2, 3)
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    assert str(binned(stadt)["BZ-002"]["Bleibt bis"]) == "2025-05-18"
    sync(stadt, day="2025-05-19")
    assert binned(stadt) == {}


def test_data_of_a_person_come_back_but_never_stand_in_the_trash(stadt):
    before = stadt.table("Ansprechpersonen")["K-002"]
    mail = next(shown(value) for head, value in before.items() if head == "E-Mail")
    assert mail
    stadt.delete_row("Ansprechpersonen", "K-002")
    sync(stadt)
    assert not any(mail in text for text in stadt.texts())
    assert "E-Mail: Angabe zu einer Person" in binned(stadt)["K-002"]["Angaben"]
    stadt.type(TRASH, "K-002", "Wiederherstellen?", "ja")
    sync(stadt)
    assert stadt.table("Ansprechpersonen")["K-002"] == before


def test_a_row_people_put_back_themselves_leaves_the_trash(stadt):
    cells = {head: shown(v) for head, v in stadt.table("Beziehungen")["BZ-002"].items() if shown(v) is not None}
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    stadt.write_row("Beziehungen", cells)
    sync(stadt)
    assert "BZ-002" in stadt.ids("Beziehungen")
    assert binned(stadt) == {}
    settled(stadt)


def test_many_rows_come_back_at_once_and_other_words_bring_nothing_back(stadt):
    stadt.delete_rows("Beziehungen", ["BZ-001", "BZ-002", "BZ-003"])
    assert sync(stadt).code in {0, 3}
    for row, word in {"BZ-001": "JA", "BZ-002": "vielleicht", "BZ-003": "x"}.items():
        stadt.type(TRASH, row, "Wiederherstellen?", word)
    sync(stadt)
    assert {"BZ-001", "BZ-003"} <= set(stadt.ids("Beziehungen"))
    assert {key: row["Wiederherstellen?"] for key, row in binned(stadt).items()} == {"BZ-002": "vielleicht"}
    settled(stadt)


def test_while_a_table_is_held_back_the_wish_waits(stadt):
    stadt.delete_row("Bedarfe", "B-009")
    sync(stadt)
    stadt.type(TRASH, "B-009", "Wiederherstellen?", "ja")
    stadt.delete_rows("Bedarfe", ["B-001", "B-002", "B-003", "B-004", "B-005"])
    done = json.loads(netz("sync", stadt.path, "--json", "--today", "2025-05-15").out)
    assert done["exit"] == 7
    assert done["restored"] == []
    assert binned(stadt)["B-009"]["Wiederherstellen?"] == "ja"
    token = next(each["token"] for each in done["held"] if each.get("token"))
    done = json.loads(netz("sync", stadt.path, "--json", "--today", "2025-05-15", "--confirm", token).out)
    assert done["restored"] == [{"table": "needs", "row": "B-009"}]
    assert stadt.ids("Bedarfe") == ["B-006", "B-007", "B-008", "B-009"]
    assert list(binned(stadt)) == ["B-001", "B-002", "B-003", "B-004", "B-005"]


@pytest.mark.parametrize("number", [1, 4, 5, 7])
def test_killed_while_a_row_comes_back_the_next_run_brings_it(stadt, number):
    before = stadt.table("Beziehungen")["BZ-002"]
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    stadt.type(TRASH, "BZ-002", "Wiederherstellen?", "ja")
    run = subprocess.run([sys.executable, SCRIPT, stadt.path, str(number), "kill"], capture_output=True, check=False)
    assert run.returncode == -9
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.table("Beziehungen")["BZ-002"] == before
    assert binned(stadt) == {}
    with sqlite3.connect(stadt.path.parent / "state" / "networks" / f"{key_of(stadt.path)}.sqlite") as db:
        assert db.execute("SELECT count(*) FROM tombstone").fetchone() == (0,)


def test_words_typed_over_the_trash_are_kept_and_its_rows_come_back(stadt):
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    stadt.type(TRASH, "BZ-002", "Angaben", "weg damit")
    sync(stadt)
    assert binned(stadt)["BZ-002"]["Angaben"] != "weg damit"
    assert any(row.get("War") == "weg damit" for row in stadt.table("Protokoll").values())
    stadt.delete_row(TRASH, "BZ-002")
    sync(stadt)
    assert list(binned(stadt)) == ["BZ-002"]
    settled(stadt)


def test_without_its_table_the_wish_stays_until_someone_can_grant_it(stadt):
    stadt.delete_row("Ziele", "Z-002")
    sync(stadt)
    stadt.delete_tab("Ziele")
    stadt.type(TRASH, "Z-002", "Wiederherstellen?", "ja")
    sync(stadt)
    assert binned(stadt)["Z-002"]["Wiederherstellen?"] == "ja"
    assert netz("init", stadt.path, "--demo", "--today", "2025-05-15").code == 0
    sync(stadt)
    assert "Z-002" in stadt.ids("Ziele")
    assert binned(stadt) == {}


def test_in_english(tmp_path, monkeypatch):
    monkeypatch.setenv("NETZWERK_LANG", "en")
    path = tmp_path / "town.xlsx"
    assert netz("init", path, "--name", "Town").code == 0
    person = Person(path)
    person.write_row("Needs", {"Need": "Bikes", "Priority": "high"}, header="No")
    sync(person)
    person.delete_row("Needs", "B-001")
    sync(person)
    assert binned(person, "Trash")["B-001"]["Entries"].split("\n")[0] == "Need: Bikes"
    person.type("Trash", "B-001", "Restore?", "yes")
    assert "The row B-001 is back" in sync(person).err
    assert person.reads("Needs", "B-001", "Need") == "Bikes"
    settled(person)
