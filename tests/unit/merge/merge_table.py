"""A small table and one run of the tool over it, for tests of the pure merge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import (
    Change,
    Column,
    Conventions,
    Health,
    Identified,
    Insert,
    Kind,
    MergeResult,
    Op,
    Owner,
    Put,
    Reading,
    ReadRow,
    Remove,
    Requests,
    Slice,
    State,
    TableSchema,
    confirm,
    counter,
    diff,
    identify,
    known_ids,
    merge,
    project,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONVENTIONS = Conventions(yes=frozenset({"true", "wahr", "ja", "x"}), no=frozenset({"false", "falsch", "nein"}))
PARTNERS = TableSchema(
    "partners",
    "P",
    (
        Column("name"),
        Column("town"),
        Column("status", Kind.ENUM),
        Column("note", Kind.NOTE),
        Column("tags", Kind.MULTI),
        Column("size", Kind.NUMBER),
        Column("since", Kind.DATE),
        Column("active", Kind.YES_NO),
        Column("phone", Kind.IDLIKE),
        Column("lead", Kind.LINK),
        Column("street", group="address"),
        Column("postcode", Kind.IDLIKE, group="address"),
        Column("light", Kind.NUMBER, Owner.TOOL),
        Column("mentions", Kind.NUMBER, Owner.PROPOSES),
    ),
    natural_key=("name", "town"),
    aliases={"status": {"aktiv": "active", "active": "active", "ruhend": "resting"}},
    conventions=CONVENTIONS,
)
ALL = frozenset(PARTNERS.by_key)


def team(name: str) -> Slice:
    """Show the rows that bear a tag; deleting a row takes the tag away."""

    def tags(row: Mapping[str, object]) -> list[str]:
        return [item for item in str(row.get("tags") or "").split(", ") if item]

    return Slice(
        contains=lambda _row, row: name in tags(row),
        join=lambda row: {"tags": ", ".join([*tags(row), name])},
        leave=lambda row: {"tags": ", ".join(item for item in tags(row) if item != name) or None},
    )


def town(name: str) -> Slice:
    """Show the rows of one town; deleting a row empties the town."""
    return Slice(
        contains=lambda _row, row: row.get("town") == name,
        join=lambda row: {"town": name},
        leave=lambda row: {"town": None},
    )


@dataclass(frozen=True)
class Tab:
    """What stands in one tab: (id shown, cells), in order."""

    rows: Sequence[tuple[object, Mapping[str, object]]]
    columns: frozenset[str] = ALL
    health: Health = Health.OK
    part: Slice | None = None
    rank: int | None = None
    private: Mapping[int, Mapping[str, object]] | None = None


@dataclass(frozen=True)
class Synced:
    """One run: what was found, what was merged, what was written, and the state after it."""

    identified: Identified
    result: MergeResult
    ops: Mapping[str, list[Op]]
    tabs: Mapping[str, Tab]
    state: State

    def rows(self, replica: str) -> dict[object, dict[str, object]]:
        return {row: dict(cells) for row, cells in self.tabs[replica].rows}

    def kinds(self) -> list[str]:
        return [change.kind.value for change in self.result.changes]

    def cell_changes(self) -> list[Change]:
        return [change for change in self.result.changes if change.column]

    @property
    def quiet(self) -> bool:
        return not any(self.ops.values()) and not self.result.changes


def full(rows: Mapping[str, Mapping[str, object]], **changes: object) -> Tab:
    """Show rows as they are."""
    return Tab([(row, dict(cells)) for row, cells in rows.items()], **changes)


def agreed(rows: Mapping[str, Mapping[str, object]], *replicas: str) -> State:
    """Give the state in which all replicas show these rows."""
    names = replicas or ("A", "B")
    return State(
        {row: dict(cells) for row, cells in rows.items()},
        {name: {row: dict(cells) for row, cells in rows.items()} for name in names},
    )


def edited(rows: Mapping[str, Mapping[str, object]], row: str, **cells: object) -> dict[str, dict[str, object]]:
    """Give rows with one of them edited; `None` empties a cell."""
    changed = {name: dict(values) for name, values in rows.items()}
    changed[row] = {k: v for k, v in {**changed[row], **cells}.items() if v is not None}
    return changed


def read(tabs: Mapping[str, Tab]) -> list[Reading]:
    """Read every tab; ranks follow the order of names unless given."""
    readings = []
    for place, (name, tab) in enumerate(sorted(tabs.items())):
        private = tab.private or {}
        rows = [
            ReadRow(
                shown,
                {k: v for k, v in cells.items() if k in tab.columns and v is not None},
                private.get(i, {}),
            )
            for i, (shown, cells) in enumerate(tab.rows)
        ]
        rank = place if tab.rank is None else tab.rank
        readings.append(Reading(name, rank, rows, tab.columns, tab.health, tab.part))
    return readings


def sync(
    state: State,
    tabs: Mapping[str, Tab],
    schema: TableSchema = PARTNERS,
    requests: Requests | None = None,
    *,
    erased: frozenset[str] = frozenset(),
) -> Synced:
    """Let the tool run once over all tabs."""
    requests = requests or Requests()
    if requests.new_conflict is None:
        requests = replace(requests, new_conflict=counter("KF", requests.register.values()))
    new_id = counter(schema.prefix, known_ids(state))
    identified = identify(read(tabs), state, schema, new_id, requests=requests, erased=erased)
    result = merge(state, identified.snapshots, schema, requests)
    ops, after, bases = {}, {}, result.bases
    for snapshot in identified.snapshots:
        name = snapshot.replica
        ops[name] = diff(project(result, snapshot, schema), snapshot)
        after[name] = written(tabs[name], ops[name], snapshot.places)
        bases = confirm(bases, name, ops[name])
    after_state = State(result.hub, bases, result.tombstones, result.proposals)
    return Synced(identified, result, ops, after, after_state)


def written(tab: Tab, ops: Sequence[Op], places: Mapping[str, int]) -> Tab:
    """Carry edits out in a tab; every edit must find what it expects."""
    rows = [[shown, dict(cells)] for shown, cells in tab.rows]
    gone = set()
    for op in ops:
        if isinstance(op, Insert):
            rows.append([op.row, dict(op.cells)])
        elif isinstance(op, Remove):
            seen = {k: v for k, v in rows[places[op.row]][1].items() if k in tab.columns and v is not None}
            assert seen == dict(op.expected)
            gone.add(places[op.row])
        else:
            _put(rows[places[op.row]], op)
    return replace(tab, rows=[(shown, cells) for i, (shown, cells) in enumerate(rows) if i not in gone])


def _put(row: list[object], op: Put) -> None:
    if op.column == "id":
        assert row[0] == op.expected
        row[0] = op.new
        return
    cells = row[1]
    assert cells.get(op.column) == op.expected
    if op.new is None:
        cells.pop(op.column, None)
    else:
        cells[op.column] = op.new
