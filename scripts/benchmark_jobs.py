"""The jobs that the benchmark measures: each text and each function becomes a program of its own.

Whatever a job needs it imports itself, so that a process pays for nothing else. Next to each job of the tool
stand its peers: what people write who do the same with the libraries everyone knows.
"""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

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
