"""How many people a target group has, where only a figure about the social situation says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netzwerk_sheets.model import Network, SocialDatum


def about(network: Network, group: str) -> list[SocialDatum]:
    """Give the figures about one target group, the newest first, those of one year as they stand."""
    found = [datum for datum in network.social_data if datum.target_group == group and datum.value is not None]
    return sorted(found, key=lambda datum: -(datum.year or 0))


def people(network: Network, group: str) -> int | None:
    """Say how many people figures give a target group.

    Only figures that count people and hold for the whole place count: neither shares nor those of one district. The
    newest year counts, and the largest figure of it.

    Args:
        network: With its social data.
        group: Id of the target group.

    Returns:
        People; `None` where no figure says so.
    """
    figures = [each for each in about(network, group) if each.counts_people and not each.district]
    newest = [each.value for each in figures if each.year == figures[0].year and each.value is not None]
    return int(max(newest)) if newest else None


def with_people(network: Network) -> Network:
    """Give the network in which target groups without a number of their own have that of the figures."""
    if not network.social_data:
        return network
    groups = tuple(
        replace(group, people=people(network, group.id)) if group.people is None else group
        for group in network.target_groups
    )
    return replace(network, target_groups=groups)
