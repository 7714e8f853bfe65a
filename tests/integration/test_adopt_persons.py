"""Contact data of a list from another file come to one tab of the network or nowhere: no copy of the list holds them."""

import json
import sys
import zipfile

import hand_lists
import openpyxl
import pytest
from hand_lists import Terminal, cells, table, texts
from person import netz

HEADINGS = [
    "Organisation",
    "Kürzel",
    "Gesellschaftsbereich",
    "Ansprechpartnerin",
    "E-Mail",
    "Telefon",
    "Telefon",
    "PLZ",
    "Fax und Co",
    "Status",
]
ROWS = [
    ["Caritas", "CV", "Wohlfahrt", "Ute Öztürk", "oeztuerk@caritas.example", "0911 123456", "0170 5551234", "90402", "info@sekretariat.example", "aktiv"],
    ["Tafel", None, "Wohlfahrt", "Mia Brandt", "brandt@tafel.example", "0911 654321", None, "90403", "0911 777888", "im Gespräch"],
]  # fmt: skip
PRIVATE = ("Öztürk", "oeztuerk", "123456", "5551234", "sekretariat", "Brandt", "654321", "777888")
SAID = (
    "Die Spalten Ansprechpartnerin, E-Mail, Telefon, Telefon und Fax und Co kommen nicht in die Kopie, denn "
    "Kontaktdaten gehören nur in das Blatt „Ansprechpersonen“. In der Datei bleiben sie."
)


