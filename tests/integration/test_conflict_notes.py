"""A conflict hangs a note on each of its cells, and takes it away when it ends; notes of people are theirs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from person import DAY, Person, netz, settled, sync

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.backends.excel.accessibility import examine
from netzwerk_sheets.grid import Cell, ResizeTable, SetCell, Spot, shown

WOHNBAU, TASK = "OB P-016 Wohnbau", "P-016.T-A03"
WORDS = "Konflikt KF-001: Zwei Angaben widersprechen sich. Entscheiden Sie im Blatt „Konflikte“."
SCRIPT = Path(__file__).with_name("killed.py")


def disputed(person):
    """Two people set the status of one task differently."""
    person.type(WOHNBAU, TASK, "Status", "erledigt")
    person.type("Aufgaben", TASK, "Status", "in Arbeit")


def notes(person):
    """(tab, id of the row, header) → (author, words), as openpyxl reads them."""
    found = {}
    for sheet in openpyxl.load_workbook(person.path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment:
                    top = next(r for r in range(1, 40) if sheet.cell(r, 1).value == "Nr")
                    key = sheet.title, sheet.cell(cell.row, 1).value, sheet.cell(top, cell.column).value
                    found[key] = cell.comment.author, cell.comment.text
    return found


BOTH = {("Aufgaben", TASK, "Status"): ("netzwerk", WORDS), (WOHNBAU, TASK, "Status"): ("netzwerk", WORDS)}


def comment(person, tab, row_id, header, words, author="Ute"):
    with person.sheet(tab) as sheet:
        top, column = person._head(sheet, header)
        row = next(r for r in range(top, sheet.max_row + 1) if sheet.cell(r, 1).value == row_id)
        sheet.cell(row, column).comment = Comment(words, author)


def test_both_cells_of_a_conflict_get_a_note_and_lose_it_when_people_agree(stadt):
    disputed(stadt)
    assert sync(stadt).code == 3
    assert notes(stadt) == BOTH
    assert stadt.reads("Konflikte", "KF-001", "Spalte") == "Status"
    settled(stadt)
    stadt.type("Aufgaben", TASK, "Status", "erledigt")
    sync(stadt)
    assert notes(stadt) == {}
    settled(stadt)


def test_the_note_goes_with_the_decision(stadt):
    disputed(stadt)
    sync(stadt)
    version = "A" if stadt.reads("Konflikte", "KF-001", "Fassung A") == "in Arbeit" else "B"
    stadt.type("Konflikte", "KF-001", "Was gilt?", version)
    sync(stadt)
    assert stadt.reads(WOHNBAU, TASK, "Status") == stadt.reads("Aufgaben", TASK, "Status") == "in Arbeit"
    assert notes(stadt) == {}
    settled(stadt)


def test_a_cell_with_a_note_of_people_keeps_it_and_gets_no_other(stadt):
    comment(stadt, WOHNBAU, TASK, "Status", "bitte nachfragen")
    comment(stadt, "Aufgaben", "P-016.T-R05", "Status", "warten")
    disputed(stadt)
    sync(stadt)
    assert notes(stadt) == {
        ("Aufgaben", TASK, "Status"): ("netzwerk", WORDS),
        ("Aufgaben", "P-016.T-R05", "Status"): ("Ute", "warten"),
        (WOHNBAU, TASK, "Status"): ("Ute", "bitte nachfragen"),
    }
    settled(stadt)
    stadt.type("Aufgaben", TASK, "Status", "erledigt")
    sync(stadt)
    assert set(notes(stadt).values()) == {("Ute", "warten"), ("Ute", "bitte nachfragen")}


@pytest.mark.parametrize(("words", "author"), [(WORDS + " Ute fragt.", "netzwerk"), (WORDS, "Ute")])
def test_a_note_that_people_made_their_own_stays(stadt, words, author):
    disputed(stadt)
    sync(stadt)
    comment(stadt, "Aufgaben", TASK, "Status", words, author)
    sync(stadt)
    settled(stadt)
    stadt.type("Aufgaben", TASK, "Status", "erledigt")
    sync(stadt)
    assert notes(stadt) == {("Aufgaben", TASK, "Status"): (author, words)}
    settled(stadt)


def test_a_note_people_deleted_comes_back_while_the_conflict_stands(stadt):
    disputed(stadt)
    sync(stadt)
    with stadt.sheet("Aufgaben") as sheet:
        for row in sheet.iter_rows():
            for cell in row:
                cell.comment = None
    sync(stadt)
    assert notes(stadt) == BOTH


@pytest.mark.parametrize("how", ["a row above", "sorted"])
def test_where_rows_move_the_note_is_taken_from_the_old_cell_and_hung_on_the_new(stadt, how):
    disputed(stadt)
    sync(stadt)
    # openpyxl moves the cells and leaves notes where they were; so ours stand beside other tasks now.
    if how == "sorted":
        stadt.sort("Aufgaben", "Aufgabe", reverse=True)
    else:
        with stadt.sheet("Aufgaben") as sheet:
            old = {c.coordinate: c.comment for row in sheet.iter_rows() for c in row if c.comment}
            sheet.insert_rows(6)
            stadt._moved_rows(sheet, 6, 1)
            for row in sheet.iter_rows():
                for cell in row:
                    cell.comment = None
            for place, note in old.items():
                sheet[place].comment = Comment(note.text, note.author)
        stadt.write_row("Aufgaben", {"Aufgabe": "Tee kochen", "Status": "offen"}, row=6)
    assert notes(stadt) != BOTH
    sync(stadt)
    assert notes(stadt) == BOTH
    settled(stadt)


def test_our_notes_do_not_hold_the_rows_of_a_computed_tab_in_place(stadt):
    """Only notes of people make a tab keep its rows; ours would hang there only by mistake, and then go."""
    with stadt.sheet("Lücken") as sheet:
        sheet.cell(9, 1).comment = Comment(WORDS, "netzwerk")
    keys = stadt.ids("Lücken", "Lücke")
    stadt.type("Bedarfe", "B-004", "Menschen betroffen", 5000)
    stadt.type("Bedarfe", "B-008", "Priorität", "niedrig")
    sync(stadt)
    assert stadt.ids("Lücken", "Lücke") != keys
    assert not any(cell.comment for row in openpyxl.load_workbook(stadt.path)["Lücken"].iter_rows() for cell in row)
    settled(stadt)


def test_notes_of_people_still_hold_rows_where_ours_hang_too(stadt):
    with stadt.sheet("Lücken") as sheet:
        sheet.cell(9, 1).comment = Comment("Museum hat zugesagt", "AG")
        sheet.cell(10, 1).comment = Comment(WORDS, "netzwerk")
    keys = stadt.ids("Lücken", "Lücke")
    stadt.type("Bedarfe", "B-004", "Menschen betroffen", 5000)
    stadt.type("Bedarfe", "B-008", "Priorität", "niedrig")
    sync(stadt)
    assert stadt.ids("Lücken", "Lücke")[: len(keys)] == keys
    settled(stadt)


def test_a_row_that_is_deleted_takes_its_note_along(stadt):
    disputed(stadt)
    sync(stadt)
    with stadt.sheet("Aufgaben") as sheet:
        row = stadt._find(sheet, TASK)
        for cell in sheet[row]:
            cell.value = None
            cell.comment = None
    sync(stadt)
    left = notes(stadt)
    assert {key[0] for key in left} <= {"Aufgaben", WOHNBAU}
    assert all(key[1] == TASK for key in left)
    settled(stadt)


def test_other_notes_of_the_tab_stay_byte_for_byte(stadt):
    comment(stadt, "Aufgaben", "P-016.T-R05", "Bemerkung", "Zeile 1\nZeile 2 <fett>")
    disputed(stadt)
    import zipfile

    def part(ending):
        with zipfile.ZipFile(stadt.path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if ending in name.lower()}

    before = part("comment")
    sync(stadt)
    assert any(b"KF-001" in content for content in part("comment").values())
    stadt.type("Aufgaben", TASK, "Status", "erledigt")
    sync(stadt)
    after = part("comment")
    for name, content in before.items():
        if name.endswith(".xml"):
            listed = content[content.index(b"<commentList") :]
            assert after[name].endswith(listed)


def test_plan_tells_of_the_notes(stadt):
    disputed(stadt)
    document = json.loads(netz("plan", stadt.path, "--json", "--today", DAY).out)
    assert {(each["tab"], each["set"]) for each in document["notes"]} == {("Aufgaben", True), (WOHNBAU, True)}
    assert "Hinweis auf einen Konflikt" in netz("plan", stadt.path, "--plain", "--today", DAY).out


@pytest.mark.parametrize("number", [1, 4, 5, 7])
def test_killed_at_any_step_the_notes_are_right_in_the_end(stadt, number):
    disputed(stadt)
    run = subprocess.run([sys.executable, SCRIPT, stadt.path, str(number), "kill"], capture_output=True, check=False)
    assert run.returncode == -9
    assert sync(stadt).code == 3
    assert notes(stadt) == BOTH
    settled(stadt)


def take_last_row_out(person, tab):
    """Delete the last row of a table as Excel does, which openpyxl does not do without damage elsewhere."""
    workbook = ExcelWorkbook(person.path)
    snapshot = workbook.read()
    seen = snapshot.tab(tab)
    table = seen.tables[0]
    last = table.area.last_row
    edits = [SetCell(Spot(tab, last, column), Cell(None), value) for column, value in seen.rows[last].items()]
    edits.append(ResizeTable(tab, table.name, last - 1))
    workbook.apply(edits, expected=snapshot.revision, look={})
    return shown(seen.rows[last][1])


@pytest.mark.parametrize("language", ["de", "en"])
def test_trash_log_and_notes_hinder_nobody(stadt, language):
    assert examine(stadt.path, "de", matrices=["Abdeckung"]) == []
    disputed(stadt)
    gone = take_last_row_out(stadt, "Beziehungen")
    if language == "en":
        row = next(n for n, cells in stadt.everything()["Einstellungen"].items() if cells.get(2) == "de")
        stadt.put("Einstellungen", row, 2, "en")
    sync(stadt)
    assert gone in stadt.table("Papierkorb", "Nr")
    assert len(stadt.table("Protokoll", "Nr")) > 1
    assert len(notes(stadt)) == 2
    assert examine(stadt.path, "de", matrices=["Abdeckung"]) == []


def test_trash_and_log_hinder_nobody_in_english(tmp_path, monkeypatch):
    monkeypatch.setenv("NETZWERK_LANG", "en")
    person = Person(tmp_path / "town.xlsx")
    assert netz("init", person.path, "--name", "Town").code == 0
    person.write_rows("Needs", [{"Need": "Bikes", "Priority": "high"}, {"Need": "Ramps"}], header="No")
    sync(person)
    assert take_last_row_out(person, "Needs") == "B-002"
    sync(person)
    assert "B-002" in person.table("Trash", "No")
    assert len(person.table("Change log", "No")) == 3
    assert examine(person.path, "en", matrices=["Coverage"]) == []


def test_without_its_memory_the_notes_are_still_known(stadt):
    disputed(stadt)
    sync(stadt)
    shutil.rmtree(stadt.path.parent / "state")
    stadt.type("Aufgaben", TASK, "Status", "erledigt")
    sync(stadt)
    assert notes(stadt) == {}
