"""Rows of a sheet that are spelled alike: learnt from the first of them, each later one is taken apart at once.

In a table of many rows the cells of a column are spelled in two or three ways: empty, with a text, with a number. A
pattern of exactly these spellings, in the order of the columns, gives all texts of a row in one step. A row that is
spelled in any other way does not match, and is read cell by cell.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from netzwerk_sheets.grid import Value

WORTH_IT = 4_000_000
"""So many bytes of rows make up for the time that making the pattern takes."""

LOOKED_AT = 100
"""How many rows teach."""

_SPELLINGS = 6
"""How many spellings of one column count; more mean that hardly two rows are alike."""

_COLUMNS = 100
_LONGEST = 200
"""Letters of a spelling that is learnt; a hostile one would make a pattern of any size."""

_REMEMBERED = 4_000
"""How many texts of a column are kept; what repeats is met early, and names would only fill the memory."""

_PATIENCE = 200
"""How many more rows than not may be unlike what was learnt, before it is given up."""

_HEAD = r'[^<>]{0,60}?\sr="([1-9]\d{0,5})"[^<>]{0,200}>'
"""How a row begins; its length is limited so that a hostile one costs no time."""

_FILLED = re.compile(r'([^<>]*>(?:<is><t(?: xml:space="preserve")?>|<v>))[^<]+(</t></is></c>|</v></c>)')
_EMPTY = re.compile(r"[^<>]*(?:/>|></c>)")

Spelling = tuple[str, str]
"""What stands before a cell's text, from behind its reference, and what behind it; an empty cell has no second part."""


class _Texts(dict[str, "Value"]):
    """Text → value, for the cells of one column that are spelled alike, learnt on the way.

    Args:
        spelling: How they are spelled.
        read: Reads what follows a cell's reference.
    """

    def __init__(self, spelling: Spelling, read: Callable[[str], Value]) -> None:
        super().__init__()
        self.before, self.behind = spelling
        self.read = read
        self.is_text = self.before.endswith("<is><t>")

    def __missing__(self, text: str) -> Value:
        plain = self.is_text and "&" not in text and "_x" not in text
        value = text if plain else self.read(f"{self.before}{text}{self.behind}")
        if len(self) < _REMEMBERED:
            self[text] = value
        return value


class Alike:
    """Learns how the rows of one sheet are spelled, and reads those that are.

    Args:
        read: Reads what follows a cell's reference.
        column: Letters of a column → its number.
        size: How many bytes of rows there are; few are read as quickly without.
    """

    def __init__(self, read: Callable[[str], Value], column: Callable[[str], int], size: int = WORTH_IT) -> None:
        self._read, self._column = read, column
        self._seen: dict[str, dict[Spelling, int]] = {}
        self._lessons, self._patience = LOOKED_AT if size >= WORTH_IT else 0, _PATIENCE
        self._pattern: re.Pattern[str] | None = None
        self._columns: list[int] = []
        self._texts: list[_Texts] = []

    def cells(self, row: str) -> tuple[int, dict[int, Value]] | None:
        """Give the number of a row and its filled cells; `None` where it is not spelled as it was learnt.

        Args:
            row: The row from behind ``<row``.
        """
        if self._pattern is None:
            return None
        met = self._pattern.fullmatch(row)
        if met is None:
            self._patience -= 1
            if self._patience < 0:
                self._pattern = None
            return None
        self._patience += 1
        number, *found = met.groups()
        return int(number), {
            column: value
            for column, texts, text in zip(self._columns, self._texts, found, strict=True)
            if text is not None and (value := texts[text]) is not None
        }

    def learn(self, cells: list[str], mark: str) -> None:
        """Look at a row that was read cell by cell.

        Args:
            cells: Each from behind ``<c r="``.
            mark: The number of the row and the quote behind it.
        """
        if not self._lessons:
            return
        self._lessons -= 1
        for cell in cells:
            letters, _, rest = cell.partition(mark)
            met = _FILLED.fullmatch(rest)
            spelling = (met[1], met[2]) if met else (rest, "")
            if (met or _EMPTY.fullmatch(rest)) and len(spelling[0]) <= _LONGEST:
                times = self._seen.setdefault(letters, {})
                times[spelling] = times.get(spelling, 0) + 1
        if not self._lessons:
            self._settle()

    def _settle(self) -> None:
        """Make the pattern of all spellings that were met again; those of the header were not."""
        parts = []
        for letters in sorted(self._seen, key=self._column)[:_COLUMNS]:
            ways = []
            times = self._seen[letters]
            again = (spelling for spelling in sorted(times, key=times.__getitem__, reverse=True) if times[spelling] > 1)
            for spelling in islice(again, _SPELLINGS):
                before, behind = map(re.escape, spelling)
                ways.append(f"{before}([^<]+){behind}" if behind else before)
                if behind:
                    self._columns.append(self._column(letters))
                    self._texts.append(_Texts(spelling, self._read))
            if ways:
                parts.append(rf'(?:<c r="{letters}\1"(?:{"|".join(ways)}))?')
        if self._texts:
            self._pattern = re.compile(f"{_HEAD}{''.join(parts)}</row>\\s*", re.ASCII)
