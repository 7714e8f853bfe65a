"""Edits as a person makes them at the screen: typed, dragged, sorted, undone. Protections only warn the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import discovery
from .cellvalues import enter, set_value, value_range
from .document import Box
from .errors import invalid
from .ranges import Place, locate
from .requests import apply
from .requests.batch import Batch
from .requests.cells import write_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .document import Content, Json, Sheet
    from .sim import Sim, SimDocument


class Human:
    """A person with the document open. Rows and columns are numbered as on the screen: row 1, column "A"."""

    def __init__(self, sim: Sim, document: SimDocument, email: str) -> None:
        self._sim = sim
        self._doc = document
        self.email = email

    def as_user(self, email: str) -> Human:
        """Another person."""
        return Human(self._sim, self._doc, email)

    # --- looking

    def tab(self, title: str) -> Sheet:
        """A tab by its title."""
        sheet = self._doc.content.titled(title)
        if sheet is None:
            raise KeyError(title)
        return sheet

    def values(self, tab: str, *, how: str = "FORMATTED_VALUE") -> list[list[Any]]:
        """What the tab shows, rows of texts; ``how`` as the API's valueRenderOption."""
        sheet = self.tab(tab)
        calculator = self._batchless(self._doc.content)
        found: list[list[Any]] = value_range(calculator, Place(sheet, sheet.whole), how=how).get("values", [])
        return found

    def cell(self, tab: str, spot: str) -> Json:
        """All that a cell holds, as the server keeps it."""
        box = self._place(self._doc.content, tab, spot).box
        return self.tab(tab).cell(box.top, box.left)

    def shows(self, tab: str, spot: str) -> str:
        """The text in one cell."""
        place = self._place(self._doc.content, tab, spot)
        found = value_range(self._batchless(self._doc.content), place).get("values", [[""]])
        return str(found[0][0])

    # --- editing

    def type(self, tab: str, spot: str, text: Any) -> None:
        """Type into a cell; the document's locale says what comes of it."""
        with self._edit() as content:
            place = self._place(content, tab, spot)
            self._batch(content).guard(place.sheet, place.box)
            if text in ("", None):
                set_value(place.sheet, place.box.top, place.box.left, None)
            else:
                enter(content, place.sheet, place.box.top, place.box.left, text, "USER_ENTERED")

    def type_rows(self, tab: str, spot: str, rows: Sequence[Sequence[Any]]) -> None:
        """Type a block, row by row; None leaves a cell alone."""
        with self._edit() as content:
            start = self._place(content, tab, spot)
            for row, line in enumerate(rows, start.box.top):
                for column, text in enumerate(line, start.box.left):
                    if text is not None:
                        enter(content, start.sheet, row, column, text, "USER_ENTERED")

    def put(self, tab: str, spot: str, **cell: Any) -> None:
        """Set fields of a cell as the API names them: note, dataValidation, userEnteredFormat, userEnteredValue."""
        with self._edit() as content:
            place = self._place(content, tab, spot)
            write_cell(place.sheet, place.box.top, place.box.left, cell, {name: {} for name in cell}, content.locale)

    def note(self, tab: str, spot: str, text: str) -> None:
        """Leave a note on a cell."""
        self.put(tab, spot, note=text)

    def seed_result(self, tab: str, spot: str, value: Any) -> None:
        """Say what a formula comes to that this server cannot compute."""
        from .typing_in import raw

        content = self._doc.content
        place = self._place(content, tab, spot)
        cell = place.sheet.cell(place.box.top, place.box.left)
        place.sheet.put(place.box.top, place.box.left, {**cell, "effectiveValue": raw(value)})

    def insert_row(self, tab: str, row: int, count: int = 1) -> None:
        """New rows above that one; they look like the one above."""
        self._dimension("insertDimension", tab, "ROWS", row - 1, count, inheritFromBefore=row > 1)

    def insert_column(self, tab: str, column: int, count: int = 1) -> None:
        """New columns left of that one (1 is A)."""
        self._dimension("insertDimension", tab, "COLUMNS", column - 1, count, inheritFromBefore=column > 1)

    def delete_row(self, tab: str, row: int, count: int = 1) -> None:
        """Rows from that one on."""
        self._dimension("deleteDimension", tab, "ROWS", row - 1, count)

    def delete_column(self, tab: str, column: int, count: int = 1) -> None:
        """Columns from that one on."""
        self._dimension("deleteDimension", tab, "COLUMNS", column - 1, count)

    def move_row(self, tab: str, row: int, to: int) -> None:
        """Drag a row so that it stands above that other one."""
        sheet = self.tab(tab)
        source = {"sheetId": sheet.id, "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
        self.request(moveDimension={"source": source, "destinationIndex": to - 1})

    def sort(self, tab: str, area: str, column: int, *, descending: bool = False) -> None:
        """Sort a range by one of its columns (1 is A of the tab)."""
        place = self._place(self._doc.content, tab, area)
        spec = {"dimensionIndex": column - 1, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
        self.request(sortRange={"range": place.box.range(place.sheet.id), "sortSpecs": [spec]})

    def cut_paste(self, tab: str, area: str, to: str, to_tab: str | None = None) -> None:
        """Cut a range and paste it elsewhere."""
        place = self._place(self._doc.content, tab, area)
        target = self._place(self._doc.content, to_tab or tab, to)
        spot = {"sheetId": target.sheet.id, "rowIndex": target.box.top, "columnIndex": target.box.left}
        source = place.box.range(place.sheet.id)
        self.request(cutPaste={"source": source, "destination": spot, "pasteType": "PASTE_NORMAL"})

    def copy_paste(self, tab: str, area: str, to: str, to_tab: str | None = None) -> None:
        """Copy a range and paste it elsewhere."""
        place = self._place(self._doc.content, tab, area)
        target = self._place(self._doc.content, to_tab or tab, to)
        source, goal = place.box.range(place.sheet.id), target.box.range(target.sheet.id)
        self.request(copyPaste={"source": source, "destination": goal, "pasteType": "PASTE_NORMAL"})

    def add_tab(self, title: str, index: int | None = None) -> None:
        """A new tab."""
        properties: Json = {"title": title, **({} if index is None else {"index": index})}
        self.request(addSheet={"properties": properties})

    def rename_tab(self, tab: str, title: str) -> None:
        """Another title."""
        self._tab_property(tab, title=title)

    def move_tab(self, tab: str, index: int) -> None:
        """Another place, counted from 0 as it is after the move."""
        sheets = self._doc.content.sheets
        old = sheets.index(self.tab(tab))
        self._tab_property(tab, index=index if index <= old else index + 1)

    def hide_tab(self, tab: str) -> None:
        """Out of sight."""
        self._tab_property(tab, hidden=True)

    def copy_tab(self, tab: str, title: str | None = None) -> None:
        """A copy beside it."""
        index = self._doc.content.sheets.index(self.tab(tab)) + 1
        name = {} if title is None else {"newSheetName": title}
        self.request(duplicateSheet={"sourceSheetId": self.tab(tab).id, "insertSheetIndex": index, **name})

    def delete_tab(self, tab: str) -> None:
        """Gone."""
        self.request(deleteSheet={"sheetId": self.tab(tab).id})

    def hide_row(self, tab: str, row: int) -> None:
        """Out of sight, not gone."""
        self._hide(tab, "ROWS", row - 1)

    def hide_column(self, tab: str, column: int) -> None:
        """Out of sight, not gone."""
        self._hide(tab, "COLUMNS", column - 1)

    def undo(self) -> None:
        """The state before the last change, whoever made it."""
        with self._sim.lock:
            if not self._doc.history:
                raise IndexError("nothing to undo")
            last = self._doc.history.pop()
            self._sim.commit(self._doc, last, self.email)

    def request(self, **kind: Json) -> Json:
        """Anything else, as one request of the API."""
        api = discovery.sheets()
        cleaned, wrong = api.clean("Request", kind)
        if wrong:
            raise invalid(str(wrong))
        with self._edit() as content:
            replies: list[Json] = apply(self._batch(content), [cleaned])
        return replies[0]

    # --- how

    def _edit(self) -> _Edit:
        return _Edit(self._sim, self._doc, self.email)

    def _batch(self, content: Content) -> Batch:
        return Batch(
            content,
            discovery.sheets(),
            self.email,
            self._doc.owner,
            self._sim.new_number,
            self._sim.local_now(content),
            self._sim.sort_moves_metadata,
        )

    def _batchless(self, content: Content) -> Any:
        from .formulas import Calculator

        return Calculator(content, self._sim.local_now(content))

    def _place(self, content: Content, tab: str, area: str) -> Place:
        title = tab.replace("'", "''")
        place = locate(content, f"'{title}'!{area}")
        return Place(place.sheet, Box(*place.box))

    def _dimension(self, kind: str, tab: str, dimension: str, start: int, count: int, **more: Any) -> None:
        span = {"sheetId": self.tab(tab).id, "dimension": dimension, "startIndex": start, "endIndex": start + count}
        self.request(**{kind: {"range": span, **more}})

    def _tab_property(self, tab: str, **properties: Any) -> None:
        asked = {"properties": {"sheetId": self.tab(tab).id, **properties}, "fields": ",".join(properties)}
        self.request(updateSheetProperties=asked)

    def _hide(self, tab: str, dimension: str, index: int) -> None:
        span = {"sheetId": self.tab(tab).id, "dimension": dimension, "startIndex": index, "endIndex": index + 1}
        self.request(
            updateDimensionProperties={"range": span, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
        )


class _Edit:
    """A copy to edit, put in place when nothing went wrong."""

    def __init__(self, sim: Sim, document: SimDocument, email: str) -> None:
        self._sim = sim
        self._doc = document
        self._email = email

    def __enter__(self) -> Content:
        self._sim.lock.acquire()
        self._content = self._doc.content.copy()
        return self._content

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._sim.commit(self._doc, self._content, self._email)
        finally:
            self._sim.lock.release()
