"""How much a need counts: points for priority, for size and for how often it was named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, Need, Network, Rules

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_PRIORITY = "medium"


@dataclass(frozen=True, slots=True)
class Weight:
    """The points of a need, in parts, so that anyone can add them up again."""

    priority: int
    size: int
    mentions: int

    @property
    def total(self) -> int:
        """All points together."""
        return self.priority + self.size + self.mentions


def _band(value: int, bands: tuple[int, int], points: tuple[int, int, int]) -> int:
    return points[sum(value >= band for band in bands)]


def _size_points(people: int | None, rules: Rules) -> int:
    if people is None:
        return rules.unknown_size_points
    return _band(people, rules.size_bands, rules.size_points)


def weigher(network: Network) -> Callable[[Need], Weight]:
    """Prepare the weighing of this network's needs.

    Points add up. An empty priority counts as medium. People are the typed number, else the largest number
    known of the need's groups (their sum would count people twice); an unknown size counts as the middle
    band, so that not knowing never lowers a need. Mentions are the larger of the typed number and the
    voices linked to the need, and can only add.

    Args:
        network: Its rules, target groups and voices are used.

    Returns:
        A function from a need to its weight.
    """
    rules = network.rules
    people = {group.id: group.people for group in network.target_groups if group.people is not None}
    people.pop(ALL, None)
    voices = Counter(voice.need for voice in network.voices if voice.need)
    sizes: dict[int | None, int] = {}
    largest: dict[tuple[str, ...], int | None] = {}
    named: dict[int, int] = {}
    weights: dict[tuple[str, int, int], Weight] = {}

    def people_of(groups: tuple[str, ...]) -> int | None:
        if groups not in largest:
            largest[groups] = max((people[group] for group in groups if group in people), default=None)
        return largest[groups]

    def weigh(need: Need) -> Weight:
        number = people_of(need.target_groups) if need.people is None else need.people
        size = sizes.get(number)
        if size is None:
            size = sizes[number] = _size_points(number, rules)
        count = voices.get(need.id, 0)
        if need.mentions is not None and need.mentions > count:
            count = need.mentions
        mentions = named.get(count)
        if mentions is None:
            mentions = named[count] = _band(count, rules.mention_bands, rules.mention_points)
        key = (need.priority, size, mentions)
        weight = weights.get(key)
        if weight is None:
            points = rules.priority_points
            weight = weights[key] = Weight(points.get(need.priority, points[DEFAULT_PRIORITY]), size, mentions)
        return weight

    return weigh
