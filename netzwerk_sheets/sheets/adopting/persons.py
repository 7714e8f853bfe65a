"""Which columns of a list hold contact data: they come to one tab of the network only, and into no copy of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.personal import looks_personal
from netzwerk_sheets.sheets import cells, schema
from netzwerk_sheets.sheets.adopting.guess import LOOKED_AT, REACHED
from netzwerk_sheets.sheets.adopting.headings import LIKELY, SURE, hits

if TYPE_CHECKING:
    from netzwerk_sheets.sheets.adopting.guess import Column, Guess
    from netzwerk_sheets.sheets.adopting.regions import Region

TELLING = frozenset({*REACHED, "access_needs"})
"""Columns of contacts that say who somebody is, how to reach them, or what they need; others count beside them only."""


def contact_columns(found: Guess, beside: Guess | None = None) -> tuple[Column, ...]:
    """Give the columns of a list in which contact data of persons stand.

    Args:
        found: What the list is; of a list of contacts it is every column, for each of its rows is about a person.
        beside: The contacts that the list names beside its rows, where it does.
    """
    if found.table == "contacts":
        return found.columns
    theirs = frozenset(beside.codes[code] for code in beside.codes if code != "partner") if beside else frozenset()
    free = [column for column in found.columns if not column.code]
    if not theirs and not any(_tells(found.region, column) for column in free):
        return ()
    return tuple(
        column
        for column in free
        if column.number in theirs or _tells(found.region, column) or speaks_of_persons(column.heading)
    )


def speaks_of_persons(heading: str) -> bool:
    """Say whether a heading surely names a column about persons."""
    return any(schema.tables()["contacts"].column(code).personal for code in _named(heading, SURE))


def _tells(region: Region, column: Column) -> bool:
    """Say whether a column names persons or how to reach them: by its heading, or by what stands below it."""
    if TELLING & _named(column.heading, LIKELY):
        return True
    texts = [cells.text_of(value) for value in region.values(column.number)[:LOOKED_AT]]
    return bool(texts) and 2 * sum(looks_personal(text) is not None for text in texts) >= len(texts)


def _named(heading: str, score: int) -> set[str]:
    return {code for code, hit in hits("contacts", heading).items() if hit.score >= score}
