"""Where a workbook is kept: a file, or a document at Google.

Every command takes either. A document is named by a path of one part, ``google:ID``, so that all that is said about
a workbook's place is said the same way.
"""

from __future__ import annotations

import os
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

_READ_BY_SHELLS = re.compile(r'["$`!\\\u201c-\u201f\x00-\x1f\x7f]')
"""What cmd, PowerShell or sh does not take as it is between double quotes, the one kind that all three know."""


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

    Returns:
        The place; where the name is one that `portable` gave, that of the file.

    Raises:
        WrongUse: It looks like an address, but no document is named.
    """
    if is_google(text):
        return Path(_PREFIX + document_id(text))
    path = Path(text).expanduser()
    return _meant(base / path if base else path)


def portable(name: str) -> str:
    """Write the name of a file so that a command with it reads the same and holds on every system.

    Returns:
        The name, with a question mark in the place of each mark that a shell would not take as it is; `place_of` finds
        the file by it.
    """
    return _READ_BY_SHELLS.sub("?", name)


def _meant(path: Path) -> Path:
    """Give the one file that a name with question marks stands for, where there is none of just this name."""
    if "?" not in path.name or os.path.exists(path):  # noqa: PTH110 - never raises
        return path
    try:
        fitting = [name for name in os.listdir(path.parent) if portable(name) == path.name]  # noqa: PTH208
    except OSError:
        return path
    return path.with_name(fitting[0]) if len(fitting) == 1 else path


def document_of(place: Path) -> str:
    """Give the id of the document at a place; empty for a file."""
    return place.name.removeprefix(_PREFIX) if len(place.parts) == 1 and place.name.startswith(_PREFIX) else ""


def address(document: str) -> str:
    """Give the address that people open."""
    return f"https://docs.google.com/spreadsheets/d/{document}/edit"
