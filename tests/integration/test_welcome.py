"""Winning, welcoming and agreeing, as a coordinator sees it: documents, shared understanding, the network's profile."""

import re
import tomllib
from datetime import date

import pytest
from person import DAY, Person, netz
from test_everyone import GERMAN
from test_method_tabs import rows_of, settled

from netzwerk_sheets.grid import shown
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import gendered

STATE, PROFILE, VHS = "Stand der Verständigung", "Netzwerk-Steckbrief", "OB P-005 VHS"
TALK = "Z-004.T-Z05"


def sync(person, *more):
    done = netz("sync", person.path, "--today", DAY, *more)
    assert done.code in {0, 3}, done.err


def set_to(person, key, value):
    """Type into the settings."""
    cells = person.everything()["Einstellungen"]
    row = next(number for number, row in cells.items() if shown(row.get(1)) == key)
    person.put("Einstellungen", row, 2, value)


def start(person, topic, tab="Start"):
    """The line of the first tab about a topic: light, count, meaning, step."""
    for row in person.everything()[tab].values():
        if shown(row.get(1)) == topic and len(row) > 3:
            return [shown(row.get(column)) for column in (2, 3, 4, 5)]
    return None


def noticed(person, row):
    return [each["Das ist aufgefallen"] for each in rows_of(person, "Prüfung") if str(each["Zeile"]).startswith(row)]


def head(person, tab=VHS):
    return " ".join(str(shown(value)) for row in (2, 3) for value in person.everything()[tab][row].values())


# --- documents --------------------------------------------------------------------------------------------


def test_a_document_that_is_missing_stands_on_the_sheet_and_in_the_checks_until_it_is_sent(stadt):
    assert "Diese Pflicht-Unterlage fehlt noch: Muster für die Kooperationsvereinbarung." in head(stadt)
    assert "Bei VHS fehlt 1 Pflicht-Unterlage: U-003." in noticed(stadt, "P-005")
    cells = {"Partner": "VHS", "Unterlage": "U-003", "Version": "2024-09", "Datum": date(2025, 5, 14)}
    stadt.write_row("Unterlagen-Versand", cells)
    sync(stadt)
    assert "Alle Pflicht-Unterlagen sind da." in head(stadt)
    assert noticed(stadt, "P-005") == []
    settled(stadt)


def test_a_newer_version_is_noticed_at_everyone_who_has_the_old_one(stadt):
    stadt.type("Unterlagen", "U-001", "Stand/Version", "2025-05")
    sync(stadt)
    assert "Von dieser Unterlage gibt es eine neuere Fassung: Leitbild des Netzwerks." in head(stadt)
    assert sum("in einer anderen Fassung: U-001" in str(row) for row in rows_of(stadt, "Prüfung")) == 10


def test_the_sheet_says_what_a_partner_wishes_and_took_on(stadt):
    assert "Aufgabenwunsch: Räume und Kurse planen. Übernommen: Mitglied in AG Einsamkeit." in head(stadt)


# --- shared understanding ---------------------------------------------------------------------------------


def test_the_demo_says_how_far_people_agree(stadt):
    found = {row["Nr"]: row for row in rows_of(stadt, STATE)}
    assert list(found) == ["Z-001", "Z-002", "Z-003", "Z-005", "Z-004"]
    assert {row: found[row]["Geteilt"] for row in found} == {
        "Z-001": 0.6, "Z-002": 0, "Z-003": 0, "Z-005": 0.2, "Z-004": 0.2,
    }  # fmt: skip
    assert found["Z-001"]["Noch nicht gehört"] == "Seniorenberatung; Wohlfahrtsverband; Stadtrat"
    assert found["Z-004"]["Stand"] == "▲ abweichend"
    assert "Stadtrat: „Vor allem Barrierefreiheit von Gebäuden“" in found["Z-004"]["In eigenen Worten"]


