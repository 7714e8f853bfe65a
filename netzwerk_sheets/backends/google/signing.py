"""The session that carries the sign-in, and goes nowhere else than to where one signs in.

The library for signing in asks one more of Google's hosts, on a thread of its own, in which regions an account may
be used. Nothing here needs that; behind an endpoint of one's own it would be the only request that leaves the house.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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


def signed_session(auth: Credentials, host: str = "") -> Session:
    """Give a session whose requests carry the sign-in.

    Args:
        auth: Who signs in.
        host: A host of one's own where one may sign in as well.
    """
    plain = Session()
    for scheme in ("https://", "http://"):
        plain.mount(scheme, _SignInOnly(host))
    return AuthorizedSession(auth, auth_request=Request(plain))  # type: ignore[no-untyped-call]
