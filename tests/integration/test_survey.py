"""Asking a target group: its own tab of questions and voices, kept in step with the tab of voices both ways."""

import json
import shutil

import pytest
from integration_fixtures import taken_over
from person import DAY, Person, netz
from test_everyone import findings
from test_people_edit import settled, sync

from netzwerk_sheets.grid import shown

GROUP = "Einsame Menschen jeden Alters"
TAB, TASKS = "Umfrage Einsame Menschen jeden", "Umfrage Einsame – Aufgaben"


@pytest.fixture(scope="module")
def asked(made, tmp_path_factory):
    """The demo network with a survey of one group, once."""
    folder = tmp_path_factory.mktemp("survey")
    path = folder / "stadt.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETZWERK_STATE", str(folder / "state"))
        patch.setenv("NETZWERK_LANG", "de")
        taken_over(made, path, folder / "state")
        assert ask(Person(path)).code == 0
    return folder


@pytest.fixture
def umfrage(asked, tmp_path):
    path = tmp_path / "stadt.xlsx"
    taken_over(asked, path, tmp_path / "state")
    return Person(path)


def ask(person, group="ZG-02", *more):
    return netz("survey", person.path, group, "--today", DAY, *more)


def voices(person, group=GROUP):
    return {row for row, cells in person.table("Stimmen").items() if row and cells.get("Zielgruppe") == group}


def lines(person, tab=TAB):
    return [str(shown(person.everything()[tab][row][1])) for row in range(1, 6)]


def test_the_tab_asks_the_questions_in_own_and_in_simple_words(umfrage):
    title, how, ask_line, plain, facts = lines(umfrage)
    assert title == f"Umfrage: {GROUP}"
    assert "Stimmen" in how
    assert TASKS in how
    for label in ("1 wollen:", "2 brauchen:", "3 verbessern:", "Hindernis:"):
        assert label in ask_line
    assert "einfachen Worten" in plain
    assert plain.count("?") == ask_line.count("?") == 4
    assert "2500 Menschen (2024, Teilhabebericht (Demo-Zahl))" in facts


def test_it_holds_the_voices_of_the_group_and_no_other(umfrage):
    assert set(umfrage.ids(TAB)) == voices(umfrage) == {f"S-{n:03d}" for n in range(1, 22)}
    assert umfrage.reads(TAB, "S-001", "in Leichter Sprache") is None
    settled(umfrage)


def test_its_tasks_stand_on_a_tab_of_their_own_and_on_the_overviews(umfrage):
    wanted = {f"ZG-02.T-N0{n}" for n in (1, 2, 3, 4, 5)}
    assert wanted <= set(umfrage.ids(TASKS))
    assert wanted <= set(umfrage.ids("Netzwerkaufgaben")) & set(umfrage.ids("Aufgaben"))
    umfrage.type(TASKS, "ZG-02.T-N01", "Status", "erledigt")
    umfrage.write_row(TASKS, {"Aufgabe": "Raum für die Fokusgruppe buchen", "Status": "offen"})
    sync(umfrage)
    assert umfrage.reads("Netzwerkaufgaben", "ZG-02.T-N01", "Status") == "erledigt"
    (own,) = (row for row in umfrage.ids(TASKS) if row.startswith("A-"))
    assert umfrage.reads("Netzwerkaufgaben", own, "Für") == GROUP
    settled(umfrage)


def test_a_voice_typed_in_the_survey_becomes_a_row_of_the_voices(umfrage):
    umfrage.write_row(
        TAB, {"Frage": "1 wollen", "Aussage sinngemäß": "Ich möchte tanzen.", "in Leichter Sprache": "Tanzen ist gut."}
    )
    sync(umfrage)
    assert umfrage.reads("Stimmen", "S-039", "Aussage sinngemäß") == "Ich möchte tanzen."
    assert umfrage.reads("Stimmen", "S-039", "Zielgruppe") == GROUP
    assert umfrage.reads("Stimmen", "S-039", "in Leichter Sprache") == "Tanzen ist gut."
    assert "S-039" in umfrage.ids(TAB)
    assert lines(umfrage)[4].endswith("Stimmen bisher: 22. Davon noch ohne Bedarf: <5.")
    settled(umfrage)


