"""Who has a workbook open: the small files that Excel and LibreOffice lay beside it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_HOLDER = 52
_READ_AT_MOST = 4096
_LIBRE_FIELD = re.compile(r"(?:\\.|[^,;\\])*")
_WIDE_AT = 55
"""Where the name stands a second time in Excel's owner file, in UTF-16 behind its length."""


class Lock(NamedTuple):
    """One program that says it has the workbook open.

    Attributes:
        holder: Name of the person as the program knows it; may be empty.
        minutes: Age of the lock file; an old one may be left over from a crash.
        file: Name of the lock file.
    """

    holder: str
    minutes: int
    file: str


def lock_of(path: Path) -> Lock | None:
    """Find a lock file beside the workbook; `None` where nobody has it open as far as can be seen."""
    for candidate, read in (
        (path.with_name(f".~lock.{path.name}#"), _libre),
        (path.with_name("~$" + path.name), _excel),
    ):
        try:
            age = time.time() - candidate.stat().st_mtime
        except OSError:
            continue  # it is not there, or the folder is closed to this user, which the write will find out
        try:
            with candidate.open("rb") as file:
                content = file.read(_READ_AT_MOST)
        except FileNotFoundError:
            continue
        except OSError:
            # Excel keeps its owner file to itself; that it cannot be read still says that it is there.
            return Lock("", 0, candidate.name)
        return Lock(read(content), max(0, int(age // 60)), candidate.name)
    return None


def _excel(content: bytes) -> str:
    wide_length = int.from_bytes(content[_WIDE_AT : _WIDE_AT + 2], "little") if len(content) > _WIDE_AT else 0
    if 0 < wide_length <= _LONGEST_HOLDER:
        wide = content[_WIDE_AT + 2 : _WIDE_AT + 2 + 2 * wide_length]
        return wide.decode("utf-16-le", "replace").strip()
    length = content[0] if content else 0
    return content[1 : 1 + min(length, _LONGEST_HOLDER)].decode("cp1252", "replace").strip()


def _libre(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    fields: list[str] = []
    position = 0
    while position <= len(text) and len(fields) < 3:
        match = _LIBRE_FIELD.match(text, position)
        if match is None:
            break
        fields.append(re.sub(r"\\(.)", r"\1", match[0]).strip())
        position = match.end() + 1
    return next((field for field in fields if field), "")
