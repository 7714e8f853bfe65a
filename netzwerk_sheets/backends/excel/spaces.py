"""The XML namespaces of both flavours of the standard; new parts must speak the flavour of their workbook."""

from __future__ import annotations

from typing import NamedTuple

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Spaces(NamedTuple):
    """One flavour."""

    main: str
    relations: str
    drawing: str
    sheet_drawing: str
    chart: str


_TRANSITIONAL = Spaces(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "http://schemas.openxmlformats.org/drawingml/2006/chart",
)
_STRICT = Spaces(
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://purl.oclc.org/ooxml/drawingml/main",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
    "http://purl.oclc.org/ooxml/drawingml/chart",
)


def spaces(*, strict: bool) -> Spaces:
    """Give the namespaces of a flavour."""
    return _STRICT if strict else _TRANSITIONAL
