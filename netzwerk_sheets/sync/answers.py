"""Open conflicts and questions as people read them, and answers to them that were not given on their tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import SafetyStop, WrongUse
from netzwerk_sheets.grid import shown
from netzwerk_sheets.merge import Choice, ConflictKind, Decision
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import date_in, number_in

if TYPE_CHECKING:
    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge import Conflict
    from netzwerk_sheets.sync.order import Pass

SHORT = frozenset({"a", "b", "c", "both"})


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a value.

    Attributes:
        tab: Title of the tab it stands on; empty where only the state holds it.
        value: As typed.
    """

    tab: str
    value: Value


@dataclass(frozen=True, slots=True)
class Open:
    """Something people have to decide.

    Attributes:
        id: ``KF-012``.
        table: Code of the table.
        row: Id of the row.
        column: Code of the column; empty for the question whether two rows are the same one.
        kind: ``cell``, ``column`` or ``identity``.
        versions: A, B, C. For a question, A is the row that is missing and B the new one.
        before: What stood there before.
        new: Whether it was found only now: no tab and no list has shown it yet.
    """

    id: str
    table: str
    row: str
    column: str
    kind: str
    versions: tuple[Version, ...]
    before: Value
    new: bool


def open_ones(done: Pass, known: dict[str, str]) -> list[Open]:
    """List what is open.

    Args:
        done: A pass that was prepared.
        known: Id → digest of the versions that were shown last.
    """
    return [_open(done, code, conflict, new=conflict.id not in known) for code, conflict in done.conflicts]


def _open(done: Pass, code: str, conflict: Conflict, *, new: bool) -> Open:
    versions = tuple(Version(title_of(done, side.replica), shown(side.value)) for side in conflict.sides)
    base = shown(conflict.base)
    return Open(conflict.id, code, conflict.row, conflict.column, conflict.kind.value, versions, base, new)


def title_of(done: Pass, replica: str) -> str:
    """Give the title of the tab that a replica is."""
    place, _, owner = replica.partition(".")
    return done.located.tabs.get((place, owner), replica)


def decision(open_one: Open | None, key: str, taken: str, known: dict[str, str]) -> Decision:
    """Turn what a person typed into a decision, as the dropdown on the tab of conflicts would.

    Args:
        open_one: What is open under this id now, or `None`.
        key: The id as typed.
        taken: ``a``, ``b``, ``c``, ``both``, the same in the words of the workbook, or a value of one's own.
        known: Id → digest of the versions that were shown last.

    Raises:
        WrongUse: Nothing is open under this id, or it was never shown, or the value does not fit the column.
    """
    if open_one is None:
        raise WrongUse("conflict-unknown", conflict=key)
    if key not in known:
        raise WrongUse("conflict-not-shown", conflict=key)
    word = schema.word_codes("decision").get(schema.fold(taken), "")
    if taken.casefold() in SHORT or word in SHORT:
        return Decision(key, Choice(word or taken.casefold()), known[key])
    return Decision(key, Choice.OWN, known[key], _own(open_one, taken))


def _own(open_one: Open, typed: str) -> Value:
    """Read a value of one's own as the column means it."""
    if open_one.kind != ConflictKind.CELL.value:
        raise WrongUse("conflict-a-or-b", conflict=open_one.id)
    kind = schema.tables()[open_one.table].column(open_one.column).kind
    reading: Value = typed
    if kind == "date":
        reading = date_in(typed.strip())
    elif kind in {"number", "count"}:
        number = number_in(typed)
        reading = int(number) if number is not None and number == int(number) else number
    if reading is None or not typed.strip():
        raise WrongUse("conflict-value-unfit", conflict=open_one.id)
    return reading


def require_decided(decided: Decision, done: Pass) -> None:
    """Make sure that a decision is carried out by a pass.

    Raises:
        SafetyStop: The versions are no longer those that were shown; nothing was written.
        WrongUse: The choice does not exist there, for example version C of two.
    """
    for _, conflict in done.conflicts:
        if conflict.id == decided.conflict:
            if conflict.digest != decided.digest:
                raise SafetyStop("conflict-changed", conflict=conflict.id)
            raise WrongUse("conflict-no-such-choice", conflict=conflict.id)
