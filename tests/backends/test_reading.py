"""Three readers must agree on every real workbook: the quick scanner, the slow reader, and openpyxl."""

import re
from datetime import date, datetime, time, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import MAIN, STRICT, book, packed, parts, relationships, workbooks

from netzwerk_sheets.backends.excel import ExcelWorkbook, guard
from netzwerk_sheets.backends.excel.alike import LOOKED_AT, Alike
from netzwerk_sheets.backends.excel.book import Book
from netzwerk_sheets.backends.excel.fingerprint import digest, fingerprint, sha256
from netzwerk_sheets.backends.excel.formats import Formats, read_formats
from netzwerk_sheets.backends.excel.package import Package
from netzwerk_sheets.backends.excel.roles import read_shapes
from netzwerk_sheets.backends.excel.scan import Unusual, _Columns, _Values, plain_body, scan_rows
from netzwerk_sheets.backends.excel.sheet import read_rows
from netzwerk_sheets.backends.excel.slowscan import slow_rows
from netzwerk_sheets.backends.excel.strings import read_strings, slow_strings
from netzwerk_sheets.backends.excel.values import Reading, looker
from netzwerk_sheets.errors import NetzwerkError, WorkbookNotFound, WorkbookRefused
from netzwerk_sheets.grid import Area, CellError, Formula, Spot

OPENPYXL_ERRS = {
    "poi__52575_main.xlsx",  # it drops the text of a formula cell that is marked as text in place
    "poi__stress002.xlsx",  # it blanks cells under a merged area
    "test_files__formula_stress_test.xlsx",  # it shows day 0 as midnight
}

DATES = '<numFmts count="1"><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/></numFmts><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="20"/><xf numFmtId="46"/><xf numFmtId="22"/><xf numFmtId="10"/></cellXfs>'


def cells(tmp_path, rows, **pieces):
    """Read one-row sheets: column → value."""
    return dict(ExcelWorkbook(book(tmp_path, f"<sheetData>{rows}</sheetData>", **pieces)).read().tabs[0].rows)


def real():
    if not workbooks():
        pytest.skip("the shared workbooks (../shared/data/workbooks) are not here")
    return workbooks()


def both_readings(path):
    package = Package(path.read_bytes())
    main = Book(package)
    strings = read_strings(package, main.part)
    reading = Reading(looker(strings), read_formats(package, main.part), main.from_1904)
    for sheet in main.sheets:
        if sheet.kind == "worksheet":
            yield package.read(sheet.part), sheet.part, reading


def test_the_quick_scanner_and_the_slow_reader_agree(monkeypatch):
    quick = 0
    for path in real():
        for data, part, reading in both_readings(path):
            monkeypatch.setattr("netzwerk_sheets.backends.excel.alike.WORTH_IT", 0 if len(data) % 2 else 4_000_000)
            slow = slow_rows(data, part, reading, guard.MOST_CELLS).rows
            assert read_rows(data, part, reading, guard.MOST_CELLS)[0] == slow, (path.name, part)
            try:
                assert scan_rows(data, plain_body(data), reading, guard.MOST_CELLS) == slow
                quick += 1
            except Unusual:
                continue
    assert quick > 200


def test_both_ways_read_the_same_shared_strings():
    for path in real():
        package = Package(path.read_bytes())
        main = Book(package)
        part = package.related(main.part, "sharedStrings")
        if part:
            assert read_strings(package, main.part) == slow_strings(package.read(part), part), path.name


def test_openpyxl_reads_the_same_values():
    openpyxl = pytest.importorskip("openpyxl")
    compared, differing = 0, []
    for path in real():
        try:
            cached = openpyxl.load_workbook(path, data_only=True)
        except Exception:  # noqa: BLE001 - it fails on many of these, which is why the product reads by itself
            continue
        for tab in ExcelWorkbook(path).read().tabs:
            if tab.title in cached.sheetnames:
                compared += compare(tab, cached[tab.title], path.name, differing)
    assert compared > 50_000
    assert [one for one in differing if one[0] not in OPENPYXL_ERRS] == []


def compare(tab, sheet, name, differing):
    count = 0
    for row, filled in tab.rows.items():
        for column, value in filled.items():
            ours = value.cached if isinstance(value, Formula) else value
            theirs = sheet.cell(row, column).value
            count += 1
            if likened(ours) is None and sheet.cell(row, column).hyperlink:
                continue  # openpyxl shows the address where a linked cell is empty
            if isinstance(theirs, timedelta) or (isinstance(ours, CellError) and str(theirs).startswith("#")):
                continue
            if likened(ours) != likened(theirs):
                differing.append((name, tab.title, row, column, ours, theirs))
    return count


