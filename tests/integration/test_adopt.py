"""Lists that people made by hand are taken into use: shown, asked about once, and nothing of them is lost."""

import io
import json
import sys
import zipfile

import hand_lists
import openpyxl
import pytest
from hand_lists import Terminal, cells, table, texts
from person import netz

SHAPES = ("simple", "titled", "merged", "several")


def answered(monkeypatch, *answers):
    typed = Terminal("".join(f"{answer}\n" for answer in answers))
    monkeypatch.setattr(sys, "stdin", typed)
    return typed


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(params=SHAPES)
def shape(request, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return getattr(hand_lists, request.param)(tmp_path)


QUESTIONS = {"simple": 2, "titled": 1, "merged": 2, "several": 3}  # one a list, one more for the persons it names


def test_one_question_a_list_then_everything_is_in_use_and_nothing_is_lost(shape, monkeypatch):
    before, tabs, old = texts(shape), {title: cells(shape, title) for title in texts(shape)}, parts(shape)
    count = QUESTIONS[shape.stem]
    typed = answered(monkeypatch, *["ja"] * count, "zu viel gefragt")
    done = netz("adopt", shape)
    assert done.code == 0, done.err
    assert typed.read() == "zu viel gefragt\n"
    for title, cells_before in tabs.items():
        now = cells(shape, title)
        assert {spot: now.get(spot) for spot in cells_before} == cells_before
        if shape.stem != "simple":
            assert now == cells_before
    if shape.stem != "simple":  # its tab is the very same bytes
        assert parts(shape)["xl/worksheets/sheet1.xml"] == old["xl/worksheets/sheet1.xml"]
    assert all(found <= texts(shape)[title] for title, found in before.items())
    assert netz("sync", shape).code in {0, 3}
    stands = shape.read_bytes()
    assert netz("sync", shape).code in {0, 3}
    assert shape.read_bytes() == stands
    gaps = netz("gaps", shape)
    assert gaps.code == 0, gaps.err
    again = netz("adopt", shape, "--yes")
    assert again.code == 0
    assert shape.read_bytes() == stands


def test_a_tidy_list_becomes_the_tab_of_the_network_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.simple(tmp_path)
    before = cells(path, "Stakeholders")
    assert netz("adopt", path, "--yes", "--lang", "en").code == 0
    assert "Partners" not in texts(path)
    now = cells(path, "Stakeholders")
    added = {spot: value for spot, value in now.items() if spot not in before}
    assert {value for (row, _), value in added.items() if row == 1} == {"Network No", "Life domains"}
    assert sorted(str(value) for (row, _), value in added.items() if row > 1) == ["P-001", "P-002", "P-003"]
    assert {value for (row, column), value in now.items() if column == 1} == {"No", 1, 2, 3}  # their own numbering
    settings = {row["Key"]: row.get("Value") for row in table(path, "Settings", "Key")}
    assert settings["alias.partners.target_groups"] == "Works with"
    assert settings["alias.partners.id"] == "Network No"
    assert settings["tab.partners"] == "Stakeholders"
    found = json.loads(netz("check", path, "--json").out)["findings"]
    assert not [each for each in found if each["case"] in {"setting-unknown", "header-missing", "header-doubled"}]
    assert {("R-P01", "status", "P-002")} <= {(e["rule"], e["column"], e["row"]) for e in found}  # „on board“


def test_a_marked_table_grows_with_its_new_headings(tmp_path, monkeypatch):
    from openpyxl.worksheet.table import Table

    monkeypatch.chdir(tmp_path)
    path = hand_lists.simple(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Stakeholders"]["J2"] = None
    book["Stakeholders"].add_table(Table(displayName="Liste", ref="A1:I4"))
    book.save(path)
    assert netz("adopt", path, "--yes").code == 0
    marked = openpyxl.load_workbook(path)["Stakeholders"].tables["Liste"]
    assert marked.ref == "A1:K4"
    assert [column.name for column in marked.tableColumns][-2:] == ["Netzwerk-Nr", "Lebensbereiche"]
    assert netz("sync", path).code in {0, 3}


def test_a_list_that_moved_while_people_thought_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.simple(tmp_path)

    class Slow(Terminal):
        def readline(self, *_):
            book = openpyxl.load_workbook(path)
            book["Stakeholders"].insert_rows(1)
            book.save(path)
            self.moved = path.read_bytes()
            return "ja\n"

    typed = Slow("")
    monkeypatch.setattr(sys, "stdin", typed)
    done = netz("adopt", path)
    assert done.code == 5, done.err
    assert path.read_bytes() == typed.moved


def test_the_workbook_may_be_left_out_where_the_configuration_names_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "netzwerk.toml").write_text('workbook = "netz.xlsx"\n', "utf-8")
    assert netz("init", tmp_path / "netz.xlsx", "--yes").code == 0
    hand_lists.exported(tmp_path)
    done = netz("adopt", "export.csv", "--yes")
    assert done.code == 0, done.err
    assert len(table(tmp_path / "netz.xlsx", "Partner")) == 3


def test_columns_about_persons_are_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = netz("adopt", hand_lists.merged(tmp_path), "--dry-run")
    assert "Unter Telefon und E-Mail stehen wohl Kontaktdaten" in done.out


def test_persons_that_a_list_names_come_to_the_contacts_linked_to_their_partner(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "Stakeholder"
    for row in (
        ["Name", "Ansprechpartner", "E-Mail", "Tel.", "Status"],
        ["Caritas", "Ute Öz", "oez@caritas.example", "0123", "aktiv"],
        ["Tafel", None, None, None, "aktiv"],
        ["Diakonie", "Büro", None, "0124", "im Gespräch"],
    ):
        book.active.append(row)
    book.save(path := tmp_path / "liste.xlsx")
    before = cells(path, "Stakeholder")
    typed = answered(monkeypatch, "ja", "ja", "zu viel gefragt")
    done = netz("adopt", path)
    assert "Sollen 2 Zeilen aus „Stakeholder“ so in das Blatt „Ansprechpersonen“ kommen?" in done.err
    assert typed.read() == "zu viel gefragt\n"
    now = cells(path, "Stakeholder")
    assert {spot: now[spot] for spot in before} == before  # the list itself keeps every cell
    found = [{key: row.get(key) for key in ("Partner", "Name", "E-Mail", "Telefon")} for row in persons(path)]
    assert found == [
        {"Partner": "Caritas", "Name": "Ute Öz", "E-Mail": "oez@caritas.example", "Telefon": "0123"},
        {"Partner": "Diakonie", "Name": "Büro", "E-Mail": None, "Telefon": "0124"},
    ]
    findings = json.loads(netz("check", path, "--json").out)["findings"]
    assert not [each for each in findings if each["rule"] == "R-P03"]  # every contact finds its partner
    stands = path.read_bytes()
    again = netz("adopt", path, "--yes")
    assert again.code == 0
    assert path.read_bytes() == stands
    assert netz("undo", path, "--yes").code == 0
    assert persons(path) == []
    assert {spot: cells(path, "Stakeholder")[spot] for spot in before} == before


@pytest.mark.parametrize("how", ["alone", "contacts", "mapping", "remembered"])
def test_a_yes_to_everything_takes_persons_only_where_somebody_asked_for_them(tmp_path, monkeypatch, how):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.merged(tmp_path)
    more = {"contacts": ["--contacts"], "mapping": ["--mapping", "map.toml"]}.get(how, [])
    if how == "mapping":
        netz("adopt", path, "-o", "map.toml")
    if how == "remembered":
        answered(monkeypatch, "ja", "ja")
        assert netz("adopt", path).code == 0
        book = openpyxl.load_workbook(path)
        for column, text in enumerate(["AWO", "0126"], start=1):
            book["Liste"].cell(8, column, text)
        book.save(path)
    done = netz("adopt", path, "--yes", *more)
    assert done.code == 0, done.err
    partners = [row["Organisation"] for row in table(path, "Partner")]
    assert partners[:3] == ["Caritas", "Diakonie", "Altes Werk"]
    left = "Die Kontaktdaten in 3 Zeilen von „Liste“ bleiben dort. In das Blatt „Ansprechpersonen“ bringt sie"
    assert (left in done.err) == (how == "alone")
    assert [row["Partner"] for row in persons(path)] == ([] if how == "alone" else partners)
    assert not list(tmp_path.glob("*zuordnung*"))
    if how == "alone":
        stands = path.read_bytes()
        assert left in netz("adopt", path, "--yes").err
        assert path.read_bytes() == stands
        answered(monkeypatch, "ja")
        netz("adopt", path)
        assert [row["Partner"] for row in persons(path)] == partners


def persons(path):
    return table(path, "Ansprechpersonen", "Funktion")


def test_without_state_the_headings_are_still_understood(tmp_path, monkeypatch):
    """Another machine knows nothing; the settings in the workbook say it all."""
    monkeypatch.chdir(tmp_path)
    path = hand_lists.simple(tmp_path)
    assert netz("adopt", path, "--yes", "--lang", "en").code == 0
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "elsewhere"))
    done = json.loads(netz("onboard", path, "PL", "--dry-run", "--json").out)
    assert not [each for each in done["findings"] if each["case"].startswith("header")]


