"""Which function answers which call, and what a call needs: a right, a document, known parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import discovery, drive, errors, masks, spreadsheets, values_api

if TYPE_CHECKING:
    from collections.abc import Callable

    from .call import Answer, Incoming

HANDLERS: dict[str, Callable[[Incoming], Answer]] = {
    "spreadsheets.get": spreadsheets.get,
    "spreadsheets.create": spreadsheets.create,
    "spreadsheets.batchUpdate": spreadsheets.batch_update,
    "spreadsheets.getByDataFilter": spreadsheets.get_by_data_filter,
    "developerMetadata.get": spreadsheets.metadata_get,
    "developerMetadata.search": spreadsheets.metadata_search,
    "sheets.copyTo": spreadsheets.copy_to,
    "values.get": values_api.get,
    "values.batchGet": values_api.batch_get,
    "values.batchGetByDataFilter": values_api.batch_get_by_filter,
    "values.update": values_api.update_one,
    "values.append": values_api.append,
    "values.clear": values_api.clear_one,
    "values.batchUpdate": values_api.batch_update,
    "values.batchUpdateByDataFilter": values_api.batch_update_by_filter,
    "values.batchClear": values_api.batch_clear,
    "values.batchClearByDataFilter": values_api.batch_clear_by_filter,
    "files.get": drive.get,
    "files.list": drive.listing,
    "files.create": drive.create,
    "files.copy": drive.copy,
    "files.delete": drive.delete,
    "files.export": drive.export,
    "permissions.list": drive.permissions,
    "permissions.create": drive.share,
    "comments.list": drive.comments,
    "comments.create": drive.comment,
    "upload": drive.upload,
}
_DRIVE = ("files.", "permissions.", "comments.", "upload")
_READS = {
    *("spreadsheets.get", "spreadsheets.getByDataFilter", "developerMetadata.get", "developerMetadata.search"),
    *("values.get", "values.batchGet", "values.batchGetByDataFilter"),
    *("files.get", "files.list", "files.copy", "files.export", "permissions.list", "comments.list"),
}
_WITHOUT_A_DOCUMENT = {"spreadsheets.create", "files.list", "files.create"}
_FOR_COMMENTERS = {"comments.create"}
_COMMON = {
    *("alt", "fields", "key", "prettyPrint", "quotaUser", "access_token", "oauth_token", "callback"),
    *("uploadType", "upload_protocol", "$.xgafv", "spreadsheetId", "range", "sheetId", "metadataId"),
}


_UNBOUND = (
    'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
    "Field '{name}' could not be found in request message."
)


def of_drive(name: str) -> bool:
    """Whether a call belongs to Drive."""
    return name.startswith(_DRIVE)


def reads(name: str) -> bool:
    """Whether a call changes nothing."""
    return name in _READS


def needs_document(name: str) -> bool:
    """Whether a call is about one document."""
    return name not in _WITHOUT_A_DOCUMENT


def for_commenters(name: str) -> bool:
    """Whether those who may only comment may make this call."""
    return name in _FOR_COMMENTERS


def check_query(call: Incoming) -> None:
    """Refuse what the API description does not know; Drive is not so strict."""
    if of_drive(call.name):
        return
    key = call.name if call.name.startswith("spreadsheets.") else f"spreadsheets.{call.name}"
    known = discovery.sheets().methods[key].get("parameters", {})
    wrong = [("", _UNBOUND.format(name=name)) for name in call.query if name not in known and name not in _COMMON]
    for name, texts in call.query.items():
        options = known.get(name, {}).get("enum")
        wrong += [
            (name, f"Invalid value at '{name}' (type.googleapis.com/google.apps.sheets.v4), \"{text}\"")
            for text in texts
            if options and text not in options
        ]
    if wrong:
        raise errors.bad_request("\n".join(text for _, text in wrong), wrong)
    fields = call.one("fields")
    if fields:
        schema = discovery.sheets().methods[key]["response"]["$ref"]
        masks.check(masks.parse(fields), discovery.sheets(), schema)
