"""The facts that real traffic settled, one test each (shared/design/google.md, section 1)."""

import pytest

from tests.sheetsim.caller import Book, Caller


@pytest.fixture
def book(sim):
    return Book(sim, sim.create("Facts", locale="en_US", time_zone="Etc/GMT").id)


def test_1_an_empty_range_has_no_values_and_ends_are_trimmed(book):
    assert book.values("'Sheet1'!A1:D4") == {"range": "Sheet1!A1:D4", "majorDimension": "ROWS"}
    book.write("A1", [["A1", "", "C1", ""], ["", "", "", ""], ["A3", "", "", ""], ["", "", "", ""]])
    assert book.rows("'Sheet1'") == [["A1", "", "C1"], [], ["A3"]]
    assert book.rows("Sheet1!B1:C3") == [["", "C1"]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("'Sheet1'", "Sheet1!A1:Z1000"),
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("A2:2", "Sheet1!A2:Z2"),
        ("A1:A", "Sheet1!A1:A1000"),
        ("A1:A1", "Sheet1!A1"),
        ("D4:A1", "Sheet1!A1:D4"),
        ("Sheet1!A2:J10001", "Sheet1!A2:J1000"),
        ("'D3'!A1:D4", "'D3'!A1:D4"),
        ("🌵 test 1!A:A", "'🌵 test 1'!A1:A1000"),
        ("'export-records'!A1:F1", "'export-records'!A1:F1"),
        ("'Sheet1'!NamedRange", "Sheet1!B1:C3"),
        ("NamedRange", "Sheet1!B1:C3"),
        ("'Jon''s'!A1", "'Jon''s'!A1"),
    ],
)
def test_2_a_range_is_said_back_in_one_form(book, asked, said):
    area = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}
    titles = ("D3", "🌵 test 1", "export-records", "Jon's")
    book.batch(
        {"addNamedRange": {"namedRange": {"name": "NamedRange", "range": area}}},
        *({"addSheet": {"properties": {"title": title}}} for title in titles),
    )
    assert book.values(asked)["range"] == said