def test_rows_that_are_brought_over_hold_what_was_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    assert netz("adopt", path, "--yes").code == 0
    rows = table(path, "Partner")
    assert [row["Nr"] for row in rows] == ["P-001", "P-002", "P-003"]
    assert rows[0]["Status"] == "macht mit"
    assert rows[1]["Zielgruppen"] == "Kinder, Jugendliche"
    assert not {"Quelle: eigene Erhebung"} & texts(path)["Partner"]


def test_a_row_renamed_since_is_not_brought_over_again(tmp_path, monkeypatch):
    from person import Person

    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    netz("adopt", path, "--yes")
    Person(path).type("Partner", "P-003", "Organisation", "Tafel Musterstadt gGmbH")
    netz("sync", path)
    done = netz("adopt", path, "--yes")
    assert "nichts Neues" in done.out
    assert len(table(path, "Partner")) == 3


def test_nothing_changes_before_yes(shape, monkeypatch, tmp_path):
    before = shape.read_bytes()
    for words in (("--dry-run",), ("--dry-run", "--json")):
        assert netz("adopt", shape, *words).code == 0
        assert shape.read_bytes() == before
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert netz("adopt", shape).code == 2
    answered(monkeypatch, *["nein"] * 3)
    assert netz("adopt", shape).code == 0
    assert shape.read_bytes() == before
    assert not (tmp_path / "netzwerk.toml").exists()


