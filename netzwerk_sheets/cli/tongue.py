"""In which language the program speaks: --lang, the configuration, NETZWERK_LANG, the locale; else German.

The configuration is only searched for one line here, not read: help must speak before anything is parsed. Once it is
known which workbook is meant, the configuration that counts for it decides (`preferred`). The locale
may name a language that nobody chose for this program; then it is German.
"""

from __future__ import annotations

import os
import re
import sys

from netzwerk_sheets.languages import spoken

CHOSEN = "NETZWERK_LANG"
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def _given(option: str) -> list[str]:
    """Give what was typed for an option, before anything is parsed."""
    words = sys.argv[1:]
    after = [words[index + 1] for index, word in enumerate(words[:-1]) if word == option]
    return after + [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]


def configured_here() -> tuple[str, str]:
    """Give a ``netzwerk.toml``, the chosen one or one in this folder or above, and the language it names, or empty."""
    chosen = next(iter(_given("--config")), "") or os.environ.get("NETZWERK_CONFIG", "")
    places = [chosen] if chosen else []
    try:
        folder = "" if chosen else os.getcwd()
    except OSError:  # this folder is gone
        folder = ""
    while folder:
        places.append(os.path.join(folder, "netzwerk.toml"))
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    for place in places:
        try:
            with open(place, encoding="utf-8") as file:
                head = re.split(r"(?m)^\s*\[", file.read(), maxsplit=1)[0]
        except (OSError, ValueError):
            continue
        found = re.search(r"""(?m)^[ \t]*language[ \t]*=[ \t]*(["'])(.*?)\1""", head)
        return place, found[2] if found else ""
    return "", ""


def typed() -> str | None:
    """Give the language that was typed, or `None`."""
    return next((found for text in _given("--lang") if (found := spoken(text))), None)


def language() -> str:
    """Choose the language before any command is parsed, so that help speaks it too."""
    return preferred(configured_here()[1])


def preferred(configured: str) -> str:
    """Choose the language where a configuration names one, or none (empty)."""
    chosen = typed() or spoken(configured) or spoken(os.environ.get(CHOSEN, ""))
    return chosen or spoken(next((text for name in LOCALE if (text := os.environ.get(name))), "")[:2]) or "de"


def require_known(place: str, configured: str) -> None:
    """Make sure that the language people chose is one that the program speaks; what nobody chose may be any.

    Args:
        place: The configuration that counts.
        configured: The language it names; or empty.

    Raises:
        WrongUse: It is another one.
    """
    chosen = () if typed() else ((place, configured), (CHOSEN, os.environ.get(CHOSEN, "")))
    where, text = next(((where, text) for where, text in chosen if text), ("", ""))
    if text and spoken(text) is None:
        from netzwerk_sheets.config import require_spoken

        require_spoken(where, text)
