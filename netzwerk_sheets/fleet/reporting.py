"""The roll-up as a workbook and as a page, both made of the same parts."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.backends.excel import create
from netzwerk_sheets.backends.excel.backups import BackupPlace, store
from netzwerk_sheets.backends.excel.fingerprint import digest
from netzwerk_sheets.backends.excel.save import check_free
from netzwerk_sheets.grid import AddTab
from netzwerk_sheets.languages import LOCALES
from netzwerk_sheets.output.files import is_strange, write_file
from netzwerk_sheets.output.page import Cell, Page, Section, Table
from netzwerk_sheets.sheets import looks
from netzwerk_sheets.sheets.render.frame import RowSheet, Surroundings, WantedRow, design, heading_cells
from netzwerk_sheets.state.folder import key_of, prepare_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.fleet.parts import Part
    from netzwerk_sheets.grid import Cell as SheetCell
    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.sheets.language import Words

LIGHTS = {role: light for light, role in looks.LIGHT_ROLES.items()} | {
    f"share_{light}": light for light in ("red", "yellow", "green")
}
"""Role of a cell → the light it shows."""


# --- the page ---------------------------------------------------------------------------------------------


def page(words: Words, parts: Sequence[Part], today: date) -> Page:
    """Make the page."""
    lead = (
        words.say("report.made", date=today, version=__version__),
        words.say("report.organisations"), words.say("report.scroll"),
    )  # fmt: skip
    return Page(words.say("fleet.title"), lead, tuple(_section(words, part) for part in parts))


def _section(words: Words, part: Part) -> Section:
    table, language = part.table, words.language
    title = table.words[language]
    headers = tuple(column.header(language) for column in table.columns)
    rows = tuple(tuple(_shown(words, row[column.code]) for column in table.columns) for row in part.rows)
    code = table.code.removeprefix("fleet_")
    return Section(code, title, part.lines, (Table(f"table-{code}", words.say(f"fleet.table_{code}"), headers, rows),))


def _shown(words: Words, cell: SheetCell) -> Cell:
    light = LIGHTS.get(cell.role, "")
    if cell.role.startswith("share_") and isinstance(cell.value, int | float):
        return Cell(words.say(f"report.cell_{light}", percent=words.percent(cell.value)), light)
    text = _text(words, cell.value)
    numeric = isinstance(cell.value, int | float)
    return Cell(text or words.say("report.nothing"), light or ("number" if numeric else ""))


def _text(words: Words, value: Value) -> str:
    if isinstance(value, date):
        return words.date(value)
    return words.number(value) if isinstance(value, int | float) else str(value or "")


# --- the workbook -----------------------------------------------------------------------------------------


def workbook(words: Words, parts: Sequence[Part]) -> bytes:
    """Make the workbook; the same parts give the same bytes."""
    title = words.say("fleet.title")
    around = Surroundings(title)
    designs = [design(words, _sheet(words, part), around) for part in parts]
    edits = [AddTab(each._replace(page=each.page._replace(footer_left=title))) for each in designs]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fleet.xlsx"
        create(path, edits, looks.look(words), title=title, language=LOCALES[words.language])
        return path.read_bytes()


def _sheet(words: Words, part: Part) -> RowSheet:
    table = part.table
    title = table.words[words.language]
    rows = tuple(WantedRow(str(number), row) for number, row in enumerate(part.rows))
    heading = heading_cells(title, *part.lines)
    return RowSheet(
        table.code, "", title, table, tuple(column.code for column in table.columns), heading, rows, heading=title
    )


def is_touched(target: Path) -> bool:
    """Say whether something stands at a target that is not the roll-up as it was written here last.

    Raises:
        WrongUse: A folder or anything else that is no file stands there.
        AccessDenied: It may not be read.
    """
    return is_strange(target, b"") or (target.exists() and digest(target.read_bytes()) != _written(target))


def put_workbook(target: Path, content: bytes) -> bool:
    """Write the roll-up and say whether that was needed; what stood there is kept among the backups.

    Raises:
        AccessDenied: The folder is missing or may not be written; what stood there stands there still.
        DiskFull: There is no room; likewise.
        WorkbookInUse: Somebody has it open; likewise.
    """
    note = _note(target)
    if target.exists():
        before = target.read_bytes()
        if before == content:
            return False
        check_free(target.resolve())
        if digest(before) != _written(target):
            store(before, ".xlsx", BackupPlace(state_folder() / "backups" / key_of(target)))
    prepare_folder(note.parent)
    # Said before it is done: cut off in between, the next run asks once too often and loses nothing.
    write_file(note, digest(content).encode(), private=True)
    write_file(target, content, private=False)
    return True


def _note(target: Path) -> Path:
    return state_folder() / "rollups" / key_of(target)


def _written(target: Path) -> str:
    with suppress(OSError):
        return _note(target).read_text("ascii")
    return ""
