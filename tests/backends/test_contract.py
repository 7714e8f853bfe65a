"""What every home of a workbook promises, asked of a file and of a document at Google in the same words."""

from datetime import date, time

import pytest
from homes import TAB, Document, File

from netzwerk_sheets.errors import NetzwerkError, WorkbookChanged, WorkbookNotFound, WorkbookRefused, WrongUse
from netzwerk_sheets.grid import (
    AddTab,
    Area,
    Cell,
    Chart,
    Choice,
    Formula,
    Highlight,
    Note,
    RemoveNote,
    SetCell,
    SetMarker,
    SetName,
    SetNote,
    Spot,
    TabDesign,
    Validation,
    shown,
)
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.looks import look
from tests.sheetsim.fixtures import *  # noqa: F403 - fixtures are found by name

LOOK = look(Words("de"))


@pytest.fixture(params=["file", "de_DE", "en_US"])
def home(request, tmp_path):
    if request.param == "file":
        return File(tmp_path)
    return Document(request.getfixturevalue("sim"), request.param)


def put(home, *edits, workbook=None):
    """Read and write once; a cell is given as (row, column, cell or value)."""
    workbook = workbook or home.open()
    snapshot = workbook.read()
    present = snapshot.tab(TAB).rows if any(type(edit) is tuple for edit in edits) else {}
    whole = [
        SetCell(Spot(TAB, edit[0], edit[1]), _cell(edit[2]), present.get(edit[0], {}).get(edit[1]))
        if type(edit) is tuple
        else edit
        for edit in edits
    ]
    return workbook.apply(whole, expected=snapshot.revision, look=LOOK)


def _cell(value):
    return value if isinstance(value, Cell) else Cell(value)


def rows(home, tab=TAB):
    return {row: dict(cells) for row, cells in home.open().read().tab(tab).rows.items()}


def refused(home, reason, *edits, kind=WorkbookRefused):
    before = home.content()
    with pytest.raises(kind, match=reason) as told:
        put(home, *edits)
    assert home.content() == before
    return told.value


# --- values -----------------------------------------------------------------------------------------------

VALUES = [
    "00123", "=1+1", "+49 221 1234", "-5", "@anna", "'x", "1,5", "31.12.2026", "TRUE", "wahr", "A; B; C", "Zeile\nzwei",
    "ä ß 🌵", "x" * 30_000, 7, -7, 0, 1.5, 1e15, 0.1 + 0.2, True, False, date(2026, 12, 31), date(1950, 1, 1),
    time(6, 15), "https://example.org",
]  # fmt: skip


@pytest.mark.parametrize("role", ["", "input", "input_date", "percent"])
def test_values_come_back_with_their_type(home, role):
    put(home, *((row, 1, Cell(value, role)) for row, value in enumerate(VALUES, start=1)))
    found = [rows(home)[row][1] for row in range(1, len(VALUES) + 1)]
    assert found == VALUES
    assert [type(value) for value in found] == [type(value) for value in VALUES]


def test_a_formula_shows_its_result(home):
    put(home, (1, 1, 2), (1, 2, Formula("A1*21", 42)))
    assert shown(rows(home)[1][2]) == 42
    assert rows(home)[1][2].text == "A1*21"


def test_an_emptied_cell_is_empty_and_its_neighbours_stay(home):
    home.type(1, 1, "a")
    home.type(1, 2, "b")
    put(home, (1, 1, None))
    assert rows(home) == {1: {2: "b"}}


def test_what_is_too_long_is_refused(home):
    refused(home, "text-too-long", (1, 1, "x" * 50_001), kind=NetzwerkError)


# --- what was read is what is written on ------------------------------------------------------------------


def test_nothing_to_do_writes_nothing(home):
    workbook, before = home.open(), home.content()
    revision = workbook.read().revision
    assert workbook.apply([], expected=revision, look=LOOK) == revision
    assert home.content() == before


def test_an_old_revision_is_not_written(home):
    workbook = home.open()
    old = workbook.read().revision
    home.type(1, 1, "von Anna")
    workbook.read()
    with pytest.raises(WorkbookChanged):
        workbook.apply([SetMarker("m")], expected=old, look=LOOK)
    assert rows(home) == {1: {1: "von Anna"}}


def test_a_cell_that_holds_something_else_than_expected_stops_everything(home):
    home.type(1, 1, "von Anna")
    planned = SetCell(Spot(TAB, 1, 1), Cell("ours"), "etwas anderes")
    told = refused(home, "cell-changed", (2, 1, "auch"), planned, kind=WorkbookChanged)
    assert told.facts["cell"] == "A1"


def test_a_workbook_that_is_not_there_is_named(home):
    with pytest.raises(WorkbookNotFound):
        home.gone().read()


# --- looks, tabs, names -----------------------------------------------------------------------------------


def test_roles_are_told(home):
    workbook = home.open()
    put(home, (1, 1, Cell("Kopf", "head")), (2, 1, Cell("x", "input")), workbook=workbook)
    workbook.read()
    assert workbook.roles(TAB) == {(1, 1): LOOK["head"].name, (2, 1): LOOK["input"].name}
    with pytest.raises(WrongUse, match="role-unknown"):
        put(home, (1, 1, Cell("x", "keine")))


