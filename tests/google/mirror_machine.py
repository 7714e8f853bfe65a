"""One network in a file and in a document at the simulated Google, people in both, and everything that goes wrong.

The machine of `tests/integration/machine.py` with a document in one of its two places: people edit it before, between
and after our requests, requests fail one by one, and runs may be cut off. Its oracle is the same. One loss is
allowed, counted in `Mirrors.window` and told by `decisions`: what somebody types after the tool read and before it
writes, into the very cell that the write hits. And what is written into a row that somebody deletes at that moment
goes to the trash with it, as if they had seen it.
"""

from __future__ import annotations

import io
import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import openpyxl
from google_client import FakeTime
from machine import ALONE, MAIN, STEPS_OF_A_RUN, TABS, TEAMS, TOKEN, TYPED, WEIGHTS, Cut, Violation, World
from person import DAY, Person, netz
from requests import Response
from requests import exceptions as web
from requests.adapters import HTTPAdapter

from netzwerk_sheets.backends.google import transport
from netzwerk_sheets.config import Google
from netzwerk_sheets.errors import NetzwerkError, WorkbookChanged
from netzwerk_sheets.grid import Tab
from netzwerk_sheets.sync.order import Order
from tests.sheetsim import Clock, Sim
from tests.sheetsim.accounts import write_key
from tests.sheetsim.document import a1_spot, letters
from tests.sheetsim.faults import status

FILE = "stadt.xlsx"
KEPT = frozenset({*TABS, "Start", "Einstellungen", "Arbeitsgruppen", "Konflikte", "Papierkorb", "Protokoll", "Listen"})
"""Tabs of this network; people deleted all others, which makes a run five times as quick."""

ENDPOINT = "http://127.0.0.1:9"
"""Looks like an endpoint on this machine; `wired` hands what is sent there to the server directly."""


# --- the way to the server --------------------------------------------------------------------------------


@contextmanager
def wired(patch):
    """Let every request of this process go to the server that is named in what is given, and time stand still."""
    time_ = FakeTime()
    line = SimpleNamespace(sim=None, time=time_)

    def send(_self, request, **_options):
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        reply = line.sim.handle(request.method, parts.path, parts.query, headers, body)
        broken = {
            "reset": web.ConnectionError("reset"),
            "truncate": web.ChunkedEncodingError("half"),
            "stall": web.ReadTimeout("late"),
        }
        if reply.wire:
            raise broken[reply.wire]
        response = Response()
        response.status_code, response.url, response.request = reply.status, request.url, request
        response.headers.update(reply.headers)
        response.raw = io.BytesIO(reply.body)
        return response

    with patch.context() as one:
        one.setattr(HTTPAdapter, "send", send)
        one.setattr(transport, "Clock", time_.clock)
        yield line


# --- somebody at the screen -------------------------------------------------------------------------------


class Screen(Person):
    """Somebody who edits a document; cells are found as by whoever edits a file."""

    def __init__(self, document):
        super().__init__(Path(f"google:{document.id}"))
        self.doc = document

    def snapshot(self):
        return Shown(tuple(_shown(sheet) for sheet in self.doc.content.sheets))

    def _spot(self, row, column):
        return a1_spot(row - 1, column - 1)

    def put(self, tab, row, column, value):
        self.doc.human.type(tab, self._spot(row, column), "" if value is None else value)

    def type(self, tab, row_id, header, value):
        row, column, _ = self._place(tab, row_id, header)
        self.put(tab, row, column, value)

    def _heads(self, tab, header="Nr"):
        rows = self._rows(tab)
        top = self._header(rows, header)
        return rows, top, {value: column for column, value in rows[top].items()}

    def write_row(self, tab, cells, *, row=None, header="Nr"):
        rows, top, heads = self._heads(tab, header)
        row = row or max(n for n in rows if n >= top) + 1
        for head, value in cells.items():
            self.put(tab, row, heads[head], value)
        return row

    def write_rows(self, tab, rows, *, header="Nr"):
        _rows, top, heads = self._heads(tab, header)
        for number, cells in enumerate(rows, start=top + 1):
            for head, value in cells.items():
                self.put(tab, number, heads[head], value)

    def delete_row(self, tab, row_id):
        self.doc.human.delete_row(tab, self._place(tab, row_id, "Nr")[0])

    def copy_row(self, tab, row_id, changes, *, header="Nr"):
        rows, top, heads = self._heads(tab, header)
        source = self._place(tab, row_id, header)[0]
        target = max(n for n in rows if n >= top) + 1
        last = letters(max(heads.values()) - 1)
        self.doc.human.copy_paste(tab, f"A{source}:{last}{source}", f"A{target}:{last}{target}")
        for head, value in changes.items():
            self.put(tab, target, heads[head], value)

    def sort(self, tab, header, *, reverse=False, first="Nr"):
        rows, top, heads = self._heads(tab, first)
        last = max(n for n in rows if n >= top)
        if last > top:
            area = f"A{top + 1}:{letters(max(heads.values()) - 1)}{last}"
            self.doc.human.sort(tab, area, heads[header], descending=reverse)

    def rename_header(self, tab, old, new):
        _rows, top, heads = self._heads(tab)
        self.put(tab, top, heads[old], new)

    # what one does at Google

    def insert(self, tab, row_id, cells):
        """Insert a row above another and type into it."""
        row = self._place(tab, row_id, "Nr")[0]
        self.doc.human.insert_row(tab, row)
        self.write_row(tab, cells, row=row)

    def drag(self, tab, row_id, other_id):
        rows = [self._place(tab, each, "Nr")[0] for each in (row_id, other_id)]
        if rows[0] != rows[1]:
            self.doc.human.move_row(tab, *rows)

    def insert_column(self, tab, header):
        _rows, _top, heads = self._heads(tab)
        self.doc.human.insert_column(tab, heads[header])


