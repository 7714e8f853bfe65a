"""How tall a row must be for its wrapped texts.

Excel fits rows by itself; LibreOffice and previews take the stated height. So the height is stated but not
marked as a person's own: the next edit in Excel fits the row anew.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Value, shown

if TYPE_CHECKING:
    from netzwerk_sheets.grid import Style

PLAIN_WIDTH = 8.43
"""Characters that a column holds which nobody has sized."""

_TALLEST = 409
LEAST = 15.0
_PER_POINT = 1.32
_PADDING = 2
_TABLE_PADDING = 9
_BOLD = 1.1
_PLAIN_SIZE = 11


def needed(value: Value, style: Style, width: float) -> float:
    """Estimate the points a cell needs.

    Args:
        value: What it shows; only texts wrap.
        style: Its look.
        width: Characters the column holds at the plain size.
    """
    text = shown(value)
    line = style.size * _PER_POINT
    lines = 1
    if isinstance(text, str) and style.wrap:
        room = max(1.0, width - 1 - 2 * style.indent) * _PLAIN_SIZE / style.size / (_BOLD if style.bold else 1)
        lines = sum(max(1, math.ceil(len(paragraph) / room)) for paragraph in text.split("\n"))
    return min(_TALLEST, max(LEAST, round(lines * line + (_TABLE_PADDING if style.border else _PADDING), 1)))
