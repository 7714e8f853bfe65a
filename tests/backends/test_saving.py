"""At any moment the old file or the new one stands there whole, and nobody's open workbook is overwritten."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from designs import LOOK, design
from packages import book

from netzwerk_sheets.backends.excel import BackupPlace, ExcelWorkbook, backup, create, list_backups, save
from netzwerk_sheets.backends.excel.fingerprint import sha256
from netzwerk_sheets.errors import (
    AccessDenied,
    DiskFull,
    WorkbookChanged,
    WorkbookInUse,
    WorkbookNotFound,
    WrongUse,
)
from netzwerk_sheets.grid import AddTab, Cell, SetCell, SetMarker, Spot

EDIT = [SetCell(Spot("Blatt", 1, 1), Cell("neu"))]
STEPS = ("backed-up", "written", "checked", "replaced", "done")
AS_ROOT = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def path(tmp_path):
    return book(tmp_path, '<sheetData><row r="2"><c r="A2"><v>1</v></c></row></sheetData>')


def left(path):
    return [one.name for one in path.parent.iterdir() if "nstmp" in one.name]


def applied(path, edits=EDIT, **options):
    workbook = ExcelWorkbook(path, **options)
    return workbook.apply(edits, expected=workbook.read().revision, look=LOOK)


def test_the_new_revision_is_the_hash_of_the_new_file(path):
    assert applied(path) == sha256(path)
    assert left(path) == []


def test_without_edits_nothing_is_written(path):
    before = path.stat()
    assert applied(path, []) == sha256(path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_workbook_that_moved_on_is_left_alone(path):
    before = path.read_bytes()
    with pytest.raises(WorkbookChanged):
        ExcelWorkbook(path).apply(EDIT, expected="0" * 64, look=LOOK)
    assert path.read_bytes() == before


def test_a_change_right_before_the_swap_is_noticed(path):
    def meddle(step):
        if step == "written":
            path.write_bytes(b"von jemand anderem")

    with pytest.raises(WorkbookChanged):
        applied(path, step=meddle)
    assert path.read_bytes() == b"von jemand anderem"
    assert left(path) == []


def test_mode_and_link_survive_a_write(path, tmp_path):
    path.chmod(0o640)
    link = tmp_path / "verweis.xlsx"
    link.symlink_to(path)
    applied(link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert ExcelWorkbook(path).read().tabs[0].rows[1][1] == "neu"


# --- locks --------------------------------------------------------------------------------------------------


def excel_lock(name):
    wide = name.encode("utf-16-le")
    return (
        bytes([len(name)])
        + name.encode("cp1252").ljust(54, b" ")
        + len(name).to_bytes(2, "little")
        + wide.ljust(108, b" ")
    )


@pytest.mark.parametrize(("name", "content"), [
    ("~$buch.xlsx", excel_lock("Inge Älbers")), (".~lock.buch.xlsx#", "Inge Älbers,inge,rechner,22.11.2026 10:00,file:///x;".encode()),
    (".~lock.buch.xlsx#", ",Inge Älbers,rechner,22.11.2026 10:00,;".encode()), ("~$buch.xlsx", b""), (".~lock.buch.xlsx#", b"\xff\xfe"),
])  # fmt: skip
def test_a_workbook_that_somebody_has_open_is_left_alone(path, name, content):
    lock = path.with_name(name)
    lock.write_bytes(content)
    os.utime(lock, (time.time() - 3 * 3600, time.time() - 3 * 3600))
    before = path.read_bytes()
    with pytest.raises(WorkbookInUse) as caught:
        applied(path)
    facts = caught.value.facts
    assert (caught.value.reason, facts["lock_file"], facts["minutes"]) == ("workbook-open", name, 180)
    if len(content) > 4:
        assert facts["holder"] == "Inge Älbers"
    assert path.read_bytes() == before


def test_escaped_commas_in_a_lock_belong_to_the_name(path):
    path.with_name(".~lock.buch.xlsx#").write_text("Albers\\, Inge,inge,pc,x,y;")
    with pytest.raises(WorkbookInUse) as caught:
        applied(path)
    assert caught.value.facts["holder"] == "Albers, Inge"


# --- faults -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EROFS, AccessDenied), (errno.EIO, AccessDenied)]
)
@pytest.mark.parametrize("call", ["fsync", "open"])
def test_faults_of_the_disk_leave_the_old_file(path, monkeypatch, number, error, call):
    before = path.read_bytes()
    workbook = ExcelWorkbook(path)
    revision = workbook.read().revision

    def fail(*_args, **_options):
        raise OSError(number, "")

    monkeypatch.setattr(save.os, call, fail)
    with pytest.raises(error):
        workbook.apply(EDIT, expected=revision, look=LOOK)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert left(path) == []


def test_a_file_held_by_another_program_is_tried_again_then_left_alone(path, monkeypatch):
    calls = []

    def held(self, target):
        calls.append(target)
        raise PermissionError(errno.EACCES, "held")

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(save, "_FIRST_PAUSE_SECONDS", 0.001)
    with pytest.raises(WorkbookInUse) as caught:
        applied(path)
    assert caught.value.reason == "workbook-held"
    assert len(calls) == 5
    assert left(path) == []


@AS_ROOT
def test_a_read_only_file_and_folder_are_left_alone(path):
    path.chmod(0o444)
    with pytest.raises(AccessDenied):
        applied(path)
    path.chmod(0o644)
    path.parent.chmod(0o555)
    with pytest.raises(AccessDenied):
        applied(path)
    path.parent.chmod(0o755)


def test_leftovers_of_killed_processes_are_swept_and_others_stay(path):
    dead, mine = path.with_name(".buch.xlsx.nstmp-999999"), path.with_name(f".buch.xlsx.nstmp-{os.getppid()}")
    foreign = path.with_name(".anders.xlsx.nstmp-999999")
    for one in (dead, mine, foreign):
        one.write_bytes(b"x")
    applied(path)
    assert [one.exists() for one in (dead, mine, foreign)] == [False, True, True]


KILLED = """
import os, signal, sys
sys.path[:0] = {paths!r}
from pathlib import Path
from designs import LOOK
from netzwerk_sheets.backends.excel import BackupPlace, ExcelWorkbook
from netzwerk_sheets.grid import Cell, SetCell, Spot

