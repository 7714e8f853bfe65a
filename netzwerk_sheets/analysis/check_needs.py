"""Checks of needs, goals and target groups: is anything done about them, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.check_context import Context, is_live
from netzwerk_sheets.analysis.coverage import asked_since
from netzwerk_sheets.analysis.triggers import whom_to_ask
from netzwerk_sheets.model import ASSUMPTION, DIRECT_SOURCES, ON_BOARD, SET_ASIDE, Finding, Need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

GOAL_KINDS = frozenset({"", "goal", "focus"})
"""Goals that are reached by measures; a vision, a term or a rule is not."""


def _answered(context: Context) -> set[str]:
    """Give the ids of needs about which some measure does something."""
    return {need for measure in context.network.measures if is_live(measure) for need in measure.needs}


def check_chain(context: Context) -> Iterator[Finding]:
    """P-05: a need without a measure, or without a goal."""
    answered = _answered(context)
    aimed_at = {need for goal in context.network.goals for need in goal.needs}
    goals = context.has("goals")
    for need in context.network.needs:
        if need.status in SET_ASIDE:
            continue
        if need.id not in answered:
            yield Finding("P-05", "warning", "needs", need.id, "", {"case": "measure"})
        if goals and need.id not in aimed_at:
            yield Finding("P-05", "hint", "needs", need.id, "", {"case": "goal"})


def check_goals(context: Context) -> Iterator[Finding]:
    """P-06: a goal that no need stands behind, or whose needs have no measure."""
    answered = _answered(context)
    for goal in context.network.goals:
        if goal.needs and not answered.intersection(goal.needs):
            yield Finding("P-06", "warning", "goals", goal.id, "needs", {"case": "measure"})
        elif not goal.needs and goal.kind in GOAL_KINDS:
            yield Finding("P-06", "hint", "goals", goal.id, "needs", {"case": "needs"})


def check_sources(context: Context) -> Iterator[Finding]:
    """P-11: nobody from the target group was asked, or long ago, or nobody knows when."""
    since = asked_since(context.today, context.network.rules)
    heard = {voice.need for voice in context.network.voices}
    for need in context.network.needs:
        if need.sources == {ASSUMPTION} and need.status != "covered":
            level = "hint" if need.status in SET_ASIDE else "warning"
            facts = {"case": "assumption", "group": whom_to_ask(context.network, need)}
            yield Finding("P-11", level, "needs", need.id, "sources", facts)
        elif need.status not in SET_ASIDE:
            yield from _sources(context, need, since, heard)


def _sources(context: Context, need: Need, since: date, heard: set[str]) -> Iterator[Finding]:
    asked = need.asked_on
    if need.sources.isdisjoint(DIRECT_SOURCES):
        if need.id not in heard:
            case = "not_asked" if need.sources else "no_source"
            facts = {"case": case, "group": whom_to_ask(context.network, need)}
            yield Finding("P-11", "hint", "needs", need.id, "sources", facts)
    elif asked is None:
        yield Finding("P-11", "hint", "needs", need.id, "asked_on", {"case": "undated"})
    elif asked > context.today:
        facts = {"case": "future", "date": asked.isoformat()}
        yield Finding("P-11", "warning", "needs", need.id, "asked_on", facts)
    elif asked < since:
        facts = {"case": "old", "date": asked.isoformat(), "since": since.isoformat()}
        yield Finding("P-11", "hint", "needs", need.id, "asked_on", facts)


def check_representation(context: Context) -> Iterator[Finding]:
    """P-13: nobody on board represents a target group that is in focus, or that has a need."""
    represented = {
        group for partner in context.network.partners if partner.status in ON_BOARD for group in partner.represents
    }
    needs: dict[str, int] = {}
    for need in context.network.needs:
        if need.status not in SET_ASIDE:
            for group_id in dict.fromkeys(need.target_groups):
                needs[group_id] = needs.get(group_id, 0) + 1
    for group in context.network.target_groups:
        if group.id in represented or (group.replaced_by and group.id not in needs):
            continue
        facts: dict[str, str | int] = {"case": "focus", "needs": needs.get(group.id, 0)}
        if group.focus:
            yield Finding("P-13", "warning", "target_groups", group.id, "focus", facts)
        elif group.id in needs:
            yield Finding("P-13", "hint", "target_groups", group.id, "", facts | {"case": "need"})


def check_details(context: Context) -> Iterator[Finding]:
    """P-21: what a need lacks to be counted in full."""
    for need in context.network.needs:
        if need.status in SET_ASIDE:
            continue
        if not need.priority:
            yield Finding("P-21", "hint", "needs", need.id, "priority", {"case": "priority"})
        if not need.domain:
            yield Finding("P-21", "warning", "needs", need.id, "domain", {"case": "domain"})
        if not need.target_groups:
            yield Finding("P-21", "warning", "needs", need.id, "target_groups", {"case": "target_groups"})
