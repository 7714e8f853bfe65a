"""What the server was asked, in order: for budgets of calls, and for what was said in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass
class Call:
    """One call. The name is the API's, for example ``spreadsheets.get`` or ``files.get``."""

    name: str
    method: str
    path: str
    user: str = ""
    kinds: tuple[str, ...] = ()
    sent: int = 0
    status: int = 0
    received: int = 0


@dataclass
class Calls:
    """All calls, newest last."""

    log: list[Call] = field(default_factory=list)

    def named(self, pattern: str) -> list[Call]:
        """The calls whose name fits: ``spreadsheets.*``; a bare word means ``spreadsheets.<word>``."""
        return [call for call in self.log if fits(call.name, pattern)]

    def count(self, pattern: str = "*") -> int:
        """How many of them."""
        return len(self.named(pattern))

    def clear(self) -> None:
        """Forget them."""
        self.log.clear()


def fits(name: str, pattern: str) -> bool:
    """Whether a call's name fits a pattern."""
    if pattern not in {"*", "token"} and "." not in pattern:
        pattern = f"spreadsheets.{pattern}"
    return fnmatchcase(name, pattern)
