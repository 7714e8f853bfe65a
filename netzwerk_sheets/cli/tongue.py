"""In which language the program speaks: --lang, then NETZWERK_LANG, then the locale; German where none is known."""

from __future__ import annotations

import os
import sys

LANGUAGES = ("de", "en")


def _known(text: str | None) -> str | None:
    short = (text or "")[:2].casefold()
    return short if short in LANGUAGES else None


def language(arguments: list[str] | None = None) -> str:
    """Choose the language before any command is parsed, so that help speaks it too."""
    words = sys.argv[1:] if arguments is None else arguments
    for index, word in enumerate(words):
        if word == "--lang" and index + 1 < len(words) and (found := _known(words[index + 1])):
            return found
        if word.startswith("--lang=") and (found := _known(word[7:])):
            return found
    for name in ("NETZWERK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return _known(os.environ[name]) or "de"
    return "de"
