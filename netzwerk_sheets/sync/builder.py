"""Understand a workbook: locate and merge its tables, parse them, plan tasks, lay in what the tool proposes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import Change, Row, Rows, propose
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import Located, locate, name_for
from netzwerk_sheets.sheets.parse import parse
from netzwerk_sheets.sheets.render.trash import asked_back
from netzwerk_sheets.sheets.settings import Settings, read_settings
from netzwerk_sheets.sync.picture import Picture, proposals
from netzwerk_sheets.sync.tables import is_merged, merge_all, table_schema
from netzwerk_sheets.sync.tasks import TaskPlan, plan_tasks, with_owners
from netzwerk_sheets.sync.trash import bring_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from netzwerk_sheets.grid import Edit, Snapshot, Value
    from netzwerk_sheets.sync.order import Memory, Order


class Builder:
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
        decided = memory.disputes.decisions(self.located.tables.get("conflicts"))
        self.tables = merge_all(
            self.located,
            memory.state_of,
            lambda code, new: memory.disputes.requests(code, decided, order.confirmed, new),
            memory.disputes.counter(),
        )
        self.tables = bring_back(self.tables, asked_back(self.located.tables.get("trash")))
        self.hubs: dict[str, dict[str, Row]] = {code: dict(table.hub) for code, table in self.tables.items()}
        for code in order.create & schema.tables().keys():
            if is_merged(code):
                # A tab that people deleted comes back with the rows it had.
                rows = memory.state_of(code)[0].hub or ({} if code == "tasks" else order.seeds.get(code, {}))
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
        return Picture(self.words, self.settings, network, (*findings, *self._structure()), self.order.today), plan

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
        """Report headers that are missing or stand twice, and tabs the network cannot do without."""
        for code, table in schema.tables().items():
            if table.core and self.snapshot.marker and not self.wants(code):
                missing: dict[str, str | int] = {"case": "tab-missing", "header": self.words.tab(code)}
                yield Finding("P-20", "error", code, "", "", missing)
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
            if row.get("key") in setting.words.values() and row.get("value") is not None and setting.kind == "text":
                values[setting.code] = row["value"]
    values["language"] = order.language or values["language"]
    return Settings(values, found.rules, found.findings)


def _fresh_proposals(new: Rows) -> dict[str, dict[str, Value]]:
    """What the tool writes into new tasks counts as proposed, so that it may follow a changed anchor."""
    return {
        row: {key: cells[key] for key in ("due", "responsible") if cells.get(key) is not None}
        for row, cells in new.items()
    }
