"""Who calls: service accounts with throw-away keys, the tokens they get, and how far those reach."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from . import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROBOT = "service-account@example.iam.gserviceaccount.com"
PROJECT = "603366585132"
_SCOPE = "https://www.googleapis.com/auth/"
DRIVE, SPREADSHEETS, METADATA = f"{_SCOPE}drive", f"{_SCOPE}spreadsheets", f"{_SCOPE}drive.metadata.readonly"
READ_SHEETS = {DRIVE, SPREADSHEETS, f"{_SCOPE}drive.readonly", f"{_SCOPE}spreadsheets.readonly", f"{_SCOPE}drive.file"}
WRITE_SHEETS = {DRIVE, SPREADSHEETS, f"{_SCOPE}drive.file"}
READ_DRIVE = {DRIVE, METADATA, f"{_SCOPE}drive.readonly", f"{_SCOPE}drive.metadata", f"{_SCOPE}drive.file"}
WRITE_DRIVE = {DRIVE, f"{_SCOPE}drive.file"}
# What google-auth puts into every assertion, whatever the key's token_uri says.
_AUDIENCE = "https://oauth2.googleapis.com/token"
# Where people agree, before the browser is sent back to the program with a code.
AUTH_URI = "https://accounts.google.com/o/oauth2/auth"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True)
class Token:
    """A bearer token we gave."""

    email: str
    scopes: frozenset[str]
    until: datetime


@cache
def key_pair() -> tuple[str, str]:
    """A throw-away key, private and public; made once a process, because it takes a while."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode(), public.decode()


@dataclass
class Accounts:
    """The accounts that exist, and the tokens that are out."""

    now: Callable[[], datetime]
    robots: set[str] = field(default_factory=lambda: {ROBOT})
    tokens: dict[str, Token] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    issued: int = 0
    people: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def consent(self, email: str, scopes: frozenset[str]) -> str:
        """A person agrees; gives the code with which the browser comes back, good once."""
        code = f"4/sim-{len(self.people)}"
        self.people[code] = (email, scopes)
        return code

    def _of_person(self, form: dict[str, str]) -> dict[str, Any]:
        """A code, or what came of one, for a bearer token."""
        fresh = form["grant_type"] == "authorization_code"
        known = form.get("code" if fresh else "refresh_token", "")
        if known not in self.people or self.people[known][0] in self.revoked:
            raise errors.ApiError(
                400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            )
        email, scopes = self.people[known]
        answer = {
            "access_token": self.issue(email, scopes), "expires_in": 3599, "token_type": "Bearer",
            "scope": " ".join(sorted(scopes)),
        }  # fmt: skip
        if fresh:
            del self.people[known]
            answer["refresh_token"] = f"1//sim-{self.issued}"
            self.people[answer["refresh_token"]] = (email, scopes)
        return answer

    def issue(self, email: str, scopes: frozenset[str] = frozenset({DRIVE, SPREADSHEETS})) -> str:
        """A token good for an hour, without asking for a key."""
        self.issued += 1
        name = f"ya29.sim-{self.issued}"
        self.tokens[name] = Token(email, scopes, self.now() + timedelta(hours=1))
        return name

    def expire(self) -> None:
        """Let every token that is out run out now."""
        self.tokens.clear()

    def who(self, headers: dict[str, str]) -> Token:
        """The caller; 401 without a good token."""
        authorization = headers.get("authorization", "")
        token = self.tokens.get(authorization.removeprefix("Bearer "))
        if token is None or token.until <= self.now():
            raise errors.unauthenticated()
        return token

    def exchange(self, body: bytes) -> dict[str, Any]:
        """The token endpoint: a signed assertion, or a person's code, for a bearer token."""
        from google.auth import exceptions, jwt

        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form.get("grant_type") in {"authorization_code", "refresh_token"}:
            return self._of_person(form)
        if form.get("grant_type") != _GRANT:
            raise errors.ApiError(400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type: "})
        try:
            claims: dict[str, Any] = jwt.decode(form.get("assertion", ""), certs=key_pair()[1], verify=True)  # type: ignore[no-untyped-call]
        except (ValueError, exceptions.GoogleAuthError):
            raise errors.revoked() from None
        if claims["iss"] not in self.robots or claims["iss"] in self.revoked:
            raise errors.revoked()
        if claims["aud"] != _AUDIENCE and not claims["aud"].endswith("/token"):
            raise errors.ApiError(
                400, {"error": "invalid_grant", "error_description": "Invalid JWT: Failed audience check."}
            )
        scopes = frozenset(claims.get("scope", "").split())
        if not scopes:
            raise errors.ApiError(
                400, {"error": "invalid_scope", "error_description": "Empty or missing scope not allowed."}
            )
        return {"access_token": self.issue(claims["iss"], scopes), "expires_in": 3599, "token_type": "Bearer"}


def key_json(token_uri: str, email: str = ROBOT) -> dict[str, str]:
    """A service account's key file, with a throw-away key, that asks for its tokens here."""
    return {
        "type": "service_account",
        "project_id": "sheetsim",
        "private_key_id": "throw-away",
        "private_key": key_pair()[0],
        "client_email": email,
        "client_id": "100000000000000000001",
        "auth_uri": AUTH_URI,
        "token_uri": token_uri,
    }


def write_key(path: Path, token_uri: str, email: str = ROBOT) -> Path:
    """Write such a key file, for the user alone."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(key_json(token_uri, email), indent=2), encoding="utf-8")
    return path
