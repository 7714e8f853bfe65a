"""``doctor``: is everything in place? One line each, with the cure; no personal data."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.cli.copies import sentences_of
from netzwerk_sheets.cli.frame import Call, command, lost
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.sync.ending import Done


@command("doctor", single=True)
def doctor(call: Call, workbook: Path) -> int:
    """Look at rights, locks, headers and versions."""
    lines = [*_machine(call), *(_online if document_of(workbook) else _file)(call, workbook)]
    status = max((code for _, _, code in lines), default=0)
    if call.json:
        call.document(checks=[{"what": what, "ok": not code, "text": text} for what, text, code in lines], exit=status)
    else:
        for _, text, code in lines:
            call.result(f"{call.words.say('doctor.bad' if code else 'doctor.good')} {text}")
    return status


Line = tuple[str, str, int]


def _machine(call: Call) -> list[Line]:
    from netzwerk_sheets.state.folder import prepare_folder, state_folder

    say = call.words.say
    version = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    lines = [("version", say("doctor.version", version=__version__, python=version), 0)]
    try:
        prepare_folder(state_folder())
        lines.append(("state", say("doctor.state", folder=str(state_folder())), 0))
    except NetzwerkError as error:
        lines.append(_failed(error, "state"))
    lines.append(("today", say("doctor.today", date=call.today), 0))
    return lines


def _failed(error: NetzwerkError, what: str) -> Line:
    from netzwerk_sheets.cli.group import sentences

    return what, " ".join(part for part in sentences(error) if part), error.exit_status


def _online(call: Call, workbook: Path) -> list[Line]:
    """Try every step to a document at Google; the first that fails says what is wrong."""
    from netzwerk_sheets.backends.google.probe import probe
    from netzwerk_sheets.config import Google
    from netzwerk_sheets.sync.run import look

    say = call.words.say
    lines: list[Line] = []
    for step in probe(str(workbook), call.google or Google()):
        if step.reason and step.exit_status:
            what, text, _ = _failed(NetzwerkError(step.reason, **step.facts), step.what)
            return [*lines, (what, text, step.exit_status)]
        text = say(f"doctor.google_{step.what}".replace("-", "_"), account=step.facts.get("account", ""))
        lines.append((step.what, text, 0))
    try:
        done = look(workbook, call.order())
    except NetzwerkError as error:
        return [*lines, _failed(error, "read")]
    return [*lines, *_network(call, done, workbook)]


def _file(call: Call, workbook: Path) -> list[Line]:
    from netzwerk_sheets.backends.excel.locks import lock_of
    from netzwerk_sheets.sync.run import look

    say = call.words.say
    lines: list[Line] = []
    try:
        done = look(workbook, call.order())
    except NetzwerkError as error:
        return [_failed(lost(error, workbook) or error, "read")]
    lines.append(("read", say("doctor.read", file=workbook.name, n=len(done.plan.snapshot.tabs)), 0))
    writable = os.access(workbook, os.W_OK) and os.access(workbook.resolve().parent, os.W_OK)
    lines.append(
        (
            "write",
            say("doctor.writable" if writable else "doctor.not_writable", file=workbook.name),
            0 if writable else 10,
        )
    )
    lock = lock_of(workbook)
    if lock is None:
        lines.append(("lock", say("doctor.free"), 0))
    else:
        lines.append(("lock", say("doctor.open", holder=lock.holder or "?"), 5))
    lines += _network(call, done, workbook)
    named = {path.resolve() for path in call.joining if not document_of(path)}
    copies = [each for each in done.copies if each.path not in named]
    told = sentences_of(copies, workbook.name, written=False)
    return [*lines, *(("copy", say(key, **facts), 3) for key, facts in told)]


def _network(call: Call, done: Done, workbook: Path) -> list[Line]:
    """Say what of the network stands in the workbook."""
    say, lines = call.words.say, []
    ours = done.plan.snapshot.marker is not None
    lines.append(("network", say("doctor.ours" if ours else "doctor.not_ours", file=str(workbook)), 0 if ours else 2))
    for seen in done.plan.located.seen():
        unknown = len(seen.unknown)
        text = say("doctor.table", tab=seen.tab.title, rows=len(seen.rows), known=len(seen.columns), unknown=unknown)
        lines.append(("table", text, 0 if seen.healthy else 3))
    return lines
