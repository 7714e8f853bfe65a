"""What the style sheet says about values: which formats show dates, which belong to a named style."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.serials import format_kind
from netzwerk_sheets.backends.excel.texts import plain

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.spans import Node

OWN_STYLES = "NS "
"""The tool's named cell styles begin like this."""


class Formats(NamedTuple):
    """What each cell format (by its index) means.

    Attributes:
        kinds: ``date``, ``time`` or empty.
        styles: Name of the tool's own cell style it follows, or empty.
    """

    kinds: tuple[str, ...]
    styles: tuple[str, ...]


def read_formats(package: Package, book: str) -> Formats:
    """Read the style sheet; a workbook without one has a single plain format."""
    part = package.related(book, "styles")
    if part is None:
        return Formats(("",), ("",))
    root = package.tree(part)
    codes = number_codes(root)
    names = {
        node.number("xfId"): plain(node.get("name"))
        for node in children(root, "cellStyles")
        if plain(node.get("name")).startswith(OWN_STYLES)
    }
    kinds, styles = [], []
    for node in children(root, "cellXfs"):
        identifier = node.number("numFmtId")
        kinds.append(format_kind(identifier, codes.get(identifier, "")))
        styles.append(names.get(node.number("xfId"), ""))
    return Formats(tuple(kinds) or ("",), tuple(styles) or ("",))


def number_codes(root: Node) -> dict[int, str]:
    """Give the number formats that the file spells out, by their id."""
    return {node.number("numFmtId"): plain(node.get("formatCode")) for node in children(root, "numFmts")}


def children(root: Node, name: str) -> list[Node]:
    """Give the elements of one list of the style sheet; empty where the list is missing."""
    node = root.child(name)
    return node.children if node else []
