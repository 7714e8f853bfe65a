"""Changing the workbook part: new sheets, defined names, and the wish to be calculated when opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.links import relation_attribute
from netzwerk_sheets.backends.excel.package import Package, only
from netzwerk_sheets.backends.excel.references import on_tab
from netzwerk_sheets.backends.excel.texts import attribute, escape, guarded, plain
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid.titles import is_legal

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.book import Book
    from netzwerk_sheets.backends.excel.spans import Node
    from netzwerk_sheets.grid import Area

_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches",
    "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


class BookEdit:
    """The workbook part and what is planned for it."""

    def __init__(self, package: Package, book: Book) -> None:
        """Begin with nothing planned."""
        self._package, self._book = package, book
        self._xml = package.xml(book.part)
        names = self._xml.root.child("definedNames")
        self._old_names = {plain(node.get("name")).lower() for node in (names.children if names else ())}
        self._names: dict[tuple[str, int | None], str] = {}
        self._titles = [sheet.title for sheet in book.sheets]
        sheets = self._sheet_list()
        self._number = max([0, *(node.number("sheetId") for node in sheets.children)])

    def _sheet_list(self) -> Node:
        return only(self._xml.root.child("sheets"), self._book.part, "sheets")

    def check_title(self, title: str) -> None:
        """Refuse a title that is taken or that Excel does not allow."""
        if title.lower() in {old.lower() for old in self._titles}:
            raise WorkbookRefused("tab-exists", tab=title)
        if not is_legal(title):
            raise WorkbookRefused("tab-name-illegal", tab=title)

    def add_sheet(self, title: str, part: str) -> int:
        """Put a sheet behind all others and give its place, counted from 0.

        At the end nothing that counts sheets (local names, the tab that is open) has to be shifted.
        """
        strict = self._book.strict
        identifier = self._package.relate(self._book.part, "worksheet", part, strict=strict)
        self._number += 1
        tag = f"{self._xml.root.prefix}sheet"
        relation = relation_attribute(self._xml.root, strict=strict)
        self._xml.append(
            self._sheet_list(),
            (
                f'<{tag} name="{attribute(guarded(title))}" sheetId="{self._number}" {relation}="{identifier}"/>'
            ).encode(),
        )
        self._titles.append(title)
        return len(self._titles) - 1

    def set_name(self, name: str, target: str, sheet: int | None = None) -> None:
        """Let a defined name point somewhere; it is made where it does not exist."""
        self._names[name, sheet] = target

    def point(self, name: str, tab: str, area: Area) -> None:
        """Let a defined name point to an area of a tab."""
        self.set_name(name, on_tab(tab, area))

    def taken_names(self) -> set[str]:
        """Give all defined names, in small letters."""
        return self._old_names | {name.lower() for name, _ in self._names}

    def recalculate(self) -> None:
        """Ask whatever opens the workbook to calculate it; formulas may depend on what was changed."""
        node = self._xml.root.child("calcPr")
        if node is None:
            tag = f"{self._xml.root.prefix}calcPr"
            self._xml.add(self._xml.root, f'<{tag} fullCalcOnLoad="1"/>'.encode(), "calcPr", _ORDER)
        elif not node.flag("fullCalcOnLoad"):
            self._xml.set(node, fullCalcOnLoad="1")

    def save(self) -> None:
        """Write the part where something is planned."""
        self._write_names()
        if self._xml.touched:
            self._package.write(self._book.part, self._xml.out())

    def _write_names(self) -> None:
        nodes = {plain(node.get("name")).upper(): node for node in self._global_names()}
        fresh = b""
        for (name, sheet), target in self._names.items():
            node = nodes.get(name.upper()) if sheet is None else None
            if node is None:
                fresh += self._spelled(name, sheet, target)
            elif node.text != target:
                self._xml.replace(node, self._again(node, target))
        if not fresh:
            return
        names = self._xml.root.child("definedNames")
        if names is not None:
            self._xml.append(names, fresh)
        else:
            tag = f"{self._xml.root.prefix}definedNames"
            whole = f"<{tag}>".encode() + fresh + f"</{tag}>".encode()
            self._xml.add(self._xml.root, whole, "definedNames", _ORDER)

    def _global_names(self) -> list[Node]:
        names = self._xml.root.child("definedNames")
        return [node for node in (names.children if names else ()) if "localSheetId" not in node.attributes]

    def _again(self, node: Node, target: str) -> bytes:
        opening = self._xml.data[node.start : node.opened].rstrip(b"/>").rstrip()
        return opening + f">{escape(target)}</{node.tag}>".encode()

    def _spelled(self, name: str, sheet: int | None, target: str) -> bytes:
        tag = f"{self._xml.root.prefix}definedName"
        where = "" if sheet is None else f' localSheetId="{sheet}"'
        return f'<{tag} name="{attribute(name)}"{where}>{escape(target)}</{tag}>'.encode()
