"""The shared strings of a workbook: plain texts by index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from netzwerk_sheets.backends.excel.spans import local, quiet_parser
from netzwerk_sheets.backends.excel.texts import plain, spoken, unescape
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from netzwerk_sheets.backends.excel.package import Package

_LAST = True
"""Tells expat that the bytes are the whole document."""

_TEXT = re.compile(r"<t(?:\s[^<>]*)?>([^<]*)</t>|<t(?:\s[^<>]*)?/>")
_OPENING = re.compile(r"<sst[^<>]*>")


def read_strings(package: Package, book: str) -> list[str]:
    """Give all shared strings; rich text comes without its formats, phonetic help is left out.

    Raises:
        WorkbookRefused: The part is no well-formed XML or not in the encoding it states.
    """
    part = package.related(book, "sharedStrings")
    if part is None:
        return []
    data = package.read(part, keep=False)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise WorkbookRefused("xml-broken", part=part) from error
    strings = _quick(text)
    return slow_strings(data, part) if strings is None else strings


def _quick(text: str) -> list[str] | None:
    """Cut the texts out; `None` where the part is spelled in a way this does not know."""
    begin = _OPENING.search(text)
    if begin is None or "<!" in text or text.find("<?", begin.start()) >= 0 or begin[0].endswith("/>"):
        return None
    body = text[begin.end() :]
    if "<si/>" in body:
        body = body.replace("<si/>", "<si></si>")
    items = body.split("</si>")
    if not _is_end(items.pop()):
        return None
    strings: list[str] = []
    try:
        for item in items:
            if item.startswith("<si><t>") and item.endswith("</t>") and "<" not in (found := item[7:-4]):
                strings.append(found)
            elif item.lstrip().startswith("<si>"):
                strings.append("".join(_TEXT.findall(spoken(item))))
            else:
                return None
        return _finished(strings)
    except ValueError:
        return None


def _is_end(rest: str) -> bool:
    rest = rest.lstrip()
    return rest.startswith("</sst>") or (rest.startswith("<extLst") and "</sst>" in rest)


def _finished(strings: list[str]) -> list[str]:
    for index, text in enumerate(strings):
        if "&" in text or "_x" in text or "\r" in text:
            strings[index] = plain(unescape(text.replace("\r\n", "\n").replace("\r", "\n")))
    return strings


def slow_strings(data: bytes, part: str) -> list[str]:
    """Read the same with a real XML parser, whatever the spelling."""
    reader = _StringReader(part)
    try:
        reader.parser.Parse(data, _LAST)
    except expat.ExpatError as error:
        raise WorkbookRefused("xml-broken", part=part) from error
    return reader.strings


class _StringReader:
    """Follows ``si``, ``t`` and ``rPh``."""

    def __init__(self, part: str) -> None:
        self.strings: list[str] = []
        self.pieces: list[str] = []
        self.collecting = False
        self.phonetic = 0
        self.parser = quiet_parser(part)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.finish
        self.parser.CharacterDataHandler = self.characters

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.phonetic += 1
        elif name == "t":
            self.collecting = not self.phonetic

    def finish(self, tag: str) -> None:
        name = local(tag)
        if name == "si":
            self.strings.append(plain("".join(self.pieces)))
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "t":
            self.collecting = False

    def characters(self, text: str) -> None:
        if self.collecting:
            self.pieces.append(text)


def some_strings(package: Package, book: str) -> Callable[[int], str]:
    """Give a function that looks one shared string up; the part is read at the first call only."""
    strings: list[str] = []

    def look_up(index: int) -> str:
        if not strings:
            strings.extend(read_strings(package, book))
        if not 0 <= index < len(strings):
            raise WorkbookRefused("string-missing", index=index)
        return strings[index]

    return look_up
