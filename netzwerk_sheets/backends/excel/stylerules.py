"""Rules about how cells look: size of letters, contrast, wrapping, colours that stand for something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.colours import contrast, resolved, theme_colours
from netzwerk_sheets.backends.excel.formats import children, number_codes
from netzwerk_sheets.backends.excel.spans import Node, parse

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.package import Package

SMALLEST_FONT = 11
LEAST_CONTRAST = 4.5
_BLACK, _WHITE = "000000", "FFFFFF"
_RED = re.compile(r"\[(?:red|rot|color3|farbe3)\]", re.IGNORECASE)
_SIGN = re.compile(r"[-–−▲■●]|\"[^\"]+\"")


class Shape(NamedTuple):
    """How one cell format looks.

    Attributes:
        size: Points.
        ink: Colour of the text.
        ground: Colour behind it; empty where it cannot be told.
        wraps: Whether long text wraps.
        red_only: Whether negative numbers differ by nothing but red.
    """

    size: float
    ink: str
    ground: str
    wraps: bool
    red_only: bool


_PLAIN = Shape(SMALLEST_FONT, _BLACK, _WHITE, wraps=False, red_only=False)


class Styles:
    """The looks of a workbook, by cell format and by conditional format."""

    def __init__(self, package: Package, book: str) -> None:
        """Read the style sheet, if there is one."""
        part = package.related(book, "styles")
        self._theme = theme_colours(package, book)
        root = parse(package.read(part), part) if part else None
        self._fonts = children(root, "fonts") if root else []
        self._fills = children(root, "fills") if root else []
        self._codes = number_codes(root) if root else {}
        self._shapes = [self._shape(node) for node in (children(root, "cellXfs") if root else ())]
        self._rules = children(root, "dxfs") if root else []

    def shape(self, index: int) -> Shape:
        """Give the look of a cell format."""
        return self._shapes[index] if 0 <= index < len(self._shapes) else _PLAIN

    def _shape(self, node: Node) -> Shape:
        font = _at(self._fonts, node.number("fontId"))
        fill = _at(self._fills, node.number("fillId"))
        alignment = node.child("alignment")
        return Shape(
            _size(font),
            resolved(font.child("color") if font else None, self._theme) or _BLACK,
            self._ground(fill) or _WHITE,
            wraps=bool(alignment and alignment.flag("wrapText")),
            red_only=_is_red_only(self._codes.get(node.number("numFmtId"), "")),
        )

    def _ground(self, fill: Node | None) -> str:
        pattern = fill.child("patternFill") if fill else None
        if pattern is None or pattern.get("patternType", "none") != "solid":
            return ""
        return resolved(pattern.child("fgColor"), self._theme)

    def rule_contrast(self, index: int, cell: Shape) -> float:
        """Give the contrast of a conditional format over a cell; what it leaves open is the cell's."""
        rule = _at(self._rules, index)
        font = rule.child("font") if rule else None
        pattern = rule.find("fill", "patternFill") if rule else None
        ink = resolved(font.child("color") if font else None, self._theme) or cell.ink
        ground = (
            resolved(pattern.child("bgColor") or pattern.child("fgColor"), self._theme) if pattern else ""
        ) or cell.ground
        return contrast(ink, ground)


def _at(nodes: list[Node], index: int) -> Node | None:
    return nodes[index] if 0 <= index < len(nodes) else None


def _size(font: Node | None) -> float:
    node = font.child("sz") if font else None
    try:
        return float(node.get("val")) if node else SMALLEST_FONT
    except ValueError:
        return SMALLEST_FONT


def _is_red_only(code: str) -> bool:
    """Tell whether a section of the number format marks its numbers by red and by no sign or word."""
    return any(_RED.search(section) and not _SIGN.search(_RED.sub("", section)) for section in code.split(";"))
