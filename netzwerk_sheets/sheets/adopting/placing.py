"""Decide whether a list can be used where it stands, or its rows go into the network's own tab.

A list is used in place where that changes nothing but empty columns at its right: there the ids and the headings go
that are missing. Otherwise its tab stays exactly as it is, and its rows are brought over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.adopting.regions import is_filled
from netzwerk_sheets.sheets.own_words import understood

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from netzwerk_sheets.grid import Tab, TableArea
    from netzwerk_sheets.sheets.adopting.guess import Guess
    from netzwerk_sheets.sheets.language import Words

LAST_COLUMN = 16_384


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the rows of a list will live.

    Attributes:
        reason: Why its rows must be brought over; empty where the list is used in place.
        added: New headings at its right: column number → (code, text).
        aliases: Heading of the list → column code, where the usual words do not say so.
        marked: The marked table that grows with it, if any.
    """

    reason: str = ""
    added: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    marked: TableArea | None = None

    @property
    def here(self) -> bool:
        """Whether the list is used where it stands."""
        return not self.reason


def place(found: Guess, tab: Tab | None, words: Words, *, taken: Collection[str], settings: bool) -> Placement:
    """Decide about one list.

    Args:
        found: What the list is.
        tab: The tab it stands on; `None` for a list from another file.
        words: Language of the workbook.
        taken: Codes of tables that the network has already, or that another list becomes.
        settings: Whether there are, or will be, settings in which headings can be remembered.
    """
    if tab is None:
        return Placement("outside")
    for code, stands in (
        ("taken", found.table in taken),
        ("settings", not settings),
        (found.region.hindrances[0] if found.region.hindrances else "", bool(found.region.hindrances)),
    ):
        if stands:
            return Placement(code)
    return _here(found, tab, words)


def _here(found: Guess, tab: Tab, words: Words) -> Placement:
    table, headings = schema.tables()[found.table], dict(found.region.headings)
    folded = [schema.fold(text) for text in headings.values()]
    if any(folded.count(schema.fold(headings[number])) > 1 for number in found.codes.values()):
        return Placement("doubled")
    natural = understood(table, headings.values(), {})
    aliases = {headings[number]: code for code, number in found.codes.items() if natural.get(headings[number]) != code}
    missing = [code for code in dict.fromkeys(("id", *table.required)) if code not in found.codes]
    added: dict[int, tuple[str, str]] = {}
    column = max(max(cells, default=0) for cells in tab.rows.values())
    for code in missing:
        column += 1
        text = words.header(table.code, code)
        if schema.fold(text) in folded or (code == "id" and code in natural.values()):
            text = words.say("adopt.other_heading", heading=text)
            aliases[text] = code
        added[column] = (code, text)
    wanted = {headings[number]: code for code, number in found.codes.items()}
    wanted |= {text: code for code, text in added.values()}
    own = {schema.fold(text): code for text, code in aliases.items()}
    marked, fits = _marked(found, tab, added)
    if understood(table, wanted.keys() | set(headings.values()), own) != wanted:
        return Placement("meaning")
    if column > LAST_COLUMN or not fits or _is_below(found, tab):
        return Placement("room")
    return Placement("", added, aliases, marked)


def _marked(found: Guess, tab: Tab, added: Mapping[int, object]) -> tuple[TableArea | None, bool]:
    """Give the marked table that holds the list, and whether it can take further columns."""
    region = found.region
    for marked in tab.tables:
        area = marked.area
        if area.last_row < region.header_row or area.last_column < region.first_column:
            continue
        same = (area.first_row, area.first_column, area.last_column) == (
            region.header_row, region.first_column, region.last_column,
        )  # fmt: skip
        return marked, same and not marked.has_totals and min(added, default=0) in {0, area.last_column + 1}
    return None, True


def _is_below(found: Guess, tab: Tab) -> bool:
    """Say whether people keep something below the list, where its new rows would go."""
    last = max(found.region.rows, default=found.region.header_row)
    return any(row > last and any(is_filled(value) for value in cells.values()) for row, cells in tab.rows.items())
