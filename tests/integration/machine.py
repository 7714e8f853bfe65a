"""A small network in two real workbooks, people who do everything to them, and runs that may die at any step.

Everything people type is a token that exists once. `World.check` asks where each of them is: as long as nobody who
saw it replaced it, it must stand in a cell in which people work, on the tab of conflicts, or be merged and about to
be written; after that it must still be in the history, in the trash, or in a backup.
"""

import random
import re
import shutil
import sqlite3
from datetime import date
from pathlib import Path

from person import DAY, Person, netz

from netzwerk_sheets.errors import WorkbookChanged
from netzwerk_sheets.grid import shown
from netzwerk_sheets.state.folder import key_of
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.run import sync

MAIN, TEAMS = "Bedarfe", ("AG Nord", "AG Süd")
TABS = (MAIN, *TEAMS)
TYPED = ("Bedarf", "Problem", "Stadtteil", "Beleg")
TOKEN = re.compile(r"tok\d+")
RETELLING = {"Protokoll", "Papierkorb"}
"""Tabs that tell what was: a token that stands nowhere else is no longer anybody's."""
STEPS_OF_A_RUN = 20


class Cut(BaseException):
    """The power goes away."""


class Violation(AssertionError):
    """An invariant does not hold."""


def prepared(folder: Path) -> None:
    """Make the network: eight needs, two working groups with a tab each, and a copy of the workbook."""
    person = Person(folder / "stadt.xlsx")
    assert netz("init", person.path, "--yes").code == 0
    person.write_rows("Arbeitsgruppen", [{"Name": name, "Art": "Arbeitsgruppe", "Status": "aktiv"} for name in TEAMS])
    person.write_rows(
        MAIN,
        [
            {"Bedarf": f"Bedarf {n}", "Lebensbereich": "Mobilität", "Beleg": f"Beleg {n}", "AG": (*TEAMS, None)[n % 3]}
            for n in range(8)
        ],
    )
    assert netz("sync", person.path).code in {0, 3}
    shutil.copyfile(person.path, folder / "kopie.xlsx")
    (folder / "netzwerk.toml").write_text('workbook = ["stadt.xlsx", "kopie.xlsx"]\n', encoding="utf-8")
    assert netz("sync", person.path).code in {0, 3}


