"""What may leave the workbook when persons are not asked for: organisations, dates, numbers, words of vocabularies.

Free texts may name people, so they stay unless persons are asked for. Names of needs, measures and goals leave:
they are what the network speaks about; a mail address or telephone number in them does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.personal import looks_personal
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.told import is_personal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.model import Network, Task

ABOUT_PERSONS = frozenset({"contacts", "conversations", "voices"})
"""Tables whose rows are about what single people are, did or said."""

NAMES = frozenset({("goals", "name"), ("goals", "plain"), ("task_templates", "text"), ("partner_types", "argument")})
"""Long texts that are no notes about anybody."""

MAY_NAME_PEOPLE = frozenset(
    {
        ("domains", "responsible"),
        ("measures", "proposed_by"),
        ("measures", "causes_fixed"),
        ("measures", "adapt_by"),
        ("tasks", "responsible"),
        ("tasks", "evidence"),
        ("tasks", "more"),
    }
)
"""Short texts in which people write names."""


def leaves(table: str, column: str, *, persons: bool) -> bool:
    """Say whether the values of a column may leave."""
    declared = {each.code: each for each in schema.tables()[table].columns} if table in schema.tables() else {}
    if column not in declared:
        return False
    if persons:
        return True
    if table in ABOUT_PERSONS or is_personal(table, column) or (table, column) in MAY_NAME_PEOPLE:
        return False
    return declared[column].kind != "note" or (table, column) in NAMES


def public(text: str, *, persons: bool, instead: str) -> str:
    """Give a text, or what stands instead where it holds a mail address or a telephone number."""
    return instead if not persons and looks_personal(text) else text


def catalogue(network: Network) -> dict[str, str]:
    """Give code → text of the tasks of the catalogue."""
    return {template.code: template.text for template in network.task_templates}


def task_text(task: Task, known: Mapping[str, str], *, persons: bool) -> str:
    """Give the text of a task: as typed where persons may leave, else as the catalogue has it, else nothing."""
    return task.text if persons else known.get(task.code, "")
