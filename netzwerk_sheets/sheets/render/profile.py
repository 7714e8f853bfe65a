"""The network's profile: how it came about and how it is built, for those who are new. No person stands in it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.multipliers import multipliers
from netzwerk_sheets.analysis.personal import looks_personal
from netzwerk_sheets.grid import Cell
from netzwerk_sheets.model import ALL, ON_BOARD, Status
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netzwerk_sheets.analysis.common_ground import CommonGround
    from netzwerk_sheets.analysis.coverage import Coverage
    from netzwerk_sheets.model import Goal, Milestone, Network, Partner, WorkingGroup
    from netzwerk_sheets.sheets.language import Words

CODE = "profile"


def profile_sheet(
    words: Words,
    network: Network,
    covered: Coverage,
    ground: Iterable[CommonGround],
    names: Mapping[str, str],
    *,
    title: str,
    today: date,
    coordination: str,
) -> RowSheet:
    """Make the tab.

    Args:
        words: Language.
        network: What the workbook says.
        covered: Its coverage.
        ground: Who shares its goals.
        names: Id → the name people use.
        title: Name of the tab.
        today: The day for what is still to come, and for who takes part.
        coordination: Which partner coordinates, as the settings name it; anything else is not shown.
    """
    writer = _Writer(words, network, names, today)
    rows = [
        *writer.network(covered, coordination),
        *writer.bodies(),
        *writer.partners(),
        *writer.goals(ground),
        *writer.milestones(),
        *writer.documents(),
    ]
    table = schema.tables()[CODE]
    heading = words.say(f"{CODE}.title")
    return RowSheet(
        CODE, "", title, table, tuple(column.code for column in table.columns),
        heading_cells(heading, words.say(f"{CODE}.what"), words.say(f"{CODE}.how")),
        tuple({row.key: row for row in rows}.values()), key=("part", "name"), sorts=True, heading=heading,
    )  # fmt: skip


def multiplied(words: Words, found: Mapping[str, int]) -> str:
    """Say how many more the partners reach; empty where nobody noted it."""
    numbers = [f"{count} {words.word('reach_unit', unit)}" for unit, count in sorted(found.items())]
    return words.say(f"{CODE}.multiplied_text", numbers=numbers) if numbers else ""


def _public(text: str) -> str:
    """Give a text of people for others to read; empty where an address or a number of a person may stand in it."""
    return "" if looks_personal(text) else " ".join(text.split())


class _Writer:
    """Puts the parts of the profile into rows."""

    def __init__(self, words: Words, network: Network, names: Mapping[str, str], today: date) -> None:
        self.words = words
        self.say = words.say
        self.from_network = network
        self.names = names
        self.today = today

    def _row(self, part: str, name: str, kind: str, since: date | None, *about: str) -> WantedRow:
        label = self.say(f"{CODE}.part_{part}")
        text = " ".join(each for each in about if each) or self.say(f"{CODE}.nothing")
        cells = {
            "part": Cell(label, "cell"),
            "name": Cell(name, "band"),
            "kind": Cell(kind, "cell"),
            "since": Cell(since, "date"),
            "about": Cell(text, "cell"),
        }
        return WantedRow(f"{label}|{name}", cells)

    def _listed(self, ids: Iterable[str]) -> str:
        return ", ".join(self.names.get(each, each) for each in ids)

    # the parts

    def network(self, covered: Coverage, coordination: str) -> Iterator[WantedRow]:
        """Say what the network is as a whole."""
        network, kind = self.from_network, self.say("diversity.network")
        on_board = [partner for partner in network.partners if partner.status in ON_BOARD]
        began = min((day for day in map(_joined, network.partners) if day), default=None)
        first = min((each for each in network.milestones if each.date), key=_day, default=None)
        if first is not None and first.date and (began is None or first.date <= began):
            yield self._row("network", self.say(f"{CODE}.began"), kind, first.date, _public(first.name) + ".")
        else:
            yield self._row("network", self.say(f"{CODE}.began"), kind, began, network.name)
        left = sum(partner.status == Status.LEFT for partner in network.partners)
        sectors = {partner.sector for partner in on_board if partner.sector}
        yield self._row(
            "network", self.say(f"{CODE}.size"), kind, None,
            self.say(f"{CODE}.size_text", n=len(on_board)),
            self.say(f"{CODE}.sectors_text", part=len(sectors), whole=len(network.sectors)),
            self.say(f"{CODE}.left_text", n=left) if left else "",
        )  # fmt: skip
        known = {partner.id: partner.label for partner in network.partners}
        by_name = {partner.label.casefold(): partner.label for partner in network.partners}
        reached = multiplied(self.words, multipliers(network))
        if reached:
            yield self._row("network", self.say(f"{CODE}.multiplied"), kind, None, reached)
        holder = known.get(coordination, by_name.get(coordination.casefold(), ""))
        yield self._row("network", self.say(f"{CODE}.coordination"), kind, None, holder)
        for key, places in (("focus", network.domains), ("target_groups", network.target_groups)):
            meant = [each.name for each in places if each.focus] or [each.name for each in places]
            yield self._row("network", self.say(f"{CODE}.{key}"), kind, None, "; ".join(meant))
        if covered.network.coverage is not None:
            percent = self.words.percent(covered.network.coverage)
            about = self.say(f"{CODE}.coverage_text", percent=percent)
            yield self._row("network", self.say(f"{CODE}.coverage"), kind, None, about)

    def bodies(self) -> Iterator[WantedRow]:
        """Say which groups there are, who leads them and who takes part."""
        for group in sorted(self.from_network.groups, key=lambda each: each.status == "ended"):
            kind = self.words.word("group_kind", group.kind)
            yield self._row("bodies", group.name, kind, self._begun(group), *self._about(group))

    def _begun(self, group: WorkingGroup) -> date | None:
        return min(
            (row.since for row in self.from_network.membership if row.group == group.id and row.since), default=None
        )

    def _about(self, group: WorkingGroup) -> Iterator[str]:
        say, known = self.say, {partner.id for partner in self.from_network.partners}
        owners = {contact.id: contact.partner for contact in self.from_network.contacts}
        if group.status == "ended":
            yield say(f"{CODE}.ended")
            return
        lead, deputy = (owners.get(one, one) for one in (group.lead, group.deputy))
        yield say(f"{CODE}.lead", lead=self._listed([lead])) if lead in known else say(f"{CODE}.no_lead")
        if deputy in known:
            yield say(f"{CODE}.deputy", deputy=self._listed([deputy]))
        for key, text in (("mandate", group.mandate), ("rhythm", group.rhythm)):
            if _public(text):
                yield say(f"{CODE}.{key}", **{key: _public(text).rstrip(".")})
        members = [
            row.partner
            for row in self.from_network.membership
            if row.group == group.id and row.partner in known and (row.until is None or row.until >= self.today)
        ]
        if members:
            yield say(f"{CODE}.members", n=len(set(members)), names=self._listed(dict.fromkeys(members)))

    def partners(self) -> Iterator[WantedRow]:
        """Say who is on board since when, the longest first."""
        present = [partner for partner in self.from_network.partners if partner.status in ON_BOARD]
        represents, brings = cache(self._represents), cache(self._brings)  # many partners are alike
        for partner in sorted(present, key=lambda each: _joined(each) or date.max):
            sector = self.words.word("sector", partner.sector) if partner.sector else ""
            yield self._row(
                "partners", partner.label, sector, _joined(partner),
                represents(partner.represents), brings(partner.resources),
                self.say(f"{CODE}.in_welcome") if partner.status == Status.ONBOARDING else "",
            )  # fmt: skip

    def _represents(self, ids: frozenset[str]) -> str:
        groups = [self.say("common.all") if one == ALL else self.names.get(one, one) for one in sorted(ids)]
        return self.say(f"{CODE}.represents", groups=groups) if groups else ""

    def _brings(self, codes: frozenset[str]) -> str:
        resources = [self.words.block(code) for code in sorted(codes)]
        return self.say(f"{CODE}.brings", resources=resources) if resources else ""

    def goals(self, ground: Iterable[CommonGround]) -> Iterator[WantedRow]:
        """Say what the network wants, and how many partners share it."""
        for one in ground:
            goal = one.goal
            yield self._row(
                "goals", _public(goal.name) or goal.id, self.words.word("goal_kind", goal.kind), goal.decided_on,
                self.say(f"{CODE}.shared_by", part=len(one.shared), whole=one.whole) if one.whole else "",
                self._until(goal),
            )  # fmt: skip

    def _until(self, goal: Goal) -> str:
        return self.say(f"{CODE}.target", date=self.words.date(goal.due)) if goal.due else ""

    def milestones(self) -> Iterator[WantedRow]:
        """Tell the story day by day."""
        for each in sorted(self.from_network.milestones, key=_day):
            body = _public(each.body)
            ahead = self.say(f"{CODE}.ahead") if each.date and each.date > self.today else ""
            name = _public(each.name) or each.id
            yield self._row("milestones", name, _public(each.kind), each.date, f"{body}." if body else "", ahead)

    def documents(self) -> Iterator[WantedRow]:
        """Say what there is to read, in which version, and for whom it is made."""
        for each in self.from_network.documents:
            kind = self.words.word("document_kind", each.kind) if each.kind else ""
            access = "accessible" if each.accessible else "not_accessible"
            yield self._row(
                "documents", _public(each.title) or each.id, kind, None,
                self.say(f"{CODE}.version", version=each.version) if each.version else "",
                self.say(f"{CODE}.{access}") if each.accessible is not None else "",
                self.say(f"{CODE}.plain") if each.plain_language == "yes" else "",
                self.say(f"{CODE}.required") if ALL in each.required_for else "",
            )  # fmt: skip


def _joined(partner: Partner) -> date | None:
    return min((day for day in (partner.agreed_on, partner.active_since) if day), default=None)


def _day(milestone: Milestone) -> date:
    return milestone.date or date.max
