"""Measure the tool side by side with ordinary scripts that do the same job, and print how many times faster it is.

Only ratios within one run count: every job and its peers start as whole processes in turn (A B A B …), processor
time and peak memory come from the system, and each ratio is taken pair by pair. The goals G1 to G8 are those of
the design. A peer whose library is not installed is left out, and the table says so.

    python scripts/benchmark.py             everything up to 20,000 partners and 50,000 needs; takes a while
    python scripts/benchmark.py --quick     small and medium networks only, less than a minute
    python scripts/benchmark.py --only G2   one goal

This process stays small on purpose: a child's peak memory is never reported below that of the process starting it.
"""

from __future__ import annotations

import argparse
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
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import benchmark_peers as peers

SIZES = {"S": (60, 80), "M": (1_000, 2_000), "L": (20_000, 50_000), "XL": (100_000, 200_000)}
ROUNDS = {"S": 9, "M": 5, "L": 2, "XL": 1}
START_ROUNDS = 21
"""Jobs of a tenth of a second need more rounds than others."""

DAY = "2026-11-22"
LIBRARIES = ("click", "openpyxl", "pandas", "python-calamine")


@dataclass(frozen=True, slots=True)
class Goal:
    """What one ratio shall reach: the peer's time over ours at least `least`, or ours over the peer's at most `most`."""

    least: float = 0
    most: float = 0

    def holds(self, ratio: float) -> bool | None:
        """Say whether a ratio reaches it; `None` where nothing is asked."""
        if self.least:
            return ratio >= self.least
        return ratio <= self.most if self.most else None

    def text(self) -> str:
        """Write it."""
        if self.least:
            return f">= {self.least:g}"
        return f"<= {self.most:g}" if self.most else "-"


@dataclass(frozen=True, slots=True)
class Program:
    """One contestant.

    Attributes:
        code: Python source to run, with `arguments`.
        needs: Modules without which it cannot run.
        prepare: Called before each start, outside the measurement.
        inside: Whether it measures itself and prints ``{"seconds": …}``; else its whole process counts.
    """

    name: str
    code: str
    arguments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    prepare: Callable[[], object] | None = None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Against:
    """A peer, and what our processor time and our memory shall reach beside it."""

    program: Program
    time: Goal = field(default_factory=Goal)
    memory: Goal | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """One job at one size: ours against its peers."""

    goal: str
    job: str
    size: str
    ours: Program
    peers: tuple[Against, ...]
    rounds: int


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    cpu: float
    wall: float
    megabytes: float
    answer: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    goal: str
    job: str
    size: str
    against: str
    measure: str
    ours: tuple[float, ...] = ()
    theirs: tuple[float, ...] = ()
    ratios: tuple[float, ...] = ()
    wanted: str = "-"
    holds: bool | None = None
    note: str = ""


def source(function: Callable[..., object], *helpers: Callable[..., object]) -> str:
    """Give a program that is nothing but this function, called with the arguments of the command line."""
    parts = ["import sys", *(inspect.getsource(each) for each in (*helpers, function))]
    return "\n".join([*parts, f"{function.__name__}(*sys.argv[1:])"])


CLI = "from netzwerk_sheets.cli import main; main()"
"""What the installed command ``netzwerk`` runs."""


