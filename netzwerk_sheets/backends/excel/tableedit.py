"""Changing marked tables: where they end, and the column names that repeat what their header cells say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.references import LAST_ROW, area_name, cell_name, overlap, parse_area
from netzwerk_sheets.backends.excel.spans import parse
from netzwerk_sheets.backends.excel.tablexml import column_name
from netzwerk_sheets.backends.excel.texts import guarded, plain
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Area, ResizeTable, SetCell, shown

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.sheet import Table
    from netzwerk_sheets.backends.excel.spans import Node, Xml


def resize(package: Package, tables: tuple[Table, ...], edit: ResizeTable, cells: list[SetCell]) -> None:
    """Let a table end at another row or column, its filter with it.

    Args:
        package: The workbook.
        tables: The marked tables of the tab.
        edit: What is asked for.
        cells: The cells written together with it; they name new columns.

    Raises:
        WorkbookRefused: There is no such table, it has a totals row, it comes from a query, the row is not
            below its header, or another table stands in the way.
    """
    table = next((table for table in tables if table.name.lower() == edit.table.lower()), None)
    facts = {"tab": edit.tab, "table": edit.table}
    if table is None:
        raise WorkbookRefused("table-missing", **facts)
    last_column = edit.last_column or table.area.last_column
    if (table.area.last_row, table.area.last_column) == (edit.last_row, last_column):
        return
    area = _ending_at(table.area, edit.last_row, last_column)
    reason = _hindrance(table, tables, area)
    if reason:
        raise WorkbookRefused(reason, **facts)
    xml = package.xml(table.part)
    xml.set(xml.root, ref=area_name(area))
    if xml.root.flag("insertRow"):
        xml.set(xml.root, insertRow=None)
    for node in xml.root.named("autoFilter"):
        filtered = _area_of(node)
        if filtered and filtered.last_row == table.area.last_row:
            xml.set(node, ref=area_name(_ending_at(filtered, edit.last_row, last_column)))
    if last_column != table.area.last_column:
        _reshape(xml, table, area, edit.tab, cells)
        names = [plain(node.get("name")) for node in _columns(table.root)]
        gone = set(names) - {plain(node.get("name")) for node in _columns(parse(xml.out(), table.part))}
        _check_formulas(package, table, edit.tab, sorted(gone))
    package.write(table.part, xml.out())


def _hindrance(table: Table, tables: tuple[Table, ...], area: Area) -> str:
    """Tell why a table must not take this area, or give empty text."""
    if table.has_totals:
        return "table-has-totals"
    if table.root.get("tableType") == "queryTable":
        return "table-from-query"
    if area.last_row > LAST_ROW:
        return "sheet-full"
    if area.last_row < table.area.first_row + table.has_header:
        return "table-too-short"
    stands = any(overlap(area, other.area) for other in tables if other is not table)
    return "table-in-the-way" if stands else ""


def _reshape(xml: Xml, table: Table, area: Area, tab: str, cells: list[SetCell]) -> None:
    """Spell the columns of a table anew; only plain columns without formulas or formats of their own.

    Raises:
        WorkbookRefused: A column holds more than its name, or a header is empty or stands twice.
    """
    columns = xml.root.child("tableColumns")
    nodes = columns.named("tableColumn") if columns else []
    if columns is None or any(node.children for node in nodes):
        raise WorkbookRefused("table-columns-fixed", tab=tab, table=table.name)
    written = {edit.spot.column: shown(edit.cell.value) for edit in cells if edit.spot.row == area.first_row}
    names = []
    for column in range(area.first_column, area.last_column + 1):
        place = column - area.first_column
        name = written.get(column, plain(nodes[place].get("name")) if place < len(nodes) else None)
        if not isinstance(name, str) or not name.strip():
            raise WorkbookRefused(
                "table-header-empty", tab=tab, cell=cell_name(area.first_row, column), table=table.name
            )
        names.append(name)
    if len({name.lower() for name in names}) < len(names):
        raise WorkbookRefused("table-header-twice", tab=tab, table=table.name)
    prefix = columns.prefix
    spelled = "".join(
        f'<{prefix}tableColumn id="{number}" name="{column_name(name)}"/>' for number, name in enumerate(names, start=1)
    )
    xml.replace(columns, f'<{prefix}tableColumns count="{len(names)}">{spelled}</{prefix}tableColumns>'.encode())


def _columns(root: Node) -> list[Node]:
    columns = root.child("tableColumns")
    return columns.named("tableColumn") if columns else []


def _area_of(node: Node) -> Area | None:
    try:
        return parse_area(node.get("ref"))
    except ValueError:
        return None


def _ending_at(area: Area, row: int, column: int) -> Area:
    return Area(area.first_row, area.first_column, row, column)


def rename_columns(package: Package, tables: tuple[Table, ...], tab: str, edits: list[SetCell]) -> None:
    """Let the column names of a table follow its header cells; Excel repairs a workbook where they differ.

    Raises:
        WorkbookRefused: A header cell would be empty, no text, or equal to another; or a formula uses the old
        name.
    """
    for table in tables:
        changed = {
            edit.spot.column: edit
            for edit in edits
            if table.has_header
            and edit.spot.row == table.area.first_row
            and table.area.first_column <= edit.spot.column <= table.area.last_column
        }
        if changed:
            _rename(package, table, tab, changed)


def _rename(package: Package, table: Table, tab: str, changed: dict[int, SetCell]) -> None:
    xml = package.xml(table.part)
    columns = xml.root.child("tableColumns")
    nodes = columns.named("tableColumn") if columns else []
    names = [plain(node.get("name")) for node in nodes]
    renamed = []
    for column, edit in changed.items():
        value = shown(edit.cell.value)
        place = column - table.area.first_column
        facts = {"tab": tab, "cell": cell_name(edit.spot.row, column), "table": table.name}
        if not isinstance(value, str) or not value.strip():
            raise WorkbookRefused("table-header-empty", **facts)
        if place < len(nodes) and names[place] != value:
            renamed.append(names[place])
            names[place] = value
            xml.set(nodes[place], name=guarded(value).replace("\n", "_x000a_"))
    if len({name.lower() for name in names}) < len(names):
        raise WorkbookRefused("table-header-twice", tab=tab, table=table.name)
    if renamed:
        _check_formulas(package, table, tab, renamed)
        package.write(table.part, xml.out())


def _check_formulas(package: Package, table: Table, tab: str, renamed: list[str]) -> None:
    """Refuse where a formula names an old column: the name in the formula would lead nowhere."""
    marks = [f"[{name}]".encode() for name in renamed]
    for part in package.names():
        if part.lower().endswith(".xml") and any(mark in package.read(part, keep=False) for mark in marks):
            raise WorkbookRefused("table-header-in-formula", tab=tab, table=table.name)
