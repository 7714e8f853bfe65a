"""How a table is made, as far as merging needs to know: columns, owners, what values mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from netzwerk_sheets.merge.ids import read_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge.rows import RowId

ID = "id"
"""Key of the id column in edits (`Put`); ids are never part of a row's cells."""


class Kind(Enum):
    """What the values of a column mean; decides when two of them are the same and how two edits combine."""

    TEXT = "text"
    NOTE = "note"
    ENUM = "enum"
    MULTI = "multi"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    IDLIKE = "idlike"
    LINK = "link"
    LINKS = "links"

    @property
    def is_set(self) -> bool:
        """Whether a value is a set of items, so that edits to it always combine."""
        return self in (Kind.MULTI, Kind.LINKS)


class Owner(Enum):
    """Who may say what stands in a column."""

    HUMAN = "human"
    TOOL = "tool"
    PROPOSES = "proposes"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: Code of the column, the same in every language.
        kind: What its values mean.
        owner: Who may say what stands there.
        group: Columns of one group (street, postcode, town) belong together: a conflict in one is a conflict
            in all, so that no mixture of two addresses arises. Empty for none.
    """

    key: str
    kind: Kind = Kind.TEXT
    owner: Owner = Owner.HUMAN
    group: str = ""


@dataclass(frozen=True, slots=True)
class Conventions:
    """How people of this workbook write numbers, dates and yes or no.

    Attributes:
        decimal: The decimal mark in text, ``,`` or ``.``.
        yes: Words for yes, casefolded.
        no: Words for no, casefolded.
        epoch: Day 0 of date serials; the 1904 system of old Mac workbooks has another one.
    """

    decimal: str = ","
    yes: frozenset[str] = frozenset({"true"})
    no: frozenset[str] = frozenset({"false"})
    epoch: date = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table.

    Attributes:
        code: Code of the table.
        prefix: Prefix of its ids, ``P`` for ``P-014``.
        columns: Without the id column.
        natural_key: Columns by which people know a row, for example name and town; may be empty.
        aliases: column key → casefolded label → code, for columns with a vocabulary.
        conventions: How values are written.
        digits: How many digits the numbers of ids have at least.
        other_ids: Pattern of ids that are not prefix and number, for example those of a catalogue.
        by_key: column key → column.
        blocks: The columns that must be judged together: one tuple per group, one per other column.
    """

    code: str
    prefix: str
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...] = ()
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conventions: Conventions = Conventions()
    digits: int = 3
    other_ids: str = ""
    by_key: Mapping[str, Column] = field(init=False, repr=False, compare=False)
    blocks: tuple[tuple[Column, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive the look-ups once; they are read for every changed cell."""
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})
        blocks: dict[str, list[Column]] = {}
        for column in self.columns:
            name = f"group {column.group}" if column.group else f"column {column.key}"
            blocks.setdefault(name, []).append(column)
        object.__setattr__(self, "blocks", tuple(tuple(block) for block in blocks.values()))

    def read_id(self, value: Value) -> RowId | None:
        """Read an id a cell shows; `None` where it is no id of this table."""
        return read_id(value, self.prefix, self.digits, self.other_ids)
