"""Take people out of every part of a workbook: cells, texts nobody shows any more, notes, properties, caches.

An erased name may stand where no cell shows it: among the shared strings of earlier saves, as author of a comment,
in the copy of values that a pivot table or a chart keeps. So every part of XML is gone through, and only the texts
in it that hold a person differ afterwards; everything else stays byte for byte.
"""

from __future__ import annotations

import posixpath
import re
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.book import Book
from netzwerk_sheets.backends.excel.change import check_writable
from netzwerk_sheets.backends.excel.package import Package
from netzwerk_sheets.backends.excel.texts import attribute, escape, guarded, plain, unescape
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from netzwerk_sheets.grid import Trail

    Clean = Callable[[str], str]

_PIECES = re.compile(
    r"""(<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(?:[^<>"']|"[^"]*"|'[^']*')*>)|([^<]+)""", re.DOTALL
)
_FILLED = re.compile(
    r"""(<(?!/|\?|(?:[\w.-]+:)?(?:v>[\d.eE+-]*<|(?:c|row|col)\s))(?:[^<>"']|"[^"]*"|'[^']*')*>)([^<]{3,})?"""
)
"""In a sheet: what begins an element that is no plain cell or number, and the text right behind it."""

_ATTRIBUTE = re.compile(r"""([\w:.-]+)(\s*=\s*)("([^"]{3,})"|'([^']{3,})')""")
_NAME = re.compile(r"</?(?:[\w.-]+:)?([\w.-]+)")
_TEXT = re.compile(r"(<((?:[\w.-]+:)?t)(?:\s[^<>]*)?>)([^<]*)(</\2\s*>)")
_CONTAINER = re.compile(r"<((?:[\w.-]+:)?(?:si|is|text|p))(?:\s[^<>]*)?>(?:(?!<\1[\s>]).)*?</\1\s*>", re.DOTALL)
_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_CELL = re.compile(
    r"""<(?:[\w.-]+:)?c\s(?=[^<>]*\bt\s*=\s*["']s["'])[^<>]*(?<!/)>(?:(?!</).)*?<(?:[\w.-]+:)?v>\s*(\d+)""", re.DOTALL
)
_STRING = re.compile(r"<((?:[\w.-]+:)?si)(?:\s[^<>]*)?(?:/>|>.*?</\1\s*>)", re.DOTALL)
_THREADED = re.compile(
    r"""(<((?:[\w.-]+:)?threadedComment)\s(?:[^<>"']|"[^"]*"|'[^']*')*>)(.*?)(</\2\s*>)""", re.DOTALL
)
_COMMENT = re.compile(_THREADED.pattern.replace("threadedComment", "comment"), re.DOTALL)
_SAID = re.compile(r"(<((?:[\w.-]+:)?(?:t|text))(?:\s[^<>]*)?>)([^<]+)(</\2\s*>)")
_REF = re.compile(r"""\bref\s*=\s*["']\$?([A-Z]+)\$?(\d+)""")

FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"})
"""Elements in which only texts between quotation marks may differ; names of tabs stand there, too."""

_PLACES = frozenset({"c", "row", "col"})
"""Elements whose attributes say where a cell stands and how it looks, never what it holds."""

_NUMERIC = re.compile(r"[\d.,eE+-]+")
_READABLE = (".xml", ".rels", ".vml")
_SHEETS = frozenset({"worksheet", "xlMacrosheet", "dialogsheet"})


class Scrubbed(NamedTuple):
    """What became of a workbook.

    Attributes:
        content: The file; the very bytes given where nothing of the people was in it.
        parts: Names of the parts that differ.
        left: Names of parts whose structure holds a person, such as the title of a tab.
        unseen: Whether there are pictures, macros or embedded files, which nobody can look into.
    """

    content: bytes
    parts: tuple[str, ...]
    left: tuple[str, ...]
    unseen: bool


