"""Two rows that mean one organisation become one when people say so: every word of both stays, and undo brings both."""

import re
import sys

import openpyxl
import pytest
from hand_lists import Terminal, table, texts
from person import Person, netz

ROWS = [
    ["Kurzname", "Organisation", "Gesellschaftsbereich", "Zielgruppen", "Ressourcen", "Status", "Bemerkung", "Hausfarbe"],
    ["VHS", "Volkshochschule Musterstadt e. V.", "Bildung", "Senioren", "Räume", "aktiv", "Schlüssel beim Hausmeister", "rot"],
    [None, "VHS Musterstadt", "Kultur", "Kinder; Senioren", "Personal; Räume", "im Gespräch", "hat Beamer", "blau"],
    ["Büro", "Büro für Leichte Sprache gGmbH", "Bildung", "Alle", "Fachwissen", "aktiv", None, None],
    ["Buero", "Buero fuer Leichte Sprache", None, None, None, None, None, None],
    ["AWO Nord", "AWO Nord", "Wohlfahrt", "Alle", "Personal", "aktiv", None, None],
]  # fmt: skip


@pytest.fixture
def doubled(tmp_path, monkeypatch):
    """A network with a list in which two organisations stand twice, and rows that refer to them."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "netz.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Partner"
    for row in ROWS:
        sheet.append(row)
    groups = book.create_sheet("AGs")
    for row in (["AG", "Leitung"], ["AG Freizeit", "VHS Musterstadt"]):
        groups.append(row)
    book.save(path)
    assert netz("adopt", path, "--yes").code == 0
    Person(path).write_row("Mitwirkung", {"Partner": "P-002", "AG": "AG Freizeit"})
    netz("sync", path)
    return path


def row_of(path, number):
    return next((row for row in table(path, "Partner") if row.get("Netzwerk-Nr", row.get("Nr")) == number), None)


def test_yes_to_everything_leaves_pairs_as_they_are(doubled):
    before = doubled.read_bytes()
    done = netz("adopt", doubled, "--yes")
    assert done.code == 0
    assert "P-001" in done.err
    assert "P-002" in done.err
    assert doubled.read_bytes() == before


def test_a_pair_becomes_one_row_that_holds_the_words_of_both(doubled, monkeypatch):
    typed = Terminal("ja\nnein\nzu viel gefragt\n")
    monkeypatch.setattr(sys, "stdin", typed)
    done = netz("adopt", doubled)
    assert done.code == 0, done.err
    assert typed.read() == "zu viel gefragt\n"
    kept = row_of(doubled, "P-001")
    assert row_of(doubled, "P-002") is None
    assert kept["Organisation"] == "Volkshochschule Musterstadt e. V."
    assert kept["Zielgruppen"] == "Senioren; Kinder"
    assert kept["Ressourcen"] == "Räume; Personal"
    assert kept["Status"] == "aktiv"
    note = kept["Bemerkung"].split("\n")
    assert note[:2] == ["Schlüssel beim Hausmeister", "hat Beamer"]
    assert set(note[2:]) == {
        "Organisation (P-002): VHS Musterstadt",
        "Gesellschaftsbereich (P-002): Kultur",
        "Status (P-002): im Gespräch",
        "Hausfarbe (P-002): blau",
    }
    assert kept["Hausfarbe"] == "rot"
    assert row_of(doubled, "P-004")["Organisation"] == "Buero fuer Leichte Sprache"  # people said no
    # what referred to the other row refers to the one that stayed
    assert table(doubled, "AGs", "Leitung")[0]["Leitung"] == "VHS"
    assert table(doubled, "Mitwirkung", "Partner")[0]["Partner"] == "P-001"
    trash = table(doubled, "Papierkorb", "Tabelle")
    assert trash[0]["Nr"] == "P-002"
    assert netz("sync", doubled).code in {0, 3}
    stands = doubled.read_bytes()
    netz("sync", doubled)
    assert doubled.read_bytes() == stands


def test_the_state_from_before_is_named_by_the_number_it_has_in_the_end(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "Leute"
    for row in (["Organisation", "Kürzel"], ["Volkshochschule Musterstadt", "VHS"], ["VHS Musterstadt", None]):
        book.active.append(row)
    book.save(path := tmp_path / "liste.xlsx")
    before = path.read_bytes()
    monkeypatch.setattr(sys, "stdin", Terminal("ja\nja\n"))
    done = netz("adopt", path)
    assert "1 Paar ist jetzt eine Zeile" in done.err
    command = re.search(r"netzwerk restore liste.xlsx (\d+)", done.err)
    assert netz("restore", path, command[1], "--yes").code == 0
    assert path.read_bytes() == before


def test_undo_brings_both_rows_and_their_references_back(doubled, monkeypatch):
    before = {tab: texts(doubled)[tab] for tab in ("Partner", "AGs", "Mitwirkung")}
    rows = table(doubled, "Partner")
    monkeypatch.setattr(sys, "stdin", Terminal("ja\nja\n"))
    assert netz("adopt", doubled).code == 0
    assert row_of(doubled, "P-002") is None
    assert row_of(doubled, "P-004") is None
    monkeypatch.setattr(sys, "stdin", Terminal("ja\n"))
    assert netz("undo", doubled).code == 0
    after = {tab: texts(doubled)[tab] for tab in before}
    assert after["AGs"] == before["AGs"]
    assert after["Mitwirkung"] == before["Mitwirkung"]
    shown = {row["Netzwerk-Nr"] if "Netzwerk-Nr" in row else row["Nr"]: row for row in table(doubled, "Partner")}
    for row in rows:  # columns of people beside the table of a row that went stay in the remarks only
        number = row.get("Netzwerk-Nr", row.get("Nr"))
        assert {k: v for k, v in shown[number].items() if k != "Hausfarbe"} == {
            k: v for k, v in row.items() if k != "Hausfarbe"
        }


def test_the_row_with_a_task_sheet_stays(stadt, monkeypatch):
    monkeypatch.chdir(stadt.path.parent)
    netz("sync", stadt.path)
    new = {"Kurzname": "Wohnbau GmbH", "Organisation": "Städtische Wohnbaugesellschaft mbH", "Bemerkung": "neu"}
    stadt.write_row("Partner", new)
    netz("sync", stadt.path)
    monkeypatch.setattr(sys, "stdin", Terminal("ja\n" * 3))
    done = netz("adopt", stadt.path)
    assert done.code == 0, done.err
    assert "neu" in row_of(stadt.path, "P-016")["Bemerkung"]
    assert row_of(stadt.path, "P-019") is None


def test_a_pair_that_changed_since_is_left_alone(doubled):
    from datetime import date

    from netzwerk_sheets.sync.order import Order
    from netzwerk_sheets.sync.run import sync
    from netzwerk_sheets.sync.uniting import Pair, united

    pair = Pair("P-001", "P-002", ("Volkshochschule Musterstadt e. V.", "VHS anderswo"))
    done = sync(doubled, Order(date(2025, 5, 15), pairs=(pair,)))
    assert united(done.plan.changes["partners"]) == 0
    assert row_of(doubled, "P-002") is not None


def test_checks_say_which_organisations_may_be_one_and_how_to_join_them(doubled):
    said = netz("check", doubled).out
    assert "netzwerk adopt" in said
