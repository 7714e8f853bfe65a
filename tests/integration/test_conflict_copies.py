"""Conflict copies that OneDrive, Nextcloud, Dropbox or Syncthing lay beside a workbook: read, never written or deleted.

What was typed in one comes in once. A copy that lags behind deletes nothing and takes nothing back, and erased people
do not come back with it. `test_hard_days.py` has the copies that are only named.
"""

import json
import os
import re
import shutil
import sqlite3
import time

import pytest
from person import DAY, Person, netz

from netzwerk_sheets.backends.excel.strays import conflict_copies
from netzwerk_sheets.state import store

COPY = "stadt-DESKTOP-1A2B3C.xlsx"
COPIES = [
    COPY,
    "stadt-LAPTOP-A1B2C3D4-2.xlsx",
    "stadt (In Konflikt stehende Kopie von Büro 2025-05-14).xlsx",
    "stadt (conflicted copy 2025-05-14 091500).xlsx",
    "stadt (Ute's conflicted copy 2025-05-14).xlsx",
    "stadt.sync-conflict-20250514-091500-ABCDEFG.xlsx",
]
NOTE = "Bemerkung"


def synced(person, *more):
    done = netz("sync", person.path, "--today", DAY, *more)
    assert done.code in {0, 3}, done.err
    return done


def found(person, *more):
    """What a sync says of the copies, as plain data."""
    return json.loads(synced(person, "--json", *more).out)["copies"]


def settled(person):
    """Nothing is written any more, and the state does not grow either."""
    before = person.path.read_bytes()
    document = json.loads(synced(person, "--json").out)
    assert not document["written"]
    assert person.path.read_bytes() == before


def laid(person, name=COPY):
    """Lay a copy of the workbook as it is now beside it."""
    shutil.copyfile(person.path, person.path.with_name(name))
    return Person(person.path.with_name(name))


class Untouched:
    """Every copy is, after everything, byte for byte as people left it."""

    def __init__(self):
        self.before = {}

    def __call__(self, *people):
        self.before |= {each.path: (each.path.read_bytes(), each.path.stat().st_mtime_ns) for each in people}


@pytest.fixture
def untouched():
    copies = Untouched()
    yield copies
    for path, before in copies.before.items():
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before, f"{path.name} was touched"


@pytest.mark.parametrize("name", COPIES)
def test_what_was_typed_in_a_copy_comes_in_once_and_the_copy_stays(stadt, untouched, name):
    synced(stadt)
    copy = laid(stadt, name)
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    stadt.type("Partner", "P-002", NOTE, "nur in der Mappe")
    untouched(copy)
    said = synced(stadt).err
    assert f"1 Änderung aus der Konfliktkopie {name} steht jetzt auch in stadt.xlsx." in said
    assert stadt.reads("Partner", "P-003", NOTE) == "nur in der Kopie"
    assert stadt.reads("Partner", "P-002", NOTE) == "nur in der Mappe"
    again = synced(stadt)
    assert again.code == 3, "people should tidy up"
    assert "unverändert" in again.err
    assert f"Daneben liegt die Konfliktkopie {name}. Was darin stand, kennt stadt.xlsx schon." in again.err
    assert found(stadt) == [{"file": name, "state": "known", "changes": 0, "refused": []}]
    settled(stadt)
    assert f"({name})" in str(netz("history", stadt.path, "P-003").out) + str(stadt.everything()["Protokoll"])


def test_plan_and_dry_run_say_what_sync_does_and_write_nothing(stadt, untouched):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    untouched(copy, stadt)
    state = next((stadt.path.parent / "state" / "networks").glob("*.sqlite"))
    before = state.read_bytes()
    for words in (("plan",), ("sync", "-n")):
        said = netz(words[0], stadt.path, "--today", DAY, *words[1:])
        assert f"1 Änderung aus der Konfliktkopie {COPY} käme in stadt.xlsx dazu." in said.err
    cells = json.loads(netz("plan", stadt.path, "--json", "--today", DAY).out)["cells"]
    assert "Partner" in {cell["tab"] for cell in cells}
    assert found(stadt, "-n") == [{"file": COPY, "state": "merged", "changes": 1, "refused": []}]
    assert state.read_bytes() == before
    plan = stadt.path.with_name("plan.json")
    netz("plan", stadt.path, "-o", plan, "--today", DAY)
    del untouched.before[stadt.path]
    assert netz("sync", stadt.path, "--plan", plan).code in {0, 3}
    assert stadt.reads("Partner", "P-003", NOTE) == "nur in der Kopie"
    settled(stadt)


