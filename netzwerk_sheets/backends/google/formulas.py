"""How formulas are spelled in a document, and how they follow a row that moved.

The rest of the program spells formulas in one way, with commas between arguments. Where the decimal mark is a
comma, Google wants semicolons. Which of the two a document takes through the interface is not documented; the
spelling is chosen by its language, checked in the answer to the write, and changed where Google could not read it.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r'("(?:[^"]|"")*"|\'(?:[^\']|\'\')*\')')
_POINT = frozenset({"en", "zh", "ja", "ko", "th", "he", "iw", "hi", "ms", "fil", "ur"})
_COMMA_ANYWAY = frozenset({"en_ZA"})
_POINT_ANYWAY = frozenset({"de_CH", "de_LI", "es_MX", "es_US", "es_GT", "es_HN", "es_NI", "es_PR", "es_SV"})
_REFERENCE = re.compile(r"(?<![A-Za-z0-9_.$!'])(\$?[A-Za-z]{1,3})(\d+)(?![\d(A-Za-z_])")


def separator_for(locale: str) -> str:
    """Give the mark between arguments in documents of a language such as ``de_DE``."""
    language = locale.partition("_")[0]
    point = (language in _POINT or locale in _POINT_ANYWAY) and locale not in _COMMA_ANYWAY
    return "," if point else ";"


def _outside(text: str, change: dict[str, str]) -> str:
    """Replace marks outside texts and titles."""
    parts = _PARTS.split(text)
    table = str.maketrans(change)
    return "".join(part if index % 2 else part.translate(table) for index, part in enumerate(parts))


def _marks(text: str) -> set[str]:
    return set("".join(_PARTS.split(text)[::2])) & {",", ";"}


def plain(text: str) -> str:
    """Give a formula as the rest of the program spells it; one that has both marks stays as it is."""
    return _outside(text, {";": ","}) if _marks(text) == {";"} and "{" not in text else text


def spelled(text: str, separator: str) -> str:
    """Give a formula as the document spells it; one with semicolons is spelled so already."""
    if separator == ";" and ";" not in _marks(text) and "{" not in text:
        return _outside(text, {",": ";"})
    return text


def moved(text: str, row: int, to: int) -> str:
    """Let references to the formula's own row, where they move along, name the row it came to."""
    parts = _PARTS.split(text)

    def follow(match: re.Match[str]) -> str:
        return match[1] + (str(to) if int(match[2]) == row else match[2])

    return "".join(part if index % 2 else _REFERENCE.sub(follow, part) for index, part in enumerate(parts))


def alike(one: str, other: str) -> bool:
    """Tell whether two formulas are the same, however Google spelled them."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(plain(text).removeprefix("=").split()).casefold()
