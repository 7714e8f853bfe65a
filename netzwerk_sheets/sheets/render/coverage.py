"""The matrix of domains and target groups: what is covered, what is missing, what nobody has asked about."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Area, Cell, TabDesign, TableDesign
from netzwerk_sheets.sheets import looks
from netzwerk_sheets.sheets.locate import name_for
from netzwerk_sheets.sheets.render.frame import address, heading_cells, letter, page, table_name

if TYPE_CHECKING:
    from netzwerk_sheets.analysis.coverage import Aggregate, Coverage
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.language import Words

TOP = 4


def light_cell(words: Words, total: Aggregate, *, blind: bool = False) -> Cell:
    """Show a coverage: the number as percent with symbol and word, or why there is none."""
    if blind:
        return Cell(words.say("light.blind"), "missing")
    if total.coverage is None:
        text = words.say("light.deserted") if total.light == "red" else words.say("light.none")
        return Cell(text, "missing" if total.light == "red" else "none")
    return Cell(float(total.coverage), f"share_{total.light}")


def coverage_tab(words: Words, network: Network, found: Coverage, title: str, position: int) -> TabDesign:
    """Design the matrix.

    Args:
        words: Language.
        network: For names and the order of rows.
        found: The computed coverage.
        title: Name of the tab.
        position: Which tab of the workbook it is, counted from 1 (screen readers want to know).
    """
    groups = [(index, group) for index, group in enumerate(network.target_groups) if not group.replaced_by]
    names = Counter(group.name.casefold() for _, group in groups)
    width, count = len(groups) + 2, len(network.target_groups)
    cells = heading_cells(words.say("coverage.title"), words.say("coverage.legend"), words.say("coverage.counts"))
    reserved = {words.say("coverage.domain"), words.say("coverage.total")}
    cells[TOP, 1] = Cell(words.say("coverage.domain"), "head")
    cells[TOP, width] = Cell(words.say("coverage.total"), "head")
    for column, (_, group) in enumerate(groups, start=2):
        # Headers of a table must differ; two groups of one name are told apart by their ids.
        twice = names[group.name.casefold()] > 1 or group.name in reserved
        cells[TOP, column] = Cell(f"{group.name} ({group.id})" if twice else group.name, "head")
    for number, domain in enumerate(network.domains):
        row = TOP + 1 + number
        name = words.say("coverage.focus", name=domain.name) if domain.focus else domain.name
        cells[row, 1] = Cell(name, "band")
        for column, (index, _) in enumerate(groups, start=2):
            total = found.cells[number * count + index]
            cells[row, column] = light_cell(words, total, blind=total.blind_spot)
        cells[row, width] = light_cell(words, found.domains[number])
    last = TOP + 1 + len(network.domains)
    cells[last, 1] = Cell(words.say("coverage.total"), "band")
    for column, (index, _) in enumerate(groups, start=2):
        cells[last, column] = light_cell(words, found.target_groups[index])
    cells[last, width] = light_cell(words, found.network)
    area = Area(TOP, 1, last, width)
    region = f"TitleRegion1.{address(TOP, 1)}.{letter(width)}{last}.{position}"
    return TabDesign(
        title=title,
        cells=cells,
        widths={1: 30.0, **dict.fromkeys(range(2, width + 1), 19.0)},
        heights={1: 30.0},
        frozen=(TOP, 1),
        tables=(TableDesign(table_name(title), area, words.say("coverage.title"), words.say("coverage.what")),),
        names={name_for("coverage"): Area(TOP, 1, TOP, 1), region: Area(TOP, 1, TOP, 1)},
        page=page(words, network.name, title, TOP),
        colour=looks.TAB_COLOURS["result"],
    )
