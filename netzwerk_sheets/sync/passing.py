"""One pass, as every command does it that keeps networks in step; where nothing changed, nothing is read.

Nothing heavy is loaded before a pass has to be carried out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netzwerk_sheets import __version__
from netzwerk_sheets.backends.excel.strays import conflict_copies
from netzwerk_sheets.config import Google
from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.sync.ending import Done
    from netzwerk_sheets.sync.order import Order
    from netzwerk_sheets.sync.strays import Copy


class Glimpse:
    """What a look from outside tells about the workbooks of a network; nothing heavy is loaded for files.

    Args:
        places: The first workbook, and the others of its network.
        today: The day of the run.
        google: How to sign in to Google.
    """

    def __init__(self, places: Sequence[Path], today: date, google: Google | None = None) -> None:
        """Look; a document at Google is asked for its version alone."""
        self._places = tuple(places)
        self._today = today
        self._google = google
        self._copies = conflict_copies(self._places[0], self._places[1:])
        self.looks = sum(bool(document_of(place)) for place in self._places)
        self._marks = [self._mark(place) for place in self._places]
        self._beside = self._copies_marks()

    def unchanged(self) -> dict[str, Any] | None:
        """Give how the last pass ended where nothing changed since, else `None`."""
        from netzwerk_sheets.state.glance import glance

        if not all(self._marks):
            return None
        return glance(self._places[0], " ".join((*self._marks, *self._beside)), self._today, __version__)

    def remember(self, status: int, written: Collection[Path], copies: Sequence[Copy] = ()) -> None:
        """Remember how a pass ended; a document that was written is looked at once more next time.

        A file that was not written counts as it was before it was read: somebody may have saved it meanwhile.
        """
        from netzwerk_sheets.state.glance import remember

        marks = [
            self._mark(place) if place in written and not document_of(place) else mark
            for place, mark in zip(self._places, self._marks, strict=True)
        ]
        if all(marks) and not any(document_of(place) for place in written):
            facts = {"copies": [(each.path.name, each.state, each.changes) for each in copies]} if copies else {}
            key = " ".join((*marks, *self._beside))
            remember(self._places[0], key, self._today, __version__, exit=status, **facts)

    def _copies_marks(self) -> list[str]:
        """Give what changes when a conflict copy comes, goes or changes; one that cannot be read is no hindrance."""
        return [f"{place.name}:{self._mark(place)}" for place in self._copies]

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
            return open_google(document_of(place), self._google or Google()).glance()
        except NetzwerkError:
            return ""  # reading says what is wrong


def carry_out(
    workbook: Path, order: Order, *, wait: float = 0, dry_run: bool = False, glimpse: Glimpse | None = None
) -> tuple[Done, int]:
    """Do a pass, or with `dry_run` prepare it, and give how it ended with its exit status.

    Args:
        workbook: The first workbook.
        order: What is asked for.
        wait: Seconds to wait for another run or an open file.
        dry_run: Whether nothing is written.
        glimpse: What was seen from outside before.

    Raises:
        NetzwerkError: It could not be done; nothing was written.
    """
    from netzwerk_sheets.collector import paused
    from netzwerk_sheets.sync.ending import require_ours, status_of
    from netzwerk_sheets.sync.run import look
    from netzwerk_sheets.sync.run import sync as run_once
    from netzwerk_sheets.sync.strays import without_changes

    if dry_run:
        done = look(workbook, order)
        require_ours(done, workbook)
        return done, status_of(done)
    with paused():
        done = run_once(workbook, order, wait=wait)
    status = status_of(done)
    if glimpse is not None and done.calls:
        done = replace(done, calls={**done.calls, "drive": done.calls["drive"] + glimpse.looks})
    if glimpse is not None and not done.plan.held and not any(other.error for other in done.others):
        written = [workbook] if done.written else []
        written += [other.path for other in done.others if other.written]
        glimpse.remember(status, written, without_changes(done.copies))
    return done, status
