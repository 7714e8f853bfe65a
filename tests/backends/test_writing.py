"""Every trap of writing into other people's workbooks, one by one."""

from datetime import date, datetime, time

import pytest
from designs import LOOK, design
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import MAIN, RELATIONS, STRICT, STRICT_RELATIONS, book, contents, packed, parts, relationships

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.backends.excel.change import changed
from netzwerk_sheets.backends.excel.reading import read_snapshot
from netzwerk_sheets.errors import WorkbookChanged, WorkbookRefused, WrongUse
from netzwerk_sheets.grid import (
    AddTab,
    Area,
    Cell,
    CellError,
    Choice,
    Formula,
    ResizeTable,
    SetCell,
    SetMarker,
    SetName,
    Spot,
    TabDesign,
    TableDesign,
    Validation,
)

SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
DATE_STYLES = (
    '<numFmts count="1"><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/></numFmts><fonts count="1"><font><sz val="10"/></font></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0"/><xf numFmtId="170" fontId="0" applyNumberFormat="1"><alignment wrapText="1"/></xf></cellXfs>'
)
TABLE = (
    f'<table xmlns="{MAIN}" id="7" name="tblA" displayName="tblA" ref="A1:B3" totalsRowShown="0"><autoFilter ref="A1:B3"/>'
    '<tableColumns count="2"><tableColumn id="1" name="Alt"/><tableColumn id="2" name="Wert"/></tableColumns></table>'
)
TABLE_ROWS = (
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Alt</t></is></c><c r="B1" t="inlineStr"><is><t>Wert</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>45000</v></c></row><row r="3"><c r="A3"><v>2</v></c><c r="B3" s="1"><v>45001</v></c></row></sheetData>'
    '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
)


def put(row, column, value, expected=None, role="", link=""):
    return SetCell(Spot("Blatt", row, column), Cell(value, role, link), expected)


def after(path, *edits, look=LOOK):
    workbook = ExcelWorkbook(path)
    workbook.apply(edits, expected=workbook.read().revision, look=look)
    return contents(path)


def sheet_after(tmp_path, sheet, *edits, **pieces):
    return after(book(tmp_path, sheet, **pieces), *edits)[SHEET].decode()


def refused(path, *edits, error=WorkbookRefused):
    before = path.read_bytes()
    with pytest.raises(error) as caught:
        after(path, *edits)
    assert path.read_bytes() == before
    return caught.value.reason


# --- splices ------------------------------------------------------------------------------------------------


def test_everything_around_a_planned_cell_keeps_its_bytes(tmp_path):
    """Prefixes, unknown attributes and elements, blanks, order: nothing is written anew."""
    head = f'<?xml version=\'1.0\'?><worksheet  xmlns=\'{MAIN}\' xmlns:r="{RELATIONS}" xmlns:mc="m" xmlns:x14ac="x" mc:Ignorable="x14ac" ><sheetData>'
    row = '<row r="1" x14ac:dyDescent=\'0.25\' ><c  r="A1"><v>1</v></c>{}</row><row r="9"/>'
    tail = "</sheetData><extLst><ext uri='{{u}}'><y/></ext></extLst></worksheet>"
    text = sheet_after(tmp_path, head + row.format("") + tail, put(1, 2, 5))
    assert text == head + row.format('<c r="B1"><v>5</v></c>') + tail


@pytest.mark.parametrize(
    "sheet",
    [
        "<sheetData/>",
        "<sheetData></sheetData>",
        '<sheetData><row r="3"/></sheetData>',
        "<sheetData><row/><row/><row/></sheetData>",
    ],
)
def test_cells_find_their_place_in_empty_sheets_and_rows(tmp_path, sheet):
    path = book(tmp_path, sheet)
    after(path, put(3, 2, "b"), put(3, 1, "a"), put(2, 1, 2), put(7, 1, 7))
    assert ExcelWorkbook(path).read().tabs[0].rows == {2: {1: 2}, 3: {1: "a", 2: "b"}, 7: {1: 7}}


