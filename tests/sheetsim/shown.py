"""How a value looks in its cell (FORMATTED_VALUE), for the number formats that are in use."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .typing_in import moment, tongue

Json = dict[str, Any]
_DEFAULT = {
    "TIME": "h:mm:ss",
    "PERCENT": "0.00%",
    "NUMBER": "#,##0.00",
    "CURRENCY": "#,##0.00",
    "SCIENTIFIC": "0.00E+00",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def is_moment(number_format: Json | None) -> bool:
    """Whether numbers in this format are dates or times."""
    return (number_format or {}).get("type") in {"DATE", "TIME", "DATE_TIME"}


def shown(value: Json, number_format: Json | None, locale: str) -> str:
    """The text in the cell for an effective value."""
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        yes, no = tongue(locale).true[-1], tongue(locale).false[-1]
        return yes if value["boolValue"] else no
    if "errorValue" in value:
        return str(value["errorValue"]["_shown"])
    if "numberValue" not in value:
        return ""
    return _number(value["numberValue"], number_format or {}, locale)


def _number(number: float, number_format: Json, locale: str) -> str:
    kind = number_format.get("type")
    if kind in (None, "TEXT", "NUMBER_FORMAT_TYPE_UNSPECIFIED"):
        return general(number, locale)
    day = tongue(locale).date_pattern
    usual = {**_DEFAULT, "DATE": day, "DATE_TIME": f"{day} h:mm:ss"}
    pattern = str(number_format.get("pattern") or usual[kind])
    if kind in {"DATE", "TIME", "DATE_TIME"}:
        return _moment(number, pattern)
    if pattern in {"General", "@"}:
        return general(number, locale)
    return _pattern(number, pattern, locale)


def general(number: float, locale: str) -> str:
    """A number without a format: up to ten digits."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.10g}" if abs(number) < 1 else f"{number:.{max(10, len(str(int(abs(number)))))}g}"
    if "e" in text:
        text = f"{number:.5E}"
    return text.replace(".", tongue(locale).decimal)


def _moment(number: float, pattern: str) -> str:
    at = moment(number)
    half = "AM/PM" in pattern.upper()
    out: list[str] = []
    seen_hour = False
    for token in re.findall(r'"[^"]*"|\\.|AM/PM|am/pm|y+|m+|M+|d+|h+|H+|s+|.', pattern):
        mark = token[0]
        if mark == '"':
            out.append(token.strip('"'))
        elif mark == "\\":
            out.append(token[1])
        elif token.upper() == "AM/PM":
            out.append("AM" if at.hour < 12 else "PM")
        elif mark == "y":
            out.append(f"{at.year:04d}" if len(token) > 2 else f"{at.year % 100:02d}")
        elif mark == "d":
            out.append(_day_text(at.day, at.weekday(), len(token)))
        elif mark in "hH":
            seen_hour = True
            out.append(f"{(at.hour % 12 or 12) if half else at.hour:0{min(len(token), 2)}d}")
        elif mark == "m" and seen_hour and len(token) <= 2:
            seen_hour = False
            out.append(f"{at.minute:0{len(token)}d}")
        elif mark in "mM":
            name = _MONTHS[at.month - 1]
            out.append(f"{at.month:0{len(token)}d}" if len(token) <= 2 else name if len(token) > 3 else name[:3])
        elif mark == "s":
            out.append(f"{at.second:0{min(len(token), 2)}d}")
        else:
            out.append(token)
    return "".join(out)


def _day_text(day: int, weekday: int, length: int) -> str:
    if length <= 2:
        return f"{day:0{length}d}"
    return _DAYS[weekday] if length > 3 else _DAYS[weekday][:3]


def _pattern(number: float, pattern: str, locale: str) -> str:
    sections = pattern.split(";")
    if number < 0 and len(sections) > 1:
        pattern, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        pattern = sections[2]
    else:
        pattern = sections[0]
    pattern = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r'"\1"', pattern)
    pattern = re.sub(r"\[[^\]]*\]", "", pattern)
    match = re.search(r"[#0?][#0?,]*(?:\.([#0?]+))?(E\+0+)?", re.sub(r'"[^"]*"', lambda m: "x" * len(m[0]), pattern))
    if match is None:
        return pattern.replace('"', "")
    before, after = pattern[: match.start()], pattern[match.end() :]
    speech = tongue(locale)
    if "%" in after:
        number *= 100
    places = match[1] or ""
    if match[2]:
        digits = f"{abs(number):.{len(places)}E}"
    else:
        # Beyond fifteen digits a float has no places after the point.
        exact = Decimal(repr(abs(number)))
        if abs(number) < 1e15:
            exact = exact.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
        digits = f"{exact:{',' if ',' in match[0] else ''}f}"
        optional = len(places) - len(places.rstrip("#"))
        for _ in range(optional):
            if not digits.endswith("0"):
                break
            digits = digits[:-1]
        digits = digits.rstrip(".") if optional else digits
        least = len(re.sub(r"[^0]", "", match[0].split(".")[0]))
        whole, dot, part = digits.partition(".")
        digits = whole.zfill(least) + dot + part
    swapped = digits.translate(str.maketrans(".,", speech.decimal + speech.thousands))
    sign = "-" if number < 0 else ""
    return f"{sign}{before}{swapped}{after}".replace('"', "").replace("\\", "").replace("_)", "")
