"""Checks of measures, contacts, working groups and tasks: what needs care again and again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.check_context import Context, is_working
from netzwerk_sheets.analysis.months import months_before
from netzwerk_sheets.model import CANDIDATES, FINISHED, Contact, Finding, Partner, Status, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

MEASURE_DAYS = 90


def check_measured(context: Context) -> Iterator[Finding]:
    """P-07: a measure has run for long, and nobody counted whom it reaches."""
    for measure in context.network.measures:
        measured = measure.measured_on is not None or measure.reached_target is not None
        if measure.status != "running" or measured or measure.starts_on is None:
            continue
        days = (context.today - measure.starts_on).days
        if days > MEASURE_DAYS:
            facts: dict[str, str | int] = {"case": "", "days": days}
            yield Finding("P-07", "hint", "measures", measure.id, "measured_on", facts)


def check_counts(context: Context) -> Iterator[Finding]:
    """P-17: more people of the target group were reached than people at all."""
    for measure in context.network.measures:
        target, total = measure.reached_target, measure.reached_total
        if target is not None and total is not None and target > total:
            facts: dict[str, str | int] = {"case": "", "target": target, "total": total}
            yield Finding("P-17", "error", "measures", measure.id, "reached_target", facts)


def check_measure_dates(context: Context) -> Iterator[Finding]:
    """P-22: a measure or a membership ends before it begins."""
    rows = [("measures", item.id, "ends_on", item.starts_on, item.ends_on) for item in context.network.measures]
    rows += [("membership", item.id, "until", item.since, item.until) for item in context.network.membership]
    for table, row, column, start, end in rows:
        if start and end and end < start:
            facts = {
                "case": "ends_before_start",
                "date": end.isoformat(),
                "other_date": start.isoformat(),
            }
            yield Finding("P-22", "error", table, row, column, facts)


def check_confirmed(context: Context) -> Iterator[Finding]:
    """P-09: contact data that nobody has confirmed for long."""
    months = context.network.rules.confirm_months
    since = months_before(context.today, months)
    for contact in context.network.contacts:
        facts: dict[str, str | int] = {
            "case": "old",
            "name": context.label(contact.partner),
            "months": months,
        }
        last = contact.confirmed_on or contact.informed_on
        if last is None:
            facts["case"] = "never"
        elif last < since:
            facts["date"] = last.isoformat()
        else:
            continue
        yield Finding("P-09", "warning", "contacts", contact.id, "confirmed_on", facts)


def check_erasure(context: Context) -> Iterator[Finding]:
    """P-10: contact data whose day of erasure has come, or is due by the network's own periods."""
    talks: dict[str, date] = {}
    for talk in context.network.conversations:
        if talk.held_on:
            talks[talk.partner] = max(talk.held_on, talks.get(talk.partner, date.min))
    for contact in context.network.contacts:
        facts: dict[str, str | int] = {"name": context.label(contact.partner)}
        if contact.erase_after is None:
            partner = context.partners.get(contact.partner)
            due = _erasure(context, contact, partner, talks) if partner else None
            if due:
                facts |= {"case": due[0], "date": due[1].isoformat()}
                yield Finding("P-10", "warning", "contacts", contact.id, "erase_after", facts)
        elif contact.erase_after <= context.today:
            facts |= {"case": "date", "date": contact.erase_after.isoformat()}
            yield Finding("P-10", "error", "contacts", contact.id, "erase_after", facts)


def _erasure(context: Context, contact: Contact, partner: Partner, talks: dict[str, date]) -> tuple[str, date] | None:
    """Give why data without a day of erasure is to go, and since when it has not been needed."""
    rules = context.network.rules
    left = partner.left_on
    if partner.status == Status.LEFT:
        over = left is not None and context.today - left > timedelta(days=rules.left_retention_days)
        return ("left", left) if left and over else None
    if partner.status not in CANDIDATES - {Status.AGREED, Status.PAUSED} | {Status.DECLINED, Status.PARKED}:
        return None
    days = [talks.get(partner.id), partner.contacted_on, contact.informed_on, partner.created_on]
    last = max((day for day in days if day), default=None)
    if last is not None and last < months_before(context.today, rules.wish_retention_months):
        return "wish", last
    return None


def check_leads(context: Context) -> Iterator[Finding]:
    """P-14: a working group without lead, or with nobody to stand in."""
    for group in context.network.groups:
        if is_working(group):
            for column, level in (("lead", "warning"), ("deputy", "hint")):
                if not getattr(group, column):
                    yield Finding("P-14", level, "groups", group.id, column, {"case": column})


def check_load(context: Context) -> Iterator[Finding]:
    """P-15: one person or organisation has too much to do at once.

    Who it is stands in the cell the finding leads to: it may be a person's name. Only an organisation is
    named here.
    """
    rules = context.network.rules
    until = context.today + timedelta(days=rules.load_days)
    tasks: dict[str, list[Task]] = defaultdict(list)
    for task in context.network.tasks:
        if task.status not in FINISHED and task.due is not None and task.due <= until:
            tasks[" ".join(task.responsible.casefold().split())].append(task)
    names = {partner.short_name.casefold(): partner for partner in context.network.partners}
    names |= {partner.id.casefold(): partner for partner in context.network.partners}
    for who, found in tasks.items():
        if not who or len(found) <= rules.load_tasks:
            continue
        facts: dict[str, str | int] = {
            "case": "person",
            "count": len(found),
            "overdue": sum(task.due is not None and task.due < context.today for task in found),
            "days": rules.load_days,
        }
        if who in names:
            facts |= {"case": "partner", "name": names[who].label}
        first = min(found, key=lambda task: (task.due or date.max, task.id))
        yield Finding("P-15", "warning", "tasks", first.id, "responsible", facts)
