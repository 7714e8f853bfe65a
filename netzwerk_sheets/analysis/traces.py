"""What is left of a person in texts: names, mail addresses and telephone numbers, known by salted prints alone.

Whoever was erased must not come back from an old copy, so something has to be remembered; but nothing from which
the person could be read. Each name, address and number is brought into one spelling and hashed with a salt. A text
is searched by hashing what in it could be one of them. The same way erases in the first place: there is one rule.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<!\w)\(?\+?\d(?:[\s/().–-]{0,3}\d){5,20}(?!\w)")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s.,_’'‐–+-]{1,3}")
_TITLES = frozenset({
    "ba", "bsc", "dipl", "dr", "frau", "herr", "herrn", "ing", "jur", "ma", "mag", "med", "miss", "mr", "mrs", "ms",
    "msc", "nat", "phil", "prof", "rer", "sir",
})  # fmt: skip
_TWO_POINTS = "\N{COMBINING DIAERESIS}"
_FEWEST_DIGITS = 6
_MOST_GROUPS = 9
_EMAIL_KIND, _PHONE_KIND, _NAME_KIND, _CELL_KIND = "e", "p", "n", "c"


def _folded(text: str) -> str:
    """Bring a word into the spelling in which „Müller“, „MUELLER“ and „müller“ are one."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace(_TWO_POINTS, "e")
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def _number(text: str) -> str:
    """Bring a telephone number into one spelling; empty where it is too short for one."""
    digits = "".join(_DIGITS.findall(text))
    if digits.startswith("0049"):
        digits = digits[4:]
    elif "+" in text and digits.startswith("49"):
        digits = digits[2:]
    digits = digits.lstrip("0")
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def _names(text: str) -> Iterator[str]:
    """Give the spellings of a name that are looked for; none where it is a single word."""
    words = [word for word in map(_folded, _WORD.findall(text)) if word not in _TITLES]
    if len(words) < 2:
        return
    yield " ".join(words)
    yield " ".join([words[-1], *words[:-1]])
    if len(words) > 2:
        yield f"{words[0]} {words[-1]}"
        yield f"{words[-1]} {words[0]}"


def keys_of(cells: Mapping[str, object]) -> frozenset[str]:
    """Give what a row of contact data is recognised by: addresses, numbers and whole names.

    Args:
        cells: Column code → value; only ``name``, ``email`` and ``phone`` count.
    """
    name, email, phone = (str(cells.get(key) or "") for key in ("name", "email", "phone"))
    found = {f"{_NAME_KIND}:{each}" for each in _names(name)}
    found |= {f"{_EMAIL_KIND}:{each.casefold()}" for each in _EMAIL.findall(email)}
    found |= {f"{_PHONE_KIND}:{number}" for each in _PHONE.findall(phone) if (number := _number(each))}
    return frozenset(found)


