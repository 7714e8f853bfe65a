"""The calls of Drive v3 that matter for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from . import blank
from .cellvalues import enter, value_range
from .clock import stamp
from .errors import ApiError, NotSimulated, drive_denied, storage_full
from .ranges import Place

if TYPE_CHECKING:
    from .call import Answer, Incoming
    from .document import Document, Json

MIME = "application/vnd.google-apps.spreadsheet"
_MINIMAL = ("kind", "id", "name", "mimeType")
_WRITERS = {"owner", "writer"}


def file(call: Incoming, document: Document) -> Json:
    """A File with all the fields this server knows."""
    role = call.sim.role(document, call.user)
    writer = role in _WRITERS
    user = {"kind": "drive#user", "displayName": document.last_user, "emailAddress": document.last_user}
    return {
        "kind": "drive#file",
        "id": document.id,
        "name": document.name,
        "mimeType": MIME,
        "version": str(document.version),
        "createdTime": document.created,
        "modifiedTime": document.modified,
        **({"lastModifyingUser": {**user, "me": document.last_user == call.user}} if document.last_user else {}),
        "owners": [{"kind": "drive#user", "emailAddress": document.owner, "me": document.owner == call.user}],
        "ownedByMe": document.owner == call.user,
        "shared": bool(document.roles),
        "trashed": False,
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{document.id}/edit?usp=drivesdk",
        "capabilities": {
            "canEdit": writer,
            "canModifyContent": writer,
            "canComment": writer or role == "commenter",
            "canCopy": True,
            "canDelete": role == "owner",
            "canDownload": True,
            "canRename": writer,
            "canShare": writer,
        },
    }


def _shown(call: Incoming, found: Json) -> Json:
    """Without a mask Drive shows four fields only."""
    return found if call.one("fields") else {name: found[name] for name in _MINIMAL}


def get(call: Incoming) -> Answer:
    """What Drive knows of a file."""
    return _shown(call, file(call, call.doc)), "File"


def listing(call: Incoming) -> Answer:
    """The files one may see, newest first."""
    query = call.one("q")
    known = re.sub(r"\s*mimeType\s*=\s*[\"'][^\"']*[\"']\s*", "", query)
    name = re.search(r"""name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", known)
    rest = re.sub(r"""name\s*=\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\band\b|trashed\s*=\s*false""", "", known)
    if rest.strip():
        raise NotSimulated(f"files.list with q={query!r}")
    wanted = re.search(r"mimeType\s*=\s*[\"']([^\"']*)", query)
    seen = [doc for doc in call.sim.docs.values() if call.sim.role(doc, call.user) is not None]
    if wanted and wanted[1] != MIME:
        seen = []
    if name:
        title = re.sub(r"\\(.)", r"\1", name[1] if name[1] is not None else name[2])
        seen = [doc for doc in seen if doc.name == title]
    seen.sort(key=lambda doc: doc.modified, reverse=True)
    return {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": [_listed(call, doc) for doc in seen],
    }, "FileList"


def _listed(call: Incoming, document: Document) -> Json:
    found = file(call, document)
    return found if call.one("fields") else {name: found[name] for name in _MINIMAL}


def _body(call: Incoming) -> Json:
    found: Json = json.loads(call.body or b"{}")
    return {key: value for key, value in found.items() if value is not None}


def create(call: Incoming) -> Answer:
    """A new file; a service account may not own one unless the test says so."""
    body = _body(call)
    document = call.sim.create_as(call.user, body.get("name", "Untitled"))
    return _shown(call, file(call, document)), "File"


def copy(call: Incoming) -> Answer:
    """A copy with everything in it."""
    if not call.sim.robots_may_own and call.user in call.sim.accounts.robots:
        raise storage_full()
    document = call.sim.create_as(call.user, _body(call).get("name", f"Copy of {call.doc.name}"))
    content = call.doc.content.copy()
    content.properties = {**content.properties, "title": document.name}
    document.content = content
    document.modified = document.created  # recorded: other than a new file
    return _shown(call, file(call, document)), "File"


def delete(call: Incoming) -> Answer:
    """Gone for good; only the owner may."""
    if call.sim.role(call.doc, call.user) != "owner":
        raise drive_denied(call.doc.id)
    del call.sim.docs[call.doc.id]
    return None, ""


