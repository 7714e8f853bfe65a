"""A run that is killed, or runs out of space, at any point: the file is whole and nothing typed is lost."""

import contextlib
import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from person import netz

from netzwerk_sheets.backends.excel import save
from netzwerk_sheets.state.folder import key_of

SCRIPT = Path(__file__).with_name("killed.py")
STEPS = ("remembered", "backed-up", "written", "checked", "replaced", "done", "applied", "settled")
WOHNBAU = "OB P-016 Wohnbau"
SAMPLE = {1, 4, 5, 7}
TYPED = {
    ("Partner", "P-013", "Bemerkung"): "vor dem Lauf getippt",
    ("Aufgaben", "P-016.T-A03", "Status"): "erledigt",
    ("Lücken", "B-006/Räume", "Notiz"): "Museum fragen",
    ("Lücken", "B-004/Finanzierung", "Bearbeitung"): "in Arbeit",
}
LATER = {
    (WOHNBAU, "P-016.T-A03", "Bemerkung"): "nach dem Absturz getippt",
    ("Partner", "P-014", "Bemerkung"): "auch danach",
    ("Lücken", "B-006/Personal", "Notiz"): "Ehrenamt?",
}


def started(person, number, how="kill", *more):
    return subprocess.Popen(
        [sys.executable, SCRIPT, person.path, str(number), how, *map(str, more)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy(),
    )  # fmt: skip


def edited(person):
    for (tab, row, header), value in TYPED.items():
        person.type(tab, row, header, value)
    person.write_row("Partner", {"Kurzname": "Tafel", "Organisation": "Tafel Musterstadt e.V."})
    person.type("Partner", "P-007", "Status", "ruhend")


def whole(person):
    """The file is a sound package, and so is the database."""
    with zipfile.ZipFile(person.path) as archive:
        assert archive.testzip() is None
    path = person.path.parent / "state" / "networks" / f"{key_of(person.path)}.sqlite"
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM pending").fetchone()[0] in {0, 1}


def test_the_steps_of_a_run_are_those_that_are_killed_here(stadt):
    edited(stadt)
    run = started(stadt, 0)
    out, err = run.communicate(timeout=60)
    assert out.split() == [*STEPS, "written"], err


@pytest.mark.parametrize("human", [True, False], ids=["edited in between", "left alone"])
@pytest.mark.parametrize("number", range(1, len(STEPS) + 1), ids=STEPS)
def test_killed_at_any_step_the_next_run_recovers_everything(stadt, number, human, long):
    if not long and (number not in SAMPLE or (not human and number != 5)):
        pytest.skip("sampled; all with --long")
    edited(stadt)
    old = stadt.path.read_bytes()
    run = started(stadt, number)
    out, _ = run.communicate(timeout=60)
    assert run.returncode == -9
    assert out.split()[-1] == STEPS[number - 1]
    whole(stadt)
    assert (stadt.path.read_bytes() == old) == (number < 5), "the old or the new file, whole"
    wanted = dict(TYPED)
    if human:
        for (tab, row, header), value in LATER.items():
            stadt.type(tab, row, header, value)
        wanted |= LATER
    assert netz("sync", stadt.path).code in {0, 3}
    whole(stadt)
    for (tab, row, header), value in wanted.items():
        assert stadt.reads(tab, row, header) == value, (tab, row, header)
    assert stadt.reads(WOHNBAU, "P-016.T-A03", "Status") == "erledigt"
    assert stadt.reads("Partner", "P-019", "Kurzname") == "Tafel"
    assert len(stadt.ids("Partner")) == 19
    if human:
        assert stadt.reads("Aufgaben", "P-016.T-A03", "Bemerkung") == LATER[WOHNBAU, "P-016.T-A03", "Bemerkung"]
    assert not list(stadt.path.parent.glob(".*nstmp*"))
    once = stadt.path.read_bytes()
    shutil.rmtree(stadt.path.parent / "state" / "glance", ignore_errors=True)
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.path.read_bytes() == once


def test_of_two_runs_at_once_exactly_one_writes_and_the_other_says_so(stadt):
    edited(stadt)
    go = stadt.path.with_name("weiter")
    first = started(stadt, 2, "hold", go)
    assert first.stdout.readline().strip() == "remembered"
    assert first.stdout.readline().strip() == "backed-up"
    second = netz("sync", stadt.path)
    go.touch()
    out, _ = first.communicate(timeout=60)
    assert second.code == 11
    assert str(first.pid) in second.err
    assert out.split()[-1] == "written"
    assert netz("sync", stadt.path).code in {0, 3}
    for (tab, row, header), value in TYPED.items():
        assert stadt.reads(tab, row, header) == value


def test_a_run_waits_for_another_as_long_as_it_is_told(stadt):
    edited(stadt)
    go = stadt.path.with_name("weiter")
    first = started(stadt, 1, "hold", go)
    assert first.stdout.readline().strip() == "remembered"
    second = subprocess.Popen(
        [sys.executable, "-m", "netzwerk_sheets", "sync", stadt.path, "--wait", "30s"], stderr=subprocess.PIPE
    )
    go.touch()
    first.communicate(timeout=60)
    second.communicate(timeout=60)
    assert second.returncode in {0, 3}


def test_a_person_who_saves_during_the_run_is_never_overwritten(stadt):
    edited(stadt)
    go = stadt.path.with_name("weiter")
    first = started(stadt, 3, "hold", go)
    for name in STEPS[:3]:
        assert first.stdout.readline().strip() == name
    stadt.type("Partner", "P-014", "Bemerkung", "mitten im Lauf getippt")
    go.touch()
    out, err = first.communicate(timeout=60)
    assert out.split()[-1] == "written", err
    assert stadt.reads("Partner", "P-014", "Bemerkung") == "mitten im Lauf getippt"
    for (tab, row, header), value in TYPED.items():
        assert stadt.reads(tab, row, header) == value


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["disk full", "read or write error"])
@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_disk_that_fails_leaves_the_old_file(stadt, monkeypatch, number, call):
    edited(stadt)
    old = stadt.path.read_bytes()

    def fails(*arguments, **_):
        if call == "open" and not str(arguments[0]).startswith(str(stadt.path.with_name(".stadt"))):
            return real(*arguments, **_)
        raise OSError(number, os.strerror(number))

    real = getattr(os, call)
    monkeypatch.setattr(save.os, call, fails)
    done = netz("sync", stadt.path)
    monkeypatch.undo()
    os.environ.update(NETZWERK_STATE=str(stadt.path.parent / "state"), NETZWERK_TODAY="2025-05-15", NETZWERK_LANG="de")
    assert done.code in ({1} if number == errno.ENOSPC else {1, 10})
    assert done.err
    assert stadt.path.read_bytes() == old
    assert not list(stadt.path.parent.glob(".*nstmp*"))
    assert netz("sync", stadt.path).code in {0, 3}
    for (tab, row, header), value in TYPED.items():
        assert stadt.reads(tab, row, header) == value


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte, where this may be made."""
    place = tmp_path / "klein"
    place.mkdir()
    made = shutil.which("mount") and os.name == "posix" and os.geteuid() == 0
    if (
        not made
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a small disk can only be made by root where mounting is allowed")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(path):
    """Write until there is no room left."""
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        for size in (65536, 4096, 512):
            with contextlib.suppress(OSError):
                while True:
                    os.write(descriptor, b"x" * size)
    finally:
        os.close(descriptor)


def test_a_full_disk_leaves_the_old_file_and_says_so(stadt, small_disk):
    path = small_disk / "stadt.xlsx"
    edited(stadt)
    shutil.copyfile(stadt.path, path)
    old = path.read_bytes()
    filler = small_disk / "voll"
    fill(filler)
    done = netz("sync", path)
    assert done.code == 1
    assert "voll" in done.err
    assert path.read_bytes() == old
    assert sorted(one.name for one in small_disk.iterdir()) == ["stadt.xlsx", "voll"]
    filler.unlink()
    assert netz("sync", path).code in {0, 3}


def test_a_full_disk_under_the_state_writes_nothing(stadt, small_disk, monkeypatch):
    edited(stadt)
    old = stadt.path.read_bytes()
    monkeypatch.setenv("NETZWERK_STATE", str(small_disk))
    fill(small_disk / "voll")
    done = netz("sync", stadt.path)
    assert done.code == 1
    assert "voll" in done.err
    assert stadt.path.read_bytes() == old
