"""The quick way through the rows of a sheet: byte searches and a memory of spellings already met.

A cell is cut at its reference; what follows (``s="3" t="s"><v>7</v></c>``) is looked up whole among those met
before, since formats and vocabularies repeat. Anything spelled in an unexpected way raises `Unusual`, and the
slow reader takes the part from its beginning. So the quick way may be narrow, but never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.references import LAST_ROW, column_number
from netzwerk_sheets.backends.excel.texts import plain, unescape
from netzwerk_sheets.backends.excel.values import Reading, formula, number
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Scalar, Value

_WINDOW = 1 << 20
_REMEMBERED = 60_000
_DIGITS = 15
_MARKS_LOOKED_AT = 20_000
_ROW_NUMBER = re.compile(rb'\sr="(\d{1,7})"')
_ATTRIBUTE = re.compile(rb'\s+([A-Za-z:]+)="([^"<]*)"')
_LETTERS = re.compile(rb"[A-Z]{1,3}")
_END_OF_VALUE = b"</v></c>"
_END_OF_INLINE = b"</t></is></c>"
_CELL = re.compile(
    rb'((?:\s+[A-Za-z:]+="[^"<>]*")*)\s*'
    rb"(?:/>|>\s*(?:<f((?:\s+[A-Za-z0-9:]+=\"[^\"<>]*\")*)\s*(?:/>|>([^<]*)</f>)\s*)?"
    rb"(?:<v(?:\s+xml:space=\"preserve\")?>([^<]*)</v>\s*|<v\s*/>\s*|<is>(.*?)</is>\s*|<is\s*/>\s*)?</c>)\s*",
    re.DOTALL,
)
_PHONETIC = re.compile(rb"<rPh[\s>].*?</rPh>", re.DOTALL)
_INLINE = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")


class Unusual(Exception):
    """The part is spelled in a way the scanner does not know."""


class _Columns(dict[bytes, int]):
    """Letters → number, learnt on the way."""

    def __missing__(self, letters: bytes) -> int:
        if not _LETTERS.fullmatch(letters):
            raise Unusual
        try:
            place = column_number(letters.decode())
        except ValueError as error:
            raise Unusual from error
        self[letters] = place
        return place


class _Converters(dict[bytes, Callable[[str], Scalar]]):
    """Attributes as spelled → converter, learnt on the way."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading

    def __missing__(self, spelled: bytes) -> Callable[[str], Scalar]:
        kind = style = ""
        position = 0
        while position < len(spelled):
            match = _ATTRIBUTE.match(spelled, position)
            if not match:
                raise Unusual
            if match[1] == b"t":
                kind = match[2].decode()
            elif match[1] == b"s":
                style = match[2].decode()
            elif match[1] == b"r":
                raise Unusual
            position = match.end()
        converter = self[spelled] = self.reading.converter(kind, style)
        return converter


class _Values(dict[bytes, Value]):
    """What follows a cell's reference → value, learnt on the way."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.converters = _Converters(reading)

    def __missing__(self, rest: bytes) -> Value:
        value: Value
        if rest.endswith(_END_OF_VALUE):
            spelled, mark, text = rest[:-8].partition(b"><v>")
            if b"<" in text or not mark:
                value = self.careful(rest)
            elif b"<" in spelled:
                value = self.calculated(spelled, text) or self.careful(rest)
            else:
                convert = self.converters[spelled]
                whole = convert is number and len(text) <= _DIGITS and text.isdigit()
                value = int(text) if whole else convert(_decoded(text))
        elif rest.endswith(_END_OF_INLINE):
            spelled, mark, text = rest[:-13].partition(b"><is><t>")
            plainly = bool(mark) and b"<" not in text and self.converters[spelled] is not None
            value = (plain(_decoded(text)) or None) if plainly else self.careful(rest)
        else:
            value = self.careful(rest)
        if len(self) < _REMEMBERED:
            self[rest] = value
        return value

    def calculated(self, spelled: bytes, text: bytes) -> Value:
        """Read a formula spelled in the most usual way; `None` for any other."""
        spelled, _, own = spelled.partition(b"><f>")
        if b"<" in spelled or b"<" in own[:-3] or own[-3:] != b"</f":
            return None
        cached = self.converters[spelled](_decoded(text))
        return formula(plain(_decoded(own[:-3])), cached, is_text=b't="str"' in spelled)

    def careful(self, rest: bytes) -> Value:
        """Read every shape of a cell that is spelled plainly."""
        match = _CELL.fullmatch(rest)
        if not match:
            raise Unusual
        spelled, about_formula, formula_text, text, inline = match.groups()
        cached: Scalar = None
        converter = self.converters[spelled]
        if inline is not None:
            pieces = _INLINE.findall(_PHONETIC.sub(b"", inline))
            cached = plain("".join(_decoded(piece) for piece in pieces)) or None
        elif text is not None:
            cached = converter(_decoded(text))
        if about_formula is None:
            return cached
        return formula(plain(_decoded(formula_text or b"")), cached, is_text=b't="str"' in spelled)


def _decoded(text: bytes) -> str:
    try:
        found = text.decode()
        if "&" in found or "\r" in found:
            found = unescape(found.replace("\r\n", "\n").replace("\r", "\n"))
    except ValueError as error:
        raise Unusual from error
    return found


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


def scan_rows(data: bytes, span: tuple[int, int], reading: Reading, room: int) -> dict[int, dict[int, Value]]:
    """Read the rows between ``<sheetData>`` and its end.

    Args:
        data: The whole part.
        span: Where the rows begin and end.
        reading: What is needed to read a cell.
        room: How many filled cells may still come.

    Raises:
        Unusual: The spelling is not the expected one; nothing of the result may be used.
        WorkbookRefused: There are too many filled cells, or a cell leads nowhere.
    """
    rows: dict[int, dict[int, Value]] = {}
    columns = _Columns()
    values = _Values(reading)
    for row in _rows(data, *span):
        if b"</c>" not in row and b"<v" not in row and b"<is" not in row and b"<f" not in row:
            continue
        head, *cells = row[: row.rfind(b"</row>")].split(b'<c r="')
        if b"<c" in head:
            raise Unusual
        digits = _row_digits(head)
        mark = digits + b'"'
        filled: dict[int, Value] = {}
        for cell in cells:
            letters, _, rest = cell.partition(mark)
            value = values[rest]
            if value is not None:
                filled[columns[letters]] = value
        if filled:
            room -= len(filled)
            if room < 0:
                raise WorkbookRefused("workbook-too-large", limit=guard.MOST_CELLS)
            if rows.setdefault(int(digits), filled) is not filled:
                raise Unusual
    return rows


def _row_digits(head: bytes) -> bytes:
    match = _ROW_NUMBER.search(head)
    if not match or not 1 <= int(match[1]) <= LAST_ROW:
        raise Unusual
    return match[1]


def _rows(data: bytes, start: int, end: int) -> Iterator[bytes]:
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
        window = data[start:cut].split(b"<row")
        yield from window[1:]
        start = cut