def test_rows_and_cells_are_put_in_order(tmp_path):
    text = sheet_after(
        tmp_path,
        '<dimension ref="B2:B5"/><sheetData><row r="2" spans="2:2"><c r="B2"><v>1</v></c></row><row r="5"><c r="B5"><v>1</v></c></row></sheetData>',
        put(2, 1, 1),
        put(2, 4, 1),
        put(3, 1, 1),
        put(4, 1, 1),
        put(9, 9, 1),
    )
    order = [text.index(f'r="{name}"') for name in ("2", "A2", "B2", "D2", "3", "A3", "4", "A4", "5", "B5", "9", "I9")]
    assert order == sorted(order)
    assert 'spans="1:4"' in text
    assert '<dimension ref="A2:I9"/>' in text


def test_cells_without_references_are_counted(tmp_path):
    path = book(tmp_path, "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>")
    after(path, put(1, 2, 20, 2), put(2, 3, 30), put(1, 3, 9))
    assert ExcelWorkbook(path).read().tabs[0].rows == {1: {1: 1, 2: 20, 3: 9}, 2: {1: 3, 3: 30}}


def test_a_prefixed_sheet_gets_prefixed_cells(tmp_path):
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    styles = f'<x:styleSheet xmlns:x="{MAIN}"/>'
    path = book(tmp_path, sheet, styles=styles)
    text = after(
        path,
        put(1, 2, "a", role="head"),
        put(4, 1, Formula("1+1", 2)),
        put(1, 1, 2, 1, link="https://a.example"),
    )[SHEET].decode()
    assert '<x:c r="B1"' in text
    assert "<x:f>1+1</x:f><x:v>2</x:v>" in text
    assert "<x:hyperlinks><x:hyperlink ref=" in text
    assert ExcelWorkbook(path).roles("Blatt") == {(1, 2): "NS Kopf"}
    for part in ("xl/styles.xml", SHEET):
        assert not set(contents(path)[part].decode().split("<")[2:]) & {"c ", "xf "}


def test_a_utf16_sheet_is_written_in_utf8(tmp_path):
    sheet = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Ä</t></is></c></row></sheetData></worksheet>'
    found = parts() | {SHEET: sheet.encode("utf-16")}
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    assert b'encoding="UTF-8"' in after(path, put(2, 1, "ß"))[SHEET]
    assert ExcelWorkbook(path).read().tabs[0].rows == {1: {1: "Ä"}, 2: {1: "ß"}}


def test_a_row_in_a_comment_is_no_row(tmp_path):
    path = book(
        tmp_path,
        '<sheetData><!-- <row r="2"><c r="A2"/></row> --><row r="2"><c r="A2"><v>1</v></c></row></sheetData>',
    )
    text = after(path, put(2, 1, 5, 1))[SHEET].decode()
    assert '<!-- <row r="2"><c r="A2"/></row> -->' in text
    assert '<c r="A2"><v>5</v></c>' in text


def test_large_sheets_are_searched_not_listed(tmp_path):
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}" t="inlineStr"><is><t>{"x" * 60}</t></is></c></row>'
        for row in range(2, 16_000, 2)
    )
    path = book(tmp_path, f"<sheetData>{rows}</sheetData>")
    edits = [
        put(row, 1, -row, row if row % 2 == 0 and row < 16_000 else None)
        for row in (2, 3, 4, 777, 8000, 9001, 15_998, 15_999, 16_000, 20_000)
    ]
    after(path, *edits)
    tab = ExcelWorkbook(path).read().tabs[0]
    assert len(tab.rows) == 7999 + 6 - 0 - sum(edit.spot.row in range(2, 16_000, 2) for edit in edits) + 4
    assert all(tab.rows[edit.spot.row][1] == -edit.spot.row for edit in edits)
    assert list(tab.rows) == sorted(tab.rows)


# --- what a cell keeps and loses ----------------------------------------------------------------------------


def test_a_cell_keeps_its_format_and_drops_what_belonged_to_its_value(tmp_path):
    text = sheet_after(
        tmp_path,
        '<sheetData><row r="1"><c r="A1" s="1" t="s" cm="1" vm="2" ph="1"><v>0</v></c></row></sheetData>',
        put(1, 1, True, "alt"),
        styles=DATE_STYLES,
        strings="<si><t>alt</t></si>",
    )
    assert '<c r="A1" s="1" t="b"><v>1</v></c>' in text


