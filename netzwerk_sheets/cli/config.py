"""``config``: which configuration counts."""

from __future__ import annotations

import click

from netzwerk_sheets.cli.frame import Call, command


@command("config", click.Argument(["what"], type=click.Choice(["path", "show"]), default="path"), workbook=False)
def config(call: Call, *, what: str) -> int:
    """Show which file counts, and what it says."""
    from netzwerk_sheets.config import find_config
    from netzwerk_sheets.state.folder import state_folder

    found = find_config(call.config)
    if call.json:
        call.document(
            path=str(found.path or ""),
            workbook=list(found.default),
            workbooks={name: list(names) for name, names in found.workbooks.items()},
            state=str(state_folder()),
        )
    elif what == "path":
        call.result(str(found.path) if found.path else call.words.say("config.none"))
    else:
        say = call.words.say
        call.result(say("config.file", file=str(found.path)) if found.path else say("config.none"))
        call.result(call.words.say("config.state", folder=str(state_folder())))
        for name, names in {
            **({"workbook": found.default} if found.default else {}),
            **found.workbooks,
        }.items():
            call.result(f"{name} = {', '.join(names)}")
    return 0
