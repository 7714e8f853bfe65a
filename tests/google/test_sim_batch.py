"""batchUpdate: all or nothing, strict about what it is sent, and the state after in the same reply."""

import json

import pytest

from tests.sheetsim import discovery
from tests.sheetsim.caller import Book, Caller
from tests.sheetsim.requests import KINDS, known_kinds

TAB = "Tabellenblatt1"


@pytest.fixture
def doc(sim):
    return sim.create("Netzwerk")


@pytest.fixture
def book(sim, doc):
    return Book(sim, doc.id)


def cell(row, column, **value):
    start = {"sheetId": 0, "rowIndex": row, "columnIndex": column}
    return {
        "updateCells": {
            "start": start,
            "rows": [{"values": [{"userEnteredValue": value}]}],
            "fields": "userEnteredValue",
        }
    }


def test_a_failure_in_the_middle_leaves_everything_as_it_was(book, doc):
    before, version = book.get(includeGridData="true"), doc.version
    message = book.refused(cell(0, 0, stringValue="new"), {"deleteSheet": {"sheetId": 99}}, cell(1, 0, stringValue="x"))
    assert message == "Invalid requests[1].deleteSheet: No grid with id: 99"
    assert book.get(includeGridData="true") == before
    assert doc.version == version


def test_the_state_after_comes_with_the_reply_and_obeys_ranges_and_mask(book):
    book.write("A1", [["a", "b"], ["c", "d"]])
    ask = {"includeSpreadsheetInResponse": True, "responseRanges": ["A2:B2"], "responseIncludeGridData": True}
    body = {"requests": [cell(1, 1, stringValue="new")], **ask}
    mask = "replies,updatedSpreadsheet.sheets.data(startRow,rowData.values.userEnteredValue)"
    reply = book.caller.ok("POST", f"{book.path}:batchUpdate", body, fields=mask)
    row = {"values": [{"userEnteredValue": {"stringValue": "c"}}, {"userEnteredValue": {"stringValue": "new"}}]}
    assert reply == {"replies": [{}], "updatedSpreadsheet": {"sheets": [{"data": [{"startRow": 1, "rowData": [row]}]}]}}
    whole = book.batch(cell(1, 1, numberValue=2), **ask)["updatedSpreadsheet"]
    seen = whole["sheets"][0]["data"][0]["rowData"][0]["values"][1]
    assert (seen["effectiveValue"], seen["formattedValue"]) == ({"numberValue": 2}, "2")
    without = {**ask, "responseIncludeGridData": False}
    assert "data" not in book.batch(cell(1, 1, numberValue=2), **without)["updatedSpreadsheet"]["sheets"][0]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"updateCels": {}}, "Unknown name \"updateCels\" at 'requests[0]': Cannot find field."),
        ({"deleteSheet": {"sheetID": 1}}, "Unknown name \"sheetID\" at 'requests[0].delete_sheet'"),
        ({"deleteSheet": {"sheetId": "x"}}, "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\""),
        ({"mergeCells": {"mergeType": "MERGE_IT"}}, "Invalid value at 'requests[0].merge_cells.merge_type'"),
        ({"updateCells": {"rows": [{"values": [{"note": 7}]}]}}, "(TYPE_STRING), 7"),
        ({"updateCells": {"rows": {}}}, "Invalid value at 'requests[0].update_cells.rows'"),
        ({}, "Invalid requests[0]"),
        ({"deleteSheet": {"sheetId": 1}, "addSheet": {}}, "exactly one kind"),
        ({"updateCells": {"start": {}, "rows": []}}, "At least one field must be listed in 'fields'."),
        ({"updateCells": {"start": {}, "rows": [], "fields": "nots"}}, "invalid argument"),
        (
            {"updateCells": {"start": {"rowIndex": 1000}, "rows": [{"values": [{}]}], "fields": "note"}},
            "after last row in grid",
        ),
        ({"addSheet": {"properties": {"title": TAB}}}, "already exists. Please enter another name."),
        ({"deleteDimension": {"range": {"dimension": "ROWS"}}}, "You can't delete all the rows on the sheet."),
        ({"insertDimension": {"range": {"dimension": "ROWS", "endIndex": 1}, "inheritFromBefore": True}}, "index 0"),
        ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the visible sheets"),
    ],
)
def test_what_does_not_fit_is_refused(book, request_, message):
    assert message in book.refused(request_)


