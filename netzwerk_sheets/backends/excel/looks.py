"""How a `Style` is spelled in a style sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.texts import attribute

if TYPE_CHECKING:
    from netzwerk_sheets.grid import Style

FONT = "Arial"
"""Exists in Excel and Google Sheets, and by its metrics in LibreOffice."""

_BUILT_IN = {
    "General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "h:mm": 20, "h:mm:ss":
    21, "@": 49,
}  # fmt: skip
_SIDES = ("left", "right", "top", "bottom")
NO_BORDER = "<border><left/><right/><top/><bottom/><diagonal/></border>"


def built_in(code: str) -> int | None:
    """Give the number of a format that every program knows, or `None`."""
    return _BUILT_IN.get(code)


def font_xml(style: Style) -> str:
    """Spell the font; the order of the children is the one the schema asks for."""
    marks = "".join(
        mark for mark, on in (("<b/>", style.bold), ("<i/>", style.italic), ("<u/>", style.underline)) if on
    )
    return (
        f'<font>{marks}<sz val="{style.size}"/><color rgb="FF{style.colour}"/>'
        f'<name val="{FONT}"/><family val="2"/></font>'
    )


def fill_xml(style: Style) -> str:
    """Spell the ground; empty where there is none."""
    if not style.fill:
        return ""
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{style.fill}"/><bgColor indexed="64"/>'
        "</patternFill></fill>"
    )


def border_xml(style: Style) -> str:
    """Spell the thin lines on all sides."""
    if not style.border:
        return NO_BORDER
    sides = "".join(f'<{side} style="thin"><color rgb="FF{style.border}"/></{side}>' for side in _SIDES)
    return f"<border>{sides}<diagonal/></border>"


def format_xml(style: Style, numbers: tuple[int, int, int, int], follows: int | None) -> str:
    """Spell a cell format.

    Args:
        style: The look.
        numbers: Indices of number format, font, fill and border.
        follows: Index of the named style it follows; `None` for the named style itself.
    """
    code, font, fill, border = numbers
    parent = "" if follows is None else f' xfId="{follows}"'
    wrap = ' wrapText="1"' if style.wrap else ""
    indent = f' indent="{style.indent}"' if style.indent else ""
    across = "" if style.horizontal == "general" else f' horizontal="{style.horizontal}"'
    return (
        f'<xf numFmtId="{code}" fontId="{font}" fillId="{fill}" borderId="{border}"{parent}'
        ' applyNumberFormat="1" '
        'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">'
        f'<alignment{across} vertical="{style.vertical}"{wrap}{indent}/>'
        f'<protection locked="{int(style.locked)}"/></xf>'
    )


def conditional_xml(style: Style) -> str:
    """Spell what a conditional format lays over a cell: weight, colours, lines."""
    marks = f'<b val="{int(style.bold)}"/><i val="{int(style.italic)}"/>'
    font = f'<font>{marks}<color rgb="FF{style.colour}"/></font>'
    fill = ""
    if style.fill:
        # Excel takes the background colour of a conditional fill, other programs the foreground colour.
        colours = f'<fgColor rgb="FF{style.fill}"/><bgColor rgb="FF{style.fill}"/>'
        fill = f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>'
    border = ""
    if style.border:
        border = "".join(f'<{side} style="thin"><color rgb="FF{style.border}"/></{side}>' for side in _SIDES)
        border = f"<border>{border}</border>"
    return f"<dxf>{font}{fill}{border}</dxf>"


def code_xml(identifier: int, code: str) -> str:
    """Spell a number format."""
    return f'<numFmt numFmtId="{identifier}" formatCode="{attribute(code)}"/>'
