"""Plan every tab of the network: make it, or find what differs from how it shall look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import (
    AddTab,
    Area,
    Edit,
    FollowChart,
    ResizeTable,
    SetCell,
    SetName,
    Tab,
    TabDesign,
    shown,
)
from netzwerk_sheets.merge import Change, ChangeKind, Insert, Op, confirm, diff, losses, project
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.canvas import Canvas, print_of
from netzwerk_sheets.sheets.charts import remembered
from netzwerk_sheets.sheets.locate import name_for
from netzwerk_sheets.sheets.plan import Before, TabPlan, computed, fixed, merged, wanted_key
from netzwerk_sheets.sheets.render import checks, conflicts, coverage, frame, gaps, history, inputs, start
from netzwerk_sheets.sheets.render import tasks as task_tabs
from netzwerk_sheets.state.past import FIRST
from netzwerk_sheets.sync import logbook, method, trash
from netzwerk_sheets.sync.picture import Sheet, directory
from netzwerk_sheets.sync.rounds import PLACES, label_of, round_sheet, round_sheets, rows_of
from netzwerk_sheets.sync.tables import Merged, is_merged
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


def show(builder: Builder, done: Pass, tasks: TaskPlan) -> Callable[[], None]:
    """Plan every tab of one workbook, in the order people read them.

    Returns:
        What plans the record of changes: to be called when all workbooks are planned, for only then is known what
        changes.
    """
    words, titles = builder.words, builder.titles
    rows = _task_rows(builder, done)
    sheets = _sheets(builder, done, tasks)
    for code in _reading_order(builder):
        builder.title(code, words.tab(code))
    groups = [*group_sheets(builder, done.picture.network), *round_sheets(builder)]
    for code, owner, wanted in (*sheets, *groups):
        builder.title(code, wanted, owner)
    mains = {code: title for (code, owner), title in titles.items() if not owner}
    made = {"tasks": task_tabs.OVERVIEW_COLUMNS}
    places = checks.Places(builder.located, _ids(builder), builder.hubs, made)
    done.notices = checks.notices(words, done.picture.findings, places)
    around = frame.Surroundings(
        done.picture.network.name,
        inputs.row_references(mains),
        inputs.list_references(mains["lists"]) if "lists" in mains else {},
    )
    stage = _Stage(rows, mains, around, directory(words, _directory(builder, done, sheets, groups)))
    slot = 0
    order = _reading_order(builder)
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
    plan = partial(_computed, builder, done, logbook.CODE, around=around)
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
        _sheet_tab(builder, done, code, "", sheet, stage.around)
    elif code in schema.tables() and is_merged(code):
        _input(builder, done, code, title, stage.around)
    elif code == "start":
        _fixed(builder, done, code, _start(builder, done, title, stage))
    elif code == "coverage":
        position = len(done.snapshot.taken) + len(done.added) + 1
        _fixed(builder, done, code, coverage.coverage_tab(words, picture.network, picture.coverage, title, position))
    elif code == "lists":
        _once(builder, done, code, inputs.lists_tab(words, title, picture.network.name))
    elif code == "settings":
        _settings_tab(builder, done, title, stage.around)
    else:
        _computed(builder, done, code, _result(builder, done, code, title), stage.around)


def _start(builder: Builder, done: Pass, title: str, stage: _Stage) -> TabDesign:
    words, picture = builder.words, done.picture
    stand = words.say("start.state", date=words.date(date.fromisoformat(done.stand)))
    present = builder.located.tabs.get(("start", ""))
    return start.start_tab(
        words,
        picture.network,
        picture.coverage,
        title,
        state=f"{stand} {picture.multiplied}".strip(),
        topics=picture.topics(
            stage.rows, stage.mains, errors=done.errors, notices=len(done.notices), disputes=len(done.conflicts)
        ),
        reasons=picture.reasons({f"{code}.{owner}".strip("."): name for (code, owner), name in builder.titles.items()}),
        entries=stage.entries,
        loads=picture.loads(stage.rows, builder.titles),
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
        _sheet_tab(builder, done, code, owner, sheet, stage.around)


def _group_sheet(builder: Builder, done: Pass, code: str, owner: str, stage: _Stage) -> None:
    """Plan a working group's own tab of a table, or make it."""
    title, replica = builder.titles[code, owner], builder.book.replica(code, owner)
    if code in PLACES:
        _sheet_tab(builder, done, code, owner, round_sheet(builder, done.picture, code, owner), stage.around)
        return
    if code == "tasks":
        network = done.picture.network
        sheet = task_tabs.group_sheet(builder.words, network, stage.rows, builder.order.today, title, owner)
        _sheet_tab(builder, done, code, owner, sheet, stage.around)
        return
    table = builder.tables.get(code)
    if table is not None and replica in table.seen:
        _merged_tab(builder, done, table, replica, None)
    elif (code, owner) not in builder.located.tabs:
        part = builder.teams.part(code, owner)
        rows = {row: cells for row, cells in builder.hubs.get(code, {}).items() if part.contains(row, cells)}
        design = inputs.input_tab(builder.words, schema.tables()[code], rows, stage.around, title, owner)
        _add(done, replica, AddTab(design))
        done.absorbed[replica, code] = {}
        done.bases[replica, code] = rows


