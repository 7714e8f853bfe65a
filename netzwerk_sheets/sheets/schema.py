"""The tables of a workbook, read once from ``templates/workbook``.

Adding a table or a column is an entry in ``schema.toml``, for a table with a sentence under ``[what]`` in the messages;
adding a word to a dropdown is one in ``vocabularies.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import netzwerk_sheets.templates
from netzwerk_sheets.languages import LANGUAGES

TEMPLATES = Path(netzwerk_sheets.templates.__file__ or "").parent

Words = Mapping[str, str]
"""Language → word."""


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Bring text into the form in which two spellings of the same word are equal.

    Case, width of blanks, gender marks and „(Pflicht)“, colons or stars behind a header do not count. Headers and
    vocabularies come again with every tab, so the last texts are remembered.
    """
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    if "(" in text:
        text = re.sub(r"\(pflicht\)|\(required\)", "", text)
    if "\u200b" in text or "\ufeff" in text:
        text = re.sub(r"[\u200b\ufeff]", " ", text)
    text = " ".join(text.split()).rstrip(":*").strip()
    if "innen" in text:
        text = text.replace("*innen", "innen").replace(":innen", "innen").replace("_innen", "innen")
    return text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `kind` is one of the types listed in ``schema.toml``."""

    code: str
    words: Words
    kind: str
    of: str = ""
    all_allowed: bool = False
    aliases: tuple[str, ...] = ()
    owner: str = "human"
    group: str = ""
    personal: bool = False
    required: bool = False
    width: int = 18
    hints: Words | None = None

    def header(self, language: str) -> str:
        """Give the text of the header."""
        return self.words[language]

    @property
    def many(self) -> bool:
        """Whether one cell holds several values."""
        return self.kind in {"choices", "refs"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one row per thing, one id per row."""

    code: str
    words: Words
    columns: tuple[Column, ...]
    kind: str = "input"
    prefix: str = ""
    digits: int = 3
    core: bool = False
    start: bool = False
    label: str = "id"
    key: tuple[str, ...] = ()

    def column(self, code: str) -> Column:
        """Give the column of this code; raises `KeyError` where there is none."""
        for column in self.columns:
            if column.code == code:
                return column
        raise KeyError(code)

    @property
    def has_ids(self) -> bool:
        """Whether the tool gives the rows ids."""
        return bool(self.prefix) and self.digits > 0

    def make_id(self, number: int) -> str:
        """Write the id of this number, for example ``P-014``."""
        return f"{self.prefix}-{number:0{self.digits}d}"

    def id_number(self, text: str) -> int | None:
        """Read the number of a well-formed id of this table, or give `None`."""
        match = re.fullmatch(rf"{re.escape(self.prefix)}-(\d{{1,9}})", text.strip(), re.IGNORECASE)
        return int(match[1]) if match else None

    @property
    def required(self) -> tuple[str, ...]:
        """Codes of the columns without whose headers a tab is not this table."""
        return tuple(column.code for column in self.columns if column.required)

    @property
    def live(self) -> frozenset[str]:
        """Codes of columns that the tool alone shows beside merged rows, on every tab in its own way."""
        return frozenset(column.code for column in self.columns if column.owner == "tool" and self.prefix)

    def at(self, place: str) -> Table:
        """Give the table with the columns that a tab shows of it.

        Args:
            place: Code of the tab; where the schema says nothing about it, it shows the table as it is.
        """
        view = views().get(place)
        if view is None or not view.columns:
            return self
        known = {column.code: column for column in (*self.columns, *view.more)}
        return replace(self, columns=tuple(known[code] for code in view.columns))


@dataclass(frozen=True, slots=True)
class View:
    """What a tab shows of another table; `columns` is empty where code says which of its own columns it shows."""

    table: str
    columns: tuple[str, ...] = ()
    more: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of a vocabulary."""

    code: str
    words: Words
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the settings tab."""

    code: str
    words: Words
    kind: str
    defaults: Mapping[str, str | int | float]
    units: Words
    explanations: Words
    options: tuple[str, ...] = ()
    rule: str = ""


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / "workbook" / name).read_text(encoding="utf-8"))


def _words(entry: Mapping[str, Any], stem: str = "") -> dict[str, str]:
    return {language: str(entry.get(f"{stem}{language}", "")) for language in LANGUAGES}


def _column(entry: Mapping[str, Any]) -> Column:
    hints = _words(entry, "hint_")
    return Column(
        code=entry["code"],
        words=_words(entry),
        kind=entry["type"],
        of=entry.get("of", ""),
        all_allowed=entry.get("all", False),
        aliases=tuple(entry.get("aliases", ())),
        owner=entry.get("owner", "human"),
        group=entry.get("group", ""),
        personal=entry.get("personal", False),
        required=entry.get("required", False),
        width=entry.get("width", 18),
        hints=hints if hints["de"] else None,
    )


