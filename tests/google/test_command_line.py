"""The commands on a document at Google, and a network that lives in a file and in a document at once."""

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))
from injection import TOKEN, carried, typed_everywhere
from person import DAY, Person, netz

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.grid import Cell, SetCell, Spot
from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.sheets.render.frame import address as address_of
from netzwerk_sheets.sync.tables import is_merged
from tests.sheetsim.faults import status

LONG = "Wort " * 2000


@pytest.fixture
def home(google, tmp_path, monkeypatch):
    """A folder with a key and a configuration; the day, the language and the state are the test's own."""
    for name, value in {"NETZWERK_STATE": tmp_path / "state", "NETZWERK_TODAY": DAY, "NETZWERK_LANG": "de"}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("NETZWERK_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "netzwerk.toml").write_text(
        f'[google]\nkey = "{google.key_file(tmp_path)}"\nendpoint = "{google.url}"\n', encoding="utf-8"
    )
    return tmp_path


def address(document):
    return f"https://docs.google.com/spreadsheets/d/{document.id}/edit#gid=0"


def reads(document, tab, row_id, header):
    values = document.human.values(tab)
    top = next(number for number, row in enumerate(values) if header in row and "Nr" in row)
    column = values[top].index(header)
    row = next(row for row in values[top + 1 :] if row and row[0] == row_id)
    return row[column] if column < len(row) else ""


def spot(document, tab, row_id, header):
    values = document.human.values(tab)
    top = next(number for number, row in enumerate(values) if header in row and "Nr" in row)
    row = next(number for number, row in enumerate(values) if row and row[0] == row_id)
    return address_of(row + 1, values[top].index(header) + 1)


LOCALES = pytest.mark.parametrize("document", ["de_DE", "en_US"], indirect=True)


_MADE = {}
"""Locale → the document and the state of a network that was just set up, once in this process."""


@pytest.fixture
def document(request, sim, home, tmp_path_factory):
    """A document that a person made and shared, set up with the demo network."""
    locale = getattr(request, "param", "de_DE")
    if locale in _MADE:
        name, content, version, state = _MADE[locale]
        made = sim.create("Netzwerk", locale=locale, document_id=name)
        made.content, made.version = content.copy(), version
        shutil.copytree(state, home / "state")
        return made
    made = sim.create("Netzwerk", locale=locale)
    done = netz("init", address(made), "--demo", "--yes")
    assert done.code == 0, done.err
    kept = tmp_path_factory.mktemp("made") / "state"
    shutil.copytree(home / "state", kept)
    _MADE[locale] = made.id, made.content.copy(), made.version, kept
    return made


@LOCALES
def test_a_document_is_set_up_synced_and_then_left_alone(document, sim):
    assert netz("sync", address(document)).code in {0, 3}
    netz("sync", address(document))
    before = len(sim.calls.log)
    done = netz("sync", address(document))
    assert done.code in {0, 3}
    assert len(sim.calls.log) - before <= 2  # one token at most, one look
    assert "60,9" in netz("gaps", document.id).out


def test_three_requests_do_a_sync_and_the_report_says_so(document, sim):
    netz("sync", address(document))
    netz("sync", address(document))
    document.human.type("Partner", spot(document, "Partner", "P-013", "Bemerkung"), "neu")
    done = json.loads(netz("sync", address(document), "--json").out)
    assert done["written"]
    assert done["calls"] == {"reads": 1, "writes": 1, "drive": 1}
    document.human.type("Partner", spot(document, "Partner", "P-013", "Bemerkung"), "neuer")
    assert "Anfragen an Google: 3" in netz("sync", address(document)).err


@LOCALES
def test_what_people_type_there_is_merged_and_shown_everywhere(document):
    document.human.type("Partner", spot(document, "Partner", "P-013", "Status"), "aktiv")
    assert netz("sync", address(document)).code in {0, 3}
    assert "P-013" in netz("history", address(document)).out
    document.human.type("AG Einsamkeit", spot(document, "AG Einsamkeit", "B-002", "Problem"), "am Tisch besprochen")
    netz("sync", address(document))
    assert reads(document, "Bedarfe", "B-002", "Problem") == "am Tisch besprochen"


@LOCALES
def test_welcoming_and_agreeing_work_there_too(document, sim):
    document.human.type("Verständigung", spot(document, "Verständigung", "VG-007", "Stand"), "geteilt")
    document.human.type("Unterlagen", spot(document, "Unterlagen", "U-001", "Stand/Version"), "zweite Fassung")
    assert netz("sync", address(document)).code in {0, 3}
    assert "7 von 10 Partnern teilen das." in str(document.human.values("Netzwerk-Steckbrief"))
    assert "Stadtrat" in reads(document, "Stand der Verständigung", "Z-001", "Noch nicht gehört")
    assert "in einer anderen Fassung: U-001" in str(document.human.values("Prüfung"))
    assert reads(document, "Netzwerkaufgaben", "Z-004.T-Z05", "Status") == "offen"
    # The line covers the rows to come, and its words hold for all of them.
    (line,) = document.human.tab("Verlauf").features["charts"]
    (source,) = line["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"]
    assert "endRowIndex" not in source
    assert "%" not in line["spec"]["altText"]
    netz("sync", address(document))
    before = len(sim.calls.log)
    netz("sync", address(document))
    assert len(sim.calls.log) - before <= 2


