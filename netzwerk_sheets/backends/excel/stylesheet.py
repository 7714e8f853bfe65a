"""The style sheet, only ever added to: what is there keeps its place, since cells refer to it by number."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.formats import number_codes
from netzwerk_sheets.backends.excel.looks import (
    border_xml,
    built_in,
    code_xml,
    conditional_xml,
    fill_xml,
    font_xml,
    format_xml,
)
from netzwerk_sheets.backends.excel.serials import format_kind
from netzwerk_sheets.backends.excel.texts import attribute, plain, unescape
from netzwerk_sheets.errors import WorkbookRefused, WrongUse
from netzwerk_sheets.grid import CellError, Look, Style, Value, shown

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.book import Book
    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.spans import Node, Xml

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
    "colors", "extLst",
)  # fmt: skip
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_EMPTY_SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{}"/>'
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_FIRST = {
    "fonts": ('<font><sz val="11"/><name val="Arial"/><family val="2"/></font>',),
    "fills": (
        '<fill><patternFill patternType="none"/></fill>',
        '<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
    "cellStyles": ('<cellStyle name="Normal" xfId="0" builtinId="0"/>',),
}
_TAG = re.compile(r"<(/?)(?=[A-Za-z])")
_FIRST_OWN_CODE = 164
PLAIN = 11
"""Points of the font in which people count the width of a column."""
_TEXT, _GENERAL, _DAY, _MOMENT, _CLOCK = 49, 0, 14, 22, 21
_SIZE = re.compile(r"""<(?:[\w.-]+:)?sz\s+val\s*=\s*["'](\d+(?:\.\d*)?)["']""")
_COMMANDS = ("=", "+", "-", "@")


def prefixed(xml: str, prefix: str) -> str:
    """Give own XML the prefix that the part uses for its elements."""
    return _TAG.sub(rf"<\1{prefix}", xml) if prefix else xml


class _List:
    """One list of the style sheet: the elements there, and those to be appended."""

    def __init__(self, xml: Xml, name: str) -> None:
        self.name = name
        self.node = xml.root.child(name)
        children = self.node.children if self.node else []
        self.raw = [xml.data[child.start : child.end].decode() for child in children]
        self.old = len(self.raw)
        if not self.raw:
            self.raw = [prefixed(item, xml.root.prefix) for item in _FIRST.get(name, ())]
        self.places = {raw: index for index, raw in reversed(list(enumerate(self.raw)))}

    def add(self, raw: str) -> int:
        """Give the index of an element; it is appended where no equal one exists."""
        index = self.places.get(raw)
        if index is None:
            index = self.places[raw] = len(self.raw)
            self.raw.append(raw)
        return index

    def write(self, xml: Xml) -> None:
        """Plan the splices for what was appended."""
        fresh = "".join(self.raw[self.old :]).encode()
        if not fresh:
            return
        if self.node:
            xml.append(self.node, fresh)
            xml.set(self.node, count=str(len(self.raw)))
            return
        tag = xml.root.prefix + self.name
        xml.add(
            xml.root,
            f'<{tag} count="{len(self.raw)}">'.encode() + fresh + f"</{tag}>".encode(),
            self.name,
            _ORDER,
        )


class Stylesheet:
    """The formats of a workbook, asked for by role and extended where one is missing."""

    def __init__(self, package: Package, book: Book, look: Look) -> None:
        """Read the style sheet; one is made where the workbook has none."""
        self._package, self._look = package, look
        part = package.related(book.part, "styles")
        if part is None:
            part = package.unused(book.part.rpartition("/")[0] + "/styles{}.xml", alone=True)
            package.add(part, _EMPTY_SHEET.format(_MAIN[book.strict]).encode(), _TYPE)
            package.relate(book.part, "styles", part, strict=book.strict)
        self._part = part
        self._xml = package.xml(part)
        self._prefix = self._xml.root.prefix
        self._lists = {name: _List(self._xml, name) for name in _ORDER[:8]}
        self._codes = number_codes(self._xml.root)
        self._named = {
            plain(node.get("name")): node.number("xfId")
            for node in (self._lists["cellStyles"].node.children if self._lists["cellStyles"].node else ())
        }
        self._roles: dict[str, int] = {}
        self._fits: dict[tuple[int, str], int] = {}

    def save(self) -> None:
        """Write the part where something was added."""
        for items in self._lists.values():
            items.write(self._xml)
        if self._xml.touched:
            self._package.write(self._part, self._xml.out())

    def _add(self, name: str, xml: str) -> int:
        return self._lists[name].add(prefixed(xml, self._prefix))

    # --- roles ---------------------------------------------------------------------------------------------

    def style(self, role: str) -> Style:
        """Give the look of a role; raises `WrongUse` where the caller's look has none."""
        try:
            return self._look[role]
        except KeyError as error:
            raise WrongUse("role-unknown", role=role) from error

    def role(self, role: str) -> int:
        """Give the cell format of a role.

        The role's named cell style is taken as people left it; it is made where the workbook lacks it.
        """
        if role not in self._roles:
            style = self.style(role)
            parent = self._named.get(style.name)
            if parent is None:
                parent = self._make_style(style)
            self._roles[role] = self._follow(parent)
        return self._roles[role]

    def _make_style(self, style: Style) -> int:
        fill = fill_xml(style)
        numbers = (
            self.code(style.number_format),
            self._add("fonts", font_xml(style)),
            self._add("fills", fill) if fill else 0,
            self._add("borders", border_xml(style)),
        )
        styles = self._lists["cellStyleXfs"]
        index = len(styles.raw)
        styles.raw.append(prefixed(format_xml(style, numbers, None), self._prefix))
        self._add("cellStyles", f'<cellStyle name="{attribute(style.name)}" xfId="{index}"/>')
        self._named[style.name] = index
        return index

    def _follow(self, parent: int) -> int:
        """Give the cell format that is exactly the named style."""
        styles = self._lists["cellStyleXfs"].raw
        if not 0 <= parent < len(styles):
            raise WorkbookRefused("style-missing", index=parent)
        return self._lists["cellXfs"].add(_with(styles[parent], xfId=str(parent)))

    def conditional(self, role: str) -> int:
        """Give the index of what a conditional format of this role lays over."""
        return self._add("dxfs", conditional_xml(self.style(role)))

    def code(self, code: str) -> int:
        """Give the number of a number format."""
        known = built_in(code)
        if known is not None:
            return known
        for identifier, spelled in self._codes.items():
            if spelled == code:
                return identifier
        identifier = max([_FIRST_OWN_CODE - 1, *self._codes]) + 1
        self._codes[identifier] = code
        self._add("numFmts", code_xml(identifier, code))
        return identifier

    # --- sizes ---------------------------------------------------------------------------------------------

    @property
    def scale(self) -> float:
        """How much wider a text of the look is than one in the workbook's plain font, which column widths count in."""
        body = min((style.size for style in self._look.values()), default=PLAIN)
        fonts = self._lists["fonts"].raw
        plain_size = float((_SIZE.search(fonts[0]) or [0, PLAIN])[1]) if fonts else PLAIN
        return max(1.0, body / max(plain_size, PLAIN))

    def resize(self, grown: int) -> bool:
        """Give the tool's styles the sizes of the look, where they had them so many points smaller; tell whether any.

        Cells that follow such a style follow its size, too, with whatever else people gave their font.
        """
        styles, cells = self._lists["cellStyleXfs"], self._lists["cellXfs"]
        wanted = {
            self._named[style.name]: (style.size - grown, style.size)
            for style in self._look.values()
            if style.name in self._named
        }
        changed = False
        for index, node in enumerate(styles.node.children if styles.node else ()):
            if index in wanted:
                changed |= self._sized(styles, index, node, *wanted[index])
        for index, node in enumerate(cells.node.children if cells.node and changed else ()):
            if (parent := node.number("xfId")) in wanted:
                self._sized(cells, index, node, *wanted[parent])
        return changed

    def _sized(self, items: _List, index: int, node: Node, before: int, after: int) -> bool:
        """Give one format a font of another size, where its font has the size before."""
        fonts = self._lists["fonts"]
        font = fonts.raw[node.number("fontId")] if node.number("fontId") < len(fonts.raw) else ""
        found = _SIZE.search(font)
        if found is None or float(found[1]) != before:
            return False
        number = str(fonts.add(f"{font[: found.start(1)]}{after}{font[found.end(1) :]}"))
        self._xml.set(node, fontId=number)
        items.raw[index] = _with(items.raw[index], fontId=number)
        items.places[items.raw[index]] = index
        return True

    # --- what a value needs --------------------------------------------------------------------------------

    def fit(self, index: int, value: Value) -> int:
        """Give the cell format nearest to this one in which the value shows as what it is.

        Dates need a date format, numbers must not have one, and text that a person's F2 and Enter would turn
        into a formula is marked as text.
        """
        need = _need(value)
        key = index, need
        if key not in self._fits:
            self._fits[key] = self._fitted(index, need)
        return self._fits[key]

    def _fitted(self, index: int, need: str) -> int:
        formats = self._lists["cellXfs"]
        if not 0 <= index < len(formats.raw):
            raise WorkbookRefused("style-missing", index=index)
        raw = formats.raw[index]
        spelled = _attribute_of(raw, "numFmtId")
        number = int(spelled) if spelled.isdecimal() else _GENERAL
        kind = format_kind(number, self._codes.get(number, ""))
        if need == "text":
            return formats.add(_with(raw, numFmtId=str(_TEXT), applyNumberFormat="1", quotePrefix="1"))
        if need in {"day", "moment", "clock"} and not kind:
            code = {"day": _DAY, "moment": _MOMENT, "clock": _CLOCK}[need]
            return formats.add(_with(raw, numFmtId=str(code), applyNumberFormat="1", quotePrefix=None))
        if need == "number" and (kind or number == _TEXT):
            return formats.add(_with(raw, numFmtId=str(_GENERAL), applyNumberFormat="1", quotePrefix=None))
        return index


def _need(value: Value) -> str:
    result = shown(value)
    if isinstance(result, str):
        return "text" if result is value and result.startswith(_COMMANDS) else ""
    if result is None or isinstance(result, bool | CellError):
        return ""
    if isinstance(result, datetime):
        return "moment"
    if isinstance(result, date):
        return "day"
    return "clock" if isinstance(result, time) else "number"


def _attribute_of(raw: str, name: str) -> str:
    match = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", _head(raw))
    return unescape(match[1] or match[2] or "") if match else ""


def _head(raw: str) -> str:
    return raw[: raw.index(">")]


def _with(raw: str, **attributes: str | None) -> str:
    """Give an element with attributes set or removed; whatever else it says stays."""
    end = raw.index(">")
    if raw[end - 1] == "/":
        end -= 1
    head, rest = raw[:end].rstrip(), raw[end:]
    for name, value in attributes.items():
        head = re.sub(rf"""\s+{name}\s*=\s*(?:"[^"]*"|'[^']*')""", "", head)
        if value is not None:
            head += f' {name}="{value}"'
    return head + rest
