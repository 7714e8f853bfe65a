"""The one way to Google: where requests go, how long to wait, when to try again, and how often it was asked.

gspread sends every request through `HTTPClient.request`; this class stands in its place. Reads are repeated while
a fault may pass. A write is repeated only when it was surely refused: after a lost answer nobody knows whether it
was carried out, so the error says so and the next pass looks.
"""

from __future__ import annotations

import random
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from gspread.http_client import HTTPClient

from netzwerk_sheets.backends.google import faults
from netzwerk_sheets.backends.google.quota import sent_by
from netzwerk_sheets.backends.google.signing import signed_session
from netzwerk_sheets.errors import ServiceUnreachable, WriteUnconfirmed, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.auth.credentials import Credentials
    from requests import Response, Session

SHEETS = "https://sheets.googleapis.com"
DRIVE = "https://www.googleapis.com"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def rebase(url: str, endpoint: str) -> str:
    """Give the address a request goes to.

    Raises:
        WrongUse: It would lead anywhere else than to Google's own two hosts or the chosen endpoint.
    """
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" not in {SHEETS, DRIVE}:
        raise WrongUse("google-host-unknown")
    if not endpoint:
        return url
    base = urlsplit(endpoint)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, parts.fragment))


def check_endpoint(endpoint: str) -> None:
    """Make sure that nobody listens on the way: the sign-in travels with every request.

    Raises:
        WrongUse: The endpoint is not encrypted and not on this machine, or is no address at all.
    """
    parts = urlsplit(endpoint)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if endpoint and (not parts.hostname or parts.username or not (local or parts.scheme == "https")):
        raise WrongUse("google-endpoint-unsafe")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run waits for Google.

    Attributes:
        attempts: How often one request is sent at most.
        first: Seconds before the second attempt; doubled each time, with up to half of it more by chance.
        longest: Seconds between two attempts at most, unless the service asks for more.
        total: Seconds after which a request is given up, waiting included.
        connect: Seconds for a connection to be made.
        answer: Seconds for an answer to begin.
        per_minute: Requests of one kind within a minute; Google allows 60.
    """

    attempts: int = 8
    first: float = 1.0
    longest: float = 32.0
    total: float = 180.0
    connect: float = 10.0
    answer: float = 60.0
    per_minute: int = 50

    def before(self, attempt: int, asked: float | None, chance: float) -> float:
        """Give the seconds to wait after an attempt, counted from 1."""
        wait = min(self.longest, self.first * 2 ** (attempt - 1)) * (1 + chance / 2)
        return float(max(wait, asked or 0.0))


@dataclass(slots=True)
class Clock:
    """Time, as far as waiting needs it; tests bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class Calls:
    """How often Google was asked, attempts that failed included."""

    reads: int = 0
    writes: int = 0
    drive: int = 0
    _sent: dict[str, deque[float]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return self.reads + self.writes + self.drive

    def pace(self, kind: str, clock: Clock, most: int) -> None:
        """Count a request, and wait first where a minute is full."""
        sent = self._sent.setdefault(kind, deque())
        while sent and clock.now() - sent[0] >= 60:
            sent.popleft()
        if len(sent) >= most:
            clock.sleep(max(0.0, 60 - (clock.now() - sent.popleft())))
        sent.append(clock.now())
        setattr(self, kind, getattr(self, kind) + 1)


class SheetsTransport(HTTPClient):
    """gspread's client with an end to every wait and an answer to every fault.

    Args:
        auth: Credentials; `None` where a session is given.
        session: Sends the requests.
        endpoint: Where they go instead of Google's hosts, or empty.
        account: Address a document must be shared with, for the error that says so.
        patience: How long to wait.
        clock: Time.

    Raises:
        WrongUse: The endpoint is not safe.
    """

    def __init__(
        self,
        auth: Credentials | None,
        session: Session | None = None,
        *,
        endpoint: str = "",
        account: str = "",
        patience: Patience | None = None,
        clock: Clock | None = None,
    ) -> None:
        check_endpoint(endpoint)
        if session is None and auth is not None:
            self.auth = auth
            session = signed_session(auth, urlsplit(endpoint).hostname or "")
        super().__init__(auth, session)  # type: ignore[arg-type]
        self.endpoint = endpoint
        self.account = account
        self.patience = patience or Patience()
        self.clock = clock or Clock()
        self.calls = Calls(_sent=sent_by(account))
        self.set_timeout((self.patience.connect, self.patience.answer))

    def request(
        self,
        method: str,
        endpoint: str,
        *args: Any,  # noqa: ANN401 - gspread's own signature
        **parts: Any,  # noqa: ANN401
    ) -> Response:
        """Send a request and give the reply; see `call` for the errors."""
        names = ("params", "data", "json", "files", "headers")
        given = dict(zip(names, args, strict=False)) | parts
        return self._exchange(method, endpoint, says_json=False, **given)[0]

    def call(self, method: str, url: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - as requests takes them
        """Send a request and give what its reply says.

        Raises:
            CredentialsRefused: Signing in failed; nothing was written.
            AccessDenied: The document may not be read or written; nothing was written.
            WorkbookNotFound: There is no such document; nothing was written.
            WorkbookRefused: Google does not want the request; nothing was written.
            WorkbookChanged: What the request is about has gone; nothing was written.
            ServiceUnreachable: Google did not answer, or asked to wait too long; nothing was written.
            WriteUnconfirmed: The answer to a write was lost.
        """
        return self._exchange(method, url, **parts)[1]

    def _exchange(
        self,
        method: str,
        url: str,
        *,
        says_json: bool = True,
        **parts: Any,  # noqa: ANN401
    ) -> tuple[Response, dict[str, Any]]:
        target = rebase(url, self.endpoint)
        kind = "drive" if "/drive/" in url else "reads" if method.lower() == "get" else "writes"
        until = self.clock.now() + self.patience.total
        attempt = 0
        while True:
            attempt += 1
            self.calls.pace(kind, self.clock, self.patience.per_minute)
            found = self._once(method, target, says_json=says_json, **parts)
            if not isinstance(found, faults.Fault):
                return found
            wait = self.patience.before(attempt, found.retry_after, self.clock.chance())
            repeatable = found.passing and (method.lower() == "get" or found.refused)
            if not repeatable or attempt >= self.patience.attempts or self.clock.now() + wait > until:
                raise _told(found, method) from None
            self.clock.sleep(wait)

    def _once(
        self,
        method: str,
        target: str,
        *,
        says_json: bool,
        **parts: Any,  # noqa: ANN401
    ) -> tuple[Response, dict[str, Any]] | faults.Fault:
        from google.auth.exceptions import GoogleAuthError
        from requests import RequestException

        try:
            response = self.session.request(
                method=method, url=target, timeout=self.timeout, allow_redirects=False, **parts
            )
        except (RequestException, GoogleAuthError) as error:
            return faults.of_exception(error)
        if response.ok and not says_json:
            return response, {}
        document = _document(response)
        fault = faults.of_reply(response.status_code, response.headers, document, self.account)
        return fault or (response, document or {})


def _document(response: Response) -> dict[str, Any] | None:
    """Give the body where it is JSON; an empty body is one only where the status promises none."""
    if response.status_code == 204:
        return {}
    try:
        found = response.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _told(fault: faults.Fault, method: str) -> Exception:
    if method.lower() == "get" or fault.refused:
        return fault.error
    # Nothing of the fault says whether Google carried the write out before its answer was lost.
    return WriteUnconfirmed("google-write-unconfirmed") if isinstance(fault.error, ServiceUnreachable) else fault.error
