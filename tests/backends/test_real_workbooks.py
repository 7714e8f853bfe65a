"""Nothing is lost in any workbook that other people made: each is edited in every way, then compared part by part."""

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from designs import LOOK, design
from packages import SHARED, contents, elements, workbooks

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.grid import AddTab, Area, Cell, ResizeTable, SetCell, SetMarker, SetName, Spot

REFUSED = Path(__file__).parents[1] / "data" / "refused.txt"
TEXT = "=Ünï & <x> _x0041_ \n zwei "
PLUMBING = {"[content_types].xml", "_rels/.rels", "docprops/custom.xml"}
DESIGN = design()._replace(names={"NETZ_PRUEF": Area(4, 1, 4, 1)})
COUNTED = {"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "calcPr"}
READERS = Path(__file__).with_name("readers.py")


def expected_refusals():
    lines = [line.partition(" #")[0].split() for line in REFUSED.read_text().splitlines()]
    return {name: set(reasons) for name, *reasons in filter(None, lines)}


@dataclasses.dataclass
class Trial:
    """What was done to one workbook."""

    source: Path
    path: Path
    refusals: set = dataclasses.field(default_factory=set)
    planned: dict = dataclasses.field(default_factory=dict)
    grafted: bool = False

    def tried(self, workbook, edits, revision):
        try:
            return workbook.apply(edits, expected=revision, look=LOOK)
        except NetzwerkError as error:
            self.refusals.add(error.reason)
            return None


def edited(source, folder):
    """Set a cell, append a row to a table, add a tab, change the added tab, leave a marker."""
    path = folder / source.name
    shutil.copyfile(source, path)
    trial = Trial(source, path)
    workbook = ExcelWorkbook(path)
    snapshot = workbook.read()
    set_a_cell(trial, workbook, snapshot)
    append_a_row(trial, workbook, workbook.read())
    snapshot = workbook.read()
    edits = [AddTab(DESIGN), SetMarker("eins"), SetName("NETZ_X", DESIGN.title, Area(5, 1, 5, 1))]
    if trial.tried(workbook, edits, snapshot.revision):
        trial.grafted = True
        change_the_new_tab(trial, workbook)
    return trial


def set_a_cell(trial, workbook, snapshot):
    for tab in snapshot.tabs:
        last = max(tab.rows, default=0)
        for row, column in ((last + 3, 1), (last + 3, 300)):
            spot = Spot(tab.title, row, column)
            if trial.tried(workbook, [SetCell(spot, Cell(TEXT))], snapshot.revision):
                trial.refusals.clear()
                assert workbook.read().tab(tab.title).rows[row][column] == TEXT
                trial.planned.setdefault(tab.title, set()).add((row, column))
                return


def append_a_row(trial, workbook, snapshot):
    earlier = set(trial.refusals)
    for tab in snapshot.tabs:
        for table in tab.tables:
            row = table.area.last_row + 1
            columns = range(table.area.first_column, table.area.last_column + 1)
            if any(tab.rows.get(row, {}).get(column) is not None for column in columns):
                continue
            edits = [SetCell(Spot(tab.title, row, column), Cell(f"neu {column}")) for column in columns]
            if trial.tried(workbook, [*edits, ResizeTable(tab.title, table.name, row)], snapshot.revision):
                trial.refusals = earlier
                after = workbook.read().tab(tab.title)
                assert next(one for one in after.tables if one.name == table.name).area.last_row == row
                assert [after.rows[row][column] for column in columns] == [f"neu {column}" for column in columns]
                trial.planned.setdefault(tab.title, set()).update((row, column) for column in columns)
                return


def change_the_new_tab(trial, workbook):
    snapshot = workbook.read()
    tab = snapshot.tab(DESIGN.title)
    assert snapshot.names["NETZ_X"] == Spot(DESIGN.title, 5, 1)
    assert snapshot.marker == "eins"
    for (row, column), cell in DESIGN.cells.items():
        assert tab.rows.get(row, {}).get(column) == cell.value
    styles = workbook.roles(DESIGN.title)
    assert all(styles[place] == LOOK[cell.role].name for place, cell in DESIGN.cells.items())
    edits = [
        SetCell(Spot(DESIGN.title, 6, 2), Cell(99, "number"), 3),
        SetCell(Spot(DESIGN.title, 6, 6), Cell("neu", "link", "https://example.com/"), "zum Anfang"),
        SetCell(Spot(DESIGN.title, 11, 1), Cell("Neu", "body")),
        ResizeTable(DESIGN.title, "tblPruefblatt", 11),
        SetMarker("zwei"),
    ]
    workbook.apply(edits, expected=snapshot.revision, look=LOOK)
    after = workbook.read()
    assert after.marker == "zwei"
    assert after.tab(DESIGN.title).rows[6][2] == 99
    with pytest.raises(NetzwerkError) as caught:
        workbook.apply([AddTab(DESIGN)], expected=after.revision, look=LOOK)
    assert caught.value.reason == "tab-exists"


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    if not workbooks():
        pytest.skip("the shared workbooks (../shared/data/workbooks) are not here")
    folder = tmp_path_factory.mktemp("edited")
    return {source.name: edited(source, folder) for source in workbooks()}


def test_every_workbook_is_edited_or_refused_for_a_known_reason(trials):
    known = expected_refusals()
    unknown = {
        name: sorted(trial.refusals - known.get(name, set()))
        for name, trial in trials.items()
        if trial.refusals - known.get(name, set())
    }
    assert not unknown
    # The list may only shrink: a refusal that no longer happens leaves it.
    stale = {name: reasons - trials[name].refusals for name, reasons in known.items() if name in trials}
    assert not {name: reasons for name, reasons in stale.items() if reasons}


def owned(trial, before):
    """Parts that may differ: the plumbing, and the sheets and tables that were edited."""
    from netzwerk_sheets.backends.excel.book import Book
    from netzwerk_sheets.backends.excel.package import Package

    package = Package(trial.source.read_bytes())
    main = Book(package)
    parts = {main.part.lower(), *PLUMBING}
    parts |= {relations_of(main.part)}
    parts |= {(package.related(main.part, "styles") or "").lower()}
    for sheet in main.sheets:
        if sheet.title in trial.planned:
            parts |= {sheet.part.lower()}
            parts |= {one.target.lower() for one in package.relations(sheet.part) if one.kind == "table"}
    return parts


def relations_of(part):
    folder, _, name = part.lower().rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def plain(name):
    return name.replace("\\", "/").lstrip("/").lower()


def test_every_part_of_others_stays_byte_for_byte(trials):
    for name, trial in trials.items():
        before, after = contents(trial.source), contents(trial.path)
        mine = owned(trial, before)
        for part, content in before.items():
            if plain(part).endswith("calcchain.xml") and part not in after:
                continue
            assert part in after, (name, part)
            if plain(part) not in mine:
                assert after[part] == content, (name, part)


def lost(before, after, planned):
    """Elements that are no longer there as they were, apart from what was planned."""
    from netzwerk_sheets.backends.excel.references import cell_name

    cells = {cell_name(*place) for place in planned}
    rows = {str(row) for row, _ in planned}
    for (name, attributes, text), count in (before - after).items():
        said = dict(attributes)
        if name in COUNTED | {"dimension"} or (name == "c" and said.get("r") in cells):
            continue
        if name == "row" and said.get("r") in rows:
            continue
        if name in {"Override", "Relationship"} and "calcchain" in str(attributes).lower():
            continue
        if name in {"table", "autoFilter"} and planned:
            continue
        yield name, attributes, text, count


def test_no_element_of_an_owned_part_is_lost_or_altered(trials):
    for name, trial in trials.items():
        before, after = contents(trial.source), contents(trial.path)
        planned = set().union(*trial.planned.values()) if trial.planned else set()
        for part in before:
            if plain(part) in owned(trial, before) and part in after and before[part] != after[part]:
                missing = list(lost(elements(before[part]), elements(after[part]), planned))
                assert not missing, (name, part, missing[:5])


def answers(paths, reader):
    """Let another reader tell what stands in the workbooks, in a process of its own: it may be killed."""
    found, rest = {}, [str(path) for path in paths]
    while rest:
        process = subprocess.run(
            [sys.executable, READERS, reader, *rest], capture_output=True, text=True, timeout=600, check=False
        )
        lines = [json.loads(line) for line in process.stdout.splitlines()]
        found |= {line["path"]: line for line in lines}
        if len(lines) == len(rest):
            break
        found[rest[len(lines)]] = {"error": "killed"}
        rest = rest[len(lines) + 1 :]
    return found


@pytest.mark.parametrize("reader", ["calamine", "openpyxl"])
def test_other_readers_see_the_same_cells_as_before(trials, reader, long):
    if reader == "openpyxl" and not long:  # it takes ten times as long as the other
        trials = dict(list(trials.items())[::3])
    before = answers([trial.source for trial in trials.values()], reader)
    after = answers([trial.path for trial in trials.values()], reader)
    compared = 0
    for name, trial in trials.items():
        old, new = before[str(trial.source)], after[str(trial.path)]
        if "error" in old:
            continue
        assert "error" not in new, (name, new["error"])
        compared += 1
        for title, cells in old["tabs"].items():
            planned = {f"{row},{column}" for row, column in trial.planned.get(title, ())}
            seen = {place: value for place, value in new["tabs"][title].items() if place not in planned}
            assert seen == {place: value for place, value in cells.items() if place not in planned}, (
                name,
                title,
            )
        if trial.grafted:
            assert DESIGN.title in new["tabs"] or not old["tabs"], name
    assert compared > len(trials) * 0.7


def sample(trials, long, step):
    names = sorted(name for name, trial in trials.items() if trial.grafted or trial.planned)
    return [trials[name] for name in (names if long else names[::step])]


def test_the_schema_rules_of_office_find_nothing_new(trials, long):
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed")
    validator = audit.OpenXmlValidator()

    def findings(path):
        errors = validator.validate(str(path)).errors
        # Text in place is moved by Excel at its next save; that is a remark, no fault.
        return {(str(one.part_uri), str(one.description)) for one in errors if "inline" not in str(one.description)}

    for trial in sample(trials, long, 9):
        assert not findings(trial.path) - findings(trial.source), trial.source.name


def converted(paths, folder):
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, *map(str, paths)], capture_output=True, timeout=900, check=False)
    return {path.name for path in paths if (folder / path.with_suffix(".csv").name).exists()}


def test_libreoffice_opens_what_it_opened_before(trials, long, tmp_path):
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed")
    chosen = sample(trials, long, 9)
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    before = converted([trial.source for trial in chosen], tmp_path / "before")
    after = converted([trial.path for trial in chosen], tmp_path / "after")
    assert before
    assert not before - after


def test_the_shared_workbooks_are_never_touched(trials):
    for trial in trials.values():
        assert not list(trial.path.parent.glob(".*nstmp*"))
    assert SHARED.is_dir()