def test_an_emptied_cell_keeps_its_format(tmp_path):
    text = sheet_after(
        tmp_path,
        '<sheetData><row r="1"><c r="A1" s="1"><v>45000</v></c></row></sheetData>',
        put(1, 1, None, date(2023, 3, 15)),
        styles=DATE_STYLES,
    )
    assert '<row r="1"><c r="A1" s="1"/></row>' in text


def test_another_value_than_expected_stops_everything(tmp_path):
    path = book(tmp_path, '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    for expected in (None, 2, "1", True, 1.5):
        assert refused(path, put(1, 1, 5, expected), error=WorkbookChanged) == "cell-changed"
    assert refused(path, put(1, 2, 5, 1), error=WorkbookChanged) == "cell-changed"
    after(path, put(1, 1, 5, 1.0))


def test_the_cell_is_compared_without_a_snapshot_too(tmp_path):
    strings = "<si><t>alt</t></si>"
    sheet = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" s="1"><v>45000</v></c><c r="D1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row></sheetData>'
    data = packed(parts(sheet, strings=strings, styles=DATE_STYLES))
    before = {1: "alt", 2: Formula("1+1", 2), 3: date(2023, 3, 15), 4: "ab"}
    edits = [put(1, column, "neu", value) for column, value in before.items()]
    assert read_snapshot(changed(data, edits, LOOK), "x").tabs[0].rows == {1: dict.fromkeys(before, "neu")}
    with pytest.raises(WorkbookChanged):
        changed(data, [put(1, 1, "neu", "anders")], LOOK)


@pytest.mark.parametrize(("formula", "reason"), [
    ('<f t="shared" ref="A1:A3" si="0">B1</f><v>1</v>', "formula-in-the-way"), ('<f t="array" ref="A1:A2">B1:B2</f><v>1</v>', "formula-in-the-way"),
    ('<f t="dataTable" ref="A1:B2" r1="D1"/><v>1</v>', "formula-in-the-way"), ('<f t="shared" ref="A1" si="0">B1</f><v>1</v>', ""), ("<f>B1</f><v>1</v>", ""),
])  # fmt: skip
def test_a_formula_that_others_rest_on_is_not_taken_away(tmp_path, formula, reason):
    path = book(tmp_path, f'<sheetData><row r="1"><c r="A1">{formula}</c></row></sheetData>')
    present = ExcelWorkbook(path).read().tabs[0].rows[1][1]
    if reason:
        assert refused(path, put(1, 1, 5, present)) == reason
    else:
        after(path, put(1, 1, 5, present))


def test_a_cell_inside_an_array_formula_is_not_written(tmp_path):
    path = book(
        tmp_path,
        '<sheetData><row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row></sheetData>',
    )
    assert refused(path, put(2, 1, 5, 1)) == "formula-in-the-way"


def test_only_the_first_cell_of_a_merged_area_is_written(tmp_path):
    path = book(tmp_path, '<sheetData/><mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>')
    assert refused(path, put(2, 2, 5)) == "merged-cell"
    after(path, put(1, 1, 5))


def test_nothing_is_written_in_below_or_beside_a_pivot_table(tmp_path):
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(("rId1", "pivotTable", "../pivotTables/pivotTable1.xml")),
        "xl/pivotTables/pivotTable1.xml": f'<pivotTableDefinition xmlns="{MAIN}"><location ref="B3:C6"/></pivotTableDefinition>',
    }
    path = book(tmp_path, extra=extra)
    for place in ((3, 2), (6, 3), (7, 2), (400, 3), (4, 9)):
        assert refused(path, put(*place, 1)) == "pivot-in-the-way"
    after(path, put(1, 1, 1), put(2, 2, 1), put(9, 1, 1))


def test_the_last_row_and_column_are_the_end(tmp_path):
    path = book(tmp_path)
    after(path, put(1_048_576, 16_384, 1))
    assert refused(path, put(1_048_577, 1, 1)) == "sheet-full"
    assert refused(path, put(1, 16_385, 1)) == "sheet-full"


# --- texts and values ---------------------------------------------------------------------------------------

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=150, deadline=None)
@given(anything)
def test_any_text_comes_back_as_it_was(text):
    data = changed(packed(parts()), [put(1, 1, text)], LOOK)
    assert read_snapshot(data, "x").tabs[0].rows == ({1: {1: text}} if text else {})


