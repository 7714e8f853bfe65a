"""The roll-up, part by part, in words: each part is one tab of the workbook and one section of the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.personal import looks_personal
from netzwerk_sheets.grid import Cell
from netzwerk_sheets.languages import LANGUAGES
from netzwerk_sheets.sheets import looks, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.fleet.rollup import CommonGap, Missing, RollUp
    from netzwerk_sheets.fleet.town import Share, Town
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.schema import Table

NAMED = 6
"""So many networks are named in one cell."""

TAUGHT = 3
"""So many networks are named that closed a gap."""

WIDTH = 18


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        lines: What it says, and how to read it.
        rows: Column code → cell.
    """

    table: Table
    lines: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]


def parts(words: Words, found: RollUp, left: Sequence[tuple[str, str]]) -> list[Part]:
    """Give the parts that have something to tell, the state of all networks first.

    Args:
        words: Language.
        found: The roll-up.
        left: (network, why and what to do) of those that could not be read.
    """
    tables = schema.load("fleet.toml")
    say = words.say
    domains = replace(
        tables["fleet_domains"],
        columns=(*tables["fleet_domains"].columns, *_domain_columns(found, words.language)),
    )
    every = [
        Part(tables["fleet_towns"], (_sum(words, found, left), say("fleet.how_towns")),
             tuple(_town(words, town) for town in found.towns)),
        Part(domains, (say("fleet.what_domains"),), tuple(_domains(words, found, town) for town in found.towns)),
        Part(tables["fleet_gaps"], (say("fleet.what_gaps"), say("fleet.how_gaps")),
             tuple(_gap(words, gap, len(found.towns)) for gap in found.gaps)),
        Part(tables["fleet_missing"], (say("fleet.what_missing"),),
             tuple(_missing(words, each, len(found.towns)) for each in found.missing)),
        Part(tables["fleet_lessons"], (say("fleet.what_lessons"), say("fleet.how_lessons")),
             tuple(row for gap in found.gaps for row in _lessons(words, gap))),
        Part(tables["fleet_left"], (say("fleet.what_left"),),
             tuple({"town": Cell(name, "band"), "next": Cell(why, "cell")} for name, why in left)),
    ]  # fmt: skip
    return [part for part in every if part.rows]


def _public(words: Words, text: str) -> str:
    """Give a name people chose, or what stands instead where it holds a mail address or a telephone number."""
    return words.say("fleet.withheld") if looks_personal(text) else text


def _sum(words: Words, found: RollUp, left: Sequence[object]) -> str:
    counted = [town for town in found.towns if town.coverage is not None]
    weight = sum(town.weight for town in counted)
    gap = sum(town.gap for town in counted)
    if not weight:
        return words.say("fleet.nothing_yet", n=len(found.towns), left=len(left))
    return words.say(
        "fleet.state", n=len(found.towns), left=len(left), percent=words.percent(1 - gap / weight),
        gap=words.number(gap, 1), weight=weight,
    )  # fmt: skip


def _light(words: Words, light: str) -> Cell:
    return Cell(words.say(f"light.{light}"), looks.LIGHT_ROLES[light])


def _share(words: Words, share: float | None, light: str) -> Cell:
    return Cell(words.say("light.none"), "none") if share is None else Cell(round(share, 6), f"share_{light}")


def _town(words: Words, town: Town) -> dict[str, Cell]:
    counted = [share for share in town.domains if share.coverage is not None]
    weakest = min(counted, key=lambda share: share.coverage or 0, default=None)
    worry = words.say("fleet.no_worry")
    if weakest is not None and weakest.coverage is not None and weakest.coverage < 1:
        worry = words.say(
            "fleet.worry", domain=_public(words, weakest.name), percent=words.percent(weakest.coverage)
        )  # fmt: skip
    numbers = {"weight": town.weight, "needs": town.needs, "open": town.open, "partners": town.partners}
    return {
        "town": Cell(_public(words, town.name), "band"), "light": _light(words, town.light),
        "coverage": _share(words, town.coverage, town.light), "gap": Cell(round(town.gap, 4), "points"),
        **{code: Cell(number, "number") for code, number in numbers.items()},
        "stand": Cell(town.stand, "date"), "weakest": Cell(worry, "cell"),
    }  # fmt: skip


def _domain_columns(found: RollUp, language: str) -> Iterable[schema.Column]:
    taken = {schema.fold(column.header(language)) for column in schema.load("fleet.toml")["fleet_domains"].columns}
    for number, name in enumerate(found.domains):
        header = name if name and schema.fold(name) not in taken and not looks_personal(name) else f"– {number + 1}"
        yield schema.Column(f"d{number}", dict.fromkeys(LANGUAGES, header), "number", owner="tool", width=WIDTH)


def _domains(words: Words, found: RollUp, town: Town) -> dict[str, Cell]:
    def cell(share: Share | None) -> Cell:
        return Cell("–", "none") if share is None else _share(words, share.coverage, share.light)

    row = {f"d{number}": cell(share) for number, share in enumerate(found.shares(town))}
    return {"town": Cell(_public(words, town.name), "band"), **row}


def _names(words: Words, towns: Sequence[str]) -> str:
    shown = [_public(words, name) for name in towns[:NAMED]]
    if len(towns) <= NAMED:
        return words.listing(shown)
    return words.say("fleet.and_more", names=", ".join(shown), n=len(towns) - NAMED)


def _kind(words: Words, gap: CommonGap) -> dict[str, Cell]:
    block, domain = gap.kind
    return {"block": Cell(words.block(block), "band"), "domain": Cell(_public(words, domain), "cell")}


def _gap(words: Words, gap: CommonGap, of: int) -> dict[str, Cell]:
    teachers = list(dict.fromkeys(town for town, _ in gap.closed))[:TAUGHT]
    learn = words.say("fleet.ask", towns=[_public(words, town) for town in teachers]) if teachers else ""
    if not teachers and len(gap.towns) == of > 1:
        learn = words.say("fleet.open_everywhere")
    return {
        **_kind(words, gap), "count": Cell(len(gap.towns), "number"), "points": Cell(round(gap.points, 4), "points"),
        "towns": Cell(words.say("fleet.everywhere") if len(gap.towns) == of > 1 else _names(words, gap.towns), "cell"),
        "learn": Cell(learn, "cell"),
    }  # fmt: skip


def _lessons(words: Words, gap: CommonGap) -> Iterable[dict[str, Cell]]:
    for town, closing in gap.closed:
        sector = words.word("sector", closing.sector) if closing.sector else ""
        yield {
            **_kind(words, gap), "town": Cell(_public(words, town), "cell"),
            "type": Cell(_public(words, closing.type) or sector or words.say("fleet.no_type"), "cell"),
            "day": Cell(closing.day, "date"),
            "towns": Cell(_names(words, [each for each in gap.towns if each != town]), "cell"),
        }  # fmt: skip


def _missing(words: Words, each: Missing, of: int) -> dict[str, Cell]:
    everywhere = len(each.towns) == of
    return {
        "type": Cell(_public(words, each.type) or words.say("fleet.whole_sector"), "band"),
        "sector": Cell(words.word("sector", each.sector) if each.sector else "", "cell"),
        "light": _light(words, "red" if everywhere else "yellow"),
        "count": Cell(len(each.towns), "number"),
        "towns": Cell(words.say("fleet.everywhere") if everywhere else _names(words, each.towns), "cell"),
    }
