"""A copy of what is kept about one person, as a table or for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.output.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MARK = b"netzwerk person"
"""Stands at the beginning of every file of this kind."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value that is kept.

    Attributes:
        table: Name of the table or tab.
        row: Id of the row.
        column: Header of the column.
        value: As people read it.
        place: Where it stands: file, tab and cell, or the run that changed it.
    """

    table: str
    row: str
    column: str
    value: str
    place: str


def as_table(headers: Sequence[str], entries: Sequence[Entry], row: str, day: date) -> bytes:
    """Write a table as a German Excel opens it by a double click; texts like formulas carry an apostrophe."""
    target = io.StringIO()
    lines = csv.writer(target, delimiter=";", lineterminator="\r\n")
    lines.writerow([MARK.decode(), row, day.isoformat()])
    lines.writerow(headers)
    lines.writerows([harmless(text) for text in asdict(entry).values()] for entry in entries)
    return target.getvalue().encode("utf-8-sig", "replace")


def as_json(entries: Sequence[Entry], row: str, day: date) -> bytes:
    """Write the same for programs."""
    data = {"type": MARK.decode(), "row": row, "day": day.isoformat(), "entries": [asdict(each) for each in entries]}
    return json.dumps(data, ensure_ascii=False, indent=2).encode()
