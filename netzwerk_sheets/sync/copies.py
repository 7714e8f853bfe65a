"""Take people out of the saved copies of a network's workbooks, and find the conflict copies they stand in."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import ExcelWorkbook, list_backups, rewrite
from netzwerk_sheets.backends.excel.strays import conflict_copies
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.place import document_of
from netzwerk_sheets.state.folder import key_of, state_folder
from netzwerk_sheets.sync.recall import Marker
from netzwerk_sheets.sync.traces import trail_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netzwerk_sheets.analysis.traces import Traces
    from netzwerk_sheets.backends.excel import Backup
    from netzwerk_sheets.sync.erasing import Erasure


def _saved_of(workbooks: Sequence[Path], network: str) -> Iterator[Backup]:
    """Give the saved copies of a network: of these workbooks, and of what they were called before."""
    own = {key_of(path) for path in workbooks if not document_of(path)}
    place = state_folder() / "backups"
    for folder in sorted(place.iterdir()) if place.is_dir() else ():
        found = list_backups(folder)
        if found and (folder.name in own or _network(found[-1]) == network):
            yield from found


def copies_with(workbooks: Sequence[Path], network: str, traces: Traces) -> list[Backup]:
    """Give the saved copies in which people stand, and those that cannot be read: nobody knows what is in them."""
    return [copy for copy in _saved_of(workbooks, network) if _may_hold(copy.path, traces)]


def strays_with(workbook: Path, further: Sequence[Path], traces: Traces) -> list[Path]:
    """Give the conflict copies beside a workbook in which people stand, and those that cannot be read."""
    return [path for path in conflict_copies(workbook, further) if _may_hold(path, traces)]


def _may_hold(path: Path, traces: Traces) -> bool:
    try:
        workbook = ExcelWorkbook(path)
        edits, trail = trail_of(workbook.read(), traces)
        data = path.read_bytes()
        return bool(edits) or workbook.without(data, edits, trail, {})[0] != data
    except (NetzwerkError, OSError):
        return True


def _network(copy: Backup) -> str:
    with suppress(NetzwerkError):
        marker = Marker.read(ExcelWorkbook(copy.path).read().marker)
        return marker.network if marker else ""
    return ""


def forget_in_copies(workbooks: Sequence[Path], network: str, traces: Traces, done: Erasure) -> None:
    """Write copies that hold the people anew, without them; one that cannot be is deleted.

    Raises:
        AccessDenied: The folder cannot be written.
        DiskFull: There is no room.
    """
    for copy in _saved_of(workbooks, network):
        data = copy.path.read_bytes()
        try:
            workbook = ExcelWorkbook(copy.path)
            edits, trail = trail_of(workbook.read(), traces)
            content, _ = workbook.without(data, edits, trail, {})
        except NetzwerkError:
            copy.path.unlink(missing_ok=True)
            done.dropped += 1
            continue
        if content != data:
            rewrite(copy, content)
            done.copies += 1
