"""What one network tells the others: figures, gaps, types it lacks, which gaps it closed and how. No person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.coverage import coverage
from netzwerk_sheets.analysis.recommend import open_types
from netzwerk_sheets.model import ON_BOARD, Status
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.history import figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netzwerk_sheets.analysis.coverage import Coverage
    from netzwerk_sheets.model import Network, Partner
    from netzwerk_sheets.state.past import Line
    from netzwerk_sheets.sync.ending import Done

LEARNED_DAYS = 730
"""So far back it counts who closed a gap."""

Kind = tuple[str, str]
"""What kind of gap it is: (code of the block, name of the domain)."""


@dataclass(frozen=True, slots=True)
class Share:
    """How far a domain is covered; `coverage` is `None` where no need counts."""

    name: str
    coverage: float | None
    light: str


@dataclass(frozen=True, slots=True)
class Closing:
    """A gap that was closed when a partner of this type came on board."""

    kind: Kind
    type: str
    sector: str
    day: date


@dataclass(frozen=True, slots=True)
class Town:
    """One network, as the others may see it.

    Attributes:
        name: Name of the network; `called` is what it is called in lists.
        coverage: Of the whole; `None` where no need counts.
        stand: The day its data last changed.
        domains: In the order of its rows.
        gaps: Kind of gap → points not covered.
        types: Types of partners that nobody has; name → code of the sector.
        sectors: Codes of the sectors nobody on board belongs to.
        closed: What was closed lately, the newest first.
    """

    name: str
    coverage: float | None
    gap: float
    weight: int
    light: str
    needs: int
    open: int
    partners: int
    stand: date
    domains: tuple[Share, ...]
    gaps: Mapping[Kind, float]
    types: Mapping[str, str]
    sectors: frozenset[str]
    closed: tuple[Closing, ...]
    called: str = ""


def town(done: Done, today: date, past: Sequence[Line], called: str) -> Town:
    """Say what one network tells the others.

    Args:
        done: A pass that was prepared.
        today: The day of the run.
        past: What is remembered of its values, oldest first.
        called: What it is called where it has no name of its own.
    """
    picture = done.plan.picture
    network, found = picture.network, picture.coverage
    whole, now = found.network, figures(network, found)
    present = {partner.sector for partner in network.partners if partner.status in ON_BOARD}
    return Town(
        name=network.name or called,
        coverage=None if whole.coverage is None else float(whole.coverage),
        gap=float(whole.gap or 0), weight=whole.weight, light=whole.light, needs=whole.needs, open=int(now["open"]),
        partners=int(now["partners"]), stand=date.fromisoformat(done.plan.stand) if done.plan.stand else today,
        domains=tuple(
            Share(each.name, None if each.coverage is None else float(each.coverage), each.light)
            for each in found.domains
        ),
        gaps=_gaps(network, found),
        types={kind.name: kind.sector for kind in open_types(network)},
        sectors=frozenset(code for code in network.sectors if code not in present),
        closed=tuple(sorted(_closed(network, found, today, past), key=_newest)),
        called=called,
    )  # fmt: skip


def _newest(closing: Closing) -> tuple[int, Kind]:
    return -closing.day.toordinal(), closing.kind


def _gaps(network: Network, found: Coverage) -> dict[Kind, float]:
    names = {domain.id: domain.name for domain in network.domains}
    points: dict[Kind, float] = {}
    for item in found.needs:
        for block in item.open:
            kind = (block.code, names.get(item.need.domain, ""))
            points[kind] = points.get(kind, 0) + float(item.weight.total * (1 - block.fill) / len(item.blocks))
    return points


def _closed(network: Network, found: Coverage, today: date, past: Sequence[Line]) -> Iterator[Closing]:
    """Say which gaps would be open today without those who came lately, and were known when they came."""
    names = {domain.id: domain.name for domain in network.domains}
    came = _arrivals(past)
    for partner in network.partners:
        day = came.get(partner.id) or partner.active_since
        if partner.status != Status.ACTIVE or day is None or not today - timedelta(LEARNED_DAYS) <= day <= today:
            continue
        without = coverage(replace(network, partners=_others(network, partner)), today=today)
        kinds: dict[Kind, None] = {}
        for before, after in zip(without.needs, found.needs, strict=True):
            if before.need.asked_on is None or before.need.asked_on <= day:
                still = {block.code for block in after.open}
                opened = (block.code for block in before.open if block.code not in still)
                kinds |= dict.fromkeys((code, names.get(before.need.domain, "")) for code in opened)
        for kind in kinds:
            yield Closing(kind, partner.type, partner.sector, day)


def _others(network: Network, partner: Partner) -> tuple[Partner, ...]:
    return tuple(each for each in network.partners if each is not partner)


def _arrivals(past: Sequence[Line]) -> dict[str, date]:
    """Give partner → the day on which history saw it become active."""
    codes = schema.word_codes("partner_status")
    found: dict[str, date] = {}
    for line in past:
        after = line.change.after
        if line.table == "partners" and line.change.column == "status" and line.day and isinstance(after, str):
            if codes.get(schema.fold(after)) == Status.ACTIVE:
                found[line.change.row] = line.day
            else:
                found.pop(line.change.row, None)
    return found
