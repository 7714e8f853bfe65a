"""What all tabs share: titles, tables of rows, input messages, print layout.

A `RowSheet` says what a table tab shall show; `design` turns it into a new tab, and `sheets.computed` compares it
with a tab that exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import (
    Area,
    Cell,
    Choice,
    Highlight,
    Page,
    TabDesign,
    TableDesign,
    Validation,
    Value,
)
from netzwerk_sheets.sheets import looks, schema
from netzwerk_sheets.sheets.charts import RowChart, placed
from netzwerk_sheets.sheets.locate import name_for

if TYPE_CHECKING:
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.schema import Column, Table

READY_ROWS = 20
GUIDED_ROWS = 1000
PROMPT_LIMIT, TITLE_LIMIT, ERROR_LIMIT, LIST_LIMIT = 255, 32, 225, 255


def letter(column: int) -> str:
    """Give the letters of a column: 1 → ``A``, 28 → ``AB``."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def address(row: int, column: int) -> str:
    """Give the address of a cell: ``B4``."""
    return f"{letter(column)}{row}"


def place(tab: str, row: int = 1, column: int = 1) -> str:
    """Give the target of a link inside the workbook."""
    return f"'{tab.replace(chr(39), chr(39) * 2)}'!{address(row, column)}"


Live = Callable[[Mapping[str, int], int], Cell]
"""(column code → column number, row number) → cell."""


@dataclass(frozen=True, slots=True)
class WantedRow:
    """A row a table tab shall show.

    Attributes:
        key: What identifies the row.
        cells: Column code → cell the tool keeps up to date.
        initial: Column code → value a new row starts with; afterwards people own these cells.
        live: Column code → cell with a formula that depends on where the row and the columns stand.
    """

    key: str
    cells: Mapping[str, Cell]
    initial: Mapping[str, Value] = field(default_factory=dict)
    live: Mapping[str, Live] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowSheet:
    """What a table tab shall show.

    Attributes:
        code: Code of the tab (the place), for example ``onboarding``.
        owner: Whose tab it is, or empty.
        table: The table whose columns it has.
        columns: Codes of the shown columns, in order.
        intro: (row, column) → cell above the header.
        rows: In the order the tool would choose.
        key: Codes of the columns that identify a row.
        sorts: Whether the tool keeps the rows in its order until people sort them.
        settles: Whether a row goes when it is no longer wanted, even where people wrote in it (their decision).
        settled: Keys of rows that go in the same way, because what people decided there is carried out.
        stays: Whether rows that are no longer wanted stay (a log).
        untouched: Column code → what stands in a cell of people before they write.
        closed: Makes the row shown for a key that is no longer wanted but where people wrote something.
        added: Code of the column that names a row people added by themselves; empty where such rows are only notes.
        highlights: Column code → (formula with ``{column code}`` for the cell of the same row, role).
        charts: Charts of its columns, to the right of the table.
    """

    code: str
    owner: str
    title: str
    table: Table
    columns: tuple[str, ...]
    intro: Mapping[tuple[int, int], Cell]
    rows: tuple[WantedRow, ...]
    key: tuple[str, ...] = ("id",)
    sorts: bool = False
    settles: bool = False
    settled: frozenset[str] = frozenset()
    stays: bool = False
    untouched: Mapping[str, str] = field(default_factory=dict)
    closed: Callable[[str], WantedRow] | None = None
    added: str = ""
    header_row: int = 4
    highlights: tuple[tuple[str, str, str], ...] = ()
    heading: str = ""
    charts: tuple[RowChart, ...] = ()


def human_role(column: Column) -> str:
    """Give the role of an input cell."""
    if column.code == "id":
        return "id"
    if column.kind == "date":
        return "input_date"
    if column.kind in {"count", "number"}:
        return "input_number"
    return "input"


def heading_cells(title: str, *lines: str) -> dict[tuple[int, int], Cell]:
    """Make the title and the lines of explanation of a computed tab."""
    found = {(1, 1): Cell(title, "title")}
    for row, line in enumerate(lines, start=2):
        found[row, 1] = Cell(line, "hint")
    return found


def page(words: Words, network: str, title: str, header_row: int) -> Page:
    """Make the print layout: network and tab above, page numbers below."""
    return Page(
        header_left=network,
        header_right=title,
        footer_left=words.say("page.state"),
        footer_right=words.say("page.number"),
        repeat_rows=(header_row, header_row),
    )


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _prompt(words: Words, column: Column) -> str:
    if column.hints:
        return column.hints[words.language]
    if column.kind in {"choices", "refs"} and column.of in schema.vocabularies():
        options = "; ".join(schema.code_words(column.of, words.language).values())
        return words.say("prompt.choices", options=options)
    if column.owner == "tool":
        return words.say("prompt.tool")
    return words.say(f"prompt.{column.kind}", of=_of(words, column))


def _of(words: Words, column: Column) -> str:
    return words.tab(column.of) if column.of in schema.tab_words() else column.header(words.language)


