"""Checks of partners: names, what is missing in a row, projects, talks, dates of agreements."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.check_context import Context, group_members
from netzwerk_sheets.analysis.duplicates import same_organisations
from netzwerk_sheets.analysis.talks import next_contacts
from netzwerk_sheets.model import ALL, ON_BOARD, Finding, Partner, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GONE = frozenset({Status.LEFT, Status.DECLINED})
WAITING = frozenset({Status.WISH, Status.CONTACTED, Status.IN_TALKS})
PROJECT_DAYS = 60
AGREEMENT_DAYS = 60


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _same(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield (row, name, first row with that name) for every name that stood before."""
    first: dict[str, str] = {}
    for row, name in rows:
        key = _folded(name)
        if not key:
            continue
        if key in first:
            yield row, name, first[key]
        else:
            first[key] = row


def check_names(context: Context) -> Iterator[Finding]:
    """P-02: a name by which rows refer to each other stands twice, or a pair does."""
    network = context.network
    partners = ((partner.id, partner.short_name) for partner in network.partners)
    for row, name, other in _same(partners):
        facts = {"case": "short_name", "name": name, "other": other}
        yield Finding("P-02", "error", "partners", row, "short_name", facts)
    for table in ("domains", "target_groups", "groups"):
        for row, name, other in _same((item.id, item.name) for item in getattr(network, table)):
            facts = {"case": "name", "name": name, "other": other}
            yield Finding("P-02", "error", table, row, "name", facts)


def check_pairs(context: Context) -> Iterator[Finding]:
    """P-02: a table of pairs holds the same pair twice."""
    network = context.network
    tables: dict[str, list[tuple[str, tuple[str, str]]]] = {
        "membership": [
            (item.id, (item.partner, item.group))
            for item in network.membership
            if item.until is None or item.until >= context.today
        ],
        "relationships": [(item.id, (item.source, item.target)) for item in network.relationships],
        "agreements": [(item.id, (item.partner, item.goal)) for item in network.agreements],
    }
    for table, rows in tables.items():
        first: dict[tuple[str, str], str] = {}
        for row, pair in rows:
            if not all(pair):
                continue
            if pair in first:
                facts = {"case": "pair", "first": pair[0], "second": pair[1], "other": first[pair]}
                yield Finding("P-02", "warning", table, row, "", facts)
            else:
                first[pair] = row


def check_similar(context: Context) -> Iterator[Finding]:
    """P-02: two organisations have nearly the same name."""
    partners = context.network.partners
    names = [(partner.name, partner.short_name) for partner in partners]
    for first, second, similarity in same_organisations(names, context.network.rules.abbreviations):
        one, other = partners[first], partners[second]
        if one.short_name and _folded(one.short_name) == _folded(other.short_name):
            continue  # reported as the same short name already
        facts: dict[str, str | int] = {
            "case": "organisation",
            "name": other.label,
            "other": one.id,
            "other_name": one.label,
            "similarity": similarity,
        }
        yield Finding("P-02", "warning", "partners", other.id, "name", facts)


def check_complete(context: Context) -> Iterator[Finding]:
    """P-04: without resources, domains or target groups a partner counts nowhere."""
    for partner in context.network.partners:
        if partner.status in GONE:
            continue
        level = "warning" if partner.status in ON_BOARD else "hint"
        for column in ("resources", "domains", "target_groups"):
            if not getattr(partner, column):
                facts = {"case": column, "name": partner.label}
                yield Finding("P-04", level, "partners", partner.id, column, facts)
        if ALL in partner.represents:
            facts = {"case": "represents_all", "name": partner.label}
            yield Finding("P-04", "hint", "partners", partner.id, "represents", facts)


def _with_project(context: Context) -> set[str]:
    found: set[str] = set()
    for measure in context.network.measures:
        if measure.status in {"planned", "running"}:
            found.update(context.owners.get(one, one) for one in (*measure.partners, measure.lead))
    for members in group_members(context).values():
        found |= members
    return found


def check_projects(context: Context) -> Iterator[Finding]:
    """P-08: long on board, and in no measure and no working group."""
    busy = _with_project(context)
    for partner in context.network.partners:
        if partner.status not in ON_BOARD or partner.id in busy:
            continue
        known = [day for day in (partner.agreed_on, partner.active_since) if day]
        days = (context.today - min(known)).days if known else 0
        if days > PROJECT_DAYS:
            facts: dict[str, str | int] = {"case": "", "name": partner.label, "days": days}
            yield Finding("P-08", "hint", "partners", partner.id, "", facts)


def check_talks(context: Context) -> Iterator[Finding]:
    """P-12: an answer, yes or no, without a personal talk before it."""
    if not context.has("conversations"):
        return
    channels: dict[str, set[str]] = defaultdict(set)
    answered: set[str] = set()
    for talk in context.network.conversations:
        channels[talk.partner].add(talk.channel)
        if talk.result in {"agreed", "declined"}:
            answered.add(talk.partner)
    for partner in context.network.partners:
        open_answer = partner.status in {Status.AGREED, Status.DECLINED}
        recent = partner.status == Status.ONBOARDING or partner.id in answered
        if (open_answer or recent) and "in_person" not in channels.get(partner.id, ()):
            case = "not_in_person" if partner.id in channels else "none"
            facts = {"case": case, "name": partner.label}
            yield Finding("P-12", "hint", "partners", partner.id, "", facts)


def check_waiting(context: Context) -> Iterator[Finding]:
    """P-16: a partner to be won, and no day on which someone will ask again."""
    again = next_contacts(context.network)
    for partner in context.network.partners:
        if partner.status not in WAITING:
            continue
        day = again.get(partner.id)
        if day is None:
            facts = {"case": "none", "name": partner.label}
        elif day < context.today:
            facts = {"case": "past", "name": partner.label, "date": day.isoformat()}
        else:
            continue
        yield Finding("P-16", "hint", "partners", partner.id, "next_due", facts)


def check_agreements(context: Context) -> Iterator[Finding]:
    """P-19: the agreement with a partner on board ends soon, or has ended."""
    for partner in context.network.partners:
        until = partner.agreement_until
        if partner.status not in ON_BOARD or until is None:
            continue
        if until > context.today + timedelta(days=AGREEMENT_DAYS):
            continue
        facts: dict[str, str | int] = {
            "case": "past" if until < context.today else "soon",
            "name": partner.label,
            "date": until.isoformat(),
            "days": abs((until - context.today).days),
        }
        yield Finding("P-19", "warning", "partners", partner.id, "agreement_until", facts)


def check_dates(context: Context) -> Iterator[Finding]:
    """P-22: the dates of a partner contradict each other or its status."""
    for partner in context.network.partners:
        yield from _dates(partner)


def _dates(partner: Partner) -> Iterator[Finding]:
    left = partner.left_on
    if partner.status == Status.LEFT and left is None:
        facts = {"case": "left_without_date", "name": partner.label}
        yield Finding("P-22", "hint", "partners", partner.id, "left_on", facts)
    joined = partner.agreed_on or partner.active_since
    if left and joined and left < joined:
        facts = {
            "case": "left_before_joining",
            "name": partner.label,
            "date": left.isoformat(),
            "other_date": joined.isoformat(),
        }
        yield Finding("P-22", "error", "partners", partner.id, "left_on", facts)
