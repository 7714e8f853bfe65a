"""LibreOffice opens, calculates and saves the workbook, and nothing is lost on the way."""

import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from injection import carried, formulas, typed_everywhere
from person import Person, netz

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="module")
def office(tmp_path_factory, lacking):
    """Convert files with LibreOffice, in a profile of our own."""
    if not shutil.which("soffice"):
        lacking("soffice", "LibreOffice (soffice) is not installed")
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    # Formulas of files of others are only calculated anew when this is set to "always".
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>'
        "</oor:items>",
        encoding="utf-8",
    )

    def convert(kind, folder, *paths):
        folder.mkdir(exist_ok=True)
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", kind, "--outdir", folder, *paths],
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        return [folder / f"{Path(path).stem}.{kind.partition(':')[0]}" for path in paths]

    return convert


def shown_values(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formulas_of(path):
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def changes_by_itself(path):
    """Whether a workbook shows other numbers whenever it is opened."""
    with zipfile.ZipFile(path) as archive:
        return any(word in archive.read(name) for name in archive.namelist() for word in (b"RAND", b"NOW(", b"TODAY("))


PICTURES = {
    "start": "Das ist jetzt dran",
    "coverage": "Abdeckung: Was ist gedeckt, was fehlt?",
    "gaps": "Lücken: Was fehlt noch?",
    "onboarding": "Willkommen im Netzwerk: Wohnbau",
}
"""Picture of the handbook → what stands on its page."""


def pages_of(pdf):
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def test_the_demo_becomes_a_pdf_whose_pages_say_where_they_belong(office, tmp_path):
    """The pictures of the handbook are made here, into ``out/handbook``; the repository holds them as they were once."""
    path, today = tmp_path / "heute.xlsx", date.today().isoformat()
    netz("init", path, "--demo", "--today", today)
    netz("sync", path, "--today", today)
    (pdf,) = office("pdf", tmp_path / "pdf", path)
    assert pdf.read_bytes().startswith(b"%PDF")
    if not shutil.which("pdftoppm"):
        pytest.skip("poppler (pdftotext, pdftoppm) is not installed")
    pages = pages_of(pdf)
    assert all(
        "Netzwerk Inklusion Musterstadt" in page and f"Seite {n}" in page for n, page in enumerate(pages, start=1)
    )
    tasks = [page for page in pages if re.search(r"Musterstadt[^\n]* Aufgaben\n", page)]
    assert len(tasks) > 2
    assert all("Erledigt am" in page for page in tasks)
    first = [page for page in pages if re.search(r"Musterstadt[^\n]* Start\n", page)]
    assert [page.split("\n")[3:8] for page in first[1:] if "Offene Aufgaben" in page]
    folder = Path(__file__).resolve().parents[2] / "out" / "handbook"
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in PICTURES.items():
        number = next(n for n, page in enumerate(pages, start=1) if words in page)
        cut = ["-f", str(number), "-l", str(number), "-singlefile", "-r", "64", "-png"]
        subprocess.run(["pdftoppm", *cut, pdf, folder / name], check=True)
        assert (folder / f"{name}.png").stat().st_size > 10_000


def test_libreoffice_calculates_the_values_we_wrote(office, stadt, tmp_path):
    """The formulas speak of today, so the demo is made for today here."""
    path = tmp_path / "heute.xlsx"
    netz("init", path, "--demo", "--today", date.today().isoformat())
    netz("sync", path, "--today", date.today().isoformat())
    (again,) = office("xlsx:Calc MS Excel 2007 XML", tmp_path / "neu", path)
    formulas = formulas_of(path)
    ours, theirs = shown_values(path), shown_values(again)
    assert len(formulas) > 50
    different = {
        place: (ours.get(place), theirs.get(place))
        for place in formulas
        if (ours.get(place) or "") != (theirs.get(place) or "")
        and not (isinstance(ours.get(place), float) and ours[place] == pytest.approx(theirs.get(place)))
    }
    assert not different


def test_a_round_trip_through_libreoffice_loses_nothing_and_needs_nothing(office, stadt, tmp_path):
    stadt.type("Lücken", "B-006/Räume", "Notiz", "Museum fragen")
    stadt.type("Partner", "P-013", "Bemerkung", "=1+1")
    netz("sync", stadt.path)
    before, formulas = shown_values(stadt.path), formulas_of(stadt.path)
    (again,) = office("xlsx:Calc MS Excel 2007 XML", tmp_path / "neu", stadt.path)
    shutil.copyfile(again, stadt.path)
    resaved = stadt.path.read_bytes()
    done = netz("sync", stadt.path)
    assert done.code in {0, 3}, done.err
    assert stadt.path.read_bytes() == resaved, done.err
    after = shown_values(stadt.path)
    different = {
        place: (value, after.get(place))
        for place, value in before.items()
        if place not in formulas
        and value != after.get(place)
        and not (isinstance(value, float) and value == pytest.approx(after.get(place)))
    }
    assert not different
    assert formulas_of(stadt.path) == formulas
    assert ("Partner", "AE14") in formulas
    assert Person(stadt.path).reads("Lücken", "B-006/Räume", "Notiz") == "Museum fragen"


@pytest.mark.parametrize("how", ["inline", "shared"])
def test_what_begins_like_a_formula_is_still_text_after_libreoffice_calculated_and_saved_it(
    office, stadt, tmp_path, how
):
    """Nothing of it is calculated, nothing differs, and the next sync has nothing to write."""
    netz("sync", stadt.path)
    typed = typed_everywhere(stadt, how)
    assert netz("sync", stadt.path).code in {0, 3}
    before = carried(stadt.path)[0]
    own = formulas(stadt.path)
    (again,) = office("xlsx:Calc MS Excel 2007 XML", tmp_path / "neu", stadt.path)
    shutil.copyfile(again, stadt.path)
    resaved = stadt.path.read_bytes()
    counts, wrong = carried(stadt.path)
    assert not wrong
    assert {text: counts.get(text) for text in typed} == {text: before.get(text) for text in typed}
    assert formulas(stadt.path).keys() == own.keys()
    done = netz("sync", stadt.path)
    assert done.code in {0, 3}, done.err
    assert stadt.path.read_bytes() == resaved, done.err


def test_people_may_go_on_working_after_libreoffice(office, stadt, tmp_path):
    (again,) = office("xlsx:Calc MS Excel 2007 XML", tmp_path / "neu", stadt.path)
    shutil.copyfile(again, stadt.path)
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "erledigt")
    stadt.type("Partner", "P-007", "Status", "ruhend")
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.reads("OB P-016 Wohnbau", "P-016.T-A03", "Status") == "erledigt"
    assert len(stadt.ids("Lücken", "Lücke")) > 16
    once = stadt.path.read_bytes()
    shutil.rmtree(tmp_path / "state" / "glance", ignore_errors=True)
    netz("sync", stadt.path)
    assert stadt.path.read_bytes() == once


