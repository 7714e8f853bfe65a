"""Partners as people name them on the command line: by id, short name or full name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.model import Network


def ids_of(network: Network, typed: Iterable[str]) -> tuple[str, ...]:
    """Give the ids of partners, in the order they were named, each once.

    Raises:
        WrongUse: One is not in the workbook; nothing was written.
    """
    from netzwerk_sheets.sheets.schema import fold

    known: dict[str, str] = {}
    for partner in network.partners:
        for name in (partner.id, partner.short_name, partner.name):
            if name:
                known.setdefault(fold(name), partner.id)
    found: dict[str, None] = {}
    for text in typed:
        if fold(text) not in known:
            raise WrongUse("partner-unknown", partner=text)
        found[known[fold(text)]] = None
    return tuple(found)
