"""Whether people with a screen reader, a keyboard or strong magnification can use a workbook.

Everything is read from the parts themselves; libraries forget alternative texts before one could look at
them. A rule gives codes and facts, never sentences.

======  ====================================================================================================
X01     document title                          X21     no hidden rows or columns
X02     document language                       X22     link texts say where they lead
X03     not encrypted                           X23     targets of internal links exist
X04     opens on the first tab                  X24     font at least 11 points
X05     no default tab names                    X25     contrast at least 4.5
X06     legal tab names                         X26     long text wraps
X07     no hidden tabs                          X27     no red-only numbers
X08     no empty tabs                           X28     no rule that is only a colour scale, icon or bar
X09     A1 filled                               X29     alternative text on every drawing
X10     no merged cells                         X30     of at least 10 characters, no file name
X11     cursor saved at A1, not scrolled        X31     chart title
X12     every data tab has a marked table       X32     chart data labels
X13     header row set                          X33     every validation has an input message
X14     header texts unique, own, not empty     X34     input messages within Excel's limits
X15     meaningful table names                  X35     A4, fit to width
X16     table description                       X36     print titles
X17     no blank row or column inside a table   X37     no password
X18     header frozen when over 15 rows         X38     locked cells selectable
X19     header names for the matrix             X39     no form controls
X20     at most 6 rows and 2 columns frozen     X40     no GIF
======  ====================================================================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.book import Book
from netzwerk_sheets.backends.excel.drawingrules import drawing_issues
from netzwerk_sheets.backends.excel.formats import read_formats
from netzwerk_sheets.backends.excel.issues import Issue
from netzwerk_sheets.backends.excel.package import Package
from netzwerk_sheets.backends.excel.references import split_target
from netzwerk_sheets.backends.excel.roles import read_shapes
from netzwerk_sheets.backends.excel.sheet import read_rows, read_tables
from netzwerk_sheets.backends.excel.spans import parse
from netzwerk_sheets.backends.excel.strings import read_strings
from netzwerk_sheets.backends.excel.stylerules import Styles
from netzwerk_sheets.backends.excel.tabrules import TabView, tab_issues
from netzwerk_sheets.backends.excel.values import Reading, looker
from netzwerk_sheets.backends.excel.workbook import content_of
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from netzwerk_sheets.backends.excel.book import Sheet

__all__ = ["Issue", "examine"]

_PASSWORDS = (
    "workbookPassword",
    "workbookHashValue",
    "revisionsPassword",
    "reservationPassword",
    "hashValue",
)
_ROW = re.compile(rb"<(?:[\w.-]+:)?row\s[^>]*>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")


def examine(
    path: Path,
    language: str | None = None,
    *,
    only: Collection[str] | None = None,
    matrices: Collection[str] = (),
) -> list[Issue]:
    """Check a workbook.

    Args:
        path: The file.
        language: The language its properties should name, such as ``de``; `None` where any will do.
        only: Titles of the tabs to look at; then the rules about the whole workbook are not asked, since it
            belongs to others. `None` looks at everything.
        matrices: Titles of tabs with headings on two sides, which need a name for screen readers (X19).

    Returns:
        What was found, in the order of tabs and rules; empty where all is well.

    Raises:
        WorkbookNotFound: There is no such file.
        AccessDenied: It may not be read.
        WorkbookRefused: The content cannot be handled safely.
    """
    try:
        package = Package(content_of(path))
    except WorkbookRefused as error:
        if error.reason == "workbook-encrypted":
            return [Issue("X03")]
        raise
    book = Book(package)
    found = list(_whole(package, book, language)) if only is None else []
    styles = Styles(package, book.part)
    reading = Reading(looker(read_strings(package, book.part)), read_formats(package, book.part), book.from_1904)
    for index, sheet in enumerate(book.sheets):
        if sheet.kind == "worksheet" and sheet.part and (only is None or sheet.title in only):
            view = _looked_at(package, book, sheet, reading, styles)
            titled = ("_XLNM.PRINT_TITLES", index) in _names(book)
            found += tab_issues(view, prints_titles=titled, is_matrix=sheet.title in matrices)
            found += drawing_issues(package, sheet.part, sheet.title)
    return found


def _whole(package: Package, book: Book, language: str | None) -> Iterator[Issue]:
    part = package.related("", "coreProperties")
    root = parse(package.read(part), part) if part else None
    said = {node.name: node.text.strip() for node in (root.children if root else ())}
    if not said.get("title"):
        yield Issue("X01")
    spoken = said.get("language", "").lower()
    if not spoken or (language and not spoken.startswith(language.lower()[:2])):
        yield Issue("X02")
    view = book.root.find("bookViews", "workbookView")
    if view is not None and (view.number("activeTab") or view.number("firstSheet")):
        yield Issue("X04")
    for name in ("workbookProtection", "fileSharing"):
        node = book.root.child(name)
        if node is not None and any(node.get(password) for password in _PASSWORDS):
            yield Issue("X37")


def _names(book: Book) -> dict[tuple[str, int | None], str]:
    nodes = book.root.child("definedNames")
    return {
        (
            node.get("name").upper(),
            node.number("localSheetId") if node.get("localSheetId") else None,
        ): node.text
        for node in (nodes.children if nodes else ())
    }


def _looked_at(package: Package, book: Book, sheet: Sheet, reading: Reading, styles: Styles) -> TabView:
    data = package.read(sheet.part, keep=False)
    rows, root = read_rows(data, sheet.part, reading, guard.MOST_CELLS)
    shapes = read_shapes(data, sheet.part)
    hidden = [
        int(number[1])
        for match in _ROW.finditer(data)
        if _HIDDEN.search(match[0]) and (number := _NUMBER.search(match[0]))
    ]
    index = book.sheets.index(sheet)
    names = {name: text for (name, owner), text in _names(book).items() if owner in {None, index}}
    titles = {one.title.lower() for one in book.sheets}
    floats = root.child("drawing") is not None
    return TabView(
        sheet.title, sheet.visible, rows, shapes, root, hidden, read_tables(package, sheet.part), styles,
        {name: text for name, text in names.items() if _concerns(name, text, sheet.title)}, titles, floats,
    )  # fmt: skip


def _concerns(name: str, text: str, title: str) -> bool:
    """Tell whether a name is of use in this tab: header names only where they point into it."""
    if not name.startswith("TITLEREGION"):
        return True
    try:
        return split_target(text)[0].lower() == title.lower()
    except ValueError:
        return False
