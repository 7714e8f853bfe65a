"""The map of the network: partners on the left, life domains on the right, a line where a partner works.

It is worked out by a rule, not by chance: the same network gives the same picture, every label has a row of its own,
and a table says the same in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, ON_BOARD
from netzwerk_sheets.output.page import Cell, Filter, Line, Map, Node, Section, Table
from netzwerk_sheets.output.privacy import public
from netzwerk_sheets.sheets.language import sort_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.model import Partner
    from netzwerk_sheets.output.matter import Matter

MOST_DRAWN = 60
"""More partners than a picture can show; the table names them all."""

ROW = 28
"""Height of one label, in the picture's own units."""

LEFT, RIGHT, WIDTH = 330, 620, 960
"""Where the points of partners and of domains stand; labels have the room beside them."""

LONGEST = 38
"""Signs of a label that fit beside its point."""


def network_map(matter: Matter) -> Section:
    """Draw who works where, and say it in a table."""
    say, words = matter.words.say, matter.words
    domains = [domain.id for domain in matter.network.domains]
    partners = sorted(
        (partner for partner in matter.network.partners if partner.status in ON_BOARD),
        key=lambda partner: (_first(partner, domains), sort_key(_name(matter, partner)), partner.id),
    )
    if not partners or not domains:
        return Section("map", say("report.map"), (say("report.map_none"),))
    lines = [say("report.map_what")]
    if len(partners) > MOST_DRAWN:
        lines.append(say("report.map_shown", shown=MOST_DRAWN, total=len(partners)))
    rows, marks = [], []
    for partner in partners:
        worked = _worked(partner, domains)
        named = "; ".join(_domain(matter, domain) for domain in worked) or say("report.nothing")
        status = words.word("partner_status", partner.status)
        rows.append((Cell(f"{partner.id} {_name(matter, partner)}"), Cell(status), Cell(named)))
        marks.append(tuple(domains.index(domain) + 1 for domain in worked))
    choice = Filter(say("report.filter"), say("report.filter_all"), tuple(_domain(matter, each) for each in domains))
    headers = (say("report.partner"), say("report.status"), words.tab("domains"))
    table = Table("table-map", say("report.map_table"), headers, tuple(rows), choice, tuple(marks))
    return Section(
        "map", say("report.map"), tuple(lines), (table,), picture=_picture(matter, partners[:MOST_DRAWN], domains)
    )


def _worked(partner: Partner, domains: Sequence[str]) -> list[str]:
    """Give the domains of a partner in their own order; „Alle“ means each of them."""
    return [domain for domain in domains if domain in partner.domains or ALL in partner.domains]


def _first(partner: Partner, domains: Sequence[str]) -> int:
    worked = _worked(partner, domains)
    return domains.index(worked[0]) if worked else len(domains)


def _name(matter: Matter, partner: Partner) -> str:
    return public(partner.label, persons=matter.persons, instead=partner.id)


def _domain(matter: Matter, domain: str) -> str:
    return public(matter.names.get(domain, domain), persons=matter.persons, instead=domain)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _picture(matter: Matter, partners: Sequence[Partner], domains: Sequence[str]) -> Map:
    """Place every label in a row of its own; the shorter side is spread over the height of the longer one."""
    height = ROW * max(len(partners), len(domains))
    counts = {domain: sum(domain in _worked(partner, domains) for partner in partners) for domain in domains}
    lefts = {partner.id: _middle(index, len(partners), height) for index, partner in enumerate(partners)}
    rights = {domain: _middle(index, len(domains), height) for index, domain in enumerate(domains)}
    lines = tuple(
        Line(LEFT, lefts[partner.id], RIGHT, rights[domain])
        for partner in partners
        for domain in _worked(partner, domains)
    )
    nodes = [Node(_short(_name(matter, each)), LEFT, lefts[each.id], left=True) for each in partners]
    nodes += [
        Node(f"{_short(_domain(matter, each))} ({counts[each]})", RIGHT, rights[each], left=False) for each in domains
    ]
    title, text = matter.words.say("report.map_title"), matter.words.say("report.map_text")
    return Map(title, text, WIDTH, height, tuple(nodes), lines)


def _middle(index: int, count: int, height: int) -> float:
    """Give the middle of one of so many equal rows."""
    return round((index + 0.5) * height / count, 1)
