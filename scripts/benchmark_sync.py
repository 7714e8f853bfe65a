"""A whole sync, and the ordinary script with openpyxl and pandas that it is measured against.

Each function becomes a program of its own, like those of benchmark_jobs.py.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any


def sync_with_merge_timed(path: str) -> None:
    """Sync, and tell what of it merging took."""
    from netzwerk_sheets.sync import tables

    took = 0.0

    def timed(job: Any) -> Any:
        def run(*arguments: Any, **more: Any) -> Any:
            nonlocal took
            begin = time.process_time()
            try:
                return job(*arguments, **more)
            finally:
                took += time.process_time() - begin

        return run

    tables.identify, tables.merge = timed(tables.identify), timed(tables.merge)  # type: ignore[attr-defined]
    from netzwerk_sheets.cli.group import run

    begin = time.process_time()
    run(["sync", path, "--quiet"])
    print(json.dumps({"seconds": took, "whole": time.process_time() - begin, "answer": None}), flush=True)
    os._exit(0)  # as the command itself leaves


def sync_ordinary(path: str, memory: str) -> None:  # noqa: C901, PLR0915 - written as such scripts are
    """Read the tabs, note what people changed since last time, compute with pandas, write the result tabs anew."""
    import openpyxl
    import pandas

    book = openpyxl.load_workbook(path)

    def read(tab: str) -> pandas.DataFrame:
        head, *rows = book[tab].iter_rows(values_only=True)
        return pandas.DataFrame(rows, columns=head).dropna(subset="Nr").reset_index(drop=True)

    def several(column: pandas.Series) -> pandas.Series:
        return column.fillna("").str.split(";").map(lambda parts: [part.strip() for part in parts if part.strip()])

    tables = {tab: read(tab) for tab in ("Partner", "Bedarfe", "Lebensbereiche", "Zielgruppen")}
    changes: list[list[Any]] = []
    if Path(memory).exists():
        for tab, before in pandas.read_pickle(memory).items():
            now = tables[tab].set_index("Nr").astype(object)
            old = before.set_index("Nr").astype(object).reindex(index=now.index, columns=now.columns)
            differs = (now.ne(old) & ~(now.isna() & old.isna())).to_numpy()
            changes += [
                [tab, now.index[row], now.columns[at], now.iloc[row, at]]
                for row, at in zip(*differs.nonzero(), strict=True)
            ]
    pandas.to_pickle(tables, memory)

    partners, needs = tables["Partner"], tables["Bedarfe"]
    have = pandas.DataFrame({
        "factor": partners["Status"].map({"aktiv": 1.0, "im Onboarding": 0.5}), "partner": partners["Nr"],
        "resources": several(partners["Ressourcen"]), "domain": several(partners["Lebensbereiche"]),
        "groups": several(partners["Zielgruppen"]), "represents": several(partners["Vertritt Zielgruppe"]),
    }).dropna(subset="factor")  # fmt: skip
    direct = ["Befragung Zielgruppe", "Interview", "Fokusgruppe", "Interessenvertretung"]
    people = pandas.to_numeric(needs["Menschen betroffen"])
    named = pandas.to_numeric(needs["Nennungen"]).fillna(0)
    want = pandas.DataFrame({
        "need": needs["Nr"], "name": needs["Bedarf"], "domain": needs["Lebensbereich"],
        "groups": several(needs["Zielgruppen"]), "resources": several(needs["Benötigt"]),
        "asked": needs["Quelle"].isin(direct) & (pandas.to_datetime(needs["Erhoben am"]) >= "2024-11-22"),
        "weight": needs["Priorität"].map({"hoch": 6, "mittel": 3, "niedrig": 1}).fillna(3)
        + (people >= 100).astype(int) + (people >= 1000).astype(int) + (named >= 1).astype(int)
        + (named >= 5).astype(int),
    })  # fmt: skip
    blocks = want[["need", "resources", "domain", "groups"]].explode("resources")
    offers = have[["partner", "factor", "resources", "domain", "groups"]].explode("resources")
    seats = have[["partner", "factor"]].assign(resources="", groups=have["represents"])
    jobs = [(want[["need", "groups"]].assign(resources=""), seats, ["resources", "groups"])]
    rules = {("Fachwissen",): ["domain", "groups"], ("Zugang",): ["groups"],
             ("Technik & Fahrzeuge", "Öffentlichkeitsarbeit"): [],
             ("Personal", "Räume", "Kontakte", "Finanzierung", "Mandat"): ["domain"]}  # fmt: skip
    jobs += [(blocks[blocks["resources"].isin(words)], offers, ["resources", *keys]) for words, keys in rules.items()]
    fills = []
    for part, supply, keys in jobs:
        each = supply
        for key in keys[1:]:
            each = each.explode(key)
        each = each.groupby(keys, as_index=False).agg(fill=("factor", "max"), supporters=("partner", "count"))
        wide = part.explode("groups") if "groups" in keys else part
        fills.append(wide.merge(each, on=keys, how="left")[["need", "resources", "fill", "supporters"]])
    every = pandas.concat(fills).fillna({"fill": 0.0, "supporters": 0})
    floor = every["need"].map(want.set_index("need")["asked"]) * 0.5
    every["fill"] = every["fill"].mask(every["resources"].eq("") & every["fill"].lt(floor), floor)
    every = every.groupby(["need", "resources"], as_index=False).agg(fill=("fill", "mean"), few=("supporters", "min"))
    want = want.merge(every.groupby("need")["fill"].mean().rename("share").reset_index(), on="need")
    want["points"] = want["weight"] * want["share"]

    spread = want.explode("groups")
    sums = spread.pivot_table(index="domain", columns="groups", values=["points", "weight"], aggfunc="sum")
    matrix = sums["points"] / sums["weight"]
    missing = every[every["fill"] < 1].merge(want, on="need")
    missing["open"] = missing["weight"] * (1 - missing["fill"]) / missing["need"].map(every.groupby("need").size())
    missing = missing.sort_values(["open", "weight", "need"], ascending=[False, False, True])
    plain = partners["Organisation"].fillna("").str.casefold().str.replace(r"\W+", " ", regex=True).str.strip()
    doubled = partners.loc[plain.duplicated(keep=False) & plain.ne(""), "Nr"]
    findings = [["Partner", number, "Diese Organisation steht zweimal da."] for number in doubled]
    findings += [["Bedarfe", number, "Zu diesem Bedarf gibt es noch keine Maßnahme."] for number in needs["Nr"]]

    def show(tab: str, rows: list[list[Any]]) -> None:
        sheet = book[tab]
        for number, row in enumerate(rows, start=5):
            for column, value in enumerate(row, start=1):
                if sheet.cell(number, column).value != value:
                    sheet.cell(number, column).value = value
        for number in range(5 + len(rows), sheet.max_row + 1):
            for cell in sheet[number]:
                cell.value = None

    show(
        "Abdeckung",
        [[name, *row] for name, row in zip(matrix.index, matrix.fillna("–").to_numpy().tolist(), strict=True)],
    )
    show("Lücken", [
        [f"{row.need}/{row.resources or 'Beteiligung'}", "▲ fehlt" if row.fill == 0 else "■ knapp", row.name_,
         row.domain, "; ".join(row.groups), row.resources or "Beteiligung", f"{row.fill:.0%}", row.open]
        for row in missing.head(500).rename(columns={"name": "name_", "resources_x": "resources"}).itertuples()
    ])  # fmt: skip
    show("Prüfung", findings[:500])
    show("Verlauf", [["2026-11-22", want["points"].sum() / want["weight"].sum(), len(missing), len(changes)]])
    book.save(path)
