"""The network: partners, life domains, target groups, needs, measures, working groups and tasks.

Frozen data, no behaviour that needs a workbook. Every id is the visible id of a row (``P-014``); vocabulary
values are English codes; `None` or an empty collection means "not known", never "no".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from datetime import date

ALL = "*"
"""Stands for „Alle“ in a set of domains or target groups: matches every one of them."""

PARTICIPATION = "participation"
"""The block „Beteiligung der Zielgruppe“, which every need has besides its resources."""

DEFAULT_RESOURCES = ("expertise", "staff", "rooms")
"""What a need or measure needs where nothing is typed."""


class Status(StrEnum):
    """Where a partner stands between first wish and farewell."""

    WISH = "wish"
    CONTACTED = "contacted"
    IN_TALKS = "in_talks"
    AGREED = "agreed"
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
    DECLINED = "declined"
    PARKED = "parked"


CANDIDATES = frozenset({Status.WISH, Status.CONTACTED, Status.IN_TALKS, Status.AGREED, Status.PAUSED})
ON_BOARD = frozenset({Status.ACTIVE, Status.ONBOARDING})


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation or person that works in the network, or may be won for it."""

    id: str
    short_name: str = ""
    name: str = ""
    type: str = ""
    sector: str = ""
    domains: frozenset[str] = frozenset()
    target_groups: frozenset[str] = frozenset()
    represents: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    status: str = ""
    topic_closeness: str = ""
    umbrella: bool | None = None
    reach: int | None = None
    reach_unit: str = ""
    role_wish: str = ""
    volunteer: bool | None = None
    buddy: str = ""
    created_on: date | None = None
    contacted_on: date | None = None
    agreed_on: date | None = None
    active_since: date | None = None
    agreement_until: date | None = None
    change_on: date | None = None
    left_on: date | None = None
    next_due: date | None = None

    @property
    def label(self) -> str:
        """The name people use: short name, else full name, else id."""
        return self.short_name or self.name or self.id


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of life (Lebensbereich)."""

    id: str
    name: str
    focus: bool | None = None


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """People whose participation the network works for."""

    id: str
    name: str
    dimensions: frozenset[str] = frozenset()
    focus: bool | None = None
    people: int | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What people of one or more target groups need in one domain.

    Attributes:
        domain: Id of the domain, or empty.
        target_groups: Ids, in typed order; may hold `ALL`.
        priority: ``high``, ``medium``, ``low`` or empty.
        people: As typed; `None` where nothing is typed.
        mentions: As typed.
        sources: Codes; ``survey``, ``interview``, ``focus_group`` and ``representation`` are direct.
        resources: Codes as typed (duplicates and unknown ones gone), or empty.
        status: ``new``, ``confirmed``, ``in_progress``, ``covered``, ``parked`` or empty.
    """

    id: str
    name: str = ""
    domain: str = ""
    target_groups: tuple[str, ...] = ()
    priority: str = ""
    people: int | None = None
    mentions: int | None = None
    sources: frozenset[str] = frozenset()
    asked_on: date | None = None
    resources: tuple[str, ...] = ()
    group: str = ""
    goal: str = ""
    status: str = ""


DIRECT_SOURCES = frozenset({"survey", "interview", "focus_group", "representation"})
ASSUMPTION = "assumption"
SET_ASIDE = frozenset({"covered", "parked"})


@dataclass(frozen=True, slots=True)
class Measure:
    """Something the network does about one or more needs. Counts are people."""

    id: str
    name: str = ""
    needs: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()
    target_groups: tuple[str, ...] = ()
    status: str = ""
    group: str = ""
    partners: tuple[str, ...] = ()
    lead: str = ""
    participation: str = ""
    resources: tuple[str, ...] = ()
    phase: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    planned: int | None = None
    reached_total: int | None = None
    reached_target: int | None = None
    measured_on: date | None = None


