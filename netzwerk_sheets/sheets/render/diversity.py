"""The tab of diversity: which parts of society sit at the table, in the network and in its working groups."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netzwerk_sheets.analysis.diversity import Diversity, DiversityReport
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.language import Words

CODE = "diversity"


def diversity_sheet(words: Words, network: Network, found: DiversityReport, title: str) -> RowSheet:
    """Make the tab: the network first, its anchoring, then every working group that has not ended."""
    ended = {group.id for group in network.groups if group.status == "ended"}
    place = words.say("diversity.network")
    rows = [
        *_part(words, network, found.network, place),
        *_anchoring(words, found, place),
        *_dimensions(words, found, place),
    ]
    for group in found.groups:
        if group.id not in ended:
            rows += _part(words, network, group, group.id)
    table = schema.tables()[CODE]
    return RowSheet(
        CODE, "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("diversity.title"), words.say("diversity.what"), words.say("diversity.how")),
        tuple(rows), key=("place", "what"), sorts=True, heading=words.say("diversity.title"),
    )  # fmt: skip


def _row(words: Words, place: str, name: str, what: str, answer: Cell, meaning: str) -> WantedRow:
    label = words.say(f"diversity.{what}")
    cells = {
        "place": Cell(place, "id"),
        "name": Cell(name, "cell"),
        "what": Cell(label, "band"),
        "answer": answer,
        "meaning": Cell(meaning, "cell"),
    }
    return WantedRow(f"{place}|{label}", cells)


def _part(words: Words, network: Network, one: Diversity, place: str) -> Iterator[WantedRow]:
    """Describe the network or a group; too few partners get one sentence instead of shares."""
    say = words.say

    def row(what: str, answer: str | int | Cell, meaning: str) -> WantedRow:
        mark = answer if isinstance(answer, Cell) else Cell(answer, "cell" if isinstance(answer, str) else "number")
        return _row(words, place, one.name, what, mark, meaning)

    few = say("diversity.few", n=network.rules.diversity_from)
    yield row("partners", one.partners, few if one.hidden else say("diversity.partners_meaning"))
    if one.hidden:
        return
    present = "; ".join(f"{words.word('sector', sector)} {count}" for sector, count in one.counts)
    yield row(
        "sectors", say("diversity.of", part=len(one.represented), whole=len(network.sectors)),
        say("diversity.present", sectors=present) if present else say("diversity.nobody"),
    )  # fmt: skip
    missing = [words.word("sector", sector) for sector in one.missing]
    yield row(
        "missing", len(missing),
        say("diversity.missing_names", sectors="; ".join(missing)) if missing else say("diversity.none_missing"),
    )  # fmt: skip
    if one.blau is not None:
        meaning = say("diversity.blau_meaning", percent=words.percent(one.blau))
        if one.normalised is not None:
            meaning += " " + say("diversity.normalised", number=words.number(one.normalised))
        yield row("blau", Cell(round(float(one.blau), 4), "points"), meaning)
    meaning = " ".join(say(f"diversity.alike_{code}") for code in one.alike) or say("diversity.alike_not")
    shares = {"close": words.percent(one.close_share), "share": words.percent(one.largest_share)}
    if one.largest:
        meaning += " " + say("diversity.shares", sector=words.word("sector", one.largest), **shares)
    mark = Cell(say("diversity.mark_no"), "tight") if one.alike else Cell(say("diversity.mark_good"), "good")
    yield row("alike", mark, meaning)


def _anchoring(words: Words, found: DiversityReport, place: str) -> Iterator[WantedRow]:
    """Answer the five questions about the municipality; they are no score."""
    for each in fields(found.anchoring):
        holds = getattr(found.anchoring, each.name)
        mark = Cell(words.say("diversity.yes" if holds else "diversity.no"), "good" if holds else "tight")
        meaning = words.say(f"diversity.{each.name}_{'yes' if holds else 'no'}")
        yield _row(words, place, found.network.name, each.name, mark, meaning)


def _dimensions(words: Words, found: DiversityReport, place: str) -> Iterator[WantedRow]:
    for what, codes in (("without_group", found.without_group), ("without_need", found.without_need)):
        names = [words.word("dimension", code) for code in codes]
        meaning = words.say(f"diversity.{what}_names", names=names) if names else words.say("diversity.all_dimensions")
        yield _row(words, place, found.network.name, what, Cell(len(names), "number"), meaning)
