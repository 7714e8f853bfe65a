"""What a pass is asked to do, what it may remember, and what it found and would write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import Brake, Change, ChangeKind, Conflict, Decision, Former, Rows, State
from netzwerk_sheets.sync.adopting import Adoption
from netzwerk_sheets.sync.disputes import Disputes
from netzwerk_sheets.sync.tasks import Wishes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.analysis.traces import Record
    from netzwerk_sheets.config import Google
    from netzwerk_sheets.grid import Edit, Look, Snapshot, Spot, Value
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import Located
    from netzwerk_sheets.sheets.render import checks
    from netzwerk_sheets.state.past import Burial, Line
    from netzwerk_sheets.sync.picture import Picture
    from netzwerk_sheets.sync.saved_plan import SavedPlan
    from netzwerk_sheets.sync.uniting import Pair

RESULT_TABS = (
    "start", "coverage", "gaps", "suggestions", "resilience", "diversity", "reach", "common_ground", "profile", "tasks",
    "conflicts", "trash", "checks", "history", "log", "lists",
)  # fmt: skip
"""Tabs the tool writes by itself; task sheets come and go with the partners."""


Tell = Callable[..., None]
"""(stage, name, number, total): how far a pass has come; for people who wait."""


def silent(_stage: str, _name: str = "", _number: int = 0, _total: int = 0) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one pass is asked to do.

    Attributes:
        today: The day of the run.
        create: Codes of tabs to be made where they are missing.
        seeds: Table code → first rows of tables that are made.
        into: Code of the workbook that gets the tabs that are made; empty for the first.
        again: Whether tabs of working groups that people removed are made again.
        take_over: Codes of tables that people made and that become ours.
        confirmed: Tokens of plans people confirmed.
        named: The file name of the network's first workbook, as commands on its tabs name it on every system.
        language: Language of a workbook that is made; empty: as its settings say.
        wishes: Task sheets people asked for.
        further: Other workbooks of the same network; they are kept in step with the first.
        google: How to sign in to Google.
        skip: Tab (title, and the workbook's code behind an @) that cannot be written → why (an error's code and
            facts); it is left as it is.
        undoing: A run to be taken back.
        decisions: Decisions on conflicts that were not made on their tab.
        agreed: A saved plan; nothing but exactly that may be written.
        tell: Hears how far the pass has come; nothing depends on it.
        adoption: Lists made by hand that are taken into use.
        pairs: Rows of partners that people said are one.
    """

    today: date
    create: frozenset[str] = frozenset()
    seeds: Mapping[str, Rows] = field(default_factory=dict)
    into: str = ""
    again: bool = False
    take_over: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    named: str = ""
    language: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    further: tuple[Path, ...] = ()
    google: Google | None = None
    skip: Mapping[str, tuple[str, Mapping[str, str | int]]] = field(default_factory=dict)
    undoing: Undoing | None = None
    decisions: tuple[Decision, ...] = ()
    agreed: SavedPlan | None = None
    tell: Tell = field(default=silent, compare=False)
    adoption: Adoption = field(default_factory=Adoption)
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Undoing:
    """A run to be taken back.

    Attributes:
        run: Its number.
        changes: Table code → its history.
    """

    run: int
    changes: Mapping[str, tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class Past:
    """What the history tells of earlier runs.

    Attributes:
        run: Number of the run that begins.
        buried: Gives (table, row) → when and where a row was deleted.
        last: Gives the place of the newest change.
        lines: Most, code of the tab left out → the newest changes, newest first.
    """

    run: int = 1
    buried: Callable[[], Mapping[tuple[str, str], Burial]] = dict
    last: Callable[[], int] = int
    lines: Callable[[int, str], Sequence[Line]] = lambda _most, _without: ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known from earlier runs, read on demand.

    Attributes:
        state_of: Table code → what was agreed, and the largest number ever given.
        proposed: Table code → what the tool proposed last.
        shown: Tab → what the tool showed last.
        stand: The day the data last changed, ISO, or empty.
        disputes: The conflicts that were open.
        group_names: Names that working groups have or had → id.
        aliases: Table → heading that people gave to a column → its code.
        past: What the history tells.
        erased: Who was erased.
        reviews: Block of a need → how much of it was filled when the open reviews of its group began.
        copies: Code of a conflict copy that was read → name of its file.
    """

    state_of: Callable[[str], tuple[State, int]]
    proposed: Callable[[str], Rows]
    shown: Callable[[str], str]
    stand: str = ""
    disputes: Disputes = field(default_factory=Disputes)
    group_names: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    past: Past = field(default_factory=Past)
    erased: Sequence[Record] = ()
    reviews: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)


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
        questions: Table → open questions whether two rows are the same.
        disputes: The open conflicts, written down for the next run.
        book: Which workbook of the network this is about; empty for the first.
        others: What would be written to the other workbooks; all of them share one picture, one list of
            changes and one list of conflicts.
        group_names: Names that working groups have or had → id.
        aliases: Table → heading that people gave to a column → its code.
        standing: (table, change) of the run to be undone that stay, because people changed the value since.
        former: Table → what comes back if an undo cannot be written.
        restored: (table, row) of deleted rows that people asked back.
        reviews: Block of a need → how much of it was filled when the open reviews of its group began.
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
    questions: dict[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    proposed: dict[str, Rows] = field(default_factory=dict)
    absorbed: dict[tuple[str, str], Rows] = field(default_factory=dict)
    bases: dict[tuple[str, str], Rows] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    stand: str = ""
    disputes: str = ""
    book: str = ""
    others: list[Pass] = field(default_factory=list)
    group_names: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    standing: list[tuple[str, Change]] = field(default_factory=list)
    former: dict[str, Former] = field(default_factory=dict)
    restored: list[tuple[str, str]] = field(default_factory=list)
    reviews: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return [each.finding.level for each in self.notices].count("error")

    @property
    def kept(self) -> list[str]:
        """Ids of rows that somebody deleted and that stay all the same."""
        return [each.row for rows in self.changes.values() for each in rows if each.kind is ChangeKind.RESTORE]

    @property
    def held(self) -> bool:
        """Whether something was held back for a person to decide."""
        return bool(self.brakes or self.blocked or self.stuck) or any(other.held for other in self.others)
