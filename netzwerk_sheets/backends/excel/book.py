"""The workbook part: which sheets there are, in which order, and the names that point into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.package import Package, only
from netzwerk_sheets.backends.excel.references import split_target
from netzwerk_sheets.backends.excel.texts import plain
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Spot

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.spans import Node

OWN_NAMES = "NETZ_"
_STRICT_MARK = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_HIDDEN = {"hidden", "veryHidden"}
_OTHER_PACKAGES = {
    "wordprocessingml": "workbook-is-document",
    "presentationml": "workbook-is-document",
    "sheet.binary": "workbook-xlsb",
    "opendocument": "workbook-ods",
}


class Sheet(NamedTuple):
    """One sheet of the workbook.

    Attributes:
        title: Name on the tab.
        part: Its part; empty where the relationship leads nowhere.
        kind: ``worksheet``, ``chartsheet``, ``dialogsheet``, ``xlMacrosheet`` …
        visible: Whether people see the tab.
    """

    title: str
    part: str
    kind: str
    visible: bool


class Book:
    """What the workbook part says."""

    def __init__(self, package: Package) -> None:
        """Read the workbook part.

        Raises:
            WorkbookRefused: The package is no workbook, or its sheets cannot be told apart.
        """
        self.part = _main_part(package)
        data = package.read(self.part)
        self.strict = _STRICT_MARK in data[:4096]
        self.root = package.tree(self.part)
        if self.root.name != "workbook":
            raise WorkbookRefused("workbook-is-document", part=self.part)
        properties = self.root.child("workbookPr")
        self.from_1904 = properties.flag("date1904") if properties else False
        self.sheets = self._sheets(package)

    def _sheets(self, package: Package) -> tuple[Sheet, ...]:
        relations = {relation.identifier: relation for relation in package.relations(self.part)}
        sheets: list[Sheet] = []
        parts: set[str] = set()
        titles: set[str] = set()
        for node in only(self.root.child("sheets"), self.part, "sheets").named("sheet"):
            relation = relations.get(node.relation())
            title = plain(node.get("name"))
            part = relation.target if relation and package.has(relation.target) else ""
            if relation and not part:
                raise WorkbookRefused("part-missing", part=relation.target, tab=title)
            if (part and part.lower() in parts) or title.lower() in titles:
                raise WorkbookRefused("duplicate-sheet", tab=title)
            parts.add(part.lower())
            titles.add(title.lower())
            kind = relation.kind if relation else ""
            sheets.append(Sheet(title, part, kind, node.get("state") not in _HIDDEN))
        return tuple(sheets)

    def sheet(self, title: str) -> Sheet:
        """Give the tab of cells of this title; raises `WorkbookRefused` where there is none."""
        for sheet in self.sheets:
            if sheet.title == title and sheet.kind == "worksheet" and sheet.part:
                return sheet
        raise WorkbookRefused("tab-missing", tab=title)

    def names(self) -> dict[str, Node]:
        """Give the defined names that hold for the whole workbook, in capitals."""
        nodes = self.root.child("definedNames")
        return {
            plain(node.get("name")).upper(): node
            for node in (nodes.children if nodes else ())
            if node.name == "definedName" and "localSheetId" not in node.attributes
        }

    def own_names(self) -> dict[str, Spot | None]:
        """Give the tool's own names and where they point; `None` where the target was deleted."""
        titles = {sheet.title.lower(): sheet.title for sheet in self.sheets}
        found: dict[str, Spot | None] = {}
        for node in self.names().values():
            name = plain(node.get("name"))
            if name.upper().startswith(OWN_NAMES):
                found[name] = _spot(node.text, titles)
        return found


def _spot(text: str, titles: dict[str, str]) -> Spot | None:
    try:
        tab, area = split_target(text)
    except ValueError:
        return None
    title = titles.get(tab.lower())
    return Spot(title, area.first_row, area.first_column) if title else None


def _main_part(package: Package) -> str:
    if not package.has("_rels/.rels"):
        raise WorkbookRefused("workbook-ods" if package.has("mimetype") else "part-missing", part="_rels/.rels")
    for relation in package.relations(""):
        if relation.kind == "officeDocument" and not relation.external:
            if not package.has(relation.target):
                raise WorkbookRefused("part-missing", part=relation.target)
            content_type = package.content_type(relation.target).lower()
            for word, reason in _OTHER_PACKAGES.items():
                if word in content_type:
                    raise WorkbookRefused(reason, part=relation.target)
            if "main+xml" not in content_type:
                raise WorkbookRefused("content-type-wrong", part=relation.target)
            return relation.target
    raise WorkbookRefused("part-missing", part="officeDocument")
