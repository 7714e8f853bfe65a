"""The XML of a new marked table, with the alternative text that screen readers read out."""

from __future__ import annotations

from netzwerk_sheets.backends.excel.references import area_name, cell_name
from netzwerk_sheets.backends.excel.spaces import DECLARATION, Spaces
from netzwerk_sheets.backends.excel.texts import attribute, guarded
from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.grid import TabDesign, TableDesign, shown

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_ALTERNATIVE_TEXT = "{504A1905-F514-4f6f-8877-14C23A59335A}"
TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"


def table_xml(design: TabDesign, table: TableDesign, number: int, spaces: Spaces) -> bytes:
    """Spell the table.

    Args:
        design: The tab, for the texts of the header cells.
        table: The table.
        number: Its id, unique in the workbook.
        spaces: The namespaces of the workbook's flavour.

    Raises:
        WrongUse: A header cell is empty or stands twice, or there is no row below; nothing was written.
    """
    names = _header(design, table)
    columns = "".join(f'<tableColumn id="{index}" name="{column_name(name)}"/>' for index, name in enumerate(names, 1))
    area = area_name(table.area)
    title, description = attribute(guarded(table.title)), attribute(guarded(table.description))
    texts = f'altText="{title}" altTextSummary="{description}"'
    return (
        f'{DECLARATION}<table xmlns="{spaces.main}" id="{number}" name="{table.name}"'
        f' displayName="{table.name}" '
        f'ref="{area}" totalsRowShown="0"><autoFilter ref="{area}"/>'
        f'<tableColumns count="{len(names)}">{columns}</tableColumns>'
        '<tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>'
        f'<extLst><ext uri="{_ALTERNATIVE_TEXT}" xmlns:x14="{_X14}"><x14:table {texts}/></ext>'
        "</extLst></table>"
    ).encode()


def column_name(name: str) -> str:
    """Spell a column's name as an attribute; a line break has a spelling of its own there."""
    return attribute(guarded(name).replace("\n", "_x000a_"))


def _header(design: TabDesign, table: TableDesign) -> list[str]:
    area = table.area
    if area.last_row <= area.first_row:
        raise WrongUse("table-too-short", tab=design.title, table=table.name)
    names: list[str] = []
    for column in range(area.first_column, area.last_column + 1):
        cell = design.cells.get((area.first_row, column))
        text = shown(cell.value) if cell else None
        facts = {"tab": design.title, "table": table.name, "cell": cell_name(area.first_row, column)}
        if not isinstance(text, str) or not text.strip():
            raise WrongUse("table-header-empty", **facts)
        if text.lower() in {name.lower() for name in names}:
            raise WrongUse("table-header-twice", **facts)
        names.append(text)
    return names
