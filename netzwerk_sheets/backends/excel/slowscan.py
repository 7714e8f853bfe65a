"""The slow way through the rows of a sheet: a real XML parser, for parts spelled in any legal way."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.references import LAST_COLUMN, LAST_ROW, MOST_DIGITS, cell_name, parse_cell
from netzwerk_sheets.backends.excel.spans import local, quiet_parser
from netzwerk_sheets.backends.excel.texts import plain
from netzwerk_sheets.backends.excel.values import Reading, formula
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from netzwerk_sheets.grid import Scalar, Value


_LAST = True
"""Tells expat that the bytes are the whole document."""


class SlowSheet:
    """What the slow reader found.

    Attributes:
        rows: Filled cells.
        begin: Where the content of ``sheetData`` begins; -1 where there is none.
        end: Where it ends.
    """

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, Value]] = {}
        self.begin = self.end = -1


def slow_rows(data: bytes, part: str, reading: Reading, room: int) -> SlowSheet:
    """Read a sheet.

    Raises:
        WorkbookRefused: It is no well-formed XML, a reference cannot be read, or there are too many cells.
    """
    reader = _Reader(data, part, reading, room)
    try:
        reader.parser.Parse(data, _LAST)
    except expat.ExpatError as error:
        raise WorkbookRefused("xml-broken", part=part) from error
    return reader.found


class _Reader:
    """Follows ``row``, ``c`` and what stands in a cell."""

    def __init__(self, data: bytes, part: str, reading: Reading, room: int) -> None:
        self.data, self.part, self.reading, self.room = data, part, reading, room
        self.found = SlowSheet()
        self.depth = self.count = 0
        self.inside = 0
        self.phonetic = 0
        self.row = self.column = 0
        self.cell: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.into = ""
        self.converters: dict[tuple[str, str], Callable[[str], Scalar]] = {}
        self.parser = quiet_parser(part)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.finish
        self.parser.CharacterDataHandler = self.characters

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self.depth += 1
        self.count += 1
        if self.count > guard.MOST_SLOW_ELEMENTS:
            raise WorkbookRefused("workbook-too-large", limit=guard.MOST_SLOW_ELEMENTS)
        if not self.inside:
            # A sheet's rows are a child of its root; the same word deeper down is something else.
            if name == "sheetData" and self.depth == 2:
                self.inside = self.depth
                self.found.begin = self.data.index(b">", self.parser.CurrentByteIndex) + 1
            return
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "rPh":
            self.phonetic += 1
        elif name == "t" and not self.phonetic:
            self.into = "t"
            self.texts.setdefault("t", "")
        elif name in {"f", "v"}:
            self.into = name
            self.texts.setdefault(name, "")

    def _start_row(self, attributes: dict[str, str]) -> None:
        spelled = attributes.get("r", str(self.row + 1))
        if not spelled.isdecimal() or len(spelled) > MOST_DIGITS or not 1 <= int(spelled) <= LAST_ROW:
            raise WorkbookRefused("reference-broken", part=self.part, cell=spelled[:20])
        self.row, self.column = int(spelled), 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.cell, self.texts, self.into = attributes, {}, ""
        spelled = attributes.get("r")
        if spelled is None:
            self.column += 1
            return
        try:
            self.row, self.column = parse_cell(spelled)
        except ValueError as error:
            raise WorkbookRefused("reference-broken", part=self.part, cell=spelled[:20]) from error

    def finish(self, tag: str) -> None:
        name = local(tag)
        if self.inside:
            if name == "c":
                self._finish_cell()
            elif name == "rPh":
                self.phonetic -= 1
            elif name in {"t", "f", "v"}:
                self.into = ""
            elif self.depth == self.inside:
                self.inside = 0
                closes_itself = self.data[self.found.begin - 2 : self.found.begin] == b"/>"
                self.found.end = self.found.begin if closes_itself else self.parser.CurrentByteIndex
        self.depth -= 1

    def _finish_cell(self) -> None:
        if not self.texts:
            return
        value = self._value()
        if value is None:
            return
        if self.column > LAST_COLUMN:
            raise WorkbookRefused("reference-broken", part=self.part, cell=cell_name(self.row, self.column))
        self.room -= 1
        if self.room < 0:
            raise WorkbookRefused("workbook-too-large", limit=guard.MOST_CELLS)
        self.found.rows.setdefault(self.row, {})[self.column] = value

    def _value(self) -> Value:
        kind = self.cell.get("t", "")
        key = kind, self.cell.get("s", "")
        if key not in self.converters:
            self.converters[key] = self.reading.converter(*key)
        cached: Scalar = None
        if "t" in self.texts:
            cached = plain(self.texts["t"]) or None
        elif "v" in self.texts:
            cached = self.converters[key](self.texts["v"])
        if "f" not in self.texts:
            return cached
        return formula(plain(self.texts["f"]), cached, is_text=kind == "str")

    def characters(self, text: str) -> None:
        if self.into:
            self.texts[self.into] += text