def test_texts_that_look_like_escapes_stay_texts(tmp_path):
    texts = [
        "_x0041_",
        "_x005F_x0041_",
        "a\rb",
        "a\x0bb",
        "\x00",
        "\ufffe",
        " ",
        "\n",
        "\t",
        "</t>",
        "]]>",
        "&amp;",
        "\U0001f600",
        "_xD83D_",
    ]
    path = book(tmp_path)
    after(path, *(put(row, 1, text) for row, text in enumerate(texts, 1)))
    assert [ExcelWorkbook(path).read().tabs[0].rows[row][1] for row in range(1, len(texts) + 1)] == texts


def test_a_lone_surrogate_is_spelled_out(tmp_path):
    assert "<t>a_xD800_b</t>" in sheet_after(tmp_path, "<sheetData/>", put(1, 1, "a\ud800b"))


@pytest.mark.parametrize("text", ["=1+1", "+49 9131 1", "-5", "@home", "=cmd|'/c calc'!A1"])
def test_text_that_could_become_a_formula_is_marked_as_text(tmp_path, text):
    path = book(tmp_path, '<sheetData><row r="1"><c r="A1" s="1"/></row></sheetData>', styles=DATE_STYLES)
    found = after(path, put(1, 1, text), put(1, 2, text, role="input"))
    assert found[STYLES].count(b'numFmtId="49"') == found[STYLES].count(b'quotePrefix="1"') == 2
    assert b"<f>" not in found[SHEET]
    assert ExcelWorkbook(path).roles("Blatt") == {(1, 2): "NS Eingabe"}
    again = after(path, put(1, 1, text + "x", text))
    assert again[STYLES] == found[STYLES]


def test_dates_and_numbers_show_as_what_they_are(tmp_path):
    path = book(
        tmp_path,
        '<sheetData><row r="1"><c r="A1" s="1"><v>45000</v></c></row></sheetData>',
        styles=DATE_STYLES,
    )
    values = {
        1: 7,
        2: date(2025, 5, 15),
        3: datetime.fromisoformat("2025-05-15T12:30"),
        4: time(6),
        5: 1.5,
        6: CellError("#N/A"),
        7: False,
        8: Formula("A1*2", 14),
        9: Formula('"x"', "x"),
        10: Formula("TODAY()", date(2025, 5, 15)),
        11: Formula("B1"),
    }
    after(
        path,
        *(put(1, column, value, date(2023, 3, 15) if column == 1 else None) for column, value in values.items()),
    )
    assert ExcelWorkbook(path).read().tabs[0].rows[1] == values


def test_dates_follow_the_calendar_of_the_workbook(tmp_path):
    found = parts()
    found[BOOK] = found[BOOK].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    assert b"<v>1</v>" in after(path, put(1, 1, date(1904, 1, 2), role="day"))[SHEET]
    assert ExcelWorkbook(path).read().tabs[0].rows[1][1] == date(1904, 1, 2)
    assert refused(path, put(2, 1, date(1900, 1, 1))) == "date-too-early"


def test_what_a_cell_cannot_hold_is_refused(tmp_path):
    path = book(tmp_path)
    after(path, put(1, 1, "x" * 32_767))
    assert refused(path, put(2, 1, "x" * 32_768)) == "text-too-long"
    assert refused(path, put(2, 1, "\U0001f600" * 16_384)) == "text-too-long"
    assert refused(path, put(2, 1, float("nan")), error=WrongUse) == "number-not-finite"
    assert refused(path, put(2, 1, 1, role="unbekannt"), error=WrongUse) == "role-unknown"


# --- styles -------------------------------------------------------------------------------------------------


def test_styles_are_only_added_and_each_role_once(tmp_path):
    path = book(tmp_path, styles=DATE_STYLES)
    before = contents(path)[STYLES].decode()
    once = after(path, put(1, 1, "a", role="head"), put(2, 1, "b", role="head"))[STYLES].decode()
    assert once.count('name="NS Kopf"') == 1
    assert before[before.index("<cellXfs") + 20 : before.index("</cellXfs>")] in once
    assert '<cellXfs count="3">' in once
    assert '<cellStyle name="Normal"' in once
    assert after(path, put(3, 1, "c", role="head"))[STYLES].decode() == once


