"""What the Google backend works out without asking anybody."""

import json
import re
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netzwerk_sheets.backends.google import faults, formulas, ledger
from netzwerk_sheets.backends.google.batch import Batch, Write
from netzwerk_sheets.backends.google.formats import cell_format, inks, number_format, spelled_colour
from netzwerk_sheets.backends.google.reading import EVERYWHERE, Area, area_of, range_of, read_document
from netzwerk_sheets.backends.google.values import format_for, from_serial, raw_of, same, to_serial, value_of
from netzwerk_sheets.errors import (
    AccessDenied,
    CredentialsRefused,
    ServiceUnreachable,
    WorkbookChanged,
    WorkbookNotFound,
    WorkbookRefused,
    WrongUse,
)
from netzwerk_sheets.grid import CellError, Formula, Spot
from netzwerk_sheets.place import document_id, is_google
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.looks import look

ID = "1AbC-dEfGhIjKlMnOpQrStUvWxYz_0123456789abcdef"


# --- which document ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"google:{ID}",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=0#gid=0",
        f"https://docs.google.com/spreadsheets/d/{ID}",
        f"https://docs.google.com/a/stadt.example/spreadsheets/d/{ID}/edit",
        f"https://docs.google.com/spreadsheets/u/1/d/{ID}/edit#gid=3",
        f"https://drive.google.com/file/d/{ID}/view?usp=sharing",
        f"https://drive.google.com/open?id={ID}&usp=drive_copy",
        f"  https://docs.google.com/spreadsheets/d/{ID}/edit  ",
    ],
)
def test_a_document_is_named_by_its_address_or_id(text):
    assert is_google(text.strip())
    assert document_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "stadt.xlsx", "/home/anna/netz/stadt.xlsx", "stadt", "", "google:", "google:a/b",
        "https://docs.google.com/spreadsheets/d/e/2PACX-1vQabcdefghijklmnop/pubhtml",
        f"https://evil.example/spreadsheets/d/{ID}/edit",
    ],
)  # fmt: skip
def test_anything_else_is_no_document(text):
    with pytest.raises(WrongUse, match="google-address-unclear"):
        document_id(text)


def test_files_are_no_documents():
    assert not is_google("stadt.xlsx")
    assert not is_google("a-very-long-name-of-a-workbook-with-an-ending.xlsx")


# --- values -----------------------------------------------------------------------------------------------


def cell(raw, kind="", shown=None):
    found = {"userEnteredValue": raw, "effectiveValue": shown or raw}
    return found | ({"effectiveFormat": {"numberFormat": {"type": kind}}} if kind else {})


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (cell({"stringValue": "00123"}), "00123"),
        (cell({"stringValue": ""}), None),
        (cell({"numberValue": 3}), 3),
        (cell({"numberValue": 3.0}), 3),
        (cell({"numberValue": 0.5}), 0.5),
        (cell({"numberValue": 1e300}), 1e300),
        (cell({"boolValue": True}), True),
        (cell({"numberValue": 45792}, "DATE"), date(2025, 5, 15)),
        (cell({"numberValue": 45792.5}, "DATE_TIME"), datetime(2025, 5, 15, 12)),
        (cell({"numberValue": 0.25}, "TIME"), time(6)),
        (cell({"numberValue": 1.5}, "TIME"), 1.5),
        (cell({"numberValue": -3}, "DATE"), -3),
        (cell({"formulaValue": "=A1"}, shown={"numberValue": 2}), Formula("A1", 2)),
        (cell({"formulaValue": "=A1"}, shown={"stringValue": ""}), Formula("A1", "")),
        (cell({"formulaValue": "=TODAY()"}, "DATE", {"numberValue": 45792}), Formula("TODAY()", date(2025, 5, 15))),
        (cell({"formulaValue": "=1/0"}, shown={"errorValue": {"type": "DIVIDE_BY_ZERO"}}), Formula("1/0", CellError("#DIV/0!"))),
        ({"effectiveValue": {"stringValue": "a"}}, Formula("", "a")),
        ({"userEnteredFormat": {"numberFormat": {"type": "DATE"}}}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_cells_are_read_with_their_type(content, value):
    found = value_of(content)
    assert found == value
    assert type(found) is type(value)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, width=64), st.text(),
)  # fmt: skip


@given(SCALARS)
def test_what_is_written_is_what_is_read(value):
    again = value_of(cell(raw_of(value)) if raw_of(value) else {})
    assert same(again, None if value == "" else value)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)))
