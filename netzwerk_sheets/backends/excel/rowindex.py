"""Where the rows of a sheet lie, found by byte searches: a tree of a large sheet costs far more."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.references import LAST_ROW
from netzwerk_sheets.backends.excel.scan import Unusual, plain_body
from netzwerk_sheets.backends.excel.spans import local, quiet_parser
from netzwerk_sheets.errors import WorkbookRefused

_LAST = True
"""Tells expat that the bytes are the whole document."""

_ROW = re.compile(rb'<row\s(?:[^>]*?\s)?r="(\d+)"[^>]*>')
_ANY_ROW = re.compile(rb"<row[\s/>]")
_ROW_END = b"</row>"
_SMALL = 500_000
"""Up to so many bytes all rows are listed, in whatever order they stand."""


class RowSpan(NamedTuple):
    """Where one row lies: from the opening of its start tag to behind its end tag."""

    number: int
    start: int
    end: int


class RowIndex:
    """Finds rows of one sheet by number.

    Attributes:
        begin: Where the content of ``sheetData`` begins; -1 where there is none.
        end: Where it ends.
    """

    def __init__(self, data: bytes, part: str) -> None:
        """Find the rows' place; raises `WorkbookRefused` where the part is broken."""
        self._data = data
        self._all: list[RowSpan] | None = None
        try:
            self.begin, self.end = plain_body(data)
        except Unusual:
            reader = _SpanReader(data, part)
            self.begin, self.end, self._all = reader.begin, reader.end, reader.rows
        if self.begin < 0:
            raise WorkbookRefused("element-missing", part=part, element="sheetData")
        self._last: int | None = None
        self._large = self._all is None and self.end - self.begin > _SMALL

    def find(self, number: int) -> RowSpan | None:
        """Give the row of this number, or `None`."""
        if not self._large:
            return next((row for row in self._rows() if row.number == number), None)
        if self._beyond_last(number):
            return None
        mark = b'<row r="%d"' % number
        start = self._near(number)
        if start < 0 or not self._data.startswith(mark, start):
            # Perhaps the rows are not in order: only a look at all of them tells.
            start = self._data.find(mark, self.begin, self.end)
        if start >= 0:
            return RowSpan(number, start, self._row_end(start))
        return next((row for row in self._rows() if row.number == number), None)

    def _near(self, number: int) -> int:
        """Give the start of the first row that is not before this number, as far as the rows are in order."""
        low, high = self.begin, self.end
        while low < high:
            middle = (low + high) // 2
            start = self._data.find(b"<row ", middle, high)
            match = _ROW.match(self._data, start) if start >= 0 else None
            if match is None or int(match[1]) >= number:
                high = middle
            else:
                low = start + 1
        return self._data.find(b"<row ", low, self.end)

    def before(self, number: int) -> int:
        """Give the position where a missing row of this number belongs."""
        if self._large and self._beyond_last(number):
            return self.end
        return next((row.start for row in self._rows() if row.number > number), self.end)

    def _beyond_last(self, number: int) -> bool:
        """Tell whether the number lies behind the last row; asked of large sheets only, which are sorted."""
        if self._last is None:
            match = _ROW.match(self._data, self._data.rfind(b"<row ", self.begin, self.end))
            self._last = int(match[1]) if match else LAST_ROW
        return number > self._last

    def _row_end(self, start: int) -> int:
        opened = self._data.index(b">", start) + 1
        if self._data[opened - 2 : opened] == b"/>":
            return opened
        return self._data.index(_ROW_END, opened) + len(_ROW_END)

    def _rows(self) -> list[RowSpan]:
        if self._all is None:
            self._all = []
            previous = 0
            for place in _ANY_ROW.finditer(self._data, self.begin, self.end):
                match = _ROW.match(self._data, place.start())
                previous = int(match[1]) if match else previous + 1
                self._all.append(RowSpan(previous, place.start(), self._row_end(place.start())))
        return self._all


class _SpanReader:
    """Finds all rows with a real XML parser."""

    def __init__(self, data: bytes, part: str) -> None:
        self.data = data
        self.begin = self.end = -1
        self.rows: list[RowSpan] = []
        self.depth = self.number = self.start_at = self.count = 0
        self.parser = quiet_parser(part)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.finish
        try:
            self.parser.Parse(data, _LAST)
        except expat.ExpatError as error:
            raise WorkbookRefused("xml-broken", part=part) from error

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.count > guard.MOST_SLOW_ELEMENTS:
            raise WorkbookRefused("workbook-too-large", limit=guard.MOST_SLOW_ELEMENTS)
        name = local(tag)
        if self.depth == 2 and name == "sheetData":
            self.begin = self.data.index(b">", self.parser.CurrentByteIndex) + 1
        elif self.depth == 3 and name == "row" and self.end < 0 <= self.begin:
            spelled = attributes.get("r", "")
            self.number = int(spelled) if spelled.isdigit() else self.number + 1
            self.start_at = self.parser.CurrentByteIndex

    def finish(self, tag: str) -> None:
        name = local(tag)
        at = self.parser.CurrentByteIndex
        if self.depth == 3 and name == "row" and self.end < 0 <= self.begin:
            # An empty element ends where its tag ends; expat then stands behind it already.
            end = at if self._closes_itself() else self.data.index(b">", at) + 1
            self.rows.append(RowSpan(self.number, self.start_at, end))
        elif self.depth == 2 and name == "sheetData":
            self.end = self.begin if self.data[self.begin - 2 : self.begin] == b"/>" else at
        self.depth -= 1

    def _closes_itself(self) -> bool:
        opened = self.data.index(b">", self.start_at) + 1
        return self.data[opened - 2 : opened] == b"/>"
