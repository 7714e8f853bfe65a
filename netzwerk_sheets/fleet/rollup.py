"""What many networks have in common: where each stands, gaps of many, types nobody has, and who can be asked. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.sheets.schema import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.fleet.town import Closing, Kind, Share, Town


@dataclass(frozen=True, slots=True)
class CommonGap:
    """A kind of gap.

    Attributes:
        towns: Where it is open, the most points first.
        points: What all of them lack together.
        closed: (town, how) where it was closed and is no more, the newest first.
    """

    kind: Kind
    towns: tuple[str, ...]
    points: float
    closed: tuple[tuple[str, Closing], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A type of partner, or a sector where `type` is empty, that networks lack."""

    type: str
    sector: str
    towns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RollUp:
    """What many networks have in common.

    Attributes:
        towns: The largest gap first.
        domains: Names of all domains, those that most towns have first.
        gaps: Open in the most towns first, then with the most points.
        missing: Missing in the most towns first.
    """

    towns: tuple[Town, ...]
    domains: tuple[str, ...]
    gaps: tuple[CommonGap, ...]
    missing: tuple[Missing, ...]

    def shares(self, town: Town) -> list[Share | None]:
        """Give how far a town covers each of `domains`."""
        known = {fold(share.name): share for share in town.domains}
        return [known.get(fold(name)) for name in self.domains]


def roll_up(towns: Iterable[Town]) -> RollUp:
    """Put the networks together. Domains and types are the same where they are called the same."""
    ranked = tuple(sorted(_told_apart(list(towns)), key=lambda town: (-town.gap, town.name)))
    names = _first(share.name for town in ranked for share in town.domains)
    often = Counter(key for town in ranked for key in {fold(share.name) for share in town.domains})
    order = {key: place for place, key in enumerate(names)}
    shown = sorted(names, key=lambda key: (-often[key], order[key]))
    return RollUp(ranked, tuple(names[key] for key in shown), _common(ranked), _missing(ranked))


def _told_apart(towns: Sequence[Town]) -> list[Town]:
    """Add to names that stand twice what tells them apart."""
    often = Counter(fold(town.name) for town in towns)
    return [
        replace(town, name=f"{town.name} ({town.called})") if often[fold(town.name)] > 1 else town for town in towns
    ]


def _first(names: Iterable[str]) -> dict[str, str]:
    """Give folded → as first spelt."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    return found


def _common(towns: Sequence[Town]) -> tuple[CommonGap, ...]:
    spelt: dict[Kind, Kind] = {}
    lacking: dict[Kind, list[tuple[float, str]]] = {}
    for town in towns:
        for kind, points in town.gaps.items():
            key = _same(kind)
            spelt.setdefault(key, kind)
            lacking.setdefault(key, []).append((-points, town.name))
    closed = _closings(towns)
    found = [
        CommonGap(
            spelt[key], tuple(name for _, name in sorted(rows)), -sum(points for points, _ in rows),
            tuple(closed.get(key, ())),
        )
        for key, rows in lacking.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda gap: (-len(gap.towns), -gap.points, gap.kind)))


def _same(kind: Kind) -> Kind:
    return kind[0], fold(kind[1])


def _closings(towns: Sequence[Town]) -> Mapping[Kind, list[tuple[str, Closing]]]:
    """Give kind of gap → who closed it. Whoever still has such a gap cannot say how it is done."""
    found: dict[Kind, list[tuple[str, Closing]]] = {}
    for town in towns:
        still = {_same(kind) for kind in town.gaps}
        for closing in town.closed:
            if _same(closing.kind) not in still:
                found.setdefault(_same(closing.kind), []).append((town.name, closing))
    for rows in found.values():
        rows.sort(key=lambda row: row[1].day, reverse=True)
    return found


def _missing(towns: Sequence[Town]) -> tuple[Missing, ...]:
    lacking: dict[tuple[str, str], list[str]] = {}
    spelt = _first(name for town in towns for name in town.types)
    for town in towns:
        for name, sector in town.types.items():
            lacking.setdefault((spelt[fold(name)], sector), []).append(town.name)
        for sector in town.sectors:
            lacking.setdefault(("", sector), []).append(town.name)
    rows = [Missing(name, sector, tuple(sorted(names))) for (name, sector), names in lacking.items()]
    return tuple(sorted(rows, key=lambda row: (-len(row.towns), bool(row.type), row.sector, row.type)))
