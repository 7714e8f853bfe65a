"""Notes on cells of workbooks that other people made: ours come and go, theirs stay byte for byte."""

import contextlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from designs import LOOK, design
from packages import MAIN, RELATIONS, book, contents, relationships, workbooks

from netzwerk_sheets.backends.excel import ExcelWorkbook, create
from netzwerk_sheets.backends.excel.book import Book
from netzwerk_sheets.backends.excel.notes import read_notes
from netzwerk_sheets.backends.excel.package import Package
from netzwerk_sheets.backends.excel.spans import parse
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.grid import AddTab, Area, Note, RemoveNote, SetNote, Spot

BOM = b"\xef\xbb\xbf"
LARGE = 100_000
OURS = Note("netzwerk", "Konflikt KF-012: <zwei> Angaben & „ein“ Wert.")
READER = """
import sys, json, openpyxl
for name in sys.argv[1:]:
    try:
        found = {s.title: {c.coordinate: [c.comment.author, c.comment.text] for r in s.iter_rows() for c in r if c.comment}
                 for s in openpyxl.load_workbook(name).worksheets}
    except Exception as error:
        found = type(error).__name__
    print(json.dumps(found), flush=True)
"""


def notes_of(path):
    """Every note of a workbook as the product reads it: title → place → note."""
    package = Package(path.read_bytes())
    found = {}
    for sheet in Book(package).sheets:
        if sheet.kind == "worksheet" and sheet.part:
            found[sheet.title] = read_notes(package, sheet.part, parse(package.read(sheet.part), sheet.part))
    return found


def spots(path):
    """A free cell of every tab that takes notes: those with notes or an old drawing, and the first of all."""
    found = []
    for title, notes in notes_of(path).items():
        if notes.takes:
            last = max(ExcelWorkbook(path).read().tab(title).rows, default=0)
            found.append(Spot(title, last + 3, 2))
    return found


def annotated(source, folder):
    """Hang a note on a free cell of every tab; tabs that refuse (protected ones) are left out."""
    path = folder / source.name
    shutil.copyfile(source, path)
    workbook, done = ExcelWorkbook(path), []
    try:
        for spot in spots(path):
            if not workbook.read().tab(spot.tab).obstacle:
                workbook.apply([SetNote(spot, OURS)], expected=workbook.read().revision, look=LOOK)
                done.append(spot)
    except NetzwerkError:
        return None
    return (source, path, done) if done else None


@pytest.fixture(scope="module")
def trials(tmp_path_factory, long):
    if not workbooks():
        pytest.skip("the shared workbooks (../shared/data/workbooks) are not here")
    folder = tmp_path_factory.mktemp("notes")
    chosen = [source for at, source in enumerate(workbooks()) if long or at % 3 == 0 or noted(source)]
    return [trial for source in chosen if (trial := annotated(source, folder))]


def noted(source):
    """Say whether anybody hung a note into a workbook, or drew in the old way."""
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(source) as archive:
        return any("comment" in name.lower() or name.endswith(".vml") for name in archive.namelist())
    return False


def test_the_notes_of_people_stay_and_ours_joins_them(trials):
    joined = 0
    for source, path, done in trials:
        before, after = notes_of(source), notes_of(path)
        for spot in done:
            mine = dict(after[spot.tab].found)
            assert mine.pop((spot.row, spot.column)) == OURS
            assert mine == before[spot.tab].found
            joined += bool(mine)
    assert len(trials) > 50
    assert joined >= 12


def test_only_the_parts_of_notes_change(trials):
    for source, path, _ in trials:
        before, after = contents(source), contents(path)
        package = Package(source.read_bytes())
        mine = {"[content_types].xml"}
        for sheet in Book(package).sheets:
            folder, _, name = sheet.part.lower().rpartition("/")
            mine |= {sheet.part.lower(), f"{folder}/_rels/{name}.rels"}
            mine |= {
                one.target.lower() for one in package.relations(sheet.part) if one.kind in {"comments", "vmlDrawing"}
            }
        for part, content in before.items():
            plain = part.replace("\\", "/").lstrip("/").lower()
            assert part in after, (source.name, part)
            assert after[part] == content or plain in mine, (source.name, part)
            if after[part] != content and plain.rpartition("/")[2].startswith("comments"):
                # What people wrote stands there as it did, in one piece up to where ours begins.
                listed = content[content.index(b"commentList") : content.rindex(b"</")].rpartition(b"</")[0]
                assert listed in after[part], (source.name, part)


def test_every_byte_of_an_old_drawing_stays_around_the_new_shape(trials):
    seen = 0
    for source, path, _ in trials:
        before, after = contents(source), contents(path)
        for part, content in before.items():
            if part.lower().endswith(".vml") and after[part] != content:
                seen += 1
                content = content.removeprefix(BOM)
                first = next(i for i, (a, b) in enumerate(zip(content, after[part], strict=False)) if a != b)
                rest = len(content) - first
                assert after[part].endswith(content[-rest:]), (source.name, part)
    assert seen > 15


