"""An office in memory: people at four tabs of two workbooks, one store, one tool that may die at any step.

The store models the transactions of a real run (TX1: hub, bases and history; TX2: the journal of one write;
TX3: what is agreed after it), every tab models one atomic write together with the run's marker. Order::

    recover by markers → read all → merge → TX1 → per tab: drop ops on changed rows → TX2 → write if the tab
    is still as looked at → TX3

Everything people type is a token that exists once; `check` asks for every token that nobody who saw it has
replaced: does it stand in a tab, in the hub, in the trash, or in those lines of history that exist to keep it?
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import (
    ID,
    Change,
    ChangeKind,
    Choice,
    Column,
    Conflict,
    Conventions,
    Decision,
    Insert,
    Kind,
    MergeResult,
    Owner,
    Put,
    Reading,
    ReadRow,
    Remove,
    Requests,
    Slice,
    State,
    TableSchema,
    by_values,
    confirm,
    counter,
    diff,
    identify,
    invert,
    known_ids,
    losses,
    merge,
    project,
    propose,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COLUMNS = (
    Column("name"),
    Column("street", group="address"),
    Column("town", group="address"),
    Column("note", Kind.NOTE),
    Column("tags", Kind.MULTI),
    Column("team", Kind.ENUM),
    Column("light", Kind.NUMBER, Owner.TOOL),
    Column("since", Kind.TEXT, Owner.PROPOSES),
)
SCHEMA = TableSchema("needs", "B", COLUMNS, natural_key=("name",), conventions=Conventions())
TYPED = ("name", "street", "town", "note", "tags")
TOKEN = re.compile(r"tok\d+")
KEEPING = frozenset(
    {
        ChangeKind.OVERTYPED,
        ChangeKind.RESOLVE,
        ChangeKind.JOIN,  # somebody put the row into a group's tab, or took it out: their word on its group
        ChangeKind.LEAVE,
        ChangeKind.REMOVED,
        ChangeKind.UNDO,
        ChangeKind.DELETE,
    }
)


class Crash(Exception):
    """The tool dies here."""


class Violation(AssertionError):
    """An invariant does not hold."""


@dataclass(eq=False, slots=True)
class SheetRow:
    """A row people see: what the id cell shows, slot → value."""

    id: str | None
    cells: dict[str, object]
    past: dict[str, list[object]] = field(default_factory=dict)
    by_tool: set[str] = field(default_factory=set)  # slots whose value the tool wrote last

    def image(self) -> tuple[object, ...]:
        return self.id, tuple(sorted((k, str(v)) for k, v in self.cells.items() if v is not None))


@dataclass(eq=False, slots=True)
class Sheet:
    """A tab people work in."""

    name: str
    rank: int
    headings: dict[str, str]
    part: Slice | None = None
    rows: list[SheetRow] = field(default_factory=list)
    marker: int = 0
    writes: int = 0

    def image(self) -> tuple[object, ...]:
        return tuple(row.image() for row in self.rows), tuple(self.headings.items())


@dataclass(frozen=True, slots=True)
class Store:
    """What one database would hold; replaced as a whole, so every change of it is a transaction."""

    state: State = field(default_factory=State)
    proposed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    register: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    history: tuple[tuple[int, tuple[Change, ...]], ...] = ()
    pending: Mapping[str, tuple[int, tuple[object, ...]]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    highest: int = 0
    highest_conflict: int = 0
    run: int = 0


def team_slice(team: str) -> Slice:
    """Show the rows of one team; deleting a row empties its team."""
    return Slice(
        contains=lambda _row, row: row.get("team") == team,
        join=lambda row: {"team": team},
        leave=lambda row: {"team": None},
    )


@dataclass(slots=True)
class Flaws:
    """Mistakes in the order of steps that the tests make on purpose."""

    late_absorb: bool = False
    base_first: bool = False
    no_compare: bool = False
    no_marker: bool = False


class Office:
    """Four tabs, their people, and the tool."""

    def __init__(self, rows: int = 5) -> None:
        full = {c.key: c.key for c in COLUMNS}
        team = {key: key for key in ("name", "note", "tags", "team", "light")}
        self.sheets = [
            Sheet("A", 0, {**full, "mine": "mine"}),
            Sheet("G", 1, dict(full)),
            Sheet("X", 2, dict(team), team_slice("x")),
            Sheet("Y", 3, dict(team), team_slice("y")),
        ]
        self.store = Store()
        self.flaws = Flaws()
        self.tokens = 0
        self.given_up: dict[str, set[str]] = {}
        self._bin: tuple[Sheet, SheetRow] | None = None
        self._bin_tokens: set[str] = set()
        self.typed: set[str] = set()
        self.decisions: list[Decision] = []
        self.confirmed: set[str] = set()
        self.last: MergeResult | None = None
        self.ops_last = 0
        self.steps = 0
        self._plan: tuple[int | None, dict[int, Callable[[], None]]] = (None, {})
        for number in range(rows):
            row = SheetRow(None, {"name": self.token(), "team": ("x", "y", None)[number % 3], "note": self.token()})
            row.cells |= {"street": self.token(), "town": self.token(), "tags": self.token()}
            self.sheets[0].rows.append(row)
        self.run()
        self.run()

    # --- people ---------------------------------------------------------------------------------------

    def token(self) -> str:
        self.tokens += 1
        name = f"tok{self.tokens}"
        self.typed.add(name)
        return name

    def release(self, tab: Sheet, *values: object) -> None:
        """Note that somebody who saw these values in this tab gave them up."""
        for name in TOKEN.findall("\n".join(map(str, values))):
            self.given_up.setdefault(name, set()).add(tab.name)
            if self._bin is not None and self._bin[0] is not tab:
                self._bin_tokens.discard(name)

    def revive(self, tab: Sheet, *values: object) -> None:
        """Note that somebody typed these values again where they had been given up.

        Where others gave them up too, having seen them, they stay given up.
        """
        for name in TOKEN.findall("\n".join(map(str, values))):
            self.given_up.get(name, set()).discard(tab.name)

    def _waits(self, other: str, name: str) -> bool:
        """Say whether the replacement of a value in a tab has not been merged yet."""
        base = self.store.state.bases.get(other, {})
        return any(name in TOKEN.findall(str(value)) for row in base.values() for value in row.values())

    @property
    def released(self) -> set[str]:
        """Give the values that somebody who saw them gave up."""
        return {name for name, tabs in self.given_up.items() if tabs}

    def _row(self, sheet: int, row: int) -> tuple[Sheet, SheetRow | None]:
        tab = self.sheets[sheet % len(self.sheets)]
        return tab, tab.rows[row % len(tab.rows)] if tab.rows else None

    def set(self, tab: Sheet, row: SheetRow, slot: str, value: object) -> None:
        old = row.cells.get(slot)
        was, now = set(TOKEN.findall(str(old))), set(TOKEN.findall(str(value)))
        self.release(tab, *(was - now))
        self.revive(tab, *(now - was))
        if slot in row.by_tool:
            # Typed over what came from others: a word of its own, though others gave up the same word before.
            # Only who has replaced it and is not merged yet still has the right to: they saw it, too.
            for name in now - was:
                self.given_up[name] = {other for other in self.given_up.get(name, ()) if self._waits(other, name)}
        row.by_tool.discard(slot)
        row.past.setdefault(slot, []).append(old)
        if value is None:
            row.cells.pop(slot, None)
        else:
            row.cells[slot] = value

    def edit(self, sheet: int, row: int, column: int) -> None:
        """Type a new value over what stands there."""
        tab, target = self._row(sheet, row)
        slots = [s for s in (*TYPED, "since", "mine", "light") if s in tab.headings]
        if target is not None:
            self.set(tab, target, slots[column % len(slots)], self.token())

    def extend(self, sheet: int, row: int, *, tags: bool) -> None:
        """Add a line to a note or an item to a set."""
        tab, target = self._row(sheet, row)
        if target is not None:
            slot, joint = ("tags", ", ") if tags else ("note", "\n")
            old = target.cells.get(slot)
            self.set(tab, target, slot, self.token() if old is None else f"{old}{joint}{self.token()}")

    def trim(self, sheet: int, row: int) -> None:
        """Take the first item out of a set."""
        tab, target = self._row(sheet, row)
        if target is not None and target.cells.get("tags"):
            rest = str(target.cells["tags"]).split(", ")[1:]
            self.set(tab, target, "tags", ", ".join(rest) or None)

    def polish(self, sheet: int, row: int) -> None:
        """Change nothing but white space."""
        _tab, target = self._row(sheet, row)
        if target is not None and target.cells.get("name"):
            target.cells["name"] = f" {str(target.cells['name']).strip()}\u00a0"

    def clear(self, sheet: int, row: int, column: int) -> None:
        """Empty a cell."""
        tab, target = self._row(sheet, row)
        if target is not None:
            self.set(tab, target, TYPED[column % len(TYPED)], None)

    def revert(self, sheet: int, row: int, column: int) -> None:
        """Put back what stood there before."""
        tab, target = self._row(sheet, row)
        slot = TYPED[column % len(TYPED)]
        if target is not None and target.past.get(slot):
            self.set(tab, target, slot, target.past[slot][-1])

    def assign(self, sheet: int, row: int, team: int) -> None:
        """Give a row to a team."""
        _tab, target = self._row(sheet, row)
        if target is not None:
            target.cells["team"] = ("x", "y", None)[team % 3]
            if target.cells["team"] is None:
                del target.cells["team"]

    def add(self, sheet: int) -> None:
        """Type a new row."""
        tab = self.sheets[sheet % len(self.sheets)]
        tab.rows.append(SheetRow(None, {"name": self.token(), "note": self.token()}))

    def delete(self, sheet: int, row: int) -> None:
        """Delete a row."""
        tab, target = self._row(sheet, row)
        if target is not None and len(tab.rows) > 1:
            self._bin, self._bin_tokens = None, set()
            shown = set(TOKEN.findall(" ".join(map(str, target.cells.values()))))
            self._bin_tokens = {name for name in shown if tab.name not in self.given_up.get(name, ())}
            self.release(tab, *shown)
            tab.rows.remove(target)
            self._bin = (tab, target)

    def undelete(self) -> None:
        """Press Ctrl+Z after a deletion."""
        if self._bin is not None:
            tab, target = self._bin
            self._bin = None
            tab.rows.append(target)
            self.revive(tab, *self._bin_tokens)

    def sort(self, sheet: int) -> None:
        """Sort a tab."""
        self.sheets[sheet % len(self.sheets)].rows.sort(key=lambda row: str(row.cells.get("name")), reverse=True)

    def copy(self, sheet: int, row: int, *, first: bool) -> None:
        """Copy a row, id and all, and go on typing in one of the two."""
        tab, target = self._row(sheet, row)
        if target is not None:
            twin = SheetRow(target.id, dict(target.cells))
            tab.rows.insert(tab.rows.index(target) + (not first), twin)
            twin.cells["note"] = self.token()

    def unname(self, sheet: int, row: int) -> None:
        """Clear an id."""
        _tab, target = self._row(sheet, row)
        if target is not None:
            target.id = None

    def rename(self, sheet: int, row: int, number: int) -> None:
        """Type another id, one that exists or one that never did."""
        _tab, target = self._row(sheet, row)
        if target is not None:
            target.id = f"B-{1 + number % 12:03d}"

    def cut(self, sheet: int, row: int, to: int) -> None:
        """Cut a row and paste it into another tab."""
        tab, target = self._row(sheet, row)
        other = self.sheets[to % len(self.sheets)]
        if target is None or other is tab or len(tab.rows) < 2:
            return
        tab.rows.remove(target)
        if target.id is not None and any(row.id == target.id for row in tab.rows):
            # A copy was typed into and the original taken away: what is left under this id is simply an edited row.
            self.release(tab, *target.cells.values())
        lost = [slot for slot in target.cells if slot not in other.headings]
        self.release(tab, *(target.cells[slot] for slot in lost))
        other.rows.append(SheetRow(target.id, {s: v for s, v in target.cells.items() if s not in lost}))

    def rename_heading(self, sheet: int, column: int) -> None:
        """Give a column another heading, or its own again."""
        tab = self.sheets[sheet % len(self.sheets)]
        slot = TYPED[column % len(TYPED)]
        if slot in tab.headings:
            tab.headings[slot] = slot if tab.headings[slot] != slot else f"heading {slot} {tab.name}"

    def lose_heading(self, sheet: int, column: int) -> None:
        """Delete a heading by mistake, or put it back."""
        tab = self.sheets[sheet % len(self.sheets)]
        slot = TYPED[column % len(TYPED)]
        if slot in tab.headings:
            tab.headings[slot] = slot if tab.headings[slot] == "" else ""

    def decide(self, number: int, choice: int) -> None:
        """Decide a conflict as the last run showed it."""
        if self.store.conflicts:
            conflict = self.store.conflicts[number % len(self.store.conflicts)]
            chosen = (Choice.A, Choice.B, Choice.C, Choice.BOTH, Choice.OWN)[choice % 5]
            value = self.token() if chosen is Choice.OWN else None
            if value is not None:
                self.given_up[value] = {"desk"}  # it counts once it is carried out
            self.decisions.append(Decision(conflict.id, chosen, conflict.digest, value))

    def undo(self, back: int) -> None:
        """Undo a run."""
        if not self.store.history:
            return
        _run, changes = self.store.history[-1 - back % len(self.store.history)]
        state = self.store.state
        undone = invert(changes, state.hub, state.tombstones)
        number = self.store.run + 1
        self.store = replace(
            self.store,
            state=replace(state, hub=undone.hub, tombstones=undone.tombstones),
            history=(*self.store.history, (number, undone.changes)),
            run=number,
        )

    # --- the tool -------------------------------------------------------------------------------------

    def _step(self) -> None:
        self.steps += 1
        crash_at, acts = self._plan
        if self.steps in acts:
            acts[self.steps]()
        if crash_at == self.steps:
            raise Crash

    def run(self, crash_at: int | None = None, acts: Mapping[int, Callable[[], None]] | None = None) -> bool:
        """Let the tool run once; give whether it came to its end."""
        self.steps = 0
        self._plan = (crash_at, dict(acts or {}))
        try:
            self._run()
        except Crash:
            return False
        return True

    def _run(self) -> None:
        self._recover()
        self._step()
        readings, sources = self._read()
        self._step()
        self._merge(readings)
        self._step()
        if self.last is None or self.last.held:
            return
        for sheet in self.sheets:
            self._write(sheet, sources[sheet.name])

    def _recover(self) -> None:
        state, bases = self.store.state, self.store.state.bases
        for sheet in self.sheets:
            pending = self.store.pending.get(sheet.name)
            if pending is not None and sheet.marker == pending[0] and not self.flaws.no_marker:
                bases = confirm(bases, sheet.name, pending[1])
        self.store = replace(self.store, state=replace(state, bases=bases), pending={})

    def _columns(self, sheet: Sheet) -> tuple[dict[str, str], dict[str, str]]:
        slots = list(sheet.headings)
        base = self.store.state.bases.get(sheet.name, {})
        known = [row for row in sheet.rows if row.id in base]
        labels = {c.key: (c.key, *self.store.aliases.get(c.key, ())) for c in COLUMNS if c.key in slots}
        texts = [sheet.headings[slot] for slot in slots]
        if all(text in labels or text == "mine" for text in texts):  # the usual case, and much quicker
            return {slot: slot for slot in slots if slot in labels}, {}
        places = {key: texts.index(next(name for name in names if name in texts))
                  for key, names in labels.items() if set(names) & set(texts)}  # fmt: skip
        named = {name for names in labels.values() for name in names}
        renamed = by_values(
            [key for key in labels if key not in places],
            [place for place, text in enumerate(texts) if text and text not in named],
            {place: [row.cells.get(slot) for row in known] for place, slot in enumerate(slots)},
            {key: [base[str(row.id)].get(key) for row in known] for key in labels},
            SCHEMA,
        )
        found = {slots[place]: key for key, place in (places | renamed).items()}
        return found, {key: texts[place] for key, place in renamed.items()}

    def _read(self) -> tuple[list[Reading], dict[str, list[tuple[SheetRow, tuple[object, ...]]]]]:
        readings, sources = [], {}
        aliases = dict(self.store.aliases)
        self._slots: dict[str, dict[str, str]] = {}
        for sheet in self.sheets:
            columns, renamed = self._columns(sheet)
            for key, text in renamed.items():
                aliases[key] = (*aliases.get(key, ()), text)
            rows = [
                ReadRow(
                    row.id,
                    {columns[s]: v for s, v in row.cells.items() if s in columns and v is not None},
                    {s: v for s, v in row.cells.items() if s not in columns and v is not None},
                )
                for row in sheet.rows
            ]
            readings.append(Reading(sheet.name, sheet.rank, rows, frozenset(columns.values()), part=sheet.part))
            sources[sheet.name] = [(row, row.image()) for row in sheet.rows]
            self._slots[sheet.name] = {key: slot for slot, key in columns.items()}
        self.store = replace(self.store, aliases=aliases)
        return readings, sources

    def _merge(self, readings: list[Reading]) -> None:
        store, state = self.store, self.store.state
        new_id = counter("B", known_ids(state), store.highest)
        new_conflict = counter("KF", store.register.values(), store.highest_conflict)
        decisions = tuple(self.decisions)
        requests = Requests(decisions, store.register, new_conflict, frozenset(self.confirmed))
        self.identified = identify(readings, state, SCHEMA, new_id, requests=requests)
        result = merge(state, self.identified.snapshots, SCHEMA, requests)
        wanted = {row: self._computed(cells) for row, cells in result.hub.items()}
        computed = propose(result.hub, wanted, store.proposed, SCHEMA)
        if result.held:
            self.last = result
            self.store = replace(store, conflicts=result.conflicts, register=result.register)
            return
        self.last = replace(result, hub=computed.hub)
        changes = (*result.changes, *computed.changes)
        bases = state.bases if self.flaws.late_absorb else result.bases
        for decision in self.decisions:
            if any(c.kind is ChangeKind.RESOLVE and c.after == decision.value for c in changes):
                for name in TOKEN.findall(str(decision.value)):
                    self.given_up[name].discard("desk")
        self.decisions = []
        used = known_ids(State(result.hub, result.bases, result.tombstones))
        self.store = replace(
            store,
            state=State(computed.hub, bases, result.tombstones, result.proposals),
            proposed=computed.proposed,
            register=result.register,
            conflicts=result.conflicts,
            history=(*store.history, (store.run + 1, changes)) if changes else store.history,
            highest=max(store.highest, *(int(row[2:]) for row in used), 0),
            highest_conflict=max([store.highest_conflict, *(int(c.id[3:]) for c in result.conflicts)]),
            run=store.run + 1,
        )

    @staticmethod
    def _computed(cells: Mapping[str, object]) -> dict[str, object]:
        return {
            "light": len(str(cells.get("tags") or "").split(", ")),
            "since": f"{len(str(cells.get('name') or ''))} days",
        }

    def _write(self, sheet: Sheet, source: list[tuple[SheetRow, tuple[object, ...]]]) -> None:
        snapshot = next(s for s in self.identified.snapshots if s.replica == sheet.name)
        ops = diff(project(self.last, snapshot, SCHEMA), snapshot)
        places = {row: source[index] for row, index in snapshot.places.items()}
        if not self.flaws.no_compare:
            ops = [op for op in ops if self._still(sheet, op, places)]
        self.ops_last += len(ops)
        if not ops:
            return
        looked_at = sheet.image()
        if self.flaws.base_first:
            self._agree(sheet, ops)
        self.store = replace(self.store, pending={**self.store.pending, sheet.name: (self.store.run, tuple(ops))})
        self._step()
        if sheet.image() != looked_at and not self.flaws.no_compare:
            return  # somebody saved in between: nothing is written, the next run begins anew
        self._carry_out(sheet, ops, places)
        self._step()
        history = (*self.store.history, (self.store.run, tuple(losses(ops, sheet.name))))
        self.store = replace(self.store, history=history)
        if not self.flaws.base_first:
            self._agree(sheet, ops)
        self.store = replace(self.store, pending={k: v for k, v in self.store.pending.items() if k != sheet.name})
        self._step()

    def _agree(self, sheet: Sheet, ops: list[object]) -> None:
        state = self.store.state
        bases = state.bases
        if self.flaws.late_absorb:
            bases = {**bases, sheet.name: self.last.bases[sheet.name]}
        self.store = replace(self.store, state=replace(state, bases=confirm(bases, sheet.name, ops)))

    @staticmethod
    def _still(sheet: Sheet, op: object, places: Mapping[str, tuple[SheetRow, tuple[object, ...]]]) -> bool:
        """Say whether the row is as it was read."""
        if isinstance(op, Insert):
            return True
        row, image = places[op.row]
        return row in sheet.rows and row.image() == image

    def _carry_out(self, sheet: Sheet, ops: list[object], places: Mapping[str, tuple[SheetRow, object]]) -> None:
        """Write into a tab, marker included: one atomic step."""
        slots = self._slots[sheet.name]
        # What leaves a tab with its row is journalled before the write; a crash must not lose it.
        self._journalled = tuple(losses(ops, sheet.name))
        self.store = replace(self.store, history=(*self.store.history, (self.store.run, self._journalled)))
        for op in ops:
            if isinstance(op, Insert):
                cells = {slots[key]: value for key, value in op.cells.items()}
                sheet.rows.append(SheetRow(op.row, cells, by_tool=set(cells)))
            elif isinstance(op, Remove):
                if places[op.row][0] in sheet.rows:
                    sheet.rows.remove(places[op.row][0])
            elif isinstance(op, Put):
                self._put(places[op.row][0], op, slots)
        sheet.marker = self.store.run
        sheet.writes += 1

    @staticmethod
    def _put(row: SheetRow, op: Put, slots: Mapping[str, str]) -> None:
        if op.column == ID:
            row.id = str(op.new)
            return
        row.past.setdefault(slots[op.column], []).append(op.expected)
        row.by_tool.add(slots[op.column])
        if op.new is None:
            row.cells.pop(slots[op.column], None)
        else:
            row.cells[slots[op.column]] = op.new

    # --- oracles --------------------------------------------------------------------------------------

    def check(self) -> None:
        """Find every token that must not be lost."""
        parts: list[str] = []
        for sheet in self.sheets:
            parts += [str(v) for row in sheet.rows for v in row.cells.values()]
        state = self.store.state
        for rows in (state.hub, state.tombstones):
            parts += [str(v) for row in rows.values() for v in row.values()]
        for _run, changes in self.store.history:
            parts += [str(c.before) for c in changes if c.kind in KEEPING]
        lost = self.typed - self.released - set(TOKEN.findall("\n".join(parts)))
        if lost:
            raise Violation(f"NO-LOSS: {sorted(lost)}")

    def settle(self) -> None:
        """Let everybody rest: the tool must come to rest as well, and everything must be the same everywhere."""
        for _attempt in range(8):
            self.ops_last = 0
            before = self.store
            self.run()
            self.check()
            if self.last.held or self.last.brakes:
                self.confirmed = {brake.token for brake in self.last.brakes}
            elif not self.ops_last and self.store.history == before.history:
                break
        else:
            raise Violation(f"CONVERGE: still {self.ops_last} edits, {self.store.history[-1]}")
        self._same_everywhere()

    def _same_everywhere(self) -> None:
        """Compare what people see with the hub, cells in conflict aside."""
        state = self.store.state
        open_cells = {(c.row, c.column) for c in self.store.conflicts}
        for sheet in self.sheets:
            ids = [row.id for row in sheet.rows if row.id is not None]
            if len(ids) != len(set(ids)):
                raise Violation("CONVERGE: an id stands twice")
            slots = self._slots[sheet.name]
            shown = {
                row.id: row.cells
                for row in sheet.rows
                # A row that says nothing in columns that can be read is not taken in; its id alone is no row.
                if row.id in state.bases[sheet.name] or any(row.cells.get(slot) is not None for slot in slots.values())
            }
            missing = set(state.proposals.get(sheet.name, {}).values())
            for row, cells in state.hub.items():
                if row in missing:
                    continue
                belongs = sheet.part is None or sheet.part.contains(row, cells)
                if not belongs:
                    if row in shown and not any(c.row == row for c in self.store.conflicts):
                        raise Violation(f"SLICE-SOUND: {row} stands in {sheet.name}")
                    continue
                if row not in shown:
                    raise Violation(f"CONVERGE: {row} is missing in {sheet.name}")
                for key, slot in slots.items():
                    if (row, key) not in open_cells and cells.get(key) != shown[row].get(slot):
                        raise Violation(
                            f"CONVERGE: {row}.{key} in {sheet.name}: {cells.get(key)} / {shown[row].get(slot)}"
                        )
            if extra := shown.keys() - state.hub.keys():
                raise Violation(f"CONVERGE: {extra} stand in {sheet.name} only")