def likened(value):
    """The same value in one spelling: openpyxl knows no plain dates and rounds moments."""
    if isinstance(value, datetime):
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return value.date() if value.time() == time() else value
    if isinstance(value, time):
        return (datetime.combine(date(2000, 1, 1), value) + timedelta(milliseconds=500)).time().replace(microsecond=0)
    if isinstance(value, str):
        return (
            re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), value)
            .replace("\r\n", "\n")
            .replace("\r", "\n")
            or None
        )
    return round(value, 9) if isinstance(value, float) else value


# --- values -----------------------------------------------------------------------------------------------


def test_every_kind_of_value_is_read(tmp_path):
    row = (
        '<row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>7.0</v></c><c r="C1"><v>1.5E-1</v></c><c r="D1" t="b"><v>1</v></c>'
        '<c r="E1" t="e"><v>#REF!</v></c><c r="F1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c r="G1"><f>1+1</f></c>'
        '<c r="H1" t="inlineStr"><is><r><t>rei</t></r><r><rPr><b/></rPr><t xml:space="preserve">ch </t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>'
        '<c r="I1" s="1"><v>45000</v></c><c r="J1" s="2"><v>0.5</v></c><c r="K1" t="d"><v>2024-02-29T00:00:00</v></c><c r="L1" s="3"><v>1.5</v></c>'
        '<c r="M1" s="4"><v>45000.25</v></c><c r="N1" t="str"><f>""</f><v></v></c><c r="O1" s="5"/><c r="P1" t="inlineStr"><is><t/></is></c></row>'
    )
    assert cells(tmp_path, row, styles=DATES)[1] == {
        1: 7, 2: 7, 3: 0.15, 4: True, 5: CellError("#REF!"), 6: Formula('"a"&"b"', "ab"), 7: Formula("1+1", None),
        8: "reich ", 9: date(2023, 3, 15), 10: time(12), 11: date(2024, 2, 29), 12: 1.5,
        13: datetime.fromisoformat("2023-03-15T06:00"), 14: Formula('""', ""),
    }  # fmt: skip


def test_escapes_of_excel_become_the_characters_they_stand_for(tmp_path):
    strings = '<si><t>a_x000D_b</t></si><si><t>_x005F_x0041_</t></si><si><t>_xD83D__xDE00_</t></si><si><t>_xD800_</t></si><si><t>&lt;&#228;&amp;</t></si><si/><si><r><t>x</t></r><phoneticPr fontId="1"/></si>'
    row = (
        "<row r='1'>".replace("'", '"')
        + "".join(f'<c r="{letter}1" t="s"><v>{index}</v></c>' for index, letter in enumerate("ABCDEFG"))
        + "</row>"
    )
    assert cells(tmp_path, row, strings=strings)[1] == {
        1: "a\rb",
        2: "_x0041_",
        3: "\U0001f600",
        4: "_xD800_",
        5: "<ä&",
        7: "x",
    }