class Bench:
    """The workbooks, the children's surroundings, and the measuring."""

    def __init__(self, folder: Path, sizes: list[str], rounds: int | None) -> None:
        self.folder = folder
        self.sizes = sizes
        self.rounds = rounds
        self.environment = {
            **os.environ, "NETZWERK_STATE": str(folder / "state"), "NETZWERK_TODAY": DAY, "NETZWERK_LANG": "de",
        }  # fmt: skip
        self.facts: dict[str, dict[str, str]] = {}

    def many(self, size: str) -> int:
        """Say how many rounds a size gets."""
        return self.rounds or ROUNDS[size]

    def workbook(self, size: str) -> Path:
        """Give a network as the tool makes it, already synced, so that nothing is left to do."""
        path = self.folder / f"{size}.xlsx"
        if size not in self.facts:
            known = path.with_suffix(".json")
            if not known.is_file():
                say(f"making {size}: {SIZES[size][0]:,} partners, {SIZES[size][1]:,} needs")
                path.unlink(missing_ok=True)
                self.child(peers.MAKE, (*map(str, SIZES[size]), DAY, str(path)))
            # twice: what the first run writes, the second one has seen
            for _ in range(2):
                self.child(CLI, ("sync", str(path), "--quiet"), allowed=(0, 3))
            self.facts[size] = json.loads(known.read_text(encoding="utf-8"))
        return path

    def saved(self, size: str) -> Path:
        """Give the same network as another program saves it, with its texts in one shared list as in Excel's files."""
        path = self.folder / f"{size}-saved.xlsx"
        made = self.workbook(size)
        if not path.is_file():
            self.child(source(peers.resave), (str(made), str(path)))
        return path

    def scratch(self, size: str) -> tuple[Path, Callable[[], object]]:
        """Give a place to write to, and what puts a fresh copy there."""
        path, original = self.folder / f"{size}-scratch.xlsx", self.saved(size)
        return path, lambda: shutil.copyfile(original, path)

    def child(self, code: str, arguments: tuple[str, ...], allowed: tuple[int, ...] = (0,)) -> tuple[Run, str]:
        """Run one process to its end.

        Raises:
            RuntimeError: It ended otherwise than allowed.
        """
        from time import perf_counter

        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
            begin = perf_counter()
            command = [sys.executable, "-c", code, *arguments]
            process = os.posix_spawn(sys.executable, command, self.environment, file_actions=actions)
            _, status, used = os.wait4(process, 0)
            wall = perf_counter() - begin
            out.seek(0)
            errors.seek(0)
            text = out.read().decode()
            if os.waitstatus_to_exitcode(status) not in allowed:
                raise RuntimeError(errors.read().decode()[-2000:])
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit), text

    def start(self, program: Program) -> Run:
        """Run a contestant once."""
        if program.prepare:
            program.prepare()
        run, text = self.child(program.code, program.arguments, allowed=(0, 3))
        if not program.inside:
            return run
        told = json.loads(text.splitlines()[-1])
        return Run(told["seconds"], told["seconds"], run.megabytes, told.get("answer"))


def say(text: str) -> None:
    """Tell what is going on, beside the result."""
    print(text, file=sys.stderr, flush=True)


def compete(bench: Bench, contest: Contest) -> list[Row]:
    """Let a job and its peers run in turn, and compare them pair by pair."""
    present = [each for each in contest.peers if all(importlib.util.find_spec(name) for name in each.program.needs)]
    say(f"{contest.goal} {contest.job}, {contest.size}: {contest.rounds} rounds")
    ours: list[Run] = []
    theirs: dict[str, list[Run]] = {each.program.name: [] for each in present}
    for _ in range(contest.rounds):
        ours.append(bench.start(contest.ours))
        for each in present:
            theirs[each.program.name].append(bench.start(each.program))
    rows = []
    for each in contest.peers:
        name = each.program.name
        place = (contest.goal, contest.job, contest.size, name)
        if each not in present:
            rows.append(Row(*place, "CPU s", note=f"skipped: {', '.join(each.program.needs)} not installed"))
            continue
        pair = (ours, theirs[name])
        rows.append(_row(place, "CPU s", each.time, [[run.cpu for run in side] for side in pair]))
        if each.memory:
            rows.append(_row(place, "MiB", each.memory, [[run.megabytes for run in side] for side in pair]))
        _same_answer(ours[0], theirs[name][0], name)
    return rows


def _row(place: tuple[str, str, str, str], measure: str, goal: Goal, sides: list[list[float]]) -> Row:
    ours, theirs = sides
    pairs = zip(ours, theirs, strict=True)
    ratios = [mine / peer if goal.most else peer / mine for mine, peer in pairs]
    holds = goal.holds(statistics.median(ratios))
    return Row(*place, measure, tuple(ours), tuple(theirs), tuple(ratios), goal.text(), holds)


def _same_answer(ours: Run, theirs: Run, name: str) -> None:
    """Make sure that both did the same work."""
    if None not in (ours.answer, theirs.answer) and ours.answer != theirs.answer:
        say(f"  {name} answers {theirs.answer}, not {ours.answer}")


# --- the contests -----------------------------------------------------------------------------------------


