"""Canonical values: what a cell means, so that two spellings of the same thing never count as a change.

Only comparisons use them. What is stored and written stays exactly what a person typed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Formula, Value, shown
from netzwerk_sheets.merge.schema import Column, Conventions, Kind, TableSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

# Zero-width characters and the byte order mark: invisible, so never a difference.
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\u0085|\v|\f")
_SPACES = re.compile(r"[^\S\n]+")
_ITEMS = re.compile(r"[,;\n]")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DOTTED_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_GROUPED = {
    ",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
    ".": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"),
}
_PLAIN = re.compile(r"(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_SERIALS = range(1, 2_958_466)  # the last day a workbook can name is 9999-12-31
_LATEST_SHORT_YEAR = 29  # spreadsheets read 29 as 2029 and 30 as 1930
_SHORT_YEAR = 100


def visible(text: str) -> str:
    """Drop what nobody sees: composed or decomposed letters, zero-width characters, kinds of line ends."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return _LINE_ENDS.sub("\n", composed)


def folded(text: str) -> str:
    """Give text with every run of white space, line ends included, as one blank."""
    return " ".join(visible(text).split())


def lines(text: str) -> str:
    """Give text whose lines carry no needless white space; line ends stay."""
    return "\n".join(_SPACES.sub(" ", line).strip() for line in visible(text).split("\n")).strip()


def items(value: Value) -> list[str]:
    """Split a cell with several items, as people wrote them, doubles and empty ones left out."""
    found: dict[str, None] = {}
    for item in _ITEMS.split(visible(_as_text(shown(value)))):
        if name := folded(item):
            found.setdefault(name)
    return list(found)


def canonical(value: Value, column: Column, schema: TableSchema) -> Hashable:
    """Say what a cell means.

    Returns:
        `None` for an empty cell; otherwise something that equals the canonical value of every other spelling
        of the same thing in this column. What cannot be read as the column's kind counts as text.
    """
    plain = shown(value)
    if plain is None or (isinstance(plain, str) and not folded(plain)):
        return None
    return _READERS[column.kind](plain, column, schema)


def canonical_item(item: str, column: Column, schema: TableSchema) -> str:
    """Say which item of a vocabulary is meant; unknown ones differ only by spelling, never by capitals."""
    name = folded(item).casefold()
    return schema.aliases.get(column.key, {}).get(name, name)


def same_look(one: Value, other: Value, column: Column, schema: TableSchema) -> bool:
    """Say whether replacing one by the other would change anything a person could have meant.

    Values of different types with the same meaning (the number 1 and the text "1") look the same: which of
    them a workbook keeps is its own business, and carrying it would let two workbooks correct each other
    for ever. Two texts look the same only where no visible character differs.
    """
    first, second = shown(one), shown(other)
    if isinstance(first, str) and isinstance(second, str):
        return first == second or visible(first) == visible(second)
    return canonical(first, column, schema) == canonical(second, column, schema)


def _as_text(value: Value) -> str:
    """Write a value the way a text cell would hold it."""
    plain = shown(value)
    if plain is None:
        return ""
    if isinstance(plain, str):
        return plain
    if isinstance(plain, float) and plain.is_integer():
        return str(int(plain))
    if isinstance(plain, date | time):
        return _day(plain).isoformat() if isinstance(plain, datetime) else plain.isoformat()
    return str(plain)


def text_of(value: Value) -> str:
    """Give a value as text, the empty cell as empty text."""
    return _as_text(value.text if isinstance(value, Formula) else value)


def _text(value: Value, _column: Column, _schema: TableSchema) -> Hashable:
    return folded(_as_text(value))


def _note(value: Value, _column: Column, _schema: TableSchema) -> Hashable:
    return lines(_as_text(value))


def _enum(value: Value, column: Column, schema: TableSchema) -> Hashable:
    return canonical_item(_as_text(value), column, schema)


def _multi(value: Value, column: Column, schema: TableSchema) -> Hashable:
    return frozenset(canonical_item(item, column, schema) for item in items(value)) or None


def _number(value: Value, _column: Column, schema: TableSchema) -> Hashable:
    if isinstance(value, int | float):
        return Decimal(repr(value)) if not isinstance(value, bool) else value
    if isinstance(value, str):
        parsed = parse_number(folded(value), schema.conventions.decimal)
        return folded(value) if parsed is None else parsed
    return _as_text(value)


def parse_number(text: str, decimal: str = ",") -> Decimal | None:
    """Read a number typed as text: ``1.234,5``, ``-3``, ``50 %``; `None` where it is none."""
    bare = text.replace(" ", "").replace("\u2212", "-").replace("'", "")
    share = bare.endswith("%")
    bare = bare.removesuffix("%")
    sign = -1 if bare.startswith("-") else 1
    bare = bare.removeprefix("-").removeprefix("+")
    if _GROUPED[decimal].fullmatch(bare):
        bare = bare.replace("." if decimal == "," else ",", "")
    elif not _PLAIN.fullmatch(bare):
        return None
    number = sign * Decimal(bare.replace(",", "."))
    return number / 100 if share else number


def _date(value: Value, _column: Column, schema: TableSchema) -> Hashable:
    if isinstance(value, datetime | date):
        return _day(value)
    if isinstance(value, int) and not isinstance(value, bool) and value in _SERIALS:
        return _serial(value, schema.conventions)
    if isinstance(value, float) and value.is_integer() and int(value) in _SERIALS:
        return _serial(int(value), schema.conventions)
    if isinstance(value, str):
        name = folded(value)
        parsed = parse_date(name)
        return name if parsed is None else parsed
    return _as_text(value)


def parse_date(text: str) -> date | None:
    """Read a day typed as text: ISO or day.month.year; day and month are never guessed."""
    if found := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DOTTED_DATE.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        if year < _SHORT_YEAR:
            year += 2000 if year <= _LATEST_SHORT_YEAR else 1900
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(value: date) -> date:
    """Give midnight as the day it begins; other times of day stay."""
    return value.date() if isinstance(value, datetime) and value.time() == time.min else value


def _serial(number: int, conventions: Conventions) -> Hashable:
    """Give the day of a date serial that arrived as a number."""
    try:
        return conventions.epoch + timedelta(days=number)
    except OverflowError:
        return number


def _yes_no(value: Value, _column: Column, schema: TableSchema) -> Hashable:
    if isinstance(value, bool):
        return value
    word = folded(_as_text(value)).casefold()
    if word in schema.conventions.yes:
        return True
    return False if word in schema.conventions.no else word


def _link(value: Value, _column: Column, _schema: TableSchema) -> Hashable:
    return folded(_as_text(value)).casefold()


_READERS: dict[Kind, Callable[[Value, Column, TableSchema], Hashable]] = {
    Kind.TEXT: _text,
    Kind.NOTE: _note,
    Kind.ENUM: _enum,
    Kind.MULTI: _multi,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.IDLIKE: _text,
    Kind.LINK: _link,
    Kind.LINKS: _multi,
}
