"""What people did to a tab between our reading and our writing, and what sets it right.

Google knows no lock and no precondition. It answers a write with the state right after it, so what happened in
between can be seen in the same call: rows that were inserted, deleted, moved or sorted leave our cells in lines
where they do not belong. From what was read, what was written and what stands there now follows what must be put
back into the wrong cells and what belongs into the right ones. Lines are known again by what we did not write in
them; where that is not enough, by the first column whose texts are all different (the ids), by what they share, or
by their neighbours. Columns are looked at the same way where rows explain nothing.

One case leaves no trace: a value typed into the very cell that we write. See the README for how long that can
happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isclose
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.google import formulas
from netzwerk_sheets.backends.google.values import Raw

if TYPE_CHECKING:
    from netzwerk_sheets.backends.google.reading import Place

Cells = Mapping[tuple[int, int], Raw]
EMPTY: Raw = {}
_MOST_PAIRS = 100_000
"""Lines that are compared each with each, at most."""


@dataclass(frozen=True, slots=True)
class Race:
    """What was found on one tab.

    Attributes:
        repairs: Cell → what belongs there.
        sources: Cell to be repaired → the cell its content comes from: as it was read, or as it was planned.
        restored: How many cells of people are put back.
        moved: How many of our cells go where their row went.
        dropped: How many of our cells belong to rows that are gone.
        strangers: How many cells people changed meanwhile; they stay, and the next pass takes them in.
    """

    repairs: Mapping[Place, Raw] = field(default_factory=dict)
    sources: Mapping[Place, tuple[str, Place]] = field(default_factory=dict)
    restored: int = 0
    moved: int = 0
    dropped: int = 0
    strangers: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What was written on one tab.

    Attributes:
        cells: Cell → what it shall hold.
        first: Row expected for the first appended row.
        appended: Rows that were appended: column → what it shall hold.
    """

    cells: Cells
    first: int = 0
    appended: tuple[Mapping[int, Raw], ...] = ()


def equal(one: Raw | None, other: Raw | None) -> bool:
    """Tell whether two cells hold the same, however Google spells it."""
    one, other = one or EMPTY, other or EMPTY
    if one == other:
        return True
    if one.get("stringValue") == "" and not other:
        return True
    if other.get("stringValue") == "" and not one:
        return True
    if "numberValue" in one and "numberValue" in other:
        return isclose(one["numberValue"], other["numberValue"], rel_tol=1e-12)
    if "formulaValue" in one and "formulaValue" in other:
        return formulas.alike(one["formulaValue"], other["formulaValue"])
    return False


def settle(before: Cells, after: Cells, written: Written) -> Race:
    """Say what sets a tab right.

    Args:
        before: Filled cells as read.
        after: Filled cells right after the write.
        written: What was written.
    """
    places = dict(written.cells)
    landed = _landing(after, written)
    joined = {
        (landed + offset, column): raw for offset, line in enumerate(written.appended) for column, raw in line.items()
    }
    differing = _differing(before, after, {**places, **joined})
    shifted = landed - written.first if written.appended else 0
    if not differing and not shifted:
        return Race()
    lines = _Lines.of(before, after, places, set(joined))
    if not (lines.explains or lines.lost):
        across = _Lines.of(_turned(before), _turned(after), _turned({**places, **joined}), set())
        if across.explains or across.lost:
            return _turned_race(_race(before=_turned(before), after=_turned(after), lines=across,
                                      places=_turned({**places, **joined}), differing=len(differing)))  # fmt: skip
    found = _race(before=before, after=after, lines=lines, places=places, differing=len(differing))
    return _with_joined(found, after, written, landed) if shifted else found


def _differing(before: Cells, after: Cells, writes: Cells) -> list[Place]:
    expected = {**before, **writes}
    return [place for place in {*expected, *after} if not equal(expected.get(place), after.get(place))]


def _landing(after: Cells, written: Written) -> int:
    """Find the row where appended rows came to stand."""
    if not written.appended:
        return 0
    last: int = max((row for row, _ in after), default=0)
    line = next((index for index, each in enumerate(written.appended) if any(each.values())), 0)
    wanted = {column: raw for column, raw in written.appended[line].items() if raw}
    rows = [written.first + line, *range(last, 0, -1)]
    for row in rows:
        if wanted and all(equal(after.get((row, column)), raw) for column, raw in wanted.items()):
            return int(row - line)
    return written.first


