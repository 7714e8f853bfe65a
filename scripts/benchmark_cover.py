"""The best few partners together: the tool beside step-by-step choice and a solver, on matrices everyone knows.

Each contestant runs as a process of its own and tells the weight it covers. What counts is the weight first: never
below choosing step by step, and where the optimum is proven, the optimum itself, within two seconds.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MATRICES = ("scp41", "scp61", "scpa1")
BUDGET, SECONDS, SOLVER_SECONDS = 10, 2.0, 20
PLACE = Path(__file__).parents[2] / "shared" / "data" / "orlib"


def rows(run: Callable[[str, str, tuple[str, ...]], Any], folder: Path) -> list[dict[str, Any]]:
    """Measure each matrix that is here, and one drawn at random.

    Args:
        run: Runs a program (name, code, arguments) and gives what it took and answered.
        folder: Where the random matrix is laid.
    """
    random = folder / "random.json"
    random.write_text(json.dumps(_drawn()), encoding="utf-8")
    known = [PLACE / f"{name}.json" for name in MATRICES]
    for path in known:
        if not path.is_file():
            print(f"G7: {path.stem} is not here, so it was left out", file=sys.stderr)
    found = []
    for path in (*(path for path in known if path.is_file()), random):
        print(f"G7 best ten {path.stem}", file=sys.stderr, flush=True)
        found += _compared(run, path)
    return found


def _drawn() -> dict[str, Any]:
    dice = Random(7)
    columns = [sorted(dice.sample(range(500), dice.randint(3, 25))) for _ in range(1000)]
    return {"columns": columns, "weights": [dice.randint(1, 10) for _ in range(500)], "budget": BUDGET}


def _compared(run: Callable[[str, str, tuple[str, ...]], Any], path: Path) -> list[dict[str, Any]]:
    optimum = json.loads(path.read_text(encoding="utf-8")).get("optimum")

    def told(job: Callable[..., None], *more: str) -> Any:
        code = (
            f"import json, sys, time\nfrom pathlib import Path\n{inspect.getsource(job)}\n{job.__name__}(*sys.argv[1:])"
        )
        return run(job.__name__, code, (str(path), str(BUDGET), *more))

    ours, greedy = told(chosen_by_us), told(chosen_step_by_step)
    value, proven = ours.answer

    def row(against: str, measure: str, mine: object, other: object, wanted: str, *, holds: bool) -> dict[str, Any]:
        return {
            "goal": "G7", "job": "best ten", "size": path.stem, "against": against, "measure": measure,
            "ours": str(mine), "theirs": str(other), "ratio": "", "wanted": wanted, "holds": "yes" if holds else "NO",
        }  # fmt: skip

    found = [
        row("step by step (CELF)", "weight", value, greedy.answer, ">= theirs", holds=value >= greedy.answer),
        row("the clock", "seconds", f"{ours.cpu:.2f}", SECONDS, f"<= {SECONDS:.0f}", holds=ours.cpu <= SECONDS),
        row("itself", "proven", "yes" if proven else "no", "-", "is said", holds=isinstance(proven, bool)),
    ]
    if optimum is not None:
        found.insert(0, row("proven optimum", "weight", value, optimum, ">= theirs", holds=value >= optimum))
    if importlib.util.find_spec("pulp") is None:
        return [*found, row("CBC (PuLP)", "weight", value, "-", "skipped: pulp not installed", holds=True)]
    solved = told(chosen_by_cbc, str(SOLVER_SECONDS))
    limit = f">= theirs, in {SOLVER_SECONDS} s"
    other = f"{solved.answer[0]:.0f} in {solved.cpu:.1f} s" + (", proven" if solved.answer[1] else "")
    return [*found, row("CBC (PuLP)", "weight", value, other, limit, holds=value >= solved.answer[0])]


# --- the contestants --------------------------------------------------------------------------------------


def chosen_by_us(path: str, budget: str) -> None:
    from netzwerk_sheets.analysis.recommend import best_cover

    matrix = json.loads(Path(path).read_text(encoding="utf-8"))
    begin = time.process_time()
    _, value, proven = best_cover(matrix["columns"], matrix["weights"], int(budget))
    print(json.dumps({"seconds": time.process_time() - begin, "answer": [value, proven]}))


def chosen_step_by_step(path: str, budget: str) -> None:
    """Choose the largest gain each time; a gain once known is the most a column can bring later (CELF)."""
    import heapq

    matrix = json.loads(Path(path).read_text(encoding="utf-8"))
    begin = time.process_time()
    weights, covered, value = matrix["weights"], set(), 0
    known = [(-sum(weights[row] for row in set(rows)), index, 0) for index, rows in enumerate(matrix["columns"])]
    heapq.heapify(known)
    for step in range(int(budget)):
        while known and known[0][2] < step:
            _, index, _ = heapq.heappop(known)
            gain = sum(weights[row] for row in set(matrix["columns"][index]) - covered)
            heapq.heappush(known, (-gain, index, step))
        gain, index, _ = heapq.heappop(known)
        value -= gain
        covered |= set(matrix["columns"][index])
    print(json.dumps({"seconds": time.process_time() - begin, "answer": value}))


def chosen_by_cbc(path: str, budget: str, seconds: str) -> None:
    import pulp

    matrix = json.loads(Path(path).read_text(encoding="utf-8"))
    begin = time.perf_counter()  # the solver is a process of its own
    problem = pulp.LpProblem("cover", pulp.LpMaximize)
    chosen = [pulp.LpVariable(f"x{index}", cat="Binary") for index in range(len(matrix["columns"]))]
    covered = [pulp.LpVariable(f"y{row}", 0, 1) for row in range(len(matrix["weights"]))]
    holders = [[] for _ in covered]
    for index, rows in enumerate(matrix["columns"]):
        for row in set(rows):
            holders[row].append(chosen[index])
    problem += pulp.lpSum(weight * row for weight, row in zip(matrix["weights"], covered, strict=True))
    problem += pulp.lpSum(chosen) <= int(budget)
    for row, columns in zip(covered, holders, strict=True):
        problem += row <= pulp.lpSum(columns)
    problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=int(seconds)))
    value = pulp.value(problem.objective) or 0
    # A time-out is called optimal in `status`; only `sol_status` tells them apart.
    proven = problem.sol_status == pulp.LpSolutionOptimal and time.perf_counter() - begin < int(seconds)
    print(json.dumps({"seconds": time.perf_counter() - begin, "answer": [round(value), proven]}))
