"""Charts on the tool's own tabs: which rows of their table they show, and how they follow it.

A spreadsheet keeps a chart at the cells it named when it was made. So every run compares the rows a chart shows with
those its table has by now, and lets it follow; what people did to a chart is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.grid import Area, Chart, FollowChart, SetCell, Spot, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netzwerk_sheets.grid import Edit, Scalar, Tab

SIZE = (20.0, 10.0)
"""Centimetres."""


@dataclass(frozen=True, slots=True)
class RowChart:
    """A chart of columns of a table, to the right of it.

    Attributes:
        kind: ``bar`` or ``line``.
        title: Shown above it.
        text: Alternative text: what it says, with the numbers of today.
        steady_text: Alternative text that holds whatever the numbers are.
        category: Code of the column with the names along the axis.
        series: Code of the column with the numbers.
        name: What the numbers are.
        number_format: Of the numbers.
        category_format: Of the names, where they are dates or numbers.
        most: How many rows it shows at most, the last ones; more could not be told apart.
        colour: ``RRGGBB``.
    """

    kind: str
    title: str
    text: str
    steady_text: str
    category: str
    series: str
    name: str
    number_format: str
    category_format: str
    most: int
    colour: str


def placed(chart: RowChart, tab: str, columns: Mapping[str, int], header_row: int, last_row: int) -> list[Chart]:
    """Lay a chart over its table; empty where people took one of its columns away.

    Args:
        chart: The chart.
        tab: Title of the tab.
        columns: Column code → number.
        header_row: Row of the header.
        last_row: Last row of the table.
    """
    if not {chart.category, chart.series} <= columns.keys():
        return []
    first, last = max(header_row + 1, last_row - chart.most + 1), max(header_row + 1, last_row)

    def rows(code: str) -> Area:
        return Area(first, columns[code], last, columns[code])

    return [
        Chart(
            kind=chart.kind,
            title=chart.title,
            alternative_text=chart.text,
            anchor=Spot(tab, header_row, max(columns.values()) + 2),
            width=SIZE[0],
            height=SIZE[1],
            categories=rows(chart.category),
            series=(rows(chart.series),),
            series_titles=(chart.name,),
            number_format=chart.number_format,
            colours=(chart.colour,),
            category_format=chart.category_format,
            steady_text=chart.steady_text,
            limit=0,
        )
    ]


def remembered(charts: Sequence[Chart]) -> list[list[Any]]:
    """Write down what charts show, for the next run: first row, last row, alternative text of each."""
    return [[one.categories.first_row, one.categories.last_row, one.alternative_text] for one in charts]


def follow(
    tab: Tab, charts: Sequence[Chart], known: Sequence[Sequence[Any]] | None, edits: Sequence[Edit], moved: int = 0
) -> Iterator[FollowChart]:
    """Say which charts of a tab shall follow their table.

    Args:
        tab: The tab as read.
        charts: As they shall be.
        known: What `remembered` wrote down last; `None` where nobody knows.
        edits: What else is written to the tab. Where nobody knows what a chart showed, only then does it follow.
        moved: By how many rows people moved the table since.
    """
    if known is None and not edits:
        return
    cells = {(edit.spot.row, edit.spot.column): edit.cell.value for edit in edits if isinstance(edit, SetCell)}

    def points(area: Area) -> tuple[Scalar, ...]:
        column = area.first_column
        return tuple(
            shown(cells.get((row, column), tab.rows.get(row, {}).get(column)))
            for row in range(area.first_row, area.last_row + 1)
        )

    for index, chart in enumerate(charts):
        values = tuple(points(area) for area in (chart.categories, *chart.series))
        if known is None or index >= len(known):
            yield FollowChart(tab.title, chart, values)
            continue
        first, last, text = known[index]
        was = (first + moved, last + moved)
        if was == (chart.categories.first_row, chart.categories.last_row) and text == chart.alternative_text:
            continue
        yield FollowChart(tab.title, chart, values, _spans(tab, chart, was), str(text))


def _spans(tab: Tab, chart: Chart, was: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Say which rows a chart shows if nobody changed it.

    Where people inserted or deleted rows of the table, the program they did it in moved the chart's cells, too.
    """
    column, header = chart.categories.first_column, chart.categories.first_row - 1
    ends = {
        table.area.last_row
        for table in tab.tables
        if table.area.first_column <= column <= table.area.last_column and table.area.first_row <= header
    }
    here = [end for end in ends if end >= was[0] - 1]
    end = min(here, key=lambda each: abs(each - was[1]), default=was[1])
    gone = was[1] - end
    return tuple(dict.fromkeys((was, (was[0], end), (was[0] - gone, end))))
