"""Understand a workbook: locate and merge its tables, parse them, plan tasks, lay in what the tool proposes."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import Change, Row, Rows, propose
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.own_words import own_words
from netzwerk_sheets.sheets.parse import parse
from netzwerk_sheets.sheets.render.trash import asked_back
from netzwerk_sheets.sheets.settings import Settings, read_settings
from netzwerk_sheets.sync.accepting import decisions_of, not_understood, wished
from netzwerk_sheets.sync.adopting import brought_over
from netzwerk_sheets.sync.book import tab_of
from netzwerk_sheets.sync.drift import Drift
from netzwerk_sheets.sync.picture import Picture
from netzwerk_sheets.sync.proposing import proposals
from netzwerk_sheets.sync.reviewing import groups_of, moved, still_open
from netzwerk_sheets.sync.tables import FIRST, is_merged, merge_all, table_schema
from netzwerk_sheets.sync.tasks import TaskPlan, plan_tasks, with_owners
from netzwerk_sheets.sync.teams import Teams
from netzwerk_sheets.sync.traces import refuse_erased
from netzwerk_sheets.sync.trash import bring_back
from netzwerk_sheets.sync.undoing import undo_in
from netzwerk_sheets.sync.uniting import unite

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.grid import Snapshot, Value
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.locate import Located, SeenTable
    from netzwerk_sheets.sync.book import Book
    from netzwerk_sheets.sync.order import Memory, Order
    from netzwerk_sheets.sync.tables import Merged


class Builder:
    """Prepares one pass, step by step."""

    def __init__(self, books: Sequence[Book], order: Order, memory: Memory) -> None:
        """Merge the tables of all workbooks; the first is the one whose settings count."""
        self.books = books
        self.book = books[0]
        self.order = order
        self.memory = memory
        self.drift = Drift(memory.aliases, memory.state_of)
        for book in books:
            book.located = self.drift.follow(book)
        self.refused = refuse_erased(books, memory)
        self.settings = _settings(self.located, order)
        self.words = Words(order.language or self.settings.language, self.settings.gender)
        # What people choose on the tool's own tabs is done once and then cleared there; in a conflict copy it stays.
        lasting = [book for book in books if not book.aside]
        decided = (
            *order.decisions,
            *(found for book in lasting for found in memory.disputes.decisions(book.located.tables.get("conflicts"))),
        )
        self.tables, self.teams = merge_all(
            books,
            memory.state_of,
            lambda code, new: memory.disputes.requests(code, decided, order.confirmed, new),
            memory.disputes.counter(),
            self._teams,
        )
        self.tables, self.undone = undo_in(self.tables, order.undoing)
        back = {row for book in lasting for row in asked_back(book.located.tables.get("trash"))}
        self.tables = unite(bring_back(self.tables, back), order.pairs, self.words)
        self.hubs: dict[str, dict[str, Row]] = {code: dict(table.hub) for code, table in self.tables.items()}
        for code in order.create & schema.tables().keys():
            if is_merged(code):
                # A tab that people deleted comes back with the rows it had.
                known = memory.state_of(code)[0].hub
                rows = known or ({} if code == "tasks" or order.into else order.seeds.get(code, {}))
                self.hubs.setdefault(code, dict(rows))
        self.tool_changes: dict[str, list[Change]] = {}
        brought_over(self)
        self._move_members()
        self.teams.learn(self.hubs)
        self.decided = decisions_of(lasting)

    # the workbook whose tabs are being planned

    def at(self, book: Book) -> Builder:
        """Give the same understanding, for the tabs of another workbook."""
        other = copy.copy(self)
        other.book = book
        return other

    @property
    def snapshot(self) -> Snapshot:
        """Its content."""
        return self.book.snapshot

    @property
    def located(self) -> Located:
        """Where its tables stand."""
        return self.book.located

    @property
    def titles(self) -> Mapping[tuple[str, str], str]:
        """What its tabs are called."""
        return self.book.titles

    def title(self, code: str, wanted: str, owner: str = "") -> str:
        """Give the title of a tab: the one it has, or a free one."""
        return self.book.title(code, wanted, self.words, owner)

    def tab_of(self, replica: str) -> str:
        """Name the tab a replica stands in, and the file where it is another one; its words where the tab is gone."""
        return tab_of(replica, self.words, self.books, self.book, self.memory.copies)

    def is_aside(self, replica: str) -> bool:
        """Say whether a replica stands in a conflict copy."""
        return any(book.aside and book.code == replica.partition("@")[2] for book in self.books)

    def seen(self, table: Merged) -> dict[str, SeenTable]:
        """Give the tabs of this workbook that show a table: replica → table as it stands there."""
        return {name: seen for name, seen in table.seen.items() if name.partition("@")[2] == self.book.code}

    def _teams(self, merged: Mapping[str, Merged]) -> Teams:
        """Say which rows belong to which group, as far as tables are merged."""

        def rows(code: str) -> Rows:
            state = self.memory.state_of(code)[0]
            hub = merged[code].hub if code in merged else state.hub
            return hub if code == "membership" else {**state.tombstones, **hub}

        return Teams({code: rows(code) for code in FIRST}, self.memory.group_names, self.order.today)

    def _move_members(self) -> None:
        """Let partners take part in a group, or no longer, as people wrote it in the group's tab of partners."""
        partners, membership = self.tables.get("partners"), self.tables.get("membership")
        if partners is None or membership is None or partners.result.held or membership.result.held:
            return
        joined = [each for each in partners.result.joined if each[1] in self.hubs["partners"]]
        if joined or partners.result.left:
            self.hubs["membership"], self.tool_changes["membership"] = self.teams.move(
                self.hubs["membership"], self.hubs["partners"], joined, partners.result.left, membership.new_id
            )

    # understanding

    def understand(self) -> tuple[Picture, TaskPlan]:
        """Parse the merged rows and plan the tasks."""
        network, findings = parse(self.hubs, self.settings)
        if self._wish(network):
            network, findings = parse(self.hubs, self.settings)
        network = replace(network, tasks=tuple(with_owners(network.tasks, self.hubs.get("tasks", {}))))
        plan = TaskPlan()
        just = moved(
            self.hubs, self.memory.state_of("partners")[0].hub, self.settings, network, self.order.today
        )  # fmt: skip
        if "tasks" in self.hubs:
            gone = self.tables["tasks"].result.tombstones if "tasks" in self.tables else {}
            plan = plan_tasks(
                self.words, network, self.settings, self.order.today, self.order.wishes,
                removed=set(gone), proposed=self.memory.proposed("tasks"), touched=groups_of(just, network),
            )  # fmt: skip
        if plan.new:
            done = self.order.seeds.get("tasks", {})
            self.hubs["tasks"] |= {row: {**cells, **done.get(row, {})} for row, cells in plan.new.items()}
        wanted = proposals(network, self.hubs, self.order.today)
        wanted["tasks"] = {
            **{row: dict(cells) for row, cells in plan.due.items()},
            **_fresh_proposals(plan.new),
        }
        if self._propose(wanted) or plan.new:
            network, findings = parse(self.hubs, self.settings)
            network = replace(network, tasks=tuple(with_owners(network.tasks, self.hubs.get("tasks", {}))))
        self.reviews = still_open({**just, **self.memory.reviews}, network)
        declined = frozenset(each.id for each in self.decided if each.choice == "decline")
        seen = (*findings, *self._structure(), *not_understood(self.located, self._open(), self.words.language))
        picture = Picture(
            self.words, self.settings, network, seen, self.order.today, declined, self.reviews, self.order.named
        )
        return picture, plan

    def _open(self) -> frozenset[str]:
        """Give the ids of what people still have to decide."""
        return frozenset(each.id for table in self.tables.values() for each in table.result.conflicts)

    def _wish(self, network: Network) -> bool:
        """Make the rows of partners that people wish for; tell whether there are any."""
        table = self.tables.get("partners")
        if table is None or table.result.held:
            return False
        types = self.hubs.get("partner_types", {})
        rows, changes = wished(self.words, self.decided, network, types, self.order.today, table.new_id)
        self.hubs["partners"] = {**self.hubs["partners"], **rows}
        self.tool_changes.setdefault("partners", []).extend(changes)
        return bool(rows)

    def _propose(self, wanted: Mapping[str, Rows]) -> bool:
        """Lay what the tool proposes into empty cells; tell whether anything changed."""
        changed = False
        self.proposed: dict[str, Rows] = {}
        for code, rows in wanted.items():
            table = self.tables.get(code)
            if not rows or code not in self.hubs or (table is not None and table.result.held):
                continue
            how = table.schema if table else table_schema(code)
            found = propose(self.hubs[code], rows, self.memory.proposed(code), how)
            if found.hub != self.hubs[code]:
                self.hubs[code] = dict(found.hub)
                changed = True
            self.proposed[code] = found.proposed
            self.tool_changes.setdefault(code, []).extend(found.changes)
        return changed

    def _structure(self) -> Iterable[Finding]:
        """Report headers that changed, are missing or stand twice, and tabs the network cannot do without."""
        for finding in self.drift.findings:
            header = self.words.header(finding.table, str(finding.facts["column"]))
            yield finding._replace(facts={**finding.facts, "column": header})
        for code, table in schema.tables().items():
            if table.core and self.snapshot.marker and not self.book.wants(code):
                missing: dict[str, str | int] = {"case": "tab-missing", "header": self.words.tab(code)}
                yield Finding("P-20", "error", code, "", "", missing)
        yield from self.refused
        for seen in self.located.seen():
            for case, codes in (("header-missing", seen.missing), ("header-doubled", seen.doubled)):
                for code in codes:
                    place = (seen.tab.title, seen.header_row, 1)
                    facts: dict[str, str | int] = {"case": case, "header": self.words.header(seen.code, code)}
                    yield Finding("P-20", "error", seen.code, "", "", facts, place)


def _settings(located: Located, order: Order) -> Settings:
    found = read_settings(located.tables.get("settings"))
    seeds = order.seeds.get("settings")
    if "settings" in located.tables or not seeds:
        return found
    values = dict(found.values)
    for row in seeds.values():
        for setting in schema.settings().values():
            if row.get("key") in setting.words.values() and row.get("value") is not None and setting.kind == "text":
                values[setting.code] = row["value"]
    values["language"] = order.language or values["language"]
    own = own_words(seeds.values())
    return Settings(values, found.rules, found.findings, own.values)


def _fresh_proposals(new: Rows) -> dict[str, dict[str, Value]]:
    """What the tool writes into new tasks counts as proposed, so that it may follow a changed anchor."""
    return {
        row: {key: cells[key] for key in ("due", "responsible") if cells.get(key) is not None}
        for row, cells in new.items()
    }