READING_ORDER = (
    "start", "partners", "domains", "target_groups", "needs", "measures", "groups", "coverage", "gaps",
    "suggestions", "resilience", "diversity", "reach", "common_ground", "profile", "tasks",
    "network_tasks", "conflicts", "trash", "checks", "history", "log", "contacts", "membership",
    "relationships", "conversations", "voices",
    "social_data", "goals", "agreements", "documents", "documents_sent", "milestones", "partner_types",
    "task_templates", "help", "lists", "settings",
)  # fmt: skip


def _reading_order(builder: Builder) -> list[str]:
    codes = [code for code in READING_ORDER if builder.book.wants(code) or (code, "") in builder.titles]
    return [code for code in codes if code != "network_tasks" or (code, "") in builder.titles]


def _sheets(builder: Builder, done: Pass, tasks: TaskPlan) -> list[tuple[str, str, str]]:
    """Say which task sheets shall exist: (place, owner, wanted title)."""
    partners = {partner.id: partner for partner in done.picture.network.partners}
    found = []
    kept = [key for key in builder.located.tabs if key[0] in {"onboarding", "offboarding"}]
    for code, owner in dict.fromkeys([*kept, *(tasks.sheets if builder.book.grows else ())]):
        if (code, owner) in builder.located.removed and not _asked_again(builder, owner):
            continue
        if code == "network_tasks":
            builder.title(code, builder.words.tab(code))
        elif owner in partners:
            found.append((code, owner, task_tabs.tab_title(builder.words, code, partners[owner])))
    return sorted(found, key=lambda each: (each[0] != "onboarding", each[1]))


def _asked_again(builder: Builder, owner: str) -> bool:
    return owner in builder.order.wishes.onboard | builder.order.wishes.offboard


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
                fresh = [op.row for op in _ops(builder, table, replica) if isinstance(op, Insert)]
                for number, row in enumerate(fresh, start=placed.seen.last_row + 1):
                    places.setdefault(row, (placed.seen.tab.title, number))
    for code, rows in builder.hubs.items():
        if code not in builder.tables and code in builder.book.create:
            title = builder.titles.get((code, ""), "")
            first = 5 if code == "tasks" else 2  # result tabs have lines above their header
            found[code] = {row: (title, number) for number, row in enumerate(rows, start=first)}
    return found


def _directory(
    builder: Builder, done: Pass, sheets: list[tuple[str, str, str]], groups: list[tuple[str, str, str]]
) -> list[Sheet]:
    found = [
        Sheet(code, builder.titles[code, ""], len(builder.hubs[code]) if code in builder.hubs else None)
        for code in _reading_order(builder)
    ]
    tasks = done.picture.network.tasks
    found += [
        Sheet(code, builder.titles[code, owner], sum(task.owner == owner for task in tasks))
        for code, owner, _ in sheets
    ]
    for code, owner, _ in groups:
        count = len(rows_of(builder, code, owner))
        found.append(Sheet(code, builder.titles[code, owner], count, label_of(builder, owner)))
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