def tables() -> dict[str, Table]:
    """Give all tables of a network by code, in reading order."""
    return load("schema.toml")


@cache
def load(name: str) -> dict[str, Table]:
    """Give the tables of one file in ``templates/workbook`` by code, in reading order."""
    return {
        entry["code"]: Table(
            code=entry["code"],
            words=_words(entry),
            columns=tuple(_column(column) for column in entry["columns"]),
            kind=entry["kind"],
            prefix=entry.get("prefix", ""),
            digits=entry.get("digits", 3),
            core=entry.get("core", False),
            start=entry.get("start", False),
            label=entry.get("label", "id"),
            key=tuple(entry.get("key", ())),
        )
        for entry in _load(name)["tables"]
    }


@cache
def tab_words() -> dict[str, Words]:
    """Give the tab names of all tables and result tabs by code."""
    names: dict[str, Words] = {code: table.words for code, table in tables().items()}
    names.update({entry["code"]: _words(entry) for entry in _load("schema.toml")["tabs"]})
    return names


@cache
def tab_kinds() -> dict[str, str]:
    """Give the kind (start, input, result, mixed, help) of every tab by code."""
    kinds = {code: table.kind for code, table in tables().items()}
    kinds.update({entry["code"]: entry["kind"] for entry in _load("schema.toml")["tabs"]})
    return kinds


@cache
def views() -> dict[str, View]:
    """Give code of a tab → what it shows, for tabs that show rows of another table."""
    return {
        entry["code"]: View(
            entry["shows"], tuple(entry.get("columns", ())), tuple(_column(each) for each in entry.get("more", ()))
        )
        for entry in _load("schema.toml")["tabs"]
        if "shows" in entry
    }


@cache
def vocabularies() -> dict[str, tuple[Entry, ...]]:
    """Give the vocabularies by name; the entries in the order of the dropdown."""
    return {
        name: tuple(Entry(code, _words(entry), tuple(entry.get("aliases", ()))) for code, entry in entries.items())
        for name, entries in _load("vocabularies.toml").items()
    }


@cache
def word_codes(vocabulary: str) -> dict[str, str]:
    """Give folded label, alias or code → code of one vocabulary, in every language."""
    codes: dict[str, str] = {}
    for entry in vocabularies()[vocabulary]:
        for text in (*entry.words.values(), *entry.aliases, entry.code):
            codes.setdefault(fold(text), entry.code)
    return codes


@cache
def code_words(vocabulary: str, language: str) -> dict[str, str]:
    """Give code → label of one vocabulary."""
    return {entry.code: entry.words[language] for entry in vocabularies()[vocabulary]}


@cache
def abbreviations() -> dict[str, str]:
    """Give abbreviation in the name of an organisation, in small letters → what it stands for."""
    return {short: str(whole) for short, whole in _load("abbreviations.toml").items()}


@cache
def settings() -> dict[str, Setting]:
    """Give all settings by code, in the order of the tab."""
    found = {}
    for entry in _load("settings.toml")["settings"]:
        defaults = {language: entry.get(f"default_{language}", entry.get("default", "")) for language in LANGUAGES}
        found[entry["code"]] = Setting(
            code=entry["code"],
            words=_words(entry),
            kind=entry["kind"],
            defaults=defaults,
            units=_words(entry, "unit_"),
            explanations=_words(entry, "explain_"),
            options=tuple(entry.get("options", ())),
            rule=entry.get("rule", ""),
        )
    found.update(_matching_settings())
    return found


def _matching_settings() -> dict[str, Setting]:
    """Make the 18 rows that say where domain and target group must fit for each resource."""
    found = {}
    matching = _load("matching.toml")
    for resource, needs in matching["resources"].items():
        words = code_words("resource", "de")[resource], code_words("resource", "en")[resource]
        for what in ("domain", "group"):
            label = matching["what"][what]
            code = f"matching.{resource}.{what}"
            found[code] = Setting(
                code=code,
                words={"de": f"passung.{words[0]}.{label['de']}", "en": f"matching.{words[1]}.{label['en']}"},
                kind="yes_no",
                defaults={
                    "de": matching["yes_no"][needs[what]]["de"],
                    "en": matching["yes_no"][needs[what]]["en"],
                },
                units={"de": "", "en": ""},
                explanations={
                    language: label[f"explain_{language}"].replace("$resource", words[index])
                    for index, language in enumerate(LANGUAGES)
                },
            )
    return found


def language_of(text: str) -> str:
    """Give the language a setting names, German where it names none that we speak."""
    return text if text in LANGUAGES else "de"
