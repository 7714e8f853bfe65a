"""What a cell may refer to: the rows of other tables, by id or by name, and the words a network added."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from netzwerk_sheets.sheets import cells, schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.model import Finding
    from netzwerk_sheets.sheets.settings import Settings

    Rows = Mapping[str, Mapping[str, Value]]


class Known:
    """What the cells of all tables may refer to; gathered table by table, for most are never referred to.

    Attributes:
        findings: Every cell that a person should look at.
    """

    def __init__(self, tables: Mapping[str, Rows], settings: Settings) -> None:
        self.tables = tables
        self.language = settings.language
        self.words = settings.words
        self.findings: list[Finding] = []
        self._indexes: dict[str, Mapping[str, str]] = {}
        self._labels: dict[str, Sequence[str]] = {}

    def index(self, code: str) -> Mapping[str, str]:
        """Give folded id or name → id of a table; empty where the workbook does not have it."""
        if code not in self._indexes:
            self._indexes[code] = _index(code, self.tables[code]) if code in self.tables else {}
        return self._indexes[code]

    def labels(self, code: str) -> Sequence[str]:
        """Give what people call the rows of a table."""
        if code not in self._labels:
            label = schema.tables()[code].label
            rows = self.tables.get(code, {}).values()
            self._labels[code] = [text for row in rows if (text := cells.text_of(row.get(label)))]
        return self._labels[code]


def _index(code: str, rows: Rows) -> dict[str, str]:
    """Give folded id, label or full name → id; the first row wins where a label stands twice."""
    table = schema.tables()[code]
    found = {schema.fold(row_id): row_id for row_id in rows}
    for column in dict.fromkeys((table.label, "short_name", "name", "title")):
        for row_id, row in rows.items():
            text = cells.text_of(row.get(column))
            if text:
                found.setdefault(schema.fold(text), row_id)
    return found


def closest(word: str, known: Sequence[str]) -> str:
    """Give the known word nearest to what was typed, or nothing."""
    found = difflib.get_close_matches(word.casefold(), [text.casefold() for text in known], n=1, cutoff=0.6)
    return next((text for text in known if found and text.casefold() == found[0]), "")
