"""What an accessibility rule has to say: codes and facts, no sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_FACTS: Mapping[str, str | int] = {}


class Issue(NamedTuple):
    """One breach of one rule.

    Attributes:
        rule: ``X01`` to ``X40``.
        tab: Title of the tab, or empty where the whole workbook is meant.
        cell: Cell or area, or empty.
        facts: Values for the sentence.
    """

    rule: str
    tab: str = ""
    cell: str = ""
    facts: Mapping[str, str | int] = NO_FACTS