@dataclass(frozen=True, slots=True)
class WorkingGroup:
    """A working group, steering group, network meeting or focus group."""

    id: str
    name: str
    kind: str = ""
    sheets: tuple[str, ...] = ()
    target_groups: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    lead: str = ""
    deputy: str = ""
    rhythm: str = ""
    next_meeting: date | None = None
    status: str = ""
    mandate: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of a partner: dates and ids only; names and addresses never leave the workbook's tables."""

    id: str
    partner: str = ""
    informed_on: date | None = None
    confirmed_on: date | None = None
    erase_after: date | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A partner's part in a working group."""

    id: str
    partner: str = ""
    group: str = ""
    role: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Relationship:
    """How well a partner in the network knows a wished-for partner."""

    id: str
    source: str = ""
    target: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A talk with a partner."""

    id: str
    partner: str = ""
    held_on: date | None = None
    channel: str = ""
    benefit: str = ""
    result: str = ""
    follow_up: date | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """What one unnamed person of a target group said (the words stay in the workbook)."""

    id: str
    target_group: str = ""
    method: str = ""
    need: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class SocialDatum:
    """A figure about the social situation: of one target group, in one district or, where none is named, in all.

    Attributes:
        counts_people: Whether its unit is people, so that it is no share.
    """

    id: str
    indicator: str = ""
    target_group: str = ""
    district: str = ""
    value: float | None = None
    unit: str = ""
    year: int | None = None
    source: str = ""
    counts_people: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """A vision, focus, goal, term or rule the partners agree on."""

    id: str
    kind: str = ""
    name: str = ""
    needs: tuple[str, ...] = ()
    due: date | None = None
    group: str = ""
    decided_on: date | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one partner says to one goal or term.

    Attributes:
        state: ``open``, ``discussed``, ``shared``, ``differs`` or empty (open).
        words: In the partner's own words.
    """

    id: str
    partner: str = ""
    goal: str = ""
    state: str = ""
    date: dt.date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the network.

    Attributes:
        required_for: Who shall have it: `ALL`, kinds or names of working groups, types of partners, sectors; as typed
            where it is none of the first two.
    """

    id: str
    title: str = ""
    kind: str = ""
    version: str = ""
    accessible: bool | None = None
    plain_language: str = ""
    required_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentSent:
    """Which partner got which version of a document, and when."""

    id: str
    partner: str = ""
    document: str = ""
    version: str = ""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day in the life of the network, past or to come."""

    id: str
    name: str = ""
    date: dt.date | None = None
    kind: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class PartnerType:
    """A type of organisation that networks like this one usually need."""

    id: str
    name: str
    domain: str = ""
    sector: str = ""
    function: str = ""
    resources: tuple[str, ...] = ()
    target_groups: frozenset[str] = frozenset()
    represents: frozenset[str] = frozenset()
    umbrella: bool | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True)
