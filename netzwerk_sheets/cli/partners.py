"""Partners and groups as people name them on the command line: by id or name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.model import Network, TargetGroup, WorkingGroup


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


def id_of(groups: Iterable[TargetGroup | WorkingGroup], typed: str, unknown: str) -> str:
    """Give the id of a target group or working group.

    Args:
        groups: Those of the workbook.
        typed: What a person wrote.
        unknown: Reason of the error where there is none.

    Raises:
        WrongUse: It is not in the workbook; nothing was written.
    """
    from netzwerk_sheets.sheets.schema import fold

    known: dict[str, str] = {}
    for group in groups:
        for name in (group.id, group.name):
            known.setdefault(fold(name), group.id)
    if fold(typed) not in known:
        raise WrongUse(unknown, group=typed)
    return known[fold(typed)]
