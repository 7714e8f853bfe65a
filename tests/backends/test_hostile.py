"""Whatever is handed over ends quickly, in little memory, in a named refusal or an opened workbook."""

import contextlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packages import MAIN, packed, parts, workbooks

from netzwerk_sheets.backends.excel import ExcelWorkbook, guard
from netzwerk_sheets.backends.excel.references import column_letters
from netzwerk_sheets.errors import NetzwerkError, WorkbookRefused

SECONDS, MEGABYTES = 20, 400  # a slow machine takes three times as long as a quick one; what goes off takes minutes
# Two of the collection are sound after all: their parts only spell their names in unusual ways.
OPENED = {"own_dde.xlsx", "own_huge_dim.xlsx", "openxlsx-data__gh_issue_1194.xlsx", "poi__49609.xlsx"}
READ = """
import json, resource, sys, time
sys.path.insert(0, {root!r})
resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
from pathlib import Path
from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.grid import Cell, SetCell, Spot
for name in sys.argv[1:]:
    start = time.process_time()
    try:
        workbook = ExcelWorkbook(Path(name))
        snapshot = workbook.read()
        answer = "opened"
        tab = snapshot.tabs[0]
        edit = SetCell(Spot(tab.title, 3, 2), Cell("x"), tab.rows.get(3, {{}}).get(2))
        if {write!r}:
            workbook.apply([edit], expected=snapshot.revision, look={{}})
    except NetzwerkError as error:
        answer = error.reason
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    print(json.dumps([name, answer, time.process_time() - start, peak]), flush=True)
"""


