"""Three-way merge of notes, line by line.

Written here because the published merge of this kind carries a licence this program cannot take on
(merge3: GPL-2.0-or-later).
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Region = tuple[range, range, range]


def merge_notes(base: str, hub: str, seen: str) -> str | None:
    """Combine two versions of a note.

    Lines that only one side touched are taken from it. Where both only added (at the end, or at the same
    place), both additions stay, the hub's first.

    Returns:
        The combined note, or `None` where both changed the same line differently.
    """
    appended = _both_appended(base, hub, seen)
    if appended is not None:
        return appended
    merged: list[str] = []
    texts = tuple(values.visible(text).split("\n") for text in (base, hub, seen))
    for regions in _regions(*(tuple(map(values.lines, text)) for text in texts)):
        part = _merge_region(*(text[region.start : region.stop] for text, region in zip(texts, regions, strict=True)))
        if part is None:
            return None
        merged += part
    return "\n".join(merged)


def _both_appended(base: str, hub: str, seen: str) -> str | None:
    """Combine two notes that both begin with the old one; `None` where they do not."""
    old, first, second = values.lines(base), values.lines(hub), values.lines(seen)
    if not (first.startswith(old) and second.startswith(old)):
        return None
    if second.startswith(first) and not second[len(first) :][:1].isalnum():
        return seen
    if first.startswith(second) and not first[len(second) :][:1].isalnum():
        return hub
    if old and any(text[len(old) :][:1].isalnum() for text in (first, second)):
        return None  # the last word itself was changed, not something added behind it
    return values.visible(hub).rstrip() + "\n" + second[len(old) :].strip()


def _merge_region(base: Sequence[str], hub: Sequence[str], seen: Sequence[str]) -> list[str] | None:
    """Combine one stretch of lines that are not the same in all three; `None` for a conflict."""
    keys = [[values.lines(line) for line in part] for part in (base, hub, seen)]
    if keys[1] == keys[2] or keys[2] == keys[0]:
        return list(hub)
    if keys[1] == keys[0]:
        return list(seen)
    if keys[0]:
        return None
    common = 0
    while common < min(len(keys[1]), len(keys[2])) and keys[1][common] == keys[2][common]:
        common += 1
    return [*hub, *seen[common:]]


def _regions(base: Sequence[str], hub: Sequence[str], seen: Sequence[str]) -> Iterator[_Region]:
    """Split three texts into stretches: each is either the same in all three or must be judged."""
    at = [0, 0, 0]
    for start, in_hub, in_seen, length in _agreements(base, hub, seen):
        yield range(at[0], start), range(at[1], in_hub), range(at[2], in_seen)
        at = [start + length, in_hub + length, in_seen + length]
        yield range(start, at[0]), range(in_hub, at[1]), range(in_seen, at[2])
    yield range(at[0], len(base)), range(at[1], len(hub)), range(at[2], len(seen))


def _agreements(base: Sequence[str], hub: Sequence[str], seen: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Give the stretches of the base that both others still hold: start in each, and length."""
    ours = SequenceMatcher(None, base, hub, autojunk=False).get_matching_blocks()
    theirs = SequenceMatcher(None, base, seen, autojunk=False).get_matching_blocks()
    one = other = 0
    while one < len(ours) and other < len(theirs):
        mine, yours = ours[one], theirs[other]
        start = max(mine.a, yours.a)
        end = min(mine.a + mine.size, yours.a + yours.size)
        if start < end:
            yield start, mine.b + start - mine.a, yours.b + start - yours.a, end - start
        if mine.a + mine.size < yours.a + yours.size:
            one += 1
        else:
            other += 1
