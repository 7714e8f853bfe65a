"""Which cells of a tab follow one of the tool's own named cell styles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from netzwerk_sheets.backends.excel.references import parse_cell
from netzwerk_sheets.backends.excel.scan import Unusual, plain_body
from netzwerk_sheets.backends.excel.spans import local, quiet_parser
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Container

    from netzwerk_sheets.backends.excel.formats import Formats

_LAST = True
"""Tells expat that the bytes are the whole document."""

_ANY = re.compile(rb"<c[\s/>]")
_CELL = re.compile(rb'<c\s(?=[^>]*?\br="([A-Z]+)([1-9]\d{0,6})")(?=[^>]*?\bs="(\d+)"|)')
_USUAL = re.compile(rb'<c r="([A-Z]+)([1-9]\d{0,6})"(?: s="(\d+)")?(?: t="\w+")?/?>')
"""A cell spelled as nearly all are; not to search its tag for what is asked takes half of the time."""


def read_roles(data: bytes, part: str, formats: Formats) -> dict[tuple[int, int], str]:
    """Give (row, column) → style name.

    Raises:
        WorkbookRefused: The sheet is broken.
    """
    own = {index: name for index, name in enumerate(formats.styles) if name}
    return {place: own[index] for place, index in read_shapes(data, part, own).items()} if own else {}


def read_shapes(data: bytes, part: str, only: Container[int] | None = None) -> dict[tuple[int, int], int]:
    """Give (row, column) → cell format, for all cells that state one.

    Args:
        data: The whole part.
        part: Its name.
        only: The formats that are looked for; by default all.

    Raises:
        WorkbookRefused: The sheet is broken.
    """
    try:
        found = _quick(data)
    except Unusual:
        shapes = _slow(data, part)
        return shapes if only is None else {place: index for place, index in shapes.items() if index in only}
    formats = {spelled: int(spelled) for spelled in {cell[2] for cell in found} if spelled}
    wanted = {spelled for spelled, index in formats.items() if only is None or index in only}
    columns = {letters: _column(letters, part) for letters in {cell[0] for cell in found}}
    return {(int(row), columns[letters]): formats[spelled] for letters, row, spelled in found if spelled in wanted}


def _quick(data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Give letters, row and format of every cell; raises `Unusual` where one is spelled so that none can be seen."""
    begin, end = plain_body(data)
    found = _USUAL.findall(data, begin, end)
    if len(found) != data.count(b"<c", begin, end):
        found = _CELL.findall(data, begin, end)
        if len(found) != len(_ANY.findall(data, begin, end)):
            raise Unusual
    return found


def _column(letters: bytes, part: str) -> int:
    return _place(f"{letters.decode()}1", part)[1]


def _place(spelled: str, part: str) -> tuple[int, int]:
    try:
        return parse_cell(spelled)
    except ValueError as error:
        raise WorkbookRefused("reference-broken", part=part, cell=spelled[:20]) from error


def _slow(data: bytes, part: str) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    place = [0, 0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "row":
            spelled = attributes.get("r", "")
            place[:] = [int(spelled) if spelled.isdigit() else place[0] + 1, 0]
        elif name == "c":
            spelled = attributes.get("r", "")
            place[:] = _place(spelled, part) if spelled else (place[0], place[1] + 1)
            shape = attributes.get("s", "")
            if shape.isdigit():
                found[place[0], place[1]] = int(shape)

    parser = quiet_parser(part)
    parser.StartElementHandler = start
    try:
        parser.Parse(data, _LAST)
    except (ExpatError, ValueError) as error:
        raise WorkbookRefused("xml-broken", part=part) from error
    return found
