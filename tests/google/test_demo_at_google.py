"""The demo network at Google: the same tabs and numbers as in a file, what it costs, what goes wrong, who is hostile."""

import json
import os
import re
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from mirror_machine import ENDPOINT, lighten, wired
from person import DAY, netz

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.backends.google.reading import FIELDS, read_document
from netzwerk_sheets.grid import shown
from tests.sheetsim import ROBOT, Clock, Sim, discovery
from tests.sheetsim.accounts import write_key
from tests.sheetsim.document import a1_spot
from tests.sheetsim.faults import Action, status

OURS = ("init", "--demo", "--yes"), ("sync",), ("onboard", "VHS"), ("sync",)
"""What is done in both homes."""

NOON = datetime(2025, 5, 15, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The demo network in a file and in a document, made by the same commands."""
    if not discovery.available():
        pytest.skip("Google's API description is not here")
    folder, here = tmp_path_factory.mktemp("demo"), os.getcwd()
    with pytest.MonkeyPatch.context() as patch, wired(patch) as line:
        for name, value in {"STATE": str(folder / "state"), "TODAY": DAY, "LANG": "de"}.items():
            patch.setenv(f"NETZWERK_{name}", value)
        patch.delenv("NETZWERK_CONFIG", raising=False)
        os.chdir(folder)
        write_key(folder / "key.json", f"{ENDPOINT}/token")
        config = f'[google]\nkey = "key.json"\nendpoint = "{ENDPOINT}"\n'
        (folder / "netzwerk.toml").write_text(config, encoding="utf-8")
        line.sim = Sim(clock=Clock(NOON))
        doc = line.sim.create("Netzwerk")
        place, path = f"google:{doc.id}", folder / "stadt.xlsx"
        for command, *words in OURS:
            for each in (place, path):
                done = netz(command, each, *words)
                assert done.code in {0, 3}, done.err
        shutil.copytree(folder / "state", folder / "kept")
        kept = doc.content.copy()
        yield SimpleNamespace(folder=folder, path=path, doc=doc, place=place, line=line, kept=kept, config=config)
        line.sim.check()
    os.chdir(here)


@pytest.fixture
def there(made):
    """That document as it was made, on a server where nothing goes wrong yet."""
    sim = made.line.sim = Sim(clock=Clock(NOON))
    made.sim, made.doc = sim, sim.create("Netzwerk", document_id=made.doc.id)
    made.doc.content = made.kept.copy()
    lighten(made.doc)
    made.doc.version = 1000  # versions only grow
    (made.folder / "netzwerk.toml").write_text(made.config, encoding="utf-8")
    (made.folder / "key.json").chmod(0o600)
    shutil.rmtree(made.folder / "state")
    shutil.copytree(made.folder / "kept", made.folder / "state")
    yield made
    sim.check()


def seen(made):
    """The document as the server shows it."""
    from urllib.parse import urlencode

    token = made.line.sim.accounts.issue(ROBOT)
    query = urlencode({"fields": FIELDS})
    reply = made.line.sim.handle(
        "GET", f"/v4/spreadsheets/{made.doc.id}", query, {"authorization": f"Bearer {token}"}, b""
    )
    return read_document(reply.json(), "").snapshot


# --- the same as in a file --------------------------------------------------------------------------------


def test_the_same_tabs_hold_the_same_in_every_cell(made):
    there = {tab.title: tab for tab in seen(made).tabs}
    file = {tab.title: tab for tab in ExcelWorkbook(made.path).read().tabs}
    assert set(there) - set(file) == {"Tabellenblatt1"}
    assert list(file) == [title for title in there if title in file]
    assert len(file) > 25
    for title, tab in file.items():
        cells = {(r, c): shown(value) for r, line in tab.rows.items() for c, value in line.items()}
        other = {(r, c): shown(value) for r, line in there[title].rows.items() for c, value in line.items()}
        assert _plain(other, made) == _plain(cells, made), title


def _plain(cells, made):
    """Leave out what differs by nature: nothing shown, and the names of the two workbooks."""
    found = {
        place: value.replace(made.place, made.path.name) if isinstance(value, str) else value
        for place, value in cells.items()
        if value not in (None, "")
    }
    return {place: round(value, 9) if isinstance(value, float) else value for place, value in found.items()}


def test_the_same_numbers_are_told(made):
    here, there = (json.loads(netz("gaps", each, "--json").out) for each in (made.path, made.place))
    for each in (here, there):
        each.pop("workbook", None)
        each.pop("file", None)
    assert here == there


def test_every_tab_guides_people_as_in_a_file(made):
    """Dropdowns and prompts, colours that follow values, what stays in view, charts with their words, warnings."""
    import openpyxl

    book, computed = openpyxl.load_workbook(made.path), 0
    for sheet in book.worksheets:
        tab = made.doc.human.tab(sheet.title)
        rules = [cell["dataValidation"] for cell in tab.cells.values() if "dataValidation" in cell]
        assert {rule["inputMessage"] for rule in rules} == {
            each.prompt for each in sheet.data_validations.dataValidation
        }
        assert not any(rule.get("strict") for rule in rules)
        lights = sum(len(each.rules) for each in sheet.conditional_formatting)
        assert len(tab.features.get("conditionalFormats", [])) == lights, sheet.title
        frozen = a1_spot(tab.grid.get("frozenRowCount", 0), tab.grid.get("frozenColumnCount", 0))
        assert frozen == (sheet.freeze_panes or "A1"), sheet.title
        charts = tab.features.get("charts", [])
        assert len(charts) == len(sheet._charts), sheet.title
        assert all(len(each["spec"]["altText"].split()) > 4 for each in charts)
        assert all(each["warningOnly"] for each in tab.features.get("protectedRanges", []))
        computed += bool(tab.features.get("protectedRanges"))
        head = next(cell for spot, cell in sorted(tab.cells.items()) if cell.get("userEnteredValue"))
        assert head["userEnteredFormat"]["textFormat"]["fontSize"] >= 11
    assert computed >= 8
    assert sum(len(made.doc.human.tab(sheet.title).features.get("charts", [])) for sheet in book.worksheets) >= 1
    assert {each["metadataKey"] for each in made.doc.content.metadata} == {
        "netzwerk",
        "netzwerk-names",
        "netzwerk-looks",
    }
    names = {re.sub("__", ".", each["name"]) for each in made.doc.content.named_ranges}
    assert names == {name for name in book.defined_names if name.startswith("NETZ_")}


# --- what it costs, and when Google says no ---------------------------------------------------------------


@pytest.mark.parametrize("more", [pytest.param(12, marks=pytest.mark.long), 40])
def test_calls_are_counted_and_told_whatever_the_number_of_tabs(there, more):
    for number in range(more):
        there.doc.human.add_tab(f"Blatt {number}")
    netz("sync", there.place)
    there.sim.calls.clear()
    assert netz("sync", there.place).code in {0, 3}
    assert [call.name for call in there.sim.calls.log if call.name != "token"] == ["files.get"]
    for words in (("--json",), ()):
        there.doc.human.type("Partner", _spot(there, "P-013", "Stadtteil"), f"Nord {words}")
        there.sim.calls.clear()
        done = netz("sync", there.place, *words)
        assert sum(call.name != "token" for call in there.sim.calls.log) == 3
        if words:
            assert json.loads(done.out)["calls"] == {"reads": 1, "writes": 1, "drive": 1}
        else:
            assert "Anfragen an Google: 3" in done.err


def _spot(made, row_id, header, tab="Partner"):
    values = made.doc.human.values(tab)
    top = next(number for number, row in enumerate(values) if header in row and "Nr" in row)
    row = next(number for number, row in enumerate(values) if number > top and row and row[0] == row_id)
    return a1_spot(row, values[top].index(header))


@pytest.mark.parametrize(
    ("code", "match"),
    [
        (429, "batchUpdate"),
        (503, "get"),
        *(pytest.param(*each, marks=pytest.mark.long) for each in ((429, "get"), (503, "batchUpdate"))),
    ],
)
def test_a_service_that_stays_away_ends_in_time_and_in_words(there, code, match):
    there.doc.human.type("Partner", _spot(there, "P-013", "Stadtteil"), "Nord")
    before = there.doc.version
    there.sim.faults.add(status(code), match=match, times=None)
    spent = there.line.time.moment
    done = netz("sync", there.place)
    assert done.code == 5
    assert there.line.time.moment - spent <= 180
    assert there.doc.version == before
    assert 1 < len(done.err.strip().splitlines()) < 5
    assert "Traceback" not in done.err
    there.sim.faults.clear()
    assert netz("sync", there.place).code in {0, 3}
    assert there.doc.human.shows("Partner", _spot(there, "P-013", "Stadtteil")) == "Nord"


OFFICE = b'{"mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}'
SET_UP = {
    "not shared": (lambda made: made.doc.roles.clear(), 10, "frei"),
    "only to be read": (lambda made: made.doc.share(ROBOT, "reader"), 10, ROBOT),
    "the API is off": (lambda made: made.sim.faults.add("service_disabled", match="files.get"), 12, "API"),
    "the key was revoked": (lambda made: made.sim.accounts.revoked.add(ROBOT), 12, "Schlüssel"),
    "the sign-in does not reach": (lambda made: made.sim.faults.add("scope_missing", match="files.get"), 12, ""),
    "an Excel file in Google": (lambda made: made.sim.faults.add(Action("office", body=OFFICE), match="files.get"), 1, "Excel"),
    "others may read the key": (lambda made: (made.folder / "key.json").chmod(0o644), 10, "key.json"),
    "no key is named": (lambda made: (made.folder / "netzwerk.toml").write_text(""), 2, "key"),
}  # fmt: skip


@pytest.mark.parametrize("name", SET_UP)
def test_doctor_names_what_is_wrong_with_its_cure(there, name):
    spoil, code, word = SET_UP[name]
    version = there.doc.version
    spoil(there)
    done = netz("doctor", there.place)
    assert done.code == code
    last = done.out.strip().splitlines()[-1]
    assert word in last
    assert last.count(".") >= 2, "what is wrong, and what to do"
    assert there.doc.id not in done.out.replace(there.place, "")
    assert there.doc.version == version


# --- hostile, or only unlucky -----------------------------------------------------------------------------


def quiet(there):
    """Another run writes nothing, and looks once."""
    done = netz("sync", there.place)
    assert done.code in {0, 3}, done.err
    before = there.doc.version
    there.sim.calls.clear()
    assert netz("sync", there.place).code in {0, 3}
    assert there.doc.version == before


def _range(made, tab, spot, rows=1, columns=1):
    found = re.fullmatch(r"([A-Z]+)(\d+)", spot)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return {
        "sheetId": made.doc.human.tab(tab).id, "startRowIndex": row - 1, "endRowIndex": row - 1 + rows,
        "startColumnIndex": column - 1, "endColumnIndex": column - 1 + columns,
    }  # fmt: skip


def test_what_people_build_over_our_cells_stays(there):
    """A filter, merged cells, words in bold, a formula of their own, a protected column, a sorted view."""
    human = there.doc.human
    spot = _spot(there, "P-002", "Bemerkung")
    runs = [{"format": {"bold": True}}, {"startIndex": 4, "format": {}}]
    human.put("Partner", spot, userEnteredValue={"stringValue": "fett und nicht"}, textFormatRuns=runs)
    formula = _spot(there, "P-003", "Stadtteil")
    human.type("Partner", formula, "=1+1")
    merged = _spot(there, "P-005", "Fähigkeiten")
    human.request(mergeCells={"range": _range(there, "Partner", merged, rows=2), "mergeType": "MERGE_ALL"})
    human.type("Partner", merged, "für beide")
    human.request(setBasicFilter={"filter": {"range": _range(there, "Bedarfe", "A5", rows=9, columns=4)}})
    mine = {"range": _range(there, "Maßnahmen", "A1", rows=60), "editors": {"users": [there.doc.owner]}}
    human.request(addProtectedRange={"protectedRange": mine})
    human.type("AG Einsamkeit", _spot(there, "B-002", "Problem", "AG Einsamkeit"), "am Tisch")
    quiet(there)
    assert human.cell("Partner", spot)["textFormatRuns"] == there.doc.human.cell("Partner", spot)["textFormatRuns"]
    assert human.shows("Partner", spot) == "fett und nicht"
    assert human.cell("Partner", formula)["userEnteredValue"] == {"formulaValue": "=1+1"}
    assert human.shows("Partner", merged) == "für beide"
    assert human.tab("Bedarfe").basic_filter
    assert human.shows("Bedarfe", _spot(there, "B-002", "Problem", "Bedarfe")) == "am Tisch"


GONE = {
    "the tab": (lambda doc: doc.human.delete_tab("Bedarfe"), {0, 3, 5}),
    "a row": (lambda doc: doc.human.delete_row("Bedarfe", 7), {0, 3, 5}),
}


@pytest.mark.parametrize("name", ["the tab", pytest.param("a row", marks=pytest.mark.long)])
def test_what_vanishes_while_the_tool_writes_ends_well(there, name):
    act, codes = GONE[name]
    there.doc.human.type("AG Einsamkeit", _spot(there, "B-002", "Problem", "AG Einsamkeit"), "am Tisch")
    there.sim.before("batchUpdate", act)
    done = netz("sync", there.place)
    assert done.code in codes, done.err
    assert "Traceback" not in done.err
    for _ in range(2):
        assert netz("sync", there.place).code in {0, 3, 7}
    assert "am Tisch" in {cell for row in there.doc.human.values("AG Einsamkeit") for cell in row}


def test_a_document_that_vanishes_while_the_tool_writes_is_named(there):
    there.doc.human.type("Partner", _spot(there, "P-013", "Stadtteil"), "Nord")
    there.sim.before("batchUpdate", lambda doc: there.sim.docs.pop(doc.id))
    done = netz("sync", there.place)
    assert done.code == 10
    assert len(done.err.strip().splitlines()) < 5
    there.sim.docs[there.doc.id] = there.doc  # taken out of the bin again
    quiet(there)
    assert there.doc.human.shows("Partner", _spot(there, "P-013", "Stadtteil")) == "Nord"


def test_two_at_once_lose_nothing(there, monkeypatch):
    """Somebody on another machine, without our state, syncs the document between our reading and our writing.

    There nobody knows which of two versions is older: both are kept, and people choose.
    """
    human = there.doc.human
    human.type("AG Einsamkeit", _spot(there, "B-002", "Problem", "AG Einsamkeit"), "am Tisch")
    ended = []

    def another(_doc):
        human.type("Partner", _spot(there, "P-013", "Stadtteil"), "Nord")
        monkeypatch.setenv("NETZWERK_STATE", str(there.folder / "anderswo"))
        ended.append(netz("sync", there.place).code)
        monkeypatch.setenv("NETZWERK_STATE", str(there.folder / "state"))

    there.sim.before("batchUpdate", another)
    assert netz("sync", there.place).code in {0, 3, 5}
    assert ended[0] in {0, 2, 3, 5, 7, 8}
    quiet(there)
    assert human.shows("Partner", _spot(there, "P-013", "Stadtteil")) == "Nord"
    rows = human.values("Konflikte")
    row = next(row for row in rows if "am Tisch" in row)
    head = next(row for row in rows if "Was gilt?" in row)
    assert "Es fehlen offene Orte" in row
    human.type("Konflikte", a1_spot(rows.index(row), head.index("Was gilt?")), "B")
    quiet(there)
    for tab in ("Bedarfe", "AG Einsamkeit"):
        assert human.shows(tab, _spot(there, "B-002", "Problem", tab)) == "am Tisch"