def test_a_style_that_people_changed_stays_as_they_like_it(tmp_path):
    path = book(tmp_path)
    after(path, put(1, 1, "a", role="head"))
    found = contents(path)
    found[STYLES] = found[STYLES].replace(b'rgb="FF1F3A5F"', b'rgb="FF00FF00"')
    path.write_bytes(packed(found))
    restyled = after(path, put(2, 1, "b", role="head"))[STYLES]
    assert b"FF1F3A5F" not in restyled
    assert ExcelWorkbook(path).roles("Blatt") == {(1, 1): "NS Kopf", (2, 1): "NS Kopf"}


def test_a_new_row_of_a_table_takes_the_formats_of_the_row_above(tmp_path):
    path = book(tmp_path, TABLE_ROWS, styles=DATE_STYLES, tables=[TABLE])
    text = after(
        path,
        put(4, 1, 3),
        put(4, 2, date(2025, 5, 15)),
        put(5, 2, date(2025, 5, 16)),
        ResizeTable("Blatt", "tblA", 5),
    )[SHEET].decode()
    assert '<c r="B4" s="1">' in text
    assert '<c r="B5" s="1">' in text


def test_new_cells_take_the_format_of_their_row_or_column(tmp_path):
    sheet = '<cols><col min="2" max="3" style="1" width="9"/></cols><sheetData><row r="2" s="1" customFormat="1"/></sheetData>'
    text = sheet_after(
        tmp_path,
        sheet,
        put(1, 2, date(2025, 1, 1)),
        put(2, 1, date(2025, 1, 1)),
        put(1, 1, "x"),
        styles=DATE_STYLES,
    )
    assert '<c r="B1" s="1">' in text
    assert '<c r="A2" s="1">' in text
    assert '<c r="A1" t="inlineStr">' in text


def test_rows_grow_with_wrapped_text_unless_people_sized_them(tmp_path):
    sheet = '<sheetData><row r="1" ht="15"><c r="A1"/></row><row r="2" ht="15" customHeight="1"><c r="A2"/></row></sheetData>'
    text = sheet_after(
        tmp_path,
        sheet,
        put(1, 1, "Wort " * 20, role="input"),
        put(2, 1, "Wort " * 20, role="input"),
        put(3, 1, "Wort " * 20, role="input"),
    )
    assert '<row r="1" ht="15">' not in text
    assert '<row r="2" ht="15" customHeight="1">' in text
    assert '<row r="3" ht="' in text


# --- tables -------------------------------------------------------------------------------------------------


def test_a_table_grows_with_its_filter(tmp_path):
    path = book(tmp_path, TABLE_ROWS, styles=DATE_STYLES, tables=[TABLE])
    assert after(path, ResizeTable("Blatt", "TBLA", 9))["xl/tables/table1.xml"].count(b'ref="A1:B9"') == 2


@pytest.mark.parametrize(("old", "new", "row", "reason"), [
    ('totalsRowShown="0"', 'totalsRowCount="1"', 9, "table-has-totals"), ('id="7"', 'id="7" tableType="queryTable"', 9, "table-from-query"),
    ("", "", 1, "table-too-short"), ("", "", 1_048_577, "sheet-full"), ("tblA", "tblB", 9, "table-missing"),
])  # fmt: skip
def test_a_table_that_must_not_grow_is_left_alone(tmp_path, old, new, row, reason):
    path = book(tmp_path, TABLE_ROWS, styles=DATE_STYLES, tables=[TABLE.replace(old, new) if old else TABLE])
    assert refused(path, ResizeTable("Blatt", "tblA", row)) == reason


def test_a_table_does_not_grow_over_another(tmp_path):
    other = TABLE.replace("tblA", "tblB").replace("A1:B3", "A6:B8").replace('id="7"', 'id="8"')
    path = book(tmp_path, TABLE_ROWS, styles=DATE_STYLES, tables=[TABLE, other])
    assert refused(path, ResizeTable("Blatt", "tblA", 6)) == "table-in-the-way"


