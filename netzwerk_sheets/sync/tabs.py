"""Say what every tab of a workbook shall show, in the order people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import TabDesign, shown
from netzwerk_sheets.merge import Insert
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render import checks, conflicts, coverage, frame, gaps, history, inputs, start
from netzwerk_sheets.sheets.render import tasks as task_tabs
from netzwerk_sheets.sync import first_tab, logbook, method, trash
from netzwerk_sheets.sync.contents import directory, partner_sheets, reading_order
from netzwerk_sheets.sync.rounds import PLACES, round_sheet, round_sheets
from netzwerk_sheets.sync.tables import is_merged
from netzwerk_sheets.sync.tabplans import (
    ops_of,
    plan_computed,
    plan_fixed,
    plan_input,
    plan_once,
    plan_settings,
    plan_sheet,
)
from netzwerk_sheets.sync.teams import group_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netzwerk_sheets.sheets.render.start import Entry
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.order import Pass
    from netzwerk_sheets.sync.tasks import TaskPlan


@dataclass(frozen=True, slots=True)
class _Stage:
    """What all tabs of one pass share."""

    rows: task_tabs.TaskRows
    mains: Mapping[str, str]
    around: frame.Surroundings
    entries: Sequence[Entry]
    places: checks.Places


def show(builder: Builder, done: Pass, tasks: TaskPlan) -> Callable[[], None]:
    """Plan every tab of one workbook, in the order people read them.

    Returns:
        What plans the record of changes: to be called when all workbooks are planned, for only then is known what
        changes.
    """
    words, titles = builder.words, builder.titles
    rows = _task_rows(builder, done)
    sheets = partner_sheets(builder, done.picture.network, tasks)
    for code in reading_order(builder):
        builder.title(code, words.tab(code))
    groups = [*group_sheets(builder, done.picture.network), *round_sheets(builder)]
    for code, owner, wanted in (*sheets, *groups):
        builder.title(code, wanted, owner)
    mains = {code: title for (code, owner), title in titles.items() if not owner}
    made = {"tasks": task_tabs.OVERVIEW_COLUMNS}
    places = checks.Places(builder.located, _ids(builder), builder.hubs, made, builder.order.named)
    done.notices = checks.notices(words, done.picture.findings, places)
    around = frame.Surroundings(
        done.picture.network.name,
        inputs.row_references(mains),
        inputs.list_references(mains["lists"]) if "lists" in mains else {},
    )
    stage = _Stage(rows, mains, around, directory(builder, done.picture.network, sheets, groups), places)
    slot = 0
    order = reading_order(builder)
    total = len(order) + len(sheets) + len(groups)
    for number, code in enumerate(order, start=1):
        builder.order.tell("tab", titles[code, ""], number, total)
        slot = len(done.edits) if code == logbook.CODE else slot
        if code != logbook.CODE:
            _main_tab(builder, done, code, stage)
    _partner_sheets(builder, done, sheets, stage)
    for number, (code, owner, title) in enumerate(groups, start=len(order) + len(sheets) + 1):
        builder.order.tell("tab", title, number, total)
        _group_sheet(builder, done, code, owner, stage)
    plan = partial(plan_computed, builder, done, logbook.CODE, around=around)
    if (logbook.CODE, "") not in builder.titles:
        return lambda: None
    return partial(logbook.plan_log, builder, done, places, plan, slot)


def _main_tab(builder: Builder, done: Pass, code: str, stage: _Stage) -> None:
    """Plan one of the tabs that every network has once."""
    title = builder.titles[code, ""]
    words, picture = builder.words, done.picture
    if code in {"tasks", "network_tasks"}:
        make = task_tabs.overview if code == "tasks" else task_tabs.shared_sheet
        sheet = make(words, picture.network, stage.rows, builder.order.today, title)
        plan_sheet(builder, done, code, "", sheet, stage.around)
    elif code in schema.tables() and is_merged(code):
        plan_input(builder, done, code, "", stage.around)
    elif code == "start":
        plan_fixed(builder, done, code, _start(builder, done, title, stage))
    elif code == "coverage":
        position = len(done.snapshot.taken) + len(done.added) + 1
        plan_fixed(
            builder, done, code, coverage.coverage_tab(words, picture.network, picture.coverage, title, position)
        )
    elif code == "lists":
        plan_once(builder, done, code, inputs.lists_tab(words, title, picture.network.name))
    elif code == "settings":
        plan_settings(builder, done, title, stage.around)
    else:
        rows = plan_computed(builder, done, code, _result(builder, done, code, title), stage.around)
        stage.places.stand(code, title, rows)


def _start(builder: Builder, done: Pass, title: str, stage: _Stage) -> TabDesign:
    words, picture = builder.words, done.picture
    stand = words.say("start.state", date=words.date(date.fromisoformat(done.stand)))
    present = builder.located.tabs.get(("start", ""))
    topics = first_tab.topics(
        picture, stage.rows, stage.mains, errors=done.errors, notices=len(done.notices), disputes=len(done.conflicts)
    )
    tabs = {f"{code}.{owner}".strip("."): name for (code, owner), name in builder.titles.items()}
    return start.start_tab(
        words,
        picture.network,
        picture.coverage,
        title,
        state=f"{stand} {picture.multiplied}".strip(),
        topics=topics,
        reasons=first_tab.reasons(picture, tabs),
        entries=stage.entries,
        loads=first_tab.loads(picture, stage.rows, builder.titles),
        places=start.places_of(done.snapshot.tab(present) if present else None),
    )


def _partner_sheets(builder: Builder, done: Pass, sheets: list[tuple[str, str, str]], stage: _Stage) -> None:
    """Plan the task sheets of partners."""
    partners = {partner.id: partner for partner in done.picture.network.partners}
    for code, owner, _ in sheets:
        partner = partners.get(owner)
        if partner is None:
            continue
        fills = done.picture.fills(partner, only_open=code == "offboarding")
        title = builder.titles[code, owner]
        sheet = task_tabs.partner_sheet(
            builder.words, code, partner, stage.rows, builder.order.today, title=title, fills=fills,
            notes=done.picture.about(partner) if code == "onboarding" else (),
        )  # fmt: skip
        plan_sheet(builder, done, code, owner, sheet, stage.around)


def _group_sheet(builder: Builder, done: Pass, code: str, owner: str, stage: _Stage) -> None:
    """Plan a working group's own tab of a table, or make it."""
    if code in PLACES:
        plan_sheet(builder, done, code, owner, round_sheet(builder, done.picture, code, owner), stage.around)
        return
    if code == "tasks":
        network, title = done.picture.network, builder.titles[code, owner]
        sheet = task_tabs.group_sheet(builder.words, network, stage.rows, builder.order.today, title, owner)
        plan_sheet(builder, done, code, owner, sheet, stage.around)
        return
    plan_input(builder, done, code, owner, stage.around)


