"""What people agreed to, in a file that people can read and correct: which list is which table, column by column."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.adopting.guess import EMPTY, Guess, described
from netzwerk_sheets.sheets.adopting.headings import Hit, adoptable
from netzwerk_sheets.sheets.adopting.regions import find_regions, region_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.grid import Tab
    from netzwerk_sheets.sheets.adopting.guess import Known
    from netzwerk_sheets.sheets.adopting.regions import Region
    from netzwerk_sheets.sheets.language import Words

PART = "adopt"
"""Name of the parts in a mapping file and in ``netzwerk.toml``."""

SAID = Hit(100, "mapping")


@dataclass(frozen=True, slots=True)
class Entry:
    """One list as people agreed to it.

    Attributes:
        source: Name of the file it comes from; empty for the workbook itself.
        tab: Title of its tab.
        heading_row: The row of its headings.
        first_column: Number of its first column.
        table: Code of the network's table; empty where the list is left alone.
        columns: Heading → code of the column, or empty where it stays as it is.
        here: Whether it may be used where it stands.
        words: Code of a column → word of the list → code of what it means, or empty where nobody said.
        workbook: The workbook for which people agreed to it; empty for any.
    """

    source: str
    tab: str
    heading_row: int
    first_column: int
    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    here: bool = True
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    workbook: str = ""


def headings_of(region: Region) -> dict[int, str]:
    """Give column number → heading, each told apart from others of the same words."""
    found: dict[int, str] = {}
    for number, text in sorted(region.headings.items()):
        again = sum(text == other for place, other in region.headings.items() if place < number)
        found[number] = f"{text} #{again + 1}" if again else text
    return found


def entry_of(found: Guess, *, here: bool) -> Entry:
    """Write down a proposal."""
    names, codes = headings_of(found.region), {number: code for code, number in found.codes.items()}
    columns = {name: codes.get(number, "") for number, name in names.items()}
    region = found.region
    words = {
        column.code: {text: found.words.get(column.code, {}).get(text, "") for text in column.unknown}
        for column in found.columns
        if column.unknown
    }
    return Entry(found.source, region.tab, region.header_row, region.first_column, found.table, columns, here, words)


# --- as text ----------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def as_text(entries: Iterable[Entry]) -> str:
    """Write entries as TOML."""
    lines: list[str] = []
    for entry in entries:
        lines += [
            f"[[{PART}]]",
            *([f"workbook = {_quoted(entry.workbook)}"] if entry.workbook else ()),
            f"list = {_quoted(entry.source)}",
            f"tab = {_quoted(entry.tab)}",
            f"heading_row = {entry.heading_row}",
            f"first_column = {entry.first_column}",
            f"table = {_quoted(entry.table)}",
            f"here = {'true' if entry.here else 'false'}",
            f"[{PART}.columns]",
            *(f"{_quoted(heading)} = {_quoted(code)}" for heading, code in entry.columns.items()),
        ]
        for column, meanings in entry.words.items():
            lines.append(f"[{PART}.words.{column}]")
            lines += [f"{_quoted(text)} = {_quoted(code)}" for text, code in meanings.items()]
        lines.append("")
    return "\n".join(lines)


def explained(entries: Sequence[Entry], words: Words) -> str:
    """Write a mapping file that says what may stand in it."""
    lines = [f"# {line}" for line in words.say("adopt.file_head").splitlines()]
    for code in dict.fromkeys(entry.table for entry in entries if entry.table):
        table = schema.tables()[code]
        known = ", ".join(f"{column.code} ({column.header(words.language)})" for column in table.columns)
        lines.append(f"# {code} ({words.tab(code)}): {known}")
    for entry in entries:
        for code in entry.words:
            column = schema.tables()[entry.table].column(code)
            labels = ", ".join(each.words[words.language] for each in schema.vocabularies()[column.of])
            lines.append(f"# {words.say('adopt.file_words', column=code, words=labels)}")
    others = ", ".join(f"{code} ({words.tab(code)})" for code in adoptable())
    return "\n".join([*lines, f"# {words.say('adopt.file_tables', tables=others)}", "", as_text(entries)])


def read_entries(text: str, file: str) -> list[Entry]:
    """Read entries; other parts of the file are not looked at.

    Raises:
        WrongUse: The file is no TOML, or names a table or column that does not exist.
    """
    try:
        content = tomllib.loads(text)
    except ValueError as error:
        raise WrongUse("mapping-unreadable", file=file) from error
    return entries_in(content.get(PART, []), file)


def entries_in(parts: object, file: str) -> list[Entry]:
    """Read entries that are understood as TOML already.

    Raises:
        WrongUse: See `read_entries`.
    """
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise WrongUse("mapping-unreadable", file=file)
    return [_entry(part, file) for part in parts]


def _entry(part: Mapping[str, Any], file: str) -> Entry:
    columns = part.get("columns", {})
    places = [part.get("heading_row", 1), part.get("first_column", 1)]
    texts = [part.get(name, "") for name in ("list", "tab", "table", "workbook")]
    good = all(isinstance(each, str) for each in texts) and all(isinstance(each, int) and each > 0 for each in places)
    if not good or not isinstance(columns, dict) or not all(isinstance(code, str) for code in columns.values()):
        raise WrongUse("mapping-unreadable", file=file)
    source, tab, table, workbook = texts
    if table and table not in adoptable():
        raise WrongUse("mapping-unknown", file=file, name=table)
    codes = {column.code for column in adoptable()[table].columns} if table else set()
    named = [code for code in columns.values() if code]
    for code in named if table else ():
        if code not in codes or named.count(code) > 1:
            raise WrongUse("mapping-unknown" if code not in codes else "mapping-twice", file=file, name=code)
    words = _words(part.get("words", {}), table, file)
    return Entry(source, tab, places[0], places[1], table, columns, bool(part.get("here", True)), words, workbook)


def _words(part: object, table: str, file: str) -> dict[str, dict[str, str]]:
    """Read what words of a list mean: the code or the label of a word that every network knows."""
    found: dict[str, dict[str, str]] = {}
    if not isinstance(part, dict):
        raise WrongUse("mapping-unreadable", file=file)
    kinds = {column.code: column for column in adoptable()[table].columns} if table else {}
    for code, meanings in part.items():
        column = kinds.get(code)
        if column is None or column.kind not in {"choice", "choices"} or not isinstance(meanings, dict):
            raise WrongUse("mapping-unknown", file=file, name=str(code))
        known = schema.word_codes(column.of)
        for text, meant in meanings.items():
            if not isinstance(meant, str) or (meant and schema.fold(meant) not in known):
                raise WrongUse("mapping-unknown", file=file, name=str(meant))
            found.setdefault(code, {})[text] = known[schema.fold(meant)] if meant else ""
    return found


# --- applied ----------------------------------------------------------------------------------------------


def carried_out(entry: Entry, tab: Tab | None, known: Known) -> Guess:
    """Find the list that an entry is about.

    Raises:
        WrongUse: There is no such tab, or no list on it with these headings.
    """
    region = None if tab is None else _region(entry, tab)
    if region is None:
        raise WrongUse("mapping-no-fit", tab=entry.tab, row=entry.heading_row)
    if not entry.table:
        return Guess(region, "", (), entry.source, told=True)
    table, names = schema.tables()[entry.table], headings_of(region)
    chosen = {number: entry.columns.get(name, "") for number, name in names.items()}
    columns = (
        described(region, table, number, code, SAID if code else EMPTY, known)
        for number, code in sorted(chosen.items())
    )
    return Guess(region, entry.table, tuple(columns), entry.source, told=True, here=entry.here, words=entry.words)


def fits(entry: Entry, region: Region) -> bool:
    """Say whether a list has every heading that an entry names, told apart by its place where there are several."""
    return set(entry.columns) <= set(headings_of(region).values())


def _region(entry: Entry, tab: Tab) -> Region | None:
    there = region_at(tab, entry.heading_row, entry.first_column)
    regions = find_regions(tab)
    shared = next(
        (each for each in regions if there and each.header_row == there.header_row and each.headings == there.headings),
        there,
    )
    candidates = [*([shared] if shared else []), *regions]
    return next((region for region in candidates if fits(entry, region)), None)
