"""What time it is on the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's time plus what tests let pass; ``frozen`` stands still but for that."""

    def __init__(self, frozen: datetime | None = None) -> None:
        self._frozen = frozen
        self._passed = timedelta()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return (self._frozen or datetime.now(UTC)) + self._passed

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._passed += timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """As Drive writes it: 2023-08-17T10:53:51.177Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
