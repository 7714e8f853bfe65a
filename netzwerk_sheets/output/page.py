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
class Filter:
    """A choice above a table: everything, or the rows of one option; it works without a script.

    Attributes:
        legend: What is chosen.
        everything: Label of the choice that shows all rows.
        options: Labels of the others, at most `MOST_OPTIONS`.
    """

    legend: str
    everything: str
    options: tuple[str, ...]


MOST_OPTIONS = 24
"""For so many options the style sheet has rules."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of every row is its heading.

    Attributes:
        id: Unique on the page.
        filter: A choice above it, or `None`.
        marks: For each row the numbers of the options it belongs to, counted from 1.
    """

    id: str
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    filter: Filter | None = None
    marks: tuple[tuple[int, ...], ...] = ()


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
class Node:
    """A point of a map with its label on the outer side."""

    label: str
    x: float
    y: float
    left: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a map from a point on the left to one on the right."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Map:
    """A picture of points and lines; the same facts stand in a table."""

    title: str
    text: str
    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


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
    picture: Map | None = None


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
