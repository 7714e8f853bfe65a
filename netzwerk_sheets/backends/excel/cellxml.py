"""How a cell is spelled in the file.

Text is written in place (``inlineStr``) and never as a shared string: one part less to keep right, no
index that could come to point elsewhere, and every program reads it. Excel moves it to the shared strings
at its next save.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time

from netzwerk_sheets.backends.excel.references import cell_name
from netzwerk_sheets.backends.excel.serials import to_serial
from netzwerk_sheets.backends.excel.texts import LONGEST, escape, guarded, length, needs_space
from netzwerk_sheets.errors import WorkbookRefused, WrongUse
from netzwerk_sheets.grid import CellError, Formula, Scalar, Value

_LONGEST_FORMULA = 8192


def cell_xml(place: tuple[int, int], style: int, value: Value, *, from_1904: bool, prefix: str = "") -> str:
    """Spell one cell.

    Args:
        place: Row and column.
        style: Index of the cell format; 0 is left out.
        value: What it holds.
        from_1904: Whether days count from 1904.
        prefix: Prefix of the part's elements, with its colon.

    Raises:
        WorkbookRefused: The text is longer than a cell can hold, or the date lies before the calendar.
        WrongUse: The number is not finite.
    """
    shape = f' s="{style}"' if style else ""
    kind, content = _content(value, place, from_1904=from_1904, p=prefix)
    head = f'<{prefix}c r="{cell_name(*place)}"{shape}{kind}'
    return f"{head}>{content}</{prefix}c>" if content else f"{head}/>"


def _content(value: Value, place: tuple[int, int], *, from_1904: bool, p: str) -> tuple[str, str]:
    if value is None or value == "":
        return "", ""
    if isinstance(value, Formula):
        if len(value.text) > _LONGEST_FORMULA:
            raise WorkbookRefused("text-too-long", cell=cell_name(*place), limit=_LONGEST_FORMULA)
        kind, text = _result(value.cached, place, from_1904=from_1904)
        cached = f"<{p}v>{text}</{p}v>" if value.cached is not None else ""
        return kind, f"<{p}f>{escape(guarded(value.text.removeprefix('=')))}</{p}f>{cached}"
    if isinstance(value, str):
        space = ' xml:space="preserve"' if needs_space(value) else ""
        return ' t="inlineStr"', f"<{p}is><{p}t{space}>{_text(value, place)}</{p}t></{p}is>"
    kind, text = _result(value, place, from_1904=from_1904)
    return kind, f"<{p}v>{text}</{p}v>"


def _result(value: Scalar, place: tuple[int, int], *, from_1904: bool) -> tuple[str, str]:
    """Give the kind attribute and the text of ``v``."""
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, str):
        return ' t="str"', _text(value, place)
    if isinstance(value, CellError):
        return ' t="e"', escape(value.code)
    if isinstance(value, date | datetime | time):
        try:
            return "", repr(to_serial(value, from_1904=from_1904))
        except ValueError as error:
            raise WorkbookRefused("date-too-early", cell=cell_name(*place)) from error
    if isinstance(value, float) and not math.isfinite(value):
        raise WrongUse("number-not-finite", cell=cell_name(*place))
    # Through the plain types: a subclass, such as numpy's, would spell itself in its own way.
    return "", "" if value is None else repr(float(value) if isinstance(value, float) else int(value))


def _text(value: str, place: tuple[int, int]) -> str:
    if length(value) > LONGEST:
        raise WorkbookRefused("text-too-long", cell=cell_name(*place), limit=LONGEST)
    return escape(guarded(value))
