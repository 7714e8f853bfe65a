"""Sentences and formats of one language.

The sentences stand in ``templates/messages``; a key leads to a text with ``$placeholders``, or to two texts
(``one`` and ``other``) chosen by the fact ``n``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import netzwerk_sheets.templates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction

NBSP = "\u00a0"
QUOTES = {"de": ("„", "“"), "en": ("“", "”")}
DATE_FORMATS = {"de": "{0.day:02d}.{0.month:02d}.{0.year}", "en": "{0.year}-{0.month:02d}-{0.day:02d}"}
CELL_DATE = {"de": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
FILES = frozenset({"file", "workbook"})
"""Placeholders that name a file, which a command may quote."""
DECIMAL_MARK = {"de": ",", "en": "."}


_MESSAGES = Path(netzwerk_sheets.templates.__file__ or "").parent / "messages"


@cache
def _content(name: str) -> str:
    return (_MESSAGES / name).read_text(encoding="utf-8")


def _section(content: str, section: str) -> dict[str, Any]:
    """Read one section; reading all of a file takes as long as showing the help."""
    import tomllib

    begin = f"\n{content}".find(f"\n[{section}]\n")
    if begin < 0:
        return {}
    end = content.find("\n[", begin)
    try:
        found = tomllib.loads(content[begin : end if end > 0 else None])
    except tomllib.TOMLDecodeError:
        found = tomllib.loads(content)  # a text of several lines, one of which begins like a section
    part: dict[str, Any] = found[section]
    return part


@cache
def texts(language: str, section: str) -> dict[str, Any]:
    """Give the texts of one section: from a file of its own (help is read often), or from the common one."""
    own = f"{section}.{language}.toml"
    return _section(_content(own if (_MESSAGES / own).is_file() else f"workbook.{language}.toml"), section)


def sort_key(text: str) -> str:
    """Give the key that puts „Ärzte“ with A."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


@cache
def gendered(text: str, form: str) -> str:
    """Write a sentence of the tool as a network wants people to be named.

    Args:
        text: With stars, as the templates have it.
        form: ``colon`` or ``underscore`` replaces the mark, ``pair`` and ``neutral`` the words.
    """
    import re
    import tomllib

    templates = Path(netzwerk_sheets.templates.__file__ or "").parent
    rules = tomllib.loads((templates / "workbook" / "gender.toml").read_text(encoding="utf-8"))
    if form in rules["marks"]:
        return re.sub(r"(?<=\w)\*(?=\w)", rules["marks"][form], text)
    for one in rules["forms"]:
        text = text.replace(one["star"], one.get(form, one["star"]))
    return text


@cache
def _parts(text: str) -> tuple[tuple[str, str], ...]:
    """Take a sentence apart: (words, name of the placeholder behind them, or empty)."""
    from string import Template

    found, begin = [], 0
    for match in Template.pattern.finditer(text):
        name = match["named"] or match["braced"] or ""
        if not name and match["escaped"] is None:
            raise ValueError(text)
        found.append((text[begin : match.start()] + ("" if name else "$"), name))
        begin = match.end()
    return (*found, (text[begin:], ""))


