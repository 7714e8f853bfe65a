"""The tool's mark in a workbook: one custom document property; people's own properties stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.texts import attribute, escape, guarded, plain
from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.spans import Node

NAME = "netzwerk"
LONGEST = 255
"""Excel cuts longer texts at its next save."""

_KIND = "customProperties"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_SPACES = {
    False: (
        "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
        "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    ),
    True: (
        "http://purl.oclc.org/ooxml/officeDocument/customProperties",
        "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
    ),
}


def read_marker(package: Package) -> str | None:
    """Give the tool's text, or `None` where the workbook holds none."""
    part = package.related("", _KIND)
    if part is None:
        return None
    node = _own(package.tree(part))
    return plain(node.children[0].text) if node and node.children else None


def write_marker(package: Package, text: str, *, strict: bool) -> None:
    """Leave the tool's text.

    Raises:
        WrongUse: The text is longer than Excel keeps; nothing was written.
    """
    if len(text) > LONGEST:
        raise WrongUse("marker-too-long", length=len(text), limit=LONGEST)
    part = package.related("", _KIND)
    properties, types = _SPACES[strict]
    if part is None:
        part = package.unused("docProps/custom{}.xml", alone=True)
        empty = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="{properties}"/>'
        package.add(part, empty.encode(), _TYPE)
        package.relate("", _KIND, part, strict=strict)
    xml = package.xml(part)
    node = _own(xml.root)
    # The type's namespace is declared on the spot: the part may use another prefix for it, or none at all.
    value = f'<vt:lpwstr xmlns:vt="{types}">{escape(guarded(text))}</vt:lpwstr>'
    identifiers = [other.number("pid") for other in xml.root.children]
    number = node.get("pid") if node else str(max([1, *identifiers]) + 1)
    tag = xml.root.prefix + "property"
    fresh = f'<{tag} fmtid="{_FORMAT_ID}" pid="{attribute(number)}" name="{NAME}">{value}</{tag}>'.encode()
    if node:
        xml.replace(node, fresh)
    else:
        xml.append(xml.root, fresh)
    package.write(part, xml.out())


def _own(root: Node) -> Node | None:
    return next((node for node in root.children if node.get("name").lower() == NAME), None)
