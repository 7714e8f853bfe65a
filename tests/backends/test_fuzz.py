"""Damaged workbooks end in a plain refusal or are read and written, quickly, in little memory, and touch nothing else.

The damage is the same every time: `mutants.py` takes real small workbooks, and one of everything, and breaks records of
the archive, names of parts, tags, attributes, texts, relationships, content types. Case by case: `mutants.py` by hand.
With --long, `guided.py` looks for damage that reaches new lines of the reader and the writer.
"""

import contextlib
import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from designs import LOOK, design
from mutants import DOCTYPES, ending
from packages import MAIN, book, contents, packed, parts, relationships, workbooks

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import AddTab, Cell, SetCell, SetMarker, Spot

MUTANTS, GUIDED = (Path(__file__).with_name(name) for name in ("mutants.py", "guided.py"))
SECONDS, MEGABYTES, SMALL = 2, 150, 16_000


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """One workbook with something of everything, and the small real ones."""
    own = tmp_path_factory.mktemp("seeds") / "alles.xlsx"
    own.write_bytes(packed(parts('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', styles="<fonts/>", strings="<si><t>x</t></si>")))  # fmt: skip
    return [own, *(path for path in workbooks() if path.stat().st_size < SMALL)]


def endings(folder, seeds, first, last):
    run = subprocess.run(
        [sys.executable, MUTANTS, folder, str(first), str(last), *map(str, seeds)],
        capture_output=True, text=True, check=False, timeout=60 + last - first,
    )  # fmt: skip
    assert run.returncode == 0, (run.stderr, run.stdout[-200:])
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_damaged_workbooks_are_refused_plainly_or_read(tmp_path, seeds, long, counted):
    found = endings(tmp_path, seeds, 0, 20_000 if long else 400)
    broken = [(number, answer) for number, answer, *_ in found if answer.startswith("broken")]
    assert not broken, broken[:3]
    assert max(seconds for *_, seconds, _ in found) < SECONDS
    assert found[-1][-1] < MEGABYTES
    answers = {answer for _, answer, *_ in found}
    assert "opened" in answers
    assert len(answers) > 10, "the damage is of many kinds"
    assert [one.name for one in tmp_path.iterdir()] == ["mutant.xlsx"]
    counted(damaged_files_tried=len(found), kinds_of_their_endings=len(answers))


