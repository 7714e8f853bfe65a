"""Schedule on a real file system: shown, installed only after a yes, removed exactly; what people changed stays."""

import json
import os
import shlex
import shutil
import subprocess
import sys

import pytest
from person import netz

from netzwerk_sheets.cli.timers import Job, cron, systemd, untouched, windows


@pytest.fixture
def home(stadt, tmp_path, monkeypatch):
    """A home of one's own, and a systemctl that writes down what it is told."""
    place = tmp_path / "zuhause"
    place.mkdir()
    programs = tmp_path / "programme"
    programs.mkdir()
    told = tmp_path / "gesagt.txt"
    program = programs / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$@" >> {told}\n[ ! -e {programs}/kaputt ]\n')
    program.chmod(0o755)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    stadt.home, stadt.told, stadt.programs = place, told, programs
    return stadt


def files(home):
    return sorted(path for path in home.home.rglob("*") if path.is_file())


def said(home):
    return home.told.read_text().splitlines() if home.told.exists() else []


def test_show_shows_what_would_be_made_and_makes_nothing(home):
    done = netz("schedule", home.path, "show", "--every", "15m")
    assert done.code == 0
    for word in (
        "ExecStart=",
        "OnUnitActiveSec=900s",
        "*/15 * * * *",
        "schtasks",
        str(home.path),
        "nichts eingerichtet",
    ):
        assert word in done.out, word
    assert netz("schedule", home.path).out == done.out
    assert files(home) == []
    assert said(home) == []
    document = json.loads(netz("zeitplan", home.path, "--json").out)
    assert len(document["systemd"]) == 2
    assert document["installed"] == []


def test_install_asks_first(home):
    done = netz("schedule", home.path, "install")
    assert done.code == 2
    assert netz("schedule", home.path, "install", "--dry-run").code == 0
    assert files(home) == []
    assert said(home) == []


def test_install_and_remove_are_exact_opposites(home):
    folder = home.home / ".config" / "systemd" / "user"
    folder.mkdir(parents=True)
    (folder / "fremd.service").write_text("[Unit]\n")
    assert netz("schedule", home.path, "install", "--every", "2h", "--yes").code == 0
    made = [path for path in files(home) if path.name != "fremd.service"]
    assert {path.suffix for path in made} == {".service", ".timer"}
    assert all(path.parent == folder and untouched(path.read_text()) for path in made)
    assert "stadt" not in "".join(path.name for path in made), "no town stands in the name of a file"
    name = made[0].stem
    assert said(home) == ["--user daemon-reload", f"--user enable --now {name}.timer"]
    assert "ist es eingerichtet" in netz("schedule", home.path).out
    assert netz("schedule", home.path, "install", "--every", "1h", "--yes").code == 0
    assert "OnUnitActiveSec=3600s" in (folder / f"{name}.timer").read_text()
    assert netz("schedule", home.path, "remove").code == 2
    assert netz("schedule", home.path, "remove", "--yes").code == 0
    assert [path.name for path in files(home)] == ["fremd.service"]
    assert said(home)[-2:] == [f"--user disable --now {name}.timer", "--user daemon-reload"]
    again = netz("schedule", home.path, "remove", "--yes")
    assert again.code == 0
    assert "nichts eingerichtet" in again.err


def test_what_people_changed_in_a_unit_stays(home):
    assert netz("schedule", home.path, "install", "--yes").code == 0
    timer = next(path for path in files(home) if path.suffix == ".timer")
    timer.write_text(timer.read_text().replace("900s", "77s"))
    for action in ("remove", "install"):
        done = netz("schedule", home.path, action, "--yes")
        assert done.code == 2
        assert timer.name in done.err
    assert "77s" in timer.read_text()
    assert len(files(home)) == 2


def test_where_systemd_does_not_answer_people_are_told_what_to_do(home, monkeypatch, tmp_path):
    (home.programs / "kaputt").touch()
    done = netz("schedule", home.path, "install", "--yes")
    assert done.code == 3
    assert "*/15 * * * *" in done.out
    assert len(files(home)) == 2
    empty = tmp_path / "leer"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    assert netz("schedule", home.path, "install", "--yes").code == 3
    assert netz("schedule", home.path, "remove", "--yes").code == 0
    assert files(home) == []


