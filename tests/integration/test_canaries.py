"""No person leaks: every command, well and badly called, on a workbook full of people; every output is searched.

What may be said where: results that a person reads on the terminal may hold what they asked for; the list below says
which and why. ``--json``, everything on stderr, tracebacks and logs hold ids and codes only.
"""

import logging
import os
import shutil
import sqlite3

import pytest
from integration_fixtures import key_of
from openpyxl.comments import Comment
from person import Person, netz

from netzwerk_sheets.cli import watch
from netzwerk_sheets.cli.commands import COMMANDS
from netzwerk_sheets.sync import run as run_module

MARK = "kanari"
"""In every canary, whatever else is in it."""

NAME, EMAIL, PHONE = "Kanari Zaunkoenig", "kanari@kaefig.example", "0951 7654321"
FREE = "Kanari singt morgens um fuenf"
CANARIES = (MARK, "zaunkoenig", "kaefig.example", "7654321")

MAY_NAME = {
    "person": "show and export are about one person and were asked for; what stands in the cells goes to a file only",
    "check": "names the cell and the organisation; a value that is no word of a list is repeated, so that it is found",
    "history": "tells what a value was: that is what history is asked for",
    "conflicts": "shows both versions, between which a person decides",
    "undo": "shows what would be taken back",
    "plan": "shows each cell as it is and as it will be",
}
"""Commands whose lines for people, on stdout and without --json, may hold words from cells, and why."""


@pytest.fixture(scope="module")
def cage(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("kaefig")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"STATE": folder / "state", "TODAY": "2025-05-15", "LANG": "de"}.items():
            patch.setenv(f"NETZWERK_{name}", str(value))
        path = folder / "stadt.xlsx"
        shutil.copyfile(made / "stadt.xlsx", path)
        (folder / "state" / "networks").mkdir(parents=True)
        for part in (made / "state" / "networks").iterdir():
            new = part.name.replace(key_of(made / "stadt.xlsx"), key_of(path))
            shutil.copy(part, folder / "state" / "networks" / new)
        fill(Person(path))
    return folder


def fill(person):
    """Let people stand in every column of text that may hold them, in notes, in a contradiction and in the history."""
    for header, text in {"Name": NAME, "E-Mail": EMAIL, "Telefon": PHONE, "Barrierefreiheit nötig": FREE}.items():
        person.type("Ansprechpersonen", "K-004", header, text)
    person.type("Ansprechpersonen", "K-004", "Zuletzt bestätigt am", NAME)
    person.type("Partner", "P-013", "Bemerkung", f"{NAME}, {EMAIL}")
    person.type("Partner", "P-013", "Nächster Schritt", f"{NAME} anrufen: {PHONE}")
    person.type("Bedarfe", "B-002", "Problem", FREE)
    person.type("Aufgaben", "P-016.T-A03", "Zuständig", NAME)
    person.type("Aufgaben", "P-016.T-A03", "Bemerkung", FREE)
    assert netz("sync", person.path).code in {0, 3}
    person.type("Ansprechpersonen", "K-004", "Name", f"{NAME} die Zweite")
    person.type("Lebensbereiche", "LB-01", "zuständig", NAME)
    person.type("Aufgaben", "P-016.T-A01", "Zuständig", f"{NAME} in Aufgaben")
    person.type("OB P-016 Wohnbau", "P-016.T-A01", "Zuständig", f"{NAME} auf dem Blatt")
    person.type("Aufgaben", "P-016.T-A02", "Bemerkung", f"{FREE} A")
    person.type("OB P-016 Wohnbau", "P-016.T-A02", "Fällig am", NAME)
    with person.book() as book:
        book["Partner"]["B4"].comment = Comment(FREE, NAME)
    assert netz("sync", person.path).code in {0, 3}
    person.type("Partner", "P-014", "Bemerkung", FREE)


@pytest.fixture
def stadt(cage, tmp_path, monkeypatch):
    shutil.copytree(cage, tmp_path, dirs_exist_ok=True)
    for place in sorted((tmp_path / "state").rglob(f"*{key_of(cage / 'stadt.xlsx')}*")):
        place.rename(place.with_name(place.name.replace(key_of(cage / "stadt.xlsx"), key_of(tmp_path / "stadt.xlsx"))))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "stadt.xlsx"


