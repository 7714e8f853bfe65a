"""The tabs that hold lists from other files, as they came; contact data are in none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.personal import looks_personal
from netzwerk_sheets.grid.titles import free
from netzwerk_sheets.sheets import cells, schema
from netzwerk_sheets.sheets.adopting.guess import Guess, own_columns
from netzwerk_sheets.sheets.adopting.persons import contact_columns
from netzwerk_sheets.sheets.adopting.regions import find_regions
from netzwerk_sheets.sync.adopting import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netzwerk_sheets.grid import Tab, TabDesign
    from netzwerk_sheets.sheets.adopting.guess import Column
    from netzwerk_sheets.sheets.adopting.regions import Region
    from netzwerk_sheets.sync.offers import Offer, Survey

Place = tuple[int, int]
"""Row and column."""


def copies_of_lists(seen: Survey, chosen: Sequence[Offer]) -> list[TabDesign]:
    """Design the tabs that hold lists from other files; contact data are in none of them."""
    copies: list[TabDesign] = []
    taken = set(seen.taken) | {seen.words.tab(code).casefold() for code in schema.tab_words()}
    wanted = [offer for offer in chosen if offer.found.source and offer.found.table != "contacts"]
    for tab, source in {id(offer.tab): (offer.tab, offer.found.source) for offer in wanted}.values():
        name = source.rpartition(".")[0] or source
        title = name if schema.fold(tab.title) == schema.fold(name) else f"{name} {tab.title}"
        named = seen.words.say("adopt.copy", name="").strip()
        if not schema.fold(title).startswith(schema.fold(named)):
            title = seen.words.say("adopt.copy", name=title)
        title = free(title, taken)
        taken.add(title.casefold())
        header_row = min(offer.found.region.header_row for offer in wanted if offer.tab is tab)
        copies.append(copy_of(tab, title, header_row, _left_out(seen, tab)))
    return copies


def _left_out(seen: Survey, tab: Tab) -> dict[Place, str]:
    """Give the cells of a tab that no copy of it holds: contact data and their headings → what stands there instead."""
    found = dict.fromkeys(beside_lists(seen, tab), "")
    for region, columns, last in _lists_on(seen, tab):
        for column in columns:
            found |= {(row, column.number): "" for row in range(region.header_row + 1, last)}
            found[region.header_row, column.number] = seen.words.say("adopt.left_out_heading", heading=column.heading)
    return found


def beside_lists(seen: Survey, tab: Tab) -> set[Place]:
    """Give the cells of a tab, outside of its lists, in which an address or a number seems to stand."""
    lists = _lists_on(seen, tab)
    return {
        (row, column)
        for row, columns in tab.rows.items()
        for column, value in columns.items()
        if looks_personal(cells.text_of(value))
        and not any(column in region.headings and region.header_row <= row < last for region, _, last in lists)
    }


def _lists_on(seen: Survey, tab: Tab) -> list[tuple[Region, tuple[Column, ...], int]]:
    """Give every list on a tab, taken or not, with its columns of contact data and the row at which it is over."""
    lists = [(offer.found.region, offer.left_out) for offer in seen.offers if offer.tab is tab]
    known = {(region.header_row, region.first_column) for region, _ in lists}
    lists += [
        (region, contact_columns(Guess(region, "", own_columns(region))))
        for region in find_regions(tab)
        if (region.header_row, region.first_column) not in known
    ]
    end = max(tab.rows) + 1
    return [(region, columns, min(_heads_below(region, lists), default=end)) for region, columns in lists]


def _heads_below(region: Region, lists: Sequence[tuple[Region, tuple[Column, ...]]]) -> Iterator[int]:
    for other, _ in lists:
        if other.header_row > region.header_row and other.headings.keys() & region.headings.keys():
            yield other.header_row
