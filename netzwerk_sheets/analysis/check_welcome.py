"""Checks of winning and welcoming: documents, shared understanding, the way into bodies, wishes and benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.check_context import Context, group_members
from netzwerk_sheets.analysis.common_ground import common_ground
from netzwerk_sheets.analysis.papers import nobody, papers
from netzwerk_sheets.model import ON_BOARD, Finding, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

SPOKEN_WITH = frozenset({Status.CONTACTED, Status.IN_TALKS})
TO_BE_WON = frozenset({Status.WISH, *SPOKEN_WITH})
STEERING = "steering_group"
BEFORE_STEERING = frozenset({"working_group", "focus_group", ""})


def check_papers(context: Context) -> Iterator[Finding]:
    """P-23: a partner lacks a required document, or has it in an older version; nobody is meant by a document."""
    if not (context.has("documents") and context.has("documents_sent")):
        return
    noted = (
        "warning" if context.network.documents_sent else "hint"
    )  # where no sending is noted, nobody works with it yet
    for one in papers(context.network, context.today):
        for case, level, documents in (("missing", noted, one.missing), ("older", "hint", one.older)):
            if documents:
                facts: dict[str, str | int] = {
                    "case": case,
                    "name": context.label(one.partner),
                    "n": len(documents),
                    "documents": ", ".join(documents),
                }
                yield Finding("P-23", level, "partners", one.partner, "", facts)
    for document, words in nobody(context.network).items():
        facts = {"case": "nobody", "value": "; ".join(words)}
        yield Finding("P-23", "hint", "documents", document, "required_for", facts)


def check_common_ground(context: Context) -> Iterator[Finding]:
    """P-24: partners see a vision, goal or term differently, or were not heard."""
    if not context.network.agreements:  # nobody works with it yet
        return
    for one in common_ground(context.network):
        if one.differing:
            names = ", ".join(context.label(partner) for partner in one.differing)
            facts: dict[str, str | int] = {"case": "differing", "n": len(one.differing), "names": names}
            yield Finding("P-24", "warning", "goals", one.goal.id, "", facts)
        if one.open:
            facts = {"case": "open", "n": len(one.open), "whole": one.whole}
            yield Finding("P-24", "hint", "goals", one.goal.id, "", facts)


def check_way_in(context: Context) -> Iterator[Finding]:
    """P-25: a partner joined the steering group and never worked in a working group; a hint, nothing is forbidden."""
    kinds = {group.id: group.kind for group in context.network.groups}
    known = group_members(context, working=False)
    worked = {
        entry.partner for entry in context.network.membership if kinds.get(entry.group, STEERING) in BEFORE_STEERING
    }
    worked |= {partner for group, members in known.items() if kinds[group] in BEFORE_STEERING for partner in members}
    for entry in context.network.membership:
        partner = context.partners.get(entry.partner)
        if kinds.get(entry.group) != STEERING or partner is None or partner.status not in ON_BOARD:
            continue
        if (entry.until is None or entry.until >= context.today) and partner.id not in worked:
            yield Finding("P-25", "hint", "membership", entry.id, "group", {"case": "", "name": partner.label})


def check_wishes(context: Context) -> Iterator[Finding]:
    """P-26: a partner on board wishes for a task and has none yet."""
    network = context.network
    busy = {entry.partner for entry in network.membership if entry.role not in {"", "guest"}}
    busy |= {context.owners.get(one, one) for group in network.groups for one in (group.lead, group.deputy)}
    busy |= {context.owners.get(measure.lead, measure.lead) for measure in network.measures}
    for partner in network.partners:
        if partner.status in ON_BOARD and partner.role_wish and partner.id not in busy:
            facts = {"case": "", "name": partner.label}
            yield Finding("P-26", "hint", "partners", partner.id, "role_wish", facts)


def check_winning(context: Context) -> Iterator[Finding]:
    """P-27: talks without a benefit for the partner; a partner far from the topic whom nobody knows."""
    network = context.network
    told = {talk.partner for talk in network.conversations if talk.benefit}
    known = {row.target for row in network.relationships} | {row.source for row in network.relationships}
    talks, relations = bool(network.conversations), bool(network.relationships)  # where nobody writes any, it is off
    for partner in network.partners:
        facts = {"case": "benefit", "name": partner.label}
        if talks and partner.status in SPOKEN_WITH and partner.id not in told:
            yield Finding("P-27", "hint", "partners", partner.id, "status", facts)
        distant = partner.topic_closeness == "low" and partner.status in TO_BE_WON
        if relations and distant and partner.id not in known:
            yield Finding("P-27", "hint", "partners", partner.id, "topic_closeness", facts | {"case": "unknown"})
