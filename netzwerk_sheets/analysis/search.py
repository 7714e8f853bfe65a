"""The best few candidates, where gains shrink the more have been chosen already.

Because they shrink, what one candidate adds alone is more than it can ever add beside others. That bounds
every choice, and most need not be tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

ENUMERATE = 20_000
"""Up to so many choices of the wanted size, a proof is carried to its end."""

TRIES = 2_000
"""Among more, so many are looked at before a choice is left unproven."""

_EXCHANGED = 100
"""Exchanges are tried with so many of the most useful candidates."""

Gain = Callable[[int], int]
"""From candidates, as bits, to what they add together."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best choice found.

    Attributes:
        chosen: Positions of the candidates, in the order in which each adds the most.
        proven: No choice of this size can be better.
    """

    chosen: tuple[int, ...]
    proven: bool


def greedy(gain: Gain, candidates: Sequence[int], size: int) -> tuple[tuple[int, int], ...]:
    """Choose step by step whoever adds the most, the first of equals.

    Args:
        gain: What candidates add together.
        candidates: Their positions.
        size: How many may be chosen.

    Returns:
        (position, what it adds then), in order; who adds nothing is not chosen.
    """
    steps: list[tuple[int, int]] = []
    bits = reached = 0
    # what a candidate added in an earlier round is the most it can add now
    known = [(gain(1 << index), -place, index) for place, index in enumerate(candidates)]
    known.sort(reverse=True)
    while known and len(steps) < size:
        _, place, index = known[0]
        fresh = gain(bits | 1 << index) - reached
        if len(known) > 1 and (fresh, place) < known[1][:2]:
            known[0] = (fresh, place, index)
            known.sort(reverse=True)
            continue
        known.pop(0)
        if fresh <= 0:
            break
        steps.append((index, fresh))
        bits |= 1 << index
        reached += fresh
    return tuple(steps)


class _Search:
    """Tries choices, the promising first."""

    def __init__(self, gain: Gain, candidates: Sequence[int]) -> None:
        self._gain = gain
        alone = {index: gain(1 << index) for index in candidates}
        self._alone = {index: worth for index, worth in alone.items() if worth > 0}
        # sorting is stable: among equals the earlier candidate stays first
        self.order = sorted(self._alone, key=lambda index: -self._alone[index])
        self._tries = 0
        self._unlimited = False
        self.best = 0
        self.value = 0

    def take(self, bits: int) -> None:
        """Keep a choice if it is better."""
        value = self._gain(bits)
        if value > self.value:
            self.best, self.value = bits, value

    def exchange(self) -> None:
        """Replace one by another as long as that helps."""
        improved = True
        while improved:
            improved = False
            start = self.value
            for index in [one for one in self.order if self.best >> one & 1]:
                without = self.best & ~(1 << index)
                for other in self.order[:_EXCHANGED]:
                    if not self.best >> other & 1:
                        self.take(without | 1 << other)
                if self.value > start:
                    improved = True
                    break

    def prove(self, size: int, *, unlimited: bool) -> bool:
        """Try every choice of this size that can be better; say whether the end was reached."""
        self._unlimited = unlimited
        return self._prove(size, 0, 0, 0)

    def _prove(self, size: int, start: int, bits: int, reached: int) -> bool:
        for place in range(start, len(self.order) - size + 1):
            hope = sum(self._alone[index] for index in self.order[place : place + size])
            if reached + hope <= self.value:
                return True
            self._tries += 1
            if self._tries > TRIES and not self._unlimited:
                return False
            chosen = bits | 1 << self.order[place]
            value = self._gain(chosen)
            if value > self.value:
                self.best, self.value = chosen, value
            if size > 1 and not self._prove(size - 1, place + 1, chosen, value):
                return False
        return True


def best_choice(gain: Gain, candidates: Sequence[int], size: int) -> Best:
    """Find the candidates that add the most together.

    Args:
        gain: What candidates add together; whoever joins adds the less, the more are chosen already.
        candidates: Their positions; among equal choices, those of earlier ones win.
        size: How many may be chosen, at most.

    Returns:
        The best choice found; never less than choosing step by step.
    """
    search = _Search(gain, candidates)
    size = min(size, len(search.order))
    if size <= 0:
        return Best((), proven=True)
    bits = 0
    for index, _ in greedy(gain, search.order, size):
        bits |= 1 << index
    search.take(bits)
    search.exchange()
    proven = search.prove(size, unlimited=comb(len(search.order), size) <= ENUMERATE)
    chosen = [index for index in search.order if search.best >> index & 1]
    return Best(tuple(index for index, _ in greedy(gain, chosen, size)), proven)
