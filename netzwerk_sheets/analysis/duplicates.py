"""Two rows that may mean the same organisation.

Names are compared after the legal form is taken away and the words are sorted. Comparing each with each
would take minutes for a few thousand names; instead a name is compared only with those that share one of
its rarest three-letter pieces. How many pieces two such alike names can differ in is known, so no pair is
missed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIMILAR = 92
"""Names at least this similar, of 100, are reported."""

EXACT_UP_TO = 2000
"""Up to so many names every alike pair is found."""

CANDIDATES_OF_MANY = 200
"""Among more names, a name is compared with about so many that share its rarest pieces."""

_ANY, _NONE = "any", "none"
"""Marks in the index: whatever numbers a name has, and names without a number."""

_LEGAL = frozenset(
    {"ev", "gmbh", "ggmbh", "gag", "gug", "ug", "kg", "ohg", "gbr", "eg", "mbh", "kdor", "ek", "se", "ag"}
)
_SPACED = re.compile(r"\b(e)[.\s]+(v|g|k)\b\.?")


def comparable(name: str) -> str:
    """Bring a name into the form that is compared: no case, accents, signs or legal form, words sorted.

    Args:
        name: As typed.

    Returns:
        The words, sorted, with one blank between; empty where the name has no letter or digit.
    """
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _SPACED.sub(r"\1\2", text)
    words = re.findall(r"\w+", text.replace(".", " "))
    kept = [word for word in words if word not in _LEGAL]
    return " ".join(sorted(kept or words))


def _pieces(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


class _Names:
    """Names cut into pieces, and for each piece who holds it.

    Attributes:
        texts: The names as they are compared.
        numbers: The numbers in each name; names with different numbers are different organisations.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.texts = [comparable(name) for name in names]
        self.numbers = [" ".join(re.findall(r"\d+", text)) for text in self.texts]
        self._lengths = [len(text) for text in self.texts]
        self._pieces = [_pieces(text) if text else set() for text in self.texts]
        self._often = Counter(piece for found in self._pieces for piece in found)
        self._holders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, found in enumerate(self._pieces):
            marks = (_ANY, self.numbers[index] or _NONE)
            for piece in found:
                for mark in marks:
                    self._holders[mark, piece].append(index)
        self._most = EXACT_UP_TO if len(names) <= EXACT_UP_TO else CANDIDATES_OF_MANY

    def candidates(self, index: int, least: int) -> list[int]:
        """Give the names that may be alike and are at least as long."""
        often, numbers = self._often, self.numbers[index]
        length = self._lengths[index]
        rare = sorted(self._pieces[index], key=lambda piece: (often[piece], piece))
        found: set[int] = set()
        for piece in rare[: _differing(length, least)]:
            for mark in (numbers, _NONE) if numbers else (_ANY,):
                found.update(self._holders.get((mark, piece), ()))
            if len(found) > self._most:
                break
        # the shorter of two looks for the longer one; equally long ones find each other, and count once
        lengths, longest = self._lengths, _longest(length, least)
        return [
            other
            for other in found
            if length < lengths[other] <= longest or (length == lengths[other] and index < other)
        ]


def similar_pairs(names: Sequence[str], *, least: int = SIMILAR) -> Iterator[tuple[int, int, int]]:
    """Find the pairs of names that are alike.

    Names whose numbers differ are never alike: a second school is not the first one misspelt. Up to
    `EXACT_UP_TO` names no pair is missed.

    Args:
        names: As typed; empty ones are like nothing.
        least: Similarity from which a pair counts, 0 to 100.

    Yields:
        (position, later position, similarity rounded down), ordered by the positions.
    """
    from rapidfuzz import fuzz  # only this check needs it, and most commands do not check

    known = _Names(names)
    found: list[tuple[int, int, int]] = []
    for index, text in enumerate(known.texts):
        for other in known.candidates(index, least):
            score = fuzz.ratio(text, known.texts[other], score_cutoff=least)
            if score >= least:
                found.append((min(index, other), max(index, other), int(score)))
    yield from sorted(found)


def _longest(length: int, least: int) -> int:
    """Give how long a name can be that is at least so similar to one of this length."""
    share = (100 - least) / 100
    return int(length * (1 + share) / (1 - share) + 1e-9)


def _differing(length: int, least: int) -> int:
    """Give of how many pieces of a name a longer one that is at least so similar must hold one.

    With d letters taken away or put in, similarity is 1 - d / (both lengths). A letter put in breaks two
    pieces, one taken away three; the longer name has at least as many put in as taken away.
    """
    most = (100 - least) / 100 * (length + _longest(length, least))
    return int(2.5 * most + 1e-9) + 1
