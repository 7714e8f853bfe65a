"""The XML of a new tab, written straight from its design.

No library in between: it would cost half a second to load, forget cached values and alternative texts, and
its styles would have to be moved over afterwards.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import heights
from netzwerk_sheets.backends.excel.cellxml import cell_xml
from netzwerk_sheets.backends.excel.links import is_outside
from netzwerk_sheets.backends.excel.references import area_name, cell_name
from netzwerk_sheets.backends.excel.spaces import DECLARATION, Spaces
from netzwerk_sheets.backends.excel.texts import attribute, escape, guarded, length
from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.grid import Area, Cell, Choice, Page, TabDesign, Validation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netzwerk_sheets.backends.excel.stylesheet import Stylesheet

_LONGEST = {"title": 32, "prompt": 255, "error": 225, "options": 255}
_PAGE_CODES = re.compile("&(?![PNA&])")
_A4 = 9


def sheet_xml(
    design: TabDesign,
    styles: Stylesheet,
    spaces: Spaces,
    links: Mapping[tuple[int, int], str],
    parts: tuple[str, list[str]],
    *,
    from_1904: bool,
    selected: bool,
) -> bytes:
    """Spell the sheet.

    Args:
        design: What it shall show.
        styles: Where its formats are found or made.
        spaces: The namespaces of the workbook's flavour.
        links: Cell → relationship id, for links that lead outside.
        parts: Relationship ids of the drawing (or empty) and of the tables.
        from_1904: Whether the workbook counts days from 1904.
        selected: Whether the workbook opens on this tab.

    Raises:
        WrongUse: The design asks for what a workbook cannot hold; nothing was written.
    """
    drawing, tables = parts
    pieces = (
        f'{DECLARATION}<worksheet xmlns="{spaces.main}" xmlns:r="{spaces.relations}">',
        _properties(design),
        f'<dimension ref="{area_name(_extent(design))}"/>',
        _view(design, selected=selected),
        '<sheetFormatPr defaultRowHeight="15"/>',
        _columns(design, styles.scale),
        "<sheetData>",
        *_rows(design, styles, from_1904=from_1904),
        "</sheetData>",
        *_highlights(design, styles),
        _validations(design),
        _links(design, links),
        '<pageMargins left="0.5" right="0.5" top="0.8" bottom="0.7" header="0.4" footer="0.35"/>',
        _page_setup(design.page),
        _header_footer(design.page),
        _breaks(design.page),
        f'<drawing r:id="{drawing}"/>' if drawing else "",
        _listed("tableParts", [f'<tablePart r:id="{table}"/>' for table in tables]),
        "</worksheet>",
    )
    return "".join(pieces).encode()


def _listed(name: str, items: list[str]) -> str:
    return f'<{name} count="{len(items)}">{"".join(items)}</{name}>' if items else ""


def _properties(design: TabDesign) -> str:
    colour = f'<tabColor rgb="FF{design.colour}"/>' if design.colour else ""
    return f'<sheetPr>{colour}<pageSetUpPr fitToPage="1"/></sheetPr>'


def _extent(design: TabDesign) -> Area:
    if not design.cells:
        return Area(1, 1, 1, 1)
    rows = [row for row, _ in design.cells]
    columns = [column for _, column in design.cells]
    return Area(min(rows), min(columns), max(rows), max(columns))


def _view(design: TabDesign, *, selected: bool) -> str:
    rows, columns = design.frozen
    chosen = ' tabSelected="1"' if selected else ""
    cursor = 'activeCell="A1" sqref="A1"/>'
    if not rows and not columns:
        return f'<sheetViews><sheetView{chosen} workbookViewId="0"><selection {cursor}</sheetView></sheetViews>'
    across = f' xSplit="{columns}"' if columns else ""
    down = f' ySplit="{rows}"' if rows else ""
    panes = ["topRight"] * bool(columns) + ["bottomLeft"] * bool(rows) + ["bottomRight"] * bool(rows and columns)
    selections = "".join(f'<selection pane="{pane}" {cursor}' for pane in panes)
    return (
        f'<sheetViews><sheetView{chosen} workbookViewId="0"><pane{across}{down} '
        f'topLeftCell="{cell_name(rows + 1, columns + 1)}" activePane="{panes[-1]}" state="frozen"/>'
        f"{selections}</sheetView></sheetViews>"
    )


def _columns(design: TabDesign, scale: float) -> str:
    items = "".join(
        f'<col min="{column}" max="{column}" width="{width * scale:g}" customWidth="1"/>'
        for column, width in sorted(design.widths.items())
    )
    return f"<cols>{items}</cols>" if items else ""


def _rows(design: TabDesign, styles: Stylesheet, *, from_1904: bool) -> Iterator[str]:
    places = sorted({*design.cells, *((row, 0) for row in design.heights)})
    for row, places_of_row in groupby(places, key=lambda place: place[0]):
        cells = [(place, design.cells[place]) for place in places_of_row if place in design.cells]
        yield f'<row r="{row}"{_height(design, row, cells, styles)}>'
        for place, cell in cells:
            if cell.value is not None or cell.role:
                style = styles.fit(styles.role(cell.role) if cell.role else 0, cell.value)
                yield cell_xml(place, style, cell.value, from_1904=from_1904)
        yield "</row>"


def _height(design: TabDesign, row: int, cells: list[tuple[tuple[int, int], Cell]], styles: Stylesheet) -> str:
    if row in design.heights:
        return f' ht="{design.heights[row] * styles.scale:g}" customHeight="1"'
    points = [
        heights.needed(
            cell.value, styles.style(cell.role), design.widths.get(place[1], heights.PLAIN_WIDTH) * styles.scale
        )
        for place, cell in cells
        if cell.role and cell.value is not None
    ]
    return f' ht="{max(points):g}"' if points else ""


def _highlights(design: TabDesign, styles: Stylesheet) -> Iterator[str]:
    for priority, highlight in enumerate(design.highlights, 1):
        yield (
            f'<conditionalFormatting sqref="{area_name(highlight.area)}"><cfRule type="expression" '
            f'dxfId="{styles.conditional(highlight.role)}" priority="{priority}">'
            f"<formula>{escape(highlight.formula.removeprefix('='))}</formula></cfRule></conditionalFormatting>"
        )


# --- guidance ----------------------------------------------------------------------------------------------


def _validations(design: TabDesign) -> str:
    return _listed("dataValidations", [_validation(design.title, one) for one in design.validations])


def _validation(tab: str, one: Validation) -> str:
    for name, text in (("title", one.title), ("prompt", one.prompt), ("error", one.error)):
        if length(text) > _LONGEST[name]:
            facts = {"tab": tab, "cell": area_name(one.area), "part": name}
            raise WrongUse("hint-too-long", **facts, length=length(text), limit=_LONGEST[name])
    warns = ' errorStyle="warning" showErrorMessage="1"' if one.error else ""
    kind = {Choice.LIST: "list", Choice.RANGE: "list", Choice.DATE: "date", Choice.WHOLE: "whole"}.get(one.choice)
    asks = "" if kind is None else f' type="{kind}"' + ("" if kind == "list" else ' operator="greaterThanOrEqual"')
    texts = "".join(
        f' {name}="{attribute(guarded(text))}"'
        for name, text in (
            ("errorTitle", one.title if one.error else ""),
            ("error", one.error),
            ("promptTitle", one.title),
            ("prompt", one.prompt),
        )
        if text
    )
    formula = f"<formula1>{escape(_usual(tab, one))}</formula1>" if kind else ""
    where = f'{texts} sqref="{area_name(one.area)}"'
    head = f'<dataValidation{asks}{warns} allowBlank="1" showInputMessage="1"{where}'
    return f"{head}>{formula}</dataValidation>" if formula else f"{head}/>"


def _usual(tab: str, one: Validation) -> str:
    if one.choice is Choice.RANGE:
        return one.options[0].removeprefix("=")
    if one.choice is Choice.LIST:
        words = ",".join(one.options)
        if length(words) > _LONGEST["options"]:
            facts = {"tab": tab, "cell": area_name(one.area), "part": "options"}
            raise WrongUse("hint-too-long", **facts, length=length(words), limit=_LONGEST["options"])
        return '"' + words.replace('"', '""') + '"'
    # The first day of the calendar, the smallest number that counts something.
    return "1" if one.choice is Choice.DATE else "0"


# --- links and print ---------------------------------------------------------------------------------------


def _links(design: TabDesign, outside: Mapping[tuple[int, int], str]) -> str:
    items = []
    for place, cell in sorted(design.cells.items()):
        if cell.link and is_outside(cell.link):
            items.append(f'<hyperlink ref="{cell_name(*place)}" r:id="{outside[place]}"/>')
        elif cell.link:
            target = attribute(cell.link.removeprefix("#"))
            items.append(f'<hyperlink ref="{cell_name(*place)}" location="{target}"/>')
    return f"<hyperlinks>{''.join(items)}</hyperlinks>" if items else ""


def _page_setup(page: Page) -> str:
    orientation = "landscape" if page.landscape else "portrait"
    return f'<pageSetup paperSize="{_A4}" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'


def _breaks(page: Page) -> str:
    items = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in page.breaks)
    count = len(page.breaks)
    return f'<rowBreaks count="{count}" manualBreakCount="{count}">{items}</rowBreaks>' if items else ""


def _header_footer(page: Page) -> str:
    header = _line(page.header_left, page.header_right)
    footer = _line(page.footer_left, page.footer_right)
    top = f"<oddHeader>{escape(header)}</oddHeader>" if header else ""
    bottom = f"<oddFooter>{escape(footer)}</oddFooter>" if footer else ""
    return f"<headerFooter>{top}{bottom}</headerFooter>" if top or bottom else ""


def _line(left: str, right: str) -> str:
    """Spell one line; ``&P``, ``&N`` and ``&A`` stay codes, every other ampersand is meant as one."""
    return "".join(
        f'&{side}&"Arial,Regular"{_PAGE_CODES.sub("&&", guarded(text))}'
        for side, text in (("L", left), ("R", right))
        if text
    )
