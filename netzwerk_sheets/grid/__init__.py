"""What every workbook is made of, wherever it is kept: tabs of cells, designs for new tabs, edits.

No word of the domain stands here. Rows and columns count from 1, as people see them. A backend turns a file
or an online document into a `Snapshot` and carries out `Edit`s; everything between is pure.

All of it is imported from here, but for what titles of tabs may be (`titles`). Designs and edits are loaded when they
are first asked for: whoever only reads needs neither. Everything is a named tuple, which loads and is made several
times faster than a frozen dataclass; `_replace` gives a copy that differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid.content import (
    Area,
    CellError,
    Formula,
    Note,
    Scalar,
    Snapshot,
    Spot,
    Tab,
    TableArea,
    Value,
    shown,
)

if TYPE_CHECKING:
    from netzwerk_sheets.grid.designs import (
        Cell,
        Chart,
        Choice,
        Highlight,
        Look,
        Page,
        Style,
        TabDesign,
        TableDesign,
        Validation,
    )
    from netzwerk_sheets.grid.edits import (
        AddTab,
        Edit,
        FollowChart,
        Left,
        RemoveNote,
        ResizeTable,
        SetCell,
        SetMarker,
        SetName,
        SetNote,
        SetSize,
        Trail,
    )

_EDITS = {
    "AddTab", "Edit", "FollowChart", "Left", "RemoveNote", "ResizeTable", "SetNote", "SetCell", "SetMarker", "SetName",
    "SetSize", "Trail",
}  # fmt: skip

__all__ = [
    "AddTab",
    "Area",
    "Cell",
    "CellError",
    "Chart",
    "Choice",
    "Edit",
    "FollowChart",
    "Formula",
    "Highlight",
    "Left",
    "Look",
    "Note",
    "Page",
    "RemoveNote",
    "ResizeTable",
    "Scalar",
    "SetCell",
    "SetMarker",
    "SetName",
    "SetNote",
    "SetSize",
    "Snapshot",
    "Spot",
    "Style",
    "Tab",
    "TabDesign",
    "TableArea",
    "TableDesign",
    "Trail",
    "Validation",
    "Value",
    "shown",
]


def __getattr__(name: str) -> object:
    """Load designs and edits when one of them is first asked for."""
    if name not in __all__:
        raise AttributeError(name)
    if name in _EDITS:
        from netzwerk_sheets.grid import edits as home
    else:
        from netzwerk_sheets.grid import designs as home  # type: ignore[no-redef]
    found: object = getattr(home, name)
    globals()[name] = found
    return found