def export(call: Incoming) -> Answer:
    """The first tab as CSV, or the document as .xlsx with its values."""
    kind = call.one("mimeType")
    content = call.doc.content
    if kind == "text/csv":
        sheet = content.sheets[0]
        values = value_range(call.calculator(content), Place(sheet, sheet.whole)).get("values", [])
        out = io.StringIO()
        width = max((len(row) for row in values), default=0)
        csv.writer(out, lineterminator="\r\n").writerows(row + [""] * (width - len(row)) for row in values)
        return out.getvalue().removesuffix("\r\n").encode(), ""
    if kind == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
        return _workbook(call), ""
    raise NotSimulated(f"files.export as {kind}")


def _workbook(call: Incoming) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in call.doc.content.sheets:
        tab = book.create_sheet(sheet.title[:31])
        found = value_range(call.calculator(call.doc.content), Place(sheet, sheet.whole), how="FORMULA")
        for row in found.get("values", []):
            tab.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def permissions(call: Incoming) -> Answer:
    """Who may do what."""
    roles = {call.doc.owner: "owner", **call.doc.roles}
    found = [_permission(email, role) for email, role in roles.items()]
    if not call.one("fields"):
        found = [{key: one[key] for key in ("kind", "id", "type", "role")} for one in found]
    return {"kind": "drive#permissionList", "permissions": found}, "PermissionList"


def _permission(email: str, role: str) -> Json:
    kind = "anyone" if email == "anyone" else "user"
    number = "anyoneWithLink" if email == "anyone" else str(sum(map(ord, email)) * 7919).zfill(20)
    mail = {} if email == "anyone" else {"emailAddress": email}
    return {"kind": "drive#permission", "id": number, "type": kind, "role": role, **mail}


def share(call: Incoming) -> Answer:
    """Share with somebody."""
    body = _body(call)
    email = "anyone" if body.get("type") == "anyone" else body.get("emailAddress", "")
    if body.get("role") not in {"owner", "writer", "commenter", "reader"} or not email:
        raise ApiError(
            400,
            {
                "error": {
                    "errors": [{"domain": "global", "reason": "badRequest", "message": "Bad Request"}],
                    "code": 400,
                    "message": "Bad Request",
                }
            },
        )
    call.doc.share(email, body["role"])
    found = _permission(email, body["role"])
    return {key: found[key] for key in ("kind", "id", "type", "role")} if not call.one(
        "fields"
    ) else found, "Permission"


def comments(call: Incoming) -> Answer:
    """The comments that people left."""
    if not call.one("fields"):
        raise ApiError(
            400,
            {
                "error": {
                    "errors": [
                        {
                            "domain": "global",
                            "reason": "required",
                            "message": "The 'fields' parameter is required for this method.",
                            "locationType": "parameter",
                            "location": "fields",
                        }
                    ],
                    "code": 400,
                    "message": "The 'fields' parameter is required for this method.",
                }
            },
        )
    return {"kind": "drive#commentList", "comments": list(call.doc.drive_comments)}, "CommentList"


def comment(call: Incoming) -> Answer:
    """Leave a comment."""
    body = _body(call)
    kept: Json = {key: body[key] for key in ("content", "anchor") if key in body}
    found: Json = {
        "kind": "drive#comment",
        "id": f"AAAA{call.sim.new_number()}",
        **kept,
        "createdTime": stamp(call.sim.clock.now()),
    }
    call.doc.drive_comments.append(found)
    return found, "Comment"


def upload(call: Incoming) -> Answer:
    """Drive v2, as gspread's import_csv uses it: the document becomes one tab with the values of the file.

    Only the effect is played: the answer holds far less than Google's.
    """
    content = blank.content(call.doc.name, "en_US", "America/Los_Angeles")
    sheet = content.sheets[0]
    sheet.properties = {**sheet.properties, "sheetId": call.sim.new_number(), "title": call.doc.name}
    for row, line in enumerate(csv.reader(io.StringIO(call.body.decode()))):
        for column, value in enumerate(line):
            enter(content, sheet, row, column, value, "USER_ENTERED")
    call.commit(content)
    return {"kind": "drive#file", "id": call.doc.id, "title": call.doc.name, "mimeType": MIME}, ""