def test_a_copy_that_lags_behind_deletes_nothing_and_takes_nothing_back(stadt, untouched):
    synced(stadt)
    copy = laid(stadt)
    stadt.type("Partner", "P-002", NOTE, "später getippt")
    stadt.delete_row("Bedarfe", "B-003")
    new = {"Kurzname": "Neu", "Organisation": "Ein neuer Partner"}
    stadt.write_row("Partner", new)
    synced(stadt)
    partners, needs = stadt.ids("Partner"), stadt.ids("Bedarfe")
    stadt.type("Partner", "P-004", NOTE, "noch später getippt")
    copy.type("Partner", "P-003", NOTE, "in der alten Kopie")
    untouched(copy)
    assert found(stadt)[0]["changes"] == 1
    assert stadt.ids("Partner") == partners
    assert stadt.ids("Bedarfe") == needs
    assert "B-003" not in needs
    texts = {row: stadt.reads("Partner", row, NOTE) for row in ("P-002", "P-003", "P-004")}
    assert texts == {"P-002": "später getippt", "P-003": "in der alten Kopie", "P-004": "noch später getippt"}
    settled(stadt)


def test_a_row_that_was_deleted_in_a_copy_goes_to_the_trash_unless_somebody_changed_it(stadt, untouched):
    synced(stadt)
    copy = laid(stadt)
    copy.delete_row("Bedarfe", "B-003")
    copy.delete_row("Bedarfe", "B-004")
    stadt.type("Bedarfe", "B-004", "Problem", "hier geht es weiter")
    untouched(copy)
    synced(stadt)
    assert "B-003" not in stadt.ids("Bedarfe")
    assert stadt.reads("Bedarfe", "B-004", "Problem") == "hier geht es weiter"
    assert "B-003" in stadt.texts(), "it lies in the trash"
    settled(stadt)


def test_a_contradiction_waits_for_people_and_everything_else_of_the_copy_is_settled(stadt, untouched):
    synced(stadt)
    copy = laid(stadt)
    goals = stadt.reads("Partner", "P-005", "Lebensbereiche")
    copy.type("Partner", "P-003", NOTE, "so steht es in der Kopie")
    copy.type("Partner", "P-003", "Status", "ausgeschieden")
    stadt.type("Partner", "P-003", "Status", "ruhend")
    copy.type("Partner", "P-005", "Lebensbereiche", f"{goals}; Gesundheit & Pflege")
    stadt.type("Partner", "P-005", "Lebensbereiche", f"{goals}; Wohnen")
    copy.write_row("Partner", {"Kurzname": "NurKopie", "Organisation": "Nur in der Kopie e. V."})
    untouched(copy)
    said = synced(stadt)
    assert f"Die Konfliktkopie {COPY} ist gelesen. Etwas darin wartet auf Ihre Entscheidung." in said.err
    assert stadt.reads("Partner", "P-003", "Status") == "ruhend"
    assert {*f"{goals}; Gesundheit & Pflege; Wohnen".split("; ")} == {
        *stadt.reads("Partner", "P-005", "Lebensbereiche").split("; ")
    }
    assert f"Partner ({COPY})" in stadt.texts()
    assert "Nur in der Kopie e. V." in stadt.texts()
    partners = stadt.ids("Partner")
    for _ in range(2):
        settled(stadt)
    # Meanwhile people go on with the workbook; nothing of that is taken back while the copy lies there.
    stadt.type("Partner", "P-005", "Lebensbereiche", goals)
    stadt.type("Partner", "P-003", NOTE, "inzwischen anders")
    stadt.delete_row("Partner", partners[-1])
    synced(stadt)
    assert stadt.reads("Partner", "P-005", "Lebensbereiche") == goals
    assert stadt.reads("Partner", "P-003", NOTE) == "inzwischen anders"
    assert stadt.ids("Partner") == partners[:-1]
    settled(stadt)
    conflict = json.loads(synced(stadt, "--json").out)["conflicts"][0]["id"]
    assert netz("conflicts", stadt.path, "resolve", conflict, "--take", "b", "--yes").code in {0, 3}
    assert stadt.reads("Partner", "P-003", "Status") == "ausgeschieden"
    assert found(stadt)[0]["state"] == "known"
    stadt.type("Partner", "P-003", "Status", "ruhend")
    synced(stadt)
    assert stadt.reads("Partner", "P-003", "Status") == "ruhend"
    settled(stadt)


