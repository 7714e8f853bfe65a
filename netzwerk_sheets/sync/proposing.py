"""What the tool proposes for cells that people left empty; but for tasks, whose due days are planned with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.reach import reach

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.model import Network

RECORDED = frozenset({"causes_fixed", "fixed_on"})
NO_CAUSE = "–"


def proposals(
    network: Network, rows: Mapping[str, Mapping[str, Mapping[str, Value]]], today: date
) -> dict[str, Mapping[str, Mapping[str, Value]]]:
    """Say what the tool proposes for cells that people left empty.

    People and mentions of a need; and at a measure that misses its group the causes, once: what holds when the
    measurement is first seen is not rewritten when the network changes.
    """
    known = {group.id: group.people for group in network.target_groups}
    counted: dict[str, int] = {}
    for voice in network.voices:
        counted[voice.need] = counted.get(voice.need, 0) + 1
    found: dict[str, Mapping[str, Value]] = {}
    present = rows.get("needs", {})
    by_groups: dict[tuple[str, ...], Mapping[str, Value]] = {}
    for need in network.needs:
        groups = need.target_groups
        if groups not in by_groups:
            numbers = [people for group in groups if (people := known.get(group)) is not None]
            by_groups[groups] = {"people": max(numbers)} if numbers else {}
        cells = by_groups[groups]
        if need.id in counted:
            cells = {**cells, "mentions": counted[need.id]}
        if cells and need.id in present:
            found[need.id] = cells
    causes: dict[str, Mapping[str, Value]] = {}
    measured = rows.get("measures", {})
    for one in reach(network, today=today):
        row = measured.get(one.measure.id)
        if one.state == "missed" and row is not None and not row.keys() & RECORDED:
            causes[one.measure.id] = {"causes_fixed": "; ".join(one.causes) or NO_CAUSE, "fixed_on": today}
    wanted = {"needs": found, "measures": causes}
    return {code: table for code, table in wanted.items() if table}
