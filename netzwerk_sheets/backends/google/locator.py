"""Which document is meant: its web address, or its id alone."""

from __future__ import annotations

import re

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


def address(document: str) -> str:
    """Give the address that people open."""
    return f"https://docs.google.com/spreadsheets/d/{document}/edit"
