"""Which parts of society sit at the table, and which do not. A picture, never a target value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.check_context import context, group_members
from netzwerk_sheets.model import ON_BOARD, SET_ASIDE, Network, Partner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

DIMENSIONS = ("social_situation", "gender", "migration", "age", "disability", "sexual_orientation")
"""The dimensions of a wide understanding of inclusion."""


@dataclass(frozen=True, slots=True)
class Diversity:
    """The sectors of the partners on board, of the network or of one working group.

    Attributes:
        id: ``network``, or the id of the working group.
        partners: How many partners on board there are.
        represented: Sectors with at least one of them, in the order of the list; `missing` likewise.
        counts: (sector, how many partners), in the order of the list.
        hidden: There are too few partners for shares to say anything; `blau`, `normalised` and `alike`
            are then left out.
        blau: The chance that two partners drawn at random come from different sectors (drawing the same
            one twice is allowed): 1 - sum of squared shares.
        normalised: `blau` divided by the most it could be with so many partners; `None` where that is 0.
        alike: Warnings: ``sector`` (one sector is too large), ``topic`` (too many are close to the topic).
        largest: The largest sector, or empty.
        largest_share: Its share.
        close_share: Share of partners that are close to the topic.
    """

    id: str
    name: str
    partners: int
    represented: tuple[str, ...]
    missing: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    hidden: bool
    blau: Fraction | None
    normalised: Fraction | None
    alike: tuple[str, ...]
    largest: str
    largest_share: Fraction
    close_share: Fraction


@dataclass(frozen=True, slots=True)
class Anchoring:
    """How firmly the network is anchored in the municipality: five questions, no score."""

    administration: bool
    politics: bool
    umbrella: bool
    self_advocacy: bool
    half_of_sectors: bool


@dataclass(frozen=True, slots=True)
class DiversityReport:
    """Diversity of the network and its working groups.

    Attributes:
        groups: One per working group, in the order of the rows.
        without_group: Dimensions no target group stands for.
        without_need: Dimensions no need that counts stands for.
    """

    network: Diversity
    groups: tuple[Diversity, ...]
    anchoring: Anchoring
    without_group: tuple[str, ...]
    without_need: tuple[str, ...]


def _diversity(id_: str, name: str, partners: Sequence[Partner], network: Network) -> Diversity:
    rules = network.rules
    count = len(partners)
    found = Counter(partner.sector for partner in partners if partner.sector in network.sectors)
    known = sum(found.values())
    hidden = count < rules.diversity_from
    blau: Fraction | None = None
    if known and not hidden:
        blau = 1 - Fraction(sum(size * size for size in found.values()), known * known)
    most = 1 - Fraction(1, max(1, min(len(network.sectors), known)))
    largest = max(network.sectors, key=lambda sector: found[sector], default="")
    largest_share = Fraction(found[largest], max(1, count)) if found else Fraction(0)
    close = Fraction(sum(partner.topic_closeness == "high" for partner in partners), max(1, count))
    warnings = (
        ("sector", largest_share > rules.similar_sector),
        ("topic", close > rules.similar_topic),
    )
    return Diversity(
        id=id_,
        name=name,
        partners=count,
        represented=tuple(sector for sector in network.sectors if found[sector]),
        missing=tuple(sector for sector in network.sectors if not found[sector]),
        counts=tuple((sector, found[sector]) for sector in network.sectors if found[sector]),
        hidden=hidden,
        blau=blau,
        normalised=blau / most if blau is not None and most else None,
        alike=() if hidden else tuple(code for code, holds in warnings if holds),
        largest=largest if found else "",
        largest_share=largest_share,
        close_share=close,
    )


def administration_on_board(network: Network) -> bool:
    """Say whether the municipal administration supports the work.

    The setting decides, ``yes`` or ``no``; with any other value a partner of that sector on board does.
    """
    if network.administration_supports in {"yes", "no"}:
        return network.administration_supports == "yes"
    return any(p.sector == "administration" and p.status in ON_BOARD for p in network.partners)


def _anchoring(network: Network, present: Sequence[Partner], represented: int) -> Anchoring:
    sectors = {partner.sector for partner in present}
    return Anchoring(
        administration=administration_on_board(network),
        politics="politics" in sectors,
        umbrella=any(partner.umbrella for partner in present),
        self_advocacy="self_advocacy" in sectors or any(partner.represents for partner in present),
        half_of_sectors=bool(network.sectors) and 2 * represented >= len(network.sectors),
    )


def diversity(network: Network, *, today: date, dimensions: Sequence[str] = DIMENSIONS) -> DiversityReport:
    """Show who is at the table.

    Partners count that are active or being onboarded. In a working group these are its lead, its deputy and
    whoever takes part today.

    Args:
        network: What the workbook says.
        today: Memberships that have ended by then do not count.
        dimensions: The dimensions to look for, in order.

    Returns:
        The report; nothing in it is a target to reach.
    """
    present = {partner.id: partner for partner in network.partners if partner.status in ON_BOARD}
    whole = _diversity("network", network.name, tuple(present.values()), network)
    members = group_members(context(network, today), working=False)
    groups = tuple(
        _diversity(group.id, group.name, [present[one] for one in present if one in members[group.id]], network)
        for group in network.groups
    )
    kept = {group.id: group.dimensions for group in network.target_groups if not group.replaced_by}
    named = frozenset().union(*kept.values())
    counted = {
        dimension
        for need in network.needs
        if need.status not in SET_ASIDE
        for group in need.target_groups
        for dimension in kept.get(group, ())
    }
    return DiversityReport(
        network=whole,
        groups=tuple(groups),
        anchoring=_anchoring(network, tuple(present.values()), len(whole.represented)),
        without_group=tuple(dimension for dimension in dimensions if dimension not in named),
        without_need=tuple(dimension for dimension in dimensions if dimension not in counted),
    )