@dataclass(slots=True)
class _Lines:
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
    def of(cls, before: Cells, after: Cells, writes: Cells, joined: set[Place]) -> _Lines:
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


Line = dict[int, Raw]


def _by_line(cells: Cells) -> dict[int, Line]:
    found: dict[int, Line] = defaultdict(dict)
    for (row, column), raw in cells.items():
        if raw:
            found[row][column] = raw
    return dict(found)


def _print(line: Line, without: set[int]) -> tuple[tuple[int, str], ...]:
    return tuple((column, _plain(raw)) for column, raw in sorted(line.items()) if column not in without and _plain(raw))


def _plain(raw: Raw) -> str:
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
    # Lines that are where they were come first: a line that looks the same must not take their place.
    for now, candidates in fits.items():
        if now in candidates:
            back[now] = now
            taken.add(now)
    for now, candidates in fits.items():
        free = [was for was in candidates if was not in taken]
        if now not in back and free:
            back[now] = free[0]
            taken.add(free[0])
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
            alike = sum(_plain(raw) == _plain(old[was].get(column, EMPTY)) for column, raw in told.items())
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


def _race(*, before: Cells, after: Cells, lines: _Lines, places: Cells, differing: int) -> Race:
    """Say what belongs where, given where the lines went."""
    repairs: dict[Place, Raw] = {}
    sources: dict[Place, tuple[str, Place]] = {}
    restored = moved = dropped = 0
    for (row, column), raw in places.items():
        target = _target(row, lines)
        if target == row:
            continue
        was = lines.back.get(row)
        if was is None or (was, column) not in places:
            # What stood here came from another line, or is new: our value has no business here.
            old = before.get((was, column), EMPTY) if was is not None else EMPTY
            if not equal(after.get((row, column)), old):
                repairs[row, column] = old
                sources[row, column] = ("before", (was or row, column))
                restored += 1
        if target is None:
            dropped += 1
            continue
        wanted = _following(raw, row, target)
        if not equal(after.get((target, column)), wanted):
            repairs[target, column] = wanted
            sources[target, column] = ("written", (row, column))
            moved += 1
    return Race(repairs, sources, restored, moved, dropped, max(0, differing - restored - moved))


def _target(row: int, lines: _Lines) -> int | None:
    """Say where a line went; an empty line goes with the one above it."""
    if row in lines.where:
        return lines.where[row]
    for above in range(row - 1, max(0, row - 1000), -1):
        now = lines.where.get(above)
        if now is not None:
            return now + row - above if now + row - above not in lines.back else None
    return row


def _following(raw: Raw, row: int, target: int) -> Raw:
    if "formulaValue" not in raw or row == target:
        return raw
    return {"formulaValue": formulas.moved(raw["formulaValue"], row, target)}


def _with_joined(found: Race, after: Cells, written: Written, landed: int) -> Race:
    """Let rows that came to stand elsewhere name their own row in their formulas, and look as planned."""
    repairs, sources = dict(found.repairs), dict(found.sources)
    for offset, line in enumerate(written.appended):
        for column, raw in line.items():
            place = (landed + offset, column)
            wanted = _following(raw, written.first + offset, place[0])
            if wanted and not equal(after.get(place), wanted):
                repairs[place] = wanted
            sources.setdefault(place, ("written", (written.first + offset, column)))
    return Race(repairs, sources, found.restored, found.moved + len(written.appended), found.dropped, found.strangers)


def _turned(cells: Cells) -> dict[tuple[int, int], Raw]:
    return {(column, row): raw for (row, column), raw in cells.items()}


def _turned_race(race: Race) -> Race:
    return Race(
        _turned(race.repairs),
        {(c, r): (kind, (pc, pr)) for (r, c), (kind, (pr, pc)) in race.sources.items()},
        race.restored, race.moved, race.dropped, race.strangers,
    )  # fmt: skip
