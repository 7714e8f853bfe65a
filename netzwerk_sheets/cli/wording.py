"""Tables, rows, columns and values as people read them on a terminal."""

from __future__ import annotations

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
