"""Requests about what lies over the cells: protections, names, filters, conditional formats, banding, tables.

Charts, filter views and slicers are stored as they come and get an id (tier 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import change
from tests.sheetsim.view import out

from .batch import PROTECTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sheetsim.document import Json, Sheet

    from .batch import Batch


def _find(batch: Batch, name: str, key: str, wanted: int | str, what: str) -> tuple[Sheet, int]:
    """The tab and the place in its list of the feature with that id."""
    for sheet in batch.content.sheets:
        for index, item in enumerate(sheet.feature(name)):
            if item[key] == wanted:
                return sheet, index
    raise invalid(f"No {what} with id: {wanted}")


def _bounded(batch: Batch, found: Json) -> Json:
    """A GridRange with all its sides."""
    sheet, box = batch.content.box(found)
    return box.range(sheet.id)


# --- protected ranges


def add_protected_range(batch: Batch, request: Json) -> Json:
    """Protect a range or a tab; whoever protects it may edit it."""
    asked = request.get("protectedRange", {})
    if "range" not in asked and "namedRangeId" not in asked and "tableId" not in asked:
        raise invalid("Must specify a range to protect.")
    if "range" in asked:
        sheet, box = batch.content.box(asked["range"])
    else:
        sheet, box = batch.content.sheets[0], None
        for named in batch.content.named_ranges:
            if named["namedRangeId"] == asked.get("namedRangeId"):
                sheet, box = batch.content.box(named["range"])
    _check_editors(asked)
    for item in sheet.feature("protectedRanges"):
        if box == sheet.whole and batch.protected_box(item) == box and _whole(item.get("range", {})):
            raise invalid("The sheet already has sheet protection.")
    protected_id = asked.get("protectedRangeId", batch.new_id())
    editors = asked.get("editors", {})
    shown = {
        "protectedRangeId": protected_id,
        **{
            key: asked[key]
            for key in ("range", "namedRangeId", "tableId", "description", "warningOnly")
            if key in asked
        },
        **({"unprotectedRanges": asked["unprotectedRanges"]} if "unprotectedRanges" in asked else {}),
    }
    # Recorded: the reply shows the editors as they were asked for, a later look shows who really may edit.
    users = [*editors.get("users", []), *(u for u in (batch.user,) if u not in editors.get("users", []))]
    sheet.feature("protectedRanges").append({**shown, "editors": {**editors, "users": users}, "_owner": batch.user})
    reply = {**shown, "requestingUserCanEdit": True, "editors": editors}
    return {"addProtectedRange": {"protectedRange": out("ProtectedRange", reply)}}


def _whole(found: Json) -> bool:
    return not any(key.startswith(("start", "end")) for key in found)


def _check_editors(asked: Json) -> None:
    editors = asked.get("editors", {})
    if asked.get("warningOnly") and (editors.get("users") or editors.get("groups")):
        raise invalid("ProtectedRange is warningOnly. Editors cannot be set on it.")


def _may_edit(batch: Batch, item: Json) -> None:
    if batch.user != batch.owner and not item.get("warningOnly") and batch.user not in item["editors"]["users"]:
        raise invalid(PROTECTED)


def update_protected_range(batch: Batch, request: Json) -> None:
    """Change a protection."""
    asked = request.get("protectedRange", {})
    mask = batch.mask(request, "ProtectedRange")
    sheet, index = _find(
        batch, "protectedRanges", "protectedRangeId", asked.get("protectedRangeId", 0), "protected range"
    )
    old = sheet.feature("protectedRanges")[index]
    _may_edit(batch, old)
    new = {**change(mask, old, asked), "protectedRangeId": old["protectedRangeId"], "_owner": old["_owner"]}
    if "editors" in mask:
        _check_editors(new)
    new.pop("requestingUserCanEdit", None)
    if new.get("warningOnly"):
        new["editors"] = {"users": [old["_owner"]]}
    new.setdefault("editors", {"users": [old["_owner"]]})
    sheet.feature("protectedRanges")[index] = new


def delete_protected_range(batch: Batch, request: Json) -> None:
    """Take a protection away."""
    wanted = request.get("protectedRangeId", 0)
    sheet, index = _find(batch, "protectedRanges", "protectedRangeId", wanted, "protected range")
    _may_edit(batch, sheet.feature("protectedRanges")[index])
    del sheet.feature("protectedRanges")[index]


# --- named ranges


def _named(batch: Batch, wanted: str) -> int:
    for index, item in enumerate(batch.content.named_ranges):
        if item["namedRangeId"] == wanted:
            return index
    raise invalid(f"No named range with id: {wanted}")


def _check_name(batch: Batch, name: str, own: str | None = None) -> None:
    import re

    if not re.fullmatch(r"[^\W\d]\w{0,249}", name) or re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*", name):
        raise invalid(f"The name of the named range is not valid: {name}")
    for item in batch.content.named_ranges:
        if item["name"].casefold() == name.casefold() and item["namedRangeId"] != own:
            raise invalid(f'A named range with the name "{name}" already exists.')


def add_named_range(batch: Batch, request: Json) -> Json:
    """Give a range a name."""
    asked = request.get("namedRange", {})
    _check_name(batch, asked.get("name", ""))
    batch.content.box(asked.get("range", {}))
    named = {
        "namedRangeId": str(asked.get("namedRangeId", batch.new_id())),
        "name": asked["name"],
        "range": asked["range"],
    }
    batch.content.named_ranges.append(named)
    return {"addNamedRange": {"namedRange": out("NamedRange", named)}}


def update_named_range(batch: Batch, request: Json) -> None:
    """Change name or range."""
    asked = request.get("namedRange", {})
    index = _named(batch, asked.get("namedRangeId", ""))
    old = batch.content.named_ranges[index]
    new = {**change(batch.mask(request, "NamedRange"), old, asked), "namedRangeId": old["namedRangeId"]}
    _check_name(batch, new["name"], old["namedRangeId"])
    batch.content.box(new["range"])
    batch.content.named_ranges[index] = new


def delete_named_range(batch: Batch, request: Json) -> None:
    """Take a name away."""
    del batch.content.named_ranges[_named(batch, request.get("namedRangeId", ""))]


# --- basic filter


def set_basic_filter(batch: Batch, request: Json) -> None:
    """A filter over a range; open sides become the grid's."""
    asked = request.get("filter", {})
    sheet, box = batch.content.box(asked.get("range", {}))
    batch.guard(sheet, box)
    sheet.basic_filter = {**asked, "range": box.range(sheet.id)}


