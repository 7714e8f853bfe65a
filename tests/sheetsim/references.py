"""References inside formulas: finding them, and rewriting them when rows, columns or tabs move."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .document import letters
from .ranges import column_number, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

_TITLE = r"(?:(?P<title>'(?:[^']|'')*'|[^\W\d][\w.]*)!)?"
_CELLS = r"(?P<one>\$?[A-Za-z]{1,3}\$?\d+)(?::(?P<two>\$?[A-Za-z]{1,3}(?:\$?\d+)?))?"
_COLUMNS = r"(?P<left>\$?[A-Za-z]{1,3}):(?P<right>\$?[A-Za-z]{1,3})"
_ROWS = r"(?P<top>\$?\d+):(?P<bottom>\$?\d+)"
_TOKEN = re.compile(
    rf'"(?:[^"]|"")*"|(?<![\w.$]){_TITLE}(?:{_CELLS}|{_COLUMNS}|{_ROWS})(?![\w(.!])|[^\W\d][\w.]*\(?|.', re.DOTALL
)


@dataclass(frozen=True)
class Edge:
    """One side of a reference: index from 0, None where it is open, and whether it is fixed by a dollar."""

    index: int | None
    fixed: bool = False

    def shown(self, *, column: bool) -> str:
        """As it stands in a formula."""
        if self.index is None:
            return ""
        return ("$" if self.fixed else "") + (letters(self.index) if column else str(self.index + 1))


@dataclass(frozen=True)
class Reference:
    """A cell or an area named in a formula; the title is None where the formula's own tab is meant."""

    title: str | None
    top: Edge
    left: Edge
    bottom: Edge
    right: Edge
    single: bool

    def text(self) -> str:
        """As it stands in a formula."""
        first = self.left.shown(column=True) + self.top.shown(column=False)
        last = self.right.shown(column=True) + self.bottom.shown(column=False)
        tab = f"{quoted(self.title)}!" if self.title is not None else ""
        return tab + (first if self.single else f"{first}:{last}")


def _edge(text: str | None, *, column: bool) -> Edge:
    if not text:
        return Edge(None)
    bare = text.replace("$", "")
    return Edge(column_number(bare) if column else int(bare) - 1, fixed="$" in text)


def _corner(text: str) -> tuple[Edge, Edge]:
    match = re.match(r"(\$?[A-Za-z]+)(\$?\d+)?$", text)
    assert match is not None
    return _edge(match[1], column=True), _edge(match[2], column=False)


def reference(match: re.Match[str]) -> Reference | None:
    """The reference a token is, or None."""
    group = match.groupdict()
    title = group["title"]
    if title and title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    if group["one"]:
        left, top = _corner(group["one"])
        right, bottom = _corner(group["two"]) if group["two"] else (left, top)
        return Reference(title, top, left, bottom, right, single=not group["two"])
    if group["left"]:
        left, right = _edge(group["left"], column=True), _edge(group["right"], column=True)
        return Reference(title, Edge(None), left, Edge(None), right, single=False)
    if group["top"]:
        top, bottom = _edge(group["top"], column=False), _edge(group["bottom"], column=False)
        return Reference(title, top, Edge(None), bottom, Edge(None), single=False)
    return None


def rewrite(formula: str, change: Callable[[Reference], Reference | None]) -> str:
    """The formula with every reference as ``change`` wants it; None becomes #REF!."""
    out: list[str] = []
    for match in _TOKEN.finditer(formula):
        found = reference(match)
        if found is None:
            out.append(match[0])
            continue
        changed = change(found)
        if changed == found:
            out.append(match[0])
        else:
            out.append("#REF!" if changed is None else changed.text())
    return "".join(out)


def moved(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads when its cell is copied so many rows and columns away."""

    def shift(edge: Edge, by: int) -> Edge:
        return edge if edge.fixed or edge.index is None else replace(edge, index=edge.index + by)

    def change(found: Reference) -> Reference | None:
        new = replace(
            found,
            top=shift(found.top, rows),
            bottom=shift(found.bottom, rows),
            left=shift(found.left, columns),
            right=shift(found.right, columns),
        )
        edges = (new.top, new.bottom, new.left, new.right)
        return None if any(edge.index is not None and edge.index < 0 for edge in edges) else new

    return rewrite(formula, change)


def settled(formula: str, list_separator: str) -> str:
    """The formula as it is kept: ``;`` parts arguments everywhere, and becomes the locale's own mark."""
    if list_separator == ";":
        return formula
    out, braces = [], 0
    for token, _ in tokens(formula):
        braces += (token == "{") - (token == "}")
        out.append(list_separator if token == ";" and not braces else token)
    return "".join(out)


def tokens(formula: str) -> list[tuple[str, Reference | None]]:
    """The formula's tokens, references understood."""
    return [(match[0], reference(match)) for match in _TOKEN.finditer(formula)]
