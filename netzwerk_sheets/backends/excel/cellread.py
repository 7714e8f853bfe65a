"""Single cells from their elements, and whether two values are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.references import parse_cell
from netzwerk_sheets.backends.excel.texts import plain
from netzwerk_sheets.backends.excel.values import formula
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Formula, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.backends.excel.spans import Node
    from netzwerk_sheets.backends.excel.values import Reading


def cells_by_column(row: Node) -> dict[int, Node]:
    """Give the cells of a row by column; one without a reference follows its neighbour."""
    places: dict[int, Node] = {}
    column = 0
    for node in row.named("c"):
        column = _column(node, column)
        places[column] = node
    return places


def _column(node: Node, previous: int) -> int:
    spelled = node.get("r")
    if not spelled:
        return previous + 1
    try:
        return parse_cell(spelled)[1]
    except ValueError as error:
        raise WorkbookRefused("reference-broken", cell=spelled[:20]) from error


def cell_value(node: Node, reading: Reading) -> Value:
    """Read one cell from its element."""
    kind = node.get("t")
    own, shown_value, inline = node.child("f"), node.child("v"), node.child("is")
    cached: Scalar = None
    if inline is not None:
        cached = plain("".join(_runs(inline))) or None
    elif shown_value is not None:
        cached = reading.converter(kind, node.get("s"))(shown_value.text)
    if own is None:
        return cached
    return formula(plain(own.text), cached, is_text=kind == "str")


def _runs(node: Node) -> Iterable[str]:
    for child in node.children:
        if child.name == "t":
            yield child.text
        elif child.name == "r":
            yield from (text.text for text in child.named("t"))


def same(one: Value, other: Value) -> bool:
    """Tell whether two values are the same, kind included; an empty text is an empty cell."""
    if isinstance(one, Formula) and isinstance(other, Formula):
        return one.text.removeprefix("=") == other.text.removeprefix("=") and same(one.cached, other.cached)
    one = None if one == "" else one
    other = None if other == "" else other
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return one == other and (type(one) is type(other) or isinstance(one, int | float))
