"""A page as one self-contained HTML file: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import netzwerk_sheets.templates
from netzwerk_sheets import __version__

if TYPE_CHECKING:
    from netzwerk_sheets.output.page import Page
    from netzwerk_sheets.sheets.language import Words

HOME = Path(netzwerk_sheets.templates.__file__ or "").parent / "report"
MARK = b'<meta name="generator" content="netzwerk '
"""How a page of ours can be told from a file of somebody else."""


def _filters(most: int) -> str:
    """Give the rules that hide the rows a person did not choose; on paper all rows stand."""
    rules = "\n".join(
        f"  .filter:has(.c{number}:checked) + .scroll tbody tr:not(.f{number}) {{ display: none; }}"
        for number in range(1, most + 1)
    )
    return f"@media screen {{\n{rules}\n}}\n"


def render(page: Page, words: Words) -> bytes:
    """Write a page.

    Returns:
        The file, UTF-8. It holds no script, and its own policy forbids loading anything.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from netzwerk_sheets.output.page import MOST_OPTIONS

    style = (HOME / "report.css").read_text(encoding="utf-8") + _filters(MOST_OPTIONS)
    environment = Environment(
        loader=FileSystemLoader(HOME), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = environment.get_template("report.html.j2").render(
        page=page, say=words.say, language=words.language, version=__version__, style=style, most_options=MOST_OPTIONS,
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
    )  # fmt: skip
    return text.encode("utf-8", errors="replace")