def test_moments_survive_as_numbers(moment):
    moment = moment.replace(microsecond=0)
    found = from_serial(to_serial(moment), "DATE_TIME")
    assert found == (moment if moment.time() != time() else moment.date())


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)))
def test_days_survive_as_numbers(day):
    assert from_serial(to_serial(day), "DATE") == day


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 221 1234", "-5", "@anna", "00123", "1,5", "1.234,56", "31.12.2026", "12:30", "50 %", "1e5", "TRUE",
     "wahr", "(3)", "'quoted", "1 000", "€ 5"],
)  # fmt: skip
def test_text_that_would_be_taken_for_something_else_is_marked_as_text(text):
    assert format_for(text, "") == {"type": "TEXT"}
    assert format_for(text, "TEXT") is None


@pytest.mark.parametrize("text", ["Stadt", "P-014", "3 Räume", "a=b", "Jon's", "", "Haus 5", "trueish", "e"])
def test_other_text_keeps_its_format(text):
    assert format_for(text, "") is None


def test_dates_and_numbers_get_a_format_only_where_theirs_would_hide_them():
    day = date(2025, 5, 15)
    assert format_for(day, "") == {"type": "DATE"}
    assert format_for(day, "TEXT") == {"type": "DATE"}
    assert format_for(day, "DATE") is None
    assert format_for(5, "DATE") == {}
    assert format_for(5, "TEXT") == {}
    assert format_for(5, "PERCENT") is None
    assert format_for(True, "DATE") is None


def test_whether_a_text_looks_like_a_number_is_quickly_known():
    format_for("1" * 49_999 + "x", "")
    format_for("1,." * 16_000, "")


# --- formulas ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plain", "german"),
    [
        ('IF(A1="x, y","a",B1)', 'IF(A1="x, y";"a";B1)'),
        ("SUM('a, b'!A1,C1)", "SUM('a, b'!A1;C1)"),
        ('IF(A1="say ""hi, you""",1,2)', 'IF(A1="say ""hi, you""";1;2)'),
        ("TODAY()", "TODAY()"),
    ],
)
def test_formulas_are_spelled_as_the_document_wants_them(plain, german):
    assert formulas.spelled(plain, ";") == german
    assert formulas.spelled(plain, ",") == plain
    assert formulas.plain(german) == plain
    assert formulas.plain(plain) == plain


@pytest.mark.parametrize("text", ["A1*1,5+IF(B1;2;3)", "SUM({1;2})", "A1"])
def test_formulas_that_say_both_stay_as_they_are(text):
    assert formulas.plain(text) == text
    assert formulas.spelled(text, ";") == text


@pytest.mark.parametrize(("locale", "mark"), [("de_DE", ";"), ("en_US", ","), ("en_GB", ","), ("de_CH", ","), ("fr_FR", ";"), ("", ";")])  # fmt: skip
def test_the_language_of_a_document_tells_the_mark(locale, mark):
    assert formulas.separator_for(locale) == mark


def test_formulas_follow_their_row():
    assert formulas.moved('IF(B5="B5",$C5,D$5)+Tab!B5+LOG5(E15)', 5, 9) == 'IF(B9="B5",$C9,D$5)+Tab!B5+LOG5(E15)'


# --- looks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_role_has_a_text_colour_of_its_own_that_nobody_can_see_apart(language):
    styles = look(Words(language))
    found = inks(styles, {})
    assert len(set(found.values())) == len(styles) == len(found)
    for style in styles.values():
        ink = found[style.name]
        assert ink != style.colour
        assert all(abs(int(ink[p : p + 2], 16) - int(style.colour[p : p + 2], 16)) <= 2 for p in (0, 2, 4))


def test_colours_once_given_stay():
    styles = look(Words("de"))
    first = inks(styles, {})
    fewer = dict(list(first.items())[5:])
    again = inks(styles, fewer)
    assert {name: again[name] for name in fewer} == fewer
    assert len(set(again.values())) == len(styles)


def test_a_colour_comes_back_as_it_was_written():
    for text in ("000000", "FFFFFF", "1B2430", "0100FE"):
        for each in (cell_format(look(Words("de"))["cell"], text)["textFormat"]["foregroundColorStyle"],):
            single = {"rgbColor": {name: float(f"{value:.8f}") for name, value in each["rgbColor"].items()}}
            assert spelled_colour(single) == text
    assert spelled_colour(None) == spelled_colour({"themeColor": "LINK"}) == ""


def test_number_formats_say_their_type():
    assert number_format("General") is None
    assert number_format("@") == {"type": "TEXT"}
    assert number_format("dd.mm.yyyy") == {"type": "DATE", "pattern": "dd.mm.yyyy"}
    assert number_format("0%")["type"] == "PERCENT"
    assert number_format('"day "0" of y"')["type"] == "NUMBER"


