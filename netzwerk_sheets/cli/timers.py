"""What makes a machine call the tool at intervals: units of systemd, a line for cron, a task of Windows. Pure text."""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARK = "# netzwerk schedule "
"""How the first line of every file begins that was made here; the digest of what follows stands behind it."""

WELL = (3, 5, 7, 11)
"""Exit codes that are no failure of the service: people are asked, or the next call will do."""

_PLAIN = re.compile(r"[\w@%+=:,./~-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Job:
    """What shall be called.

    Attributes:
        name: Of the units: a word without anything of people or places.
        command: The program and its arguments.
        seconds: The interval.
        environment: Variables the call needs.
        description: One line for people.
    """

    name: str
    command: Sequence[str]
    seconds: int
    environment: Mapping[str, str]
    description: str


def systemd(job: Job) -> dict[str, str]:
    """Give the units: file name → text."""
    lines = [f"Environment={_quoted(f'{key}={value}')}" for key, value in sorted(job.environment.items())]
    service = [
        "[Unit]",
        f"Description={_line(job.description)}",
        "",
        "[Service]",
        "Type=oneshot",
        *lines,
        "ExecStart=" + " ".join(_quoted(word).replace("$", "$$") for word in job.command),
        "SuccessExitStatus=" + " ".join(str(code) for code in WELL),
        "Nice=10",
    ]
    timer = [
        "[Unit]",
        f"Description={_line(job.description)}",
        "",
        "[Timer]",
        "OnStartupSec=2min",
        f"OnUnitActiveSec={job.seconds}s",
        f"Unit={job.name}.service",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return {f"{job.name}.service": marked(service), f"{job.name}.timer": marked(timer)}


def _line(text: str) -> str:
    return " ".join(text.split()).replace("%", "%%")


def _quoted(word: str) -> str:
    """Write a word as systemd reads it: quoted where needed, with nothing in it that it would replace."""
    if _PLAIN.fullmatch(word):
        return word.replace("%", "%%")
    inner = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("%", "%%")
    return f'"{inner}"'


def marked(lines: Sequence[str]) -> str:
    """Write a file whose first line tells whether anybody changed it since."""
    body = "\n".join(lines) + "\n"
    return f"{MARK}{_digest(body)}\n{body}"


def untouched(text: str) -> bool:
    """Say whether a file stands as it was made."""
    first, _, body = text.partition("\n")
    return first == f"{MARK}{_digest(body)}"


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def cron(job: Job) -> str:
    """Give the line of a crontab.

    Cron counts in minutes that divide an hour, hours that divide a day, or days; the next shorter such interval is
    taken.
    """
    words = [*(f"{key}={value}" for key, value in sorted(job.environment.items())), *job.command]
    if job.environment:
        words = ["env", *words]
    call = shlex.join(words).replace("%", "\\%")
    return f"{_when(job.seconds)} {call}"


def _when(seconds: int) -> str:
    minutes = max(1, seconds // 60)
    if minutes < 60:
        step = max(each for each in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30) if each <= minutes)
        return "* * * * *" if step == 1 else f"*/{step} * * * *"
    hours = minutes // 60
    if hours < 24:
        step = max(each for each in (1, 2, 3, 4, 6, 8, 12) if each <= hours)
        return "0 * * * *" if step == 1 else f"0 */{step} * * *"
    return "0 6 * * *"


def windows(job: Job) -> str:
    """Give the command that makes a task of the Windows Task Scheduler."""
    minutes = min(max(1, job.seconds // 60), 1439)
    run = subprocess.list2cmdline(job.command)
    return subprocess.list2cmdline(
        ["schtasks", "/Create", "/F", "/TN", job.name, "/SC", "MINUTE", "/MO", str(minutes), "/TR", run]
    )
