"""``backups`` and ``restore``: saved copies of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, require_file, table
from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.backends.excel import Backup


def _made(call: Call, copy: Backup, more: str = "") -> str:
    """Write when a copy was made, by the clock of this machine."""
    moment = copy.moment.astimezone()
    return f"{call.words.date(moment.date())} {moment.strftime('%H:%M' + more)}"


@command("backups", single=True)
def backups(call: Call, workbook: Path) -> int:
    """List the saved copies, newest first."""
    from netzwerk_sheets.sync.backups import saved_copies

    require_file(workbook)
    copies = saved_copies(workbook)
    if call.json:
        call.document(
            backups=[
                {
                    "number": number,
                    "made": copy.moment.isoformat(),
                    "file": str(copy.path),
                    "bytes": copy.path.stat().st_size,
                }
                for number, copy in enumerate(copies, start=1)
            ]
        )
        return 0
    if not copies:
        call.result(call.words.say("backups.none"))
        return 0
    headers = [call.words.say(f"backups.{key}") for key in ("number", "made", "file")]
    rows = [[str(number), _made(call, copy, ":%S"), str(copy.path)] for number, copy in enumerate(copies, start=1)]
    table(call, headers, rows)
    return 0


@command("restore", click.Argument(["state"], metavar="STATE"), single=True)
def restore(call: Call, workbook: Path, *, state: str) -> int:
    """Put a saved copy back; the present file, where there is one, is saved first."""
    from netzwerk_sheets.backends.excel import BackupPlace, ExcelWorkbook
    from netzwerk_sheets.backends.excel.fingerprint import sha256
    from netzwerk_sheets.sync.backups import backup_folder, saved_copies
    from netzwerk_sheets.sync.recall import book_code
    from netzwerk_sheets.sync.run import opened

    require_file(workbook)
    copies = saved_copies(workbook)
    if not state.isdigit() or not 1 <= int(state) <= len(copies):
        raise WrongUse("backup-unknown", state=state, n=len(copies))
    copy = copies[int(state) - 1]
    made = _made(call, copy)
    is_there = workbook.exists()
    question = "backups.agree" if is_there else "backups.agree_lost"
    if call.dry_run or not call.agreed(question, file=workbook.name, made=made):
        call.say("common.left")
        return 0
    with opened(call.first, wait=call.wait) as store:
        place = BackupPlace(backup_folder(workbook))
        ExcelWorkbook(workbook, backups=place).restore(copy, expected=sha256(workbook) if is_there else "")
        store.let_go("" if workbook == call.first else book_code(workbook))
    call.say("backups.restored", file=workbook.name, made=made)
    return 0
