"""What rests on whom, who sits at the table, and what would be if: the golden numbers of the demo, kept up to date."""

import json

import pytest
from person import DAY, netz, settled, sync

from netzwerk_sheets.grid import shown


def rows_of(person, tab):
    """Rows under the header, as people see them."""
    cells = person.everything()[tab]
    heads = {column: shown(value) for column, value in cells[4].items()}
    return [
        {heads[column]: shown(value) for column, value in cells[number].items() if column in heads}
        for number in sorted(cells)
        if number > 4
    ]


def resting(person):
    return {row["Nr"]: row for row in rows_of(person, "Absicherung")}


def diverse(person):
    return {(row["Wo"], row["Merkmal"]): row for row in rows_of(person, "Vielfalt")}


@pytest.fixture
def golden(shared):
    """Partner → what is lost when it leaves, from expected.txt."""
    lines = (shared / "domain" / "demo" / "expected.txt").read_text(encoding="utf-8").splitlines()
    found = [line.split("Ausfall ")[1].rsplit(" ", 1) for line in lines if "Ausfall " in line]
    return {name: float(points) for name, points in found}


# --- what rests on whom -----------------------------------------------------------------------------------


def test_what_is_lost_when_a_partner_leaves(stadt, golden):
    found = {
        row["Name"]: row["Ausfallwirkung in Punkten"] for row in resting(stadt).values() if row["Ebene"] == "Partner"
    }
    assert found.keys() == golden.keys()
    assert all(abs(found[name] - points) <= 0.006 for name, points in golden.items())
    assert list(found) == sorted(found, key=lambda name: -found[name])
    assert "Mandat für B-004" in resting(stadt)["P-008"]["Was heißt das?"]


def test_how_many_partners_a_domain_can_lose(stadt):
    found = resting(stadt)
    assert found["LB-02"]["Ausfallzahl"] == 2
    assert "ZSL und Gehörlosenverein" in found["LB-02"]["Was heißt das?"]
    assert found["LB-05"]["Ausfallzahl"] == 1
    assert found["LB-08"]["Ausfallzahl"] == "mehr als 3"
    assert found["LB-08"]["Mit zweiter Stütze"] == "6 von 9"
    assert found["LB-01"]["Ausfallzahl"] == "schon unter der Hälfte"
    assert "ruht allein auf VHS" in found["LB-03"]["Was heißt das?"]
    assert found["LB-07"]["Ampel"] == "– kein Bedarf erfasst"


def test_who_is_backed_up_leaves_the_list(stadt):
    assert "P-008" in resting(stadt)
    for name in ("Rat eins", "Rat zwei"):
        stadt.write_row(
            "Partner",
            {
                "Kurzname": name,
                "Lebensbereiche": "Alle",
                "Zielgruppen": "Alle",
                "Ressourcen": "Mandat",
                "Status": "aktiv",
            },
        )
    sync(stadt)
    assert "P-008" not in resting(stadt)
    settled(stadt)


def test_a_partner_that_alone_connects_two_groups(stadt):
    for row in ("P-006", "P-010"):
        stadt.write_row("Mitwirkung", {"Partner": row, "AG": "AG Zugang", "Rolle": "Mitglied"})
    sync(stadt)
    found = [row for row in resting(stadt).values() if row["Ebene"] == "Verbindung"]
    assert [(row["Nr"], row["Name"]) for row in found]
    assert all("arbeitet in beiden Gruppen mit" in row["Was heißt das?"] for row in found)
    settled(stadt)


# --- who sits at the table --------------------------------------------------------------------------------


def test_diversity_of_the_network(stadt):
    found = diverse(stadt)
    assert found["Netzwerk", "Partner"]["Ergebnis"] == 10
    assert found["Netzwerk", "Bereiche, die vertreten sind"]["Ergebnis"] == "6 von 14"
    assert found["Netzwerk", "Mischung (Blau-Index)"]["Ergebnis"] == 0.8
    missing = found["Netzwerk", "Bereiche, die fehlen"]
    assert missing["Ergebnis"] == 8
    for sector in ("Kultur", "Sport", "Wirtschaft & Arbeit", "Wohnen & Mobilität", "Wissenschaft", "Medien"):
        assert sector in missing["Was heißt das?"]