def test_a_voice_typed_among_the_voices_stands_in_the_survey(umfrage):
    umfrage.write_row("Stimmen", {"Zielgruppe": "ZG-02", "Aussage sinngemäß": "Ein Chor wäre schön."})
    umfrage.write_row("Stimmen", {"Zielgruppe": "Menschen mit wenig Geld", "Aussage sinngemäß": "Der Bus ist teuer."})
    umfrage.type("Stimmen", "S-002", "Bedarf", "B-003")
    sync(umfrage)
    assert umfrage.reads(TAB, "S-039", "Aussage sinngemäß") == "Ein Chor wäre schön."
    assert "S-040" not in umfrage.ids(TAB)
    assert umfrage.reads(TAB, "S-002", "Bedarf") == "B-003"
    settled(umfrage)


def test_two_people_who_type_in_both_tabs_at_once_both_keep_their_words(umfrage):
    umfrage.write_row(TAB, {"Aussage sinngemäß": "Aus der Umfrage."})
    umfrage.write_row("Stimmen", {"Zielgruppe": GROUP, "Aussage sinngemäß": "Aus dem großen Blatt."})
    umfrage.type(TAB, "S-001", "Hindernis", "Zu weit")
    umfrage.type("Stimmen", "S-001", "in Leichter Sprache", "Ich will sitzen.")
    umfrage.type(TAB, "S-002", "Methode", "Begehung")
    umfrage.type("Stimmen", "S-002", "Methode", "Gespräch")
    sync(umfrage)
    for tab in (TAB, "Stimmen"):
        said = {shown(cells.get("Aussage sinngemäß")) for cells in umfrage.table(tab).values()}
        assert {"Aus der Umfrage.", "Aus dem großen Blatt."} <= said
        assert umfrage.reads(tab, "S-001", "Hindernis") == "Zu weit"
        assert umfrage.reads(tab, "S-001", "in Leichter Sprache") == "Ich will sitzen."
    assert umfrage.reads(TAB, "S-002", "Methode") == "Begehung"
    assert umfrage.reads("Stimmen", "S-002", "Methode") == "Gespräch"
    assert {TAB, "Stimmen"} <= {str(value) for row in umfrage.table("Konflikte").values() for value in row.values()}
    settled(umfrage)


def test_a_row_deleted_in_the_survey_is_not_lost(umfrage):
    umfrage.delete_row(TAB, "S-004")
    sync(umfrage)
    assert "S-004" not in umfrage.ids(TAB)
    assert umfrage.reads("Stimmen", "S-004", "Aussage sinngemäß").startswith("Beim Erzählcafé")
    assert umfrage.reads("Stimmen", "S-004", "Zielgruppe") is None
    settled(umfrage)


def test_a_survey_that_people_removed_stays_away_with_no_voice_lost_and_comes_when_asked_again(umfrage):
    umfrage.type(TAB, "S-001", "Hindernis", "noch schnell notiert")
    sync(umfrage)
    umfrage.delete_tab(TAB)
    sync(umfrage)
    assert TAB not in umfrage.tabs()
    assert len(voices(umfrage)) == 21
    assert umfrage.reads("Stimmen", "S-001", "Hindernis") == "noch schnell notiert"
    assert ask(umfrage).code == 0
    assert set(umfrage.ids(TAB)) == voices(umfrage)
    assert umfrage.reads(TAB, "S-001", "Hindernis") == "noch schnell notiert"
    settled(umfrage)


def test_asking_twice_changes_nothing(umfrage):
    before = umfrage.path.read_bytes()
    assert ask(umfrage).code == 0
    assert umfrage.path.read_bytes() == before


def test_a_group_with_a_new_name_keeps_its_survey(umfrage):
    umfrage.type("Zielgruppen", "ZG-02", "Name", "Einsame jeden Alters")
    sync(umfrage)
    assert len(umfrage.ids(TAB)) == 21
    umfrage.write_row(TAB, {"Aussage sinngemäß": "Neu gesagt."})
    sync(umfrage)
    assert umfrage.reads("Stimmen", "S-039", "Zielgruppe") == "Einsame jeden Alters"
    settled(umfrage)