def test_violations_say_where(book):
    reply = book.caller.send("POST", f"{book.path}:batchUpdate", {"requests": [{"nope": {}}], "more": 1})
    [detail] = reply.json()["error"]["details"]
    assert detail["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    assert [violation.get("field") for violation in detail["fieldViolations"]] == ["requests[0]", None]


def test_an_unknown_parameter_or_mask_is_refused(book):
    assert book.caller.send("GET", book.path, nope="1").status == 400
    reply = book.caller.send("GET", book.path, fields="sheets.sheetProperties").json()["error"]
    assert reply["message"] == "Request contains an invalid argument."
    assert "Cannot find matching fields for path" in reply["details"][0]["fieldViolations"][0]["description"]
    assert book.caller.send("GET", f"{book.path}/values/A1", valueRenderOption="NICE").status == 400


def test_what_is_not_played_fails_the_test(sim, book):
    assert book.caller.send("GET", "/v4/spreadsheets/x/unheard").status == 501
    assert book.caller.send("POST", f"{book.path}:batchUpdate", {"requests": [{"randomizeRange": {}}]}).status == 501
    with pytest.raises(AssertionError, match="not simulated"):
        sim.check()
    sim.failures.clear()


def test_a_reply_that_google_would_never_give_fails_the_test(sim, doc, book):
    doc.content.named_ranges.append({"namedRangeId": "1", "name": "x", "range": {"sheetId": 0}, "colour": "red"})
    book.get(fields="namedRanges")
    with pytest.raises(AssertionError, match="unknown in NamedRange"):
        sim.check()
    sim.failures.clear()


def test_the_kinds_are_those_of_the_api(sim):
    assert set(KINDS) <= known_kinds()
    first_tier = """updateCells appendCells repeatCell updateSheetProperties updateSpreadsheetProperties addSheet
    deleteSheet duplicateSheet insertDimension deleteDimension moveDimension appendDimension updateDimensionProperties
    autoResizeDimensions insertRange deleteRange sortRange mergeCells unmergeCells setDataValidation addProtectedRange
    updateProtectedRange deleteProtectedRange addNamedRange updateNamedRange deleteNamedRange setBasicFilter
    clearBasicFilter addConditionalFormatRule updateConditionalFormatRule deleteConditionalFormatRule addBanding
    updateBanding deleteBanding createDeveloperMetadata updateDeveloperMetadata deleteDeveloperMetadata addTable
    updateTable deleteTable updateBorders findReplace"""
    assert set(first_tier.split()) <= set(KINDS)


def test_a_new_value_takes_runs_away_and_keeps_all_else(book, doc):
    rule = {"condition": {"type": "BOOLEAN"}}
    runs = [{"startIndex": 1, "format": {"bold": True}}]
    look = {"backgroundColor": {"red": 1}}
    doc.human.put(
        TAB, "A1", userEnteredValue={"stringValue": "abc"}, note="n", dataValidation=rule, userEnteredFormat=look
    )
    doc.human.put(TAB, "A1", textFormatRuns=runs)
    book.batch(cell(0, 0, stringValue="new"))
    kept = doc.human.cell(TAB, "A1")
    assert set(kept) == {"userEnteredValue", "note", "dataValidation", "userEnteredFormat"}
    book.batch(cell(0, 0, stringValue=""))
    assert "userEnteredValue" not in doc.human.cell(TAB, "A1")
    assert doc.human.cell(TAB, "A1")["note"] == "n"


def test_typed_values_stay_as_they_are(book):
    row = [
        {"stringValue": "=1+1"},
        {"stringValue": "0042"},
        {"numberValue": 1.5},
        {"boolValue": False},
        {"stringValue": "1,5"},
    ]
    values = [{"userEnteredValue": value} for value in row]
    book.batch({"updateCells": {"start": {}, "rows": [{"values": values}], "fields": "userEnteredValue"}})
    assert book.rows("A1:E1", valueRenderOption="UNFORMATTED_VALUE") == [["=1+1", "0042", 1.5, False, "1,5"]]
    seen = book.get(ranges="A1:E1", fields="sheets.data.rowData.values.userEnteredValue")
    assert [one["userEnteredValue"] for one in seen["sheets"][0]["data"][0]["rowData"][0]["values"]] == row


def test_a_range_loses_the_listed_fields_where_no_cell_is_given(book):
    book.write("A1", [["a", "b"], ["c", "d"]])
    area = {"endRowIndex": 2, "endColumnIndex": 2}
    given = [{"values": [{"userEnteredValue": {"stringValue": "new"}}]}]
    book.batch({"updateCells": {"range": area, "rows": given, "fields": "userEnteredValue"}})
    assert book.rows("A1:B2") == [["new"]]


def test_cells_are_appended_below_the_last_value_and_the_grid_grows(book, doc):
    book.batch(
        {
            "updateSheetProperties": {
                "properties": {"gridProperties": {"rowCount": 3, "columnCount": 2}},
                "fields": "gridProperties(rowCount,columnCount)",
            }
        }
    )
    book.write("A1", [["a"], ["b"]])
    doc.human.note(TAB, "A3", "only a note")
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in "cd"]
    book.batch({"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}})
    assert book.rows("A1:A") == [["a"], ["b"], ["c"], ["d"]]
    assert doc.human.cell(TAB, "A3")["note"] == "only a note"
    assert book.get()["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 4


def test_a_table_grows_with_what_is_appended_to_it(book):
    book.write("B2", [["Name"], ["a"]])
    area = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 2}
    [reply] = book.batch({"addTable": {"table": {"name": "T", "range": area}}})["replies"]
    table = reply["addTable"]["table"]
    rows = [{"values": [{"userEnteredValue": {"stringValue": "b"}}]}]
    book.batch({"appendCells": {"tableId": table["tableId"], "rows": rows, "fields": "userEnteredValue"}})
    assert book.rows("B2:B") == [["Name"], ["a"], ["b"]]
    assert book.get()["sheets"][0]["tables"][0]["range"]["endRowIndex"] == 4


def test_metadata_is_found_and_the_right_row_written(book, doc):
    spots = (
        {"spreadsheet": True},
        {"sheetId": 0},
        {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}},
    )
    entries = [
        {"metadataKey": "k", "metadataValue": str(n), "location": spot, "visibility": "DOCUMENT"}
        for n, spot in enumerate(spots)
    ]
    replies = book.batch(*({"createDeveloperMetadata": {"developerMetadata": entry}} for entry in entries))["replies"]
    kinds = [one["createDeveloperMetadata"]["developerMetadata"]["location"]["locationType"] for one in replies]
    assert kinds == ["SPREADSHEET", "SHEET", "ROW"]
    doc.human.insert_row(TAB, 1)
    lookup = {"developerMetadataLookup": {"metadataKey": "k", "metadataValue": "2"}}
    data = [{"dataFilter": lookup, "majorDimension": "ROWS", "values": [["right"]]}]
    reply = book.caller.ok(
        "POST", f"{book.path}/values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": data}
    )
    assert reply["responses"][0]["updatedRange"] == f"{TAB}!A4"
    seen = book.get(fields="developerMetadata,sheets(developerMetadata,data.rowMetadata.developerMetadata)")
    assert [one["metadataValue"] for one in seen["developerMetadata"]] == ["0"]
    assert seen["sheets"][0]["developerMetadata"][0]["location"] == {"locationType": "SHEET", "sheetId": 0}
    assert seen["sheets"][0]["data"][0]["rowMetadata"][3]["developerMetadata"][0]["metadataValue"] == "2"
    found = book.caller.ok("POST", f"{book.path}/developerMetadata:search", {"dataFilters": [lookup]})
    number = found["matchedDeveloperMetadata"][0]["developerMetadata"]["metadataId"]
    assert book.caller.ok("GET", f"{book.path}/developerMetadata/{number}")["metadataKey"] == "k"
    book.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})
    assert book.caller.ok("POST", f"{book.path}/developerMetadata:search", {"dataFilters": [lookup]}) == {}


