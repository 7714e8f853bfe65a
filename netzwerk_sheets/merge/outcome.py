"""What comes out of a merge: the new hub, what changed and why, what people must decide."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Formula, Value
from netzwerk_sheets.merge.rows import Row, RowId, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class ChangeKind(Enum):
    """Why a value changed, or what was done with it."""

    EDIT = "edit"
    MERGE = "merge"
    INSERT = "insert"
    DELETE = "delete"
    RESTORE = "restore"  # a row somebody deleted, kept because of `Change.reason`
    RESURRECT = "resurrect"  # a deleted row that came back
    JOIN = "join"  # the row now belongs to the tab it was put in
    LEAVE = "leave"  # the row no longer belongs to the tab it was deleted from
    RESOLVE = "resolve"
    CONTRADICT = "contradict"  # another version of a cell, for people to decide; the hub did not take it
    OVERTYPED = "overtyped"  # typed into a computed cell; only the history keeps it
    FORMULA = "formula"  # a formula typed into an input cell; its result was taken
    DROP = "drop"  # the cell's column was given up
    REMOVED = "removed"  # left a tab together with its row
    TOOL = "tool"
    UNDO = "undo"
    ERASE = "erase"  # a person was erased; nobody remembers what stood there


@dataclass(frozen=True, slots=True)
class Change:
    """One line of history.

    Attributes:
        row: The row.
        column: The column; empty for the row as a whole.
        before: The old value.
        after: The new value.
        source: Code of the replica it came from; empty for the tool.
        kind: Why.
        reason: Code of a detail: ``edited``, ``unseen``, ``referenced`` for rows kept, the origin's id for
            copies.
    """

    row: RowId
    column: str
    before: Value
    after: Value
    source: str
    kind: ChangeKind
    reason: str = ""


class ConflictKind(Enum):
    """What people disagree about."""

    CELL = "cell"
    COLUMN = "column"  # one side gave the column up, another wrote into it
    IDENTITY = "identity"  # two rows may be the same one


ConflictKey = tuple[RowId, str, str]
"""Row, column and kind: as long as it stands, a conflict keeps its id."""


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a value in conflict.

    Attributes:
        replica: Where it stands (the first by rank, where several agree); empty where only the hub holds it.
        value: As typed.
    """

    replica: str
    value: Value


@dataclass(frozen=True, slots=True)
class Conflict:
    """A question for people. It is derived anew in every run and vanishes by itself when people agree.

    Attributes:
        id: ``KF-012``; the same as long as the conflict stands.
        base: What stood there before; `None` also where nobody knows.
        sides: Version A (what the hub holds for now), B, C …
        group: Column group the cell belongs to; a decision for one of its cells holds for all that have none.
        digest: Of the sides; a decision made on other values is not carried out.
    """

    id: str
    row: RowId
    column: str
    kind: ConflictKind
    base: Value
    sides: tuple[Side, ...]
    group: str = ""
    digest: str = ""

    @property
    def key(self) -> ConflictKey:
        """Give what stays the same while the conflict stands."""
        return self.row, self.column, self.kind.value


class Choice(Enum):
    """How a conflict is decided."""

    OPEN = "open"
    A = "a"
    B = "b"
    C = "c"
    BOTH = "both"
    OWN = "own"

    @property
    def index(self) -> int | None:
        """Give the 0-based position of the side chosen, `None` for the other choices."""
        return {Choice.A: 0, Choice.B: 1, Choice.C: 2}.get(self)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided.

    Attributes:
        conflict: Id of the conflict.
        choice: The choice.
        digest: Digest of the conflict as the person saw it.
        value: Their own value, for `Choice.OWN`.
    """

    conflict: str
    choice: Choice
    digest: str
    value: Value = None


class BrakeKind(Enum):
    """Why the safety stop held something back."""

    NOT_READ = "not-read"  # tab or heading missing, unreadable: this replica was left out
    EMPTIED = "emptied"  # the tab came back empty: this replica was left out
    DELETES = "deletes"  # the whole table was held back
    CHANGES = "changes"  # the same
    CLEARED = "cleared"  # the same: a column was emptied
    ADDED = "added"  # the same: so many new rows that a paste may have gone wrong


@dataclass(frozen=True, slots=True)
class Brake:
    """The safety stop.

    Attributes:
        kind: Why.
        replica: Where so much changed.
        column: The column concerned, where it is one.
        count: How many rows.
        of: How many there were.
        token: Confirms exactly this plan, no other; empty where nothing can be confirmed.
    """

    kind: BrakeKind
    replica: str
    column: str = ""
    count: int = 0
    of: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on people are asked first; a number must exceed both the floor and the share.

    New rows are counted, whatever was there before; the first rows of a table are never too many.
    """

    floor: int = 3
    deleted: float = 0.10
    changed: float = 0.50
    emptied: float = 0.80
    added: int = 1000