def test_few_voices_are_never_told_as_a_number(stadt):
    assert ask(stadt, "Menschen mit wenig Geld").code == 0
    tab = "Umfrage Menschen mit wenig Geld"
    assert len(stadt.ids(tab)) == 2
    assert "Stimmen bisher: <5." in lines(stadt, tab)[4]
    start = [[str(shown(value)) for value in cells.values()] for cells in stadt.everything()["Start"].values()]
    assert next(row for row in start if row[0] == tab)[2] == "<5"
    assert next(row for row in start if row[0] == "Stimmen")[2] == "38"


def test_a_workbook_without_voices_gets_the_tab(tmp_path):
    person = Person(tmp_path / "neu.xlsx")
    assert netz("init", person.path).code == 0
    person.write_row("Zielgruppen", {"Name": "Jugendliche: Süd/West"})
    sync(person)
    assert "Stimmen" not in person.tabs()
    assert ask(person, "jugendliche: süd/west").code == 0
    assert "Stimmen" in person.tabs()
    person.write_row("Umfrage Jugendliche Süd West", {"Aussage sinngemäß": "Es fehlt ein Platz."}, row=7)
    sync(person)
    assert person.reads("Stimmen", "S-001", "Zielgruppe") == "Jugendliche: Süd/West"
    settled(person)
    assert findings(person.path) == []


def test_a_group_nobody_knows_is_refused_and_nothing_is_written(stadt):
    before = stadt.path.read_bytes()
    done = ask(stadt, "Menschen vom Mond")
    assert (done.code, stadt.path.read_bytes()) == (2, before)
    assert "Zielgruppen" in done.err
    assert ask(stadt, "ZG-02", "--dry-run").code == 0
    assert stadt.path.read_bytes() == before


def test_voices_raise_the_weight_of_a_need_and_are_a_source(stadt):
    def need():
        document = json.loads(netz("gaps", stadt.path, "--json").out)
        return next(one for one in document["needs"] if one["id"] == "B-007")

    def told():
        rows = [[str(shown(cell)) for cell in row.values()] for row in stadt.everything()["Prüfung"].values()]
        return " ".join(" ".join(row) for row in rows if any("B-007" in cell for cell in row))

    assert need()["weight"] == 5
    assert "noch nicht gefragt" in told()
    ask(stadt, "Kinder & Jugendliche")
    tab = next(one for one in stadt.tabs() if one.startswith("Umfrage Kinder"))
    stadt.write_rows(tab, [{"Aussage sinngemäß": f"Satz {number}", "Bedarf": "B-007"} for number in range(5)])
    sync(stadt)
    assert need()["weight"] == 7
    assert "noch nicht gefragt" not in told()
    assert stadt.reads("Bedarfe", "B-007", "Nennungen") == 0  # what a person typed stays
    settled(stadt)


def test_a_copy_of_the_workbook_keeps_the_same_voices(umfrage):
    other = umfrage.path.with_name("kopie.xlsx")
    (umfrage.path.parent / "netzwerk.toml").write_text('workbook = ["stadt.xlsx", "kopie.xlsx"]\n', encoding="utf-8")
    shutil.copyfile(umfrage.path, other)
    copy = Person(other)
    copy.write_row(TAB, {"Aussage sinngemäß": "In der Kopie gesagt."})
    umfrage.write_row(TAB, {"Aussage sinngemäß": "Im Original gesagt."})
    sync(umfrage)
    for person in (umfrage, copy):
        said = {shown(cells.get("Aussage sinngemäß")) for cells in person.table(TAB).values()}
        assert {"In der Kopie gesagt.", "Im Original gesagt."} <= said
    settled(umfrage)


def test_an_english_network_is_asked_in_english(tmp_path):
    person = Person(tmp_path / "town.xlsx")
    netz("init", person.path, "--lang", "en")
    person.write_row("Target groups", {"Name": "Young people"}, header="No")
    netz("sync", person.path, "--lang", "en")
    assert netz("survey", person.path, "young people", "--lang", "en").code == 0
    tab = "Survey Young people"
    assert lines(person, tab)[0] == "Survey: Young people"
    person.write_row(tab, {"What was said": "We need a place."}, row=7, header="No")
    netz("sync", person.path, "--lang", "en")
    assert shown(person.table("Voices", "No")["S-001"]["Target group"]) == "Young people"
    assert findings(person.path) == []
