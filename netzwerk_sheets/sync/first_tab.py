"""What the first tab says of a network: what is due now, whether it should grow, who has how much to do."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from netzwerk_sheets.analysis.check_context import DORMANT_GROUPS
from netzwerk_sheets.analysis.talks import follow_ups
from netzwerk_sheets.analysis.triggers import whom_to_ask
from netzwerk_sheets.model import Status
from netzwerk_sheets.onboarding import progress
from netzwerk_sheets.sheets.language import sort_key
from netzwerk_sheets.sheets.render.start import Line, Load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netzwerk_sheets.analysis.triggers import Trigger
    from netzwerk_sheets.model import Task
    from netzwerk_sheets.sheets.render.tasks import TaskRows
    from netzwerk_sheets.sync.picture import Picture

T = TypeVar("T")
MEETING_DAYS = 14
ABOUT_NEEDS = frozenset({"gaps", "coverage", "single"})
"""Topics that say nothing before a need is recorded."""

NAMED = 3
"""How many names a sentence lists before it says how many more there are."""

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


def topics(
    picture: Picture, rows: TaskRows, titles: Mapping[str, str], *, errors: int, notices: int, disputes: int
) -> list[Line]:
    """Make the lines of „Das ist jetzt dran“."""
    open_blocks = len(picture.coverage.open)
    worst = any(item.light == "red" for item in picture.coverage.needs)
    low = sum(domain.light == "red" for domain in picture.coverage.domains)
    alone = len(set(picture.coverage.singles))
    welcome = [p for p in picture.network.partners if p.status in {Status.AGREED, Status.ONBOARDING}]
    late = progress(rows.tasks.values(), picture.today).overdue
    meetings = _meetings(picture)
    return [
        _line(picture, "gaps", "red" if worst else "yellow", open_blocks, titles.get("gaps", "")),
        _line(picture, "coverage", "red", low, titles.get("coverage", ""), topic="coverage_topic"),
        _line(picture, "single", "yellow", alone, titles.get("resilience", "")),
        _line(picture, "welcome", "red" if late else "yellow", len(welcome), titles.get("tasks", ""), late=late),
        _line(picture, "findings", "red" if errors else "yellow", notices, titles.get("checks", ""), errors=errors),
        _line(picture, "conflict", "red", disputes, titles.get("conflicts", "")),
        _line(picture, "meetings", "green", meetings, titles.get("groups", "")),
        _contacts(picture, titles),
    ]


def _contacts(picture: Picture, titles: Mapping[str, str]) -> Line:
    """Say whom to contact again."""
    due = follow_ups(picture.network, picture.today)
    late = any(day < picture.today for _, day in due)
    tab = titles.get("conversations") or titles.get("partners", "")
    light = "red" if late else "yellow"
    names = _some(picture, due, lambda each: f"{picture.names.get(each[0], each[0])} ({picture.words.date(each[1])})")
    return _line(picture, "follow_up", light, len(due), tab, names=names)


def _some(picture: Picture, every: Sequence[T], name: Callable[[T], str]) -> str:
    """Name the first few, and say how many more there are."""
    names = [name(each) for each in every[:NAMED]]
    if len(every) <= NAMED:
        return picture.words.listing(names)
    return picture.words.say("trigger.more", names=", ".join(names), n=len(every) - NAMED)


def _line(picture: Picture, key: str, light: str, count: int, tab: str, *, topic: str = "", **facts: int | str) -> Line:
    say = picture.words.say
    name, step = say(f"start.{topic or key}"), say(f"start.{key}_step")
    if key in ABOUT_NEEDS and not picture.coverage.needs:
        # Where nothing is recorded, "all is there" would be a claim nobody can make.
        return Line(name, "none", None, say("start.nothing_yet"), step, tab)
    meaning = say(f"start.{key}_meaning", n=count, **facts) if count else say(f"start.{key}_none")
    return Line(name, light if count else "green", count, meaning, step, tab)


def loads(picture: Picture, rows: TaskRows, titles: Mapping[tuple[str, str], str]) -> list[Load]:
    """Say who has open tasks, the most first.

    Args:
        picture: What is known.
        rows: All tasks.
        titles: (place, owner) → title of the tab, for the links.
    """
    owners: dict[str, list[Task]] = {}
    for task in rows.tasks.values():
        if task.owner:
            owners.setdefault(task.owner, []).append(task)
    found = []
    for owner, tasks in owners.items():
        so_far = progress(tasks, picture.today)
        places = [("onboarding", owner), ("offboarding", owner), ("tasks", owner), ("network_tasks", "")]
        tab = next((titles[each] for each in places if each in titles), "")
        if so_far.done < so_far.total:
            name = picture.words.say("tasks.network") if owner == "network" else picture.names.get(owner, owner)
            found.append(Load(name, so_far.total - so_far.done, so_far.overdue, tab))
    return sorted(found, key=lambda load: (-load.open, sort_key(load.name)))


def _meetings(picture: Picture) -> int:
    until = picture.today + timedelta(days=MEETING_DAYS)
    days = [group.next_meeting for group in picture.network.groups]
    return sum(1 for day in days if day is not None and picture.today <= day <= until)


def reasons(picture: Picture, titles: Mapping[str, str]) -> list[Line]:
    """Make the lines of „Jetzt erweitern?“.

    Args:
        picture: What is known.
        titles: Code of a tab, for a working group's strategy with its id behind a dot → its title.
    """
    found = []
    for trigger in picture.triggers:
        key = f"trigger.{trigger.code}"
        listed = _some(picture, trigger.ids, partial(_name, picture, trigger.code))
        tab = _tab(picture, trigger, titles)
        if trigger.code == "administration_missing" and not trigger.ids:
            key, tab = f"{key}_nobody", titles.get("suggestions", "")
        light = TRIGGER_LIGHTS.get(trigger.code, "yellow")
        if trigger.code == "review_due" and any(review.needed for review in picture.reviews.values()):
            light = "red"
        found.append(
            Line(
                picture.words.say(f"trigger.{trigger.code}_topic"), light, trigger.count,
                picture.words.say(key, names=listed, n=trigger.count), picture.words.say(f"{key}_step"), tab,
                _command(picture, trigger),
            )
        )  # fmt: skip
    return found


def _command(picture: Picture, trigger: Trigger) -> str:
    """Give the command that helps with a reason; empty where none does."""
    name = TRIGGER_COMMANDS.get(trigger.code, "") if trigger.ids else ""
    facts = {"workbook": picture.named, "of": _of(picture, trigger)}
    return picture.words.say(f"trigger.by_{name}", **facts).rstrip() if name else ""


def _of(picture: Picture, trigger: Trigger) -> str:
    """Say what the command of a reason is about: whom to ask, which group reviews, which office to win."""
    network, first = picture.network, trigger.ids[0] if trigger.ids else ""
    if trigger.code == "need_not_asked":
        return whom_to_ask(network, next(need for need in network.needs if need.id == first))
    if trigger.code not in {"reach_low", "review_due"}:
        return first
    working = [each.id for each in network.groups if each.status not in DORMANT_GROUPS]
    groups = {each: each for each in working}
    groups |= {each.id: each.group for each in network.measures}
    groups |= {each.id: each.group for each in network.goals}
    return next((groups[each] for each in (*trigger.ids, *working) if groups.get(each) in working), "")


def _tab(picture: Picture, trigger: Trigger, titles: Mapping[str, str]) -> str:
    """Say where a reason leads to; a review to the group's tab where there is one, else to its tasks."""
    code = TRIGGER_TABS[trigger.code]
    first = trigger.ids[0] if trigger.ids else ""
    if trigger.code == "review_due" and any(group.id == first for group in picture.network.groups):
        return titles.get(f"strategy.{first}") or titles.get("network_tasks") or titles.get(code, "")
    return titles.get(code, "")


def _name(picture: Picture, code: str, each: str) -> str:
    if code == "review_due" and each in picture.reviews:
        kind = "needed" if picture.reviews[each].needed else "possible"
        return picture.words.say(f"trigger.review_{kind}", name=picture.names.get(each, each))
    if code == "block_open":
        need, _, block = each.partition("/")
        return f"{need}/{picture.words.block(block)}"
    if code == "sector_missing":
        return picture.words.word("sector", each)
    return picture.names.get(each, each)
