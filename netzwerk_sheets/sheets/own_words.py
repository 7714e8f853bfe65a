"""What a network calls its tabs, columns and values: words of its own in the settings, beside those that all know.

A list that people made keeps its words; the settings say what they mean: headings (``alias.partners.name``), which tab
it is (``tab.partners``), and words in dropdowns (``word.partner_status.active``; several parted by a semicolon).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import shown
from netzwerk_sheets.sheets.schema import Table, fold, tables, vocabularies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.grid import Value

ALIAS, TAB, WORD = "alias", "tab", "word"
NO_HEADINGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a network calls its tabs and columns, as its settings say.

    Attributes:
        headings: Table code → heading, folded → column code.
        tabs: Table code → title of its tab.
        values: Vocabulary → word, folded → code of what it means.
    """

    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tabs: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def joined(self, other: OwnWords) -> OwnWords:
        """Give both; where they differ the other one wins."""
        codes = {*self.headings, *other.headings}
        found = {code: {**self.headings.get(code, {}), **other.headings.get(code, {})} for code in codes}
        return OwnWords(found, {**self.tabs, **other.tabs}, {**self.values, **other.values})


NO_WORDS = OwnWords()


def own_words(settings: Iterable[Mapping[str, Value]]) -> OwnWords:
    """Read from the rows of the settings what the network calls its tabs and columns."""
    headings: dict[str, dict[str, str]] = {}
    tabs: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for row in settings:
        key, value = (str(shown(row.get(code)) or "").strip() for code in ("key", "value"))
        if not value or not is_own_word(key):
            continue
        kind, code, *column = key.split(".")
        if kind == TAB:
            tabs[code] = value
        elif kind == WORD:
            words = (fold(word) for word in value.split(";"))
            values.setdefault(code, {}).update({word: column[0] for word in words if word})
        else:
            headings.setdefault(code, {})[fold(value)] = column[0]
    return OwnWords(headings, tabs, values)


def is_own_word(key: str) -> bool:
    """Say whether a key of the settings names a heading, a tab or a word: see the top of this module."""
    kind, _, rest = key.strip().partition(".")
    code, _, column = rest.partition(".")
    if kind == WORD:
        return any(entry.code == column for entry in vocabularies().get(code, ()))
    table = tables().get(code)
    if table is None or kind not in {ALIAS, TAB}:
        return False
    return not column if kind == TAB else any(each.code == column for each in table.columns)


def header_codes(table: Table) -> dict[str, str]:
    """Give folded header → column code; a header proper wins over an alias."""
    codes: dict[str, str] = {}
    for column in table.columns:
        for text in column.words.values():
            codes.setdefault(fold(text), column.code)
    for column in table.columns:
        for text in column.aliases:
            codes.setdefault(fold(text), column.code)
    return codes


def understood(table: Table, texts: Iterable[str], own: Mapping[str, str]) -> dict[str, str]:
    """Give the headings that are understood → column code.

    A heading of the network's own wins over all others, and where it stands, the usual one means nothing: people may
    have a column of their own that is called so.
    """
    found = {text: fold(text) for text in texts}
    codes = header_codes(table)
    if not own:
        return {text: codes[folded] for text, folded in found.items() if folded in codes}
    named = {own[folded] for folded in found.values() if folded in own}
    return {
        text: own.get(folded) or codes[folded]
        for text, folded in found.items()
        if folded in own or (folded in codes and codes[folded] not in named)
    }
