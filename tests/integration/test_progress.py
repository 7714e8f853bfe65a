"""People who wait see how far the work has come: a bar, or plain lines, and nothing where nobody watches."""

import io
import re
import sys

import pytest
from person import netz

from netzwerk_sheets.cli import progress
from netzwerk_sheets.cli.group import run
from netzwerk_sheets.sheets.language import Words


class Terminal(io.StringIO):
    """What a person sees in a window for commands."""

    def isatty(self):
        return True


@pytest.fixture
def seen(monkeypatch):
    """Run a command on a terminal, with so much patience, and give what was shown on stderr."""

    def shown(*arguments, patience=0.0):
        terminal = Terminal()
        words = [str(one) for one in arguments]
        with monkeypatch.context() as patch:
            patch.setattr(progress.Progress.__init__, "__defaults__", (None, patience))
            patch.setattr(sys, "stderr", terminal)
            patch.setattr(sys, "stdout", io.StringIO())
            patch.setattr(sys, "argv", ["netzwerk", *words])
            code = run(words)
        return code, terminal.getvalue()

    return shown


def test_a_bar_grows_to_its_end_and_what_is_said_begins_on_a_new_line(stadt, seen):
    stadt.type("Partner", "P-007", "Status", "ruhend")
    code, shown = seen("sync", stadt.path)
    assert code in {0, 3}
    assert [int(each) for each in re.findall(r"(\d+)%", shown)] == sorted(map(int, re.findall(r"(\d+)%", shown)))
    assert "100%" in shown
    assert "Lücken" in shown
    after = shown[shown.rindex("100%") :]
    assert re.search(r"\n\d+ Zellen sind geschrieben", after)
    assert "geschrieben in" not in shown[: shown.rindex("100%")]


def test_plain_lines_name_every_tab_once(stadt, seen):
    stadt.type("Partner", "P-007", "Status", "ruhend")
    _, shown = seen("sync", stadt.path, "--plain")
    lines = shown.splitlines()
    assert "%" not in shown
    assert "\r" not in shown
    assert "\x1b" not in shown
    tabs = [re.fullmatch(r"Blatt (\d+) von (\d+): (.*)", line) for line in lines if line.startswith("Blatt ")]
    numbers = [int(found[1]) for found in tabs]
    assert numbers == sorted(set(numbers))
    assert {found[3] for found in tabs} >= {"Start", "Lücken", "Hilfe"}
    assert lines[0] == "netzwerk liest stadt.xlsx"
    assert "netzwerk schreibt stadt.xlsx" in lines


def test_short_work_shows_nothing_and_neither_does_a_pipe(stadt, seen):
    stadt.type("Partner", "P-007", "Status", "ruhend")
    _, shown = seen("gaps", stadt.path, patience=600)
    assert shown == ""
    for more in (("--quiet",), ("--json",)):
        _, shown = seen("check", stadt.path, *more)
        assert shown == ""
    assert "%" not in netz("sync", stadt.path).err


def test_a_failure_is_told_on_a_line_of_its_own(stadt, seen, monkeypatch):
    def fails(*_, **_more):
        raise OSError(28, "full")

    stadt.type("Partner", "P-007", "Status", "ruhend")
    monkeypatch.setattr("netzwerk_sheets.backends.excel.save.replace", fails)
    code, shown = seen("sync", stadt.path)
    assert code == 1
    said = Words("de").say("error.disk-full", file="stadt.xlsx")
    assert said in shown.splitlines()
