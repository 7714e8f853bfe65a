"""The XML of native charts and of the drawing that holds them, with alternative texts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.looks import FONT
from netzwerk_sheets.backends.excel.references import on_tab
from netzwerk_sheets.backends.excel.serials import to_serial
from netzwerk_sheets.backends.excel.spaces import DECLARATION, Spaces
from netzwerk_sheets.backends.excel.texts import attribute, escape, guarded
from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.grid import Area, Chart, Scalar, TabDesign, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_PER_CENTIMETRE = 360_000
_INK, _LINE = "1B2430", "D5DAE1"
_COLOURS = ("1F6FB2", "C3C9D2", "8A1C12", "FFD166")
_STRAIGHT = '<c:smooth val="0"/>'
_CATEGORY_AXIS, _VALUE_AXIS = 111_111_111, 222_222_222


def drawing_xml(charts: tuple[Chart, ...], identifiers: list[str], spaces: Spaces) -> bytes:
    """Spell the drawing layer of a tab: one frame per chart."""
    frames = "".join(
        _frame(chart, number, identifier, spaces)
        for number, (chart, identifier) in enumerate(zip(charts, identifiers, strict=True), 2)
    )
    return (
        f'{DECLARATION}<xdr:wsDr xmlns:xdr="{spaces.sheet_drawing}" xmlns:a="{spaces.drawing}">{frames}</xdr:wsDr>'
    ).encode()


def _frame(chart: Chart, number: int, identifier: str, spaces: Spaces) -> str:
    width, height = round(chart.width * _PER_CENTIMETRE), round(chart.height * _PER_CENTIMETRE)
    name, text = attribute(guarded(chart.title)), attribute(guarded(chart.alternative_text))
    return (
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>{chart.anchor.column - 1}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{chart.anchor.row - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        f'<xdr:ext cx="{width}" cy="{height}"/><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        f'<xdr:cNvPr id="{number}" name="{name}" descr="{text}"/><xdr:cNvGraphicFramePr/>'
        "</xdr:nvGraphicFramePr>"
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{spaces.chart}"><c:chart xmlns:c="{spaces.chart}" xmlns:r="{spaces.relations}" '
        f'r:id="{identifier}"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>'
    )


def chart_xml(design: TabDesign, chart: Chart, spaces: Spaces, *, from_1904: bool = False) -> bytes:
    """Spell one chart; the numbers it shows are cached so that previews show it too.

    Raises:
        WrongUse: The kind is unknown, or series and titles do not match; nothing was written.
    """
    if chart.kind not in {"bar", "line"} or len(chart.series) != len(chart.series_titles) or not chart.series:
        raise WrongUse("chart-wrong", tab=design.title, chart=chart.title)
    series = "".join(_series(design, chart, from_1904=from_1904))
    body = _bars(chart, series) if chart.kind == "bar" else _lines(chart, series)
    legend = (
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_text_style(1100)}</c:legend>'
        if len(chart.series) > 1
        else ""
    )
    return (
        f'{DECLARATION}<c:chartSpace xmlns:c="{spaces.chart}" xmlns:a="{spaces.drawing}" '
        f'xmlns:r="{spaces.relations}"><c:roundedCorners val="0"/><c:chart>{_title(chart.title)}'
        f'<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{body}</c:plotArea>{legend}'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln w="9525"><a:solidFill>'
        f'<a:srgbClr val="{_LINE}"/></a:solidFill></a:ln></c:spPr>{_text_style(1100)}</c:chartSpace>'
    ).encode()


def _letters(size: int, *, bold: bool = False) -> str:
    return (
        f'sz="{size}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill>'
        f'<a:latin typeface="{FONT}"/><a:cs typeface="{FONT}"/>'
    )


def _text_style(size: int) -> str:
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr {_letters(size)}</a:defRPr></a:pPr>"
        "<a:endParaRPr/></a:p></c:txPr>"
    )


def _title(text: str) -> str:
    return (
        "<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr"
        f" {_letters(1300, bold=True)}</a:defRPr>"
        f"</a:pPr><a:r><a:rPr {_letters(1300, bold=True)}</a:rPr><a:t>{escape(guarded(text))}</a:t>"
        "</a:r></a:p>"
        '</c:rich></c:tx><c:overlay val="0"/></c:title>'
    )


def _bars(chart: Chart, series: str) -> str:
    gap = 45 if len(chart.series) > 1 else 60
    return (
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="{gap}"/><c:overlap val="0"/>{_axis_ids()}'
        "</c:barChart>"
        # The first category stands on top, as in the table beside the chart.
        f"{_category_axis(chart, 'maxMin', 'l')}{_value_axis('b', 'max', chart.number_format, deleted=True)}"
    )


def _lines(chart: Chart, series: str) -> str:
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}'
        f'<c:marker val="1"/>{_axis_ids()}</c:lineChart>'
        f"{_category_axis(chart, 'minMax', 'b')}{_value_axis('l', 'autoZero', chart.number_format, deleted=False)}"
    )


def _axis_ids() -> str:
    return f'<c:axId val="{_CATEGORY_AXIS}"/><c:axId val="{_VALUE_AXIS}"/>'


def _category_axis(chart: Chart, orientation: str, side: str) -> str:
    code = attribute(chart.category_format or "General")
    return (
        f'<c:catAx><c:axId val="{_CATEGORY_AXIS}"/><c:scaling><c:orientation val="{orientation}"/>'
        "</c:scaling>"
        f'<c:delete val="0"/><c:axPos val="{side}"/><c:numFmt formatCode="{code}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="7A8696"/></a:solidFill></a:ln></c:spPr>'
        f'{_text_style(1100)}<c:crossAx val="{_VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/>'
        '<c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(side: str, crosses: str, code: str, *, deleted: bool) -> str:
    lines = (
        ""
        if deleted
        else '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill>'
        f'<a:srgbClr val="{_LINE}"/></a:solidFill></a:ln>'
        "</c:spPr></c:majorGridlines>"
    )
    return (
        f'<c:valAx><c:axId val="{_VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:min'
        ' val="0"/></c:scaling>'
        f'<c:delete val="{int(deleted)}"/><c:axPos val="{side}"/>{lines}'
        f'<c:numFmt formatCode="{attribute(code)}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_text_style(1100)}<c:crossAx val="{_CATEGORY_AXIS}"/><c:crosses val="{crosses}"/>'
        '<c:crossBetween val="between"/></c:valAx>'
    )


def _series(design: TabDesign, chart: Chart, *, from_1904: bool) -> Iterator[str]:
    for index, (area, title) in enumerate(zip(chart.series, chart.series_titles, strict=True)):
        colour = chart.colours[index] if index < len(chart.colours) else _COLOURS[index % len(_COLOURS)]
        solid = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        is_bar = chart.kind == "bar"
        look = (
            f'<c:spPr>{solid}</c:spPr><c:invertIfNegative val="0"/>'
            if is_bar
            else f'<c:spPr><a:ln w="28575" cap="rnd">{solid}<a:round/></a:ln></c:spPr><c:marker>'
            f'<c:symbol val="{("circle", "square", "diamond", "triangle")[index % 4]}"/><c:size val="7"/>'
            f"<c:spPr>{solid}</c:spPr></c:marker>"
        )
        yield (
            f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/><c:tx>'
            f"<c:v>{escape(guarded(title))}</c:v></c:tx>"
            f"{look}{_labels(chart.number_format, 'outEnd' if is_bar else 't')}"
            f"<c:cat>{_categories(design, chart, from_1904=from_1904)}</c:cat>"
            f"<c:val>{_numbers(design, area, chart.number_format)}</c:val>"
            f"{'' if is_bar else _STRAIGHT}</c:ser>"
        )


def _labels(code: str, place: str) -> str:
    return (
        f'<c:dLbls><c:numFmt formatCode="{attribute(code)}" sourceLinked="0"/><c:spPr><a:noFill/>'
        "<a:ln><a:noFill/>"
        f'</a:ln></c:spPr>{_text_style(1100)}<c:dLblPos val="{place}"/><c:showLegendKey val="0"/>'
        '<c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
    )


def _values(design: TabDesign, area: Area) -> list[Scalar]:
    places = (
        (row, column)
        for row in range(area.first_row, area.last_row + 1)
        for column in range(area.first_column, area.last_column + 1)
    )
    return [shown(design.cells[place].value) if place in design.cells else None for place in places]


def _categories(design: TabDesign, chart: Chart, *, from_1904: bool) -> str:
    if chart.category_format:
        return _numbers(design, chart.categories, chart.category_format, from_1904=from_1904)
    reference = escape(on_tab(design.title, chart.categories))
    cache = text_points("c:", _values(design, chart.categories))
    return f"<c:strRef><c:f>{reference}</c:f><c:strCache>{cache}</c:strCache></c:strRef>"


def _numbers(design: TabDesign, area: Area, code: str, *, from_1904: bool = False) -> str:
    points = number_points("c:", _values(design, area), from_1904=from_1904)
    return (
        f"<c:numRef><c:f>{escape(on_tab(design.title, area))}</c:f><c:numCache>"
        f"<c:formatCode>{escape(code)}</c:formatCode>{points}</c:numCache></c:numRef>"
    )


def text_points(prefix: str, values: Sequence[Scalar]) -> str:
    """Spell what a chart remembers of cells with words: how many there are, and what each says."""
    points = "".join(
        f'<{prefix}pt idx="{index}"><{prefix}v>{escape(guarded(str(value)))}</{prefix}v></{prefix}pt>'
        for index, value in enumerate(values)
        if value is not None
    )
    return f'<{prefix}ptCount val="{len(values)}"/>{points}'


def number_points(prefix: str, values: Sequence[Scalar], *, from_1904: bool = False) -> str:
    """Spell what a chart remembers of cells with numbers or dates."""
    points = "".join(
        f'<{prefix}pt idx="{index}"><{prefix}v>{number}</{prefix}v></{prefix}pt>'
        for index, value in enumerate(values)
        if (number := _number(value, from_1904=from_1904))
    )
    return f'<{prefix}ptCount val="{len(values)}"/>{points}'


def _number(value: Scalar, *, from_1904: bool) -> str:
    if isinstance(value, date):
        try:
            return str(to_serial(value, from_1904=from_1904))
        except ValueError:  # before the calendar of the workbook begins
            return ""
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