def test_a_contradiction_ends_when_people_delete_the_copy_and_begins_anew_with_it(stadt):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", "Status", "ausgeschieden")
    stadt.type("Partner", "P-003", "Status", "ruhend")
    synced(stadt)
    content = copy.path.read_bytes()
    copy.path.unlink()
    document = json.loads(synced(stadt, "--json").out)
    assert not document["conflicts"]
    assert not document["copies"]
    settled(stadt)
    copy.path.write_bytes(content)
    document = json.loads(synced(stadt, "--json").out)
    assert [each["row"] for each in document["conflicts"]] == ["P-003"]
    assert document["copies"][0]["state"] == "undecided"
    settled(stadt)


def test_a_table_that_is_held_back_because_of_a_copy_loses_nothing_until_people_confirm(stadt, untouched):
    synced(stadt)
    needs, rows = stadt.ids("Bedarfe"), stadt.table("Partner").keys()
    copy = laid(stadt)
    copy.delete_rows("Bedarfe", needs[:-2])
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    stadt.delete_row("Bedarfe", needs[-1])
    untouched(copy)
    for _ in range(2):
        done = netz("sync", stadt.path, "--json", "--today", DAY)
        assert done.code == 7
        assert json.loads(done.out)["copies"][0]["state"] == "undecided"
        assert stadt.ids("Bedarfe") == needs[:-1]
        assert stadt.reads("Partner", "P-003", NOTE) == "nur in der Kopie"
        stadt.type("Partner", "P-002", NOTE, "derweil geht es weiter")
    assert f"In „Bedarfe ({COPY})“ fehlen" in netz("plan", stadt.path, "--today", DAY).err
    token = json.loads(done.out)["held"][0]["token"]
    assert found(stadt, "--confirm", token)[0]["state"] == "merged"
    assert stadt.ids("Bedarfe") == needs[-2:-1]
    assert stadt.table("Partner").keys() == rows
    settled(stadt)


def test_the_same_copy_under_another_name_is_not_merged_again_and_an_undo_stays(stadt, untouched):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    before = stadt.reads("Partner", "P-003", NOTE)
    synced(stadt)
    assert netz("undo", stadt.path, "--yes").code in {0, 3}
    assert stadt.reads("Partner", "P-003", NOTE) == before
    copy.path = copy.path.rename(copy.path.with_name(COPIES[3]))
    shutil.copyfile(copy.path, copy.path.with_name(COPIES[5]))
    untouched(copy)
    assert [each["state"] for each in found(stadt)] == ["known", "known"]
    assert stadt.reads("Partner", "P-003", NOTE) == before
    settled(stadt)


@pytest.mark.parametrize("waits", [False, True])
def test_a_copy_that_was_merged_and_is_saved_again_brings_only_what_is_new(stadt, waits):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-004", NOTE, "nur in der Kopie")
    copy.delete_row("Bedarfe", "B-003")
    copy.write_row("Partner", {"Kurzname": "NurKopie", "Organisation": "Nur in der Kopie e. V."})
    if waits:
        copy.type("Partner", "P-005", "Status", "ausgeschieden")
        stadt.type("Partner", "P-005", "Status", "ruhend")
    assert found(stadt)[0]["state"] == ("undecided" if waits else "merged")
    new = stadt.ids("Partner")[-1]
    stadt.delete_row("Partner", new)
    stadt.type("Partner", "P-004", NOTE, "inzwischen anders")
    stadt.type("Papierkorb", "B-003", "Wiederherstellen?", "ja")
    synced(stadt)
    netz("init", stadt.path, "--today", DAY)
    with copy.book():
        pass
    for told in ("schon wieder auf", ""):
        synced(stadt)
        assert "B-003" in stadt.ids("Bedarfe")
        assert new not in stadt.ids("Partner")
        assert "Nur in der Kopie e. V." not in [row.get("Organisation") for row in stadt.table("Partner").values()]
        assert stadt.reads("Partner", "P-004", NOTE) == "inzwischen anders"
        assert not waits or stadt.reads("Partner", "P-005", "Status") == "ruhend"
        if told:
            copy.type("Partner", "P-003", NOTE, told)
    assert stadt.reads("Partner", "P-003", NOTE) == "schon wieder auf"
    settled(stadt)