def test_a_no_leaves_a_mapping_that_can_be_corrected_and_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    answered(monkeypatch, "nein")
    assert netz("adopt", path).code == 0
    mapping = tmp_path / "titled-zuordnung.toml"
    text = mapping.read_text("utf-8")
    assert '"Bem." = "note"' in text
    mapping.write_text(text.replace('"Bem." = "note"', '"Bem." = "next_step"'), "utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert netz("adopt", path, "--mapping", mapping).code == 0
    assert table(path, "Partner")[0]["Nächster Schritt"] == "Raum im EG"


def test_words_of_their_own_stay_and_mean_what_the_mapping_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    mapping = tmp_path / "map.toml"
    assert netz("adopt", path, "-o", mapping).code == 0
    text = mapping.read_text("utf-8")
    mapping.write_text(text.replace('"macht mit" = ""', '"macht mit" = "aktiv"'), "utf-8")
    assert netz("adopt", path, "--mapping", mapping).code == 0
    rows = table(path, "Partner")
    assert rows[0]["Status"] == "macht mit"
    settings = {row["Schlüssel"]: row.get("Wert") for row in table(path, "Einstellungen", "Schlüssel")}
    assert settings["word.partner_status.active"] == "macht mit"
    netz("sync", path)
    found = json.loads(netz("check", path, "--json").out)["findings"]
    assert not [each for each in found if each["rule"] == "R-P01"]
    # a word that is given later joins the others
    (tmp_path / "neu").mkdir()
    text = mapping.read_text("utf-8").replace('"macht mit" = "aktiv"', '"ist dabei" = "active"')
    mapping.write_text(text, "utf-8")
    book = openpyxl.load_workbook(hand_lists.titled(tmp_path / "neu"))
    book["Netzwerk 2024"]["B5"], book["Netzwerk 2024"]["F5"] = "Neues Haus", "ist dabei"
    book.save(tmp_path / "zweite.xlsx")
    mapping.write_text(mapping.read_text("utf-8").replace('list = ""', 'list = "zweite.xlsx"'), "utf-8")
    done = netz("adopt", path, tmp_path / "zweite.xlsx", "--mapping", mapping)
    assert done.code == 0, done.err
    settings = {row["Schlüssel"]: row.get("Wert") for row in table(path, "Einstellungen", "Schlüssel")}
    assert settings["word.partner_status.active"] == "macht mit; ist dabei"
    assert "Neues Haus" in {row["Organisation"] for row in table(path, "Partner")}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('table = "partners"', 'table = "people"', "people"),
        ('"Bem." = "note"', '"Bem." = "notes"', "notes"),
        ('"Bem." = "note"', '"Bem." = "name"', "zweimal"),
        ('"macht mit" = ""', '"macht mit" = "fliegt"', "fliegt"),
        ('"Bem." = "note"', '"Bemerk." = "note"', "keine Liste"),
        ("[[adopt]]", "[[adopt", "lesen"),
    ],
)
def test_a_wrong_mapping_is_said_and_changes_nothing(tmp_path, monkeypatch, old, new, said):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    before = path.read_bytes()
    mapping = tmp_path / "map.toml"
    assert netz("adopt", path, "-o", mapping).code == 0
    mapping.write_text(mapping.read_text("utf-8").replace(old, new), "utf-8")
    done = netz("adopt", path, "--mapping", mapping)
    assert done.code == 2
    assert said in done.err
    assert path.read_bytes() == before


