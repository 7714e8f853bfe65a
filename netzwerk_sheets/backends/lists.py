"""Read lists that other programs wrote: .csv in whatever encoding, .ods, .xlsx. Nothing is ever written here.

Text stays as it was typed: ``00123`` is no number and ``01.05.`` no date. pandas is imported nowhere else.
"""

from __future__ import annotations

import csv
import io
import math
import warnings
from datetime import date, datetime, time
from importlib.util import find_spec
from typing import TYPE_CHECKING
from xml.parsers import expat

from netzwerk_sheets.errors import AccessDenied, WorkbookNotFound, WorkbookRefused, WrongUse
from netzwerk_sheets.grid import Tab

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from netzwerk_sheets.grid import Scalar

LARGEST = 100_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_CELLS = 4_000_000
SAMPLE = 20_000
DELIMITERS = ";\t,|"
TEXTS = frozenset({".csv", ".tsv", ".txt"})
ENDINGS = (*sorted(TEXTS), ".ods", ".xlsx", ".xlsm")


def read_list(path: Path) -> tuple[Tab, ...]:
    """Read the tabs of a list; one tab for text.

    Raises:
        WorkbookNotFound: There is no such file.
        AccessDenied: It may not be read.
        WorkbookRefused: The content is not what its ending says, or cannot be handled safely.
        WrongUse: Its ending is none of `ENDINGS`, or a library is missing.
    """
    ending = path.suffix.casefold()
    if ending in {".xlsx", ".xlsm"}:
        from netzwerk_sheets.backends.excel import ExcelWorkbook

        return tuple(tab for tab in ExcelWorkbook(path).read().tabs if tab.visible)
    if ending not in ENDINGS:
        raise WrongUse("list-ending", file=path.name, endings=", ".join(ENDINGS))
    data = _content(path)
    return (_text_tab(path, data),) if ending in TEXTS else _open_document(path, data)


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise WorkbookNotFound("workbook-is-folder", file=path.name)
        if path.stat().st_size > LARGEST:
            raise WorkbookRefused("list-too-large", file=path.name)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WorkbookNotFound("list-missing", file=path.name) from error
    except OSError as error:
        raise AccessDenied("file-not-readable", file=path.name) from error


# --- text -------------------------------------------------------------------------------------------------


