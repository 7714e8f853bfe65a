"""A write that was begun: what is agreed and shown once it took place, and what comes back if it did not."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.state.codec import decode, encode
from netzwerk_sheets.state.former import dump_former, load_former

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.merge import Former, Rows


@dataclass(frozen=True, slots=True)
class Pending:
    """A write that was begun.

    Attributes:
        run: Its number; the marker in the workbook says whether it took place.
        bases: What is agreed if it did: (replica, table) → rows.
        shown: What the tool showed if it did: tab → text.
        former: Table → rows that an undo changed, as they were before: they come back if it did not.
        read: Revision of the workbook as it was read for it.
    """

    run: int
    bases: Mapping[tuple[str, str], Rows]
    shown: Mapping[str, str]
    former: Mapping[str, Former] = field(default_factory=dict)
    read: str = ""


def dump_pending(pending: Pending) -> str:
    """Write it down; its run stands beside it."""
    data = {
        "bases": [
            (replica, table, {row: {key: encode(value) for key, value in cells.items()} for row, cells in rows.items()})
            for (replica, table), rows in pending.bases.items()
        ],
        "shown": dict(pending.shown),
        "former": dump_former(pending.former),
        "read": pending.read,
    }
    return json.dumps(data, ensure_ascii=False)


def load_pending(run: int, text: str) -> Pending:
    """Read it back."""
    data = json.loads(text)
    bases = {
        (replica, table): {row: {key: decode(value) for key, value in cells.items()} for row, cells in rows.items()}
        for replica, table, rows in data["bases"]
    }
    return Pending(run, bases, data["shown"], load_former(data.get("former", {})), data.get("read", ""))
