"""Many networks at once: each on its own, none opened without need, and one that fails hinders no other."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date

import openpyxl
import pytest
from fleets import edit, fresh, overlapping, settle, told, traced
from person import DAY, netz

from netzwerk_sheets.backends.excel import workbook as excel
from netzwerk_sheets.fleet.campaign import status_of
from netzwerk_sheets.fleet.crew import carry_out, processes
from netzwerk_sheets.fleet.members import configured, members
from netzwerk_sheets.fleet.work import Job, Outcome
from netzwerk_sheets.state.lock import locked
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.recall import store_path

__all__ = ["fresh"]

ORDER = Order(date.fromisoformat(DAY))
TOWNS = ("ahaus", "buren", "celle")


@pytest.fixture
def towns(fresh, tmp_path):
    """Three networks, up to date."""
    return settle(fresh, tmp_path / "netze", TOWNS)


def synced(networks, *more):
    """Sync a fleet, one network after the other unless told otherwise."""
    done = netz("fleet", "sync", "--networks", networks, "--json", "--workers", 1, *more)
    return done.code, json.loads(done.out)["networks"]


def results(found):
    return {name.removesuffix(".xlsx"): each["result"] for name, each in found.items()}


def jobs(folder, mark=""):
    return [Job(member, "sync", ORDER, state=os.environ["NETZWERK_STATE"], mark=mark) for member in members(folder)]


# --- what is done -----------------------------------------------------------------------------------------


def test_processes_do_to_each_network_what_sync_does_to_one(towns, fresh, tmp_path):
    alone = settle(fresh, tmp_path, ["allein"])
    edit(towns | alone)
    single = json.loads(netz("sync", alone["allein"].path, "--json").out)
    code, found = synced(tmp_path / "netze", "--workers", 2)
    assert code == 3
    assert list(found) == [f"{town}.xlsx" for town in TOWNS]
    assert {(each["result"], each["cells"], each["exit"]) for each in found.values()} == {
        ("synced", single["cells"], single["exit"])
    }
    for name, person in towns.items():  # the commands that tabs name hold the file's own name
        tabs = str(person.snapshot().tabs).replace(f"{name}.xlsx", "allein.xlsx")
        assert tabs == str(alone["allein"].snapshot().tabs)


def test_the_program_itself_hands_networks_to_processes(towns, tmp_path):
    """Called as in a shell: what stands behind its streams goes to no other process."""
    edit(towns)
    command = [sys.executable, "-m", "netzwerk_sheets", "fleet", "gaps", "--networks", tmp_path / "netze", "--json"]
    done = subprocess.run([*command, "--workers", "2"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["networks"]) == {f"{town}.xlsx" for town in TOWNS}


def test_where_nothing_changed_no_workbook_is_opened_and_no_process_started(towns, tmp_path, monkeypatch):
    before = {name: person.path.read_bytes() for name, person in towns.items()}
    opened = []
    monkeypatch.setattr(excel, "content_of", opened.append)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", None)
    monkeypatch.setattr("concurrent.futures.ThreadPoolExecutor", None)
    code, found = synced(tmp_path / "netze")
    assert set(results(found).values()) == {"unchanged"}
    assert code == 3  # what people have to look at is still there
    assert opened == []
    assert {name: person.path.read_bytes() for name, person in towns.items()} == before


def test_only_what_changed_is_opened_and_a_new_day_changes_all(towns, tmp_path):
    edit({"buren": towns["buren"]})
    assert results(synced(tmp_path / "netze", "--dry-run")[1])["buren"] == "would"
    assert towns["buren"].reads("Partner", "P-007", "Status") == "ruhend"
    assert results(synced(tmp_path / "netze")[1]) == {"ahaus": "unchanged", "buren": "synced", "celle": "unchanged"}
    assert set(results(synced(tmp_path / "netze")[1]).values()) == {"unchanged"}
    _, found = synced(tmp_path / "netze", "--today", "2025-05-16", "--dry-run")
    assert "unchanged" not in results(found).values()


# --- what fails -------------------------------------------------------------------------------------------


def test_one_that_fails_is_named_with_the_next_step_and_the_others_are_done(towns, tmp_path):
    edit({"ahaus": towns["ahaus"], "buren": towns["buren"]})
    lock = towns["buren"].path.with_name(".~lock.buren.xlsx#")
    lock.write_text(",anna,pc,15.05.2025 10:00,file:///x;")
    towns["celle"].path.write_bytes(b"PK\x03\x04 kaputt")
    listed = tmp_path / "netze.txt"
    names = [f"netze/{name}.xlsx" for name in (*TOWNS, "weg")]
    listed.write_text("\ufeff# unsere\n" + "\n\n".join(names), "utf-8")
    done = netz("fleet", "sync", "--networks", listed, "--workers", 1)
    assert done.code == 5
    rows = {line.split()[0]: line for line in done.out.splitlines() if line.startswith("netze/")}
    assert "abgeglichen" in rows[names[0]]
    assert all("nicht erledigt" in rows[name] for name in names[1:])
    assert "4 Netze: 0 unverändert, 1 angesehen, 3 nicht erledigt." in done.out
    errors = [each.get("error") for each in synced(listed)[1].values()]
    assert errors[0] is None
    assert [(each["code"], each["reason"]) for each in errors[1:]] == [
        (5, "workbook-open"), (1, "workbook-truncated"), (10, "workbook-missing"),
    ]  # fmt: skip
    assert all(each["message"] and each["hint"] for each in errors[1:])
    lock.unlink()
    assert synced(listed)[1][names[1]]["result"] == "synced"


def test_each_damaged_memory_is_named_and_the_other_networks_are_done(towns, tmp_path):
    edit(towns)
    states = [store_path(towns[name].path) for name in TOWNS[:2]]
    for state in states:
        for left in state.parent.glob(f"{state.name}-*"):
            left.unlink()
        state.write_bytes(state.read_bytes()[:5000] + b"verdorben" * 2000)
    code, found = synced(tmp_path / "netze")
    assert (code, found["celle.xlsx"]["result"]) == (5, "synced")
    for name, state in zip(TOWNS, states, strict=False):
        error = found[f"{name}.xlsx"]["error"]
        assert (error["reason"], str(state) in error["message"]) == ("state-damaged", True)


def test_a_place_that_cannot_be_understood_concerns_itself_alone(towns, tmp_path):
    (tmp_path / "netze" / "west").mkdir()
    (tmp_path / "netze" / "west" / "netzwerk.toml").write_text("workbook = kaputt")
    code, found = synced(tmp_path / "netze")
    assert code == 5
    assert found["west"]["error"]["reason"] == "config-unreadable"
    assert [found[f"{town}.xlsx"]["result"] for town in TOWNS] == ["unchanged"] * len(TOWNS)
    listed = tmp_path / "liste"
    listed.write_text("netze/west/netzwerk.toml\nnetze/ahaus.xlsx")
    assert results(synced(listed)[1]) == {"netze/west/netzwerk.toml": "failed", "netze/ahaus": "unchanged"}


def test_a_network_on_which_another_run_works_is_left_to_it(towns, tmp_path):
    edit(towns)
    before = towns["celle"].path.read_bytes()
    with locked(towns["celle"].path, wait=0):
        code, found = synced(tmp_path / "netze")
    assert code == 5
    assert found["celle.xlsx"]["error"]["code"] == 11
    assert towns["celle"].path.read_bytes() == before
    assert results(found) == {"ahaus": "synced", "buren": "synced", "celle": "failed"}


def test_a_table_held_back_is_said_with_the_command_that_tells_more(towns, tmp_path):
    towns["ahaus"].empty_table("Gespräche")
    done = netz("fleet", "sync", "--networks", tmp_path / "netze", "--plain", "--workers", 1)
    assert done.code == 7
    assert f"netzwerk sync {towns['ahaus'].path}" in done.out
    assert towns["ahaus"].ids("Gespräche") == []


def outcome(kind, status):
    return Outcome("x", status, kind)


@pytest.mark.parametrize(
    ("ended", "status"),
    [
        ([("unchanged", 0), ("stranger", 0)], 0),
        ([("unchanged", 3), ("synced", 0)], 3),
        ([("held", 7), ("synced", 3)], 7),
        ([("held", 7), ("failed", 10), ("synced", 3)], 5),
        ([("synced", 5), ("held", 7)], 5),
        ([("failed", 10), ("failed", 10), ("stranger", 0)], 10),
        ([("failed", 10), ("failed", 1)], 1),
        ([("stranger", 0)], 0),
    ],
)
def test_the_exit_status_tells_the_worst_that_somebody_must_see_to(ended, status):
    assert status_of([outcome(*each) for each in ended]) == status


def test_calls_that_mean_no_network_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leer").mkdir()
    (tmp_path / "bild.txt").write_bytes(b"\xff\xfe\x00")
    for arguments, code, word in (
        (["--networks", "weg"], 10, "gibt es nicht"),
        (["--networks", "leer"], 2, "kein Netz"),
        (["--networks", "bild.txt"], 2, "keine Liste"),
        ([], 2, "--networks"),
        (["--networks", "leer", "--workers", "0"], 2, "workers"),
    ):
        done = netz("fleet", "sync", *arguments)
        assert (done.code, done.out) == (code, "")
        assert word in done.err


# --- which networks ---------------------------------------------------------------------------------------


def test_a_folder_holds_networks_at_any_depth_and_other_files_stay_what_they_are(fresh, tmp_path):
    settle(fresh, tmp_path / "netze", ["sud/ulm", "nord/kiel"])
    budget = tmp_path / "netze" / "budget.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "Miete"
    book.save(budget)
    (tmp_path / "netze" / "nord" / "~$kiel.xlsx").write_bytes(b"x")
    (tmp_path / "netze" / "nord" / "notiz.xlsx").write_text("nur Text")
    before = budget.read_bytes()
    code, found = synced(tmp_path / "netze")
    assert results(found) == {
        "budget": "stranger", "nord/kiel": "unchanged", "nord/notiz": "stranger", "sud/ulm": "unchanged",
    }  # fmt: skip
    assert code == 3
    assert budget.read_bytes() == before
    assert len(list((tmp_path / "state" / "networks").glob("*.sqlite"))) == 2
    listed = tmp_path / "liste.txt"
    listed.write_text("netze/budget.xlsx")
    assert synced(listed)[0] == 2  # whoever names a file means a network


def test_configurations_name_networks_and_which_files_belong_together(tmp_path, monkeypatch):
    for name in ("a", "kopie", "b", "c"):
        (tmp_path / f"{name}.xlsx").write_bytes(b"")
    (tmp_path / "netzwerk.toml").write_text(
        'workbook = "b"\n[workbooks]\nstadt = ["a.xlsx", "kopie.xlsx"]\nb = "b.xlsx"\n'
        'fern = "https://docs.google.com/spreadsheets/d/1abcdefghijklmnopqrstuvwxyz/edit"\n', "utf-8"
    )  # fmt: skip

    def shape(found):
        return [(each.name, [place.name for place in each.places], each.found) for each in found]

    named = [
        ("stadt", ["a.xlsx", "kopie.xlsx"], False), ("b", ["b.xlsx"], False),
        ("fern", ["google:1abcdefghijklmnopqrstuvwxyz"], False),
    ]  # fmt: skip
    assert shape(members(tmp_path / "netzwerk.toml")) == named
    assert shape(members(tmp_path)) == [*named, ("c.xlsx", ["c.xlsx"], True)]
    assert shape(members(tmp_path / "kopie.xlsx")) == [("kopie.xlsx", ["a.xlsx", "kopie.xlsx"], False)]
    monkeypatch.chdir(tmp_path)
    listed = tmp_path / "liste"
    listed.write_text(
        "netzwerk.toml\na.xlsx\nc.xlsx\nhttps://docs.google.com/spreadsheets/d/9abcdefghijklmnopqrstuvwxyz/edit"
    )
    found = members(listed)
    assert shape(found)[:4] == [*named, ("c.xlsx", ["c.xlsx"], False)]
    assert "abcdef" not in found[4].name
    from netzwerk_sheets.config import find_config

    assert shape(configured(find_config())) == named


# --- whoever dies -----------------------------------------------------------------------------------------


def test_a_process_that_is_killed_loses_no_network_and_none_is_done_twice_at_once(towns, tmp_path):
    edit(towns)
    (tmp_path / "state" / "kill").touch()
    crew = processes(2)
    found = list(carry_out([(type(crew)(crew.opened, crew.width, traced), jobs(tmp_path / "netze"))]))
    assert not (tmp_path / "state" / "kill").exists()
    assert sorted(each.name for each in found) == [f"{town}.xlsx" for town in TOWNS]
    assert {each.kind for each in found} <= {"synced", "same"}
    lines = told(tmp_path / "state")
    begun = [line["name"] for line in lines if line["what"] == "begin"]
    assert len(begun) > len(TOWNS)  # the one that was cut off was begun again
    assert overlapping(lines) == []
    assert set(results(synced(tmp_path / "netze")[1]).values()) == {"unchanged"}


def poisoned(job):
    """Die of one network, whoever takes it."""
    if job.member.name == "ahaus.xlsx":
        os.kill(os.getpid(), signal.SIGKILL)
    return traced(job)


def test_a_network_that_kills_every_process_is_given_up_alone(towns, tmp_path):
    crew = processes(2)
    found = list(carry_out([(type(crew)(crew.opened, crew.width, poisoned), jobs(tmp_path / "netze"))]))
    kinds = {each.name: (each.kind, each.error and each.error.reason) for each in found}
    assert kinds.pop("ahaus.xlsx") == ("failed", "worker-lost")
    assert set(kinds.values()) == {("synced", None)}  # each gets its own name into the commands on its tabs


@pytest.fixture
def heard():
    """Let programs started here hear Ctrl+C, also where the tests themselves run in the background and do not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_finishes_what_is_under_way_and_begins_nothing_more(towns, tmp_path):
    edit(towns)
    command = [sys.executable, "-m", "netzwerk_sheets", "fleet", "sync", "--networks", str(tmp_path / "netze")]
    running = subprocess.Popen([*command, "--workers", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    notes = tmp_path / "state" / "locks"
    until = time.monotonic() + 60
    while not list(notes.glob("*.txt")) and time.monotonic() < until:
        time.sleep(0.005)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Abgebrochen" in errors
    changed = [person.reads("Partner", "P-007", "Status") for person in towns.values()]
    assert changed == ["ruhend"] * len(TOWNS)
    # On a busy machine the signal may arrive when the first is done and the second under way.
    finished = list(results(synced(tmp_path / "netze")[1]).values()).count("unchanged")
    assert 1 <= finished < len(TOWNS)
