"""The kinds of requests that a batch may hold: one function each, found by its name in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sheetsim import discovery
from tests.sheetsim.errors import ApiError, NotSimulated, invalid

from . import areas, cells, comments, dimensions, features, metadata, stored, tabs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sheetsim.document import Json

    from .batch import Batch

KINDS: dict[str, Callable[[Batch, Json], Json | None]] = {
    **cells.KINDS,
    **tabs.KINDS,
    **dimensions.KINDS,
    **areas.KINDS,
    **features.KINDS,
    **stored.KINDS,
    **metadata.KINDS,
    **comments.KINDS,
}


def kind_of(request: Json) -> str:
    """The name of the one thing a request asks for."""
    if len(request) != 1:
        raise invalid("Each request must have exactly one kind set.")
    return next(iter(request))


def apply(batch: Batch, requests: list[Json], stop_after: int | None = None) -> list[Json]:
    """Do all requests in order on the batch's own copy; the first failure ends it.

    Args:
        batch: the copy to work on; the caller puts it in place when all went well.
        requests: cleaned requests.
        stop_after: do only so many (a fault that Google promises not to have).

    Raises:
        ApiError: with Google's ``Invalid requests[i].kind: …``.
        NotSimulated: for kinds this server does not play.
    """
    replies: list[Json] = []
    for index, request in enumerate(requests):
        if stop_after is not None and index >= stop_after:
            break
        if not request:
            raise invalid(f"Invalid requests[{index}]: No request set.")
        kind = kind_of(request)
        if kind not in KINDS:
            raise NotSimulated(f"request {kind}")
        try:
            replies.append(KINDS[kind](batch, request[kind]) or {})
        except ApiError as error:
            raise _located(error, index, kind) from None
    return replies


def _located(error: ApiError, index: int, kind: str) -> ApiError:
    body: dict[str, Any] = error.body["error"]
    if error.status == 400 and "details" not in body:
        return invalid(f"Invalid requests[{index}].{kind}: {body['message']}")
    return error


def known_kinds() -> set[str]:
    """Every kind the API knows, played here or not."""
    return set(discovery.sheets().schemas["Request"]["properties"])
