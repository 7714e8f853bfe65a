"""Many networks that all changed: on the processes of this machine, and on the workers of a Dask scheduler.

Both must end alike, network by network, and find the same gaps afterwards. The scheduler and its workers are processes
of their own on this machine, as they would be on others.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import inspect
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORKERS = 2
PATIENCE = 120.0
"""Seconds until a scheduler and its workers must have met."""


def rows(run: Callable[..., Any], here: Path, there: Path, count: int, day: str) -> list[dict[str, Any]]:
    """Measure both, and say whether their results are equal.

    Args:
        run: Runs a program (name, code, arguments) and gives what it took and answered.
        here: A folder of networks that people changed; the processes get it.
        there: Another one with the same; the workers get it.
        count: How many there are in each.
        day: Which day it is.
    """
    place = {"goal": "G10", "job": "fleet, all changed", "size": str(count), "against": "workers on Dask"}
    if importlib.util.find_spec("distributed") is None:
        return [{**place, "measure": "cpu", "wanted": "", "holds": "skipped: distributed not installed"}]
    print(f"G10 {count} networks on processes and on workers", file=sys.stderr, flush=True)
    code = f"import hashlib, json, subprocess, sys, time\n{inspect.getsource(ended)}\nended(*sys.argv[1:])"
    mine = run("processes", code, (str(here), day))
    with scheduler() as address:
        other = run("workers", code, (str(there), day, "--scheduler", address))
    spent = {
        "measure": "wall", "ours": f"{mine.wall:.1f}", "theirs": f"{other.wall:.1f}",
        "ratio": f"{other.wall / mine.wall:.2f}", "wanted": "is shown", "holds": "-",
    }  # fmt: skip
    found = [{**place, **spent}]
    for what, told in mine.answer.items():
        same = told == other.answer[what] and len(told) == count
        equal = {"measure": f"what {what} says", "ours": f"{len(told)} networks", "theirs": "", "ratio": ""}
        equal |= {"theirs": f"{len(other.answer[what])} networks", "wanted": "equal", "holds": "yes" if same else "NO"}
        found.append({**place, **equal})
    return found


@contextlib.contextmanager
def scheduler() -> Iterator[str]:
    """Run a scheduler with workers, and give its address."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(program: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", "--host", "127.0.0.1"]
        quiet = subprocess.DEVNULL
        processes.append(subprocess.Popen([*command, *arguments], stdout=quiet, stderr=quiet))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        try:
            start("dask_scheduler", "--port", "0", "--scheduler-file", str(file))
            until = time.monotonic() + PATIENCE
            while not file.exists() and time.monotonic() < until:
                time.sleep(0.05)
            for _ in range(WORKERS):
                start("dask_worker", "--scheduler-file", str(file), "--no-nanny", "--nthreads", "1")
            address = str(json.loads(file.read_text(encoding="utf-8"))["address"])
            met = f"from distributed import Client; Client({address!r}).wait_for_workers({WORKERS}, timeout={PATIENCE})"
            subprocess.run([sys.executable, "-c", met], check=True)  # elsewhere: this process stays small
            yield address
        finally:
            for process in reversed(processes):
                process.kill()
                process.wait()


def ended(networks: str, day: str, *more: str) -> None:
    """Sync a fleet, then ask for its gaps, and tell how long the first took and what both said."""
    cli = "from netzwerk_sheets.cli import main; main()"
    said, took = {}, []
    for what in ("sync", "gaps"):
        begin = time.perf_counter()
        command = [sys.executable, "-c", cli, "fleet", what, "--networks", networks, "--json", "--today", day, *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        took.append(time.perf_counter() - begin)
        if done.returncode not in {0, 3}:
            sys.exit(done.stderr[-1000:])
        networks_said = json.loads(done.stdout)["networks"]
        said[f"fleet {what}"] = {
            name: hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()
            for name, each in networks_said.items()
        }
    print(json.dumps({"seconds": took[0], "answer": said}))