# --- what the tool leaves ---------------------------------------------------------------------------------


def test_names_are_spelled_without_full_stops():
    assert ledger.spelled("NETZ_onboarding.P_007") == "NETZ_onboarding__P_007"
    assert ledger.plain("NETZ_onboarding__P_007") == "NETZ_onboarding.P_007"
    assert ledger.spelled("TitleRegion1.A4.G11.6") is None


def test_a_name_whose_tab_is_gone_was_deleted_by_a_person():
    known = {"NETZ_a": 0, "NETZ_b": 7, "NETZ_c": 8, "NETZ_d": 9}
    named = [
        {"namedRangeId": "1", "name": "NETZ_a", "range": {"startRowIndex": 3, "endRowIndex": 4}},
        {"namedRangeId": "2", "name": "NETZ_b"},
        {"namedRangeId": "3", "name": "ihre", "range": {"sheetId": 7}},
    ]
    spots, ids = ledger.read_names(named, {0: "A", 8: "C"}, known)
    assert spots == {"NETZ_a": Spot("A", 4, 1), "NETZ_b": None, "NETZ_c": Spot("C", 1, 1), "NETZ_d": None}
    assert ids == {"NETZ_a": "1", "NETZ_b": "2"}


def test_unreadable_entries_count_as_none():
    book = ledger.Ledger.read(
        [
            {"metadataId": 5, "metadataKey": ledger.NAMES, "metadataValue": "{broken"},
            {"metadataId": 6, "metadataKey": ledger.LOOKS, "metadataValue": "[1]"},
            {
                "metadataId": 7,
                "metadataKey": ledger.MARKER,
                "metadataValue": "x",
                "location": {"locationType": "SHEET"},
            },
        ]
    )
    assert book.tabs == {}
    assert book.inks == {}
    assert book.marker is None
    assert book.update(ledger.NAMES, "{}")["updateDeveloperMetadata"]["dataFilters"] == [
        {"developerMetadataLookup": {"metadataId": 5}}
    ]


def test_an_entry_that_says_the_same_is_not_written():
    book = ledger.Ledger({ledger.MARKER: (3, "x")})
    assert book.requests(ledger.MARKER, "x") == []
    assert len(book.requests(ledger.MARKER, "y")) == 1


# --- requests ---------------------------------------------------------------------------------------------


def covered(requests, kind):
    for request in requests:
        content = request[kind]
        for r, row in enumerate(content["rows"]):
            for c, written in enumerate(row["values"]):
                place = (content["start"]["rowIndex"] + r + 1, content["start"]["columnIndex"] + c + 1)
                yield place, written, content["fields"]


PLACES = st.tuples(st.integers(1, 9), st.integers(1, 5))


@given(st.dictionaries(PLACES, st.tuples(st.integers(0, 3), st.sampled_from([("userEnteredValue",), ("userEnteredValue", "userEnteredFormat")]))))  # fmt: skip
def test_every_planned_cell_is_written_once_and_no_other(cells):
    batch = Batch()
    batch.update("T", 3, {p: Write({"numberValue": n} if n else {}, None, f) for p, (n, f) in cells.items()})
    found = list(covered(batch.requests, "updateCells"))
    assert sorted(place for place, _, _ in found) == sorted(cells)
    for place, written, fields in found:
        number, meant = cells[place]
        assert written == ({"userEnteredValue": {"numberValue": number}} if number else {})
        assert fields == ",".join(meant)


@given(st.dictionaries(PLACES, st.integers(0, 2)))
def test_rectangles_of_looks_cover_their_cells_exactly(cells):
    batch = Batch()
    batch.look("T", 3, {place: {"a": kind} for place, kind in cells.items()})
    seen = {}
    for request in batch.requests:
        area = area_of(request["repeatCell"]["range"])
        for row in range(area.first_row, area.last_row + 1):
            for column in range(area.first_column, area.last_column + 1):
                assert (row, column) not in seen
                seen[row, column] = request["repeatCell"]["cell"]["userEnteredFormat"]["a"]
    assert seen == cells


def test_ranges_are_half_open_and_may_be_endless():
    area = Area(2, 1, EVERYWHERE, 3)
    assert range_of(5, area) == {"sheetId": 5, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}
    assert area_of(range_of(5, area)) == area


# --- real traffic -----------------------------------------------------------------------------------------


