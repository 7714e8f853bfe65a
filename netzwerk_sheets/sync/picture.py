"""Everything computed from the merged rows, put into words: lights, reasons, findings, the first tab."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property, partial
from textwrap import shorten
from typing import TYPE_CHECKING, TypeVar

from netzwerk_sheets.analysis.check_context import DORMANT_GROUPS
from netzwerk_sheets.analysis.checks import check
from netzwerk_sheets.analysis.common_ground import CommonGround, common_ground
from netzwerk_sheets.analysis.coverage import Coverage, coverage
from netzwerk_sheets.analysis.diversity import DiversityReport, diversity
from netzwerk_sheets.analysis.fitting import fits
from netzwerk_sheets.analysis.multipliers import multipliers
from netzwerk_sheets.analysis.papers import Papers, papers
from netzwerk_sheets.analysis.reach import MeasureReach, reach
from netzwerk_sheets.analysis.recommend import Recommendations, recommend
from netzwerk_sheets.analysis.resilience import Resilience, resilience
from netzwerk_sheets.analysis.talks import follow_ups
from netzwerk_sheets.analysis.triggers import Review, Trigger, reviews, triggers, whom_to_ask
from netzwerk_sheets.model import Finding, Network, Partner, Status
from netzwerk_sheets.onboarding import progress
from netzwerk_sheets.sheets.language import sort_key
from netzwerk_sheets.sheets.render.profile import multiplied
from netzwerk_sheets.sheets.render.start import Line, Load
from netzwerk_sheets.sync.reviewing import as_fills

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.model import Task
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.render.tasks import TaskRows
    from netzwerk_sheets.sheets.settings import Settings

T = TypeVar("T")
MEETING_DAYS = 14
ABOUT_NEEDS = frozenset({"gaps", "coverage", "single"})
"""Topics that say nothing before a need is recorded."""
NAMED_BLOCKS = 8
"""How many blocks the first line of a task sheet names."""

WISH_LENGTH = 80
"""Characters of a wish in the head of a task sheet."""

NAMED = 3
"""How many names a sentence lists before it says how many more there are."""


class Picture:
    """What one run knows and shows.

    Args:
        words: Language of the workbook.
        settings: What the network decided.
        network: Everything understood.
        findings: What reading noticed.
        today: The day of the run.
        declined: Ids of suggestions that people do not want.
        before: Block → how much of it was filled when the open reviews began.
        named: The file name of the workbook, for commands.
    """

    def __init__(
        self,
        words: Words,
        settings: Settings,
        network: Network,
        findings: Sequence[Finding],
        today: date,
        declined: frozenset[str] = frozenset(),
        before: Mapping[str, str] | None = None,
        named: str = "",
    ) -> None:
        """Keep the inputs; everything else is worked out when it is asked for."""
        self.words = words
        self.settings = settings
        self.network = network
        self.read_findings = tuple(findings)
        self.today = today
        self.declined = declined
        self._before = as_fills(before or {})
        self.named = named

    @cached_property
    def coverage(self) -> Coverage:
        """What is covered and what is missing."""
        return coverage(self.network, today=self.today)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything a person should look at."""
        return (*self.read_findings, *check(self.network, today=self.today))

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """Reasons to extend the network now."""
        return triggers(self.network, today=self.today, covered=self.coverage)

    @cached_property
    def reviews(self) -> dict[str, Review]:
        """Working group → what joining and leaving made needed and possible since its review began."""
        return {review.group: review for review in reviews(self._before, self.coverage)}

    @cached_property
    def recommendations(self) -> Recommendations:
        """Whom to win next, as many together as the settings say."""
        return self.recommended(None)

    def recommended(self, size: int | None) -> Recommendations:
        """Say whom to win next, so many together; `None`: as many as the settings say."""
        return recommend(
            self.network, today=self.today, size=size, covered=self.coverage, declined=self.declined
        )  # fmt: skip

    @cached_property
    def resilience(self) -> Resilience:
        """Where the network rests on few shoulders."""
        return resilience(self.network, today=self.today, covered=self.coverage)

    @cached_property
    def diversity(self) -> DiversityReport:
        """Which parts of society sit at the table."""
        return diversity(self.network, today=self.today)

    @cached_property
    def reach(self) -> tuple[MeasureReach, ...]:
        """Whether measures reach their target group, and what may lie behind it."""
        return reach(self.network, today=self.today)

    @cached_property
    def papers(self) -> tuple[Papers, ...]:
        """Which documents partners lack."""
        with_list = {"documents", "documents_sent"} <= self.network.tables
        return papers(self.network, self.today) if with_list else ()

    @cached_property
    def multiplied(self) -> str:
        """How many more the partners reach, in one sentence; empty where nobody noted it."""
        return multiplied(self.words, multipliers(self.network))

    @cached_property
    def common_ground(self) -> tuple[CommonGround, ...]:
        """Who shares which vision, goal and term."""
        return common_ground(self.network)

    @cached_property
    def names(self) -> dict[str, str]:
        """Id → the name people use."""
        network = self.network
        found = {partner.id: partner.label for partner in network.partners}
        found.update({group.id: group.name for group in network.groups})
        found.update({group.id: group.name for group in network.target_groups})
        found.update({domain.id: domain.name for domain in network.domains})
        found.update({measure.id: measure.name for measure in network.measures if measure.name})
        found.update({need.id: need.name for need in network.needs if need.name})
        found.update({goal.id: goal.name for goal in network.goals if goal.name})
        found.update({document.id: document.title for document in network.documents if document.title})
        return found

    def fills(self, partner: Partner, *, only_open: bool = False) -> list[str]:
        """Say which blocks of which needs a partner fills, or would fill: „Räume für B-002“.

        Args:
            partner: The partner.
            only_open: Only blocks that are open: those that a partner who leaves should not leave empty.
        """
        found = []
        for item in self.coverage.ranked():
            for block in item.open if only_open else item.blocks:
                if fits(partner, block.code, item.need.domain, item.need.target_groups, self.network):
                    label = self.words.block(block.code)
                    found.append(self.words.say("onboarding.block", block=label, need=item.need.id))
                    if len(found) == NAMED_BLOCKS:
                        return found
        return found

    def about(self, partner: Partner) -> list[str]:
        """Say which documents a partner lacks, which tasks it wishes for, and which it took on."""
        say, names = self.words.say, self.names
        found = []
        lacks = next((each for each in self.papers if each.partner == partner.id), None)
        for key, documents in (("missing", lacks.missing), ("older", lacks.older)) if lacks else ():
            titles = [names.get(each, each) for each in documents]
            if not titles:
                continue
            found.append(say(f"onboarding.papers_{key}", n=len(titles), titles=titles))
        if self.network.documents and lacks is None:
            found.append(say("onboarding.papers_there"))
        if partner.role_wish:
            found.append(
                say("onboarding.wish", wish=shorten(partner.role_wish, WISH_LENGTH, placeholder="…").strip(" ."))
            )
        roles = [
            say("onboarding.role", role=self.words.word("group_role", entry.role), group=names.get(entry.group, ""))
            for entry in self.network.membership
            if entry.partner == partner.id and entry.role and (entry.until is None or entry.until >= self.today)
        ]
        if roles:
            found.append(say("onboarding.roles", roles=roles))
        return found

    def topics(
        self, rows: TaskRows, titles: Mapping[str, str], *, errors: int, notices: int, disputes: int
    ) -> list[Line]:
        """Make the lines of „Das ist jetzt dran“."""
        open_blocks = len(self.coverage.open)
        worst = any(item.light == "red" for item in self.coverage.needs)
        low = sum(domain.light == "red" for domain in self.coverage.domains)
        alone = len(set(self.coverage.singles))
        welcome = [p for p in self.network.partners if p.status in {Status.AGREED, Status.ONBOARDING}]
        late = progress(rows.tasks.values(), self.today).overdue
        meetings = self._meetings()
        return [
            self._line("gaps", "red" if worst else "yellow", open_blocks, titles.get("gaps", "")),
            self._line("coverage", "red", low, titles.get("coverage", ""), topic="coverage_topic"),
            self._line("single", "yellow", alone, titles.get("resilience", "")),
            self._line("welcome", "red" if late else "yellow", len(welcome), titles.get("tasks", ""), late=late),
            self._line("findings", "red" if errors else "yellow", notices, titles.get("checks", ""), errors=errors),
            self._line("conflict", "red", disputes, titles.get("conflicts", "")),
            self._line("meetings", "green", meetings, titles.get("groups", "")),
            self._contacts(titles),
        ]

    def _contacts(self, titles: Mapping[str, str]) -> Line:
        """Say whom to contact again."""
        due = follow_ups(self.network, self.today)
        late = any(day < self.today for _, day in due)
        tab = titles.get("conversations") or titles.get("partners", "")
        light = "red" if late else "yellow"
        names = self._some(due, lambda each: f"{self.names.get(each[0], each[0])} ({self.words.date(each[1])})")
        return self._line("follow_up", light, len(due), tab, names=names)

    def _some(self, every: Sequence[T], name: Callable[[T], str]) -> str:
        """Name the first few, and say how many more there are."""
        names = [name(each) for each in every[:NAMED]]
        if len(every) <= NAMED:
            return self.words.listing(names)
        return self.words.say("trigger.more", names=", ".join(names), n=len(every) - NAMED)

    def _line(self, key: str, light: str, count: int, tab: str, *, topic: str = "", **facts: int | str) -> Line:
        say = self.words.say
        name, step = say(f"start.{topic or key}"), say(f"start.{key}_step")
        if key in ABOUT_NEEDS and not self.coverage.needs:
            # Where nothing is recorded, "all is there" would be a claim nobody can make.
            return Line(name, "none", None, say("start.nothing_yet"), step, tab)
        meaning = say(f"start.{key}_meaning", n=count, **facts) if count else say(f"start.{key}_none")
        return Line(name, light if count else "green", count, meaning, step, tab)

    def loads(self, rows: TaskRows, titles: Mapping[tuple[str, str], str]) -> list[Load]:
        """Say who has open tasks, the most first.

        Args:
            rows: All tasks.
            titles: (place, owner) → title of the tab, for the links.
        """
        owners: dict[str, list[Task]] = {}
        for task in rows.tasks.values():
            if task.owner:
                owners.setdefault(task.owner, []).append(task)
        found = []
        for owner, tasks in owners.items():
            so_far = progress(tasks, self.today)
            places = [("onboarding", owner), ("offboarding", owner), ("tasks", owner), ("network_tasks", "")]
            tab = next((titles[each] for each in places if each in titles), "")
            if so_far.done < so_far.total:
                name = self.words.say("tasks.network") if owner == "network" else self.names.get(owner, owner)
                found.append(Load(name, so_far.total - so_far.done, so_far.overdue, tab))
        return sorted(found, key=lambda load: (-load.open, sort_key(load.name)))

    def _meetings(self) -> int:
        until = self.today + timedelta(days=MEETING_DAYS)
        days = [group.next_meeting for group in self.network.groups]
        return sum(1 for day in days if day is not None and self.today <= day <= until)

    def reasons(self, titles: Mapping[str, str]) -> list[Line]:
        """Make the lines of „Jetzt erweitern?“.

        Args:
            titles: Code of a tab, for a working group's strategy with its id behind a dot → its title.
        """
        found = []
        for trigger in self.triggers:
            key = f"trigger.{trigger.code}"
            listed = self._some(trigger.ids, partial(self._name, trigger.code))
            tab = self._tab(trigger, titles)
            if trigger.code == "administration_missing" and not trigger.ids:
                key, tab = f"{key}_nobody", titles.get("suggestions", "")
            light = TRIGGER_LIGHTS.get(trigger.code, "yellow")
            if trigger.code == "review_due" and any(review.needed for review in self.reviews.values()):
                light = "red"
            found.append(
                Line(
                    self.words.say(f"trigger.{trigger.code}_topic"), light, trigger.count,
                    self.words.say(key, names=listed, n=trigger.count), self.words.say(f"{key}_step"), tab,
                    self._command(trigger),
                )
            )  # fmt: skip
        return found

    def _command(self, trigger: Trigger) -> str:
        """Give the command that helps with a reason; empty where none does."""
        name = TRIGGER_COMMANDS.get(trigger.code, "") if trigger.ids else ""
        facts = {"workbook": self.named, "of": self._of(trigger)}
        return self.words.say(f"trigger.by_{name}", **facts).rstrip() if name else ""

    def _of(self, trigger: Trigger) -> str:
        """Say what the command of a reason is about: whom to ask, which group reviews, which office to win."""
        network, first = self.network, trigger.ids[0] if trigger.ids else ""
        if trigger.code == "need_not_asked":
            return whom_to_ask(network, next(need for need in network.needs if need.id == first))
        if trigger.code not in {"reach_low", "review_due"}:
            return first
        working = [each.id for each in network.groups if each.status not in DORMANT_GROUPS]
        groups = {each: each for each in working}
        groups |= {each.id: each.group for each in network.measures}
        groups |= {each.id: each.group for each in network.goals}
        return next((groups[each] for each in (*trigger.ids, *working) if groups.get(each) in working), "")

    def _tab(self, trigger: Trigger, titles: Mapping[str, str]) -> str:
        """Say where a reason leads to; a review to the group's tab where there is one, else to its tasks."""
        code = TRIGGER_TABS[trigger.code]
        first = trigger.ids[0] if trigger.ids else ""
        if trigger.code == "review_due" and any(group.id == first for group in self.network.groups):
            return titles.get(f"strategy.{first}") or titles.get("network_tasks") or titles.get(code, "")
        return titles.get(code, "")

    def _name(self, code: str, each: str) -> str:
        if code == "review_due" and each in self.reviews:
            kind = "needed" if self.reviews[each].needed else "possible"
            return self.words.say(f"trigger.review_{kind}", name=self.names.get(each, each))
        if code == "block_open":
            need, _, block = each.partition("/")
            return f"{need}/{self.words.block(block)}"
        if code == "sector_missing":
            return self.words.word("sector", each)
        return self.names.get(each, each)


