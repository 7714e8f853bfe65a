"""Unlock with real processes: one at work is left alone, what a dead one left goes, another machine's only after yes."""

import json
import os
import signal
import socket
from datetime import datetime, timedelta

import pytest
from person import netz
from test_kill import started

from netzwerk_sheets.state.folder import key_of


def note(person):
    return person.path.parent / "state" / "locks" / f"{key_of(person.path)}.txt"


def write_note(person, *, pid, host, minutes=5):
    since = datetime.now().astimezone() - timedelta(minutes=minutes)
    note(person).parent.mkdir(parents=True, exist_ok=True)
    note(person).write_text(json.dumps({"pid": pid, "host": host, "since": since.isoformat()}), encoding="utf-8")


@pytest.fixture
def busy(stadt):
    """A run that holds the lock and waits."""
    stadt.type("Partner", "P-007", "Status", "ruhend")
    go = stadt.path.with_name("weiter")
    run = started(stadt, 1, "hold", go)
    assert run.stdout.readline().strip() == "remembered"
    yield stadt, run, go
    go.touch()
    run.communicate(timeout=60)


def test_a_run_at_work_is_shown_and_left_alone(busy):
    person, run, _ = busy
    for more in ([], ["--yes"]):
        done = netz("unlock", person.path, *more)
        assert done.code == 11
        assert str(run.pid) in done.out + done.err
        assert socket.gethostname() in done.out
        assert "läuft noch" in done.err
    assert note(person).exists()
    assert netz("sync", person.path).code == 11
    error = json.loads(netz("unlock", person.path, "--json").err)
    assert error["code"] == 11


def test_what_a_killed_run_left_goes_and_the_next_run_carries_on(busy):
    person, run, _ = busy
    run.send_signal(signal.SIGKILL)
    run.wait(timeout=30)
    assert note(person).exists()
    dry = netz("unlock", person.path, "--dry-run")
    assert dry.code == 0
    assert note(person).exists()
    done = netz("unlock", person.path)
    assert done.code == 0, done.err
    assert str(run.pid) in done.out
    assert "gibt es nicht mehr" in done.err
    assert not note(person).exists()
    assert "nichts zu entsperren" in netz("unlock", person.path).out
    assert netz("sync", person.path).code in {0, 3}
    assert person.reads("Partner", "P-007", "Status") == "ruhend"


def test_where_nobody_is_at_work_that_is_said(stadt):
    done = netz("entsperren", stadt.path)
    assert done.code == 0
    assert "nichts zu entsperren" in done.out
    document = json.loads(netz("unlock", stadt.path, "--json").out)
    assert (document["held"], document["removed"], document["pid"]) == (False, False, None)
    assert not note(stadt).exists()


def test_the_lock_of_another_machine_goes_only_after_a_yes(busy):
    """As on a share: the note names another machine, and from here nobody can see whether it still works."""
    person, _, _ = busy
    write_note(person, pid=4711, host="anderer-rechner", minutes=90)
    done = netz("unlock", person.path)
    assert done.code == 2
    assert "anderer-rechner" in done.out
    assert "90 Minuten" in done.out
    assert netz("sync", person.path).code == 11
    assert "4711@anderer-rechner" in netz("sync", person.path).err
    document = json.loads(netz("unlock", person.path, "--yes", "--json").out)
    assert document["removed"] is True
    assert document["host"] == "anderer-rechner"
    assert netz("unlock", person.path).code == 0


def test_a_note_of_another_machine_without_a_lock_also_asks(stadt):
    write_note(stadt, pid=4711, host="anderer-rechner")
    assert netz("unlock", stadt.path).code == 2
    assert note(stadt).exists()
    assert netz("unlock", stadt.path, "--yes").code == 0
    assert not note(stadt).exists()


def test_a_note_nobody_can_read_hinders_nothing(stadt):
    note(stadt).parent.mkdir(parents=True, exist_ok=True)
    note(stadt).write_text("12345 10:15", encoding="utf-8")
    assert netz("unlock", stadt.path).code == 0
    assert netz("sync", stadt.path).code in {0, 3}


def test_a_reused_process_number_is_not_taken_for_the_run(stadt):
    """A process of that number exists, but it holds no lock: what counts is the lock, which the system keeps."""
    write_note(stadt, pid=os.getpid(), host=socket.gethostname())
    assert netz("unlock", stadt.path).code == 0
    assert not note(stadt).exists()
