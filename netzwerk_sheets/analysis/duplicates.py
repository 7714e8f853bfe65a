"""Two rows that may mean the same organisation.

Names are compared after the legal form is taken away, usual abbreviations are written out and the words are sorted.
Some thousand names are compared each with all that can be alike. Among more that would take minutes, so a name is
compared only with those that share one of its rarest three-letter pieces.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SIMILAR = 92
"""Names at least this similar, of 100, are reported."""

EXACT_UP_TO = 2000
"""Up to so many names every alike pair is found."""

MOST_ALIKE = 10
"""So many names that are the same are each compared with each; of more, the others with the first alone."""

CANDIDATES_OF_MANY = 200
"""Among more names, a name is compared with about so many that share its rarest pieces."""

_KINDS = ("ens", "iratd")
"""Two kinds of letters, each about a third of those in German names; the others are the third kind."""

_ANY, _NONE = "any", "none"
"""Marks in the index: whatever numbers a name has, and names without a number."""

_LEGAL = frozenset(
    {"ev", "gmbh", "ggmbh", "gag", "gug", "ug", "kg", "ohg", "gbr", "eg", "mbh", "kdor", "ek", "se", "ag"}
)
_WORD = re.compile(r"\w+")
_JOINING = frozenset({"und", "and", "u"})
_SPOTTED = re.compile("([aou])\u0308")
"""Letters with two dots above; without them people write an e behind."""

_WHOLE: Mapping[str, str] = MappingProxyType({})
_NUMBER = re.compile(r"\d+")
_SPACED = re.compile(r"e(?<=\be)[.\s]+([vgk])\b\.?")
"""Begins with a letter, not with a border of a word, so that it is looked for at once."""


def comparable(name: str, whole: Mapping[str, str] = _WHOLE) -> str:
    """Bring a name into the form that is compared: no case, accents, signs or legal form, words sorted.

    Args:
        name: As typed.
        whole: Abbreviation, in small letters → what it stands for.

    Returns:
        The words, sorted, with one blank between; empty where the name has no letter or digit.
    """
    words = _words(name)
    if not whole.keys().isdisjoint(words):
        words = _words(" ".join(whole.get(word, word) for word in words))
    kept = [word for word in words if word not in _LEGAL and word not in _JOINING]
    return " ".join(sorted(kept or words))


def _words(name: str) -> list[str]:
    text = name.casefold()
    if not text.isascii():
        text = _SPOTTED.sub(r"\1e", unicodedata.normalize("NFKD", text))
        text = "".join(char for char in text if not unicodedata.combining(char))
    if _SPACED.search(text):
        text = _SPACED.sub(r"e\1", text)
    return _WORD.findall(text)


def _pieces(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def _numbers(text: str) -> str:
    return " ".join(_NUMBER.findall(text))


class _Names:
    """Names cut into pieces, and for each piece who holds it.

    Attributes:
        texts: The names as they are compared.
        numbers: The numbers in each name; names with different numbers are different organisations.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.numbers = [_numbers(text) for text in texts]
        self._lengths = [len(text) for text in self.texts]
        self._pieces = [_pieces(text) if text else set() for text in self.texts]
        often: Counter[str] = Counter()
        for found in self._pieces:
            often.update(found)
        self._rank = {piece: rank for rank, piece in enumerate(sorted(often, key=lambda piece: (often[piece], piece)))}
        self._holders: dict[str, dict[str, list[int]]] = {}

    def _holding(self, mark: str) -> dict[str, list[int]]:
        """Give piece → who holds it, among all names or those with these numbers."""
        if not self._holders:
            for index, numbers in enumerate(self.numbers):
                self._gather(numbers or _NONE, index)
        if mark == _ANY and mark not in self._holders:
            for index in range(len(self.texts)):
                self._gather(_ANY, index)
        return self._holders.get(mark, {})

    def _gather(self, mark: str, index: int) -> None:
        holders = self._holders.setdefault(mark, {})
        for piece in self._pieces[index]:
            if piece in holders:
                holders[piece].append(index)
            else:
                holders[piece] = [index]

    def candidates(self, index: int, least: int) -> list[int]:
        """Give the names that may be alike and are at least as long."""
        numbers = self.numbers[index]
        length = self._lengths[index]
        rare = sorted(self._pieces[index], key=self._rank.__getitem__)
        holders = [self._holding(mark) for mark in ((numbers, _NONE) if numbers else (_ANY,))]
        found: set[int] = set()
        for piece in rare[: _differing(length, least)]:
            for holding in holders:
                found.update(holding.get(piece, ()))
            if len(found) > CANDIDATES_OF_MANY:
                break
        # the shorter of two looks for the longer one; equally long ones find each other, and count once
        lengths, longest = self._lengths, _longest(length, least)
        return [
            other
            for other in found
            if length < lengths[other] <= longest or (length == lengths[other] and index < other)
        ]


