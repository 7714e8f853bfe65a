"""Reviewing a strategy: goal, measure, reach, cause, and what people decide, which no later run touches."""

import json

import pytest
from integration_fixtures import taken_over
from person import DAY, Person, netz
from test_everyone import findings
from test_people_edit import settled, sync

from netzwerk_sheets.grid import shown

TAB, TASKS = "Strategie AG Einsamkeit", "AG Einsamkeit – Aufgaben"


def review(person, group, *more):
    return netz("review", person.path, group, "--today", DAY, *more)


@pytest.fixture(scope="module")
def reviewed(made, tmp_path_factory):
    """The demo network with the strategy tabs of two groups, once."""
    folder = tmp_path_factory.mktemp("review")
    path = folder / "stadt.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETZWERK_STATE", str(folder / "state"))
        patch.setenv("NETZWERK_LANG", "de")
        taken_over(made, path, folder / "state")
        assert review(Person(path), "AG Einsamkeit").code == 0
        assert review(Person(path), "AG-03").code == 0
    return folder


@pytest.fixture
def strategie(reviewed, tmp_path):
    path = tmp_path / "stadt.xlsx"
    taken_over(reviewed, path, tmp_path / "state")
    return Person(path)


def seen(person, tab=TAB):
    """Rows of the tab: id → header → what people see."""
    return {
        row: {head: shown(value) for head, value in cells.items()} for row, cells in person.table(tab).items() if row
    }


def start(person, topic):
    rows = [[str(shown(value)) for value in cells.values()] for cells in person.everything()["Start"].values()]
    return next((row for row in rows if row[0] == topic), None)


def finish(person, group, day=DAY):
    """Tick every task of a group's review."""
    done = [
        row
        for row, cells in person.table("Aufgaben").items()
        if str(row).startswith(f"{group}.T-S") and shown(cells.get("Status")) == "offen"
    ]
    for row in done:
        person.retype("Aufgaben", row, {"Status": "erledigt", "Erledigt am": day})
    sync(person)
    return done


def test_the_tab_leads_from_the_goal_over_reach_and_cause_to_what_changes(strategie):
    rows = seen(strategie)
    assert list(rows) == ["M-002", "M-003", "M-006"]
    assert "Z-005" in rows["M-002"]["Ziel der Maßnahme"]
    assert "erreicht" in rows["M-002"]["Wen erreicht sie?"]
    assert "70" in rows["M-002"]["Wen erreicht sie?"]
    assert "56" in rows["M-002"]["Wen erreicht sie?"]
    assert "nicht gemessen" in rows["M-003"]["Wen erreicht sie?"]
    missed = seen(strategie, "Strategie AG Zugang")["M-004"]
    assert "nicht erreicht" in missed["Wen erreicht sie?"]
    assert "Räume" in missed["Mögliche Ursachen"]
    heads = list(strategie.table(TAB)["M-002"])
    assert heads.index("Ziel der Maßnahme") < heads.index("Maßnahme") < heads.index("Wen erreicht sie?")
    assert findings(strategie.path) == []
    settled(strategie)


def test_what_people_decide_stands_in_the_measures_and_stays_when_it_is_made_again(strategie):
    wanted = {
        "Anpassung": "Abends öffnen", "Anpassung: zuständig": "Stadtteilhäuser", "Anpassung: bis": "2025-09-01",
        "andere Ursache": "Die Wege sind dunkel",
    }  # fmt: skip
    strategie.retype(TAB, "M-002", wanted)
    sync(strategie)
    for header, value in wanted.items():
        assert strategie.reads("Maßnahmen", "M-002", header) == value
    strategie.type("Maßnahmen", "M-003", "Anpassung", "Erst ab Herbst")
    assert review(strategie, "AG Einsamkeit").code == 0
    assert strategie.reads(TAB, "M-003", "Anpassung") == "Erst ab Herbst"
    strategie.type("Maßnahmen", "M-002", "Erreicht Zielgruppe", 30)
    sync(strategie)
    assert "nicht erreicht" in seen(strategie)["M-002"]["Wen erreicht sie?"]
    for header, value in wanted.items():
        assert strategie.reads(TAB, "M-002", header) == value
    settled(strategie)


def test_a_strategy_that_people_removed_stays_away_and_no_decision_is_lost(strategie):
    strategie.type(TAB, "M-002", "Anpassung", "Abends öffnen")
    sync(strategie)
    strategie.delete_tab(TAB)
    sync(strategie)
    assert TAB not in strategie.tabs()
    assert strategie.reads("Maßnahmen", "M-002", "Anpassung") == "Abends öffnen"
    assert review(strategie, "AG-02").code == 0
    assert strategie.reads(TAB, "M-002", "Anpassung") == "Abends öffnen"
    settled(strategie)


def test_a_row_written_or_deleted_on_the_tab_is_the_groups_or_no_longer(strategie):
    strategie.write_row(TAB, {"Maßnahme": "Lesekreis am Abend"})
    strategie.delete_row(TAB, "M-006")
    sync(strategie)
    assert strategie.reads("Maßnahmen", "M-007", "AG") == "AG Einsamkeit"
    assert strategie.reads("Maßnahmen", "M-006", "Maßnahme").startswith("Nachbarschaftshilfe")
    assert strategie.reads("Maßnahmen", "M-006", "AG") is None
    assert "M-007" in strategie.ids("AG Einsamkeit – Maßnahmen")
    settled(strategie)