def test_features_nobody_knows_survive(book):
    """Charts, filter views, slicers, banding, conditional formats come back as they went in."""
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    chart = {
        "spec": {"title": "C", "pieChart": {"legendPosition": "LEFT_LEGEND"}},
        "position": {"overlayPosition": {"anchorCell": {"sheetId": 0}}},
    }
    condition = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=A1>1"}]}, "format": {}}
    band = {"range": area, "rowProperties": {"headerColor": {"red": 1}}}
    book.batch(
        {"addChart": {"chart": chart}},
        {"addFilterView": {"filter": {"title": "F", "range": area}}},
        {"addSlicer": {"slicer": {"spec": {"title": "S", "dataRange": area}, "position": chart["position"]}}},
        {"addBanding": {"bandedRange": band}},
        {"addConditionalFormatRule": {"rule": {"ranges": [area], "booleanRule": condition}, "index": 0}},
    )
    seen = book.get()["sheets"][0]
    assert {"charts", "filterViews", "slicers", "bandedRanges", "conditionalFormats"} <= set(seen)
    assert seen["charts"][0]["spec"] == chart["spec"]
    assert seen["conditionalFormats"][0]["booleanRule"]["condition"] == condition["condition"]
    book.batch({"deleteEmbeddedObject": {"objectId": seen["charts"][0]["chartId"]}})
    assert "charts" not in book.get()["sheets"][0]


