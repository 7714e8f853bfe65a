"""The tabs of working groups and target groups: which tables a group shows, and which rows belong to it.

A row of needs or measures belongs to the group its column names, a voice to its target group, a partner to every
group it takes part in, a task to the group it is for. Deleting a row in a group's tab means "not ours"; a row written
there belongs to the group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid import shown
from netzwerk_sheets.grid.titles import fitting
from netzwerk_sheets.merge import Change, ChangeKind, Row, RowId, Rows, Slice
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import read_date, read_words, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.model import Network, WorkingGroup
    from netzwerk_sheets.sync.builder import Builder

HOME = "home"
"""Where a task belongs: the name of the sheet that shows it. It stands in no cell."""

SHARED_TASKS = "network_tasks"
BELONGS = {"needs": ("groups", "group"), "measures": ("groups", "group"), "voices": ("target_groups", "target_group")}
"""Table → which table the groups of its rows stand in, and the column that names the group."""

SLICED = ("measures", "needs", "partners", "tasks")
"""Tables that a working group may have as a tab of its own."""


def tables_of(group: WorkingGroup, default: str) -> tuple[str, ...]:
    """Say which tables a working group gets as tabs.

    Args:
        group: The group; its own choice counts, even where it is "none".
        default: The setting for working groups that choose nothing.
    """
    if group.status == "ended":
        return ()
    wanted = group.sheets
    if not wanted and group.kind in {"", "working_group"}:
        wanted = read_words(default, schema.word_codes("group_table")).value or ()
    return tuple(code for code in wanted if code in SLICED)


def group_sheets(builder: Builder, network: Network) -> list[tuple[str, str, str]]:
    """Say which tabs of working groups shall exist: (table, group, wanted title).

    Those that exist stay, whatever becomes of the group; one that people removed comes back with `init` only, or
    where a review asks for it.
    """
    tabs, removed = builder.located.tabs, builder.located.removed
    default = str(builder.settings.values["group_tabs"])
    asked = {group.id: tables_of(group, default) for group in network.groups}
    review = builder.order.wishes.review
    asked |= {owner: tuple(dict.fromkeys((*asked.get(owner, ()), "tasks"))) for owner in review}
    found = []
    for owner in sorted(builder.teams.labels):
        codes = [
            code
            for code in dict.fromkeys((*asked.get(owner, ()), *SLICED))
            if (code, owner) in tabs
            or (
                builder.book.grows
                and code in asked.get(owner, ())
                and code in builder.hubs
                and (builder.order.again or (code, owner) not in removed or (code == "tasks" and owner in review))
            )
        ]
        found += [(code, owner, _title(builder, code, owner, first=code == codes[0])) for code in codes]
    return found


def _title(builder: Builder, code: str, owner: str, *, first: bool) -> str:
    """Name a group's tab: the name of the group, for all but the first with the table's."""
    return fitting(builder.teams.labels[owner], "" if first else f" – {builder.words.tab(code)}", otherwise=owner)


class Teams:
    """Who belongs to which working group, and what to which target group.

    Args:
        rows: Working groups, target groups (those that were deleted included) and membership.
        former: Names that groups had before → id; so a tab stays filled while a new name gets around.
        today: The day of the run.

    Attributes:
        labels: Id of a working group → its name.
        circles: Id of a target group → its name.
        names: Folded name → id of a working group; those of target groups begin with the code of their table.
    """

    def __init__(self, rows: Mapping[str, Rows], former: Mapping[str, str], today: date) -> None:
        self.today = today
        self.names = dict(former)
        self.labels: dict[str, str] = {}
        self.circles: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        self.learn(rows)

    def learn(self, rows: Mapping[str, Rows]) -> None:
        """Take in further groups and members; slices that were given out follow."""
        for code, known in (("groups", self.labels), ("target_groups", self.circles)):
            labels = {row: text_of(cells.get("name")) or row for row, cells in rows.get(code, {}).items()}
            known.update(labels)
            self.names |= {_key(code, row): row for row in labels}
            self.names |= {_key(code, label): row for row, label in labels.items()}
        for cells in rows.get("membership", {}).values():
            if self.is_open(cells):
                owner = self.group_of(cells.get("group"))
                self._members.setdefault(owner, set()).add(schema.fold(text_of(cells.get("partner"))))

    def group_of(self, value: Value, table: str = "groups") -> str:
        """Give the id of the working group, or row of another table of groups, a cell names; or empty."""
        return self.names.get(_key(table, text_of(value)), "")

    def is_open(self, membership: Row) -> bool:
        """Say whether somebody still takes part; whoever leaves today has left."""
        until = read_date(membership.get("until")).value
        return until is None or until > self.today

    def part(self, code: str, owner: str) -> Slice:
        """Say which rows of a table a group's tab shows."""
        if code in BELONGS:
            table, column = BELONGS[code]
            labels = self.labels if table == "groups" else self.circles
            return Slice(
                lambda _row, cells: bool(owner) and self.group_of(cells.get(column), table) == owner,
                lambda _cells: {column: labels.get(owner, owner)},
                lambda _cells: {column: None},
            )
        if code == "partners":
            return Slice(lambda row, cells: self.is_member(owner, row, cells))
        home = f"{SHARED_TASKS}.{owner}"
        return Slice(
            lambda row, cells: row.partition(".")[0] == owner or cells.get(HOME) == home,
            lambda _cells: {HOME: home},
            lambda _cells: {HOME: None},
        )

    def is_member(self, owner: str, row: RowId, cells: Row) -> bool:
        """Say whether a partner takes part in a group."""
        words = (row, text_of(cells.get("short_name")), text_of(cells.get("name")))
        return not self._members.get(owner, set()).isdisjoint(schema.fold(word) for word in words if word)

    def move(
        self,
        membership: Rows,
        partners: Rows,
        joined: Iterable[tuple[str, RowId]],
        left: Iterable[tuple[str, RowId]],
        new_id: Callable[[], str],
    ) -> tuple[dict[RowId, Row], list[Change]]:
        """Write into the table of membership what people did in the tabs of partners of their groups.

        Args:
            membership: Its merged rows.
            partners: The merged partners.
            joined: (replica, partner) put into a group's tab.
            left: (replica, partner) deleted there.
            new_id: Hands out ids of membership.

        Returns:
            The new rows of membership, and what changed. Membership counts at once: `part` follows.
        """
        rows: dict[RowId, Row] = dict(membership)
        changes: list[Change] = []
        for replica, partner in joined:
            owner = _owner_of(replica)
            label = text_of(partners[partner].get("short_name")) or partner
            cells: Row = {"partner": label, "group": self.labels.get(owner, owner), "since": self.today}
            row = new_id()
            rows[row] = cells
            changes += [Change(row, key, None, value, replica, ChangeKind.JOIN) for key, value in cells.items()]
            self._members.setdefault(owner, set()).add(schema.fold(label))
        for replica, partner in left:
            owner = _owner_of(replica)
            names = {schema.fold(partner)} | {
                schema.fold(text_of(partners.get(partner, {}).get(key))) for key in ("short_name", "name")
            }
            for row, cells in rows.items():
                if (
                    self.group_of(cells.get("group")) == owner
                    and schema.fold(text_of(cells.get("partner"))) in names
                    and self.is_open(cells)
                ):
                    rows[row] = {**cells, "until": self.today}
                    before = shown(cells.get("until"))
                    changes.append(Change(row, "until", before, self.today, replica, ChangeKind.LEAVE))
            self._members.get(owner, set()).difference_update(names)
        return rows, changes


def _key(table: str, name: str) -> str:
    """Give the form under which the name of a group is known; a working and a target group may share one."""
    return schema.fold(name) if table == "groups" else f"{table}/{schema.fold(name)}"


def _owner_of(replica: str) -> str:
    return replica.partition(".")[2].partition("@")[0]
