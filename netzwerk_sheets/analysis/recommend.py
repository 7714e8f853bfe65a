"""Whom to win next: candidates in the workbook, partners that are just joining, and types to look for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.benefit import Benefit, Points
from netzwerk_sheets.analysis.cover import best_cover
from netzwerk_sheets.analysis.coverage import Coverage, coverage
from netzwerk_sheets.analysis.matching import members
from netzwerk_sheets.analysis.search import best_choice
from netzwerk_sheets.model import CANDIDATES, ON_BOARD, Network, Partner, PartnerType, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date

    from netzwerk_sheets.analysis.totals import Aggregate

__all__ = ["Joint", "Part", "Recommendations", "Suggestion", "best_cover", "open_types", "recommend"]

RELATIONSHIP_POINTS = {"worked_together": 4, "exchanged": 3, "met": 2, "private": 2, "through_others": 1}
"""How close two organisations are, by the way they know each other."""

LISTED = 25
"""So many suggestions are listed; who stands for a missing sector or a focus domain always is."""

Part = tuple[str, str, Fraction]
"""(need, block, points)."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One partner or type of partner that would help.

    Attributes:
        kind: ``candidate``, ``activate`` (joining already) or ``type``.
        id: Id of the partner or partner type.
        points: What it adds alone, in parts.
        fills: Open blocks it fills further, the most points first.
        backs_up: Blocks behind which it stands second.
        new_sector: Code of a sector nobody on board belongs to; empty where it adds none.
        closeness: Points for how well partners on board know it.
        contact: Id of the partner on board that knows it best, and `contact_kind` how; empty where nobody.
        ask_first: In the upper half by what it adds, and nobody there is better known.
        stands_for: Why a type is listed beside its points: ``sector/culture``, ``domain/LB-02``.
    """

    kind: str
    id: str
    points: Points
    fills: tuple[Part, ...]
    backs_up: tuple[Part, ...]
    new_sector: str
    closeness: int = 0
    contact: str = ""
    contact_kind: str = ""
    ask_first: bool = False
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joint:
    """What the best few add together; less than the sum of what each adds alone.

    Attributes:
        chosen: Ids, in the order in which each adds the most.
        points: What they add together, in parts.
        proven: No other choice of that size adds more.
        before: The network's total as it is.
        after: The network's total with all of them active.
    """

    chosen: tuple[str, ...]
    points: Points
    proven: bool
    before: Aggregate
    after: Aggregate


@dataclass(frozen=True, slots=True)
class Recommendations:
    """Whom to win next.

    Attributes:
        candidates: Wished for, contacted, in talks, agreed or paused; the most points first, then the
            better known, then by id.
        activate: Partners that are being onboarded: what they add once they are active.
        types: Types of partners that no row has; an assumption to check on the spot.
        declined: Candidates and types that people do not want; they count nowhere else.
        best: The best few candidates together.
        best_types: The best few types together.
    """

    candidates: tuple[Suggestion, ...]
    activate: tuple[Suggestion, ...]
    types: tuple[Suggestion, ...]
    best: Joint
    best_types: Joint
    declined: tuple[Suggestion, ...] = ()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def open_types(network: Network) -> list[PartnerType]:
    """Give the types that no partner's row has; one that left makes its type open again."""
    present = {_folded(one.type) for one in network.partners if one.status != Status.LEFT and one.type}
    return [one for one in network.partner_types if present.isdisjoint({_folded(one.name), _folded(one.id)})]


def _as_partner(kind: PartnerType) -> Partner:
    return Partner(
        id=kind.id,
        short_name=kind.name,
        type=kind.name,
        sector=kind.sector,
        domains=frozenset({kind.domain} if kind.domain else ()),
        target_groups=kind.target_groups,
        represents=kind.represents,
        resources=frozenset(kind.resources),
        umbrella=kind.umbrella,
    )


@dataclass(frozen=True, slots=True)
class _Contact:
    closeness: int = 0
    partner: str = ""
    kind: str = ""


_NOBODY = _Contact()


def _contacts(network: Network) -> dict[str, _Contact]:
    """Add up how well partners on board know each other partner, and find who knows it best."""
    present = {one.id for one in network.partners if one.status in ON_BOARD}
    found: dict[str, _Contact] = {}
    for link in network.relationships:
        points = RELATIONSHIP_POINTS.get(link.kind, 0)
        if link.source not in present or not points:
            continue
        old = found.get(link.target, _Contact())
        known = RELATIONSHIP_POINTS.get(old.kind, 0)
        better = points > known or (points == known and link.source < old.partner)
        best = (link.source, link.kind) if better else (old.partner, old.kind)
        found[link.target] = _Contact(old.closeness + points, *best)
    return found


