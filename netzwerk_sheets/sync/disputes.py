"""Conflicts between people: their ids, and what was decided about them on the tab of conflicts.

A conflict keeps its id as long as it stands. A decision counts only while both versions are still those the person
saw; that is kept with the state, so that no cell needs to be hidden.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import shown
from netzwerk_sheets.merge import Choice, ConflictKey, Decision, Requests, counter
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netzwerk_sheets.merge import Conflict
    from netzwerk_sheets.sheets.locate import SeenTable

PREFIX = "KF"


@dataclass(frozen=True, slots=True)
class Disputes:
    """The open conflicts of the last run.

    Attributes:
        register: Table → what stays the same of a conflict → its id.
        digests: Id → digest of the versions the person saw.
        last: The largest number ever given.
    """

    register: Mapping[str, Mapping[ConflictKey, str]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    last: int = 0

    @classmethod
    def load(cls, text: str) -> Disputes:
        """Read what `dump` wrote; empty text means no conflicts."""
        if not text:
            return cls()
        data = json.loads(text)
        register = {
            table: {(row, column, kind): key for row, column, kind, key in rows}
            for table, rows in data["register"].items()
        }
        return cls(register, data["digests"], data["last"])

    def decisions(self, seen: SeenTable | None) -> tuple[Decision, ...]:
        """Read what people decided."""
        words = schema.word_codes("decision")
        found = []
        for row in seen.rows if seen else ():
            key = text_of(row.cells.get("id"))
            code = words.get(schema.fold(text_of(row.cells.get("decision"))))
            if key in self.digests and code and code != Choice.OPEN.value:
                found.append(Decision(key, Choice(code), self.digests[key], shown(row.cells.get("own"))))
        return tuple(found)

    def requests(
        self, code: str, decisions: tuple[Decision, ...], confirmed: frozenset[str], new_id: Callable[[], str]
    ) -> Requests:
        """Say what one table's merge is asked beyond its values."""
        return Requests(decisions, self.register.get(code, {}), new_id, confirmed, digests=self.digests)

    def counter(self) -> Callable[[], str]:
        """Hand out ids for new conflicts."""
        return counter(PREFIX, (), self.last)


def dump(conflicts: list[tuple[str, Conflict]], last: int) -> str:
    """Write the open conflicts down for the next run."""
    register: dict[str, list[tuple[str, str, str, str]]] = {}
    for table, conflict in conflicts:
        register.setdefault(table, []).append((*conflict.key, conflict.id))
    numbers = [int(conflict.id.rpartition("-")[2]) for _, conflict in conflicts]
    return json.dumps(
        {
            "register": register,
            "digests": {conflict.id: conflict.digest for _, conflict in conflicts},
            "last": max([last, *numbers]),
        },
        ensure_ascii=False,
    )