class Words:
    """Everything the program says in one language.

    Args:
        language: ``de`` or ``en``.
        gender: How sentences name people: ``star``, ``colon``, ``underscore``, ``pair`` or ``neutral``.

    Attributes:
        workbook: How a command names the workbook it was called with, from the folder people are in; empty on tabs.
    """

    def __init__(self, language: str, gender: str = "star") -> None:
        """Keep the language; the texts are read at the first sentence."""
        self.language = language
        self.gender = gender
        self.workbook = ""

    def has(self, key: str) -> bool:
        """Whether there is a sentence of this key."""
        section, _, name = key.partition(".")
        return name in texts(self.language, section)

    def say(self, key: str, /, **facts: object) -> str:
        """Give the sentence of a key such as ``start.title``.

        Raises:
            KeyError: There is no such sentence, or a placeholder without a fact.
        """
        section, _, name = key.partition(".")
        text = texts(self.language, section)[name]
        if isinstance(text, dict):
            text = text["one" if facts.get("n") == 1 else "other"]
        if "*" in text and self.gender != "star":  # only the tool's own words: what people typed comes in behind
            text = gendered(text, self.gender)
        if "$" not in text:
            return str(text)
        values = {name: self.plain(value) for name, value in facts.items()}
        if "netzwerk " in text:
            text = _copyable(text, values, self.workbook)
        return "".join([words + values[name] if name else words for words, name in _parts(text)])

    def plain(self, value: object) -> str:
        """Write a value as people read it in a sentence."""
        if isinstance(value, str):
            return value
        from fractions import Fraction

        if isinstance(value, date):
            return self.date(value)
        if isinstance(value, float | Fraction):
            return self.number(value)
        if isinstance(value, (list, tuple)):
            return self.listing(str(part) for part in value)
        return str(value)

    def date(self, day: date) -> str:
        """Write a date."""
        return DATE_FORMATS[self.language].format(day)

    def number(self, value: float | Fraction, places: int = 2) -> str:
        """Write a number, rounded half up, without needless zeros."""
        text = f"{rounded(value, places):f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text.replace(".", DECIMAL_MARK[self.language])

    def percent(self, share: float | Fraction) -> str:
        """Write a share as whole percent, rounded half up."""
        return f"{rounded(share * 100, 0)}{NBSP}%"

    @property
    def percent_format(self) -> str:
        """The number format of a share, in the same spelling."""
        return f'0"{NBSP}"%'

    def listing(self, parts: Iterable[str]) -> str:
        """Join words: „A, B und C“."""
        found = list(parts)
        if len(found) < 2:
            return "".join(found)
        return ", ".join(found[:-1]) + f" {self.say('common.and')} " + found[-1]

    def word(self, vocabulary: str, code: str) -> str:
        """Give the label of a code; a code that is not in the vocabulary stays as it is."""
        from netzwerk_sheets.sheets import schema

        return schema.code_words(vocabulary, self.language).get(code, code)

    def block(self, code: str) -> str:
        """Give the name of a block of a need: a resource or the participation of the group."""
        return self.say("block.participation") if code == "participation" else self.word("resource", code)

    def tab(self, code: str) -> str:
        """Give the name of a tab."""
        from netzwerk_sheets.sheets import schema

        return schema.tab_words()[code][self.language]

    def header(self, table: str, column: str) -> str:
        """Give the header of a column."""
        from netzwerk_sheets.sheets import schema

        return schema.tables()[table].column(column).header(self.language)


def _copyable(text: str, values: dict[str, str], workbook: str) -> str:
    """Let a command that people copy name files in quotes where it needs them: ``netzwerk sync "mein netz.xlsx"``.

    Args:
        text: A sentence with placeholders.
        values: What stands for them; the quoted names are added.
        workbook: The workbook that people named, with the folders it needs from where they are; or empty.
    """
    import re

    for name in FILES & values.keys():
        quoted = in_command(workbook if values[name] == PurePath(workbook).name else values[name])
        if quoted != values[name]:
            values[f"quoted_{name}"] = quoted
            text = re.sub(rf"(netzwerk [a-z-]+ [^.]*?)\${name}\b", rf"\g<1>$quoted_{name}", text)
    return text


def in_command(name: str) -> str:
    """Write the name of a file as windows for commands take it; on every system alike, where it is `portable`."""
    import os
    import re
    import shlex

    if name.startswith("-"):
        name = f"./{name}"
    if re.fullmatch(r"[\w.:/\\+-]+", name):  # PowerShell parts at commas and reads names after @
        return name
    # Double quotes hold on every system; single ones where a name has what means something within double ones.
    return shlex.quote(name) if os.name != "nt" and re.search(r'["$`!\\]', name) else f'"{name}"'


def rounded(value: float | Fraction, places: int) -> Decimal:
    """Round half up, exactly for fractions and by the shown digits for floats."""
    from decimal import ROUND_HALF_UP, Decimal
    from fractions import Fraction

    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        exact = Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def file_name(text: str) -> str:
    """Write a text as a file name that every system takes: „Lücken & mehr“ becomes ``Luecken-mehr``."""
    import re
    import unicodedata

    for umlaut, letters in UMLAUTS.items():
        text = text.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")


def placeholders(text: str | Mapping[str, str]) -> set[str]:
    """Give the placeholders of a sentence, for comparing the languages."""
    import re

    texts = text.values() if isinstance(text, Mapping) else [text]
    return {name for part in texts for name in re.findall(r"\$\{?([a-z_]+)", part)}
