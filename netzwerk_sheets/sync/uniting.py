"""Make one row of two that mean the same organisation; every word of both stays findable.

Empty cells take the other row's value, several values are united, free text is joined. Where two single values
differ, the row that stays keeps its own, and the other one goes to its remarks, with the heading it stood under.
What referred to the row that goes refers to the one that stays. It lies among the deleted rows, whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.duplicates import same_organisations
from netzwerk_sheets.merge import Change, ChangeKind
from netzwerk_sheets.sheets import cells, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge import Row, Rows
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sync.tables import Merged

SOURCE = "unite"
"""Where the changes come from, in the history."""

CODE, NOTE = "partners", "note"
NAMES = ("short_name", "name")
LONGEST = 30_000
"""Letters that the remarks may have afterwards; a cell holds few more."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows of partners that people said are one.

    Attributes:
        keep: Id of the row that stays.
        drop: Id of the row that goes.
        names: What both were called when people said so; a row of another name is left alone.
    """

    keep: str
    drop: str
    names: tuple[str, str]


def name_of(row: Mapping[str, Value]) -> str:
    """Give the name of a partner: the full one, else the short one."""
    return cells.text_of(row.get("name")) or cells.text_of(row.get("short_name"))


@dataclass(frozen=True, slots=True)
class Named:
    """A partner as people are asked about it."""

    id: str
    name: str


def alike(partners: Rows, tasks: Iterable[str]) -> list[tuple[Named, Named, Pair | None]]:
    """Find rows that may mean the same organisation, each pair with which of both would stay."""
    ids, known = list(partners), list(tasks)
    names = [(cells.text_of(row.get("name")), cells.text_of(row.get("short_name"))) for row in partners.values()]
    found = []
    for first, second, _ in same_organisations(names, schema.abbreviations()):
        one, other = ids[first], ids[second]
        pair = pair_of(one, other, partners, known)
        found.append((Named(one, name_of(partners[one])), Named(other, name_of(partners[other])), pair))
    return found


def united(changes: Iterable[Change]) -> int:
    """Count the rows that went because they were united with another one."""
    return sum(each.source == SOURCE and each.kind is ChangeKind.DELETE and not each.column for each in changes)


def has_tasks(row: str, tasks: Iterable[str]) -> bool:
    """Say whether a partner has task sheets; their tasks bear its id."""
    return any(task.partition(".")[0] == row for task in tasks)


def pair_of(one: str, other: str, partners: Rows, tasks: Iterable[str]) -> Pair | None:
    """Say which of two rows stays: the one with task sheets, else the older one; `None` where both have some."""
    known = list(tasks)
    first, second = has_tasks(one, known), has_tasks(other, known)
    if first and second:
        return None
    keep, drop = (other, one) if second else (one, other)
    return Pair(keep, drop, (name_of(partners[keep]), name_of(partners[drop])))


def unite(tables: Mapping[str, Merged], pairs: Sequence[Pair], words: Words) -> dict[str, Merged]:
    """Unite rows of partners in merged tables.

    Args:
        tables: Table code → what merging made of it.
        pairs: What people said.
        words: Language of the workbook.

    Returns:
        The tables. A pair is left alone where its rows are not what people saw, where something about them is to be
        decided first, or where the remarks would not fit into a cell.
    """
    found = dict(tables)
    for pair in pairs:
        table = found.get(CODE)
        if table is None or not _may(table, pair):
            continue
        row = _united(table, pair, words)
        if len(cells.text_of(row.get(NOTE))) > LONGEST:
            continue
        before = table.hub
        found[CODE] = _with(table, pair, row)
        follow = _Follow(pair, before, row)
        found = {code: follow.table(each) for code, each in found.items()}
    return found


def _may(table: Merged, pair: Pair) -> bool:
    hub, result = table.hub, table.result
    if result.held or pair.keep == pair.drop or not {pair.keep, pair.drop} <= hub.keys():
        return False
    disputed = {conflict.row for conflict in result.conflicts}
    disputed |= {row for pairs in result.proposals.values() for both in pairs.items() for row in both}
    same = (name_of(hub[pair.keep]), name_of(hub[pair.drop])) == pair.names
    return same and not disputed & {pair.keep, pair.drop}


# --- one row of two ---------------------------------------------------------------------------------------


def _united(table: Merged, pair: Pair, words: Words) -> Row:
    kept, gone = table.hub[pair.keep], table.hub[pair.drop]
    row = dict(kept)
    remarks: list[str] = []
    for column in table.table.columns:
        if column.code in {"id", NOTE}:
            continue
        one, other = kept.get(column.code), gone.get(column.code)
        if not cells.text_of(other) or _same(column, one, other):
            continue
        if not cells.text_of(one):
            row[column.code] = other
        elif column.many:
            row[column.code] = _joined(column, cells.text_of(one), cells.text_of(other))
        elif column.kind == "note":
            row[column.code] = f"{cells.text_of(one)}\n{cells.text_of(other)}"
        else:
            remarks.append(_remark(words, column.header(words.language), pair.drop, other))
    remarks += [_remark(words, heading, pair.drop, value) for heading, value in _private(table, pair.drop)]
    notes = [cells.text_of(kept.get(NOTE)), cells.text_of(gone.get(NOTE)), *remarks]
    note = "\n".join(dict.fromkeys(text for text in notes if text))
    if note:
        row[NOTE] = note
    return row


def _remark(words: Words, heading: str, row: str, value: Value) -> str:
    return words.say("adopt.other_value", heading=heading, row=row, value=words.plain(value))


def _same(column: schema.Column, one: Value, other: Value) -> bool:
    first, second = schema.fold(cells.text_of(one)), schema.fold(cells.text_of(other))
    codes = schema.word_codes(column.of) if column.kind == "choice" else {}
    return codes.get(first, first) == codes.get(second, second)


def _joined(column: schema.Column, one: str, other: str) -> str:
    codes = schema.word_codes(column.of) if column.kind == "choices" else {}

    def meaning(piece: str) -> str:
        return codes.get(schema.fold(piece), schema.fold(piece))

    present = {meaning(piece) for piece in cells.split(one, lambda piece: schema.fold(piece) in codes)}
    pieces = cells.split(other, lambda piece: schema.fold(piece) in codes)
    return "; ".join([one, *(piece for piece in pieces if meaning(piece) not in present)])


def _private(table: Merged, row: str) -> list[tuple[str, Value]]:
    """Give what people keep in columns of their own beside a row: (heading, value)."""
    found = []
    for replica, snapshot in table.snapshots.items():
        seen = table.seen[replica]
        for column, value in snapshot.private.get(row, {}).items():
            if cells.text_of(value):
                found.append((seen.unknown.get(int(column), ""), value))
    return found


def _with(table: Merged, pair: Pair, row: Row) -> Merged:
    """Put the row that stays into its table, and the one that goes among the deleted ones."""
    hub, result = table.hub, table.result
    kept, gone = hub[pair.keep], hub[pair.drop]
    changes = [
        Change(pair.keep, code, kept.get(code), value, SOURCE, ChangeKind.EDIT)
        for code, value in row.items()
        if kept.get(code) != value
    ]
    changes.append(Change(pair.drop, "", None, None, SOURCE, ChangeKind.DELETE))
    changes += [Change(pair.drop, code, value, None, SOURCE, ChangeKind.DELETE) for code, value in gone.items()]
    rows = {name: row if name == pair.keep else each for name, each in hub.items() if name != pair.drop}
    buried = {**result.tombstones, pair.drop: gone}
    return replace(
        table, result=replace(result, hub=rows, tombstones=buried, changes=(*result.changes, *changes))
    )  # fmt: skip


# --- what refers to it ------------------------------------------------------------------------------------


class _Follow:
    """Lets references to a row that goes lead to the one that stays.

    Args:
        pair: The rows.
        before: The partners before they were united.
        row: The row that stays, as it is now.
    """

    def __init__(self, pair: Pair, before: Rows, row: Row) -> None:
        self.pair = pair
        now = {schema.fold(cells.text_of(row.get(code))) for code in NAMES}
        others = {
            schema.fold(cells.text_of(each.get(code)))
            for name, each in before.items()
            if name not in {pair.keep, pair.drop}
            for code in NAMES
        }
        gone = {schema.fold(cells.text_of(before[pair.drop].get(code))) for code in NAMES}
        self.names = gone - now - others - {""}
        self.label = next((cells.text_of(row.get(code)) for code in NAMES if cells.text_of(row.get(code))), pair.keep)

    def table(self, table: Merged) -> Merged:
        """Give a table whose references follow."""
        columns = [column for column in table.table.columns if column.of == CODE and column.kind in {"ref", "refs"}]
        if not columns or table.result.held:
            return table
        hub, changes = dict(table.hub), []
        for name, row in table.hub.items():
            for column in columns:
                old = row.get(column.code)
                new = self._led(old, many=column.many) if old is not None else None
                if new is not None:
                    hub[name] = {**hub[name], column.code: new}
                    changes.append(Change(name, column.code, old, new, SOURCE, ChangeKind.EDIT))
        if not changes:
            return table
        return replace(table, result=replace(table.result, hub=hub, changes=(*table.result.changes, *changes)))

    def _led(self, value: Value, *, many: bool) -> str | None:
        text = cells.text_of(value)
        known = self.names | {schema.fold(self.pair.drop)}
        pieces = cells.split(text, lambda piece: schema.fold(piece) in known) if many else [text]
        if not any(schema.fold(piece) in known for piece in pieces):
            return None
        led = [self._one(piece) for piece in pieces]
        return "; ".join(dict.fromkeys(led))

    def _one(self, piece: str) -> str:
        folded = schema.fold(piece)
        if folded == schema.fold(self.pair.drop):
            return self.pair.keep
        return self.label if folded in self.names else piece
