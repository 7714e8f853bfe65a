"""The list of gaps: what is missing for which need, why, and whom to speak to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.model import ALL, CANDIDATES, PARTICIPATION, Network
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from netzwerk_sheets.analysis.coverage import Block, Coverage, NeedCoverage
    from netzwerk_sheets.sheets.language import Words

SHOWN = 1000
"""More gaps than anybody can work on; the largest come first."""


def gap_key(words: Words, need: str, block: str) -> str:
    """Name a gap: ``B-003/Finanzierung``."""
    return f"{need}/{words.block(block)}"


class Advice:
    """Says whom to win for an open block: a wished-for partner by name, else a type of organisation."""

    def __init__(self, words: Words, network: Network) -> None:
        """Sort candidates and types by what they offer."""
        self.words = words
        self.network = network
        self._offers: dict[str, list[tuple[str, frozenset[str], frozenset[str]]]] = {}
        for partner in network.partners:
            if partner.status not in CANDIDATES:
                continue
            for resource in partner.resources:
                self._offers.setdefault(resource, []).append((partner.label, partner.domains, partner.target_groups))
            if partner.represents:
                self._offers.setdefault(PARTICIPATION, []).append((partner.label, frozenset({ALL}), partner.represents))
        self._types: dict[tuple[str, str], str] = {}
        for kind in network.partner_types:
            for resource in kind.resources:
                self._types.setdefault((resource, kind.domain), kind.name)
        self._known: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def next_step(self, block: str, domain: str, groups: tuple[str, ...]) -> str:
        """Give one sentence: a verb and a named organisation or type."""
        key = (block, domain, groups)
        if key not in self._known:
            self._known[key] = self._advise(block, domain, groups)
        return self._known[key]

    def _advise(self, block: str, domain: str, groups: tuple[str, ...]) -> str:
        by_domain, by_group = self.network.rules.matching.get(block, (False, True))
        names = [
            label
            for label, domains, served in self._offers.get(block, ())
            if (not by_domain or domain in domains or ALL in domains)
            and (not by_group or ALL in served or not served.isdisjoint(groups))
        ]
        if names:
            return self.words.say("gaps.talk_to", names=names[:2])
        if block == PARTICIPATION:
            return self.words.say("gaps.win_people")
        kind = self._types.get((block, domain))
        if kind:
            return self.words.say("gaps.look_for", kind=kind)
        return self.words.say("gaps.ask_network", block=self.words.block(block))


def reason(words: Words, item: NeedCoverage, block: Block, names: dict[str, str]) -> str:
    """Say in at most two short sentences why a block is open."""
    label = words.block(block.code)
    lacking = [names[support.group] for support in block.supports if not support.filled and support.group in names]
    key = f"reason.{'participation_' if block.code == PARTICIPATION else ''}{block.reason}"
    if not words.has(key):
        key = f"reason.{block.reason}"
    return words.say(
        key, block=label, groups=lacking or [names.get(group, group) for group in item.need.target_groups],
        n=len(lacking), percent=words.percent(block.fill),
    )  # fmt: skip


def gaps_sheet(words: Words, network: Network, found: Coverage, title: str) -> RowSheet:
    """Make the list of gaps."""
    advice = Advice(words, network)
    domains = {domain.id: domain.name for domain in network.domains}
    groups = {group.id: group.name for group in network.target_groups} | {ALL: words.say("common.all")}
    rows = []
    total = len(found.open)
    for item, block in found.open[:SHOWN]:
        need = item.need
        share = block.fill
        missing = share == 0
        points = float(item.weight.total * (1 - share) / len(item.blocks))
        rows.append(
            WantedRow(
                gap_key(words, need.id, block.code),
                {
                    "light": Cell(
                        words.say("gaps.missing" if missing else "gaps.partly"),
                        "missing" if missing else "tight",
                    ),
                    "need": Cell(need.name or need.id, "cell"),
                    "domain": Cell(domains.get(need.domain, ""), "cell"),
                    "target_groups": Cell("; ".join(groups.get(group, group) for group in need.target_groups), "cell"),
                    "block": Cell(words.block(block.code), "band"),
                    "fill": Cell(
                        words.say("gaps.nothing") if missing else words.say("gaps.part", percent=words.percent(share)),
                        "cell",
                    ),
                    "points": Cell(round(points, 4), "points"),
                    "reason": Cell(reason(words, item, block, groups), "cell"),
                    "next": Cell(advice.next_step(block.code, need.domain, need.target_groups), "cell"),
                },
                {
                    "id": gap_key(words, need.id, block.code),
                    "progress": words.word("gap_progress", "open"),
                },
            )
        )
    lines = (
        words.say("gaps.what"),
        words.say("gaps.how" if total <= SHOWN else "gaps.how_many", shown=SHOWN, total=total),
    )
    table = schema.tables()["gaps"]
    open_word, settled = words.word("gap_progress", "in_progress"), words.word("gap_progress", "settled")
    return RowSheet(
        "gaps", "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("gaps.title"), *lines), tuple(rows), sorts=True,
        highlights=(
            ("progress", f'{{progress}}="{open_word}"', "running"),
            ("progress", f'{{progress}}="{settled}"', "done"),
        ),
        untouched={"progress": words.word("gap_progress", "open")},
        closed=lambda key: closed_row(words, key),
        heading=words.say("gaps.title"),
    )  # fmt: skip


def closed_row(words: Words, key: str) -> WantedRow:
    """Show that a gap people worked on is closed now; what they wrote stays."""
    return WantedRow(
        key,
        {
            "light": Cell(words.say("gaps.closed"), "good"),
            "fill": Cell(words.say("gaps.whole"), "cell"),
            "points": Cell(0, "points"),
            "reason": Cell(words.say("gaps.closed_reason"), "cell"),
            "next": Cell("", "cell"),
        },
        {"id": key},
    )
