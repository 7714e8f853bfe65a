"""Do all partners share the vision, the goals and the terms, and who has not been heard?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.model import ON_BOARD, Agreement, Goal, Network

if TYPE_CHECKING:
    from collections.abc import Iterable

ORDER = ("vision", "focus", "goal", "term", "rule", "")
"""In which order people talk about them."""


@dataclass(frozen=True, slots=True)
class CommonGround:
    """Where the partners on board stand on one vision, goal or term; every one of them is in one of the four lists.

    Attributes:
        goal: What it is about.
        shared: Ids of partners that share it.
        discussed: Talked about it, without a result.
        differing: See it differently.
        open: Have not been heard.
        words: (partner, in its own words), of those that said something.
        differs_on: The last day on which somebody said so; `None` where no day is noted.
    """

    goal: Goal
    shared: tuple[str, ...]
    discussed: tuple[str, ...]
    differing: tuple[str, ...]
    open: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    differs_on: date | None

    @property
    def whole(self) -> int:
        """How many partners are on board."""
        return len(self.shared) + len(self.discussed) + len(self.differing) + len(self.open)

    @property
    def share(self) -> Fraction | None:
        """Which part of the partners on board shares it; `None` where nobody is on board."""
        return Fraction(len(self.shared), self.whole) if self.whole else None


def _latest(rows: Iterable[Agreement]) -> dict[tuple[str, str], Agreement]:
    """Give what each partner said last; of one day the row that stands below."""
    found: dict[tuple[str, str], Agreement] = {}
    for row in rows:
        before = found.get((row.partner, row.goal))
        if before is None or (row.date or date.min) >= (before.date or date.min):
            found[row.partner, row.goal] = row
    return found


def common_ground(network: Network) -> tuple[CommonGround, ...]:
    """Say for every vision, goal and term who shares it.

    Returns:
        One entry for each row of the goals: the vision first, then as the rows stand.
    """
    latest = _latest(network.agreements)
    on_board = [partner.id for partner in network.partners if partner.status in ON_BOARD]
    goals = sorted(network.goals, key=lambda goal: ORDER.index(goal.kind) if goal.kind in ORDER else len(ORDER))
    return tuple(_one(goal, on_board, latest) for goal in goals)


def _one(goal: Goal, on_board: list[str], latest: dict[tuple[str, str], Agreement]) -> CommonGround:
    said = [(partner, latest.get((partner, goal.id))) for partner in on_board]

    def those(*states: str) -> tuple[str, ...]:
        return tuple(partner for partner, row in said if (row.state if row else "") in states)

    return CommonGround(
        goal,
        shared=those("shared"),
        discussed=those("discussed"),
        differing=those("differs"),
        open=those("open", ""),
        words=tuple((partner, row.words) for partner, row in said if row and row.words),
        differs_on=max((row.date for _, row in said if row and row.state == "differs" and row.date), default=None),
    )
