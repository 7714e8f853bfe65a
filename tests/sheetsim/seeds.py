"""Documents that stood there before a recording began, built from what it shows of them before their first change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import errors
from .cellvalues import turned, write
from .document import Box, Content, Sheet
from .ranges import locate
from .router import Route, route

if TYPE_CHECKING:
    from .recordings import Interaction
    from .sameness import Names
    from .sim import Sim

# Requests that change cells, and nothing of what ``spreadsheets.get`` shows without the grid.
_CELLS_ONLY = {"updateCells", "repeatCell", "deleteRange", "sortRange", "copyPaste", "cutPaste"}


class Seeds:
    """Documents that stood there before a session began."""

    def __init__(self, sim: Sim, names: Names) -> None:
        self.sim = sim
        self.names = names
        self._built: set[str] = set()

    def plant(self, session: list[Interaction]) -> None:
        """Set up what the session shows of documents that it did not make itself."""
        routed = [(one, found) for one in session if (found := route(one.method, one.path))]
        made = {
            one.reply["id"]
            for one, found in routed
            if found.name in {"files.create", "files.copy"} and one.status == 200
        }
        rebuilt: set[str] = set()  # documents whose tabs are no longer what they were
        written: set[str] = set()  # documents whose values are no longer what they were
        for one, found in routed:
            document_id = found.parts.get("id", "")
            if found.name == "files.list" and one.status == 200:
                for item in one.reply["files"]:
                    if item["id"] not in made:
                        self._file(item)
            elif document_id and document_id not in made and isinstance(one.reply, dict):
                self._learn(one, found, rebuilt, written)
            if one.method != "GET" and one.status < 400:
                written.add(document_id)
                if not (
                    found.name.startswith("values.") or (found.name == "spreadsheets.batchUpdate" and _only_cells(one))
                ):
                    rebuilt.add(document_id)

    def _file(self, item: dict[str, Any]) -> Any:
        document = self.sim.docs.get(item["id"])
        if document is None:
            document = self.sim.create(
                item.get("name", ""), locale="en_US", time_zone="Etc/GMT", document_id=item["id"]
            )
            self.names.bind(item["id"], item["id"])
        for key, name in (("createdTime", "created"), ("modifiedTime", "modified")):
            if key in item:
                setattr(document, name, item[key])
        return document

    def _learn(self, one: Interaction, found: Route, rebuilt: set[str], written: set[str]) -> None:
        document_id = found.parts["id"]
        if one.status == 403 and one.reply["error"]["message"] == errors.denied().body["error"]["message"]:
            self._file({"id": document_id}).roles.clear()
        elif one.status == 400:
            self._file({"id": document_id})
        elif one.status != 200 or document_id in rebuilt:
            return
        elif found.name == "files.get" and document_id not in written:
            self._file({**one.reply, "id": document_id})
        elif found.name == "spreadsheets.get" and "sheets" in one.reply and "properties" in one.reply:
            self._content(self._file({"id": document_id, "name": one.reply["properties"]["title"]}), one.reply)
        elif found.name in {"values.get", "values.batchGet"} and document_id not in written:
            for values in one.reply.get("valueRanges", [one.reply]):
                self._values(document_id, values)

    def _content(self, document: Any, reply: dict[str, Any]) -> None:
        if document.id in self._built:
            return
        self._built.add(document.id)
        sheets = []
        for item in reply["sheets"]:
            properties = {key: value for key, value in item["properties"].items() if key != "index"}
            sheet = Sheet(properties, basic_filter=item.get("basicFilter"))
            for name, features in item.items():
                if isinstance(features, list) and name != "data":
                    sheet.features[name] = [_with_sheet(one, sheet.id) for one in features]
            sheets.append(sheet)
            self.names.bind(sheet.id, sheet.id)
        document.content = Content(reply["properties"], sheets, reply.get("namedRanges", []))

    def _values(self, document_id: str, values: dict[str, Any]) -> None:
        content = self._file({"id": document_id}).content
        try:
            place = locate(content, values["range"])
        except errors.ApiError:
            return
        rows = turned(values.get("values", []), values["majorDimension"])
        box = Box(place.box.top, place.box.left, place.box.top + len(rows), place.box.left)
        write(content, place.sheet, box, rows, "RAW")


def _only_cells(one: Interaction) -> bool:
    """Whether a batch changes cells only."""
    requests = json.loads(one.body or b"{}").get("requests", [])
    return bool(requests) and all(set(request) <= _CELLS_ONLY for request in requests)


def _with_sheet(item: dict[str, Any], sheet_id: int) -> dict[str, Any]:
    if "startRowIndex" in item:
        return {"sheetId": sheet_id, **item}
    return {**item, "range": {"sheetId": sheet_id, **item["range"]}} if "range" in item else item
