"""Who shares the requests that Google allows in a minute: they are counted for each account, not for each document."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator

Sent = dict[str, "deque[float]"]
"""Kind of request → when those of the last minute were sent."""

_accounts: list[dict[str, Sent]] = []
"""One entry for each `shared_quota` that is open."""


@contextmanager
def shared_quota() -> Iterator[None]:
    """Let all documents opened meanwhile count their requests together, account by account."""
    _accounts.append({})
    try:
        yield
    finally:
        _accounts.pop()


def sent_by(account: str) -> Sent:
    """Give what an account has sent so far, to be added to; outside of `shared_quota` each document begins anew."""
    return _accounts[-1].setdefault(account, {}) if _accounts else {}
