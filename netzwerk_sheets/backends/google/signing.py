"""The session that carries the sign-in, and goes nowhere else than to where one signs in.

The library for signing in asks one more of Google's hosts, on a thread of its own, in which regions an account may
be used. Nothing here needs that; behind an endpoint of one's own it would be the only request that leaves the house.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from google.auth.exceptions import TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

_SIGN_IN = frozenset({"oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com", "127.0.0.1", "localhost"})
_NOT_THERE = 404


class _SignInOnly(HTTPAdapter):
    """Answers every request to another host by itself: there is nothing."""

    def __init__(self, more: str) -> None:
        super().__init__()
        self.hosts = _SIGN_IN | {more}

    def send(self, request: PreparedRequest, *args: object, **options: object) -> Response:
        if urlsplit(request.url or "").hostname in self.hosts:
            return super().send(request, *args, **options)  # type: ignore[arg-type]
        reply = Response()
        reply.status_code, reply.request, reply.url = _NOT_THERE, request, request.url or ""
        return reply


class _SignIn(Request):
    """Asks for tokens, and takes for an answer only what can be one: Google says everything as JSON, refusals too.

    Over anything else the library would fail, or take a page of whatever stands in between for a refusal.
    """

    def __call__(self, *args: Any, **parts: Any) -> Any:  # noqa: ANN401 - the library's own signature
        reply = super().__call__(*args, **parts)  # type: ignore[no-untyped-call]
        if not _is_object(reply.data):
            raise TransportError("an answer that is none")  # type: ignore[no-untyped-call]
        return reply


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def sign_in(host: str = "") -> Request:
    """Give what asks for tokens.

    Args:
        host: A host of one's own where one may sign in.
    """
    plain = Session()
    for scheme in ("https://", "http://"):
        plain.mount(scheme, _SignInOnly(host))
    return _SignIn(plain)


def signed_session(auth: Credentials, host: str = "") -> Session:
    """Give a session whose requests carry the sign-in.

    Args:
        auth: Who signs in.
        host: A host of one's own where one may sign in as well.
    """
    return AuthorizedSession(auth, auth_request=sign_in(host))  # type: ignore[no-untyped-call]
