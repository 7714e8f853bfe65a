"""The benchmark runs, compares and judges."""

import importlib
import inspect
import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "benchmark.py"
sys.path.insert(0, str(SCRIPT.parent))
fleet, growth, limits = (importlib.import_module(f"benchmark_{name}") for name in ("fleet", "growth", "limits"))


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


def test_every_part_of_a_sync_that_is_timed_is_there():
    code = f"from __future__ import annotations\nimport json, os, time\n{inspect.getsource(limits.stages_of)}\nstages_of('--help')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout.splitlines()[-1])["answer"]["starting"] > 0


def points(*seconds):
    sizes = (100, 1_000, 10_000)
    return [
        {"job": "read", "rows": rows, "seconds": each, "megabytes": 10.0}
        for rows, each in zip(sizes, seconds, strict=True)
    ]


def test_growth_is_judged_between_the_largest_sizes_and_drawn(tmp_path):
    linear, steep = (
        [row["holds"] for row in growth._verdict("read", points(*seconds))] for seconds in ((1, 1, 10), (1, 1, 20))
    )
    assert (linear, steep) == (["yes", "yes"], ["NO", "yes"])
    picture = tmp_path / "growth.png"
    growth.plot(json.dumps(points(1, 2, 3)), str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_fleet_is_judged_by_how_often_it_fits_into_the_time_of_its_peer():
    def verdict(ours, wanted):
        return fleet._row("job", "1", "peer", ours, 100.0, wanted)["holds"]

    assert [verdict(0.1, ">= 500"), verdict(1.0, ">= 500"), verdict(1.0, "")] == ["yes", "NO", "-"]
