"""Where a workbook is kept: a file, or a document at Google.

Every command takes either. A document is named by a path of one part, ``google:ID``, so that all that is said about
a workbook's place is said the same way.
"""

from __future__ import annotations

import re
from pathlib import Path

from netzwerk_sheets.errors import WrongUse

_HOSTS = r"https?://(?:docs|drive|sheets)\.google\.com/"
_IN_ADDRESS = (
    re.compile(_HOSTS + r"(?:a/[^/]+/)?(?:spreadsheets|file)/(?:u/\d+/)?d/(?!e/)([A-Za-z0-9_-]+)"),
    re.compile(_HOSTS + r"[^#]*[?&](?:id|key)=([A-Za-z0-9_-]+)"),
)
_ALONE = re.compile(r"[A-Za-z0-9_-]{25,}")
"""Ids have 44 characters, old ones fewer; nobody calls a file on a disk like that, without an ending."""

_PREFIX = "google:"


def is_google(text: str) -> bool:
    """Tell whether a text names a document at Google rather than a file."""
    return bool(re.match(_HOSTS, text)) or text.startswith(_PREFIX) or bool(_ALONE.fullmatch(text))


def document_id(text: str) -> str:
    """Give the id of the document: from its address, from ``google:ID``, or from the id alone.

    Raises:
        WrongUse: The text holds none; a page published to the web has none either.
    """
    text = text.strip()
    for pattern in _IN_ADDRESS:
        if found := pattern.match(text):
            return found[1]
    bare = text.removeprefix(_PREFIX)
    if _ALONE.fullmatch(bare) or (bare != text and re.fullmatch(r"[A-Za-z0-9_-]+", bare)):
        return bare
    raise WrongUse("google-address-unclear")


def place_of(text: str, base: Path | None = None) -> Path:
    """Give the place of a workbook as a person names it.

    Args:
        text: A path, the address of a document at Google, or its id.
        base: The folder from which a path that is not absolute counts.

    Raises:
        WrongUse: It looks like an address, but no document is named.
    """
    if is_google(text):
        return Path(_PREFIX + document_id(text))
    path = Path(text).expanduser()
    return base / path if base else path


def document_of(place: Path) -> str:
    """Give the id of the document at a place; empty for a file."""
    return place.name.removeprefix(_PREFIX) if len(place.parts) == 1 and place.name.startswith(_PREFIX) else ""


def address(document: str) -> str:
    """Give the address that people open."""
    return f"https://docs.google.com/spreadsheets/d/{document}/edit"