@pytest.mark.parametrize("between", [False, True])
def test_another_copy_that_got_the_name_of_a_merged_one_takes_nothing_back(stadt, between):
    synced(stadt)
    old = stadt.path.read_bytes()
    first = laid(stadt)
    first.type("Partner", "P-003", NOTE, "in der ersten")
    first.type("Partner", "P-005", "Status", "ausgeschieden")
    first.write_row("Partner", {"Kurzname": "Erste", "Organisation": "Nur in der ersten e. V."})
    first.delete_row("Bedarfe", "B-003")
    synced(stadt)
    partners = stadt.ids("Partner")
    first.path.unlink()
    if between:
        synced(stadt)
    first.path.write_bytes(old)
    second = Person(first.path)
    second.type("Partner", "P-004", NOTE, "in der zweiten")
    second.type("Partner", "P-005", "Status", "ruhend")
    second.type("Partner", "P-010", "Status", "ausgeschieden")
    second.write_row("Partner", {"Kurzname": "Zweite", "Organisation": "Nur in der zweiten e. V."})
    for _ in range(2):
        document = json.loads(synced(stadt, "--json").out)
        assert [(each["row"], each["column"]) for each in document["conflicts"]] == [("P-005", "status")]
        assert stadt.reads("Partner", "P-003", NOTE) == "in der ersten"
        assert stadt.reads("Partner", "P-004", NOTE) == "in der zweiten"
        assert stadt.reads("Partner", "P-005", "Status") == "ausgeschieden"
        assert stadt.reads("Partner", "P-010", "Status") == "ausgeschieden"
        assert stadt.ids("Partner")[:-1] == partners
        assert "B-003" not in stadt.ids("Bedarfe")
    settled(stadt)
    second.type("Partner", "P-006", NOTE, "später in der zweiten")
    document = json.loads(synced(stadt, "--json").out)
    assert [each["row"] for each in document["conflicts"]] == ["P-005"]
    assert stadt.reads("Partner", "P-006", NOTE) == "später in der zweiten"
    assert stadt.ids("Partner")[:-1] == partners
    settled(stadt)


def test_what_was_typed_in_a_copy_and_is_typed_again_there_is_no_other_copy(stadt):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    copy.type("Partner", "P-005", "Status", "ausgeschieden")
    copy.write_row("Partner", {"Kurzname": "NurKopie", "Organisation": "Nur in der Kopie e. V."})
    synced(stadt)
    partners = stadt.ids("Partner")
    copy.type("Partner", "P-005", "Status", "ruhend")
    document = json.loads(synced(stadt, "--json").out)
    assert not document["conflicts"]
    assert stadt.reads("Partner", "P-005", "Status") == "ruhend"
    assert stadt.ids("Partner") == partners
    settled(stadt)


def test_a_copy_that_lies_there_for_more_runs_than_are_remembered_counts_all_the_same(stadt, untouched, monkeypatch):
    monkeypatch.setattr(store, "KEPT_GENERATIONS", 1)
    synced(stadt)
    waits, merged = laid(stadt, COPIES[0]), laid(stadt, COPIES[5])
    waits.type("Partner", "P-005", "Status", "ausgeschieden")
    stadt.type("Partner", "P-005", "Status", "ruhend")
    merged.type("Partner", "P-004", NOTE, "nur in der Kopie")
    untouched(waits)
    for number in range(3):
        stadt.type("Partner", "P-002", NOTE, f"derweil {number}")
        document = json.loads(synced(stadt, "--json").out)
    assert [each["row"] for each in document["conflicts"]] == ["P-005"]
    merged.type("Partner", "P-003", NOTE, "später in der Kopie")
    states = {each["file"]: each["state"] for each in found(stadt)}
    assert states == {COPIES[0]: "undecided", COPIES[5]: "merged"}
    assert stadt.reads("Partner", "P-003", NOTE) == "später in der Kopie"
    settled(stadt)


