"""What several checks look up, gathered once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.model import Finding, Measure, Network, Partner, WorkingGroup

if TYPE_CHECKING:
    from datetime import date

LIVE_MEASURES = frozenset({"", "idea", "planned", "running", "finished"})
"""Measures that answer a need; one that was stopped does not."""

DORMANT_GROUPS = frozenset({"paused", "ended"})


@dataclass(frozen=True, slots=True)
class Context:
    """A network on a day.

    Attributes:
        partners: By id.
        owners: Id of a partner or contact → id of the partner.
    """

    network: Network
    today: date
    partners: dict[str, Partner]
    owners: dict[str, str]

    def has(self, table: str) -> bool:
        """Say whether the workbook has this table; one that is absent is a feature that is off."""
        return table in self.network.tables or bool(getattr(self.network, table))

    def label(self, partner: str) -> str:
        """Give the organisation's short name, or the id where it is unknown."""
        known = self.partners.get(partner)
        return known.label if known else partner


def context(network: Network, today: date) -> Context:
    """Gather what the checks look up."""
    owners = {contact.id: contact.partner for contact in network.contacts}
    owners |= {partner.id: partner.id for partner in network.partners}
    return Context(network, today, {partner.id: partner for partner in network.partners}, owners)


Check = Callable[[Context], Iterable[Finding]]
"""A check: from a network on a day to what it found, in the order of the rows."""


def is_live(measure: Measure) -> bool:
    """Say whether a measure still answers its needs."""
    return measure.status in LIVE_MEASURES


def is_working(group: WorkingGroup) -> bool:
    """Say whether a working group meets: neither paused nor ended."""
    return group.status not in DORMANT_GROUPS


def group_members(context: Context, *, working: bool = True) -> dict[str, set[str]]:
    """Give the partners of each working group: its lead, its deputy and who takes part today.

    Args:
        context: The network on a day.
        working: Leave out groups that are paused or ended.

    Returns:
        Id of the group → ids of partners, in the order of the groups.
    """
    found: dict[str, set[str]] = {}
    for group in context.network.groups:
        if is_working(group) or not working:
            people = (group.lead, group.deputy)
            found[group.id] = {context.owners[one] for one in people if one in context.owners}
    for entry in context.network.membership:
        open_now = entry.until is None or entry.until >= context.today
        if open_now and entry.partner and entry.group in found:
            found[entry.group].add(entry.partner)
    return found