def written(path):
    """Every part of a workbook, as one text."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def as_csv(folder):
    path = folder / "partner.csv"
    lines = [";".join(value or "" for value in row) for row in (HEADINGS, *ROWS)]
    path.write_text("Unsere Partner\n\n" + "\n".join(lines), "utf-8")
    return path


def as_xlsx(folder, rows=(), title="Liste"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows or ([HEADINGS, *ROWS]):
        book.active.append(row)
    book.save(path := folder / "partner.xlsx")
    return path


@pytest.fixture
def neu(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert netz("init", tmp_path / "neu.xlsx", "--yes").code == 0
    return tmp_path / "neu.xlsx"


@pytest.mark.parametrize("made", [as_csv, as_xlsx])
@pytest.mark.parametrize("how", ["yes", "no"])
def test_what_nobody_asked_for_is_in_no_byte_of_the_workbook(neu, monkeypatch, made, how):
    path = made(neu.parent)
    before = path.read_bytes()
    if how == "no":
        monkeypatch.setattr(sys, "stdin", Terminal("ja\nnein\n"))
    done = netz("adopt", neu, path, *(["--yes"] if how == "yes" else []))
    assert done.code == 0, done.err
    assert SAID in done.out
    assert path.read_bytes() == before
    (copy,) = (title for title in texts(neu) if title.startswith("Liste "))
    assert {"Caritas", "90402", "aktiv", "E-Mail (nicht kopiert)", "Fax und Co (nicht kopiert)"} <= texts(neu)[copy]
    assert [row["Organisation"] for row in table(neu, "Partner")] == ["Caritas", "Tafel"]
    assert not [word for word in PRIVATE if word in written(neu)]


def test_with_a_yes_they_stand_in_one_place_from_which_they_can_be_erased(neu):
    done = netz("adopt", neu, as_csv(neu.parent), "--yes", "--contacts")
    assert done.code == 0, done.err
    found = [(row["Name"], row["E-Mail"], row["Telefon"]) for row in table(neu, "Ansprechpersonen", "Funktion")]
    assert found == [tuple(row[3:6]) for row in ROWS]
    assert [title for title in texts(neu) if "brandt@tafel.example" in texts(neu)[title]] == ["Ansprechpersonen"]
    assert not [word for word in ("5551234", "sekretariat") if word in written(neu)]  # no tab has a column for them
    assert netz("person", neu, "erase", "K-002", "--yes").code in {0, 3}
    assert not [word for word in ("Brandt", "brandt", "654321") if word in written(neu)]


def test_a_list_of_contacts_is_not_copied(neu):
    rows = [["Partner", "Name", "E-Mail", "Geburtstag"], ["Caritas", "Ute Öztürk", "o@caritas.example", "1. Mai"]]
    path = as_xlsx(neu.parent, rows, "Kontaktliste")
    said = "Die Spalte Geburtstag bleibt nur in der Datei, denn eine Liste mit Kontaktdaten wird nicht kopiert."
    before = list(texts(neu))
    done = netz("adopt", neu, path, "--yes", "--contacts")
    assert done.code == 0, done.err
    assert said in done.out
    assert "Kopie" not in done.out
    assert list(texts(neu)) == before
    assert [row["Name"] for row in table(neu, "Ansprechpersonen", "Funktion")] == ["Ute Öztürk"]
    assert "1. Mai" not in written(neu)


def test_other_lists_on_the_tab_bring_no_persons_along(neu):
    """One that nobody took, and one that nobody understood; the words of the taken one stay where they were."""
    rows = [
        ["Organisation", "Status", "Farbe", None, "Spielplan", "Mobil"],
        ["Caritas", "aktiv", "rot", None, "Heim", "0170 5551234"],
        ["Tafel", "aktiv", "blau", None, "Gast", "0170 5551235"],
        [],
        ["Partner", "Name", "E-Mail"],
        ["Caritas", "Ute Öztürk", "o@caritas.example"],
    ]
    done = netz("adopt", neu, as_xlsx(neu.parent, rows), "--yes")
    assert done.code == 0, done.err
    assert "2 Zellen außerhalb der Listen kommen nicht in die Kopie." in done.out
    now = cells(neu, "Liste partner Liste")
    assert [now.get((row, 3)) for row in (1, 2, 3)] == ["Farbe", "rot", "blau"]
    assert not [word for word in ("555123", "Öztürk", "o@caritas") if word in written(neu)]


def test_a_formula_comes_as_what_it_showed(neu):
    """It would look at other cells here, and repeat what is left out once somebody fills that in."""
    path = hand_lists.merged(neu.parent)
    book = openpyxl.load_workbook(path)
    book["Liste"]["E3"], book["Liste"]["E4"] = "Kennung", '=A4&" (Tel. "&B4&")"'
    book.save(path)
    assert netz("adopt", neu, path, "--yes").code == 0
    copy = openpyxl.load_workbook(neu)["Liste merged Liste"]
    assert not [cell.coordinate for row in copy for cell in row if cell.data_type == "f"]
    assert copy["A4"].value == "Caritas"
    assert copy["B4"].value is None


def test_json_says_which_columns_are_left_out(neu):
    found = json.loads(netz("adopt", neu, as_csv(neu.parent), "--dry-run", "--json").out)["lists"]
    assert [each["left_out"] for each in found] == [[4, 5, 6, 7, 9], []]
    done = netz("adopt", hand_lists.merged(neu.parent), "--dry-run", "--json")
    assert [each["left_out"] for each in json.loads(done.out)["lists"]] == [[], []]


def test_a_list_of_partners_that_names_persons_is_no_list_of_contacts(neu):
    """Its own partners are known by it alone, and that makes none of their rows a contact."""
    headings = ["Organisation", "Kürzel", "Ansprechpartner", "E-Mail", "Telefon", "PLZ", "Status"]
    path = as_xlsx(
        neu.parent, [headings, ["Caritas", "CV", "Ute Öztürk", "o@caritas.example", "0911 123456", "90402", "aktiv"]]
    )
    done = netz("adopt", neu, path, "--yes")
    assert done.code == 0, done.err
    assert [row["Organisation"] for row in table(neu, "Partner")] == ["Caritas"]
    assert "Die Kontaktdaten in 1 Zeile von „partner.xlsx“ bleiben dort." in done.err
