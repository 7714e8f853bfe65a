"""A fleet of demo networks: the tool's one command beside scripts that open one workbook after the other.

The peers take too long for a thousand workbooks, so they do a few, and their time is counted up; the table says so.
"""

from __future__ import annotations

import importlib.util
import inspect
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import benchmark_jobs as jobs
import benchmark_workers

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = "2025-05-15"
"""The day of the demo network: the data of its persons are not yet due for erasure."""

UNCHANGED, CHANGED = ">= 500", ">= 12"


def rows(run: Callable[..., Any], folder: Path, *, quick: bool) -> list[dict[str, Any]]:
    """Measure a fleet in which nothing changed, one in which few changed, and one in which all did.

    Args:
        run: Runs a program (name, code, arguments) and gives what it took.
        folder: Where the networks are laid; the state lies in it, too.
        quick: Whether a small fleet will do.
    """
    if importlib.util.find_spec("openpyxl") is None:
        return [_row("unchanged", "-", "serial openpyxl", 0, 0, "skipped: openpyxl not installed")]
    count, all_changed, few, sample = (100, 8, 2, 4) if quick else (1000, 60, 20, 12)
    print("G10 fleet", file=sys.stderr, flush=True)
    fleet, small = folder / "fleet", folder / "fleet-changed"
    _lay(run, folder, fleet, count)
    _lay(run, folder, small, all_changed)
    read = _peer(run, read_serially, fleet, sample)
    few_synced = min(sample, all_changed)
    synced = _peer(run, sync_serially, small, few_synced)
    found = []

    def measured(job: str, size: str, networks: Path, against: str, other: Any, times: float, wanted: str) -> None:
        took = run("netzwerk", jobs.CLI, ("fleet", "sync", "--networks", str(networks), "--quiet", "--today", DAY))
        found.append(_row(job, size, against, took.wall, other.wall * times, wanted if not quick else ""))
        found.append(_row(job, size, against, took.cpu, other.cpu * times, "", measure="cpu"))

    said = f"serial openpyxl ({sample} of them, counted up)"
    measured("fleet, nothing changed", str(count), fleet, f"{said}: read", read, count / sample, UNCHANGED)
    _edit(run, fleet, few)
    measured(f"fleet, {few} changed", str(count), fleet, f"{said}: read", read, count / sample, CHANGED)
    _edit(run, small, all_changed)
    script = f"openpyxl + pandas ({few_synced} of them, counted up): sync"
    measured("fleet, all changed", str(all_changed), small, script, synced, all_changed / few_synced, CHANGED)
    here, there, many = folder / "fleet-processes", folder / "fleet-workers", all_changed if quick else count
    for each in (here, there):
        _lay(run, folder, each, many)
        _edit(run, each, many)
    return found + benchmark_workers.rows(run, here, there, many, DAY)


def _row(
    job: str, size: str, against: str, ours: float, theirs: float, wanted: str, *, measure: str = "wall"
) -> dict[str, Any]:
    ratio = theirs / ours if ours else 0.0
    asked = wanted or ("(full run)" if measure == "wall" else "")
    verdict = "-" if not wanted.startswith(">=") else "yes" if ratio >= float(wanted[2:]) else "NO"
    return {
        "goal": "G10", "job": job, "size": size, "against": against, "measure": measure, "ours": f"{ours:.2f}",
        "theirs": f"{theirs:.1f}", "ratio": f"{ratio:.1f}", "wanted": asked, "holds": verdict,
    }  # fmt: skip


def _program(job: Callable[..., None]) -> str:
    return f"import sys, time\nfrom pathlib import Path\n{inspect.getsource(job)}\n{job.__name__}(*sys.argv[1:])"


def _lay(run: Callable[..., Any], folder: Path, fleet: Path, count: int) -> None:
    """Lay copies of the demo network, each with what is known of it, as if it had just been synced."""
    shutil.rmtree(fleet, ignore_errors=True)
    fleet.mkdir()
    one = folder / "one.xlsx"
    if not one.exists():
        run("init", jobs.CLI, ("init", str(one), "--demo", "--today", DAY))
        run("sync", jobs.CLI, ("sync", str(one), "--quiet", "--today", DAY))
        run("sync", jobs.CLI, ("sync", str(one), "--quiet", "--today", DAY))
    run("lay", _program(lay), (str(one), str(fleet), str(count)))