def test_a_header_cell_takes_its_column_name_along(tmp_path):
    path = book(tmp_path, TABLE_ROWS, styles=DATE_STYLES, tables=[TABLE])
    assert b'name="Neu &amp;_x000a_gut"' in after(path, put(1, 1, "Neu &\ngut", "Alt"))["xl/tables/table1.xml"]
    assert refused(path, put(1, 2, "neu &\nGUT", "Wert")) == "table-header-twice"
    assert refused(path, put(1, 2, None, "Wert")) == "table-header-empty"
    assert refused(path, put(1, 2, 5, "Wert")) == "table-header-empty"


def test_a_header_that_a_formula_names_is_left_alone(tmp_path):
    sheet = TABLE_ROWS.replace("</sheetData>", '<row r="9"><c r="A9"><f>SUM(tblA[Wert])</f></c></row></sheetData>')
    path = book(tmp_path, sheet, styles=DATE_STYLES, tables=[TABLE])
    assert refused(path, put(1, 2, "Summe", "Wert")) == "table-header-in-formula"


# --- links --------------------------------------------------------------------------------------------------

LINKED = (
    '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData>'
    '<hyperlinks><hyperlink ref="A1" r:id="rId1"/><hyperlink ref="B1" location="\'Alt\'!A1"/></hyperlinks><pageMargins left="1"/>'
)
LINK_PARTS = {"xl/worksheets/_rels/sheet1.xml.rels": relationships(("rId1", "hyperlink", "https://alt.example/", True))}


def test_links_are_replaced_kept_and_removed(tmp_path):
    path = book(tmp_path, LINKED, extra=LINK_PARTS)
    found = after(path, put(1, 1, 5, 1), put(1, 2, 6, 2), put(2, 1, "c", link="'Blatt'!A1"))
    assert found[SHEET].count(b"<hyperlink ") == 3
    found = after(path, put(1, 1, 7, 5, link="https://neu.example/?a=1&b=2"), put(1, 2, 8, 6, role="body"))
    assert b"https://alt.example/" not in found["xl/worksheets/_rels/sheet1.xml.rels"]
    assert b"https://neu.example/?a=1&amp;b=2" in found["xl/worksheets/_rels/sheet1.xml.rels"]
    assert b"'Alt'!A1" not in found[SHEET]
    same = after(path, put(1, 1, 9, 7, link="https://neu.example/?a=1&b=2"))
    assert same["xl/worksheets/_rels/sheet1.xml.rels"] == found["xl/worksheets/_rels/sheet1.xml.rels"]


def test_links_stand_where_the_schema_wants_them(tmp_path):
    text = sheet_after(
        tmp_path,
        '<sheetData/><dataValidations count="0"/><pageMargins left="1"/>',
        put(1, 1, "a", link="'Blatt'!B2"),
    )
    assert text.index("dataValidations") < text.index("<hyperlinks>") < text.index("pageMargins")


# --- the workbook part --------------------------------------------------------------------------------------


def test_names_are_made_and_moved(tmp_path):
    path = book(tmp_path)
    after(path, SetName("NETZ_A", "Blatt", Area(2, 1, 2, 1)))
    text = after(
        path,
        SetName("netz_a", "Blatt", Area(5, 2, 6, 3)),
        SetName("NETZ_B", "O'Neill & Co", Area(1, 1, 1, 1)),
    )[BOOK].decode()
    assert "<definedName name=\"NETZ_A\">'Blatt'!$B$5:$C$6</definedName>" in text
    assert "'O''Neill &amp; Co'!$A$1" in text
    assert text.index("</sheets>") < text.index("<definedNames>")


def test_calculation_is_asked_for_where_formulas_depend_on_inputs(tmp_path):
    plain = book(tmp_path)
    assert b"calcPr" not in after(plain, put(1, 1, 1))[BOOK]
    sheet = '<sheetData><row r="1"><c r="A1"><f>B1</f><v>1</v></c></row></sheetData>'
    assert b'<calcPr fullCalcOnLoad="1"/>' in after(book(tmp_path, sheet), put(1, 2, 1))[BOOK]
    found = parts(sheet)
    found[BOOK] = found[BOOK].replace("</sheets>", '</sheets><calcPr calcId="1" fullCalcOnLoad="0"/>')
    path = tmp_path / "c.xlsx"
    path.write_bytes(packed(found))
    assert b'<calcPr calcId="1" fullCalcOnLoad="1"/>' in after(path, put(1, 2, 1))[BOOK]
    assert b'fullCalcOnLoad="0"' not in contents(path)[BOOK]