def test_the_calendar_from_1904_and_the_day_that_never_was(tmp_path):
    row = '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="1"><v>59</v></c><c r="C1" s="1"><v>60</v></c><c r="D1" s="1"><v>61</v></c><c r="E1" s="1"><v>-3</v></c></row>'
    assert cells(tmp_path, row, styles=DATES)[1] == {
        1: date(1900, 1, 1),
        2: date(1900, 2, 28),
        3: 60,
        4: date(1900, 3, 1),
        5: -3,
    }
    workbook = parts(f"<sheetData>{row}</sheetData>", styles=DATES)
    workbook["xl/workbook.xml"] = workbook["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    path = tmp_path / "1904.xlsx"
    path.write_bytes(packed(workbook))
    assert ExcelWorkbook(path).read().tabs[0].rows[1][1] == date(1904, 1, 2)


@pytest.mark.parametrize(
    "spelled",
    [
        '<row><c><v>1</v></c><c><v>2</v></c></row><row/><row r="4"><c r="B4"><v>3</v></c><c><v>4</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c></row><row r='4'><c r='B4'><v>3</v></c><c r='C4'><v>4</v></c></row>",
        '<!-- <row r="9"><c r="A9"><v>9</v></c></row> --><row r="1"><c r="A1"><v><![CDATA[1]]></v></c><c r="B1"><v>2</v></c></row><row r="4"><c r="B4"><v>3</v></c><c r="C4"><v>4</v></c></row>',
        '<row spans="1:2" r="1"><c s="0" r="A1"><v>1</v></c><c r="B1" ><v>2</v></c></row>\n <row r="4">\n<c r="B4"><v>3</v></c>\n<c r="C4">\n<v>4</v>\n</c></row>',
        '<row r="1"><c r="A1"><v>1</v ></c><c r="B1"><v>2</v></c ></row ><row r="4"><c r="B4"><v>3</v></c><c r="C4"><v>4</v></c></row>',
    ],
)
def test_any_legal_spelling_is_read(tmp_path, spelled):
    assert cells(tmp_path, spelled) == {1: {1: 1, 2: 2}, 4: {2: 3, 3: 4}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_any_encoding_is_read(tmp_path, encoding):
    name = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "latin-1": "ISO-8859-1"}[encoding]
    text = f'<?xml version="1.0" encoding="{name}"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Ärzte</t></is></c></row></sheetData></worksheet>'
    found = parts()
    found["xl/worksheets/sheet1.xml"] = text.encode(encoding)
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    assert ExcelWorkbook(path).read().tabs[0].rows == {1: {1: "Ärzte"}}


def test_prefixed_and_strict_parts_are_read(tmp_path):
    sheet = f'<x:worksheet xmlns:x="{STRICT}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B2"/></x:mergeCells></x:worksheet>'
    tab = ExcelWorkbook(book(tmp_path, sheet)).read().tabs[0]
    assert (tab.rows, tab.merged) == ({1: {1: 5}}, (Area(1, 1, 2, 2),))


def test_parts_are_found_by_their_relationships_only(tmp_path):
    """Absolute targets, two dots, backslashes, other cases, and a main part somewhere else."""
    found = parts('<sheetData><row r="1"><c r="A1"><v>5</v></c></row></sheetData>')
    moved = {
        "[Content_Types].xml": found["[Content_Types].xml"]
        .replace("/xl/workbook.xml", "/wtf/Book.xml")
        .replace("/xl/worksheets/sheet1.xml", "/Blaetter/Eins.xml"),
        "_rels\\.rels": relationships(("x", "officeDocument", "/WTF/book.xml")),
        "wtf/Book.xml": found["xl/workbook.xml"],
        "wtf/_rels/Book.xml.rels": relationships(("rId1", "worksheet", "..\\blaetter/eins.xml")),
        "Blaetter/Eins.xml": found["xl/worksheets/sheet1.xml"],
    }
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(moved))
    assert ExcelWorkbook(path).read().tabs[0].rows == {1: {1: 5}}


# --- names, marker, tables, obstacles ---------------------------------------------------------------------


def with_names(names, sheet="<sheetData/>"):
    found = parts(sheet)
    lines = "".join(f'<definedName name="{name}">{target}</definedName>' for name, target in names.items())
    found["xl/workbook.xml"] = found["xl/workbook.xml"].replace(
        "</sheets>", f"</sheets><definedNames>{lines}</definedNames>"
    )
    return found


def test_own_names_tell_where_people_moved_things(tmp_path):
    path = tmp_path / "b.xlsx"
    path.write_bytes(
        packed(
            with_names(
                {
                    "NETZ_A": "Blatt!$B$7",
                    "netz_b": "'Blatt'!$A$1:$C$3",
                    "NETZ_C": "#REF!",
                    "NETZ_D": "Weg!$A$1",
                    "Fremd": "Blatt!$A$1",
                }
            )
        )
    )
    assert ExcelWorkbook(path).read().names == {
        "NETZ_A": Spot("Blatt", 7, 2),
        "netz_b": Spot("Blatt", 1, 1),
        "NETZ_C": None,
        "NETZ_D": None,
    }


@pytest.mark.parametrize(("protection", "named", "obstacle"), [
    ("", False, ""), ('<sheetProtection sheet="1"/>', False, "tab-protected"), ('<sheetProtection sheet="1"/>', True, ""),
    ('<sheetProtection sheet="1" password="CC1A"/>', True, "tab-protected"), ('<sheetProtection objects="1"/>', False, ""),
])  # fmt: skip
def test_protection_of_others_is_an_obstacle_and_our_own_is_not(tmp_path, protection, named, obstacle):
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(with_names({"NETZ_A" if named else "A": "Blatt!$A$1"}, f"<sheetData/>{protection}")))
    assert ExcelWorkbook(path).read().tabs[0].obstacle == obstacle


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(WorkbookNotFound):
        ExcelWorkbook(tmp_path / "weg.xlsx").read()
    with pytest.raises(NetzwerkError):
        ExcelWorkbook(tmp_path).read()