def test_what_is_installed_does_sync_the_workbook(home):
    """The line of the service, called as systemd would: without a shell, with its environment alone."""
    netz("sync", home.path)
    assert netz("schedule", home.path, "install", "--yes").code == 0
    home.path.with_name("x").touch()
    home.type("Partner", "P-007", "Status", "ruhend")
    service = next(path for path in files(home) if path.suffix == ".service").read_text()
    lines = [line.partition("=")[2] for line in service.splitlines() if line.startswith("Environment=")]
    environment = dict(shlex.split(line)[0].split("=", 1) for line in lines)
    call = shlex.split(next(line for line in service.splitlines() if line.startswith("ExecStart=")).partition("=")[2])
    assert call[0] == sys.executable
    before = home.path.read_bytes()
    done = subprocess.run(
        call, env={**environment, "PATH": "/usr/bin:/bin", "NETZWERK_TODAY": "2025-05-15"}, cwd="/",
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 3}, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    assert home.path.read_bytes() != before
    codes = next(line for line in service.splitlines() if line.startswith("SuccessExitStatus=")).partition("=")[2]
    assert "3" in codes.split()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_finds_no_fault(home):
    path = home.path.rename(home.path.with_name("Stadt 100% „gut“ $HOME.xlsx"))
    assert netz("schedule", path, "install", "--yes").code == 0
    runtime = home.path.parent / "laufzeit"
    runtime.mkdir()
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime)}
    timer = next(path for path in files(home) if path.suffix == ".timer")
    verify = ["systemd-analyze", "--user", "verify", timer]
    done = subprocess.run(verify, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    service = timer.with_suffix(".service")
    service.write_text(service.read_text().replace("Type=oneshot", "Type=unsinn"))
    done = subprocess.run(verify, capture_output=True, text=True, env=environment, check=False)
    assert done.stderr, "the judge judges"


ODD = "/netz/Stadt 100% \"gut\" $HOME 'x' \\ ;rm.xlsx"


def job(**changes):
    facts = {
        "name": "netzwerk-1", "command": ["/usr/bin/python3", "-m", "netzwerk_sheets", "sync", ODD], "seconds": 900,
        "environment": {}, "description": "100 %\nzwei Zeilen",
    }  # fmt: skip
    return Job(**{**facts, **changes})


def test_odd_names_of_files_are_one_word_for_everybody(tmp_path):
    line = next(one for one in systemd(job())["netzwerk-1.service"].splitlines() if one.startswith("ExecStart="))
    word = line.split(" ", 4)[4]
    assert word.startswith('"')
    assert word.endswith('"')
    plain = word[1:-1].replace("%%", "%").replace("$$", "$").replace('\\"', '"').replace("\\\\", "\\")
    assert plain == ODD
    call = cron(job()).split(" ", 5)[5].replace("\\%", "%")
    shown = subprocess.run(
        ["/bin/sh", "-c", call.replace("/usr/bin/python3 -m netzwerk_sheets sync", "printf %s")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shown.stdout == ODD
    assert all("\n" not in line for line in systemd(job())["netzwerk-1.timer"].split("\n"))
    assert windows(job(command=["C:\\Program Files\\py.exe", "sync", "a b.xlsx"])).count("schtasks") == 1


@pytest.mark.parametrize(
    ("seconds", "when"),
    [(60, "* * * * *"), (900, "*/15 * * * *"), (2700, "*/30 * * * *"), (3600, "0 * * * *"), (5 * 3600, "0 */4 * * *"),
     (86400, "0 6 * * *"), (10**6, "0 6 * * *")],
)  # fmt: skip
def test_cron_gets_an_interval_it_can_count(seconds, when):
    assert cron(job(seconds=seconds)).startswith(when + " ")


def test_wrong_calls_are_refused(home):
    assert netz("schedule", home.path, "morgen").code == 2
    assert netz("schedule", home.path, "install", "--every", "10s", "--yes").code == 2
    assert netz("schedule", home.path.with_name("fehlt.xlsx"), "install", "--yes").code == 2
    assert files(home) == []


def test_the_workbook_may_stand_first_or_behind_or_be_left_out(home, monkeypatch):
    monkeypatch.chdir(home.path.parent)
    first = netz("schedule", home.path, "show").out
    assert "netzwerk schedule stadt.xlsx install" in first
    assert netz("schedule", "show", home.path).out == first
    (home.path.parent / "netzwerk.toml").write_text('workbook = "stadt.xlsx"\n', encoding="utf-8")
    assert netz("schedule", "show").out == first
    assert netz("schedule").out == first