class _Ranking:
    """Candidates of one kind, ranked: the most points first, then the better known, then by id."""

    def __init__(self, benefit: Benefit, contacts: dict[str, _Contact]) -> None:
        self.benefit = benefit
        self._contacts = contacts
        self._gains = [benefit.gain(1 << index) for index in range(len(benefit.candidates))]
        self.order = sorted(range(len(self._gains)), key=self._key)
        # ties between choices: who is better known, then who has the smaller ids, decides
        self._known = [self.contact(index).closeness for index in range(len(self._gains))]
        by_id = sorted(self.order, key=lambda index: benefit.candidates[index].id, reverse=True)
        self._rank = {index: place for place, index in enumerate(by_id)}
        self._by_known = 1 + sum(self._known)
        self._by_rank = 1 + len(by_id) ** 2

    def _key(self, index: int) -> tuple[int, int, str]:
        return -self._gains[index], -self.contact(index).closeness, self.benefit.candidates[index].id

    def contact(self, index: int) -> _Contact:
        """Give who knows a candidate."""
        return self._contacts.get(self.benefit.candidates[index].id, _NOBODY)

    def helps(self, index: int) -> bool:
        """Say whether a candidate adds anything."""
        return self._gains[index] > 0

    def _with_ties(self, bits: int) -> int:
        indexes = members(bits)
        known = sum(self._known[index] for index in indexes)
        rank = sum(self._rank[index] for index in indexes)
        return (self.benefit.gain(bits) * self._by_known + known) * self._by_rank + rank

    def best(self, size: int) -> tuple[tuple[int, ...], bool]:
        """Find the best few together; who adds nothing beside the others is left out."""
        found = best_choice(self._with_ties, [one for one in self.order if self.helps(one)], size)
        kept: list[int] = []
        bits = 0
        for index in found.chosen:
            if self.benefit.gain(bits | 1 << index) > self.benefit.gain(bits):
                kept.append(index)
                bits |= 1 << index
        return tuple(kept), found.proven

    def suggestion(self, index: int, kind: str) -> Suggestion:
        """Describe one candidate."""
        bits = 1 << index
        fills, backs_up = self.benefit.details(bits)
        points = self.benefit.points(bits)
        one, contact = self.benefit.candidates[index], self.contact(index)
        return Suggestion(
            kind=kind,
            id=one.id,
            points=points,
            fills=fills,
            backs_up=backs_up,
            new_sector=one.sector if points.sector else "",
            closeness=contact.closeness,
            contact=contact.partner,
            contact_kind=contact.kind,
        )

    def listed(self, kind: str) -> list[Suggestion]:
        """Describe the first ones."""
        return [self.suggestion(index, kind) for index in self.order[:LISTED]]


def _ask_first(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    helpful = [one for one in found if one.points.total > 0]
    upper = helpful[: (len(helpful) + 1) // 2]
    most = max((one.closeness for one in upper), default=0)
    first = {one.id for one in upper if one.closeness == most and most}
    return tuple(replace(one, ask_first=one.id in first) for one in found)


def _types(ranking: _Ranking, network: Network) -> tuple[Suggestion, ...]:
    """List the types that help, and one for every missing sector and every focus domain."""
    types = ranking.benefit.candidates
    present = {one.sector for one in network.partners if one.status in ON_BOARD}
    stands_for: dict[int, list[str]] = {}

    def first(name: str, fits: Callable[[Partner], bool]) -> None:
        index = next((one for one in ranking.order if fits(types[one])), None)
        if index is not None:
            stands_for.setdefault(index, []).append(name)

    for sector in network.sectors:
        if sector not in present:
            first(f"sector/{sector}", lambda one, wanted=sector: one.sector == wanted)  # type: ignore[misc]
    for domain in network.domains:
        if domain.focus:
            first(f"domain/{domain.id}", lambda one, wanted=domain.id: wanted in one.domains)  # type: ignore[misc]
    helpful = [index for index in ranking.order if ranking.helps(index)][:LISTED]
    chosen = {*helpful, *stands_for}
    return tuple(
        replace(ranking.suggestion(index, "type"), stands_for=tuple(stands_for.get(index, ())))
        for index in ranking.order
        if index in chosen
    )


def _joint(ranking: _Ranking, size: int, covered: Coverage) -> Joint:
    chosen, proven = ranking.best(size)
    ids = tuple(ranking.benefit.candidates[index].id for index in chosen)
    bits = sum(1 << index for index in chosen)
    return Joint(ids, ranking.benefit.points(bits), proven, covered.network, ranking.benefit.network(bits))


def recommend(
    network: Network,
    *,
    today: date,
    size: int | None = None,
    covered: Coverage | None = None,
    declined: Collection[str] = (),
) -> Recommendations:
    """Recommend whom to win next.

    Candidates are thought of as active. What several add together is worked out together: two partners that
    fill the same block do not add up. How well they are known is shown beside the points and never mixed
    with them, so that a key partner nobody knows yet stays visible.

    Args:
        network: What the workbook says.
        today: The day on which it is looked at.
        size: How many to win; by default the number of the settings.
        covered: The network's coverage, where it is known already.
        declined: Ids of candidates and types that people do not want.
    """
    known = coverage(network, today=today) if covered is None else covered
    size = network.rules.recommend_count if size is None else size
    contacts = _contacts(network)
    candidates = [one for one in network.partners if one.status in CANDIDATES]
    types = [_as_partner(kind) for kind in open_types(network)]

    def wanted(found: Iterable[Partner]) -> Iterable[Partner]:
        return (one for one in found if one.id not in declined)

    def unwanted(found: Iterable[Partner], kind: str) -> list[Suggestion]:
        left = ranking(one for one in found if one.id in declined)
        return [left.suggestion(index, kind) for index in left.order]

    def ranking(candidates: Iterable[Partner]) -> _Ranking:
        return _Ranking(Benefit(network, known, tuple(candidates)), contacts)

    waiting = ranking(wanted(candidates))
    joining = ranking(one for one in network.partners if one.status == Status.ONBOARDING)
    looked_for = ranking(wanted(types))
    return Recommendations(
        candidates=_ask_first(waiting.listed("candidate")),
        activate=tuple(joining.listed("activate")),
        types=_types(looked_for, network),
        best=_joint(waiting, size, known),
        best_types=_joint(looked_for, size, known),
        declined=(*unwanted(candidates, "candidate"), *unwanted(types, "type")),
    )
