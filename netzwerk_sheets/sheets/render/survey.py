"""The tab of a survey: the questions for one target group, and the voices of its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.social import about
from netzwerk_sheets.analysis.voices import heard, told
from netzwerk_sheets.grid import Cell
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, heading_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.model import Network, SocialDatum, TargetGroup
    from netzwerk_sheets.sheets.language import Words

CODE = "survey"
QUESTIONS = ("want", "need", "improve", "obstacle")
HEADER_ROW = 6
NAMED = 3
"""So many figures the tab names before it says where the others stand."""


def survey_sheet(
    words: Words,
    network: Network,
    group: TargetGroup,
    rows: Mapping[str, Mapping[str, Value]],
    title: str,
    tabs: Mapping[str, str],
) -> RowSheet:
    """Make the tab: the questions above, one row a voice.

    Args:
        words: Language.
        network: For figures, and for counting voices.
        group: Who is asked.
        rows: The rows of its voices: id → column code → value.
        title: Name of the tab.
        tabs: Names of other tabs: ``voices`` and, where there is one, ``tasks``.
    """
    table = schema.tables()["voices"].at(CODE)
    columns = tuple(column.code for column in table.columns)
    said = heard(network, group.id)
    how = words.say("survey.how", voices=tabs.get("voices") or words.tab("voices"))
    tasks = words.say("survey.tasks", tasks=tabs["tasks"]) if tabs.get("tasks") else ""
    counted = words.say("survey.counted", count=told(said.count), loose=told(said.loose))
    heading = words.say("survey.title", group=group.name)
    lines = (
        f"{how} {tasks}".strip(),
        words.say("survey.ask", questions=" ".join(_question(words, code, "ask") for code in QUESTIONS)),
        words.say("survey.plain", questions=" ".join(words.say(f"survey.plain_{code}") for code in QUESTIONS)),
        f"{_facts(words, about(network, group.id))} {counted}",
    )
    return RowSheet(
        CODE, group.id, title, table, columns, heading_cells(heading, *lines),
        tuple(
            WantedRow(row, {code: Cell(cells.get(code)) for code in columns if code != "id"}, {"id": row})
            for row, cells in rows.items()
        ),
        header_row=HEADER_ROW, heading=heading,
    )  # fmt: skip


def _question(words: Words, code: str, kind: str) -> str:
    return f"{words.word('question', code)}: {words.say(f'survey.{kind}_{code}')}"


def _facts(words: Words, figures: list[SocialDatum]) -> str:
    """Tell what is known about the group: „Menschen mit Hörbehinderung: 320 Menschen (2024, Statistik)“."""
    if not figures:
        return words.say("survey.no_facts", tab=words.tab("social_data"))
    found = []
    for each in figures[:NAMED]:
        amount = f"{words.number(each.value or 0)} {each.unit}".strip()
        origin = ", ".join(part for part in (each.district, str(each.year or ""), each.source) if part)
        found.append(f"{each.indicator}: {amount}" + (f" ({origin})" if origin else ""))
    more = words.say("survey.more_facts", n=len(figures) - NAMED, tab=words.tab("social_data"))
    said = words.say("survey.facts", facts="; ".join(found))
    return f"{said} {more}" if len(figures) > NAMED else said
