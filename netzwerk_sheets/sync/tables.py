"""Merge every table of a workbook with what was agreed before.

Every tab that shows rows of a table is a replica of it: the main tab, the tabs of working groups, and for tasks
each partner's sheet too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import (
    Change,
    ChangeKind,
    Column,
    Conventions,
    Health,
    IdNote,
    Kind,
    MergeResult,
    Owner,
    Reading,
    ReadRow,
    Requests,
    Row,
    Rows,
    Slice,
    Snapshot,
    State,
    TableSchema,
    counter,
    identify,
    known_ids,
    merge,
)
from netzwerk_sheets.merge.ids import number_of
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.filled import Placed
from netzwerk_sheets.sync.teams import HOME, SHARED_TASKS, Teams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from netzwerk_sheets.sheets.locate import SeenTable
    from netzwerk_sheets.sync.book import Book

KINDS = {
    "text": Kind.TEXT,
    "note": Kind.NOTE,
    "choice": Kind.ENUM,
    "choices": Kind.MULTI,
    "date": Kind.DATE,
    "number": Kind.NUMBER,
    "count": Kind.NUMBER,
    "yes_no": Kind.YES_NO,
    "ref": Kind.LINK,
    "refs": Kind.LINKS,
}
OTHER_IDS = {"tasks": r"[\w-]+\.T-[A-Z]+\d+(\.\d+)?", "task_templates": r"T-[A-Z]+\d+"}
CODED = frozenset({"task_templates"})
"""Tables whose ids are codes with a meaning, which people may choose."""

TASK_SHEETS = frozenset({"onboarding", "offboarding"})
"""Tabs of tasks that show those that belong there and no others."""


def is_merged(code: str) -> bool:
    """Say whether people fill the rows of a table, so that they are merged."""
    return bool(schema.tables()[code].prefix)


def home_of(place: str, owner: str) -> str:
    """Name a sheet."""
    return f"{place}.{owner}" if owner else place


@cache
def table_schema(code: str) -> TableSchema:
    """Say how a table merges."""
    table = schema.tables()[code]
    yes_no = schema.word_codes("yes_no")
    columns = tuple(
        Column(column.code, KINDS[column.kind], Owner(column.owner), column.group)
        for column in table.columns
        if column.code != "id" and column.code not in table.live
    )
    if table.code == "tasks":
        columns = (*columns, Column(HOME, Kind.TEXT, Owner.TOOL))
    return TableSchema(
        code=table.code,
        prefix=table.prefix,
        columns=columns,
        natural_key=tuple(key for key in table.key if key != "id"),
        aliases={
            column.code: schema.word_codes(column.of)
            for column in table.columns
            if column.kind in {"choice", "choices"}
        },
        conventions=Conventions(
            yes=frozenset(word for word, code in yes_no.items() if code == "yes"),
            no=frozenset(word for word, code in yes_no.items() if code == "no"),
        ),
        digits=table.digits or 3,
        other_ids=OTHER_IDS.get(table.code, ""),
    )


def _slice(seen: SeenTable, teams: Teams) -> Slice | None:
    """Say which part of its table a tab shows; `None` for the whole of it."""
    if seen.place == SHARED_TASKS:
        return Slice(
            lambda _row, cells: str(cells.get(HOME) or "").partition(".")[0] == SHARED_TASKS,
            lambda _cells: {HOME: SHARED_TASKS},
            lambda _cells: {HOME: None},
        )
    if seen.place in TASK_SHEETS:
        home = home_of(seen.place, seen.owner)
        return Slice(lambda _row, cells: cells.get(HOME) == home, lambda _cells: {HOME: home}, _no_home)
    return teams.part(seen.code, seen.owner) if seen.owner else None


def _no_home(_cells: Row) -> Row:
    return {HOME: None}


def _health(seen: SeenTable) -> Health:
    return Health.OK if seen.healthy else Health.HEADER_MISSING


def _rank(seen: SeenTable, replica: str) -> int:
    """Say whose version counts for now where people disagree: the smallest; the first workbook before others."""
    behind = seen.place == "tasks" and not seen.owner if seen.code == "tasks" else bool(seen.owner)
    return 2 * ("@" in replica) + behind


def reading(seen: SeenTable, replica: str, teams: Teams, agreed: Rows) -> Reading:
    """Turn a table as it stands in a tab into what merging reads.

    Nearly every row says what was agreed. It becomes that very row, so that whoever compares the two later sees it at
    once, and the copy is gone before the next one is made.
    """
    unknown, table = seen.unknown, schema.tables()[seen.code]
    merged = {column.code for column in table.columns} - {"id"} - table.live
    apart = seen.columns.keys() - merged - {"id"}
    rows = []
    for row in seen.rows:
        read = dict(row.cells)
        shows = read.pop("id", None)
        for column in apart:
            read.pop(column, None)
        known = agreed.get(shows) if isinstance(shows, str) else None
        cells = known if known is not None and known == read else read
        if unknown:
            raw = seen.tab.rows.get(row.number, {})
            rows.append(ReadRow(shows, cells, {f"{column}": raw[column] for column in unknown if column in raw}))
        else:
            rows.append(ReadRow(shows, cells))
    columns = frozenset(seen.columns) & merged
    return Reading(replica, _rank(seen, replica), tuple(rows), columns, _health(seen), _slice(seen, teams))


@dataclass(frozen=True, slots=True)
class Merged:
    """One table after merging.

    Attributes:
        seen: Replica → table as it stands in its tab.
        snapshots: Replica → its rows, each with its id.
        counter: The largest number ever given to a row.
    """

    table: schema.Table
    schema: TableSchema
    state: State
    result: MergeResult
    seen: Mapping[str, SeenTable]
    snapshots: Mapping[str, Snapshot]
    notes: tuple[IdNote, ...]
    new_id: Callable[[], str]
    counter: int

    @property
    def hub(self) -> Rows:
        """The merged rows."""
        return self.result.hub

    def placed(self, replica: str) -> Placed:
        """Say in which row of its tab each row stands."""
        seen, snapshot = self.seen[replica], self.snapshots[replica]
        numbers = [row.number for row in seen.rows]
        return Placed(seen, {row: numbers[place] for row, place in snapshot.places.items()})


def merge_table(
    code: str, tabs: Mapping[str, SeenTable], known: tuple[State, int], requests: Requests, teams: Teams
) -> Merged:
    """Merge one table.

    Args:
        code: Code of the table.
        tabs: Replica → every tab that shows rows of it.
        known: What was agreed before, and the largest number ever given to a row.
        requests: What people decided and confirmed.
        teams: Which rows belong to which working group.
    """
    state, highest = known
    table = schema.tables()[code]
    how = table_schema(code)
    readings = [reading(seen, replica, teams, state.bases.get(replica, {})) for replica, seen in tabs.items()]
    known_before = known_ids(state)
    typed = {
        found for each in readings for row in each.rows if row.id not in known_before and (found := how.read_id(row.id))
    }
    last = max([highest, *map(number_of, known_before), *map(number_of, typed)])
    new_id = counter(table.prefix, (), last, how.digits)
    identified = identify(
        readings, _with_codes(readings, state, how) if code in CODED else state, how, new_id, requests=requests
    )
    result = merge(state, identified.snapshots, how, requests)
    if code == "tasks":
        result = _take_away(result, state)
    snapshots = {each.replica: each for each in identified.snapshots}
    largest = max([last, *map(number_of, result.hub.keys() - known_before)])
    return Merged(table, how, state, result, tabs, snapshots, identified.notes, new_id, largest)


def _with_codes(readings: Iterable[Reading], state: State, how: TableSchema) -> State:
    """Take the codes that people chose for new rows for ids that are known: there they mean something."""
    chosen = {
        found: row.cells
        for each in readings
        for row in each.rows
        if (found := how.read_id(row.id)) and re.fullmatch(how.other_ids, found)
    }
    return replace(state, hub={**chosen, **state.hub})


def _take_away(result: MergeResult, state: State) -> MergeResult:
    """Let a task that people removed from its sheet be gone everywhere, unless someone just worked on it.

    It stays among the deleted rows, so that it is never made again.
    """
    if result.held:
        return result
    edited = {each.row for each in result.changes if each.kind in {ChangeKind.EDIT, ChangeKind.MERGE}}
    contested = {each.row for each in result.conflicts}
    gone = {row for _, row in result.left if row in result.hub} - edited - contested
    if not gone:
        return result
    sources = {row: replica for replica, row in reversed(result.left)}
    changes = [Change(row, "", None, None, sources[row], ChangeKind.DELETE) for row in sorted(gone)]
    return replace(
        result,
        hub={row: cells for row, cells in result.hub.items() if row not in gone},
        tombstones={**result.tombstones, **{row: state.hub.get(row, result.hub[row]) for row in gone}},
        changes=(*result.changes, *changes),
    )


FIRST = ("groups", "target_groups", "membership")
"""Tables that say which rows of the others belong to which group; they are merged before them."""


def merge_all(
    books: Iterable[Book],
    state_of: Callable[[str], tuple[State, int]],
    requests: Callable[[str, Callable[[], str]], Requests],
    new_conflict: Callable[[], str],
    teams_of: Callable[[Mapping[str, Merged]], Teams],
) -> tuple[dict[str, Merged], Teams]:
    """Merge every table that stands in a workbook of the network.

    Args:
        books: The workbooks, the first first, conflict copies last.
        state_of: Table code → what was agreed before, and the largest number ever given.
        requests: (table code, source of new conflict ids) → what people decided and confirmed.
        new_conflict: Hands out ids for conflicts, the same for all tables.
        teams_of: Working groups and membership, merged → which rows belong to which group.
    """
    tabs: dict[str, dict[str, SeenTable]] = {}
    for book in books:
        for seen in book.located.seen():
            # A conflict copy brings no table back whose tab people deleted.
            if is_merged(seen.code) and (seen.code in tabs or not book.aside):
                tabs.setdefault(seen.code, {})[book.replica(seen.place, seen.owner)] = seen
    order = [*(code for code in FIRST if code in tabs), *(code for code in tabs if code not in FIRST)]
    merged: dict[str, Merged] = {}
    teams = teams_of({})
    for code in order:
        merged[code] = merge_table(code, tabs[code], state_of(code), requests(code, new_conflict), teams)
        if code in FIRST:
            teams = teams_of(merged)
    # In the order of the schema: another program may have sorted the names by which tabs are found.
    return {code: merged[code] for code in schema.tables() if code in tabs}, teams
