"""How many more the partners reach: those into whose networks they carry the topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.model import ON_BOARD

if TYPE_CHECKING:
    from netzwerk_sheets.model import Network


def multipliers(network: Network) -> dict[str, int]:
    """Add up what partners on board reach: unit → how many; what has no unit is added to none.

    Nobody knows whether two partners reach the same people, so it is a sum and no count of heads.
    """
    found: dict[str, int] = {}
    for partner in network.partners:
        if partner.status in ON_BOARD and partner.reach and partner.reach_unit:
            found[partner.reach_unit] = found.get(partner.reach_unit, 0) + partner.reach
    return found
