"""A new workbook, made of the designed tabs alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import save
from netzwerk_sheets.backends.excel.book import Book
from netzwerk_sheets.backends.excel.bookedit import BookEdit
from netzwerk_sheets.backends.excel.change import changed
from netzwerk_sheets.backends.excel.fingerprint import digest
from netzwerk_sheets.backends.excel.graft import Graft
from netzwerk_sheets.backends.excel.package import Package
from netzwerk_sheets.backends.excel.skeleton import skeleton
from netzwerk_sheets.backends.excel.stylesheet import Stylesheet
from netzwerk_sheets.backends.excel.workbook import ExcelWorkbook
from netzwerk_sheets.errors import AccessDenied, WrongUse
from netzwerk_sheets.grid import AddTab, Edit, Look, SetMarker, SetName, Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BODY_SIZE = 11


def create(path: Path, edits: Sequence[Edit], look: Look, *, title: str, language: str) -> str:
    """Make a new workbook of the designed tabs, in their order, opening on the first; gives its revision.

    Args:
        path: Where; the ending must be ``.xlsx``.
        edits: `AddTab`, `SetName` and `SetMarker` only; at least one tab.
        look: Role → style.
        title: Title in the document's properties.
        language: Language tag in the document's properties, such as ``de-DE``.

    Raises:
        WrongUse: The ending is another one, there is no tab, or a design asks for what a workbook cannot
        hold. WorkbookRefused: A title is not allowed or stands twice.
        AccessDenied: Something stands there already, or the folder may not be written; nothing was written.
        WorkbookNotFound: The folder does not exist.
        DiskFull: There is no room; nothing was written.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise WrongUse("ending-not-xlsx", file=path.name)
    if path.exists() or path.is_symlink():
        raise AccessDenied("file-exists", file=path.name)
    tabs = [edit.design for edit in edits if isinstance(edit, AddTab)]
    others = [edit for edit in edits if not isinstance(edit, AddTab)]
    if not tabs or not all(isinstance(edit, SetName | SetMarker) for edit in others):
        raise WrongUse("create-needs-tabs", file=path.name)
    size = min((style.size for style in look.values()), default=_BODY_SIZE)
    package = Package(skeleton(title, language, size))
    book = Book(package)
    styles = Stylesheet(package, book, look)
    edit_book = BookEdit(package, book)
    graft = Graft(package, book, edit_book, styles)
    for index, design in enumerate(tabs):
        graft.add(design, selected=not index)
    styles.save()
    edit_book.save()
    content = package.out()
    if others:
        content = changed(content, others, look)
    save.create(path, content)
    return digest(content)


class FreshWorkbook(ExcelWorkbook):
    """A file that is not there yet, and is made by the first write; until then it is an empty workbook."""

    title, language = "", ""

    def call(self, title: str, language: str) -> None:
        """Say what stands in the document's properties, once it is made; see `create`."""
        self.title, self.language = title, language

    def read(self) -> Snapshot:
        """Give no tabs."""
        return Snapshot((), {}, None, "")

    def roles(self, title: str) -> Mapping[tuple[int, int], str]:  # noqa: ARG002 - there is no tab
        """Give nothing."""
        return {}

    def apply(self, edits: Sequence[Edit], *, expected: str, look: Look) -> str:
        """Make the file; see `create`."""
        return create(self.path, edits, look, title=self.title, language=self.language) if edits else expected
