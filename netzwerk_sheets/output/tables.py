"""Rows as text: for spreadsheets as people read them, for programs with codes, ISO dates and a description."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.analysis.voices import HIDDEN
from netzwerk_sheets.analysis.voices import told as few_hidden
from netzwerk_sheets.grid import Value, shown
from netzwerk_sheets.output.privacy import catalogue, leaves, public
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import read_date, read_number, read_word, read_words, text_of
from netzwerk_sheets.sheets.language import DECIMAL_MARK, file_name
from netzwerk_sheets.sheets.render.told import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from netzwerk_sheets.merge import Row
    from netzwerk_sheets.output.matter import Matter
    from netzwerk_sheets.sheets.schema import Column, Table

DANGEROUS = re.compile(r"[\s\"';,]*[=+\-@|%＝＋－＠]|[\t\r\n]")
"""How a text begins that a program for tables may take for a formula, also behind signs it skips."""


TASK = ("tasks", "text")
"""A task leaves in the words of the catalogue; in those of people only where persons may leave."""

MENTIONS = ("needs", "mentions")
"""How many people named a need leaves as voices do: a small number does not."""

LARGE = 1e15
"""Numbers beyond it, and none at all, are told as they are written."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table that leaves: its columns and the rows with their ids."""

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, Row], ...]


def parts(matter: Matter) -> Iterator[Part]:
    """Give the tables that leave, in reading order, without those that have no row or no column left."""
    for code, table in schema.tables().items():
        rows = matter.rows.get(code)
        columns = tuple(
            column
            for column in table.columns
            if column.code == "id" or (code, column.code) == TASK or leaves(code, column.code, persons=matter.persons)
        )
        if rows and any(column.code != "id" for column in columns):
            yield Part(table, columns, tuple(_cleaned(matter, code, columns, rows)))


def _cleaned(
    matter: Matter, code: str, columns: Iterable[Column], rows: Mapping[str, Row]
) -> Iterator[tuple[str, Row]]:
    """Give the cells that leave; a mail address or telephone number in a name does not."""
    known = catalogue(matter.network) if code == "tasks" else {}
    for row, values in rows.items():
        cells: dict[str, Value] = {}
        for column in columns:
            value: Value = row if column.code == "id" else values.get(column.code)
            text = text_of(value)
            if public(text, persons=matter.persons, instead="") != text:
                value = None
            if (code, column.code) == TASK and not matter.persons:
                value = known.get(row.rpartition(".")[2])
            if (code, column.code) == MENTIONS and not matter.persons and isinstance(value, int):
                value = few_hidden(value)
            if value is not None:
                cells[column.code] = value
        yield row, cells


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a program for tables would take for a formula."""
    return f"'{text}" if DANGEROUS.match(text) else text


def csv_text(rows: Iterable[list[str]], delimiter: str) -> str:
    """Write rows as a file of comma-separated values, or of another mark between them."""
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return target.getvalue()


# --- for spreadsheets -------------------------------------------------------------------------------------


def csv_files(matter: Matter) -> dict[str, bytes]:
    """Make one file a table, as a German Excel opens them by a double click: semicolons, UTF-8 with its mark.

    Returns:
        File name → content. Texts that begin like a formula carry an apostrophe in front.
    """
    words = matter.words
    files = {}
    for part in parts(matter):
        rows = [[harmless(column.header(words.language)) for column in part.columns]]
        for _, cells in part.rows:
            rows.append([_as_read(matter, cells.get(column.code)) for column in part.columns])
        files[f"{file_name(words.tab(part.table.code))}.csv"] = csv_text(rows, ";").encode("utf-8-sig", "replace")
    return files


def _as_read(matter: Matter, value: Value) -> str:
    plain = shown(value)
    if isinstance(plain, int | float) and not isinstance(plain, bool):
        return repr(plain).replace(".", DECIMAL_MARK[matter.words.language])
    return harmless(text_of(plain) if isinstance(plain, str) else told(matter.words, plain))


# --- for programs -----------------------------------------------------------------------------------------


def package_files(matter: Matter) -> dict[str, bytes]:
    """Make a data package after the rules of Frictionless Data: one description, one file a table.

    Returns:
        File name → content. Headers are English codes, dates ISO, words of vocabularies their codes.
    """
    files, resources = {}, []
    for part in parts(matter):
        path = f"data/{part.table.code}.csv"
        fields, columns = [], []
        for column in part.columns:
            kind, texts = _typed(column, [cells.get(column.code) for _, cells in part.rows])
            titles = column.header(matter.words.language)
            fields.append({"name": column.code, "type": kind, "title": titles})
            columns.append(texts)
        rows = [[field["name"] for field in fields], *(list(row) for row in zip(*columns, strict=True))]
        files[path] = csv_text(rows, ",").encode("utf-8", "replace")
        described: dict[str, object] = {"fields": fields, "missingValues": [""] if matter.persons else ["", HIDDEN]}
        if part.table.has_ids and part.columns[0].code == "id":
            described["primaryKey"] = ["id"]
        resources.append(
            {
                "name": part.table.code.replace("_", "-"), "type": "table", "path": path, "scheme": "file",
                "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
                "title": matter.words.tab(part.table.code), "schema": described,
            }
        )  # fmt: skip
    document = {
        "name": "netzwerk",
        "title": matter.words.say("export.package", network=matter.network.name),
        "description": matter.words.say("export.package_what"),
        "created": f"{matter.stand.isoformat()}T00:00:00Z",
        "netzwerk": {"version": __version__, "language": matter.words.language, "persons": matter.persons},
        "resources": resources,
    }
    files["datapackage.json"] = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def _typed(column: Column, values: list[Value]) -> tuple[str, list[str]]:
    """Give the type of a column and its texts; where one value does not fit, all are plain text."""
    for kind, read in _readers(column):
        texts = [HIDDEN if value == HIDDEN else read(value) if text_of(value) else "" for value in values]
        if None not in texts:
            return kind, [text or "" for text in texts]
    return "string", [harmless(text_of(value)) for value in values]


def _readers(column: Column) -> Iterator[tuple[str, Callable[[Value], str | None]]]:
    """Give the types a column may have, the narrowest first."""
    if column.kind == "date":
        yield "date", lambda value: _iso(read_date(value).value)
    if column.kind in {"number", "count"}:
        yield "integer", lambda value: _whole(read_number(value).value)
        yield "number", lambda value: _written(read_number(value).value)
    if column.kind == "yes_no":
        codes = schema.word_codes("yes_no")
        yield "boolean", lambda value: {"yes": "true", "no": "false"}.get(read_word(value, codes).value or "")
    if column.kind == "choice":
        yield "string", lambda value: read_word(value, schema.word_codes(column.of)).value
    if column.kind == "choices":
        yield "string", lambda value: _joined(read_words(value, schema.word_codes(column.of)))


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _whole(value: float | None) -> str | None:
    return str(int(value)) if value is not None and abs(value) < LARGE and value == int(value) else None


def _written(value: float | None) -> str | None:
    return repr(float(value)) if value is not None and abs(value) < LARGE else None


def _joined(found: object) -> str | None:
    unknown, value = getattr(found, "unknown", ()), getattr(found, "value", None)
    return None if unknown or value is None else ";".join(value)
