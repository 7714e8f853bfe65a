"""The languages the program speaks; light, because help needs it before anything else.

A new one is an entry in both names below, in the formats at the head of sheets/language.py, and in `_matching_settings`
of sheets/schema.py. Whatever stands in ``templates`` once for each language needs it: files named ``.de`` and ``.en``,
columns ``_de`` and ``_en`` of the catalogues, ``de =`` and ``en =`` in ``workbook/*.toml``. The demo network stays
German. The tests about words compare German with English, and shall compare it with the new one as well.
"""

from __future__ import annotations

import re

LANGUAGES = ("de", "en")

LOCALES = {"de": "de-DE", "en": "en-GB"}
"""Language → what the properties of a workbook call it."""


def spoken(name: str) -> str | None:
    """Give the language that a name such as ``en``, ``de-AT`` or ``de_DE.UTF-8`` means; `None` for any other one."""
    found = re.fullmatch(rf"({'|'.join(LANGUAGES)})(?:[-_.@].*)?", name.strip(), re.IGNORECASE)
    return found[1].casefold() if found else None
