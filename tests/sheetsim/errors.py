"""What goes wrong, with the very bodies that real traffic shows (see ASSUMPTIONS.md for the rest)."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An error that the caller gets as a reply.

    Args:
        status: HTTP status.
        body: JSON body, or text for an HTML page.
        headers: further headers of the reply.
    """

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers or {}


class NotSimulated(Exception):
    """The server was asked for something it does not play: a 501 that fails the test."""


def _error(code: int, status: str, message: str, details: list[Any] | None = None) -> ApiError:
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = details
    return ApiError(code, {"error": error})


def invalid(message: str) -> ApiError:
    """400: the request cannot be done."""
    return _error(400, "INVALID_ARGUMENT", message)


def bad_request(message: str, violations: list[tuple[str, str]]) -> ApiError:
    """400: the request does not fit the API description; violations are (field, description)."""
    fields = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": fields}
    return _error(400, "INVALID_ARGUMENT", message, [detail])


def bad_mask(path: str) -> ApiError:
    """400: the ``fields`` parameter names what does not exist."""
    text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return bad_request("Request contains an invalid argument.", [(path, text)])


def not_found() -> ApiError:
    """404 of Sheets."""
    return _error(404, "NOT_FOUND", "Requested entity was not found.")


def denied() -> ApiError:
    """403 of Sheets: the document is not shared, or shared for reading only."""
    return _error(403, "PERMISSION_DENIED", "The caller does not have permission")


def unauthenticated() -> ApiError:
    """401: no token, an expired one, or one we did not give."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return _error(401, "UNAUTHENTICATED", message)


def _drive_error(code: int, message: str, **item: str) -> ApiError:
    return ApiError(code, {"error": {"errors": [{**item, "message": message}], "code": code, "message": message}})


def drive_not_found(file_id: str) -> ApiError:
    """404 of Drive: other shape, no ``status``."""
    message = f"File not found: {file_id}."
    return _drive_error(404, message, domain="global", reason="notFound", locationType="parameter", location="fileId")


def drive_denied(file_id: str) -> ApiError:
    """403 of Drive: the file may be read, not changed."""
    message = f"The user does not have sufficient permissions for file {file_id}."
    return _drive_error(403, message, domain="global", reason="insufficientFilePermissions")


def storage_full() -> ApiError:
    """403: a service account cannot own files."""
    return _drive_error(
        403, "The user's Drive storage quota has been exceeded.", domain="usageLimits", reason="storageQuotaExceeded"
    )


def scope_missing() -> ApiError:
    """403: the token does not reach so far."""
    message = "Request had insufficient authentication scopes."
    body = {
        "error": {
            "code": 403,
            "message": message,
            "errors": [{"message": "Insufficient Permission", "domain": "global", "reason": "insufficientPermissions"}],
            "status": "PERMISSION_DENIED",
        }
    }
    return ApiError(403, body)


def service_disabled(project: str, *, full: bool = True) -> ApiError:
    """403: nobody switched the Sheets API on; not ``full`` is the shorter body of some years ago."""
    url = f"https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project={project}"
    message = (
        f"Google Sheets API has not been used in project {project} before or it is disabled. Enable it by visiting "
        f"{url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
        "systems and retry."
    )
    help_link = {
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{"description": "Google developers console API activation", "url": url}],
    }
    if not full:
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": {"consumer": f"projects/{project}", "service": "sheets.googleapis.com"},
        }
        return _error(403, "PERMISSION_DENIED", message, [help_link, info])
    metadata = {
        "serviceTitle": "Google Sheets API",
        "consumer": f"projects/{project}",
        "activationUrl": url,
        "containerInfo": project,
        "service": "sheets.googleapis.com",
    }
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": metadata,
        },
        {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": message},
        help_link,
    ]
    return _error(403, "PERMISSION_DENIED", message, details)


def quota_exceeded(kind: str, limit: int, project: str, *, full: bool = True) -> ApiError:
    """429: too many calls in this minute; kind is "Read" or "Write"; not ``full`` is the body of some years ago."""
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user' of service "
        f"'sheets.googleapis.com' for consumer 'project_number:{project}'."
    )
    metadata = {
        "service": "sheets.googleapis.com",
        "consumer": f"projects/{project}",
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
        "quota_limit": f"{kind}RequestsPerMinutePerUser",
    }
    if full:
        metadata |= {
            "quota_limit_value": str(limit),
            "quota_unit": "1/min/{project}/{user}",
            "quota_location": "global",
        }
    details: list[Any] = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": metadata,
        },
        {
            "@type": "type.googleapis.com/google.rpc.Help",
            "links": [
                {
                    "description": "Request a higher quota limit.",
                    "url": "https://cloud.google.com/docs/quotas/help/request_increase",
                }
            ],
        },
    ]
    return _error(429, "RESOURCE_EXHAUSTED", message, details if full else details[:1])


def internal() -> ApiError:
    """500: Google's side failed."""
    return _error(500, "INTERNAL", "Internal error encountered.")


def unavailable() -> ApiError:
    """503: Google's side is away."""
    return _error(503, "UNAVAILABLE", "The service is currently unavailable.")


def bad_gateway_page() -> ApiError:
    """502 as a page: what stands before Google's servers answers, not the API."""
    page = (
        "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n"
        "<p><b>502.</b> <ins>That’s an error.</ins>\n<p>The server encountered a temporary error and could not "
        "complete your request.<p>Please try again in 30 seconds. <ins>That’s all we know.</ins>\n"
    )
    return ApiError(502, page)


def sorry_page() -> ApiError:
    """429 as a page: Drive takes the caller for a robot."""
    page = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/><title>Sorry...</title>'
        "</head><body><h1>We're sorry...</h1><p>... but your computer or network may be sending automated queries. To "
        "protect our users, we can't process your request right now.</p></body></html>"
    )
    return ApiError(429, page)


def revoked() -> ApiError:
    """400 of the token endpoint: the key is no longer good, or the clock is wrong."""
    return ApiError(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