def decoded(data: bytes) -> str | None:
    """Give the text of a file; `None` for no text.

    It is UTF-8, UTF-16 with a mark at its beginning, or else what Windows writes.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(mark < " " and mark not in "\t\r\n\f" for mark in text[:SAMPLE])
        return None if strange else text
    return None


def delimiter_of(text: str) -> str:
    """Give the mark between the cells: the one that parts most lines into the same number of cells."""
    best, most = ";", 0
    for mark in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(text[:SAMPLE]), delimiter=mark) if row][:200]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        usual = max(set(wide), key=wide.count) if wide else 0
        worth = wide.count(usual) * 100 + usual if usual else 0
        if worth > most:
            best, most = mark, worth
    return best


def _text_tab(path: Path, data: bytes) -> Tab:
    if not data.strip():
        return Tab(path.stem, {})
    text = decoded(data)
    if text is None:
        raise WorkbookRefused("list-no-text", file=path.name)
    _require("pandas")
    import pandas as pd

    mark = delimiter_of(text)
    try:
        width = max((len(row) for row in csv.reader(io.StringIO(text), delimiter=mark)), default=1)
        if width > MOST_COLUMNS:
            raise WorkbookRefused("list-too-large", file=path.name)
        frame = pd.read_csv(
            io.StringIO(text), sep=mark, header=None, names=range(width), dtype=str, keep_default_na=False,
            na_filter=False, skip_blank_lines=False, nrows=MOST_ROWS + 1, engine="c", low_memory=False,
        )  # fmt: skip
    except (ValueError, csv.Error, OverflowError) as error:
        raise WorkbookRefused("list-damaged", file=path.name) from error
    return _tab(path, path.stem, frame.to_numpy().tolist())


# --- OpenDocument -----------------------------------------------------------------------------------------


def _open_document(path: Path, data: bytes) -> tuple[Tab, ...]:
    from netzwerk_sheets.backends.excel.archive import open_archive, unpack

    entries = open_archive(data)
    if "content.xml" not in entries or "META-INF/manifest.xml" not in entries:
        raise WorkbookRefused("list-damaged", file=path.name)
    _Extent(path).measure(unpack(data, entries["content.xml"]))
    _require("pandas", "odf")
    import pandas as pd

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frames = pd.read_excel(
                io.BytesIO(data), sheet_name=None, header=None, dtype=object, engine="odf", na_filter=False
            )
    except MemoryError as error:
        raise WorkbookRefused("list-too-large", file=path.name) from error
    except Exception as error:
        # The library raises whatever its XML reader or its own code stumbles over; none of it says more than this.
        raise WorkbookRefused("list-damaged", file=path.name) from error
    return tuple(_tab(path, str(title), frame.to_numpy().tolist()) for title, frame in frames.items())


class _Extent:
    """Measures what a document unfolds to before a library unfolds it: a few bytes can stand for a million rows.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cells = self.waiting = self.rows = self.width = self.filled = self.columns = 0

    def measure(self, content: bytes) -> None:
        """Follow the document once.

        Raises:
            WorkbookRefused: It is broken, declares types of its own, or holds more cells than people have.
        """
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._declared
        try:
            parser.Parse(content, True)  # noqa: FBT003 - the library takes no name for it
        except expat.ExpatError as error:
            raise WorkbookRefused("list-damaged", file=self.path.name) from error

    def _declared(self, *_parts: object) -> None:
        raise WorkbookRefused("list-damaged", file=self.path.name)

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "table":
            self.waiting = 0
        elif local == "table-row":
            self.rows = self._count(attributes, "table:number-rows-repeated")
            self.width = self.filled = 0
        elif local in {"table-cell", "covered-table-cell"}:
            self.width += self._count(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes:
                self.filled = self.width
        elif local == "p":
            self.filled = self.width

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] != "table-row":
            return
        self.waiting += self.rows
        if self.filled:
            self.cells += self.waiting * self.filled
            self.waiting = 0
        if self.cells > MOST_CELLS:
            raise WorkbookRefused("list-too-large", file=self.path.name)

    def _count(self, attributes: Mapping[str, str], name: str) -> int:
        text = attributes.get(name, "1")
        if not text.isdecimal() or len(text) > 9:
            raise WorkbookRefused("list-damaged", file=self.path.name)
        return int(text)


# --- both -------------------------------------------------------------------------------------------------


def _require(*modules: str) -> None:
    """Make sure that libraries are there which not every installation has.

    Raises:
        WrongUse: One is missing.
    """
    for name in modules:
        if find_spec(name) is None:
            raise WrongUse("list-needs-libraries", libraries="pandas, odfpy")


def _tab(path: Path, title: str, rows: Iterable[Sequence[object]]) -> Tab:
    found: dict[int, dict[int, Scalar]] = {}
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise WorkbookRefused("list-too-large", file=path.name)
        cells: dict[int, Scalar] = {
            column: value for column, each in enumerate(row, start=1) if (value := _value(each)) is not None
        }
        if cells:
            found[number] = cells
    return Tab(title, found)


def _value(value: object) -> Scalar:
    """Give a cell as workbooks hold it; empty and not a number are nothing."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n") if value.strip() else None
    if isinstance(value, datetime):
        moment = (value.year, value.month, value.day, value.hour, value.minute, value.second)
        plain = datetime(*moment)  # noqa: DTZ001 - cells know no time zone
        return plain.date() if plain.time() == time() else plain
    if isinstance(value, bool | int | date | time):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() and abs(value) < 1e15 else value
    return None if value is None else str(value)
