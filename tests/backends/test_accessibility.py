"""A checker is only worth something if spoiling a good workbook makes it fire: one spoiled copy per rule."""

import re

import pytest
from designs import LOOK, design
from packages import workbooks

from netzwerk_sheets.backends.excel import create
from netzwerk_sheets.backends.excel.accessibility import examine
from netzwerk_sheets.backends.excel.package import Package
from netzwerk_sheets.grid import AddTab

SHEET, BOOK, STYLES, TABLE = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/tables/table1.xml",
)
DRAWING, CHART, CORE = "xl/drawings/drawing1.xml", "xl/charts/chart1.xml", "docProps/core.xml"
TITLE = design().title
LONG = "x" * 300
TALL = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(11, 26))

SPOILED = {
    "X01": (CORE, "<dc:title>Netz</dc:title>", ""),
    "X02": (CORE, "de-DE", ""),
    "X04": (BOOK, 'activeTab="0"', 'activeTab="3"'),
    "X05": (BOOK, f'name="{TITLE}"', 'name="Tabelle1"'),
    "X06": (BOOK, f'name="{TITLE}"', 'name="Ein viel zu langer Titel, der über 31 Zeichen geht"'),
    "X07": (BOOK, 'sheetId="1"', 'sheetId="1" state="hidden"'),
    "X09": (SHEET, re.compile(r'<c r="A1".*?</c>'), ""),
    "X10": (SHEET, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'),
    "X11": (SHEET, 'activeCell="A1"', 'activeCell="C7"'),
    "X12": ("xl/worksheets/_rels/sheet1.xml.rels", re.compile("<Relationship [^>]*table1[^>]*>"), ""),
    "X13": (TABLE, 'totalsRowShown="0"', 'totalsRowShown="0" headerRowCount="0"'),
    "X14": (TABLE, 'name="Bedarf"', 'name="Spalte2"'),
    "X15": (TABLE, 'displayName="tblPruefblatt"', 'displayName="Tabelle1"'),
    "X16": (TABLE, re.compile("<extLst>.*</extLst>"), ""),
    "X17": (SHEET, re.compile('<row r="7".*?</row>'), ""),
    "X20": (SHEET, 'ySplit="4" topLeftCell="B5"', 'ySplit="9" topLeftCell="B10"'),
    "X21": (SHEET, '<row r="2"', '<row r="2" hidden="1"'),
    "X22": (SHEET, "zum Anfang", "hier"),
    "X23": (SHEET, f"location=\"'{TITLE}'!A1\"", "location=\"'Weg'!A1\""),
    "X24": (STYLES, '<sz val="11"/><color rgb="FF1B2430"/>', '<sz val="8"/><color rgb="FF1B2430"/>'),
    "X25": (STYLES, 'rgb="FF1F3A5F"', 'rgb="FFEEEEEE"'),
    "X26": (SHEET, ">Arbeit<", f">{LONG}<"),
    "X27": (STYLES, 'formatCode="dd.mm.yyyy"', 'formatCode="0;[Red]0"'),
    "X28": (
        SHEET,
        re.compile('<cfRule type="expression".*?</cfRule>'),
        '<cfRule type="colorScale" priority="1"/>',
    ),
    "X29": (DRAWING, re.compile('descr="[^"]*"'), 'descr=""'),
    "X30": (DRAWING, re.compile('descr="[^"]*"'), 'descr="deckung.png"'),
    "X31": (CHART, re.compile("<c:title>.*?</c:title>"), ""),
    "X32": (CHART, '<c:showVal val="1"/>', '<c:showVal val="0"/>'),
    "X33": (SHEET, ' prompt="Frei."', ""),
    "X34": (SHEET, ' prompt="Frei."', f' prompt="{LONG}"'),
    "X35": (SHEET, 'paperSize="9"', 'paperSize="1"'),
    "X36": (BOOK, re.compile(r'<definedName name="_xlnm.Print_Titles".*?</definedName>'), ""),
    "X37": (SHEET, "</sheetData>", '</sheetData><sheetProtection sheet="1" password="CC1A"/>'),
    "X38": (SHEET, "</sheetData>", '</sheetData><sheetProtection sheet="1" selectLockedCells="1"/>'),
}


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "gut.xlsx"
    create(path, [AddTab(design())], LOOK, title="Netz", language="de-DE")
    return path


def rules(path, **options):
    return {issue.rule for issue in examine(path, **options)}


def rewritten(path, part, change):
    package = Package(path.read_bytes())
    text = package.read(part).decode()
    spoiled = change(text)
    assert spoiled != text
    package.write(part, spoiled.encode())
    path.write_bytes(package.out())


def test_a_tab_of_the_product_breaks_no_rule(good):
    assert examine(good, "de", matrices={TITLE}) == []


@pytest.mark.parametrize("rule", sorted(SPOILED))
def test_a_spoiled_workbook_is_noticed(good, rule):
    part, old, new = SPOILED[rule]
    rewritten(
        good,
        part,
        lambda text: old.sub(lambda _: new, text) if hasattr(old, "sub") else text.replace(old, new),
    )
    assert rule in rules(good, language="de")


def test_an_encrypted_workbook_is_noticed(tmp_path):
    path = tmp_path / "zu.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    assert rules(path) == {"X03"}


def test_an_empty_tab_is_noticed(good):
    rewritten(good, SHEET, lambda text: re.sub("<sheetData>.*</sheetData>|<drawing[^>]*>", "", text))
    assert "X08" in rules(good)


def test_a_tall_table_needs_a_frozen_header(good):
    rewritten(good, TABLE, lambda text: text.replace("A4:G10", "A4:G25"))
    rewritten(good, SHEET, lambda text: text.replace("</sheetData>", TALL + "</sheetData>"))
    assert "X18" not in rules(good)
    rewritten(good, SHEET, lambda text: re.sub("<pane[^>]*>", "", text))
    assert "X18" in rules(good)


def test_a_matrix_needs_names_for_its_headings(good):
    rewritten(good, BOOK, lambda text: text.replace("TitleRegion1", "Anders"))
    assert "X19" in rules(good, matrices={TITLE})
    assert "X19" not in rules(good)


@pytest.mark.parametrize(
    ("kind", "target", "rule"),
    [("ctrlProp", "/xl/ctrlProps/c.xml", "X39"), ("image", "/xl/media/bild.gif", "X40")],
)
def test_controls_and_gifs_are_noticed(good, kind, target, rule):
    package = Package(good.read_bytes())
    package.write(target.lstrip("/"), b"<x/>")
    package.relate(DRAWING if kind == "image" else SHEET, kind, target.lstrip("/"))
    good.write_bytes(package.out())
    assert rule in rules(good)


def test_rules_for_a_foreign_workbook_are_asked_of_our_tabs_only(good):
    rewritten(good, CORE, lambda text: text.replace("Netz", ""))
    rewritten(good, SHEET, lambda text: text.replace('activeCell="A1"', 'activeCell="C7"'))
    assert rules(good, only=set()) == set()
    assert rules(good, only={TITLE}) == {"X11"}


def test_every_real_workbook_can_be_examined():
    if not workbooks():
        pytest.skip("the shared workbooks (../shared/data/workbooks) are not here")
    counted = [len(examine(path)) for path in workbooks()]
    assert sum(counted) > len(counted)
