"""The report: one page, whole and true, that names no person and lets no text of people become code."""

import itertools
import json
import os
import re
import stat

import pytest
from pages import Page
from person import netz

HOSTILE = '<script>window.hacked=1</script>"><img src=x onerror=hacked()>'
PERSONAL = ("koordination@zsl.example", "Netzwerkkoordination", "Frau Kaya", "0171 5551234", "sitzen bleiben")


@pytest.fixture
def lived(stadt):
    """A network with a history, in which people wrote names where they do not belong."""
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    stadt.type("Partner", "P-007", "Bemerkung", "Frau Kaya ruft an")
    stadt.type("Bedarfe", "B-003", "Bedarf", "Begegnung, Tel. 0171 5551234")
    stadt.type("Ansprechpersonen", "K-001", "Name", "Frau Kaya")
    netz("sync", stadt.path, "--today", "2025-05-16")
    return stadt


def made(person, *more, name="bericht.html"):
    target = person.path.with_name(name)
    done = netz("report", person.path, "--html", target, *more)
    assert done.code == 0, done.err
    return Page(target.read_text(encoding="utf-8"))


# --- what it says -----------------------------------------------------------------------------------------


def test_it_tells_state_coverage_gaps_shoulders_onboarding_and_history(lived):
    page = made(lived, "--today", "2025-05-17")
    known = json.loads(netz("gaps", lived.path, "--json", "--today", "2025-05-17").out)
    assert [text for level, text in page.headings if level == 2] == [
        "Inhalt", "Stand", "Was sich geändert hat", "Abdeckung", "Lücken", "Was auf wem ruht",
        "Netzwerkkarte", "Onboarding", "Verlauf",
    ]  # fmt: skip
    figures = {row["Zahl"]: row["Wert"] for row in page.table("Die Zahlen des Netzwerks")}
    assert (
        figures["Lücke in Punkten"] == f"{known['network']['gap']:.1f}".replace(".", ",").removesuffix(",0") + " von 57"
    )
    gaps = page.table("Lücken, die größten zuerst")
    assert len(gaps) == sum(len(need["open"]) for need in known["needs"])
    assert all(row["Warum ist das eine Lücke?"] and row["Nächster Schritt"] for row in gaps)
    matrix = page.table("Deckung je Lebensbereich und Zielgruppe")
    assert len(matrix) == 10
    assert {re.sub(r"[\d\s\u00a0%]+", " ", value).strip() for row in matrix for value in list(row.values())[1:]} <= {
        "▲ fehlt", "■ knapp", "● gut", "– kein Bedarf erfasst", "▲ blinder Fleck: nachfragen", "▲ noch kein Partner",
    }  # fmt: skip
    opens = page.table("Was sich öffnet, wenn ein Partner geht")
    assert {"P-001", "P-009"} <= {row["Partner"][:5] for row in opens}
    assert all(row["Das öffnet sich"] and row["Punkte"] for row in opens)
    assert {row["Partner"][:5] for row in page.table("Fortschritt je Partner")} == {"P-005", "P-016", "P-018"}
    assert len(page.table("Zahlen des Netzwerks, der neueste Tag zuerst")) >= 1


def test_it_tells_what_changed_and_keeps_free_words_to_itself(lived):
    page = made(lived, "--today", "2025-05-17")
    rows = {(row["Zeile"][:5], row["Spalte"]): row for row in page.table("Änderungen, die neueste zuerst")}
    assert (rows["P-007", "Status"]["vorher"], rows["P-007", "Status"]["danach"]) == ("aktiv", "ruhend")
    assert rows["P-007", "Status"]["Tag"] == "16.05.2025"
    assert rows["P-007", "Bemerkung"]["danach"] == "nicht gezeigt"
    assert rows["K-001", "Name"]["danach"] == "nicht gezeigt"
    later = made(lived, "--today", "2025-05-17", "--since", "17.05.2025")
    assert "Seit 17.05.2025 ist keine Änderung bekannt." in later.text


def test_no_person_is_named_unless_asked_for(lived):
    page = made(lived, "--today", "2025-05-17")
    for word in PERSONAL:
        assert word not in page.text, word
    target = lived.path.with_name("personen.html")
    done = netz("report", lived.path, "--html", target, "--with-contacts", "--today", "2025-05-17")
    page = Page(target.read_text(encoding="utf-8"))
    for word in ("koordination@zsl.example", "Netzwerkkoordination", "Frau Kaya", "0171 5551234"):
        assert word in page.text, word
    assert "Angaben zu Personen" in page.text
    assert "Angaben zu Personen" in done.err
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_language_is_the_workbooks_unless_one_is_typed(lived, monkeypatch):
    monkeypatch.setenv("NETZWERK_LANG", "en")
    assert made(lived).all("html") == [{"lang": "de"}]
    page = made(lived, "--lang", "en")
    assert page.all("html") == [{"lang": "en"}]
    assert page.headings[2][1] == "State"
    assert "Aktivität" not in page.text


