"""``completion``: the lines that let a shell complete commands."""

from __future__ import annotations

import click

from netzwerk_sheets.cli.frame import Call, command


@command("completion", click.Argument(["shell"], type=click.Choice(["bash", "zsh", "fish"])), workbook=False)
def completion(call: Call, *, shell: str) -> int:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    from netzwerk_sheets.cli.group import program

    found = get_completion_class(shell)
    if found is not None:
        call.result(found(program(), {}, "netzwerk", "_NETZWERK_COMPLETE").source())
    return 0