def test_anchoring_is_five_answers_and_no_score(stadt):
    found = {what: row["Ergebnis"] for (_, what), row in diverse(stadt).items() if what.startswith("Verankert")}
    assert len(found) == 5
    assert found.pop("Verankert: Hälfte der Bereiche") == "■ noch nicht"
    assert set(found.values()) == {"● ja"}


def test_few_partners_get_a_sentence_and_no_shares(stadt):
    found = {what: row for (place, what), row in diverse(stadt).items() if place == "AG-03"}
    assert list(found) == ["Partner"]
    assert found["Partner"]["Was heißt das?"].startswith("Unter 4 Partnern")


def test_a_group_that_ended_is_left_out(stadt):
    assert "AG-01" not in {place for place, _ in diverse(stadt)}
    assert {"AG-02", "AG-03", "AG-04"} <= {place for place, _ in diverse(stadt)}


def test_many_alike_are_noticed(stadt):
    for number in range(12):
        stadt.write_row(
            "Partner", {"Kurzname": f"Verein {number}", "Gesellschaftsbereich": "Sport", "Status": "aktiv"}
        )  # fmt: skip
    sync(stadt, "--confirm", "")
    row = diverse(stadt)["Netzwerk", "Verschieden genug?"]
    assert row["Ergebnis"] == "■ viele Ähnliche"
    assert "Mehr als die Hälfte kommt aus einem Bereich" in row["Was heißt das?"]
    settled(stadt)


# --- whether measures reach their group -------------------------------------------------------------------


def reaching(person):
    return {row["Nr"]: row for row in rows_of(person, "Wirkung")}


def test_reach_and_share_of_the_measures(stadt):
    found = reaching(stadt)
    shares = {key: (row.get("Reichweite"), row.get("Anteil der Zielgruppe")) for key, row in found.items()}
    assert shares["M-001"] == (0.15, 0.2)
    assert shares["M-002"] == (0.7, 0.56)
    assert shares["M-004"] == (0.44, 1.0)
    states = {key: row["Erreicht die Zielgruppe?"] for key, row in found.items()}
    assert states["M-001"] == states["M-004"] == "▲ nicht erreicht"
    assert states["M-002"] == "● erreicht"
    assert states["M-003"] == "– nicht gemessen"
    assert found["M-004"]["Was kann dahinter stehen?"].startswith("B, ")
    assert "Räume" in found["M-004"]["Was kann dahinter stehen?"]
    assert not found["M-002"].get("Was kann dahinter stehen?")


def test_causes_are_recorded_once_and_not_rewritten(stadt):
    assert reaching(stadt)["M-001"]["Ursachen (festgehalten)"] == "A; B; C"
    assert stadt.reads("Maßnahmen", "M-004", "Ursachen (festgehalten)") == "B"
    stadt.write_row(
        "Partner",
        {
            "Kurzname": "Saal", "Lebensbereiche": "Alle", "Zielgruppen": "Alle", "Status": "aktiv",
            "Ressourcen": "Fachwissen; Personal; Räume; Finanzierung; Kontakte; Mandat; Technik & Fahrzeuge",
        },
    )  # fmt: skip
    netz("sync", stadt.path, "--today", "2025-06-02")
    row = reaching(stadt)["M-004"]
    assert "Keine der drei Ursachen" in row["Was kann dahinter stehen?"]
    assert row["Ursachen (festgehalten)"] == "B"
    assert str(row["festgestellt am"])[:10] == DAY


def test_a_new_measurement_is_recorded_with_its_day(stadt):
    stadt.type("Maßnahmen", "M-005", "Ziel Personen", 30)
    stadt.type("Maßnahmen", "M-005", "Erreicht gesamt", 20)
    stadt.type("Maßnahmen", "M-005", "Erreicht Zielgruppe", 0)
    netz("sync", stadt.path, "--today", "2025-05-20")
    row = reaching(stadt)["M-005"]
    assert (row["Reichweite"], row["Anteil der Zielgruppe"]) == (0, 0)
    assert row["Ursachen (festgehalten)"]
    assert str(row["festgestellt am"])[:10] == "2025-05-20"
    before = stadt.path.read_bytes()
    netz("sync", stadt.path, "--today", "2025-05-20")
    assert stadt.path.read_bytes() == before


