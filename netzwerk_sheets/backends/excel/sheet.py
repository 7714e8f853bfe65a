"""One sheet without its rows: what stands around them is small, so it is held as a tree of spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.references import parse_area
from netzwerk_sheets.backends.excel.scan import Unusual, plain_body, scan_rows
from netzwerk_sheets.backends.excel.spans import Node, parse
from netzwerk_sheets.backends.excel.texts import plain
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Area, TableArea, Value

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.scan import Learnt
    from netzwerk_sheets.backends.excel.values import Reading


Rows = dict[int, dict[int, Value]]
_PREFIXED = re.compile(rb"<([\w.-]+:)worksheet[\s>]")
_ROOT_WITHIN = 4096


class Table(NamedTuple):
    """A marked table and the part it is kept in."""

    name: str
    part: str
    area: Area
    root: Node

    @property
    def has_totals(self) -> bool:
        """Whether the last row holds totals."""
        return self.root.number("totalsRowCount") > 0

    @property
    def has_header(self) -> bool:
        """Whether the first row holds the column names."""
        return self.root.number("headerRowCount", 1) > 0

    def shown(self) -> TableArea:
        """Give what the rest of the program knows of it."""
        return TableArea(self.name, self.area, self.has_totals)


def read_rows(data: bytes, part: str, reading: Reading, room: int, learnt: Learnt | None = None) -> tuple[Rows, Node]:
    """Read the filled cells of a sheet, and what stands around the rows; see `scan_rows`.

    Raises:
        WorkbookRefused: The sheet is broken or too large.
    """
    usual = data
    match = _PREFIXED.search(data[:_ROOT_WITHIN])
    if match:
        # No text can hold an opening bracket, so without their prefix the elements are spelled as usual.
        usual = data.replace(b"<" + match[1], b"<").replace(b"</" + match[1], b"</")
    try:
        span = plain_body(usual)
        return scan_rows(usual, span, reading, room, learnt), frame(usual, span, part)
    except Unusual:
        from netzwerk_sheets.backends.excel.slowscan import slow_rows

        found = slow_rows(data, part, reading, room)
        return found.rows, frame(data, (found.begin, found.end), part)


def frame(data: bytes, span: tuple[int, int], part: str) -> Node:
    """Give the tree of what stands around the rows; its positions are those of the part without the rows."""
    begin, end = span
    return parse(data if begin < 0 else data[:begin] + data[end:], part)


def merged_areas(root: Node) -> tuple[Area, ...]:
    """Give the merged areas; one that cannot be read is left to its author."""
    node = root.child("mergeCells")
    found = []
    for child in node.children if node else ():
        try:
            found.append(parse_area(child.get("ref")))
        except ValueError:
            continue
    return tuple(found)


def is_protected(root: Node) -> tuple[bool, bool]:
    """Tell whether the sheet is protected, and whether by a password."""
    node = root.child("sheetProtection")
    if node is None:
        return False, False
    password = any(node.get(name) for name in ("password", "hashValue"))
    return password or node.flag("sheet"), password


def read_tables(package: Package, sheet_part: str) -> tuple[Table, ...]:
    """Give the marked tables of a sheet."""
    found = []
    for relation in package.relations(sheet_part):
        if relation.kind != "table" or relation.external or not package.has(relation.target):
            continue
        root = package.tree(relation.target)
        try:
            area = parse_area(root.get("ref"))
        except ValueError as error:
            raise WorkbookRefused("reference-broken", part=relation.target, cell=root.get("ref")[:20]) from error
        name = plain(root.get("displayName") or root.get("name"))
        found.append(Table(name, relation.target, area, root))
    return tuple(found)
