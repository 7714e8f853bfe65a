"""Find the network's tables in a workbook as people left it.

A tab is ours where one of our defined names points to it; names follow a tab that people rename or move. In a
workbook without our marker a tab counts when its name and its required headers both fit. Columns are found by
their headers wherever they stand; title rows above, notes beside and columns we do not know are left alone.
The settings may hold other headings (``alias.partners.name``) and another tab's name (``tab.partners``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Snapshot, Tab, TableArea, Value, shown
from netzwerk_sheets.sheets.own_words import NO_HEADINGS, NO_WORDS, OwnWords, own_words, understood
from netzwerk_sheets.sheets.schema import Table, fold, tab_words, tables, views

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME_PREFIX = "NETZ_"
HEADER_SEARCH_ROWS = 30
_NEVER_BLANK = frozenset({int, float, date})


def name_for(code: str, owner: str = "") -> str:
    """Write the defined name of a tab: ``NETZ_onboarding.P_007``."""
    return NAME_PREFIX + code + ("." + owner.replace("-", "_") if owner else "")


def name_parts(name: str) -> tuple[str, str] | None:
    """Read code and owner from one of our defined names; `None` for any other name."""
    if not name.upper().startswith(NAME_PREFIX):
        return None
    code, _, owner = name[len(NAME_PREFIX) :].partition(".")
    return code, owner.replace("_", "-")


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as it stands in a tab: the known columns by code, values as typed."""

    number: int
    cells: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table as it stands in a tab.

    Attributes:
        code: Code of the table in the schema.
        place: Code of the tab, for example ``onboarding``; the table's own code for its main tab.
        owner: Whose generated tab it is, for example ``P-007``; empty for main tabs.
        columns: Column code → column number; doubled headers are left out.
        unknown: Column number → header text of columns people added.
        doubled: Codes of columns whose header stands more than once; they are not read.
        missing: Codes of required columns whose header was not found.
        last_row: The last filled row, or the header row where the table is empty.
    """

    code: str
    place: str
    owner: str
    tab: Tab
    header_row: int
    columns: Mapping[str, int]
    rows: tuple[SeenRow, ...]
    last_row: int
    unknown: Mapping[int, str] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    marked: TableArea | None = None

    @property
    def healthy(self) -> bool:
        """Whether the table may be read: its required headers are there, each once."""
        return not self.missing and not any(code in self.doubled for code in self.table.required)

    @property
    def table(self) -> Table:
        """The table with the columns that this tab shows."""
        return tables()[self.code].at(self.place)


@dataclass(frozen=True, slots=True)
class Located:
    """Where everything stands.

    Attributes:
        tables: Table code → main table.
        sheets: (place, owner) → generated tab that shows rows of a table: a partner's tasks, a group's needs.
        tabs: (place, owner) → title of every tab of ours.
        removed: (place, owner) of tabs of ours that people deleted.
    """

    tables: Mapping[str, SeenTable]
    sheets: Mapping[tuple[str, str], SeenTable]
    tabs: Mapping[tuple[str, str], str]
    removed: frozenset[tuple[str, str]]

    def seen(self) -> Iterable[SeenTable]:
        """Give every table and generated tab."""
        yield from self.tables.values()
        yield from self.sheets.values()


def _headers(tab: Tab, row: int) -> dict[int, str]:
    found = {}
    for column, value in tab.rows.get(row, {}).items():
        text = shown(value)
        if isinstance(text, str) and text.strip():
            found[column] = text
    return found


def find_header(tab: Tab, table: Table, hint: int | None = None, own: Mapping[str, str] = NO_HEADINGS) -> int | None:
    """Find the header row of a table in a tab, or `None` where no row looks like it.

    Args:
        tab: The tab.
        table: The table looked for.
        hint: Where the header stood when the tool last wrote it.
        own: Headings of the network's own, folded → column code.
    """
    required = set(table.required)

    def score(row: int) -> tuple[bool, int]:
        known = set(understood(table, _headers(tab, row).values(), own).values())
        return required <= known, len(known)

    if hint is not None and score(hint)[0]:
        return hint
    rows = [row for row in sorted(tab.rows) if row <= HEADER_SEARCH_ROWS]
    if hint is not None and hint not in rows and hint in tab.rows:
        rows.append(hint)
    best = max(rows, key=lambda row: (*score(row), row == hint, -row), default=None)
    if best is None or score(best)[1] < min(2, len(table.columns)):
        return None
    return best


def _columns(
    table: Table, headers: Mapping[int, str], own: Mapping[str, str]
) -> tuple[dict[str, int], dict[int, str], list[str]]:
    codes = understood(table, headers.values(), own)
    places: dict[str, list[int]] = {}
    unknown = {}
    for column, text in sorted(headers.items()):
        code = codes.get(text)
        if code is None:
            unknown[column] = text
        else:
            places.setdefault(code, []).append(column)
    doubled = [code for code, found in places.items() if len(found) > 1]
    return {code: found[0] for code, found in places.items() if len(found) == 1}, unknown, doubled


def _end(tab: Tab, header_row: int) -> tuple[int, TableArea | None]:
    """Give the last row that may belong to the table, and its marked table where there is one."""
    for marked in tab.tables:
        if marked.area.first_row == header_row:
            last = marked.area.last_row
            return (last - 1 if marked.has_totals else 1 << 30), marked
    return 1 << 30, None


def _blank(value: Value) -> bool:
    if type(value) in _NEVER_BLANK:
        return False
    plain = shown(value)
    return plain is None or (isinstance(plain, str) and not plain.strip())


def _named(table: Table, known: Mapping[str, Value]) -> bool:
    return isinstance(shows := known.get("id"), str) and table.id_number(shows) is not None


def _rows(table: Table, tab: Tab, header_row: int, columns: Mapping[str, int]) -> list[SeenRow]:
    """Read the rows below the header.

    A row behind a blank one belongs to the table when it has a well-formed id or two filled known cells;
    otherwise it is a note that people wrote below.
    """
    end, _ = _end(tab, header_row)
    codes = {column: code for code, column in columns.items()}
    found: list[SeenRow] = []
    expected = header_row + 1
    for number in sorted(row for row in tab.rows if header_row < row <= end):
        cells = tab.rows[number]
        known = {
            codes[column]: value
            for column, value in cells.items()
            if column in codes and (value.strip() if type(value) is str else not _blank(value))
        }
        if not known:
            continue
        if number > expected and len(known) < 2 and not _named(table, known):
            continue
        found.append(SeenRow(number, known))
        expected = number + 1
    return found


def see(
    table: Table, tab: Tab, *, place: str, owner: str = "", hint: int | None = None, own: OwnWords = NO_WORDS
) -> SeenTable | None:
    """Read one table out of a tab; `None` where no header row is found."""
    table = table.at(place)
    names = own.headings.get(table.code, NO_HEADINGS)
    header_row = find_header(tab, table, hint, names)
    if header_row is None:
        return None
    columns, unknown, doubled = _columns(table, _headers(tab, header_row), names)
    rows = _rows(table, tab, header_row, columns)
    return SeenTable(
        code=table.code,
        place=place,
        owner=owner,
        tab=tab,
        header_row=header_row,
        columns=columns,
        rows=tuple(rows),
        last_row=rows[-1].number if rows else header_row,
        unknown=unknown,
        doubled=tuple(doubled),
        missing=tuple(c for c in table.required if c not in columns and c not in doubled),
        marked=_end(tab, header_row)[1],
    )


def with_columns(seen: SeenTable, more: Mapping[str, int]) -> SeenTable:
    """Read a table again with further columns: column code → column number."""
    columns = {**seen.columns, **more}
    rows = _rows(seen.table, seen.tab, seen.header_row, columns)
    return replace(
        seen,
        columns=columns,
        rows=tuple(rows),
        last_row=rows[-1].number if rows else seen.header_row,
        unknown={place: text for place, text in seen.unknown.items() if place not in set(more.values())},
        missing=tuple(code for code in seen.missing if code not in columns),
    )


def _by_name(snapshot: Snapshot) -> tuple[dict[tuple[str, str], tuple[str, int]], set[tuple[str, str]]]:
    places: dict[tuple[str, str], tuple[str, int]] = {}
    removed = set()
    for name, spot in snapshot.names.items():
        parts = name_parts(name)
        if parts is None or parts[0] not in tab_words():
            continue
        if spot is None:
            removed.add(parts)
        else:
            places[parts] = (spot.tab, spot.row)
    return places, removed


def _rows_of_settings(
    snapshot: Snapshot, places: Mapping[tuple[str, str], tuple[str, int]]
) -> list[Mapping[str, Value]]:
    """Find the settings, which say what everything else is called."""
    title, row = places.get(("settings", ""), ("", None))
    names = {fold(word) for word in tab_words()["settings"].values()}
    for tab in snapshot.tabs:
        if tab.title == title or (not title and fold(tab.title) in names):
            seen = see(tables()["settings"], tab, place="settings", hint=row)
            return [each.cells for each in seen.rows] if seen else []
    return []


def locate(snapshot: Snapshot, more: OwnWords = NO_WORDS) -> Located:
    """Find every table of the network in a workbook.

    Args:
        snapshot: The workbook.
        more: Names of tabs and headings that are about to be written into its settings.
    """
    places, removed = _by_name(snapshot)
    own = own_words(_rows_of_settings(snapshot, places)).joined(more)
    titles = {tab.title: tab for tab in snapshot.tabs}
    taken = {title for title, _ in places.values()}
    for code, words in tab_words().items():
        known = {fold(word) for word in (*words.values(), *({own.tabs[code]} if code in own.tabs else ()))}
        if (code, "") in places or (code, "") in removed or code not in tables():
            continue
        for tab in sorted(snapshot.tabs, key=lambda tab: tab.title != own.tabs.get(code)):
            if tab.title in taken or fold(tab.title) not in known:
                continue
            seen = see(tables()[code], tab, place=code, own=own)
            if seen is not None and seen.healthy:
                places[code, ""] = (tab.title, seen.header_row)
                taken.add(tab.title)
                break
    main: dict[str, SeenTable] = {}
    sheets: dict[tuple[str, str], SeenTable] = {}
    for (code, owner), (title, row) in places.items():
        view = views().get(code)
        table = tables().get(view.table if view else code)
        if table is None or title not in titles:
            continue
        seen = see(table, titles[title], place=code, owner=owner, hint=row, own=own)
        if seen is None:
            continue
        if view or owner:
            sheets[code, owner] = seen
        else:
            main[code] = seen
    tabs = {key: title for key, (title, _) in places.items() if title in titles}
    return Located(main, sheets, tabs, frozenset(removed))
