"""Watch as a real process: it repeats, waits out what is in the way, and ends whole when it is told to."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from queue import Empty, Queue

import pytest
from person import netz
from test_exit_codes import excel_lock, foreign
from test_kill import SCRIPT, whole


class Watching:
    """A running watch whose lines can be waited for."""

    def __init__(self, *arguments, **environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "netzwerk_sheets", "watch", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
        )  # fmt: skip
        self.lines, self.seen = Queue(), []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until(self, pattern, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=0.2)
            except Empty:
                assert self.process.poll() is None, self.process.stderr.read()
                continue
            self.seen.append(line)
            if re.search(pattern, line):
                return line
        raise AssertionError((pattern, self.seen))

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        err = self.process.communicate(timeout=30)[1]
        return self.process.returncode, err


@pytest.fixture
def watching(stadt):
    begun = []

    def start(*arguments, **environment):
        begun.append(Watching(stadt.path, *arguments, **environment))
        return begun[-1]

    yield start
    for one in begun:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait(timeout=30)


def test_it_repeats_takes_in_what_people_save_and_ends_when_told(stadt, watching):
    watch = watching("--every", "1s")
    first = watch.until("stadt.xlsx")
    assert re.match(r"\d\d:\d\d:\d\d stadt.xlsx: ", first)
    watch.until("unverändert")
    stadt.type("Partner", "P-007", "Status", "ruhend")
    line = watch.until("Zellen geschrieben")
    assert len(line.splitlines()) == 1
    watch.until("unverändert")
    before = stadt.path.read_bytes()
    watch.until("unverändert")
    assert stadt.path.read_bytes() == before
    code, err = watch.end()
    assert code == 130
    assert "Abgebrochen" in err
    assert netz("unlock", stadt.path).out.count("nichts zu entsperren") == 1


def test_the_system_may_end_it_too(watching):
    watch = watching("--every", "1h")
    watch.until("stadt.xlsx")
    began = time.monotonic()
    code, _ = watch.end(signal.SIGTERM)
    assert code == 0
    assert time.monotonic() - began < 5


def test_an_open_file_and_a_lock_are_waited_out(stadt, watching):
    watch = watching("--every", "1s")
    watch.until("unverändert")
    excel_lock(stadt.path, "Jürgen Groß")
    stadt_lock = stadt.path.with_name("~$" + stadt.path.name)
    lock = stadt_lock.read_bytes()
    stadt_lock.unlink()
    stadt.type("Partner", "P-007", "Status", "ruhend")
    stadt_lock.write_bytes(lock)
    stadt.path.touch()
    line = watch.until("Jürgen Groß|geschrieben")
    if "Jürgen" in line:
        watch.until("Jürgen Groß")
        stadt_lock.unlink()
        watch.until("Zellen geschrieben")
    else:
        stadt_lock.unlink()
    watch.until("unverändert")
    assert watch.end()[0] == 130


def test_a_file_that_is_away_for_a_while_is_waited_for(stadt, watching):
    watch = watching("--every", "1s", "--json")
    watch.until("unverändert")
    away = stadt.path.rename(stadt.path.with_name("weg.xlsx"))
    line = watch.until('"exit": 10')
    assert json.loads(line)["text"]
    away.rename(stadt.path)
    watch.until("unverändert")
    assert watch.end()[0] == 130


def test_a_broken_file_is_said_in_every_pass_and_mended_in_the_next(stadt, watching):
    watch = watching("--every", "1s")
    watch.until("unverändert")
    good = stadt.path.read_bytes()
    stadt.path.write_bytes(b"PK\x03\x04 kaputt")
    watch.until("Datei")
    stadt.path.write_bytes(good)
    watch.until("unverändert")
    assert watch.end()[0] == 130


def test_ctrl_c_in_the_middle_of_a_pass_finishes_it(stadt, watching):
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    watch = Watching(stadt.path, "--every", "1h")
    lock = stadt.path.parent / "state" / "locks"
    end = time.monotonic() + 30
    while not list(lock.glob("*.txt")) and time.monotonic() < end:
        time.sleep(0.001)
    code, _ = watch.end()
    assert code == 130
    whole(stadt)
    assert not list(lock.glob("*.txt"))
    before = stadt.path.read_bytes()
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.path.read_bytes() == before, "the pass under way was finished"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--every", "nie"], 2), (["--every", "0s"], 2), (["--config", "fehlt.toml"], 2)],
    ids=lambda each: str(each),
)
def test_a_wrong_call_ends_at_once(stadt, arguments, code):
    assert netz("watch", stadt.path, *arguments).code == code


def test_a_workbook_that_is_missing_or_not_set_up_ends_at_once(stadt):
    foreign(stadt)
    assert netz("watch", stadt.path, "--every", "1s").code == 2
    stadt.path.unlink()
    assert netz("wache", stadt.path, "--every", "1s").code == 10


def test_a_dry_run_writes_nothing(stadt, watching):
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    before = stadt.path.read_bytes()
    watch = watching("--every", "1s", "--dry-run")
    watch.until("wären zu schreiben")
    watch.until("wären zu schreiben")
    assert watch.end()[0] == 130
    assert stadt.path.read_bytes() == before


def test_another_run_at_work_is_waited_out(stadt, watching):
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    go = stadt.path.with_name("weiter")
    run = subprocess.Popen(
        [sys.executable, SCRIPT, stadt.path, "1", "hold", go], stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    assert run.stdout.readline().strip() == "remembered"
    watch = watching("--every", "1s")
    watch.until(str(run.pid))
    go.touch()
    run.communicate(timeout=60)
    watch.until("unverändert|geschrieben")
    assert watch.end()[0] == 130


@pytest.mark.parametrize("command", [["watch", "--every", "1s"], ["fleet", "sync", "--networks"]])
def test_what_a_pass_made_is_given_back_where_further_ones_follow(command, stadt, monkeypatch):
    from netzwerk_sheets import collector
    from netzwerk_sheets.cli import watch

    frozen = []
    stadt.type("Partner", "P-003", "Bemerkung", "neu")
    monkeypatch.setattr(collector, "_ends", [True])  # as the program does before any command
    monkeypatch.setattr(collector.gc, "freeze", lambda: frozen.append(1))
    monkeypatch.setattr(watch, "_sleep", lambda stop, _seconds: stop.asked.set())
    place = stadt.path if command[0] == "watch" else stadt.path.parent
    done = netz(*command, place)
    assert done.code in {0, 3}, done.err
    assert not frozen
