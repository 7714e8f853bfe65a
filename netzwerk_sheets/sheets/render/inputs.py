"""The tabs people fill in, and the tab of lists behind long dropdowns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Area, Cell, TabDesign, TableDesign, Value
from netzwerk_sheets.languages import LANGUAGES
from netzwerk_sheets.sheets import looks, schema
from netzwerk_sheets.sheets.locate import name_for
from netzwerk_sheets.sheets.render.frame import (
    LIST_LIMIT,
    RowSheet,
    Surroundings,
    WantedRow,
    design,
    letter,
    page,
    place,
    table_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.sheets.language import Words

LISTED_ROWS = 300


def input_tab(
    words: Words,
    table: schema.Table,
    rows: Mapping[str, Mapping[str, Value]],
    around: Surroundings,
    title: str,
    owner: str = "",
) -> TabDesign:
    """Design an input tab with its first rows (id → column code → value); with an owner, a working group's own."""
    codes = tuple(column.code for column in table.columns)
    wanted = tuple(
        WantedRow(row_id, {}, {**row, **({"id": row_id} if "id" in codes else {})}) for row_id, row in rows.items()
    )
    sheet = RowSheet(table.code, owner, title, table, codes, {}, wanted, header_row=1)
    return design(words, sheet, around)


def long_vocabularies(language: str) -> list[str]:
    """Give the vocabularies whose labels do not fit into an inline dropdown."""
    return [
        name for name in schema.vocabularies() if len(",".join(schema.code_words(name, language).values())) > LIST_LIMIT
    ]


def list_references(title: str) -> dict[str, str]:
    """Give vocabulary → reference to its words in the tab of lists."""
    found = {}
    for index, name in enumerate(_listed(), start=1):
        count = len(schema.vocabularies()[name])
        found[name] = f"{place(title, 5, index).rsplit('!', 1)[0]}!${letter(index)}$5:${letter(index)}${4 + count}"
    return found


def _listed() -> list[str]:
    """Give the vocabularies shown in the tab of lists, those of the long dropdowns first."""
    longest = [name for language in LANGUAGES for name in long_vocabularies(language)]
    shown = ["sector", "resource", "partner_status", "source", "priority", "participation", "need_status"]
    return list(dict.fromkeys([*longest, *shown, "measure_status", "dimension"]))


def lists_tab(words: Words, title: str, network: str) -> TabDesign:
    """Design the tab that shows the words of the dropdowns, one column a list."""
    cells = {
        (1, 1): Cell(title, "title"),
        (2, 1): Cell(words.say("lists.what"), "hint"),
        (3, 1): Cell(words.say("lists.how"), "hint"),
    }
    names = _listed()
    longest = max(len(schema.vocabularies()[name]) for name in names)
    for index, name in enumerate(names, start=1):
        cells[4, index] = Cell(words.say(f"list.{name}"), "head")
        labels = list(schema.code_words(name, words.language).values())
        for offset in range(longest):
            cells[5 + offset, index] = Cell(labels[offset] if offset < len(labels) else None, "cell")
    area = Area(4, 1, 4 + longest, len(names))
    return TabDesign(
        title=title,
        cells=cells,
        widths=dict.fromkeys(range(1, len(names) + 1), 30.0),
        heights={1: 30.0},
        frozen=(4, 1),
        tables=(TableDesign(table_name(title), area, title, words.say("lists.what")),),
        names={name_for("lists"): Area(4, 1, 4, 1)},
        page=page(words, network, title, 4),
        colour=looks.TAB_COLOURS["help"],
    )


def row_references(titles: Mapping[str, str]) -> dict[str, str]:
    """Give table code → reference to the labels of its rows, for dropdowns that link to them."""
    found = {}
    for code, title in titles.items():
        table = schema.tables().get(code)
        if table is None or table.kind != "input" or table.label == "id":
            continue
        codes = [column.code for column in table.columns]
        column = letter(codes.index(table.label) + 1)
        tab = place(title).rsplit("!", 1)[0]
        found[code] = f"{tab}!${column}$2:${column}${LISTED_ROWS}"
    return found