def test_taking_the_notes_away_leaves_what_was_there(trials, tmp_path):
    whole = 0
    for source, path, done in trials:
        copy = tmp_path / path.name
        shutil.copyfile(path, copy)
        workbook = ExcelWorkbook(copy)
        edits = [RemoveNote(spot, OURS) for spot in done]
        workbook.apply(edits, expected=workbook.read().revision, look=LOOK)
        before, after = contents(source), contents(copy)
        assert {title: notes.found for title, notes in notes_of(copy).items()} == {
            title: notes.found for title, notes in notes_of(source).items()
        }
        assert before.keys() | {name for name in after if name.endswith(".rels")} == after.keys(), source.name
        for part, content in before.items():
            if not part.lower().endswith((".rels", "[content_types].xml")) and "comments" not in part.lower():
                assert after[part].removeprefix(BOM) == content.removeprefix(BOM), (source.name, part)
                whole += 1
    assert whole > 300


def openpyxl_sees(paths):
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READER, *map(str, paths)],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    return [json.loads(line) for line in process.stdout.splitlines()]


def test_openpyxl_sees_all_notes(trials):
    some = [trial for trial in trials if any(notes.found for notes in notes_of(trial[0]).values())]
    some += [trial for trial in trials if trial not in some][::8]
    before, after = openpyxl_sees([t[0] for t in some]), openpyxl_sees([t[1] for t in some])
    assert len(before) == len(after) == len(some)
    compared = 0
    for (source, _, done), old, new in zip(some, before, after, strict=True):
        if isinstance(old, str) or not old:
            continue  # openpyxl cannot open it, or sees no tab in it (the strict flavour)
        for spot in done:
            assert new[spot.tab].pop(f"B{spot.row}") == [OURS.author, OURS.text], source.name
        assert new == old, source.name
        compared += 1
    assert compared > 15


def test_the_schema_rules_of_office_find_nothing_new(trials, long):
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed")
    validator = audit.OpenXmlValidator()

    def findings(path):
        return {(str(one.part_uri), str(one.description)) for one in validator.validate(str(path)).errors}

    some = [trial for trial in trials if any(notes.some for notes in notes_of(trial[0]).values())]
    small = [trial for trial in trials if trial[0].stat().st_size < LARGE]
    for source, path, _ in trials if long else [*some, *small[::12]]:
        assert not findings(path) - findings(source), source.name


def test_libreoffice_sees_every_note(trials, tmp_path):
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed")
    some = [trial for trial in trials if any(notes.found for notes in notes_of(trial[0]).values())][::2]
    some += [trial for trial in trials if trial not in some][::20]
    counts = {}
    for name, place in (("before", 0), ("after", 1)):
        folder = tmp_path / name
        folder.mkdir()
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fods"]
        subprocess.run(
            [*command, "--outdir", folder, *(trial[place] for trial in some)],
            capture_output=True, timeout=600, check=False,
        )  # fmt: skip
        for trial in some:
            made = folder / f"{trial[0].stem}.fods"
            text = made.read_text("utf-8") if made.exists() else ""
            counts[name, trial[0].name] = text.count("<office:annotation "), text.count("Konflikt KF-012")
    opened = 0
    for source, _, done in some:
        (old, _), (new, ours) = counts["before", source.name], counts["after", source.name]
        if counts["after", source.name] != (0, 0):
            assert (new, ours) == (old + len(done), len(done)), source.name
            opened += 1
    assert opened > 8


# --- one workbook -----------------------------------------------------------------------------------------


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "neu.xlsx"
    tab = design()
    create(path, [AddTab(tab)], LOOK, title="Probe", language="de-DE")
    return ExcelWorkbook(path), tab.title


def applied(workbook, *edits):
    workbook.apply(edits, expected=workbook.read().revision, look=LOOK)


def test_the_tab_is_as_before_when_the_last_note_is_gone(made):
    workbook, title = made
    before = contents(workbook.path)
    places = [Spot(title, 1, 1), Spot(title, 6, 2), Spot(title, 1_048_576, 16_384)]
    applied(workbook, *(SetNote(spot, OURS) for spot in places))
    assert {place: note.text for place, note in notes_of(workbook.path)[title].found.items()} == {
        (spot.row, spot.column): OURS.text for spot in places
    }
    applied(workbook, *(RemoveNote(spot, OURS) for spot in places))
    after = contents(workbook.path)
    changed = {part for part in before if after[part] != before[part]}
    assert before.keys() == after.keys() - {name for name in after if name.endswith(".rels")} | before.keys()
    assert all(part.endswith(".rels") or part == "[Content_Types].xml" for part in changed), changed


def test_a_note_moves_in_one_write(made):
    workbook, title = made
    applied(workbook, SetNote(Spot(title, 6, 2), OURS))
    other = Note("netzwerk", "Konflikt KF-013")
    applied(
        workbook,
        RemoveNote(Spot(title, 6, 2), OURS),
        SetNote(Spot(title, 7, 2), OURS),
        SetNote(Spot(title, 6, 2), other),
    )
    assert notes_of(workbook.path)[title].found == {(6, 2): other, (7, 2): OURS}
    vml = next(content for name, content in contents(workbook.path).items() if name.endswith(".vml"))
    assert vml.count(b'ObjectType="Note"') == 2
    assert vml.count(b"<x:Row>5</x:Row>") == 1