def _edit(run: Callable[..., Any], fleet: Path, count: int) -> None:
    """Let people change one cell in some of the networks."""
    run("edit", _program(edit), (str(fleet), str(count)))


def _peer(run: Callable[..., Any], job: Callable[..., None], fleet: Path, count: int) -> Any:
    """Give what a peer takes for so many networks."""
    return run(job.__name__, _program(job), (str(fleet), str(count)))


# --- the jobs ---------------------------------------------------------------------------------------------


def lay(one: str, fleet: str, count: str) -> None:
    import shutil

    from netzwerk_sheets.state.folder import key_of, state_folder

    for number in range(int(count)):
        path = Path(fleet) / f"town{number:04}.xlsx"
        shutil.copyfile(one, path)
        for kind in ("networks", "glance"):
            for part in (state_folder() / kind).glob(f"{key_of(Path(one))}*"):
                shutil.copyfile(part, part.with_name(part.name.replace(key_of(Path(one)), key_of(path))))


def edit(fleet: str, count: str) -> None:
    from netzwerk_sheets.backends.excel import ExcelWorkbook
    from netzwerk_sheets.grid import Cell, SetCell, Spot

    for path in sorted(Path(fleet).glob("*.xlsx"))[: int(count)]:
        book = ExcelWorkbook(path)
        snapshot = book.read()
        rows = snapshot.tab("Partner").rows
        head = next(row for row, cells in rows.items() if len(cells) > 3)
        column = next(number for number, value in rows[head].items() if value == "Bemerkung")
        spot = Spot("Partner", head + 2, column)
        edit = SetCell(spot, Cell("ruft an"), rows[head + 2].get(column))
        book.apply([edit], expected=snapshot.revision, look={})


def read_serially(fleet: str, count: str) -> None:
    """Open each workbook to see whether a value is another one than last time."""
    import openpyxl

    for path in sorted(Path(fleet).glob("*.xlsx"))[: int(count)]:
        book = openpyxl.load_workbook(path)
        hash(tuple(cell.value for sheet in book for row in sheet for cell in row))


def sync_serially(fleet: str, count: str) -> None:
    """Read the tables, count what is covered, and write a tab of results, one workbook after the other."""
    import openpyxl
    import pandas

    for path in sorted(Path(fleet).glob("*.xlsx"))[: int(count)]:
        book = openpyxl.load_workbook(path)
        tables = {}
        for tab in ("Partner", "Bedarfe", "Lebensbereiche", "Zielgruppen"):
            values = list(book[tab].iter_rows(values_only=True))
            top = next(place for place, row in enumerate(values) if row.count(None) < len(row) - 3)
            tables[tab] = pandas.DataFrame(values[top + 1 :], columns=values[top]).dropna(how="all")
        partners, needs = tables["Partner"], tables["Bedarfe"]
        offers = partners[partners["Status"] == "aktiv"][["Ressourcen", "Lebensbereiche"]].dropna()
        offers = offers.assign(Benötigt=offers["Ressourcen"].str.split("; ")).explode("Benötigt")
        offers = offers.assign(Lebensbereich=offers["Lebensbereiche"].str.split("; ")).explode("Lebensbereich")
        wanted = needs[["Nr", "Lebensbereich", "Benötigt"]].dropna()
        wanted = wanted.assign(Benötigt=wanted["Benötigt"].str.split("; ")).explode("Benötigt")
        counted = wanted.merge(offers.drop_duplicates(["Benötigt", "Lebensbereich"]), how="left")
        shares = counted.groupby("Nr")["Ressourcen"].apply(lambda column: column.notna().mean())
        sheet = book["Lücken"]
        for number, (need, share) in enumerate(shares.items(), start=6):
            sheet.cell(number, 1).value, sheet.cell(number, 2).value = need, share
        book.save(path.with_suffix(".peer"))
        path.with_suffix(".peer").unlink()
