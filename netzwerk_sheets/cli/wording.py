"""Tables, rows, columns and values as people read them on a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import CellError, Formula, Value, shown

if TYPE_CHECKING:
    from netzwerk_sheets.sheets.language import Words


def table_of(words: Words, code: str) -> str:
    """Name a table, or the tab of one: ``onboarding.P-007`` is the sheet of that partner."""
    from netzwerk_sheets.sheets import schema

    if words.has(f"adopt.source_{code}"):
        return words.say(f"adopt.source_{code}")
    place, _, owner = code.partition(".")
    name = words.tab(place) if place in schema.tab_words() else place
    return f"{name} {owner}".strip()


def column_of(words: Words, table: str, code: str) -> str:
    """Name a column by its header; one that only the tool knows, or that people added, by its code."""
    from netzwerk_sheets.sheets import schema

    known = schema.tables().get(table)
    header = (
        next((column.words[words.language] for column in known.columns if column.code == code), "") if known else ""
    )
    return header or code


def plain_value(words: Words, value: Value) -> str:
    """Write a value as people read it."""
    plain = shown(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return words.word("yes_no", "yes" if plain else "no")
    if isinstance(plain, CellError):
        return plain.code
    return words.plain(plain)


def json_value(value: Value) -> object:
    """Give a value as JSON holds it: dates as ISO, a formula with its text."""
    if isinstance(value, Formula):
        return {"formula": value.text, "value": json_value(value.cached)}
    if isinstance(value, CellError):
        return {"error": value.code}
    return value


NUMERIC = re.compile(r"[\d\s.,:%+-]*")
ROW_ID = re.compile(r"[A-Z]{1,3}-\d{1,9}")
HIDDEN = {"hidden": True}
"""Stands in ``--json`` for a value that may name a person: what is there is told on the terminal only."""


def json_public(table: str, column: str, value: Value) -> object:
    """Give a value of a column as JSON holds it, or `HIDDEN` where it may name persons.

    That is so in columns in which people write freely, and for a text where none is expected: it may be anything.
    """
    from netzwerk_sheets.output.privacy import leaves

    plain = json_value(value)
    if plain in (None, "") or (isinstance(plain, str) and ROW_ID.fullmatch(plain)):
        return plain
    return plain if leaves(table, column, persons=False) and _is_expected(table, column, plain) else HIDDEN


def _is_expected(table: str, column: str, value: object) -> bool:
    """Say whether a value is of the kind its column is for; words of dropdowns, dates and numbers are."""
    from netzwerk_sheets.sheets import schema

    declared = schema.tables()[table].column(column)
    if not isinstance(value, str) or declared.owner == "tool":
        return True
    if declared.kind in {"date", "number", "count"}:
        return NUMERIC.fullmatch(value) is not None
    if declared.kind in {"choice", "choices", "yes_no"}:
        words = schema.word_codes(declared.of or "yes_no")
        return all(schema.fold(each) in words for each in value.replace(",", ";").split(";") if each.strip())
    return True
