"""The best few columns: which sets together cover the most weight, when only so many may be chosen.

First the largest gain step by step, then exchanges that may also go downhill (a column just given back
stays out for a while), always from the same seed: equal input, equal answer. The answer is called proven
only if every choice was tried or an upper bound meets it.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

ENUMERATE = 20_000
"""Up to so many choices, all are tried."""

_WORK = 7_000_000
"""How many single steps the exchanges may take: half a second, on a slow machine more than one. Twice as many found no
better choice in any instance tried."""

_REST = (2, 8)
"""For at least and at most so many exchanges a column given back stays out."""


_STAY = (1, 3)
"""For at least and at most so many exchanges a column just chosen stays in."""

_AT_RANDOM = 0.3
"""How often the column to give back is drawn, and not the one that is missed least."""

_PATIENCE = 60
"""After so many exchanges without success, a third of the columns is given back at once."""


class _Choice:
    """Chosen columns, and what each further one would add."""

    def __init__(self, columns: Sequence[Sequence[int]], weights: Sequence[int]) -> None:
        self.columns = columns
        self.weights = weights
        self.holders: list[list[int]] = [[] for _ in weights]
        for index, rows in enumerate(columns):
            for row in rows:
                self.holders[row].append(index)
        self.times = [0] * len(weights)
        self.gains = [sum(weights[row] for row in rows) for rows in columns]
        self.chosen: list[int] = []
        self.value = 0

    def add(self, column: int) -> None:
        """Choose a column."""
        self.value += self.gains[column]
        self.chosen.append(column)
        gains, times = self.gains, self.times
        for row in self.columns[column]:
            times[row] += 1
            if times[row] == 1:
                weight = self.weights[row]
                for other in self.holders[row]:
                    gains[other] -= weight

    def remove(self, column: int) -> None:
        """Give a column back."""
        self.chosen.remove(column)
        gains, times = self.gains, self.times
        for row in self.columns[column]:
            times[row] -= 1
            if not times[row]:
                weight = self.weights[row]
                for other in self.holders[row]:
                    gains[other] += weight
        self.value -= gains[column]

    def loss(self, column: int) -> int:
        """Give what would be lost without a chosen column."""
        times, weights = self.times, self.weights
        return sum(weights[row] for row in self.columns[column] if times[row] == 1)

    def best(self, out: Collection[int]) -> int:
        """Give the column that adds the most, the first of equals, among those not in `out`."""
        gains = self.gains
        kept = [(column, gains[column]) for column in out]
        for column in out:
            gains[column] = -1
        found = gains.index(max(gains))
        for column, gain in kept:
            gains[column] = gain
        return found


def best_cover(
    columns: Sequence[Collection[int]], weights: Sequence[int], budget: int
) -> tuple[tuple[int, ...], int, bool]:
    """Choose at most `budget` columns that together cover the most weight.

    Args:
        columns: For each column the rows it covers, 0-based.
        weights: One per row, 0 or more.
        budget: How many columns may be chosen.

    Returns:
        (positions of the chosen columns in rising order, the weight they cover, whether no choice can cover
        more). Never less than choosing the largest gain step by step.
    """
    sets = [sorted(set(column)) for column in columns]
    useful = _useful(sets, weights)
    size = min(budget, len(useful))
    if size <= 0:
        return (), 0, True
    choice = _Choice([sets[index] for index in useful], weights)
    bound = sum(sorted(choice.gains, reverse=True)[:size])
    for _ in range(size):
        choice.add(choice.best(choice.chosen))
        rest = sorted(choice.gains, reverse=True)[:size]
        bound = min(bound, choice.value + sum(rest))
    best, value = tuple(choice.chosen), choice.value
    proven = value >= bound or size == len(useful)
    if not proven and comb(len(useful), size) <= ENUMERATE:
        best, value = _enumerate(choice.columns, weights, size)
        proven = True
    elif not proven:
        best, value = _exchange(choice, size, bound)
        proven = value >= min(bound, _upper_bound(choice, size, value))
    return tuple(sorted(useful[index] for index in best)), value, proven


def _useful(sets: Sequence[Sequence[int]], weights: Sequence[int]) -> list[int]:
    """Give the columns worth choosing: the first of equal ones, and none that covers nothing."""
    seen: set[tuple[int, ...]] = set()
    found = []
    for index, rows in enumerate(sets):
        key = tuple(rows)
        if key not in seen and any(weights[row] for row in rows):
            seen.add(key)
            found.append(index)
    return found


def _enumerate(columns: Sequence[Sequence[int]], weights: Sequence[int], size: int) -> tuple[tuple[int, ...], int]:
    best: tuple[int, ...] = ()
    value = -1
    sets = [frozenset(column) for column in columns]
    for chosen in combinations(range(len(columns)), size):
        total = sum(weights[row] for row in frozenset().union(*(sets[index] for index in chosen)))
        if total > value:
            best, value = chosen, total
    return best, value


def _exchange(choice: _Choice, size: int, bound: int) -> tuple[tuple[int, ...], int]:
    """Exchange columns until the work is used up; keep the best choice seen."""
    random = Random(size)  # noqa: S311 - chance only leads out of dead ends here
    best, value = tuple(choice.chosen), choice.value
    out: dict[int, int] = {}
    fresh: dict[int, int] = {}
    since = 0
    for turn in range(max(200, _WORK // _step(choice))):
        since += 1
        leave = 1 if since % _PATIENCE else max(2, size // 3)
        for _ in range(min(leave, size)):
            free = [one for one in choice.chosen if fresh.get(one, -1) < turn] or choice.chosen
            column = random.choice(free)
            if leave == 1 and random.random() >= _AT_RANDOM:
                column = min(free, key=lambda one: (choice.loss(one), random.random()))
            choice.remove(column)
            out[column] = turn + random.randint(*_REST)
        out = {column: until for column, until in out.items() if until > turn}
        while len(choice.chosen) < size:
            blocked = {*choice.chosen, *out}
            if len(blocked) >= len(choice.columns):
                blocked = set(choice.chosen)
            column = choice.best(blocked)
            choice.add(column)
            fresh[column] = turn + random.randint(*_STAY)
        if choice.value > value:
            best, value, since = tuple(choice.chosen), choice.value, 0
            if value >= bound:
                break
    return best, value


def _step(choice: _Choice) -> int:
    """Estimate the work of one exchange."""
    entries = sum(map(len, choice.columns))
    rows, held = entries / len(choice.columns), entries / max(1, len(choice.weights))
    return int(rows * held + 0.4 * len(choice.columns)) + 250


def _upper_bound(choice: _Choice, size: int, reached: int) -> int:
    """Bound what any choice can cover, by prices on the rows.

    Every row has a price up to its weight; whoever covers it earns the price, the rest is given away for
    free. The sum of the free parts and of the `size` best earnings bounds every choice. Prices move towards
    rows that are covered too seldom. All in whole numbers, so that the bound holds exactly.

    Returns:
        The smallest bound found, rounded down where weights are whole.
    """
    scale = 1 << 20
    weights = [weight * scale for weight in choice.weights]
    prices = weights.copy()
    best = sum(weights)
    columns = choice.columns
    pace = 1.0
    for turn in range(120):
        earned = [sum([prices[row] for row in rows]) for rows in columns]
        top = sorted(range(len(columns)), key=earned.__getitem__, reverse=True)[:size]
        bound = sum(weights) - sum(prices) + sum(earned[index] for index in top)
        best = min(best, bound)
        if best // scale <= reached:
            break
        covered = [-1] * len(weights)
        for index in top:
            for row in columns[index]:
                covered[row] += 1
        norm = sum(move * move for move in covered) or 1
        pace *= 0.98 if turn % 2 else 1
        step = int(pace * (bound - reached * scale) / norm)
        prices = [
            min(weight, max(0, price - step * move))
            for price, weight, move in zip(prices, weights, covered, strict=True)
        ]
    return best // scale