def test_a_chart_still_follows_its_table_after_libreoffice_saved_it(office, stadt, tmp_path):
    netz("sync", stadt.path)
    (again,) = office("xlsx:Calc MS Excel 2007 XML", tmp_path / "neu", stadt.path)
    shutil.copyfile(again, stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    netz("sync", stadt.path, "--today", "2025-06-30")
    with zipfile.ZipFile(stadt.path) as archive:
        charts = b"".join(archive.read(name) for name in archive.namelist() if "charts/chart" in name)
        frames = b"".join(archive.read(name) for name in archive.namelist() if "drawings/drawing" in name)
    assert b"$A$5:$A$10" in charts
    assert b"<c:v>30.06.2025</c:v>" in charts
    assert re.search(
        "Die Deckung ist gestiegen: von 40\u00a0% am 01.02.2023 auf [0-9]+\u00a0% am 30.06.2025".encode(), frames
    )


def test_workbooks_of_others_open_after_init_as_before(office, long, tmp_path):
    sources = sorted((SHARED / "workbooks").glob("*.xls*"))
    if not sources:
        pytest.skip("the shared workbooks (../shared/data/workbooks) are not here")
    copies, originals = [], []
    (tmp_path / "mit").mkdir()
    for source in sources if long else sources[5::30]:
        path = tmp_path / "mit" / source.name
        shutil.copyfile(source, path)
        if netz("init", path).code == 0:
            copies.append(path)
            originals.append(source)
    assert copies
    before = {path.name for path in office("csv", tmp_path / "vorher", *originals) if path.exists()}
    csv = office("csv", tmp_path / "nachher", *copies)
    after = {path.name for path in csv if path.exists()}
    assert before
    assert not before - after
    for path, source in zip(csv, originals, strict=True):
        if path.name in before and not changes_by_itself(source):
            assert path.read_bytes() == (tmp_path / "vorher" / path.name).read_bytes(), path.name


def test_a_note_on_a_conflict_is_still_known_after_libreoffice_saved_it(stadt, office):
    stadt.type("OB P-016 Wohnbau", "P-016.T-A03", "Status", "erledigt")
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "in Arbeit")
    netz("sync", stadt.path)
    (saved,) = office("xlsx", stadt.path.parent / "office", stadt.path)
    shutil.copyfile(saved, stadt.path)
    assert sum(len(tab.notes) for tab in stadt.snapshot().tabs) == 2
    netz("sync", stadt.path)
    assert sum(len(tab.notes) for tab in stadt.snapshot().tabs) == 2
    stadt.type("Aufgaben", "P-016.T-A03", "Status", "erledigt")
    assert netz("sync", stadt.path).code in {0, 3}
    assert sum(len(tab.notes) for tab in stadt.snapshot().tabs) == 0
    once = stadt.path.read_bytes()
    shutil.rmtree(stadt.path.parent / "state" / "glance")
    netz("sync", stadt.path)
    assert stadt.path.read_bytes() == once


def test_letters_open_in_libreoffice_and_say_what_they_shall(stadt, office, lacking):
    assert netz("export", stadt.path, "docx").code == 0
    letters = sorted((stadt.path.parent / "stadt-docx").glob("*.docx"))
    texts = office("txt:Text (encoded):UTF8", stadt.path.parent / "text", *letters)
    if not any(path.exists() for path in texts):
        lacking("lowriter", "this LibreOffice has no Writer")
    said = {path.stem: path.read_text("utf-8-sig") for path in texts}
    assert "schön, dass Volkshochschule Musterstadt dabei ist." in said["P-005-willkommen"]
    assert "Zum Netzwerk gehören 10 Partner aus 6 Gesellschaftsbereichen." in said["steckbrief"]
    assert not any(mark in text for text in said.values() for mark in ("{{", "{%"))