@pytest.mark.parametrize(("row", "reason"), [
    ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "string-missing"), ('<row r="1"><c r="A1" s="9"><v>0</v></c></row>', "style-missing"),
    ('<row r="1"><c r="ZZZ1"><v>0</v></c></row>', "reference-broken"), ('<row r="0"><c r="A0"><v>0</v></c></row>', "reference-broken"),
    ('<row r="1"><c r="A1"><v>&boom;</v></c></row>', "xml-broken"), ('<row r="1"><c r="A1"><v>1</v></row>', "xml-broken"),
])  # fmt: skip
def test_what_leads_nowhere_is_refused(tmp_path, row, reason):
    with pytest.raises(WorkbookRefused) as caught:
        cells(tmp_path, row)
    assert caught.value.reason == reason


def test_the_fingerprint_reads_the_end_of_the_file_only(tmp_path):
    path = book(tmp_path)
    before = fingerprint(path)
    assert fingerprint(path) == before
    assert sha256(path) == digest(path.read_bytes())
    book(tmp_path, '<sheetData><row r="1"/></sheetData>')
    assert fingerprint(path) != before
    other = tmp_path / "text.txt"
    other.write_text("kein Archiv")
    assert fingerprint(other) == sha256(other)


SPELLINGS = (
    '<c r="{}" s="1"/>',
    '<c r="{}" t="n"></c>',
    '<c r="{}" s="0"><v>{value}</v></c>',
    '<c r="{}" s="1"><v>{value}</v></c>',
    '<c r="{}" t="inlineStr"><is><t>{text}</t></is></c>',
    '<c r="{}" t="inlineStr"><is><t xml:space="preserve"> {text}</t></is></c>',
    '<c r="{}" t="str"><f>A1&amp;"{value}"</f><v>{text}</v></c>',
    '<c r="{}" t="b"><v>1</v></c>',
    '<c r="{}"><v></v></c>',
    '<c r="{}" t="inlineStr"><is><r><t>{text}</t></r><r><t>!</t></r></is></c>',
)
PLAIN = 6
"""So many of them can be learnt."""
TEXTS = ("Räume", "A &amp; B", "_x0041_", "12&quot;", '7"', "&lt;c r=&quot;A9&quot;&gt;", " ", "1e3")


@st.composite
def spelled_rows(draw):
    """Give a hundred rows that are spelled alike and as many that mostly are, each with its traps."""
    usual = draw(st.lists(st.sampled_from(SPELLINGS[:PLAIN]), min_size=2, max_size=5))
    kinds = st.sampled_from(("spelling", "spelling", "head", "order", "row", "twice"))
    odd = draw(st.dictionaries(st.integers(1, 230), kinds, max_size=4))
    chance = draw(st.randoms(use_true_random=False))
    rows = []
    for number in range(1, 231):
        trap = odd.get(number, "")
        ways = [chance.choice(SPELLINGS) if trap == "spelling" else each for each in usual]
        texts = [chance.choice(TEXTS) for _ in ways]
        places = [f"{'ABCDE'[place]}{number + (trap == 'row' and place == 0)}" for place in range(len(ways))]
        if trap == "order":
            places.reverse()
        if trap == "twice":
            places[-1] = places[0]
        made = [
            way.format(place, value=chance.randrange(50_000), text=text)
            for way, place, text in zip(ways, places, texts, strict=True)
        ]
        head = f'<row spans="1:5" r="{number}" ht="15">' if trap == "head" else f'<row r="{number}">'
        rows.append(f"{head}{''.join(made)}</row>")
    return "".join(rows)


@given(spelled_rows())
@settings(deadline=None, max_examples=60)
def test_rows_that_are_spelled_alike_are_read_like_all_others(rows):
    data = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    reading = Reading(looker(()), Formats(("", "date"), ("", "")), from_1904=False)
    try:
        wanted = slow_rows(data, "part", reading, guard.MOST_CELLS).rows
    except WorkbookRefused:
        wanted = None
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("netzwerk_sheets.backends.excel.alike.WORTH_IT", 0)
            found = scan_rows(data, plain_body(data), reading, guard.MOST_CELLS)
    except (Unusual, WorkbookRefused):
        return
    assert found == wanted


