"""Colours as the style sheet names them, and how well two of them can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.spans import Node, parse

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.package import Package

# Position in the file's theme list ↔ number used by cells: the first two pairs are swapped.
_THEME_ORDER = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
_INDEXED = (
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF",
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF",
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080",
    "9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF",
    "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF",
    "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99",
    "3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696",
    "003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333",
    "000000", "FFFFFF",
)  # fmt: skip
_CUT = 0.03928


def theme_colours(package: Package, book: str) -> tuple[str, ...]:
    """Give the theme's colours as ``RRGGBB``, in the order cells count them; empty without a theme."""
    part = package.related(book, "theme")
    if part is None:
        return ()
    scheme = parse(package.read(part), part).find("themeElements", "clrScheme")
    found = [
        inner.get("lastClr") or inner.get("val")
        for node in (scheme.children if scheme else ())
        for inner in node.children[:1]
    ]
    return tuple(found[place] for place in _THEME_ORDER) if len(found) >= len(_THEME_ORDER) else ()


def resolved(node: Node | None, theme: tuple[str, ...]) -> str:
    """Give a colour element as ``RRGGBB``; empty where it is automatic or cannot be told."""
    if node is None or node.flag("auto"):
        return ""
    colour = node.get("rgb")[-6:]
    if "theme" in node.attributes:
        place = node.number("theme", -1)
        colour = theme[place] if 0 <= place < len(theme) else ""
    elif "indexed" in node.attributes:
        place = node.number("indexed", -1)
        colour = _INDEXED[place] if 0 <= place < len(_INDEXED) else ""
    try:
        return _tinted(colour, float(node.get("tint") or 0)) if colour else ""
    except (ValueError, OverflowError):
        return ""


def _tinted(colour: str, tint: float) -> str:
    parts = [int(colour[place : place + 2], 16) for place in (0, 2, 4)]
    if tint < 0:
        parts = [round(part * (1 + tint)) for part in parts]
    elif tint > 0:
        parts = [round(part + (255 - part) * tint) for part in parts]
    return "".join(f"{part:02X}" for part in parts)


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21.

    Source: WCAG 2.2, relative luminance and contrast ratio.
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= _CUT else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
