"""Developer metadata: on the document, a tab, one row or one column; and looking things up by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sheetsim.document import Box
from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import change
from tests.sheetsim.ranges import locate
from tests.sheetsim.view import out

if TYPE_CHECKING:
    from tests.sheetsim.document import Content, Json, Sheet

    from .batch import Batch


def everywhere(content: Content) -> list[tuple[list[Json], int]]:
    """Each entry as (the list it lies in, its place there)."""
    lists = [content.metadata]
    for sheet in content.sheets:
        lists += [sheet.feature("developerMetadata"), sheet.feature("_metadata")]
    return [(items, index) for items in lists for index in range(len(items))]


def _home(batch: Batch, location: Json) -> tuple[list[Json], Json]:
    """The list for a location, and the location as a reply shows it."""
    if "dimensionRange" in location:
        span = location["dimensionRange"]
        sheet = batch.sheet(span)
        if span["endIndex"] - span.get("startIndex", 0) != 1:
            raise invalid("Metadata can only be set on a single row or column.")
        kind = "ROW" if span.get("dimension") == "ROWS" else "COLUMN"
        full = {"sheetId": sheet.id, **span, "startIndex": span.get("startIndex", 0)}
        return sheet.feature("_metadata"), {"locationType": kind, "dimensionRange": full}
    if location.get("spreadsheet"):
        return batch.content.metadata, {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in location:
        sheet = batch.content.sheet(location["sheetId"])
        return sheet.feature("developerMetadata"), {"locationType": "SHEET", "sheetId": sheet.id}
    raise invalid("DeveloperMetadata must have a location.")


def create_developer_metadata(batch: Batch, request: Json) -> Json:
    """A new entry; its id may be chosen."""
    asked = request.get("developerMetadata", {})
    if not asked.get("metadataKey"):
        raise invalid("DeveloperMetadata must have a key.")
    if asked.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise invalid("DeveloperMetadata must have a visibility.")
    items, location = _home(batch, asked.get("location", {}))
    metadata_id = asked.get("metadataId", batch.new_id())
    if any(where[index]["metadataId"] == metadata_id for where, index in everywhere(batch.content)):
        raise invalid(f"Developer metadata with id {metadata_id} already exists.")
    entry = {
        "metadataId": metadata_id,
        "metadataKey": asked["metadataKey"],
        **({"metadataValue": asked["metadataValue"]} if "metadataValue" in asked else {}),
        "location": location,
        "visibility": asked["visibility"],
    }
    items.append(entry)
    return {"createDeveloperMetadata": {"developerMetadata": out("DeveloperMetadata", entry)}}


def update_developer_metadata(batch: Batch, request: Json) -> Json:
    """Change what the filters find."""
    asked = request.get("developerMetadata", {})
    mask = batch.mask(request, "DeveloperMetadata")
    found = matching(batch.content, request.get("dataFilters", []))
    if not found:
        raise invalid("No developer metadata found that matches the data filters.")
    shown = []
    for entry in found:
        new = {**change(mask, entry, asked), "metadataId": entry["metadataId"]}
        for items, index in everywhere(batch.content):
            if items[index] is entry:
                del items[index]
                break
        if "location" in mask:
            home, new["location"] = _home(batch, new.get("location", {}))
        else:
            home, _ = _home(batch, entry["location"])
        home.append(new)
        shown.append(out("DeveloperMetadata", new))
    return {"updateDeveloperMetadata": {"developerMetadata": shown}}


def delete_developer_metadata(batch: Batch, request: Json) -> Json:
    """Take away what the filter finds."""
    found = matching(batch.content, [request.get("dataFilter", {})])
    for entry in found:
        for items, index in everywhere(batch.content):
            if items[index] is entry:
                del items[index]
                break
    shown = [out("DeveloperMetadata", entry) for entry in found]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": shown} if shown else {}}


def matching(content: Content, filters: list[Json]) -> list[Json]:
    """All entries that one of the filters fits."""
    entries = [items[index] for items, index in everywhere(content)]
    return [entry for entry in entries if any(_fits(content, entry, one) for one in filters)]


def _fits(content: Content, entry: Json, one: Json) -> bool:
    if "developerMetadataLookup" not in one:
        sheet, box = boxes(content, one)[0]
        place = _place(content, entry)
        return place is not None and place[0] is sheet and place[1].meets(box)
    look = one["developerMetadataLookup"]
    if any(
        key in look and entry.get(key) != look[key]
        for key in ("metadataId", "metadataKey", "metadataValue", "visibility")
    ):
        return False
    if "locationType" in look and entry["location"]["locationType"] != look["locationType"]:
        return False
    return "metadataLocation" not in look or _same_place(entry["location"], look)


def _same_place(own: Json, look: Json) -> bool:
    wanted = look["metadataLocation"]
    if wanted.get("spreadsheet"):
        return "spreadsheet" in own or look.get("locationMatchingStrategy") == "INTERSECTING_LOCATION"
    if "sheetId" in wanted:
        inner = own.get("dimensionRange", {}).get("sheetId")
        crossing = look.get("locationMatchingStrategy") == "INTERSECTING_LOCATION"
        return own.get("sheetId") == wanted["sheetId"] or (crossing and inner == wanted["sheetId"])
    span = wanted.get("dimensionRange", {})
    return all(own.get("dimensionRange", {}).get(key) == value for key, value in span.items())


def _place(content: Content, entry: Json) -> tuple[Sheet, Box] | None:
    location = entry["location"]
    if "dimensionRange" in location:
        span = location["dimensionRange"]
        sheet = content.sheet(span.get("sheetId", 0))
        if span["dimension"] == "ROWS":
            return sheet, Box(span["startIndex"], 0, span["endIndex"], sheet.width)
        return sheet, Box(0, span["startIndex"], sheet.height, span["endIndex"])
    if "sheetId" in location:
        sheet = content.sheet(location["sheetId"])
        return sheet, sheet.whole
    return None


def boxes(content: Content, one: Json) -> list[tuple[Sheet, Box]]:
    """The cells a DataFilter stands for."""
    if "a1Range" in one:
        place = locate(content, one["a1Range"])
        return [(place.sheet, place.box)]
    if "gridRange" in one:
        return [content.box(one["gridRange"])]
    return [found for entry in matching(content, [one]) if (found := _place(content, entry)) is not None]


KINDS = {
    "createDeveloperMetadata": create_developer_metadata,
    "updateDeveloperMetadata": update_developer_metadata,
    "deleteDeveloperMetadata": delete_developer_metadata,
}
