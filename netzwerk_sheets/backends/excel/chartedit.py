"""Letting charts of the tool follow their tables; a chart that people changed keeps every byte."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.chartxml import number_points, text_points
from netzwerk_sheets.backends.excel.references import on_tab, split_target
from netzwerk_sheets.backends.excel.texts import escape, guarded, plain
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.spans import Node, Xml
    from netzwerk_sheets.grid import Area, FollowChart, Scalar

_CHOSEN = {"filteredLineSeries", "filteredBarSeries", "filteredCategoryTitle", "fullRef"}
"""Where people filtered a chart, it holds what it hides in places of its own."""


def follow(package: Package, sheet: str, edit: FollowChart, *, from_1904: bool) -> None:
    """Let the chart that an edit means show other rows, where people did not change it.

    Args:
        package: The workbook.
        sheet: Part of its tab.
        edit: What it shall show.
        from_1904: The calendar of the workbook.
    """
    drawing = package.related(sheet, "drawing")
    if drawing is not None:
        with suppress(WorkbookRefused):  # what cannot be read is left as it is, and the cells are written all the same
            _follow(package, drawing, edit, from_1904=from_1904)


def _follow(package: Package, drawing: str, edit: FollowChart, *, from_1904: bool) -> None:
    frames = package.xml(drawing)
    charts = {one.identifier: one.target for one in package.relations(drawing) if one.kind == "chart"}
    for frame in (node for node in frames.root.walk() if node.name == "graphicFrame"):
        about = next((node for node in frame.walk() if node.name == "cNvPr"), None)
        part = next((charts.get(node.relation()) for node in frame.walk() if node.name == "chart"), None)
        if about is None or part is None or not package.has(part) or not _is_ours(about, edit):
            continue
        xml = package.xml(part)
        if _moved(xml, edit, from_1904=from_1904):
            if xml.touched:
                package.write(part, xml.out())
            _describe(frames, about, edit)
            break
    if frames.touched:
        package.write(drawing, frames.out())


def _is_ours(about: Node, edit: FollowChart) -> bool:
    """Tell a chart of the tool from one of people, which may show the same cells."""
    described = plain(about.get("descr"))
    return plain(about.get("name")) == edit.chart.title or (described != "" and described == edit.text)


def _describe(frames: Xml, about: Node, edit: FollowChart) -> None:
    """Say what the chart shows now, unless people wrote their own words."""
    text = edit.chart.alternative_text
    if plain(about.get("descr")) in {edit.text, ""} and edit.text != text:
        frames.set(about, descr=guarded(text))


def _moved(xml: Xml, edit: FollowChart, *, from_1904: bool) -> bool:
    """Plan the splices of one chart; tell whether it is as the tool left it."""
    series = [node for node in xml.root.walk() if node.name == "ser"]
    if len(series) != len(edit.chart.series) or any(node.name in _CHOSEN for node in xml.root.walk()):
        return False
    places = list(_places(series, edit))
    if len(places) != 2 * len(series) or not all(_unchanged(place[0], place[1], edit) for place in places):
        return False
    for reference, area, points in places:
        _point(xml, reference, on_tab(edit.tab, area), points, edit.chart.category_format, from_1904=from_1904)
    return True


def _places(series: list[Node], edit: FollowChart) -> Iterator[tuple[Node, Area, tuple[Scalar, ...]]]:
    """Give every reference of the chart with the area it shall name and what stands there."""
    for node, area, points in zip(series, edit.chart.series, edit.points[1:], strict=True):
        for name, wanted, values in (("cat", edit.chart.categories, edit.points[0]), ("val", area, points)):
            holder = node.child(name)
            found = [one for one in (holder.children if holder else ()) if one.name in {"strRef", "numRef"}]
            if len(found) == 1 and found[0].child("f") is not None:
                yield found[0], wanted, values


def _unchanged(reference: Node, wanted: Area, edit: FollowChart) -> bool:
    """Tell whether a reference names the very cells the tool named last, or already those it shall name."""
    formula = reference.child("f")
    try:
        tab, area = split_target(formula.text if formula else "")
    except ValueError:
        return False
    if tab != edit.tab or (area.first_column, area.last_column) != (wanted.first_column, wanted.last_column):
        return False
    if area == wanted:
        return True
    span = (area.first_row, area.last_row)
    return span in edit.spans if edit.spans else area.first_row == wanted.first_row


def _said(value: Scalar, code: str) -> Scalar:
    """Write a date as its cell shows it."""
    if not isinstance(value, date) or not code:
        return value
    return code.replace("yyyy", f"{value:%Y}").replace("mm", f"{value:%m}").replace("dd", f"{value:%d}")


def _point(xml: Xml, reference: Node, target: str, points: tuple[Scalar, ...], code: str, *, from_1904: bool) -> None:
    formula, prefix = reference.child("f"), reference.prefix
    if formula is None or formula.text == target:
        return
    xml.replace(formula, f"<{formula.tag}>{escape(target)}</{formula.tag}>".encode())
    for cache in reference.children:
        if cache.name == "strCache":
            words = [_said(value, code) for value in points]
            xml.replace(cache, f"<{cache.tag}>{text_points(prefix, words)}</{cache.tag}>".encode())
        elif cache.name == "numCache":
            form = cache.child("formatCode")
            kept = f"<{form.tag}>{escape(form.text)}</{form.tag}>" if form else ""
            spelled = number_points(prefix, points, from_1904=from_1904)
            xml.replace(cache, f"<{cache.tag}>{kept}{spelled}</{cache.tag}>".encode())