def test_the_tasks_of_a_review_come_with_those_of_planning_together_where_a_measure_is_in_such_a_phase(strategie):
    review_tasks = {f"AG-02.T-S0{n}" for n in (2, 3, 4, 5)}
    assert set(strategie.ids(TASKS)) == review_tasks | {f"AG-02.T-KP{n}" for n in (1, 2, 3, 4)}
    strategie.type(TASKS, "AG-02.T-S02", "Status", "erledigt")
    sync(strategie)
    assert strategie.reads("Netzwerkaufgaben", "AG-02.T-S02", "Status") == "erledigt"
    before = strategie.path.read_bytes()
    assert review(strategie, "AG-02").code == 0
    assert strategie.path.read_bytes() == before


def test_a_partner_who_leaves_makes_a_review_needed_once_a_group(strategie):
    assert finish(strategie, "AG-03")
    assert "AG Zugang" not in start(strategie, "Überprüfung fällig")[3]
    for partner in ("P-009", "P-010"):
        strategie.retype("Partner", partner, {"Status": "ausgeschieden", "Ausgeschieden am": DAY})
    sync(strategie)
    second = [row for row in strategie.ids("Netzwerkaufgaben") if row.startswith("AG-03.T-S") and row.endswith(".2")]
    assert len(second) == len(set(second)) == 4
    line = strategie.everything()["Strategie AG Zugang"][3][1]
    assert line.startswith("Nötig")
    assert "für B-0" in line
    assert "Nötig" in seen(strategie, "Strategie AG Zugang")["M-004"]["Was sich geändert hat"]
    due = start(strategie, "Überprüfung fällig")
    assert "AG Zugang (nötig)" in due[3]
    assert due[1].startswith("▲")
    assert due[3].endswith("netzwerk review stadt.xlsx AG-02")
    settled(strategie)


def test_who_joins_while_a_review_is_open_shares_it_and_what_is_possible_is_told(strategie):
    before = {row for row in strategie.ids("Netzwerkaufgaben") if row.startswith("AG-03.T-S")}
    partner = next(row for row, cells in strategie.table("Partner").items() if cells.get("Kurzname") == "Museum")
    strategie.type("Partner", partner, "Status", "im Onboarding")
    sync(strategie)
    assert {row for row in strategie.ids("Netzwerkaufgaben") if row.startswith("AG-03.T-S")} == before
    assert strategie.everything()["Strategie AG Zugang"][3][1].startswith("Möglich")
    strategie.type("Partner", partner, "Status", "Wunschpartner")
    sync(strategie)
    assert "nichts geändert" in strategie.everything()["Strategie AG Zugang"][3][1]
    strategie.type("Partner", partner, "Status", "im Onboarding")
    sync(strategie)
    finish(strategie, "AG-03")
    assert "nichts geändert" in strategie.everything()["Strategie AG Zugang"][3][1]
    settled(strategie)


def test_typing_in_the_partners_of_many_years_asks_for_no_review(strategie):
    finish(strategie, "AG-03")
    before = strategie.ids("Netzwerkaufgaben")
    strategie.write_row(
        "Partner",
        {
            "Kurzname": "Alter Freund", "Organisation": "Alter Freund e.V.", "Status": "aktiv", "Ressourcen": "Räume",
            "Lebensbereiche": "Alle", "Zielgruppen": "Alle", "Zusage am": "2019-03-01",
        },
    )  # fmt: skip
    sync(strategie)
    assert strategie.ids("Netzwerkaufgaben") == before
    settled(strategie)


def test_a_review_that_is_asked_for_after_the_last_was_finished_is_a_new_one(strategie):
    finish(strategie, "AG-02")
    assert review(strategie, "AG Einsamkeit").code == 0
    assert {row for row in strategie.ids(TASKS) if row.endswith(".2")} == {f"AG-02.T-S0{n}.2" for n in (2, 3, 4, 5)}
    settled(strategie)


def test_a_group_nobody_knows_is_refused_and_nothing_is_written(stadt):
    before = stadt.path.read_bytes()
    done = review(stadt, "AG Mond")
    assert (done.code, stadt.path.read_bytes()) == (2, before)
    assert json.loads(review(stadt, "AG-02", "--dry-run", "--json").out)["written"] is False
    assert stadt.path.read_bytes() == before


def test_an_english_network_reviews_in_english(tmp_path):
    person = Person(tmp_path / "town.xlsx")
    netz("init", person.path, "--lang", "en")
    person.write_row("Working groups", {"Name": "Access", "Kind": "working group", "Tabs": "none"}, header="No")
    person.write_row("Measures", {"Measure": "Open evening", "Working group": "Access"}, header="No")
    netz("sync", person.path, "--lang", "en")
    assert netz("strategie", person.path, "access", "--lang", "en").code == 0
    assert shown(person.everything()["Strategy Access"][1][1]) == "Review the strategy: Access"
    assert shown(person.table("Strategy Access", "No")["M-001"]["Whom does it reach?"]) == "– not measured"
    assert {"AG-01.T-S02", "AG-01.T-S05"} <= set(person.ids("Access", "No"))
    assert findings(person.path) == []
