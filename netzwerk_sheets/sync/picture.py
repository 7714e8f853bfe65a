"""Everything computed from the merged rows, each once and when it is asked for; and what it says about one partner."""

from __future__ import annotations

from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING

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
from netzwerk_sheets.analysis.triggers import Review, Trigger, reviews, triggers
from netzwerk_sheets.sheets.render.profile import multiplied
from netzwerk_sheets.sync.reviewing import as_fills

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from netzwerk_sheets.model import Finding, Network, Partner
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.settings import Settings

NAMED_BLOCKS = 8
"""How many blocks the first line of a task sheet names."""

WISH_LENGTH = 80
"""Characters of a wish in the head of a task sheet."""


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
