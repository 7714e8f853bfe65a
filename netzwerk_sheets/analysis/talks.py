"""When to speak with whom again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.model import Status

if TYPE_CHECKING:
    from netzwerk_sheets.model import Network

SOON_DAYS = 14


def next_contacts(network: Network) -> dict[str, date]:
    """Give the day of the next contact, as it stands with the partner or at a talk: id → the later of them."""
    found: dict[str, date] = {}
    days = [(talk.partner, talk.follow_up) for talk in network.conversations]
    days += [(partner.id, partner.next_due) for partner in network.partners]
    for partner, day in days:
        if day is not None:
            found[partner] = max(day, found.get(partner, date.min))
    return found


def follow_ups(network: Network, today: date, days: int = SOON_DAYS) -> list[tuple[str, date]]:
    """Say whom to contact within some days, and who is waiting since: (id, day), the longest waiting first."""
    there = {partner.id for partner in network.partners if partner.status != Status.LEFT}
    until = today + timedelta(days=days)
    found = [(partner, day) for partner, day in next_contacts(network).items() if partner in there and day <= until]
    return sorted(found, key=lambda each: (each[1], each[0]))