def recorded(shared):
    """Give (request method, uri, status, body) of every recorded exchange."""
    for path in sorted((shared / "google" / "recordings").glob("*/*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for each in content.get("interactions", []) if isinstance(content, dict) else []:
            body = each["response"].get("body", {})
            text = body.get("string", "") if isinstance(body, dict) else body
            status = each["response"]["status"]
            headers = {k: v[0] if isinstance(v, list) else v for k, v in each["response"].get("headers", {}).items()}
            yield each["request"]["method"], each["request"]["uri"], status["code"], headers, text


def parsed(text):
    try:
        found = json.loads(text)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def test_recorded_documents_can_be_read(shared):
    count = 0
    for method, uri, status, _, text in recorded(shared):
        if method == "GET" and re.search(r"/v4/spreadsheets/[^/:?]+(\?|$)", uri) and status == 200:
            reply = parsed(text)
            if reply and "sheets" in reply and "properties" in reply["sheets"][0]:
                snapshot = read_document(reply, "r").snapshot
                assert len(snapshot.taken) == len(reply["sheets"])
                assert len({tab.title for tab in snapshot.tabs}) == len(snapshot.tabs)
                count += 1
    assert count > 100


def test_recorded_answers_are_judged_rightly(shared):
    seen = []
    for _, _, status, headers, text in recorded(shared):
        if status < 400 and "json" not in headers.get("Content-Type", "json"):
            continue  # a file that was asked for
        fault = faults.of_reply(status, headers, parsed(text) if text else {}, "robot@example.org")
        if status < 400:
            assert fault is None
        else:
            seen.append((status, fault.error.reason, fault.passing))
    assert set(seen) == {(404, "google-not-found", False), (400, "google-request-refused", False)}


GARGLE = {
    "drive-automated-queries_429": ("google-quota", True),
    "drive-files-get-nonexistent-file-id_404": ("google-not-found", False),
    "fitness-get-wrong-scope_403": ("google-scope-missing", False),
    "sheets-spreadsheets-get-nonexistent-sheet-id_404": ("google-not-found", False),
    "sheets-spreadsheets-get-quota-exceeded-readgroup_429": ("google-quota", True),
    "sheets-spreadsheets-get-service-disabled_403": ("google-api-off", False),
    "sheets-spreadsheets-get-bad-field-mask_400": ("google-request-refused", False),
}


def test_recorded_errors_of_all_kinds_are_understood(shared):
    content = json.loads((shared / "google" / "recordings" / "gargle" / "gargle_errors.json").read_text("utf-8"))
    found = {}
    for each in content:
        document = each["response"] if isinstance(each["response"], dict) else None
        fault = faults.of_reply(each["status"], {}, document, "robot@example.org")
        found[each["fixture"].removesuffix(".rds")] = (fault.error.reason, fault.passing)
        assert fault.refused or each["status"] >= 500
    assert {name: found[name] for name in GARGLE} == GARGLE


@pytest.mark.parametrize(
    ("status", "document", "error", "reason"),
    [
        (403, {"error": {"status": "PERMISSION_DENIED", "message": "The caller does not have permission"}}, AccessDenied, "google-not-shared"),
        (403, {"error": {"errors": [{"reason": "storageQuotaExceeded", "domain": "usageLimits"}]}}, AccessDenied, "google-not-shared"),
        (403, {"error": {"errors": [{"reason": "userRateLimitExceeded", "domain": "usageLimits"}]}}, ServiceUnreachable, "google-quota"),
        (401, {"error": {"status": "UNAUTHENTICATED"}}, CredentialsRefused, "google-sign-in-refused"),
        (400, {"error": {"message": "This operation is not supported for this document", "status": "FAILED_PRECONDITION"}}, WorkbookRefused, "google-office-file"),
        (400, {"error": {"message": "Invalid requests[2].updateCells: No grid with id: 5"}}, WorkbookChanged, "workbook-changed"),
        (502, None, ServiceUnreachable, "google-unavailable"),
        (200, None, ServiceUnreachable, "google-answer-unreadable"),
        (404, None, WorkbookNotFound, "google-not-found"),
        (418, None, WorkbookRefused, "google-request-refused"),
    ],
)  # fmt: skip
def test_each_answer_means_one_thing(status, document, error, reason):
    fault = faults.of_reply(status, {}, document, "robot@example.org")
    assert type(fault.error) is error
    assert fault.error.reason == reason


def test_a_moment_to_come_back_is_understood():
    assert faults.of_reply(429, {"Retry-After": "7"}, {}).retry_after == 7
    assert faults.of_reply(503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, {}).retry_after == 0
    assert faults.of_reply(503, {"Retry-After": "soon"}, {}).retry_after is None


def test_nothing_that_google_says_reaches_the_error():
    document = {"error": {"message": "Invalid requests[0].x: secret text of a cell", "status": "INVALID_ARGUMENT"}}
    error = faults.of_reply(400, {}, document).error
    assert "secret" not in f"{error!r} {error} {error.facts}"