def test_a_range_by_hostile_titles(book):
    for title in ("AG1", "A1", "Sport/Freizeit", "Jon's", "x:y", "🌵", "Über uns", "R1C1"):
        [reply] = book.batch({"addSheet": {"properties": {"title": title}}})["replies"]
        quoted = "'" + title.replace("'", "''") + "'"
        book.write(f"{quoted}!B2", [[title]])
        assert book.rows(quoted) == [[], ["", title]]
        number = reply["addSheet"]["properties"]["sheetId"]
        area = {"sheetId": number, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
        book.batch({"repeatCell": {"range": area, "cell": {"note": title}, "fields": "note"}})
        assert book.get(ranges=f"{quoted}!B2", fields="sheets.data.rowData.values.note")["sheets"][0]["data"][0][
            "rowData"
        ][0]["values"] == [{"note": title}]
    assert book.caller.send("GET", f"{book.path}/values/AG1!A1").status == 400


def test_a_tab_is_copied_into_another_document(sim, doc, book):
    other = sim.create("Other")
    book.write("A1", [["x"]])
    reply = book.caller.ok("POST", f"{book.path}/sheets/0:copyTo", {"destinationSpreadsheetId": other.id})
    assert reply["title"] == f"Copy of {TAB}"
    assert other.human.values(f"Copy of {TAB}") == [["x"]]


def test_a_service_account_cannot_own_files(sim):
    caller = Caller(sim)
    status, message = caller.error("POST", "/drive/v3/files", {"name": "x"})
    assert (status, "storage quota" in message) == (403, True)
    assert caller.send("POST", "/v4/spreadsheets", {}).status == 403


def test_every_reply_can_be_read_as_json(book):
    assert json.loads(json.dumps(book.get(includeGridData="true")))
    assert not discovery.sheets().faults("Spreadsheet", book.get(includeGridData="true"))


def test_find_and_replace_counts(book):
    book.write("A1", [["aXa", "x"], ["none", "X"]])
    [reply] = book.batch({"findReplace": {"find": "x", "replacement": "1", "sheetId": 0}})["replies"]
    assert reply["findReplace"] == {"valuesChanged": 3, "rowsChanged": 2, "sheetsChanged": 1, "occurrencesChanged": 3}
    assert book.rows("A1:B2") == [["a1a", "1"], ["none", "1"]]


def test_comments_move_with_their_cell_and_are_shown_when_asked_for(book, doc):
    insert = {"insertComment": {"coordinate": {"rowIndex": 2, "columnIndex": 1}, "content": "Really?"}}
    [reply] = book.batch(insert)["replies"]
    thread = reply["insertComment"]["commentThread"]["commentId"]
    doc.human.insert_row(TAB, 1)
    assert "comments" not in book.get()
    answer = {"addCommentReply": {"commentId": thread, "post": {"content": "Yes", "commentAction": "RESOLVE"}}}
    [reply] = book.batch(answer)["replies"]
    post = reply["addCommentReply"]["post"]["postId"]
    book.batch({"updateCommentPost": {"commentId": thread, "postId": post, "content": "No"}})
    seen = book.get(commentsViewMode="COMMENTS_VIEW_MODE_INCLUDED")
    [kept] = seen["comments"]
    assert (kept["status"], kept["replies"][0]["content"]) == ("RESOLVED", "No")
    assert seen["sheets"][0]["commentAnchors"][0]["range"]["startRowIndex"] == 3
    book.batch({"deleteCommentReply": {"commentId": thread, "postId": post}})
    book.batch({"deleteComment": {"commentId": thread}})
    assert "comments" not in book.get(commentsViewMode="COMMENTS_VIEW_MODE_INCLUDED")
    assert "No comment with id" in book.refused({"deleteComment": {"commentId": thread}})


def test_wordings_that_people_reported(book):
    """Public issues quote these word for word."""
    wide = [{"values": [{}] * 27}]
    message = book.refused({"appendCells": {"rows": wide, "fields": "note"}})
    assert (
        message
        == "Invalid requests[0].appendCells: Attempting to write column: 26, beyond the last requested column of: 25"
    )
    message = book.refused({"updateCells": {"start": {}, "rows": wide, "fields": "note"}})
    assert message.endswith("updateCells: Attempting to write column: 26, beyond the last requested column of: 25")
    query = {"valueInputOption": "RAW"}
    body = {"values": [["x"] * 3]}
    book.batch({"addSheet": {"properties": {"title": "Servers", "gridProperties": {"rowCount": 9, "columnCount": 3}}}})
    asked = book.caller.error("PUT", f"{book.path}/values/Servers!A3:B9", body, **query)
    assert asked == (400, "Requested writing within range [Servers!A3:B9], but tried writing to column [C]")
    asked = book.caller.error("GET", f"{book.path}/values/Servers!D1")
    assert asked == (400, "Range (Servers!D1) exceeds grid limits. Max rows: 9, max columns: 3")
    book.batch({"updateSheetProperties": {"properties": {"sheetId": 0, "title": "tab01"}, "fields": "title"}})
    asked = book.caller.error("GET", f"{book.path}/values/tab01")
    assert asked[1].startswith("Range ('tab01'!TAB1) exceeds grid limits.")
    whole = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "warningOnly": True}}}
    book.batch(whole)
    assert book.refused(whole) == 'Invalid requests[0].addProtectedRange: Sheet "tab01" already has sheet protection.'
    assert book.caller.send("GET", book.path, fields="properties, sheets.properties").status == 400
    assert book.caller.send("GET", f"/drive/v3/files/{book.path.split('/')[-1]}", fields="id, name").json()["name"]


def spoilt(value, put):
    """Copies of a JSON value, each with something else at one place in it."""
    yield put
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for other in spoilt(value[key], put):
            copied = value.copy()
            copied[key] = other
            yield copied


def test_the_quick_look_at_a_reply_objects_to_just_what_the_one_with_words_names(book):
    book.write("A1", [["a", 1.5, True, "=1/0"]])
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}}
    book.batch({"setDataValidation": {"range": {"endRowIndex": 2, "endColumnIndex": 2}, "rule": rule}})
    reply = book.get(includeGridData="true", ranges=f"{TAB}!A1:D2")
    api, named = discovery.sheets(), 0
    for put in (None, [], [1], {"sheetId": 1}, "x", "7", True, 1.5, 3, -(2**40), "ROWS"):
        for each in spoilt(reply, put):
            words = []
            if isinstance(each, dict):
                api._faults({"$ref": "Spreadsheet"}, each, "", words)
                assert api._message_fits("Spreadsheet", {}, each) == (not words), words
                named += bool(words)
    assert named > 500
