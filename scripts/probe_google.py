"""Ask the real Google what tests/sheetsim only assumes (see tests/sheetsim/ASSUMPTIONS.md).

Run it once, with a service account and a spreadsheet that is shared with it as an editor. Take an empty one: the
script adds a tab, works there, and removes it again; the document's locale is changed for a moment and set back.
It creates no document, and prints neither keys, tokens, addresses nor ids.

    .venv/bin/python scripts/probe_google.py --key service-account.json --document <id>
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

SHEETS, DRIVE = "https://sheets.googleapis.com", "https://www.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly")
TAB, TAB_ID = "netzwerk probe", 987_001
FIELD = "userEnteredValue"
PROBES: list[tuple[str, str, Any, Callable[[Google], Any]]] = []  # id, sentence, expected, question


@dataclass
class Google:
    """One document, on its own tab."""

    session: Any
    document: str
    endpoint: str | None = None
    notes: list[str] = field(default_factory=list)

    def call(self, method: str, path: str, body: Any = None, host: str = SHEETS, **query: Any) -> tuple[int, Any]:
        url = f"{self.endpoint or host}{path}"
        reply = self.session.request(method, url, params=query, json=body, timeout=60)
        return reply.status_code, reply.json() if reply.content else None

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        status, found = self.call(method, path, body, **query)
        if status != 200:
            raise RuntimeError(f"{status}: {found['error']['message'] if found else ''}")
        return found

    def get(self, **query: Any) -> Any:
        return self.ok("GET", f"/v4/spreadsheets/{self.document}", **query)

    def batch(self, *requests: Any, **more: Any) -> Any:
        query = {"fields": more.pop("fields")} if "fields" in more else {}
        body = {"requests": list(requests), **more}
        return self.ok("POST", f"/v4/spreadsheets/{self.document}:batchUpdate", body, **query)

    def refused(self, *requests: Any) -> str:
        path = f"/v4/spreadsheets/{self.document}:batchUpdate"
        status, found = self.call("POST", path, {"requests": list(requests)})
        return found["error"]["message"] if status != 200 else ""

    def values(self, area: str, tab: str = TAB) -> str:
        place = quote(f"'{tab}'!{area}", safe="")
        return f"/v4/spreadsheets/{self.document}/values/{place}"

    def put(self, area: str, rows: Any, how: str = "RAW") -> tuple[int, Any]:
        path = self.values(area)
        return self.call("PUT", path, {"values": rows}, valueInputOption=how)

    def rows(self, area: str, **query: Any) -> Any:
        path = self.values(area)
        return self.ok("GET", path, **query).get("values", [])

    def tab(self, mask: str, area: str = "A1:F20") -> Any:
        found = self.get(ranges=f"'{TAB}'!{area}", fields=f"sheets({mask})")
        return found["sheets"][0]

    def fresh(self, height: int = 20, width: int = 6) -> None:
        """An empty tab."""
        sheets = self.get(fields="sheets.properties(sheetId,title)")["sheets"]
        ours = [one["properties"]["sheetId"] for one in sheets if one["properties"]["title"].startswith(TAB)]
        grid = {"rowCount": height, "columnCount": width}
        again = [{"deleteSheet": {"sheetId": number}} for number in ours]
        new = {"addSheet": {"properties": {"sheetId": TAB_ID, "title": TAB, "gridProperties": grid}}}
        if again:
            self.batch(*again)
        self.batch(new)

    def clean(self) -> None:
        sheets = self.get(fields="sheets.properties(sheetId,title)")["sheets"]
        ours = [one["properties"]["sheetId"] for one in sheets if one["properties"]["title"].startswith(TAB)]
        if ours:
            self.batch(*({"deleteSheet": {"sheetId": number}} for number in ours))


def area(top: int, bottom: int, left: int = 0, right: int = 6) -> Any:
    return {
        "sheetId": TAB_ID,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def cells(row: int, column: int, *values: Any, fields: str = FIELD) -> Any:
    start = {"sheetId": TAB_ID, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": list(values)}], "fields": fields}}


def text(value: str) -> Any:
    return {FIELD: {"stringValue": value}}


def mark(row: int) -> Any:
    span = {"sheetId": TAB_ID, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    entry = {"metadataKey": "netzwerk probe", "visibility": "DOCUMENT", "location": {"dimensionRange": span}}
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def marked_rows(google: Google) -> list[int]:
    bands = google.tab("data.rowMetadata.developerMetadata", "A1:A20")["data"][0].get("rowMetadata", [])
    return [row for row, band in enumerate(bands) if "developerMetadata" in band]


def rule() -> Any:
    return {"condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "x"}]}}


def probe(name: str, sentence: str, expected: Any) -> Callable[[Callable[[Google], Any]], Callable[[Google], Any]]:
    """Note down a question; its function answers what Google does."""

    def add(ask: Callable[[Google], Any]) -> Callable[[Google], Any]:
        PROBES.append((name, sentence, expected, ask))
        return ask

    return add


@probe("SORT", "metadata of a row stays where it was when rows are sorted", [1])
def sort(google: Google) -> Any:
    google.put("A1", [["Name"], ["b"], ["a"]])
    order = {"range": area(1, 3), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}
    google.batch(mark(1), {"sortRange": order})
    return marked_rows(google)


@probe("CUT", "metadata of a row stays when its cells are cut and pasted", [1])
def cut(google: Google) -> Any:
    google.put("A1", [["Name"], ["b"], ["a"]])
    to = {"sheetId": TAB_ID, "rowIndex": 5, "columnIndex": 0}
    google.batch(mark(1), {"cutPaste": {"source": area(1, 2), "destination": to, "pasteType": "PASTE_NORMAL"}})
    return marked_rows(google)


@probe("COPYTAB", "a copied tab has the metadata of the tab, under a new id", (1, True))
def copy_tab(google: Google) -> Any:
    entry = {"metadataKey": "netzwerk probe", "visibility": "DOCUMENT", "location": {"sheetId": TAB_ID}}
    made = google.batch({"createDeveloperMetadata": {"developerMetadata": entry}})["replies"][0]
    first = made["createDeveloperMetadata"]["developerMetadata"]["metadataId"]
    google.batch({"duplicateSheet": {"sourceSheetId": TAB_ID, "newSheetName": f"{TAB} copy"}})
    found = google.get(ranges=f"'{TAB} copy'!A1", fields="sheets.developerMetadata")["sheets"][0]
    copies = found.get("developerMetadata", [])
    return len(copies), all(one["metadataId"] != first for one in copies)


@probe("NOMATCH", "a data filter that finds nothing is no error", 200)
def no_match(google: Google) -> Any:
    lookup = {"developerMetadataLookup": {"metadataKey": "netzwerk probe: none"}}
    data = [{"dataFilter": lookup, "majorDimension": "ROWS", "values": [["x"]]}]
    path = f"/v4/spreadsheets/{google.document}/values:batchUpdateByDataFilter"
    return google.call("POST", path, {"valueInputOption": "RAW", "data": data})[0]


@probe("ATOMICVALUES", "values.batchUpdate writes all ranges or none", (400, []))
def atomic_values(google: Google) -> Any:
    data = [{"range": f"'{TAB}'!A1", "values": [["x"]]}, {"range": "'no such tab'!A1", "values": [["y"]]}]
    path = f"/v4/spreadsheets/{google.document}/values:batchUpdate"
    status = google.call("POST", path, {"valueInputOption": "RAW", "data": data})[0]
    return status, google.rows("A1:A2")


@probe("ATOMIC", "a batch with a bad request changes nothing", ("Invalid requests[1].deleteSheet", []))
def atomic(google: Google) -> Any:
    message = google.refused(cells(0, 0, text("x")), {"deleteSheet": {"sheetId": 987_999}})
    return message.split(":")[0], google.rows("A1:A2")


def in_locale(google: Google, locale: str, ask: Callable[[], Any]) -> Any:
    """Ask with the document in another locale, and set it back whatever happens."""
    old = google.get(fields="properties.locale")["properties"]["locale"]

    def say(wanted: str) -> None:
        google.batch({"updateSpreadsheetProperties": {"properties": {"locale": wanted}, "fields": "locale"}})

    say(locale)
    try:
        return ask()
    finally:
        say(old)


@probe("GERMAN", "what is typed in German", [[1.5, 1234.56, 46387, 0.5, True, 42, "1.5"]])
def german(google: Google) -> Any:
    google.fresh(width=8)

    def ask() -> Any:
        google.put("A1", [["1,5", "1.234,56", "31.12.2026", "50 %", "WAHR", "0042", "1.5"]], "USER_ENTERED")
        return google.rows("A1:G1", valueRenderOption="UNFORMATTED_VALUE")

    return in_locale(google, "de_DE", ask)


@probe("SEPARATOR", "formulaValue in German takes ; between arguments, and no comma", [["3", "#ERROR!"]])
def separator(google: Google) -> Any:
    def ask() -> Any:
        comma = {FIELD: {"formulaValue": '=IF(TRUE,"a","b")'}}
        google.batch(cells(0, 0, {FIELD: {"formulaValue": "=SUM(1;2)"}}, comma))
        return google.rows("A1:B1")

    return in_locale(google, "de_DE", ask)


@probe("SEMICOLON", "in English ; is taken too, and kept as a comma", [["=SUM(1,2)"]])
def semicolon(google: Google) -> Any:
    def ask() -> Any:
        google.batch(cells(0, 0, {FIELD: {"formulaValue": "=SUM(1;2)"}}))
        return google.rows("A1", valueRenderOption="FORMULA")

    return in_locale(google, "en_US", ask)


@probe("TABLE", "a table grows with appendCells", 4)
def table(google: Google) -> Any:
    google.put("A2", [["Name"], ["a"]])
    made = google.batch({"addTable": {"table": {"name": "netzwerk_probe", "range": area(1, 3, 0, 1)}}})["replies"][0]
    rows = [{"values": [text("b")]}]
    google.batch({"appendCells": {"tableId": made["addTable"]["table"]["tableId"], "rows": rows, "fields": FIELD}})
    return google.tab("tables.range")["tables"][0]["range"]["endRowIndex"]


@probe("LASTROW", "appendCells counts rows with values only", [["a"], ["b"]])
def last_row(google: Google) -> Any:
    google.put("A1", [["a"]])
    look = {"userEnteredFormat": {"textFormat": {"bold": True}}, "dataValidation": rule()}
    google.batch(
        cells(4, 0, {"note": "note"}, fields="note"), cells(5, 0, look, fields="userEnteredFormat,dataValidation")
    )
    google.batch({"appendCells": {"sheetId": TAB_ID, "rows": [{"values": [text("b")]}], "fields": FIELD}})
    return google.rows("A1:A20")


@probe("MASKED", "rows end with the last cell that the mask shows", [{"values": [{}, {"note": "n"}]}])
def masked(google: Google) -> Any:
    google.put("A1", [["a", "b", "c"], ["d"]])
    google.batch(cells(0, 1, {"note": "n"}, fields="note"))
    return google.tab("data.rowData.values.note")["data"][0].get("rowData")


@probe("UMLAUT", "a title with an umlaut stands without quotes in a range", "Übersicht!A1")
def umlaut(google: Google) -> Any:
    google.batch(
        {"updateSheetProperties": {"properties": {"sheetId": TAB_ID, "title": "Übersicht"}, "fields": "title"}}
    )
    try:
        return google.ok("GET", google.values("A1", "Übersicht"))["range"]
    finally:
        google.batch({"updateSheetProperties": {"properties": {"sheetId": TAB_ID, "title": TAB}, "fields": "title"}})


@probe("COLOUR", "colours are cut down to 255ths", 0.9764706)
def colour(google: Google) -> Any:
    look = {"userEnteredFormat": {"backgroundColor": {"red": 0.98}}}
    google.batch(cells(0, 0, look, fields="userEnteredFormat.backgroundColor"))
    found = google.tab("data.rowData.values.userEnteredFormat.backgroundColor", "A1")
    return found["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]["backgroundColor"]["red"]


@probe(
    "UNKNOWN",
    "the wording for unknown names",
    "Invalid JSON payload received. Unknown name \"nope\" at 'requests[0].delete_sheet': Cannot find field.",
)
def unknown(google: Google) -> Any:
    return google.refused({"deleteSheet": {"nope": 1}})


@probe(
    "INHERIT", "an inserted row takes formats and validation of the row above", ["dataValidation", "userEnteredFormat"]
)
def inherit(google: Google) -> Any:
    look = {"userEnteredFormat": {"textFormat": {"bold": True}}, "dataValidation": rule()}
    google.batch(cells(0, 0, look, fields="userEnteredFormat,dataValidation"))
    span = {"sheetId": TAB_ID, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    google.batch({"insertDimension": {"range": span, "inheritFromBefore": True}})
    found = google.tab("data.rowData.values(userEnteredFormat.textFormat.bold,dataValidation)", "A2")["data"][0]
    return sorted(found.get("rowData", [{}])[0].get("values", [{}])[0])


@probe("SORTRULES", "validation and notes move with a sorted cell", ["dataValidation", "note"])
def sort_rules(google: Google) -> Any:
    google.put("A1", [["b"], ["a"]])
    google.batch(cells(0, 0, {"note": "n", "dataValidation": rule()}, fields="note,dataValidation"))
    order = {"range": area(0, 2), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}
    google.batch({"sortRange": order})
    found = google.tab("data.rowData.values(note,dataValidation)", "A2")["data"][0]
    return sorted(found.get("rowData", [{}])[0].get("values", [{}])[0])


@probe("AFTER", "the state after comes with the reply, by ranges and mask", [{"values": [{"formattedValue": "x"}]}])
def after(google: Google) -> Any:
    reply = google.batch(
        cells(1, 1, text("x")),
        includeSpreadsheetInResponse=True,
        responseRanges=[f"'{TAB}'!B2"],
        responseIncludeGridData=False,
        fields="updatedSpreadsheet.sheets.data.rowData.values.formattedValue",
    )
    return reply["updatedSpreadsheet"]["sheets"][0]["data"][0].get("rowData")


@probe("VERSION", "Drive's version grows at once with a write", expected=True)
def version(google: Google) -> Any:
    def ask() -> int:
        found = google.ok("GET", f"/drive/v3/files/{google.document}", host=DRIVE, fields="version")
        return int(found["version"])

    before = ask()
    google.batch(cells(0, 0, text("x")))
    return ask() > before


@probe("SHEETID", "a tab's id may be chosen once", (TAB_ID, True))
def sheet_id(google: Google) -> Any:
    number = google.tab("properties.sheetId")["properties"]["sheetId"]
    again = {"addSheet": {"properties": {"sheetId": TAB_ID, "title": f"{TAB} twice"}}}
    return number, google.refused(again) != ""


@probe("RUNS", "a new value takes runs away and keeps the rest", ["note", "userEnteredFormat"])
def runs(google: Google) -> Any:
    cell = {**text("abc"), "note": "n", "userEnteredFormat": {"textFormat": {"italic": True}}}
    cell["textFormatRuns"] = [{"startIndex": 1, "format": {"bold": True}}]
    google.batch(cells(0, 0, cell, fields=f"{FIELD},note,userEnteredFormat,textFormatRuns"))
    google.batch(cells(0, 0, text("new")))
    found = google.tab("data.rowData.values(note,userEnteredFormat.textFormat.italic,textFormatRuns)", "A1")
    return sorted(found["data"][0]["rowData"][0]["values"][0])


@probe("DELETERANGE", "deleteRange leaves the grid's size", 20)
def delete_range(google: Google) -> Any:
    google.batch(
        {"deleteRange": {"range": {"sheetId": TAB_ID, "startRowIndex": 1, "endRowIndex": 3}, "shiftDimension": "ROWS"}}
    )
    return google.tab("properties.gridProperties.rowCount")["properties"]["gridProperties"]["rowCount"]


@probe("GROW", "writing from one cell beyond the grid makes it grow", (200, 21))
def grow(google: Google) -> Any:
    status, _ = google.put("A20", [["a"], ["b"]])
    return status, google.tab("properties.gridProperties.rowCount")["properties"]["gridProperties"]["rowCount"]


@probe("METAZERO", "metadata of the tab with id 0 says so", expected=True)
def meta_zero(google: Google) -> Any:
    ids = [one["properties"].get("sheetId", 0) for one in google.get(fields="sheets.properties.sheetId")["sheets"]]
    if 0 not in ids:
        return True  # such a document cannot tell
    key = "netzwerk probe zero"
    entry = {"metadataKey": key, "visibility": "DOCUMENT", "location": {"sheetId": 0}}
    made = google.batch({"createDeveloperMetadata": {"developerMetadata": entry}})["replies"][0]
    google.batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": key}}}})
    return "sheetId" in made["createDeveloperMetadata"]["developerMetadata"]["location"]


@probe(
    "METATWICE",
    "the number of metadata may be chosen, and is refused a second time, with its request named",
    (True, True),
)
def meta_twice(google: Google) -> Any:
    entry = {"metadataId": 1_499_999_999, "metadataKey": "netzwerk probe twice", "visibility": "DOCUMENT"}
    made = {"createDeveloperMetadata": {"developerMetadata": {**entry, "location": {"spreadsheet": True}}}}
    google.batch(made)
    told = google.refused(made)
    lookup = {"developerMetadataLookup": {"metadataId": entry["metadataId"]}}
    google.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})
    return told != "", "requests[0]" in told


@probe("TITLES", "two tabs may not differ in capitals only", expected=True)
def titles(google: Google) -> Any:
    return google.refused({"addSheet": {"properties": {"title": TAB.upper()}}}) != ""


@probe("ROWSIZE", "a row is 21 pixels high", 21)
def row_size(google: Google) -> Any:
    return google.tab("data.rowMetadata.pixelSize", "A1")["data"][0]["rowMetadata"][0]["pixelSize"]


@probe("DIGITS", "a number without a format shows ten digits", [["0.3333333333", "1234.567891"]])
def digits(google: Google) -> Any:
    google.batch(cells(0, 0, {FIELD: {"numberValue": 1 / 3}}, {FIELD: {"numberValue": 1234.567891}}))
    return [[one.replace(",", ".") for one in row] for row in google.rows("A1:B1")]


@probe("SHIFTNAMES", "names and formulas move with inserted rows", (3, "=A4"))
def shift_names(google: Google) -> Any:
    google.batch(
        {"addNamedRange": {"namedRange": {"name": "netzwerk_probe", "range": area(2, 3, 0, 1)}}},
        cells(0, 1, {FIELD: {"formulaValue": "=A3"}}),
    )
    try:
        span = {"sheetId": TAB_ID, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
        google.batch({"insertDimension": {"range": span, "inheritFromBefore": False}})
        names = google.get(fields="namedRanges")["namedRanges"]
        ours = next(one for one in names if one["name"] == "netzwerk_probe")
        return ours["range"]["startRowIndex"], google.rows("B1", valueRenderOption="FORMULA")[0][0]
    finally:
        for one in google.get(fields="namedRanges").get("namedRanges", []):
            if one["name"] == "netzwerk_probe":
                google.batch({"deleteNamedRange": {"namedRangeId": one["namedRangeId"]}})


@probe(
    "OVERFLOW",
    "the wording when values go beyond their range",
    f"Requested writing within range ['{TAB}'!A1:B1], but tried writing to column [C]",
)
def overflow(google: Google) -> Any:
    _, found = google.put("A1:B1", [["a", "b", "c"]])
    return found["error"]["message"] if "error" in found else "written"


def run(google: Google) -> int:
    """Ask everything; the number of differences."""
    different = 0
    for name, sentence, expected, ask in PROBES:
        google.fresh()
        try:
            seen = ask(google)
        except Exception as error:  # noqa: BLE001 - one question that fails must not end the others
            seen = f"failed: {type(error).__name__}: {error}".replace(google.document, "<document>")
        same = seen == expected
        different += not same
        print(f"{'as assumed' if same else 'DIFFERENT '}  {name:13} {sentence}")
        if not same:
            print(f"            assumed {json.dumps(expected, ensure_ascii=False)}")
            print(f"            seen    {json.dumps(seen, ensure_ascii=False, default=str)}")
    return different


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--key", help="service account key file")
    parser.add_argument("--document", help="id of a spreadsheet that is shared with the account as an editor")
    parser.add_argument("--endpoint", help="another server than Google's (used to test this script)")
    options = parser.parse_args()
    if not options.key or not options.document:
        print("Nothing is asked without --key and --document. It would ask:")
        for name, sentence, _, _ in PROBES:
            print(f"  {name:13} {sentence}")
        return 2
    from google.auth.transport.requests import AuthorizedSession
    from google.oauth2.service_account import Credentials

    credentials = Credentials.from_service_account_file(options.key, scopes=SCOPES)
    google = Google(AuthorizedSession(credentials), options.document, options.endpoint)
    try:
        different = run(google)
    finally:
        google.clean()
    print(f"{len(PROBES)} questions, {different} answered otherwise than assumed.")
    if different:
        print("Please correct tests/sheetsim and its ASSUMPTIONS.md accordingly.")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
