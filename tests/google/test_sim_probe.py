"""The list of assumptions is true of the simulated server, and the script for the real one asks for all it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sheetsim.caller import Book

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "probe_google.py"


@pytest.fixture(scope="module")
def listed():
    text = (ROOT / "tests" / "sheetsim" / "ASSUMPTIONS.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]+) \| (yes|no) \| ([DRG]) \| (.+) \|$", text, re.M)
    return {name: probed for name, probed, _, _ in rows}


def start(*arguments):
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


def test_without_a_document_nothing_is_asked(listed):
    done = start()
    assert done.returncode == 2
    names = set(re.findall(r"^  ([A-Z]+) ", done.stdout, re.M))
    assert names == {name for name, probed in listed.items() if probed == "yes"}
    assert len(listed) > 30


@pytest.mark.parametrize("locale", ["en_US", "de_DE"])
def test_the_simulated_server_is_as_assumed(google, tmp_path, locale):
    doc = google.sim.create(locale=locale)
    doc.human.type(doc.content.sheets[0].title, "A1", "mine")
    key = google.key_file(tmp_path)
    book = Book(google.sim, doc.id)
    before = book.get(fields="*")
    done = start("--key", str(key), "--document", doc.id, "--endpoint", google.url)
    assert "DIFFERENT" not in done.stdout, done.stdout
    assert done.returncode == 0, done.stderr
    assert book.get(fields="*") == before, "the script leaves the document as it was"
    said = done.stdout + done.stderr
    assert doc.id not in said
    assert "PRIVATE KEY" not in said
    assert "gserviceaccount" not in said


def test_a_difference_is_told(google, tmp_path):
    google.sim.sort_moves_metadata = True
    doc = google.sim.create()
    done = start("--key", str(google.key_file(tmp_path)), "--document", doc.id, "--endpoint", google.url)
    assert done.returncode == 1
    assert re.findall(r"^DIFFERENT +(\w+)", done.stdout, re.M) == ["SORT"]
