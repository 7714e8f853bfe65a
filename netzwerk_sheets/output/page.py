"""The parts a page is made of. All texts are plain; escaping is the template's work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        kind: ``red``, ``yellow``, ``green``, ``none`` for a light, ``number``, or empty.
    """

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of every row is its heading.

    Attributes:
        id: Unique on the page.
    """

    id: str
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, in its own units: label above, bar below, value behind it."""

    label: str
    value: str
    top: int
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of bars; the same facts stand in a table."""

    title: str
    text: str
    height: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes:
        id: Unique on the page; the table of contents leads there.
        lines: Sentences before the tables.
    """

    id: str
    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page.

    Attributes:
        lead: Sentences below the heading.
    """

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]


def cells(*texts: str) -> tuple[Cell, ...]:
    """Make plain cells."""
    return tuple(Cell(text) for text in texts)