def scrubbed(data: bytes, trail: Trail) -> Scrubbed:
    """Take people out of a workbook.

    Args:
        data: The file.
        trail: How they are recognised; comments on cells of their own rows go whatever they say.

    Raises:
        WorkbookRefused: The content cannot be handled safely, or a table would have a header twice.
    """
    package = Package(data)
    book = Book(package)
    parts: list[str] = []
    left: list[str] = []
    sheets = {sheet.part: sheet.title for sheet in book.sheets if sheet.part}
    told = _threads(package, sheets, trail.rows)
    for name in package.names():
        if not name.lower().endswith(_READABLE):
            continue
        text = package.read(name, keep=False).decode("utf-8", "surrogateescape")
        changed = _Part(trail.clean, name, left).out(_runs(text, trail.clean))
        if name in told:
            changed = _untold(changed, told[name], trail.gone)
        if changed != text:
            if posixpath.basename(posixpath.dirname(name)).lower() == "tables":
                _require_headers_once(changed, name)
            package.write(name, changed.encode("utf-8", "surrogateescape"))
            parts.append(name)
    strings = _orphans(package, trail.whole)
    unseen = any(
        not name.lower().endswith(_READABLE) and "printersettings" not in name.lower() for name in package.names()
    )
    if not parts and not strings:
        return Scrubbed(data, (), tuple(dict.fromkeys(left)), unseen)
    check_writable(package, book)
    return Scrubbed(package.out(), tuple(dict.fromkeys([*parts, *strings])), tuple(dict.fromkeys(left)), unseen)


class _Part:
    """One part on its way: tags and texts in turn."""

    def __init__(self, clean: Clean, name: str, left: list[str]) -> None:
        self.clean = clean
        self.name = name
        self.left = left
        self.relations = name.lower().endswith(".rels")
        self.book = posixpath.basename(name).lower() == "workbook.xml"
        self.sheet = "/worksheets/sheet" in name.lower()
        self.element = ""

    def out(self, text: str) -> str:
        if self.sheet and "<!" not in text:
            return _FILLED.sub(self._filled, text)
        return _PIECES.sub(self._piece, text)

    def _filled(self, found: re.Match[str]) -> str:
        tag, text = found.groups()
        changed = self._tag(tag)
        return changed + self._text(text) if text else changed

    def _tag(self, tag: str) -> str:
        name = _NAME.match(tag)
        self.element = name[1] if name and not tag.startswith("</") else ""
        return _ATTRIBUTE.sub(self._attribute, tag) if "=" in tag and self.element not in _PLACES else tag

    def _piece(self, found: re.Match[str]) -> str:
        tag, text = found.groups()
        if tag is None:
            return self._text(text)
        return self.clean(tag) if tag.startswith("<!") else self._tag(tag)

    def _text(self, text: str) -> str:
        if len(text) < 3 or text.isspace() or (self.element == "v" and _NUMERIC.fullmatch(text)):
            return text  # a number with words in its place would be no number, and no workbook
        if self.element in FORMULAS:
            return _spelled(text, lambda plain_text: _LITERAL.sub(lambda one: self.clean(one[0]), plain_text), escape)
        return _spelled(text, self.clean, escape)

    def _attribute(self, found: re.Match[str]) -> str:
        name, between, _, one, other = found.groups()
        value = one if one is not None else other
        if self.element == "n" and name == "v":
            return found[0]  # a number in the copy a pivot table keeps
        changed = _spelled(value, self.clean, attribute)
        if changed == value:
            return found[0]
        if self._is_structure(name):
            self.left.append(self.name)
            return found[0]
        if self.relations:
            changed = "about:blank"  # an address must stay one that every program can read
        return f'{name}{between}"{changed}"'

    def _is_structure(self, name: str) -> bool:
        """Say whether other parts lead to an attribute by its words."""
        return (self.book and name == "name") or (self.element == "table" and name in {"name", "displayName"})


def _spelled(text: str, change: Clean, spell: Clean) -> str:
    """Change a text as people read it; where nothing changes, its spelling stays."""
    try:
        read = plain(unescape(text))
    except ValueError:
        read = text
    changed = change(read)
    return text if changed == read else spell(guarded(changed))


def _runs(text: str, clean: Clean) -> str:
    """Clean texts parted into runs of different looks: the first keeps what is left, the others are emptied."""

    def container(found: re.Match[str]) -> str:
        runs = _TEXT.findall(found[0])
        if len(runs) < 2:
            return found[0]
        try:
            whole = "".join(plain(unescape(run[2])) for run in runs)
        except ValueError:
            return found[0]
        changed = clean(whole)
        if changed == whole:
            return found[0]
        words = iter([escape(guarded(changed)), *[""] * len(runs)])
        return _TEXT.sub(lambda run: f"{run[1]}{next(words)}{run[4]}", found[0])

    return _CONTAINER.sub(container, text) if "</" in text else text


# --- conversations on cells of a row that is about the person ---------------------------------------------


