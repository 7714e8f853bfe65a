"""Taking people out of every part of a workbook: what differs are the texts that hold them, and nothing else."""

import zipfile
from io import BytesIO

import pytest
from packages import MAIN, packed, parts

from netzwerk_sheets.analysis.traces import Traces, keys_of, keys_of_phrase, record
from netzwerk_sheets.backends.excel.scrub import scrubbed
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Trail

PERSON = {"name": "Dr. Änne Spatz-Müller", "email": "spatz@nest.example", "phone": "+49 (0)951 12345-67"}
TRACES = Traces([record("K-001", 1, "2025-05-15", "salt", keys_of(PERSON), ["Leitung Süd"])], "gelöscht")


def trail(rows=()):
    return Trail(TRACES.clean, lambda text: TRACES.is_whole(text, "K-001"), {"Blatt": set(rows)}, "gelöscht")


def after(found, name, rows=()):
    """One part after a workbook was gone through."""
    with zipfile.ZipFile(BytesIO(scrubbed(packed(found), trail(rows)).content)) as archive:
        return archive.read(name).decode()


def cleaned(name, text):
    return after({**parts(), name: text}, name)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Frau Änne Spatz-Müller sagte", "Frau gelöscht sagte"),
        ("MÜLLER, Änne Spatz", "gelöscht"),
        ("Aenne Spatz Mueller und Anne Müller", "gelöscht und Anne Müller"),
        ("A\u0308nne Mu\u0308ller", "gelöscht"),
        ("an spatz@nest.example.", "an gelöscht."),
        ("spatz@nest.example.org", "spatz@nest.example.org"),
        ("0951/1234567 oder +499511234567", "gelöscht oder gelöscht"),
        ("0951 12345678", "0951 12345678"),
        ("am 12.03.2025 um 10:30", "am 12.03.2025 um 10:30"),
        ("Spatz", "Spatz"),
        ("", ""),
    ],
)
def test_names_addresses_and_numbers_are_found_in_every_usual_spelling_and_nothing_else_is(text, wanted):
    assert TRACES.clean(text) == wanted


def test_further_spellings_may_be_named():
    also = Traces([record("K-001", 1, "2025-05-15", "salt", keys_of_phrase("die Spatzin"), [])], "gelöscht")
    assert also.clean("Heute kam die Spatzin.") == "Heute kam gelöscht."
    assert also.clean("die kleine Spatzin") == "die kleine Spatzin"


def test_a_record_holds_nothing_that_can_be_read():
    (one,) = TRACES.records
    assert not any(piece in repr(one).casefold() for piece in ("spatz", "müller", "nest", "1234567", "leitung"))


def test_texts_parted_into_runs_are_cleaned_as_a_whole():
    item = "<si><r><t>Frau Änne </t></r><r><rPr><b/></rPr><t>Spatz-Müller</t></r><r><t xml:space='preserve'> sagt</t></r></si>"
    found = cleaned("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{item}</sst>')
    assert "Spatz" not in found
    assert "<t>Frau gelöscht sagt</t>" in found
    assert "<rPr><b/></rPr><t></t>" in found


def test_of_a_formula_only_the_texts_in_it_differ():
    sheet = (
        '<sheetData><row r="1"><c r="A1" t="str"><f>IF(\'Änne Müller\'!A1="Änne Müller","x &amp; y",B1)</f>'
        "<v>Änne Müller</v></c></row></sheetData>"
    )
    found = after(parts(sheet), "xl/worksheets/sheet1.xml")
    assert '<f>IF(\'Änne Müller\'!A1="gelöscht","x &amp; y",B1)</f><v>gelöscht</v>' in found


def test_a_number_in_a_cell_stays_a_number():
    sheet = '<sheetData><row r="1"><c r="A1"><v>9511234567</v></c></row></sheetData>'
    assert "<v>9511234567</v>" in after(parts(sheet), "xl/worksheets/sheet1.xml")


def test_the_title_of_a_tab_stays_and_is_named():
    book = parts()["xl/workbook.xml"].replace('name="Blatt"', 'name="Änne Müller"')
    done = scrubbed(packed(parts(workbook=book)), trail())
    assert done.left == ("xl/workbook.xml",)


def test_a_workbook_without_the_person_is_byte_for_byte_the_same():
    data = packed(parts('<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Amsel</t></is></c></row></sheetData>'))
    assert scrubbed(data, trail()).content == data


def test_conversations_on_cells_of_their_rows_go_whatever_they_say_and_others_only_lose_the_name():
    threads = (
        "<ThreadedComments>"
        '<threadedComment ref="A2" id="{1}" personId="{2}"><text>ruft nie zurück</text></threadedComment>'
        '<threadedComment ref="A3" id="{3}" personId="{2}"><text>Änne Müller fragen</text></threadedComment>'
        '<threadedComment ref="A4" id="{4}" personId="{2}"><text>Amsel fragen</text></threadedComment>'
        "</ThreadedComments>"
    )
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    found = parts()
    found["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    found["xl/threadedComments/threadedComment1.xml"] = threads
    found["xl/persons/person.xml"] = (
        '<personList><person displayName="Änne Müller" userId="S::spatz@nest.example::1"/></personList>'
    )
    text = after(found, "xl/threadedComments/threadedComment1.xml", rows=[2])
    assert ["<text>gelöscht</text>" in text, "gelöscht fragen" in text, "Amsel fragen" in text] == [True] * 3
    assert "zurück" not in text
    assert 'displayName="gelöscht" userId="S::gelöscht::1"' in after(found, "xl/persons/person.xml")


def test_words_of_the_row_go_from_the_strings_that_no_cell_shows_and_stay_where_one_does():
    strings = "<si><t>Leitung Süd</t></si><si><t>Leitung Süd</t></si><si><t>Leitung Nord</t></si>"
    sheet = '<sheetData><row r="1"><c r="A1" t="s"><v>1</v></c></row></sheetData>'
    found = after(parts(sheet, strings=strings), "xl/sharedStrings.xml")
    assert found.count("Leitung Süd") == 1
    assert found.index("<t/>") < found.index("Leitung Süd")
    assert "Leitung Nord" in found


def test_a_table_that_would_have_one_header_twice_is_refused():
    table = f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A1:B2"><tableColumns count="2"><tableColumn id="1" name="Änne Müller"/><tableColumn id="2" name="gelöscht"/></tableColumns></table>'
    with pytest.raises(WorkbookRefused, match="erase-header-twice"):
        cleaned("xl/tables/table1.xml", table)


def test_an_address_that_a_link_leads_to_stays_one_that_programs_can_read():
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="{kind}" Target="mailto:spatz@nest.example" TargetMode="External"/></Relationships>'
    assert 'Target="about:blank"' in cleaned("xl/worksheets/_rels/sheet1.xml.rels", link)
