"""Reading and writing one document: values there and back, looks, names, what is refused and what stays untouched."""

from datetime import date, datetime, time

import pytest
from google_client import way, workbook

from netzwerk_sheets.backends.google import GoogleWorkbook, ledger
from netzwerk_sheets.errors import WorkbookChanged, WorkbookRefused, WrongUse
from netzwerk_sheets.grid import (
    AddTab,
    Area,
    Cell,
    CellError,
    Chart,
    Choice,
    Formula,
    Highlight,
    ResizeTable,
    SetCell,
    SetMarker,
    SetName,
    Spot,
    TabDesign,
    TableArea,
    Validation,
)
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.looks import look
from tests.sheetsim import ROBOT

LOOK = look(Words("de"))
TAB = "Tabellenblatt1"


@pytest.fixture(params=["de_DE", "en_US"])
def doc(request, sim):
    doc = sim.create("Netz", locale=request.param)
    if request.param == "en_US":
        doc.human.rename_tab("Sheet1", TAB)
    return doc


@pytest.fixture
def book(sim, doc):
    return workbook(sim, doc)


def put(book, *edits):
    snapshot = book.read()
    present = {tab.title: tab.rows for tab in snapshot.tabs}
    whole = []
    for edit in edits:
        if type(edit) is tuple:
            row, column, cell = edit
            cell = cell if isinstance(cell, Cell) else Cell(cell)
            expected = present[TAB].get(row, {}).get(column)
            edit = SetCell(Spot(TAB, row, column), cell, expected)
        whole.append(edit)
    book.apply(whole, expected=snapshot.revision, look=LOOK)


def rows(book, title=TAB):
    return {r: dict(cells) for r, cells in book.read().tab(title).rows.items()}


# --- values -----------------------------------------------------------------------------------------------

VALUES = [
    "00123", "=1+1", "+49 221 1234", "-5", "@anna", "'x", "1,5", "31.12.2026", "TRUE", "wahr", "A; B; C", "A, B",
    "Zeile\nzwei", "ä ß 🌵", "x" * 49_000, 7, -7, 0, 1.5, 1e15, 123456789012345, 0.1 + 0.2, True, False,
    date(2026, 12, 31), date(1950, 1, 1), datetime(2026, 12, 31, 12, 30), time(6, 15), "#REF!", "https://example.org",
]  # fmt: skip


def test_values_survive_there_and_back_and_need_no_second_write(book):
    put(book, *((row, 1, value) for row, value in enumerate(VALUES, start=1)))
    found = rows(book)
    assert [found[row][1] for row in range(1, len(VALUES) + 1)] == VALUES
    assert [type(found[row][1]) for row in range(1, len(VALUES) + 1)] == [type(value) for value in VALUES]


@pytest.mark.parametrize("role", ["input", "input_date", "input_number", "input_text", "cell", "percent"])
def test_values_survive_in_cells_of_any_look(book, role):
    put(book, *((row, 1, Cell(value, role)) for row, value in enumerate(VALUES, start=1)))
    found = rows(book)
    assert [found[row][1] for row in range(1, len(VALUES) + 1)] == VALUES


def test_values_survive_when_one_takes_the_place_of_another(book):
    put(book, *((row, 1, value) for row, value in enumerate(VALUES, start=1)))
    turned = [*VALUES[7:], *VALUES[:7]]
    put(book, *((row, 1, value) for row, value in enumerate(turned, start=1)))
    found = rows(book)
    assert [found[row][1] for row in range(1, len(VALUES) + 1)] == turned


def test_what_people_type_is_read_in_the_language_of_the_document(sim):
    for locale, typed in (("de_DE", ("1,5", "31.12.2026", "0042", "'0042")), ("en_US", ("1.5", "12/31/2026", "0042", "'0042"))):  # fmt: skip
        doc = sim.create("x", locale=locale)
        title = doc.content.sheets[0].title
        for row, text in enumerate(typed, start=1):
            doc.human.type(title, f"A{row}", text)
        found = workbook(sim, doc).read().tabs[0].rows
        assert [found[row][1] for row in range(1, 5)] == [1.5, date(2026, 12, 31), 42, "0042"]


