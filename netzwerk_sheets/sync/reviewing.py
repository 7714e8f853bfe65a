"""Who joined or left since the last sync, and which blocks of which needs are filled otherwise because of it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.coverage import coverage
from netzwerk_sheets.analysis.triggers import fills, reviewing
from netzwerk_sheets.model import ON_BOARD
from netzwerk_sheets.onboarding import RECENT_DAYS
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import read_date, text_of
from netzwerk_sheets.sheets.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from netzwerk_sheets.merge import Row, RowId, Rows
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.settings import Settings


def moved(hubs: Mapping[str, Rows], known: Rows, settings: Settings, network: Network, today: date) -> dict[str, str]:
    """Find what joining and leaving since the last sync changed.

    Args:
        hubs: The merged rows, table by table.
        known: The rows of the partners as they were agreed at the last sync; empty where nothing is known.
        settings: Of the workbook.
        network: The network now.
        today: The day of the run.

    Returns:
        Block (``B-003/funding``) → how much of it was filled before, for those that are filled otherwise now. Empty
        where nobody joined or left.
    """
    rows = hubs.get("partners", {})
    changed = _changed(rows, known, today) if known else {}
    if not changed:
        return {}
    before = {row: changed.get(row, cells) for row, cells in {**changed, **rows}.items()}
    then = {row: cells for row, cells in before.items() if cells is not None}
    old, _ = parse({**hubs, "partners": then}, settings)
    present = fills(coverage(network, today=today))
    filled = fills(coverage(old, today=today))
    return {name: str(fill) for name, fill in filled.items() if present.get(name, fill) != fill}


def _changed(rows: Rows, known: Rows, today: date) -> dict[RowId, Row | None]:
    """Give partners that joined or left as they were before; `None` where they were not there.

    A row that is new counts as joining where the partner came of late: whoever types in the partners of many years
    is not told to look at the strategy again.
    """
    found: dict[RowId, Row | None] = {}
    for row in known.keys() | rows.keys():
        old, new = known.get(row), rows.get(row)
        if old is new or (old and new and old.get("status") == new.get("status")):
            continue
        if old is None and new is not None:
            if _aboard(new) and _is_recent(new, today):
                found[row] = None
        elif _aboard(old) != _aboard(new):
            found[row] = old
    return found


def _aboard(cells: Row | None) -> bool:
    if cells is None:
        return False
    return schema.word_codes("partner_status").get(schema.fold(text_of(cells.get("status"))), "") in ON_BOARD


def _is_recent(cells: Row, today: date) -> bool:
    agreed = read_date(cells.get("agreed_on")).value
    return agreed is not None and today - timedelta(days=RECENT_DAYS) <= agreed <= today


def groups_of(names: Iterable[str], network: Network) -> frozenset[str]:
    """Give the ids of the working groups whose needs these blocks belong to."""
    home = {need.id: need.group for need in network.needs}
    return frozenset(group for name in names if (group := home.get(name.partition("/")[0], "")))


def still_open(before: Mapping[str, str], network: Network) -> dict[str, str]:
    """Keep what changed for working groups whose review is not finished."""
    working = set(reviewing(network))
    home = {need.id: need.group for need in network.needs}
    return {name: fill for name, fill in before.items() if home.get(name.partition("/")[0], "") in working}


def as_fills(before: Mapping[str, str]) -> dict[str, Fraction]:
    """Read how much of each block was filled."""
    return {name: Fraction(fill) for name, fill in before.items()}
