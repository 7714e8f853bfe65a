"""Measure the tool side by side with ordinary scripts that do the same job, and print how many times faster it is.

Only ratios within one run count: every job and its peers start as whole processes in turn (A B A B …), processor
time and peak memory come from the system, and each ratio is taken pair by pair; its median is the verdict. The
goals are those of the design. A peer whose library is not installed is left out, and the table says so.

    python scripts/benchmark.py [--quick]   with --quick small and medium networks only, about a minute

This process stays small on purpose: a child's peak memory is never reported below that of the one starting it.
"""

from __future__ import annotations

import argparse
import functools
import importlib.metadata
import importlib.util
import inspect
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import benchmark_cover
import benchmark_fleet
import benchmark_google
import benchmark_growth
import benchmark_jobs as jobs
import benchmark_limits as limits
import benchmark_sync
import benchmark_tables

SIZES = {"S": (60, 80), "M": (1_000, 2_000), "L": (20_000, 50_000), "XL": (100_000, 200_000)}
ROUNDS = {"S": 9, "M": 5, "L": 2, "XL": 1}
START_ROUNDS = 21  # jobs of a tenth of a second need more rounds than others
DAY = "2026-11-22"
ROOT = Path(__file__).parents[1]

# --- measuring --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Program:
    """One contestant: a program of its own, what it needs, and what comes before each start, unmeasured."""

    name: str
    code: str
    arguments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    prepare: Callable[[], object] | None = None


@dataclass(frozen=True)
class Run:
    """What one process took; a job inside a process tells its own seconds, and its answer."""

    cpu: float
    wall: float
    megabytes: float
    answer: Any = None


def program(
    name: str, job: Callable[..., None] | str, *arguments: str, needs: str = "", prepare: Any = None
) -> Program:
    """Make a program of a text, or of one function that is called with the arguments of the command line."""
    text = job if isinstance(job, str) else f"{inspect.getsource(job)}\n{job.__name__}(*sys.argv[1:])"
    head = "from __future__ import annotations\nimport os, sys, time\nfrom pathlib import Path\n"
    if not isinstance(job, str):
        head += "import json\nfrom datetime import date, timedelta\nfrom random import Random\n"
        for part in (jobs.invented, benchmark_tables.invented_table, benchmark_tables.invented_names):
            head += inspect.getsource(part) if f"{part.__name__}(" in text else ""
    return Program(name, f"{head}\n{text}", arguments, tuple(needs.split()), prepare)


