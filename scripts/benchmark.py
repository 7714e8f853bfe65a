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
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

SIZES = {"S": (60, 80), "M": (1_000, 2_000), "L": (20_000, 50_000), "XL": (100_000, 200_000)}
ROUNDS = {"S": 9, "M": 5, "L": 2, "XL": 1}
START_ROUNDS = 21  # jobs of a tenth of a second need more rounds than others
DAY = "2026-11-22"
ROOT = Path(__file__).parents[1]

# --- the jobs: each text and each function becomes a program of its own, with its own imports ---------------

CLI = "from netzwerk_sheets.cli import main; main()"  # what the installed command runs
RESAVE = "import openpyxl; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])"
READ_OURS = "from netzwerk_sheets.backends.excel import ExcelWorkbook; ExcelWorkbook(Path(sys.argv[1])).read()"
READ_OPENPYXL = """import openpyxl
book = openpyxl.load_workbook(sys.argv[1])
values = {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet for cell in row}"""
READ_PANDAS = "import pandas; pandas.read_excel(sys.argv[1], sheet_name=None, engine='openpyxl', header=None)"
READ_CALAMINE = """import python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
values = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]"""


def invented(partners: int, needs: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Invent a network, the same every time: partners and needs as plain rows of codes and numbers."""
    dice = Random(1)
    kinds = "expertise staff rooms access contacts funding equipment publicity mandate".split()
    statuses = "wish contacted in_talks active active active active paused".split()

    def row(number: int) -> dict[str, Any]:
        return {
            "id": number, "domains": dice.sample(range(9), dice.randint(1, 3)), "domain": dice.randrange(9),
            "groups": dice.sample(range(24), dice.randint(1, 2)), "represents": [number % 24][number % 5 :],
            "resources": dice.sample(kinds, dice.randint(1, 3)), "people": dice.randint(5, 3000),
            "status": dice.choice(statuses) if number > 3 else "onboarding",
            "priority": dice.choice(("high", "medium", "low")), "source": dice.choice(("survey", "statistics")),
            "day": date(2026, 11, 22) - timedelta(days=dice.randint(30, 900)),
        }  # fmt: skip

    return [row(number) for number in range(1, partners + 1)], [row(number) for number in range(1, needs + 1)]


def make(partners: str, needs: str, day: str, path: str) -> None:
    """Make a workbook of an invented network with the tool itself, and note what the other jobs must know of it."""
    from netzwerk_sheets.sheets import schema
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sync import setup

    words, tables = Words("de"), schema.tables()
    order = setup.tabs_for("de", demo=False, today=date.fromisoformat(day), name="Benchmark")
    domains = [str(row["name"]) for row in order.seeds["domains"].values()]
    groups = [f"Group {number}" for number in range(24)]

    def cells(row: dict[str, Any], **more: Any) -> dict[str, Any]:
        found = {
            "target_groups": "; ".join(groups[number] for number in row["groups"]),
            "resources": "; ".join(words.word("resource", code) for code in row["resources"]), **more,
        }  # fmt: skip
        return {key: value for key, value in found.items() if value not in {None, ""}}

    people, wants = invented(int(partners), int(needs))
    seeds = {
        "target_groups": [{"name": name, "people": 900} for name in groups],
        "partners": [cells(
            row, short_name=f"Partner {row['id']}", name=f"Organisation {row['id']} of the town",
            sector=words.word("sector", "sport"), domains="; ".join(domains[number] for number in row["domains"]),
            represents="; ".join(groups[number] for number in row["represents"]), reach=row["people"],
            status=words.word("partner_status", row["status"]), district=f"District {row['id'] % 20}",
            created_on=row["day"], agreed_on=row["day"], active_since=row["day"], note="as it was",
        ) for row in people],
        "needs": [cells(
            row, name=f"Need {row['id']} of people in the town", problem=f"Problem {row['id'] % 101}",
            domain=domains[row["domain"]], priority=words.word("priority", row["priority"]), mentions=3,
            people=row["people"], sources=words.word("source", row["source"]), asked_on=row["day"],
            status=words.word("need_status", "confirmed"),
        ) for row in wants],
    }  # fmt: skip
    for code, rows in seeds.items():
        order.seeds[code] = {tables[code].make_id(number): row for number, row in enumerate(rows, start=1)}
    setup.make(Path(path), order)
    note = [column.code for column in tables["partners"].columns].index("note") + 1
    facts = [words.tab("partners"), str(note)]
    Path(path).with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")


def save_ours(path: str, tab: str, column: str) -> None:
    from netzwerk_sheets.backends.excel import ExcelWorkbook
    from netzwerk_sheets.backends.excel.fingerprint import sha256
    from netzwerk_sheets.grid import AddTab, Cell, SetCell, Spot, TabDesign

    cells = [SetCell(Spot(tab, row, int(column)), Cell("changed"), "as it was") for row in range(2, 42, 2)]
    new = AddTab(TabDesign("New", {(row, 1): Cell(f"line {row}") for row in range(1, 21)}))
    ExcelWorkbook(Path(path)).apply([*cells, new], expected=sha256(path), look={})


def save_openpyxl(path: str, tab: str, column: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    for row in range(2, 42, 2):
        book[tab].cell(row, int(column)).value = "changed"
    new = book.create_sheet("New")
    for row in range(1, 21):
        new.cell(row, 1).value = f"line {row}"
    book.save(path)


def save_pandas(path: str, tab: str, column: str) -> None:
    import pandas

    with pandas.ExcelWriter(path, engine="openpyxl", mode="a") as writer:
        for row in range(2, 42, 2):
            writer.sheets[tab].cell(row, int(column)).value = "changed"
        pandas.DataFrame({"line": range(20)}).to_excel(writer, sheet_name="New", index=False)


def save_limit(path: str) -> None:
    """Copy the file, and inflate and deflate its tab of partners: whoever changes that tab cannot do with less."""
    import zipfile
    import zlib

    with zipfile.ZipFile(path) as book:
        content = book.read("xl/worksheets/sheet2.xml")
    Path(path + ".copy").write_bytes(Path(path).read_bytes() + zlib.compress(content))


def help_click() -> None:
    import click

    names = "init doctor check plan sync gaps onboard offboard backups restore a11y config completion".split()
    commands = [click.Command(name, help=f"Do what {name} means to the workbook.") for name in names]
    click.Group("netzwerk", help="Keeps workbooks in step.", commands=commands).main(["--help"])


def coverage_ours(partners: str, needs: str) -> None:
    from netzwerk_sheets.analysis.coverage import coverage
    from netzwerk_sheets.model import Domain, Need, Network, Partner, TargetGroup

    def names(row: dict[str, Any], key: str) -> frozenset[str]:
        return frozenset(map(str, row[key]))

    people, wants = invented(int(partners), int(needs))
    network = Network(
        domains=tuple(Domain(str(number), "") for number in range(9)),
        target_groups=tuple(TargetGroup(str(number), "") for number in range(24)),
        partners=tuple(Partner(
            f"P-{row['id']}", status=row["status"], resources=frozenset(row["resources"]),
            domains=names(row, "domains"), target_groups=names(row, "groups"), represents=names(row, "represents"),
        ) for row in people),
        needs=tuple(Need(
            f"B-{row['id']}", "", str(row["domain"]), tuple(map(str, row["groups"])), row["priority"], row["people"],
            sources=frozenset({row["source"]}), asked_on=row["day"], resources=tuple(row["resources"]),
        ) for row in wants),
    )  # fmt: skip
    begin = time.process_time()
    found = coverage(network, today=date(2026, 11, 22))
    seconds = time.process_time() - begin
    print(json.dumps({"seconds": seconds, "answer": round(float(sum(each.coverage for each in found.needs)), 3)}))


def coverage_pandas(partners: str, needs: str, summed: str) -> None:
    """Explode both tables, merge them, group by need; `summed`: partners that are alike become one line first."""
    import pandas

    people, wants = invented(int(partners), int(needs))
    begin = time.process_time()
    have, want = pandas.DataFrame(people), pandas.DataFrame(wants).rename(columns={"id": "need"})
    have["factor"] = have["status"].map({"active": 1.0, "onboarding": 0.5})
    have = have.dropna(subset="factor")
    asked = want["source"].eq("survey") & want["day"].ge(date(2024, 11, 22))
    blocks = want[["need", "resources", "domain", "groups"]].explode("resources")
    offers = have[["id", "factor", "resources", "domains", "groups"]].explode("resources")
    offers = offers.rename(columns={"domains": "domain"})
    seats = have[["id", "factor"]].assign(resources="", groups=have["represents"])
    jobs = [(want[["need", "groups"]].assign(resources=""), seats, ["resources", "groups"])]
    rules = {"expertise": "domain groups", "access": "groups", "equipment publicity": "",
             "staff rooms contacts funding mandate": "domain"}  # fmt: skip
    jobs += [
        (blocks[blocks["resources"].isin(codes.split())], offers, ["resources", *keys.split()])
        for codes, keys in rules.items()
    ]
    fills = []
    for part, supply, keys in jobs:
        each, by = supply, ["need", *(key for key in keys if key != "domain")]
        for key in keys[1:]:
            each = each.explode(key)
        if summed == "yes" or len(keys) == 1:
            each = each.groupby(keys, as_index=False).agg(factor=("factor", "max"), id=("id", "count"))
        wide = part.explode("groups") if "groups" in keys else part
        joined = wide.merge(each[["id", "factor", *keys]], on=keys, how="left")
        fills.append(joined.groupby(by).agg(fill=("factor", "max"), supporters=("id", "count")).reset_index())
    every = pandas.concat(fills).fillna({"fill": 0.0})
    floor = every["need"].map(asked.set_axis(want["need"])) * 0.5
    every["fill"] = every["fill"].mask(every["resources"].eq("") & every["fill"].lt(floor), floor)
    shares = every.groupby(["need", "resources"])["fill"].mean().groupby("need").mean()
    seconds = time.process_time() - begin
    print(json.dumps({"seconds": seconds, "answer": round(float(shares.sum()), 3)}))


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
    answer: float | None = None


def program(
    name: str, job: Callable[..., None] | str, *arguments: str, needs: str = "", prepare: Any = None
) -> Program:
    """Make a program of a text, or of one function that is called with the arguments of the command line."""
    text = job if isinstance(job, str) else f"{inspect.getsource(job)}\n{job.__name__}(*sys.argv[1:])"
    head = "from __future__ import annotations\nimport sys, time\nfrom pathlib import Path\n"
    if "invented(" in text:
        head += "import json\nfrom datetime import date, timedelta\nfrom random import Random\n"
        head += inspect.getsource(invented)
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
                self.run(program("make", make, *map(str, SIZES[size]), DAY, str(path)))
            self.run(Program("sync", CLI, ("sync", str(path), "--quiet")))
            self.synced[size] = json.loads(facts.read_text(encoding="utf-8"))
        return path, self.synced[size]

    def saved(self, size: str) -> Path:
        """Give the same network as another program saves it."""
        path = self.folder / f"{size}-saved.xlsx"
        made = self.made(size)[0]
        if not path.is_file() or path.stat().st_mtime < made.with_suffix(".json").stat().st_mtime:
            self.run(program("resave", RESAVE, str(made), str(path)))
        return path

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
            return Run(told["seconds"], told["seconds"], megabytes, told["answer"])
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
            answers = {run.answer for side in sides for run in side}
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


def goals(bench: Bench, only: list[str]) -> list[dict[str, Any]]:
    """Measure every goal that is asked for."""
    rows: list[dict[str, Any]] = []
    shown = Program("netzwerk --help", CLI, ("--help",))
    if "G5" in only:
        rows += bench.compete("G5", "--help", "-", START_ROUNDS, shown,
                              (program("bare click group", help_click, needs="click"), "<= 1.15"))  # fmt: skip
    for size in bench.sizes:
        rounds, big, numbers = bench.rounds or ROUNDS[size], size in {"L", "XL"}, tuple(map(str, SIZES[size]))
        if "G4" in only:
            ours = Program("sync", CLI, ("sync", str(bench.made(size)[0])))
            rows += bench.compete("G4", "sync, no change", size, START_ROUNDS, ours, (shown, "<= 1.3"))
        if "G1" in only:
            path, memory = str(bench.saved(size)), [">= 2.5"] * big
            rows += bench.compete(
                "G1", "read", size, rounds, program("netzwerk", READ_OURS, path),
                (program("openpyxl", READ_OPENPYXL, path, needs="openpyxl"), ">= 8" if size != "S" else "", *memory),
                (program("pandas+openpyxl", READ_PANDAS, path, needs="pandas openpyxl"), ""),
                (program("bare calamine", READ_CALAMINE, path, needs="python_calamine"),
                 "<= 1.6" if size != "S" else ""),
            )  # fmt: skip
        if "G2" in only:
            memory = [">= 8"] * big
            copy = bench.folder / f"{size}-copy.xlsx"
            fresh = functools.partial(shutil.copyfile, bench.saved(size), copy)
            place, least = (str(copy), *bench.made(size)[1]), {"S": ">= 4", "M": ">= 15"}.get(size, ">= 80")
            rows += bench.compete(
                "G2", "save 20 cells + tab", size, rounds, program("netzwerk", save_ours, *place, prepare=fresh),
                (program("openpyxl", save_openpyxl, *place, needs="openpyxl", prepare=fresh), least, *memory),
                (program("pandas mode=a", save_pandas, *place, needs="pandas openpyxl", prepare=fresh), least),
                (program("copy + deflate", save_limit, str(copy), prepare=fresh), "<= 1.3"),
            )  # fmt: skip
        if "G6" in only and size != "XL":
            least = {"M": ">= 5", "L": ">= 100"}.get(size, "")
            rows += bench.compete(
                "G6", "coverage", size, rounds, program("netzwerk", coverage_ours, *numbers),
                (program("pandas explode+merge", coverage_pandas, *numbers, "no", needs="pandas"), least),
                (program("pandas, summed first", coverage_pandas, *numbers, "yes", needs="pandas"), ""),
            )  # fmt: skip
        if "G6" in only and size == "L":
            larger = program("netzwerk", coverage_ours, *map(str, SIZES["XL"]))
            rows += bench.compete("G6", "coverage", "XL", 3, larger,
                                  (program("itself at L", coverage_ours, *numbers), "<= 10"))  # fmt: skip
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Lay the rows out in columns; what is asked for nowhere stands in the JSON only."""
    head = ["goal", "job", "size", "against", "measure", "ours", "theirs", "ratio", "wanted", "holds"]
    lines = [[f"{name} min/median/max" if name in {"ours", "theirs", "ratio"} else name for name in head]]
    for row in rows:
        if row["measure"] == "cpu" or row["wanted"]:
            cells = [row.get(name, "") for name in head]
            lines.append([each if isinstance(each, str) else "/".join(f"{one:.3f}" for one in each) for each in cells])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def main() -> None:
    """Run what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="sizes S and M only, 3 rounds")
    parser.add_argument("--xl", action="store_true", help="100,000 partners and 200,000 needs too")
    every = ["G1", "G2", "G4", "G5", "G6"]
    parser.add_argument("--only", action="append", choices=every, help="only this goal; may be repeated")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="only this size; may be repeated")
    parser.add_argument("--folder", type=Path, help="where the workbooks are kept for the next run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there too")
    asked = parser.parse_args()
    sizes = asked.size or ["S", "M", *([] if asked.quick else ["L"]), *(["XL"] if asked.xl else [])]
    around = {"machine": platform.platform(), "cores": str(os.cpu_count()), "load": f"{os.getloadavg()[0]:.1f}"}
    around["Python"] = platform.python_version()
    for name in ("click", "openpyxl", "pandas", "python-calamine"):
        found = importlib.util.find_spec(name.replace("-", "_"))
        around[name] = importlib.metadata.version(name) if found else "not installed"
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, sizes, 3 if asked.quick else None)
        rows = goals(bench, asked.only or every)
    print("\n".join([*table(rows), "; ".join(f"{name} {value}" for name, value in around.items())]))
    if asked.json:
        document = {"around": around, "rows": rows}
        asked.json.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
