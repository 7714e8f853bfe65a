"""The network's tabs join workbooks that other people made, and everything else in them stays as it was."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.sync import setup
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.run import sync

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "workbooks"
REFUSED = ROOT / "tests" / "data" / "refused_init.txt"
TODAY = date(2025, 5, 15)
SAMPLE = 5  # every fifth in the normal run
FILES = sorted(path for path in FOLDER.glob("*.xls[xm]")) if FOLDER.is_dir() else []
PLUMBING = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/custom\.xml|(.*/)?calcchain\.xml|(.*/)?styles\d*\.xml"
    r"|(.*/)?workbook\d*\.xml|(.*/)?_rels/workbook\d*\.xml\.rels",
)


def reasons():
    lines = [line.split() for line in REFUSED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return dict(lines)


def chosen(config):
    return FILES if config.getoption("--long") else FILES[::SAMPLE]


def pytest_generate_tests(metafunc):
    if "source" in metafunc.fixturenames:
        files = chosen(metafunc.config)
        metafunc.parametrize("source", files or [None], ids=[path.name for path in files] or ["no-data"])


@pytest.fixture
def done(source, tmp_path, monkeypatch):
    """One workbook after init and two syncs: (source, path, reason it was refused for or None)."""
    if source is None:
        pytest.skip("the real workbooks (../shared/data/workbooks) are not here")
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "state"))
    path = tmp_path / source.name
    shutil.copyfile(source, path)
    try:
        order, preview = setup.missing(path, setup.tabs_for("de", demo=False, today=TODAY), take_over=False)
        assert len(preview.plan.added) > 10
        setup.add(path, order)
    except NetzwerkError as error:
        return source, path, error.reason
    return source, path, None


def test_init_adds_tabs_and_changes_nothing_else(done):
    source, path, reason = done
    assert reason == reasons().get(source.name)
    if reason:
        assert path.read_bytes() == source.read_bytes()
        return
    first = hashlib.sha256(path.read_bytes()).digest()
    assert not sync(path, Order(TODAY)).written
    assert hashlib.sha256(path.read_bytes()).digest() == first
    parts_stay(source, path)
    cells_stay(source, path)
    others_read_the_same(source, path)


def parts_stay(source, path):
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path) as after:
        present = set(after.namelist())
        for name in before.namelist():
            if PLUMBING.fullmatch(name.replace("\\", "/").lower()) or name.endswith("/"):
                continue
            assert name in present, name
            assert before.read(name) == after.read(name), name


def cells_stay(source, path):
    old, new = ExcelWorkbook(source).read(), ExcelWorkbook(path).read()
    for tab in old.tabs:
        assert new.tab(tab.title).rows == tab.rows, tab.title
        assert new.tab(tab.title).tables == tab.tables, tab.title
    assert new.taken[: len(old.taken)] == old.taken


READER = """
import json, sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
names = json.loads(sys.argv[2]) or book.sheet_names
print(json.dumps({name: [[str(c) for c in row] for row in book.get_sheet_by_name(name).to_python()] for name in names}))
"""


def calamine(path, names):
    # It can abort the whole process on strange files, so it runs in one of its own.
    command = [sys.executable, "-c", READER, str(path), json.dumps(names)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(found.stdout) if found.returncode == 0 and found.stdout else None


def others_read_the_same(source, path):
    before = calamine(source, [])
    if before is None:
        return
    assert calamine(path, list(before)) == before


def faults(path):
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed")
    errors = audit.OpenXmlValidator().validate(str(path)).errors
    # Excel moves text that stands in its cell to the shared strings at the next save: a remark, no fault.
    return {(str(one.part_uri), str(one.description)) for one in errors if "inline" not in str(one.description)}


def test_the_schema_rules_find_no_new_fault(done, request):
    source, path, reason = done
    every = 1 if request.config.getoption("--long") else 3 * SAMPLE
    if reason or FILES.index(source) % every:
        return
    assert not faults(path) - faults(source)
