"""Is everything in place at Google? Step by step, each step saying what is wrong as a code with its facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from netzwerk_sheets.errors import NetzwerkError, WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from netzwerk_sheets.backends.google.access import Settings
    from netzwerk_sheets.backends.google.transport import Clock, Patience, SheetsTransport

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
_IN_DRIVE = "https://www.googleapis.com/drive/v3/files/"
_IN_SHEETS = "https://sheets.googleapis.com/v4/spreadsheets/"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step found.

    Attributes:
        what: ``locator``, ``installed``, ``endpoint``, ``key``, ``sign-in``, ``document``, ``rights`` or ``sheets``.
        reason: Code of what is wrong, as in ``templates/messages``; empty where all is well.
        facts: Values for the sentence.
        exit_status: 0 where all is well.
    """

    what: str
    reason: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    exit_status: int = 0


def probe(
    locator: str, settings: Settings, *, patience: Patience | None = None, clock: Clock | None = None
) -> list[Step]:
    """Try everything a run needs, and stop at the first step that fails; nothing is written.

    Args:
        locator: The document's address or id.
        settings: How to sign in.
        patience: How long to wait; shorter than a run does by itself.
        clock: Time.
    """
    return list(_steps(locator, settings, patience, clock))


def _steps(locator: str, settings: Settings, patience: Patience | None, clock: Clock | None) -> Iterator[Step]:
    from netzwerk_sheets.backends.google import access
    from netzwerk_sheets.place import document_id

    found: dict[str, Any] = {}

    def put(name: str, make: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            found[name] = make()

        return run

    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("locator", put("document", lambda: document_id(locator))),
        ("installed", access.check_installed),
        ("key", put("secret", lambda: access.read_secret(settings.key))),
        ("sign-in", put("transport", lambda: _signed_in(settings, patience, clock))),
        ("document", put("file", lambda: _file(found["transport"], found["document"]))),
        ("rights", lambda: _rights(found["file"], access.account_of(found["secret"]))),
        ("sheets", lambda: _sheets(found["transport"], found["document"])),
    )
    for what, run in steps:
        try:
            run()
        except NetzwerkError as error:
            yield Step(what, error.reason, error.facts, error.exit_status)
            return
        yield Step(what, facts={"account": access.account_of(found["secret"])} if what == "key" else {})
        if what == "installed" and settings.endpoint:
            # No error: a gateway is a choice. But everything travels through it, so it is said.
            yield Step("endpoint", facts={"endpoint": settings.endpoint})


def _signed_in(settings: Settings, patience: Patience | None, clock: Clock | None) -> SheetsTransport:
    """Sign in now, not with the first request, so that what is wrong with the key is told from all else."""
    from google.auth.exceptions import GoogleAuthError

    from netzwerk_sheets.backends.google import access, faults
    from netzwerk_sheets.backends.google.signing import sign_in
    from netzwerk_sheets.backends.google.transport import Patience

    way = access.transport(settings, patience=patience or Patience(attempts=3, total=30), clock=clock)
    try:
        way.auth.refresh(sign_in(urlsplit(settings.endpoint).hostname or ""))  # type: ignore[no-untyped-call]
    except GoogleAuthError as error:
        raise faults.of_exception(error).error from None
    return way


def _file(way: SheetsTransport, document: str) -> dict[str, Any]:
    params = {"fields": "mimeType,capabilities(canEdit),version", "supportsAllDrives": "true"}
    found = way.call("get", _IN_DRIVE + document, params=params)
    if found.get("mimeType", SPREADSHEET) != SPREADSHEET:
        raise WorkbookRefused("google-office-file")
    return found


def _rights(file: Mapping[str, Any], account: str) -> None:
    from netzwerk_sheets.errors import AccessDenied

    if not (file.get("capabilities") or {}).get("canEdit", True):
        raise AccessDenied("google-not-shared", account=account) if account else AccessDenied("google-not-allowed")


def _sheets(way: SheetsTransport, document: str) -> None:
    way.call("get", _IN_SHEETS + document, params={"fields": "spreadsheetId"})
