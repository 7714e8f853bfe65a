"""A new table is an entry in the schema and a sentence for the directory, no code."""

import openpyxl
import pytest
from person import netz

from netzwerk_sheets.sheets import language, schema

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
CACHED = (schema.load, schema.tab_words, schema.tab_kinds)


@pytest.fixture
def with_rooms(monkeypatch):
    read = schema._load

    def loaded(name):
        found = read(name)
        return {**found, "tables": [*found["tables"], ENTRY]} if name == "schema.toml" else found

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