def test_formulas_are_read_with_what_they_show(book, doc):
    mark = ";" if doc.content.properties["locale"] == "de_DE" else ","
    doc.human.type(TAB, "A1", "3")
    doc.human.type(TAB, "B1", "=A1*2")
    doc.human.type(TAB, "C1", f"=SUM(A1{mark}B1)")
    doc.human.type(TAB, "D1", "=1/0")
    assert rows(book)[1] == {
        1: 3, 2: Formula("A1*2", 6), 3: Formula("SUM(A1,B1)", 9), 4: Formula("1/0", CellError("#DIV/0!")),
    }  # fmt: skip


def test_formulas_are_written_so_that_the_document_understands_them(book, doc):
    put(book, (1, 1, 3), (1, 2, Formula('IF(A1>2,"viel, sehr","wenig")', "?")))
    assert doc.human.shows(TAB, "B1") == "viel, sehr"
    assert rows(book)[1][2] == Formula('IF(A1>2,"viel, sehr","wenig")', "viel, sehr")


def test_a_wrong_guess_about_formulas_is_seen_and_set_right_once(sim, monkeypatch):
    """The document's language asks for semicolons; here the tool is made to believe the opposite."""
    from netzwerk_sheets.backends.google import formulas

    monkeypatch.setattr(formulas, "separator_for", lambda _locale: ",")
    doc = sim.create("x", locale="de_DE")
    book = workbook(sim, doc)
    put(book, (1, 1, 3), (1, 2, Formula('IF(A1>2,"viel","wenig")', "?")))
    assert doc.human.shows(TAB, "B1") == "viel"
    assert book.report.respelled == 1
    sim.calls.clear()
    put(book, (2, 1, 1), (2, 2, Formula('IF(A2>2,"viel","wenig")', "?")))
    assert doc.human.shows(TAB, "B2") == "wenig"
    assert sim.calls.count("batchUpdate") == 1


def test_formulas_of_people_move_as_they_are_spelled(sim):
    doc = sim.create("x", locale="de_DE")
    doc.human.type(TAB, "A1", "=1,5*2")
    doc.human.type(TAB, "A2", "=SUM(1,5;2)")
    book = workbook(sim, doc)
    found = rows(book)
    put(book, (4, 1, found[1][1]), (5, 1, found[2][1]))
    assert doc.human.cell(TAB, "A4")["userEnteredValue"] == {"formulaValue": "=1,5*2"}
    assert doc.human.cell(TAB, "A5")["userEnteredValue"] == {"formulaValue": "=SUM(1,5;2)"}


# --- what stays untouched ---------------------------------------------------------------------------------


def test_only_what_is_meant_is_touched(book, doc):
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "showCustomUi": True}
    doc.human.put(TAB, "B2", note="Notiz", dataValidation=rule, userEnteredFormat={"textFormat": {"bold": True}})
    doc.human.type(TAB, "B2", "alt")
    doc.human.type(TAB, "C3", "=1+1")
    doc.human.type(TAB, "D4", "bleibt")
    before = {spot: doc.human.cell(TAB, spot) for spot in ("C3", "D4")}
    put(book, (2, 2, "neu"))
    cell = doc.human.cell(TAB, "B2")
    assert cell["note"] == "Notiz"
    assert cell["dataValidation"] == rule
    assert cell["userEnteredFormat"]["textFormat"]["bold"] is True
    assert cell["userEnteredValue"] == {"stringValue": "neu"}
    assert {spot: doc.human.cell(TAB, spot) for spot in before} == before