class World:
    """The two workbooks, and what is known about every token."""

    FILES = ("stadt.xlsx", "kopie.xlsx")

    def __init__(self, folder: Path, start: Path) -> None:
        """Begin as prepared in `start`; the folder is the one in which it was prepared."""
        if (folder / "state").exists():
            shutil.rmtree(folder / "state")
        shutil.copytree(start / "state", folder / "state")
        for name in self.FILES:
            shutil.copyfile(start / name, folder / name)
        self.people = self.at_work(folder)
        self.files = [number for number, person in enumerate(self.people) if person.path.suffix == ".xlsx"]
        self.database = folder / "state" / "networks" / f"{key_of(self.people[0].path)}.sqlite"
        self.backups = folder / "state" / "backups"
        self.tokens = 0
        self.live: set[str] = set()  # nobody who saw it replaced it
        self.kept: set[str] = set()  # somebody did, after the tool had taken it in
        self.older: list[tuple[int, bytes]] = []
        self.renamed: list[tuple[int, str, str, str]] = []
        self.before: list[tuple[int, str, str, str, str]] = []  # what to put back with Ctrl+Z
        self.done = None
        self.runs = 0

    def at_work(self, folder: Path) -> list[Person]:
        """Give the people, one a workbook; the first one's workbook leads."""
        return [Person(folder / name) for name in self.FILES]

    # --- looking ----------------------------------------------------------------------------------------

    def seen(self, *, retold: bool = False) -> str:
        """Every cell of both workbooks as one text."""
        return "\n".join(
            str(shown(value))
            for person in self.people
            for tab in person.snapshot().tabs
            if retold or tab.title not in RETELLING
            for row in tab.rows.values()
            for value in row.values()
        )

    def stored(self, *queries: str) -> str:
        with sqlite3.connect(self.database) as db:
            return "\n".join(str(row) for query in queries for row in db.execute(query))

    def taken_in(self) -> set[str]:
        """Tokens the tool knows: merged, or in the history."""
        queries = "SELECT data FROM hub", "SELECT data FROM tombstone", "SELECT before, after FROM change"
        return set(TOKEN.findall(self.stored(*queries)))

    def rows(self, number: int, tab: str) -> dict[str, dict[str, object]]:
        table = self.people[number].table(tab)
        return {str(key): cells for key, cells in table.items() if key}

    # --- what people do ---------------------------------------------------------------------------------

    def act(self, name: str, numbers: list[int]) -> None:
        """Let somebody do something; what vanishes by their own hand before the tool saw it is not the tool's loss."""
        before = set(TOKEN.findall(self.seen(retold=True)))
        left = iter(numbers)
        getattr(self, name)(lambda: next(left))
        after = set(TOKEN.findall(self.seen(retold=True)))
        gone = before - after - self.taken_in()
        self.live -= gone
        self.kept -= gone

    def token(self) -> str:
        self.tokens += 1
        self.live.add(f"tok{self.tokens}")
        return f"tok{self.tokens}"

    def replaced(self, *values: object) -> None:
        """Somebody saw this and put something else in its place."""
        found = set(TOKEN.findall(str(values))) & self.live
        self.live -= found
        self.kept |= found

    def _row(self, n):
        number, tab = n() % 2, TABS[n() % 3]
        rows = self.rows(number, tab)
        if not rows:
            return None
        row = sorted(rows)[n() % len(rows)]
        return number, tab, row, rows[row]

    def edit(self, n):
        found = self._row(n)
        header = TYPED[n() % len(TYPED)]
        if found and self._has(found[0], found[1], header):
            number, tab, row, cells = found
            self._type(number, tab, row, header, shown(cells.get(header)), self.token())

    def append(self, n):
        found = self._row(n)
        if found and self._has(found[0], found[1], "Problem"):
            number, tab, row, cells = found
            was = shown(cells.get("Problem"))
            self.people[number].type(tab, row, "Problem", f"{was}\n{self.token()}" if was else self.token())

    def clear(self, n):
        found = self._row(n)
        header = TYPED[1 + n() % (len(TYPED) - 1)]
        if found and found[3].get(header) is not None:
            number, tab, row, cells = found
            self._type(number, tab, row, header, shown(cells[header]), None)

    def put_back(self, n):
        """Type what stood there before, here or where the tool brought the new value to."""
        if self.before:
            number, tab, row, header, value = self.before.pop(n() % len(self.before))
            rows = self.rows(number, tab)
            if row in rows and self._has(number, tab, header):
                was = shown(rows[row].get(header))
                if str(was) != value:
                    self.people[number].type(tab, row, header, value)
                    self.replaced(was)
                    again = set(TOKEN.findall(value))
                    self.live |= again
                    self.kept -= again

    def _type(self, number, tab, row, header, was, value):
        self.people[number].type(tab, row, header, value)
        self.replaced(was)
        if was is not None:
            self.before += [(n, each, row, header, str(was)) for n in (0, 1) for each in TABS]

    def _has(self, number, tab, header):
        tops = [
            set(map(shown, row.values())) for _n, row in sorted(self.people[number].snapshot().tab(tab).rows.items())
        ]
        return any(header in top and "Nr" in top for top in tops[:10])

    def add(self, n):
        number, tab = n() % 2, TABS[n() % 3]
        cells = {"Bedarf": self.token(), "Problem": self.token(), "Lebensbereich": "Mobilität"}
        if all(self._has(number, tab, header) for header in cells):
            self.people[number].write_row(tab, cells)
        else:
            self.live -= set(cells.values())

    def delete(self, n):
        found = self._row(n)
        if found:
            number, tab, row, cells = found
            self.people[number].delete_row(tab, row)
            if tab == MAIN:  # in a group's tab it only leaves the group
                self.replaced(*map(shown, cells.values()))

    def copy(self, n):
        found = self._row(n)
        if found and self._has(found[0], found[1], "Beleg"):
            self.people[found[0]].copy_row(found[1], found[2], {"Beleg": self.token()})
            self.replaced()

    def sort(self, n):
        number, tab = n() % 2, TABS[n() % 3]
        header = TYPED[n() % len(TYPED)]
        if self._has(number, tab, header):
            self.people[number].sort(tab, header, reverse=bool(n() % 2))

    def unname(self, n):
        found = self._row(n)
        if found:
            self.people[found[0]].clear_id(found[1], found[2])

    def cut(self, n):
        """Cut a row out of a group's tab and paste it into the other's."""
        number, source = n() % 2, TEAMS[n() % 2]
        target = TEAMS[1 - TEAMS.index(source)]
        rows = self.rows(number, source)
        if rows:
            row = sorted(rows)[n() % len(rows)]
            if row not in self.rows(number, target) and all(
                self._has(number, target, head) for head in rows[row] if head
            ):
                self.people[number].delete_row(source, row)
                self.people[number].write_row(target, {head: value for head, value in rows[row].items() if head})

    def assign(self, n):
        number = n() % 2
        rows = self.rows(number, MAIN)
        if rows:
            row = sorted(rows)[n() % len(rows)]
            self.people[number].type(MAIN, row, "AG", (*TEAMS, None)[n() % 3])

    def rename_heading(self, n):
        number, tab, header = n() % 2, TABS[n() % 3], TYPED[1 + n() % (len(TYPED) - 1)]
        if self._has(number, tab, header):
            new = f"{header} neu {len(self.renamed)}"
            self.people[number].rename_header(tab, header, new)
            self.renamed.append((number, tab, header, new))

    def name_back(self, _n):
        if self.renamed:
            number, tab, header, new = self.renamed.pop()
            if self._has(number, tab, new):
                self.people[number].rename_header(tab, new, header)

    def decide(self, n):
        """Choose one version of a conflict, in either workbook."""
        number = n() % 2
        rows = self.rows(number, "Konflikte")
        texts = {key: " ".join(str(shown(value)) for value in cells.values()) for key, cells in rows.items()}
        asked = [key for key in sorted(rows) if TOKEN.search(texts[key]) and shown(rows[key].get("Spalte"))]
        if asked:
            key = asked[n() % len(asked)]
            self.people[number].type("Konflikte", key, "Was gilt?", "AB"[n() % 2])
            self.replaced(texts[key])

    def older_copy(self, n):
        """Put a copy of the file back that was made after an earlier run."""
        if self.older:
            number, content = self.older[n() % len(self.older)]
            self.people[number].path.write_bytes(content)
            self._another_file(number)

    def restore(self, n):
        number = self.files[n() % len(self.files)]
        count = len(list((self.backups / key_of(self.people[number].path)).glob("*.xlsx")))
        if count:
            own = set(TOKEN.findall(self.seen(retold=True))) & self.live
            done = netz("restore", self.people[number].path, str(1 + n() % min(count, 4)), "--yes")
            if done.code:
                raise Violation(f"restore: {done.err}")
            self.live -= own  # what was restored counts as it stands
            self.kept |= own
            self._another_file(number)

    def _another_file(self, number):
        self.renamed = [each for each in self.renamed if each[0] != number]
        self.before = [each for each in self.before if each[0] != number]

    def undo(self, n):
        known = self.stored("SELECT DISTINCT run FROM change ORDER BY run DESC LIMIT 3").split("\n")
        runs = [int(number) for one in known for number in re.findall(r"\d+", one)]
        if runs:
            run = runs[n() % len(runs)]
            own = set(TOKEN.findall(self.stored(f"SELECT before, after FROM change WHERE run = {run}")))
            done = netz("undo", self.people[0].path, str(run), "--yes")
            if done.code not in {0, 2, 3, 7, 8}:
                raise Violation(f"undo: {done.code} {done.err}")
            self.kept |= own & self.live
            self.live -= own

    # --- the tool ---------------------------------------------------------------------------------------

    def run(self, cut_at: int = 0, act_at: int = 0, act: tuple[str, list[int]] | None = None, *, confirm=frozenset()):
        """One run; it may be cut off after a step, and somebody may act while it is at work."""
        passed = []

        def step(name):
            passed.append(name)
            if act and len(passed) >= act_at and name != "checked" and not acted:
                acted.append(name)  # between the check and the replacement lies the moment that no program can close
                self.act(*act)
            if len(passed) == cut_at:
                raise Cut

        acted: list[str] = []
        order = self.order(frozenset(confirm))
        self.runs += 1
        try:
            self.done = sync(self.people[0].path, order, step=step)
        except Cut:
            return None
        except WorkbookChanged:
            if not acted:
                raise
            return None
        if not acted:
            self.older = [*self.older, *((n, self.people[n].path.read_bytes()) for n in self.files)][-8:]
        return self.done

    def order(self, confirmed: frozenset[str]) -> Order:
        return Order(date.fromisoformat(DAY), further=(self.people[1].path,), confirmed=confirmed)

    def content(self) -> list[object]:
        """Give what a run that writes nothing leaves as it is."""
        return [self.people[number].path.read_bytes() for number in self.files]

    def check(self) -> None:
        """Nothing is lost.

        Raises:
            Violation: A token is nowhere.
        """
        where = set(TOKEN.findall(self.seen())) | set(TOKEN.findall(self.stored("SELECT data FROM hub")))
        if lost := self.live - where:
            raise Violation(f"{sorted(lost)} stand nowhere")
        if lost := self.kept - where - self.taken_in():
            copies = "\n".join(
                text for path in self.backups.rglob("*.xlsx") for text in Person(path).texts() if TOKEN.search(text)
            )
            if lost := lost - set(TOKEN.findall(copies)):
                raise Violation(f"{sorted(lost)} are forgotten")

    def settle(self) -> None:
        """Let the tool come to rest.

        Raises:
            Violation: It does not, or what stands at two places differs.
        """
        while self.renamed:
            self.act("name_back", [])
        for _ in range(6):
            tokens = {brake.token for _code, brake in self.done.plan.brakes} if self.done else set()
            done = self.run(confirm=tokens)
            if not done.written and not any(other.written for other in done.others) and not done.plan.brakes:
                break
        else:
            raise Violation("the tool does not come to rest")
        content = self.content()
        done = self.run()
        if done.written or any(other.written for other in done.others) or content != self.content():
            raise Violation("a second run writes")
        self.check()
        if lost := self.live - set(TOKEN.findall(self.seen())):
            raise Violation(f"{sorted(lost)} stand in no cell at rest")
        self._same({(conflict.row, conflict.column) for _code, conflict in done.plan.conflicts})

    def _same(self, torn) -> None:
        codes = dict(zip(TYPED, ("name", "problem", "district", "evidence"), strict=True))
        tables = {(n, tab): self.rows(n, tab) for n in (0, 1) for tab in TABS}
        for header, column in codes.items():
            values: dict[str, set[str]] = {}
            for place, rows in tables.items():
                for row, cells in rows.items() if self._has(*place, header) else ():
                    values.setdefault(row, set()).add(str(shown(cells.get(header))))
            for row, found in values.items():
                if len(found) > 1 and (row, column) not in torn:
                    raise Violation(f"{row} {header} says {sorted(found)}")
        if tables[0, MAIN].keys() != tables[1, MAIN].keys():
            raise Violation(f"rows differ: {tables[0, MAIN].keys() ^ tables[1, MAIN].keys()}")


