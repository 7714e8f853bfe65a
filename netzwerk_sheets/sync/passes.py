"""One pass: read → locate → merge → understand → compute → show → plan; and carrying the plan out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import (
    AddTab,
    Area,
    Edit,
    Look,
    ResizeTable,
    SetCell,
    SetMarker,
    SetName,
    Snapshot,
    Spot,
    TabDesign,
    Value,
)
from netzwerk_sheets.merge import (
    Brake,
    Change,
    ChangeKind,
    Conflict,
    Op,
    Row,
    Rows,
    State,
    confirm,
    diff,
    losses,
    project,
    propose,
)
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import Located, locate, name_for
from netzwerk_sheets.sheets.looks import look as make_look
from netzwerk_sheets.sheets.parse import parse
from netzwerk_sheets.sheets.plan import Before, TabPlan, computed, fixed, merged, wanted_key
from netzwerk_sheets.sheets.render import checks, coverage, frame, gaps, history, inputs, start
from netzwerk_sheets.sheets.render import tasks as task_tabs
from netzwerk_sheets.sheets.settings import Settings, read_settings
from netzwerk_sheets.sync.picture import Picture, Sheet, directory, proposals
from netzwerk_sheets.sync.tables import LIVE, Merged, home_of, is_merged, merge_all, table_schema
from netzwerk_sheets.sync.tasks import TaskPlan, Wishes, plan_tasks, with_owners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RESULT_TABS = ("start", "coverage", "gaps", "tasks", "checks", "history", "lists")
"""Tabs the tool writes by itself; task sheets come and go with the partners."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one pass is asked to do.

    Attributes:
        today: The day of the run.
        create: Codes of tabs to be made where they are missing.
        seeds: Table code → first rows of tables that are made.
        take_over: Codes of tables that people made and that become ours.
        confirmed: Tokens of plans people confirmed.
        language: Language of a workbook that is made; empty: as its settings say.
        wishes: Task sheets people asked for.
        skip: Title of a tab that cannot be written → why (an error's code and facts); it is left as it is.
    """

    today: date
    create: frozenset[str] = frozenset()
    seeds: Mapping[str, Rows] = field(default_factory=dict)
    take_over: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    language: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    skip: Mapping[str, tuple[str, Mapping[str, str | int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known from earlier runs, read on demand.

    Attributes:
        state_of: Table code → what was agreed, and the largest number ever given.
        proposed: Table code → what the tool proposed last.
        shown: Tab → what the tool showed last.
        stand: The day the data last changed, ISO, or empty.
    """

    state_of: Callable[[str], tuple[State, int]]
    proposed: Callable[[str], Rows]
    shown: Callable[[str], str]
    stand: str = ""


NO_MEMORY = Memory(lambda _code: (State(), 0), lambda _code: {}, lambda _tab: "")


@dataclass(slots=True)
class Pass:
    """A pass that is prepared: everything it found, and everything it would write.

    Attributes:
        edits: What must be written; empty where nothing has to be.
        added: Titles of new tabs.
        blocked: Cells of people in the way of computed rows; those tabs are left as they are.
        stuck: Title of a tab that could not be written → why.
        overtyped: Computed cells people typed into, with their words.
        bases: (replica, table) → what is agreed once the edits stand.
        shown: Tab → what is shown once the edits stand.
        absorbed: (replica, table) → what is agreed by reading alone.
        brakes: (table, brake) of tables that were held back.
    """

    snapshot: Snapshot
    located: Located
    words: Words
    look: Look
    picture: Picture
    notices: list[checks.Notice] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    blocked: list[Spot] = field(default_factory=list)
    stuck: dict[str, tuple[str, Mapping[str, str | int]]] = field(default_factory=dict)
    overtyped: list[tuple[Spot, Value]] = field(default_factory=list)
    brakes: list[tuple[str, Brake]] = field(default_factory=list)
    conflicts: list[tuple[str, Conflict]] = field(default_factory=list)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    hubs: dict[str, Rows] = field(default_factory=dict)
    tombstones: dict[str, Rows] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    proposed: dict[str, Rows] = field(default_factory=dict)
    absorbed: dict[tuple[str, str], Rows] = field(default_factory=dict)
    bases: dict[tuple[str, str], Rows] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    stand: str = ""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(each.finding.level == "error" for each in self.notices)

    @property
    def held(self) -> bool:
        """Whether something was held back for a person to decide."""
        return bool(self.brakes or self.blocked or self.stuck)


class _Builder:
    """Prepares one pass, step by step."""

    def __init__(
        self,
        snapshot: Snapshot,
        order: Order,
        memory: Memory,
        roles: Callable[[str], Mapping[tuple[int, int], str]],
    ) -> None:
        self.snapshot = snapshot
        self.order = order
        self.memory = memory
        self.roles = roles
        self.located = _only_ours(locate(snapshot), snapshot, order)
        self.settings = _settings(self.located, order)
        self.words = Words(order.language or self.settings.language)
        self.tables = merge_all(self.located, memory.state_of, order.confirmed)
        self.hubs: dict[str, dict[str, Row]] = {code: dict(table.hub) for code, table in self.tables.items()}
        for code in order.create & schema.tables().keys():
            if is_merged(code):
                rows = {} if code == "tasks" else order.seeds.get(code, {})
                self.hubs.setdefault(code, dict(rows))
        self.soft: list[Edit] = []
        self.titles: dict[tuple[str, str], str] = dict(self.located.tabs)
        self.taken = {title.casefold() for title in (*snapshot.taken, *(tab.title for tab in snapshot.tabs))}

    # understanding

    def understand(self) -> tuple[Picture, TaskPlan]:
        """Parse the merged rows and plan the tasks."""
        network, findings = parse(self.hubs, self.settings)
        network = replace(network, tasks=tuple(with_owners(network.tasks, self.hubs.get("tasks", {}))))
        plan = TaskPlan()
        if "tasks" in self.hubs:
            gone = self.tables["tasks"].result.tombstones if "tasks" in self.tables else {}
            plan = plan_tasks(
                self.words, network, self.settings, self.order.today, self.order.wishes,
                removed=set(gone), proposed=self.memory.proposed("tasks"),
            )  # fmt: skip
        if plan.new:
            done = self.order.seeds.get("tasks", {})
            self.hubs["tasks"] |= {row: {**cells, **done.get(row, {})} for row, cells in plan.new.items()}
        wanted = proposals(network, self.hubs)
        wanted["tasks"] = {
            **{row: dict(cells) for row, cells in plan.due.items()},
            **_fresh_proposals(plan.new),
        }
        if self._propose(wanted) or plan.new:
            network, findings = parse(self.hubs, self.settings)
            network = replace(network, tasks=tuple(with_owners(network.tasks, self.hubs.get("tasks", {}))))
        return Picture(
            self.words, self.settings, network, (*findings, *self._structure()), self.order.today
        ), plan

    def _propose(self, wanted: Mapping[str, Rows]) -> bool:
        """Lay what the tool proposes into empty cells; tell whether anything changed."""
        changed = False
        self.proposed: dict[str, Rows] = {}
        self.tool_changes: dict[str, list[Change]] = {}
        for code, rows in wanted.items():
            table = self.tables.get(code)
            if not rows or code not in self.hubs or (table is not None and table.result.held):
                continue
            how = table.schema if table else table_schema(schema.tables()[code])
            found = propose(self.hubs[code], rows, self.memory.proposed(code), how)
            if found.hub != self.hubs[code]:
                self.hubs[code] = dict(found.hub)
                changed = True
            self.proposed[code] = found.proposed
            self.tool_changes[code] = list(found.changes)
        return changed

    def _structure(self) -> Iterable[Finding]:
        """Report headers that are missing or stand twice."""
        for seen in self.located.seen():
            for case, codes in (("header-missing", seen.missing), ("header-doubled", seen.doubled)):
                for code in codes:
                    place = (seen.tab.title, seen.header_row, 1)
                    facts: dict[str, str | int] = {"case": case, "header": self.words.header(seen.code, code)}
                    yield Finding("P-20", "error", seen.code, "", "", facts, place)

    # titles

    def title(self, code: str, wanted: str, owner: str = "") -> str:
        """Give the title of a tab: the one it has, or a free one."""
        known = self.titles.get((code, owner))
        if known:
            return known
        title, number = wanted, 1
        while title.casefold() in self.taken:
            extra = self.words.say("page.ours") if number == 1 else f" ({number})"
            title = wanted[: 31 - len(extra)].rstrip() + extra
            number += 1
        self.taken.add(title.casefold())
        self.titles[code, owner] = title
        return title

    def wants(self, code: str, owner: str = "") -> bool:
        """Say whether a tab exists or shall be made; one that people deleted stays away until `init`."""
        if (code, owner) in self.located.tabs:
            return True
        return code in self.order.create


def _only_ours(located: Located, snapshot: Snapshot, order: Order) -> Located:
    """Leave tabs alone that look like ours but were never taken over."""
    named = {name.upper() for name in snapshot.names}
    if snapshot.marker is None and not order.create:
        return located

    def ours(code: str, owner: str) -> bool:
        return name_for(code, owner).upper() in named or code in order.take_over

    return Located(
        {code: seen for code, seen in located.tables.items() if ours(code, "")},
        located.sheets,
        {key: title for key, title in located.tabs.items() if ours(*key)},
        located.removed,
    )


def _settings(located: Located, order: Order) -> Settings:
    found = read_settings(located.tables.get("settings"))
    seeds = order.seeds.get("settings")
    if "settings" in located.tables or not seeds:
        return found
    values = dict(found.values)
    for row in seeds.values():
        for setting in schema.settings().values():
            if (
                row.get("key") in setting.words.values()
                and row.get("value") is not None
                and setting.kind == "text"
            ):
                values[setting.code] = row["value"]
    values["language"] = order.language or values["language"]
    return Settings(values, found.rules, found.findings)


def _fresh_proposals(new: Rows) -> dict[str, dict[str, Value]]:
    """What the tool writes into new tasks counts as proposed, so that it may follow a changed anchor."""
    return {
        row: {key: cells[key] for key in ("due", "responsible") if cells.get(key) is not None}
        for row, cells in new.items()
    }


def prepare(
    snapshot: Snapshot,
    order: Order,
    memory: Memory = NO_MEMORY,
    *,
    roles: Callable[[str], Mapping[tuple[int, int], str]] = lambda _title: {},
) -> Pass:
    """Work out everything one pass would do; nothing is written.

    Args:
        snapshot: The workbook as read.
        order: What is asked for.
        memory: What is known from earlier runs.
        roles: Tab → which of its cells follow one of the tool's cell styles.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other.
    """
    builder = _Builder(snapshot, order, memory, roles)
    picture, tasks = builder.understand()
    look = make_look(builder.words, int(builder.settings.values["font_size"]))
    done = Pass(snapshot, builder.located, builder.words, look, picture)
    _collect(builder, done)
    _show(builder, done, tasks)
    if done.edits:
        done.edits += builder.soft
    return done


def _collect(builder: _Builder, done: Pass) -> None:
    """Take over what merging found, table by table."""
    for code, table in builder.tables.items():
        result = table.result
        done.brakes += [(code, brake) for brake in result.brakes]
        done.conflicts += [(code, conflict) for conflict in result.conflicts]
        if result.held:
            continue
        done.changes[code] = [*result.changes, *builder.tool_changes.get(code, ())]
        done.tombstones[code] = result.tombstones
        done.counters[code] = table.counter
        for replica, rows in result.bases.items():
            done.absorbed[replica, code] = rows
    done.hubs = dict(builder.hubs)
    done.proposed = builder.proposed
    moved = any(change.kind is not ChangeKind.TOOL for changes in done.changes.values() for change in changes)
    known = builder.memory.stand
    done.stand = builder.order.today.isoformat() if moved or not known else known


# --- showing ----------------------------------------------------------------------------------------------


def _show(builder: _Builder, done: Pass, tasks: TaskPlan) -> None:
    """Plan every tab, in the order people read them."""
    network, words, titles = done.picture.network, builder.words, builder.titles
    rows = _task_rows(builder, done)
    sheets = _sheets(builder, done, tasks)
    for code in _reading_order(builder):
        builder.title(code, words.tab(code))
    for code, owner, wanted in sheets:
        builder.title(code, wanted, owner)
    mains = {code: title for (code, owner), title in titles.items() if not owner}
    made = {"tasks": task_tabs.OVERVIEW_COLUMNS}
    places = checks.Places(builder.located, _ids(builder), builder.hubs, made)
    done.notices = checks.notices(words, done.picture.findings, places)
    around = frame.Surroundings(
        network.name,
        inputs.row_references(words, mains),
        inputs.list_references(words, mains["lists"]) if "lists" in mains else {},
    )
    entries = directory(words, _directory(builder, done, sheets))
    for code in _reading_order(builder):
        title = titles[code, ""]
        if code in schema.tables() and is_merged(code) and code != "tasks":
            _input(builder, done, code, title, around)
        elif code == "start":
            design = start.start_tab(
                words, network, done.picture.coverage, title,
                state=words.say("start.state", date=words.date(date.fromisoformat(done.stand))),
                topics=done.picture.topics(rows, mains, done.errors, len(done.notices)),
                reasons=done.picture.reasons(mains), entries=entries,
            )  # fmt: skip
            _fixed(builder, done, code, design)
        elif code == "coverage":
            position = len(done.snapshot.taken) + len(done.added) + 1
            _fixed(
                builder,
                done,
                code,
                coverage.coverage_tab(words, network, done.picture.coverage, title, position),
            )
        elif code == "lists":
            _once(builder, done, code, inputs.lists_tab(words, title, network.name))
        elif code == "settings":
            _settings_tab(builder, done, title, around)
        elif code in {"tasks", "network_tasks"}:
            make = task_tabs.overview if code == "tasks" else task_tabs.shared_sheet
            _task_tab(builder, done, code, "", make(words, network, rows, builder.order.today, title), around)
        else:
            _computed(builder, done, code, _result(builder, done, code, title), around)
    partners = {partner.id: partner for partner in network.partners}
    for code, owner, _ in sheets:
        if owner in partners:
            partner = partners[owner]
            fills = done.picture.fills(partner) if code == "onboarding" else done.picture.supports(partner)
            sheet = task_tabs.partner_sheet(
                words, code, partner, rows, builder.order.today, title=titles[code, owner], fills=fills
            )
            _task_tab(builder, done, code, owner, sheet, around)


READING_ORDER = (
    "start", "partners", "domains", "target_groups", "needs", "measures", "groups", "coverage", "gaps", "tasks",
    "network_tasks", "checks", "history", "contacts", "membership", "relationships", "conversations", "voices",
    "social_data", "goals", "agreements", "documents", "documents_sent", "milestones", "partner_types",
    "task_templates", "lists", "settings",
)  # fmt: skip


def _reading_order(builder: _Builder) -> list[str]:
    codes = [code for code in READING_ORDER if builder.wants(code) or (code, "") in builder.titles]
    return [code for code in codes if code != "network_tasks" or (code, "") in builder.titles]


def _sheets(builder: _Builder, done: Pass, tasks: TaskPlan) -> list[tuple[str, str, str]]:
    """Say which task sheets shall exist: (place, owner, wanted title)."""
    partners = {partner.id: partner for partner in done.picture.network.partners}
    found = []
    kept = [key for key in builder.located.tabs if key[0] in {"onboarding", "offboarding"}]
    for code, owner in dict.fromkeys([*kept, *tasks.sheets]):
        if (code, owner) in builder.located.removed and not _asked_again(builder, owner):
            continue
        if code == "network_tasks":
            builder.title(code, builder.words.tab(code))
        elif owner in partners:
            found.append((code, owner, task_tabs.tab_title(builder.words, code, partners[owner])))
    return sorted(found, key=lambda each: (each[0] != "onboarding", each[1]))


def _asked_again(builder: _Builder, owner: str) -> bool:
    return owner in builder.order.wishes.onboard | builder.order.wishes.offboard


def _task_rows(builder: _Builder, done: Pass) -> task_tabs.TaskRows:
    return task_tabs.TaskRows(
        builder.hubs.get("tasks", {}), {task.id: task for task in done.picture.network.tasks}
    )


def _ids(builder: _Builder) -> dict[str, dict[str, tuple[str, int]]]:
    """Say where every row stands: table → id → (tab, row)."""
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for code, table in builder.tables.items():
        places = found.setdefault(code, {})
        for replica in table.seen:
            placed = table.placed(replica)
            for row, number in placed.places.items():
                places.setdefault(row, (placed.seen.tab.title, number))
    for code, rows in builder.hubs.items():
        if code not in builder.tables and code in builder.order.create:
            title = builder.titles.get((code, ""), "")
            first = 5 if code == "tasks" else 2  # result tabs have lines above their header
            found[code] = {row: (title, number) for number, row in enumerate(rows, start=first)}
    return found


def _directory(builder: _Builder, done: Pass, sheets: list[tuple[str, str, str]]) -> list[Sheet]:
    found = [
        Sheet(code, builder.titles[code, ""], len(builder.hubs[code]) if code in builder.hubs else None)
        for code in _reading_order(builder)
    ]
    tasks = done.picture.network.tasks
    found += [
        Sheet(code, builder.titles[code, owner], sum(task.owner == owner for task in tasks))
        for code, owner, _ in sheets
    ]
    return found


def _result(builder: _Builder, done: Pass, code: str, title: str) -> frame.RowSheet:
    words, picture = builder.words, done.picture
    if code == "gaps":
        return gaps.gaps_sheet(words, picture.network, picture.coverage, title)
    if code == "checks":
        return checks.checks_sheet(words, done.notices, title)
    seen = builder.located.tables.get("history")
    return history.history_sheet(words, picture.network, picture.coverage, seen, builder.order.today, title)


def _before(builder: _Builder, done: Pass, tab: str, title: str) -> Before:
    cache: dict[str, Mapping[tuple[int, int], str]] = {}

    def roles() -> Mapping[tuple[int, int], str]:
        if "roles" not in cache:
            cache["roles"] = builder.roles(title)
        return cache["roles"]

    return Before(builder.memory.shown(tab), roles, {role: style.name for role, style in done.look.items()})


def _take(builder: _Builder, done: Pass, tab: str, plan: TabPlan) -> bool:
    """Take a plan over, unless something of people is in its way."""
    if plan.blocked:
        done.blocked += plan.blocked[:1]
        return False
    if plan.edits and (why := _why_stuck(builder, done, plan.edits[0])) is not None:
        title, reason = why
        done.stuck[title] = reason
        return False
    done.edits += plan.edits
    builder.soft += plan.soft
    done.overtyped += plan.overtyped
    if plan.memory:
        done.shown[tab] = plan.memory
    return True


def _why_stuck(
    builder: _Builder, done: Pass, edit: Edit
) -> tuple[str, tuple[str, Mapping[str, str | int]]] | None:
    """Say why a tab cannot be written, if so: it is protected, or the last try was refused."""
    title = edit.spot.tab if isinstance(edit, SetCell) else edit.tab if isinstance(edit, ResizeTable) else ""
    if title in builder.order.skip:
        return title, builder.order.skip[title]
    obstacle = done.snapshot.tab(title).obstacle if title else ""
    return (title, (obstacle, {"tab": title})) if obstacle else None


def _add(done: Pass, tab: str, edit: AddTab, memory: str = "") -> None:
    done.edits.append(edit)
    done.added.append(edit.design.title)
    done.shown[tab] = memory


def _fixed(builder: _Builder, done: Pass, code: str, design: TabDesign) -> None:
    title = builder.located.tabs.get((code, ""))
    if title is None:
        _add(done, code, AddTab(design), _memory_of(design))
        return
    tab = done.snapshot.tab(title)
    _take(builder, done, code, fixed(tab, design, _before(builder, done, code, title)))


def _once(builder: _Builder, done: Pass, code: str, design: TabDesign) -> None:
    """Make a tab that is not kept up to date."""
    if (code, "") not in builder.located.tabs:
        _add(done, code, AddTab(design))


def _memory_of(design: TabDesign, **more: object) -> str:
    """Write down what a new tab shows."""
    from netzwerk_sheets.grid import Tab
    from netzwerk_sheets.sheets.canvas import Canvas, print_of

    canvas = Canvas(Tab(design.title, {}), dict)
    canvas.now = {f"{row},{column}": print_of(cell.value) for (row, column), cell in design.cells.items()}
    return canvas.memory(**more)


def _computed(
    builder: _Builder, done: Pass, code: str, sheet: frame.RowSheet, around: frame.Surroundings
) -> None:
    seen = builder.located.tables.get(code)
    if seen is not None:
        _take(builder, done, code, computed(seen, sheet, _before(builder, done, code, seen.tab.title)))
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
            code in row.cells or code in row.live or (code == "id" and "id" in row.initial)
            for row in sheet.rows[:1]
        )
    }
    last = sheet.header_row + len(sheet.rows)
    cells = {
        (row, column): cell
        for (row, column), cell in design.cells.items()
        if (row, column) in sheet.intro or (sheet.header_row < row <= last and column in tool)
    }
    return replace(design, cells=cells)


