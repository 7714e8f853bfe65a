"""What people did to a tab between our reading and our writing, and what sets it right.

Google knows no lock and no precondition. It answers a write with the state right after it, so what happened in
between can be seen in the same call: rows that were inserted, deleted, moved or sorted leave our cells in lines
where they do not belong. From what was read, what was written and what stands there now follows what must be put
back into the wrong cells and what belongs into the right ones. `lines` finds the rows again; columns are looked at
the same way where rows explain nothing, and both where that explains more cells than either.

One case leaves no trace: a value typed into the very cell that we write. See the README for how long that can
happen.

Where the answer was lost, the same is asked of the document later, when people may have gone on: rows that moved
after the write took our cells along. Then a row counts as moved before the write only where our cells still stand in
the wrong line, and only cells that still hold what we wrote are put back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import isclose
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.google import formulas
from netzwerk_sheets.backends.google.lines import EMPTY, Cells, Lines, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.backends.google.reading import Place
    from netzwerk_sheets.backends.google.values import Raw


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


def settle(before: Cells, after: Cells, written: Written, *, later: bool = False) -> Race:
    """Say what sets a tab right.

    Args:
        before: Filled cells as read.
        after: Filled cells after the write.
        written: What was written.
        later: Whether this is not the state right after it: people may have gone on since.
    """
    places = dict(written.cells)
    landed = _landing(after, written, later=later)
    joined = _joined(written, landed)
    differing = _differing(before, after, {**places, **joined})
    shifted = any(row and row != written.first + offset for offset, row in enumerate(landed))
    if not differing and not shifted:
        return Race()
    ways = _moves(before, after, places, joined)
    if ways.columns is not None:
        # Rows that joined stand in the columns they were planned for, too.
        places |= _following_rows(written, landed)
    found = _race(before, after, ways, places, differing=len(differing), later=later)
    return _with_joined(found, after, written, landed) if shifted and ways.columns is None else found


def moves(before: Cells, after: Cells, written: Written, *, later: bool = False) -> Moves:
    """Say where cells went between reading and now; see `settle`."""
    landed = _landing(after, written, later=later)
    return _moves(before, after, dict(written.cells), _joined(written, landed))


def _joined(written: Written, landed: list[int]) -> dict[Place, Raw]:
    lines = zip(landed, written.appended, strict=True)
    return {(row, column): raw for row, line in lines if row for column, raw in line.items()}


def _following_rows(written: Written, landed: list[int]) -> dict[Place, Raw]:
    """Give the cells of rows that joined, by where they stand, with formulas that name the row they stand in."""
    lines = zip(landed, enumerate(written.appended, start=written.first), strict=True)
    return {
        (row, column): _following(raw, planned, row)
        for row, (planned, line) in lines
        if row
        for column, raw in line.items()
    }


def _moves(before: Cells, after: Cells, places: dict[Place, Raw], joined: dict[Place, Raw]) -> Moves:
    """Say which rows went where; where they explain nothing, which columns; or both, where that explains more."""
    all_of_ours, new = {**places, **joined}, frozenset(row for row, _ in joined)

    def rows_of(cells: Cells) -> Lines:
        return Lines.of(cells, after, places, set(joined))

    def columns_of(cells: Cells) -> Lines:
        return Lines.of(_turned(cells), _turned(after), _turned(all_of_ours), set())

    rows = rows_of(before)
    found = Moves(rows, None, new)
    open_ = found.unexplained(before, after, all_of_ours)
    if not open_ and (rows.explains or rows.lost):
        return found
    columns = columns_of(before)
    if not (rows.explains or rows.lost) and (columns.explains or columns.lost):
        found = Moves(None, columns, new)
        open_ = found.unexplained(before, after, all_of_ours)
    if open_:
        for both in (
            Moves(rows, columns_of(Moves(rows, None, new).carried(before)), new),
            Moves(rows_of(Moves(None, columns, new).carried(before)), columns, new),
        ):
            if both.in_both_ways and (still := both.unexplained(before, after, all_of_ours)) < open_:
                found, open_ = both, still
    return found


@dataclass(frozen=True, slots=True)
class Moves:
    """Where the cells of a tab went.

    Attributes:
        rows: Its rows; `None` where they stayed.
        columns: Its columns; `None` where they stayed.
        joined: Rows that are new and stay where they stand.
    """

    rows: Lines | None
    columns: Lines | None
    joined: frozenset[int]

    @property
    def in_both_ways(self) -> bool:
        """Whether rows moved or went, and columns, too."""
        return all(lines is not None and (lines.explains or lines.lost) for lines in (self.rows, self.columns))

    def to(self, place: Place) -> Place | None:
        """Give where a cell that was read stands now; `None` where its line is gone."""
        row, column = place
        now = row if self.rows is None or row in self.joined else self.rows.to(row)
        there = column if self.columns is None else self.columns.to(column)
        return None if now is None or there is None else (now, there)

    def back(self, place: Place) -> Place | None:
        """Give where a cell stood when it was read; `None` where its line is new."""
        row, column = place
        was = row if self.rows is None or row in self.joined else self.rows.origin(row)
        here = column if self.columns is None else self.columns.origin(column)
        return None if was is None or here is None else (was, here)

    def read(self, place: Place) -> Place | None:
        """Give where what stands in a cell stood when it was read; `None` where its line held nothing then."""
        row, column = place
        was = row if self.rows is None or row in self.joined else self.rows.back.get(row)
        here = column if self.columns is None else self.columns.back.get(column)
        if here is None and self.rows is not None and self.columns is not None:
            here = self.columns.origin(column)
        return None if was is None or here is None else (was, here)

    def carried(self, cells: Cells) -> dict[Place, Raw]:
        """Give cells as they were read where they stand now, without those whose line is gone."""
        return {target: raw for place, raw in cells.items() if (target := self.to(place)) is not None}

    def unexplained(self, before: Cells, after: Cells, writes: Cells) -> int:
        """Count the cells that neither these moves nor what was written explain."""
        expected = {**self.carried(before), **writes}
        found = {place for place, raw in after.items() if plain(raw) != plain(expected.get(place, EMPTY))}
        return len(found) + sum(bool(plain(raw)) and place not in after for place, raw in expected.items())


def _differing(before: Cells, after: Cells, writes: Cells) -> list[Place]:
    expected = {**before, **writes}
    return [place for place in {*expected, *after} if not equal(expected.get(place), after.get(place))]


def _landing(after: Cells, written: Written, *, later: bool) -> list[int]:
    """Find the rows where appended rows came to stand; 0 for one that people changed or took away since."""
    if not written.appended:
        return []
    last: int = max((row for row, _ in after), default=0)
    told = next((index for index, each in enumerate(written.appended) if any(each.values())), 0)
    likely = (written.first + told, *range(last, 0, -1))
    start = next((row - told for row in likely if _stands(written.appended[told], after, row)), written.first)
    rows = [start + offset for offset in range(len(written.appended))]
    if not later:
        return rows
    return [
        next((each for each in (row, *range(last, 0, -1)) if _stands(line, after, each)), 0)
        for row, line in zip(rows, written.appended, strict=True)
    ]


def _stands(line: Mapping[int, Raw], after: Cells, row: int) -> bool:
    """Tell whether a row is one that was appended; its formulas may name another row by now."""
    wanted = {column: raw for column, raw in line.items() if raw}
    return bool(wanted) and all(plain(after.get((row, column), EMPTY)) == plain(raw) for column, raw in wanted.items())


def _race(before: Cells, after: Cells, ways: Moves, places: Cells, *, differing: int, later: bool) -> Race:
    """Say what belongs where, given where the lines went."""
    repairs: dict[Place, Raw] = {}
    sources: dict[Place, tuple[str, Place]] = {}
    restored = moved = dropped = 0
    along = _went_along(before, after, ways, places) if later else frozenset()
    for place, raw in places.items():
        target = ways.to(place)
        if target == place or _line(place, ways) in along:
            continue
        was, here = ways.read(place), after.get(place, EMPTY)
        if (was is None or was not in places) and not (later and not equal(here, raw)):
            # What stood here came from another line, or is new: our value has no business here.
            old = before.get(was, EMPTY) if was is not None else EMPTY
            if not equal(here, old):
                repairs[place] = old
                sources[place] = ("before", was or place)
                restored += 1
        if target is None:
            dropped += 1
            continue
        wanted, there = _following(raw, place[0], target[0]), after.get(target, EMPTY)
        ours = target in places and equal(there, places[target])
        if not ours and plain(there) != plain(before.get(place, EMPTY)):
            continue  # a person typed into this very cell, and because it moved it was not written over
        if not equal(there, wanted):
            repairs[target] = wanted
            sources[target] = ("written", place)
            moved += 1
    return Race(repairs, sources, restored, moved, dropped, max(0, differing - restored - moved))


def _line(place: Place, ways: Moves) -> int:
    """Give the line that tells by all its cells whether it moved before the write: a row where rows moved."""
    return place[1] if ways.rows is None else place[0]


def _went_along(before: Cells, after: Cells, ways: Moves, places: Cells) -> frozenset[int]:
    """Give the lines that moved after the write, or of which nobody can tell: what was written in them stays.

    A line tells by cells that hold what was written and did not hold it before: those in the line that stands in its
    place now say that it had moved already, those in the line itself that it moved later. Where they weigh the same,
    the other lines decide.
    """
    weighed: dict[int, int] = defaultdict(int)
    for place, raw in places.items():
        target = ways.to(place)
        if target == place:
            continue
        was, line = ways.read(place), _line(place, ways)
        here = after.get(place, EMPTY)
        told = equal(here, raw) and not equal(before.get(was) if was else None, raw)
        weighed[line] += told and not _tells_nothing(was, raw, places)
        if target is not None and _holds(after.get(target, EMPTY), raw, place[0], target[0]):
            weighed[line] -= not equal(before.get(place), raw) and not _tells_nothing(target, raw, places)
    moved_before = any(each > 0 for each in weighed.values())
    return frozenset(line for line, each in weighed.items() if each < 0 or (each == 0 and not moved_before))


def _tells_nothing(place: Place | None, raw: Raw, places: Cells) -> bool:
    """Tell whether a cell was to hold the same itself, so that it may hold it either way."""
    return place is not None and place in places and equal(places[place], raw)


def _holds(found: Raw, raw: Raw, row: int, line: int) -> bool:
    return equal(found, raw) or equal(found, _following(raw, row, line))


def _following(raw: Raw, row: int, target: int) -> Raw:
    if "formulaValue" not in raw or row == target:
        return raw
    return {"formulaValue": formulas.moved(raw["formulaValue"], row, target)}


def _with_joined(found: Race, after: Cells, written: Written, landed: list[int]) -> Race:
    """Let rows that came to stand elsewhere name their own row in their formulas, and look as planned."""
    repairs, sources = dict(found.repairs), dict(found.sources)
    for offset, (row, line) in enumerate(zip(landed, written.appended, strict=True)):
        for column, raw in line.items() if row and _stands(line, after, row) else ():
            wanted = _following(raw, written.first + offset, row)
            if wanted and not equal(after.get((row, column)), wanted):
                repairs[row, column] = wanted
            sources.setdefault((row, column), ("written", (written.first + offset, column)))
    return Race(repairs, sources, found.restored, found.moved + len(written.appended), found.dropped, found.strangers)


def _turned(cells: Cells) -> dict[tuple[int, int], Raw]:
    return {(column, row): raw for (row, column), raw in cells.items()}
