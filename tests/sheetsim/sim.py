"""The server without a socket: ``Sim.handle`` turns a request into a reply.

Everything happens under one lock, so that a hook that plays a person's edit happens between our read and our write,
never inside one of them.
"""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from . import accounts, blank, discovery, errors, masks
from .call import Incoming
from .calls import Call, Calls, fits
from .clock import Clock, stamp
from .dispatch import HANDLERS, check_query, for_commenters, needs_document, of_drive, reads
from .document import Document
from .faults import Faults, Reply
from .formulas import NotComputed
from .human import Human
from .quota import Quota
from .router import route

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .document import Content


# States that undo can go back to.
_KEPT = 10


class SimDocument(Document):
    """A document with a hand on it: ``doc.human`` edits as a person would."""

    human: Human


@dataclass
class _Planned:
    when: str
    match: str
    nth: int
    action: Callable[[SimDocument], Any]
    seen: int = 0


class Sim:
    """A simulated Google.

    Args:
        clock: what time it is; the machine's own without it.
        seed: makes the ids that "Google" chooses the same in every run.

    Attributes:
        failures: what must fail a test: calls that are not played, replies that do not fit the API description,
            formulas nobody can compute.
        sort_moves_metadata: SIM-ASSUMPTION-SORT: whether sorting carries the metadata of rows along.
        robots_may_own: whether a service account may create files (Google says no).
    """

    def __init__(self, *, clock: Clock | None = None, seed: int = 1) -> None:
        self.clock = clock or Clock()
        self.docs: dict[str, SimDocument] = {}
        self.accounts = accounts.Accounts(self.clock.now)
        self.quota = Quota(accounts.PROJECT)
        self.calls = Calls()
        self.faults = Faults()
        self.failures: list[str] = []
        self.sort_moves_metadata = False
        self.robots_may_own = False
        self.lock = threading.RLock()
        self._random = random.Random(seed)
        self._hooks: list[_Planned] = []
        self._last = ""

    # --- what a test does

    def create(
        self,
        title: str = "Netzwerk",
        *,
        owner: str = "anna@example.org",
        locale: str = "de_DE",
        time_zone: str = "Europe/Berlin",
        share: dict[str, str] | None = None,
        document_id: str | None = None,
    ) -> SimDocument:
        """A document that a person made, shared with the service account as a writer unless ``share`` says else."""
        now = self._stamp()
        document = SimDocument(
            document_id or self._new_id(), blank.content(title, locale, time_zone), owner, now, now, last_user=owner
        )
        document.human = Human(self, document, owner)
        for email, role in ({accounts.ROBOT: "writer"} if share is None else share).items():
            document.share(email, role)
        self.docs[document.id] = document
        return document

    def before(self, match: str, action: Callable[[SimDocument], Any], *, nth: int = 1) -> None:
        """Let something happen right before the nth matching call from now is done."""
        self._hooks.append(_Planned("before", match, nth, action))

    def after(self, match: str, action: Callable[[SimDocument], Any], *, nth: int = 1) -> None:
        """Let something happen right after the nth matching call from now was done."""
        self._hooks.append(_Planned("after", match, nth, action))

    def forget_hooks(self) -> None:
        """Nothing happens before or after calls any more."""
        self._hooks.clear()

    def check(self) -> None:
        """Fail when the server was asked for what it does not play, or answered what Google never would."""
        assert not self.failures, "\n".join(self.failures)

    # --- what the parts of the server use

    def new_number(self) -> int:
        """An id as Google chooses them for tabs, protections and the like."""
        return self._random.randrange(1, 2**31)

    def _new_id(self) -> str:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
        return "1" + "".join(self._random.choices(letters, k=43))

    def _stamp(self) -> str:
        """Now, and never the same twice."""
        now = stamp(self.clock.now())
        while now <= self._last:
            from datetime import datetime

            now = stamp(datetime.fromisoformat(self._last) + timedelta(milliseconds=1))
        self._last = now
        return now

    def local_now(self, content: Content) -> datetime:
        """What TODAY() and NOW() go by: the document's own time zone."""
        return self.clock.now().astimezone(ZoneInfo(content.properties["timeZone"])).replace(tzinfo=None)

    def create_as(self, user: str, title: str, locale: str = "en_US") -> SimDocument:
        """A document made through the API; 403 for a service account unless it may own files."""
        if user in self.accounts.robots and not self.robots_may_own:
            raise errors.storage_full()
        document = self.create(title, owner=user, locale=locale, time_zone="Etc/GMT", share={})
        document.modified = self._stamp()  # recorded: a moment after it was created
        return document

    def role(self, document: Document, user: str) -> str | None:
        """What the user is to the document; None for a stranger."""
        if user == document.owner:
            return "owner"
        return document.roles.get(user) or document.roles.get("anyone")

    def open(self, document_id: str, user: str, *, write: bool) -> SimDocument:
        """The document, as Sheets lets that user have it."""
        document = self.docs.get(document_id)
        if document is None:
            raise errors.not_found()
        role = self.role(document, user)
        if role is None or (write and role not in {"owner", "writer"}):
            raise errors.denied()
        return document

    def _open_file(self, document_id: str, user: str, *, write: bool, comment: bool) -> SimDocument:
        """The document, as Drive lets that user have it."""
        document = self.docs.get(document_id)
        role = None if document is None else self.role(document, user)
        if document is None or role is None:
            raise errors.drive_not_found(document_id)
        if write and role not in {"owner", "writer"} and not (comment and role == "commenter"):
            raise errors.drive_denied(document_id)
        return document

    def commit(self, document: Document, content: Content, user: str) -> None:
        """Put a new state in place and let Drive see that."""
        document.history.append(document.content)
        del document.history[:-_KEPT]
        document.content = content
        document.version += 1
        document.modified = self._stamp()
        document.last_user = user

    # --- the way of a call

    def handle(self, method: str, raw_path: str, query: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer one request.

        Args:
            method: HTTP method.
            raw_path: path as it was sent, still escaped.
            query: query as it was sent, without the question mark.
            headers: names in lower case.
            body: as it was sent.
        """
        with self.lock:
            found = route(method, raw_path)
            name = found.name if found else "unknown"
            call = Call(name, method, raw_path, sent=len(body))
            self.calls.log.append(call)
            action = self.faults.strike(name)
            if action is not None and action.name == "doc_deleted_midway" and found:
                self.docs.pop(found.parts.get("id", ""), None)
            if action is not None and action.undone:
                return Reply(0, b"", wire=action.wire)
            try:
                if action is not None and action.error is not None:
                    raise action.error
                reply = self._done(call, method, raw_path, query, headers, body, action.partial if action else None)
            except errors.ApiError as error:
                reply = _error_reply(error)
            except errors.NotSimulated as what:
                reply = self._not_simulated(f"{method} {raw_path}?{query}: {what}")
            except NotComputed as what:
                reply = self._not_simulated(f"formula: {what}")
            call.status, call.received = reply.status, len(reply.body)
            return action.spoil(reply) if action is not None else reply

    def _not_simulated(self, what: str) -> Reply:
        self.failures.append(f"not simulated: {what}")
        return _json_reply(
            501, {"error": {"code": 501, "message": f"not simulated: {what}", "status": "UNIMPLEMENTED"}}
        )

    def _done(
        self,
        call: Call,
        method: str,
        raw_path: str,
        query: str,
        headers: dict[str, str],
        body: bytes,
        partial: int | None,
    ) -> Reply:
        found = route(method, raw_path)
        if found is None:
            raise errors.NotSimulated("unknown call")
        if found.name == "token":
            return _json_reply(200, self.accounts.exchange(body))
        user = self._admit(found.name, headers)
        call.user = user
        incoming = Incoming(
            self, found.name, found.parts, parse_qs(query, keep_blank_values=True), body, user, partial=partial
        )
        if needs_document(found.name):
            incoming.document = self._document(found.name, found.parts["id"], user)
        check_query(incoming)
        self._run_hooks("before", incoming)
        if incoming.document is not None and incoming.document.id not in self.docs:
            raise errors.not_found()  # the hook deleted it
        try:
            answer, schema = HANDLERS[found.name](incoming)
        finally:
            call.kinds = incoming.kinds
        self._run_hooks("after", incoming)
        return self._reply(incoming, answer, schema)

    def _admit(self, name: str, headers: dict[str, str]) -> str:
        token = self.accounts.who(headers)
        is_drive = of_drive(name)
        if is_drive:
            wanted = accounts.READ_DRIVE if reads(name) else accounts.WRITE_DRIVE
        else:
            wanted = accounts.READ_SHEETS if reads(name) else accounts.WRITE_SHEETS
        if not token.scopes & wanted:
            raise errors.scope_missing()
        if not is_drive:
            self.quota.spend("Read" if reads(name) else "Write", token.email, self.clock.now())
        return token.email

    def _document(self, name: str, document_id: str, user: str) -> SimDocument:
        if of_drive(name):
            return self._open_file(document_id, user, write=not reads(name), comment=for_commenters(name))
        return self.open(document_id, user, write=not reads(name) and name != "sheets.copyTo")

    def _run_hooks(self, when: str, call: Incoming) -> None:
        if call.document is None:
            return
        for hook in list(self._hooks):
            if hook.when != when or not fits(call.name, hook.match):
                continue
            hook.seen += 1
            if hook.seen == hook.nth:
                self._hooks.remove(hook)
                hook.action(self.docs[call.doc.id])

    def _reply(self, call: Incoming, answer: Any, schema: str) -> Reply:
        if answer is None:
            return Reply(204, b"")
        if isinstance(answer, bytes):
            return Reply(200, answer, {"Content-Type": call.one("mimeType")})
        if schema:
            api = discovery.drive() if of_drive(call.name) else discovery.sheets()
            self.failures += [f"{call.name}: {fault}" for fault in api.faults(schema, answer)]
        fields = call.one("fields")
        if fields:
            # Drive overlooks blanks behind commas, Sheets does not.
            answer = masks.show(masks.parse(fields.replace(" ", "") if of_drive(call.name) else fields), answer)
        return _json_reply(200, answer)


def _json_reply(status: int, body: Any, headers: dict[str, str] | None = None) -> Reply:
    text = json.dumps(body, ensure_ascii=False).encode()
    return Reply(status, text, {"Content-Type": "application/json; charset=UTF-8", **(headers or {})})


def _error_reply(error: errors.ApiError) -> Reply:
    if isinstance(error.body, str):
        return Reply(error.status, error.body.encode(), {"Content-Type": "text/html; charset=UTF-8", **error.headers})
    return _json_reply(error.status, error.body, error.headers)