def test_copies_of_a_copy_are_known_again_when_they_are_saved_again(stadt):
    synced(stadt)
    copy = laid(stadt)
    copy.delete_row("Bedarfe", "B-003")
    shutil.copyfile(copy.path, copy.path.with_name(COPIES[3]))
    synced(stadt)
    stadt.type("Papierkorb", "B-003", "Wiederherstellen?", "ja")
    copy.path = copy.path.rename(copy.path.with_name(COPIES[1]))
    synced(stadt)
    for name in (COPIES[1], COPIES[3]):
        with Person(copy.path.with_name(name)).book():
            pass
    synced(stadt)
    assert "B-003" in stadt.ids("Bedarfe")
    settled(stadt)


def test_of_a_copy_that_went_only_its_name_is_remembered(stadt):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    synced(stadt)
    copy.path.unlink()
    synced(stadt)
    with sqlite3.connect(next((stadt.path.parent / "state" / "networks").glob("*.sqlite"))) as state:
        assert not state.execute("SELECT * FROM base WHERE replica LIKE '%@c%' AND row != ''").fetchall()
    settled(stadt)


def test_a_copy_beside_a_workbook_of_which_nothing_is_known_brings_back_no_deleted_row(stadt, tmp_path, monkeypatch):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "anderswo"))
    synced(stadt)
    stadt.delete_row("Bedarfe", "B-003")
    stadt.type("Partner", "P-004", NOTE, "auf dem anderen Rechner")
    synced(stadt)
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "state"))
    document = json.loads(synced(stadt, "--json").out)
    assert document["copies"] == [{"file": COPY, "state": "merged", "changes": 1, "refused": []}]
    assert not document["conflicts"]
    assert "B-003" not in stadt.ids("Bedarfe")
    assert stadt.reads("Partner", "P-003", NOTE) == "nur in der Kopie"
    assert stadt.reads("Partner", "P-004", NOTE) == "auf dem anderen Rechner"
    settled(stadt)


def test_what_was_restored_counts_as_it_stands_also_beside_a_copy_that_waits(stadt):
    synced(stadt)
    stadt.type("Partner", "P-002", NOTE, "alt")
    synced(stadt)
    stadt.type("Partner", "P-002", NOTE, "neu")
    stadt.delete_row("Bedarfe", "B-003")
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", "Status", "ausgeschieden")
    stadt.type("Partner", "P-003", "Status", "ruhend")
    assert found(stadt)[0]["state"] == "undecided"
    copies = json.loads(netz("backups", stadt.path, "--json").out)["backups"]
    assert netz("restore", stadt.path, str(len(copies)), "--yes").code == 0
    assert "B-003" in stadt.ids("Bedarfe")
    for _ in range(2):
        document = json.loads(synced(stadt, "--json").out)
        assert not document["conflicts"]
        assert stadt.reads("Partner", "P-002", NOTE) == "alt"
        assert "B-003" in stadt.ids("Bedarfe")
        assert stadt.reads("Partner", "P-003", "Status") == "ausgeschieden"
    settled(stadt)


def test_two_copies_at_once(stadt, untouched):
    synced(stadt)
    one, other = laid(stadt, COPIES[0]), laid(stadt, COPIES[5])
    one.type("Partner", "P-003", NOTE, "in der ersten")
    other.type("Partner", "P-004", NOTE, "in der zweiten")
    one.type("Partner", "P-005", "Status", "ruhend")
    other.type("Partner", "P-005", "Status", "ausgeschieden")
    untouched(one, other)
    document = json.loads(synced(stadt, "--json").out)
    assert [each["row"] for each in document["conflicts"]] == ["P-005"]
    assert stadt.reads("Partner", "P-003", NOTE) == "in der ersten"
    assert stadt.reads("Partner", "P-004", NOTE) == "in der zweiten"
    settled(stadt)