def clear_basic_filter(batch: Batch, request: Json) -> None:
    """No filter."""
    batch.sheet(request).basic_filter = None


# --- conditional formats


def _rule(batch: Batch, rule: Json) -> tuple[Sheet, Json]:
    ranges = rule.get("ranges", [])
    if not ranges:
        raise invalid("Conditional format rule must have at least one range.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("Conditional format rule must have either a boolean rule or a gradient rule.")
    if len({item.get("sheetId", 0) for item in ranges}) > 1:
        raise invalid("All ranges of a conditional format rule must be on the same sheet.")
    bounded = [_bounded(batch, item) for item in ranges]
    return batch.content.sheet(ranges[0].get("sheetId", 0)), {**rule, "ranges": bounded}


def add_conditional_format_rule(batch: Batch, request: Json) -> None:
    """A rule at a place of the list."""
    sheet, rule = _rule(batch, request.get("rule", {}))
    rules = sheet.feature("conditionalFormats")
    index = request.get("index", 0)
    if index > len(rules):
        raise invalid(f"Invalid index: {index}")
    rules.insert(index, rule)


def _rule_at(batch: Batch, request: Json) -> tuple[Sheet, int]:
    sheet = batch.sheet(request)
    index = request.get("index", 0)
    if index >= len(sheet.feature("conditionalFormats")):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return sheet, index


def update_conditional_format_rule(batch: Batch, request: Json) -> Json:
    """Another rule at that place, or the rule at another place."""
    if "rule" in request:
        sheet, rule = _rule(batch, request["rule"])
        index = request.get("index", 0)
        rules = sheet.feature("conditionalFormats")
        if index >= len(rules):
            raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
        old, rules[index] = rules[index], rule
        reply = {"newRule": out("ConditionalFormatRule", rule), "oldRule": out("ConditionalFormatRule", old)}
        return {"updateConditionalFormatRule": {**reply, **_index("newIndex", index)}}
    sheet, index = _rule_at(batch, request)
    rules = sheet.feature("conditionalFormats")
    rule = rules.pop(index)
    to = request.get("newIndex", 0)
    rules.insert(to, rule)
    reply = {"newRule": out("ConditionalFormatRule", rule), **_index("newIndex", to), **_index("oldIndex", index)}
    return {"updateConditionalFormatRule": reply}


def _index(name: str, value: int) -> Json:
    return {name: value} if value else {}


def delete_conditional_format_rule(batch: Batch, request: Json) -> Json:
    """Take a rule out; those behind it move up."""
    sheet, index = _rule_at(batch, request)
    rule = sheet.feature("conditionalFormats").pop(index)
    return {"deleteConditionalFormatRule": {"rule": out("ConditionalFormatRule", rule)}}


# --- whatever has an id and is stored as it comes


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
            item["range"] = _bounded(batch, item["range"])
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
        sheet, index = _find(batch, name, key, asked.get(key, 0), field)
        old = sheet.feature(name)[index]
        new = {**change(batch.mask(request, schema), old, asked), key: old[key]}
        if "range" in new:
            new["range"] = _bounded(batch, new["range"])
        sheet.feature(name)[index] = new

    return update


def _deleter(name: str, key: str, asked_key: str | None = None) -> Callable[[Batch, Json], None]:
    def delete(batch: Batch, request: Json) -> None:
        sheet, index = _find(batch, name, key, request.get(asked_key or key, 0), name)
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
    sheet, index = _find(batch, "charts", "chartId", request.get("chartId", 0), "chart")
    sheet.feature("charts")[index] = {**sheet.feature("charts")[index], "spec": request.get("spec", {})}


def update_slicer_spec(batch: Batch, request: Json) -> None:
    """Other settings of a slicer."""
    sheet, index = _find(batch, "slicers", "slicerId", request.get("slicerId", 0), "slicer")
    old = sheet.feature("slicers")[index]
    spec = change(batch.mask(request, "SlicerSpec"), old.get("spec", {}), request.get("spec", {}))
    sheet.feature("slicers")[index] = {**old, "spec": spec}


KINDS = {
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": delete_protected_range,
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addConditionalFormatRule": add_conditional_format_rule,
    "updateConditionalFormatRule": update_conditional_format_rule,
    "deleteConditionalFormatRule": delete_conditional_format_rule,
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