def test_what_people_did_in_between_is_respected(made):
    workbook, title = made
    applied(workbook, SetNote(Spot(title, 6, 2), OURS))
    for edit in (
        SetNote(Spot(title, 6, 2), OURS),
        RemoveNote(Spot(title, 6, 2), Note("netzwerk", "anders")),
        RemoveNote(Spot(title, 9, 9), OURS),
    ):
        with pytest.raises(NetzwerkError) as caught:
            applied(workbook, edit)
        assert caught.value.reason == "cell-changed"
    assert notes_of(workbook.path)[title].found == {(6, 2): OURS}


COMMENTS = (
    f'<x:comments xmlns:x="{MAIN}"><x:authors><x:author>Ute</x:author></x:authors><x:commentList><x:comment ref="A1" '
    'authorId="0"><x:text><x:r><x:t>Bitte </x:t></x:r><x:r><x:t>prüfen</x:t></x:r></x:text></x:comment></x:commentList>'
    "</x:comments>"
)
SHEET = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetData/>{{}}</worksheet>'


def with_notes(folder, comments=COMMENTS, vml="", mention='<legacyDrawing r:id="rId2"/>', more=()):
    found = {
        "xl/comments1.xml": comments,
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(
            ("rId1", "comments", "../comments1.xml"), ("rId2", "vmlDrawing", "../drawings/v.vml"), *more
        ),
    }
    if vml:
        found["xl/drawings/v.vml"] = vml
    return book(folder, SHEET.format(mention), extra=found)


def test_a_drawing_that_is_no_sound_xml_still_takes_a_shape(tmp_path):
    vml = '<xml xmlns:w="urn:schemas-microsoft-com:vml"><w:shape id="_x0000_s5000"><br>offen<b></w:shape>\n</xml>\n\n'
    workbook = ExcelWorkbook(with_notes(tmp_path, vml=vml))
    applied(workbook, SetNote(Spot("Blatt", 4, 3), OURS))
    after = contents(workbook.path)["xl/drawings/v.vml"].decode()
    assert after.startswith(vml[: vml.index("</xml>")])
    assert after.endswith("</v:shape></xml>\n\n")
    assert 'id="_x0000_s5001"' in after
    assert after.count("</xml>") == 1
    assert 'xmlns:v="urn:schemas-microsoft-com:vml" ' in after
    found = notes_of(workbook.path)["Blatt"].found
    assert found == {(1, 1): Note("Ute", "Bitte prüfen"), (4, 3): OURS}
    applied(workbook, RemoveNote(Spot("Blatt", 4, 3), OURS))
    assert b"_x0000_s5001" not in contents(workbook.path)["xl/drawings/v.vml"]


@pytest.mark.parametrize(
    "pieces",
    [
        {"vml": ""},
        {"vml": "<xml/>"},
        {"vml": "<xml></xml>", "comments": "<comments><authors></comments>"},
        {"vml": "<xml></xml>", "comments": COMMENTS.replace("Ute", "tc={1}")},
        {"vml": "<xml></xml>", "more": [("rId3", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", "../t.xml")]},
    ],
    ids=["the drawing is missing", "it has no end", "the notes are broken", "a thread", "a part of threads"],
)  # fmt: skip
def test_a_sheet_that_takes_no_notes_is_left_alone(tmp_path, pieces):
    path = with_notes(tmp_path, **pieces)
    before = path.read_bytes()
    assert notes_of(path)["Blatt"].takes is False
    with pytest.raises(NetzwerkError) as caught:
        applied(ExcelWorkbook(path), SetNote(Spot("Blatt", 4, 3), OURS))
    assert caught.value.reason in {"note-in-the-way", "part-missing"}
    assert path.read_bytes() == before


def test_the_mention_of_the_drawing_stands_before_controls(tmp_path):
    tail = '<pageMargins left="1"/><mc:AlternateContent xmlns:mc="m"><mc:Choice><controls/></mc:Choice></mc:AlternateContent>'
    path = book(tmp_path, SHEET.format(tail))
    applied(ExcelWorkbook(path), SetNote(Spot("Blatt", 4, 3), OURS))
    sheet = contents(path)["xl/worksheets/sheet1.xml"].decode()
    assert sheet.index("<pageMargins") < sheet.index("<legacyDrawing") < sheet.index("<mc:AlternateContent")


def test_a_tab_of_ours_tells_its_notes_and_others_do_not(tmp_path):
    path = tmp_path / "neu.xlsx"

    tab = design()._replace(names={"NETZ_PRUEF": Area(4, 1, 4, 1)})
    create(path, [AddTab(tab)], LOOK, title="Probe", language="de-DE")
    workbook = ExcelWorkbook(path)
    assert workbook.read().tab(tab.title).annotated is False
    applied(workbook, SetNote(Spot(tab.title, 6, 2), OURS))
    seen = workbook.read().tab(tab.title)
    assert (dict(seen.notes), seen.annotated, seen.takes_notes) == ({(6, 2): OURS}, True, True)
    assert Path(path).exists()