def test_a_value_that_stays_is_not_written_even_when_the_look_is(sim, book, doc):
    doc.human.type(TAB, "A1", "bleibt")
    put(book, (1, 1, Cell("bleibt", "input")))
    fields = [request["updateCells"]["fields"] for request in sent(book) if "updateCells" in request]
    assert fields == ["userEnteredFormat"]
    put(book, (1, 1, Cell("bleibt", "input")))
    assert sent(book) == []


def test_a_value_that_stands_there_is_not_written_again(book, doc):
    """Writing it would take chips and rich text away."""
    doc.human.type(TAB, "A1", "bleibt")
    put(book, (1, 1, "bleibt"), (1, 2, "neu"))
    places = [request["updateCells"]["start"] for request in sent(book)]
    assert [place["columnIndex"] for place in places] == [1]


def sent(book):
    """Give the requests of the last write; those that only keep the books are left out."""
    return [each for each in book.last_requests if not any("eveloperMetadata" in kind for kind in each)]


@pytest.fixture(autouse=True)
def remember(monkeypatch):
    """Keep what a workbook sends, as it is sent."""
    real = GoogleWorkbook._send

    def send(self, sent, before):
        self.last_requests = sent.batch.requests
        return real(self, sent, before)

    monkeypatch.setattr(GoogleWorkbook, "_send", send)


def test_notes_and_rich_text_are_seen(book, doc):
    assert not book.read().tab(TAB).annotated
    doc.human.note(TAB, "C7", "Achtung")
    assert book.read().tab(TAB).annotated


# --- tabs -------------------------------------------------------------------------------------------------

HOSTILE = ["AG1", "A1", "Sport Freizeit", "Jon's", "R1C1", "🌵 test", "1", "TRUE", "'", "x!y", "=A1", "a,b;c", '"']


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_of_people_do_no_harm(sim, title):
    doc = sim.create("x")
    doc.human.rename_tab(TAB, title)
    doc.human.type_rows(title, "A1", [["id", "Name"], ["P-001", "eins"]])
    book = workbook(sim, doc)
    snapshot = book.read()
    assert [tab.title for tab in snapshot.tabs] == [title]
    assert snapshot.tab(title).rows[2] == {1: "P-001", 2: "eins"}
    edits = [
        SetCell(Spot(title, 2, 2), Cell("zwei"), "eins"), SetCell(Spot(title, 3, 1), Cell("P-002"), None),
        SetName("NETZ_partners", title, Area(1, 1, 1, 1)), SetMarker("m"),
        AddTab(TabDesign("Start", {(1, 1): Cell("hin", "link", f"'{title.replace(chr(39), chr(39) * 2)}'!B2")})),
    ]  # fmt: skip
    book.apply(edits, expected=snapshot.revision, look=LOOK)
    again = book.read()
    assert again.tab(title).rows == {1: {1: "id", 2: "Name"}, 2: {1: "P-001", 2: "zwei"}, 3: {1: "P-002"}}
    assert again.names["NETZ_partners"] == Spot(title, 1, 1)
    assert doc.human.cell("Start", "A1")["userEnteredFormat"]["textFormat"]["link"] == {"uri": "#gid=0&range=B2"}


@pytest.mark.parametrize("title", ["Sport/Freizeit", "x:y", "a\\b", "a?", "a*", "[a]", "", " ", "'a'", "x" * 32, "a\nb"])  # fmt: skip
def test_titles_that_not_every_program_allows_are_refused(book, doc, title):
    with pytest.raises(WorkbookRefused, match="tab-name-illegal"):
        put(book, AddTab(TabDesign(title, {})))
    assert [sheet.title for sheet in doc.content.sheets] == [TAB]


@pytest.mark.parametrize("title", ["Sport/Freizeit", "x:y", "x" * 100])
def test_titles_that_only_google_allows_are_read_and_written(sim, title):
    doc = sim.create("x")
    doc.human.rename_tab(TAB, title)
    doc.human.type(title, "A1", "alt")
    book = workbook(sim, doc)
    snapshot = book.read()
    book.apply([SetCell(Spot(title, 1, 1), Cell("neu"), "alt")], expected=snapshot.revision, look=LOOK)
    assert doc.human.shows(title, "A1") == "neu"