def g1(bench: Bench) -> list[Contest]:
    """Reading all values with addresses and formulas."""
    found = []
    for size in bench.sizes:
        path, goals = (str(bench.saved(size)),), size != "S"
        found.append(Contest(
            "G1", "read", size, Program("netzwerk", source(peers.read_ours), path),
            (
                Against(Program("openpyxl", source(peers.read_openpyxl), path, ("openpyxl",)),
                        Goal(least=8 * goals), Goal(least=2.5) if size in {"L", "XL"} else None),
                Against(Program("pandas+openpyxl", source(peers.read_pandas), path, ("pandas", "openpyxl"))),
                Against(Program("bare calamine", source(peers.read_calamine), path, ("python_calamine",)),
                        Goal(most=1.6) if goals else Goal()),
            ),
            bench.many(size),
        ))  # fmt: skip
    return found


def g2(bench: Bench) -> list[Contest]:
    """Saving twenty changed cells and one new tab."""
    least = {"S": 4, "M": 15, "L": 80, "XL": 80}
    found = []
    for size in bench.sizes:
        scratch, fresh = bench.scratch(size)
        facts = bench.facts[size]
        place = (str(scratch), facts["tab"], facts["column"])
        memory = Goal(least=8) if size in {"L", "XL"} else None
        limit = (str(scratch), facts["tab"])

        def save(
            name: str, function: Callable[..., object], place: tuple[str, ...], *needs: str,
            fresh: Callable[[], object] = fresh,
        ) -> Program:  # fmt: skip
            return Program(name, source(function), place, needs, fresh)

        found.append(Contest(
            "G2", "save 20 cells + tab", size, save("netzwerk", peers.save_ours, place),
            (
                Against(save("openpyxl", peers.save_openpyxl, place, "openpyxl"), Goal(least=least[size]), memory),
                Against(save("pandas mode=a", peers.save_pandas, place, "pandas", "openpyxl"),
                        Goal(least=least[size])),
                Against(save("copy + deflate", peers.save_limit, limit), Goal(most=1.3)),
            ),
            bench.many(size),
        ))  # fmt: skip
    return found


def g3(bench: Bench) -> list[Contest]:
    """A whole sync after one partner changed its status."""
    found = []
    for size in bench.sizes:
        if size == "S" or (size == "M" and bench.rounds):
            continue
        path = str(bench.workbook(size))
        place = (path, bench.facts[size]["tab"], bench.facts[size]["status"])

        def change(place: tuple[str, ...] = place) -> object:
            return bench.child(source(peers.change_status), place)

        peer = Program("openpyxl+pandas", source(peers.sync_ordinary, peers.pandas_blocks), (path,),
                       ("openpyxl", "pandas"))  # fmt: skip
        found.append(Contest(
            "G3", "whole sync", size, Program("netzwerk", CLI, ("sync", path, "--quiet"), prepare=change),
            (Against(peer, Goal(least=10) if size != "M" else Goal()),), 1 if size != "M" else 3,
        ))  # fmt: skip
    return found


def _help() -> Program:
    return Program("netzwerk --help", CLI, ("--help",))


def g4(bench: Bench) -> list[Contest]:
    """A sync with nothing to do."""
    found = []
    for size in bench.sizes:
        ours = Program("netzwerk sync", CLI, ("sync", str(bench.workbook(size))))
        found.append(Contest("G4", "sync, no change", size, ours, (Against(_help(), Goal(most=1.3)),), START_ROUNDS))
    return found


def g5(_bench: Bench) -> list[Contest]:
    """Showing the help."""
    bare = Program("bare click group", source(peers.help_click), needs=("click",))
    return [Contest("G5", "--help", "-", _help(), (Against(bare, Goal(most=1.15)),), START_ROUNDS)]


