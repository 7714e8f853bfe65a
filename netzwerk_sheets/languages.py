"""The languages the program speaks; light, because help needs it before anything else."""

from __future__ import annotations

import re

LANGUAGES = ("de", "en")

LOCALES = {"de": "de-DE", "en": "en-GB"}
"""Language → what the properties of a workbook call it."""


def spoken(name: str) -> str | None:
    """Give the language that a name such as ``en``, ``de-AT`` or ``de_DE.UTF-8`` means; `None` for any other one."""
    found = re.fullmatch(rf"({'|'.join(LANGUAGES)})(?:[-_.@].*)?", name.strip(), re.IGNORECASE)
    return found[1].casefold() if found else None
