"""A person at work in a workbook: types, inserts, deletes, sorts, renames, as people do in Excel."""

import contextlib
import hashlib
import io
import json
import re
import sys
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.cli.group import run
from netzwerk_sheets.grid import Cell, Formula, SetCell, Spot, shown

DAY = "2025-05-15"
"""The day of the demo network."""


@dataclass
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


def netz(*arguments):
    """Run a command in this process, as the shell would."""
    words = [str(one) for one in arguments]
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["netzwerk", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
    finally:
        sys.argv = before
    return Result(code, out.getvalue(), err.getvalue())


def sync(person, *more, day=DAY):
    """Sync the workbook of a person."""
    return netz("sync", person.path, "--today", day, *more)


def document(person, *more, day=DAY):
    """Sync it, and give what the run told as its document."""
    return json.loads(sync(person, "--json", *more, day=day).out)


def settled(person, *more, day=DAY):
    """A further sync finds nothing to do, and leaves every byte as it is."""
    before = person.path.read_bytes()
    again = document(person, *more, day=day)
    assert again["written"] is False
    assert person.path.read_bytes() == before
    return again


_REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(?![\d(])")


def _shifted(formula, at, by):
    """Let the references of a formula follow rows that move, outside of its texts."""
    pieces = formula.split('"')
    for index in range(0, len(pieces), 2):
        pieces[index] = _REFERENCE.sub(
            lambda found: found[1] + str(int(found[2]) + (by if int(found[2]) >= at else 0)), pieces[index]
        )
    return '"'.join(pieces)


def _is_formula(value):
    return isinstance(value, str) and value.startswith("=")


_READ = OrderedDict()


def _read(path):
    """Read a workbook unless the same bytes were read shortly before: the snapshot names and holds nothing else."""
    key = hashlib.sha256(path.read_bytes()).digest()
    if key not in _READ:
        _READ[key] = ExcelWorkbook(path).read()
        while len(_READ) > 4:
            _READ.popitem(last=False)
    _READ.move_to_end(key)
    return _READ[key]


class Person:
    """Somebody who edits one workbook file.

    Cells are found by tab, row id (the first cell of the row) and header. Pure typing goes through the product's
    own writer, which is proved elsewhere to touch nothing else; everything that moves cells is done by openpyxl.
    """

    def __init__(self, path):
        self.path = Path(path)
        self._seen = (None, None)

    # looking

    def snapshot(self):
        """The content; read once for every state of the file, and once for equal files such as the demo network."""
        facts = self.path.stat()
        state = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        if self._seen[0] != state:
            self._seen = (state, _read(self.path))
        return self._seen[1]

    def tabs(self):
        return [tab.title for tab in self.snapshot().tabs]

    def _rows(self, tab):
        return {number: dict(cells) for number, cells in self.snapshot().tab(tab).rows.items()}

    @staticmethod
    def _header(rows, *wanted):
        for number in sorted(rows)[:40]:
            texts = [shown(value) for value in rows[number].values()]
            if len(texts) > 1 and all(one in texts for one in wanted):
                return number
        raise AssertionError(f"no row with the headers {wanted}")

    def _place(self, tab, row_id, header, snapshot=None):
        rows = (snapshot or self.snapshot()).tab(tab).rows
        top = self._header(rows, header)
        column = next(column for column, value in rows[top].items() if shown(value) == header)
        for number in sorted(rows):
            if number > top and shown(rows[number].get(min(rows[top]))) == row_id:
                return number, column, rows
        raise AssertionError(f"no row {row_id} in {tab}")

    def value(self, tab, row_id, header):
        row, column, rows = self._place(tab, row_id, header)
        return rows[row].get(column)

    def reads(self, tab, row_id, header):
        """What a person sees in the cell."""
        return shown(self.value(tab, row_id, header))

    def ids(self, tab, header="Nr"):
        rows = self._rows(tab)
        top = self._header(rows, header)
        return [shown(rows[n][1]) for n in sorted(rows) if n > top and shown(rows[n].get(1)) not in (None, "")]

    def table(self, tab, header="Nr"):
        """All rows of a table: id → header → value."""
        rows = self._rows(tab)
        top = self._header(rows, header)
        heads = {column: shown(value) for column, value in rows[top].items()}
        return {
            shown(rows[n].get(1)): {heads[c]: v for c, v in rows[n].items() if c in heads}
            for n in sorted(rows)
            if n > top
        }

    def everything(self):
        """Every cell of every tab."""
        return {tab.title: {r: dict(cells) for r, cells in tab.rows.items()} for tab in self.snapshot().tabs}

    def texts(self):
        """Every value that stands anywhere, as text."""
        return [str(shown(v)) for tab in self.snapshot().tabs for row in tab.rows.values() for v in row.values()]

    # typing

    def put(self, tab, row, column, value):
        """Type into a cell by its place; a text that begins with an equals sign is a formula, as in Excel."""
        self._put(ExcelWorkbook(self.path), self.snapshot(), Spot(tab, row, column), value)

    @staticmethod
    def _put(workbook, snapshot, spot, value):
        if _is_formula(value):
            value = Formula(value[1:], 0)
        present = snapshot.tab(spot.tab).rows.get(spot.row, {}).get(spot.column)
        workbook.apply([SetCell(spot, Cell(value), present)], expected=snapshot.revision, look={})

    def type(self, tab, row_id, header, value):
        workbook = ExcelWorkbook(self.path)
        snapshot = self.snapshot()
        row, column, _ = self._place(tab, row_id, header, snapshot)
        self._put(workbook, snapshot, Spot(tab, row, column), value)

    def retype(self, tab, row_id, cells):
        """Type over several cells of one row, by headers."""
        workbook = ExcelWorkbook(self.path)
        snapshot = self.snapshot()
        edits = []
        for header, value in cells.items():
            row, column, rows = self._place(tab, row_id, header, snapshot)
            edits.append(SetCell(Spot(tab, row, column), Cell(value), rows[row].get(column)))
        workbook.apply(edits, expected=snapshot.revision, look={})

    def write_row(self, tab, cells, *, row=None, header="Nr"):
        """Fill the first free row below a table, or a given row, by headers; gives its number."""
        rows = self._rows(tab)
        top = self._header(rows, header)
        heads = {shown(value): column for column, value in rows[top].items()}
        if row is None:
            row = max(n for n in rows if n >= top) + 1
        workbook = ExcelWorkbook(self.path)
        snapshot = self.snapshot()
        edits = [
            SetCell(Spot(tab, row, heads[head]), Cell(value), snapshot.tab(tab).rows.get(row, {}).get(heads[head]))
            for head, value in cells.items()
        ]
        workbook.apply(edits, expected=snapshot.revision, look={})
        return row

    def write_rows(self, tab, rows, *, header="Nr"):
        """Fill many rows below the header at once."""
        found = self._rows(tab)
        top = self._header(found, header)
        heads = {shown(value): column for column, value in found[top].items()}
        workbook = ExcelWorkbook(self.path)
        snapshot = self.snapshot()
        edits = [
            SetCell(Spot(tab, top + number, heads[head]), Cell(value))
            for number, cells in enumerate(rows, start=1)
            for head, value in cells.items()
        ]
        workbook.apply(edits, expected=snapshot.revision, look={})

    # moving things around

    @contextlib.contextmanager
    def book(self):
        """Open the workbook in openpyxl and save it."""
        book = openpyxl.load_workbook(self.path)
        yield book
        book.save(self.path)

    @contextlib.contextmanager
    def sheet(self, tab):
        with self.book() as book:
            yield book[tab]

    def _find(self, sheet, row_id):
        return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == row_id)

    def _head(self, sheet, header):
        for row in range(1, 40):
            for column in range(1, sheet.max_column + 1):
                if sheet.cell(row, column).value == header:
                    return row, column
        raise AssertionError(header)

    def _moved_rows(self, sheet, at, by):
        """What Excel does by itself when rows move: formulas, tables, names follow."""
        for row in sheet.iter_rows():
            for cell in row:
                if _is_formula(cell.value):
                    cell.value = _shifted(cell.value, at, by)
        for table in sheet.tables.values():
            first_column, first, last_column, last = range_boundaries(table.ref)
            first += by if first >= at else 0
            last += by if last >= at or (by > 0 and last == at - 1 and False) else 0
            table.ref = (
                f"{get_column_letter(first_column)}{first}:{get_column_letter(last_column)}{max(last, first + 1)}"
            )
            if table.autoFilter:
                table.autoFilter.ref = table.ref
        for name in sheet.parent.defined_names.values():
            tab, _, place = name.attr_text.rpartition("!")
            if tab.strip("'").replace("''", "'") == sheet.title:
                name.attr_text = f"{tab}!{_shifted(place, at, by)}"

    def insert_rows(self, tab, at, count=1):
        with self.sheet(tab) as sheet:
            sheet.insert_rows(at, count)
            self._moved_rows(sheet, at, count)

    def delete_row(self, tab, row_id):
        with self.sheet(tab) as sheet:
            at = self._find(sheet, row_id)
            sheet.delete_rows(at)
            self._moved_rows(sheet, at + 1, -1)

    def delete_rows(self, tab, row_ids):
        with self.sheet(tab) as sheet:
            for row_id in row_ids:
                at = self._find(sheet, row_id)
                sheet.delete_rows(at)
                self._moved_rows(sheet, at + 1, -1)

    def empty_table(self, tab, header="Nr"):
        """Mark all rows below the header and press Delete."""
        with self.sheet(tab) as sheet:
            top, _ = self._head(sheet, header)
            for row in sheet.iter_rows(min_row=top + 1):
                for cell in row:
                    cell.value = None

    def sort(self, tab, header, *, reverse=False, first="Nr"):
        with self.sheet(tab) as sheet:
            top, column = self._head(sheet, header)
            first_column = self._head(sheet, first)[1]
            last = max(
                r
                for r in range(top, sheet.max_row + 1)
                if sheet.cell(r, first_column).value not in (None, "") or r == top
            )
            width = sheet.max_column
            rows = [(r, [sheet.cell(r, c).value for c in range(1, width + 1)]) for r in range(top + 1, last + 1)]
            rows.sort(key=lambda row: str(row[1][column - 1] or ""), reverse=reverse)
            for target, (source, values) in enumerate(rows, start=top + 1):
                for c, value in enumerate(values, start=1):
                    if _is_formula(value):
                        value = _shifted(value, source, target - source) if target != source else value
                    sheet.cell(target, c).value = value

    def rename_header(self, tab, old, new):
        with self.sheet(tab) as sheet:
            row, column = self._head(sheet, old)
            sheet.cell(row, column).value = new
            for table in sheet.tables.values():
                for one in table.tableColumns:
                    one.name = new if one.name == old else one.name

    def add_column(self, tab, header, values, *, first="Nr"):
        """Add a column of one's own right of the table: row id → value."""
        with self.sheet(tab) as sheet:
            top, _ = self._head(sheet, first)
            column = max(c for c in range(1, sheet.max_column + 1) if sheet.cell(top, c).value) + 1
            sheet.cell(top, column).value = header
            for row_id, value in values.items():
                sheet.cell(self._find(sheet, row_id), column).value = value

    def delete_column(self, tab, header):
        with self.sheet(tab) as sheet:
            _, column = self._head(sheet, header)
            self._drop_tables(sheet)
            sheet.delete_cols(column)

    def move_column(self, tab, header, to):
        """Cut a column and insert it elsewhere."""
        with self.sheet(tab) as sheet:
            row, column = self._head(sheet, header)
            for number in range(row, sheet.max_row + 1):
                values = [sheet.cell(number, c).value for c in range(1, sheet.max_column + 1)]
                values.insert(to - 1, values.pop(column - 1))
                for c, value in enumerate(values, start=1):
                    sheet.cell(number, c).value = value
            self._drop_tables(sheet)

    def double_header(self, tab, header):
        """Copy a column, header and all, to the right of the table."""
        with self.sheet(tab) as sheet:
            row, column = self._head(sheet, header)
            self._drop_tables(sheet)
            free = max(c for c in range(1, sheet.max_column + 1) if sheet.cell(row, c).value) + 1
            for number in range(row, sheet.max_row + 1):
                sheet.cell(number, free).value = sheet.cell(number, column).value

    @staticmethod
    def _drop_tables(sheet):
        for name in list(sheet.tables):
            del sheet.tables[name]

    def rename_tab(self, old, new):
        with self.book() as book:
            book[old].title = new
            for name in book.defined_names.values():
                name.attr_text = name.attr_text.replace(f"'{old}'!", f"'{new}'!")

    def delete_tab(self, tab):
        with self.book() as book:
            del book[tab]
            for name in book.defined_names.values():
                if name.attr_text.startswith((f"'{tab}'!", f"{tab}!")):
                    name.attr_text = "#REF!" + name.attr_text.rpartition("!")[2]

    def copy_row(self, tab, row_id, changes, *, header="Nr"):
        """Copy a row, id and all, below the table and change some cells of the copy."""
        with self.sheet(tab) as sheet:
            top, _ = self._head(sheet, header)
            source = self._find(sheet, row_id)
            target = max(r for r in range(top, sheet.max_row + 1) if sheet.cell(r, 1).value not in (None, "")) + 1
            for column in range(1, sheet.max_column + 1):
                sheet.cell(target, column).value = sheet.cell(source, column).value
            for head, value in changes.items():
                sheet.cell(target, self._head(sheet, head)[1]).value = value

    def clear_id(self, tab, row_id):
        row, column, _ = self._place(tab, row_id, "Nr")
        self.put(tab, row, column, None)
