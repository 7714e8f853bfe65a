"""How much a need counts: points for priority, for size and for how often it was named."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.model import ALL

if TYPE_CHECKING:
    from netzwerk_sheets.model import Need, Network

DEFAULT_PRIORITY = "medium"


class Weight(NamedTuple):
    """The points of a need, in parts, so that anyone can add them up again."""

    priority: int
    size: int
    mentions: int

    @property
    def total(self) -> int:
        """All points together."""
        return self.priority + self.size + self.mentions


class _Bands(dict[int | None, int]):
    """Number → points of its band, learnt on the way; no number counts as 0."""

    def __init__(self, bands: tuple[int, int], points: tuple[int, int, int]) -> None:
        super().__init__()
        self._bands, self._points = bands, points

    def __missing__(self, value: int | None) -> int:
        (low, high), number = self._bands, value or 0
        points = self[value] = self._points[(number >= low) + (number >= high)]
        return points


class _Sizes(dict[int | tuple[str, ...], int]):
    """People as typed, or the groups where nothing is typed → points, learnt on the way."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._unknown = network.rules.unknown_size_points
        self._bands = _Bands(network.rules.size_bands, network.rules.size_points)
        self._people = {group.id: group.people for group in network.target_groups if group.people is not None}
        self._people.pop(ALL, None)

    def __missing__(self, size: int | tuple[str, ...]) -> int:
        known: int | None
        if isinstance(size, tuple):
            known = max((self._people[group] for group in size if group in self._people), default=None)
        else:
            known = size
        points = self[size] = self._unknown if known is None else self._bands[known]
        return points


class _Priorities(dict[str, int]):
    """Priority → points; whatever else is typed counts as the default."""

    def __missing__(self, priority: str) -> int:
        points = self[priority] = self[DEFAULT_PRIORITY]
        return points


class Weigher:
    """Weighs this network's needs.

    Points add up. An empty priority counts as medium. People are the typed number, else the largest number
    known of the need's groups (their sum would count people twice); an unknown size counts as the middle
    band, so that not knowing never lowers a need. Mentions are the larger of the typed number and the
    voices linked to the need, and can only add.

    Args:
        network: Its rules, target groups and voices are used.

    Attributes:
        priorities: Priority → points.
        sizes: People, or the need's groups where no number is typed → points.
        mentions: Number → points.
        voices: Id of a need → how many voices are linked to it.
    """

    def __init__(self, network: Network) -> None:
        rules = network.rules
        self.priorities = _Priorities(rules.priority_points)
        self.sizes = _Sizes(network)
        self.mentions = _Bands(rules.mention_bands, rules.mention_points)
        self.voices = Counter(voice.need for voice in network.voices if voice.need)
        self._weights: dict[tuple[int, int, int], Weight] = {}

    def __call__(self, need: Need) -> Weight:
        """Give the weight of a need in its parts."""
        parts = (
            self.priorities[need.priority],
            self.sizes[need.target_groups if need.people is None else need.people],
            self.mentions[max(self.voices.get(need.id, 0), need.mentions or 0) if self.voices else need.mentions or 0],
        )
        weight = self._weights.get(parts)
        if weight is None:
            weight = self._weights[parts] = Weight(*parts)
        return weight