def test_a_conflict_hangs_notes_on_its_cells_there_and_then_rests(mirror, sim):
    """And takes them away when it ends; a note of people on such a cell stays and nothing is written twice."""
    person, document = mirror
    document.human.note("Partner", spot(document, "Partner", "P-002", "Status"), "bitte nachfragen")
    person.type("Partner", "P-003", "Stadtteil", "Nord")
    document.human.type("Partner", spot(document, "Partner", "P-003", "Stadtteil"), "Süd")
    person.type("Partner", "P-002", "Status", "aktiv")
    document.human.type("Partner", spot(document, "Partner", "P-002", "Status"), "abgesagt")
    assert netz("sync", person.path).code == 3
    settled(person, sim)
    disputed = document.human.cell("Partner", spot(document, "Partner", "P-003", "Stadtteil"))
    assert disputed["note"].startswith("Konflikt KF-")
    assert document.human.cell("Partner", spot(document, "Partner", "P-002", "Status"))["note"] == "bitte nachfragen"
    document.human.type("Partner", spot(document, "Partner", "P-003", "Stadtteil"), "Nord")
    netz("sync", person.path)
    assert "note" not in document.human.cell("Partner", spot(document, "Partner", "P-003", "Stadtteil"))
    settled(person, sim)


def test_doctor_names_each_step_and_the_first_that_fails(document, sim, home):
    assert netz("doctor", address(document)).code == 0
    private = sim.create("Fremd", share={})
    done = netz("doctor", address(private))
    assert done.code in {10, 12}
    assert "netzwerk" in done.out or "freigeben" in done.out.casefold() or "teilen" in done.out.casefold()
    (home / "netzwerk.toml").write_text("", encoding="utf-8")
    assert netz("sync", address(document)).code == 2


def test_no_address_and_no_key_in_what_is_said(document, home):
    for words in (("sync", "--dry-run"), ("plan",), ("check",), ("doctor",), ("history",), ("conflicts",)):
        done = netz(words[0], address(document), *words[1:])
        assert "docs.google" not in done.out + done.err, words
        assert "PRIVATE KEY" not in done.out + done.err, words


@pytest.mark.parametrize("command", [("backups",), ("restore", "1"), ("a11y",)])
def test_what_google_cannot_do_is_said(document, command):
    done = netz(command[0], address(document), *command[1:])
    assert done.code == 2
    assert "Google" in done.err


# --- a file and a document --------------------------------------------------------------------------------


@pytest.fixture
def mirror(home, sim, request):
    """A network in a file, and a document that joins it."""
    file = home / "stadt.xlsx"
    assert netz("init", file, "--demo").code == 0
    assert netz("sync", file).code in {0, 3}
    document = sim.create("Spiegel", locale="de_DE")
    text = (home / "netzwerk.toml").read_text("utf-8")
    (home / "netzwerk.toml").write_text(
        f"workbook = {json.dumps([file.name, address(document)])}\n{text}", encoding="utf-8"
    )
    assert netz("init", address(document), "--yes").code == 0
    assert netz("sync", file).code in {0, 3}
    return Person(file), document


def settled(person, sim):
    before = person.path.read_bytes()
    netz("sync", person.path)
    done = json.loads(netz("sync", person.path, "--json").out)
    assert not done["written"]
    assert not any(other["written"] for other in done["others"]), done["others"]
    assert person.path.read_bytes() == before


def test_a_document_joins_the_network_of_a_file(mirror, sim):
    person, document = mirror
    for row in ("P-001", "P-018"):
        assert reads(document, "Partner", row, "Kurzname") == person.reads("Partner", row, "Kurzname")
    settled(person, sim)


def test_both_are_kept_in_step(mirror, sim):
    person, document = mirror
    document.human.type("Partner", spot(document, "Partner", "P-002", "Bemerkung"), "bei Google getippt")
    person.type("Partner", "P-003", "Bemerkung", "in der Datei getippt")
    person.write_row("Bedarfe", {"Bedarf": "Leihräder", "Lebensbereich": "Mobilität"})
    assert netz("sync", person.path).code in {0, 3}
    assert person.reads("Partner", "P-002", "Bemerkung") == "bei Google getippt"
    assert reads(document, "Partner", "P-003", "Bemerkung") == "in der Datei getippt"
    assert reads(document, "Bedarfe", "B-010", "Bedarf") == "Leihräder"
    settled(person, sim)


VALUES = [
    "00123", "=1+1 ist kein Rechnen", "+49 30 1234", "@alle", LONG, "Zeile eins\nZeile zwei", "31.12.2026", "1,5", "'so",
]  # fmt: skip


