"""One sheet without its rows: what stands around them is small, so it is held as a tree of spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.references import parse_area
from netzwerk_sheets.backends.excel.scan import Unusual, plain_body, scan_rows
from netzwerk_sheets.backends.excel.spans import Node, head, parse
from netzwerk_sheets.backends.excel.texts import plain
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Area, TableArea, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.scan import Learnt
    from netzwerk_sheets.backends.excel.values import Reading


Rows = dict[int, dict[int, Value]]
_PREFIXED = re.compile(rb"<([\w.-]+:)worksheet[\s>]")
_ROOT_WITHIN = 4096
PROTECTED = "tab-protected"


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


def read_rows(
    data: bytes, part: str, reading: Reading, room: int, learnt: Learnt | None = None, *, asked: tuple[bytes, ...] = ()
) -> tuple[Rows, Node]:
    """Read the filled cells of a sheet, and what stands around the rows; see `scan_rows` and `frame`.

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
        return scan_rows(usual, span, reading, room, learnt), frame(usual, span, part, asked)
    except Unusual:
        from netzwerk_sheets.backends.excel.slowscan import slow_rows

        found = slow_rows(data, part, reading, room)
        return found.rows, frame(data, (found.begin, found.end), part, asked)


def frame(data: bytes, span: tuple[int, int], part: str, asked: tuple[bytes, ...] = ()) -> Node:
    """Give the tree of what stands around the rows; its positions are those of the part without the rows.

    Args:
        data: The whole part.
        span: Where the rows begin and end.
        part: Its name.
        asked: Names of the only elements that will be looked for; where none of them is, the root is enough.
    """
    begin, end = span
    around = data if begin < 0 else data[:begin] + data[end:]
    return head(around, part) if asked and not any(name in around for name in asked) else parse(around, part)


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


def obstacle(root: Node, *, own: bool) -> str:
    """Tell why nothing may be written into a tab, or give empty text.

    Protection without a password in a tab that the tool's names point into is the tool's own and no obstacle.
    """
    protected, password = is_protected(root)
    return PROTECTED if protected and (password or not own) else ""


def read_tables(package: Package, sheet_part: str) -> tuple[Table, ...]:
    """Give the marked tables of a sheet."""
    return tuple(_table(part, package.tree(part)) for part in _table_parts(package, sheet_part))


def table_areas(package: Package, sheet_part: str) -> tuple[TableArea, ...]:
    """Give what the rest of the program knows of the marked tables of a sheet; their columns are not looked at."""
    found = ((part, head(package.read(part), part)) for part in _table_parts(package, sheet_part))
    return tuple(_table(part, root).shown() for part, root in found)


def _table_parts(package: Package, sheet_part: str) -> Iterator[str]:
    for relation in package.relations(sheet_part):
        if relation.kind == "table" and not relation.external and package.has(relation.target):
            yield relation.target


def _table(part: str, root: Node) -> Table:
    try:
        area = parse_area(root.get("ref"))
    except ValueError as error:
        raise WorkbookRefused("reference-broken", part=part, cell=root.get("ref")[:20]) from error
    return Table(plain(root.get("displayName") or root.get("name")), part, area, root)