def step(name):
    if name == {step!r}:
        os.kill(os.getpid(), signal.SIGKILL)

path = Path({path!r})
workbook = ExcelWorkbook(path, backups=BackupPlace(path.parent / "kopien"), step=step)
workbook.apply([SetCell(Spot("Blatt", 1, 1), Cell("neu"))], expected=workbook.read().revision, look=LOOK)
"""


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_a_whole_file(path, step):
    here = Path(__file__).resolve()
    code = KILLED.format(paths=[str(here.parents[2]), str(here.parent)], step=step, path=str(path))
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()
    rows = ExcelWorkbook(path).read().tabs[0].rows
    assert rows.get(1) == ({1: "neu"} if step in {"replaced", "done"} else None)
    applied(path, [SetCell(Spot("Blatt", 3, 1), Cell("weiter"))])
    assert left(path) == []


# --- copies -------------------------------------------------------------------------------------------------


def test_a_copy_is_laid_before_each_write_and_can_be_put_back(path, tmp_path):
    place = BackupPlace(tmp_path / "kopien", keep=3)
    before = path.read_bytes()
    workbook = ExcelWorkbook(path, backups=place)
    revision = workbook.apply(EDIT, expected=workbook.read().revision, look=LOOK)
    (copy,) = list_backups(place.folder)
    assert copy.path.read_bytes() == before
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert place.folder.stat().st_mode & 0o777 == 0o700
    assert workbook.restore(copy, expected=revision) == sha256(path)
    assert path.read_bytes() == before
    assert len(list_backups(place.folder)) == 2


def test_copies_are_few_and_not_old_and_the_newest_stays(path, tmp_path):
    folder = tmp_path / "kopien"
    for number in range(5):
        path.write_bytes(b"x" * number)
        backup(path, folder, keep=3)
    backup(path, folder, keep=3)
    kept = list_backups(folder)
    assert len(kept) == 3
    assert kept == sorted(kept, key=lambda one: one.moment)
    kept[0].path.rename(folder / re.sub(r"^\d{8}", "20200101", kept[0].path.name))
    path.write_bytes(b"yz")
    backup(path, folder, keep=10, max_age_days=30)
    assert not [one for one in list_backups(folder) if one.moment.year == 2020]
    assert list_backups(tmp_path / "leer") == []


def test_a_copy_that_cannot_be_kept_stops_the_write(path, tmp_path):
    (tmp_path / "kopien").write_text("eine Datei, wo der Ordner stehen soll")
    before = path.read_bytes()
    with pytest.raises(AccessDenied):
        applied(path, backups=BackupPlace(tmp_path / "kopien"))
    assert path.read_bytes() == before


# --- new files ----------------------------------------------------------------------------------------------


def test_a_new_workbook_holds_the_designed_tabs(tmp_path):
    path = tmp_path / "neu.xlsx"
    second = design("Zwei", "tblZwei")._replace(names={})
    revision = create(
        path, [AddTab(design()), AddTab(second), SetMarker("m")], LOOK, title="Netz & Werk", language="de-DE"
    )
    snapshot = ExcelWorkbook(path).read()
    assert (snapshot.revision, snapshot.marker) == (revision, "m")
    assert snapshot.taken == (design().title, "Zwei")
    before = path.read_bytes()
    with pytest.raises(AccessDenied) as caught:
        create(path, [AddTab(design())], LOOK, title="x", language="de")
    assert caught.value.reason == "file-exists"
    assert path.read_bytes() == before
    assert left(path) == []


def test_a_new_workbook_needs_a_tab_an_ending_and_a_folder(tmp_path):
    with pytest.raises(WrongUse):
        create(tmp_path / "neu.xlsm", [AddTab(design())], LOOK, title="x", language="de")
    with pytest.raises(WrongUse):
        create(tmp_path / "neu.xlsx", [SetMarker("m")], LOOK, title="x", language="de")
    with pytest.raises(WorkbookNotFound):
        create(tmp_path / "weg" / "neu.xlsx", [AddTab(design())], LOOK, title="x", language="de")
    assert list(tmp_path.iterdir()) == []