CALLS = {
    "init": [("FILE",), ("FILE", "-n"), ("neu.xlsx", "--demo"), ("fehlt/neu.xlsx",)],
    "doctor": [("FILE",)],
    "check": [("FILE",)],
    "plan": [("FILE",), ("FILE", "-o", "plan.json")],
    "watch": [("FILE", "--every", "0s"), ("FILE", "--every", "1s"), ("FILE", "-n", "--every", "1s"),
              ("fehlt.xlsx", "--every", "1s")],
    "schedule": [("show", "FILE")],
    "gaps": [("FILE",)],
    "recommend": [("FILE",)],
    "what-if": [("FILE", "--without", "P-004"), ("FILE", "--without", NAME)],
    "history": [("FILE",), ("FILE", "K-004"), ("FILE", "--run", "1"), ("FILE", "Zzz-999")],
    "conflicts": [("FILE",), ("FILE", "resolve", "KF-001"), ("FILE", "resolve", "KF-001", "--take", "a", "-n")],
    "report": [("FILE", "--html", "bericht.html")],
    "export": [("FILE", "csv"), ("FILE", "ics"), ("FILE", "eml"), ("FILE", "datapackage"), ("FILE", "nichts")],
    "person": [("FILE", "show", "K-004"), ("FILE", "export", "K-004"), ("FILE", "register"), ("FILE", "show", "K-9"),
               ("FILE", "erase", "K-004", "-n"), ("FILE", "erase", "K-004")],
    "adopt": [("FILE",), ("FILE", "-n")],
    "handbook": [()],
    "survey": [("FILE", "ZG-01", "-n"), ("FILE", "Niemand")],
    "review": [("FILE", "AG-01", "-n"), ("FILE", "Niemand")],
    "fleet": [("gaps", "."), ("sync", ".", "-n"), ("report", ".")],
    "backups": [("FILE",)],
    "restore": [("FILE", "99"), ("FILE", "1", "-n")],
    "a11y": [("FILE",)],
    "unlock": [("FILE",)],
    "config": [("show",), ("path",)],
    "completion": [("bash",)],
    "undo": [("FILE", "-n"), ("FILE", "99")],
    "sync": [("FILE", "-n"), ("FILE", "--plan", "fehlt.json"), ("FILE",)],
    "onboard": [("FILE", "P-013", "-n"), ("FILE", "Niemand")],
    "offboard": [("FILE", "P-016", "-n"), ("FILE", "Niemand")],
}  # fmt: skip
"""Command → ways to call it, well and badly."""

TYPED = {NAME}
"""What the caller typed may be repeated to the caller."""


def leaks(text):
    return [canary for canary in CANARIES if canary in text.casefold()]


def listen(caplog, *words):
    """Run a command and give its outputs with everything that was logged."""
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        done = netz(*words)
    return done, caplog.text


def test_every_command_is_called():
    assert set(CALLS) == set(COMMANDS)
    assert MAY_NAME.keys() <= COMMANDS.keys()


@pytest.mark.parametrize("command", list(CALLS))
def test_no_person_in_json_in_errors_or_in_logs(stadt, monkeypatch, caplog, command, counted):
    monkeypatch.setattr(watch, "_sleep", lambda stop, _seconds: stop.asked.set())  # one pass, then it ends
    shutil.copyfile(stadt, stadt.with_name("stadt-DESKTOP-PC1.xlsx"))  # a copy beside it is read and named, too
    searched = 0
    for call in CALLS[command]:
        words = [str(stadt) if word == "FILE" else word for word in call]
        for more in (("--json",), ("-vv",)):
            done, logged = listen(caplog, command, *words, *more)
            err = done.err
            searched += len((done.out + err + logged).encode())
            for typed in TYPED & set(call):
                err = err.replace(typed, "")
            assert leaks(err) == [], (command, call, more, done.err)
            assert leaks(logged) == [], (command, call, more)
            if command not in MAY_NAME or "--json" in more:
                assert leaks(done.out) == [], (command, call, more, done.out)
    counted(bytes_searched_for_persons=searched)


def spoiled(stadt, monkeypatch, how):
    """Let something be in the way, or be wrong."""
    if how == "missing":
        stadt.unlink()
    elif how == "torn":
        stadt.write_bytes(stadt.read_bytes()[:-2000])
    elif how == "open":
        stadt.with_name("~$stadt.xlsx").write_bytes(b"\x05Doris".ljust(165, b" "))
    elif how == "state":
        path = next((stadt.parent / "state" / "networks").glob("*.sqlite"))
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 99")
    elif how == "bug":

        def broken(*_arguments, **_options):
            raise ValueError(f"could not convert {NAME!r}, {EMAIL}")

        monkeypatch.setattr(run_module, "prepare", broken)


@pytest.mark.parametrize("how", ["missing", "torn", "open", "state", "bug"])
@pytest.mark.parametrize("command", ["sync", "check", "history", "person", "report"])
def test_no_person_in_what_is_said_when_something_goes_wrong(stadt, monkeypatch, caplog, command, how):
    spoiled(stadt, monkeypatch, how)
    words = {"person": ("erase", "K-004", "--yes"), "report": ("--html", "x.html")}.get(command, ())
    for more in (("--json",), ("-vv",)):
        done, logged = listen(caplog, command, str(stadt), *words, *more)
        assert leaks(done.err + logged) == [], (more, done.err)
        if command not in MAY_NAME or "--json" in more:
            assert leaks(done.out) == [], (more, done.out)


def test_the_search_finds_canaries_and_the_workbook_is_full_of_them(stadt):
    assert leaks("Frau KANARI") == [MARK]
    shown = netz("history", stadt, "K-004")
    assert leaks(shown.out)
    assert leaks(netz("conflicts", stadt).out)
    assert os.environ["NETZWERK_LANG"] == "de"
