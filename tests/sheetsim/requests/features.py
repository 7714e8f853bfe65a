"""Requests about what lies over the cells: protections, names, the basic filter, conditional formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import change
from tests.sheetsim.view import out

from .batch import PROTECTED
from .stored import bounded, find

if TYPE_CHECKING:
    from tests.sheetsim.document import Json, Sheet

    from .batch import Batch


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
            raise invalid(f'Sheet "{sheet.title}" already has sheet protection.')
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
    sheet, index = find(
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
    sheet, index = find(batch, "protectedRanges", "protectedRangeId", wanted, "protected range")
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
    areas = [bounded(batch, item) for item in ranges]
    return batch.content.sheet(ranges[0].get("sheetId", 0)), {**rule, "ranges": areas}


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
}
