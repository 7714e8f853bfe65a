"""Headings that people changed: a column is known again by what stands in it.

Nothing is written for it. The heading stays as people made it, and is understood from then on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import shown
from netzwerk_sheets.merge import by_values
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.locate import with_columns
from netzwerk_sheets.sync.tables import is_merged, table_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netzwerk_sheets.merge import State
    from netzwerk_sheets.sheets.locate import Located, SeenTable
    from netzwerk_sheets.sync.book import Book


class Drift:
    """Follows headings through a pass.

    Args:
        aliases: Table → heading people gave, folded → column code, as learnt in earlier runs.
        state_of: Table code → what was agreed before, and the largest number ever given.
    """

    def __init__(self, aliases: Mapping[str, Mapping[str, str]], state_of: Callable[[str], tuple[State, int]]) -> None:
        """Nothing is looked at yet."""
        self.aliases = {table: dict(names) for table, names in aliases.items()}
        self.findings: list[Finding] = []
        self._state_of = state_of

    def follow(self, book: Book) -> Located:
        """Give the tables of a workbook with the columns that people renamed."""
        located, told = book.located, len(self.findings)
        followed = replace(
            located,
            tables={code: self._followed(seen, book.replica(code)) for code, seen in located.tables.items()},
            sheets={key: self._followed(seen, book.replica(*key)) for key, seen in located.sheets.items()},
        )
        if book.aside:
            del self.findings[told:]  # nobody goes on with a conflict copy
        return followed

    def _followed(self, seen: SeenTable, replica: str) -> SeenTable:
        if not seen.unknown or not is_merged(seen.code):
            return seen
        known = self.aliases.get(seen.code, {})
        learnt = {
            code: place
            for place, text in seen.unknown.items()
            if (code := known.get(schema.fold(text), "")) and code not in seen.columns and code not in seen.doubled
        }
        if learnt:
            seen = with_columns(seen, learnt)
        found = self._by_values(seen, replica)
        for code, place in found.items():
            self.aliases.setdefault(seen.code, {})[schema.fold(seen.unknown[place])] = code
        for code, place in {**learnt, **found}.items():
            heading = str(shown(seen.tab.rows[seen.header_row][place]))
            facts: dict[str, str | int] = {"case": "header-renamed", "header": heading, "column": code}
            spot = (seen.tab.title, seen.header_row, place)
            self.findings.append(Finding("P-20", "hint", seen.code, "", code, facts, spot))
        return with_columns(seen, found) if found else seen

    def _by_values(self, seen: SeenTable, replica: str) -> dict[str, int]:
        """Find columns whose heading is gone among those whose heading is new."""
        base = self._state_of(seen.code)[0].bases.get(replica, {})
        filled = {key for cells in base.values() for key in cells}
        missing = [
            column.code
            for column in seen.table.columns
            if column.code in filled and column.code not in seen.columns and column.code not in seen.doubled
        ]
        rows = [row for row in seen.rows if str(row.cells.get("id", "")) in base]
        if not missing or not seen.unknown or not rows:
            return {}
        values = {place: [seen.tab.rows[row.number].get(place) for row in rows] for place in seen.unknown}
        known = {key: [base[str(row.cells["id"])].get(key) for row in rows] for key in missing}
        return by_values(missing, list(seen.unknown), values, known, table_schema(seen.code))
