"""Whom to win next stands in the workbook; what people decide there is carried out, once."""

import json

import pytest
from person import DAY, Person, netz, settled, sync

from netzwerk_sheets.grid import shown

TAB = "Vorschläge"
DECISION = "Entscheidung"


def listed(person):
    """Id → header → what a person sees, in the order of the rows."""
    rows = {key: cells for key, cells in person.table(TAB).items() if key}
    return {key: {head: shown(value) for head, value in cells.items()} for key, cells in rows.items()}


def partners_of_type(person, name):
    return {
        key: {head: shown(value) for head, value in cells.items()}
        for key, cells in person.table("Partner").items()
        if key and shown(cells.get("Partnertyp")) == name
    }


# --- what stands there ------------------------------------------------------------------------------------


def test_candidates_and_types_are_ranked_with_the_golden_numbers(stadt):
    found = listed(stadt)
    points = {key: cells["Nutzen in Punkten"] for key, cells in found.items()}
    wanted = {"P-016": 5.0, "P-012": 3.5, "P-011": 3.5, "P-013": 3.0, "P-014": 1.75}
    assert {key: points[key] for key in wanted} == wanted
    assert [key for key in found if key in wanted] == list(wanted)
    assert found["P-012"]["Füllt"] == "Räume für B-006; Personal für B-006"
    assert found["P-012"]["Bester Weg"] == "Über Stadtteilhäuser: ausgetauscht zum Thema."
    assert "Zuerst ansprechen" in found["P-012"]["Hinweis"]
    assert "Zuerst ansprechen" not in (found["P-016"].get("Hinweis") or "")
    assert found["PT-05"]["Wen ansprechen"] == "Leitung"
    assert found["PT-05"]["Argument"]
    assert "Kultur" in found["PT-05"]["Hinweis"]
    assert found["P-005"]["Art"] == "an Bord, noch nicht aktiv"
    assert {cells[DECISION] for cells in found.values()} == {"offen"}


def test_every_missing_sector_has_a_type(stadt):
    remarks = " ".join(cells.get("Hinweis") or "" for cells in listed(stadt).values())
    for sector in ("Kultur", "Sport", "Wirtschaft & Arbeit", "Gesundheit & Pflege", "Kirchen & Religion", "Medien"):
        assert f"der noch fehlt: {sector}." in remarks


def test_the_joint_effect_is_told_and_proved(stadt):
    line = stadt.everything()[TAB][3][1]
    assert "Wohnbau, Sportverein und Kino" in line
    assert "10,38 Punkte" in line
    assert "von 61\u00a0% auf 76\u00a0%" in line
    assert "Bewiesen" in line


def test_a_network_without_needs_says_so(tmp_path):
    path = tmp_path / "leer.xlsx"
    netz("init", path)
    person = Person(path)
    assert "füllt kein Kandidat" in person.everything()[TAB][3][1]
    settled(person)


# --- what people decide -----------------------------------------------------------------------------------


def test_a_type_people_want_becomes_a_wished_for_partner_once(stadt):
    stadt.type(TAB, "PT-07", DECISION, "Wunschpartner")
    stadt.type(TAB, "PT-07", "Vorgeschlagen von", "AG Zugang")
    stadt.type(TAB, "PT-07", "Notiz", "das Hallenbad im Norden")
    sync(stadt)
    ((key, cells),) = partners_of_type(stadt, "Schwimmbad/Bäderbetrieb").items()
    assert key == "P-019"
    assert cells["Kurzname"] == "Schwimmbad/Bäderbetrieb"
    assert cells["Status"] == "Wunschpartner"
    assert cells["Lebensbereiche"] == "Freizeit"
    assert cells["Ressourcen"] == "Räume; Personal"
    assert str(cells["Angelegt am"])[:10] == DAY
    assert "Betriebsleitung" in cells["Nächster Schritt"]
    assert "das Hallenbad im Norden" in cells["Bemerkung"]
    assert "AG Zugang" in cells["Bemerkung"]
    found = listed(stadt)
    assert "PT-07" not in found
    assert found["P-019"]["Nutzen in Punkten"] == 3.0
    assert found["P-019"][DECISION] == "offen"
    settled(stadt)
    assert list(partners_of_type(stadt, "Schwimmbad/Bäderbetrieb")) == ["P-019"]


def test_what_people_write_into_the_new_row_stays(stadt):
    stadt.type(TAB, "PT-07", DECISION, "annehmen")
    sync(stadt)
    stadt.type("Partner", "P-019", "Kurzname", "Hallenbad")
    stadt.type("Partner", "P-019", "Ressourcen", "Räume")
    sync(stadt)
    assert stadt.reads("Partner", "P-019", "Kurzname") == "Hallenbad"
    assert stadt.reads("Partner", "P-019", "Ressourcen") == "Räume"
    assert listed(stadt)["P-019"]["Name"] == "Hallenbad"
    settled(stadt)


