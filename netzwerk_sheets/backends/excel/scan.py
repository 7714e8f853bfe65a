"""The quick way through the rows of a sheet: byte searches and a memory of spellings already met.

A cell is cut at its reference; what follows (``s="3" t="s"><v>7</v></c>``) is looked up whole among those met
before, since formats and vocabularies repeat. Anything spelled in an unexpected way raises `Unusual`, and the
slow reader takes the part from its beginning. So the quick way may be narrow, but never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.alike import Alike
from netzwerk_sheets.backends.excel.references import LAST_ROW, column_number
from netzwerk_sheets.backends.excel.texts import plain, spoken, unescape
from netzwerk_sheets.backends.excel.values import Reading, formula, number
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Scalar, Value

_WINDOW = 1 << 20
_REMEMBERED = 60_000
_DIGITS = 15
_MARKS_LOOKED_AT = 20_000
_ROW_NUMBER = re.compile(r'\sr="([1-9]\d{0,6})"', re.ASCII)
_ATTRIBUTE = re.compile(r'\s+([A-Za-z:]+)="([^"<]*)"', re.ASCII)
_LETTERS = re.compile(r"[A-Z]{1,3}")
_END_OF_VALUE = "</v></c>"
_END_OF_INLINE = "</t></is></c>"
_INLINE = re.compile(r"<t(?:\s[^<>]*)?>([^<]*)</t>", re.ASCII)


@cache
def _cell() -> re.Pattern[str]:
    """Compile the pattern of any plainly spelled cell; most workbooks never need it."""
    return re.compile(
        r'((?:\s+[A-Za-z:]+="[^"<>]*")*)\s*'
        r"(?:/>|>\s*(?:<f((?:\s+[A-Za-z0-9:]+=\"[^\"<>]*\")*)\s*(?:/>|>([^<]*)</f>)\s*)?"
        r"(?:<v(?:\s+xml:space=\"preserve\")?>([^<]*)</v>\s*|<v\s*/>\s*|<is>(.*?)</is>\s*|<is\s*/>\s*)?</c>)\s*",
        re.DOTALL | re.ASCII,
    )


class Unusual(Exception):
    """The part is spelled in a way the scanner does not know."""


class _Columns(dict[str, int]):
    """Letters → number, learnt on the way."""

    def __missing__(self, letters: str) -> int:
        if not _LETTERS.fullmatch(letters):
            raise Unusual
        try:
            place = column_number(letters)
        except ValueError as error:
            raise Unusual from error
        self[letters] = place
        return place


class _Converters(dict[str, Callable[[str], Scalar]]):
    """Attributes as spelled → converter, learnt on the way."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading

    def __missing__(self, spelled: str) -> Callable[[str], Scalar]:
        kind = style = ""
        position = 0
        while position < len(spelled):
            match = _ATTRIBUTE.match(spelled, position)
            if not match:
                raise Unusual
            if match[1] == "t":
                kind = match[2]
            elif match[1] == "s":
                style = match[2]
            elif match[1] == "r":
                raise Unusual
            position = match.end()
        converter = self[spelled] = self.reading.converter(kind, style)
        return converter