def test_3_defaults_are_left_out_but_a_tab_always_says_its_id_and_place(book):
    assert book.get(fields="namedRanges") == {}
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    editors = {"users": [], "groups": []}
    [reply] = book.batch(
        {"addProtectedRange": {"protectedRange": {"range": area, "warningOnly": False, "editors": editors}}}
    )["replies"]
    protected = reply["addProtectedRange"]["protectedRange"]
    assert protected["editors"] == {}
    assert "sheetId" not in protected["range"]
    assert protected["range"]["startRowIndex"] == 0
    assert "warningOnly" not in protected
    groups = {"range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}}
    book.batch({"addDimensionGroup": groups})
    assert book.batch({"deleteDimensionGroup": groups})["replies"] == [{"deleteDimensionGroup": {}}]
    tab = book.get()["sheets"][0]["properties"]
    assert (tab["sheetId"], tab["index"]) == (0, 0)
    assert book.get()["properties"]["defaultFormat"]["textFormat"]["foregroundColor"] == {}


def test_4_null_leaves_a_cell_alone_and_the_empty_text_clears_it(book):
    book.write("A1", [["old", "old"], ["old", "old"]])
    reply = book.write("A1:B2", [[None, "x"], ["y", None]])
    assert (reply["updatedRange"], reply["updatedCells"]) == ("Sheet1!A1:B2", 2)
    assert book.rows("A1:B2") == [["old", "x"], ["y", "old"]]
    assert book.write("A1", [[""]])["updatedCells"] == 1
    assert book.rows("A1:B2") == [["", "x"], ["y", "old"]]
    reply = book.write("A1:C2", [["a", "b"], ["c", "d", "e"]])
    assert (reply["updatedRange"], reply["updatedCells"]) == ("Sheet1!A1:C2", 5)


def test_5_append_drifts(book):
    book.write("A1", [["x", "", "z"]])
    reply = book.append("'Sheet1'", [["x", "", "z"]])
    assert reply["tableRange"] == "Sheet1!C1"
    assert reply["updates"]["updatedRange"] == "Sheet1!C2:E2"


def test_5_append_to_a_cell_of_the_table_does_not(book):
    book.write("A1", [["x", "", "z"]])
    reply = book.append("'Sheet1'!A1", [["x", "", "z"]])
    assert reply["tableRange"] == "Sheet1!A1"
    assert reply["updates"]["updatedRange"] == "Sheet1!A2:C2"


@pytest.mark.parametrize(
    ("how", "dates", "seen"),
    [
        ("UNFORMATTED_VALUE", "SERIAL_NUMBER", [2, 43831]),
        ("UNFORMATTED_VALUE", "FORMATTED_STRING", [2, "2020-01-01"]),
        ("FORMATTED_VALUE", "SERIAL_NUMBER", ["2", "2020-01-01"]),
        ("FORMATTED_VALUE", "FORMATTED_STRING", ["2", "2020-01-01"]),
        ("FORMULA", "SERIAL_NUMBER", ["=4/2", 43831]),
    ],
)
def test_6_the_rendering_matrix(book, how, dates, seen):
    book.write("A1", [["=4/2", "2020-01-01"]], "USER_ENTERED")
    assert book.rows("A1:B1", valueRenderOption=how, dateTimeRenderOption=dates) == [seen]


def test_7_what_was_written_is_said_back_trimmed_and_masks_come_with_dots_or_slashes(book):
    reply = book.write("A1:C2", [["a", "b", ""], ["", "", ""]], includeValuesInResponse="true")
    assert reply["updatedData"] == {"range": "Sheet1!A1:C2", "majorDimension": "ROWS", "values": [["a", "b"]]}
    cell = {"rows": [{"values": [{"note": "n"}]}], "fields": "note", "start": {"sheetId": 0}}
    book.batch({"updateCells": cell})
    with_dots = book.get(fields="sheets.data.rowData.values.note", includeGridData="false")
    assert with_dots == {"sheets": [{"data": [{"rowData": [{"values": [{"note": "n"}]}]}]}]}
    assert book.get(fields="sheets/data/rowData/values/note") == with_dots


def test_8_a_fresh_tab_a_new_document_and_a_deleted_one(sim):
    sim.robots_may_own = True
    caller = Caller(sim)
    made = caller.ok("POST", "/drive/v3/files", {"name": "New", "mimeType": "application/vnd.google-apps.spreadsheet"})
    seen = caller.ok("GET", f"/v4/spreadsheets/{made['id']}")
    assert (seen["properties"]["locale"], seen["properties"]["timeZone"]) == ("en_US", "Etc/GMT")
    assert seen["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    gone = caller.send("DELETE", f"/drive/v3/files/{made['id']}")
    assert (gone.status, gone.body) == (204, b"")
    assert caller.send("GET", f"/v4/spreadsheets/{made['id']}").status == 404


def test_9_a_slash_more_does_not_matter(book):
    rename = {"updateSpreadsheetProperties": {"properties": {"title": "Other"}, "fields": "title"}}
    assert book.caller.ok("POST", f"{book.path}/:batchUpdate", {"requests": [rename]})["replies"] == [{}]
    assert book.caller.ok("GET", f"{book.path}/")["properties"]["title"] == "Other"


def test_typed_zeros_are_lost(book):
    book.write("B1", [["0042"]], "USER_ENTERED")
    assert book.rows("B1") == [["42"]]


def test_an_error_of_drive_looks_unlike_one_of_sheets(sim):
    caller = Caller(sim)
    sheets = caller.send("GET", "/v4/spreadsheets/none").json()["error"]
    assert sheets == {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
    drive = caller.send("GET", "/drive/v3/files/none").json()["error"]
    assert "status" not in drive
    assert drive["errors"][0]["reason"] == "notFound"


@pytest.mark.parametrize(
    ("area", "begins"),
    [
        ("Sheet1", "B7"),
        ("B4", "B7"),
        ("C5:D5", "B7"),
        ("B2:D4", "B7"),
        ("A3:G10", "B7"),
        ("A1", "A3"),
        ("E4", "E4"),
        ("A4", "A4"),
    ],
)
def test_append_finds_the_table_as_googles_guide_says(book, area, begins):
    book.write("A1", [["x", "y", "z"], ["x", "y", "z"]])
    book.write("B4", [["x", "y", ""], ["x", "", "z"], ["x", "y", "z"]])
    assert book.append(area, [["new"]])["updates"]["updatedRange"] == f"Sheet1!{begins}"


def test_what_lies_outside_a_smaller_grid_is_lost(book):
    book.write("A1", [["a"], ["b"]])
    for rows in (1, 5):
        size = {"properties": {"gridProperties": {"rowCount": rows}}, "fields": "gridProperties.rowCount"}
        book.batch({"updateSheetProperties": size})
    assert book.values("A1:A") == {"range": "Sheet1!A1:A5", "majorDimension": "ROWS", "values": [["a"]]}