def g6(bench: Bench) -> list[Contest]:
    """Coverage of a network that is in memory already."""
    def program(name: str, size: str, function: Callable[..., object], *needs: str) -> Program:
        helpers = (peers.invented, peers.pandas_blocks) if needs else (peers.invented,)
        return Program(name, source(function, *helpers), tuple(map(str, SIZES[size])), needs, inside=True)

    found = []
    for size in bench.sizes:
        if size == "XL":
            continue
        least = {"M": 5, "L": 100}.get(size, 0)
        against = (
            Against(program("pandas explode+merge", size, peers.coverage_pandas, "pandas"), Goal(least=least)),
            Against(program("pandas, summed first", size, peers.coverage_summed, "pandas")),
        )
        ours = program("netzwerk", size, peers.coverage_ours)
        found.append(Contest("G6", "coverage", size, ours, against, bench.many(size)))
    if "L" in bench.sizes:
        small = program("netzwerk at L", "L", peers.coverage_ours)
        large = program("netzwerk", "XL", peers.coverage_ours)
        found.append(Contest("G6", "coverage", "XL", large, (Against(small, Goal(most=10)),), 3))
    return found


def g8(bench: Bench) -> list[Contest]:
    """Merging 50,000 rows of 15 columns with what was agreed before."""
    rows = "50000" if "L" in bench.sizes else "5000"
    goal = Goal(least=10) if "L" in bench.sizes else Goal()
    ours = Program("netzwerk", source(peers.merge_ours, peers.versions), (rows,), inside=True)
    pandas = Program("pandas", source(peers.merge_pandas, peers.versions), (rows,), ("pandas",), inside=True)
    return [Contest("G8", f"merge {int(rows):,} x 15", "-", ours, (Against(pandas, goal),), bench.rounds or 5)]


CONTESTS = {"G1": g1, "G2": g2, "G3": g3, "G4": g4, "G5": g5, "G6": g6, "G8": g8}


# --- the table --------------------------------------------------------------------------------------------


def spread(values: tuple[float, ...], places: int = 2) -> str:
    """Write minimum, median and maximum."""
    if not values:
        return ""
    low, middle, high = min(values), statistics.median(values), max(values)
    return " / ".join(f"{value:.{places}f}" for value in (low, middle, high))


def lines(rows: list[Row]) -> list[str]:
    """Lay the rows out in columns."""
    head = ("goal", "job", "size", "against", "measure", "ours min/med/max", "theirs min/med/max",
            "ratio min/med/max", "wanted", "holds")  # fmt: skip
    table: list[tuple[str, ...]] = [head]
    for row in rows:
        places = 0 if row.measure == "MiB" else 3
        verdict = row.note or {True: "yes", False: "NO", None: "-"}[row.holds]
        table.append((
            row.goal, row.job, row.size, row.against, row.measure, spread(row.ours, places),
            spread(row.theirs, places), spread(row.ratios), row.wanted, verdict,
        ))  # fmt: skip
    widths = [max(len(line[index]) for line in table) for index in range(len(head) - 1)]
    return ["  ".join([*map(str.ljust, line[:-1], widths), line[-1]]) for line in table]


def surroundings() -> dict[str, str]:
    """Name the machine and the versions."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    load = f"{os.getloadavg()[0]:.1f}"
    return {"machine": f"{platform.platform()}, {os.cpu_count()} cores, load {load}",
            "Python": platform.python_version(), **versions}  # fmt: skip


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="sizes S and M only, 3 rounds")
    parser.add_argument("--xl", action="store_true", help="100,000 partners and 200,000 needs too")
    parser.add_argument("--only", action="append", choices=list(CONTESTS), help="only this goal; may be repeated")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="only this size; may be repeated")
    parser.add_argument("--folder", type=Path, help="where the workbooks are kept between runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there too")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a goal is missed")
    return parser.parse_args(given)


def main() -> int:
    """Run what is asked for."""
    asked = arguments()
    sizes = asked.size or ["S", "M", *([] if asked.quick else ["L"]), *(["XL"] if asked.xl else [])]
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, sizes, 3 if asked.quick else None)
        rows: list[Row] = []
        chosen = asked.only or [goal for goal in CONTESTS if not (asked.quick and goal == "G3")]
        for goal in chosen:
            for contest in CONTESTS[goal](bench):
                rows += compete(bench, contest)
    around = surroundings()
    print("\n".join(lines(rows)))
    print("; ".join(f"{name}: {value}" for name, value in around.items()))
    if asked.json:
        columns = list(Row.__dataclass_fields__)
        plain = [{name: getattr(row, name) for name in columns} for row in rows]
        asked.json.write_text(json.dumps({"around": around, "rows": plain}, indent=1), encoding="utf-8")
    return 1 if asked.strict and any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
