"""One pass, as `sync` and `watch` do it; where nothing changed since the last one, nothing is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netzwerk_sheets import __version__
from netzwerk_sheets.config import Google
from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from netzwerk_sheets.cli.frame import Call
    from netzwerk_sheets.sync.order import Order
    from netzwerk_sheets.sync.run import Done


class Glimpse:
    """What a look from outside tells about the workbooks of a network; nothing heavy is loaded for files.

    Args:
        call: The call.
        workbook: The first workbook.
    """

    def __init__(self, call: Call, workbook: Path) -> None:
        """Look; a document at Google is asked for its version alone."""
        self._call = call
        self._places = (workbook, *call.further)
        self.looks = sum(bool(document_of(place)) for place in self._places)
        self._marks = [self._mark(place) for place in self._places]

    def unchanged(self) -> dict[str, Any] | None:
        """Give how the last pass ended where nothing changed since, else `None`."""
        from netzwerk_sheets.state.glance import glance

        if not all(self._marks):
            return None
        return glance(self._places[0], " ".join(self._marks), self._call.today, __version__)

    def remember(self, status: int, written: Collection[Path]) -> None:
        """Remember how a pass ended; a document that was written is looked at once more next time."""
        from netzwerk_sheets.state.glance import remember

        marks = [
            mark if document_of(place) else self._mark(place)
            for place, mark in zip(self._places, self._marks, strict=True)
        ]
        if all(marks) and not any(document_of(place) for place in written):
            remember(self._places[0], " ".join(marks), self._call.today, __version__, exit=status)

    def _mark(self, place: Path) -> str:
        """Give what changes with every change; empty where that cannot be told from outside."""
        if not document_of(place):
            from netzwerk_sheets.backends.excel.fingerprint import fingerprint

            try:
                return fingerprint(place) if place.is_file() else ""
            except OSError:
                return ""  # the run itself finds out why, and says so
        from netzwerk_sheets.backends.google import open_google
        from netzwerk_sheets.errors import NetzwerkError

        try:
            return open_google(document_of(place), self._call.google or Google()).glance()
        except NetzwerkError:
            return ""  # reading says what is wrong


def carry_out(call: Call, workbook: Path, order: Order, glimpse: Glimpse | None = None) -> tuple[Done, int]:
    """Do a pass, or with --dry-run prepare it, and give how it ended with its exit status.

    Args:
        call: The call.
        workbook: The first workbook.
        order: What is asked for.
        glimpse: What was seen from outside before.

    Raises:
        NetzwerkError: It could not be done; nothing was written.
    """
    from netzwerk_sheets.cli.reporting import held, require_ours, status_of
    from netzwerk_sheets.collector import keep, paused
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once

    if call.dry_run:
        done = look(workbook, order)
        require_ours(done, workbook)
        return done, status_of(done)
    with paused():
        done = run_once(workbook, order, wait=call.wait)
        keep(done)
    status = status_of(done)
    if glimpse is not None and done.calls:
        done = replace(done, calls={**done.calls, "drive": done.calls["drive"] + glimpse.looks})
    if glimpse is not None and not held(done) and not any(other.error for other in done.others):
        written = [workbook] if done.written else []
        glimpse.remember(status, [*written, *(other.path for other in done.others if other.written)])
    return done, status