def _before(builder: Builder, done: Pass, replica: str, title: str) -> Before:
    cache: dict[str, Mapping[tuple[int, int], str]] = {}

    def roles() -> Mapping[tuple[int, int], str]:
        if "roles" not in cache:
            cache["roles"] = builder.book.roles(title)
        return cache["roles"]

    return Before(builder.memory.shown(replica), roles, {role: style.name for role, style in done.look.items()})


def _take(builder: Builder, done: Pass, tab: str, plan: TabPlan) -> bool:
    """Take a plan over, unless something of people is in its way."""
    if plan.blocked:
        done.blocked += plan.blocked[:1]
        return False
    if plan.edits and (why := _why_stuck(builder, done, plan.edits[0])) is not None:
        title, reason = why
        done.stuck[title] = reason
        return False
    done.edits += plan.edits
    builder.book.soft += plan.soft
    done.overtyped += plan.overtyped
    # Where nobody remembers what the tool showed, its own old words are kept like those of people; that is no news.
    unknown = "" if builder.memory.shown(tab) else FIRST
    for spot, typed in (*plan.overtyped, *plan.replaced):
        change = Change(frame.address(spot.row, spot.column), "", typed, None, tab, ChangeKind.OVERTYPED, unknown)
        done.changes.setdefault(tab, []).append(change)
    if plan.memory:
        done.shown[tab] = plan.memory
    return True


def _why_stuck(builder: Builder, done: Pass, edit: Edit) -> tuple[str, tuple[str, Mapping[str, str | int]]] | None:
    """Say why a tab cannot be written, if so: it is protected, or the last try was refused."""
    title = edit.spot.tab if isinstance(edit, SetCell) else ""
    if isinstance(edit, ResizeTable | FollowChart):
        title = edit.tab
    if (known := builder.order.skip.get(builder.book.replica(title))) is not None:
        return title, known
    obstacle = done.snapshot.tab(title).obstacle if title else ""
    return (title, (obstacle, {"tab": title})) if obstacle else None


def _add(done: Pass, tab: str, edit: AddTab, memory: str = "") -> None:
    done.edits.append(edit)
    done.added.append(edit.design.title)
    done.shown[tab] = memory


def _fixed(builder: Builder, done: Pass, code: str, design: TabDesign) -> None:
    title = builder.located.tabs.get((code, ""))
    if title is None:
        _add(done, code, AddTab(design), _memory_of(design))
        return
    tab, replica = done.snapshot.tab(title), builder.book.replica(code)
    _take(builder, done, replica, fixed(tab, design, _before(builder, done, replica, title)))


def _once(builder: Builder, done: Pass, code: str, design: TabDesign) -> None:
    """Make a tab that is not kept up to date."""
    if (code, "") not in builder.located.tabs:
        _add(done, code, AddTab(design))


def _memory_of(design: TabDesign, **more: object) -> str:
    """Write down what a new tab shows."""
    canvas = Canvas(Tab(design.title, {}), dict)
    canvas.now = {f"{row},{column}": print_of(cell.value) for (row, column), cell in design.cells.items()}
    if design.charts:
        more["charts"] = remembered(design.charts)
    return canvas.memory(**more)


def _computed(builder: Builder, done: Pass, code: str, sheet: frame.RowSheet, around: frame.Surroundings) -> None:
    seen = builder.located.tables.get(code)
    if seen is not None:
        replica = builder.book.replica(code)
        _take(builder, done, replica, computed(seen, sheet, _before(builder, done, replica, seen.tab.title)))
    elif (code, "") not in builder.located.tabs:
        design = frame.design(builder.words, sheet, around)
        _add(
            done,
            code,
            AddTab(design),
            _memory_of(_tool_part(design, sheet), order=[wanted_key(sheet, row) for row in sheet.rows]),
        )


def _tool_part(design: TabDesign, sheet: frame.RowSheet) -> TabDesign:
    """Give only the cells the tool keeps up to date, so that people's cells are never taken for its own."""
    tool = {
        column
        for column, code in enumerate(sheet.columns, start=1)
        if any(
            code in row.cells or code in row.live or (code == "id" and "id" in row.initial) for row in sheet.rows[:1]
        )
    }
    last = sheet.header_row + len(sheet.rows)
    cells = {
        (row, column): cell
        for (row, column), cell in design.cells.items()
        if (row, column) in sheet.intro or (sheet.header_row < row <= last and column in tool)
    }
    return design._replace(cells=cells)