def test_what_the_first_rows_teach_reads_the_others():
    reading = Reading(looker(()), Formats(("", ""), ("", "")), from_1904=False)
    values, columns = _Values(reading), _Columns()
    alike = Alike(values.read, columns.__getitem__)

    def row(n):
        return (
            f' r="{n}"><c r="A{n}" s="1"><v>{n}</v></c><c r="B{n}" t="inlineStr"><is><t>Wort {n % 7}</t></is></c></row>'
        )

    for n in range(1, LOOKED_AT + 1):
        assert alike.cells(row(n)) is None
        alike.learn(row(n).removesuffix("</row>").split('<c r="')[1:], f'{n}"')
    assert alike.cells(row(300)) == (300, {1: 300, 2: "Wort 6"})
    assert alike.cells(row(300).replace("B300", "B299")) is None
    assert alike.cells(row(300).replace("</row>", "<c/></row>")) is None


@pytest.mark.parametrize(
    "odd",
    [
        '<row r="12\u0663"><c r="A12\u0663"><v>7</v></c></row>',
        '<row\u00a0r="900"><c r="A900"><v>7</v></c></row>',
        '<row r="0900"><c r="A0900"><v>7</v></c></row>',
        '<row r="900"><c r="A900"><v>7</v></c></row><c r="B901"><v>8</v></c>',
        '<row r="900"></row><c r="B900"><v>8</v></c>',
        '<row r="900"><c r="A900" s="\u00b2"><v>7</v></c></row>',
        '<row r="\u00b2"><c r="A900"><v>7</v></c></row><!-- -->',
    ],
)
def test_what_only_looks_like_a_row_is_not_read_as_one(monkeypatch, odd):
    monkeypatch.setattr("netzwerk_sheets.backends.excel.alike.WORTH_IT", 0)
    usual = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 2 * LOOKED_AT))
    data = f'<worksheet xmlns="{MAIN}"><sheetData>{usual}{odd}</sheetData></worksheet>'.encode()
    found = []
    for read in (read_quickly, read_slowly):
        try:
            found.append(read(data))
        except WorkbookRefused as error:
            found.append(error.reason)
        except Unusual:
            return  # the slow reader takes it, and ends in a refusal or in rows
    assert found[0] == found[1]


def read_quickly(data):
    return scan_rows(data, plain_body(data), PLAINLY, guard.MOST_CELLS)


def read_slowly(data):
    return slow_rows(data, "part", PLAINLY, guard.MOST_CELLS).rows


PLAINLY = Reading(looker(()), Formats(("",), ("",)), from_1904=False)


def test_a_digit_that_is_no_number_is_refused():
    for odd in ('<row r="\u00b2"><c/></row>', '<row r="9"><c r="A9" s="\u00b2"><v>1</v></c></row>'):
        with pytest.raises(WorkbookRefused):
            read_slowly(f'<worksheet xmlns="{MAIN}"><sheetData>{odd}</sheetData></worksheet>'.encode())


def test_spellings_of_any_length_make_no_pattern():
    values, columns = _Values(PLAINLY), _Columns()
    alike = Alike(values.read, columns.__getitem__)
    for n in range(1, LOOKED_AT + 1):
        alike.learn([f'A{n}" x="{"y" * 5000}"><v>{n}</v></c>'], f'{n}"')
    assert alike._pattern is None


def test_a_number_beyond_all_numbers_stays_as_it_is_typed(tmp_path):
    assert cells(tmp_path, '<row r="1"><c r="A1"><v>1e999</v></c></row>') == {1: {1: "1e999"}}


@pytest.mark.parametrize(
    "cell", ["<c r='B2' s='1'><v>1</v></c>", '<c s="1"><v>1</v></c>', '<c s="1" r="B2"><v>1</v></c>']
)
def test_the_format_of_a_cell_is_seen_however_it_is_spelled(cell):
    before = '<c r="A2" s="2"/>'
    data = f'<worksheet xmlns="{MAIN}"><sheetData><row r="2">{before}{cell}</row></sheetData></worksheet>'.encode()
    assert read_shapes(data, "part") == {(2, 1): 2, (2, 2): 1}


def test_a_row_that_begins_without_end_costs_no_time(monkeypatch):
    monkeypatch.setattr("netzwerk_sheets.backends.excel.alike.WORTH_IT", 0)
    usual = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 2 * LOOKED_AT))
    endless = "<row" + ' r="900"' * 60_000 + '><c r="A900" t="b"><v>1</v></c></row>'
    data = f'<worksheet xmlns="{MAIN}"><sheetData>{usual}{endless}</sheetData></worksheet>'.encode()
    begin = process_time()
    found = scan_rows(
        data, plain_body(data), Reading(looker(()), Formats(("",), ("",)), from_1904=False), guard.MOST_CELLS
    )
    assert found[900] == {1: True}
    assert process_time() - begin < 2