def _settings_tab(builder: _Builder, done: Pass, title: str, around: frame.Surroundings) -> None:
    if ("settings", "") in builder.located.tabs:
        return
    table = schema.tables()["settings"]
    rows = builder.order.seeds.get("settings", {})
    _add(done, "settings", AddTab(inputs.input_tab(builder.words, table, rows, around, title)))


def _input(builder: _Builder, done: Pass, code: str, title: str, around: frame.Surroundings) -> None:
    """Plan a tab that people fill, or make it."""
    table = builder.tables.get(code)
    if table is None:
        if (code, "") in builder.located.tabs:
            return
        rows = builder.hubs.get(code, {})
        _add(done, code, AddTab(inputs.input_tab(builder.words, schema.tables()[code], rows, around, title)))
        done.absorbed[code, code] = {}
        done.bases[code, code] = rows
        return
    for replica, seen in table.seen.items():
        _merged_tab(builder, done, table, replica, None)
        if code in builder.order.take_over and name_for(code) not in done.snapshot.names:
            first = min(seen.columns.values(), default=1)
            done.edits.append(
                SetName(name_for(code), seen.tab.title, Area(seen.header_row, first, seen.header_row, first))
            )


def _merged_tab(
    builder: _Builder, done: Pass, table: Merged, replica: str, sheet: frame.RowSheet | None
) -> None:
    """Plan a replica of a merged table: what the merge brings, and what the tool computes beside it."""
    seen, snapshot = table.seen[replica], table.snapshots[replica]
    result = replace(table.result, hub=builder.hubs[table.table.code])
    ops: list[Op] = []
    if not result.held:
        ops = diff(project(result, snapshot, table.schema), snapshot)
    before = _before(builder, done, replica, seen.tab.title)
    styled = bool(ops) and _is_ours(before, seen.header_row)
    if (
        _take(builder, done, replica, merged(table.placed(replica), ops, before, sheet=sheet, styled=styled))
        and ops
    ):
        done.bases[replica, table.table.code] = confirm(result.bases, replica, ops)[replica]
        done.changes.setdefault(table.table.code, []).extend(losses(ops, replica))