def test_what_people_record_themselves_stays(stadt):
    stadt.type("Maßnahmen", "M-004", "Ursachen (festgehalten)", "der Bus fährt nicht")
    stadt.type("Wirkung", "M-004", "Andere Ursache", "Ferienzeit")
    sync(stadt)
    row = reaching(stadt)["M-004"]
    assert (row["Ursachen (festgehalten)"], row["Andere Ursache"]) == ("der Bus fährt nicht", "Ferienzeit")
    settled(stadt)


# --- both -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["Vorschläge", "Absicherung", "Vielfalt", "Wirkung"])
def test_a_tab_that_is_deleted_stays_away_until_init(stadt, tab):
    with stadt.book() as book:
        del book[tab]
    sync(stadt)
    assert tab not in stadt.tabs()
    netz("init", stadt.path, "--yes", "--today", DAY)
    assert tab in stadt.tabs()
    settled(stadt)


@pytest.mark.parametrize("tab", ["Absicherung", "Vielfalt", "Wirkung"])
def test_what_people_type_over_is_kept_in_the_log_and_written_again(stadt, tab):
    was = stadt.everything()[tab][5][2]
    stadt.put(tab, 5, 2, "mein Wort")
    sync(stadt)
    assert stadt.everything()[tab][5][2] == was
    assert "mein Wort" in {
        str(shown(value)) for row in stadt.everything()["Protokoll"].values() for value in row.values()
    }
    settled(stadt)


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_hinders_anybody(tmp_path, language):
    path = tmp_path / "stadt.xlsx"
    netz("init", path, "--demo", "--lang", language)
    assert json.loads(netz("a11y", path, "--json").out)["issues"] == []


# --- what if ----------------------------------------------------------------------------------------------


def test_what_if_a_partner_leaves(stadt, golden):
    document = json.loads(netz("what-if", stadt.path, "--without", "P-008", "--json").out)
    assert (document["without"], document["with"]) == (["P-008"], [])
    assert abs(document["after"]["gap"] - document["before"]["gap"] - golden["Stadtrat"]) <= 0.006
    assert {(one["need"], one["block"]) for one in document["opens"]} == {
        ("B-004", "mandate"), ("B-008", "mandate"), ("B-009", "mandate"),
    }  # fmt: skip
    assert document["fills"] == []


def test_what_if_partners_leave_and_join(stadt):
    said = netz("what-if", stadt.path, "--without", "Stadtrat", "--with", "wohnbau").out
    assert "Deckung: jetzt 60,9\u00a0%, dann 59,1\u00a0%." in said
    assert "Lücke: jetzt 22,3, dann 23,3 von 57 Punkten." in said
    assert netz("was-wäre-wenn", stadt.path, "--without", "P-008", "--with", "P-016").out == said
    english = netz("what-if", stadt.path, "--without", "P-008", "--with", "P-016", "--lang", "en", "--plain").out
    assert "Coverage: now 60.9\u00a0%, then 59.1\u00a0%." in english


def test_what_if_changes_nothing_says_so(stadt):
    said = netz("what-if", stadt.path, "--without", "P-018").out
    assert "An der Deckung änderte sich nichts." in said


def test_what_if_writes_nothing(stadt):
    before = stadt.path.read_bytes()
    assert netz("what-if", stadt.path, "--without", "P-008").code == 0
    assert stadt.path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Es fehlt, wer geht oder dazukommt."),
        (["--without", "P-999"], "Den Partner „P-999“ gibt es in der Arbeitsmappe nicht."),
        (["--without", "P-008", "--with", "Stadtrat"], "kann nicht zugleich gehen und dazukommen"),
    ],
)
def test_wrong_calls_are_named(stadt, arguments, said):
    done = netz("what-if", stadt.path, *arguments)
    assert done.code == 2
    assert said in done.err
