"""Hard days, each with the sentence a person reads. Those that are told elsewhere are listed here, none is told twice.

disk full              test_kill.py (a real disk of one megabyte, for the workbook and for the state), test_faults.py
share read-only        test_exit_codes.py, test_faults.py (as an ordinary user, before and during a run)
clocks that jump       here on the command line; test_machine.py (random histories)
copies of OneDrive …   test_conflict_copies.py; here, those that are only named
workbook of yesterday  here (the sentence); test_wrong_base.py (what is deleted and what is not)
state folder lost      here (the sentence); test_people_edit.py (every cell)
a second machine       here
a renamed file         test_people_edit.py, test_history.py, test_person.py
document deleted       tests/google/test_backend_network.py, test_demo_at_google.py
10,000 rows pasted     here
a tab deleted          test_deleted_tab.py; here, a tab of the tool
"""

import json
import shutil

from person import DAY, Person, netz

WORD = ("Partner", "P-003", "Bemerkung")


def synced(person, *more):
    done = netz("sync", person.path, *(more or ("--today", DAY)))
    assert done.code in {0, 3}, done.err
    return done


def settled(person, *more):
    before = person.path.read_bytes()
    assert "nichts" in synced(person, *more).err
    assert person.path.read_bytes() == before


# --- copies that a synchronised folder makes --------------------------------------------------------------

COPY = "stadt-DESKTOP-1A2B3C.xlsx"
NO_COPIES = ["stadt-nord.xlsx", "stadt-2025-05.xlsx", "stadt (1).xlsx", "landkreis (conflicted copy).xlsx"]


def test_other_files_beside_a_workbook_are_no_conflict_copies(stadt):
    synced(stadt)
    for name in NO_COPIES:
        shutil.copyfile(stadt.path, stadt.path.with_name(name))
    assert "Konfliktkopie" not in synced(stadt).err
    assert "Konfliktkopie" not in netz("doctor", stadt.path).out


def test_the_sentence_about_a_copy_that_is_not_read_brings_its_words_in(stadt, monkeypatch):
    """Another machine wrote it, so nobody here knows what was agreed with it."""
    synced(stadt)
    copy = Person(stadt.path.with_name(COPY))
    shutil.copyfile(stadt.path, copy.path)
    monkeypatch.setenv("NETZWERK_STATE", str(stadt.path.parent / "zweiter Rechner"))
    synced(copy)
    monkeypatch.setenv("NETZWERK_STATE", str(stadt.path.parent / "state"))
    copy.type(*WORD, "nur in der Kopie")
    stadt.type("Partner", "P-002", "Bemerkung", "nur in der Mappe")
    for command in ("doctor", "sync"):
        done = netz(command, stadt.path, "--today", DAY)
        assert done.code == 3
        said = done.out + done.err
        assert f"Daneben liegt {COPY}, wohl eine Konfliktkopie." in said
    line = said[said.index("workbook = [") :]
    stadt.path.with_name("netzwerk.toml").write_text(line[: line.index("]") + 1], encoding="utf-8")
    assert "Konfliktkopie" not in synced(stadt).err
    assert "Konfliktkopie" not in netz("doctor", stadt.path).out
    assert stadt.reads(*WORD) == "nur in der Kopie"
    assert copy.reads("Partner", "P-002", "Bemerkung") == "nur in der Mappe"
    stadt.path.with_name("netzwerk.toml").unlink()
    copy.path.unlink()
    settled(stadt)
    assert stadt.reads(*WORD) == "nur in der Kopie"


# --- yesterday, another machine, no memory ----------------------------------------------------------------


