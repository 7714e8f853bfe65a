"""What the tests of the Google backend share: a way to the simulated server without a socket, and whole passes."""

import io
import itertools
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from requests import Response, Session
from requests.adapters import BaseAdapter

from netzwerk_sheets.backends.google import GoogleWorkbook
from netzwerk_sheets.backends.google.access import SCOPES
from netzwerk_sheets.backends.google.transport import Clock as Timer
from netzwerk_sheets.backends.google.transport import Patience, SheetsTransport
from netzwerk_sheets.merge import State
from netzwerk_sheets.state.store import Store
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.passes import finish, prepare
from netzwerk_sheets.sync.recall import Source, recall, recovered
from netzwerk_sheets.sync.remember import remember
from netzwerk_sheets.sync.setup import tabs_for
from tests.sheetsim import ROBOT, Clock, Sim

DAY = date(2025, 5, 15)
PLACE = "http://127.0.0.1:9"
"""Looks like an endpoint on this machine; nothing is ever sent there."""


class InProcess(BaseAdapter):
    """Hands requests to the simulated server directly."""

    def __init__(self, sim):
        super().__init__()
        self.sim = sim

    def send(self, request, **_options):
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        reply = self.sim.handle(request.method, parts.path, parts.query, headers, body)
        assert not reply.wire, "broken connections need a socket"
        response = Response()
        response.status_code, response.url, response.request = reply.status, request.url, request
        response.headers.update(reply.headers)
        response.raw = io.BytesIO(reply.body)
        return response

    def close(self):
        """Nothing is open."""


class FakeTime:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.moment = 0.0
        self.slept = []

    def clock(self):
        return Timer(lambda: self.moment, self.sleep, lambda: 0.5)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.moment += seconds


def way(sim, **parts):
    """A transport to the simulated server."""
    session = Session()
    session.mount("http://", InProcess(sim))
    session.headers["Authorization"] = f"Bearer {sim.accounts.issue(ROBOT, frozenset(SCOPES))}"
    parts.setdefault("clock", FakeTime().clock())
    return SheetsTransport(None, session, endpoint=PLACE, account=ROBOT, **parts)


def workbook(sim, doc, **parts):
    return GoogleWorkbook(doc.id, way(sim, **parts))


def patience(**parts):
    return replace(Patience(), **parts)


class Network:
    """Passes over one document, with the state a run keeps between them."""

    def __init__(self, sim, doc, folder, *, language="de", today=DAY):
        self.sim, self.doc = sim, doc
        self.book = workbook(sim, doc)
        self.store = Store(folder / "state.sqlite")
        self.store.put_meta("state", "s")
        self.today, self.language = today, language
        self.runs = itertools.count(1)

    def copy(self, folder, *, light=True):
        """The same network as it is now, in a server and with a state of its own."""
        sim = Sim(clock=Clock(self.sim.clock.now()))
        doc = sim.create(self.doc.content.properties["title"], document_id=self.doc.id)
        doc.content, doc.version = self.doc.content.copy(), self.doc.version
        for sheet in doc.content.sheets if light else ():
            # Most cells are empty and only guide people who type; without them the server is three times as quick.
            sheet.cells = {spot: cell for spot, cell in sheet.cells.items() if cell.keys() != {"dataValidation"}}
        target = sqlite3.connect(folder / "state.sqlite")
        self.store._db.backup(target)
        target.close()
        copied = Network(sim, doc, folder, language=self.language, today=self.today)
        copied.runs = itertools.count(2)
        return copied

    def memory(self, snapshot):
        return recall(self.store, [Source("", Path("google"), self.book, snapshot)])

    def order(self, **parts):
        return Order(self.today, **parts)

    def plan(self, order=None):
        snapshot = self.book.read()
        return prepare(snapshot, order or self.order(), self.memory(snapshot), roles=self.book.roles)

    def run(self, order=None, *, between=None):
        """One pass; gives what was planned. Whether anything was written says `wrote`."""
        self.recover()
        plan = self.plan(order)
        run = next(self.runs)
        edits = finish(plan, f"netzwerk 1 network=n state=s run={run}")
        self.keep(plan, run)
        self.wrote = bool(edits)
        if between:
            between()
        if edits:
            self.book.apply(edits, expected=plan.snapshot.revision, look=plan.look)
            self.store.settle(applied=True)
        return plan

    def recover(self):
        """End a write whose answer was lost: the marker in the document tells."""
        if self.store.pending() is not None:
            recovered(self.store, Source("", Path("google"), self.book, self.book.read()))

    def keep(self, plan, run):
        writes = {""} if plan.edits else ()
        remember(self.store, plan, run, "n", self.today, forget=(), writes=writes)

    def start(self, *, demo=True):
        """Set the network up on the document as it is."""
        order = tabs_for(self.language, demo=demo, today=self.today)
        return self.run(order)


__all__ = ["DAY", "FakeTime", "InProcess", "Network", "State", "patience", "way", "workbook"]
