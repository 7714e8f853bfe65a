"""What can go wrong between the tool and Google, on demand.

``sim.faults.add(action, match="batchUpdate", nth=2, times=3)`` lets the second and the following two matching calls
fail, counted from now.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from . import errors
from .accounts import PROJECT
from .calls import fits

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Reply:
    """What goes back over the wire.

    ``wire`` says how: "" as it is; "reset" breaks the connection; "truncate" sends half of it; "stall" sends nothing.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    wire: str = ""
    delay: float = 0.0

    def json(self) -> Any:
        """The body, read as JSON; None when there is none."""
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True)
class Action:
    """One way to go wrong.

    ``error`` answers instead of doing anything; ``wire`` and ``body`` spoil the reply to what was done; ``undone``
    means that nothing is done at all.
    """

    name: str
    error: errors.ApiError | None = None
    wire: str = ""
    undone: bool = False
    body: bytes | None = None
    delay: float = 0.0
    partial: int | None = None
    match: str = "*"

    def spoil(self, reply: Reply) -> Reply:
        """The reply as it arrives."""
        body = reply.body if self.body is None else self.body
        if self.name == "bad_json":
            body = reply.body[: max(len(reply.body) // 2, 1)]
        return replace(reply, body=body, wire=self.wire, delay=self.delay)


_BY_STATUS = {
    400: lambda: errors.invalid("Request contains an invalid argument."),
    401: errors.unauthenticated,
    403: errors.denied,
    404: errors.not_found,
    429: lambda: errors.quota_exceeded("Read", 60, PROJECT),
    500: errors.internal,
    503: errors.unavailable,
}


def status(code: int) -> Action:
    """An error with the body that real traffic shows."""
    return Action(f"status {code}", _BY_STATUS[code]())


def html() -> Action:
    """502 as a page, from whatever stands before Google's servers."""
    return Action("html", errors.bad_gateway_page())


def sorry() -> Action:
    """429 as a page, as Drive does."""
    return Action("sorry", errors.sorry_page(), match="files.*")


def retry_after(seconds: int) -> Action:
    """429 that says how long to wait."""
    error = errors.quota_exceeded("Read", 60, PROJECT)
    return Action("retry_after", errors.ApiError(429, error.body, {"Retry-After": str(seconds)}))


def reset_before() -> Action:
    """The connection breaks before the request is read: nothing is done."""
    return Action("reset_before", wire="reset", undone=True)


def reset_after_apply() -> Action:
    """It is done, and the reply is lost."""
    return Action("reset_after_apply", wire="reset")


def truncate() -> Action:
    """It is done, and half of the reply arrives."""
    return Action("truncate", wire="truncate")


def slow(seconds: float) -> Action:
    """It is done, and the reply takes its time."""
    return Action("slow", delay=seconds)


def stall() -> Action:
    """Nothing is done, nothing arrives, and the connection stays open."""
    return Action("stall", wire="stall", undone=True)


def bad_json() -> Action:
    """It is done, and the reply is no JSON."""
    return Action("bad_json")


def empty_200() -> Action:
    """It is done, and the reply is empty."""
    return Action("empty_200", body=b"")


def token_revoked() -> Action:
    """The token endpoint refuses the key."""
    return Action("token_revoked", errors.revoked(), match="token")


def token_expired() -> Action:
    """The token is no longer good."""
    return Action("token_expired", errors.unauthenticated(), match="[!t]*")


def scope_missing() -> Action:
    """The token does not reach so far."""
    return Action("scope_missing", errors.scope_missing(), match="[!t]*")


def service_disabled() -> Action:
    """Nobody switched the API on."""
    return Action("service_disabled", errors.service_disabled(PROJECT), match="[!t]*")


def storage_full() -> Action:
    """A 403 that no waiting helps."""
    return Action("storage_full", errors.storage_full(), match="files.*")


def doc_deleted_midway() -> Action:
    """Somebody deletes the document just now."""
    return Action("doc_deleted_midway")


def quota_burst() -> Action:
    """The minute's calls are used up by somebody else."""
    return Action("quota_burst", errors.quota_exceeded("Read", 60, PROJECT), match="[!t]*")


def partial(first: int) -> Action:
    """Only the first so many requests are kept, then an error: Google promises that this does not happen."""
    return Action("partial", partial=first)


ACTIONS = {
    **{action.__name__: action for action in (html, sorry, reset_before, reset_after_apply, truncate, stall, bad_json)},
    **{
        action.__name__: action for action in (empty_200, token_revoked, token_expired, scope_missing, service_disabled)
    },
    **{action.__name__: action for action in (storage_full, doc_deleted_midway, quota_burst)},
}


@dataclass
class _Planned:
    action: Action
    match: str
    nth: int
    times: int | None
    seen: int = 0


@dataclass
class Faults:
    """The faults that are still to come."""

    planned: list[_Planned] = field(default_factory=list)
    happened: list[tuple[str, str]] = field(default_factory=list)

    def add(self, action: Action | str, *, match: str | None = None, nth: int = 1, times: int | None = 1) -> None:
        """Plan a fault.

        Args:
            action: one of this module's actions, or the name of one that needs no argument.
            match: which calls, as in ``Calls.named``; without it those that the action is about.
            nth: from the nth matching call on, counted from now.
            times: for so many matching calls; None for ever.
        """
        known = ACTIONS[action]() if isinstance(action, str) else action
        self.planned.append(_Planned(known, match or known.match, nth, times))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.planned.clear()

    def strike(self, name: str) -> Action | None:
        """The fault for this call, if one is due."""
        due = None
        for plan in self.planned:
            if not fits(name, plan.match):
                continue
            plan.seen += 1
            late = plan.times is not None and plan.seen >= plan.nth + plan.times
            if due is None and plan.seen >= plan.nth and not late:
                due = plan.action
        if due is not None:
            self.happened.append((name, due.name))
        return due
