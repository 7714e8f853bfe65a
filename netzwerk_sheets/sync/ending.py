"""How a pass ended: its exit status, what was held back, how many cells it wrote."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.grid import RemoveNote, SetCell, SetNote

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.sync.order import Pass
    from netzwerk_sheets.sync.run import Done

DONE, PEOPLE, LATER, STOPPED = 0, 3, 5, 7


def require_ours(done: Done, workbook: Path) -> None:
    """Make sure that the workbook is a network's.

    Raises:
        WrongUse: Nobody set it up yet; nothing was written.
    """
    if done.plan.snapshot.marker is None and not done.plan.located.tables:
        raise WrongUse("not-set-up", file=str(workbook))


def held(done: Done) -> bool:
    """Say whether something was held back."""
    return done.plan.held


def status_of(done: Done) -> int:
    """Give the exit status: 5 where a workbook was left out, 7 where something was held back, 3 for people, else 0."""
    if any(other.error for other in done.others):
        return LATER
    if done.plan.held:
        return STOPPED
    return PEOPLE if done.plan.errors or done.plan.conflicts or done.copies else DONE


def cells_of(plan: Pass) -> Counter[str]:
    """Count the cells to be written or to get a note, tab by tab; new tabs are counted apart."""
    return Counter(edit.spot.tab for edit in plan.edits if isinstance(edit, SetCell | SetNote | RemoveNote))
