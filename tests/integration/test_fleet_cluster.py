"""Many networks on several workers of a real scheduler: the same results, nothing lost, nothing done twice at once."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fleets import edit, fresh, never, overlapping, settle, told, traced
from person import DAY, netz

from netzwerk_sheets.fleet import crew
from netzwerk_sheets.fleet.crew import carry_out, cluster, meeting
from netzwerk_sheets.fleet.members import members
from netzwerk_sheets.fleet.work import Job, do
from netzwerk_sheets.sync.order import Order

pytest.importorskip("distributed")
__all__ = ["fresh"]

HERE = Path(__file__).parent
TOWNS = [f"ort{number}" for number in range(8)]


class Cluster:
    """A scheduler and workers, each a process of its own that knows nothing of this one's surroundings."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NETZWERK")}
        self.environment = {**kept, "PYTHONPATH": str(HERE)}

    def _start(self, *arguments):
        log = (self.folder / "log").open("a")
        command = [sys.executable, "-m", f"distributed.cli.{arguments[0]}", "--no-dashboard", *arguments[1:]]
        self.processes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=self.folder))
        return self.processes[-1]

    def scheduler(self):
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.file))
        until = time.monotonic() + 120
        while not self.file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        return json.loads(self.file.read_text("utf-8"))["address"]

    def worker(self):
        return self._start(
            "dask_worker", "--scheduler-file", str(self.file), "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1"
        )

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    """The address of a scheduler with three workers."""
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        address = found.scheduler()
        for _ in range(3):
            found.worker()
        from distributed import Client

        with Client(address, timeout=120, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=240)
        yield address
    finally:
        found.stop()


def jobs(folder):
    order = Order(date.fromisoformat(DAY))
    return [Job(member, "sync", order, state=os.environ["NETZWERK_STATE"]) for member in members(folder)]


def facts(outcomes):
    return sorted((each.name, each.kind, each.status, each.cells, each.conflicts, each.errors) for each in outcomes)


def test_workers_find_what_processes_find_and_one_that_is_killed_loses_nothing(workers, fresh, tmp_path):
    many, here = settle(fresh, tmp_path / "viele", TOWNS), settle(fresh, tmp_path / "hier", TOWNS)
    edit(many)
    edit(here)
    local = list(carry_out([(crew.processes(2), jobs(tmp_path / "hier"))]))
    (tmp_path / "state" / "kill").touch()
    with meeting(jobs(tmp_path / "viele")) as met:
        remote = list(carry_out([(replace(cluster(workers), work=traced), met)]))
    assert not (tmp_path / "state" / "kill").exists()
    lines = told(tmp_path / "state")
    begun = [line for line in lines if line["what"] == "begin"]
    assert len({line["pid"] for line in begun}) > 1
    assert len(begun) > len(TOWNS)  # what the dead one had was given to another
    assert overlapping(lines) == []
    # What was begun again because the dead one had it may find its work done, and says so.
    once = {name for name, times in Counter(line["name"] for line in begun).items() if times == 1}
    assert sorted(each.name for each in remote) == [f"{town}.xlsx" for town in TOWNS]
    assert [each for each in facts(remote) if each[0] in once] == [each for each in facts(local) if each[0] in once]
    assert {each.kind for each in remote} <= {"synced", "same"}
    for town in TOWNS:
        assert many[town].snapshot().tabs == here[town].snapshot().tabs
    again = json.loads(netz("fleet", "sync", "--networks", tmp_path / "viele", "--json").out)["networks"]
    assert {each["result"] for each in again.values()} == {"unchanged"}


