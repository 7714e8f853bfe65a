"""Cells to be written on tabs that are there: what is meant, what may not be touched, and where rows join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google import formulas
from netzwerk_sheets.backends.google.batch import FORMAT, NUMBERS, VALUE, Write
from netzwerk_sheets.backends.google.formats import cell_format
from netzwerk_sheets.backends.google.values import LONGEST, Raw, format_for, raw_of, same
from netzwerk_sheets.errors import WorkbookChanged, WorkbookRefused, WrongUse
from netzwerk_sheets.grid import Area, Cell, Formula, Look, SetCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.backends.google.reading import Page, Place

_PREFIX = "#gid="


class Painter:
    """How cells are written in one document.

    Args:
        look: Role → style.
        inks: Name of a style → colour of its text.
        links: Title of a tab → its number.
        separator: The mark between a formula's arguments.
        spellings: Formulas as they stand in the document already.
    """

    def __init__(
        self,
        look: Look,
        inks: Mapping[str, str],
        links: Mapping[str, int],
        separator: str,
        spellings: Mapping[str, str],
    ) -> None:
        """Begin with no format made."""
        self.look = look
        self._inks = inks
        self._links = links
        self._separator = separator
        self._spellings = spellings
        self._roles = {inks[style.name]: role for role, style in look.items() if style.name in inks}
        self._made: dict[tuple[str, str, str], dict[str, Any]] = {}

    def ink(self, role: str) -> str:
        """Give the text colour of a role.

        Raises:
            WrongUse: The look has no such role.
        """
        try:
            return self._inks[self.look[role].name]
        except KeyError:
            raise WrongUse("role-unknown", role=role) from None

    def look_of(self, ink: str) -> Mapping[str, Any] | None:
        """Give how empty cells of the role look that a text colour tells; `None` where it tells none."""
        role = self._roles.get(ink, "")
        return self.format(Cell(None, role)) if role else None

    def raw(self, cell: Cell) -> Raw:
        """Give what a cell holds, as Google keeps it."""
        value = cell.value
        if isinstance(value, Formula):
            text = self._spellings.get(value.text) or formulas.spelled(value.text, self._separator)
            value = Formula(text, value.cached)
        return raw_of(value)

    def fresh(self, cell: Cell) -> tuple[Raw, Mapping[str, Any]]:
        """Give value and look of a cell of a new tab."""
        return self.raw(cell), self.format(cell) if cell.role else self._numbers(cell, "")

    def _numbers(self, cell: Cell, kind: str) -> dict[str, Any]:
        found = format_for(cell.value, kind)
        return {"numberFormat": found} if found else {}

    def format(self, cell: Cell) -> dict[str, Any]:
        """Give how a cell of a role looks, its number format fit for the value."""
        link = self._target(cell.link)
        ink = self.ink(cell.role)
        base = self._made.get((cell.role, link, ""))
        if base is None:
            base = self._made[cell.role, link, ""] = cell_format(self.look[cell.role], ink, link)
        kind = base.get("numberFormat", {}).get("type", "")
        wanted = format_for(cell.value, kind)
        if wanted is None:
            return base
        key = (cell.role, link, wanted.get("type", "none"))
        if key not in self._made:
            plain = {name: each for name, each in base.items() if name != "numberFormat"}
            self._made[key] = plain | ({"numberFormat": wanted} if wanted else {})
        return self._made[key]

    def _target(self, link: str) -> str:
        """Give the address of a link; tabs are named by number, so that it survives their renaming."""
        tab, mark, place = link.removeprefix("#").rpartition("!")
        if not mark or "://" in link:
            return link
        title = tab[1:-1].replace("''", "'") if tab[:1] == tab[-1:] == "'" else tab
        return f"{_PREFIX}{self._links[title]}&range={place}" if title in self._links else ""

    def write(self, edit: SetCell, kind: str, ink: str) -> Write | None:
        """Give what is written into a cell, of which only what differs is touched; `None` where nothing does.

        Args:
            edit: The edit.
            kind: Type of the number format the cell has, or empty.
            ink: Colour of its text, or empty.
        """
        cell = edit.cell
        stays = _unchanged(edit)
        if cell.role:
            if stays:
                return None if self.ink(cell.role) == ink else Write(None, self.format(cell), (FORMAT,))
            return Write(self.raw(cell), self.format(cell), (VALUE, FORMAT))
        if stays:
            return None
        numbers = format_for(cell.value, kind)
        if numbers is None:
            return Write(self.raw(cell), None, (VALUE,))
        return Write(self.raw(cell), {"numberFormat": numbers} if numbers else {}, (VALUE, NUMBERS))


def _unchanged(edit: SetCell) -> bool:
    """Tell whether the value stays; a formula is calculated by Google, so its result is never written."""
    one, other = edit.expected, edit.cell.value
    if isinstance(one, Formula) and isinstance(other, Formula):
        return formulas.alike(one.text, other.text)
    return same(one, other)


def check(edits: Iterable[SetCell], page: Page, present: Mapping[int, Mapping[int, Any]], title: str) -> None:
    """Make sure that every cell may be written and holds what was read.

    Raises:
        WorkbookChanged: A cell holds something else than the edit expects.
        WorkbookRefused: A cell is protected, hides under a merged one, is filled by a formula elsewhere, or the
            text is too long for it.
    """
    for edit in edits:
        row, column = edit.spot.row, edit.spot.column
        name = f"{letters(column)}{row}"
        if not same(present.get(row, {}).get(column), edit.expected):
            raise WorkbookChanged("cell-changed", tab=title, cell=name)
        check_open(page, row, column, title)
        for area in page.merged:
            if _covers(area, row, column) and (row, column) != (area.first_row, area.first_column):
                raise WorkbookRefused("merged-cell", tab=title, cell=name)
        if (row, column) in page.spilled and edit.cell.value is not None:
            raise WorkbookRefused("formula-in-the-way", tab=title, cell=name)
        value = edit.cell.value
        text = value.text if isinstance(value, Formula) else value
        if isinstance(text, str) and len(text) > LONGEST:
            raise WorkbookRefused("text-too-long", tab=title, cell=name, limit=LONGEST)


def check_open(page: Page, row: int, column: int, title: str) -> None:
    """Make sure that a cell is not protected against the account signed in.

    Raises:
        WorkbookRefused: It is.
    """
    if any(_covers(area, row, column) and not _in_any(holes, row, column) for area, holes in page.closed):
        raise WorkbookRefused("google-protected", tab=title)


def part(
    writes: Mapping[Place, Write], last_row: int
) -> tuple[dict[Place, Write], tuple[int, list[dict[int, Write]]] | None]:
    """Part the cells of rows that are there from rows that join below everything else.

    Those are appended, wherever the end is by then: a row that a person typed there meanwhile stays.
    """
    new = {place[0] for place, write in writes.items() if place[0] > last_row and write.raw}
    if not new or min(new) != last_row + 1:
        return dict(writes), None
    rows: list[dict[int, Write]] = [{} for _ in range(max(new) - last_row)]
    kept: dict[Place, Write] = {}
    for (row, column), write in writes.items():
        if last_row < row <= max(new):
            rows[row - last_row - 1][column] = write
        else:
            kept[row, column] = write
    return kept, (last_row + 1, rows)


def letters(column: int) -> str:
    """Give the letters of a column, 1 being ``A``."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _covers(area: Area, row: int, column: int) -> bool:
    return area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column


def _in_any(areas: Iterable[Area], row: int, column: int) -> bool:
    return any(_covers(area, row, column) for area in areas)
