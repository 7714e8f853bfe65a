"""A new table or column is an entry in the schema, a table with a sentence for the directory; no code."""

import openpyxl
import pytest
from person import netz

from netzwerk_sheets.sheets import language, schema
from netzwerk_sheets.sync.tables import table_schema

ENTRY = {
    "code": "rooms", "de": "Räume", "en": "Rooms", "prefix": "RM", "digits": 3, "kind": "input", "start": True,
    "label": "name", "key": ["name"],
    "columns": [
        {"code": "id", "de": "Nr", "en": "No", "type": "id"},
        {"code": "name", "de": "Raum", "en": "Room", "type": "text", "required": True},
        {"code": "partner", "de": "Partner", "en": "Partner", "type": "ref", "of": "partners", "required": True},
        {"code": "seats", "de": "Plätze", "en": "Seats", "type": "count"},
    ],
}  # fmt: skip
COLUMN = {"code": "ramp", "de": "Rampe", "en": "Ramp", "type": "yes_no"}
CACHED = (schema.load, schema.tab_words, schema.tab_kinds, table_schema)


@pytest.fixture
def with_rooms(monkeypatch):
    read = schema._load

    def loaded(name):
        found = read(name)
        if name != "schema.toml":
            return found
        partners, *others = found["tables"]
        return {**found, "tables": [{**partners, "columns": [*partners["columns"], COLUMN]}, *others, ENTRY]}

    def forget():
        for each in CACHED:
            each.cache_clear()

    monkeypatch.setattr(schema, "_load", loaded)
    monkeypatch.setitem(language.texts("de", "what"), "rooms", "Räume, die Partner geben.")
    forget()
    yield
    monkeypatch.undo()
    forget()


def test_an_entry_in_the_schema_becomes_a_tab_that_is_merged_checked_and_remembered(with_rooms, tmp_path):
    path = tmp_path / "stadt.xlsx"
    assert netz("init", path, "--lang", "de").code == 0
    book = openpyxl.load_workbook(path)
    titles = book.sheetnames
    assert titles.index("Räume") == titles.index("Meilensteine") + 1
    assert "Räume, die Partner geben." in {cell.value for row in book["Start"] for cell in row}
    book["Räume"]["B2"], book["Räume"]["C2"], book["Räume"]["D2"] = "Aula", "Niemand", 80
    book.save(path)
    netz("sync", path)
    assert [cell.value for cell in openpyxl.load_workbook(path)["Räume"][2]] == ["RM-001", "Aula", "Niemand", 80]
    assert "Räume!C2" in netz("check", path, "--plain").out
    assert "Aula" in netz("history", path, "RM-001").out
    before = path.read_bytes()
    netz("sync", path)
    assert path.read_bytes() == before


def test_workbooks_that_exist_get_the_table_from_init_and_the_column_from_whoever_writes_its_heading(stadt, request):
    path = stadt.path
    netz("sync", path)
    request.getfixturevalue("with_rooms")
    before = path.read_bytes()
    assert netz("sync", path).code in {0, 3}
    assert path.read_bytes() == before
    assert netz("init", path, "--yes").code == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-1] == "Räume"
    partners = book["Partner"]
    column = partners.max_column + 1
    partners.cell(1, column).value, partners.cell(2, column).value, partners.cell(3, column).value = (
        "Rampe",
        "ja",
        "oft",
    )
    book.save(path)
    netz("sync", path)
    place = partners.cell(3, column).coordinate
    assert f"Partner!{place}" in netz("check", path, "--plain").out
    assert "Rampe" in netz("history", path, "P-001").out