def test_an_empty_network_has_a_report(tmp_path):
    assert netz("init", tmp_path / "neu.xlsx").code == 0
    target = tmp_path / "neu.html"
    assert netz("report", tmp_path / "neu.xlsx", "--html", target).code == 0
    page = Page(target.read_text(encoding="utf-8"))
    assert page.wrong == []
    assert "Noch ist kein Bedarf erfasst" in page.text


# --- how it is built --------------------------------------------------------------------------------------


def test_headings_tables_and_links_are_as_screen_readers_need_them(lived):
    page = made(lived, "--with-contacts")
    assert page.wrong == []
    assert page.all("html") == [{"lang": "de"}]
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.all("a")} <= set(ids)
    named = [one for _, attributes in page.tags for one in attributes.get("aria-labelledby", "").split()]
    assert named
    assert set(named) <= set(ids)
    assert len(page.tables) >= 9
    for table in page.tables:
        assert table["caption"].strip()
        heads, *rows = table["rows"]
        assert all(cell[0] == "th" and cell[1] == "col" and cell[2].strip() for cell in heads)
        assert len({cell[2] for cell in heads}) == len(heads)
        for row in rows:
            assert len(row) == len(heads)
            assert row[0][:2] == ["th", "row"]
            assert all(cell[0] == "td" and cell[2].strip() for cell in row[1:]), row
    assert all(one.get("tabindex") == "0" for one in page.all("div") if one.get("class") == "scroll")


def test_it_needs_nothing_from_elsewhere_and_no_script(lived):
    made(lived)
    text = lived.path.with_name("bericht.html").read_text(encoding="utf-8")
    assert not re.search(r"(?:https?:)?//[\w.-]+|@import|url\(|<script|<link|<iframe|<img| on\w+=| style=", text)
    policy = next(one["content"] for one in Page(text).all("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_hostile_words_stay_words(stadt):
    stadt.type("Partner", "P-007", "Kurzname", HOSTILE)
    stadt.type("Bedarfe", "B-003", "Bedarf", "{{ 7 * 7 }}" + HOSTILE)
    stadt.type("Lebensbereiche", "LB-01", "Name", "</title></style>" + HOSTILE)
    stadt.type("Zielgruppen", "ZG-01", "Name", "' onclick='hacked()" + HOSTILE)
    stadt.type("Einstellungen", "netzwerk.name", "Wert", "</title>" + HOSTILE)
    page = made(stadt)
    assert page.wrong == []
    assert not page.all("script")
    assert not page.all("img")
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "{{ 7 * 7 }}" in page.text
    assert page.text.count("<script>window.hacked=1</script>") >= 4
    assert HOSTILE in page.headings[0][1]


# --- where it goes ----------------------------------------------------------------------------------------


def test_a_report_of_ours_is_replaced_and_nothing_else(lived):
    before = lived.path.read_bytes()
    target = lived.path.with_name("bericht.html")
    made(lived)
    first = target.read_bytes()
    made(lived)
    assert target.read_bytes() == first
    target.write_text("<html>Unsere Startseite</html>", encoding="utf-8")
    done = netz("report", lived.path, "--html", target)
    assert done.code == 2
    assert "bericht.html" in done.err
    assert target.read_text(encoding="utf-8") == "<html>Unsere Startseite</html>"
    assert netz("report", lived.path, "--html", target, "--yes").code == 0
    assert target.read_bytes() == first
    assert lived.path.read_bytes() == before
    assert [path.name for path in lived.path.parent.iterdir() if path.name.startswith(".bericht")] == []


def test_the_workbook_itself_is_never_the_target_even_with_yes(lived):
    before = lived.path.read_bytes()
    link = lived.path.with_name("anders.html")
    os.link(lived.path, link)
    for target in (lived.path, link, lived.path.parent / "." / lived.path.name):
        done = netz("report", lived.path, "--html", target, "--yes")
        assert done.code == 2
        assert "Arbeitsmappe selbst" in done.err
    assert lived.path.read_bytes() == before


def test_what_cannot_be_written_is_said(lived):
    assert netz("report", lived.path, "--html", lived.path.parent / "fehlt" / "b.html").code == 10
    assert netz("report", lived.path, "--html", lived.path.parent).code == 2
    assert netz("report", lived.path).code == 2
    assert netz("report", lived.path.with_name("fehlt.xlsx"), "--html", lived.path.with_name("b.html")).code == 10
    assert not lived.path.with_name("b.html").exists()


def test_a_dry_run_writes_nothing_and_json_tells_what_was_made(lived):
    target = lived.path.with_name("bericht.html")
    done = netz("bericht", lived.path, "--html", target, "--dry-run")
    assert done.code == 0
    assert not target.exists()
    document = json.loads(netz("report", lived.path, "--html", target, "--json").out)
    assert document["written"] is True
    assert document["bytes"] == len(target.read_bytes())
    assert document["sections"]["coverage"] == {"coverage": 10}
