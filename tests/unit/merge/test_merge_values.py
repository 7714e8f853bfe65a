"""What cells mean: two spellings of the same thing are never a difference."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from merge_table import PARTNERS

from netzwerk_sheets.grid import Formula
from netzwerk_sheets.merge import Conventions, TableSchema, canonical, same_look
from netzwerk_sheets.merge.values import parse_date, parse_number

SAME = [
    ("name", "Müller", "Mu\u0308ller"),
    ("name", "Haus der Hilfe", " Haus\u00a0der  Hilfe\ufeff\r\n"),
    ("name", "Stadt\u200bteil", "Stadtteil"),
    ("name", 5, "5"),
    ("name", 5.0, "5"),
    ("note", "eins\nzwei", "eins \r\nzwei\r\n\r\n"),
    ("note", "eins\u00a0a", "eins a"),
    ("status", "Aktiv", "active"),
    ("status", " AKTIV ", "aktiv"),
    ("status", "Unbekannt", "unbekannt"),
    ("tags", "Sport, Kunst", "kunst;sport"),
    ("tags", "Sport\nKunst", "Kunst, Sport, Sport"),
    ("size", 1, 1.0),
    ("size", 1, "1"),
    ("size", 1234.5, "1.234,5"),
    ("size", 1234.5, "1234.5"),
    ("size", -3, "\u22123"),
    ("size", 0.5, "50 %"),
    ("since", date(2025, 5, 15), "15.05.2025"),
    ("since", date(2025, 5, 15), "15.5.25"),
    ("since", date(2025, 5, 15), "2025-05-15"),
    ("since", date(2025, 5, 15), datetime(2025, 5, 15)),
    ("since", date(2025, 5, 15), 45792),
    ("since", date(2025, 5, 15), 45792.0),
    ("active", True, "Ja"),
    ("active", True, "WAHR"),
    ("active", False, "nein"),
    ("phone", "0911 123", " 0911\u00a0123"),
    ("phone", 123.0, "123"),
    ("lead", "P-003", "p-003 "),
    ("name", None, " \u00a0\u200b"),
    ("tags", None, " , ;"),
    ("name", "x", Formula("A1", "x")),
    ("note", "eins\nzwei", " eins\n\u00a0 zwei"),
]
OTHER = [
    ("note", "eins\n\nzwei", "eins\nzwei"),
    ("name", "Haus", "haus"),
    ("note", "eins\nzwei", "eins zwei"),
    ("note", "eins", "Eins"),
    ("tags", "Sport", "Kunst"),
    ("size", 1, 2),
    ("size", 1, "eins"),
    ("size", 1000, 1),
    ("since", date(2025, 5, 6), "5/6/2025"),
    ("since", date(2025, 6, 5), "5/6/2025"),
    ("since", date(2025, 5, 15), datetime(2025, 5, 15, 9)),
    ("active", False, None),
    ("active", "vielleicht", True),
    ("phone", "01234", 1234),
    ("phone", "01234", 1234.0),
    ("lead", "P-003", "P-004"),
]


@pytest.mark.parametrize(("key", "one", "other"), SAME)
def test_spellings_of_the_same_thing_are_equal(key, one, other):
    column = PARTNERS.by_key[key]
    assert canonical(one, column, PARTNERS) == canonical(other, column, PARTNERS)


@pytest.mark.parametrize(("key", "one", "other"), OTHER)
def test_different_things_are_different(key, one, other):
    column = PARTNERS.by_key[key]
    assert canonical(one, column, PARTNERS) != canonical(other, column, PARTNERS)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234", Decimal(1234)),
        ("1.234.567,89", Decimal("1234567.89")),
        ("3.5", Decimal("3.5")),
        ("3,5", Decimal("3.5")),
        (",5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ("+7", Decimal(7)),
        ("12a", None),
        ("1_000", None),
        ("", None),
        ("1,2,3", None),
        ("١", Decimal(1)),
    ],
)
def test_numbers_typed_as_text_are_read_as_people_mean_them(text, number):
    assert parse_number(text) == number


def test_the_decimal_mark_is_the_workbooks():
    assert parse_number("1,234", ".") == 1234
    assert parse_number("1,234", ",") == Decimal("1.234")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1.2.2024", date(2024, 2, 1)),
        ("1. 2. 2024", date(2024, 2, 1)),
        ("1.2.29", date(2029, 2, 1)),
        ("1.2.30", date(1930, 2, 1)),
        ("2024-02-30", None),
        ("31.2.2024", None),
        ("2024-02-01T00:00:00", date(2024, 2, 1)),
        ("2/1/2024", None),
        ("bald", None),
    ],
)
def test_days_are_read_but_never_guessed(text, day):
    assert parse_date(text) == day


def test_serials_follow_the_workbooks_epoch():
    schema = TableSchema("t", "T", PARTNERS.columns, conventions=Conventions(epoch=date(1904, 1, 1)))
    assert canonical(0.5, schema.by_key["since"], schema) == "0.5"
    assert canonical(1, schema.by_key["since"], schema) == date(1904, 1, 2)


def test_a_time_of_day_is_no_day():
    assert canonical(time(9), PARTNERS.by_key["since"], PARTNERS) == "09:00:00"


def test_a_yes_in_a_number_column_stays_a_yes():
    column = PARTNERS.by_key["size"]
    assert canonical(True, column, PARTNERS) is True
    assert canonical(date(2025, 1, 1), column, PARTNERS) == "2025-01-01"


@pytest.mark.parametrize(
    ("key", "one", "other", "same"),
    [
        ("name", "a b", "a  b", False),
        ("name", "Mu\u0308ller", "Müller", True),
        ("note", "a\r\nb", "a\nb", True),
        ("size", 1, "1", True),
        ("since", date(2025, 5, 15), "15.05.2025", True),
        ("size", 1, 2, False),
    ],
)
def test_only_what_people_can_see_is_carried(key, one, other, same):
    assert same_look(one, other, PARTNERS.by_key[key], PARTNERS) is same


def test_a_serial_past_the_end_of_time_is_just_a_number():
    schema = TableSchema("t", "T", PARTNERS.columns, conventions=Conventions(epoch=date(1904, 1, 1)))
    assert canonical(2_958_465, schema.by_key["since"], schema) == 2_958_465
