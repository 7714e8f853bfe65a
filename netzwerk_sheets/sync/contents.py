"""Which tabs a workbook has: in which order people read them, and the directory of them on the first tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis import voices
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render import tasks as task_tabs
from netzwerk_sheets.sheets.render.start import Entry
from netzwerk_sheets.sync.rounds import label_of, rows_of
from netzwerk_sheets.sync.tables import is_merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.tasks import TaskPlan

READING_ORDER = (
    "start", "partners", "domains", "target_groups", "needs", "measures", "groups", "coverage", "gaps",
    "suggestions", "resilience", "diversity", "reach", "common_ground", "profile", "tasks",
    "network_tasks", "conflicts", "trash", "checks", "history", "log", "contacts", "membership",
    "relationships", "conversations", "voices",
    "social_data", "goals", "agreements", "documents", "documents_sent", "milestones", "partner_types",
    "task_templates", "help", "lists", "settings",
)  # fmt: skip
LAST_OF_PEOPLE = "milestones"
"""Behind it stand tables of the schema that the reading order does not name."""


def every_tab() -> list[str]:
    """Give the codes of all tabs that a network has once, in the order people read them."""
    further = [code for code in schema.tables() if code not in READING_ORDER and is_merged(code)]
    place = READING_ORDER.index(LAST_OF_PEOPLE) + 1
    return [*READING_ORDER[:place], *further, *READING_ORDER[place:]]


def reading_order(builder: Builder) -> list[str]:
    """Give the codes of those that a workbook has or gets."""
    codes = [code for code in every_tab() if builder.book.wants(code) or (code, "") in builder.titles]
    return [code for code in codes if code != "network_tasks" or (code, "") in builder.titles]


def partner_sheets(builder: Builder, network: Network, tasks: TaskPlan) -> list[tuple[str, str, str]]:
    """Say which task sheets shall exist: (place, owner, wanted title)."""
    partners = {partner.id: partner for partner in network.partners}
    found = []
    kept = [key for key in builder.located.tabs if key[0] in {"onboarding", "offboarding"}]
    for code, owner in dict.fromkeys([*kept, *(tasks.sheets if builder.book.grows else ())]):
        if (code, owner) in builder.located.removed and not _asked_again(builder, owner):
            continue
        if code == "network_tasks":
            builder.title(code, builder.words.tab(code))
        elif owner in partners:
            found.append((code, owner, task_tabs.tab_title(builder.words, code, partners[owner])))
    return sorted(found, key=lambda each: (each[0] != "onboarding", each[1]))


def _asked_again(builder: Builder, owner: str) -> bool:
    return owner in builder.order.wishes.onboard | builder.order.wishes.offboard


# --- the directory ----------------------------------------------------------------------------------------

CARE = frozenset({"checks", "conflicts", "trash", "history", "log"})
"""Tabs that tell what was noticed and what changed."""

OF_VOICES = frozenset({"voices", "survey"})
"""Tabs whose rows are what people said: few of them are not told as a number."""


def directory(
    builder: Builder, network: Network, sheets: Sequence[tuple[str, str, str]], groups: Sequence[tuple[str, str, str]]
) -> list[Entry]:
    """Make the directory of tabs.

    Args:
        builder: With the title of every tab.
        network: With its tasks.
        sheets: Task sheets of partners: (place, owner, wanted title).
        groups: Tabs of working groups and target groups, likewise.
    """
    found = [
        _entry(builder, code, "", len(builder.hubs[code]) if code in builder.hubs else None)
        for code in reading_order(builder)
    ]
    found += [
        _entry(builder, code, owner, sum(task.owner == owner for task in network.tasks)) for code, owner, _ in sheets
    ]
    for code, owner, _ in groups:
        found.append(_entry(builder, code, owner, len(rows_of(builder, code, owner)), label_of(builder, owner)))
    return found


def _entry(builder: Builder, code: str, owner: str, rows: int | None, group: str = "") -> Entry:
    """Make a line of the directory; `group` names the group whose own tab it is."""
    say = builder.words.say
    return Entry(
        "groups" if group else _part(code),
        builder.titles[code, owner],
        say(f"kind.{schema.tab_kinds()[code]}"),
        voices.told(rows) if rows and code in OF_VOICES else rows,
        say(f"what.group_{code}", group=group) if group else say(f"what.{code}"),
    )


def _part(code: str) -> str:
    """Say under which heading a tab stands."""
    if code in {"onboarding", "offboarding"}:
        return "sheets"
    if code in CARE:
        return "care"
    if schema.tab_kinds()[code] in {"start", "result", "mixed"}:
        return "results"
    table = schema.tables().get(code)
    return "inputs" if table is not None and table.core else "more"