def test_what_people_chose_on_tabs_of_the_tool_in_a_copy_is_left_to_the_workbook(stadt):
    synced(stadt)
    stadt.delete_row("Bedarfe", "B-003")
    synced(stadt)
    copy = laid(stadt)
    copy.type("Papierkorb", "B-003", "Wiederherstellen?", "ja")
    copy.type("Partner", "P-003", "Status", "ausgeschieden")
    stadt.type("Partner", "P-003", "Status", "ruhend")
    synced(stadt)
    assert "B-003" not in stadt.ids("Bedarfe")
    settled(stadt)


# --- copies of which nobody knows what was agreed ---------------------------------------------------------


def strange(stadt, tmp_path, how, monkeypatch):
    copy = stadt.path.with_name(COPY)
    if how == "damaged":
        copy.write_bytes(stadt.path.read_bytes()[:-3000])
    elif how == "another network":
        monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "anderswo"))
        netz("init", copy, "--demo")
        monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "state"))
    elif how == "no marker":
        with laid(stadt).book() as book:
            for name in list(book.custom_doc_props.names):
                del book.custom_doc_props[name]
    elif how == "written elsewhere":
        laid(stadt)
        monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "anderswo"))
        netz("sync", copy)
        monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "state"))
    elif how == "a folder":
        copy.mkdir()
        return
    if how in {"another network", "written elsewhere"}:
        Person(copy).type("Partner", "P-003", NOTE, "fremd")
        Person(copy).delete_row("Bedarfe", "B-003")


@pytest.mark.parametrize("how", ["damaged", "another network", "no marker", "written elsewhere", "a folder"])
def test_a_copy_of_which_nobody_knows_what_was_agreed_is_only_named(stadt, tmp_path, untouched, monkeypatch, how):
    synced(stadt)
    strange(stadt, tmp_path, how, monkeypatch)
    if how != "a folder":
        untouched(Person(stadt.path.with_name(COPY)))
    before = stadt.path.read_bytes()
    for _ in range(2):
        done = synced(stadt)
        assert done.code == 3
        assert f"Daneben liegt {COPY}, wohl eine Konfliktkopie. Was nur darin steht, fehlt hier." in done.err
    assert found(stadt) == [{"file": COPY, "state": "named", "changes": 0, "refused": []}]
    assert stadt.path.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        "stadt-PLAN-2026.xlsx", "stadt_Konfliktmanagement.xlsx", "stadt (Konfliktfall).xlsx",
        "stadt-WIN-2024.xlsx", "stadt-LAPTOP-2.xlsx", "stadt-DESKTOP-20250514.xlsx",
    ],
)  # fmt: skip
def test_a_copy_that_a_person_may_have_named_is_never_merged(stadt, name):
    synced(stadt)
    copy = Person(stadt.path.with_name(name))
    shutil.copyfile(stadt.path, copy.path)
    copy.delete_row("Bedarfe", "B-003")
    before = stadt.path.read_bytes()
    assert f"Daneben liegt {name}, wohl eine Konfliktkopie. Was nur darin steht, fehlt hier." in synced(stadt).err
    assert stadt.path.read_bytes() == before


def test_the_line_that_brings_a_named_copy_in_can_be_pasted(stadt):
    synced(stadt)
    name = "stadt (Ute's Konflikt 2025).xlsx"
    laid(stadt, name).type("Partner", "P-003", NOTE, "von Ute")
    line = re.search(r"workbook = \[.*?\]", synced(stadt).err)[0]
    stadt.path.with_name("netzwerk.toml").write_text(line, "utf-8")
    assert found(stadt) == []
    assert stadt.reads("Partner", "P-003", NOTE) == "von Ute"


def test_what_people_built_in_a_copy_stays_there_and_that_is_said(stadt, untouched):
    synced(stadt)
    copy = laid(stadt)
    copy.add_column("Partner", "Eigenes", {"P-003": "nur in der Kopie"})
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    untouched(copy)
    for _ in range(2):
        assert "Eigene Spalten, Blätter und Notizen kommen nicht mit." in synced(stadt).err
    settled(stadt)