def test_a_workbook_of_yesterday_is_named_and_gets_what_was_written_since(stadt):
    synced(stadt)
    yesterday = stadt.path.read_bytes()
    stadt.type(*WORD, "heute getippt")
    synced(stadt)
    stadt.path.write_bytes(yesterday)
    assert "Was seither geschrieben wurde, käme wieder hinein." in netz("plan", stadt.path, "--today", DAY).err
    said = synced(stadt).err
    assert "stadt.xlsx war ein älterer Stand." in said
    assert f"netzwerk restore {stadt.path} 1" in said
    assert stadt.reads(*WORD) == "heute getippt"
    settled(stadt)
    assert netz("restore", stadt.path, "1", "--yes").code == 0  # as it said
    assert stadt.path.read_bytes() == yesterday


def test_a_lost_state_folder_is_named_and_deletes_nothing(stadt):
    synced(stadt)
    shutil.rmtree(stadt.path.parent / "state")
    stadt.delete_row("Bedarfe", "B-003")
    stadt.type(*WORD, "danach getippt")
    partners = stadt.ids("Partner")
    assert "mit keiner früheren verglichen" in synced(stadt).err
    assert stadt.ids("Partner") == partners
    assert stadt.reads(*WORD) == "danach getippt"
    settled(stadt)


def test_two_machines_take_turns_on_one_share(stadt, monkeypatch, tmp_path):
    synced(stadt)
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "zweiter Rechner"))
    stadt.type(*WORD, "am zweiten Rechner")
    assert "mit keiner früheren verglichen" in synced(stadt).err
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "state"))
    stadt.type("Partner", "P-002", "Bemerkung", "am ersten Rechner")
    rows = stadt.ids("Partner"), stadt.ids("Bedarfe")
    synced(stadt)
    assert stadt.reads(*WORD) == "am zweiten Rechner"
    assert stadt.reads("Partner", "P-002", "Bemerkung") == "am ersten Rechner"
    assert (stadt.ids("Partner"), stadt.ids("Bedarfe")) == rows
    settled(stadt)


# --- mistakes and machines --------------------------------------------------------------------------------


def test_ten_thousand_rows_pasted_by_accident_stop_the_table_and_lose_nothing(stadt):
    synced(stadt)
    names = stadt.table("Partner")
    with stadt.sheet("Gespräche") as sheet:
        top = sheet.max_row
        for number in range(10_000):
            sheet.cell(top + 1 + number, 2).value = "2025-05-01"
            sheet.cell(top + 1 + number, 3).value = f"Zeile {number}"
    stadt.type(*WORD, "nebenbei getippt")
    pasted = stadt.everything()["Gespräche"]
    done = netz("sync", stadt.path, "--today", DAY)
    assert done.code == 7
    assert "In „Gespräche“ kamen 10000 Zeilen zu den 18 von vorher dazu." in done.err
    assert "--confirm" in done.err
    assert stadt.everything()["Gespräche"] == pasted, "not even a number was given to them"
    assert stadt.reads(*WORD) == "nebenbei getippt"
    assert stadt.table("Partner").keys() == names.keys()
    with stadt.sheet("Gespräche") as sheet:
        sheet.delete_rows(top + 1, 10_000)
    synced(stadt)
    settled(stadt)


def test_a_deleted_tab_of_the_tool_stays_away_until_it_is_asked_for(stadt):
    synced(stadt)
    rows = stadt.everything()["Lücken"]
    stadt.delete_tab("Lücken")
    synced(stadt)
    assert "Lücken" not in stadt.tabs()
    settled(stadt)
    assert "Lücken" in netz("init", stadt.path, "--today", DAY).err
    assert stadt.everything()["Lücken"] == rows


def test_a_clock_that_jumps_a_year_and_back_moves_no_word(stadt):
    stadt.type(*WORD, "vor dem Sprung")
    synced(stadt)
    rows = {tab: stadt.table(tab) for tab in ("Partner", "Bedarfe", "Stimmen")}
    for day in ("2024-05-15", "2026-05-15", DAY):
        synced(stadt, "--today", day)
        settled(stadt, "--today", day)
        assert json.loads(netz("plan", stadt.path, "--json", "--today", day).out)["cells"] == []
    assert {tab: stadt.table(tab) for tab in rows} == rows
