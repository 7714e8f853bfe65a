"""A Google spreadsheet: read in one request, written in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from netzwerk_sheets.errors import NetzwerkError, WorkbookChanged, WorkbookRefused, WriteUnconfirmed
from netzwerk_sheets.place import address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netzwerk_sheets.backends.google.batch import Batch
    from netzwerk_sheets.backends.google.reading import Seen
    from netzwerk_sheets.backends.google.repairs import Report, Sent, State
    from netzwerk_sheets.backends.google.transport import SheetsTransport
    from netzwerk_sheets.grid import Edit, Left, Look, Snapshot, Trail

_SHEETS = "https://sheets.googleapis.com/v4/spreadsheets/"
_FILES = "https://www.googleapis.com/drive/v3/files/"
_REPAIRS = 2
"""How often a write is set right; people who keep sorting while the tool writes are told."""

_MOST_SHOWN = 200_000
"""Cells up to which the whole document is asked for after a write. In larger ones only the tabs written to are:
they are named by their titles then, and a tab renamed at that moment leaves the write unconfirmed."""


class Answer(NamedTuple):
    """What a write led to.

    Attributes:
        after: Number of a tab → what it holds.
        digest: Identifies the answer.
        marker: Which write the document shows to be the last.
        later: Whether the document was looked at later, because the answer was lost.
    """

    after: Mapping[int, State]
    digest: str = ""
    marker: str | None = None
    later: bool = False


class GoogleWorkbook:
    """One document at Google Sheets.

    Args:
        document: Its id.
        transport: The way there, signed in.

    Attributes:
        report: What happened at the last write besides it; `None` before the first.
        repaired: Whether anything was set right since this was made.
    """

    def __init__(self, document: str, transport: SheetsTransport) -> None:
        """Nothing is asked yet."""
        self.document = document
        self.transport = transport
        self.report: Report | None = None
        self.repaired = False
        self._seen: Seen | None = None
        self._keep: Callable[[str, str], None] | None = None

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
        they had is put back at once from what was read, in a request more; `report` says so. Another run of the tool
        that was quicker, on whatever machine, is found by the turn that a write with a marker takes: see `ledger`.

        Raises:
            WorkbookChanged: Another revision was read last, a cell holds something else than its edit expects, a
                tab is gone, or another run wrote since; nothing was written.
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
        sent, before, answer = self._write(seen, edits, look)
        if not sent.batch.requests:
            return expected
        answer = self._set_right(sent, before, answer)
        self._seen = None
        return answer.digest

    def journal_to(self, keep: Callable[[str, str], None]) -> None:
        """Have every write that leaves a marker noted down before it is sent.

        Args:
            keep: Is given the marker, and what `set_right` takes; it holds what the document holds.
        """
        self._keep = keep

    def set_right(self, kept: str) -> bool:
        """Set right what a write of an earlier run left in wrong rows, as far as the document read last shows it.

        Args:
            kept: What was noted down for the write whose marker the document has.

        Returns:
            Whether anything was written; then it must be read again.

        Raises:
            NetzwerkError: See `apply`; the write is as unconfirmed as before.
        """
        from netzwerk_sheets.backends.google.journal import load
        from netzwerk_sheets.backends.google.ledger import is_mended
        from netzwerk_sheets.backends.google.repairs import Report, as_read

        if self._seen is None:
            raise WorkbookChanged("workbook-changed", file=self.name)
        sent, before = load(kept, self._seen)
        self.report = Report(repaired=is_mended(sent.batch.marker))
        try:
            self._set_right(sent, before, Answer(as_read(self._seen), later=True))
        except WriteUnconfirmed as error:
            if not isinstance(error.__cause__, WorkbookRefused):
                raise
            self.repaired = False  # nor will it ever be: what stands there counts
        if self.repaired:
            self._seen = None
        return self.repaired

    def forget(self, edits: Sequence[Edit], trail: Trail, *, expected: str, look: Look) -> Left:
        """Carry out edits and take people out of all cells and their notes, in one write.

        What Google keeps of earlier versions, and its conversations in the margin, cannot be reached.

        Raises:
            NetzwerkError: See `apply`; nothing was written.
        """
        from netzwerk_sheets.backends.google.scrub import cells_without, notes_without
        from netzwerk_sheets.grid import Left

        seen = self._seen
        if seen is None or seen.snapshot.revision != expected:
            raise WorkbookChanged("workbook-changed", file=self.name)
        more = [*cells_without(seen, edits, trail), *notes_without(seen, edits, trail)]
        self.apply([*edits, *more], expected=expected, look=look)
        return Left(len(more), tuple(title for title in seen.pages if trail.clean(title) != title))

    def traces(self, trail: Trail) -> list[tuple[str, str, str]]:
        """Say where people stand besides the cells, as it was read last: (kind of place, tab, cell)."""
        from netzwerk_sheets.backends.google.scrub import noted

        return [] if self._seen is None else noted(self._seen, trail)

    def _write(
        self, seen: Seen, edits: Sequence[Edit], look: Look, separator: str = ""
    ) -> tuple[Sent, Mapping[int, State], Answer]:
        from netzwerk_sheets.backends.google.plan import batch_of
        from netzwerk_sheets.backends.google.repairs import Sent, as_read

        batch, painter = batch_of(seen, edits, look, separator)
        sent, before = Sent(seen.pages, seen.book, batch, painter.look_of), as_read(seen)
        try:
            return sent, before, self._send(sent, before)
        except WorkbookRefused as error:
            if error.reason != "google-formula-refused" or separator:
                raise
        # Nothing was written: the rules of new tabs hold formulas, too, and this document wants them otherwise.
        return self._write(seen, edits, look, "," if seen.separator == ";" else ";")

    def _send(self, sent: Sent, before: Mapping[int, State]) -> Answer:
        from netzwerk_sheets.backends.google.repairs import STATE_FIELDS, states

        batch = sent.batch
        if not batch.requests:  # everything stands there as it shall
            return Answer({})
        if batch.marker and self._keep:
            from netzwerk_sheets.backends.google.journal import dump

            self._keep(batch.marker, dump(sent, before))
        body: dict[str, Any] = {"requests": batch.requests, "includeSpreadsheetInResponse": True}
        body["responseIncludeGridData"] = True
        if self._seen and sum(len(page.raw) for page in self._seen.pages.values()) > _MOST_SHOWN:
            body["responseRanges"] = [_quoted(title) for title in dict.fromkeys([*batch.tabs, *batch.fresh])]
        url = f"{_SHEETS}{self.document}:batchUpdate"
        try:
            reply = self.transport.call("post", url, params={"fields": STATE_FIELDS}, json=body)
        except NetzwerkError as error:
            late = batch.turn and error.facts.get("request") in range(batch.turn)
            found = self._looked_up() if late or (batch.marker and isinstance(error, WriteUnconfirmed)) else None
            # A run on another machine with a copy of our state leaves the same mark: a refused turn is never our write.
            if found and not late and found.marker == batch.marker:
                return found
            if late and found and self._seen and found.marker == self._seen.book.marker:
                batch.leave_turn()  # nobody wrote: Google does not take such an entry, and nothing of the write
                return self._send(sent, before)
            if late:
                raise WorkbookChanged("workbook-changed", file=self.name) from error
            self._name(error, batch)
            raise
        return Answer(states(reply), _digest(reply), batch.marker)

    def _looked_up(self) -> Answer | None:
        """Ask for the state that a lost answer would have shown; `None` where that is not to be had."""
        from netzwerk_sheets.backends.google.ledger import Ledger
        from netzwerk_sheets.backends.google.repairs import LOOKED_UP_FIELDS, states

        try:
            state = self.transport.call("get", _SHEETS + self.document, params={"fields": LOOKED_UP_FIELDS})
        except NetzwerkError:
            return None
        marker = Ledger.read(state.get("developerMetadata") or ()).marker
        return Answer(states({"updatedSpreadsheet": state}), _digest(state), marker, later=True)

    def _name(self, error: NetzwerkError, batch: Batch) -> None:
        """Say which tab an error is about, where Google names the part of the request."""
        index = error.facts.pop("request", None)
        tab = batch.owners[index] if isinstance(index, int) and index < len(batch.owners) else ""
        if tab:
            error.facts.setdefault("tab", tab)
        error.facts.setdefault("file", self.name)

    def _set_right(self, sent: Sent, before: Mapping[int, State], answer: Answer) -> Answer:
        """Put back what people lost and ours where it belongs, as the state after a write shows it.

        Raises:
            WriteUnconfirmed: It could not be done: the write took place, and what it left is not set right.
        """
        from netzwerk_sheets.backends.google.repairs import Report, repair

        report = self.report = self.report or Report()
        lost: NetzwerkError | None = None
        for _ in range(_REPAIRS):
            found = repair(sent, before, answer.after, report, later=answer.later)
            if not found.requests:
                return answer
            self.repaired = True
            try:
                reply = self._send(sent.followed_by(found), answer.after)
            except NetzwerkError as error:
                # Whether it was set right can be seen, and it may be set right twice.
                now, lost = self._looked_up(), error
                if now is None:
                    raise _unconfirmed(error) from error
                answer = now
            else:
                lost = None
                sent, before, answer = sent.followed_by(found), answer.after, reply
        if lost is not None and repair(sent, before, answer.after, report, later=answer.later).requests:
            raise _unconfirmed(lost) from lost
        return answer


def _unconfirmed(error: NetzwerkError) -> WriteUnconfirmed:
    return WriteUnconfirmed("google-write-unconfirmed", **error.facts)


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _digest(reply: Mapping[str, Any]) -> str:
    import json
    from hashlib import sha256

    return sha256(json.dumps(reply, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
