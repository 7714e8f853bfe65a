"""Charts of a new tab, as Google spells them.

A chart there may name more rows than are filled: so one whose table grows covers all the rows it may come to have, and
nothing needs to follow. Its alternative text cannot follow either, so it says what always holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google.formats import FONT, colour
from netzwerk_sheets.backends.google.reading import EVERYWHERE, range_of
from netzwerk_sheets.grid import Area

if TYPE_CHECKING:
    from netzwerk_sheets.grid import Chart

_PIXELS = 96 / 2.54
"""Of a centimetre."""


def chart_request(chart: Chart, sheet: int, number: int) -> dict[str, Any]:
    """Write a chart; the row above the numbers names them.

    Args:
        chart: What it shows.
        sheet: Number of its tab.
        number: Number the chart gets.
    """
    bars = chart.kind == "bar"
    series = []
    for index, area in enumerate(chart.series):
        each: dict[str, Any] = {
            "series": _source(sheet, area, chart.limit),
            "targetAxis": "BOTTOM_AXIS" if bars else "LEFT_AXIS",
            "dataLabel": {"type": "DATA", "placement": "OUTSIDE_END" if bars else "ABOVE"},
        }
        if index < len(chart.colours):
            each["colorStyle"] = colour(chart.colours[index])
        series.append(each)
    basic = {
        "chartType": "BAR" if bars else "LINE",
        "legendPosition": "BOTTOM_LEGEND" if len(series) > 1 else "NO_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": _source(sheet, chart.categories, chart.limit)}],
        "series": series,
    }
    place = {
        "anchorCell": {
            "sheetId": sheet, "rowIndex": chart.anchor.row - 1, "columnIndex": chart.anchor.column - 1,
        },
        "widthPixels": round(chart.width * _PIXELS),
        "heightPixels": round(chart.height * _PIXELS),
    }  # fmt: skip
    text = chart.steady_text or chart.alternative_text
    spec = {"title": chart.title, "altText": text, "fontName": FONT, "basicChart": basic}
    return {"chart": {"chartId": number, "spec": spec, "position": {"overlayPosition": place}}}


def _source(sheet: int, area: Area, limit: int | None) -> dict[str, Any]:
    last = area.last_row if limit is None else (limit or EVERYWHERE)
    with_header = Area(area.first_row - 1, area.first_column, last, area.last_column)
    return {"sourceRange": {"sources": [range_of(sheet, with_header)]}}
