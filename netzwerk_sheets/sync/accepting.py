"""Carry out what people decided beside suggestions: a type they want becomes a wished-for partner, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.recommend import open_types
from netzwerk_sheets.merge import Change, ChangeKind
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.render.suggestions import CODE, decisions
from netzwerk_sheets.sheets.schema import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from netzwerk_sheets.merge import Row, RowId, Rows
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.render.suggestions import Decision
    from netzwerk_sheets.sync.book import Book

COPIED = ("sector", "target_groups", "represents", "resources", "umbrella")
"""What a new row takes over from its type as it stands; people correct it when they know the organisation."""


def decisions_of(books: Iterable[Book]) -> tuple[Decision, ...]:
    """Read what people decided, in every workbook of the network."""
    return tuple(found for book in books for found in decisions(book.located.tables.get(CODE)))


def wished(
    words: Words, found: Iterable[Decision], network: Network, types: Rows, today: date, new_id: Callable[[], str]
) -> tuple[dict[RowId, Row], list[Change]]:
    """Make the rows of partners that people wish for.

    A type that a partner's row has already gets none: so a decision that still stands there does nothing again.

    Args:
        words: Language of the workbook.
        found: What people decided.
        network: What the workbook says; it knows which types no row has.
        types: The rows of the types.
        today: The day they are wished for.
        new_id: Hands out ids of partners.

    Returns:
        New rows, and what changed.
    """
    missing = {kind.id: kind for kind in open_types(network)}
    rows: dict[RowId, Row] = {}
    changes: list[Change] = []
    for decision in found:
        kind = missing.get(decision.id)
        if decision.choice != "wish" or kind is None:
            continue
        del missing[decision.id]
        source = types.get(decision.id, {})
        said = [decision.note, words.say("suggestions.suggested_by", who=decision.by) if decision.by else ""]
        wanted = {
            "short_name": kind.name,
            "type": kind.name,
            "domains": source.get("domain"),
            **{key: source.get(key) for key in COPIED},
            "status": words.word("partner_status", "wish"),
            "created_on": today,
            "next_step": words.say("suggestions.first_step", function=kind.function) if kind.function else None,
            "note": "; ".join(part for part in said if part) or None,
        }
        row = new_id()
        rows[row] = {key: value for key, value in wanted.items() if value is not None}
        changes.append(Change(row, "", None, None, CODE, ChangeKind.INSERT))
        changes += [Change(row, key, None, value, CODE, ChangeKind.INSERT) for key, value in rows[row].items()]
    return rows, changes


def settled(found: Iterable[Decision], network: Network, partners: Rows) -> frozenset[str]:
    """Give the ids of types whose wish is carried out: a partner's row has the type, and what people noted.

    Args:
        found: What people decided.
        network: What the workbook says, the new rows included.
        partners: The rows of the partners.
    """
    names = {kind.id: kind.name for kind in network.partner_types}
    missing = {kind.id for kind in open_types(network)}
    noted: dict[str, str] = {}
    for cells in partners.values():
        name = fold(text_of(cells.get("type")))
        noted[name] = noted.get(name, "") + text_of(cells.get("note"))
    return frozenset(
        decision.id
        for decision in found
        if decision.choice == "wish"
        and decision.id in names.keys() - missing
        and all(said in noted.get(fold(names[decision.id]), "") for said in (decision.note, decision.by))
    )
