"""The story of Erlangen, told by typing into a new workbook: 40 %, then 30 %, then 90,5 %."""

import json
from datetime import date

import pytest
from person import Person, netz

ANNA, CARE = "Vereinsamte Senior*innen", "Einsame Menschen jeden Alters"
PLACE = "Begegnung & Nachbarschaft"


@pytest.fixture
def erlangen(tmp_path):
    person = Person(tmp_path / "erlangen.xlsx")
    assert netz("init", person.path, "--name", "Erlangen").code == 0
    person.write_row("Zielgruppen", {"Name": ANNA, "Schwerpunkt": "ja"})
    person.write_row("Zielgruppen", {"Name": CARE, "Schwerpunkt": "ja"})
    domains = [row.get("Name") for row in person.table("Lebensbereiche").values()]
    if PLACE not in domains:
        person.write_row("Lebensbereiche", {"Name": PLACE, "Schwerpunkt": "ja"})
    return person


def partner(person, name, sector, resources, groups=ANNA, represents=None, domains=PLACE):
    cells = {
        "Kurzname": name, "Organisation": name, "Gesellschaftsbereich": sector, "Lebensbereiche": domains,
        "Zielgruppen": groups, "Ressourcen": resources, "Status": "aktiv",
    }  # fmt: skip
    person.write_row("Partner", cells | ({"Vertritt Zielgruppe": represents} if represents else {}))


def need(person, name, group, resources, **more):
    person.write_row(
        "Bedarfe",
        {
            "Bedarf": name,
            "Lebensbereich": PLACE,
            "Zielgruppen": group,
            "Priorität": "hoch",
            "Benötigt": resources,
            **more,
        },
    )


def synced(person):
    done = netz("sync", person.path)
    assert done.code in {0, 3}, done.err
    document = json.loads(netz("gaps", person.path, "--json").out)
    return {each["id"]: each for each in document["needs"]}, document["network"]


def test_the_story_of_erlangen(erlangen):
    welfare = "Sozialverbände & Wohlfahrt" if False else None
    sectors = [row.get("Gesellschaftsbereich") for row in erlangen.table("Partnertypen").values()]
    welfare = next(one for one in sectors if "Sozial" in str(one))
    office = next(one for one in sectors if "verwaltung" in str(one))
    politics = next(one for one in sectors if "politik" in str(one))
    learning = next(one for one in sectors if "Bildung" in str(one))
    others = next(one for one in sectors if one not in {welfare, office, politics, learning} and "Selbst" in str(one))
    partner(erlangen, "Seniorenberatung", welfare, "Fachwissen")
    partner(erlangen, "Wohlfahrtsverband", welfare, "Personal")
    need(
        erlangen,
        "Austausch für vereinsamte Senior*innen",
        ANNA,
        "Fachwissen; Personal; Räume; Zugang",
        Quelle="Annahme",
        Nennungen=0,
    )
    needs, whole = synced(erlangen)
    assert needs["B-001"]["weight"] == 7
    assert needs["B-001"]["coverage"] == pytest.approx(0.4)
    assert needs["B-001"]["gap"] == pytest.approx(4.2)
    assert sorted(one["partner"] for one in needs["B-001"]["single"]) == ["P-001", "P-002"]
    assert whole["coverage"] == pytest.approx(0.4)

    # The interviews change what the question is.
    erlangen.type("Bedarfe", "B-001", "Status", "zurückgestellt")
    day = {"Quelle": "Interview", "Erhoben am": date(2024, 11, 15)}
    need(
        erlangen,
        "Begegnungsorte",
        CARE,
        "Räume; Personal; Fachwissen; Zugang",
        **{"Menschen betroffen": 2500, "Nennungen": 12, **day},
    )
    need(
        erlangen,
        "Aufsuchende Arbeit",
        CARE,
        "Personal; Fachwissen; Zugang; Finanzierung",
        **{"Menschen betroffen": 400, "Nennungen": 9, **day},
    )
    needs, whole = synced(erlangen)
    assert [needs[one]["weight"] for one in ("B-002", "B-003")] == [10, 9]
    assert [needs[one]["coverage"] for one in ("B-002", "B-003")] == [pytest.approx(0.3)] * 2
    assert whole["coverage"] == pytest.approx(0.3)
    assert whole["gap"] == pytest.approx(13.3)

    # The diverse working group.
    partner(erlangen, "Seniorenamt", office, "Fachwissen; Personal", CARE)
    partner(erlangen, "VHS", learning, "Räume; Fachwissen", CARE)
    partner(erlangen, "Ratschlag", welfare, "Zugang; Öffentlichkeitsarbeit", CARE)
    partner(erlangen, "Stadtrat", politics, "Mandat", CARE)
    partner(erlangen, "Seniorenarbeit", welfare, "Personal; Zugang", CARE)
    partner(erlangen, "Stadtteilhäuser", office, "Räume; Personal; Zugang", CARE)
    partner(erlangen, "Gegen Einsamkeit", others, "Fachwissen", CARE, represents=CARE)
    needs, whole = synced(erlangen)
    assert needs["B-002"]["coverage"] == pytest.approx(1)
    assert needs["B-003"]["coverage"] == pytest.approx(0.8)
    assert round(whole["coverage"] * 100, 1) == 90.5
    assert whole["gap"] == pytest.approx(1.8)
    assert [block["block"] for block in needs["B-003"]["open"]] == ["funding"]
    assert {(one["block"], one["partner"]) for each in needs.values() for one in each["single"]} == {
        ("participation", "P-009")
    }
    assert list(erlangen.table("Lücken", "Lücke")) == ["B-003/Finanzierung"]
    assert "91\u00a0%" in erlangen.everything()["Start"][3][1] or "90" in erlangen.everything()["Start"][3][1]
    once = erlangen.path.read_bytes()
    netz("sync", erlangen.path)
    assert erlangen.path.read_bytes() == once