def test_a_title_that_is_taken_is_refused(book):
    with pytest.raises(WorkbookRefused, match="tab-exists"):
        put(book, AddTab(TabDesign(TAB.upper(), {})))


def design(title="Partner", **parts):
    cells = {(1, 1): Cell("Nr", "head"), (1, 2): Cell("Name", "head"), (2, 1): Cell("P-001", "id")}
    cells |= {(2, 2): Cell("00123", "input"), (3, 1): Cell(None, "id"), (3, 2): Cell(None, "input")}
    return TabDesign(title, cells, **parts)


def test_a_new_tab_has_everything_its_design_says(sim, book, doc):
    chart = Chart("bar", "Titel", "Was es zeigt, in Worten", Spot("Partner", 5, 4), 20.0, 9.0, Area(2, 1, 3, 1), (Area(2, 2, 3, 2),), ("Name",), colours=("1F6FB2",))  # fmt: skip
    each = {Choice.LIST: ("ja", "nein"), Choice.RANGE: ("'Partner'!$A$2:$A$9",)}
    validations = tuple(
        Validation(Area(2, 2 + n, 900, 2 + n), choice, "Titel", "Was hierher gehört", each.get(choice, ()), "Ungewohnt")
        for n, choice in enumerate(Choice)
    )
    put(
        book,
        AddTab(
            design(
                widths={1: 10.0, 2: 40.0}, heights={1: 30.0}, frozen=(1, 1), colour="C9A227", charts=(chart,),
                validations=validations, names={"NETZ_partners": Area(1, 1, 1, 1), "TitleRegion1.A1": Area(1, 1, 1, 1)},
                highlights=(Highlight(Area(2, 2, 900, 2), 'AND($A2="x",$B2<TODAY())', "late"),),
            )
        ),
    )  # fmt: skip
    sheet = doc.human.tab("Partner")
    grid = sheet.properties["gridProperties"]
    assert (grid["frozenRowCount"], grid["frozenColumnCount"]) == (1, 1)
    assert grid["rowCount"] >= 900
    assert len(sheet.charts if hasattr(sheet, "charts") else sheet.features["charts"]) == 1
    reply = way(sim).call("get", f"https://sheets.googleapis.com/v4/spreadsheets/{doc.id}", params={"fields": "namedRanges,sheets(properties(title),charts(spec(title,altText)),conditionalFormats,data(rowData(values(dataValidation,userEnteredFormat)),columnMetadata(pixelSize),rowMetadata(pixelSize)))"})  # fmt: skip
    shown = next(each for each in reply["sheets"] if each["properties"]["title"] == "Partner")
    assert shown["charts"][0]["spec"] == {"title": "Titel", "altText": "Was es zeigt, in Worten"}
    rule = shown["conditionalFormats"][0]["booleanRule"]["condition"]
    mark = ";" if doc.content.properties["locale"] == "de_DE" else ","
    assert rule["values"] == [{"userEnteredValue": f'=AND($A2="x"{mark}$B2<TODAY())'}]
    rules = [cell.get("dataValidation") for cell in shown["data"][0]["rowData"][1]["values"]]
    kinds = [each["condition"]["type"] for each in rules if each]
    assert kinds == ["ONE_OF_LIST", "ONE_OF_RANGE", "DATE_IS_VALID", "NUMBER_GREATER_THAN_EQ", "CUSTOM_FORMULA"]
    assert all(not each.get("strict") and each["inputMessage"] == "Was hierher gehört" for each in rules if each)
    assert shown["data"][0]["columnMetadata"][1]["pixelSize"] == 305
    assert shown["data"][0]["rowMetadata"][0]["pixelSize"] == 40
    head = shown["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    assert head["textFormat"]["fontFamily"] == "Arial"
    assert head["textFormat"]["bold"] is True
    assert head["borders"]["top"]["style"] == "SOLID"
    assert [each["name"] for each in reply["namedRanges"]] == ["NETZ_partners"]
    assert book.read().names == {"NETZ_partners": Spot("Partner", 1, 1)}


def test_the_first_tabs_stand_before_the_empty_one_and_later_ones_behind(sim, book, doc):
    put(book, AddTab(design("Start")), AddTab(design("Partner")))
    assert [sheet.title for sheet in doc.content.sheets] == ["Start", "Partner", TAB]
    put(book, AddTab(design("Später")))
    assert [sheet.title for sheet in doc.content.sheets] == ["Start", "Partner", TAB, "Später"]


def test_in_a_document_of_people_new_tabs_stand_behind_theirs(book, doc):
    doc.human.type(TAB, "A1", "ihres")
    put(book, AddTab(design("Start")))
    assert [sheet.title for sheet in doc.content.sheets] == [TAB, "Start"]


def test_roles_are_told_and_survive_what_people_do(book, doc):
    put(book, AddTab(design()))
    book.read()
    names = {role: style.name for role, style in LOOK.items()}
    wanted = {
        (1, 1): names["head"], (1, 2): names["head"], (2, 1): names["id"], (2, 2): names["input"],
        (3, 1): names["id"], (3, 2): names["input"],
    }  # fmt: skip
    assert book.roles("Partner") == wanted
    doc.human.insert_row("Partner", 2)
    doc.human.request(repeatCell={"range": doc_range(doc, "Partner", 2, 0), "cell": {"userEnteredFormat": {"backgroundColorStyle": {"rgbColor": {"red": 1}}}}, "fields": "userEnteredFormat.backgroundColorStyle"})  # fmt: skip
    book.read()
    assert book.roles("Partner")[3, 1] == names["id"]
    doc.human.put("Partner", "B3", userEnteredFormat={"textFormat": {"foregroundColorStyle": {"rgbColor": {"red": 1}}}})
    book.read()
    assert (3, 2) not in book.roles("Partner")


def doc_range(doc, title, row, column):
    sheet = doc.human.tab(title)
    return {"sheetId": sheet.id, "startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": column, "endColumnIndex": column + 1}  # fmt: skip


@pytest.mark.parametrize("one", sorted(LOOK))
def test_no_role_is_mistaken_for_another(sim, one):
    doc = sim.create("x")
    book = workbook(sim, doc)
    put(book, AddTab(TabDesign("T", {(row, 1): Cell(row, role) for row, role in enumerate(LOOK, start=1)})))
    book.read()
    row = list(LOOK).index(one) + 1
    assert book.roles("T")[row, 1] == LOOK[one].name


def test_roles_need_a_snapshot(book):
    with pytest.raises(WorkbookChanged):
        book.roles(TAB)


# --- names ------------------------------------------------------------------------------------------------


def test_names_follow_tabs_and_know_who_deleted_them(sim, book, doc):
    put(book, AddTab(design(names={"NETZ_onboarding.P_007": Area(1, 1, 1, 1)})), SetMarker("m"))
    doc.human.rename_tab("Partner", "Jon's AG1")
    doc.human.insert_row("Jon's AG1", 1)
    assert book.read().names == {"NETZ_onboarding.P_007": Spot("Jon's AG1", 2, 1)}
    doc.human.copy_tab("Jon's AG1", "Kopie")
    assert book.read().names == {"NETZ_onboarding.P_007": Spot("Jon's AG1", 2, 1)}
    doc.human.delete_tab("Jon's AG1")
    assert book.read().names == {"NETZ_onboarding.P_007": None}
    doc.human.undo()
    assert book.read().names == {"NETZ_onboarding.P_007": Spot("Jon's AG1", 2, 1)}
    put(book, SetName("NETZ_onboarding.P_007", "Jon's AG1", Area(3, 1, 3, 1)))
    assert book.read().names == {"NETZ_onboarding.P_007": Spot("Jon's AG1", 3, 1)}


def test_a_tab_stays_ours_when_only_its_name_was_deleted(book, doc):
    put(book, AddTab(design(names={"NETZ_partners": Area(1, 1, 1, 1)})))
    doc.human.request(deleteNamedRange={"namedRangeId": ledger.number_of("NETZ_partners")})
    assert book.read().names == {"NETZ_partners": Spot("Partner", 1, 1)}
    put(book, SetName("NETZ_partners", "Partner", Area(1, 1, 1, 1)))
    assert book.read().names == {"NETZ_partners": Spot("Partner", 1, 1)}


def test_a_deleted_tab_can_be_made_again(book, doc):
    put(book, AddTab(design(names={"NETZ_partners": Area(1, 1, 1, 1)})))
    doc.human.delete_tab("Partner")
    assert book.read().names == {"NETZ_partners": None}
    put(book, AddTab(design(names={"NETZ_partners": Area(1, 1, 1, 1)})))
    assert book.read().names == {"NETZ_partners": Spot("Partner", 1, 1)}


# --- tables, merges, protection ---------------------------------------------------------------------------


def test_tables_of_people_are_read_and_grown(book, doc):
    doc.human.type_rows(TAB, "A1", [["Nr", "Name"], ["P-001", "eins"]])
    sheet = doc.human.tab(TAB)
    area = {"sheetId": sheet.id, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    doc.human.request(addTable={"table": {"name": "Liste", "range": area}})
    assert book.read().tab(TAB).tables == (TableArea("Liste", Area(1, 1, 2, 2)),)
    put(book, (3, 1, "P-002"), ResizeTable(TAB, "Liste", 3))
    assert book.read().tab(TAB).tables == (TableArea("Liste", Area(1, 1, 3, 2)),)
    with pytest.raises(WorkbookChanged):
        put(book, ResizeTable(TAB, "Andere", 3))


def test_cells_under_merged_ones_are_refused(book, doc):
    doc.human.type(TAB, "A1", "Titel")
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}
    doc.human.request(mergeCells={"range": area, "mergeType": "MERGE_ALL"})
    assert book.read().tab(TAB).merged == (Area(1, 1, 1, 3),)
    with pytest.raises(WorkbookRefused, match="merged-cell") as told:
        put(book, (1, 2, "x"))
    assert told.value.facts == {"tab": TAB, "cell": "B1"}
    put(book, (1, 1, "Neuer Titel"))
    assert doc.human.shows(TAB, "A1") == "Neuer Titel"


def protect(doc, **parts):
    doc.human.request(addProtectedRange={"protectedRange": {"editors": {"users": [doc.owner]}, **parts}})


def test_a_protected_tab_is_an_obstacle_and_named(book, doc):
    protect(doc, range={"sheetId": 0})
    assert book.read().tab(TAB).obstacle == "google-protected"
    with pytest.raises(WorkbookRefused, match="google-protected") as told:
        put(book, (1, 1, "x"))
    assert told.value.facts["tab"] == TAB


def test_protected_cells_are_respected_and_others_written(book, doc):
    protect(doc, range={"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2})
    assert book.read().tab(TAB).obstacle == ""
    with pytest.raises(WorkbookRefused, match="google-protected"):
        put(book, (2, 1, "x"))
    put(book, (3, 1, "x"))
    assert doc.human.shows(TAB, "A3") == "x"


def test_open_cells_of_a_protected_tab_may_be_written(book, doc):
    hole = {"sheetId": 0, "startRowIndex": 4, "endRowIndex": 9}
    protect(doc, range={"sheetId": 0}, unprotectedRanges=[hole])
    assert book.read().tab(TAB).obstacle == ""
    put(book, (5, 1, "x"))
    with pytest.raises(WorkbookRefused, match="google-protected"):
        put(book, (4, 1, "x"))


def test_a_protection_that_comes_between_names_the_tab(sim, book, doc):
    snapshot = book.read()
    sim.before("batchUpdate", lambda doc: protect(doc, range={"sheetId": 0}))
    with pytest.raises(WorkbookRefused, match="google-protected") as told:
        book.apply([SetCell(Spot(TAB, 1, 1), Cell("x"))], expected=snapshot.revision, look=LOOK)
    assert told.value.facts["tab"] == TAB


def test_what_the_tool_computes_warns_and_what_people_fill_is_open(book, doc):
    computed = {(row, column): Cell("x", "cell") for row in range(1, 9) for column in range(1, 6)}
    computed |= {(row, 5): Cell(None, "input") for row in range(5, 9)}
    put(book, AddTab(TabDesign("Ergebnis", computed)), AddTab(design("Eingabe")), AddTab(TabDesign("Nur", {(1, 1): Cell("x", "cell")})))  # fmt: skip
    found = {sheet.title: sheet.features.get("protectedRanges", []) for sheet in doc.content.sheets}
    assert [each["warningOnly"] for each in found["Ergebnis"]] == [True]
    hole = found["Ergebnis"][0]["unprotectedRanges"][0]
    assert (hole["startRowIndex"], hole["startColumnIndex"], hole["endColumnIndex"]) == (4, 4, 5)
    assert "unprotectedRanges" not in found["Nur"][0]
    assert book.read().tab("Ergebnis").obstacle == ""
    assert doc.roles.get(ROBOT) == "writer"


# --- revisions and refusals -------------------------------------------------------------------------------


def test_an_old_revision_is_not_written(sim, book, doc):
    first = book.read()
    doc.human.type(TAB, "A1", "x")
    book.read()
    with pytest.raises(WorkbookChanged, match="workbook-changed"):
        book.apply([SetMarker("m")], expected=first.revision, look=LOOK)
    assert sim.calls.count("batchUpdate") == 0


def test_a_write_takes_the_snapshot_with_it(book):
    revision = book.read().revision
    assert book.apply([SetMarker("m")], expected=revision, look=LOOK) != revision
    with pytest.raises(WorkbookChanged):
        book.apply([SetMarker("n")], expected=revision, look=LOOK)


def test_no_edits_cost_nothing(sim, book):
    revision = book.read().revision
    assert book.apply([], expected=revision, look=LOOK) == revision
    assert sim.calls.count("batchUpdate") == 0


def test_a_cell_that_holds_something_else_than_expected_is_not_written(sim, book, doc):
    doc.human.type(TAB, "A1", "anderes")
    snapshot = book.read()
    with pytest.raises(WorkbookChanged, match="cell-changed") as told:
        book.apply([SetCell(Spot(TAB, 1, 1), Cell("x"), "etwas")], expected=snapshot.revision, look=LOOK)
    assert told.value.facts == {"tab": TAB, "cell": "A1"}
    assert sim.calls.count("batchUpdate") == 0


def test_what_does_not_fit_is_refused_before_anything_is_sent(sim, book):
    with pytest.raises(WorkbookRefused, match="text-too-long"):
        put(book, (1, 1, "x" * 50_001))
    with pytest.raises(WrongUse, match="role-unknown"):
        put(book, (1, 1, Cell("x", "keine")))
    with pytest.raises(WrongUse, match="marker-too-long"):
        put(book, SetMarker("x" * 3000))
    assert sim.calls.count("batchUpdate") == 0


def test_rows_and_columns_beyond_the_grid_are_made(book, doc):
    put(book, (1500, 40, "weit"))
    assert doc.human.shows(TAB, "AN1500") == "weit"


def test_the_marker_is_the_documents_and_nobody_sees_it(book, doc):
    put(book, SetMarker("netzwerk 1 run=1"))
    put(book, SetMarker("netzwerk 1 run=2"))
    assert book.read().marker == "netzwerk 1 run=2"
    assert [each["visibility"] for each in doc.content.metadata if each["metadataKey"] == "netzwerk"] == ["DOCUMENT"]
    assert all(not sheet.cells for sheet in doc.content.sheets)
