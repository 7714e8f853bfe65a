"""The settings people change in the workbook, with the default wherever a row is missing or unreadable."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.grid import Value, shown
from netzwerk_sheets.model import Finding, Rules
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import number_in, text_of
from netzwerk_sheets.sheets.own_words import NO_WORDS, is_own_word, own_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netzwerk_sheets.sheets.locate import SeenTable


@dataclass(frozen=True, slots=True)
class Settings:
    """What the network decided.

    Attributes:
        values: Setting code → understood value, for every setting.
        findings: Rows that could not be understood.
        words: Vocabulary → word of the network's own, folded → code.
    """

    values: Mapping[str, Any]
    rules: Rules = field(default_factory=Rules)
    findings: tuple[Finding, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """Language of the tabs."""
        return str(self.values["language"])

    @property
    def form(self) -> str:
        """``full`` or ``short`` onboarding."""
        return schema.word_codes("onboarding_form").get(schema.fold(str(self.values["onboarding.form"])), "full")

    @property
    def gender(self) -> str:
        """How sentences name people."""
        return schema.word_codes("gender_form").get(schema.fold(str(self.values["gender"])), "star")

    @property
    def administration_supports(self) -> str:
        """``yes``, ``no`` or empty for "see whether it is on board"."""
        return schema.word_codes("yes_no").get(schema.fold(str(self.values["administration_supports"])), "")


def _number(value: Value) -> float | None:
    plain = shown(value)
    if isinstance(plain, int | float) and not isinstance(plain, bool):
        return plain
    text = text_of(value)
    if text.endswith("%"):
        found = number_in(text[:-1])
        return None if found is None else found / 100
    return number_in(text)


MOST = 500_000
"""So many days lead to a day that calendars know; more were typed for „never“ and cannot be counted."""


def _count(value: Value) -> int | None:
    found = _number(value)
    return int(found) if found is not None and 0 <= found <= MOST and found == int(found) else None


def _share(value: Value) -> Fraction | None:
    found = _number(value)
    return Fraction(str(found)) if found is not None and 0 <= found <= 1 else None


def _percent(value: Value) -> Fraction | None:
    found = _number(value)
    if found is not None and 1 < found <= 100:
        found /= 100
    return Fraction(str(round(found, 9))) if found is not None and 0 <= found <= 1 else None


def _points(value: Value) -> tuple[int, ...] | None:
    pieces = [piece for piece in text_of(value).split(";") if piece.strip()]
    numbers = [number_in(piece) for piece in pieces]
    if not numbers or any(n is None or n < 0 or n != int(n) for n in numbers):
        return None
    found = tuple(int(n) for n in numbers if n is not None)
    return found if list(found) == sorted(found) else None


def _yes_no(value: Value) -> bool | None:
    code = schema.word_codes("yes_no").get(schema.fold(text_of(value)))
    return None if code is None else code == "yes"


_READERS: Mapping[str, Callable[[Value], Any]] = {
    "text": text_of,
    "number": _number,
    "count": _count,
    "share": _share,
    "percent": _percent,
    "points": _points,
    "yes_no": _yes_no,
}


def _read(setting: schema.Setting, value: Value) -> Any:  # noqa: ANN401 - each kind has a type of its own
    if setting.kind == "choice":
        folded = {schema.fold(option): option for option in setting.options}
        return folded.get(schema.fold(text_of(value)))
    found = _READERS[setting.kind](value)
    if setting.kind == "points" and found is not None:
        default = _points(setting.defaults["de"])
        return found if default is not None and len(found) == len(default) else None
    return found


def _by_key() -> dict[str, str]:
    return {
        schema.fold(word): setting.code
        for setting in schema.settings().values()
        for word in (*setting.words.values(), setting.code)
    }


def _rules(values: Mapping[str, Any]) -> Rules:
    changes: dict[str, Any] = {
        setting.rule: values[setting.code] for setting in schema.settings().values() if setting.rule
    }
    changes["priority_points"] = dict(zip(("low", "medium", "high"), changes["priority_points"], strict=True))
    changes["matching"] = {
        resource: (values[f"matching.{resource}.domain"], values[f"matching.{resource}.group"])
        for resource in Rules().matching
    }
    changes["abbreviations"] = schema.abbreviations()
    changes["unknown_size_points"] = changes["size_points"][1]
    return replace(Rules(), **changes)


def defaults(language: str = "de") -> dict[str, Any]:
    """Give every setting's default, understood."""
    return {setting.code: _read(setting, setting.defaults[language]) for setting in schema.settings().values()}


def read_settings(table: SeenTable | None) -> Settings:
    """Read the settings tab; a row that is not understood keeps its default and becomes a finding."""
    keys = _by_key()
    typed: dict[str, tuple[Value, int]] = {}
    findings = []
    for row in table.rows if table else ():
        key = text_of(row.cells.get("key"))
        code = keys.get(schema.fold(key))
        if code is not None:
            typed[code] = (row.cells.get("value"), row.number)
        elif key and table and not is_own_word(key):
            findings.append(_finding(table, row.number, "key", "setting-unknown", key))
    language = schema.language_of(text_of(typed["language"][0]) if "language" in typed else "de")
    values = defaults(language)
    for code, (value, number) in typed.items():
        if not text_of(value):
            continue
        found = _read(schema.settings()[code], value)
        if found is None and table:
            key = schema.settings()[code].words[language]
            findings.append(_finding(table, number, "value", "setting-unreadable", key))
        else:
            values[code] = found
    own = own_words(row.cells for row in table.rows) if table else NO_WORDS
    return Settings(values, _rules(values), tuple(findings), own.values)


def _finding(table: SeenTable, number: int, column: str, case: str, key: str) -> Finding:
    place = (table.tab.title, number, table.columns.get(column, 1))
    return Finding("P-01", "warning", "settings", "", column, {"case": case, "key": key}, place)
