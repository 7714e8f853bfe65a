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

SIZES = {"S": (60, 80), "M": (1_000, 2_000), "L": (20_000, 50_000), "XL": (100_000, 200_000)}
ROUNDS = {"S": 9, "M": 5, "L": 2, "XL": 1}
START_ROUNDS = 21  # jobs of a tenth of a second need more rounds than others
DAY = "2026-11-22"
CLI = "from netzwerk_sheets.cli import main; main()"  # what the installed command runs
LIBRARIES = ("click", "openpyxl", "pandas", "python-calamine")

# --- the jobs: each function becomes a program of its own, so each imports what it needs --------------------
# ruff: noqa: ANN001, ANN201, PLC0415


def invented(partners: int, needs: int):
    """Invent a network, the same every time: partners and needs as plain rows of codes and numbers."""
    import random
    from datetime import date, timedelta

    dice = random.Random(1)
    kinds = "expertise staff rooms access contacts funding equipment publicity mandate".split()
    statuses = "wish contacted in_talks active active active active paused".split()

    def some(among, most: int) -> list:
        return dice.sample(among, dice.randint(1, most))

    def day() -> date:
        return date(2026, 11, 22) - timedelta(days=dice.randint(30, 900))

    people = [
        {
            "partner": number, "domains": some(range(9), 3), "groups": some(range(24), 3),
            "represents": some(range(24), 1) if number % 5 == 0 else [], "resources": some(kinds, 3),
            "status": dice.choice(statuses) if number > 3 else "onboarding", "day": day(),
        }
        for number in range(1, partners + 1)
    ]  # fmt: skip
    wants = [
        {
            "need": number, "domain": dice.randrange(9), "groups": some(range(24), 2),
            "resources": some(kinds, 4), "source": dice.choice(("survey", "statistics")), "day": day(),
            "priority": dice.choice(("high", "medium", "low")), "people": dice.randint(5, 3000),
        }
        for number in range(1, needs + 1)
    ]  # fmt: skip
    return people, wants


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
    domains = [str(row["name"]) for row in order.seeds["domains"].values()][:9]
    groups = [f"Group {number}" for number in range(24)]
    people, wants = invented(int(partners), int(needs))

    def join(names: list[str], numbers: list[int]) -> str:
        return "; ".join(names[number] for number in numbers)

    def resources(row: dict) -> str:
        return "; ".join(words.word("resource", code) for code in row["resources"])

    rows = {
        "target_groups": [{"name": name, "people": 900} for name in groups],
        "partners": [
            {
                "short_name": f"Partner {row['partner']}", "name": f"Organisation {row['partner']} of the town",
                "sector": words.word("sector", "sport"), "domains": join(domains, row["domains"]),
                "target_groups": join(groups, row["groups"]), "resources": resources(row), "created_on": row["day"],
                "represents": join(groups, row["represents"]) or None, "reach": row["partner"] % 900,
                "status": words.word("partner_status", row["status"]), "district": f"District {row['partner'] % 20}",
                "agreed_on": row["day"] if row["status"] in {"active", "onboarding"} else None,
                "active_since": row["day"] if row["status"] == "active" else None, "note": "as it was",
            }
            for row in people
        ],
        "needs": [
            {
                "name": f"Need {row['need']} of people in the town", "problem": f"Problem {row['need'] % 101}",
                "domain": domains[row["domain"]], "target_groups": join(groups, row["groups"]), "mentions": 3,
                "priority": words.word("priority", row["priority"]), "people": row["people"],
                "sources": words.word("source", row["source"]), "asked_on": row["day"],
                "resources": resources(row), "status": words.word("need_status", "confirmed"),
            }
            for row in wants
        ],
    }  # fmt: skip
    seeds = {
        code: {
            tables[code].make_id(number): {key: value for key, value in row.items() if value is not None}
            for number, row in enumerate(found, start=1)
        }
        for code, found in rows.items()
    }
    setup.make(Path(path), replace(order, seeds={**order.seeds, **seeds}))
    codes = [column.code for column in tables["partners"].columns]
    facts = {"tab": words.tab("partners"), "note": codes.index("note") + 1, "status": codes.index("status") + 1}
    Path(path).with_suffix(".json").write_text(json.dumps({key: str(fact) for key, fact in facts.items()}))


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
    {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet for cell in row}


def read_pandas(path: str) -> None:
    import pandas

    pandas.read_excel(path, sheet_name=None, engine="openpyxl", header=None)


def read_calamine(path: str) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


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
    """Copy the file, and inflate and deflate its partners' tab: no save of that tab can do with less."""
    import zipfile
    import zlib
    from pathlib import Path

    with zipfile.ZipFile(path) as book:
        content = book.read("xl/worksheets/sheet2.xml")
    Path(path + ".copy").write_bytes(Path(path).read_bytes() + zlib.compress(content))


def change_status(path: str, tab: str, column: str) -> None:
    """Let a person change the status of one partner: forth, and at the next call back."""
    import openpyxl  # noqa: F401 - loaded before the measured process starts, so that both find it in memory
    from netzwerk_sheets.backends.excel import ExcelWorkbook
    from netzwerk_sheets.grid import Cell, SetCell, Spot
    from pathlib import Path

    book = ExcelWorkbook(Path(path))
    seen = book.read()
    rows = seen.tab(tab).rows
    here, other = rows[10][int(column)], next(
        row[int(column)] for row in list(rows.values())[10:] if row[int(column)] != rows[10][int(column)]
    )
    book.apply([SetCell(Spot(tab, 10, int(column)), Cell(other), here)], expected=seen.revision, look={})


