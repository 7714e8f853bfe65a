"""The calls on values: get, update, append, clear, and their batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cellvalues import append as append_rows
from .cellvalues import check_input, clear, grow, turned, update, value_range, write
from .document import Box
from .errors import internal, invalid
from .ranges import Place, locate
from .requests.metadata import boxes
from .view import out

if TYPE_CHECKING:
    from .call import Answer, Incoming
    from .document import Content, Json


def get(call: Incoming) -> Answer:
    """One range."""
    place = locate(call.doc.content, call.parts["range"])
    reply = value_range(
        call.calculator(call.doc.content),
        place,
        how=call.one("valueRenderOption"),
        dates=call.one("dateTimeRenderOption"),
        dimension=call.one("majorDimension"),
    )
    return reply, "ValueRange"


def batch_get(call: Incoming) -> Answer:
    """Several ranges."""
    calculator = call.calculator(call.doc.content)
    found = [
        value_range(
            calculator,
            locate(call.doc.content, text),
            how=call.one("valueRenderOption"),
            dates=call.one("dateTimeRenderOption"),
            dimension=call.one("majorDimension"),
        )
        for text in call.query.get("ranges", [])
    ]
    reply: Json = {"spreadsheetId": call.doc.id}
    if found:
        reply["valueRanges"] = found
    return reply, "BatchGetValuesResponse"


def _echoed(call: Incoming, content: Content, place: Place, dimension: str, options: dict[str, Any]) -> Json:
    """What stands in a written range now."""
    return value_range(
        call.calculator(content),
        place,
        how=options.get("responseValueRenderOption", ""),
        dates=options.get("responseDateTimeRenderOption", ""),
        dimension=dimension,
    )


def _options(call: Incoming) -> dict[str, Any]:
    return {name: call.one(name) for name in ("responseValueRenderOption", "responseDateTimeRenderOption")}


def update_one(call: Incoming) -> Answer:
    """Write one range."""
    body = call.json("ValueRange", "data")
    how = check_input(call.one("valueInputOption"))
    text = call.parts["range"]
    content = call.doc.content.copy()
    if "range" in body and locate(content, body["range"]) != locate(content, text):
        raise invalid(f"Requested writing within range [{text}], but the range in the body is [{body['range']}].")
    call.batch(content).guard(*_target(content, text, body))
    reply, place = update(content, text, body, how)
    call.commit(content)
    if call.flag("includeValuesInResponse"):
        reply["updatedData"] = _echoed(call, content, place, body.get("majorDimension", "ROWS"), _options(call))
    return {"spreadsheetId": call.doc.id, **reply}, "UpdateValuesResponse"


def _target(content: Content, text: str, body: Json) -> tuple[Any, Box]:
    """The tab and the cells that a write touches."""
    place = locate(content, text)
    rows = turned(body.get("values", []), body.get("majorDimension", ""))
    width = max((len(row) for row in rows), default=0)
    top, left = place.box.top, place.box.left
    return place.sheet, Box(top, left, top + max(len(rows), 1), left + max(width, 1))


def batch_update(call: Incoming) -> Answer:
    """Write several ranges, all or none (assumed)."""
    body = call.json("BatchUpdateValuesRequest")
    how = check_input(body.get("valueInputOption"))
    content = call.doc.content.copy()
    replies = []
    for data in body.get("data", [])[: call.partial]:
        call.batch(content).guard(*_target(content, data.get("range", ""), data))
        reply, place = update(content, data.get("range", ""), data, how)
        if body.get("includeValuesInResponse"):
            reply["updatedData"] = _echoed(call, content, place, data.get("majorDimension", "ROWS"), body)
        replies.append((reply, place))
    call.commit(content)
    if call.partial is not None:
        raise internal()
    return _totals(call.doc.id, replies), "BatchUpdateValuesResponse"


def _totals(document_id: str, replies: list[tuple[Json, Place]]) -> Json:
    touched = [(reply, place) for reply, place in replies if "updatedCells" in reply]
    rows = {(p.sheet.id, row) for r, p in touched for row in range(p.box.top, p.box.top + r["updatedRows"])}
    columns = {(p.sheet.id, col) for r, p in touched for col in range(p.box.left, p.box.left + r["updatedColumns"])}
    totals = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(reply["updatedCells"] for reply, _ in touched),
        "totalUpdatedSheets": len({place.sheet.id for _, place in touched}),
    }
    answer: Json = {"spreadsheetId": document_id, **{name: count for name, count in totals.items() if count}}
    if replies:
        answer["responses"] = [{"spreadsheetId": document_id, **reply} for reply, _ in replies]
    return answer


def append(call: Incoming) -> Answer:
    """Write below the table that the range finds."""
    body = call.json("ValueRange", "data")
    how = check_input(call.one("valueInputOption"))
    content = call.doc.content.copy()
    if call.one("insertDataOption") == "INSERT_ROWS":
        _make_room(call, content, body)
    found, reply, place = append_rows(content, call.parts["range"], body, how)
    call.batch(content).guard(place.sheet, place.box)
    call.commit(content)
    if call.flag("includeValuesInResponse"):
        reply["updatedData"] = _echoed(call, content, place, body.get("majorDimension", "ROWS"), _options(call))
    answer = {"spreadsheetId": call.doc.id, **found, "updates": {"spreadsheetId": call.doc.id, **reply}}
    return answer, "AppendValuesResponse"


def _make_room(call: Incoming, content: Content, body: Json) -> None:
    """INSERT_ROWS: whole new rows below the table."""
    from .cellvalues import table_at
    from .requests.dimensions import insert_dimension

    place = locate(content, call.parts["range"])
    table = table_at(place)
    rows = turned(body.get("values", []), body.get("majorDimension", ""))
    if table is None or not rows:
        return
    if table.bottom >= place.sheet.height:
        grow(place.sheet, Box(table.top, table.left, table.bottom + len(rows), table.right))
        return
    span = {
        "sheetId": place.sheet.id,
        "dimension": "ROWS",
        "startIndex": table.bottom,
        "endIndex": table.bottom + len(rows),
    }
    insert_dimension(call.batch(content), {"range": span, "inheritFromBefore": True})


def clear_one(call: Incoming) -> Answer:
    """Empty one range."""
    call.json("ClearValuesRequest")
    content = call.doc.content.copy()
    place = locate(content, call.parts["range"])
    call.batch(content).guard(place.sheet, place.box)
    clear(place)
    call.commit(content)
    return {"spreadsheetId": call.doc.id, "clearedRange": place.text()}, "ClearValuesResponse"


def batch_clear(call: Incoming) -> Answer:
    """Empty several ranges."""
    body = call.json("BatchClearValuesRequest")
    content = call.doc.content.copy()
    places = [locate(content, text) for text in body.get("ranges", [])]
    for place in places:
        call.batch(content).guard(place.sheet, place.box)
        clear(place)
    call.commit(content)
    answer: Json = {"spreadsheetId": call.doc.id}
    if places:
        answer["clearedRanges"] = [place.text() for place in places]
    return answer, "BatchClearValuesResponse"


def _filter(one: Json) -> Json:
    found: Json = out("DataFilter", one)
    return found


def batch_get_by_filter(call: Incoming) -> Answer:
    """Values of what the filters find."""
    body = call.json("BatchGetValuesByDataFilterRequest")
    calculator = call.calculator(call.doc.content)
    found = []
    for one in body.get("dataFilters", []):
        for sheet, box in boxes(call.doc.content, one):
            values = value_range(
                calculator,
                Place(sheet, box),
                how=body.get("valueRenderOption", ""),
                dates=body.get("dateTimeRenderOption", ""),
                dimension=body.get("majorDimension", ""),
            )
            found.append({"valueRange": values, "dataFilters": [_filter(one)]})
    answer: Json = {"spreadsheetId": call.doc.id}
    if found:
        answer["valueRanges"] = found
    return answer, "BatchGetValuesByDataFilterResponse"


def batch_update_by_filter(call: Incoming) -> Answer:
    """Write to all ranges that the filters find; a filter that finds nothing writes nothing (assumed)."""
    body = call.json("BatchUpdateValuesByDataFilterRequest")
    how = check_input(body.get("valueInputOption"))
    content = call.doc.content.copy()
    replies = []
    for data in body.get("data", [])[: call.partial]:
        rows = turned(data.get("values", []), data.get("majorDimension", ""))
        height, width = len(rows), max((len(row) for row in rows), default=0)
        for sheet, box in boxes(content, data.get("dataFilter", {})):
            if height > box.bottom - box.top or width > box.right - box.left:
                raise invalid("Requested writing within range, but tried writing beyond it.")
            target = Box(box.top, box.left, box.top + height, box.left + width)
            call.batch(content).guard(sheet, target)
            reply, place = write(content, sheet, target, rows, how)
            replies.append(({**reply, "dataFilter": _filter(data["dataFilter"])}, place))
    call.commit(content)
    if call.partial is not None:
        raise internal()
    answer = _totals(call.doc.id, replies)
    answer["responses"] = [reply for reply, _ in replies]
    return answer, "BatchUpdateValuesByDataFilterResponse"


def batch_clear_by_filter(call: Incoming) -> Answer:
    """Empty all ranges that the filters find."""
    body = call.json("BatchClearValuesByDataFilterRequest")
    content = call.doc.content.copy()
    places = [Place(sheet, box) for one in body.get("dataFilters", []) for sheet, box in boxes(content, one)]
    for place in places:
        call.batch(content).guard(place.sheet, place.box)
        clear(place)
    call.commit(content)
    answer: Json = {"spreadsheetId": call.doc.id}
    if places:
        answer["clearedRanges"] = [place.text() for place in places]
    return answer, "BatchClearValuesByDataFilterResponse"
