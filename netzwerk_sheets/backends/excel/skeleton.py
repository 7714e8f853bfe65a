"""The parts of a new workbook around its tabs."""

from __future__ import annotations

from netzwerk_sheets.backends.excel import archive
from netzwerk_sheets.backends.excel.looks import FONT
from netzwerk_sheets.backends.excel.spaces import DECLARATION, spaces
from netzwerk_sheets.backends.excel.texts import escape, guarded

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"
_COLOURS = (
    ("dk1", "1B2430"), ("lt1", "FFFFFF"), ("dk2", "1F3A5F"), ("lt2", "F3F6FA"), ("accent1", "1F6FB2"),
    ("accent2", "8A1C12"), ("accent3", "4A5565"), ("accent4", "A86B00"), ("accent5", "0B3C5D"),
    ("accent6", "14532D"), ("hlink", "0B57A4"), ("folHlink", "5B3A8C"),
)  # fmt: skip


def skeleton(title: str, language: str, size: int) -> bytes:
    """Give a workbook without tabs.

    Args:
        title: Title in the document's properties.
        language: Language tag in the document's properties, such as ``de-DE``.
        size: Points of the plain font.
    """
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("officeDocument/2006/relationships/officeDocument", "xl/workbook.xml"),
            ("package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _properties(title, language),
        "xl/workbook.xml": _workbook(),
        "xl/_rels/workbook.xml.rels": _relations(
            ("officeDocument/2006/relationships/styles", "styles.xml"),
            ("officeDocument/2006/relationships/theme", "theme/theme1.xml"),
        ),
        "xl/styles.xml": _styles(size),
        "xl/theme/theme1.xml": _theme(),
    }
    return archive.build(b"", [archive.fresh(name, [(DECLARATION + text).encode()]) for name, text in parts.items()])


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>'
        for part, kind in (
            ("/xl/workbook.xml", f"{_TYPE}.spreadsheetml.sheet.main+xml"),
            ("/xl/styles.xml", f"{_TYPE}.spreadsheetml.styles+xml"),
            ("/xl/theme/theme1.xml", f"{_TYPE}.theme+xml"),
            ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        )
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _properties(title: str, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(guarded(title))}</dc:title><dc:language>{escape(language)}</dc:language>"
        "</cp:coreProperties>"
    )


def _workbook() -> str:
    space = spaces(strict=False)
    return (
        f'<workbook xmlns="{space.main}" xmlns:r="{space.relations}"><workbookPr'
        ' defaultThemeVersion="124226"/>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15000"'
        ' tabRatio="800" '
        'firstSheet="0" activeTab="0"/></bookViews><sheets/></workbook>'
    )


def _styles(size: int) -> str:
    space = spaces(strict=False)
    return (
        f'<styleSheet xmlns="{space.main}"><fonts count="1"><font><sz val="{size}"/><color rgb="FF1B2430"/>'
        f'<name val="{FONT}"/><family val="2"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _theme() -> str:
    """Give a theme, so that what people add later speaks the same font and readable colours."""
    colours = "".join(f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>' for name, colour in _COLOURS)
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    solid = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{solid}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme xmlns:a="{spaces(strict=False).drawing}" name="Netzwerk"><a:themeElements>'
        f'<a:clrScheme name="Netzwerk">{colours}</a:clrScheme><a:fontScheme name="Netzwerk">'
        f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Netzwerk"><a:fillStyleLst>{solid * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{solid * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