def outcomes(paths, *, write=False):
    code = READ.format(root=str(Path(__file__).resolve().parents[2]), write=write)
    command = [sys.executable, "-c", code, *map(str, paths)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert process.returncode == 0, process.stderr
    return {
        Path(name).name: (answer, seconds, peak)
        for name, answer, seconds, peak in map(json.loads, process.stdout.splitlines())
    }


def test_hostile_files_are_refused_quickly_and_never_touched(counted):
    paths = workbooks("hostile")
    if not paths:
        pytest.skip("the shared hostile files (../shared/data/hostile) are not here")
    before = {path: path.stat().st_mtime_ns for path in paths}
    found = outcomes(paths)
    counted(hostile_files_tried=len(found))
    assert {name for name, (answer, *_) in found.items() if answer == "opened"} == OPENED
    assert max(seconds for _, seconds, _ in found.values()) < SECONDS
    assert max(peak for *_, peak in found.values()) < MEGABYTES
    assert before == {path: path.stat().st_mtime_ns for path in paths}


def sheet(rows, tail=""):
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


def inline(content):
    return f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is>{content}</is></c></row></sheetData>'


def spaces(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            if not name.endswith("sheet1.xml"):
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            for _ in range(1500):
                file.write(b" " * 1_000_000)


def cells_of(rows, columns):
    letters = [column_letters(column) for column in range(1, columns + 1)]
    for row in range(1, rows + 1):
        yield f'<row r="{row}">' + "".join(f'<c r="{letter}{row}"/>' for letter in letters) + "</row>"


BOMBS = {
    "spaces": (None, "zip-bomb"),
    "empty-cells": (lambda: sheet("".join(cells_of(1000, 8000))), "opened"),
    "equal-cells": (lambda: sheet('<row r="1">' + '<c r="A1"/>' * 8_000_000 + "</row>"), "zip-bomb"),
    "formatted-rows": (
        lambda: sheet("".join(f'<row r="{row}" s="0" customFormat="1"/>' for row in range(1, 1_048_577))),
        "opened",
    ),
    "far-cell": (lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "opened"),
    "merged-sheet": (
        lambda: sheet("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merged-cell",
    ),
    "long-cells": (
        lambda: sheet(
            "".join(
                f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{row}{"xyz" * 10_922}</t></is></c></row>'
                for row in range(1, 30)
            )
        ),
        "opened",
    ),
    "long-attribute": (
        lambda: sheet("").replace("<sheetData>", f'<sheetPr codeName="{"a" * 20_000_000}"/><sheetData>'),
        "zip-bomb",
    ),
    "strange-cells": (
        lambda: sheet("<!-- -->" + "".join(f'<row><c ph="{row}"/><c/><c/><c/></row>' for row in range(900_000))),
        "workbook-too-large",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_do_not_go_off(tmp_path, name):
    make, expected = BOMBS[name]
    path = tmp_path / "bombe.xlsx"
    if make is None:
        spaces(path)
    else:
        path.write_bytes(packed(parts(make())))
    ((answer, seconds, peak),) = outcomes([path], write=True).values()
    assert answer == expected
    assert seconds < SECONDS
    assert peak < MEGABYTES


MANY = 40_000
ENDLESS = {
    "help in a cell": {"sheet": inline("<rPh>" * MANY)},
    "help that ends before it begins": {"sheet": inline("</rPh>" * MANY + "<rPh>" * MANY)},
    "text in a cell": {"sheet": inline("<t " * MANY)},
    "help in a shared text": {"strings": f"<si>{'<rPh>' * MANY}</si>"},
    "shared text": {"strings": f"<si>{'<t ' * MANY}</si>"},
    "shared texts": {"strings": "<sst " * 2 * MANY},
    "row": {"sheet": "<sheetData>" + '<row r="1" ' * MANY + "</sheetData>"},
    "bracket in a format": {
        "styles": '<numFmts><numFmt numFmtId="200" formatCode="'
        + "[" * MANY
        + '"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs>'
    },
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_begins_many_times_and_never_ends_costs_no_time(tmp_path, name):
    path = tmp_path / "endlos.xlsx"
    path.write_bytes(packed(parts(**ENDLESS[name])))
    ((answer, seconds, peak),) = outcomes([path], write=True).values()
    assert answer in {"opened", "xml-broken", "workbook-changed"}
    assert seconds < SECONDS
    assert peak < MEGABYTES


def reason_of(path, data):
    path.write_bytes(data)
    with pytest.raises(WorkbookRefused) as caught:
        ExcelWorkbook(path).read()
    return caught.value.reason


def test_what_is_no_workbook_is_named(tmp_path):
    path = tmp_path / "b.xlsx"
    sound = packed(parts())
    assert reason_of(path, b"") == "workbook-empty"
    assert reason_of(path, b"\0" * 100) == "workbook-not-zip"
    assert reason_of(path, b"\x89PNG\r\n\x1a\n\x00\x01") == "workbook-not-zip"
    assert reason_of(path, b"Name;Ort\nA;B\n") == "workbook-text"
    assert reason_of(path, b"<html><table></table></html>") == "workbook-html"
    assert reason_of(path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "workbook-xls"
    assert reason_of(path, sound[: len(sound) // 2]) == "workbook-truncated"
    assert reason_of(path, packed({"mimetype": "x", "[Content_Types].xml": "<Types/>"})) == "workbook-ods"
    word = parts()
    word["[Content_Types].xml"] = word["[Content_Types].xml"].replace(
        "spreadsheetml.sheet.main", "wordprocessingml.document.main"
    )
    assert reason_of(path, packed(word)) == "workbook-is-document"
    binary = parts()
    binary["[Content_Types].xml"] = binary["[Content_Types].xml"].replace(
        "spreadsheetml.sheet.main+xml", "sheet.binary.macroEnabled.main"
    )
    binary["[Content_Types].xml"] = binary["[Content_Types].xml"].replace(
        "application/vnd.openxmlformats-officedocument.sheet", "application/vnd.ms-excel.sheet"
    )
    assert reason_of(path, packed(binary)) == "workbook-xlsb"


def test_too_many_entries_and_doubled_ones_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "b.xlsx"
    # Two names of one length, then one made the other: the library would warn about a doubled one.
    path.write_bytes(packed({"aaaa": "1", "bbbb": "2"}).replace(b"bbbb", b"aaaa"))
    assert reason_of(path, path.read_bytes()) == "duplicate-entry"
    monkeypatch.setattr(guard, "MOST_ENTRIES", 3)
    assert reason_of(path, packed(parts())) == "zip-bomb"
    monkeypatch.undo()
    monkeypatch.setattr(guard, "LARGEST_PART", 100)
    assert reason_of(path, packed(parts())) == "part-too-large"


def test_a_size_that_lies_is_not_believed(tmp_path):
    data = packed(parts(sheet("<row/>" * 1000)))
    with zipfile.ZipFile(tmp_path / "x", "w"):
        pass
    (tmp_path / "b.xlsx").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = data.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))
    assert reason_of(tmp_path / "b.xlsx", lying) == "part-damaged"


SOUND = packed(
    parts('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', strings="<si><t>x</t></si>")
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_flipped_bytes_end_in_a_refusal_or_a_workbook(tmp_path, flips):
    data = bytearray(SOUND)
    for place, value in flips:
        data[place] = value
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    with contextlib.suppress(NetzwerkError):
        ExcelWorkbook(path).read()


PIECES = [
    "<row>",
    "</row>",
    "<c r='A1'>",
    '<c r="B2" t="s">',
    "</c>",
    "<v>1</v>",
    "<f>",
    "</f>",
    "&amp;",
    "&x;",
    "<!--",
    "-->",
    "<x:c/>",
    '<row r="5">',
    '<c r="A5" s="3" t="inlineStr"><is><t>a</t></is></c>',
    "\x00",
    "ä",
    "<![CDATA[",
    "]]>",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_rows_end_in_a_refusal_or_a_workbook(tmp_path, pieces):
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(parts(sheet("".join(pieces)))))
    with contextlib.suppress(NetzwerkError):
        ExcelWorkbook(path).read()
