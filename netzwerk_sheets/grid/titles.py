"""Titles of tabs: what every program allows, and how a longer one is cut."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

FORBIDDEN = frozenset("\\/?*[]:")
LONGEST = 31
"""UTF-16 units, of which an emoji takes two: a longer title Excel repairs. Its rules hold in both homes, so that a tab
can move from one to the other."""


def _length(text: str) -> int:
    return len(text) + sum(mark > "\uffff" for mark in text)


def _cut(text: str, room: int) -> str:
    """Give the beginning of a text that fits."""
    cut = text[:room]
    while _length(cut) > room:
        cut = cut[:-1]
    return cut


def is_legal(title: str) -> bool:
    """Say whether every program allows a title."""
    told = bool(title.strip()) and title.strip("'") == title and _length(title) <= LONGEST
    return told and not FORBIDDEN & set(title) and not any(mark < " " for mark in title)


def fitting(name: str, extra: str = "", *, otherwise: str = "") -> str:
    """Make a title from a name: cut at a word, blanks for what is forbidden.

    Args:
        name: As people wrote it.
        extra: Comes behind it, whole.
        otherwise: Stands in where nothing of the name is left.
    """
    label = "".join(" " if mark in FORBIDDEN or mark < " " else mark for mark in name)
    label = " ".join(label.split()).strip("'").strip() or otherwise
    room = LONGEST - _length(extra)
    if _length(label) > room:
        cut = _cut(label, room + 1).rsplit(" ", 1)[0]
        # A long word is cut in its middle rather than left out where little else would stay.
        label = (cut if room * 2 // 3 < _length(cut) <= room else _cut(label, room)).strip().rstrip("'")
    return label + extra if label else ""


def free(wanted: str, taken: Container[str], ours: str = "") -> str:
    """Give a title that no tab has: as wanted, with a word that says whose it is, or with a number.

    Args:
        wanted: The title.
        taken: Titles in use, folded.
        ours: Said behind it before numbers are; may be empty.
    """
    extras = chain(("", ours) if ours else ("",), (f" ({number})" for number in count(2)))
    titles = (fitting(wanted, extra) or extra.strip() for extra in extras)
    return next(title for title in titles if title and title.casefold() not in taken)
