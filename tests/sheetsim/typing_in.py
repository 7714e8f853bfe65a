"""What a cell becomes when somebody types a text into it (USER_ENTERED), by the document's locale.

Only en_US is backed by recordings; German parsing is an assumption (ASSUMPTIONS.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from .references import settled

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True)
class Tongue:
    """How a locale writes."""

    decimal: str
    thousands: str
    true: tuple[str, ...]
    false: tuple[str, ...]
    day_first: bool
    date_pattern: str
    money: str
    list_separator: str


_ENGLISH = Tongue(
    ".", ",", ("TRUE",), ("FALSE",), day_first=False, date_pattern="m/d/yyyy", money="$", list_separator=","
)
_GERMAN = Tongue(
    ",",
    ".",
    ("TRUE", "WAHR"),
    ("FALSE", "FALSCH"),
    day_first=True,
    date_pattern="dd.MM.yyyy",
    money="€",
    list_separator=";",
)
_TONGUES = {"en": _ENGLISH, "de": _GERMAN}


def tongue(locale: str) -> Tongue:
    """How that locale writes; an unknown one writes as en_US."""
    return _TONGUES.get(locale.split("_", maxsplit=1)[0], _ENGLISH)


@dataclass(frozen=True)
class Typed:
    """What was understood: an ExtendedValue, and the number format that typing it gives the cell."""

    value: Json
    number_format: Json | None = None


def serial(moment: datetime) -> float:
    """Days since 30 December 1899."""
    passed = moment - _EPOCH
    days = passed.days + passed.seconds / 86400 + passed.microseconds / 86_400_000_000
    return int(days) if days == int(days) else days


def moment(days: float) -> datetime:
    """The moment of a serial number."""
    from datetime import timedelta

    return _EPOCH + timedelta(seconds=round(days * 86400))


def raw(value: Any) -> Json:
    """RAW: as it stands."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": value}
    return {"stringValue": str(value)}


def typed(value: Any, locale: str, number_format: Json | None = None) -> Typed:
    """USER_ENTERED: as if typed into a cell that has this number format."""
    if not isinstance(value, str):
        return Typed(raw(value))
    if value.startswith("'"):
        return Typed({"stringValue": value[1:]})
    if value.startswith("=") and len(value) > 1:
        return Typed({"formulaValue": settled(value, tongue(locale).list_separator)})
    if (number_format or {}).get("type") == "TEXT":
        return Typed({"stringValue": value})
    text = value.strip()
    speech = tongue(locale)
    if text.upper() in speech.true:
        return Typed({"boolValue": True})
    if text.upper() in speech.false:
        return Typed({"boolValue": False})
    for reader in (_number, _moment):
        found = reader(text, speech)
        if found is not None:
            return found
    return Typed({"stringValue": value})


def _number(text: str, speech: Tongue) -> Typed | None:
    whole, thousands = r"\d+", re.escape(speech.thousands)
    pattern = (
        rf"(?P<sign>[+-]?)\s*(?P<money>[$€]?)\s*(?P<whole>{whole}|\d{{1,3}}(?:{thousands}\d{{3}})+)?"
        rf"(?:{re.escape(speech.decimal)}(?P<part>\d+))?(?P<power>[eE][+-]?\d+)?\s*(?P<after>%|€|\$)?$"
    )
    match = re.match(pattern, text)
    if match is None or not (match["whole"] or match["part"]):
        return None
    grouped = speech.thousands in (match["whole"] or "")
    digits = (
        (match["whole"] or "0").replace(speech.thousands, "") + "." + (match["part"] or "0") + (match["power"] or "")
    )
    number = float(match["sign"] + digits)
    if number in {float("inf"), float("-inf")}:
        return None
    part = ".00" if match["part"] else ""
    if match["after"] == "%":
        return Typed({"numberValue": _plain(round(number / 100, 12))}, {"type": "PERCENT", "pattern": f"0{part}%"})
    if match["money"] or match["after"]:
        sign = match["money"] or match["after"]
        pattern = f"[${sign}]#,##0{part}" if match["money"] else f"#,##0{part} [${sign}]"
        return Typed({"numberValue": _plain(number)}, {"type": "CURRENCY", "pattern": pattern})
    if match["power"]:
        return Typed({"numberValue": _plain(number)}, {"type": "SCIENTIFIC", "pattern": "0.00E+00"})
    if grouped:
        return Typed({"numberValue": _plain(number)}, {"type": "NUMBER", "pattern": f"#,##0{part}"})
    return Typed({"numberValue": _plain(number)})


def _plain(number: float) -> float:
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def _moment(text: str, speech: Tongue) -> Typed | None:
    clock = re.search(r"(?:^|[ T])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp][Mm]))?$", text)
    hours: time | None = None
    if clock:
        hour = int(clock[1])
        if clock[4]:
            hour = hour % 12 + (12 if clock[4].lower() == "pm" else 0)
        if hour > 23 or int(clock[2]) > 59 or int(clock[3] or 0) > 59:
            return None
        hours = time(hour, int(clock[2]), int(clock[3] or 0))
        text = text[: clock.start()].strip()
        if not text:
            pattern = "h:mm:ss" if clock[3] else "h:mm"
            value = (hours.hour * 3600 + hours.minute * 60 + hours.second) / 86400
            return Typed({"numberValue": _plain(value)}, {"type": "TIME", "pattern": pattern})
    for day, pattern in _days(text, speech):
        if hours is None:
            return Typed({"numberValue": serial(datetime.combine(day, time()))}, {"type": "DATE", "pattern": pattern})
        value = serial(datetime.combine(day, hours))
        return Typed({"numberValue": value}, {"type": "DATE_TIME", "pattern": f"{pattern} h:mm:ss"})
    return None


def _days(text: str, speech: Tongue) -> Iterator[tuple[date, str]]:
    if match := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})$", text):
        yield from _day(int(match[1]), int(match[2]), int(match[3]), "yyyy-mm-dd")
    elif speech.day_first:
        if match := re.match(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$", text):
            pattern = "dd.MM.yyyy" if len(match[3]) == 4 else "dd.MM.yy"
            yield from _day(_century(match[3]), int(match[2]), int(match[1]), pattern)
    elif match := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$", text):
        yield from _day(_century(match[3]), int(match[1]), int(match[2]), "m/d/yyyy")


def _century(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int, pattern: str) -> Iterator[tuple[date, str]]:
    try:
        yield date(year, month, day), pattern
    except ValueError:
        return