class Bench:
    """The workbooks, and the processes that are measured."""

    def __init__(self, folder: Path, sizes: list[str], rounds: int | None) -> None:
        self.folder, self.sizes, self.rounds = folder, sizes, rounds
        own = {"NETZWERK_STATE": str(folder / "state"), "NETZWERK_TODAY": DAY, "NETZWERK_LANG": "de"}
        self.environment = {**os.environ, **own}
        # What is installed has its bytecode beside it; without it, half of every start would be compiling.
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.synced: dict[str, list[str]] = {}
        parts = [each for name in ("netzwerk_sheets", "templates") for each in (ROOT / name).rglob("*.*")]
        self.changed = max(each.stat().st_mtime for each in parts if "__pycache__" not in each.parts)

    def made(self, size: str) -> tuple[Path, list[str]]:
        """Give a network as the tool makes it and keeps it, and its facts; nothing is left to sync."""
        path = self.folder / f"{size}.xlsx"
        if size not in self.synced:
            facts = path.with_suffix(".json")
            if not facts.is_file() or facts.stat().st_mtime < self.changed:
                print(f"making {size}", file=sys.stderr)
                path.unlink(missing_ok=True)
                numbers = (SIZES | benchmark_growth.STEPS)[size]
                self.run(program("make", jobs.make, *map(str, numbers), DAY, str(path)))
            self.run(Program("sync", jobs.CLI, ("sync", str(path), "--quiet")))
            self.synced[size] = json.loads(facts.read_text(encoding="utf-8"))
        return path, self.synced[size]

    def saved(self, size: str) -> Path:
        """Give the same network as another program saves it."""
        path = self.folder / f"{size}-saved.xlsx"
        made = self.made(size)[0]
        if not path.is_file() or path.stat().st_mtime < made.with_suffix(".json").stat().st_mtime:
            self.run(program("resave", jobs.RESAVE, str(made), str(path)))
        return path

    def edited(self, size: str) -> tuple[Path, Path]:
        """Give a copy that the tool keeps and people edited since, and what the ordinary script remembers of it.

        It has another name in every run: what the tool knows of an earlier one would count as newer.
        """
        kept = self.folder / f"{size}-kept-{os.getpid()}.xlsx"
        made, facts = self.made(size)
        shutil.copyfile(made, kept)
        plain = kept.with_stem(f"{size}-plain")
        shutil.copyfile(made, plain)
        memory = kept.with_suffix(".memory")
        memory.unlink(missing_ok=True)
        if all(map(importlib.util.find_spec, ("openpyxl", "pandas"))):
            self.run(program("first", benchmark_sync.sync_ordinary, str(plain), str(memory)))
        self.run(Program("sync", jobs.CLI, ("sync", str(kept), "--quiet")))
        self.run(program("edit", jobs.save_ours, str(kept), *facts))
        shutil.copyfile(kept, kept.with_suffix(".edited"))
        shutil.rmtree(self.folder / "state.edited", ignore_errors=True)
        shutil.copytree(self.folder / "state", self.folder / "state.edited")
        return kept, memory

    def put_back(self, size: str) -> None:
        """Put the edited copy and what the tool knew of it back."""
        kept = self.folder / f"{size}-kept-{os.getpid()}.xlsx"
        shutil.copyfile(kept.with_suffix(".edited"), kept)
        shutil.rmtree(self.folder / "state")
        shutil.copytree(self.folder / "state.edited", self.folder / "state")

    def run(self, wanted: Program) -> Run:
        """Run one process to its end; 3 is the tool's word for findings."""
        if wanted.prepare:
            wanted.prepare()
        command = [sys.executable, "-c", wanted.code, *wanted.arguments]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            streams = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
            begin = time.perf_counter()
            process = os.posix_spawn(sys.executable, command, self.environment, file_actions=streams)
            _, status, used = os.wait4(process, 0)
            wall = time.perf_counter() - begin
            out.seek(0)
            errors.seek(0)
            if os.waitstatus_to_exitcode(status) not in {0, 3}:
                raise RuntimeError(f"{wanted.name}: {errors.read().decode()[-2000:]}")
            text = out.read().decode()
        megabytes = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
        if text.startswith('{"seconds"'):
            told = json.loads(text)
            return Run(told["seconds"], told.get("whole", told["seconds"]), megabytes, told["answer"])
        return Run(used.ru_utime + used.ru_stime, wall, megabytes)

    def compete(self, goal: str, job: str, size: str, rounds: int, ours: Program, *peers: Any) -> list[dict[str, Any]]:
        """Run a job and its peers in turn and compare them pair by pair.

        Each peer comes with what our processor time shall reach beside it, ``>= 8`` times faster or ``<= 1.3``
        times its time, and the same for memory where that is compared.
        """
        print(f"{goal} {job} {size}", file=sys.stderr, flush=True)
        present = [peer for peer, *_ in peers if all(map(importlib.util.find_spec, peer.needs))]
        runs: dict[str, list[Run]] = {each.name: [] for each in (ours, *present)}
        for _ in range(rounds):
            for each in (ours, *present):
                runs[each.name].append(self.run(each))
        rows = []

        def summary(values: list[float]) -> tuple[float, float, float]:
            return min(values), statistics.median(values), max(values)

        for peer, *wanted in peers:
            place = {"goal": goal, "job": job, "size": size, "against": peer.name}
            if peer not in present:
                rows.append({**place, "measure": "cpu", "holds": f"skipped: {' '.join(peer.needs)} not installed"})
                continue
            sides = runs[ours.name], runs[peer.name]
            answers = {run.answer for side in sides for run in side if run.answer is not None}
            for measure, limit in zip(("cpu", "megabytes", "wall"), [*wanted, "", ""], strict=False):
                mine, other = ([getattr(run, measure) for run in side] for side in sides)
                most = limit.startswith("<=")
                ratio = summary([a / b if most else b / a for a, b in zip(mine, other, strict=True)])
                reached = ratio[1] <= float(limit[2:]) if most else ratio[1] >= float(limit[2:] or 0)
                verdict = ("yes" if reached else "NO") if limit else "-"
                if len(answers) > 1 and size != "XL":
                    verdict += f" (answers differ: {answers})"
                numbers = {"ours": summary(mine), "theirs": summary(other), "ratio": ratio}
                rows.append({**place, "measure": measure, **numbers, "wanted": limit, "holds": verdict})
        return rows