def test_when_everyone_agrees_it_says_so(stadt):
    stadt.type("Verständigung", "VG-007", "Stand", "geteilt")
    for partner in ("P-002", "P-003", "P-008"):
        cells = {"Partner": partner, "Ziel": "Z-001", "Stand": "geteilt", "Datum": date(2025, 5, 14)}
        stadt.write_row("Verständigung", cells)
    sync(stadt)
    row = next(row for row in rows_of(stadt, STATE) if row["Nr"] == "Z-001")
    assert (row["Stand"], row["Geteilt"]) == ("● geteilt", 1)
    assert noticed(stadt, "Z-001") == []
    settled(stadt)


def test_a_difference_becomes_one_task_with_a_day(stadt):
    assert stadt.reads("Netzwerkaufgaben", TALK, "Fällig am") == date(2025, 6, 19)
    assert stadt.reads("Netzwerkaufgaben", TALK, "Für") == "Inklusion: weiter Begriff"
    cells = {"Partner": "P-006", "Ziel": "Z-004", "Stand": "abweichend", "Datum": date(2025, 5, 15)}
    stadt.write_row("Verständigung", cells)
    sync(stadt)
    assert sum(str(row).startswith("Z-004.") for row in stadt.ids("Aufgaben")) == 1
    settled(stadt)


def test_after_the_talk_only_a_later_difference_asks_again(stadt):
    stadt.type("Netzwerkaufgaben", TALK, "Status", "erledigt")
    stadt.type("Netzwerkaufgaben", TALK, "Erledigt am", date(2025, 5, 14))
    sync(stadt)
    assert [row for row in stadt.ids("Aufgaben") if str(row).startswith("Z-004.")] == [TALK]
    stadt.type("Verständigung", "VG-010", "Datum", date(2025, 5, 15))
    sync(stadt)
    assert f"{TALK}.2" in stadt.ids("Aufgaben")
    settled(stadt)


def test_a_talk_that_people_took_away_does_not_come_back(stadt):
    stadt.delete_row("Netzwerkaufgaben", TALK)
    sync(stadt)
    stadt.type("Verständigung", "VG-010", "eigene Worte", "Noch einmal anders")
    sync(stadt)
    assert TALK not in stadt.ids("Aufgaben")


def test_who_is_being_welcomed_talks_about_it_on_its_own_sheet(stadt):
    stadt.type("Verständigung", "VG-007", "Stand", "abweichend")
    sync(stadt)
    assert not [row for row in stadt.ids("Aufgaben") if str(row).startswith("Z-001.")]
    assert stadt.reads(VHS, "P-005.T-Z05", "Status") == "in Arbeit"


# --- the network's profile --------------------------------------------------------------------------------


def test_the_profile_tells_how_the_network_began_and_is_built(stadt):
    rows = {(row["Teil"], row["Name"]): row for row in rows_of(stadt, PROFILE)}
    assert rows["1 Das Netzwerk", "Beginn"]["Seit oder am"] == date(2023, 1, 10)
    steering = rows["2 Gremien und Gruppen", "Steuerungsgruppe"]["Angaben"]
    assert (
        "Leitung: ZSL. Stellvertretung: Seniorenamt. Mandat: Ziele beschließen; Aufnahme neuer Partner*innen."
        in steering
    )
    assert rows["2 Gremien und Gruppen", "AG Senior*innen"]["Angaben"] == "Diese Gruppe arbeitet nicht mehr."
    board = [name for part, name in rows if part.startswith("3")]
    assert (board[0], board[-1], len(board)) == ("ZSL", "VHS", 10)
    assert rows["3 Wer an Bord ist", "VHS"]["Seit oder am"] == date(2025, 2, 10)
    assert (
        "6 von 10 Partnern teilen das."
        in rows["4 Ziele und Vision", "In Musterstadt kann jede*r überall mitmachen"]["Angaben"]
    )
    days = [row["Seit oder am"] for (part, _), row in rows.items() if part.startswith("5")]
    assert days == sorted(days)
    assert len(days) == 8
    assert len([part for part, _ in rows if part.startswith("6")]) == 8


