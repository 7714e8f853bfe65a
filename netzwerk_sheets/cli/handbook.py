"""``handbook``: the coordinators' handbook on the terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap

import click

from netzwerk_sheets.cli.frame import Call, command

WIDEST = 100
"""Longer lines are hard to read."""


@command("handbook", workbook=False)
def handbook(call: Call) -> int:
    """Show the handbook, on a terminal page by page."""
    from netzwerk_sheets.sheets.handbook import parts, spoken

    language = call.words.language
    if call.json:
        call.document(
            language=language,
            parts=[
                {"number": each.number, "chapter": each.chapter, "text": each.text, "command": each.command}
                for each in parts(language)
            ],
        )
    elif sys.stdout.isatty() and not call.plain:
        width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
        lines = (textwrap.fill(line, width, subsequent_indent="    ") for line in spoken(language))
        click.echo_via_pager("\n".join(lines) + "\n")
    else:
        for line in spoken(language):
            call.result(line)
    return 0