def _task_rows(builder: Builder, done: Pass) -> task_tabs.TaskRows:
    return task_tabs.TaskRows(builder.hubs.get("tasks", {}), {task.id: task for task in done.picture.network.tasks})


def _ids(builder: Builder) -> dict[str, dict[str, tuple[str, int]]]:
    """Say where every row stands: table → id → (tab, row)."""
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for code, table in builder.tables.items():
        places = found.setdefault(code, {})
        for replica in builder.seen(table):
            placed = table.placed(replica)
            for row, number in placed.places.items():
                places.setdefault(row, (placed.seen.tab.title, number))
            if replica == builder.book.replica(code) and not builder.hubs[code].keys() <= placed.places.keys():
                # Rows that this run adds stand below the others.
                fresh = [op.row for op in ops_of(builder, table, replica) if isinstance(op, Insert)]
                for number, row in enumerate(fresh, start=placed.seen.last_row + 1):
                    places.setdefault(row, (placed.seen.tab.title, number))
    for code, rows in builder.hubs.items():
        if code not in builder.tables and code in builder.book.create:
            title = builder.titles.get((code, ""), "")
            first = 5 if code == "tasks" else 2  # result tabs have lines above their header
            found[code] = {row: (title, number) for number, row in enumerate(rows, start=first)}
    return found


def _result(builder: Builder, done: Pass, code: str, title: str) -> frame.RowSheet:
    words, picture = builder.words, done.picture
    if code == "gaps":
        return gaps.gaps_sheet(words, picture.network, picture.coverage, title)
    if code in method.SHEETS:
        return method.SHEETS[code](builder, picture, title)
    if code == "conflicts":
        return conflicts.conflicts_sheet(words, _disputes(builder, done), title)
    if code == "trash":
        return trash.sheet(builder, done, title)
    if code == "checks":
        return checks.checks_sheet(words, done.notices, title)
    seen = builder.located.tables.get("history")
    return history.history_sheet(
        words, picture.network, picture.coverage, seen, builder.order.today,
        title=title, first=builder.order.seeds.get(code, {}),
    )  # fmt: skip


def _disputes(builder: Builder, done: Pass) -> list[conflicts.Dispute]:
    """Put the conflicts into words: where the versions stand, and what they say."""
    if not done.conflicts:
        return []
    places = checks.Places(builder.located, _ids(builder), builder.hubs, {})
    found = []
    for code, conflict in done.conflicts:
        about = Finding("", "", code, conflict.row, conflict.column)
        spot = places.spot(about)
        table = builder.tables[code]
        header = builder.words.header(code, conflict.column) if conflict.column in table.schema.by_key else ""
        versions = tuple((builder.tab_of(side.replica), shown(side.value)) for side in conflict.sides[:3])
        where = f"{spot[0]}!{frame.address(spot[1], spot[2])}" if spot else ""
        found.append(
            conflicts.Dispute(conflict.id, spot, where, places.label(about), header, versions, shown(conflict.base))
        )
    return found