def keys_of_phrase(text: str) -> frozenset[str]:
    """Give what a text is recognised by that a person names to be erased as well, a single word included."""
    words = " ".join(_folded(word) for word in _WORD.findall(text))
    names = {f"{_NAME_KIND}:{words}"} if words and not _EMAIL.search(text) else set()
    return frozenset(names) | keys_of({"email": text, "phone": text})


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of a person who was erased; nothing of it can be read.

    Attributes:
        row: Id of the row, such as ``K-004``.
        run: Number of the run that erased; a workbook written by an earlier run may still hold the person.
        day: The day, ISO.
        salt: For the prints.
        prints: Of addresses, numbers and names.
        cells: Of whole cells of the row.
        lengths: How many words the names have.
        unfinished: Whether the erasure was begun and did not end yet.
    """

    row: str
    run: int
    day: str
    salt: str
    prints: frozenset[str]
    cells: frozenset[str] = frozenset()
    lengths: frozenset[int] = frozenset()
    unfinished: bool = False


def record(row: str, run: int, day: str, salt: str, keys: Iterable[str], cells: Iterable[str]) -> Record:
    """Make the record of a person.

    Args:
        row: Id of the row.
        run: Number of the run.
        day: The day, ISO.
        salt: Random; the same for all records of a network where possible.
        keys: See `keys_of`.
        cells: The texts of all cells of the row.
    """
    known = list(keys)
    names = [key.partition(":")[2] for key in known if key.startswith(_NAME_KIND)]
    return Record(
        row, run, day, salt,
        frozenset(_print(salt, key) for key in known),
        frozenset(_print(salt, f"{_CELL_KIND}:{_whole(text)}") for text in cells if _whole(text)),
        frozenset(len(name.split()) for name in names),
        unfinished=True,
    )  # fmt: skip


def _print(salt: str, key: str) -> str:
    return blake2b(key.encode(), key=salt.encode(), digest_size=16).hexdigest()


def _whole(text: str) -> str:
    return " ".join(_folded(text).split())


@dataclass(slots=True)
class Traces:
    """Finds erased people in texts and takes them out.

    Args:
        records: Who was erased.
        gone: What stands in their place, for example „gelöscht“.
        shared: What belongs to other contacts too (see `keys_of`) and therefore stays.
    """

    records: Sequence[Record]
    gone: str
    shared: frozenset[str] = frozenset()
    _salts: dict[str, set[str]] = field(init=False, default_factory=dict)
    _lengths: list[int] = field(init=False, default_factory=list)
    _known: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Put together what is looked for."""
        for each in self.records:
            kept = {_print(each.salt, key) for key in self.shared}
            self._salts.setdefault(each.salt, set()).update(each.prints - kept)
        self._lengths = sorted({length for each in self.records for length in each.lengths}, reverse=True)

    def clean(self, text: str) -> str:
        """Give a text without the people; the same text where none of them is in it."""
        if len(text) < 3 or not self.records:
            return text
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._cleaned(text)
        return known

    def is_whole(self, text: str, row: str) -> bool:
        """Say whether a cell holds just what a cell of an erased row held."""
        key = f"{_CELL_KIND}:{_whole(text)}"
        return any(_print(each.salt, key) in each.cells for each in self.records if each.row == row)

    def of(self, cells: Mapping[str, object]) -> Record | None:
        """Give the record of the person a row of contact data is about; `None` where it is another one.

        A shared mailbox alone makes nobody an erased person where the row has another name.
        """
        keys = keys_of(cells) - self.shared
        names = {key for key in keys if key.startswith(_NAME_KIND)}
        strong = names or {key for key in keys if key.startswith(_EMAIL_KIND)}
        for each in self.records:
            if any(_print(each.salt, key) in each.prints for key in strong):
                return each
        return None

    def _has(self, key: str) -> bool:
        return any(_print(salt, key) in prints for salt, prints in self._salts.items())

    def _cleaned(self, text: str) -> str:
        plain = unicodedata.normalize("NFC", text)
        spans = list(self._addresses(plain)) if "@" in plain else []
        spans += self._numbers(plain)
        spans += self._people(plain)
        if not spans:
            return text
        return _without(plain, spans, self.gone)

    def _addresses(self, text: str) -> Iterator[tuple[int, int]]:
        for found in _EMAIL.finditer(text):
            address = found[0].rstrip("-")
            if self._has(f"{_EMAIL_KIND}:{address.casefold()}"):
                yield found.start(), found.start() + len(address)

    def _numbers(self, text: str) -> Iterator[tuple[int, int]]:
        for found in _PHONE.finditer(text):
            groups = [(each.start(), each.end()) for each in _DIGITS.finditer(found[0])]
            for first, last in _windows(len(groups), _MOST_GROUPS):
                start = groups[first][0]
                start -= 1 if first == 0 and found[0][:start].endswith("+") else 0
                piece = found[0][start : groups[last][1]]
                number = _number(piece)
                if number and self._has(f"{_PHONE_KIND}:{number}"):
                    yield found.start() + start, found.start() + groups[last][1]
                    break

    def _people(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._lengths:
            return
        words = [(each.start(), each.end(), _folded(each[0])) for each in _WORD.finditer(text)]
        joined = [bool(_BETWEEN.fullmatch(text, one[1], other[0])) for one, other in pairwise(words)]
        for length in self._lengths:
            for first in range(len(words) - length + 1):
                if all(joined[first : first + length - 1]):
                    key = " ".join(word for _, _, word in words[first : first + length])
                    if self._has(f"{_NAME_KIND}:{key}"):
                        yield words[first][0], words[first + length - 1][1]


def _windows(count: int, most: int) -> Iterator[tuple[int, int]]:
    """Give (first, last) of all runs of groups, the longest first."""
    for length in range(min(count, most), 0, -1):
        for first in range(count - length + 1):
            yield first, first + length - 1


def _without(text: str, spans: Iterable[tuple[int, int]], gone: str) -> str:
    """Put one word in the place of each span; spans that overlap are one."""
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if start >= end:
            pieces += (text[end:start], gone)
        end = max(end, stop)
    pieces.append(text[end:])
    return "".join(pieces)
