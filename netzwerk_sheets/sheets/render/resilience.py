"""The tab that says what rests on whom: partners, domains, and who alone connects two working groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import looks, schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.analysis.resilience import DomainResilience, Impact, Link, Resilience
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.language import Words

CODE = "resilience"
SHOWN = 500
"""So many partners are listed, those on whom the most rests."""

NAMED = 6


def resilience_sheet(
    words: Words, network: Network, found: Resilience, names: Mapping[str, str], title: str
) -> RowSheet:
    """Make the tab: partners on whom something rests, every domain, and the links between working groups."""
    recorded = {need.domain for need in network.needs}
    rows = [_partner(words, names, one) for one in found.impacts[:SHOWN]]
    rows += [_domain(words, names, one, recorded=one.id in recorded) for one in found.domains]
    rows += [_link(words, names, one) for one in found.links]
    table = schema.tables()[CODE]
    first = words.say("resilience.what" if found.impacts else "resilience.nothing")
    return RowSheet(
        CODE, "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("resilience.title"), first, words.say("resilience.how")), tuple(rows),
        key=("place",), sorts=True, heading=words.say("resilience.title"),
    )  # fmt: skip


def _row(words: Words, key: str, light: str, **texts: str | float | None) -> WantedRow:
    cells = {
        "place": Cell(key, "id"),
        "light": Cell(words.say(f"light.{light}"), looks.LIGHT_ROLES[light]),
        **{code: Cell(text, "cell") for code, text in texts.items()},
    }
    cells["name"] = Cell(texts["name"], "band")
    cells["impact"] = Cell(texts.get("impact"), "points")
    for code in ("failure", "backed", "next"):
        cells.setdefault(code, Cell("", "cell"))
    return WantedRow(key, cells)


def _partner(words: Words, names: Mapping[str, str], one: Impact) -> WantedRow:
    say = words.say
    opens = [say("onboarding.block", block=words.block(block), need=need) for need, block, _ in one.opens[:NAMED]]
    if len(one.opens) > NAMED:
        opens.append(say("suggestions.more", n=len(one.opens) - NAMED))
    return _row(
        words, one.partner, "yellow", level=say("resilience.partner"), name=names.get(one.partner, one.partner),
        impact=round(float(one.points), 4), meaning=say("resilience.opens", blocks="; ".join(opens)),
        next=say("resilience.second"),
    )  # fmt: skip


DOMAIN_LIGHTS = {"already": "red", "more": "green", "none": "none"}


def _domain(words: Words, names: Mapping[str, str], one: DomainResilience, *, recorded: bool) -> WantedRow:
    """Say how firmly a domain stands; one without a need says just that."""
    say, failure = words.say, one.failure
    light = DOMAIN_LIGHTS.get(failure.state) or ("red" if len(failure.partners) == 1 else "yellow")
    if not recorded:
        light = "none"
    facts = {"names": [names.get(each, each) for each in failure.partners], "n": len(failure.partners)}
    meaning = say(f"resilience.{failure.state}_meaning", **facts) if recorded else say("resilience.none_meaning")
    if one.rests_on:
        meaning = f"{say('resilience.rests_on', partner=names.get(one.rests_on, one.rests_on))} {meaning}"
    return _row(
        words, one.id, light, level=say("resilience.domain"), name=one.name,
        failure=failure.number if failure.number is not None else say(f"resilience.{failure.state}"),
        backed=say("resilience.backed", part=one.backed, whole=one.whole) if one.whole else say("resilience.no_whole"),
        meaning=meaning, next=_step(words, light, failure.state),
    )  # fmt: skip


def _step(words: Words, light: str, state: str) -> str:
    if light not in {"red", "yellow"}:
        return ""
    return words.say("resilience.close_gaps" if state == "already" else "resilience.second")


def _link(words: Words, names: Mapping[str, str], one: Link) -> WantedRow:
    say, (first, second) = words.say, one.groups
    both = [names.get(first, first), names.get(second, second)]
    return _row(
        words, f"{first}/{second}", "yellow", level=say("resilience.link"), name=words.listing(both),
        meaning=say("resilience.link_meaning", partner=names.get(one.partner, one.partner)),
        next=say("resilience.link_next"),
    )  # fmt: skip
