"""Due dates and meetings as a calendar that every program for calendars takes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.model import FINISHED, Status
from netzwerk_sheets.output.privacy import catalogue, leaves, public, task_text
from netzwerk_sheets.sheets.cells import read_date
from netzwerk_sheets.sheets.render.told import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netzwerk_sheets.output.matter import Matter

MARK = b"PRODID:-//netzwerk//"
"""How a calendar of ours can be told from a file of somebody else."""

GONE = frozenset({Status.LEFT, Status.DECLINED, Status.PARKED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in the calendar.

    Attributes:
        id: Row and column it stands in; the same as long as the row lives.
        lines: What stands below the title.
        kind: Word of a category.
    """

    id: str
    day: date
    title: str
    lines: tuple[str, ...]
    kind: str


def entries(matter: Matter) -> list[Entry]:
    """Give what has a day: open tasks, meetings, milestones, reviews, next steps, ends of agreements; by day."""
    found = [*_tasks(matter), *_groups(matter), *_milestones(matter), *_goals(matter), *_partners(matter)]
    return sorted(found, key=lambda entry: (entry.day, entry.id))


def calendar(matter: Matter) -> bytes:
    """Make the calendar.

    Returns:
        An iCalendar file. Entries are whole days that leave people free. The same workbook gives the same bytes,
        and an entry that moved keeps its id, so that a calendar that takes it in again moves it, too.
    """
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", f"-//netzwerk//netzwerk {__version__}//{matter.words.language.upper()}")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", matter.words.say("export.calendar", network=matter.network.name))
    stamp = datetime.combine(matter.stand, time(), UTC)
    for entry in entries(matter):
        event = Event()
        event.add("uid", f"{entry.id}.{matter.key or 'network'}@netzwerk")
        event.add("dtstamp", stamp)
        event.add("last-modified", stamp)
        event.add("dtstart", entry.day)
        if entry.day < date.max:  # some type 31.12.9999 for „never“; without an end it is that whole day all the same
            event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", _one_line(entry.title))
        event.add("description", "\n".join(_one_line(line) for line in entry.lines))
        event.add("categories", [entry.kind])
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())


def _one_line(text: str) -> str:
    """Leave out what no calendar may hold: signs that only steer machines."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def _shown(matter: Matter, text: str, instead: str) -> str:
    return public(text, persons=matter.persons, instead=instead) or instead


def _tasks(matter: Matter) -> Iterator[Entry]:
    say, known = matter.words.say, catalogue(matter.network)
    for task in matter.network.tasks:
        if task.due is None or task.status in FINISHED:
            continue
        own = say("export.own_task", task=task.id)
        text = _shown(matter, task_text(task, known, persons=matter.persons), own)
        owner = matter.names.get(task.owner, "")
        lines = [say("export.row", row=task.id)]
        if owner:
            lines.insert(0, say("export.for_partner", partner=_shown(matter, owner, task.owner)))
        if matter.persons and task.responsible:
            lines.append(say("export.responsible", name=task.responsible))
        title = say("export.due", text=text) + (f" ({_shown(matter, owner, task.owner)})" if owner else "")
        yield Entry(f"{task.id}.due", task.due, title, tuple(lines), matter.words.tab("tasks"))


def _groups(matter: Matter) -> Iterator[Entry]:
    for group in matter.network.groups:
        if group.next_meeting is not None:
            title = matter.words.say("export.meeting", group=_shown(matter, group.name, group.id))
            yield _entry(matter, group.id, "next_meeting", group.next_meeting, title, "groups")


def _milestones(matter: Matter) -> Iterator[Entry]:
    for row, values in matter.rows.get("milestones", {}).items():
        day = read_date(values.get("date")).value
        if day is not None:
            name = _shown(matter, told(matter.words, values.get("name")), row)
            title = matter.words.say("export.milestone", name=name)
            yield _entry(matter, row, "date", day, title, "milestones")


def _goals(matter: Matter) -> Iterator[Entry]:
    for goal in matter.network.goals:
        if goal.review_on is not None:
            title = matter.words.say("export.review", name=_shown(matter, goal.name, goal.id))
            yield _entry(matter, goal.id, "review_on", goal.review_on, title, "goals")


def _partners(matter: Matter) -> Iterator[Entry]:
    for partner in matter.network.partners:
        if partner.status in GONE:
            continue
        name = _shown(matter, partner.label, partner.id)
        if partner.next_due is not None:
            title = matter.words.say("export.next_step", partner=name)
            step = told(matter.words, matter.rows["partners"].get(partner.id, {}).get("next_step"))
            more = step if leaves("partners", "next_step", persons=matter.persons) else ""
            yield _entry(matter, partner.id, "next_due", partner.next_due, title, "partners", more)
        if partner.agreement_until is not None:
            title = matter.words.say("export.agreement", partner=name)
            yield _entry(matter, partner.id, "agreement_until", partner.agreement_until, title, "partners")


def _entry(matter: Matter, row: str, column: str, day: date, title: str, table: str, more: str = "") -> Entry:
    lines = (*([more] if more else []), matter.words.say("export.row", row=row))
    return Entry(f"{row}.{column}", day, title, lines, matter.words.tab(table))