def same_organisations(
    names: Sequence[tuple[str, str]], whole: Mapping[str, str] = _WHOLE, *, least: int = SIMILAR
) -> Iterator[tuple[int, int, int]]:
    """Find the pairs of organisations that may be one: by their names, or one is called what the other is in short.

    Args:
        names: (full name, short name) as typed; either may be empty.
        whole: Abbreviation, in small letters → what it stands for.
        least: Similarity from which a pair counts, 0 to 100.

    Yields:
        (position, later position, similarity rounded down), ordered by the positions.
    """
    texts = [comparable(full or short, whole) for full, short in names]
    found = {(one, other): score for one, other, score in _pairs(texts, least)}
    called: dict[str, int] = {}
    several: dict[str, dict[int, None]] = {}
    for place, (_, short) in enumerate(names):
        for text in (texts[place], comparable(short, whole)):
            if text and called.setdefault(text, place) != place:
                several.setdefault(text, {called[text]: None})[place] = None
    for places in map(list, several.values()):
        for at, one in enumerate(places[:MOST_ALIKE]):
            for other in places[at + 1 :] if at == 0 else places[at + 1 : MOST_ALIKE]:
                found.setdefault((one, other), 100)
    yield from sorted((one, other, score) for (one, other), score in found.items())


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
    yield from _pairs([comparable(name) for name in names], least)


def _pairs(texts: Sequence[str], least: int) -> list[tuple[int, int, int]]:
    seen: dict[str, list[int]] = {}
    repeated: list[tuple[int, int, int]] = []
    kept: list[int] = []
    for place, text in enumerate(texts):
        same = seen.setdefault(text, [])
        if text and len(same) >= MOST_ALIKE:
            repeated.append((same[0], place, 100))
        else:
            same.append(place)
            kept.append(place)
    listed = [texts[place] for place in kept]
    found = _each_with_each(listed, least) if len(listed) <= EXACT_UP_TO else _by_pieces(listed, least)
    return sorted([*((kept[one], kept[other], score) for one, other, score in found), *repeated])


def _each_with_each(texts: Sequence[str], least: int) -> Iterator[tuple[int, int, int]]:
    """Compare every name with all that can be alike; the library does a whole row at once.

    Letters are counted in three kinds. A letter put in or taken away changes one count by one, so names whose counts
    differ by more than that many letters need not be compared. No alike pair is missed by that.
    """
    from rapidfuzz import fuzz, process  # only this check needs it, and most commands do not check

    alike: dict[int, tuple[list[int], list[str]]] = {}
    numbers = cache(_numbers)  # few names are so alike that theirs are asked for
    field = 1 << max(map(len, texts), default=0).bit_length()  # above any count of letters, and no larger than needed
    for place, text in enumerate(texts):
        if text:
            places, names = alike.setdefault(_counted(text, field), ([], []))
            places.append(place)
            names.append(text)
    for key, (places, names) in alike.items():
        everyone, behind = places[:], names[:]
        for near in _near(key, field, least, alike):
            others, their_names = alike[near]
            everyone += others
            behind += their_names
        for at, place in enumerate(places, start=1):
            if at == len(everyone):
                break
            found = process.extract(texts[place], behind[at:], scorer=fuzz.ratio, limit=None, score_cutoff=least)
            for _, score, further in found:
                other = everyone[at + further]
                one, two = numbers(texts[place]), numbers(texts[other])
                if one == two or not (one and two):
                    yield min(place, other), max(place, other), int(score)


def _counted(text: str, field: int) -> int:
    """Give the length of a name and how many letters of two kinds it has, as one number; the rest is of the third."""
    first = sum(map(text.count, _KINDS[0]))
    second = sum(map(text.count, _KINDS[1]))
    return (len(text) * field + first) * field + second


def _near(key: int, field: int, least: int, known: Mapping[int, object]) -> Iterable[int]:
    """Give the counts, each pair of them once, whose names may be alike."""
    length = key // (field * field)
    steps = _steps(length, field, least)
    if len(steps) <= len(known):
        return filter(known.__contains__, [key + step for step in steps])
    most = (_longest(length, least) + 1) * field * field
    return (near for near in known if key < near < most)


@cache
def _steps(length: int, field: int, least: int) -> tuple[int, ...]:
    """Give how the counts of a name of this length may differ from those of one that is at least as long."""
    found = []
    for more in range(_longest(length, least) - length + 1):
        most = int((100 - least) / 100 * (2 * length + more) + 1e-9)
        reach = range(-most, most + 1)
        found += [
            (more * field + first) * field + second
            for first in reach
            for second in reach
            if abs(first) + abs(second) + abs(more - first - second) <= most
        ]
    return tuple(step for step in found if step > 0)


def _by_pieces(texts: Sequence[str], least: int) -> Iterator[tuple[int, int, int]]:
    from rapidfuzz import fuzz

    places = _with_rivals(texts)
    listed = [texts[place] for place in places]
    known = _Names(listed)
    for index, text in enumerate(listed):
        for other in known.candidates(index, least):
            score = fuzz.ratio(text, listed[other], score_cutoff=least)
            if score >= least:
                yield places[min(index, other)], places[max(index, other)], int(score)


def _with_rivals(texts: Sequence[str]) -> list[int]:
    """Give the places of names that can be like another one: where all have numbers, those with the same numbers."""
    numbers = [_numbers(text) for text in texts]
    often = Counter(found for found, text in zip(numbers, texts, strict=True) if text)
    anybody = often[""] > 0
    return [place for place, text in enumerate(texts) if text and (anybody or often[numbers[place]] > 1)]


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