# --- the goals --------------------------------------------------------------------------------------------


def whole_sync(bench: Bench, size: str, rounds: int) -> list[dict[str, Any]]:
    """Measure a sync of 20 edits, on a copy that the tool keeps, against the ordinary script."""
    kept, memory = bench.edited(size)
    plain = kept.with_stem(f"{size}-plain")
    again = functools.partial(bench.put_back, size)

    def plainly() -> None:
        shutil.copyfile(kept.with_suffix(".edited"), plain)
        shutil.copyfile(memory, plain.with_suffix(".now"))

    ours = Program("netzwerk", jobs.CLI, ("sync", str(kept), "--quiet"), prepare=again)
    script = program("openpyxl + pandas", benchmark_sync.sync_ordinary, str(plain), str(plain.with_suffix(".now")),
                     needs="openpyxl pandas", prepare=plainly)  # fmt: skip
    rows = bench.compete("G3", "sync, 20 edits", size, rounds, ours, (script, ">= 10" if size == "L" else ""))
    merge = program("merging in it", benchmark_sync.sync_with_merge_timed, str(kept), prepare=again)
    rows += bench.compete("G3", "merge in a sync", size, rounds, merge, (ours, "<= 0.05"))
    staged = program("stages", limits.stages_of, "sync", str(kept), "--quiet", prepare=again)
    took = bench.run(staged)
    return [*rows, *limits.stages(took, "G3", "sync, 20 edits", size), *limits.same_job(took, rows, size)]


