"""What a failed request means: which error people see, and whether to try again.

A reply is judged by its status and its body; Google repeats the reason in several places, of which any may be
missing. Nothing of the body reaches the error: it may quote cells, addresses and keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.errors import (
    AccessDenied,
    CredentialsRefused,
    NetzwerkError,
    ServiceUnreachable,
    WorkbookChanged,
    WorkbookNotFound,
    WorkbookRefused,
    WriteUnconfirmed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SERVER = 500
_FINE = range(200, 300)


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed request.

    Attributes:
        error: What people are told.
        passing: Whether it may be over soon.
        refused: Whether the request was surely not carried out; otherwise nobody knows.
        retry_after: Seconds the service asks to wait, or `None`.
    """

    error: NetzwerkError
    passing: bool = False
    refused: bool = True
    retry_after: float | None = None


_SLOW_DOWN = frozenset({"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"})
_API_OFF = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})
_SCOPE = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})

_BAD_REQUESTS: tuple[tuple[str, type[NetzwerkError], str], ...] = (
    (r"not supported for this document", WorkbookRefused, "google-office-file"),
    (r"protected cell or object", WorkbookRefused, "google-protected"),
    (r"above the limit of \d+ cells", WorkbookRefused, "sheet-full"),
    (r"ConditionValue|[Ff]ormula", WorkbookRefused, "google-formula-refused"),
    # A title in the wish for the state after the write: whether the write came first, nobody says.
    (r"Unable to parse range", WriteUnconfirmed, "google-write-unconfirmed"),
    # What the plan relied on is gone or came into being meanwhile: the pass begins anew.
    (r"No grid with id|already exists|No (?:named range|sheet)", WorkbookChanged, "workbook-changed"),
    (r"not (?:found|exist)", WorkbookChanged, "workbook-changed"),
    (r"beyond the last|after last|outside|exceeds grid limits", WorkbookChanged, "workbook-changed"),
)  # fmt: skip
"""What a request with code 400 is answered with, as far as it tells one cause from another."""

_INDEX = re.compile(r"requests\[(\d+)\]")


def of_reply(status: int, headers: Mapping[str, str], document: object, account: str = "") -> Fault | None:
    """Judge a reply; `None` where all is well.

    Args:
        status: HTTP status.
        headers: The reply's.
        document: Its body where that is JSON, else `None`.
        account: The address a document must be shared with, where there is one.
    """
    if status in _FINE:
        fine = isinstance(document, dict)
        return None if fine else Fault(ServiceUnreachable("google-answer-unreadable"), passing=True, refused=False)
    told = document.get("error") if isinstance(document, dict) else None
    error: dict[str, Any] = told if isinstance(told, dict) else {}
    reasons = set(_reasons(error))
    if status == 429 or (status == 403 and reasons & _SLOW_DOWN):
        return Fault(ServiceUnreachable("google-quota"), passing=True, retry_after=_wait(headers))
    if status == 408 or status >= _SERVER:
        unavailable = ServiceUnreachable("google-unavailable")
        return Fault(unavailable, passing=True, refused=False, retry_after=_wait(headers))
    return Fault(_final(status, reasons, error, account))


def _final(status: int, reasons: set[str], error: dict[str, Any], account: str) -> NetzwerkError:
    if status == 401:
        return CredentialsRefused("google-sign-in-refused")
    if status == 403 and reasons & _API_OFF:
        return CredentialsRefused("google-api-off", service=_service(error))
    if status == 403 and reasons & _SCOPE:
        return CredentialsRefused("google-scope-missing")
    if status == 403:
        return AccessDenied("google-not-shared", account=account) if account else AccessDenied("google-not-allowed")
    if status == 404:
        return WorkbookNotFound("google-not-found")
    return bad_request(str(error.get("message", "")))


def bad_request(message: str) -> NetzwerkError:
    """Give the error of a request that the service did not want; ``request`` counts the part it is about."""
    found = _INDEX.search(message)
    facts: dict[str, str | int] = {"request": int(found[1])} if found else {}
    for pattern, kind, reason in _BAD_REQUESTS:
        if re.search(pattern, message):
            return kind(reason, **facts)
    return WorkbookRefused("google-request-refused", **facts)


def _reasons(error: dict[str, Any]) -> Iterator[str]:
    yield str(error.get("status", ""))
    for listed in (error.get("errors"), error.get("details")):
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict):
                yield str(each.get("reason", ""))
    message = str(error.get("message", ""))
    if "insufficient authentication scopes" in message:
        yield "insufficientPermissions"
    if "has not been used in project" in message or "is disabled" in message:
        yield "accessNotConfigured"


def _service(error: dict[str, Any]) -> str:
    """Give the name of the service that is switched off."""
    drive = "drive" in str(error.get("details", "")) + str(error.get("message", "")).casefold()
    return "Google Drive API" if drive else "Google Sheets API"


def _wait(headers: Mapping[str, str]) -> float | None:
    """Read ``Retry-After``: seconds, or a moment."""
    text = headers.get("Retry-After", "").strip()
    if text.replace(".", "", 1).isdigit():
        return float(text)
    if not text:
        return None
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def of_exception(error: Exception) -> Fault:  # noqa: PLR0911 - one line a cause
    """Judge what a request raised before a reply was there."""
    from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
    from requests import exceptions as web

    if isinstance(error, RefreshError):
        return _sign_in(error)
    if isinstance(error, TransportError):  # while signing in: the request itself was not sent yet
        return Fault(ServiceUnreachable("google-unreachable"), passing=True)
    if isinstance(error, GoogleAuthError):
        return Fault(CredentialsRefused("google-sign-in-refused"))
    if isinstance(error, web.SSLError):
        return Fault(ServiceUnreachable("google-certificate"))
    if isinstance(error, web.ConnectTimeout) or _never_sent(error):
        return Fault(ServiceUnreachable("google-unreachable"), passing=True)
    if isinstance(error, web.Timeout):
        return Fault(ServiceUnreachable("google-timeout"), passing=True, refused=False)
    return Fault(ServiceUnreachable("google-unreachable"), passing=True, refused=False)


def _never_sent(error: Exception) -> bool:
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    inner = error.args[0] if error.args else None
    return isinstance(getattr(inner, "reason", inner), NewConnectionError | ConnectTimeoutError)


_SIGN_IN: tuple[tuple[str, str], ...] = (
    (r"invalid_scope|unauthorized_client|insufficient", "google-scope-missing"),
    (r"timeframe|\biat\b|\bexp\b|clock|short-lived", "google-clock"),
    (r"invalid_grant|account not found|deleted_client|invalid_client|Signature", "google-key-revoked"),
)


def _sign_in(error: Exception) -> Fault:
    if getattr(error, "retryable", False):
        return Fault(ServiceUnreachable("google-unavailable"), passing=True)
    text = " ".join(str(each) for each in error.args)
    for pattern, reason in _SIGN_IN:
        if re.search(pattern, text):
            return Fault(CredentialsRefused(reason))
    return Fault(CredentialsRefused("google-sign-in-refused"))