def test_a_deleted_wish_does_not_come_back_by_itself(stadt):
    stadt.type(TAB, "PT-07", DECISION, "Wunschpartner")
    sync(stadt)
    stadt.delete_row("Partner", "P-019")
    sync(stadt)
    assert partners_of_type(stadt, "Schwimmbad/Bäderbetrieb") == {}
    assert listed(stadt)["PT-07"][DECISION] == "offen"
    settled(stadt)


def test_the_decision_counts_where_people_sorted_the_tab(stadt):
    with stadt.sheet(TAB) as sheet:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_row=sheet.max_row)]
        rows = sorted((row for row in rows if row[0]), key=lambda row: row[3])
        for number, row in enumerate(rows, start=6):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
    stadt.type(TAB, "PT-07", DECISION, "Wunschpartner")
    sync(stadt)
    assert list(partners_of_type(stadt, "Schwimmbad/Bäderbetrieb")) == ["P-019"]
    assert "PT-07" not in listed(stadt)
    settled(stadt)


def test_undo_takes_the_wish_back(stadt):
    stadt.type(TAB, "PT-07", DECISION, "Wunschpartner")
    sync(stadt)
    assert netz("undo", stadt.path, "--yes", "--today", DAY).code in {0, 3}
    assert partners_of_type(stadt, "Schwimmbad/Bäderbetrieb") == {}
    assert listed(stadt)["PT-07"][DECISION] == "offen"
    settled(stadt)


def test_the_plan_shows_the_row_before_it_is_made(stadt):
    stadt.type(TAB, "PT-07", DECISION, "Wunschpartner")
    said = netz("plan", stadt.path, "--today", DAY).out
    assert "P-019" in said
    assert partners_of_type(stadt, "Schwimmbad/Bäderbetrieb") == {}


def test_columns_of_people_hold_a_row_whose_wish_is_carried_out(stadt):
    place = next(n for n, cells in stadt.everything()[TAB].items() if cells.get(1) == "PT-07")
    stadt.put(TAB, 5, 16, "Kontakt")
    stadt.put(TAB, place, 16, "über die Stadtwerke")
    stadt.type(TAB, "PT-07", DECISION, "Wunschpartner")
    sync(stadt)
    assert listed(stadt)["PT-07"]["Kontakt"] == "über die Stadtwerke"
    assert list(partners_of_type(stadt, "Schwimmbad/Bäderbetrieb")) == ["P-019"]
    settled(stadt)


def test_what_is_declined_counts_no_more_but_stays_to_be_seen(stadt):
    stadt.type(TAB, "P-016", DECISION, "ablehnen")
    sync(stadt)
    found = listed(stadt)
    assert list(found)[-1] == "P-016"
    assert found["P-016"].get("Rang") is None
    assert "abgelehnt" in found["P-016"]["Hinweis"]
    assert found["P-012"]["Rang"] == 1
    assert "Wohnbau" not in stadt.everything()[TAB][3][1]
    settled(stadt)
    stadt.type(TAB, "P-016", DECISION, "offen")
    sync(stadt)
    assert listed(stadt)["P-016"]["Rang"] == 1


def test_later_is_only_a_note(stadt):
    before = listed(stadt)
    stadt.type(TAB, "P-016", DECISION, "später")
    sync(stadt)
    after = listed(stadt)
    assert after.pop("P-016") == {**before.pop("P-016"), DECISION: "später"}
    assert after == before
    settled(stadt)


def test_a_note_stays_when_a_suggestion_is_none_any_more(stadt):
    stadt.type(TAB, "P-013", "Notiz", "nach der Sommerpause")
    stadt.type("Partner", "P-013", "Status", "aktiv")
    sync(stadt)
    assert listed(stadt)["P-013"]["Notiz"] == "nach der Sommerpause"
    assert "nicht auf der Liste" in listed(stadt)["P-013"]["Hinweis"]
    settled(stadt)


def test_a_decision_in_a_copy_counts_and_makes_one_row(stadt):
    import shutil

    other = stadt.path.with_name("kopie.xlsx")
    (stadt.path.parent / "netzwerk.toml").write_text('workbook = ["stadt.xlsx", "kopie.xlsx"]\n', encoding="utf-8")
    sync(stadt)
    shutil.copyfile(stadt.path, other)
    sync(stadt)
    copy = Person(other)
    for person in (stadt, copy):
        person.type(TAB, "PT-07", DECISION, "Wunschpartner")
    sync(stadt)
    for person in (stadt, copy):
        assert list(partners_of_type(person, "Schwimmbad/Bäderbetrieb")) == ["P-019"]
        assert "PT-07" not in listed(person)
    settled(stadt)


# --- the command ------------------------------------------------------------------------------------------


def test_recommend_as_a_document(stadt):
    document = json.loads(netz("recommend", stadt.path, "--json").out)
    assert document["schema"] == 1
    assert [(one["id"], one["points"]) for one in document["candidates"]][:3] == [
        ("P-016", 5.0), ("P-012", 3.5), ("P-011", 3.5),
    ]  # fmt: skip
    best = document["best"]
    assert (best["chosen"], best["proven"], best["points"]) == (["P-016", "P-012", "P-013"], True, 10.375)
    assert round(best["before"]["coverage"] * 1000) == 609
    assert "Wohnbau" not in json.dumps(document, ensure_ascii=False)


