"""Calls per minute, by user, reads and writes apart. Off until a test sets limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import quota_exceeded

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT = 60


@dataclass
class Quota:
    """A bucket per user and kind, filled up again each minute."""

    project: str
    reads: int | None = None
    writes: int | None = None
    _spent: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def limit(self, reads: int = DEFAULT, writes: int = DEFAULT) -> None:
        """Count from now on; Google's own limits are 60 and 60."""
        self.reads, self.writes = reads, writes
        self._spent.clear()

    def spend(self, kind: str, user: str, now: datetime) -> None:
        """One more call of that kind ("Read" or "Write"); 429 when the minute's are used up."""
        limit = self.reads if kind == "Read" else self.writes
        if limit is None:
            return
        minute = int(now.timestamp() // 60)
        when, used = self._spent.get((user, kind), (minute, 0))
        used = used if when == minute else 0
        if used >= limit:
            raise quota_exceeded(kind, limit, self.project)
        self._spent[user, kind] = (minute, used + 1)
