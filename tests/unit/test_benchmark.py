"""The benchmark runs, compares and judges."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "benchmark.py"


def test_one_goal_is_measured_and_judged(tmp_path):
    out = tmp_path / "numbers.json"
    command = [sys.executable, str(SCRIPT), "--quick", "--only", "G5", "--json", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    line = next(line for line in done.stdout.splitlines() if line.startswith("G5"))
    assert "bare click group" in line
    assert line.endswith(("yes", "NO"))
    row = json.loads(out.read_text(encoding="utf-8"))["rows"][0]
    low, median, high = row["ratio"]
    assert 0 < low <= median <= high
    assert row["wanted"] == "<= 1.15"
