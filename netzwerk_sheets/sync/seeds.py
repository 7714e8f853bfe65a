"""The first rows of a new workbook: the demo network, the catalogues, the settings."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Value
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import date_in, number_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netzwerk_sheets.sheets.language import Words

Rows = dict[str, dict[str, Value]]

DEMO_DAY = date(2025, 5, 15)
"""The day the demo network was written for; its dates are shifted so that this day is today."""

DEMO_LANGUAGE = "de"
"""The demo network is written in German: its names and sentences stay so, its vocabularies speak every language."""

_WORDS_IN_TEXT = {("documents", "required_for"): ("everyone", "group_kind"), ("social_data", "unit"): ("reach_unit",)}
"""Columns of free text in which words of vocabularies stand."""


def _read(folder: str, name: str) -> Iterator[dict[str, str]]:
    path = schema.TEMPLATES / folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def demo(today: date, words: Words) -> dict[str, Rows]:
    """Give the rows of the demo network, table by table, as people would have typed them in one language."""
    shift = today - DEMO_DAY
    said = _Demo(words)
    found: dict[str, Rows] = {}
    for code, table in schema.tables().items():
        if not (schema.TEMPLATES / "demo" / f"{code}.csv").is_file():
            continue
        columns = {column.code: column for column in table.columns}
        name = "id" if "id" in columns else table.key[0]
        found[code] = {
            row[name]: {
                key: value
                for key, text in row.items()
                if key in columns
                and key != "id"
                and (value := _typed(said(code, columns[key], text), columns[key].kind, shift)) is not None
            }
            for row in _read("demo", code)
        }
    return found


class _Demo:
    """Says the words of the demo network in the language of the workbook: dropdowns and shipped catalogues."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.same = words.language == DEMO_LANGUAGE
        self.domains, self.types = ({} if self.same else self._catalogue(name) for name in ("domains", "partner_types"))

    def _catalogue(self, name: str) -> dict[str, str]:
        """Give every German text of a catalogue → the same in the language of the workbook."""
        ends = f"_{DEMO_LANGUAGE}", f"_{self.words.language}"
        return {
            text: row[key.removesuffix(ends[0]) + ends[1]]
            for row in _read("catalogue", name)
            for key, text in row.items()
            if key.endswith(ends[0]) and text
        }

    def __call__(self, table: str, column: schema.Column, text: str) -> str:
        """Give one cell in the language of the workbook."""
        if self.same or not text:
            return text
        if column.many:
            return "; ".join(self._one(table, column, part.strip()) for part in text.split(";"))
        return self._one(table, column, text)

    def _one(self, table: str, column: schema.Column, text: str) -> str:
        if table == "domains" or column.of == "domains":
            text = self.domains.get(text, text)
        elif (table, column.code) == ("partners", "type"):
            return self.types.get(text, text)
        vocabularies = _WORDS_IN_TEXT.get((table, column.code), ())
        if column.kind in {"choice", "choices", "yes_no"}:
            vocabularies = (column.of or "yes_no",)
        elif column.all_allowed:
            vocabularies = ("everyone",)
        for vocabulary in vocabularies:
            if code := schema.word_codes(vocabulary).get(schema.fold(text)):
                return self.words.word(vocabulary, code)
        return text


def _typed(text: str, kind: str, shift: timedelta) -> Value:
    if not text:
        return None
    if kind == "date":
        day = date_in(text)
        return day + shift if day else text
    if kind in {"count", "number"}:
        number = number_in(text)
        return text if number is None else (int(number) if number == int(number) else number)
    return text


def catalogue(words: Words) -> dict[str, Rows]:
    """Give the rows of the shipped catalogues in one language."""
    return {"task_templates": _tasks(words), "partner_types": _types(words), "domains": _domains(words)}


def _domains(words: Words) -> Rows:
    names = schema.TEMPLATES / "catalogue" / "domains.csv"
    if not names.is_file():
        return {}
    return {
        row["id"]: {
            "name": row[f"name_{words.language}"],
            "description": row[f"description_{words.language}"],
        }
        for row in _read("catalogue", "domains")
    }


def _tasks(words: Words) -> Rows:
    language = words.language
    return {
        row["id"]: {
            "block": f"{row['block']} {row[f'group_{language}']}",
            "text": row[f"text_{language}"],
            "role": row[f"role_{language}"],
            "anchor": words.word("anchor", row["anchor"]),
            "days": int(row["days"]),
            "after": row["after"] or None,
            "evidence": row[f"evidence_{language}"] or None,
            "scope": words.word("scope", row["scope"]),
            "short": words.word("yes_no", row["short"]) if row["short"] == "yes" else None,
            "more": row[f"more_{language}"] or None,
        }
        for row in _read("catalogue", "tasks")
    }


def _types(words: Words) -> Rows:
    language = words.language
    names = {row["code"]: row[f"name_{language}"] for row in _read("catalogue", "domains")}
    return {
        row["id"]: {
            "name": row[f"name_{language}"],
            "domain": names.get(row["domain"], row["domain"]),
            "sector": words.word("sector", row["sector"]),
            "function": row[f"function_{language}"] or None,
            "resources": _labels(words, row["resources"]),
            "target_groups": row[f"target_groups_{language}"] or None,
            "represents": row[f"represents_{language}"] or None,
            "umbrella": words.word("yes_no", "yes") if row["umbrella"] == "yes" else None,
            "argument": row[f"argument_{language}"] or None,
        }
        for row in _read("catalogue", "partner_types")
    }


def _labels(words: Words, codes: str) -> str:
    return "; ".join(words.word("resource", code.strip()) for code in codes.split(";") if code.strip())


def settings(words: Words, changes: Mapping[str, Value]) -> Rows:
    """Give the rows of the settings tab: every default, and what differs."""
    language = words.language
    found: Rows = {}
    for setting in schema.settings().values():
        value: Value = changes.get(setting.code, setting.defaults[language])
        key = setting.words[language]
        found[key] = {
            "key": key,
            "value": value if value != "" else None,
            "unit": setting.units[language] or None,
            "explanation": setting.explanations[language],
        }
    return found
