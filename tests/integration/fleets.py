"""Fleets for the tests: copies of the demo network as if each had been made where it lies, and workers that tell."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from person import DAY, Person, netz

from netzwerk_sheets.fleet import work
from netzwerk_sheets.state.folder import key_of


@pytest.fixture(scope="session")
def fresh(made, tmp_path_factory):
    """The demo network, synced, with nothing left to do."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copytree(made, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("STATE", str(folder / "state")), ("TODAY", DAY), ("LANG", "de")):
            patch.setenv(f"NETZWERK_{name}", value)
        shutil.rmtree(folder / "state")
        assert netz("sync", folder / "stadt.xlsx").code == 3
        assert "unverändert" in netz("sync", folder / "stadt.xlsx").err
    return folder


def settle(fresh, folder, names):
    """Lay copies of a network that was just synced into a folder, each with what is known of it."""
    source, people = fresh / "stadt.xlsx", {}
    for name in names:
        path = folder / f"{name}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
        for kind in ("networks", "glance"):
            known = Path(os.environ["NETZWERK_STATE"]) / kind
            known.mkdir(parents=True, exist_ok=True)
            for part in (fresh / "state" / kind).iterdir():
                shutil.copy(part, known / part.name.replace(key_of(source), key_of(path)))
        people[name] = Person(path)
    return people


def edit(people):
    """Let people pause a partner in every network."""
    for person in people.values():
        person.type("Partner", "P-007", "Status", "ruhend")


def traced(job):
    """Do a job and write down where it began and ended; whoever finds the file ``kill`` dies in the middle."""
    place = Path(job.state) / "trace" if job.state else Path(os.environ["NETZWERK_STATE"]) / "trace"
    _tell(place, "begin", job)
    try:
        if _first_to_take(place.with_name("kill")):
            time.sleep(0.2)
            _tell(place, "dies", job)
            os.kill(os.getpid(), signal.SIGKILL)
        return work.do(job)
    finally:
        _tell(place, "end", job)


def _tell(place, what, job):
    line = json.dumps({"what": what, "name": job.member.name, "pid": os.getpid(), "at": time.monotonic()}) + "\n"
    descriptor = os.open(place, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def _first_to_take(file):
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


def told(folder):
    """Give what `traced` wrote down."""
    return [json.loads(line) for line in (folder / "trace").read_text("utf-8").splitlines()]


def overlapping(lines):
    """Name the networks that somebody began while another process, still alive, was at it."""
    at_work, found = {}, []
    for line in lines:
        if line["what"] != "begin":
            at_work.pop(line["name"], None)
        elif line["name"] in at_work and _lives(at_work[line["name"]]):
            found.append(line["name"])
        else:
            at_work[line["name"]] = line["pid"]
    return found


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def never(_job):
    """Do no job at all, for longer than anybody waits."""
    time.sleep(600)
