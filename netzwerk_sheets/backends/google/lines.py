"""Where the lines of a tab went while people inserted, deleted, moved or sorted some.

Lines are known again by what we did not write in them; where that is not enough, by the first column whose texts
are all different (the ids), by what they share, or by their neighbours. A line is a row, or a column where the cells
are given turned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.google.values import Raw

if TYPE_CHECKING:
    from netzwerk_sheets.backends.google.reading import Place

Cells = Mapping[tuple[int, int], Raw]
EMPTY: Raw = {}
_MOST_PAIRS = 100_000
"""Lines that are compared each with each, at most."""

_FAR = 1000
"""How far up an empty line looks for one that is not empty."""


@dataclass(slots=True)
class Lines:
    """Where the lines of a tab went.

    Attributes:
        where: Line as read → line now; `None` where it is gone.
        back: The other way round.
        explains: Whether any line moved.
        lost: Whether a line is gone that held more than we wrote.
    """

    where: dict[int, int | None]
    back: dict[int, int]
    explains: bool
    lost: bool

    @classmethod
    def of(cls, before: Cells, after: Cells, writes: Cells, joined: set[Place]) -> Lines:
        """Follow the lines.

        Args:
            before: Filled cells as read.
            after: Filled cells right after the write.
            writes: What was written into cells that were there.
            joined: Where appended rows came to stand.
        """
        old, new = _by_line(before), _by_line({place: raw for place, raw in after.items() if place not in joined})
        ours: dict[int, set[int]] = defaultdict(set)
        for row, column in writes:
            ours[row].add(column)
        back = _by_content(old, new, ours)
        _by_key(old, new, ours, back)
        _by_likeness(old, new, ours, back)
        _by_neighbours(old, new, ours, back)
        where: dict[int, int | None] = dict.fromkeys(old)
        where.update({was: now for now, was in back.items()})
        lost = any(now is None and set(old[was]) - ours.get(was, set()) for was, now in where.items())
        return cls(where, back, any(now is not None and now != was for was, now in where.items()), lost)

    def to(self, line: int) -> int | None:
        """Say where a line went; an empty line goes with the one above it."""
        if line in self.where:
            return self.where[line]
        for above in range(line - 1, max(0, line - _FAR), -1):
            now = self.where.get(above)
            if now is not None:
                return now + line - above if now + line - above not in self.back else None
        return line

    def origin(self, line: int) -> int | None:
        """Say where a line came from; an empty line came with the one above it."""
        if line in self.back:
            return self.back[line]
        for above in range(line - 1, max(0, line - _FAR), -1):
            was = self.back.get(above)
            if was is not None:
                return was + line - above if was + line - above not in self.where else None
        return line


Line = dict[int, Raw]


def _by_line(cells: Cells) -> dict[int, Line]:
    found: dict[int, Line] = defaultdict(dict)
    for (row, column), raw in cells.items():
        if raw:
            found[row][column] = raw
    return dict(found)


def _print(line: Line, without: set[int]) -> tuple[tuple[int, str], ...]:
    return tuple((column, plain(raw)) for column, raw in sorted(line.items()) if column not in without and plain(raw))


def plain(raw: Raw) -> str:
    """Write a cell down for comparison; a formula's references follow rows that move, so they say nothing."""
    if "formulaValue" in raw:
        return "="
    if "numberValue" in raw:
        return f"n{raw['numberValue']:.12g}"
    return "".join(f"{name[0]}{each}" for name, each in raw.items()) if raw != {"stringValue": ""} else ""


def _by_content(old: dict[int, Line], new: dict[int, Line], ours: Mapping[int, set[int]]) -> dict[int, int]:
    """Find lines again by what we did not write in them: line now → line as read."""
    back: dict[int, int] = {}
    taken: set[int] = set()
    indexes: dict[frozenset[int], dict[tuple[tuple[int, str], ...], list[int]]] = {}
    fits: dict[int, list[int]] = {}
    for now in sorted(new, key=lambda line: (len(ours.get(line, ())), line)):
        without = ours.get(now, set())
        key = frozenset(without)
        if key not in indexes:
            index: dict[tuple[tuple[int, str], ...], list[int]] = defaultdict(list)
            for was, line in sorted(old.items()):
                index[_print(line, without)].append(was)
            indexes[key] = index
        seen = _print(new[now], without)
        fits[now] = indexes[key].get(seen, []) if seen else []
    # Lines that are where they were come first: a line that looks the same must not take their place. But where what
    # we did not write in a line fits several, it yields to one that fits that line alone, the whole ones first.
    still = [now for now, candidates in fits.items() if now in candidates]
    alone = [now for now, candidates in fits.items() if len(candidates) == 1]
    for now in (*(now for now in still if not ours.get(now) or len(fits[now]) == 1), *alone, *still, *fits):
        free = [was for was in fits[now] if was not in taken]
        if now not in back and free:
            back[now] = now if now in free else free[0]
            taken.add(back[now])
    return back


def _by_key(old: dict[int, Line], new: dict[int, Line], ours: Mapping[int, set[int]], back: dict[int, int]) -> None:
    """Find lines again by the first column whose texts are all different."""
    columns = sorted({column for line in old.values() for column in line})
    for column in columns:
        texts = [line[column]["stringValue"] for line in old.values() if "stringValue" in line.get(column, EMPTY)]
        if len(texts) > 1 and len(set(texts)) == len(texts) and len(texts) * 2 >= len(old):
            break
    else:
        return
    by_text = {line[column].get("stringValue"): was for was, line in old.items() if column in line}
    taken = set(back.values())
    for now, line in new.items():
        was = by_text.get(line.get(column, EMPTY).get("stringValue")) if column not in ours.get(now, ()) else None
        if now not in back and was is not None and was not in taken:
            back[now] = was
            taken.add(was)


def _by_likeness(
    old: dict[int, Line], new: dict[int, Line], ours: Mapping[int, set[int]], back: dict[int, int]
) -> None:
    """Find lines again that share most of what we did not write: people sorted a part of their columns."""
    open_new = [line for line in sorted(new) if line not in back]
    open_old = sorted(set(old) - set(back.values()))
    if len(open_new) * len(open_old) > _MOST_PAIRS:
        return
    pairs = []
    for now in open_new:
        told = {column: raw for column, raw in new[now].items() if column not in ours.get(now, set())}
        for was in open_old:
            alike = sum(plain(raw) == plain(old[was].get(column, EMPTY)) for column, raw in told.items())
            if alike:
                pairs.append((-alike, abs(now - was), now, was))
    taken: set[int] = set()
    for *_, now, was in sorted(pairs):
        if now not in back and was not in taken:
            back[now] = was
            taken.add(was)


def _by_neighbours(
    old: dict[int, Line], new: dict[int, Line], ours: Mapping[int, set[int]], back: dict[int, int]
) -> None:
    """Let a line that nothing tells stay beside the line it stood beside."""
    taken = set(back.values())
    for now in sorted(new):
        if now in back:
            continue
        shift = next((back[other] - other for other in range(now - 1, max(0, now - 50), -1) if other in back), 0)
        was, own = now + shift, ours.get(now, set())
        # Where nothing but ours is left of a line that held more, the line is gone.
        emptied = not set(new[now]) - own and bool(set(old.get(was, ())) - own)
        if was in old and was not in taken and not emptied:
            back[now] = was
            taken.add(was)