@dataclass(frozen=True)
class Shown:
    """What stands in a document, read off the server and not by the product."""

    tabs: tuple[Tab, ...]

    def tab(self, title):
        return next(tab for tab in self.tabs if tab.title == title)


def _shown(sheet):
    rows = {}
    for (row, column), cell in sheet.cells.items():
        value = cell.get("effectiveValue") or cell.get("userEnteredValue")
        if value and "formulaValue" not in value:
            rows.setdefault(row + 1, {})[column + 1] = next(iter(value.values()))
    return Tab(sheet.title, rows)


# --- the world --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """A network in a file and a document, to begin from again and again.

    Attributes:
        kept: The file and the state.
        content: The document.
        document: Its id.
        leads: Whether the document is the network's first workbook.
    """

    kept: Path
    content: object
    document: str
    leads: bool


def google_of(folder: Path) -> Google:
    """Give what netzwerk.toml says about signing in."""
    return Google(folder / "key.json", "service", ENDPOINT, folder / "token.json")


def prepared(folder: Path, line, *, leads: bool, locale: str) -> Start:
    """Make the network in `folder`: eight needs and two working groups, in a file and a document."""
    import shutil

    line.sim = Sim()
    document = line.sim.create("Netz", locale=locale)
    write_key(folder / "key.json", f"{ENDPOINT}/token")
    places = [str(folder / FILE), f"google:{document.id}"]
    people = [Person(places[0]), Screen(document)]
    if leads:
        places.reverse()
        people.reverse()
    sign_in = f'[google]\nkey = "key.json"\nendpoint = "{ENDPOINT}"\n'
    config = folder / "netzwerk.toml"
    config.write_text(sign_in, encoding="utf-8")
    _well(netz("init", places[0], "--yes"))
    rows = [{"Name": name, "Art": "Arbeitsgruppe", "Status": "aktiv"} for name in TEAMS]
    people[0].write_rows("Arbeitsgruppen", rows)
    needs = [
        {"Bedarf": f"Bedarf {n}", "Lebensbereich": "Mobilität", "Beleg": f"Beleg {n}", "AG": (*TEAMS, None)[n % 3]}
        for n in range(8)
    ]
    people[0].write_rows(MAIN, needs)
    _well(netz("sync", places[0]))
    config.write_text(f"workbook = {places!r}\n{sign_in}", encoding="utf-8")
    if leads:
        openpyxl.Workbook().save(folder / FILE)
    _well(netz("init", places[1], "--yes"))
    for title in {sheet.title for sheet in document.content.sheets} - KEPT:
        document.human.delete_tab(title)
    _only(Person(folder / FILE), KEPT)
    for _ in range(2):
        _well(netz("sync", places[0]))
    lighten(document)
    shutil.rmtree(folder / "state" / "backups")  # the ones made before there was a network are nobody's business
    kept = folder / "start"
    kept.mkdir()
    shutil.copytree(folder / "state", kept / "state")
    shutil.copyfile(folder / FILE, kept / FILE)
    return Start(kept, document.content.copy(), document.id, leads)


def _well(done) -> None:
    assert done.code in {0, 3}, done.err


def _only(person: Person, kept: frozenset[str]) -> None:
    """Delete all other tabs of a file; the tool leaves them deleted."""
    with person.book() as book:
        for title in set(book.sheetnames) - kept:
            del book[title]
        for name in book.defined_names.values():
            tab = name.attr_text.rpartition("!")[0].strip("'")
            name.attr_text = name.attr_text if tab in kept else f"#REF!{name.attr_text.rpartition('!')[2]}"


def lighten(document) -> None:
    """Leave out what only pleases the eye: the server then answers three times as quickly."""
    for sheet in document.content.sheets:
        sheet.cells = {spot: _light(cell) for spot, cell in sheet.cells.items() if cell.keys() != {"dataValidation"}}


def _light(cell):
    look = cell.get("userEnteredFormat", {})
    told = {"numberFormat": look.get("numberFormat"), "textFormat": _ink(look.get("textFormat", {}))}
    kept = {name: each for name, each in cell.items() if name not in {"userEnteredFormat", "dataValidation"}}
    return {**kept, "userEnteredFormat": {name: each for name, each in told.items() if each}}


def _ink(text):
    return {name: each for name, each in text.items() if name.startswith("foregroundColor")}


class Mirrors(World):
    """The file and the document, and what is known about every token.

    Attributes:
        window: What was lost in the one window, by what people did there.
        told: What else happened: errors that ended runs, faults, repairs.
    """

    FILES = (FILE,)

    def __init__(self, folder: Path, start: Start, line) -> None:
        """Begin as prepared."""
        line.sim = self.sim = Sim(clock=Clock())
        self.doc = self.sim.create("Netz", document_id=start.document)
        self.doc.content = start.content.copy()
        self.online = 0 if start.leads else 1
        self.google = google_of(folder)
        self.window: list[str] = []
        self.told: Counter[str] = Counter()
        super().__init__(folder, start.kept)

    def at_work(self, folder: Path) -> list[Person]:
        people = [Person(folder / FILE), Screen(self.doc)]
        return people[::-1] if self.online == 0 else people

    def order(self, confirmed: frozenset[str]) -> Order:
        further = (self.people[1].path,)
        return Order(date.fromisoformat(DAY), further=further, confirmed=confirmed, google=self.google)

    def content(self) -> list[object]:
        return [*super().content(), self.doc.version]

    # --- what people do at Google -----------------------------------------------------------------------

    def insert(self, n):
        """Insert a row in the middle and fill it."""
        tab = TABS[n() % 3]
        rows = self.rows(self.online, tab)
        if rows and all(self._has(self.online, tab, header) for header in ("Bedarf", "Problem", "Lebensbereich")):
            row = sorted(rows)[n() % len(rows)]
            cells = {"Bedarf": self.token(), "Problem": self.token(), "Lebensbereich": "Mobilität"}
            self.people[self.online].insert(tab, row, cells)

    def drag(self, n):
        tab = TABS[n() % 3]
        rows = sorted(self.rows(self.online, tab))
        if rows:
            self.people[self.online].drag(tab, rows[n() % len(rows)], rows[n() % len(rows)])

    def insert_column(self, n):
        tab, header = TABS[n() % 3], TYPED[n() % len(TYPED)]
        if self._has(self.online, tab, header):
            self.people[self.online].insert_column(tab, header)

    # --- the tool ---------------------------------------------------------------------------------------

    def run(self, cut_at=0, act_at=0, act=None, races=(), faults=(), end=None, *, confirm=frozenset()):
        """One run; people may be quicker than its writes, requests may fail, and it may never hear of a write."""
        self.sim.calls.clear()
        for nth, acts in races:
            self._race(nth, acts)
        for name, match, nth, times in faults:
            action = status(int(name.removeprefix("status "))) if name.startswith("status ") else name
            self.sim.faults.add(action, match=match, nth=nth, times=times)
        if end:
            self._end(*end)
        try:
            done = super().run(cut_at, act_at, act, confirm=confirm)
        except NetzwerkError as error:
            changed = isinstance(error, WorkbookChanged) and bool(races)
            if not (changed or self.sim.faults.happened):
                raise Violation(f"a run ended in {error.reason} and nothing had gone wrong") from error
            self.told[error.reason] += 1
            self.done = None
            return None
        finally:
            for _call, name in self.sim.faults.happened:
                self.told[f"fault {name}"] += 1
            self.sim.faults.happened.clear()
            self.sim.faults.clear()
            self.sim.forget_hooks()
            self.sim.check()
        if done is not None:
            self.told["repaired"] += done.repaired
            for other in done.others:
                if other.error is not None:
                    self.told[other.error.reason] += 1
        return done

    def _race(self, nth, acts):
        typed: set[str] = set()

        def people(_doc):
            before, rows = self._online(), set(self.rows(self.online, MAIN))
            for name, numbers in acts:
                self.act(
                    name, [self.online, *numbers[1:]] if name not in {"insert", "drag", "insert_column"} else numbers
                )
            typed.update(self._online() - before)
            for row in rows - set(self.rows(self.online, MAIN)):
                self.replaced(self.stored(f"SELECT data FROM hub WHERE tbl = 'needs' AND row = '{row}'"))

        def seen(_doc):
            if lost := (typed - self._online()) & self.live:
                self.live -= lost
                self.window += [" and ".join(name for name, _ in acts)] * len(lost)

        self.sim.before("batchUpdate", people, nth=nth)
        self.sim.after("batchUpdate", seen, nth=nth)

    def _end(self, name, nth):
        """Let a run be killed, or lose all touch with Google, between a write and its answer."""

        def happen(_doc):
            self.told[name] += 1
            if name == KILLED:
                raise Cut
            self.sim.faults.add("reset_before", match="*", times=None)

        if name == OUT_OF_REACH:
            self.sim.faults.add("reset_after_apply", match="batchUpdate", nth=nth)
        self.sim.after("batchUpdate", happen, nth=nth)

    def _online(self):
        return {
            token
            for tab in self.people[self.online].snapshot().tabs
            for row in tab.rows.values()
            for value in row.values()
            for token in TOKEN.findall(str(value))
        }

    def settle(self):
        """Come to rest; then a run costs one read at Google and nothing else."""
        super().settle()
        asked = Counter(call.name for call in self.sim.calls.log if call.name != "token")
        if asked != {"spreadsheets.get": 1}:
            raise Violation(f"a run with nothing to do asks Google {dict(asked)}")


KILLED, OUT_OF_REACH = "killed", "out of reach"
"""How a run may end between a write at Google and its answer."""

ONLINE = {"insert": 3, "drag": 2, "insert_column": 1}
MIDWAY = ("edit", "append", "clear", "add", "delete", "copy", "sort", "unname", "assign", "insert", "drag", "put_back",
          "insert_column")  # fmt: skip
"""What people do between our reading and our writing."""

FAULTS = (
    ("status 429", "*"), ("status 500", "*"), ("status 503", "*"), ("html", "*"), ("sorry", "*"), ("bad_json", "*"),
    ("empty_200", "*"), ("reset_before", "*"), ("reset_after_apply", "batchUpdate"), ("truncate", "*"),
    ("stall", "*"), ("token_revoked", "token"), ("token_expired", "*"), ("status 403", "*"), ("scope_missing", "*"),
    ("reset_after_apply", "batchUpdate"), ("bad_json", "batchUpdate"),
)  # fmt: skip


def history(seed: int, steps: int) -> list[tuple]:
    """Plan a history: (act, numbers) or ("run", cut at, act at, act, races, faults, end)."""
    rng = random.Random(seed)
    weights = {**WEIGHTS, **ONLINE}

    def act(names):
        name = rng.choices(names, [weights[each] for each in names])[0]
        return name, [rng.randrange(60) for _ in range(6)]

    plan: list[tuple] = []
    for _ in range(steps):
        if rng.random() >= 0.4:
            plan.append(act(list(weights)))
            continue
        cut = rng.randrange(1, STEPS_OF_A_RUN) if rng.random() < 0.25 else 0
        at = rng.randrange(1, STEPS_OF_A_RUN) if rng.random() < 0.25 else 0
        races = []
        if rng.random() < 0.6:
            races = [
                (nth, [act(MIDWAY) for _ in range(rng.randint(1, 2))]) for nth in ((1,), (1, 2), (2,))[rng.randrange(3)]
            ]
        faults = []
        if rng.random() < 0.4:
            name, match = rng.choice(FAULTS)
            faults = [(name, match, rng.randint(1, 3), rng.choice((1, 1, 2, None)))]
        end = (rng.choice((KILLED, OUT_OF_REACH)), rng.choice((1, 1, 2))) if rng.random() < 0.3 else None
        plan.append(
            ("run", cut, at, act([name for name in WEIGHTS if name not in ALONE]) if at else None, races, faults, end)
        )
    return plan
