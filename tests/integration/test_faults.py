"""The disk fails or rights are missing: exactly one plain message, nothing lost, and the next run does it all."""

import builtins
import errno
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
import pytest
from person import DAY, Person, netz

from netzwerk_sheets.state.folder import key_of

SCRIPT = Path(__file__).with_name("as_user.py")
NOBODY = 65534
TYPED = {("Partner", "P-013", "Bemerkung"): "vor dem Fehler getippt", ("Partner", "P-007", "Status"): "ruhend"}
FAILURES = {1, 5, 10, 11}


def edited(person):
    for (tab, row, header), value in TYPED.items():
        person.type(tab, row, header, value)


def one_message(err, code):
    """What happened, and at most one sentence on what to do; no word of a mistake of ours, no lines of code."""
    lines = [line for line in err.splitlines() if line.strip()]
    assert 1 <= len(lines) <= 2, (code, err)
    assert "Traceback" not in err
    assert "hätte nicht passieren" not in err, err
    assert "Errno" not in err, err


def healed(person):
    """The next run does everything, and the one after it nothing."""
    done = netz("sync", person.path, "--today", DAY)
    assert done.code in {0, 3}, done.err
    for (tab, row, header), value in TYPED.items():
        assert person.reads(tab, row, header) == value
    once = person.path.read_bytes()
    again = json.loads(netz("sync", person.path, "--json", "--today", DAY).out)
    assert not again["written"]
    assert person.path.read_bytes() == once
    assert not list(person.path.parent.glob(".*nstmp*"))


# --- every call to the system fails once --------------------------------------------------------------------


class Faults:
    """Let the n-th call to the system that concerns a folder fail; 0: let none fail, only count."""

    CALLS = ("open", "fsync", "replace", "rename", "link", "mkdir", "chmod", "unlink", "listdir", "scandir")

    def __init__(self, monkeypatch, folder, number, nth):
        self.folder, self.number, self.nth, self.passed = str(folder), number, nth, []
        for name in self.CALLS:
            monkeypatch.setattr(os, name, self._failing(name, getattr(os, name)))
        opened = self._failing("io.open", io.open)
        monkeypatch.setattr(io, "open", opened)
        monkeypatch.setattr(builtins, "open", opened)

    def _failing(self, name, real):
        def call(*arguments, **options):
            target = arguments[0] if arguments else options.get("path", "")
            if name == "fsync" or (not isinstance(target, int) and str(target).startswith(self.folder)):
                self.passed.append(name)
                if len(self.passed) == self.nth:
                    raise OSError(self.number, os.strerror(self.number), str(target))
            return real(*arguments, **options)

        return call


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
def test_whichever_call_to_the_system_fails_nothing_is_lost(stadt, monkeypatch, number, long, counted):
    netz("sync", stadt.path, "--today", DAY)
    edited(stadt)
    state, kept = stadt.path.parent / "state", stadt.path.parent / "kept"
    shutil.copytree(state, kept)
    old, nth, failed, injected = stadt.path.read_bytes(), 0, 0, 0
    stride = 1 if long else 7
    while True:
        nth += stride if nth else 1
        stadt.path.write_bytes(old)
        shutil.rmtree(state)
        shutil.copytree(kept, state)
        with monkeypatch.context() as patch:
            faults = Faults(patch, stadt.path.parent, number, nth)
            done = netz("sync", stadt.path, "--today", DAY)
        if len(faults.passed) < nth:
            break
        assert done.code in {0, 3} | FAILURES, (nth, faults.passed[-1], done)
        if done.code in FAILURES:
            failed += 1
            one_message(done.err, done.code)
        if stadt.path.read_bytes() != old:
            openpyxl.load_workbook(stadt.path)
        healed(stadt)
        injected += 1
    counted(faults_of_the_system_injected=injected)
    assert nth > 20
    assert failed


# --- an ordinary user ---------------------------------------------------------------------------------------


@pytest.fixture
def ordinary(stadt):
    """The demo network in a folder of a user who has no special rights."""
    place = Path(tempfile.mkdtemp(prefix="netzwerk-"))
    person = Person(place / "daten" / "stadt.xlsx")
    person.path.parent.mkdir()
    edited(stadt)
    shutil.copyfile(stadt.path, person.path)
    networks = place / "state" / "networks"
    networks.mkdir(parents=True)
    for part in (stadt.path.parent / "state" / "networks").iterdir():
        shutil.copyfile(part, networks / part.name.replace(key_of(stadt.path), key_of(person.path)))
    if os.geteuid() == 0:
        for path in (place, *place.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    place.chmod(0o755)
    yield person
    for path in sorted([place, *place.rglob("*")]):
        path.chmod(0o700)
    shutil.rmtree(place)


def places(person):
    """What rights can be taken from, by name."""
    state = person.path.parents[1] / "state"
    return {
        "file": person.path,
        "folder": person.path.parent,
        "state": state,
        "networks": state / "networks",
        "database": next((state / "networks").glob("*.sqlite"), None),
        "backups": state / "backups",
    }


STATIC = [("file", 0o444), ("file", 0), ("folder", 0o555), ("folder", 0), ("networks", 0o555), ("networks", 0),
          ("database", 0o444), ("database", 0), ("state", 0o555), ("state", 0)]  # fmt: skip
LOST = [("folder", 0o555), ("folder", 0), ("file", 0o444), ("networks", 0o555), ("state", 0)]


@pytest.mark.parametrize(
    ("what", "mode", "at"),
    [(what, mode, "before") for what, mode in STATIC]
    + [(what, mode, at) for what, mode in LOST for at in ("remembered", "backed-up", "written", "replaced")],
)
def test_an_ordinary_user_without_rights_is_told_once_and_loses_nothing(ordinary, what, mode, at, monkeypatch, long):
    if not long and (at == "backed-up" or (what, at) in {("file", "replaced"), ("networks", "replaced")}):
        pytest.skip("sampled; all with --long")
    state = ordinary.path.parents[1] / "state"
    before, rights = ordinary.path.read_bytes(), {path: path.stat().st_mode & 0o777 for path in (
        ordinary.path, ordinary.path.parent, *state.rglob("*"), state)}  # fmt: skip
    environment = {**os.environ, "NETZWERK_STATE": str(state), "HOME": str(state.parent)}
    target = places(ordinary)[what]
    run = subprocess.run(
        [sys.executable, SCRIPT, ordinary.path, json.dumps([[str(target), mode]]), at],
        capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip
    head, _, err = run.stderr.partition("begin\n")
    for path, old in rights.items():
        path.chmod(old)
    if run.returncode in {0, 3}:  # what is missing was not needed any more
        assert at in {"written", "replaced", "remembered", "backed-up", "before"}
    else:
        assert run.returncode in FAILURES, (run.returncode, head, err)
        one_message(err, run.returncode)
        if at != "replaced":
            assert ordinary.path.read_bytes() == before
    monkeypatch.setenv("NETZWERK_STATE", str(state))
    healed(ordinary)
    print(run.returncode, err.replace("\n", " | "))
