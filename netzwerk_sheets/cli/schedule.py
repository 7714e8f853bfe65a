"""``schedule``: let the machine call ``sync`` at intervals. Nothing is installed before a yes."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from netzwerk_sheets.cli.frame import Call, command, duration, shifted
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.cli.timers import Job, cron, systemd, untouched, windows
from netzwerk_sheets.errors import AccessDenied, WrongUse
from netzwerk_sheets.place import document_of

ACTIONS = ("show", "install", "remove")
PEOPLE = 3
KEPT = ("NETZWERK_STATE", "NETZWERK_CONFIG", "NETZWERK_LANG")
"""Variables that say where things are; the call at night must find the same."""


@command(
    "schedule",
    click.Argument(["action"], required=False, metavar="[show|install|remove]"),
    click.Option(["--every"], default="15m", callback=duration, metavar="15m|2h", help=words().say("help.every")),
)
def schedule(call: Call, workbook: Path, *, action: str | None, every: int) -> int:
    """Show, install or remove what calls ``sync`` at intervals."""
    call, workbook, action = shifted(call, workbook, action, words=ACTIONS)
    action = action or ACTIONS[0]
    if action not in ACTIONS:
        raise WrongUse("schedule-unknown", action=action)
    if every < 60:
        raise WrongUse("schedule-too-often")
    if action != "remove" and not (document_of(workbook) or workbook.is_file()):
        raise WrongUse("schedule-no-file", file=str(workbook))
    job = job_for(call, workbook, every)
    if action == "show":
        return _show(call, job)
    return _install(call, job, workbook) if action == "install" else _remove(call, job, workbook)


def job_for(call: Call, workbook: Path, every: int) -> Job:
    """Say what shall be called for a workbook; the name of the units says nothing about it."""
    from netzwerk_sheets.state.folder import key_of

    place = str(workbook) if document_of(workbook) else os.path.realpath(workbook)
    line = [sys.executable, "-m", "netzwerk_sheets", "sync", place, "--quiet"]
    if call.config:
        line += ["--config", os.path.realpath(call.config)]
    environment = {name: os.environ[name] for name in KEPT if os.environ.get(name)}
    description = call.words.say("schedule.description", file=workbook.name)
    return Job(f"netzwerk-{key_of(workbook)[:12]}", line, every, environment, description)


def unit_folder() -> Path:
    """Give the folder of the user's own units."""
    chosen = os.environ.get("XDG_CONFIG_HOME")
    return (Path(chosen) if chosen else Path.home() / ".config") / "systemd" / "user"


def _show(call: Call, job: Job) -> int:
    folder, units = unit_folder(), systemd(job)
    if call.json:
        call.document(
            name=job.name, systemd={str(folder / name): text for name, text in units.items()},
            cron=cron(job), windows=windows(job), installed=[str(p) for p in _there(job)],
        )  # fmt: skip
        return 0
    call.result(call.words.say("schedule.systemd", workbook=call.words.workbook))
    for name, text in units.items():
        call.result(f"\n# {folder / name}\n{text.rstrip()}")
    call.result(f"\n{call.words.say('schedule.cron')}\n{cron(job)}")
    call.result(f"\n{call.words.say('schedule.windows')}\n{windows(job)}")
    call.result("\n" + call.words.say("schedule.is_installed" if _there(job) else "schedule.not_installed"))
    return 0


def _there(job: Job) -> list[Path]:
    """Give the units of this job that stand in the folder."""
    return [path for name in systemd(job) if (path := unit_folder() / name).exists()]


def _install(call: Call, job: Job, workbook: Path) -> int:
    if sys.platform != "linux":
        call.result(windows(job) if sys.platform == "win32" else cron(job))
        call.say("schedule.by_hand")
        return PEOPLE
    folder, units = unit_folder(), systemd(job)
    foreign = [path for path in _there(job) if not untouched(path.read_text(encoding="utf-8", errors="replace"))]
    if foreign:
        raise WrongUse("schedule-changed", file=str(foreign[0]))
    if call.dry_run or not call.agreed("schedule.agree", folder=str(folder), file=workbook.name):
        call.say("common.left")
        return 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in units.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise AccessDenied("schedule-denied", folder=str(folder)) from error
    running = _systemctl(["daemon-reload"]) and _systemctl(["enable", "--now", f"{job.name}.timer"])
    if call.json:
        call.document(name=job.name, installed=[str(path) for path in _there(job)], running=running)
    elif running:
        call.say("schedule.installed", name=job.name, workbook=call.words.workbook)
    else:
        call.say("schedule.not_running", name=job.name, folder=str(folder))
        call.result(cron(job))
    return 0 if running else PEOPLE


def _remove(call: Call, job: Job, workbook: Path) -> int:
    there = _there(job)
    changed = [path for path in there if not untouched(path.read_text(encoding="utf-8", errors="replace"))]
    if changed:
        raise WrongUse("schedule-changed", file=str(changed[0]))
    if there and not call.dry_run and call.agreed("schedule.agree_remove", file=workbook.name):
        _systemctl(["disable", "--now", f"{job.name}.timer"])
        for path in there:
            path.unlink(missing_ok=True)
        _systemctl(["daemon-reload"])
        key = "schedule.removed"
    else:
        key = "common.left" if there else "schedule.nothing"
    if call.json:
        call.document(name=job.name, removed=[str(path) for path in there if not path.exists()])
    else:
        call.say(key)
    return 0


def _systemctl(arguments: list[str]) -> bool:
    """Tell the user's systemd, without a shell; say whether it listened."""
    import subprocess

    program = shutil.which("systemctl")
    if program is None:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and words made here
            [program, "--user", *arguments], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