@pytest.mark.parametrize("there", [True, False])
def test_the_list_of_formulas_goes_when_a_formula_does(tmp_path, there):
    found = parts(
        '<sheetData><row r="1"><c r="A1"><f>B1</f><v>1</v></c></row></sheetData>',
        types='<Override PartName="/xl/calcChain.xml" ContentType="c"/>',
    )
    found["xl/_rels/workbook.xml.rels"] = relationships(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId9", "calcChain", "calcChain.xml")
    )
    if there:
        found["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"/>'
    path = tmp_path / "c.xlsx"
    path.write_bytes(packed(found))
    kept = after(path, put(1, 2, 1))
    assert ("xl/calcChain.xml" in kept) == there
    gone = after(path, put(1, 1, 1, Formula("B1", 1)))
    assert "xl/calcChain.xml" not in gone
    assert b"calcChain" not in gone["xl/_rels/workbook.xml.rels"]
    assert not there or b"calcChain" not in gone["[Content_Types].xml"]


def test_the_marker_leaves_other_properties_alone(tmp_path):
    own = '<property fmtid="{X}" pid="2" name="Firma"><vt:lpwstr>Wir &amp; Co</vt:lpwstr></property>'
    custom = f'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="v">{own}</Properties>'
    found = parts()
    found["_rels/.rels"] = relationships(
        ("rId1", "officeDocument", "xl/workbook.xml"), ("rId2", "custom-properties", "docProps/custom.xml")
    )
    found["docProps/custom.xml"] = custom
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    first = after(path, SetMarker("eins"))["docProps/custom.xml"].decode()
    assert own in first
    assert 'pid="3" name="netzwerk"' in first
    second = after(path, SetMarker("zwei <&>"))["docProps/custom.xml"].decode()
    assert second.count('name="netzwerk"') == 1
    assert 'pid="3"' in second
    assert ExcelWorkbook(path).read().marker == "zwei <&>"
    assert refused(path, SetMarker("x" * 256), error=WrongUse) == "marker-too-long"


@pytest.mark.parametrize(("spoil", "reason"), [
    ({"_xmlsignatures/sig1.xml": "<x/>"}, "workbook-signed"), ({"xl/_rels/workbook.xml.rels": relationships(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "revisionHeaders", "revisions/r.xml"))}, "workbook-shared"),
    ({BOOK: parts()[BOOK].replace("<sheets>", '<fileSharing readOnlyRecommended="1"/><sheets>')}, "workbook-read-only"),
    ({SHEET: parts('<sheetData/><sheetProtection sheet="1"/>')[SHEET]}, "tab-protected"),
])  # fmt: skip
def test_workbooks_that_a_change_would_break_are_left_alone(tmp_path, spoil, reason):
    path = book(tmp_path, extra=spoil)
    assert refused(path, put(1, 1, 1)) == reason


# --- new tabs -----------------------------------------------------------------------------------------------


def test_a_new_tab_comes_last_and_changes_no_other(tmp_path):
    found = parts('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    found[BOOK] = (
        found[BOOK]
        .replace("<sheets>", '<bookViews><workbookView activeTab="0"/></bookViews><sheets>')
        .replace(
            "</sheets>",
            '</sheets><definedNames><definedName name="x" localSheetId="0">Blatt!$A$1</definedName></definedNames>',
        )
    )
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    new = after(path, AddTab(design()))
    text = new[BOOK].decode()
    assert new[SHEET] == found[SHEET].encode()
    assert text.index('name="Blatt"') < text.index('sheetId="2"')
    assert 'name="_xlnm.Print_Titles" localSheetId="1"' in text
    assert '<definedName name="x" localSheetId="0">Blatt!$A$1</definedName>' in text
    assert b"tabSelected" not in new["xl/worksheets/sheet2.xml"]


