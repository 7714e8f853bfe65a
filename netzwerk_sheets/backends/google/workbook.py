"""A Google spreadsheet: read in one request, written in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netzwerk_sheets.errors import NetzwerkError, WorkbookChanged, WorkbookRefused, WriteUnconfirmed
from netzwerk_sheets.place import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.backends.google.batch import Batch
    from netzwerk_sheets.backends.google.cells import Painter
    from netzwerk_sheets.backends.google.reading import Seen
    from netzwerk_sheets.backends.google.repairs import Report
    from netzwerk_sheets.backends.google.transport import SheetsTransport
    from netzwerk_sheets.grid import Edit, Look, Snapshot

_SHEETS = "https://sheets.googleapis.com/v4/spreadsheets/"
_FILES = "https://www.googleapis.com/drive/v3/files/"
_REPAIRS = 2
"""How often a write is set right; people who keep sorting while the tool writes are told."""

_MOST_SHOWN = 200_000
"""Cells up to which the whole document is asked for after a write. In larger ones only the tabs written to are:
they are named by their titles then, and a tab renamed at that moment leaves the write unconfirmed."""


class GoogleWorkbook:
    """One document at Google Sheets.

    Args:
        document: Its id.
        transport: The way there, signed in.

    Attributes:
        report: What happened at the last write besides it; `None` before the first.
    """

    def __init__(self, document: str, transport: SheetsTransport) -> None:
        """Nothing is asked yet."""
        self.document = document
        self.transport = transport
        self.report: Report | None = None
        self._seen: Seen | None = None

    @property
    def name(self) -> str:
        """What people call it: its title once it was read, else the beginning of its id."""
        return (self._seen.title if self._seen else "") or f"{self.document[:6]}…"

    @property
    def address(self) -> str:
        """Where people open it."""
        return address(self.document)

    def glance(self) -> str:
        """Ask for the document's version alone: a number that grows with every change, our own included.

        Ask before `read`, and keep the answer only when nothing was written afterwards: then the same answer later
        means that nobody changed anything. Google may show a change late; look at all of it once a day.

        Raises:
            NetzwerkError: See `read`.
        """
        params = {"fields": "version", "supportsAllDrives": "true"}
        return str(self.transport.call("get", _FILES + self.document, params=params).get("version", ""))

    def read(self) -> Snapshot:
        """Read everything once.

        Raises:
            WorkbookNotFound: There is no such document.
            AccessDenied: It is not shared with the account signed in.
            CredentialsRefused: Signing in failed.
            ServiceUnreachable: Google did not answer in time.
            WorkbookRefused: The content cannot be handled.
        """
        from netzwerk_sheets.backends.google.reading import FIELDS, read_document

        reply = self.transport.call("get", _SHEETS + self.document, params={"fields": FIELDS})
        self._seen = read_document(reply, _digest(reply))
        return self._seen.snapshot

    def roles(self, title: str) -> Mapping[tuple[int, int], str]:
        """Give (row, column) → name of the tool's own style, for the cells of one tab of the last snapshot.

        Raises:
            WorkbookChanged: Nothing was read since the last write, or there was no such tab.
        """
        if self._seen is None or title not in self._seen.pages:
            raise WorkbookChanged("workbook-changed", file=self.name)
        names = {ink: name for name, ink in self._seen.book.inks.items()}
        inks = self._seen.pages[title].inks
        return {place: names[ink] for place, ink in inks.items() if ink in names}

    def apply(self, edits: Sequence[Edit], *, expected: str, look: Look) -> str:
        """Carry out all edits at once and give the new revision; without edits nothing is written.

        Google cannot be asked to write only if nothing changed. Where people were quicker by a row or a column, what
        they had is put back at once from what was read, in a request more; `report` says so.

        Raises:
            WorkbookChanged: Another revision was read last, a cell holds something else than its edit expects, or a
                tab is gone; nothing was written.
            WorkbookRefused: An edit cannot be carried out safely; nothing was written.
            WrongUse: An edit asks for what a workbook cannot hold; nothing was written.
            AccessDenied: It may not be written; nothing was written.
            CredentialsRefused: Signing in failed; nothing was written.
            ServiceUnreachable: Google did not answer, or asked to wait too long; nothing was written.
            WriteUnconfirmed: The answer was lost, and the document does not show the marker or could not be looked
                at: all of it was written or nothing; the marker tells.
        """
        from netzwerk_sheets.backends.google.repairs import Report

        if not edits:
            return expected
        seen = self._seen
        if seen is None or seen.snapshot.revision != expected:
            raise WorkbookChanged("workbook-changed", file=self.name)
        self.report = Report()
        batch, painter, reply = self._write(seen, edits, look)
        if not batch.requests:
            return expected
        reply = self._set_right(seen, batch, painter, reply)
        self._seen = None
        return _digest(reply)

    def _write(self, seen: Seen, edits: Sequence[Edit], look: Look) -> tuple[Batch, Painter, dict[str, Any]]:
        from netzwerk_sheets.backends.google.plan import batch_of

        batch, painter = batch_of(seen, edits, look)
        try:
            return batch, painter, self._send(seen, batch)
        except WorkbookRefused as error:
            if error.reason != "google-formula-refused":
                raise
        # Nothing was written: the rules of new tabs hold formulas, too, and this document wants them otherwise.
        batch, painter = batch_of(seen, edits, look, "," if seen.separator == ";" else ";")
        return batch, painter, self._send(seen, batch)

    def _send(self, seen: Seen, batch: Batch) -> dict[str, Any]:
        from netzwerk_sheets.backends.google.repairs import STATE_FIELDS

        if not batch.requests:  # everything stands there as it shall
            return {}
        body: dict[str, Any] = {"requests": batch.requests, "includeSpreadsheetInResponse": True}
        body["responseIncludeGridData"] = True
        if sum(len(page.raw) for page in seen.pages.values()) > _MOST_SHOWN:
            titles = [*batch.writes, *batch.appended, *batch.notes, *batch.fresh]
            body["responseRanges"] = [_quoted(title) for title in dict.fromkeys(titles)]
        url = f"{_SHEETS}{self.document}:batchUpdate"
        try:
            return self.transport.call("post", url, params={"fields": STATE_FIELDS}, json=body)
        except WriteUnconfirmed as error:
            if batch.marker and (reply := self._looked_up(batch.marker)):
                return reply
            self._name(error, batch)
            raise
        except NetzwerkError as error:
            self._name(error, batch)
            raise

    def _looked_up(self, marker: str = "") -> dict[str, Any]:
        """Ask for the state that a lost answer would have shown; empty where that is not to be had.

        Args:
            marker: What the write left in the document if it was carried out.
        """
        from netzwerk_sheets.backends.google.ledger import Ledger
        from netzwerk_sheets.backends.google.repairs import LOOKED_UP_FIELDS

        try:
            state = self.transport.call("get", _SHEETS + self.document, params={"fields": LOOKED_UP_FIELDS})
        except NetzwerkError:
            return {}
        if marker and Ledger.read(state.get("developerMetadata") or ()).marker != marker:
            return {}
        return {"updatedSpreadsheet": state}

    def _name(self, error: NetzwerkError, batch: Batch) -> None:
        """Say which tab an error is about, where Google names the part of the request."""
        index = error.facts.pop("request", None)
        tab = batch.owners[index] if isinstance(index, int) and index < len(batch.owners) else ""
        if tab:
            error.facts.setdefault("tab", tab)
        error.facts.setdefault("file", self.name)

    def _set_right(self, seen: Seen, batch: Batch, painter: Painter, reply: dict[str, Any]) -> dict[str, Any]:
        """Put back what people lost and ours where it belongs, as the answer to the write shows it."""
        from netzwerk_sheets.backends.google.repairs import Report, as_read, repair, states

        report = self.report = self.report or Report()
        before, lost = as_read(seen), None
        for _ in range(_REPAIRS):
            after = states(reply)
            found = repair(seen, batch, painter, before, after, report)
            if not found.requests:
                break
            try:
                reply = self._send(seen, found)
            except WriteUnconfirmed as error:
                # Whether it was set right can be seen, and it may be set right twice.
                reply, lost = self._looked_up(), error
                if not reply:
                    raise
            else:
                batch, before, lost = found, after, None
        if lost is not None and repair(seen, batch, painter, before, states(reply), report).requests:
            raise lost
        return reply


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _digest(reply: Mapping[str, Any]) -> str:
    import json
    from hashlib import sha256

    return sha256(json.dumps(reply, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
