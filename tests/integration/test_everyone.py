"""Usable by everyone: the accessibility rules on what the tool makes, and the first use of English."""

import re

import pytest
from person import Person, netz

GERMAN = re.compile(
    r"\b(und|oder|nicht|Partner und|Lücke\w*|Bedarf\w*|Aufgabe\w*|Zielgruppe\w*|Maßnahme\w*|fehlt|keine?|Wählen|Tage?n?|Stand|Blatt|"
    r"Blätter|der|die|das|ist|sind|mit|für|bitte|Ansprechperson\w*|Überprüfen|Einstellungen|Abdeckung|Verlauf|Prüfung)\b"
)


def findings(path):
    module = pytest.importorskip(
        "netzwerk_sheets.backends.excel.accessibility", reason="the accessibility rules do not exist yet"
    )
    return [(one.rule, one.tab, one.cell) for one in module.examine(path)]


def test_nothing_hinders_anyone_in_the_demo(stadt):
    assert findings(stadt.path) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_hinders_anyone_in_a_new_network(tmp_path, language):
    path = tmp_path / "neu.xlsx"
    assert netz("init", path, "--lang", language).code == 0
    assert netz("sync", path, "--lang", language).code in {0, 3}
    assert findings(path) == []


@pytest.mark.parametrize("count", [1, pytest.param(60, marks=pytest.mark.long), 8])
def test_nothing_hinders_anyone_with_few_or_many_partners_of_any_name(tmp_path, count):
    person = Person(tmp_path / "neu.xlsx")
    netz("init", person.path)
    names = [
        "Verein für " + "sehr " * 40 + "lange Namen",
        "جمعية التضامن",
        "🌈 Regenbogen 👩‍🦽",
        "=Summe e.V.",
        "A/B [C]: *?",
    ]
    labels = [f"{names[number % len(names)]} {number}" if number else names[0] for number in range(count)]
    person.write_rows(
        "Partner", [{"Kurzname": name, "Organisation": name, "Status": "im Onboarding"} for name in labels]
    )
    assert netz("sync", person.path).code in {0, 3}
    sheets = [tab for tab in person.tabs() if tab.startswith("OB ")]
    assert len(sheets) == count
    assert len({tab.casefold() for tab in person.tabs()}) == len(person.tabs())
    for name in [names[0]] if count == 1 else names[1:4]:
        assert any(name in text for text in person.texts())
    # Cells that people filled below the prepared rows look as people made them.
    assert [one for one in findings(person.path) if one[1] != "Partner"] == []
    once = person.path.read_bytes()
    netz("sync", person.path)
    assert person.path.read_bytes() == once


def test_an_english_network_speaks_english(tmp_path):
    person = Person(tmp_path / "town.xlsx")
    made = netz("init", person.path, "--lang", "en")
    assert made.code == 0
    assert netz("sync", person.path, "--lang", "en").code == 0
    tabs = person.tabs()
    assert {"Partners", "Needs", "Start", "Settings", "Coverage", "Gaps"} <= set(tabs)
    person.write_row(
        "Partners",
        {"Short name": "Library", "Organisation": "Town library", "Status": "onboarding", "Agreed on": "2025-05-12"},
        header="No",
    )
    person.write_row("Needs", {"Need": "Quiet rooms"}, header="No")
    assert netz("sync", person.path, "--lang", "en").code in {0, 3}
    assert person.ids("Partners", "No") == ["P-001"]
    german = {
        (tab.title, text)
        for tab in person.snapshot().tabs
        for row in tab.rows.values()
        for text in row.values()
        if isinstance(text, str) and GERMAN.search(text)
    }
    german = {(tab, text) for tab, text in german if "ä" in text or "ü" in text or not re.search(r"\bdie\b", text)}
    assert not german
    once = person.path.read_bytes()
    netz("sync", person.path)
    assert person.path.read_bytes() == once, "the language of the workbook is its own, whatever the shell speaks"


def test_the_shell_speaks_english_about_a_german_workbook(stadt):
    said = netz("gaps", stadt.path, "--lang", "en").out
    assert "covered" in said.casefold() or "coverage" in said.casefold()
    before = stadt.path.read_bytes()
    netz("sync", stadt.path, "--lang", "en")
    assert stadt.path.read_bytes() == before
