"""The roll-up: one workbook and one page over all networks, which names no person and replaces nobody's work."""

import json

import openpyxl
import pytest
from fleets import fresh, settle
from pages import Page
from person import netz

from netzwerk_sheets.backends.excel.accessibility import examine

__all__ = ["fresh"]

PERSONAL = ("koordination@zsl.example", "Netzwerkkoordination", "Frau Kaya", "0171 5551234")


@pytest.fixture
def towns(fresh, tmp_path):
    """Two networks: one paused a partner, the other did too and won it back."""
    people = settle(fresh, tmp_path / "netze", ["ahaus", "buren"])
    for person in people.values():
        person.type("Partner", "P-009", "Status", "ruhend")
        person.type("Partner", "P-009", "Bemerkung", "Frau Kaya, 0171 5551234")
        netz("sync", person.path, "--today", "2025-05-16")
    people["buren"].type("Partner", "P-009", "Status", "aktiv")
    netz("sync", people["buren"].path, "--today", "2025-05-20")
    return people


def reported(tmp_path, *more):
    return netz("fleet", "report", "--networks", tmp_path / "netze", "--workers", 1, "--today", "2025-05-21", *more)


def rows_of(path, title):
    sheet = openpyxl.load_workbook(path)[title]
    head, *rows = sheet.iter_rows(min_row=4, values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_overview_tells_where_each_stands_and_who_closed_what_with_whom(towns, tmp_path):
    before = {name: person.path.read_bytes() for name, person in towns.items()}
    book, html = tmp_path / "alle.xlsx", tmp_path / "alle.html"
    done = reported(tmp_path, "--xlsx", book, "--html", html)
    assert done.code == 0, done.err
    known = json.loads(
        netz("fleet", "gaps", "--networks", tmp_path / "netze", "--json", "--workers", 1, "--today", "2025-05-21").out
    )["networks"]  # fmt: skip
    rows = rows_of(book, "Netze")
    assert [row["Netz"].rpartition("(")[2] for row in rows] == ["ahaus.xlsx)", "buren.xlsx)"]
    for row, name in zip(rows, ("ahaus.xlsx", "buren.xlsx"), strict=True):
        assert row["Deckung"] == pytest.approx(known[name]["network"]["coverage"], abs=1e-6)
        assert row["Offene Bausteine"] == sum(len(need["open"]) for need in known[name]["needs"])
    assert len(rows_of(book, "Abdeckung der Netze")[0]) == 10
    lessons = rows_of(book, "Voneinander lernen")
    assert lessons
    assert {row["Seit"].date().isoformat() for row in lessons if "buren" in row["Geschlossen in"]} >= {"2025-05-20"}
    assert all(row["Mit einem Partner vom Typ"] for row in lessons)
    assert rows_of(book, "Fehlende Partnertypen")
    assert list(examine(book)) == []
    page = Page(html.read_text("utf-8"))
    assert page.wrong == []
    assert len(page.table("Wer welche Lücke geschlossen hat")) == len(lessons)
    texts = page.text + "".join(str(value) for title in ("Netze", "Gemeinsame Lücken") for row in rows_of(book, title) for value in row.values())  # fmt: skip
    assert [word for word in PERSONAL if word in texts] == []
    assert {name: person.path.read_bytes() for name, person in towns.items()} == before


def test_it_is_written_when_something_changed_and_never_over_what_people_added(towns, tmp_path):
    book = tmp_path / "alle.xlsx"
    dry = reported(tmp_path, "--xlsx", book, "--dry-run")
    assert "würde" in dry.out
    assert not book.exists()
    towns["ahaus"].path.write_bytes(b"kaputt")
    assert reported(tmp_path, "--xlsx", book).code == 5
    assert "ahaus.xlsx" in {row["Netz"] for row in rows_of(book, "Nicht gelesen")}
    first = book.read_bytes()
    assert "ist, wie es war" in reported(tmp_path, "--xlsx", book).out
    assert book.read_bytes() == first
    people = openpyxl.load_workbook(book)
    people["Netze"]["L5"] = "anrufen"
    people.save(book)
    theirs = book.read_bytes()
    refused = reported(tmp_path, "--xlsx", book)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert book.read_bytes() == theirs
    assert reported(tmp_path, "--xlsx", book, "--yes").code == 5
    assert book.read_bytes() == first
    kept = [path.read_bytes() for path in (tmp_path / "state" / "backups").rglob("*.xlsx")]
    assert theirs in kept
    assert json.loads(reported(tmp_path, "--xlsx", book, "--json").out)["files"] == {str(book): False}


def test_it_needs_a_place_of_its_own(towns, tmp_path):
    own = towns["ahaus"].path
    before = own.read_bytes()
    for more, word in (
        ((), "--xlsx"),
        (("--xlsx", own), "Arbeitsmappe"),
        (("--html", own), "Arbeitsmappe"),
        (("--xlsx", tmp_path / "alle.txt"), ".xlsx"),
    ):
        done = reported(tmp_path, *more)
        assert (done.code, done.out) == (2, ""), done.err
        assert word in done.err
    assert netz("fleet", "gaps", "--networks", tmp_path / "netze", "--html", tmp_path / "x.html").code == 2
    assert own.read_bytes() == before
    english = tmp_path / "all.xlsx"
    assert reported(tmp_path, "--xlsx", english, "--lang", "en").code == 0
    assert openpyxl.load_workbook(english).sheetnames[0] == "Networks"
