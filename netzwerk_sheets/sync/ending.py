"""How a pass ended: in each workbook, its exit status, what was held back, how many cells it wrote."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.grid import RemoveNote, SetCell, SetNote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from netzwerk_sheets.errors import NetzwerkError
    from netzwerk_sheets.sync.erasing import Erasure
    from netzwerk_sheets.sync.order import Pass
    from netzwerk_sheets.sync.strays import Copy

DONE, PEOPLE, LATER, STOPPED = 0, 3, 5, 7


@dataclass(frozen=True, slots=True)
class Other:
    """How a run ended for another workbook of the network.

    Attributes:
        path: The file.
        plan: What would be or was written to it; `None` where it could not be read.
        error: Why it was left out or could not be written, or `None`.
    """

    path: Path
    plan: Pass | None = None
    written: bool = False
    error: NetzwerkError | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended.

    Attributes:
        plan: What it found and wrote.
        written: Whether the workbook was written.
        run: Its number; 0 where only the workbook was read.
        anew: Whether there was nothing to compare with: no state of this workbook is known here.
        older: Whether it is an older copy that was put back: what changed since is brought in.
        others: The network's other workbooks.
        calls: How often Google was asked, by kind; empty where nobody asked.
        repaired: Whether something was set right there, because people were quicker than the write.
        refused: (id, file): erased people who still stood in an older copy and were not taken in again.
        resumed: What this run had to erase first, because an earlier one was cut off; `None` where nothing was.
        copies: The conflict copies beside the workbook.
    """

    plan: Pass
    written: bool
    run: int = 0
    anew: bool = False
    older: bool = False
    others: tuple[Other, ...] = ()
    calls: Mapping[str, int] = field(default_factory=dict)
    repaired: bool = False
    refused: tuple[tuple[str, str], ...] = ()
    resumed: Erasure | None = None
    copies: tuple[Copy, ...] = ()


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
