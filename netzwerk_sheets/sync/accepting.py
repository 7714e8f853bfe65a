"""Carry out what people decided beside suggestions: whom they want becomes a wished-for partner, once.

People want a type of partner from the list, or somebody they added to it by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.recommend import open_types
from netzwerk_sheets.merge import Change, ChangeKind
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.computed import added_key
from netzwerk_sheets.sheets.known import closest
from netzwerk_sheets.sheets.render.suggestions import CODE, decisions
from netzwerk_sheets.sheets.schema import code_words, fold, word_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from datetime import date

    from netzwerk_sheets.merge import Row, RowId, Rows
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import Located
    from netzwerk_sheets.sheets.render.suggestions import Decision
    from netzwerk_sheets.sync.book import Book

BESIDE = ("gaps", CODE, "conflicts", "trash")
"""Tables of computed rows that hold a choice of people, and whose rows stay while they have something to say."""

COPIED = ("sector", "target_groups", "represents", "resources", "umbrella")
"""What a new row takes over from its type as it stands; people correct it when they know the organisation."""


def decisions_of(books: Iterable[Book]) -> tuple[Decision, ...]:
    """Read what people decided, in every workbook of the network."""
    return tuple(found for book in books for found in decisions(book.located.tables.get(CODE)))


def not_understood(located: Located, opened: Container[str], language: str) -> Iterator[Finding]:
    """Report words that people chose beside computed rows and that no dropdown has, for nothing follows from them.

    Args:
        located: The tabs of the workbook.
        opened: Ids of the conflicts that are still open; the rows of others go with this run.
        language: Language of the dropdowns.
    """
    for code in BESIDE:
        seen = located.tables.get(code)
        if seen is None:
            continue
        choices = [column for column in seen.table.columns if column.kind == "choice"]
        for row in seen.rows:
            row_id = text_of(row.cells.get("id"))
            for column in choices if code != "conflicts" or row_id in opened else ():
                word = text_of(row.cells.get(column.code))
                if word and fold(word) not in word_codes(column.of):
                    nearest = closest(word, list(code_words(column.of, language).values()))
                    case = "word-near" if nearest else "word"
                    facts = {"case": case, "value": word, "nearest": nearest}
                    yield Finding("P-01", "warning", code, row_id, column.code, facts)


def wished(
    words: Words, found: Iterable[Decision], network: Network, types: Rows, today: date, new_id: Callable[[], str]
) -> tuple[dict[RowId, Row], list[Change]]:
    """Make the rows of partners that people wish for.

    A type that a partner's row has already gets none, and neither does a name that a partner has: so a decision that
    still stands there does nothing again.

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
    named = {fold(kind.name): kind for kind in missing.values()}
    taken = _names(network)
    rows: dict[RowId, Row] = {}
    changes: list[Change] = []
    for decision in found:
        kind = missing.get(decision.id) or named.get(fold(decision.name))
        if decision.choice != "wish" or (kind is None and (decision.id or fold(decision.name) in taken)):
            continue
        if kind is not None and missing.pop(kind.id, None) is None:
            continue
        taken.add(fold(decision.name))
        source = types.get(kind.id, {}) if kind else {}
        said = [decision.note, words.say("suggestions.suggested_by", who=decision.by) if decision.by else ""]
        function = kind.function if kind else decision.function
        wanted = {
            "short_name": kind.name if kind else decision.name,
            "type": kind.name if kind else None,
            "domains": source.get("domain"),
            **{key: source.get(key) for key in COPIED},
            "status": words.word("partner_status", "wish"),
            "created_on": today,
            "next_step": words.say("suggestions.first_step", function=function) if function else None,
            "note": "; ".join(part for part in said if part) or None,
        }
        row = new_id()
        rows[row] = {key: value for key, value in wanted.items() if value is not None}
        changes.append(Change(row, "", None, None, CODE, ChangeKind.INSERT))
        changes += [Change(row, key, None, value, CODE, ChangeKind.INSERT) for key, value in rows[row].items()]
    return rows, changes


def _names(network: Network) -> set[str]:
    """Give everything partners are called, folded."""
    return {fold(name) for each in network.partners for name in (each.id, each.short_name, each.name) if name}


def settled(found: Iterable[Decision], network: Network, partners: Rows) -> frozenset[str]:
    """Give the rows whose wish is carried out: a partner's row has the type or the name, and what people noted.

    Args:
        found: What people decided.
        network: What the workbook says, the new rows included.
        partners: The rows of the partners.
    """
    wishes = [decision for decision in found if decision.choice == "wish"]
    if not wishes:
        return frozenset()  # what every partner is called and noted costs more than all the rest
    names = {kind.id: kind.name for kind in network.partner_types}
    missing = {kind.id for kind in open_types(network)}
    noted: dict[str, str] = {}
    for cells in partners.values():
        for name in {fold(text_of(cells.get(key))) for key in ("type", "short_name", "name")}:
            noted[name] = noted.get(name, "") + text_of(cells.get("note"))
    return frozenset(
        decision.id or added_key(decision.name)
        for decision in wishes
        if (decision.id in names.keys() - missing if decision.id else fold(decision.name) in noted)
        and all(
            said in noted.get(fold(names.get(decision.id, decision.name)), "") for said in (decision.note, decision.by)
        )
    )