def validation(
    words: Words,
    column: Column,
    area: Area,
    references: Mapping[str, str],
    *,
    vocabularies: Mapping[str, str],
) -> Validation:
    """Make the input message and dropdown of a column.

    Args:
        words: Language.
        column: The column.
        area: Its cells.
        references: Table code → reference to the labels of its rows, for dropdowns of links.
        vocabularies: Vocabulary → reference in the tab of lists, for dropdowns that are too long to stand inline.
    """
    title = _clip(column.header(words.language), TITLE_LIMIT)
    prompt = _clip(_prompt(words, column), PROMPT_LIMIT)
    error = _clip(words.say("prompt.warning"), ERROR_LIMIT)
    if column.kind in {"choice", "yes_no"}:
        vocabulary = column.of or "yes_no"
        options = tuple(schema.code_words(vocabulary, words.language).values())
        if len(",".join(options)) <= LIST_LIMIT:
            return Validation(area, Choice.LIST, title, prompt, options, error)
        if vocabulary in vocabularies:
            return Validation(area, Choice.RANGE, title, prompt, (vocabularies[vocabulary],), error)
    if column.kind == "ref" and column.of in references:
        return Validation(area, Choice.RANGE, title, prompt, (references[column.of],), error)
    if column.kind == "date":
        return Validation(area, Choice.DATE, title, prompt, (), error)
    if column.kind == "count":
        return Validation(area, Choice.WHOLE, title, prompt, (), error)
    return Validation(area, Choice.ANY, title, prompt)


def table_name(title: str) -> str:
    """Make a table name from a tab's title: letters, digits and underscores."""
    return "Netz_" + re.sub(r"\W+", "_", title).strip("_")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a design needs to know of the rest of the workbook."""

    network: str
    references: Mapping[str, str] = field(default_factory=dict)
    vocabularies: Mapping[str, str] = field(default_factory=dict)


def design(words: Words, sheet: RowSheet, around: Surroundings) -> TabDesign:
    """Turn a `RowSheet` into a new tab."""
    columns = [sheet.table.column(code) for code in sheet.columns]
    top, count = sheet.header_row, max(len(sheet.rows), 1)
    cells = dict(sheet.intro)
    for index, column in enumerate(columns, start=1):
        cells[top, index] = Cell(column.header(words.language), "head")
    places = {column.code: index for index, column in enumerate(columns, start=1)}
    for offset, row in enumerate(sheet.rows, start=1):
        for index, column in enumerate(columns, start=1):
            cells[top + offset, index] = cell_for(row, column, places, top + offset)
    has_input = any(column.owner != "tool" for column in columns)
    ready = READY_ROWS if sheet.table.kind == "input" else (0 if sheet.rows else 1)
    for extra in range(len(sheet.rows) + 1, len(sheet.rows) + ready + 1):
        for index, column in enumerate(columns, start=1):
            cells[top + extra, index] = Cell(None, human_role(column) if column.owner != "tool" else "cell")
    area = Area(top, 1, top + count, len(columns))
    guided = GUIDED_ROWS if has_input else count
    return TabDesign(
        title=sheet.title,
        cells=cells,
        widths={index: float(column.width) for index, column in enumerate(columns, start=1)},
        heights=_intro_heights(sheet),
        frozen=(top, 1),
        tables=(
            TableDesign(
                table_name(sheet.title),
                area,
                sheet.heading or sheet.title,
                words.say("page.table", tab=sheet.title, n=len(columns)),
            ),
        ),
        validations=tuple(
            validation(
                words,
                column,
                Area(top + 1, index, top + guided, index),
                around.references,
                vocabularies=around.vocabularies,
            )
            for index, column in enumerate(columns, start=1)
            if column.owner != "tool"
        ),
        highlights=_highlights(sheet, columns, guided),
        charts=tuple(each for chart in sheet.charts for each in placed(chart, sheet.title, places, top, top + count)),
        names={name_for(sheet.code, sheet.owner): Area(top, 1, top, 1)},
        page=page(words, around.network, sheet.title, top),
        colour=looks.TAB_COLOURS[schema.tab_kinds().get(sheet.code, sheet.table.kind)],
    )


def cell_for(row: WantedRow, column: Column, places: Mapping[str, int], number: int) -> Cell:
    """Give the cell of a new row.

    Args:
        row: The row.
        column: The column.
        places: Column code → column number in the tab.
        number: Number of the row in the tab.
    """
    if column.code in row.live:
        return row.live[column.code](places, number)
    if column.code in row.cells:
        found = row.cells[column.code]
        return found if found.role else Cell(found.value, _tool_role(column), found.link)
    value = row.initial.get(column.code)
    return Cell(value, human_role(column))


def _tool_role(column: Column) -> str:
    if column.code == "id":
        return "id"
    if column.owner != "tool":
        return human_role(column)
    if column.kind == "date":
        return "date"
    return "number" if column.kind in {"number", "count"} else "cell"


def _intro_heights(sheet: RowSheet) -> dict[int, float]:
    return {1: 30.0} if (1, 1) in sheet.intro else {}


def _highlights(sheet: RowSheet, columns: Sequence[Column], rows: int) -> tuple[Highlight, ...]:
    first = sheet.header_row + 1
    places = {column.code: f"${letter(index)}{first}" for index, column in enumerate(columns, start=1)}
    order = {column.code: index for index, column in enumerate(columns, start=1)}
    return tuple(
        Highlight(Area(first, order[code], first + rows - 1, order[code]), formula.format(**places), role)
        for code, formula, role in sheet.highlights
        if code in order
    )