def _is_ours(before: Before, header_row: int) -> bool:
    return any(row == header_row for row, _ in before.roles())


def _task_tab(
    builder: _Builder, done: Pass, code: str, owner: str, sheet: frame.RowSheet, around: frame.Surroundings
) -> None:
    """Plan a tab of tasks, or make it."""
    replica = home_of(code, owner)
    table = builder.tables.get("tasks")
    if table is not None and replica in table.seen:
        _merged_tab(builder, done, table, replica, sheet)
        return
    if (code, owner) in builder.located.tabs:
        return
    design = frame.design(builder.words, sheet, around)
    live = replace(sheet, rows=tuple(replace(row, cells={}, initial={}) for row in sheet.rows))
    _add(done, replica, AddTab(design), _memory_of(_tool_part(design, live)))
    shown = [column for column in sheet.columns if column not in {"id", *LIVE}]
    hub = builder.hubs["tasks"]
    rows = {
        row.key: {key: hub[row.key][key] for key in shown if hub[row.key].get(key) is not None}
        for row in sheet.rows
    }
    done.absorbed[replica, "tasks"] = {}
    done.bases[replica, "tasks"] = rows


def finish(done: Pass, marker: str) -> list[Edit]:
    """Give the edits with the marker of the run that writes them; empty where nothing is to be written."""
    return [*done.edits, SetMarker(marker)] if done.edits else []