RECORDED = frozenset({"causes_fixed", "fixed_on"})
NO_CAUSE = "–"

TRIGGER_TABS = {
    "reach_low": "reach",
    "block_open": "gaps",
    "single_support": "resilience",
    "partner_left": "partners",
    "group_unrepresented": "target_groups",
    "need_not_asked": "needs",
    "need_without_group": "needs",
    "sector_missing": "suggestions",
    "administration_missing": "partners",
    "review_due": "goals",
}
TRIGGER_COMMANDS = {
    "reach_low": "review", "review_due": "review", "need_not_asked": "survey", "administration_missing": "onboard"
}  # fmt: skip
TRIGGER_LIGHTS = {"reach_low": "red", "administration_missing": "red", "group_unrepresented": "red"}


def proposals(
    network: Network, rows: Mapping[str, Mapping[str, Mapping[str, Value]]], today: date
) -> dict[str, Mapping[str, Mapping[str, Value]]]:
    """Say what the tool proposes for cells that people left empty.

    People and mentions of a need; and at a measure that misses its group the causes, once: what holds when the
    measurement is first seen is not rewritten when the network changes.
    """
    known = {group.id: group.people for group in network.target_groups}
    counted: dict[str, int] = {}
    for voice in network.voices:
        counted[voice.need] = counted.get(voice.need, 0) + 1
    found: dict[str, Mapping[str, Value]] = {}
    present = rows.get("needs", {})
    by_groups: dict[tuple[str, ...], Mapping[str, Value]] = {}
    for need in network.needs:
        groups = need.target_groups
        if groups not in by_groups:
            numbers = [people for group in groups if (people := known.get(group)) is not None]
            by_groups[groups] = {"people": max(numbers)} if numbers else {}
        cells = by_groups[groups]
        if need.id in counted:
            cells = {**cells, "mentions": counted[need.id]}
        if cells and need.id in present:
            found[need.id] = cells
    causes: dict[str, Mapping[str, Value]] = {}
    measured = rows.get("measures", {})
    for one in reach(network, today=today):
        row = measured.get(one.measure.id)
        if one.state == "missed" and row is not None and not row.keys() & RECORDED:
            causes[one.measure.id] = {"causes_fixed": "; ".join(one.causes) or NO_CAUSE, "fixed_on": today}
    wanted = {"needs": found, "measures": causes}
    return {code: table for code, table in wanted.items() if table}
