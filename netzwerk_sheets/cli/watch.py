"""``watch``: one pass after the other until somebody stops it; one plain line a pass."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.copies import earlier, sentences_of
from netzwerk_sheets.cli.frame import Call, command, duration
from netzwerk_sheets.cli.group import INTERRUPTED, told, words
from netzwerk_sheets.collector import goes_on
from netzwerk_sheets.errors import NetzwerkError, WrongUse
from netzwerk_sheets.sync.passing import Glimpse, carry_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from netzwerk_sheets.cli.copies import Sentence

SLICE = 1.0
"""Seconds of one wait: Windows does not wake a longer one for Ctrl+C."""

GIVES_UP = frozenset({2, 12})
"""A call, a configuration or a login that is wrong stays wrong; everything else may be better next time."""
MISSING = 10


@dataclass(slots=True)
class Stop:
    """Whether somebody asked to stop, and how."""

    asked: threading.Event
    status: int = 0


@command(
    "watch",
    click.Option(["--every"], default="15m", callback=duration, metavar="30s|15m|2h", help=words().say("help.every")),
)
def watch(call: Call, workbook: Path, *, every: int) -> int:
    """Repeat the pass until stopped; what is in the way now is tried again later."""
    if every < 1:
        raise WrongUse("watch-too-often")
    goes_on()
    source = click.get_current_context().get_parameter_source("today")
    fixed = source not in {click.core.ParameterSource.DEFAULT, None}
    first = True
    with _stoppable() as stop:
        while not stop.asked.is_set():
            now = call if fixed else replace(call, today=date.today())  # noqa: DTZ011 - the machine's calendar
            try:
                _line(now, workbook, *one_pass(now, workbook))
            except (NetzwerkError, OSError) as error:
                what, hint, status = told(error)
                if status in GIVES_UP or (first and status == MISSING):
                    raise
                _line(now, workbook, f"{what} {hint}".strip(), {"exit": status})
            first = False
            _sleep(stop, every)
    if stop.status:
        call.say("error.interrupted")
    return stop.status


@contextmanager
def _stoppable() -> Iterator[Stop]:
    """Let Ctrl+C and the system's call to end finish the pass under way first."""
    stop = Stop(threading.Event())

    def ask(number: int, _frame: object) -> None:
        stop.status = INTERRUPTED if number == signal.SIGINT else 0
        stop.asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _sleep(stop: Stop, seconds: float) -> None:
    while seconds > 0 and not stop.asked.wait(min(SLICE, seconds)):
        seconds -= SLICE


def one_pass(call: Call, workbook: Path) -> tuple[str, dict[str, object]]:
    """Do one pass and give how it ended, in words and as plain data; where nothing changed, nothing is read.

    Raises:
        NetzwerkError: It could not be done; nothing was written.
    """
    glimpse = Glimpse((workbook, *call.further), call.today, call.google)
    known = glimpse.unchanged()
    if known is not None:
        copies = known.get("copies", [])
        text = _with_copies(call, call.words.say("watch.unchanged"), earlier(copies, workbook.name))
        return text, {"exit": known.get("exit", 0), "cells": 0, "copies": [_plain(*each) for each in copies]}
    from netzwerk_sheets.sync.ending import cells_of, held

    done, status = carry_out(workbook, call.order(), wait=call.wait, dry_run=call.dry_run, glimpse=glimpse)
    cells = sum(sum(cells_of(part).values()) for part in (done.plan, *done.plan.others))
    text = call.words.say("watch.would" if call.dry_run else "watch.did", n=cells)
    if done.plan.conflicts:
        text += " " + call.words.say("watch.conflicts", n=len(done.plan.conflicts))
    if held(done):
        text += " " + call.words.say("watch.held", file=workbook.name)
    text = _with_copies(call, text, sentences_of(done.copies, workbook.name, written=not call.dry_run))
    return text, {
        "exit": status, "cells": cells, "conflicts": len(done.plan.conflicts), "held": held(done),
        "copies": [_plain(each.path.name, each.state, each.changes) for each in done.copies],
    }  # fmt: skip


def _with_copies(call: Call, text: str, sentences: Iterable[Sentence]) -> str:
    return " ".join((text, *(call.words.say(key, **facts) for key, facts in sentences)))


def _plain(file: str, state: str, changes: int) -> dict[str, object]:
    return {"file": file, "state": state, "changes": changes}


def _line(call: Call, workbook: Path, text: str, facts: Mapping[str, object]) -> None:
    """Print the line of one pass; with --json one document a line."""
    now = datetime.now().astimezone()
    if call.json:
        import json

        document = {"schema": 1, "at": now.isoformat(timespec="seconds"), **facts, "text": text}
        call.result(json.dumps(document, ensure_ascii=False))
    else:
        call.result(f"{now:%H:%M:%S} {workbook.name}: {text}")
