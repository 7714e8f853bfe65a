"""Signing in: with the key of an account that belongs to the tool, or as a person, once, in a browser.

Both kinds of secret lie in files that only their owner may read; others are refused with the cure. Neither their
content nor what Google answers about them reaches a message or a log.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from netzwerk_sheets.errors import AccessDenied, CredentialsRefused, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.oauth2.credentials import Credentials

    from netzwerk_sheets.backends.google.transport import Clock, Patience, SheetsTransport

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
"""Cells may be changed; of Drive only a document's version and kind may be seen."""

_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Settings(Protocol):
    """What must be known to sign in; `netzwerk_sheets.config.Google` has it.

    Attributes:
        key: The file Google gave out.
        auth: ``service`` or ``person``.
        endpoint: Where requests go instead of Google's hosts, or empty.
        token: Where the sign-in of a person is kept.
    """

    @property
    def key(self) -> Path | None: ...  # noqa: D102
    @property
    def auth(self) -> str: ...  # noqa: D102
    @property
    def endpoint(self) -> str: ...  # noqa: D102
    @property
    def token(self) -> Path | None: ...  # noqa: D102


def transport(
    settings: Settings,
    *,
    patience: Patience | None = None,
    clock: Clock | None = None,
    flow: Callable[..., Any] | None = None,
) -> SheetsTransport:
    """Sign in and give the way to Google; a service account is asked for its token with the first request only.

    Args:
        settings: How to sign in.
        patience: How long to wait.
        clock: Time.
        flow: Lets a person sign in; without it, in the browser of this machine.

    Raises:
        WrongUse: gspread is not installed, no key is named, or the endpoint is not safe.
        AccessDenied: The key's file cannot be read, or others may read it.
        CredentialsRefused: The file is no key, or the person did not sign in.
    """
    check_installed()
    from netzwerk_sheets.backends.google.transport import SheetsTransport, check_endpoint

    check_endpoint(settings.endpoint)
    secret = read_secret(settings.key)
    made = partial(SheetsTransport, endpoint=settings.endpoint, patience=patience, clock=clock)
    if settings.auth == "person":
        return _as_person(secret, settings, made, flow)
    return _as_account(secret, partial(made, account=account_of(secret)))


def check_installed() -> None:
    """Make sure that the libraries are there, without loading them.

    Raises:
        WrongUse: They are not.
    """
    from importlib.util import find_spec

    if find_spec("gspread") is None:
        raise WrongUse("google-not-installed")


def account_of(secret: dict[str, Any]) -> str:
    """Give the address of a service account, which people share a document with."""
    return str(secret.get("client_email", ""))


def read_secret(path: Path | None) -> dict[str, Any]:
    """Read the key's file.

    Raises:
        WrongUse: None is named.
        AccessDenied: It cannot be read, or others may read it.
        CredentialsRefused: It is no key.
    """
    if path is None:
        raise WrongUse("google-key-not-named")
    content = _private(path)
    try:
        found = json.loads(content)
    except ValueError:
        raise CredentialsRefused("google-key-unreadable", file=path.name) from None
    if not isinstance(found, dict):
        raise CredentialsRefused("google-key-unreadable", file=path.name)
    return found


def _private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & _FOR_OTHERS:
                raise AccessDenied("google-key-open", file=str(path))
            return file.read()
    except OSError:
        raise AccessDenied("google-key-missing", file=str(path)) from None


def _as_account(secret: dict[str, Any], made: partial[SheetsTransport]) -> SheetsTransport:
    import gspread
    from google.auth.exceptions import GoogleAuthError

    try:
        client = gspread.service_account_from_dict(secret, scopes=SCOPES, http_client=made)  # type: ignore[arg-type]
    except (ValueError, KeyError, GoogleAuthError):
        raise CredentialsRefused("google-key-unreadable", file="") from None
    return client.http_client  # type: ignore[return-value]


def _as_person(
    secret: dict[str, Any],
    settings: Settings,
    made: partial[SheetsTransport],
    flow: Callable[..., Any] | None,
) -> SheetsTransport:
    import webbrowser

    import gspread
    from google.auth.exceptions import GoogleAuthError

    token = settings.token
    known = _kept(token)
    try:
        if known:
            client = gspread.authorize(_credentials(known), http_client=made)  # type: ignore[arg-type]
        else:
            chosen = {"flow": flow} if flow else {}
            # The library says there where to sign in; standard output belongs to the answer of the command.
            with contextlib.redirect_stdout(sys.stderr):
                client, info = gspread.oauth_from_dict(secret, scopes=SCOPES, http_client=made, **chosen)  # type: ignore[arg-type]
            if token is not None:
                keep(token, info if isinstance(info, str) else json.dumps(info))
    except (ValueError, KeyError, GoogleAuthError):
        raise CredentialsRefused("google-key-unreadable", file="") from None
    except webbrowser.Error:
        raise CredentialsRefused("google-no-browser") from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] == "oauthlib":  # the person said no, or closed the window
            raise CredentialsRefused("google-sign-in-refused") from None
        raise
    return client.http_client  # type: ignore[return-value]


def _credentials(known: dict[str, Any]) -> Credentials:
    """Give the sign-in that was kept; it is renewed where it was made, which may be a gateway."""
    from google.oauth2.credentials import Credentials

    names = ("refresh_token", "token_uri", "client_id", "client_secret")
    return Credentials(None, scopes=SCOPES, **{name: known[name] for name in names})  # type: ignore[no-untyped-call]


def _kept(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    try:
        found = json.loads(_private(path))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def keep(path: Path, text: str) -> None:
    """Write a secret for its owner alone.

    Raises:
        AccessDenied: The place cannot be written.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(path)
    except OSError:
        raise AccessDenied("state-denied", folder=str(path.parent)) from None
