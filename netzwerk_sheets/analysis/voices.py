"""What people of a target group said, counted so that nobody can be recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netzwerk_sheets.model import Network

FEW = 5
"""Fewer voices than this are never shown as a number: in a small place people would know who spoke."""

HIDDEN = f"<{FEW}"
"""What stands where a small number is not told."""


def told(count: int) -> int | str:
    """Give a number of voices as it may be shown: ``<5`` where it is small, ``0`` where nobody spoke."""
    return HIDDEN if 0 < count < FEW else count


@dataclass(frozen=True, slots=True)
class Heard:
    """The voices of one target group.

    Attributes:
        count: How many there are.
        loose: How many of them are linked to no need.
    """

    count: int
    loose: int


def heard(network: Network, group: str) -> Heard:
    """Count the voices of a target group, by its id."""
    voices = [voice for voice in network.voices if voice.target_group == group]
    return Heard(len(voices), sum(not voice.need for voice in voices))