WEIGHTS = {
    "edit": 8, "append": 3, "clear": 2, "put_back": 3, "add": 3, "delete": 3, "copy": 2, "sort": 2, "unname": 2, "cut": 2,
    "assign": 2, "rename_heading": 1, "name_back": 1, "decide": 4, "older_copy": 1, "restore": 1, "undo": 1,
}  # fmt: skip
ALONE = frozenset({"restore", "undo"})
"""These are runs of their own: while another is at work they are refused."""


def history(seed: int, steps: int) -> list[tuple]:
    """Plan a history: (act, numbers) or ("run", cut at, act at, act)."""
    rng = random.Random(seed)

    def act(names):
        name = rng.choices(names, [WEIGHTS[each] for each in names])[0]
        return name, [rng.randrange(60) for _ in range(6)]

    plan = []
    for _ in range(steps):
        if rng.random() < 0.35:
            cut = rng.randrange(1, STEPS_OF_A_RUN) if rng.random() < 0.4 else 0
            at = rng.randrange(1, STEPS_OF_A_RUN) if rng.random() < 0.4 else 0
            plan.append(("run", cut, at, act([name for name in WEIGHTS if name not in ALONE]) if at else None))
        else:
            plan.append(act(list(WEIGHTS)))
    return plan


def live(world: World, plan: list[tuple]) -> None:
    """Live through a history and come to rest.

    Raises:
        Violation: An invariant does not hold; the message ends with what happened.
    """
    taken = []
    try:
        for each in plan:
            taken.append(each)
            if each[0] == "run":
                world.run(*each[1:])
            else:
                world.act(*each)
            world.check()
        taken.append(("settle",))
        world.settle()
    except Violation as problem:
        raise Violation(f"{problem}; after {len(taken)} steps: {taken}") from problem
