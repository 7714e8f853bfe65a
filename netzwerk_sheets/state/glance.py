"""A glance that tells whether anything changed since the last run, without reading the workbook.

It is a hint that saves work, never the proof before a write. Nothing heavy is imported here: an hourly run on an
unchanged workbook costs no more than showing the help.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.errors import AccessDenied, DiskFull
from netzwerk_sheets.state.folder import key_of, prepare_folder, state_folder

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def _glance_path(workbook: Path) -> Path:
    return state_folder() / "glance" / f"{key_of(workbook)}.json"


def glance(workbook: Path, fingerprint: str, today: date, version: str) -> dict[str, Any] | None:
    """Give how the last run on this very content ended, or `None` where there is something to look at."""
    try:
        found = json.loads(_glance_path(workbook).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    same = isinstance(found, dict) and found.get("key") == [fingerprint, today.isoformat(), version]
    return found if same else None


def remember(workbook: Path, fingerprint: str, today: date, version: str, **result: Any) -> None:  # noqa: ANN401
    """Remember how a run ended, so that the next one on the same content costs nothing.

    Where that is impossible the next run simply looks at everything: this one is done and did not fail.
    """
    path = _glance_path(workbook)
    data = json.dumps({"key": [fingerprint, today.isoformat(), version], **result}, ensure_ascii=False)
    temporary = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError, AccessDenied, DiskFull):
        prepare_folder(path.parent)
        descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(data)
        temporary.replace(path)
