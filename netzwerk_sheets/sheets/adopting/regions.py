"""Find the lists on a tab: wherever they begin, beside or below each other, under titles and merged headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import CellError, shown
from netzwerk_sheets.sheets.adopting.headings import known_headings, notes, plain
from netzwerk_sheets.sheets.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.grid import Area, Tab, Value

LONGEST_HEADING = 80
SEARCHED_ROWS = 60
"""A list whose headings nobody knows is looked for in so many rows at the top."""

Cells = dict[int, "Value"]


@dataclass(frozen=True, slots=True)
class Region:
    """One list on a tab.

    Attributes:
        tab: Title of the tab.
        header_row: The row of its headings; the lower one where there are two.
        headings: Column number → heading, as typed.
        rows: Row number → its filled cells.
        caption: What stands above it.
        hindrances: Codes of what keeps it from being used where it is.
        left: Numbers of rows that are no rows of the list: headings between them, sums, remarks.
    """

    tab: str
    header_row: int
    headings: Mapping[int, str]
    rows: Mapping[int, Mapping[int, Value]]
    caption: str = ""
    hindrances: tuple[str, ...] = ()
    left: tuple[int, ...] = ()

    @property
    def first_column(self) -> int:
        """Its first column."""
        return min(self.headings)

    @property
    def last_column(self) -> int:
        """Its last column."""
        return max(self.headings)

    def values(self, column: int) -> list[Value]:
        """Give what stands in a column, row by row, without empty cells."""
        return [cells[column] for cells in self.rows.values() if column in cells]


def is_filled(value: Value) -> bool:
    """Say whether a person sees something in a cell."""
    plain_value = shown(value)
    return plain_value is not None and not (isinstance(plain_value, str) and not plain_value.strip())


def find_regions(tab: Tab) -> list[Region]:
    """Find the lists on a tab, from top to bottom."""
    rows = {
        number: {column: value for column, value in cells.items() if is_filled(value)}
        for number, cells in sorted(tab.rows.items())
    }
    rows = {number: cells for number, cells in rows.items() if cells}
    heads = _heads(rows, tab.merged) or _best_guess(rows)
    found: list[Region] = []
    for row, columns in heads:
        below = [other for other, others in heads if other > row and set(others) & set(columns)]
        region = _region(tab, rows, row, columns, min(below, default=1 << 30))
        found += [region] if region is not None else []
    shared = len(found) > 1
    return [_with(region, "shared") if shared else region for region in found]


def region_at(tab: Tab, header_row: int, first_column: int) -> Region | None:
    """Give the list whose headings begin at a place a person named."""
    rows = {n: {c: v for c, v in cells.items() if is_filled(v)} for n, cells in sorted(tab.rows.items())}
    rows = {number: cells for number, cells in rows.items() if cells}
    for columns in _runs(rows, header_row, tab.merged):
        if first_column in columns:
            return _region(tab, rows, header_row, columns, 1 << 30)
    return None


def _with(region: Region, hindrance: str) -> Region:
    return Region(
        region.tab, region.header_row, region.headings, region.rows, region.caption,
        tuple(dict.fromkeys((*region.hindrances, hindrance))), region.left,
    )  # fmt: skip


# --- headings ---------------------------------------------------------------------------------------------


def _runs(rows: Mapping[int, Cells], row: int, merged: Sequence[Area]) -> list[list[int]]:
    """Part the filled cells of a row where the columns between them are empty further down as well."""
    filled = sorted(set(rows.get(row, ())) | set(_from_above(rows, row, merged)))
    if not filled:
        return []
    below = {column for number in range(row + 1, row + 21) for column in rows.get(number, ())}
    runs = [[filled[0]]]
    for column in filled[1:]:
        between = range(runs[-1][-1] + 1, column)
        if all(each in below for each in between) and len(between) <= 3:
            runs[-1] += [*between, column]
        else:
            runs.append([column])
    return runs


def _from_above(rows: Mapping[int, Cells], row: int, merged: Sequence[Area]) -> dict[int, Value]:
    """Give the headings that reach down into a row from the one above: merged downwards."""
    found: dict[int, Value] = {}
    for area in merged:
        if area.first_row < row <= area.last_row and area.first_row >= row - 3:
            value = rows.get(area.first_row, {}).get(area.first_column)
            if value is not None:
                found[area.first_column] = value
    return found


def _heads(rows: Mapping[int, Cells], merged: Sequence[Area]) -> list[tuple[int, list[int]]]:
    """Find rows of headings by words that are known: (row, columns)."""
    known = known_headings()
    found: list[tuple[int, list[int]]] = []
    for row, cells in rows.items():
        if sum(_is_known(value, known) for value in cells.values()) < 2 and not _from_above(rows, row, merged):
            continue
        for columns in _runs(rows, row, merged):
            above = _from_above(rows, row, merged)
            texts = {column: {**above, **cells}.get(column) for column in columns}
            hits = sum(_is_known(value, known) for value in texts.values() if value is not None)
            words = sum(_is_heading(value) for value in texts.values() if value is not None)
            before = [place for place, others in found if set(others) & set(columns)]
            enough = 2 if not before else max(2, (words + 1) // 2)
            if hits >= enough and words == sum(value is not None for value in texts.values()):
                if before and _is_row_of(rows, row, before[-1]):
                    continue
                if before and before[-1] == row - 1 and before[-1] not in _data_rows(rows, before[-1], row):
                    found = [each for each in found if each[0] != row - 1 or not set(each[1]) & set(columns)]
                found.append((row, columns))
    return found


def _data_rows(rows: Mapping[int, Cells], head: int, row: int) -> set[int]:
    return {number for number in rows if head < number < row}


def _is_row_of(rows: Mapping[int, Cells], row: int, head: int) -> bool:
    """Say whether a row that holds known words stands in the middle of a list: no gap or title before it."""
    before = row - 1
    return before != head and len(rows.get(before, ())) > 1


def _is_known(value: Value, known: Mapping[str, object]) -> bool:
    text = shown(value)
    return isinstance(text, str) and plain(text) in known


def _is_heading(value: Value) -> bool:
    text = shown(value)
    return isinstance(text, str) and len(text.strip()) <= LONGEST_HEADING


def _best_guess(rows: Mapping[int, Cells]) -> list[tuple[int, list[int]]]:
    """Take the fullest row of words near the top, where at least one row with as many cells follows."""
    best: tuple[int, list[int]] | None = None
    numbers = list(rows)[:SEARCHED_ROWS]
    for place, row in enumerate(numbers[:-1]):
        for columns in _runs(rows, row, ()):
            texts = [rows[row].get(column) for column in columns]
            words = [value for value in texts if value is not None]
            follows = len(set(rows[numbers[place + 1]]) & set(columns))
            if len(words) < 2 or follows < 2 or not all(_is_heading(value) for value in words):
                continue
            if best is None or len(columns) > len(best[1]):
                best = (row, columns)
    return [best] if best else []


# --- rows -------------------------------------------------------------------------------------------------


def _region(tab: Tab, rows: Mapping[int, Cells], row: int, columns: Sequence[int], end: int) -> Region | None:
    """Read one list: its headings, and the rows below them up to the next list."""
    above = _from_above(rows, row, tab.merged)
    headings = {
        column: str(shown(value)).strip()
        for column in columns
        if (value := rows.get(row, {}).get(column, above.get(column))) is not None
    }
    if len(headings) < 2:
        return None
    wide = {
        area.first_row
        for area in tab.merged
        if area.first_row > row and area.last_column > area.first_column and area.first_column <= max(columns)
    }
    body: dict[int, Cells] = {}
    left: list[int] = []
    expected = row + 1
    inner: list[int] = []
    wanted = set(columns)
    for number in (each for each in rows if row < each < end):
        cells = {column: value for column, value in rows[number].items() if column in wanted}
        if not cells:
            continue
        alone = len(cells) < 2
        if (alone and (number > expected or number in wide)) or _is_note(cells):
            left.append(number)
            continue
        inner, left = [*inner, *left], []
        body[number] = {column: _value(value) for column, value in cells.items() if _value(value) is not None}
        expected = number + 1
    merged = [
        area
        for area in tab.merged
        if area.last_row >= row
        and area.first_row <= max(body, default=row)
        and area.first_column <= max(columns)
        and area.last_column >= min(columns)
    ]
    hindrances = [
        code for code, stands in (("merged", merged), ("between", inner), ("protected", tab.obstacle)) if stands
    ]
    caption = " ".join(text_of(value) for number in range(row - 3, row) for value in rows.get(number, {}).values())
    return Region(tab.title, row, headings, body, caption[:200], tuple(hindrances), (*inner, *left))


def _value(value: Value) -> Value:
    """Give what is taken from a cell: what people see; an error is nothing."""
    found = shown(value)
    return None if isinstance(found, CellError) else found


def _is_note(cells: Mapping[int, Value]) -> bool:
    """Say whether a row is a sum or a remark below a list."""
    text = plain(text_of(cells[min(cells)]))
    if len(cells) < 2:
        return any(f"{text} ".startswith(f"{word} ") for word in notes())
    return text in notes()
