"""What leaves the workbook for other programs: calendars, tables and drafts that do what they say and no more."""

import csv
import email
import io
import json
import re
from email.policy import default

import docx
import pytest
import vobject
from icalendar import Calendar
from person import netz

PERSONS = ("koordination@zsl.example", "Netzwerkkoordination", "Frau Kaya", "5551234", "kaya@", "sitzen bleiben")


@pytest.fixture
def lived(stadt):
    """A network in which people wrote names and addresses in many places."""
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Bemerkung", "Frau Kaya ruft an")
    stadt.type("Partner", "P-007", "Kurzname", "Café kaya@example.org")
    stadt.type("Partner", "P-011", "Nächster Schritt", "Frau Kaya anrufen")
    stadt.type("Partner", "P-011", "bis", "2025-06-02")
    stadt.type("Ansprechpersonen", "K-001", "Name", "Frau Kaya")
    stadt.type("OB P-016 Wohnbau", "P-016.T-A03", "Aufgabe", "Frau Kaya anrufen")
    stadt.type("Meilensteine", "MS-001", "Meilenstein", "Anruf bei 0171 5551234")
    stadt.type("OB P-016 Wohnbau", "P-016.T-A03", "Zuständig", "Frau Kaya")
    stadt.type("Maßnahmen", "M-001", "Von wem", "Frau Kaya")
    return stadt


def made(person, kind, *more):
    done = netz("export", person.path, kind, "--json", *more)
    assert done.code == 0, done.err
    return json.loads(done.out)


def folder(person, kind):
    return person.path.with_name(f"{person.path.stem}-{kind}")


def everything(place):
    """All files of an export, decoded as their readers would."""
    found = {}
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if path.suffix == ".eml":
            mail = email.message_from_bytes(path.read_bytes(), policy=default)
            found[path.name] = "\n".join([*(f"{key}: {value}" for key, value in mail.items()), mail.get_content()])
        elif path.suffix == ".ics":
            found[path.name] = path.read_text("utf-8").replace("\r\n ", "")
        elif path.suffix == ".docx":
            found[path.name] = words_of(path)
        elif path.is_file():
            found[path.relative_to(place).as_posix()] = path.read_text("utf-8-sig")
    return found


