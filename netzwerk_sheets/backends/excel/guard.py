"""What a file is before anything is unpacked, and how much of it may be unpacked.

Nothing here trusts a size that the file states about itself; the limits hold for what really comes out.
"""

from __future__ import annotations

from netzwerk_sheets.errors import WorkbookRefused

LARGEST_FILE = 300_000_000
LARGEST_TOTAL = 400_000_000
LARGEST_PART = 200_000_000
"""A network of 100,000 partners and 200,000 needs fits."""
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 1_000_000
MOST_ENTRIES = 10_000
MOST_CELLS = 8_000_000
MOST_SLOW_ELEMENTS = 4_000_000
"""Elements of a sheet that only the slow reader can follow; beyond it would take longer than people wait."""

MOST_ELEMENTS = 400_000
"""Elements of one part that is held as a tree; sheets are not, apart from what surrounds their rows."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def check_kind(data: bytes) -> None:
    """Make sure the bytes begin as a zip archive does.

    Raises:
        WorkbookRefused: They are something else; the reason says what, nothing was written.
    """
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return
    if not data.strip(b"\0"):
        raise WorkbookRefused("workbook-empty" if not data else "workbook-not-zip")
    if data.startswith(_COMPOUND):
        # Any other compound file that claims to be a workbook is the format of Excel 97.
        raise WorkbookRefused("workbook-encrypted" if _ENCRYPTED_STREAM in data else "workbook-xls")
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")) or b"<html" in start:
        raise WorkbookRefused("workbook-html")
    if _looks_like_text(data[:4096]):
        raise WorkbookRefused("workbook-text")
    raise WorkbookRefused("workbook-not-zip")


def _looks_like_text(sample: bytes) -> bool:
    readable = sum(byte >= 32 or byte in b"\t\r\n" for byte in sample)
    return readable == len(sample) and any(mark in sample for mark in (b",", b";", b"\t", b"\n"))
