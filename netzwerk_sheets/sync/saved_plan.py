"""A plan kept in a file: people look at it, agree to it, and later exactly that is written, or nothing.

The file is JSON: for every cell what stands there, what will stand there, and why; new tabs with their cells; tables
and names that grow. A digest at its end tells whether somebody changed the file since. The plan holds for its own
day: carried out tomorrow, it still writes the dates and counts people saw.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from netzwerk_sheets import __version__
from netzwerk_sheets.errors import PlanOutdated, WrongUse
from netzwerk_sheets.grid import AddTab, FollowChart, ResizeTable, SetCell, SetName, SetSize
from netzwerk_sheets.merge.outcome import digest
from netzwerk_sheets.sheets.render.frame import address
from netzwerk_sheets.state.codec import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from netzwerk_sheets.grid import Edit, TabDesign
    from netzwerk_sheets.sync.order import Pass

TYPE, SCHEMA = "netzwerk-plan", 1
NAMED = 10
"""How many places the sentence of a refusal names."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What people agreed to.

    Attributes:
        today: The day it was worked out for.
        fingerprint: Of the workbook as it was read then.
        confirmed: Tokens of the safety stop that were confirmed with it.
        cells: (tab, cell) → what stands there, what will, why.
        others: Title or name → new tabs, tables that grow, names.
    """

    today: date
    fingerprint: str
    confirmed: frozenset[str]
    cells: Mapping[tuple[str, str], Record] = field(default_factory=dict)
    others: Mapping[tuple[str, str], Record] = field(default_factory=dict)


def plan_of(done: Pass, today: date, confirmed: frozenset[str]) -> SavedPlan:
    """Give the plan of a pass that was prepared."""
    cells, others = _records(done)
    return SavedPlan(today, done.snapshot.revision, confirmed, cells, others)


def _records(done: Pass) -> tuple[dict[tuple[str, str], Record], dict[tuple[str, str], Record]]:
    """Write down what a pass would do to each workbook of the network."""
    cells, others = _records_of(done.edits)
    for part in done.others:
        more, further = _records_of(part.edits)
        cells |= {
            (f"{part.book}:{tab}", place): {**record, "tab": f"{part.book}:{tab}"}
            for (tab, place), record in more.items()
        }
        others |= {(kind, f"{part.book}:{name}"): record for (kind, name), record in further.items()}
    return cells, others


def _records_of(edits: Iterable[Edit]) -> tuple[dict[tuple[str, str], Record], dict[tuple[str, str], Record]]:
    cells: dict[tuple[str, str], Record] = {}
    others: dict[tuple[str, str], Record] = {}
    for edit in edits:
        if isinstance(edit, SetCell):
            place = address(edit.spot.row, edit.spot.column)
            cells[edit.spot.tab, place] = {
                "tab": edit.spot.tab,
                "cell": place,
                "before": encode(edit.expected),
                "after": encode(edit.cell.value),
                "format": edit.cell.role,
                "link": edit.cell.link,
                "why": edit.why or "computed",
            }
        elif isinstance(edit, AddTab):
            others["tab", edit.design.title] = _tab(edit.design)
        elif isinstance(edit, ResizeTable):
            others["table", edit.tab] = {"last_row": edit.last_row, "last_column": edit.last_column}
        elif isinstance(edit, FollowChart):
            area = edit.chart.categories
            others["chart", f"{edit.tab}: {edit.chart.title}"] = {
                "first_row": area.first_row, "last_row": area.last_row, "text": edit.chart.alternative_text,
            }  # fmt: skip
        elif isinstance(edit, SetSize):
            others["size", ""] = {"before": edit.before, "after": edit.after}
        elif isinstance(edit, SetName):
            place = address(edit.area.first_row, edit.area.first_column)
            others["name", edit.name] = {"tab": edit.tab, "cell": place}
    return cells, others


def _tab(design: TabDesign) -> Record:
    cells = {address(*spot): encode(cell.value) for spot, cell in sorted(design.cells.items())}
    looks = {address(*spot): [cell.role, cell.link] for spot, cell in sorted(design.cells.items())}
    shape = [looks, repr(design.tables), repr(design.validations), repr(design.highlights), repr(design.charts)]
    return {"cells": cells, "design": digest(shape)}


# --- in a file --------------------------------------------------------------------------------------------


def save(plan: SavedPlan, path: Path) -> None:
    """Keep a plan in a file, for its owner alone: it may hold what stands in the workbook.

    Raises:
        WrongUse: Something that is no plan stands there; it was left as it is.
    """
    if path.exists() and not _is_plan(path):
        raise WrongUse("plan-not-ours", file=str(path))
    document = {
        "type": TYPE,
        "schema": SCHEMA,
        "version": __version__,
        "today": plan.today.isoformat(),
        "fingerprint": plan.fingerprint,
        "confirmed": sorted(plan.confirmed),
        "cells": list(plan.cells.values()),
        "others": [{"kind": kind, "name": name, **record} for (kind, name), record in plan.others.items()],
    }
    text = json.dumps({**document, "digest": digest(document)}, ensure_ascii=False, indent=1)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise WrongUse("plan-not-written", file=str(path)) from error


def _is_plan(path: Path) -> bool:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("type") == TYPE


def load(path: Path) -> SavedPlan:
    """Read a plan back.

    Raises:
        WrongUse: There is no such file, it is no plan, of another version, or somebody changed it.
    """
    if not path.is_file():
        raise WrongUse("plan-missing", file=str(path))
    if not _is_plan(path):
        raise WrongUse("plan-unreadable", file=str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.pop("digest", "") != digest(document):
        raise WrongUse("plan-unreadable", file=str(path))
    if document["schema"] != SCHEMA or document["version"] != __version__:
        raise WrongUse("plan-of-another-version", file=str(path))
    cells = {(record["tab"], record["cell"]): record for record in document["cells"]}
    others = {(record.pop("kind"), record.pop("name")): record for record in document["others"]}
    day = date.fromisoformat(document["today"])
    return SavedPlan(day, document["fingerprint"], frozenset(document["confirmed"]), cells, others)


# --- is it still what would be written? -------------------------------------------------------------------


def require_same(agreed: SavedPlan, done: Pass) -> None:
    """Make sure that a pass would write exactly what the plan says.

    Raises:
        PlanOutdated: It would not; each cell is named with what is different. Nothing was written.
    """
    found = differences(agreed, done)
    if found:
        places = ", ".join(place for place, _ in found[:NAMED])
        raise PlanOutdated("plan-outdated", found, n=len(found), places=places + (" …" if len(found) > NAMED else ""))


def differences(agreed: SavedPlan, done: Pass) -> list[tuple[str, str]]:
    """Name what is different: (place, code of the reason).

    The reasons: ``before`` something else stands there now, ``after`` something else would be written, ``new`` the
    plan does not know this cell, ``gone`` it would no longer be written.
    """
    cells, others = _records(done)
    found = []
    for key in dict.fromkeys((*agreed.cells, *cells)):
        reason = _different(agreed.cells.get(key), cells.get(key))
        if reason:
            found.append((f"{key[0]}!{key[1]}", reason))
    for key in dict.fromkeys((*agreed.others, *others)):
        reason = _different(agreed.others.get(key), others.get(key))
        if reason:
            found.append((key[1], reason))
    return found


def _different(then: Record | None, now: Record | None) -> str:
    if then is None or now is None:
        return "new" if then is None else "gone"
    if _text(then.get("before")) != _text(now.get("before")):
        return "before"
    same = all(_text(then[key]) == _text(now.get(key)) for key in then if key != "why")
    return "" if same else "after"


def _text(value: object) -> str:
    """Write a value so that 1, 1.0 and true stay apart."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