@pytest.mark.long
def test_damage_led_by_what_the_code_covers_breaks_nothing(tmp_path, seeds, counted, lacking):
    if not importlib.util.find_spec("atheris"):
        lacking("atheris", "atheris (Linux on x86_64) is not installed")
    run = subprocess.run(
        [sys.executable, GUIDED, tmp_path, "300", *map(str, seeds)],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert not list((tmp_path / "broken").iterdir()), run.stderr[-3000:]
    assert run.returncode == 0, run.stderr[-3000:]
    tried = int(re.search(r"number_of_executed_units: (\d+)", run.stderr)[1])
    assert tried > 1000
    counted(files_tried_led_by_coverage=tried)


def test_a_path_in_the_archive_is_never_written_to(tmp_path):
    for number, name in enumerate(("../boese.txt", "/tmp/boese.txt", "xl/../../boese.txt", "C:\\boese.txt")):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(packed({**parts(), name: "x"}))
        with pytest.raises(WorkbookRefused, match="entry-name-unsafe"):
            ExcelWorkbook(path).read()
    assert not list(tmp_path.parent.rglob("boese.txt"))
    assert not Path("/tmp/boese.txt").exists()


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"])  # fmt: skip
def test_no_entity_is_declared_and_none_is_fetched(tmp_path, doctype, name):
    found = parts(
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>',
        strings=f"<si><t>{'&e;' if 'Strings' in name else 'x'}</t></si>",
    )
    head = b"" if not found[name].startswith("<?xml") else b'<?xml version="1.0"?>'
    found[name] = head + doctype + found[name].encode().removeprefix(b'<?xml version="1.0"?>')
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    before = path.read_bytes()
    with pytest.raises(WorkbookRefused, match="doctype"):
        ExcelWorkbook(path).read()
    assert path.read_bytes() == before


def test_a_link_to_the_outside_is_kept_and_never_followed(tmp_path):
    """The address is one at which nobody answers: following it would take longer than the test may."""
    out = "http://192.0.2.1/a.xlsx"
    path = book(
        tmp_path,
        '<sheetData><row r="1"><c r="A1"><f>[1]Blatt!A1</f><v>3</v></c></row></sheetData>',
        extra={
            "xl/externalLinks/externalLink1.xml": "<externalLink/>",
            "xl/externalLinks/_rels/externalLink1.xml.rels": relationships(("rId1", "externalLinkPath", out, True)),
        },
    )
    before = contents(path)
    ((number, answer, seconds, _),) = endings(tmp_path, [path], 0, 1)
    assert seconds < SECONDS, (number, answer)
    workbook = ExcelWorkbook(path)
    edit = SetCell(Spot("Blatt", 3, 1), Cell("x"))
    workbook.apply([edit], expected=workbook.read().revision, look={})
    links = {name: content for name, content in before.items() if "externalLink" in name}
    assert links.items() <= contents(path).items()


def test_a_tab_whose_part_is_lost_does_not_get_the_part_of_a_new_one(tmp_path):
    found = parts()
    found["xl/_rels/workbook.xml.rels"] = relationships()
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    workbook = ExcelWorkbook(path)
    workbook.apply([AddTab(design("Neu", "tblNeu"))], expected=workbook.read().revision, look=LOOK)
    assert [tab.title for tab in ExcelWorkbook(path).read().tabs] == ["Neu"]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_a_row_whose_tag_has_no_end_is_refused(tmp_path):
    """Found by `guided.py`: the quick reader took it for an empty row, and the writer looked for its end."""
    path = book(tmp_path, '<sheetData><row r="1"><c r="A1"><v>3</v></c></row><row r=\0</row></sheetData>')
    with pytest.raises(WorkbookRefused, match="xml-broken"):
        ExcelWorkbook(path).read()


def test_a_new_tab_does_not_get_the_tables_of_one_whose_part_is_lost(tmp_path):
    found = parts()
    found["xl/worksheets/_rels/sheet2.xml.rels"] = relationships(("rId1", "table", "../tables/table9.xml"))
    found["xl/tables/table9.xml"] = f'<table xmlns="{MAIN}" id="9" name="alt" displayName="alt" ref="A1:B2"/>'
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    workbook = ExcelWorkbook(path)
    workbook.apply([AddTab(design("Neu", "tblNeu"))], expected=workbook.read().revision, look=LOOK)
    assert [table.name for table in ExcelWorkbook(path).read().tab("Neu").tables] == ["tblNeu"]


def test_a_mark_of_utf_8_outweighs_what_is_declared_also_once_it_is_written(tmp_path):
    found = parts()
    bare = re.sub(rb"^<\?xml[^>]*>", b"", found["_rels/.rels"].encode())
    found["_rels/.rels"] = b'\xef\xbb\xbf<?xml version="1.0" encoding="XFE1"?>' + bare
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(found))
    workbook = ExcelWorkbook(path)
    workbook.apply([SetMarker("x=1")], expected=workbook.read().revision, look={})
    assert ExcelWorkbook(path).read().marker == "x=1"


NUMBERS = re.compile(rb'([\w:]+="[^"<]{0,20}?)(\d+)(?=[^"<]{0,12}")|(?<=>)(\d+)(?=<)|&#(\d+);')


def endless(content, tried):
    """Give every part once for each place in which a number stands, with a number too long to count instead."""
    for name, data in content.items():
        for found in NUMBERS.finditer(data) if name.endswith((".xml", ".rels", ".vml")) else ():
            tag = re.findall(rb"<([\w:]+)[^<]*$", data[max(0, found.start() - 400) : found.start() + 1])
            place = (re.sub(r"\d", "", name), (found[1] or b"").partition(b"=")[0], *tag)
            if place not in tried:
                tried.add(place)
                group = 2 if found[1] else 3 if found[3] else 4
                yield name, data[: found.start(group)] + b"9" * 5000 + data[found.end(group) :]


def test_a_number_too_long_to_count_ends_plainly_wherever_it_stands(tmp_path, seeds, long, counted):
    """Python refuses to read thousands of digits as a number; whoever guards one place forgets another."""
    path, tried, broken = tmp_path / "mutant.xlsx", set(), []
    for seed in seeds if long else seeds[:2]:
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(seed) as archive:
            content = {name: archive.read(name) for name in archive.namelist()}
            for name, data in endless(content, tried):
                path.write_bytes(packed({**content, name: data}))
                answer = ending(path)
                if answer.startswith("broken"):
                    broken.append((seed.name, name, answer[-200:]))
    assert not broken
    assert len(tried) > 50
    counted(numbers_too_long_to_count=len(tried))