def _settings_tab(builder: Builder, done: Pass, title: str, around: frame.Surroundings) -> None:
    if ("settings", "") in builder.located.tabs:
        return
    table = schema.tables()["settings"]
    known = builder.books[0].located.tables.get("settings")
    rows = {str(row.number): row.cells for row in known.rows} if known else builder.order.seeds.get("settings", {})
    _add(done, "settings", AddTab(inputs.input_tab(builder.words, table, rows, around, title)))


def _input(builder: Builder, done: Pass, code: str, title: str, around: frame.Surroundings) -> None:
    """Plan a tab that people fill, or make it."""
    table, replica = builder.tables.get(code), builder.book.replica(code)
    if table is None or replica not in table.seen:
        if (code, "") in builder.located.tabs or not builder.book.grows:
            return
        rows = builder.hubs.get(code, {})
        _add(done, code, AddTab(inputs.input_tab(builder.words, schema.tables()[code], rows, around, title)))
        done.absorbed[code, code] = {}
        done.bases[code, code] = rows
        return
    seen = table.seen[replica]
    _merged_tab(builder, done, table, replica, None)
    if code in builder.order.take_over and name_for(code) not in done.snapshot.names:
        first = min(seen.columns.values(), default=1)
        done.edits.append(SetName(name_for(code), seen.tab.title, Area(seen.header_row, first, seen.header_row, first)))


def _ops(builder: Builder, table: Merged, replica: str) -> list[Op]:
    """Say what must change in a tab so that it shows what was merged."""
    result, snapshot = replace(table.result, hub=builder.hubs[table.table.code]), table.snapshots[replica]
    return [] if result.held else diff(project(result, snapshot, table.schema), snapshot)


def _merged_tab(builder: Builder, done: Pass, table: Merged, replica: str, sheet: frame.RowSheet | None) -> None:
    """Plan a replica of a merged table: what the merge brings, and what the tool computes beside it."""
    seen = table.seen[replica]
    ops = _ops(builder, table, replica)
    before = _before(builder, done, replica, seen.tab.title)
    styled = bool(ops) and _is_ours(before, seen.header_row)
    if _take(builder, done, replica, merged(table.placed(replica), ops, before, sheet=sheet, styled=styled)) and ops:
        done.bases[replica, table.table.code] = confirm(table.result.bases, replica, ops)[replica]
        done.changes.setdefault(table.table.code, []).extend(losses(ops, replica))


def _is_ours(before: Before, header_row: int) -> bool:
    return any(row == header_row for row, _ in before.roles())


def _sheet_tab(
    builder: Builder, done: Pass, code: str, owner: str, sheet: frame.RowSheet, around: frame.Surroundings
) -> None:
    """Plan a tab that shows merged rows beside what the tool computes, or make it."""
    replica = builder.book.replica(code, owner)
    table = builder.tables.get(sheet.table.code)
    if table is not None and replica in table.seen:
        _merged_tab(builder, done, table, replica, sheet)
        return
    if (code, owner) in builder.located.tabs:
        return
    design = frame.design(builder.words, sheet, around)
    own = {column.code for column in sheet.table.columns if column.owner == "tool"}
    kept = [{code: cell for code, cell in row.cells.items() if code in own} for row in sheet.rows]
    live = replace(
        sheet, rows=tuple(replace(row, cells=cells, initial={}) for row, cells in zip(sheet.rows, kept, strict=True))
    )
    _add(done, replica, AddTab(design), _memory_of(_tool_part(design, live)))
    shown = [column for column in sheet.columns if column not in {"id", *own}]
    hub = builder.hubs[sheet.table.code]
    rows = {
        row.key: {key: hub[row.key][key] for key in shown if hub[row.key].get(key) is not None} for row in sheet.rows
    }
    done.absorbed[replica, sheet.table.code] = {}
    done.bases[replica, sheet.table.code] = rows
