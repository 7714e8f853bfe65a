"""Whether a partner would fill a block of a need, whatever its status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, PARTICIPATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.model import Network, Partner


def fits(partner: Partner, block: str, domain: str, groups: Sequence[str], network: Network) -> bool:
    """Say whether a partner offers a block where it is needed.

    Args:
        partner: The partner.
        block: Code of a resource, or `PARTICIPATION`.
        domain: Id of the need's domain.
        groups: Ids of the need's target groups.
        network: For the rules of matching.
    """
    if block == PARTICIPATION:
        return not partner.represents.isdisjoint(groups)
    if block not in partner.resources:
        return False
    by_domain, by_group = network.rules.matching[block]
    if by_domain and domain not in partner.domains and ALL not in partner.domains:
        return False
    return not by_group or ALL in partner.target_groups or not partner.target_groups.isdisjoint(groups)
