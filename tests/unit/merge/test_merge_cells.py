"""Three versions of one cell."""

from datetime import date

import pytest
from merge_table import PARTNERS

from netzwerk_sheets.grid import CellError, Formula
from netzwerk_sheets.merge import NO_BASE, Verdict, merge_cell, merge_notes
from netzwerk_sheets.merge.cells import both, is_error, join_items, unchanged


def merged(key, base, hub, seen):
    outcome = merge_cell(PARTNERS.by_key[key], base, hub, seen, PARTNERS)
    return outcome.verdict.value, outcome.value


@pytest.mark.parametrize(
    ("key", "base", "hub", "seen", "expected"),
    [
        ("name", "a", "a", "b", ("take", "b")),
        ("name", "a", "b", "a", ("keep", "b")),
        ("name", "a", "b", "b", ("keep", "b")),
        ("name", "a", "b", "c", ("conflict", "b")),
        ("name", "a", "b", None, ("conflict", "b")),
        ("name", "a", None, "b", ("conflict", None)),
        ("name", "a", "a", None, ("take", None)),
        ("name", None, None, "b", ("take", "b")),
        ("name", None, "a", "b", ("conflict", "a")),
        # spelling only: carried alone, gives way to a real edit, never a conflict
        ("name", "a", "a", "a ", ("take", "a ")),
        ("name", "a", "b", "a ", ("keep", "b")),
        ("name", "a", " a", "a ", ("keep", " a")),
        ("name", "a", "a ", "b", ("take", "b")),
        ("name", "a", "b ", "b", ("keep", "b ")),
        ("name", "a", "a", "a\u200b", ("keep", "a")),
        ("status", "aktiv", "aktiv", "Active", ("take", "Active")),
        ("status", "aktiv", "Aktiv", "ruhend", ("take", "ruhend")),
        ("size", 1, 1, "1", ("keep", 1)),
        ("size", 1, 2, "1,0", ("keep", 2)),
        ("size", 1, 2, 3, ("conflict", 2)),
        ("since", date(2025, 1, 2), date(2025, 1, 2), "2.1.2025", ("keep", date(2025, 1, 2))),
        ("since", date(2025, 1, 2), date(2025, 1, 3), "4.1.2025", ("conflict", date(2025, 1, 3))),
        ("active", True, True, "nein", ("take", "nein")),
        ("active", True, False, "nein", ("keep", False)),
        ("phone", "01234", "01234", 1234, ("take", 1234)),
        ("lead", "P-001", "P-002", "P-003", ("conflict", "P-002")),
        # sets
        ("tags", "a, b", "a, b, c", "b", ("merge", "b, c")),
        ("tags", "a", "a, b", "a, c", ("merge", "a, b, c")),
        ("tags", "a; b", "a; b; c", "b; a", ("keep", "a; b; c")),
        ("tags", "a", None, "a, b", ("merge", "b")),
        ("tags", "a", "b", None, ("keep", "b")),
        ("tags", "a", None, None, ("keep", None)),
        ("tags", "a, b", "a", "b", ("merge", None)),
        ("tags", None, "x", "y", ("merge", "x, y")),
        ("tags", None, "x", "x, y", ("take", "x, y")),
        # notes
        ("note", "a", "a\nb", "a\nc", ("merge", "a\nb\nc")),
        ("note", "a\nb", "A\nb", "a\nB", ("conflict", "A\nb")),
        ("note", "a\nx\nb", "A\nx\nb", "a\nx\nB", ("merge", "A\nx\nB")),
        ("note", "a", None, "b", ("conflict", None)),
        # formulas: the text is what was typed, the result what is taken
        ("size", Formula("A1", 1), 1, Formula("A1", 2), ("keep", 1)),
        ("size", 1, 1, Formula("A1", 2), ("take", 2)),
        ("size", 1, 2, Formula("A1", 2), ("keep", 2)),
        ("size", 1, 3, Formula("A1", 2), ("conflict", 3)),
        # first contact
        ("name", NO_BASE, "a", "a ", ("keep", "a")),
        ("name", NO_BASE, "a", None, ("keep", "a")),
        ("name", NO_BASE, None, "a", ("take", "a")),
        ("name", NO_BASE, "a", "b", ("conflict", "a")),
        ("note", NO_BASE, "a", "b", ("conflict", "a")),
        ("tags", NO_BASE, "a", "b", ("merge", "a, b")),
    ],
)
def test_three_versions_become_one_or_a_conflict(key, base, hub, seen, expected):
    assert merged(key, base, hub, seen) == expected


@pytest.mark.parametrize(
    ("base", "hub", "seen", "expected"),
    [
        ("", "hub", "seen", "hub\nseen"),
        ("", "Termin", "Termin am 3.", "Termin am 3."),
        ("", "Termin am 3.", "Termin", "Termin am 3."),
        ("a\nb", "b", "a\nb\nc", "b\nc"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb", "neu\na\nb", "a\nb\nende", "neu\na\nb\nende"),
        ("a\nb", "x\na\nb", "y\na\nb", "x\ny\na\nb"),
        ("a\nb", "x\nz\na\nb", "x\ny\na\nb", "x\nz\ny\na\nb"),
        ("Anruf", "Anruf. Erreicht", "Anruf, besetzt", "Anruf. Erreicht\n, besetzt"),
        ("Anruf", "Anrufe", "Anruft", None),
        ("a\nb\nc", "a\nB\nc", "a\nb!\nc", None),
        ("a\nb", "a", "a\nB", None),
        ("a \r\nb", "a\nb\nc", "a\nb\nd", "a\nb\nc\nd"),
        ("a\nb", "a\nb\nc", "a\nb\nc", "a\nb\nc"),
    ],
)
def test_notes_merge_line_by_line(base, hub, seen, expected):
    assert merge_notes(base, hub, seen) == expected


@pytest.mark.parametrize("seen", ["eins\nzwei\nneu", "zwei", "eins", "eins\nmitte\nzwei"])
def test_a_note_changed_on_one_side_only_is_that_side(seen):
    assert merge_notes("eins\nzwei", "eins\nzwei", seen) == seen
    assert merge_notes("eins\nzwei", seen, "eins\nzwei") == seen


def test_both_puts_all_sides_into_one_cell_where_it_can_hold_them():
    assert both(PARTNERS.by_key["note"], ["a", None, "b"], PARTNERS) == "a\nb"
    assert both(PARTNERS.by_key["name"], ["a", "b"], PARTNERS) == "a / b"
    assert both(PARTNERS.by_key["tags"], ["a; b", "c"], PARTNERS) == "a; b; c"
    assert both(PARTNERS.by_key["size"], [1, 2], PARTNERS) is None
    assert both(PARTNERS.by_key["active"], [True, False], PARTNERS) is None


def test_items_are_joined_as_they_were():
    assert join_items(["a", "b"], like=["x\ny"]) == "a\nb"
    assert join_items(["a", "b"], like=[None, "x"]) == "a, b"


def test_an_error_value_is_seen_through_formulas():
    assert is_error(CellError("#REF!"))
    assert is_error(Formula("A1", CellError("#N/A")))
    assert not is_error("#REF!")


def test_a_yes_is_not_a_one():
    assert not unchanged(1, True)
    assert unchanged(1, 1.0)
    assert merged("name", "1", "1", True) == (Verdict.TAKE.value, True)
