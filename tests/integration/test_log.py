"""The record of changes in the workbook: what changed, where it came from, without telling of itself or of persons."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from person import DAY, Person, netz, settled, sync

from netzwerk_sheets.grid import shown

LOG, WOHNBAU = "Protokoll", "OB P-016 Wohnbau"
SCRIPT = Path(__file__).with_name("killed.py")


def told(person, tab=LOG):
    """The lines as a person sees them, from the top."""
    rows = person.table(tab, "No" if tab == "Change log" else "Nr")
    return [{head: shown(v) for head, v in cells.items()} for key, cells in rows.items() if key]


def links(person, tab):
    import openpyxl

    sheet = openpyxl.load_workbook(person.path)[tab]
    return {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}


def test_a_new_workbook_has_nothing_to_tell(stadt):
    assert stadt.everything()[LOG][2][1] == "Es hat sich noch nichts geändert."
    assert told(stadt) == []


def test_a_changed_cell_is_told_with_day_run_place_and_both_values(stadt):
    row = stadt._place("Partner", "P-013", "Status")[0]
    stadt.type("Partner", "P-013", "Status", "aktiv")
    sync(stadt, day="2025-05-16")
    line = next(each for each in told(stadt) if each["Spalte"] == "Status")
    assert str(line["Datum"]) == "2025-05-16"
    assert (line["Lauf"], line["Was geschah"], line["Tabelle"]) == (2, "geändert", "Partner")
    assert line["Zeile"].startswith("P-013 ")
    assert (line["War"], line["Ist"], line["Kommt aus"]) == ("Wunschpartner", "aktiv", "Partner")
    assert links(stadt, LOG)[line["Wo"]] == f"'Partner'!{line['Wo'].partition('!')[2]}"
    assert line["Wo"] == f"Partner!K{row}"
    settled(stadt, day="2025-05-16")


def test_the_newest_stands_on_top_and_a_row_is_one_line(stadt):
    stadt.write_row("Partner", {"Kurzname": "Tafel", "Organisation": "Tafel Musterstadt e.V."})
    sync(stadt)
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    found = [(each["Was geschah"], (each["Zeile"] or "").split()[0]) for each in told(stadt)]
    assert found[0] == ("gelöscht", "BZ-002")
    assert found.count(("neue Zeile", "P-019")) == 1
    numbers = [each["Nr"] for each in told(stadt)]
    assert numbers == sorted(numbers, reverse=True)
    settled(stadt)


def test_a_run_that_only_writes_the_log_makes_no_new_line(stadt):
    sync(stadt)
    stadt.type("Partner", "P-013", "Bemerkung", "ruft im Mai an")
    sync(stadt)
    lines = told(stadt)
    assert lines[0]["Ist"] == "ruft im Mai an"
    for _ in range(3):
        settled(stadt)
    assert told(stadt) == lines


def test_moved_rows_alone_do_not_write_the_log(stadt):
    stadt.type("Beziehungen", "BZ-002", "Zu", "P-004")
    sync(stadt)
    place = told(stadt)[0]["Wo"]
    stadt.sort("Beziehungen", "Nr", reverse=True)
    assert stadt._place("Beziehungen", "BZ-002", "Zu")[0] != int(place[-1])
    assert json.loads(netz("plan", stadt.path, "--json", "--today", DAY).out)["cells"] == []
    settled(stadt)
    assert told(stadt)[0]["Wo"] == place
    stadt.type("Partner", "P-014", "Bemerkung", "auch")
    sync(stadt)
    moved = next(each for each in told(stadt) if each["Ist"] == "P-004")
    assert moved["Wo"] == f"{place[:-1]}{stadt._place('Beziehungen', 'BZ-002', 'Zu')[0]}"
    settled(stadt)


def test_data_of_a_person_are_never_told(stadt):
    before = next(shown(v) for h, v in stadt.table("Ansprechpersonen")["K-002"].items() if h == "E-Mail")
    stadt.type("Ansprechpersonen", "K-002", "E-Mail", "neu.buero@vhs.example")
    stadt.type("Ansprechpersonen", "K-002", "Name", "Erika Beispiel")
    sync(stadt)
    words = [str(value) for each in told(stadt) for value in each.values()]
    assert not any(secret in word for word in words for secret in (before, "neu.buero", "Erika"))
    line = next(each for each in told(stadt) if each["Spalte"] == "E-Mail")
    assert (line["War"], line["Ist"], line["Zeile"]) == ("–", "geändert", "K-002")


def test_a_deletion_that_was_denied_is_told_with_both_places(stadt):
    stadt.delete_row("Aufgaben", "P-016.T-R05")
    stadt.type(WOHNBAU, "P-016.T-R05", "Bemerkung", "am 3. Juni im Rathaus")
    done = sync(stadt)
    assert "P-016.T-R05 wurde gelöscht, bleibt aber" in done.err
    assert "P-016.T-R05" in stadt.ids("Aufgaben")
    line = next(each for each in told(stadt) if each["Was geschah"] == "gelöscht, aber bleibt")
    assert line["Zeile"].startswith("P-016.T-R05")
    assert line["War"] == "gelöscht in Aufgaben"
    assert line["Ist"] == f"geändert in {WOHNBAU}, bleibt"
    settled(stadt)
    assert next(each for each in told(stadt) if each["Nr"] == line["Nr"]) == line


def test_it_is_told_when_a_row_comes_back(stadt):
    stadt.delete_row("Beziehungen", "BZ-002")
    sync(stadt)
    stadt.type("Papierkorb", "BZ-002", "Wiederherstellen?", "ja")
    sync(stadt)
    line = told(stadt)[0]
    assert (line["Was geschah"], line["Zeile"], line["Kommt aus"]) == ("wiederhergestellt", "BZ-002", "Papierkorb")
    assert line["Wo"].startswith("Beziehungen!")
    settled(stadt)


def test_words_typed_over_a_computed_cell_can_be_read_again(stadt):
    stadt.type("Lücken", "B-008/Räume", "Nächster Schritt", "Frau Kaya fragt im Rathaus")
    sync(stadt)
    line = next(each for each in told(stadt) if each["War"] == "Frau Kaya fragt im Rathaus")
    assert (line["Was geschah"], line["Tabelle"], line["Zeile"]) == ("überschrieben, hier aufgehoben", "Lücken", "J5")
    settled(stadt)


def test_words_typed_over_the_log_are_taken_back_and_it_does_not_tell_of_itself(stadt):
    stadt.type("Partner", "P-013", "Bemerkung", "ruft im Mai an")
    sync(stadt)
    lines = told(stadt)
    stadt.put(LOG, 5, 10, "gefälscht")
    assert f"{LOG}!J5" in sync(stadt).err
    assert told(stadt) == lines
    settled(stadt)


def test_only_so_many_lines_stand_there_as_the_setting_says(stadt):
    row = next(n for n, cells in stadt.everything()["Einstellungen"].items() if cells.get(1) == "protokoll.zeilen")
    stadt.put("Einstellungen", row, 2, 3)
    for number in range(6):
        stadt.type("Partner", f"P-{number + 1:03}", "Bemerkung", f"Wort {number}")
    sync(stadt)
    assert len(told(stadt)) == 3
    stadt.type("Partner", "P-013", "Bemerkung", "das Neueste")
    sync(stadt)
    assert told(stadt)[0]["Ist"] == "das Neueste"
    assert len(told(stadt)) == 3
    settled(stadt)


def test_rows_that_are_only_read_for_the_first_time_are_no_news(stadt):
    import shutil

    sync(stadt)
    shutil.rmtree(stadt.path.parent / "state")
    sync(stadt)
    assert told(stadt) == []
    settled(stadt)


@pytest.mark.parametrize("number", [1, 4, 5, 7])
def test_killed_at_any_step_every_change_is_told_once(stadt, number):
    stadt.type("Partner", "P-013", "Bemerkung", "ruft im Mai an")
    run = subprocess.run([sys.executable, SCRIPT, stadt.path, str(number), "kill"], capture_output=True, check=False)
    assert run.returncode == -9
    assert netz("sync", stadt.path).code in {0, 3}
    assert [each["Ist"] for each in told(stadt)].count("ruft im Mai an") == 1
    settled(stadt)


def test_a_deleted_log_stays_away_until_init_and_then_tells_everything(stadt):
    stadt.type("Partner", "P-013", "Bemerkung", "ruft im Mai an")
    sync(stadt)
    stadt.delete_tab(LOG)
    stadt.type("Partner", "P-014", "Bemerkung", "auch")
    sync(stadt)
    assert LOG not in stadt.tabs()
    assert netz("init", stadt.path, "--today", DAY).code == 0
    assert {"ruft im Mai an", "auch"} <= {each["Ist"] for each in told(stadt)}
    settled(stadt)


def test_the_log_stands_where_people_look_for_it(stadt):
    tabs = stadt.tabs()
    assert tabs.index(LOG) == tabs.index("Verlauf") + 1
    assert tabs.index("Papierkorb") == tabs.index("Konflikte") + 1


def test_in_english(tmp_path, monkeypatch):
    monkeypatch.setenv("NETZWERK_LANG", "en")
    person = Person(tmp_path / "town.xlsx")
    assert netz("init", person.path, "--name", "Town").code == 0
    person.write_row("Needs", {"Need": "Bikes", "Priority": "high"}, header="No")
    sync(person)
    person.type("Needs", "B-001", "Priority", "low")
    sync(person)
    line = told(person, "Change log")[0]
    assert (line["What happened"], line["Was"], line["Is"], line["Comes from"]) == ("changed", "high", "low", "Needs")
    settled(person)


def test_a_deleted_row_keeps_its_name_in_the_log(stadt):
    stadt.delete_row("Maßnahmen", "M-006")
    sync(stadt)
    assert told(stadt)[0]["Zeile"] == "M-006 Nachbarschaftshilfe im Stadtteilcafé"
    assert told(stadt)[0]["Wo"] == "–"


def test_what_the_tool_itself_showed_is_never_called_typed(stadt):
    """The partner's name beside a task is the tool's from the first day on, also when it changes."""
    stadt.type("Partner", "P-016", "Kurzname", "Wohnbau Nord")
    done = sync(stadt)
    assert "schreibt netzwerk selbst" not in done.err
    assert not [each for each in told(stadt) if each["Was geschah"] == "überschrieben, hier aufgehoben"]
    settled(stadt)