class _Values(dict[str, Value]):
    """What follows a cell's reference → value, learnt on the way."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.converters = _Converters(reading)

    def __missing__(self, rest: str) -> Value:
        value = self.read(rest)
        if len(self) < _REMEMBERED:
            self[rest] = value
        return value

    def read(self, rest: str) -> Value:
        """Read what is not remembered."""
        value: Value
        if rest.endswith(_END_OF_INLINE):
            spelled, mark, text = rest[:-13].partition("><is><t>")
            if not mark or "<" in text or self.converters[spelled] is None:
                value = self.careful(rest)
            else:
                value = (plain(_resolved(text)) if "&" in text or "_x" in text else text) or None
        elif rest.endswith(_END_OF_VALUE):
            spelled, mark, text = rest[:-8].partition("><v>")
            if not mark or "<" in text:
                value = self.careful(rest)
            elif "<" in spelled:
                value = self.calculated(spelled, text) or self.careful(rest)
            else:
                convert = self.converters[spelled]
                whole = convert is number and len(text) <= _DIGITS and text.isdigit() and text.isascii()
                value = int(text) if whole else convert(_resolved(text))
        else:
            value = self.careful(rest)
        return value

    def calculated(self, spelled: str, text: str) -> Value:
        """Read a formula spelled in the most usual way; `None` for any other."""
        spelled, _, own = spelled.partition("><f>")
        if "<" in spelled or "<" in own[:-3] or own[-3:] != "</f":
            return None
        cached = self.converters[spelled](_resolved(text))
        return formula(plain(_resolved(own[:-3])), cached, is_text='t="str"' in spelled)

    def careful(self, rest: str) -> Value:
        """Read every shape of a cell that is spelled plainly."""
        match = _cell().fullmatch(rest)
        if not match:
            raise Unusual
        spelled, about_formula, formula_text, text, inline = match.groups()
        cached: Scalar = None
        converter = self.converters[spelled]
        if inline is not None:
            pieces = _INLINE.findall(_spoken(inline))
            cached = plain("".join(map(_resolved, pieces))) or None
        elif text is not None:
            cached = converter(_resolved(text))
        if about_formula is None:
            return cached
        return formula(plain(_resolved(formula_text or "")), cached, is_text='t="str"' in spelled)


def _spoken(xml: str) -> str:
    try:
        return spoken(xml)
    except ValueError as error:
        raise Unusual from error


def _resolved(text: str) -> str:
    if "&" not in text:
        return text
    try:
        return unescape(text)
    except ValueError as error:
        raise Unusual from error


def plain_body(data: bytes) -> tuple[int, int]:
    """Give where the rows of a plainly spelled sheet begin and end; raises `Unusual` for any other."""
    declaration = data.find(b"?>", 0, 200) + 2 if data.lstrip()[:5] == b"<?xml" else 0
    if _holds(data, b"!", 0) or _holds(data, b"?", declaration):
        raise Unusual
    begin = data.find(b"<sheetData>")
    if begin < 0 or not data[declaration:begin].lstrip().startswith(b"<worksheet"):
        raise Unusual
    end = data.rfind(b"</sheetData>")
    if end < 0:
        raise Unusual
    return begin + len(b"<sheetData>"), end


def _holds(data: bytes, mark: bytes, start: int) -> bool:
    """Tell whether a comment or the like stands somewhere; the rarer second byte is found far quicker."""
    position = data.find(mark, start)
    for _ in range(_MARKS_LOOKED_AT):
        if position < 0:
            return False
        if data[position - 1 : position] == b"<":
            return True
        position = data.find(mark, position + 1)
    return data.find(b"<" + mark, position) >= 0 if position >= 0 else False


class Learnt:
    """What was learnt from the sheets of one workbook: formats and words come again from tab to tab.

    Args:
        reading: What is needed to read a cell.
    """

    def __init__(self, reading: Reading) -> None:
        """Know nothing yet."""
        self.reading = reading
        self.columns = _Columns()
        self.values = _Values(reading)

    def make_room(self) -> None:
        """Forget a large sheet, so that the next one can be learnt."""
        if len(self.values) > _REMEMBERED // 2:
            self.values = _Values(self.reading)


def scan_rows(
    data: bytes, span: tuple[int, int], reading: Reading, room: int, learnt: Learnt | None = None
) -> dict[int, dict[int, Value]]:
    """Read the rows between ``<sheetData>`` and its end.

    Args:
        data: The whole part.
        span: Where the rows begin and end.
        reading: What is needed to read a cell.
        room: How many filled cells may still come.
        learnt: What other sheets of the workbook taught.

    Raises:
        Unusual: The spelling is not the expected one; nothing of the result may be used.
        WorkbookRefused: There are too many filled cells, or a cell leads nowhere.
    """
    rows: dict[int, dict[int, Value]] = {}
    learnt = learnt or Learnt(reading)
    learnt.make_room()
    columns, values = learnt.columns, learnt.values
    alike = Alike(values.read, columns.__getitem__, span[1] - span[0])
    for row in _rows(data, *span):
        place, filled = alike.cells(row) or _by_cell(row, values, columns, alike)
        if filled:
            room -= len(filled)
            if room < 0:
                raise WorkbookRefused("workbook-too-large", limit=guard.MOST_CELLS)
            if rows.setdefault(place, filled) is not filled:
                raise Unusual
    return rows


def _by_cell(row: str, values: _Values, columns: _Columns, alike: Alike) -> tuple[int, dict[int, Value]]:
    """Read a row cell by cell; gives its number and the filled cells."""
    filled: dict[int, Value] = {}
    if "</c>" not in row and "<v" not in row and "<is" not in row and "<f" not in row:
        if "<" in row.partition(">")[0] or ">" not in row:
            raise Unusual  # its tag has no end
        return 0, filled
    inside, _, behind = row.rpartition("</row>")
    head, *cells = inside.split('<c r="')
    if "<c" in head or behind.strip():
        raise Unusual
    digits = _row_digits(head)
    mark = digits + '"'
    for cell in cells:
        letters, _, rest = cell.partition(mark)
        value = values[rest]
        if value is not None:
            filled[columns[letters]] = value
    alike.learn(cells, mark)
    return int(digits), filled


def _row_digits(head: str) -> str:
    match = _ROW_NUMBER.search(head)
    if not match or not 1 <= int(match[1]) <= LAST_ROW:
        raise Unusual
    return match[1]


def _rows(data: bytes, start: int, end: int) -> Iterator[str]:
    """Give each row from behind ``<row``, a window of the part at a time to bound the memory."""
    if data[start : start + 64].lstrip()[:4] not in {b"<row", b"</sh", b""}:
        raise Unusual
    while start < end:
        cut = end
        if end - start > _WINDOW:
            cut = data.rfind(b"<row", start + 1, start + _WINDOW)
            if cut < 0:
                cut = data.find(b"<row", start + _WINDOW, end)
            if cut < 0:
                cut = end
        yield from _window(data[start:cut]).split("<row")[1:]
        start = cut


def _window(data: bytes) -> str:
    """Decode whole rows at once; a value is then cut out as the text it is."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Unusual from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