def test_two_workers_given_the_same_network_do_it_once(workers, fresh, tmp_path):
    edit(settle(fresh, tmp_path / "viele", ["ort0"]))
    (job,) = jobs(tmp_path / "viele")
    with meeting([job, job, job]) as met:
        found = list(carry_out([(replace(cluster(workers), work=traced), met)]))
    # The lock of the workbook lets one write. Another finds it locked, or comes later and has nothing to write.
    kinds = sorted((each.kind, each.error.reason if each.error else "") for each in found)
    assert kinds.count(("synced", "")) == 1
    assert set(kinds) <= {("synced", ""), ("same", ""), ("failed", "state-locked")}


def test_the_command_hands_its_networks_to_the_scheduler(workers, fresh, tmp_path, monkeypatch):
    edit(settle(fresh, tmp_path / "viele", ["ort0", "ort1"]))
    monkeypatch.setattr(crew, "processes", None)
    done = netz("fleet", "sync", "--networks", tmp_path / "viele", "--scheduler", workers)
    assert done.code == 3, done.err
    assert done.out.count("abgeglichen") == 2
    gaps = json.loads(netz("fleet", "gaps", "--networks", tmp_path / "viele", "--scheduler", workers, "--json").out)
    assert [each["schema"] for each in gaps["networks"].values()] == [1, 1]
    assert list((tmp_path / "state" / "fleet").iterdir()) == []


def test_a_scheduler_that_is_not_there_is_said_before_anything_is_done(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(b"")
    monkeypatch.setattr(crew, "CONNECT", 0.5)
    for address, code in (("tcp://127.0.0.1:9", 5), ("unsinn://x", 2)):
        done = netz("fleet", "sync", "--networks", tmp_path, "--scheduler", address)
        assert (done.code, done.out) == (code, ""), done.err
        assert address in done.err


def test_a_scheduler_that_dies_in_the_middle_lets_nobody_wait(fresh, tmp_path, monkeypatch):
    settle(fresh, tmp_path / "viele", TOWNS)
    monkeypatch.setattr(crew, "CONNECT", 5)
    found = Cluster(tmp_path)
    try:
        address = found.scheduler()
        found.worker()
        from distributed import Client

        with Client(address, timeout=120, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=240)
        killing = threading.Timer(3, found.processes[0].kill)
        with meeting(jobs(tmp_path / "viele")) as met:
            killing.start()
            begin = time.monotonic()
            ended = list(carry_out([(replace(cluster(address), work=never), met)]))
        assert time.monotonic() - begin < 120
    finally:
        found.stop()
    assert sorted(each.name for each in ended) == [f"{town}.xlsx" for town in TOWNS]
    assert {each.error.reason for each in ended} == {"worker-lost", "cluster-unreachable"}


def test_a_worker_that_sees_another_state_or_is_of_another_version_touches_nothing(fresh, tmp_path):
    people = settle(fresh, tmp_path / "viele", ["ort0"])
    edit(people)
    before = people["ort0"].path.read_bytes()
    (job,) = jobs(tmp_path / "viele")
    with ProcessPoolExecutor(1) as pool:
        apart = pool.submit(do, replace(job, mark="nicht da")).result()
        older = pool.submit(do, replace(job, version="0.0.1")).result()
    assert (apart.kind, apart.error.reason) == ("failed", "fleet-state-apart")
    assert (older.kind, older.error.reason) == ("failed", "fleet-version")
    assert people["ort0"].path.read_bytes() == before


@pytest.mark.long
def test_a_thousand_networks_end_alike_on_processes_and_on_workers(workers, fresh, tmp_path):
    names = [f"ort{number:03}" for number in range(1000)]
    many, here = settle(fresh, tmp_path / "viele", names), settle(fresh, tmp_path / "hier", names)
    edit(many)
    edit(here)
    local = list(carry_out([(crew.processes(2), jobs(tmp_path / "hier"))]))
    with meeting(jobs(tmp_path / "viele")) as met:
        remote = list(carry_out([(cluster(workers), met)]))
    assert facts(remote) == facts(local)
    assert {each.kind for each in remote} == {"synced"}
    assert [name for name in names if many[name].snapshot().tabs != here[name].snapshot().tabs] == []
