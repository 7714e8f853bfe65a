"""Open what is remembered of a workbook, and understand which part of it a person asks about."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import NetzwerkError, WrongUse
from netzwerk_sheets.grid import Snapshot
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.state.past import last_run, lines, taken_over, to_undo
from netzwerk_sheets.state.store import Store
from netzwerk_sheets.state.strays import strays
from netzwerk_sheets.sync.book import Book, Content, tab_of
from netzwerk_sheets.sync.opening import open_workbook
from netzwerk_sheets.sync.order import Undoing
from netzwerk_sheets.sync.recall import Marker, as_recovered, book_code, former_state, store_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.config import Google
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.state.past import Line
    from netzwerk_sheets.sync.order import Order

NOTHING_READ = Snapshot((), {}, None, "")
_CELL = re.compile(r"(?P<tab>.+)!\$?(?P<letters>[A-Za-z]{1,3})\$?(?P<row>\d+)")


@contextmanager
def remembered(path: Path, google: Google | None = None) -> Iterator[Store | None]:
    """Open the state of a workbook for reading; `None` where nothing is remembered.

    Raises:
        NetzwerkError: The workbook cannot be read.
    """
    place = store_path(path)
    store = Store(place) if place.exists() else None
    if store is None:
        marker = Marker.read(open_workbook(path, google).read().marker)
        store = former_state(marker) if marker is not None else None
    elif store.pending() is not None:
        store = as_recovered(store, {"": open_workbook(path, google).read()})
    try:
        yield store
    finally:
        if store is not None:
            store.close()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a person asks about.

    Attributes:
        row: Id of a row.
        columns: Codes the column may have; empty for all.
        table: Code of the table; empty for all.
        spot: (code of a tab, address) of a computed cell, where one was named.
    """

    row: str = ""
    columns: frozenset[str] = frozenset()
    table: str = ""
    spot: tuple[str, str] = ("", "")

    def fits(self, line: Line) -> bool:
        """Say whether a line of history is about it."""
        if self.spot[0] and (line.table, line.change.row) == self.spot:
            return True
        if not self.row or line.change.row != self.row or (self.table and line.table != self.table):
            return False
        return not self.columns or not line.change.column or line.change.column in self.columns


def subject(path: Path, store: Store, typed: str, google: Google | None = None) -> Subject:
    """Understand ``P-014``, ``VHS``, ``P-014.Status`` or ``Partner!C5``.

    Raises:
        WrongUse: Nothing of that name is known.
    """
    if found := _CELL.fullmatch(typed):
        return _cell(path, found["tab"].strip("'"), found["letters"].upper(), int(found["row"]), google)
    rows = {line.change.row for line in lines(store)} | _known_rows(store)
    for row, column in ((typed, ""), *_parted(typed)):
        name = _row(store, row, rows)
        codes = _codes(column)
        if name and (codes or not column):
            return Subject(name, codes)
    raise WrongUse("subject-unknown", subject=typed)


def _parted(typed: str) -> list[tuple[str, str]]:
    row, point, column = typed.rpartition(".")
    return [(row, column)] if point else []


def _known_rows(store: Store) -> set[str]:
    return {row for (row,) in store.ask("SELECT DISTINCT row FROM hub UNION SELECT row FROM tombstone")}


def _row(store: Store, typed: str, rows: set[str]) -> str:
    """Give the id of a row: as typed, or that of the partner of this name."""
    folded = schema.fold(typed)
    by_id = next((row for row in rows if schema.fold(row) == folded), "")
    if by_id:
        return by_id
    partners = store.read("partners").hub
    names = ((row, cells.get(key)) for row, cells in partners.items() for key in ("short_name", "name"))
    return next((row for row, name in names if isinstance(name, str) and schema.fold(name) == folded), "")


def _codes(header: str) -> frozenset[str]:
    """Give the codes of columns with this header, whatever the table."""
    folded = schema.fold(header)
    return frozenset(
        column.code
        for table in schema.tables().values()
        for column in table.columns
        if header and folded in {schema.fold(text) for text in (column.code, *column.words.values())}
    )


def _cell(path: Path, title: str, letters: str, row: int, google: Google | None) -> Subject:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    located = locate(open_workbook(path, google).read())
    for seen in located.seen():
        if schema.fold(seen.tab.title) == schema.fold(title):
            codes = frozenset(code for code, number in seen.columns.items() if number == column)
            rows = [str(one.cells.get("id") or "") for one in seen.rows if one.number == row]
            place = f"{seen.place}.{seen.owner}" if seen.owner else seen.place
            return Subject(rows[0] if rows and codes else "", codes, seen.code, (place, f"{letters}{row}"))
    for (code, owner), name in located.tabs.items():
        if schema.fold(name) == schema.fold(title):
            return Subject(spot=(f"{code}.{owner}" if owner else code, f"{letters}{row}"))
    raise WrongUse("subject-unknown", subject=f"{title}!{letters}{row}")


def history(
    path: Path, *, about: str = "", run: int = 0, since: date | None = None, google: Google | None = None
) -> list[Line]:
    """Give the history of a workbook's values, oldest first; empty where nothing is remembered.

    Raises:
        WrongUse: What is asked about is not known.
    """
    with remembered(path, google) as store:
        if store is None:
            return []
        found = lines(store, run=run, since=since)
        if not about:
            return found
        wanted = subject(path, store, about, google)
        return [line for line in found if wanted.fits(line)]


def tab_names(path: Path, order: Order, words: Words) -> Callable[[str], str]:
    """Give what says which tab a replica is; one of a workbook that cannot be read is called by its usual words."""
    books: list[Book] = []
    for place in (path, *order.further):
        content = Content(NOTHING_READ)
        if books:
            content = Content(NOTHING_READ, code=book_code(place), name=place.name)
        with suppress(NetzwerkError):
            content = content._replace(snapshot=open_workbook(place, order.google).read())
        books.append(Book(content, order))
    with remembered(path, order.google) as store:
        copies = {code: each.name for code, each in strays(store).items()} if store is not None else {}
    return lambda replica: tab_of(replica, words, books, books[0], copies)


def undoing_of(path: Path, run: int = 0, google: Google | None = None) -> Undoing:
    """Give what an undo takes back.

    Args:
        path: The workbook.
        run: The run; 0 for the last in which a value of people changed.
        google: How to sign in to Google.

    Raises:
        WrongUse: There is nothing to take back.
    """
    with remembered(path, google) as store:
        if store is not None and not run and (copy := taken_over(store)):
            _require_not_taken_over(path, copy)
        chosen = (run or last_run(store)) if store is not None else 0
        changes = to_undo(store, chosen) if store is not None and chosen else {}
    if not changes:
        raise WrongUse("undo-unknown" if run else "undo-nothing", run=run)
    return Undoing(chosen, changes)


def _require_not_taken_over(path: Path, made: str) -> None:
    """Make sure that the last thing that happened is not a list that was taken into use where it stands.

    Raises:
        WrongUse: It is; the copy that was made before brings the old state back.
    """
    from netzwerk_sheets.sync.backups import saved_copies

    for number, copy in enumerate(saved_copies(path), start=1):
        if copy.made == made:
            raise WrongUse("undo-taken-over", file=path.name, number=number, copy=str(copy.path))


def shown_digests(path: Path, google: Google | None = None) -> dict[str, str]:
    """Give the conflicts that were shown to people last: id → digest of the versions."""
    from netzwerk_sheets.sync.disputes import Disputes

    with remembered(path, google) as store:
        return dict(Disputes.load(store.meta("disputes")).digests) if store is not None else {}
