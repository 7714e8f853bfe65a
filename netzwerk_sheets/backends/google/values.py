"""What a cell of Google holds ↔ the values of `netzwerk_sheets.grid`.

Values travel with their type (text, number, truth, formula): nothing is parsed as if a person had typed it, so a
postal code keeps its zero and nothing depends on the document's language. Days are numbers whose format shows a
day; they count from 30 December 1899 and know no time zone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import isclose, isfinite
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.grid import CellError, Formula, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

Raw = dict[str, Any]
"""Google's ``ExtendedValue``: one of ``stringValue``, ``numberValue``, ``boolValue``, ``formulaValue``; or empty."""

LONGEST = 50_000
"""Characters in a cell."""

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the numbers know no time zone
_LAST = 2_958_466
_WHOLE_UP_TO = 1e15
_MILLISECONDS = 86_400_000
_DAYS = frozenset({"DATE", "DATE_TIME"})

_ERRORS = {
    "ERROR": "#ERROR!", "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!",
    "NAME": "#NAME?", "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "#LOADING!",
}  # fmt: skip


def value_of(cell: Mapping[str, Any]) -> Value:
    """Read a cell; the result of a formula that fills several cells has a formula without text."""
    entered = cell.get("userEnteredValue") or {}
    shown = cell.get("effectiveValue") or {}
    kind = number_format(cell).get("type", "")
    if "formulaValue" in entered:
        return Formula(entered["formulaValue"].removeprefix("="), _scalar(shown, kind, formula=True))
    if entered:
        return _scalar(entered, kind)
    return Formula("", _scalar(shown, kind, formula=True)) if shown else None


def number_format(cell: Mapping[str, Any]) -> Mapping[str, str]:
    """Give the number format of a cell, its type such as ``DATE`` or ``TEXT`` and its pattern, or nothing."""
    for name in ("effectiveFormat", "userEnteredFormat"):
        found: Mapping[str, str] = (cell.get(name) or {}).get("numberFormat") or {}
        if found.get("type"):
            return found
    return {}


def _scalar(raw: Mapping[str, Any], kind: str, *, formula: bool = False) -> Scalar:
    if "stringValue" in raw:
        return str(raw["stringValue"]) or ("" if formula else None)
    if "boolValue" in raw:
        return bool(raw["boolValue"])
    if "numberValue" in raw:
        return from_serial(tidy(raw["numberValue"]), kind)
    if "errorValue" in raw:
        return CellError(_ERRORS.get(raw["errorValue"].get("type", ""), "#ERROR!"))
    return None


def tidy(number: float) -> int | float:
    """Give a whole number as `int`."""
    return int(number) if abs(number) < _WHOLE_UP_TO and number == int(number) else number


def from_serial(number: float, kind: str) -> int | float | date | datetime | time:
    """Give what a number shows in a format of this type; a number that no calendar holds comes back as it is."""
    if kind == "TIME" and 0 <= number < 1:
        return (_EPOCH + timedelta(milliseconds=round(number * _MILLISECONDS))).time()
    if kind not in _DAYS or not 1 <= number < _LAST:
        return number
    moment = _EPOCH + timedelta(milliseconds=round(number * _MILLISECONDS))
    return moment if moment.time() != time() else moment.date()


def to_serial(value: date | datetime | time) -> int | float:
    """Give the number of a date or time."""
    if isinstance(value, time):
        return _share(value)
    day = value.date() if isinstance(value, datetime) else value
    days = (day - _EPOCH.date()).days
    return days + _share(value.time()) if isinstance(value, datetime) and value.time() != time() else days


def _share(value: time) -> float:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1_000_000
    return seconds / 86_400


def raw_of(value: Value) -> Raw:
    """Write a value with its type; a formula's text must be spelled for the document already."""
    if value is None or value == "":
        return {}
    if isinstance(value, Formula):
        return {"formulaValue": "=" + value.text.removeprefix("=")}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value} if isfinite(value) else {"stringValue": str(value)}
    if isinstance(value, date | time):
        return {"numberValue": to_serial(value)}
    return {"stringValue": value.code if isinstance(value, CellError) else value}


# --- the number format a value needs ------------------------------------------------------------------------

_COMMANDS = ("=", "+", "-", "@")
_MARKS_OF_NUMBERS = frozenset("0123456789.,:/%€$ ()+-'eE\u00a0\u202f")
_LONGEST_NUMBER = 60
_LIKE_TRUTH = frozenset({"true", "false", "wahr", "falsch"})


def format_for(value: Value, kind: str) -> dict[str, str] | None:
    """Give the number format in which a value shows as what it is, empty for none at all.

    `None` where the present one will do.

    Text that a person's F2 and Enter would turn into a formula, a number or a date is marked as text.

    Args:
        value: What the cell shall hold.
        kind: Type of the number format it has, or empty.
    """
    if isinstance(value, str):
        return {"type": "TEXT"} if kind != "TEXT" and would_be_parsed(value) else None
    if isinstance(value, datetime):
        return None if kind in _DAYS else {"type": "DATE_TIME"}
    if isinstance(value, date):
        return None if kind in _DAYS else {"type": "DATE"}
    if isinstance(value, time):
        return None if kind == "TIME" else {"type": "TIME"}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {} if kind in {*_DAYS, "TIME", "TEXT"} else None
    return None


def would_be_parsed(text: str) -> bool:
    """Tell whether Google would take a text for something else, were it typed."""
    if text.startswith((*_COMMANDS, "'")) or text.strip().casefold() in _LIKE_TRUTH:
        return True
    return len(text) <= _LONGEST_NUMBER and any("0" <= mark <= "9" for mark in text) and set(text) <= _MARKS_OF_NUMBERS


def same(one: Value, other: Value) -> bool:
    """Tell whether two values are the same, kind included; an empty text is an empty cell."""
    if isinstance(one, Formula) and isinstance(other, Formula):
        return one.text == other.text and same(one.cached, other.cached)
    one = None if one == "" else one
    other = None if other == "" else other
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-15)
    return one == other and (type(one) is type(other) or isinstance(one, int | float))