def words_of(path):
    """Everything a document says, its properties included."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = document.core_properties
    return "\n".join([*(one.text for one in document.paragraphs), *cells, said.title, said.author, said.comments])


def place_of(person, kind):
    return person.path.with_suffix(".ics") if kind == "ics" else folder(person, kind)


@pytest.mark.parametrize("kind", ["ics", "csv", "eml", "datapackage", "docx"])
def test_no_person_leaves_unless_asked_for(lived, kind):
    made(lived, kind)
    for name, text in everything(place_of(lived, kind)).items():
        for word in PERSONS:
            assert word not in text, (name, word)
    document = made(lived, kind, "--with-contacts")
    assert document["persons"] is True
    text = "\n".join(everything(place_of(lived, kind)).values())
    assert "Frau Kaya" in text or "@" in text or "5551234" in text
    made(lived, kind)
    for name, text in everything(place_of(lived, kind)).items():
        for word in PERSONS:
            assert word not in text, (name, word)


@pytest.mark.parametrize("kind", ["ics", "csv", "eml", "datapackage", "docx", "hsds"])
def test_the_same_workbook_gives_the_same_bytes_and_stays_as_it_is(lived, kind):
    before = lived.path.read_bytes()
    made(lived, kind)
    place = place_of(lived, kind)
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    first = {path: path.read_bytes() for path in files}
    made(lived, kind)
    assert {path: path.read_bytes() for path in files} == first
    assert lived.path.read_bytes() == before


# --- calendar ---------------------------------------------------------------------------------------------


def events(person):
    calendar = Calendar.from_ical(person.path.with_suffix(".ics").read_bytes())
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_the_calendar_holds_due_dates_and_meetings_with_ids_that_stay(lived):
    made(lived, "ics")
    first = events(lived)
    known = {uid.split("@")[0].rpartition(".")[0]: event for uid, event in first.items()}
    task = next(event for uid, event in known.items() if uid == "P-016.T-A03.due")
    assert str(task["SUMMARY"]).startswith("Fällig: ")
    assert "Wohnbau" in str(task["SUMMARY"])
    assert "Treffen: AG Einsamkeit" in {str(event["SUMMARY"]) for event in first.values()}
    assert {"MS-001.date", "P-011.next_due"} <= known.keys()
    day = task["DTSTART"].dt
    lived.type("OB P-016 Wohnbau", "P-016.T-A03", "Fällig am", "2026-01-07")
    netz("sync", lived.path, "--today", "2025-05-16")
    lived.path = lived.path.rename(lived.path.with_name("umbenannt.xlsx"))
    made(lived, "ics", "--today", "2025-05-16")
    moved = events(lived)
    uid = next(uid for uid in first if uid.startswith("P-016.T-A03.due."))
    assert moved.keys() == first.keys()
    assert str(moved[uid]["DTSTART"].dt) == "2026-01-07" != str(day)
    assert moved[uid]["DTSTAMP"].dt > first[uid]["DTSTAMP"].dt


def test_a_second_reader_finds_the_same_events(lived):
    made(lived, "ics")
    text = lived.path.with_suffix(".ics").read_text("utf-8")
    read = {event.uid.value: event for event in vobject.readOne(text).vevent_list}
    first = events(lived)
    assert read.keys() == first.keys()
    for uid, event in first.items():
        assert read[uid].summary.value == str(event["SUMMARY"])
        assert read[uid].dtstart.value == event["DTSTART"].dt


def test_a_task_that_is_done_leaves_the_calendar(lived):
    made(lived, "ics")
    lived.type("OB P-016 Wohnbau", "P-016.T-A03", "Status", "erledigt")
    before = set(events(lived))
    made(lived, "ics")
    assert {uid.split(".due")[0] for uid in before - set(events(lived))} == {"P-016.T-A03"}


def test_words_cannot_begin_a_new_line_of_the_calendar(stadt):
    stadt.type("Arbeitsgruppen", "AG-02", "Name", "AG\nBEGIN:VALARM\r\nATTACH:x;,\\ \u0001")
    made(stadt, "ics")
    raw = stadt.path.with_suffix(".ics").read_bytes()
    assert b"\nBEGIN:VALARM" not in raw
    assert not Calendar.from_ical(raw).walk("VALARM")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


# --- tables -----------------------------------------------------------------------------------------------


def rows_of(path):
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_every_table_is_a_file_that_a_german_excel_opens(lived):
    document = made(lived, "csv")
    rows = rows_of(folder(lived, "csv") / "Partner.csv")
    assert len(rows) == 18
    assert rows[0]["Nr"] == "P-001"
    assert rows[0]["Angelegt am"] == "10.01.2023"
    assert "Bemerkung" not in rows[0]
    assert "Massnahmen.csv" in document["files"]
    assert not {"Ansprechpersonen.csv", "Gespraeche.csv", "Stimmen.csv"} & set(document["files"])
    tasks = {row["Nr"]: row["Aufgabe"] for row in rows_of(folder(lived, "csv") / "Aufgaben.csv")}
    assert len(tasks) == len(lived.ids("Aufgaben"))
    assert "Kaya" not in tasks["P-016.T-A03"]
    assert tasks["P-016.T-A03"]
    mentions = {row["Nr"]: row["Nennungen"] for row in rows_of(folder(lived, "csv") / "Bedarfe.csv")}
    assert (mentions["B-002"], mentions["B-008"], mentions["B-007"]) == ("12", "<5", "0")
    made(lived, "csv", "--with-contacts")
    contacts = rows_of(folder(lived, "csv") / "Ansprechpersonen.csv")
    assert contacts[0]["E-Mail"] == "koordination@zsl.example"


@pytest.mark.parametrize("kind", ["csv", "datapackage"])
def test_no_text_becomes_a_formula(lived, kind):
    typed = {"P-001": "+49 1", "P-002": "@SUM(A1)", "P-003": "-2+3"}
    for row, text in typed.items():
        lived.type("Partner", row, "Partnertyp", text)
    lived.rename_header("Partner", "Stadtteil", "=1+1")
    made(lived, kind)
    place = folder(lived, kind)
    path, header = (place / "Partner.csv", "Partnertyp") if kind == "csv" else (place / "data/partners.csv", "type")
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if kind == "csv" else ","))
    assert [row[header] for row in rows[:3]] == [f"'{text}" for text in typed.values()]


def test_where_too_much_changed_at_once_the_state_before_leaves_and_that_is_said(lived):
    lived.empty_table("Partner")
    done = netz("export", lived.path, "csv")
    assert done.code == 0
    assert "Stand davor" in done.err
    assert len(rows_of(folder(lived, "csv") / "Partner.csv")) == 18


def test_numbers_stay_numbers(stadt):
    stadt.type("Partner", "P-001", "Multiplikator", 2.5)
    stadt.type("Partner", "P-002", "Multiplikator", -3)
    made(stadt, "csv")
    found = [row["Multiplikator"] for row in rows_of(folder(stadt, "csv") / "Partner.csv")]
    assert found[:2] == ["2,5", "-3"]


@pytest.mark.parametrize("more", [(), ("--with-contacts",), ("--lang", "en")])
def test_the_data_package_is_valid(lived, more):
    from frictionless import Package

    lived.type("Partner", "P-003", "Angelegt am", "irgendwann 2023")
    lived.type("Partner", "P-003", "Status", "so halb dabei")
    made(lived, "datapackage", *more)
    report = Package(str(folder(lived, "datapackage") / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] >= 16
    document = json.loads((folder(lived, "datapackage") / "datapackage.json").read_text("utf-8"))
    partners = next(one for one in document["resources"] if one["name"] == "partners")
    types = {field["name"]: field["type"] for field in partners["schema"]["fields"]}
    assert (types["created_on"], types["active_since"], types["umbrella"]) == ("string", "date", "boolean")
    rows = list(csv.DictReader((folder(lived, "datapackage") / "data/partners.csv").open(encoding="utf-8", newline="")))
    assert rows[2]["created_on"] == "irgendwann 2023"
    assert rows[0]["active_since"] == "2023-01-10"
    needs = next(one for one in document["resources"] if one["name"] == "needs")["schema"]
    assert {field["name"]: field["type"] for field in needs["fields"]}["mentions"] == "integer"
    assert ("<5" in needs["missingValues"]) == ("--with-contacts" not in more)


# --- drafts -----------------------------------------------------------------------------------------------


def test_drafts_welcome_and_invite_and_nothing_is_addressed(lived):
    document = made(lived, "eml")
    assert {"P-005-willkommen.eml", "P-011-einladung.eml"} <= set(document["files"])
    for name in document["files"]:
        mail = email.message_from_bytes((folder(lived, "eml") / name).read_bytes(), policy=default)
        assert mail["X-Unsent"] == "1"
        assert mail["To"] is None
        assert mail["From"] is None
        assert "$" not in mail.get_content() + mail["Subject"]
        assert mail.get_content().startswith("Guten Tag,")


def test_with_contacts_a_draft_is_addressed_and_a_name_cannot_add_a_header(lived):
    lived.type("Partner", "P-001", "Status", "im Onboarding")
    lived.type("Ansprechpersonen", "K-001", "Name", "Frau Kaya\r\nBcc: alle@example.org")
    lived.type("Partner", "P-001", "Organisation", "ZSL $network ${x}\nBcc: alle@example.org")
    lived.type("Einstellungen", "netzwerk.name", "Wert", "Netz\nBcc: alle@example.org")
    made(lived, "eml", "--with-contacts")
    mail = email.message_from_bytes((folder(lived, "eml") / "P-001-willkommen.eml").read_bytes(), policy=default)
    assert mail["To"].addresses[0].addr_spec == "koordination@zsl.example"
    assert mail["Bcc"] is None
    assert "Guten Tag Frau Kaya" in mail.get_content()
    assert "ZSL $network ${x}" in mail.get_content()


# --- letters ----------------------------------------------------------------------------------------------


def test_a_letter_welcomes_and_the_profile_tells_who_takes_part(lived):
    document = made(lived, "docx")
    assert set(document["files"]) == {"P-005-willkommen.docx", "P-016-willkommen.docx", "steckbrief.docx"}
    letter = words_of(folder(lived, "docx") / "P-005-willkommen.docx")
    assert "schön, dass Volkshochschule Musterstadt dabei ist." in letter
    assert "AG Einsamkeit am 28.05.2025" in letter
    assert "Ihr Pate oder Ihre Patin im Netzwerk: Seniorenamt." in letter
    profile = docx.Document(str(folder(lived, "docx") / "steckbrief.docx"))
    rows = [cell.text for cell in profile.tables[0].columns[0].cells]
    assert len(rows) == 1 + sum(row["Status"] in {"aktiv", "im Onboarding"} for row in lived.table("Partner").values())
    assert [one.text for one in profile.paragraphs if one.style.name == "Heading 1"] == [
        "Wer dabei ist", "Arbeitsgruppen", "Was wir uns vorgenommen haben", "Lebensbereiche", "Unser Weg",
    ]  # fmt: skip
    for path in folder(lived, "docx").glob("*.docx"):
        assert not re.search(r"[{}]|%[})]", words_of(path)), path.name
    made(lived, "docx", "--lang", "en")
    assert "we are glad that" in words_of(folder(lived, "docx") / "P-005-welcome.docx")


def test_people_change_the_templates_and_the_letters_follow(lived):
    home = lived.path.with_name("vorlagen")
    done = netz("export", lived.path, "docx", "--templates", home)
    assert done.code == 0
    assert "vorlagen" in done.err
    assert sorted(path.name for path in home.iterdir()) == ["profile.de.docx", "welcome.de.docx"]
    template = docx.Document(str(home / "welcome.de.docx"))
    template.add_paragraph("Ihre Freude ist {{ network }} {% if buddy %}mit {{ buddy }}{% endif %}")
    template.save(str(home / "welcome.de.docx"))
    (home / "profile.de.docx").unlink()
    made(lived, "docx", "--templates", home)
    text = words_of(folder(lived, "docx") / "P-005-willkommen.docx")
    assert "Ihre Freude ist Netzwerk Inklusion Musterstadt an der Regnitz mit Seniorenamt" in text
    assert not (home / "profile.de.docx").exists()


SPOILED = (
    "{{ gibtsnicht }}", "{{ network", "{% for %}", "{{ ''.__class__.__mro__ }}", "{{ tasks.append(1) }}",
    "{% include '/etc/passwd' %}", b"kein Dokument", b"PK\x03\x04kaputt",
)  # fmt: skip


def test_a_template_that_is_wrong_ends_in_a_plain_message_and_nothing_is_written(stadt):
    home = stadt.path.with_name("vorlagen")
    netz("export", stadt.path, "docx", "--templates", home, "-o", stadt.path.with_name("erste"))
    good = (home / "welcome.de.docx").read_bytes()
    for spoiled in SPOILED:
        if isinstance(spoiled, bytes):
            (home / "welcome.de.docx").write_bytes(spoiled)
        else:
            template = docx.Document(io.BytesIO(good))
            template.add_paragraph(spoiled)
            template.save(str(home / "welcome.de.docx"))
        done = netz("export", stadt.path, "docx", "--templates", home)
        assert done.code == 2, (spoiled, done.err)
        assert "welcome.de.docx" in done.err
        assert not folder(stadt, "docx").exists()


def test_what_people_wrote_stays_text_in_a_letter(stadt):
    lived = stadt
    lived.type("Partner", "P-005", "Organisation", "VHS {{ 7*7 }} <w:t>&amp; {% raw %} & Söhne")
    made(lived, "docx")
    assert "VHS {{ 7*7 }} <w:t>&amp; {% raw %} & Söhne" in words_of(folder(lived, "docx") / "P-005-willkommen.docx")


# --- a directory of services ------------------------------------------------------------------------------


def test_the_directory_of_services_is_valid_and_its_ids_stay(lived):
    from frictionless import Package

    made(lived, "hsds")
    place = folder(lived, "hsds")
    report = Package(str(place / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    tables = {path.stem: list(csv.DictReader(path.open(encoding="utf-8", newline=""))) for path in place.glob("*.csv")}
    names = {row["name"]: row["id"] for row in tables["organization"]}
    board = [row for row in lived.table("Partner").values() if row["Status"] in {"aktiv", "im Onboarding"}]
    assert len(names) == len(board) + 1
    services = {row["name"]: row for row in tables["service"]}
    assert services["Erzählcafé"]["status"] == "defunct"
    assert services["Erzählcafé"]["organization_id"] in names.values()
    linked = {row["link_id"] for row in tables["attribute"] if row["link_type"] == "sector"}
    assert linked == set(names.values()) - {names["Netzwerk Inklusion Musterstadt an der Regnitz"]}
    everyone = {row["id"] for rows in tables.values() for row in rows}
    assert len(everyone) == sum(map(len, tables.values()))
    lived.type("Partner", "P-001", "Organisation", "Anders")
    lived.path = lived.path.rename(lived.path.with_name("umbenannt.xlsx"))
    made(lived, "hsds")
    again = list(csv.DictReader((folder(lived, "hsds") / "organization.csv").open(encoding="utf-8", newline="")))
    assert {row["id"] for row in again} == set(names.values())
    assert "Anders" in {row["name"] for row in again}


def test_a_broken_reference_in_the_directory_is_noticed(stadt):
    from frictionless import Package

    lived = stadt
    made(lived, "hsds", "--lang", "en")
    services = folder(lived, "hsds") / "service.csv"
    rows = services.read_text("utf-8").replace("\r\n", "\n").split("\n")
    cells = rows[1].split(",")
    services.write_text("\n".join([rows[0], ",".join([cells[0], cells[2] or "x", *cells[2:]]), *rows[2:]]), "utf-8")
    assert not Package(str(folder(lived, "hsds") / "datapackage.json")).validate().valid


def test_no_person_is_in_the_directory_even_if_asked_for(lived):
    document = made(lived, "hsds", "--with-contacts")
    assert document["persons"] is False
    for name, text in everything(folder(lived, "hsds")).items():
        for word in PERSONS:
            assert word not in text, (name, word)


# --- where it goes ----------------------------------------------------------------------------------------


def test_files_of_people_are_not_replaced_without_a_yes(lived):
    place = folder(lived, "csv")
    place.mkdir()
    (place / "Partner.csv").write_text("meins", encoding="utf-8")
    (place / "Notizen.txt").write_text("auch meins", encoding="utf-8")
    done = netz("export", lived.path, "csv")
    assert done.code == 2
    assert "Partner.csv" in done.err
    assert sorted(path.name for path in place.iterdir()) == ["Notizen.txt", "Partner.csv"]
    assert netz("export", lived.path, "csv", "--yes").code == 0
    assert len(rows_of(place / "Partner.csv")) == 18
    assert (place / "Notizen.txt").read_text("utf-8") == "auch meins"
    (place / "Ziele.csv").write_text("verändert", encoding="utf-8")
    assert netz("export", lived.path, "csv").code == 2
    assert (place / "Ziele.csv").read_text("utf-8") == "verändert"


def test_what_we_wrote_and_is_no_more_goes_unless_somebody_changed_it(lived):
    place = folder(lived, "csv")
    made(lived, "csv", "--with-contacts")
    (place / "Stimmen.csv").write_text("verändert", encoding="utf-8")
    done = netz("export", lived.path, "csv")
    assert done.code == 0
    assert not (place / "Ansprechpersonen.csv").exists()
    assert (place / "Stimmen.csv").read_text("utf-8") == "verändert"
    assert "Stimmen.csv" in done.err


def test_a_list_that_somebody_forged_removes_nothing_elsewhere(lived):
    from hashlib import sha256

    place = folder(lived, "csv")
    made(lived, "csv")
    outside = lived.path.with_name("wichtig.txt")
    outside.write_text("wichtig", encoding="utf-8")
    document = json.loads((place / "netzwerk-export.json").read_text("utf-8"))
    document["files"]["../wichtig.txt"] = [sha256(b"wichtig").hexdigest()]
    (place / "netzwerk-export.json").write_text(json.dumps(document), encoding="utf-8")
    made(lived, "csv")
    assert outside.read_text("utf-8") == "wichtig"


def test_the_call_says_what_is_missing_and_the_workbook_may_be_left_out(lived, monkeypatch):
    assert netz("export", lived.path).code == 2
    assert netz("export", lived.path, "odt").code == 2
    assert netz("export", lived.path, "csv", "-o", lived.path).code == 2
    assert netz("export", lived.path, "ics", "-o", lived.path, "--yes").code == 2
    monkeypatch.chdir(lived.path.parent)
    lived.path.with_name("netzwerk.toml").write_text('workbook = "stadt.xlsx"\n', encoding="utf-8")
    assert netz("ausgabe", "ics", "--dry-run").code == 0
    assert not lived.path.with_suffix(".ics").exists()
    assert netz("ausgabe", "ics").code == 0
    assert lived.path.with_suffix(".ics").exists()
