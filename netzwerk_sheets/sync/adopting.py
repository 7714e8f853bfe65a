"""Take lists into use that people made by hand: what a pass is asked for, and what it writes for it.

A list that can be used where it stands gets ids and the headings that are missing, at its right. The rows of all
others go into the network's own tab; where they stood, nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import WorkbookChanged
from netzwerk_sheets.grid import AddTab, Cell, ResizeTable, SetCell, Spot, TabDesign, shown
from netzwerk_sheets.merge import Change, ChangeKind, counter, known_ids
from netzwerk_sheets.merge.ids import number_of
from netzwerk_sheets.sheets import cells, schema
from netzwerk_sheets.sheets.own_words import ALIAS, NO_WORDS, TAB, WORD, OwnWords
from netzwerk_sheets.sheets.render.frame import human_role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from netzwerk_sheets.grid import Edit, Snapshot, Tab, Value
    from netzwerk_sheets.merge import Row, Rows
    from netzwerk_sheets.sheets.adopting.guess import Guess
    from netzwerk_sheets.sheets.adopting.placing import Placement
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.locate import Located
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.order import Pass

SOURCE = "adopt"
"""Where rows come from that were brought over, in the history."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """Lists that a pass takes into use.

    Attributes:
        headings: New headings, each in an empty cell at the right of a list.
        sizes: Marked tables that grow with them.
        words: What the lists call tabs and columns.
        rows: Table code → rows that are brought over; ``id`` only where the list had one.
        copies: Tabs that hold a list from another file as it came.
        settings: Rows of the settings that remember the words.
        anchors: Headings of lists that are used where they stand, as people saw them when they agreed.
        file: Name of the workbook.
    """

    headings: tuple[SetCell, ...] = ()
    sizes: tuple[ResizeTable, ...] = ()
    words: OwnWords = NO_WORDS
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    copies: tuple[TabDesign, ...] = ()
    settings: Mapping[str, Row] = field(default_factory=dict)
    anchors: tuple[tuple[Spot, str], ...] = ()
    file: str = ""


NOTHING = Adoption()


# --- what is asked for ------------------------------------------------------------------------------------


def adoption_of(
    chosen: Iterable[tuple[Guess, Placement]], rows: Mapping[str, Sequence[Row]], copies: Iterable[TabDesign]
) -> tuple[Adoption, frozenset[str]]:
    """Say what a pass shall do for lists that people agreed to.

    Args:
        chosen: The lists, and where their rows will live.
        rows: Table code → rows that are brought over.
        copies: Tabs that hold lists from other files.

    Returns:
        What to write, and the codes of the tables that are used where they stand.
    """
    headings: list[SetCell] = []
    anchors: list[tuple[Spot, str]] = []
    sizes: list[ResizeTable] = []
    names: dict[str, dict[str, str]] = {}
    tabs: dict[str, str] = {}
    for found, where in chosen:
        region = found.region
        if not where.here:
            continue
        tabs[found.table] = region.tab
        names[found.table] = {schema.fold(heading): code for heading, code in where.aliases.items()}
        headings += [
            SetCell(Spot(region.tab, region.header_row, column), Cell(text), None, SOURCE)
            for column, (_, text) in where.added.items()
        ]
        anchors += [(Spot(region.tab, region.header_row, column), text) for column, text in region.headings.items()]
        if where.marked is not None and where.added:
            area = where.marked.area
            sizes.append(ResizeTable(region.tab, where.marked.name, area.last_row, max(where.added)))
    words = OwnWords(names, tabs)
    wanted = Adoption(tuple(headings), tuple(sizes), words, rows, tuple(copies), anchors=tuple(anchors))
    return wanted, frozenset(tabs)


def settings_rows(chosen: Iterable[tuple[Guess, Placement]], words: Words) -> dict[str, Row]:
    """Give the rows of the settings that remember what a list calls its tab and its columns."""
    found: dict[str, Row] = {}
    for guess, where in chosen:
        for key, value in _meanings(guess).items():
            told = cells.text_of(found.get(key, {}).get("value"))
            explanation = words.say("adopt.explain_word")
            found[key] = {"key": key, "value": together(told, value), "explanation": explanation}
        if not where.here:
            continue
        lines = {f"{TAB}.{guess.table}": (guess.region.tab, "adopt.explain_tab", "")}
        for heading, code in where.aliases.items():
            header = words.header(guess.table, code)
            lines[f"{ALIAS}.{guess.table}.{code}"] = (heading, "adopt.explain_alias", header)
        for key, (value, sentence, header) in lines.items():
            explanation = words.say(sentence, tab=words.tab(guess.table), column=header)
            found[key] = {"key": key, "value": value, "explanation": explanation}
    return found


def _meanings(guess: Guess) -> dict[str, str]:
    """Give the keys of settings for words of a list → those words."""
    found: dict[str, str] = {}
    for column, meanings in guess.words.items():
        vocabulary = schema.tables()[guess.table].column(column).of
        for text, code in meanings.items():
            if code and ";" not in text:
                key = f"{WORD}.{vocabulary}.{code}"
                found[key] = together(found.get(key, ""), text)
    return found


def together(present: str, more: str) -> str:
    """Join words of the settings, each once."""
    words = [word.strip() for word in f"{present};{more}".split(";")]
    return "; ".join(dict.fromkeys(word for word in words if word))


def rows_of(found: Guess) -> list[Row]:
    """Give the rows of a list as the network will hold them: the columns that are understood, values as typed."""
    codes = found.codes
    rows: list[Row] = []
    for number in sorted(found.region.rows):
        present = found.region.rows[number]
        row: Row = {code: present[column] for code, column in codes.items() if column in present}
        if row.keys() - {"id"} and (found.table != "contacts" or row.keys() - {"id", "partner"}):
            rows.append(row)
    return rows


def key_of(code: str, row: Mapping[str, Value]) -> tuple[str, ...]:
    """Give what a row is about, folded; empty where it does not say so."""
    table = schema.tables()[code]
    key = tuple(schema.fold(cells.text_of(row.get(column))) for column in table.key)
    if code == "partners" and not all(key):
        key = (schema.fold(cells.text_of(row.get("short_name"))),)
    return key if key and all(key) else ()


def is_there(code: str, row: Row, present: Iterable[Mapping[str, Value]], keys: Collection[tuple[str, ...]]) -> bool:
    """Say whether a row stands in the network already.

    Args:
        code: Code of the table.
        row: A row of a list.
        present: The rows of the network.
        keys: What those are about, and what rows were about when they were brought over earlier.
    """
    key = key_of(code, row)
    if key:
        return key in keys
    told = {name: cells.text_of(value) for name, value in row.items() if name != "id"}
    return any(all(cells.text_of(other.get(name)) == text for name, text in told.items()) for other in present)


def copy_of(tab: Tab, title: str, header_row: int, left_out: Mapping[tuple[int, int], str]) -> TabDesign:
    """Design a tab that holds a list from another file, each cell where it was; its headings stay in view.

    Formulas come as what they showed: in this workbook they would look at other cells, and at what is left out.

    Args:
        tab: The tab as read.
        title: Of the new one.
        header_row: Row of the first headings.
        left_out: Cells that do not come along → what stands there instead, or empty.
    """

    def role(row: int, value: Value) -> str:
        if row < header_row or isinstance(value, datetime | time):
            return ""
        return "head" if row == header_row else "date" if isinstance(value, date) else "cell"

    present = {(row, column): shown(value) for row, columns in tab.rows.items() for column, value in columns.items()}
    present = {spot: left_out.get(spot, value) for spot, value in present.items() if left_out.get(spot) != ""}
    every = {(row, column): Cell(value, role(row, value)) for (row, column), value in present.items()}
    widths: dict[int, float] = {}
    for (_, column), cell in every.items():
        widths[column] = min(60.0, max(widths.get(column, 10.0), len(cells.text_of(cell.value)) + 2.0))
    return TabDesign(title, every, widths, frozen=(header_row, 0))


# --- in a pass --------------------------------------------------------------------------------------------


def with_headings(snapshot: Snapshot, adoption: Adoption) -> Snapshot:
    """Give a workbook as it will be once the new headings of its lists stand.

    Raises:
        WorkbookChanged: A list is no longer where people saw it when they agreed; nothing was written.
    """
    wanted = adoption.headings
    present = {tab.title: tab.rows for tab in snapshot.tabs}
    for spot, text in adoption.anchors:
        if cells.text_of(present.get(spot.tab, {}).get(spot.row, {}).get(spot.column)) != text:
            raise WorkbookChanged("workbook-changed", file=adoption.file)
    if not wanted:
        return snapshot
    tabs = []
    for tab in snapshot.tabs:
        mine = [edit for edit in wanted if edit.spot.tab == tab.title]
        rows = {number: dict(columns) for number, columns in tab.rows.items()} if mine else tab.rows
        for edit in mine:
            if rows.get(edit.spot.row, {}).get(edit.spot.column) is None:
                rows = {**rows, edit.spot.row: {**rows.get(edit.spot.row, {}), edit.spot.column: edit.cell.value}}
        tabs.append(tab._replace(rows=rows))
    return snapshot._replace(tabs=tuple(tabs))


def brought_over(builder: Builder) -> None:
    """Put the rows of lists into the network; tables that are held back wait."""
    for code, rows in builder.order.adoption.rows.items():
        table, hub = builder.tables.get(code), builder.hubs.get(code)
        if hub is None or (table is not None and table.result.held):
            continue
        gone: Rows = table.result.tombstones if table is not None else {}
        new_id = table.new_id if table is not None else _numbers(builder, code, hub)
        changes = builder.tool_changes.setdefault(code, [])
        for row in rows:
            name = _own_id(code, row, gone.keys() | hub.keys()) or new_id()
            while name in hub:  # a row brought this id along
                name = new_id()
            hub[name] = {key: value for key, value in row.items() if key != "id" and value is not None}
            changes.append(Change(name, "", None, None, SOURCE, ChangeKind.INSERT))
            changes += [Change(name, key, None, value, SOURCE, ChangeKind.INSERT) for key, value in hub[name].items()]


def plan_adoption(builder: Builder, done: Pass) -> None:
    """Plan what lists need beside their rows: headings, what the settings remember, and copies of other files."""
    wanted = builder.order.adoption
    done.edits += [*wanted.headings, *wanted.sizes, *settings_edits(builder.located, wanted.settings)]
    done.edits += [AddTab(design) for design in wanted.copies]
    done.added += [design.title for design in wanted.copies]


def _numbers(builder: Builder, code: str, hub: Rows) -> Callable[[], str]:
    table = schema.tables()[code]
    state, highest = builder.memory.state_of(code)
    last = max([highest, *(number_of(row) for row in (*known_ids(state), *hub))])
    return counter(table.prefix, (), last, table.digits or 3)


def _own_id(code: str, row: Row, taken: Collection[str]) -> str:
    """Give the id that a row brings along, where it is one and nobody else has it."""
    table = schema.tables()[code]
    number = table.id_number(cells.text_of(row.get("id")))
    name = "" if number is None else table.make_id(number)
    return "" if name in taken else name


def settings_edits(located: Located, rows: Mapping[str, Row]) -> list[Edit]:
    """Give what adds rows to settings that stand already; a key that stands there gets the new value."""
    seen = located.tables.get("settings")
    if seen is None or not rows:
        return []
    known = {cells.text_of(row.cells.get("key")): row for row in seen.rows}
    edits: list[Edit] = []
    number = max([seen.last_row, *(row for row, columns in seen.tab.rows.items() if columns)])
    table = schema.tables()["settings"]
    for key, row in rows.items():
        old = known.get(key)
        if old is not None:
            spot = Spot(seen.tab.title, old.number, seen.columns["value"])
            present, wanted = cells.text_of(old.cells.get("value")), cells.text_of(row["value"])
            value = together(present, wanted) if key.startswith(f"{WORD}.") else wanted
            if value != present:
                edits.append(SetCell(spot, Cell(value), old.cells.get("value"), SOURCE))
            continue
        number += 1
        edits += [
            SetCell(
                Spot(seen.tab.title, number, seen.columns[code]),
                Cell(value, human_role(table.column(code))),
                None,
                SOURCE,
            )
            for code, value in row.items()
            if code in seen.columns
        ]
    if seen.marked is not None and number > seen.marked.area.last_row and not seen.marked.has_totals:
        edits.append(ResizeTable(seen.tab.title, seen.marked.name, number))
    return edits