class TaskTemplate:
    """A task of the catalogue.

    Attributes:
        code: ``T-W03``.
        block: Code of the task group: ``N G W Z S KP A R K E U B P X``.
        text: In the workbook's language.
        role: Who does it, in the words of the catalogue: one or more roles joined by `` + ``.
        anchor: ``created_on``, ``agreed_on``, ``change_on``, ``left_on`` or ``start``.
        days: Days after the anchor (before it, if negative).
        after: Codes that come first.
        evidence: How people see that it is done.
        scope: ``partner``, ``target_group``, ``group`` or ``network``.
        short: Belongs to the short form.
        more: Where to read more.
    """

    code: str
    block: str
    text: str
    role: str
    anchor: str
    days: int
    after: tuple[str, ...] = ()
    evidence: str = ""
    scope: str = "partner"
    short: bool = False
    more: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task on a sheet.

    Attributes:
        id: ``P-007.T-W03`` (owner of the sheet, then the template's code), or an id of its own for a
            task that people added.
        owner: Id of the partner, working group or target group, or ``network``.
        code: The template's code, or empty.
        status: ``open``, ``in_progress``, ``done``, ``dropped`` or empty (open).
        responsible: As typed or proposed.
    """

    id: str
    owner: str = ""
    code: str = ""
    text: str = ""
    role: str = ""
    responsible: str = ""
    status: str = ""
    due: date | None = None
    done_on: date | None = None
    after: tuple[str, ...] = ()
    evidence: str = ""
    more: str = ""


FINISHED = frozenset({"done", "dropped"})


_NO_FACTS: Mapping[str, str | int] = {}


class Finding(NamedTuple):
    """Something a person should look at; nothing is corrected by itself.

    A large network has one or two for every row; a named tuple is made several times faster than a frozen dataclass.

    Attributes:
        rule: ``P-04``.
        level: ``error``, ``warning`` or ``hint``.
        table: Code of the table.
        row: Id of the row; empty where it has none (then `place` says which).
        column: Code of the column, or empty for the whole row.
        facts: Values for the sentence and its remedy; ``case`` picks between sentences of one rule.
        place: (tab, row, column) as read, where known at once.
    """

    rule: str
    level: str
    table: str
    row: str = ""
    column: str = ""
    facts: Mapping[str, str | int] = _NO_FACTS
    place: tuple[str, int, int] | None = None


def _matching() -> dict[str, tuple[bool, bool]]:
    return {
        "expertise": (True, True),
        "staff": (True, False),
        "rooms": (True, False),
        "contacts": (True, False),
        "funding": (True, False),
        "mandate": (True, False),
        "access": (False, True),
        "equipment": (False, False),
        "publicity": (False, False),
    }


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the method; each is a setting in the workbook.

    Attributes:
        priority_points: Points for ``low``, ``medium``, ``high``.
        size_bands: A need of fewer people than the first band gets the first of `size_points`, …
        unknown_size_points: For a need of unknown size: the middle band, so that not knowing never lowers it.
        mention_bands: Mentions from which the next of `mention_points` counts.
        active_factor: How much a partner that is active counts; the other two likewise.
        asked_factor: What "asked, but not at the table" counts for participation.
        asked_months: How long an asking counts, calendar months, inclusive.
        matching: resource → (must the domain fit, must the target group fit).
        light_limit: Coverage under it is red.
        reach_limit: A measure that reaches less of its plan misses its group.
        share_limit: So does one with a smaller share of its group among all who came.
        backup_weight: rho: what a second supporter of a block counts in a recommendation.
        sector_bonus: delta: points for a sector that is new to the network.
        abbreviations: Abbreviation in the name of an organisation, in small letters → what it stands for.
    """

    priority_points: Mapping[str, int] = field(default_factory=lambda: {"low": 1, "medium": 3, "high": 6})
    size_bands: tuple[int, int] = (100, 1000)
    size_points: tuple[int, int, int] = (0, 1, 2)
    unknown_size_points: int = 1
    mention_bands: tuple[int, int] = (1, 5)
    mention_points: tuple[int, int, int] = (0, 1, 2)
    active_factor: Fraction = Fraction(1)
    onboarding_factor: Fraction = Fraction(1, 2)
    agreed_factor: Fraction = Fraction(0)
    asked_factor: Fraction = Fraction(1, 2)
    asked_months: int = 24
    matching: Mapping[str, tuple[bool, bool]] = field(default_factory=_matching)
    light_limit: Fraction = Fraction(1, 2)
    reach_limit: Fraction = Fraction(1, 2)
    share_limit: Fraction = Fraction(3, 10)
    backup_weight: Fraction = Fraction(1, 4)
    sector_bonus: Fraction = Fraction(1, 2)
    recommend_count: int = 3
    diversity_from: int = 4
    similar_sector: Fraction = Fraction(1, 2)
    similar_topic: Fraction = Fraction(3, 4)
    load_tasks: int = 10
    load_days: int = 30
    wish_retention_months: int = 12
    left_retention_days: int = 90
    confirm_months: int = 12
    abbreviations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Network:
    """Everything the workbook says, understood. Order of tuples is the order of the rows."""

    name: str = ""
    rules: Rules = field(default_factory=Rules)
    administration_supports: str = ""
    sectors: tuple[str, ...] = ()
    partners: tuple[Partner, ...] = ()
    domains: tuple[Domain, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()
    needs: tuple[Need, ...] = ()
    measures: tuple[Measure, ...] = ()
    groups: tuple[WorkingGroup, ...] = ()
    contacts: tuple[Contact, ...] = ()
    membership: tuple[Membership, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    voices: tuple[Voice, ...] = ()
    social_data: tuple[SocialDatum, ...] = ()
    goals: tuple[Goal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    documents: tuple[Document, ...] = ()
    documents_sent: tuple[DocumentSent, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    partner_types: tuple[PartnerType, ...] = ()
    task_templates: tuple[TaskTemplate, ...] = ()
    tasks: tuple[Task, ...] = ()
    tables: frozenset[str] = frozenset()
    """Codes of the tables that stand in the workbook; one that is absent is a feature that is off."""
