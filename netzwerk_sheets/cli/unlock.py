"""``unlock``: who works on a workbook, and away with what a process left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.cli.frame import Call, command

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.state.lock import Holder


@command("unlock")
def unlock(call: Call, workbook: Path) -> int:
    """Take a lock away whose process is gone; one that is at work is left alone."""
    from netzwerk_sheets.state.lock import holder_of, is_held, require_gone

    holder = holder_of(workbook)
    _tell(call, workbook, holder)
    require_gone(workbook)
    held = is_held(workbook)
    removed = (holder is not None or held) and not call.dry_run and _remove(call, workbook, holder, held=held)
    if call.json:
        call.document(
            held=held,
            pid=holder.pid if holder else None,
            host=holder.host if holder else "",
            since=holder.since.isoformat() if holder else "",
            minutes=holder.minutes if holder else 0,
            removed=removed,
        )
    elif holder is not None:
        call.say("unlock.removed" if removed else "common.left")
    return 0


def _tell(call: Call, workbook: Path, holder: Holder | None) -> None:
    """Say who holds the lock, since when, and whether that can still be."""
    if call.json:
        return
    if holder is None:
        call.result(call.words.say("unlock.free", file=workbook.name))
        return
    since = f"{call.words.date(holder.since.date())}, {holder.since:%H:%M}"
    facts = {"pid": holder.pid, "host": holder.host, "since": since, "n": holder.minutes}
    call.result(call.words.say("unlock.holder", **facts))


def _remove(call: Call, workbook: Path, holder: Holder | None, *, held: bool) -> bool:
    from netzwerk_sheets.state.lock import break_open, tidy

    if holder is None or holder.here:
        call.say("unlock.gone")
        tidy(workbook)
        return True
    if not call.agreed("unlock.agree", host=holder.host, n=holder.minutes):
        return False
    if held:
        break_open(workbook)
    else:
        tidy(workbook)
    return True
