"""Look for lists that people made by hand, in a workbook and in other files, and ask a pass to take them into use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.lists import read_list
from netzwerk_sheets.languages import LANGUAGES
from netzwerk_sheets.sheets import cells, schema
from netzwerk_sheets.sheets.adopting.guess import Known, guess_all, persons_in
from netzwerk_sheets.sheets.adopting.mapping import carried_out, fits
from netzwerk_sheets.sheets.adopting.persons import contact_columns
from netzwerk_sheets.sheets.adopting.placing import Placement, place
from netzwerk_sheets.sheets.adopting.regions import find_regions
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import locate, name_for
from netzwerk_sheets.sheets.settings import read_settings
from netzwerk_sheets.state.past import lines
from netzwerk_sheets.sync import setup
from netzwerk_sheets.sync.adopting import (
    SOURCE,
    adoption_of,
    is_there,
    key_of,
    rows_of,
    settings_rows,
)
from netzwerk_sheets.sync.list_copies import copies_of_lists
from netzwerk_sheets.sync.opening import open_workbook
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.past import remembered
from netzwerk_sheets.sync.seeds import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.config import Google
    from netzwerk_sheets.grid import Snapshot, Tab
    from netzwerk_sheets.merge import Row
    from netzwerk_sheets.sheets.adopting.guess import Column, Guess
    from netzwerk_sheets.sheets.adopting.mapping import Entry
    from netzwerk_sheets.sheets.locate import Located
    from netzwerk_sheets.sync.order import Pass

NAMES = ("short_name", "name", "title")


@dataclass(frozen=True, slots=True)
class Offer:
    """A list that may be taken into use.

    Attributes:
        found: What it is.
        where: Where its rows will live.
        rows: The rows that are new to the network.
        present: How many of its rows are there already.
        tab: The tab it stands on.
        persons: Its columns of contact data.
    """

    found: Guess
    where: Placement
    rows: tuple[Row, ...]
    present: int
    tab: Tab
    persons: tuple[Column, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether there is anything to take into use."""
        return bool(self.rows)

    @property
    def left_out(self) -> tuple[Column, ...]:
        """Give the columns that do not come along where a list from another file becomes a tab of its own."""
        return self.persons if self.found.source else ()

    @property
    def brings_persons(self) -> bool:
        """Whether it carries contact data to another tab, and nobody said before that it shall."""
        return self.found.table == "contacts" and not self.where.here and not self.found.told


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    Attributes:
        offers: The lists that are understood, in the order they stand.
        strange: (name of the file or empty, title of the tab) of lists that are not understood.
        ours: Codes of the tables that the network has already.
        words: Language of the workbook.
        has_marker: Whether the workbook is a network's already.
        taken: Titles of all tabs, folded.
    """

    offers: tuple[Offer, ...]
    strange: tuple[tuple[str, str], ...]
    ours: frozenset[str]
    words: Words
    has_marker: bool
    taken: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Source:
    """A file with lists, or the workbook itself (its name is empty)."""

    name: str
    tabs: tuple[Tab, ...]


def survey(
    workbook: Path, files: Sequence[Path], google: Google | None, language: str, *,
    entries: Sequence[Entry] = (), told: bool = False,
) -> Survey:  # fmt: skip
    """Look for lists; nothing is written.

    Args:
        workbook: The workbook.
        files: Files with lists; where there are none, the workbook itself is looked through.
        google: How to sign in to Google.
        language: Language of a workbook that is not a network's yet.
        entries: What people agreed to earlier.
        told: Whether only the lists of `entries` count.

    Raises:
        NetzwerkError: A file cannot be read, or an entry is about a list that is not there.
    """
    snapshot = open_workbook(workbook, google).read()
    located = locate(snapshot)
    named = {name.upper() for name, spot in snapshot.names.items() if spot is not None}
    ours = {code for code, owner in located.tabs if not owner and name_for(code).upper() in named}
    titles = {title for key, title in located.tabs.items() if name_for(*key).upper() in named}
    words = Words(read_settings(located.tables["settings"]).language if "settings" in ours else language)
    own = _Source("", tuple(tab for tab in snapshot.tabs if tab.visible and tab.title not in titles))
    sources = [_Source(file.name, read_list(file)) for file in files] if files else [own]
    present = _present(located, ours, words, snapshot)
    known = _known(present)
    guesses = list(_told(sources, entries, known) if told else _guessed(sources, entries, known))
    placed = _placed(guesses, sources, words, ours, settings=snapshot.marker is None or "settings" in ours)
    keys = _keys_of_earlier(workbook, google, present)
    offers = []
    for found, where, tab in placed:
        rows = rows_of(found)
        if where.here:
            present.setdefault(found.table, []).extend(rows)
            offers.append(Offer(found, where, tuple(rows), 0, tab))
    for found, where, tab in placed:
        if not where.here:
            rows = rows_of(found)
            there = present.get(found.table, [])
            seen = {key_of(found.table, row) for row in there} | keys.get(found.table, set())
            fresh = tuple(row for row in rows if not is_there(found.table, row, there, seen))
            offers.append(Offer(found, where, fresh, len(rows) - len(fresh), tab))
    order = {id(found): number for number, (found, _, _) in enumerate(placed)}
    offers.sort(key=lambda offer: order[id(offer.found)])
    offers = [replace(offer, persons=_persons(offer.found, guesses, known)) for offer in offers]
    strange = tuple(
        (found.source, found.region.tab) for found in guesses if not found.table and not found.told
    )  # fmt: skip
    taken = frozenset(title.casefold() for title in (*snapshot.taken, *(tab.title for tab in snapshot.tabs)))
    return Survey(
        tuple(offers), tuple(dict.fromkeys(strange)), frozenset(ours), words, snapshot.marker is not None, taken
    )


# --- what is there ----------------------------------------------------------------------------------------


def _present(located: Located, ours: set[str], words: Words, snapshot: Snapshot) -> dict[str, list[Row]]:
    """Give the rows that the network has, or begins with."""
    found: dict[str, list[Row]] = {
        code: [row.cells for row in seen.rows] for code, seen in located.tables.items() if code in ours
    }
    if snapshot.marker is None:
        for code, rows in catalogue(words).items():
            found.setdefault(code, list(rows.values()))
    return found


def _known(present: Mapping[str, Iterable[Mapping[str, object]]]) -> Known:
    names: dict[str, frozenset[str]] = {}
    for code, rows in present.items():
        texts = (row.get(column) for row in rows for column in NAMES)
        names[code] = frozenset(schema.fold(str(text)) for text in texts if text)
    both = (catalogue(Words(language))["domains"].values() for language in LANGUAGES)
    domains = {schema.fold(cells.text_of(row["name"])) for rows in both for row in rows}
    return Known({**names, "domains": names.get("domains", frozenset()) | domains})


def _keys_of_earlier(
    workbook: Path, google: Google | None, present: Mapping[str, Sequence[Mapping[str, object]]]
) -> dict[str, set[tuple[str, ...]]]:
    """Give what rows were about when they were brought over, for those that stand: people may rename them since."""
    rows: dict[tuple[str, str], dict[str, object]] = {}
    standing = {(code, str(row.get("id"))) for code, each in present.items() for row in each}
    with remembered(workbook, google) as store:
        for line in lines(store) if store is not None else ():
            change = line.change
            if change.source == SOURCE and change.column and (line.table, change.row) in standing:
                rows.setdefault((line.table, change.row), {})[change.column] = change.after
    found: dict[str, set[tuple[str, ...]]] = {}
    for (code, _), row in rows.items():
        found.setdefault(code, set()).add(key_of(code, row))  # type: ignore[arg-type]  # values as they were typed
    return {code: keys - {()} for code, keys in found.items()}


# --- what the lists are -----------------------------------------------------------------------------------


def _told(sources: Sequence[_Source], entries: Sequence[Entry], known: Known) -> Iterator[Guess]:
    """Find the lists that a mapping names, among the files at hand."""
    by_name = {source.name: source for source in sources}
    for entry in entries:
        source = by_name.get(entry.source)
        if source is None and len(sources) == 1 and len({each.source for each in entries}) == 1 and entry.source:
            source = sources[0]  # a file that was given another name
        if source is None:
            continue
        tab = next((tab for tab in source.tabs if tab.title == entry.tab), None)
        if tab is None and len(source.tabs) == 1:
            tab = source.tabs[0]
        yield replace(carried_out(entry, tab, known), source=source.name)


def _guessed(sources: Sequence[_Source], entries: Sequence[Entry], known: Known) -> Iterator[Guess]:
    for source in sources:
        regions = [region for tab in source.tabs for region in find_regions(tab)]
        for found in guess_all(regions, known, source.name):
            tab = next(tab for tab in source.tabs if tab.title == found.region.tab)
            entry, persons = _agreed(entries, found)
            chosen = found if entry is None else carried_out(entry, tab, known)
            yield chosen
            beside = persons_in(chosen, known) if persons is None else carried_out(persons, tab, known)
            if beside is not None:
                yield beside


def _agreed(entries: Sequence[Entry], found: Guess) -> tuple[Entry | None, Entry | None]:
    """Give what people said last about a list, and about the persons it names beside its partners."""
    region = found.region
    about = [
        entry
        for entry in entries
        if (entry.source, entry.tab) == (found.source, region.tab)
        and (entry.heading_row, entry.first_column) == (region.header_row, region.first_column)
        and fits(entry, region)
    ]
    lists = [entry for entry in about if entry.table != "contacts"]
    persons = [entry for entry in about if entry.table == "contacts"]
    if not lists:  # the whole list is one of contacts
        lists, persons = persons, []
    return (lists[-1] if lists else None), (persons[-1] if persons else None)


def _placed(
    guesses: Sequence[Guess], sources: Sequence[_Source], words: Words, ours: set[str], *, settings: bool
) -> list[tuple[Guess, Placement, Tab]]:
    """Say where the rows of each list will live; of several lists of one kind the longest may stay where it is."""
    tabs = {(source.name, tab.title): tab for source in sources for tab in source.tabs}
    understood = [found for found in guesses if found.table and found.region.rows]
    taken = set(ours)
    partners = {_spot(found) for found in understood if found.table == "partners"}
    placed: dict[int, Placement] = {}
    for found in sorted(understood, key=lambda each: -len(each.region.rows)):
        tab = None if found.source else tabs["", found.region.tab]
        reason = "persons" if found.table == "contacts" and _spot(found) in partners else "chosen"
        where = place(found, tab, words, taken=taken, settings=settings) if found.here else Placement(reason)
        placed[id(found)] = where
        if where.here:
            taken.add(found.table)
    return [(found, placed[id(found)], tabs[found.source, found.region.tab]) for found in understood]


def _persons(found: Guess, guesses: Sequence[Guess], known: Known) -> tuple[Column, ...]:
    """Give the columns of contact data of a list; none for the contacts that another list names beside its rows."""
    same = [each for each in guesses if _spot(each) == _spot(found)]
    if found.table == "contacts":
        return () if any(each.table != "contacts" for each in same) else contact_columns(found)
    beside = next((each for each in same if each.table == "contacts"), None)
    return contact_columns(found, beside or persons_in(found, known))


def _spot(found: Guess) -> tuple[str, str, int, int]:
    return found.source, found.region.tab, found.region.header_row, found.region.first_column


# --- what is asked for ------------------------------------------------------------------------------------


def order_of(seen: Survey, chosen: Sequence[Offer], today: date, workbook: Path) -> Order:
    """Ask a pass to take lists into use.

    Args:
        seen: What was found.
        chosen: The lists that people agreed to.
        today: The day.
        workbook: The workbook.
    """
    pairs = [(offer.found, offer.where) for offer in chosen]
    rows: dict[str, list[Row]] = {}
    for offer in chosen:
        if not offer.where.here:
            rows.setdefault(offer.found.table, []).extend(offer.rows)
    copies = copies_of_lists(seen, chosen)
    adoption, here = adoption_of(pairs, rows, copies)
    adoption = replace(adoption, file=workbook.name)
    known = settings_rows(pairs, seen.words)
    base = Order(today) if seen.has_marker else setup.tabs_for(seen.words.language, demo=False, today=today)
    seeds = {code: table for code, table in base.seeds.items() if code not in seen.ours | here}
    if "settings" in seeds:
        seeds["settings"] = {**seeds["settings"], **known}
    else:
        adoption = replace(adoption, settings=known)
    create = (base.create | rows.keys()) - seen.ours - here
    return replace(
        base, create=frozenset(create), seeds=seeds, take_over=here, adoption=adoption, again=not seen.has_marker
    )


def taken_by(plan: Pass, chosen: Sequence[Offer]) -> tuple[int, list[str]]:
    """Say what a pass took into use.

    Args:
        plan: The pass.
        chosen: The lists that people agreed to.

    Returns:
        How many rows are in use, and the titles of tabs that did not take theirs: they are held back until people
        decide something.
    """
    rows, left = 0, []
    for code in dict.fromkeys(offer.found.table for offer in chosen):
        offers = [offer for offer in chosen if offer.found.table == code]
        wanted = sum(len(offer.rows) for offer in offers)
        changes = plan.changes.get(code, ())
        came = sum(each.source == SOURCE and not each.column for each in changes)
        if code in plan.located.tables:
            came += sum(len(offer.rows) for offer in offers if offer.where.here)
        rows += came
        left += [plan.words.tab(code)] if came < wanted else []
    return rows, left