@pytest.mark.parametrize(("size", "chosen"), [("1", ["P-016"]), ("2", ["P-016", "P-012"])])
def test_how_many_is_an_option(stadt, size, chosen):
    assert json.loads(netz("recommend", stadt.path, "-k", size, "--json").out)["best"]["chosen"] == chosen


@pytest.mark.parametrize("size", ["0", "21", "x", "-1"])
def test_odd_numbers_are_refused(stadt, size):
    done = netz("recommend", stadt.path, "-k", size)
    assert done.code == 2
    assert "von 1 bis 20" in done.err


def test_recommend_in_words(stadt):
    said = netz("vorschläge", stadt.path, "--plain").out
    assert "Name: P-016 Wohnbau" in said
    assert "Keine anderen 3 bringen mehr." in said
    english = netz("recommend", stadt.path, "--plain", "--lang", "en").out
    assert "Proved: no other 3 add more." in english


def test_recommend_writes_nothing(stadt):
    before = stadt.path.read_bytes()
    assert netz("recommend", stadt.path).code == 0
    assert stadt.path.read_bytes() == before


def test_what_is_declined_on_the_tab_is_declined_for_the_command(stadt):
    stadt.type(TAB, "P-016", DECISION, "ablehnen")
    document = json.loads(netz("recommend", stadt.path, "--json").out)
    assert document["declined"] == ["P-016"]
    assert "P-016" not in document["best"]["chosen"]


# --- rows that members add --------------------------------------------------------------------------------


def own_rows(person):
    """Rows without a number: name → header → value."""
    cells = person.everything()[TAB]
    heads = {column: shown(value) for column, value in cells[5].items()}
    return {
        row["Name"]: row
        for number, found in cells.items()
        if number > 5 and shown(found.get(1)) in (None, "")
        for row in [{heads[column]: shown(value) for column, value in found.items() if column in heads}]
        if row.get("Name")
    }


def test_whom_members_add_becomes_a_wished_for_partner_once(stadt):
    stadt.write_row(
        TAB,
        {
            "Name": "Tanzschule Nord", "Wen ansprechen": "Leitung", DECISION: "Wunschpartner",
            "Vorgeschlagen von": "AG Einsamkeit", "Notiz": "hat einen großen Saal",
        },
    )  # fmt: skip
    sync(stadt)
    assert stadt.reads("Partner", "P-019", "Kurzname") == "Tanzschule Nord"
    assert stadt.reads("Partner", "P-019", "Status") == "Wunschpartner"
    assert "Leitung" in stadt.reads("Partner", "P-019", "Nächster Schritt")
    note = stadt.reads("Partner", "P-019", "Bemerkung")
    assert "hat einen großen Saal" in note
    assert "AG Einsamkeit" in note
    assert own_rows(stadt) == {}
    assert listed(stadt)["P-019"]["Name"] == "Tanzschule Nord"
    settled(stadt)
    assert "P-020" not in stadt.ids("Partner")


def test_rows_of_members_that_wait_stay_below_whatever_comes_or_goes(stadt):
    for name, by in (("Tanzschule Nord", "AG Einsamkeit"), ("Reiterhof", "Sportkreis")):
        stadt.write_row(TAB, {"Name": name, DECISION: "später", "Vorgeschlagen von": by, "Notiz": f"{name}: fragen"})
    sync(stadt)
    before = own_rows(stadt)
    assert list(before) == ["Tanzschule Nord", "Reiterhof"]
    settled(stadt)
    count = len(listed(stadt))
    for number in range(3):
        stadt.write_row(
            "Partner", {"Kurzname": f"Neu {number}", "Organisation": f"Neu {number}", "Status": "Wunschpartner"}
        )
    sync(stadt)
    assert len(listed(stadt)) == count + 3
    assert own_rows(stadt) == before
    settled(stadt)
    stadt.write_row("Partner", {"Kurzname": "Neu 3", "Organisation": "Neu 3", "Status": "Wunschpartner"})
    sync(stadt)
    assert own_rows(stadt) == before  # one takes the place of the other
    settled(stadt)
    for row in ("P-019", "P-020", "P-021", "P-022"):
        stadt.type("Partner", row, "Status", "abgesagt")
    sync(stadt)
    assert len(listed(stadt)) == count
    assert own_rows(stadt) == before
    settled(stadt)


def test_members_add_a_type_of_the_list_or_a_partner_that_is_there(stadt):
    stadt.write_row(TAB, {"Name": "schwimmbad/bäderbetrieb", DECISION: "Wunschpartner"})
    stadt.write_row(TAB, {"Name": "VHS", DECISION: "Wunschpartner", "Notiz": "noch einmal fragen"})
    sync(stadt)
    assert list(partners_of_type(stadt, "Schwimmbad/Bäderbetrieb")) == ["P-019"]
    assert stadt.reads("Partner", "P-019", "Ressourcen") == "Räume; Personal"
    assert list(own_rows(stadt)) == ["VHS"]  # it is there, and the note would be lost
    assert "P-020" not in stadt.ids("Partner")
    settled(stadt)