def goals(bench: Bench, only: list[str], asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure every goal that is asked for."""
    rows: list[dict[str, Any]] = []
    shown = Program("netzwerk --help", jobs.CLI, ("--help",))
    if "G5" in only:
        rows += bench.compete("G5", "--help", "-", START_ROUNDS, shown,
                              (program("bare click group", jobs.help_click, needs="click"), "<= 1.15"))  # fmt: skip
    for size in bench.sizes:
        rounds, big, numbers = bench.rounds or ROUNDS[size], size == "L", tuple(map(str, SIZES[size]))
        if "G4" in only:
            ours = Program("sync", jobs.CLI, ("sync", str(bench.made(size)[0])))
            rows += bench.compete("G4", "sync, no change", size, START_ROUNDS, ours, (shown, "<= 1.3"))
        if size == "XL":  # the peers would take hours
            continue
        if "G1" in only:
            path, memory = str(bench.saved(size)), [">= 2.5"] * big
            least = "" if size == "S" else ">= 8"
            rows += bench.compete(
                "G1", "read", size, rounds, program("netzwerk", jobs.READ_OURS, path),
                (program("openpyxl", jobs.READ_OPENPYXL, path, needs="openpyxl"), least, *memory),
                (program("pandas+openpyxl", jobs.READ_PANDAS, path, needs="pandas openpyxl"), ""),
                (program("bare calamine", jobs.READ_CALAMINE, path, needs="python_calamine"),
                 "<= 1.6" if size != "S" else ""),
                (program("the same, and our imports", limits.read_with_imports, path, needs="python_calamine"), ""),
            )  # fmt: skip
        if "G2" in only:
            memory = [">= 8"] * big
            copy = bench.folder / f"{size}-copy.xlsx"
            fresh = functools.partial(shutil.copyfile, bench.saved(size), copy)
            place, least = (str(copy), *bench.made(size)[1]), {"S": ">= 4", "M": ">= 15"}.get(size, ">= 80")
            rows += bench.compete(
                "G2", "save 20 cells + tab", size, rounds, program("netzwerk", jobs.save_ours, *place, prepare=fresh),
                (program("openpyxl", jobs.save_openpyxl, *place, needs="openpyxl", prepare=fresh), least, *memory),
                (program("pandas mode=a", jobs.save_pandas, *place, needs="pandas openpyxl", prepare=fresh), least),
                (program("copy + deflate", jobs.save_limit, str(copy), prepare=fresh), "<= 1.3"),
                (program("the same, and our imports", limits.save_with_imports, str(copy), prepare=fresh), ""),
            )  # fmt: skip
        if "G3" in only:
            rows += whole_sync(bench, size, rounds)
        if "G6" in only:
            least = {"M": ">= 5", "L": ">= 100"}.get(size, "")
            rows += bench.compete(
                "G6", "coverage", size, rounds, program("netzwerk", jobs.coverage_ours, *numbers),
                (program("pandas explode+merge", jobs.coverage_pandas, *numbers, "no", needs="pandas"), least),
                (program("pandas, summed first", jobs.coverage_pandas, *numbers, "yes", needs="pandas"), ""),
                (program("each field read once", limits.fields_read, *numbers), ""),
            )  # fmt: skip
        if "G6" in only and size == "L":
            larger = program("netzwerk", jobs.coverage_ours, *map(str, SIZES["XL"]))
            rows += bench.compete("G6", "coverage", "XL", 3, larger,
                                  (program("itself at L", jobs.coverage_ours, *numbers), "<= 10"))  # fmt: skip
    return rows + of_their_own(bench, only, asked)


def of_their_own(bench: Bench, only: list[str], asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure the goals that stand in files of their own."""

    def run(name: str, code: str, arguments: tuple[str, ...]) -> Run:
        return bench.run(Program(name, code, arguments))

    jobs_of = {
        "growth": lambda: benchmark_growth.rows(bench, program, quick=asked.quick, xl=asked.xl, picture=asked.png),
        "G7": lambda: benchmark_cover.rows(run, bench.folder),
        "G8": lambda: benchmark_tables.merging(bench, program),
        "G9": lambda: benchmark_tables.duplicates(bench, program),
        "G10": lambda: benchmark_fleet.rows(run, bench.folder, quick=asked.quick),
        "G11": lambda: benchmark_google.rows(DAY),
    }
    return [row for goal, measured in jobs_of.items() if goal in only for row in measured()]


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Lay the rows out in columns; what is asked for nowhere stands in the JSON only."""
    head = ["goal", "job", "size", "against", "measure", "ours", "theirs", "ratio", "wanted", "holds"]
    lines = [[f"{name} min/median/max" if name in {"ours", "theirs", "ratio"} else name for name in head]]
    for row in rows:
        if row["measure"] in {"cpu", "calls"} or row["wanted"]:
            cells = [row.get(name, "") for name in head]
            lines.append([each if isinstance(each, str) else "/".join(f"{one:.3f}" for one in each) for each in cells])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def main() -> None:
    """Run what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="sizes S and M only, 3 rounds")
    parser.add_argument("--xl", action="store_true", help="growth up to 200,000 rows, and nothing to do with 300,000")
    every = ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "growth"]
    parser.add_argument("--only", action="append", choices=every, help="only this goal; may be repeated")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="only this size; may be repeated")
    parser.add_argument("--folder", type=Path, help="where the workbooks are kept for the next run")
    parser.add_argument("--png", type=Path, metavar="FILE", help="draw there how time and memory grow")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there too")
    asked = parser.parse_args()
    sizes = [*(asked.size or ["S", "M", *([] if asked.quick else ["L"])]), *(["XL"] if asked.xl else [])]
    sizes = list(dict.fromkeys(sizes))
    around = {"machine": platform.platform(), "cores": str(os.cpu_count()), "load": f"{os.getloadavg()[0]:.1f}"}
    around["Python"] = platform.python_version()
    for name in ("click", "openpyxl", "pandas", "python-calamine"):
        found = importlib.util.find_spec(name.replace("-", "_"))
        around[name] = importlib.metadata.version(name) if found else "not installed"
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, sizes, 3 if asked.quick else None)
        rows = goals(bench, asked.only or every, asked)
    print("\n".join([*table(rows), "; ".join(f"{name} {value}" for name, value in around.items())]))
    if asked.json:
        document = {"around": around, "rows": rows}
        asked.json.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
