"""How the workbook looks: the size of text follows the settings, the first tab says who has how much to do."""

import re
import shutil
import zipfile

import openpyxl
import pytest
from person import Person, netz

from netzwerk_sheets.backends.excel.accessibility import examine
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render import start


def sizes(path):
    """Give tab and cell → points of its text."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.font.sz
        for sheet in book.worksheets
        for row in sheet.iter_rows(max_row=8, max_col=4)
        for cell in row
        if cell.value is not None
    }


def rooms(path, tab):
    """Give the widths of columns and the heights of rows."""
    sheet = openpyxl.load_workbook(path)[tab]
    widths = {name: each.width for name, each in sheet.column_dimensions.items() if each.customWidth}
    return widths, {number: each.height for number, each in sheet.row_dimensions.items() if each.height}


def test_the_size_of_text_follows_the_setting_and_then_nothing_is_left_to_do(stadt):
    before, values = sizes(stadt.path), stadt.everything()
    widths, heights = rooms(stadt.path, "Lücken")
    stadt.type("Einstellungen", "schrift.größe", "Wert", 14)
    assert netz("plan", stadt.path, "--exit-code").code == 4
    assert sizes(stadt.path) == before
    done = netz("sync", stadt.path)
    assert "Die Schrift hat jetzt 14 statt 11 Punkt in stadt.xlsx." in done.err
    assert sizes(stadt.path) == {place: size + 3 for place, size in before.items()}
    wider, taller = rooms(stadt.path, "Lücken")
    assert wider == {name: pytest.approx(width * 14 / 11, abs=0.06) for name, width in widths.items()}
    assert taller == {number: pytest.approx(height * 14 / 11, abs=0.06) for number, height in heights.items()}
    after = stadt.everything()
    assert {tab: rows for tab, rows in after.items() if tab != "Einstellungen"} == {
        tab: rows for tab, rows in values.items() if tab != "Einstellungen"
    }
    assert examine(stadt.path, "de") == []
    once = stadt.path.read_bytes()
    netz("sync", stadt.path, "--today", "2025-05-16")
    assert netz("sync", stadt.path, "--today", "2025-05-16").code in {0, 3}
    stadt.type("Einstellungen", "schrift.größe", "Wert", 11)
    netz("sync", stadt.path, "--today", "2025-05-16")
    assert sizes(stadt.path) == before
    assert once != stadt.path.read_bytes()


def test_a_style_that_people_made_larger_stays_as_they_made_it(stadt):
    with zipfile.ZipFile(stadt.path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    styles = parts["xl/styles.xml"].decode()
    head = re.search(r'<font><b/><sz val="11"/><color rgb="FFFFFFFF"/>', styles)[0]
    parts["xl/styles.xml"] = styles.replace(head, head.replace('"11"', '"16"')).encode()
    with zipfile.ZipFile(stadt.path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    stadt.type("Einstellungen", "schrift.größe", "Wert", 12)
    netz("sync", stadt.path)
    found = sizes(stadt.path)
    assert found["Lücken", "A4"] == 16
    assert found["Lücken", "A5"] == 12
    assert found["Lücken", "A1"] == 19


def test_the_styles_tell_the_size_where_nobody_remembers_it(stadt, tmp_path):
    before = sizes(stadt.path)
    stadt.type("Einstellungen", "schrift.größe", "Wert", 12)
    netz("sync", stadt.path)
    shutil.rmtree(tmp_path / "state")
    stadt.type("Einstellungen", "schrift.größe", "Wert", 14)
    netz("sync", stadt.path)
    assert sizes(stadt.path) == {place: size + 3 for place, size in before.items()}
    once = stadt.path.read_bytes()
    netz("sync", stadt.path)
    assert stadt.path.read_bytes() == once


def test_a_list_that_people_made_keeps_its_columns(tmp_path):
    path = tmp_path / "liste.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Partner"
    heads = [column.header("de") for column in schema.tables()["partners"].columns if column.required]
    book.active.append(heads)
    book.active.append(["VHS", *[""] * (len(heads) - 1)])
    book.active.column_dimensions["A"].width = 33
    book.save(path)
    assert netz("init", path, "--yes").code == 0
    person = Person(path)
    assert "Partner (Netzwerk)" not in person.tabs()
    person.type("Einstellungen", "schrift.größe", "Wert", 14)
    assert netz("sync", path).code in {0, 3}
    assert openpyxl.load_workbook(path)["Partner"].column_dimensions["A"].width == 33
    assert sizes(path)["Lücken", "A4"] == 14
    assert sizes(path)["Partner", "A1"] == 11


def test_new_tabs_have_the_size_of_the_setting_and_room_for_it(stadt):
    stadt.type("Einstellungen", "schrift.größe", "Wert", 14)
    netz("sync", stadt.path)
    widths, _ = rooms(stadt.path, "Lücken")
    stadt.delete_tab("Lücken")
    assert netz("init", stadt.path).code == 0
    again, _ = rooms(stadt.path, "Lücken")
    assert again == {name: pytest.approx(width, abs=0.06) for name, width in widths.items()}
    assert sizes(stadt.path)["Lücken", "A5"] == 14


# --- the first tab ----------------------------------------------------------------------------------------


def block(person, heading):
    """Give the rows below a heading of the first tab, up to the next empty row."""
    rows = person.everything()["Start"]
    top = next(number for number, cells in rows.items() if cells.get(1) == heading) + 2
    found = []
    while rows.get(top):
        found.append(rows[top])
        top += 1
    return found


def test_the_first_tab_says_who_has_how_much_to_do(stadt):
    loads = {row[1]: (row[2], row[3]) for row in block(stadt, "Offene Aufgaben")}
    tasks = stadt.table("Aufgaben").values()
    open_tasks = [task for task in tasks if task["Status"] not in {"erledigt", "entfällt"}]
    assert sum(count for count, _ in loads.values()) == len(open_tasks)
    assert loads["Wohnbau"] == (sum(task["Für"] == "Wohnbau" for task in open_tasks), 4)
    assert list(loads) == sorted(loads, key=lambda name: (-loads[name][0], name))
    stadt.type("OB P-016 Wohnbau", "P-016.T-A03", "Status", "erledigt")
    netz("sync", stadt.path)
    again = {row[1]: row[2] for row in block(stadt, "Offene Aufgaben")}
    assert again["Wohnbau"] == loads["Wohnbau"][0] - 1


def test_a_first_tab_of_before_keeps_its_places(tmp_path, monkeypatch):
    path = tmp_path / "stadt.xlsx"
    monkeypatch.setattr(start, "PLACES", start.OLDER)
    assert netz("init", path, "--demo").code == 0
    monkeypatch.undo()
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("NETZWERK_LANG", "de")
    assert netz("sync", path, "--today", "2025-05-16").code in {0, 3}
    once = path.read_bytes()
    assert openpyxl.load_workbook(path)["Start"].cell(32, 1).value == "Jetzt erweitern?"
    for table in openpyxl.load_workbook(path)["Start"].tables.values():
        cells = openpyxl.load_workbook(path)["Start"][table.ref][0]
        assert [column.name for column in table.tableColumns] == [cell.value for cell in cells]
    assert "Offene Aufgaben" not in [cell.value for cell in openpyxl.load_workbook(path)["Start"]["A"]]
    assert examine(path, "de") == []
    netz("sync", path, "--today", "2025-05-16")
    assert path.read_bytes() == once


def test_pages_of_the_first_tab_begin_with_a_heading(stadt):
    sheet = openpyxl.load_workbook(stadt.path)["Start"]
    assert [sheet.cell(each.id + 1, 1).value for each in sheet.row_breaks.brk] == [
        "Offene Aufgaben", "Hier tragen Sie ein", "Prüfen und nachvollziehen", "Aufgabenblätter der Partner",
    ]  # fmt: skip
    assert sheet.print_title_rows == "$1:$1"
    listed = {cell.value for cell in sheet["A"] if cell.hyperlink}
    assert set(stadt.tabs()) <= listed