def test_netzwerk_toml_remembers_and_keeps_what_stood_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    config = tmp_path / "netzwerk.toml"
    config.write_text('# unsere Mappe\nworkbook = "titled.xlsx"', "utf-8")
    assert netz("adopt", "--yes").code == 0
    text = config.read_text("utf-8")
    assert text.startswith('# unsere Mappe\nworkbook = "titled.xlsx"\n')
    assert '"Stand der Dinge" = "status"' in text
    assert netz("sync").code in {0, 3}
    assert netz("adopt", path, "--yes").code == 0
    assert config.read_text("utf-8") == text


def test_what_was_agreed_for_one_workbook_says_nothing_of_another(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    assert netz("adopt", path, "-o", "m.toml").code == 0
    mapping = (tmp_path / "m.toml").read_text("utf-8")
    (tmp_path / "m.toml").write_text(
        mapping.replace('"Stand der Dinge" = "status"', '"Stand der Dinge" = "skills"'), "utf-8"
    )
    other = tmp_path / "ordner" / "andere.xlsx"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    assert netz("adopt", path, "--mapping", "m.toml").code == 0
    assert 'workbook = "titled.xlsx"' in (tmp_path / "netzwerk.toml").read_text("utf-8")
    found = [
        json.loads(netz("adopt", each, "--dry-run", "--json").out)["lists"][0]["columns"] for each in (path, other)
    ]
    assert ["skills" in columns for columns in found] == [True, False]
    assert netz("adopt", other, "--yes").code == 0
    assert 'workbook = "ordner/andere.xlsx"' in (tmp_path / "netzwerk.toml").read_text("utf-8")


def test_undo_takes_brought_over_rows_away_and_leaves_lists_in_use(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.titled(tmp_path)
    before = cells(path, "Netzwerk 2024")
    netz("adopt", path, "--yes")
    assert netz("undo", path, "--yes").code == 0
    assert table(path, "Partner") == []
    assert cells(path, "Netzwerk 2024") == before
    assert {row["Name"] for row in table(path, "Lebensbereiche", "Name")} > {"Freizeit"}
    other = hand_lists.simple(tmp_path)
    stood = other.read_bytes()
    answered(monkeypatch, "ja", "nein")  # the persons it names stay where they are
    netz("adopt", other)
    refused = netz("undo", other, "--yes")
    assert refused.code == 2  # people's own rows are nobody's change
    (copy,) = (each for each in (tmp_path / "state").glob("backups/*/*.xlsx") if each.read_bytes() == stood)
    assert "netzwerk restore simple.xlsx 1" in refused.err
    assert str(copy) in refused.err
    assert {"Public Library", "Red Cross"} <= texts(other)["Stakeholders"]
    assert netz("restore", other, "1", "--yes").code == 0
    assert other.read_bytes() == stood
    assert "restore" not in netz("undo", other, "--yes").err


def test_undo_of_both_kinds_at_once_takes_only_what_was_brought_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.simple(tmp_path)
    book = openpyxl.load_workbook(path)
    for row in (["Bedarf", "Lebensbereich"], ["Mehr Busse", "Mobilität"], [None], ["Quelle: Befragung"]):
        book["Kasse"].append(row)
    book.save(path)
    assert netz("adopt", path, "--yes").code == 0
    assert [row["Bedarf"] for row in table(path, "Bedarfe", "Bedarf")] == ["Mehr Busse"]
    assert netz("undo", path, "--yes").code == 0
    assert table(path, "Bedarfe", "Bedarf") == []
    assert {"Public Library", "Red Cross", "City Council"} <= texts(path)["Stakeholders"]


def test_json_holds_codes_and_places_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = hand_lists.merged(tmp_path)
    done = netz("adopt", path, "--yes", "--contacts", "--json")
    found = json.loads(done.out)
    assert found["lists"] == [
        {
            "file": "", "heading_row": 3, "first_column": 1, "table": "partners",
            "columns": {"name": 1, "status": 4}, "left_out": [], "here": False, "reason": "merged", "new": 3,
            "present": 0, "taken": True,
        },
        {
            "file": "", "heading_row": 3, "first_column": 1, "table": "contacts",
            "columns": {"partner": 1, "phone": 2, "email": 3}, "left_out": [], "here": False, "reason": "persons",
            "new": 3, "present": 0, "taken": True,
        },
    ]  # fmt: skip
    assert not any(word in done.out + done.err for word in ("Caritas", "Diakonie", "0123", "example"))


def test_a_network_takes_a_further_list_of_its_own_workbook(stadt, monkeypatch):
    """A list that a colleague put beside the network's tabs."""
    monkeypatch.chdir(stadt.path.parent)
    netz("sync", stadt.path)
    book = openpyxl.load_workbook(stadt.path)
    sheet = book.create_sheet("Neue Kontakte")
    for row in (["Organisation", "Ansprechpartner", "E-Mail"], ["VHS", "Büro", "vhs@stadt.example"]):
        sheet.append(row)
    book.save(stadt.path)
    done = netz("adopt", stadt.path, "--yes", "--contacts")
    assert done.code == 0, done.err
    assert {"P-005"} <= {each.get("Nr") for each in table(stadt.path, "Partner")}  # the partners are as they were
    assert {"vhs@stadt.example"} <= texts(stadt.path)["Ansprechpersonen"]
