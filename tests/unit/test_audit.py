"""What `scripts/audit.py` makes of an answer: silence is never a pass."""

import importlib.util
import json
from pathlib import Path

import pytest

PLACE = Path(__file__).resolve().parents[2] / "scripts" / "audit.py"
SPEC = importlib.util.spec_from_file_location("audit", PLACE)
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)

CLEAN = {"name": "eins", "version": "1.0", "vulns": []}
HURT = {"name": "zwei", "version": "2.0", "vulns": [{"id": "X-2025-1", "fix_versions": ["2.1"], "aliases": []}]}
SKIPPED = {"name": "drei", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("every", "wanted", "status", "said"),
    [
        ([CLEAN], 1, audit.WELL, "1 packages looked up, no advisory."),
        ([CLEAN, HURT], 2, audit.FOUND, "zwei 2.0: X-2025-1, mended in 2.1"),
        ([SKIPPED, SKIPPED], 2, audit.UNKNOWN, "for 2. Nobody knows."),
        ([CLEAN, SKIPPED], 2, audit.UNKNOWN, "for 1. Nobody knows."),
        ([HURT, SKIPPED], 2, audit.FOUND, "for 1. Nobody knows."),
        ([CLEAN], 2, audit.UNKNOWN, "for 1. Nobody knows."),
        ([], 3, audit.UNKNOWN, "for 3. Nobody knows."),
    ],
)
def test_silence_is_no_pass(every, wanted, status, said):
    code, lines = audit.verdict(json.dumps({"dependencies": every, "fixes": []}), wanted)
    assert code == status
    assert said in "\n".join(lines)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_no_answer_is_no_pass(text):
    assert audit.verdict(text, 5)[0] == audit.UNKNOWN