def test_the_profile_says_how_many_more_the_partners_reach(stadt):
    said = "Die Partner erreichen zusätzlich: 57 Organisationen."
    assert any(row["Angaben"] == said for row in rows_of(stadt, PROFILE))
    assert str(shown(stadt.everything()["Start"][2][1])).endswith(said)
    stadt.type("Partner", "P-012", "Status", "aktiv")
    sync(stadt)
    more = "Die Partner erreichen zusätzlich: 57 Organisationen und 900 Menschen."
    assert any(row["Angaben"] == more for row in rows_of(stadt, PROFILE))


def test_no_person_stands_in_the_profile(stadt):
    stadt.type("Ansprechpersonen", "K-001", "Name", "Erika Beispiel")
    stadt.type("Arbeitsgruppen", "AG-02", "Leitung", "K-001")
    stadt.type("Arbeitsgruppen", "AG-03", "Leitung", "Frau Beispiel")
    stadt.type("Arbeitsgruppen", "AG-02", "Mandat", "Rückfragen an erika@beispiel.example")
    stadt.type("Verständigung", "VG-001", "eigene Worte", "Mehr weiß petra@beispiel.example")
    stadt.type("Meilensteine", "MS-006", "Meilenstein", "Anruf bei 0171 2345678")
    sync(stadt)
    text = str(rows_of(stadt, PROFILE)) + str(rows_of(stadt, STATE))
    for word in ("Erika", "Frau Beispiel", "beispiel.example", "0171", "K-001"):
        assert word not in text, word
    assert "Leitung: ZSL." in text
    assert "Die Leitung ist noch offen." in text


# --- who is waiting, and the administration ---------------------------------------------------------------


def test_follow_ups_stand_on_the_first_tab(stadt):
    light, count, meaning, step = start(stadt, "Wiedervorlagen")
    assert (light, count) == ("▲ Handeln", 2)
    assert "Sportverein (12.05.2025) und Museum (22.05.2025)" in meaning
    assert step == "Gespräche öffnen"
    stadt.type("Gespräche", "GS-016", "Wiedervorlage", date(2025, 6, 30))
    stadt.type("Partner", "P-012", "bis", date(2025, 6, 30))
    sync(stadt)
    assert start(stadt, "Wiedervorlagen")[:2] == ["■ Beobachten", 1]


def test_an_administration_that_does_not_support_the_work_has_its_own_path(stadt):
    assert start(stadt, "Verwaltung fehlt") is None
    set_to(stadt, "verwaltung.unterstützt", "nein")
    sync(stadt)
    assert start(stadt, "Verwaltung fehlt")[3] == "Ein Amt als Wunschpartner wählen"
    stadt.write_row("Partner", {
        "Kurzname": "Sozialamt", "Organisation": "Sozialamt der Stadt", "Gesellschaftsbereich": "Kommunalverwaltung",
        "Status": "Wunschpartner", "Angelegt am": date(2025, 5, 15),
    })  # fmt: skip
    sync(stadt)
    light, _, meaning, step = start(stadt, "Verwaltung fehlt")
    assert (light, step) == ("▲ Handeln", "Aufgabenblatt anlegen mit: netzwerk onboard stadt.xlsx P-019")
    assert meaning.endswith("Dieses Amt können Sie gewinnen: Sozialamt.")
    assert netz("onboard", stadt.path, "Sozialamt", "--today", DAY).code in {0, 3}
    tasks = stadt.ids("OB P-019 Sozialamt")
    assert {"P-019.T-K01", "P-019.T-K02", "P-019.T-G05"} <= set(tasks)
    settled(stadt)


