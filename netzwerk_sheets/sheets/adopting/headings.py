"""Which column a heading names: its own words, other words for the same, shortened and misspelt ones."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.sheets import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

SURE, LIKELY = 95, 75
"""From which score on a column counts as sure, or as likely; below it is a guess."""

NOT_ADOPTED = frozenset({"partner_types", "task_templates"})
"""Catalogues that come with the tool; nobody has made their list by hand."""

SIMILAR = 86
SHORTEST = 4
"""Letters that a heading needs before one that is merely similar counts."""


class Hit(NamedTuple):
    """Why a heading may name a column.

    Attributes:
        score: 0 to 100.
        why: ``heading``, ``synonym``, ``shortened``, ``similar``, ``values`` or ``mapping``.
    """

    score: int
    why: str


NO_HIT = Hit(0, "")


def plain(text: str) -> str:
    """Bring a heading into the form that is compared: composed, no case, no signs around the words."""
    folded = schema.fold(unicodedata.normalize("NFC", text))
    return " ".join(re.sub(r"[^\w&]|_", " ", folded).split())


@cache
def adoptable() -> dict[str, schema.Table]:
    """Give the tables that people may have made by hand, in reading order."""
    return {
        code: table
        for code, table in schema.tables().items()
        if table.kind == "input" and table.prefix and code not in NOT_ADOPTED
    }


@cache
def _synonyms() -> Mapping[str, Mapping[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = tomllib.loads(
        (schema.TEMPLATES / "workbook" / "synonyms.toml").read_text(encoding="utf-8")
    )
    return found


@cache
def notes() -> tuple[str, ...]:
    """Give how lines begin that are no rows of a list: sums and remarks, plain."""
    return tuple(plain(word) for word in _synonyms()["lines"]["notes"])


@cache
def _columns(code: str) -> dict[str, dict[str, Hit]]:
    """Give heading, plain → column code → how sure that is."""
    found: dict[str, dict[str, Hit]] = {}
    more = _synonyms().get(code, {})
    for column in schema.tables()[code].columns:
        for text in (*column.words.values(), *column.aliases):
            found.setdefault(plain(text), {}).setdefault(column.code, Hit(100, "heading"))
        for text in more.get(column.code, ()):
            found.setdefault(plain(text), {}).setdefault(column.code, Hit(SURE, "synonym"))
    return found


@cache
def known_headings() -> dict[str, None]:
    """Give every heading that names a column of any table, plain."""
    return {text: None for code in adoptable() for text in _columns(code)}


@cache
def names_of(code: str) -> frozenset[str]:
    """Give the words for a table, plain: of its tab, and others that people use."""
    words = (*schema.tables()[code].words.values(), *_synonyms().get(code, {}).get("tab", ()))
    return frozenset(plain(word) for word in words)


@cache
def words_for(code: str) -> frozenset[str]:
    """Give names that people use for rows of a table which a new network does not have yet, folded."""
    return frozenset(schema.fold(word) for word in _synonyms().get(code, {}).get("rows", ()))


@cache
def hits(code: str, heading: str) -> dict[str, Hit]:
    """Give column code → how sure it is that a heading names it.

    Args:
        code: Code of the table.
        heading: As typed.
    """
    text = plain(heading)
    known = _columns(code)
    if text in known:
        return known[text]
    found: dict[str, Hit] = {}
    for other, columns in known.items():
        hit = _alike(text, other, shortened=heading.rstrip().endswith("."))
        if hit.score:
            for column in columns:
                if hit > found.get(column, NO_HIT):
                    found[column] = hit
    return found


def _alike(text: str, other: str, *, shortened: bool) -> Hit:
    if shortened and len(text) >= 3 and other.startswith(text):
        return Hit(85, "shortened")
    if len(text) < SHORTEST or len(other) < SHORTEST:
        return NO_HIT
    from rapidfuzz import fuzz  # only this command and one check need it

    if fuzz.ratio(text, other) >= SIMILAR:
        return Hit(82, "similar")
    words, others = set(text.split()), set(other.split())
    if (words < others or others < words) and len(words & others) * 3 >= max(len(words), len(others)):
        return Hit(70, "similar")
    return NO_HIT