def test_every_kind_of_value_survives_the_way_there_and_back(mirror, sim):
    person, document = mirror
    rows = [f"P-{number:03}" for number in range(1, len(VALUES) + 1)]
    workbook = ExcelWorkbook(person.path)
    snapshot = workbook.read()
    edits = []
    for row, value in zip(rows, VALUES, strict=True):
        number, column, cells = person._place("Partner", row, "Bemerkung", snapshot)
        edits.append(SetCell(Spot("Partner", number, column), Cell(value), cells[number].get(column)))
    workbook.apply(edits, expected=snapshot.revision, look={})
    assert netz("sync", person.path).code in {0, 3}
    for row, value in zip(rows, VALUES, strict=True):
        assert reads(document, "Partner", row, "Bemerkung") == value
    settled(person, sim)
    turned = VALUES[1:] + VALUES[:1]
    for row, value in zip(rows, turned, strict=True):
        document.human.type("Partner", spot(document, "Partner", row, "Bemerkung"), f"'{value}")
    netz("sync", person.path)
    for row, value in zip(rows, turned, strict=True):
        assert str(person.reads("Partner", row, "Bemerkung")).strip() == value.strip()
    settled(person, sim)


def test_what_begins_like_a_formula_is_text_in_the_document_too(mirror, sim):
    """Typed in the file, it stands there as a text in every cell it comes to; typed there, it comes to the file."""
    person, document = mirror
    typed = typed_everywhere(person, "inline")
    there = "=1+7000999"
    place = spot(document, "Bedarfe", "B-009", "Beleg")
    document.human.put("Bedarfe", place, userEnteredValue={"stringValue": there})
    merged = {seen.tab.title for seen in locate(person.snapshot()).seen() if is_merged(seen.code)} - {"Einstellungen"}
    covered = person.reads("Bedarfe", "B-009", "Beleg")
    assert netz("sync", person.path).code in {0, 3}
    found, formulas = set(), []
    for tab in document.content.sheets:
        for cell in tab.cells.values():
            value = cell.get("userEnteredValue", {})
            found.add(value.get("stringValue"))
            formulas += [each for each in [value.get("formulaValue", "")] if TOKEN.search(each)]
            assert not TOKEN.search(str(value.get("numberValue", "")))
    assert not formulas
    assert {text for text, (tab, _) in typed.items() if tab in merged and text != covered} | {there} <= found
    assert person.reads("Bedarfe", "B-009", "Beleg") == there
    assert not carried(person.path)[1]
    settled(person, sim)


def test_a_date_stays_a_date_on_both_sides(mirror, sim):
    person, document = mirror
    document.human.type("Partner", spot(document, "Partner", "P-002", "Vereinbarung bis"), "31.12.2026")
    netz("sync", person.path)
    assert str(person.reads("Partner", "P-002", "Vereinbarung bis")) == "2026-12-31"
    settled(person, sim)


def test_google_out_of_reach_does_not_hold_up_the_file(mirror, sim, home):
    person, document = mirror
    person.type("Partner", "P-003", "Bemerkung", "inzwischen")
    sim.faults.add(status(403), match="get", times=None)
    done = netz("sync", person.path)
    assert done.code == 5
    assert person.reads("Partner", "P-003", "Bemerkung") == "inzwischen"
    sim.faults.clear()
    assert netz("sync", person.path).code in {0, 3}
    assert reads(document, "Partner", "P-003", "Bemerkung") == "inzwischen"
    settled(person, sim)


# --- asking and reviewing ---------------------------------------------------------------------------------


def headed(document, tab):
    """The headers of a tab, and the number of the first free row."""
    values = document.human.values(tab)
    top = next(row for row in values if "Nr" in row or "No" in row)
    last = max(number for number, row in enumerate(values, 1) if any(row))
    return top, last + 1


def write_row(document, tab, cells):
    top, number = headed(document, tab)
    for header, value in cells.items():
        document.human.type(tab, address_of(number, top.index(header) + 1), value)


def test_an_english_document_asks_and_reviews_in_english(sim, home):
    made = sim.create("Network", locale="en_US")
    assert netz("init", address(made), "--yes", "--lang", "en").code == 0
    write_row(made, "Target groups", {"Name": "Young people"})
    write_row(made, "Working groups", {"Name": "Access", "Kind": "working group", "Status": "active"})
    assert netz("sync", address(made), "--lang", "en").code in {0, 3}
    assert netz("survey", address(made), "young people", "--lang", "en").code == 0
    assert netz("review", address(made), "access", "--lang", "en").code == 0
    made.human.type("Survey Young people", "C7", "We need a place.")
    assert netz("sync", address(made), "--lang", "en").code in {0, 3}
    values = made.human.values("Voices")
    assert "Young people" in values[1]
    assert "We need a place." in values[1]
    assert made.human.values("Strategy Access")[0][0] == "Review the strategy: Access"
    assert json.loads(netz("sync", address(made), "--json").out)["written"] is False
