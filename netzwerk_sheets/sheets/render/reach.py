"""The tab of reach: does each measure reach the people it is meant for, and if not, what may lie behind it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell
from netzwerk_sheets.model import ALL
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.analysis.reach import Involvement, MeasureReach, TooNarrow
    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.sheets.language import Words

CODE = "reach"
ROLES = {"reached": "good", "missed": "missing", "not_measured": "none", "no_target": "none"}


def reach_sheet(
    words: Words,
    found: Sequence[MeasureReach],
    rows: Mapping[str, Mapping[str, Value]],
    names: Mapping[str, str],
    title: str,
) -> RowSheet:
    """Make the tab: one row per measure, in the order of their own tab.

    Args:
        words: Language.
        found: Every measure with its shares and what may lie behind a miss.
        rows: The rows of the measures: they hold what was recorded at the measurement.
        names: Id → the name people use.
        title: Name of the tab.
    """
    table = schema.tables()[CODE]
    return RowSheet(
        CODE, "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say("reach.title"), words.say("reach.what"), words.say("reach.how")),
        tuple(_row(words, one, rows.get(one.measure.id, {}), names) for one in found),
        sorts=True, heading=words.say("reach.title"),
    )  # fmt: skip


def _row(words: Words, one: MeasureReach, cells: Mapping[str, Value], names: Mapping[str, str]) -> WantedRow:
    measure, say = one.measure, words.say
    causes = " ".join(causes_of(words, one, names))
    shown = {
        "name": Cell(names.get(measure.id, measure.id), "band"),
        "group": Cell(names.get(measure.group, measure.group), "cell"),
        "target_groups": Cell("; ".join(_groups(words, measure.target_groups, names)), "cell"),
        "state": Cell(say(f"reach.{one.state}"), ROLES[one.state]),
        "reach": Cell(None if one.reach is None else round(float(one.reach), 6), "percent"),
        "share": Cell(None if one.share is None else round(float(one.share), 6), "percent"),
        "fixed": Cell(text_of(cells.get("causes_fixed")), "cell"),
        "fixed_on": Cell(cells.get("fixed_on"), "date"),
        "causes": Cell(causes, "cell"),
        "next": Cell(_next(words, one), "cell"),
    }
    return WantedRow(measure.id, shown, {"id": measure.id})


def _groups(words: Words, groups: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [words.say("common.all") if group == ALL else names.get(group, group) for group in groups]


def causes_of(words: Words, one: MeasureReach, names: Mapping[str, str]) -> list[str]:
    """Say what may lie behind a miss, as the network is today."""
    if one.state != "missed":
        return []
    found = []
    if one.involvement is not None:
        found.append(_involvement(words, one.involvement, names))
    if one.missing:
        found.append(words.say("reach.cause_b", blocks=[words.block(block.code) for block in one.missing]))
    if one.too_narrow is not None:
        found.append(_too_narrow(words, one.too_narrow, names))
    return found or [words.say("reach.no_cause")]


def _involvement(words: Words, cause: Involvement, names: Mapping[str, str]) -> str:
    said = [words.say(f"reach.involved_{reason}") for reason in cause.reasons]
    away = [group for group, there in cause.represented if not there]
    if away:
        said.append(words.say("reach.not_represented", groups=_groups(words, away, names)))
    return words.say("reach.cause_a", reasons=" ".join(said))


def _too_narrow(words: Words, cause: TooNarrow, names: Mapping[str, str]) -> str:
    said = [words.say("reach.wrong_group")] if cause.wrong_group else []
    if cause.other_groups:
        said.append(words.say("reach.other_groups", groups=_groups(words, cause.other_groups, names)))
    return words.say("reach.cause_c", reasons=" ".join(said))


def _next(words: Words, one: MeasureReach) -> str:
    if one.state == "not_measured":
        return words.say("reach.next_measure")
    if one.state != "missed":
        return ""
    return " ".join(words.say(f"reach.next_{code.lower()}") for code in one.causes) or words.say("reach.next_ask")
