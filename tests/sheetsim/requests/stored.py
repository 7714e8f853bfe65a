"""Requests about what has an id and is stored as it comes: banding, tables; and tier 2: charts, filter views, slicers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import change
from tests.sheetsim.view import out

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sheetsim.document import Json, Sheet

    from .batch import Batch


def find(batch: Batch, name: str, key: str, wanted: int | str, what: str) -> tuple[Sheet, int]:
    """The tab and the place in its list of the feature with that id."""
    for sheet in batch.content.sheets:
        for index, item in enumerate(sheet.feature(name)):
            if item[key] == wanted:
                return sheet, index
    raise invalid(f"No {what} with id: {wanted}")


def bounded(batch: Batch, found: Json) -> Json:
    """A GridRange with all its sides."""
    sheet, box = batch.content.box(found)
    return box.range(sheet.id)


def _adder(
    kind: str, field: str, name: str, schema: str, key: str, new: Callable[[int], int | str]
) -> Callable[[Batch, Json], Json]:
    def add(batch: Batch, request: Json) -> Json:
        asked = request.get(field, {})
        sheet = _home(batch, asked)
        item = {key: new(batch.new_id()), **asked}
        if any(other[key] == item[key] for one in batch.content.sheets for other in one.feature(name)):
            raise invalid(f"{key} already exists: {item[key]}")
        if "range" in item:
            item["range"] = bounded(batch, item["range"])
            for other in sheet.feature(name):
                if name in {"bandedRanges", "tables"} and batch.content.box(other["range"])[1].meets(
                    batch.content.box(item["range"])[1]
                ):
                    raise invalid(f"You cannot add a {field} that overlaps another one.")
        sheet.feature(name).append(item)
        return {kind: {field: out(schema, item)}}

    return add


def _home(batch: Batch, asked: Json) -> Sheet:
    if "range" in asked:
        return batch.content.box(asked["range"])[0]
    position = asked.get("position", {})
    anchor = position.get("overlayPosition", {}).get("anchorCell", {})
    return batch.content.sheet(position.get("sheetId", anchor.get("sheetId", 0)))


def _updater(field: str, name: str, schema: str, key: str) -> Callable[[Batch, Json], None]:
    def update(batch: Batch, request: Json) -> None:
        asked = request.get(field, {})
        sheet, index = find(batch, name, key, asked.get(key, 0), field)
        old = sheet.feature(name)[index]
        new = {**change(batch.mask(request, schema), old, asked), key: old[key]}
        if "range" in new:
            new["range"] = bounded(batch, new["range"])
        sheet.feature(name)[index] = new

    return update


def _deleter(name: str, key: str, asked_key: str | None = None) -> Callable[[Batch, Json], None]:
    def delete(batch: Batch, request: Json) -> None:
        sheet, index = find(batch, name, key, request.get(asked_key or key, 0), name)
        del sheet.feature(name)[index]

    return delete


def delete_embedded_object(batch: Batch, request: Json) -> None:
    """A chart or a slicer goes."""
    wanted = request.get("objectId", 0)
    for name, key in (("charts", "chartId"), ("slicers", "slicerId")):
        for sheet in batch.content.sheets:
            for item in sheet.feature(name):
                if item[key] == wanted:
                    sheet.feature(name).remove(item)
                    return
    raise invalid(f"No object with id: {wanted}")


def update_chart_spec(batch: Batch, request: Json) -> None:
    """Another picture in the same chart."""
    sheet, index = find(batch, "charts", "chartId", request.get("chartId", 0), "chart")
    sheet.feature("charts")[index] = {**sheet.feature("charts")[index], "spec": request.get("spec", {})}


def update_slicer_spec(batch: Batch, request: Json) -> None:
    """Other settings of a slicer."""
    sheet, index = find(batch, "slicers", "slicerId", request.get("slicerId", 0), "slicer")
    old = sheet.feature("slicers")[index]
    spec = change(batch.mask(request, "SlicerSpec"), old.get("spec", {}), request.get("spec", {}))
    sheet.feature("slicers")[index] = {**old, "spec": spec}


KINDS = {
    "addBanding": _adder("addBanding", "bandedRange", "bandedRanges", "BandedRange", "bandedRangeId", int),
    "updateBanding": _updater("bandedRange", "bandedRanges", "BandedRange", "bandedRangeId"),
    "deleteBanding": _deleter("bandedRanges", "bandedRangeId"),
    "addTable": _adder("addTable", "table", "tables", "Table", "tableId", str),
    "updateTable": _updater("table", "tables", "Table", "tableId"),
    "deleteTable": _deleter("tables", "tableId"),
    "addFilterView": _adder("addFilterView", "filter", "filterViews", "FilterView", "filterViewId", int),
    "updateFilterView": _updater("filter", "filterViews", "FilterView", "filterViewId"),
    "deleteFilterView": _deleter("filterViews", "filterViewId", "filterId"),
    "addChart": _adder("addChart", "chart", "charts", "EmbeddedChart", "chartId", int),
    "updateChartSpec": update_chart_spec,
    "addSlicer": _adder("addSlicer", "slicer", "slicers", "Slicer", "slicerId", int),
    "updateSlicerSpec": update_slicer_spec,
    "deleteEmbeddedObject": delete_embedded_object,
}
