"""How a tab comes into a pass: made where it is missing, else only what differs, unless people are in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import AddTab, Area, Edit, FollowChart, ResizeTable, SetCell, SetName, Tab, TabDesign
from netzwerk_sheets.merge import Change, ChangeKind, Op, confirm, diff, losses, project
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.canvas import Canvas, print_of
from netzwerk_sheets.sheets.charts import remembered
from netzwerk_sheets.sheets.computed import computed, wanted_key
from netzwerk_sheets.sheets.filled import merged
from netzwerk_sheets.sheets.locate import name_for
from netzwerk_sheets.sheets.plan import Before, TabPlan, fixed
from netzwerk_sheets.sheets.render import frame, inputs
from netzwerk_sheets.state.past import FIRST
from netzwerk_sheets.sync.rounds import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.merge import Rows
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.order import Pass
    from netzwerk_sheets.sync.tables import Merged


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
    for spot, typed in (*plan.overtyped, *plan.replaced):
        # Where nobody remembers what the tool showed, its own old words are kept like those of people; no news that is.
        unknown = "" if builder.memory.shown(tab) else FIRST
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


def _add(builder: Builder, done: Pass, code: str, design: TabDesign, memory: str = "", owner: str = "") -> None:
    """Make a tab; `memory` is what the next run must know of it."""
    done.edits.append(AddTab(design))
    done.added.append(design.title)
    done.shown[builder.book.replica(code, owner)] = memory


def _agree(builder: Builder, done: Pass, place: tuple[str, str], code: str, rows: Rows) -> None:
    """Note that a new tab shows these rows of a table once it is written, and none before."""
    replica = builder.book.replica(*place)
    done.absorbed[replica, code] = {}
    done.bases[replica, code] = rows


def plan_fixed(builder: Builder, done: Pass, code: str, design: TabDesign) -> None:
    """Plan a tab whose cells have fixed places, or make it."""
    title = builder.located.tabs.get((code, ""))
    if title is None:
        _add(builder, done, code, design, _memory_of(design))
        return
    tab, replica = done.snapshot.tab(title), builder.book.replica(code)
    _take(builder, done, replica, fixed(tab, design, _before(builder, done, replica, title)))


def plan_once(builder: Builder, done: Pass, code: str, design: TabDesign) -> None:
    """Make a tab that is not kept up to date."""
    if (code, "") not in builder.located.tabs:
        _add(builder, done, code, design)


def _memory_of(design: TabDesign, **more: object) -> str:
    """Write down what a new tab shows."""
    canvas = Canvas(Tab(design.title, {}), dict)
    canvas.now = {f"{row},{column}": print_of(cell.value) for (row, column), cell in design.cells.items()}
    if design.charts:
        more["charts"] = remembered(design.charts)
    return canvas.memory(**more)


def plan_computed(
    builder: Builder, done: Pass, code: str, sheet: frame.RowSheet, around: frame.Surroundings
) -> Mapping[str, int]:
    """Plan a tab of computed rows, or make it; gives where the rows of one that is there will stand."""
    seen = builder.located.tables.get(code)
    if seen is not None:
        replica = builder.book.replica(code)
        plan = computed(seen, sheet, _before(builder, done, replica, seen.tab.title))
        return plan.rows if _take(builder, done, replica, plan) else {}
    if (code, "") not in builder.located.tabs:
        design = frame.design(builder.words, sheet, around)
        order = [wanted_key(sheet, row) for row in sheet.rows]
        _add(builder, done, code, design, _memory_of(_tool_part(design, sheet), order=order))
    return {}


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


def plan_settings(builder: Builder, done: Pass, title: str, around: frame.Surroundings) -> None:
    """Make the tab of settings where it is missing; later it belongs to people."""
    if ("settings", "") in builder.located.tabs:
        return
    table = schema.tables()["settings"]
    known = builder.books[0].located.tables.get("settings")
    rows = {str(row.number): row.cells for row in known.rows} if known else builder.order.seeds.get("settings", {})
    _add(builder, done, "settings", inputs.input_tab(builder.words, table, rows, around, title))


def plan_input(builder: Builder, done: Pass, code: str, owner: str, around: frame.Surroundings) -> None:
    """Plan a tab that people fill, or make it; a group's own shows the rows that belong to the group."""
    table, replica = builder.tables.get(code), builder.book.replica(code, owner)
    if table is None or replica not in table.seen:
        if (code, owner) in builder.located.tabs or not builder.book.grows:
            return
        rows = rows_of(builder, code, owner) if owner else builder.hubs.get(code, {})
        title = builder.titles[code, owner]
        design = inputs.input_tab(builder.words, schema.tables()[code], rows, around, title, owner)
        _add(builder, done, code, design, owner=owner)
        _agree(builder, done, (code, owner), code, rows)
        return
    _merged(builder, done, table, replica, None)
    if not owner and code in builder.order.take_over and name_for(code) not in done.snapshot.names:
        seen = table.seen[replica]
        first = min(seen.columns.values(), default=1)
        done.edits.append(SetName(name_for(code), seen.tab.title, Area(seen.header_row, first, seen.header_row, first)))


def ops_of(builder: Builder, table: Merged, replica: str) -> list[Op]:
    """Say what must change in a tab so that it shows what was merged."""
    result, snapshot = replace(table.result, hub=builder.hubs[table.table.code]), table.snapshots[replica]
    return [] if result.held else diff(project(result, snapshot, table.schema), snapshot)


def _merged(builder: Builder, done: Pass, table: Merged, replica: str, sheet: frame.RowSheet | None) -> None:
    """Plan a replica of a merged table: what the merge brings, and what the tool computes beside it."""
    seen = table.seen[replica]
    ops = ops_of(builder, table, replica)
    before = _before(builder, done, replica, seen.tab.title)
    styled = bool(ops) and _is_ours(before, seen.header_row)
    if _take(builder, done, replica, merged(table.placed(replica), ops, before, sheet=sheet, styled=styled)) and ops:
        done.bases[replica, table.table.code] = confirm(table.result.bases, replica, ops)[replica]
        done.changes.setdefault(table.table.code, []).extend(losses(ops, replica))


def _is_ours(before: Before, header_row: int) -> bool:
    return any(row == header_row for row, _ in before.roles())


def plan_sheet(
    builder: Builder, done: Pass, code: str, owner: str, sheet: frame.RowSheet, around: frame.Surroundings
) -> None:
    """Plan a tab that shows merged rows beside what the tool computes, or make it."""
    replica = builder.book.replica(code, owner)
    table = builder.tables.get(sheet.table.code)
    if table is not None and replica in table.seen:
        _merged(builder, done, table, replica, sheet)
        return
    if (code, owner) in builder.located.tabs:
        return
    design = frame.design(builder.words, sheet, around)
    own = {column.code for column in sheet.table.columns if column.owner == "tool"}
    kept = [{code: cell for code, cell in row.cells.items() if code in own} for row in sheet.rows]
    live = replace(
        sheet, rows=tuple(replace(row, cells=cells, initial={}) for row, cells in zip(sheet.rows, kept, strict=True))
    )
    _add(builder, done, code, design, _memory_of(_tool_part(design, live)), owner)
    shown = [column for column in sheet.columns if column not in {"id", *own}]
    hub = builder.hubs[sheet.table.code]
    rows = {
        row.key: {key: hub[row.key][key] for key in shown if hub[row.key].get(key) is not None} for row in sheet.rows
    }
    _agree(builder, done, (code, owner), sheet.table.code, rows)