def test_the_copy_of_another_workbook_whose_name_begins_the_same_is_none(stadt):
    synced(stadt)
    laid(stadt, "stadt-nord.xlsx")
    laid(stadt, "stadt-nord (conflicted copy 2025-05-14 091500).xlsx")
    assert found(stadt) == []
    first = laid(stadt, COPIES[3])
    laid(stadt, f"{first.path.stem} (conflicted copy 2025-05-14 101500).xlsx")
    assert len(found(stadt)) == 2, "a copy of a copy is one of the workbook, too"


def test_a_copy_is_seen_also_where_the_drive_does_not_tell_that_the_folder_changed(stadt, monkeypatch):
    folder = stadt.path.parent
    long_ago = time.time() - 3600
    os.utime(folder, (long_ago, long_ago))
    assert conflict_copies(stadt.path) == []
    copy = laid(stadt)
    os.utime(folder, (long_ago, long_ago))
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    assert conflict_copies(stadt.path) == [copy.path]


# --- erased people, watch, many networks ------------------------------------------------------------------


def test_an_erased_person_does_not_come_back_with_a_copy_and_the_copy_is_named(stadt, untouched):
    name = "Zaunkönig-Ottenbach"
    stadt.type("Ansprechpersonen", "K-004", "Name", f"Ottilie {name}")
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", NOTE, f"Frau Ottilie {name} weiß mehr")
    copy.type("Partner", "P-002", NOTE, "ein Satz aus der Kopie")
    untouched(copy)
    assert COPY in netz("person", stadt.path, "show", "K-004").out
    done = netz("person", stadt.path, "erase", "K-004", "--yes")
    assert f"Daneben liegt eine weitere Kopie: {COPY}. Prüfen Sie sie, und löschen Sie sie selbst." in done.err
    said = synced(stadt).err
    assert f"In der Konfliktkopie {COPY} steht noch K-004." in said
    assert stadt.reads("Partner", "P-002", NOTE) == "ein Satz aus der Kopie"
    assert not [text for text in stadt.texts() if name in text]
    for place in (stadt.path.parent / "state").rglob("*"):
        assert place.is_dir() or name.encode() not in place.read_bytes(), place.name
    settled(stadt)


def test_an_erased_person_does_not_come_back_with_a_copy_that_still_waits(stadt, untouched):
    name = "Zaunkönig-Ottenbach"
    stadt.type("Ansprechpersonen", "K-004", "Name", f"Ottilie {name}")
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", "Status", "ausgeschieden")
    stadt.type("Partner", "P-003", "Status", "ruhend")
    untouched(copy)
    synced(stadt)
    assert netz("person", stadt.path, "erase", "K-004", "--yes").code == 0
    for _ in range(2):
        document = json.loads(synced(stadt, "--json").out)
        assert document["copies"][0]["state"] == "undecided"
        assert not [text for text in stadt.texts() if name in text]
    for place in (stadt.path.parent / "state").rglob("*"):
        assert place.is_dir() or name.encode() not in place.read_bytes(), place.name


def test_watch_says_what_came_from_a_copy(stadt, monkeypatch):
    from netzwerk_sheets.cli import watch

    synced(stadt)
    laid(stadt).type("Partner", "P-003", NOTE, "nur in der Kopie")

    def once(stop, _seconds):
        stop.asked.set()

    monkeypatch.setattr(watch, "_sleep", once)
    said = netz("watch", stadt.path, "--every", "1s", "--today", DAY).out
    assert f"1 Änderung aus der Konfliktkopie {COPY} steht jetzt auch in stadt.xlsx." in said
    said = netz("watch", stadt.path, "--every", "1s", "--today", DAY, "--json").out
    assert json.loads(said)["copies"] == [{"file": COPY, "state": "known", "changes": 0}]
    assert stadt.reads("Partner", "P-003", NOTE) == "nur in der Kopie"


def test_among_many_networks_a_conflict_copy_is_none_of_its_own(stadt, untouched):
    synced(stadt)
    copy = laid(stadt)
    copy.type("Partner", "P-003", NOTE, "nur in der Kopie")
    untouched(copy)
    done = netz("fleet", "sync", "--networks", stadt.path.parent, "--today", DAY)
    assert done.code in {0, 3}, done.err
    assert stadt.reads("Partner", "P-003", NOTE) == "nur in der Kopie"
    assert len(list((stadt.path.parent / "state" / "networks").glob("*.sqlite"))) == 1
