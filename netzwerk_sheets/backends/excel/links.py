"""The links of one sheet: one entry per linked cell, those of people stay byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.package import STRICT, TRANSITIONAL, Package
from netzwerk_sheets.backends.excel.references import cell_name
from netzwerk_sheets.backends.excel.spans import Node, Xml
from netzwerk_sheets.backends.excel.texts import attribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.grid import SetCell

SHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews",
    "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_RELATION_SPACES = {STRICT.rstrip("/"), TRANSITIONAL.rstrip("/")}


def is_outside(link: str) -> bool:
    """Tell whether a link leads out of the workbook."""
    return "://" in link or link.lower().startswith("mailto:")


def relation_attribute(root: Node, *, strict: bool) -> str:
    """Give how the part spells ``r:id``, with the declaration where the part has none."""
    for name, value in root.attributes.items():
        if name.startswith("xmlns:") and value in _RELATION_SPACES:
            return name.removeprefix("xmlns:") + ":id"
    space = (STRICT if strict else TRANSITIONAL).rstrip("/")
    return f'xmlns:r="{space}" r:id'


def plan_links(xml: Xml, package: Package, part: str, edits: Iterable[SetCell], *, strict: bool) -> None:
    """Plan the links of changed cells.

    A cell with a link gets it in place of its old one. A cell that the tool formats and gives no link loses
    one that leads inside the workbook; one that people made to the outside stays.
    """
    node = xml.root.child("hyperlinks")
    old = {child.get("ref").replace("$", ""): child for child in (node.children if node else ())}
    kept: dict[str, Node | bytes] = dict(old)
    targets = {relation.identifier: relation.target for relation in package.relations(part)} if old else {}
    wanted: dict[str, str] = {}
    for edit in edits:
        place = cell_name(edit.spot.row, edit.spot.column)
        before = old.get(place)
        if edit.cell.link:
            if before is None or _target(before, targets) != edit.cell.link.removeprefix("#"):
                wanted[place] = edit.cell.link.removeprefix("#")
        elif before is not None and edit.cell.role and before.get("location") and not before.relation():
            del kept[place]
    outside = [link for link in wanted.values() if is_outside(link)]
    fresh = iter(package.relate_all(part, "hyperlink", outside, external=True, strict=strict))
    for place, link in wanted.items():
        kept[place] = _spelled(xml.root, place, link, next(fresh) if is_outside(link) else "", strict=strict)
    if kept != old:
        _write(xml, node, kept)
        used = {item.relation() for item in kept.values() if isinstance(item, Node)}
        package.unrelate(part, {item.relation() for item in old.values()} - used - {""})


def _write(xml: Xml, node: Node | None, kept: dict[str, Node | bytes]) -> None:
    pieces = [xml.data[item.start : item.end] if isinstance(item, Node) else item for item in kept.values()]
    tag = f"{xml.root.prefix}hyperlinks"
    whole = f"<{tag}>".encode() + b"".join(pieces) + f"</{tag}>".encode() if pieces else b""
    if node is not None:
        xml.replace(node, whole)
    elif whole:
        xml.add(xml.root, whole, "hyperlinks", SHEET_ORDER)


def _target(node: Node, targets: Mapping[str, str]) -> str:
    place = node.get("location")
    if not node.relation():
        return place
    return targets.get(node.relation(), "") + (f"#{place}" if place else "")


def _spelled(root: Node, place: str, link: str, identifier: str, *, strict: bool) -> bytes:
    tag = f"{root.prefix}hyperlink"
    if not identifier:
        return f'<{tag} ref="{place}" location="{attribute(link)}"/>'.encode()
    return f'<{tag} ref="{place}" {relation_attribute(root, strict=strict)}="{identifier}"/>'.encode()
