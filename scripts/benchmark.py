"""Measure the tool side by side with ordinary scripts that do the same job, and print how many times faster it is.

Only ratios within one run count: every job and its peers start as whole processes in turn (A B A B …), processor
time and peak memory come from the system, and each ratio is taken pair by pair; its median is the verdict. The
goals G1 to G8 are those of the design. A peer whose library is not installed is left out, and the table says so.

    python scripts/benchmark.py             up to 20,000 partners and 50,000 needs; takes a quarter of an hour
    python scripts/benchmark.py --quick     small and medium networks only, about a minute
    python scripts/benchmark.py --only G2   one goal

This process stays small on purpose: a child's peak memory is never reported below that of the one starting it.
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
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SIZES = {"S": (60, 80), "M": (1_000, 2_000), "L": (20_000, 50_000), "XL": (100_000, 200_000)}
ROUNDS = {"S": 9, "M": 5, "L": 2, "XL": 1}
START_ROUNDS = 21  # jobs of a tenth of a second need more rounds than others
DAY = "2026-11-22"
CLI = "from netzwerk_sheets.cli import main; main()"  # what the installed command runs
LIBRARIES = ("click", "openpyxl", "pandas", "python-calamine")

# --- the jobs: each function becomes a program of its own, so each imports what it needs --------------------


def invented(partners: int, needs: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Invent a network, the same every time: partners and needs as plain rows of codes and numbers."""
    from datetime import date, timedelta
    from random import Random

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
    import json
    from dataclasses import replace
    from datetime import date
    from pathlib import Path

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
    numbered = {
        code: {tables[code].make_id(number): row for number, row in enumerate(rows, start=1)}
        for code, rows in seeds.items()
    }
    setup.make(Path(path), replace(order, seeds={**order.seeds, **numbered}))
    codes = [column.code for column in tables["partners"].columns]
    facts = [words.tab("partners"), str(codes.index("note") + 1), words.tab("needs"), words.tab("gaps")]
    Path(path).with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")


def resave(path: str, target: str) -> None:
    """Save a workbook with another program, which keeps its texts in one shared list as Excel does."""
    import openpyxl

    openpyxl.load_workbook(path).save(target)


def read_ours(path: str) -> None:
    from pathlib import Path

    from netzwerk_sheets.backends.excel import ExcelWorkbook

    ExcelWorkbook(Path(path)).read()


