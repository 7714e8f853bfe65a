"""The calls on whole spreadsheets: get, create, batchUpdate, metadata, copyTo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import blank, masks, view
from .errors import internal, invalid, not_found
from .requests import apply, kind_of
from .requests.metadata import boxes, everywhere, matching
from .requests.tabs import duplicate

if TYPE_CHECKING:
    from .call import Answer, Incoming
    from .document import Json


_WITH_COMMENTS = {"COMMENTS_VIEW_MODE_INCLUDED", "COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS"}


def _mask(call: Incoming) -> masks.Mask | None:
    text = call.one("fields")
    if not text:
        return None
    return masks.parse(text)


def get(call: Incoming) -> Answer:
    """``spreadsheets.get``: the mask decides whether the grid is shown."""
    reply = view.spreadsheet(
        call.doc.id,
        call.calculator(call.doc.content),
        call.user,
        ranges=call.query.get("ranges", []),
        grid_data=call.flag("includeGridData"),
        mask=_mask(call),
        with_comments=call.one("commentsViewMode") in _WITH_COMMENTS,
    )
    return reply, "Spreadsheet"


def get_by_data_filter(call: Incoming) -> Answer:
    """The same, with ranges found by metadata."""
    body = call.json("GetSpreadsheetByDataFilterRequest")
    found = [place for one in body.get("dataFilters", []) for place in boxes(call.doc.content, one)]
    reply = view.spreadsheet(
        call.doc.id,
        call.calculator(call.doc.content),
        call.user,
        boxes=found if body.get("dataFilters") else None,
        grid_data=body.get("includeGridData", False),
        mask=_mask(call),
    )
    return reply, "Spreadsheet"


def create(call: Incoming) -> Answer:
    """A new document, for whoever may own one."""
    body = call.json("Spreadsheet")
    asked = body.get("properties", {})
    document = call.sim.create_as(call.user, asked.get("title", "Untitled spreadsheet"), asked.get("locale", "en_US"))
    content = document.content
    content.properties = {**content.properties, **{k: v for k, v in asked.items() if k in {"timeZone", "autoRecalc"}}}
    if body.get("sheets"):
        content.sheets = []
        for index, one in enumerate(body["sheets"]):
            props = one.get("properties", {})
            sheet = blank.sheet(props.get("sheetId", call.sim.new_number()), props.get("title", f"Sheet{index + 1}"))
            sheet.properties = {**sheet.properties, **{k: v for k, v in props.items() if k not in {"index", "sheetId"}}}
            sheet.properties["gridProperties"] = {
                "rowCount": 1000,
                "columnCount": 26,
                **props.get("gridProperties", {}),
            }
            content.sheets.append(sheet)
    call.document = document
    return view.spreadsheet(document.id, call.calculator(content), call.user), "Spreadsheet"


def batch_update(call: Incoming) -> Answer:
    """All requests or none; on demand the state right after them."""
    body = call.json("BatchUpdateSpreadsheetRequest")
    requests = body.get("requests", [])
    if not requests:
        raise invalid("Must specify at least one request.")
    call.kinds = tuple(kind_of(request) if len(request) == 1 else "" for request in requests)
    content = call.doc.content.copy()
    replies = apply(call.batch(content), requests, call.partial)
    call.commit(content)
    if call.partial is not None:
        raise internal()
    reply: Json = {"spreadsheetId": call.doc.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        mask = _mask(call)
        below = None if mask is None else mask.get("updatedSpreadsheet")
        reply["updatedSpreadsheet"] = view.spreadsheet(
            call.doc.id,
            call.calculator(content),
            call.user,
            ranges=body.get("responseRanges", []),
            grid_data=body.get("responseIncludeGridData", False),
            mask=below,
            with_comments=body.get("commentsViewMode") in _WITH_COMMENTS,
        )
    return reply, "BatchUpdateSpreadsheetResponse"


def metadata_get(call: Incoming) -> Answer:
    """One metadata entry by id."""
    for items, index in everywhere(call.doc.content):
        if items[index]["metadataId"] == int(call.parts["number"]):
            return view.out("DeveloperMetadata", items[index]), "DeveloperMetadata"
    raise not_found()


def metadata_search(call: Incoming) -> Answer:
    """All metadata entries that the filters find."""
    body = call.json("SearchDeveloperMetadataRequest")
    found = []
    for one in body.get("dataFilters", []):
        found += [
            {"developerMetadata": view.out("DeveloperMetadata", entry), "dataFilters": [one]}
            for entry in matching(call.doc.content, [one])
        ]
    return ({"matchedDeveloperMetadata": found} if found else {}), "SearchDeveloperMetadataResponse"


def copy_to(call: Incoming) -> Answer:
    """A tab into another document."""
    body = call.json("CopySheetToAnotherSpreadsheetRequest")
    source = call.doc.content.sheet(int(call.parts["number"]))
    target = call.sim.open(body.get("destinationSpreadsheetId", ""), call.user, write=True)
    content = target.content.copy()
    title = f"Copy of {source.title}"
    number = 2
    while content.titled(title) is not None:
        title, number = f"Copy of {source.title} {number}", number + 1
    copy = duplicate(call.batch(content), source, call.sim.new_number(), title)
    content.sheets.append(copy)
    call.sim.commit(target, content, call.user)
    return view.sheet_properties(copy, len(content.sheets) - 1), "SheetProperties"
