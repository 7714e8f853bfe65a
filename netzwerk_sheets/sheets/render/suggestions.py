"""The tab of suggestions: whom to win next, why, and a dropdown in which people decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.analysis.recommend import Joint, Part, Recommendations, Suggestion
    from netzwerk_sheets.model import Network, Partner, PartnerType
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import SeenTable

CODE = "suggestions"
HEADER_ROW = 5
NAME = "name"
NAMED = 6
"""So many blocks a cell names before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What people wrote beside a suggestion.

    Attributes:
        id: Of the candidate or the type of partner; empty in a row that people added.
        choice: ``open``, ``wish``, ``later`` or ``decline``; empty where nothing or an unknown word stands.
        by: Who suggests it.
        note: Their note.
        name: Whom they added.
        function: Whom they want to address there.
    """

    id: str
    choice: str
    by: str = ""
    note: str = ""
    name: str = ""
    function: str = ""


def decisions(seen: SeenTable | None) -> tuple[Decision, ...]:
    """Read what people decided, row by row; a row without a number that has a name is one they added."""
    codes = schema.word_codes("suggestion_decision")
    return tuple(
        Decision(
            text_of(row.cells.get("id")),
            codes.get(schema.fold(text_of(row.cells.get("decision"))), ""),
            text_of(row.cells.get("by")),
            text_of(row.cells.get("note")),
            text_of(row.cells.get(NAME)),
            text_of(row.cells.get("function")),
        )
        for row in (seen.rows if seen else ())
        if text_of(row.cells.get("id")) or text_of(row.cells.get(NAME))
    )


class Describer:
    """Puts suggestions into words.

    Args:
        words: Language.
        network: For names, functions and arguments.
        names: Id → the name people use.
    """

    def __init__(self, words: Words, network: Network, names: Mapping[str, str]) -> None:
        """Sort partners by id and types by name and id."""
        self.words = words
        self.names = names
        self._partners: dict[str, Partner] = {partner.id: partner for partner in network.partners}
        self._types: dict[str, PartnerType] = {}
        for kind in network.partner_types:
            for name in (kind.id, kind.name):
                self._types.setdefault(schema.fold(name), kind)

    def type_of(self, one: Suggestion) -> PartnerType | None:
        """Give the type of a suggestion, where the list of types has it."""
        partner = self._partners.get(one.id)
        return self._types.get(schema.fold(one.id if partner is None else partner.type))

    def name(self, suggested: str) -> str:
        """Give the name of a candidate or type."""
        kind = self._types.get(schema.fold(suggested))
        return self.names.get(suggested) or (kind.name if kind else suggested)

    def kind(self, one: Suggestion) -> str:
        """Say what a suggestion is, and for a candidate how far it is."""
        partner = self._partners.get(one.id)
        status = self.words.word("partner_status", partner.status) if partner else ""
        return self.words.say(f"suggestions.kind_{one.kind}", status=status)

    def blocks(self, parts: Sequence[Part]) -> str:
        """Name blocks: „Räume für B-006“."""
        say = self.words.say
        shown = [say("onboarding.block", block=self.words.block(block), need=need) for need, block, _ in parts[:NAMED]]
        if len(parts) > NAMED:
            shown.append(say("suggestions.more", n=len(parts) - NAMED))
        return "; ".join(shown)

    def contact(self, one: Suggestion) -> str:
        """Say who knows a candidate best; where nobody does, and the topic is new to it, that it takes time."""
        say, partner = self.words.say, self._partners.get(one.id)
        if one.contact:
            kind = self.words.word("relationship", one.contact_kind)
            return say("suggestions.via", partner=self.names.get(one.contact, one.contact), kind=kind)
        if one.kind != "candidate":
            return ""
        far = partner is not None and partner.topic_closeness == "low"
        return say("suggestions.via_far" if far else "suggestions.via_nobody")

    def advice(self, one: Suggestion, best: Joint) -> str:
        """Say what else people should know before they decide."""
        say = self.words.say
        found = [say("suggestions.in_best", n=len(best.chosen))] if one.id in best.chosen else []
        if one.ask_first:
            found.append(say("suggestions.ask_first"))
        for reason in one.stands_for:
            kind, _, code = reason.partition("/")
            name = self.words.word("sector", code) if kind == "sector" else self.names.get(code, code)
            found.append(say(f"suggestions.for_{kind}", name=name))
        return " ".join(found)

    def joint(self, best: Joint, what: str) -> str:
        """Tell what the best few bring together, and whether that is proved."""
        say = self.words.say
        if not best.chosen:
            return say(f"suggestions.no_{what}")
        facts = {"names": [self.name(one) for one in best.chosen], "points": self.words.number(best.points.total)}
        said = [say(f"suggestions.best_{what}", **facts)]
        if best.before.coverage is not None and best.after.coverage is not None:
            shares = {
                "before": self.words.percent(best.before.coverage),
                "after": self.words.percent(best.after.coverage),
            }
            said.append(say("suggestions.covered", **shares))
        said.append(say("suggestions.proven" if best.proven else "suggestions.unproven", n=len(best.chosen)))
        return " ".join(said)


def suggestions_sheet(
    words: Words,
    network: Network,
    found: Recommendations,
    names: Mapping[str, str],
    title: str,
    *,
    settled: frozenset[str] = frozenset(),
) -> RowSheet:
    """Make the tab of suggestions: candidates, partners that are joining, types, and last what people declined.

    Args:
        words: Language.
        network: What the workbook says.
        found: Whom to win next.
        names: Id → the name people use.
        title: Name of the tab.
        settled: Ids of rows whose decision is carried out.
    """
    describer = Describer(words, network, names)
    rows = [
        _row(describer, one, rank, best)
        for part, best in (
            (found.candidates, found.best), (found.activate, found.best), (found.types, found.best_types),
        )
        for rank, one in enumerate(part, start=1)
    ]  # fmt: skip
    rows += [_row(describer, one, None, found.best) for one in found.declined]
    table = schema.tables()[CODE]
    lines = (
        f"{words.say('suggestions.what')} {words.say('suggestions.how')}",
        describer.joint(found.best, "candidates"),
        describer.joint(found.best_types, "types"),
    )
    choice = {code: words.word("suggestion_decision", code) for code in ("open", "wish", "later", "decline")}
    return RowSheet(
        CODE, "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("suggestions.title"), *lines), tuple(rows), sorts=True, settled=settled,
        header_row=HEADER_ROW,
        highlights=(
            ("decision", f'{{decision}}="{choice["wish"]}"', "done"),
            ("decision", f'{{decision}}="{choice["later"]}"', "running"),
            ("decision", f'{{decision}}="{choice["decline"]}"', "none"),
        ),
        untouched={"decision": choice["open"]},
        closed=lambda key: closed_row(words, key), added=NAME,
        heading=words.say("suggestions.title"),
    )  # fmt: skip


def _row(describer: Describer, one: Suggestion, rank: int | None, best: Joint) -> WantedRow:
    words, kind = describer.words, describer.type_of(one)
    cells = {
        "rank": Cell(rank, "number"),
        "kind": Cell(describer.kind(one), "cell"),
        "name": Cell(describer.name(one.id), "band"),
        "function": Cell(kind.function if kind else "", "cell"),
        "points": Cell(round(float(one.points.total), 4), "points"),
        "fills": Cell(describer.blocks(one.fills), "cell"),
        "backs_up": Cell(describer.blocks(one.backs_up), "cell"),
        "sector": Cell(words.word("sector", one.new_sector) if one.new_sector else "", "cell"),
        "contact": Cell(describer.contact(one), "cell"),
        "argument": Cell(kind.argument if kind else "", "cell"),
        "advice": Cell(describer.advice(one, best) if rank else words.say("suggestions.declined"), "cell"),
    }
    return WantedRow(one.id, cells, {"id": one.id, "decision": words.word("suggestion_decision", "open")})


def closed_row(words: Words, key: str) -> WantedRow:
    """Show that a suggestion people wrote beside is none any more; what they wrote stays."""
    cells = {
        "rank": Cell(None, "number"),
        "points": Cell(0, "points"),
        "fills": Cell("", "cell"),
        "backs_up": Cell("", "cell"),
        "advice": Cell(words.say("suggestions.gone"), "cell"),
    }
    return WantedRow(key, cells, {"id": key})
