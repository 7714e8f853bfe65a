"""What could let a command wait or calculate for ever, and damage that nobody foresaw: each ends in a plain message."""

import json
import os
import shutil
import signal
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from person import DAY, Person, netz

from netzwerk_sheets.analysis.duplicates import same_organisations
from netzwerk_sheets.backends.excel import backups
from netzwerk_sheets.sheets.cells import read_words, split
from netzwerk_sheets.state.folder import key_of

SECONDS = 30
COMMANDS = [
    ["init"], ["adopt"], ["doctor"], ["check"], ["plan"], ["sync"], ["gaps"], ["undo"], ["backups"], ["a11y"],
    ["restore", "1", "--yes"], ["report", "--html", "b.html"], ["person", "show", "K-004"], ["unlock"],
]  # fmt: skip


@contextmanager
def soon():
    """Fail where something does not end; a call of the system that waits is cut off, too."""

    def late(*_):
        raise AssertionError("it does not end")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def pipe(path):
    os.mkfifo(path)


def circle(path):
    path.symlink_to(path.name)


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
@pytest.mark.parametrize("laid", [pipe, circle])
def test_a_pipe_or_a_circle_of_links_in_the_place_of_the_workbook_lets_no_command_wait(stadt, laid, monkeypatch):
    monkeypatch.chdir(stadt.path.parent)
    stadt.type("Partner", "P-003", "Bemerkung", "vorher")
    assert netz("sync", stadt.path).code == 3
    stadt.path.unlink()
    laid(stadt.path)
    for words in COMMANDS:
        with soon():
            done = netz(words[0], "stadt.xlsx", *words[1:], "--today", DAY)
        assert done.code in {0, 1, 2, 10}, (words, done)
        assert "passieren" not in done.err, (words, done.err)


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_pipe_beside_the_workbook_is_no_conflict_copy(stadt):
    pipe(stadt.path.with_name("stadt-DESKTOP-1A2B3C.xlsx"))
    with soon():
        done = netz("sync", stadt.path, "--json")
    assert json.loads(done.out)["copies"] == []


# --- what is remembered is damaged ------------------------------------------------------------------------


def test_a_damaged_memory_is_named_and_without_it_nothing_is_lost(stadt):
    stadt.type("Partner", "P-003", "Bemerkung", "vorher")
    assert netz("sync", stadt.path).code == 3
    state = stadt.path.parent / "state" / "networks" / f"{key_of(stadt.path)}.sqlite"
    for left in state.parent.glob(f"{state.name}-*"):
        left.unlink()
    state.write_bytes(state.read_bytes()[:5000] + b"verdorben" * 2000)
    stadt.type("Partner", "P-004", "Bemerkung", "danach")
    before = stadt.path.read_bytes()
    for words in (["sync"], ["history"], ["restore", "1", "--yes"]):
        done = netz(words[0], stadt.path, *words[1:])
        assert (done.code, "passieren" in done.err) == (1, False), done.err
        assert str(state) in done.err
    assert stadt.path.read_bytes() == before
    state.rename(state.with_suffix(".alt"))
    assert netz("sync", stadt.path).code in {0, 3}
    assert (stadt.reads("Partner", "P-003", "Bemerkung"), stadt.reads("Partner", "P-004", "Bemerkung")) == (
        "vorher", "danach",
    )  # fmt: skip


def test_a_damaged_memory_of_another_workbook_is_no_hindrance(stadt, made, tmp_path):
    (tmp_path / "state" / "networks" / "0000.sqlite").write_bytes(b"verdorben" * 500)
    copy = Person(tmp_path / "umbenannt.xlsx")
    shutil.move(stadt.path, copy.path)
    assert netz("sync", copy.path).code in {0, 3}


# --- saved copies -----------------------------------------------------------------------------------------


def test_the_copy_made_last_stands_first_also_where_the_clock_was_put_back(stadt, monkeypatch):
    class Ahead(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2099, 1, 1, tzinfo=UTC)

    stadt.type("Partner", "P-003", "Bemerkung", "mit falscher Uhr")
    with monkeypatch.context() as patch:
        patch.setattr(backups, "datetime", Ahead)
        assert netz("sync", stadt.path).code == 3
    for word in ("danach", "zuletzt"):
        stadt.type("Partner", "P-003", "Bemerkung", word)
        assert netz("sync", stadt.path).code == 3
    stadt.path.unlink()
    assert netz("restore", stadt.path, "1", "--yes").code == 0
    assert stadt.reads("Partner", "P-003", "Bemerkung") == "zuletzt"


def test_restore_forgets_no_saved_copy_whatever_the_settings_say(stadt):
    folder = stadt.path.parent / "state" / "backups" / key_of(stadt.path)
    for number in range(25):
        backups.store(b"%d" % number, ".xlsx", backups.BackupPlace(folder, keep=50))
    backups.store(stadt.path.read_bytes(), ".xlsx", backups.BackupPlace(folder, keep=50))
    stadt.type("Partner", "P-003", "Bemerkung", "ungesichert")
    assert netz("restore", stadt.path, "1", "--yes").code == 0
    assert len(backups.list_backups(folder)) == 27


# --- what people type -------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [9_999_999, "9" * 400, 1e300])
def test_never_typed_as_a_number_of_days_is_a_finding(stadt, typed):
    for key in ("papierkorb.tage", "belastung.tage"):
        stadt.type("Einstellungen", key, "Wert", typed)
    stadt.delete_row("Partner", "P-009")
    with soon():
        assert netz("sync", stadt.path).code in {0, 3}
        assert netz("check", stadt.path).code in {0, 3}


def test_the_last_day_of_all_calendars_can_be_exported(stadt, tmp_path):
    stadt.type("Partner", "P-005", "bis", date(9999, 12, 31))
    target = tmp_path / "k.ics"
    assert netz("export", stadt.path, "ics", "-o", target).code == 0
    assert "99991231" in target.read_text("utf-8")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31.12.9999"])
def test_a_day_from_which_nobody_can_count_is_refused(stadt, day):
    assert netz("check", stadt.path, "--today", day).code == 2


@pytest.mark.parametrize(
    "words",
    [["undo", "9" * 30], ["undo", "²"], ["restore", "²"], ["restore", "9" * 5000], ["history", "--run", "9" * 30],
     ["sync", "--wait", "9" * 5000 + "s"]],
)  # fmt: skip
def test_numbers_that_are_none_are_wrong_use(stadt, words):
    assert netz(words[0], stadt.path, *words[1:]).code == 2


def test_a_cell_full_of_commas_is_understood_soon():
    text = ",".join("abcdefgh"[number % 8] for number in range(16_000))
    with soon():
        assert len(split(text, lambda word: word == "a")) == 16_000
    assert read_words("Sorgen, Nöte, Ängste; x", {"sorgen, nöte, ängste": "s"}).value == ("s",)


def test_one_name_in_thousands_of_rows_is_compared_soon():
    with soon():
        found = list(same_organisations([("Verein", "")] * 20_000))
    assert {other for _, other, _ in found} == set(range(1, 20_000))
    assert len(found) < 21_000


def test_a_glance_that_is_no_document_is_no_hindrance(stadt):
    assert netz("sync", stadt.path).code == 3
    (glance,) = (stadt.path.parent / "state" / "glance").iterdir()
    glance.write_text("[]", encoding="utf-8")
    assert netz("sync", stadt.path).code in {0, 3}
