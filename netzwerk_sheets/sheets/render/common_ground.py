"""The tab of shared understanding: who shares which vision, goal and term, and who has not been heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.personal import looks_personal
from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells
from netzwerk_sheets.sheets.render.told import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.analysis.common_ground import CommonGround
    from netzwerk_sheets.sheets.language import Words

CODE = "common_ground"
STATES = {"agreed": "good", "partly": "tight", "differing": "missing", "nobody": "none"}


def common_ground_sheet(words: Words, found: Sequence[CommonGround], names: Mapping[str, str], title: str) -> RowSheet:
    """Make the tab: the vision first, then what people work towards, then what words mean."""
    table = schema.tables()[CODE]
    return RowSheet(
        CODE, "", title, table, tuple(column.code for column in table.columns),
        heading_cells(words.say(f"{CODE}.title"), words.say(f"{CODE}.what"), words.say(f"{CODE}.how")),
        tuple(_row(words, one, names) for one in found), sorts=True, heading=words.say(f"{CODE}.title"),
    )  # fmt: skip


def _row(words: Words, one: CommonGround, names: Mapping[str, str]) -> WantedRow:
    say, goal = words.say, one.goal
    lists = {
        key: "; ".join(names.get(partner, partner) for partner in getattr(one, key))
        for key in ("discussed", "differing", "open")
    }
    state = _state(one)
    said = "; ".join(
        say(f"{CODE}.said", partner=names.get(partner, partner), words=text.strip())
        for partner, text in one.words
        if not looks_personal(text)
    )
    cells = {
        "id": Cell(goal.id, "id"),
        "kind": Cell(words.word("goal_kind", goal.kind), "cell"),
        "name": Cell(goal.name or goal.id, "band"),
        "state": Cell(say(f"{CODE}.{state}"), STATES[state]),
        "share": Cell(None if one.share is None else round(float(one.share), 6), "percent"),
        **{key: Cell(text, "cell") for key, text in lists.items()},
        "words": Cell(said if len(said) <= 4 * LONGEST else said[: 4 * LONGEST].rstrip() + "…", "cell"),
        "next": Cell(_next(words, one, state, lists), "cell"),
    }
    return WantedRow(goal.id, cells)


def _state(one: CommonGround) -> str:
    if one.share is None:
        return "nobody"
    if one.differing:
        return "differing"
    return "agreed" if one.share == 1 else "partly"


def _next(words: Words, one: CommonGround, state: str, lists: Mapping[str, str]) -> str:
    if state == "differing":
        return words.say(f"{CODE}.next_differing")
    if one.open:
        return words.say(f"{CODE}.next_open", n=len(one.open))
    if one.discussed:
        return words.say(f"{CODE}.next_discussed", names=lists["discussed"])
    return words.say(f"{CODE}.next_agreed") if state == "agreed" else ""
