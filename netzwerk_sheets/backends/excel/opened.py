"""A file taken apart once, for everything that is asked about it while it stays as it is."""

from __future__ import annotations

from typing import NamedTuple

from netzwerk_sheets.backends.excel.book import Book
from netzwerk_sheets.backends.excel.formats import Formats, read_formats
from netzwerk_sheets.backends.excel.package import Package


class Opened(NamedTuple):
    """The parts of a file, its sheets and what its formats mean; nobody changes them."""

    package: Package
    book: Book
    formats: Formats


def take_apart(data: bytes) -> Opened:
    """Open a file.

    Raises:
        WorkbookRefused: The content cannot be handled safely, or is no workbook.
    """
    package = Package(data)
    book = Book(package)
    return Opened(package, book, read_formats(package, book.part))