def _threads(package: Package, sheets: Mapping[str, str], rows: Mapping[str, Collection[int]]) -> dict[str, set[int]]:
    """Give the parts of threaded comments of the tabs concerned: part → rows."""
    found: dict[str, set[int]] = {}
    for part, title in sheets.items():
        if rows.get(title):
            for relation in package.relations(part):
                if relation.kind in {"threadedComment", "comments"} and package.has(relation.target):
                    found[relation.target] = set(rows[title])
    names = {name.lower(): name for name in package.names()}
    return {names.get(part.lower(), part): numbers for part, numbers in found.items()}


def _untold(text: str, rows: Collection[int], gone: str) -> str:
    """Empty the comments on cells of these rows."""

    def comment(found: re.Match[str]) -> str:
        place = _REF.search(found[1])
        if place is None or int(place[2]) not in rows:
            return found[0]
        first = iter([escape(gone)])
        return found[1] + _SAID.sub(lambda run: f"{run[1]}{next(first, '')}{run[4]}", found[3]) + found[4]

    return _COMMENT.sub(comment, _THREADED.sub(comment, text))


def _require_headers_once(text: str, part: str) -> None:
    names = [match[1] for match in re.finditer(r'<(?:[\w.-]+:)?tableColumn\s[^<>]*?\bname\s*=\s*"([^"]*)"', text)]
    if len({name.casefold() for name in names}) < len(names):
        raise WorkbookRefused("erase-header-twice", part=part)


# --- texts that no cell shows any more --------------------------------------------------------------------


def _orphans(package: Package, whole: Callable[[str], bool]) -> list[str]:
    """Empty the shared strings that held a cell of theirs and that no cell shows; gives the part where any did."""
    book = Book(package)
    part = package.related(book.part, "sharedStrings")
    if part is None:
        return []
    text = package.read(part, keep=False).decode("utf-8", "surrogateescape")
    wanted = [number for number, found in enumerate(_STRING.finditer(text)) if whole("".join(_texts(found[0])))]
    if not wanted:
        return []
    used = _used(package, book)
    emptied = set(wanted) - used
    if not emptied:
        return []
    numbers = count()

    def item(found: re.Match[str]) -> str:
        return f"<{found[1]}><{found[1][:-2]}t/></{found[1]}>" if next(numbers) in emptied else found[0]

    package.write(part, _STRING.sub(item, text).encode("utf-8", "surrogateescape"))
    return [part]


def _texts(item: str) -> list[str]:
    try:
        return [plain(unescape(run[2])) for run in _TEXT.findall(item)]
    except ValueError:
        return []


def _used(package: Package, book: Book) -> set[int]:
    found: set[int] = set()
    for relation in package.relations(book.part):
        if relation.kind in _SHEETS and package.has(relation.target):
            text = package.read(relation.target, keep=False).decode("utf-8", "surrogateescape")
            found.update(int(number) for number in _CELL.findall(text))
    return found


# --- only looking -----------------------------------------------------------------------------------------


def found_in(data: bytes, trail: Trail) -> list[tuple[str, str, str]]:
    """Say where people stand besides the cells: (kind of place, tab, cell); tab and cell only where there are any.

    Raises:
        WorkbookRefused: The content cannot be handled safely.
    """
    package = Package(data)
    found: list[tuple[str, str, str]] = []
    for sheet in Book(package).sheets:
        for relation in package.relations(sheet.part) if sheet.part else ():
            if relation.kind in _COMMENTS and package.has(relation.target):
                text = package.read(relation.target, keep=False).decode("utf-8", "surrogateescape")
                cells = _spoken(text, trail, trail.rows.get(sheet.title, ()))
                found += [(_COMMENTS[relation.kind], sheet.title, cell) for cell in cells]
    for part in scrubbed(data, trail).parts:
        kind = next((kind for mark, kind in _PLACES_OF.items() if mark in part.lower()), "")
        if kind:
            found.append((kind, "", ""))
    return list(dict.fromkeys(found))


_COMMENTS = {"comments": "note", "threadedComment": "talk"}
_PLACES_OF = {
    "docprops/": "properties",
    "/persons/": "author",
    "/pivotcache/": "pivot",
    "/drawings/": "drawing",
    "/charts/": "drawing",
    ".rels": "link",
}


def _spoken(text: str, trail: Trail, rows: Collection[int]) -> list[str]:
    cells = []
    for found in (*_THREADED.finditer(text), *_COMMENT.finditer(text)):
        place = _REF.search(found[1])
        try:
            words = "".join(plain(unescape(run[2])) for run in _SAID.findall(found[3]))
        except ValueError:
            words = found[3]
        if place and (int(place[2]) in rows or trail.clean(words) != words):
            cells.append(place[1] + place[2])
    return cells
