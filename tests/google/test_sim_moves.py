"""Rows and columns that come, go and move: everything on them moves along, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheetsim import Sim, discovery
from tests.sheetsim.caller import Book
from tests.sheetsim.errors import ApiError
from tests.sheetsim.references import moved
from tests.sheetsim.shifting import Delete, Insert, Move

TAB = "Tabellenblatt1"
pytestmark = pytest.mark.skipif(not discovery.available(), reason="Google's API description is not here")


def area(top, bottom, left, right, sheet=0):
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def furnished():
    """A document with one of each feature in B3:C5."""
    sim = Sim()
    doc = sim.create()
    book = Book(sim, doc.id)
    doc.human.add_tab("Other")
    doc.human.type_rows(
        TAB, "A1", [["ID", "Name", "x"], ["P-1", "a", "1"], ["P-2", "b", "2"], ["P-3", "c", "3"], ["P-4", "d", "4"]]
    )
    doc.human.type("Other", "A1", f"={TAB}!C4")
    doc.human.type("Other", "A2", f"=SUM({TAB}!C2:C5)")
    doc.human.type("Other", "A3", f"=SUM({TAB}!$C$2:$C)")
    doc.human.type(TAB, "E1", "=C4+Other!B7")
    spot = area(2, 5, 1, 3)
    rule = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$C4>1"}]}}
    book.batch(
        {"mergeCells": {"range": area(3, 5, 3, 4), "mergeType": "MERGE_ALL"}},
        {"setDataValidation": {"range": area(3, 4, 1, 2), "rule": rule}},
        {"addProtectedRange": {"protectedRange": {"range": spot, "warningOnly": True}}},
        {"addNamedRange": {"namedRange": {"name": "Named", "range": spot}}},
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [spot], "booleanRule": {"condition": rule["condition"], "format": {}}}
            }
        },
        {"addBanding": {"bandedRange": {"range": spot, "rowProperties": {}}}},
        {"addTable": {"table": {"name": "T", "range": area(2, 5, 6, 8)}}},
        {"setBasicFilter": {"filter": {"range": spot}}},
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": "row",
                    "visibility": "DOCUMENT",
                    "location": {"dimensionRange": {"dimension": "ROWS", "startIndex": 3, "endIndex": 4}},
                }
            }
        },
        {
            "addChart": {
                "chart": {
                    "spec": {"title": "C", "pieChart": {"series": {"sourceRange": {"sources": [spot]}}}},
                    "position": {"overlayPosition": {"anchorCell": {"rowIndex": 3}}},
                }
            }
        },
        {
            "updateDimensionProperties": {
                "range": {"dimension": "ROWS", "startIndex": 3, "endIndex": 4},
                "properties": {"pixelSize": 55},
                "fields": "pixelSize",
            }
        },
    )
    return sim, doc, book


def rows_of(book):
    """Where each feature lies now: first and last row."""
    seen = book.get(fields="*")
    sheet = seen["sheets"][0]
    spans = {
        "merge": sheet.get("merges", [area(0, 0, 0, 0)])[0],
        "protected": sheet["protectedRanges"][0]["range"],
        "named": seen["namedRanges"][0]["range"],
        "rule": sheet["conditionalFormats"][0]["ranges"][0],
        "band": sheet["bandedRanges"][0]["range"],
        "table": sheet["tables"][0]["range"],
        "filter": sheet["basicFilter"]["range"],
        "chart": sheet["charts"][0]["spec"]["pieChart"]["series"]["sourceRange"]["sources"][0],
    }
    grid = sheet["data"][0]
    return {
        **{name: (span["startRowIndex"], span["endRowIndex"]) for name, span in spans.items()},
        "anchor": sheet["charts"][0]["position"]["overlayPosition"]["anchorCell"]["rowIndex"],
        "metadata": next(n for n, band in enumerate(grid["rowMetadata"]) if "developerMetadata" in band),
        "height": next(n for n, band in enumerate(grid["rowMetadata"]) if band["pixelSize"] == 55),
        "validation": next(
            (n, cell["dataValidation"]["condition"]["values"][0]["userEnteredValue"])
            for n, row in enumerate(grid["rowData"])
            for cell in row.get("values", [])
            if "dataValidation" in cell
        ),
        "rule formula": sheet["conditionalFormats"][0]["booleanRule"]["condition"]["values"][0]["userEnteredValue"],
    }


def formulas(doc):
    return [doc.human.cell("Other", spot)["userEnteredValue"]["formulaValue"] for spot in ("A1", "A2", "A3")]


def test_a_row_inserted_above_shifts_everything():
    sim, doc, book = furnished()
    before = rows_of(book)
    doc.human.insert_row(TAB, 2, 2)
    after = rows_of(book)
    spans = ("merge", "protected", "named", "rule", "band", "table", "filter", "chart")
    assert all(after[name] == (before[name][0] + 2, before[name][1] + 2) for name in spans)
    assert [after[name] - before[name] for name in ("anchor", "metadata", "height")] == [2, 2, 2]
    assert (before["validation"], after["validation"]) == ((3, "=$C4>1"), (5, "=$C6>1"))
    assert after["rule formula"] == "=$C6>1"
    assert formulas(doc) == [f"={TAB}!C6", f"=SUM({TAB}!C4:C7)", f"=SUM({TAB}!$C$4:$C)"]
    assert doc.human.cell(TAB, "E1")["userEnteredValue"]["formulaValue"] == "=C6+Other!B7"
    assert doc.human.values(TAB)[4][:3] == ["P-2", "b", "2"]
    assert book.get()["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1002
    sim.check()


def test_a_row_inserted_inside_widens():
    _, doc, book = furnished()
    doc.human.insert_row(TAB, 5)
    after = rows_of(book)
    assert {after[name] for name in ("protected", "named", "rule", "band", "table", "filter", "chart")} == {(2, 6)}
    assert after["merge"] == (3, 6)
    assert formulas(doc)[1] == f"=SUM({TAB}!C2:C6)"
    assert after["validation"][0] == 3


def test_deleted_rows_take_what_lay_on_them_and_formulas_say_so():
    _, doc, book = furnished()
    doc.human.delete_row(TAB, 3, 3)
    seen = book.get(fields="*")
    sheet = seen["sheets"][0]
    lost = {"merges", "protectedRanges", "conditionalFormats", "bandedRanges", "tables", "basicFilter"}
    assert not lost & set(sheet)
    assert "namedRanges" not in seen
    assert not any("developerMetadata" in band for band in sheet["data"][0]["rowMetadata"])
    assert formulas(doc) == ["=#REF!", f"=SUM({TAB}!C2:C2)", f"=SUM({TAB}!$C$2:$C)"]
    assert doc.human.values("Other") == [["#REF!"], ["1"], ["1"]]


def test_a_moved_row_takes_its_things_along():
    _, doc, book = furnished()
    with pytest.raises(ApiError, match="part of a merged cell"):
        doc.human.move_row(TAB, 4, 2)
    book.batch({"unmergeCells": {"range": area(3, 5, 3, 4)}})
    doc.human.move_row(TAB, 4, 2)
    assert [row[0] for row in doc.human.values(TAB)] == ["ID", "P-3", "P-1", "P-2", "P-4"]
    after = rows_of(book)
    assert (after["metadata"], after["height"], after["validation"][0]) == (1, 1, 1)
    assert formulas(doc)[0] == f"={TAB}!C2"


def test_columns_do_the_same():
    _, doc, book = furnished()
    doc.human.insert_column(TAB, 2)
    seen = book.get(fields="*")["sheets"][0]
    assert seen["protectedRanges"][0]["range"]["startColumnIndex"] == 2
    assert formulas(doc) == [f"={TAB}!D4", f"=SUM({TAB}!D2:D5)", f"=SUM({TAB}!$D$2:$D)"]
    doc.human.delete_column(TAB, 2)
    assert formulas(doc) == [f"={TAB}!C4", f"=SUM({TAB}!C2:C5)", f"=SUM({TAB}!$C$2:$C)"]
    assert seen["properties"]["gridProperties"]["columnCount"] == 27


def test_formulas_follow_a_renamed_tab_and_lose_a_deleted_one():
    _, doc, _ = furnished()
    doc.human.rename_tab(TAB, "Jon's tab")
    assert formulas(doc)[0] == "='Jon''s tab'!C4"
    doc.human.delete_tab("Jon's tab")
    assert formulas(doc)[0] == "=#REF!"


@pytest.mark.parametrize(("follows", "row"), [(False, 3), (True, 1)])
def test_sorting_moves_cells_and_the_metadata_of_rows_as_assumed(follows, row):
    """SIM-ASSUMPTION-SORT: nobody knows, so both are played."""
    sim, doc, book = furnished()
    sim.sort_moves_metadata = follows
    with pytest.raises(ApiError, match="vertical merges"):
        doc.human.sort(TAB, "A2:E4", 3)
    book.batch({"unmergeCells": {"range": area(3, 5, 3, 4)}})
    doc.human.sort(TAB, "A2:E4", 3, descending=True)
    assert [line[0] for line in doc.human.values(TAB)] == ["ID", "P-3", "P-2", "P-1", "P-4"]
    assert rows_of(book)["metadata"] == row
    assert rows_of(book)["validation"][0] == 1, "validation lies in the cell and moves with it"
    assert rows_of(book)["height"] == 3


def test_sorting_knows_numbers_from_texts_and_puts_blanks_last():
    sim = Sim()
    book = Book(sim, sim.create().id)
    book.write("A1", [["b"], [10], [""], ["a"], [9], [True]])
    spec = {"range": area(0, 6, 0, 1), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}
    book.batch({"sortRange": spec})
    shown = book.rows("A1:A6", valueRenderOption="UNFORMATTED_VALUE")
    assert shown == [[9], [10], ["a"], ["b"], [True]]
    spec["sortSpecs"][0]["sortOrder"] = "DESCENDING"
    book.batch({"sortRange": spec})
    assert book.rows("A1:A6", valueRenderOption="UNFORMATTED_VALUE") == [[True], ["b"], ["a"], [10], [9]]


def test_a_range_of_cells_is_deleted_and_inserted_without_its_neighbours():
    sim = Sim()
    book = Book(sim, sim.create().id)
    book.write("A1", [["a1", "b1"], ["a2", "b2"], ["a3", "b3"]])
    book.batch({"deleteRange": {"range": area(0, 1, 0, 1), "shiftDimension": "ROWS"}})
    assert book.rows("A1:B3") == [["a2", "b1"], ["a3", "b2"], ["", "b3"]]
    book.batch({"insertRange": {"range": area(0, 1, 0, 1), "shiftDimension": "COLUMNS"}})
    assert book.rows("A1:C3") == [["", "a2", "b1"], ["a3", "b2"], ["", "b3"]]


def test_a_copied_tab_has_its_own_features():
    _, doc, book = furnished()
    doc.human.copy_tab(TAB, "Copy")
    first, second = (book.get(fields="*")["sheets"][n] for n in (0, 1))
    assert second["properties"]["title"] == "Copy"
    assert second["merges"][0]["sheetId"] == second["properties"]["sheetId"]
    assert second["protectedRanges"][0]["protectedRangeId"] != first["protectedRanges"][0]["protectedRangeId"]
    assert doc.human.values("Copy")[1:] == doc.human.values(TAB)[1:]


MAPPINGS = st.one_of(
    st.builds(Insert, st.integers(0, 12), st.integers(1, 4)),
    st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda p: Delete(p[0], p[0] + p[1])),
    st.tuples(st.integers(0, 12), st.integers(1, 5), st.integers(0, 20)).map(
        lambda p: Move(p[0], p[0] + p[1], p[2] if not p[0] < p[2] < p[0] + p[1] else p[0])
    ),
)


@given(MAPPINGS, st.integers(0, 15), st.integers(1, 6))
def test_a_span_goes_where_its_rows_go(mapping, start, length):
    """A run of rows covers at least the new places of its rows, and nothing when all of them are gone."""
    span = mapping.span(start, start + length)
    places = [new for old in range(start, start + length) if (new := mapping.index(old)) is not None]
    if isinstance(mapping, Move):
        assert span is None or span[1] > span[0]
        inside = mapping.start <= start and start + length <= mapping.end
        outside = start + length <= mapping.start or mapping.end <= start
        assert not (inside or outside) or span is None or (min(places) >= span[0] and max(places) < span[1])
        return
    assert (span is None) == (not places)
    assert span is None or (span[0] == min(places) and span[1] == max(places) + 1)


@given(st.integers(0, 12), st.integers(1, 5), st.integers(0, 20))
def test_moving_is_a_reordering(start, length, to):
    mapping = Move(start, start + length, to if not start < to < start + length else start)
    assert sorted(mapping.index(old) for old in range(40)) == list(range(40))


def test_references_move_with_a_copy_unless_fixed():
    assert moved("=A1+$A1+A$1+$A$1", 2, 1) == "=B3+$A3+B$1+$A$1"
    assert moved("=SUM(A:A)&\"A1\"&'A1'!B2", 1, 1) == "=SUM(B:B)&\"A1\"&'A1'!C3"
    assert moved("=A1", -1, 0) == "=#REF!"
    assert moved("=LOG10(A1)+AB_1", 1, 0) == "=LOG10(A2)+AB_1"