def read_openpyxl(path: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    dict(((sheet.title, cell.coordinate), cell.value) for sheet in book for row in sheet for cell in row)


def read_pandas(path: str) -> None:
    import pandas

    pandas.read_excel(path, sheet_name=None, engine="openpyxl", header=None)


def read_calamine(path: str) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def save_ours(path: str, tab: str, column: str) -> None:
    from pathlib import Path

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
    from pathlib import Path

    with zipfile.ZipFile(path) as book:
        content = book.read("xl/worksheets/sheet2.xml")
    Path(path + ".copy").write_bytes(Path(path).read_bytes() + zlib.compress(content))


def change(path: str, tab: str, column: str) -> None:
    """Let a person change one cell before a sync."""
    import time
    from pathlib import Path

    from netzwerk_sheets.backends.excel import ExcelWorkbook
    from netzwerk_sheets.grid import Cell, SetCell, Spot

    book = ExcelWorkbook(Path(path))
    seen = book.read()
    edit = SetCell(Spot(tab, 10, int(column)), Cell(f"seen {time.time()}"), seen.tab(tab).rows[10][int(column)])
    book.apply([edit], expected=seen.revision, look={})


def sync_ordinary(path: str, partners: str, needs: str, gaps: str) -> None:
    """Read both tables, compute what is open, write one line per need into the tab of gaps."""
    import openpyxl
    import pandas

    tabs = pandas.read_excel(path, sheet_name=[partners, needs], engine="openpyxl")
    have, want = tabs[partners].iloc[:, [5, 6, 8]], tabs[needs].iloc[:, [0, 3, 4, 12]]
    have.columns, want.columns = ["domain", "group", "resource"], ["need", "domain", "group", "resource"]
    for column in ("domain", "group", "resource"):
        have = have.assign(**{column: have[column].str.split("; ")}).explode(column)
        want = want.assign(**{column: want[column].str.split("; ")}).explode(column)
    have = have.value_counts().rename("partners").reset_index()
    joined = want.merge(have, on=["domain", "group", "resource"], how="left")
    filled = joined.assign(filled=joined["partners"] > 0).groupby("need")["filled"].mean()
    book = openpyxl.load_workbook(path)
    for row, (need, share) in enumerate(filled.items(), start=6):
        book[gaps].cell(row, 1).value = need
        book[gaps].cell(row, 2).value = share
    book.save(path + ".copy")


def help_click() -> None:
    import click

    names = "init doctor check plan sync gaps onboard offboard backups restore a11y config completion".split()
    commands = [click.Command(name, help=f"Do what {name} means to the workbook.") for name in names]
    click.Group("netzwerk", help="Keeps workbooks in step.", commands=commands).main(["--help"])


def coverage_ours(partners: str, needs: str) -> None:
    import json
    import time
    from datetime import date

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
    import json
    import time
    from datetime import date

    import pandas

    people, wants = invented(int(partners), int(needs))
    begin = time.process_time()
    have, want = pandas.DataFrame(people), pandas.DataFrame(wants).rename(columns={"id": "need"})
    have["factor"] = have["status"].map({"active": 1.0, "onboarding": 0.5})
    have = have.dropna(subset="factor")
    asked = want["source"].eq("survey") & want["day"].ge(date(2024, 11, 22))
    floor = asked.map({True: 0.5, False: 0.0}).set_axis(want["need"])
    blocks = want[["need", "resources", "domain", "groups"]].explode("resources")
    parts = [(blocks.assign(resources="participation"), ["resources", "group"])]
    parts[0] = (parts[0][0].drop_duplicates("need"), parts[0][1])
    rules = [(["expertise"], ["domain", "group"]), (["access"], ["group"]), (["equipment", "publicity"], [])]
    rules += [(["staff", "rooms", "contacts", "funding", "mandate"], ["domain"])]
    parts += [(blocks[blocks["resources"].isin(codes)], ["resources", *keys]) for codes, keys in rules]
    fills = []
    for part, keys in parts:
        offers = have[["id", "factor", "resources", "domains", "groups", "represents"]]
        if part["resources"].eq("participation").all():
            offers = offers.assign(resources="participation", groups=offers["represents"])
        offers = (
            offers.explode("resources") if len(offers) and isinstance(offers["resources"].iloc[0], list) else offers
        )
        for key, column in (("domain", "domains"), ("group", "groups")):
            if key in keys:
                offers = offers.explode(column).rename(columns={column: key})
        if "group" in keys:
            part = part.explode("groups").rename(columns={"groups": "group"})
        if summed == "yes" or keys == ["resources"]:
            offers = offers.groupby(keys, as_index=False).agg(factor=("factor", "max"), id=("id", "count"))
        joined = part.merge(offers[["id", "factor", *keys]], on=keys, how="left")
        by = ["need", "resources", *(["group"] if "group" in keys else [])]
        best = joined.groupby(by).agg(fill=("factor", "max"), supporters=("id", "count"))
        fills.append(best["fill"].fillna(0.0).reset_index())
    every = pandas.concat(fills)
    whole = every["fill"].where(every["resources"] != "participation",
                                every["fill"].clip(lower=every["need"].map(floor)))  # fmt: skip
    shares = every.assign(fill=whole).groupby(["need", "resources"])["fill"].mean().groupby("need").mean()
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


@dataclass(frozen=True)
class Row:
    """One line of the table; every number is given as minimum, median, maximum."""

    goal: str
    job: str
    size: str
    against: str
    measure: str
    ours: tuple[float, ...] = ()
    theirs: tuple[float, ...] = ()
    ratio: tuple[float, ...] = ()
    wanted: str = ""
    holds: str = ""


def program(name: str, function: Callable[..., None], *arguments: str, needs: str = "", prepare: Any = None) -> Program:
    """Make a program of one function, called with the arguments of the command line."""
    text = inspect.getsource(function)
    helper = inspect.getsource(invented) if "invented(" in text else ""
    head = "from __future__ import annotations\nimport sys\n"
    return Program(name, f"{head}{helper}\n{text}\n{function.__name__}(*sys.argv[1:])", arguments,
                   tuple(needs.split()), prepare)  # fmt: skip


def summary(values: list[float]) -> tuple[float, float, float]:
    """Give minimum, median and maximum."""
    return min(values), statistics.median(values), max(values)


class Bench:
    """The workbooks, and the processes that are measured."""

    def __init__(self, folder: Path, sizes: list[str], rounds: int | None) -> None:
        self.folder, self.sizes, self.rounds = folder, sizes, rounds
        own = {"NETZWERK_STATE": str(folder / "state"), "NETZWERK_TODAY": DAY, "NETZWERK_LANG": "de"}
        self.environment = {**os.environ, **own}
        # What is installed has its bytecode beside it; without it, half of every start would be compiling.
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.synced: dict[str, list[str]] = {}

    def made(self, size: str) -> tuple[Path, list[str]]:
        """Give a network as the tool makes it and keeps it, and its facts; nothing is left to sync."""
        path = self.folder / f"{size}.xlsx"
        if size not in self.synced:
            facts = path.with_suffix(".json")
            if not facts.is_file():
                print(f"making {size}", file=sys.stderr)
                path.unlink(missing_ok=True)
                self.run(program("make", make, *map(str, SIZES[size]), DAY, str(path)))
            self.run(Program("sync", CLI, ("sync", str(path), "--quiet")))
            self.synced[size] = json.loads(facts.read_text(encoding="utf-8"))
        return path, self.synced[size]

    def saved(self, size: str) -> Path:
        """Give the same network as another program saves it."""
        path = self.folder / f"{size}-saved.xlsx"
        if not path.is_file():
            self.run(program("resave", resave, str(self.made(size)[0]), str(path)))
        return path

    def run(self, wanted: Program) -> Run:
        """Run one process to its end; 3 is the tool's word for findings.

        Raises:
            RuntimeError: It failed.
        """
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

    def compete(self, goal: str, job: str, size: str, rounds: int, ours: Program, *peers: tuple[Any, ...]) -> list[Row]:
        """Run a job and its peers in turn and compare them pair by pair.

        Args:
            peers: Program; what our processor time shall reach beside it: ``>= 8`` times faster, ``<= 1.3`` times
                its time, or empty; the same for memory, where it is compared.
        """
        print(f"{goal} {job} {size}", file=sys.stderr, flush=True)
        present = [peer for peer, *_ in peers if all(map(importlib.util.find_spec, peer.needs))]
        runs: dict[str, list[Run]] = {each.name: [] for each in (ours, *present)}
        for _ in range(rounds):
            for each in (ours, *present):
                runs[each.name].append(self.run(each))
        rows = []
        for peer, *wanted in peers:
            if peer not in present:
                rows.append(Row(goal, job, size, peer.name, "", holds=f"skipped, needs {' '.join(peer.needs)}"))
                continue
            sides = runs[ours.name], runs[peer.name]
            answers = {run.answer for side in sides for run in side} - {None}
            for measure, limit in zip(("cpu", "megabytes"), wanted, strict=False):
                mine, other = ([getattr(run, measure) for run in side] for side in sides)
                most = limit.startswith("<=")
                ratio = summary([a / b if most else b / a for a, b in zip(mine, other, strict=True)])
                reached = ratio[1] <= float(limit[2:]) if most else ratio[1] >= float(limit[2:] or 0)
                verdict = ("yes" if reached else "NO") if limit else "-"
                verdict += "" if len(answers) < 2 or size == "XL" else f" (answers differ: {answers})"
                rows.append(Row(goal, job, size, peer.name, measure, summary(mine), summary(other), ratio,
                                limit, verdict))  # fmt: skip
        return rows


# --- the goals --------------------------------------------------------------------------------------------


def goals(bench: Bench, only: list[str]) -> list[Row]:
    """Measure every goal that is asked for."""
    rows: list[Row] = []
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
            path = str(bench.saved(size))
            rows += bench.compete(
                "G1", "read", size, rounds, program("netzwerk", read_ours, path),
                (program("openpyxl", read_openpyxl, path, needs="openpyxl"), ">= 8" if size != "S" else "",
                 *([">= 2.5"] if big else [])),
                (program("pandas+openpyxl", read_pandas, path, needs="pandas openpyxl"), ""),
                (program("bare calamine", read_calamine, path, needs="python_calamine"),
                 "<= 1.6" if size != "S" else ""),
            )  # fmt: skip
        if "G2" in only:
            original, copy = bench.saved(size), bench.folder / f"{size}-copy.xlsx"

            def fresh(original: Path = original, copy: Path = copy) -> None:
                shutil.copyfile(original, copy)

            place, least = (str(copy), *bench.made(size)[1][:2]), {"S": ">= 4", "M": ">= 15"}.get(size, ">= 80")
            rows += bench.compete(
                "G2", "save 20 cells + tab", size, rounds, program("netzwerk", save_ours, *place, prepare=fresh),
                (program("openpyxl", save_openpyxl, *place, needs="openpyxl", prepare=fresh), least,
                 *([">= 8"] if big else [])),
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
        if "G3" in only and size != "S":
            path, (people, column, wants, gaps) = str(bench.made(size)[0]), bench.made(size)[1]
            before = program("change", change, path, people, column)
            ours = Program("netzwerk sync", CLI, ("sync", path, "-q"), prepare=lambda it=before: bench.run(it))
            peer = program("openpyxl+pandas", sync_ordinary, path, people, wants, gaps, needs="pandas openpyxl")
            rows += bench.compete("G3", "whole sync", size, 1 if big else rounds, ours, (peer, ">= 10" if big else ""))
    return rows


def table(rows: list[Row]) -> list[str]:
    """Lay the rows out in columns."""
    lines = [
        [name if name not in {"ours", "theirs", "ratio"} else f"{name} min/med/max" for name in asdict(Row(*"12345"))]
    ]
    for row in rows:
        digits = {"cpu": 3, "megabytes": 0}.get(row.measure, 2)
        lines.append([row.goal, row.job, row.size, row.against, row.measure,
                      *("/".join(f"{each:.{digits}f}" for each in side) for side in (row.ours, row.theirs)),
                      "/".join(f"{each:.2f}" for each in row.ratio), row.wanted, row.holds])  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def main() -> None:
    """Run what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="sizes S and M only, 3 rounds, without G3")
    parser.add_argument("--xl", action="store_true", help="100,000 partners and 200,000 needs too")
    every = ["G1", "G2", "G3", "G4", "G5", "G6"]
    parser.add_argument("--only", action="append", choices=every, help="only this goal; may be repeated")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="only this size; may be repeated")
    parser.add_argument("--folder", type=Path, help="where the workbooks are kept for the next run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there too")
    asked = parser.parse_args()
    sizes = asked.size or ["S", "M", *([] if asked.quick else ["L"]), *(["XL"] if asked.xl else [])]
    around = {"machine": platform.platform(), "cores": str(os.cpu_count()), "Python": platform.python_version()}
    for name in LIBRARIES:
        found = importlib.util.find_spec(name.replace("-", "_"))
        around[name] = importlib.metadata.version(name) if found else "not installed"
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, sizes, 3 if asked.quick else None)
        rows = goals(bench, asked.only or [goal for goal in every if not (asked.quick and goal == "G3")])
    around["load"] = f"{os.getloadavg()[0]:.1f}"
    print("\n".join([*table(rows), "; ".join(f"{name} {value}" for name, value in around.items())]))
    if asked.json:
        document = {"around": around, "rows": [asdict(row) for row in rows]}
        asked.json.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