def test_a_strict_workbook_gets_strict_parts(tmp_path):
    found = {name: text.replace(MAIN, STRICT).replace(RELATIONS, STRICT_RELATIONS) for name, text in parts().items()}
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    new = after(path, AddTab(design()), put(1, 1, "a", role="head", link="https://a.example"), SetMarker("m"))
    assert not [name for name, content in new.items() if b"schemas.openxmlformats.org/officeDocument" in content]
    assert not [name for name, content in new.items() if b"schemas.openxmlformats.org/spreadsheetml" in content]
    assert not [name for name, content in new.items() if b"schemas.openxmlformats.org/drawingml" in content]
    snapshot = ExcelWorkbook(path).read()
    assert (snapshot.marker, snapshot.tabs[1].tables[0].name) == ("m", "tblPruefblatt")


def test_a_workbook_that_uses_no_prefix_for_relations_gets_one_on_the_spot(tmp_path):
    found = parts()
    found[BOOK] = (
        f'<workbook xmlns="{MAIN}"><sheets><sheet name="Blatt" sheetId="1" q:id="rId1" xmlns:q="{RELATIONS}"/></sheets></workbook>'
    )
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    after(path, AddTab(design()))
    assert [tab.title for tab in ExcelWorkbook(path).read().tabs] == ["Blatt", design().title]


def test_ids_and_part_names_are_unique(tmp_path):
    path = book(tmp_path, TABLE_ROWS, styles=DATE_STYLES, tables=[TABLE])
    one = design("Eins", "tblEins")._replace(names={})
    two = design("Zwei", "tblZwei")._replace(names={})
    new = after(path, AddTab(one), AddTab(two))
    assert [f'id="{number}"'.encode() in new[f"xl/tables/table{place}.xml"] for place, number in ((2, 8), (3, 9))] == [
        True,
        True,
    ]
    assert {"xl/charts/chart4.xml", "xl/drawings/drawing2.xml", "xl/worksheets/sheet3.xml"} <= set(new)


@pytest.mark.parametrize(("change", "error", "reason"), [
    ({"title": "blatt"}, WorkbookRefused, "tab-exists"), ({"title": "a/b"}, WorkbookRefused, "tab-name-illegal"), ({"title": "x" * 32}, WorkbookRefused, "tab-name-illegal"),
    ({"title": "'x"}, WorkbookRefused, "tab-name-illegal"), ({"tables": (TableDesign("R1C1", Area(4, 1, 10, 7), "t", "d"),)}, WrongUse, "table-name-illegal"),
    ({"tables": (TableDesign("tblX", Area(4, 1, 4, 7), "t", "d"),)}, WrongUse, "table-too-short"), ({"tables": (TableDesign("tblX", Area(3, 1, 10, 7), "t", "d"),)}, WrongUse, "table-header-empty"),
    ({"tables": (TableDesign("NETZ_PRUEF", Area(4, 1, 10, 7), "t", "d"),)}, None, ""), ({"validations": (Validation(Area(1, 1, 1, 1), Choice.ANY, "t", "x" * 256),)}, WrongUse, "hint-too-long"),
    ({"validations": (Validation(Area(1, 1, 1, 1), Choice.LIST, "t", "x", ("x" * 256,)),)}, WrongUse, "hint-too-long"),
])  # fmt: skip
def test_a_design_that_excel_would_repair_is_refused(tmp_path, change, error, reason):
    path = book(tmp_path)
    edit = AddTab(design()._replace(**change))
    if error:
        assert refused(path, edit, error=error) == reason


def test_no_tab_is_added_where_the_structure_is_protected(tmp_path):
    found = parts()
    found[BOOK] = found[BOOK].replace("<sheets>", '<workbookProtection lockStructure="1"/><sheets>')
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    assert refused(path, AddTab(design())) == "structure-protected"
    after(path, put(1, 1, 1))


def test_a_bare_design_makes_a_tab(tmp_path):
    path = book(tmp_path)
    after(path, AddTab(TabDesign("Leer", {})))
    assert ExcelWorkbook(path).read().taken == ("Blatt", "Leer")


def test_macros_stay_in_their_file(tmp_path):
    path = tmp_path / "b.xlsm"
    path.write_bytes(packed(parts(extra={"xl/vbaProject.bin": b"\0macro"})))
    assert after(path, put(1, 1, 1))["xl/vbaProject.bin"] == b"\0macro"
