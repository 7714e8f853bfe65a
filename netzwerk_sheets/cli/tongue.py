"""In which language the program speaks: --lang, the configuration, NETZWERK_LANG, the locale; else German.

The configuration is only searched for one line here, not read: help must speak before anything is parsed.
"""

from __future__ import annotations

import os
import re
import sys

LANGUAGES = ("de", "en")


def _known(text: str | None) -> str | None:
    short = (text or "")[:2].casefold()
    return short if short in LANGUAGES else None


def _configured() -> str | None:
    """Give the language a ``netzwerk.toml`` names: the chosen one, or one in this folder or above."""
    chosen = os.environ.get("NETZWERK_CONFIG")
    folder = os.getcwd()
    places = [chosen] if chosen else []
    while not chosen:
        places.append(os.path.join(folder, "netzwerk.toml"))
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    for place in places:
        try:
            with open(place or "", encoding="utf-8") as file:
                found = re.search(r'(?m)^language\s*=\s*"(\w+)"', file.read())
        except (OSError, ValueError):
            continue
        return found[1] if found else None
    return None


def typed(arguments: list[str] | None = None) -> str | None:
    """Give the language that was typed, or `None`."""
    words = sys.argv[1:] if arguments is None else arguments
    for index, word in enumerate(words):
        if word == "--lang" and index + 1 < len(words) and (found := _known(words[index + 1])):
            return found
        if word.startswith("--lang=") and (found := _known(word[7:])):
            return found
    return None


def language(arguments: list[str] | None = None) -> str:
    """Choose the language before any command is parsed, so that help speaks it too."""
    if found := typed(arguments):
        return found
    if found := _known(_configured()):
        return found
    for name in ("NETZWERK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return _known(os.environ[name]) or "de"
    return "de"
