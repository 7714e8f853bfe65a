"""How time and memory grow with the number of rows, as numbers and as a picture."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

import benchmark_jobs as jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEPS = {
    "140": (60, 80), "1,000": (350, 650), "3,000": (1_000, 2_000), "20,000": (6_000, 14_000),
    "70,000": (20_000, 50_000), "200,000": (66_000, 134_000),
}  # fmt: skip
"""Rows of partners and needs together → how many of each."""

QUICK = 3
MOST = 1.15
"""From one size to the next, time and memory grow at most with this power of the size."""


def rows(
    bench: Any, program: Callable[..., Any], *, quick: bool, xl: bool, picture: Path | None
) -> list[dict[str, Any]]:
    """Measure every size that is asked for, and say whether growth is linear or better between the largest two.

    Args:
        bench: Makes the networks and runs programs.
        program: Makes a program of a job.
        quick: Whether the small sizes will do.
        xl: Whether the largest size is asked for.
        picture: Where the picture goes; `None` for none.
    """
    steps = list(STEPS)[: QUICK if quick else None if xl else -1]
    points: list[dict[str, Any]] = []
    for step in steps:
        print(f"growth {step}", file=sys.stderr, flush=True)
        made, facts = bench.made(step)
        for job, took in _measured(bench, program, str(made), facts, STEPS[step]):
            points.append({"job": job, "rows": sum(STEPS[step]), "seconds": took.cpu, "megabytes": took.megabytes})
    if picture is not None:
        bench.run(program("plot", plot, json.dumps(points), str(picture)))
    return [row for job in dict.fromkeys(point["job"] for point in points) for row in _verdict(job, points)]


def _measured(bench: Any, program: Any, path: str, facts: list[str], numbers: tuple[int, int]) -> list[tuple[str, Any]]:
    found = [("nothing to do", bench.run(program("sync", jobs.CLI, "sync", path, "--quiet")))]
    found.append(("read", bench.run(program("read", jobs.READ_OURS, path))))
    found.append(("coverage", bench.run(program("coverage", jobs.coverage_ours, *map(str, numbers)))))
    bench.run(program("edit", jobs.save_ours, path, *facts))
    return [*found, ("sync of 20 edits", bench.run(program("sync", jobs.CLI, "sync", path, "--quiet")))]


def _verdict(job: str, points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    before, last = [point for point in points if point["job"] == job][-2:]
    larger = math.log(last["rows"] / before["rows"])
    found = []
    for measure in ("seconds", "megabytes"):
        power = math.log(max(last[measure], 1e-9) / max(before[measure], 1e-9)) / larger
        found.append({
            "goal": "growth", "job": job, "size": f"{last['rows']:,}", "against": f"itself at {before['rows']:,}",
            "measure": measure, "ours": f"{last[measure]:.2f}", "theirs": f"{before[measure]:.2f}",
            "ratio": f"rows^{power:.2f}", "wanted": f"<= rows^{MOST}", "holds": "yes" if power <= MOST else "NO",
        })  # fmt: skip
    return found


def plot(points: str, picture: str) -> None:
    """Draw two pictures beside each other: seconds and megabytes, both against the rows, on logarithmic axes."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    marks = dict(zip(dict.fromkeys(point["job"] for point in json.loads(points)), "os^D", strict=False))
    figure, axes = pyplot.subplots(1, 2, figsize=(12, 5), layout="constrained")
    for axis, measure in zip(axes, ("seconds", "megabytes"), strict=True):
        for job, mark in marks.items():
            mine = [point for point in json.loads(points) if point["job"] == job]
            axis.plot([each["rows"] for each in mine], [each[measure] for each in mine], marker=mark, label=job)
        first = min(point["rows"] for point in json.loads(points))
        last = max(point["rows"] for point in json.loads(points))
        least = min(point[measure] for point in json.loads(points))
        axis.plot([first, last], [least, least * last / first], "k:", label="linear")
        axis.set(xscale="log", yscale="log", xlabel="rows of partners and needs", ylabel=measure)
        axis.grid(visible=True, alpha=0.3)
        axis.legend()
    figure.savefig(picture, dpi=110)