@dataclass(frozen=True, slots=True)
class Requests:
    """What the caller asks of one merge beyond the values themselves.

    Attributes:
        decisions: Decisions people made on open conflicts.
        register: Ids of the conflicts that are open: key → id.
        new_conflict: Hands out a conflict id; without it ids are left empty.
        confirmed: Tokens of plans people confirmed.
        protected: Rows that others refer to; they are not deleted.
        dropped: replica → columns whose deletion people confirmed.
        limits: When to stop and ask.
        digests: Id of an open conflict → digest of its sides, where it is known.
    """

    decisions: tuple[Decision, ...] = ()
    register: Mapping[ConflictKey, str] = field(default_factory=dict)
    new_conflict: Callable[[], str] | None = None
    confirmed: frozenset[str] = frozenset()
    protected: frozenset[RowId] = frozenset()
    dropped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    limits: Limits = Limits()
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The result of one merge; to be stored in one transaction before anything is written to a replica.

    Attributes:
        hub: The rows as merged. Cells in conflict hold version A for now.
        bases: What is agreed with each replica now, *including what was only read*: what the hub has taken in is
            never taken in a second time, even if the write that follows fails.
        tombstones: Deleted rows, full copies.
        changes: The history of this merge.
        conflicts: What people must decide.
        brakes: What was held back.
        held: The whole table was held back: hub, bases and tombstones are as before, nothing may be written.
        readable: The replicas that took part; no other may be written.
        kept: replica → row → columns in which the replica holds a version of its own.
        unread: (replica, row, column) of cells that show an error.
        left: (replica, row) deleted from a tab that shows a part of the table.
        joined: (replica, row) put into such a tab.
        dropped: Columns given up.
        proposals: Open questions whether two rows are the same, for the next `State`.
        stale: Ids of conflicts whose decision was made on values that have changed since.
    """

    hub: Rows
    bases: Mapping[str, Rows]
    tombstones: Rows
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    brakes: tuple[Brake, ...] = ()
    held: bool = False
    readable: frozenset[str] = frozenset()
    kept: Mapping[str, Mapping[RowId, frozenset[str]]] = field(default_factory=dict)
    unread: tuple[tuple[str, RowId, str], ...] = ()
    left: tuple[tuple[str, RowId], ...] = ()
    joined: tuple[tuple[str, RowId], ...] = ()
    dropped: frozenset[str] = frozenset()
    proposals: Mapping[str, Mapping[RowId, RowId]] = field(default_factory=dict)
    stale: tuple[str, ...] = ()

    @property
    def register(self) -> dict[ConflictKey, str]:
        """Give the ids of the open conflicts, for the next run's `Requests.register`."""
        return {conflict.key: conflict.id for conflict in self.conflicts}


# --- what is to be done in one replica --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Put:
    """Write one cell, provided it still shows what was read."""

    row: RowId
    column: str
    expected: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Insert:
    """Add a row below the last one."""

    row: RowId
    cells: Row


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a row out of a tab, provided it still shows what was read.

    Attributes:
        row: The row.
        expected: Its known cells.
        private: Cells under headings only people know; they go with the row, so keep them (`losses`).
    """

    row: RowId
    expected: Row
    private: Row = field(default_factory=dict)


Op = Put | Insert | Remove


def plain(value: Value) -> str:
    """Write a value so that two different ones never look the same, whatever their type."""
    if isinstance(value, Formula):
        return f"={value.text}"
    return f"{type(value).__name__}:{value}"


def digest(parts: object) -> str:
    """Give a short digest of plain data."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
