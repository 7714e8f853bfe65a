"""The part of the report about who carries what: what opens when a partner leaves, and how firm each domain is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.resilience import resilience
from netzwerk_sheets.output.page import Cell, Section, Table, cells
from netzwerk_sheets.output.privacy import public

if TYPE_CHECKING:
    from netzwerk_sheets.analysis.resilience import DomainResilience, Impact
    from netzwerk_sheets.output.matter import Matter

MOST_OPENS = 12
"""How many blocks one line names."""


def shoulders(matter: Matter) -> Section:
    """Say what rests on whom."""
    say = matter.words.say
    found = resilience(matter.network, today=matter.today, covered=matter.found)
    lines = [say("report.impacts_what") if found.impacts else say("report.impacts_none"), say("report.failure_what")]
    tables = []
    if found.impacts:
        headers = tuple(say(f"report.{key}") for key in ("partner", "points", "opens"))
        rows = tuple(_impact(matter, each) for each in found.impacts)
        tables.append(Table("table-impacts", say("report.impacts_table"), headers, rows))
    if found.domains:
        headers = (
            say("coverage.domain"),
            *(say(f"report.{key}") for key in ("filled", "backed", "rests_on", "failure")),
        )
        rows = tuple(_domain(matter, each) for each in found.domains)
        tables.append(Table("table-domains", say("report.domains_table"), headers, rows))
    if found.links:
        headers = (say("report.partner"), say("report.groups"))
        rows = tuple(
            cells(_name(matter, each.partner), matter.words.listing(_name(matter, group) for group in each.groups))
            for each in found.links
        )
        tables.append(Table("table-links", say("report.links_table"), headers, rows))
    return Section("shoulders", say("report.shoulders"), tuple(lines), tuple(tables))


def _name(matter: Matter, row: str) -> str:
    return public(matter.names.get(row, row), persons=matter.persons, instead=row)


def _impact(matter: Matter, each: Impact) -> tuple[Cell, ...]:
    words = matter.words
    opens = [
        words.say("report.block_for", block=words.block(block), need=_name(matter, need))
        for need, block, _ in each.opens[:MOST_OPENS]
    ]
    if len(each.opens) > MOST_OPENS:
        opens.append("…")
    name = f"{each.partner} {_name(matter, each.partner)}"
    return Cell(name), Cell(words.number(each.points), "number"), Cell("; ".join(opens))


def _domain(matter: Matter, each: DomainResilience) -> tuple[Cell, ...]:
    say = matter.words.say
    failure = say(f"report.failure_{each.failure.state}", n=each.failure.number or 0)
    if each.failure.partners:
        failure += f": {matter.words.listing(_name(matter, partner) for partner in each.failure.partners)}"
    backed = say("report.backed_of", backed=each.backed, whole=each.whole) if each.whole else say("report.nothing")
    rests_on = _name(matter, each.rests_on) if each.rests_on else say("report.nothing")
    return (
        Cell(each.name), Cell(str(each.filled), "number"), Cell(backed), Cell(rests_on), Cell(failure),
    )  # fmt: skip
