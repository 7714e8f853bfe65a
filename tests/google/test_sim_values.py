"""What a cell becomes when somebody types, and how it then looks; German parsing is an assumption."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheetsim import Sim, discovery
from tests.sheetsim.formulas import NotComputed
from tests.sheetsim.shown import shown
from tests.sheetsim.typing_in import moment, raw, serial, typed

pytestmark = pytest.mark.skipif(not discovery.available(), reason="Google's API description is not here")
TAB = "Tabellenblatt1"


def number(value):
    return {"numberValue": value}


def text(value):
    return {"stringValue": value}


ENGLISH = [
    ("42", number(42), "42"),
    ("0042", number(42), "42"),
    ("-1.5", number(-1.5), "-1.5"),
    ("1,5", text("1,5"), "1,5"),
    ("2,000,000.01", number(2000000.01), "2,000,000.01"),
    ("50%", number(0.5), "50%"),
    ("50 %", number(0.5), "50%"),
    ("1e3", number(1000), "1.00E+03"),
    ("$5", number(5), "$5"),
    ("2020-01-01", number(43831), "2020-01-01"),
    ("12/31/2026", number(46387), "12/31/2026"),
    ("31.12.2026", text("31.12.2026"), "31.12.2026"),
    ("14:30", number(0.6041666666666666), "14:30"),
    ("TRUE", {"boolValue": True}, "TRUE"),
    ("wahr", text("wahr"), "wahr"),
    ("'0042", text("0042"), "0042"),
    ("3_1_0", text("3_1_0"), "3_1_0"),
    ("+49 221 123", text("+49 221 123"), "+49 221 123"),
    ("P-014", text("P-014"), "P-014"),
]
GERMAN = [
    ("1,5", number(1.5), "1,5"),
    ("1.234,56", number(1234.56), "1.234,56"),
    ("1.5", text("1.5"), "1.5"),
    ("0042", number(42), "42"),
    ("31.12.2026", number(46387), "31.12.2026"),
    ("31.12.26", number(46387), "31.12.26"),
    ("30.2.2026", text("30.2.2026"), "30.2.2026"),
    ("2026-12-31", number(46387), "2026-12-31"),
    ("50 %", number(0.5), "50%"),
    ("12,5 %", number(0.125), "12,50%"),
    ("WAHR", {"boolValue": True}, "WAHR"),
    ("TRUE", {"boolValue": True}, "WAHR"),
    ("falsch", {"boolValue": False}, "FALSCH"),
    ("5 €", number(5), "5 €"),
    ("'text", text("text"), "text"),
    ("31.12.2026 14:30", number(46387.604166666664), "31.12.2026 14:30:00"),
    ("12/31/2026", text("12/31/2026"), "12/31/2026"),
]


@pytest.mark.parametrize(("sent", "value", "looks"), ENGLISH)
def test_typed_in_english(sent, value, looks):
    found = typed(sent, "en_US")
    assert found.value == value
    assert shown(found.value, found.number_format, "en_US") == looks


@pytest.mark.parametrize(("sent", "value", "looks"), GERMAN)
def test_typed_in_german(sent, value, looks):
    found = typed(sent, "de_DE")
    assert found.value == value
    assert shown(found.value, found.number_format, "de_DE") == looks


@pytest.mark.parametrize("sent", ["=1+1", "0042", "TRUE", "31.12.2026", "'x", ""])
def test_raw_texts_stay_texts(sent):
    assert raw(sent) == text(sent)
    assert raw(True) == {"boolValue": True}
    assert raw(1.5) == number(1.5)


def test_a_cell_of_text_keeps_what_is_typed():
    assert typed("0042", "de_DE", {"type": "TEXT"}).value == text("0042")


@given(st.datetimes(min_value=moment(1), max_value=moment(60000)))
def test_a_serial_number_is_its_moment(at):
    at = at.replace(microsecond=0)
    assert moment(serial(at)) == at


@given(st.text())
def test_whatever_is_typed_becomes_one_value(sent):
    for locale in ("de_DE", "en_US"):
        found = typed(sent, locale)
        assert len(found.value) == 1
        if "formulaValue" not in found.value:
            shown(found.value, found.number_format, locale)


@pytest.mark.parametrize(
    ("pattern", "value", "looks"),
    [
        ("#,##0.00", 1234.5, "1.234,50"),
        ("0", 2.5, "3"),
        ("0.##", 2.5, "2,5"),
        ("000", 7, "007"),
        ("0%", 0.256, "26%"),
        ('0 "Tage"', 3, "3 Tage"),
        ("#,##0.00 [$€]", -1, "-1,00 €"),
    ],
)
def test_patterns_of_numbers(pattern, value, looks):
    assert shown(number(value), {"type": "NUMBER", "pattern": pattern}, "de_DE") == looks


@pytest.mark.parametrize(
    ("pattern", "looks"),
    [
        ("dd.mm.yyyy", "05.03.2026"),
        ("d. mmmm yy", "5. March 26"),
        ("yyyy-mm-dd hh:mm:ss", "2026-03-05 14:07:09"),
        ("h:mm AM/PM", "2:07 PM"),
    ],
)
def test_patterns_of_dates(pattern, looks):
    from datetime import datetime

    at = serial(datetime(2026, 3, 5, 14, 7, 9))
    assert shown(number(at), {"type": "DATE_TIME", "pattern": pattern}, "de_DE") == looks


FORMULAS = [
    ("=1/1024", 0.0009765625),
    ("=A1+B1*2", 7),
    ("=SUM(A1:B2)", 10),
    ("=SUM(A:A)", 3),
    ('=COUNTIF(A1:C3,"x*")', 1),
    ('=COUNTIF(A1:B3,">1")', 3),
    ('=COUNTIFS(A1:A3,">1",B1:B3,4)', 1),
    ("=COUNTA(A1:C3)", 5),
    ('=IF(A1<B1,"yes",1/0)', "yes"),
    ('=IFERROR(1/0,"none")', "none"),
    ('="a"&A1', "a1"),
    ('=HYPERLINK("https://example.org","there")', "there"),
    ("=ROUND(2.5,0)", 3),
    ('=IF(AND(ISNUMBER(A1),A1<TODAY()),"late","")', "late"),
    ("=-A1^2", 1),
    ("=(A1+B1)%", 0.04),
    ("=A9", 0),
]


@pytest.mark.parametrize(("formula", "value"), FORMULAS)
def test_formulas(formula, value):
    sim = Sim()
    doc = sim.create(locale="en_US")
    doc.human.type_rows("Sheet1", "A1", [["1", "3", "xy"], ["2", "4"]])
    doc.human.type("Sheet1", "D1", formula)
    row = doc.human.values("Sheet1", how="UNFORMATTED_VALUE")[0]
    assert row[3] == pytest.approx(value)


def test_formulas_in_german():
    doc = Sim().create(locale="de_DE")
    doc.human.type_rows(TAB, "A1", [["1,5", "=A1*2", '=WENN(A1>1;"ja";"nein")', "=ROUND(1,25;1)", "=COUNTIF(A1:B1;3)"]])
    assert doc.human.values(TAB) == [["1,5", "3", "ja", "1,3", "1"]]


def test_a_comma_parts_no_arguments_in_german_and_a_semicolon_does_everywhere():
    german, english = Sim().create(locale="de_DE"), Sim().create(locale="en_US")
    german.human.type_rows(TAB, "A1", [['=IF(1=1,"a","b")', '=IF(1=1;"a";"b")', "=SUM(2,3)"]])
    assert german.human.values(TAB) == [["#ERROR!", "a", "2,3"]]
    english.human.type_rows("Sheet1", "A1", [['=IF(1=1;"a;b";"b")', "=SUM({1;2};3)"]])
    kept = [english.human.cell("Sheet1", spot)["userEnteredValue"]["formulaValue"] for spot in ("A1", "B1")]
    assert kept == ['=IF(1=1,"a;b","b")', "=SUM({1;2},3)"]
    assert english.human.shows("Sheet1", "A1") == "a;b"


@pytest.mark.parametrize(
    ("formula", "shows"),
    [("=1/0", "#DIV/0!"), ("=A1&", "#ERROR!"), ("=NOPE", "#NAME?"), ('="a"+1', "#VALUE!"), ("=D1", "#REF!")],
)
def test_errors_show_as_errors(formula, shows):
    doc = Sim().create(locale="en_US")
    doc.human.type("Sheet1", "D1", formula)
    assert doc.human.shows("Sheet1", "D1") == shows


def test_what_cannot_be_computed_fails_unless_it_is_seeded(sim):
    doc = sim.create(locale="en_US")
    doc.human.type("Sheet1", "A1", '=IMPORTRANGE("x";"y")')
    with pytest.raises(NotComputed):
        doc.human.values("Sheet1")
    doc.human.seed_result("Sheet1", "A1", "seen")
    assert doc.human.values("Sheet1") == [["seen"]]
    doc.human.type("Sheet1", "A1", '=IMPORTRANGE("x";"z")')
    with pytest.raises(NotComputed):
        doc.human.values("Sheet1")