def test_a_new_tab_shows_what_its_design_says(home):
    spot = Spot("Partner", 6, 1)
    chart = Chart("bar", "Titel", "Balken: Arbeit fehlt.", spot, 16.0, 8.0, Area(2, 1, 3, 1), (Area(2, 2, 3, 2),), ("Zahl",), colours=("1F6FB2",))  # fmt: skip
    menus = (Choice.LIST, Choice.DATE, Choice.WHOLE)
    design = TabDesign(
        "Partner",
        {(1, 1): Cell("Nr", "head"), (1, 2): Cell("Zahl", "head"), (2, 1): Cell("P-001", "id"), (2, 2): Cell(3, "input")},
        frozen=(1, 1),
        charts=(chart,),
        highlights=(Highlight(Area(2, 2, 9, 2), "B2>2", "late"),),
        names={"NETZ_partners": Area(1, 1, 1, 1)},
        validations=tuple(
            Validation(Area(2, 2 + n, 9, 2 + n), choice, "Titel", "Was hierher gehört", ("ja", "nein"), "Ungewohnt")
            for n, choice in enumerate(menus)
        ),
    )  # fmt: skip
    put(home, AddTab(design))
    assert home.shown("Partner") == {
        "charts": ["Balken: Arbeit fehlt."],
        "menus": {"B2:B9": "list", "C2:C9": "date", "D2:D9": "whole"},
        "prompts": {"Was hierher gehört"},
        "highlights": 1,
        "frozen": "B2",
        "bold": True,
        "fill": LOOK["head"].fill,
    }
    snapshot = home.open().read()
    assert [tab.title for tab in snapshot.tabs if tab.title != TAB] == ["Partner"]
    assert snapshot.names["NETZ_partners"] == Spot("Partner", 1, 1)
    assert snapshot.tab("Partner").rows == {1: {1: "Nr", 2: "Zahl"}, 2: {1: "P-001", 2: 3}}


@pytest.mark.parametrize("title", [TAB.upper(), "a/b", "x" * 32, "[x]", "'x"])
def test_a_title_that_cannot_be_is_refused(home, title):
    refused(home, "tab-exists" if title == TAB.upper() else "tab-name-illegal", AddTab(TabDesign(title, {(1, 1): Cell("x")})))  # fmt: skip


def test_a_name_follows_its_tab_and_tells_that_people_deleted_it(home):
    put(home, AddTab(TabDesign("Partner", {(1, 1): Cell("Nr")}, names={"NETZ_partners": Area(1, 1, 1, 1)})))
    home.rename("Partner", "Unsere Partner")
    assert home.open().read().names["NETZ_partners"] == Spot("Unsere Partner", 1, 1)
    home.delete("Unsere Partner")
    assert home.open().read().names == {"NETZ_partners": None}


def test_a_name_is_moved(home):
    put(home, AddTab(TabDesign("Partner", {(1, 1): Cell("Nr")}, names={"NETZ_partners": Area(1, 1, 1, 1)})))
    put(home, SetName("NETZ_partners", "Partner", Area(4, 2, 4, 2)))
    assert home.open().read().names["NETZ_partners"] == Spot("Partner", 4, 2)


def test_the_marker_is_written_with_everything_else(home):
    assert home.open().read().marker is None
    put(home, SetMarker("netzwerk 1 run=1"))
    put(home, SetMarker("netzwerk 1 run=2"), (1, 1, "x"))
    assert home.open().read().marker == "netzwerk 1 run=2"


# --- what people built ------------------------------------------------------------------------------------


def test_only_the_first_cell_of_merged_ones_is_written(home):
    home.type(1, 1, "Titel")
    home.merge("A1:C1")
    assert refused(home, "merged-cell", (1, 2, "x")).facts["tab"] == TAB
    put(home, (1, 1, "Neuer Titel"))
    assert rows(home) == {1: {1: "Neuer Titel"}}


def test_a_tab_that_people_protected_is_an_obstacle(home):
    home.type(1, 1, "x")
    home.protect()
    assert home.open().read().tab(TAB).obstacle
    assert refused(home, "protected", (1, 1, "y")).facts["tab"] == TAB


# --- notes ------------------------------------------------------------------------------------------------

HINT = Note("netzwerk", "Konflikt KF-001")


def ours(home):
    """Our note on B2 of a tab that our names point into."""
    home.type(2, 2, "x")
    put(home, SetName("NETZ_partners", TAB, Area(1, 1, 1, 1)), SetNote(Spot(TAB, 2, 2), HINT))


def test_a_note_hangs_on_its_cell_and_is_taken_away_again(home):
    ours(home)
    assert home.notes() == {(2, 2): HINT.text}
    found = home.open().read().tab(TAB)
    assert found.takes_notes
    assert [(place, note.text) for place, note in found.notes.items()] == [((2, 2), HINT.text)]
    assert rows(home)[2] == {2: "x"}
    put(home, RemoveNote(Spot(TAB, 2, 2), found.notes[2, 2]))
    assert home.notes() == {}
    assert rows(home)[2] == {2: "x"}


def test_a_note_of_people_is_never_replaced(home):
    ours(home)
    home.note(3, 3, "bitte nachfragen")
    refused(home, "cell-changed", SetNote(Spot(TAB, 3, 3), HINT), kind=WorkbookChanged)
    refused(home, "cell-changed", RemoveNote(Spot(TAB, 3, 3), HINT), kind=WorkbookChanged)
    refused(home, "cell-changed", RemoveNote(Spot(TAB, 4, 4), HINT), kind=WorkbookChanged)
    assert home.notes() == {(2, 2): HINT.text, (3, 3): "bitte nachfragen"}


def test_notes_stay_when_values_are_written(home):
    ours(home)
    home.note(3, 3, "bitte nachfragen")
    put(home, (2, 2, "y"), (3, 3, Cell("z", "input")))
    assert home.notes() == {(2, 2): HINT.text, (3, 3): "bitte nachfragen"}
    assert home.open().read().tab(TAB).annotated