def test_every_reason_to_grow_has_room_on_the_first_tab(stadt):
    set_to(stadt, "verwaltung.unterstützt", "nein")
    stadt.type("Partner", "P-018", "Ausgeschieden am", date(2025, 5, 1))
    sync(stadt)
    for topic in (
        "Verwaltung fehlt", "Zielgruppe nicht erreicht", "Bausteine fehlen", "Zweite Stütze gesucht", "Abschied",
        "Zielgruppe nicht vertreten", "Bedarf ohne AG", "Bereich fehlt", "Überprüfung fällig",
    ):  # fmt: skip
        line = start(stadt, topic)
        if line is None:  # where there are more than the tab has room for, its last line names the others
            assert topic in start(stadt, "Weitere Anlässe")[2]
            continue
        light, count, meaning, step = line
        assert light.startswith(("▲", "■"))
        assert count >= 1
        assert meaning.endswith(".")
        assert step
    settled(stadt)


# --- how people are named ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "word"),
    [("Stern", "neue Partner*innen"), ("Doppelpunkt", "neue Partner:innen"), ("Unterstrich", "neue Partner_innen"),
     ("Paarform", "neue Partnerinnen und Partner"), ("neutral", "neue Mitwirkende")],
)  # fmt: skip
def test_one_setting_says_how_people_are_named_and_leaves_their_own_words(stadt, form, word):
    set_to(stadt, "sprache.gendern", form)
    sync(stadt)
    assert str(shown(stadt.everything()[PROFILE][2][1])).startswith(f"Für {word} und alle")
    assert stadt.reads("Partner", "P-008", "Organisation") == "Sozialpolitische Sprecher*innen Stadtrat"
    assert "Aufnahme neuer Partner*innen" in str(rows_of(stadt, PROFILE))
    settled(stadt)


def test_every_word_with_a_star_has_all_forms():
    said = [
        text
        for path in sorted((schema.TEMPLATES / "messages").glob("*.de.toml"))
        for section in tomllib.loads(path.read_text(encoding="utf-8")).values()
        for each in section.values()
        for text in (each.values() if isinstance(each, dict) else [each])
        if re.search(r"\w\*\w", text)
    ]
    assert said
    for form in ("colon", "underscore", "pair", "neutral"):
        assert [text for text in said if "*" in gendered(text, form)] == []


# --- in English -------------------------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path):
    """A network in English, with a row for each of these features."""
    person = Person(tmp_path / "town.xlsx")
    assert netz("init", person.path, "--name", "Inclusive Town", "--lang", "en").code == 0
    board = {
        "Sector": "Education",
        "Life domains": "All",
        "Target groups": "All",
        "Resources": "Rooms",
        "Status": "active",
    }
    person.write_row("Partners", {"Short name": "College", "Organisation": "Town College", **board}, header="No")
    person.write_row("Partners", {"Short name": "Library", "Organisation": "Town Library", **board}, header="No")
    person.write_row("Goals", {"Kind": "vision", "Wording": "Everyone takes part"}, header="No")
    return person


def test_all_of_it_works_in_english(town):
    done = netz("sync", town.path, "--lang", "en", "--today", DAY)
    assert done.code in {0, 3}, done.err
    town.write_row("Documents", {"Title": "Rules", "Version": "2", "Required for": "all"}, header="No")
    town.write_row("Shared understanding", {"Partner": "College", "Goal": "Z-001", "State": "differs"}, header="No")
    town.write_row("Relationships", {"From": "College", "To": "Library", "Kind": "worked together"}, header="No")
    netz("sync", town.path, "--lang", "en", "--today", DAY)
    assert "Z-001.T-Z05" in town.ids("Network tasks", "No")
    (goal,) = rows_of(town, "State of understanding")
    assert (goal["Differing"], goal["Not heard yet"]) == ("College", "Library")
    assert any("lacks 1 required document: U-001" in str(row) for row in rows_of(town, "Checks"))
    texts = [
        str(shown(value))
        for tab in ("Network profile", "State of understanding", "Start", "Checks", "History log")
        for row in town.everything()[tab].values()
        for value in row.values()
    ]
    assert "Everyone takes part" in texts
    assert [text for text in texts if GERMAN.search(text)] == []
    once = town.path.read_bytes()
    netz("sync", town.path, "--lang", "en", "--today", DAY)
    assert town.path.read_bytes() == once
