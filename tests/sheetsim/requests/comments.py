"""Comments inside the Sheets API (tier 2): threads are kept, moved with their cell, and shown when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sheetsim.clock import stamp
from tests.sheetsim.errors import invalid

if TYPE_CHECKING:
    from tests.sheetsim.document import Json

    from .batch import Batch

_MAX = 2048
_STATUS = {"RESOLVE": "RESOLVED", "REOPEN": "OPEN"}


def _post(batch: Batch, content: str, action: str = "") -> Json:
    if (not content and action not in _STATUS) or len(content) > _MAX:
        raise invalid(f"The content of a comment must have 1 to {_MAX} characters.")
    post: Json = {"postId": str(batch.new_id()), "createTime": stamp(batch.now)}
    if content:
        post["content"] = content
    if action:
        post["commentAction"] = action
    return post


def _thread(batch: Batch, comment_id: str) -> int:
    for index, thread in enumerate(batch.content.comments):
        if thread["commentId"] == comment_id:
            return index
    raise invalid(f"No comment with id: {comment_id}")


def insert_comment(batch: Batch, request: Json) -> Json:
    """A new thread on a cell."""
    spot = request.get("coordinate", {})
    sheet = batch.sheet(spot)
    row, column = spot.get("rowIndex", 0), spot.get("columnIndex", 0)
    number = str(batch.new_id())
    thread: Json = {
        "commentId": f"AAAA{number}",
        "anchorId": number,
        "headPost": _post(batch, request.get("content", "")),
        "status": "OPEN",
    }
    area = {"startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": column, "endColumnIndex": column + 1}
    sheet.feature("commentAnchors").append({"anchorId": number, "range": {"sheetId": sheet.id, **area}})
    batch.content.comments.append(thread)
    return {"insertComment": {"commentThread": thread}}


def add_comment_reply(batch: Batch, request: Json) -> Json:
    """An answer, which may resolve the thread or open it again."""
    index = _thread(batch, request.get("commentId", ""))
    asked = request.get("post", {})
    action = asked.get("commentAction", "")
    post = _post(batch, asked.get("content", ""), action)
    thread = batch.content.comments[index]
    replies = [*thread.get("replies", []), post]
    batch.content.comments[index] = {**thread, "replies": replies, "status": _STATUS.get(action, thread["status"])}
    return {"addCommentReply": {"post": post}}


def update_comment_post(batch: Batch, request: Json) -> None:
    """Another text in a post."""
    index = _thread(batch, request.get("commentId", ""))
    thread, wanted = batch.content.comments[index], request.get("postId", "")

    def changed(post: Json) -> Json:
        return {**post, "content": request.get("content", "")} if post["postId"] == wanted else post

    new = {**thread, "headPost": changed(thread["headPost"])}
    if "replies" in thread:
        new["replies"] = [changed(post) for post in thread["replies"]]
    if new == thread:
        raise invalid(f"No post with id: {wanted}")
    batch.content.comments[index] = new


def delete_comment(batch: Batch, request: Json) -> None:
    """The whole thread goes."""
    thread = batch.content.comments.pop(_thread(batch, request.get("commentId", "")))
    for sheet in batch.content.sheets:
        anchors = sheet.feature("commentAnchors")
        anchors[:] = [anchor for anchor in anchors if anchor["anchorId"] != thread["anchorId"]]


def delete_comment_reply(batch: Batch, request: Json) -> None:
    """One answer goes; its place stays."""
    index = _thread(batch, request.get("commentId", ""))
    thread, wanted = batch.content.comments[index], request.get("postId", "")
    if all(post["postId"] != wanted for post in thread.get("replies", [])):
        raise invalid(f"No post with id: {wanted}")
    replies = [
        {"postId": wanted, "createTime": post["createTime"], "deleted": True} if post["postId"] == wanted else post
        for post in thread["replies"]
    ]
    batch.content.comments[index] = {**thread, "replies": replies}


KINDS = {
    "insertComment": insert_comment,
    "addCommentReply": add_comment_reply,
    "updateCommentPost": update_comment_post,
    "deleteComment": delete_comment,
    "deleteCommentReply": delete_comment_reply,
}
