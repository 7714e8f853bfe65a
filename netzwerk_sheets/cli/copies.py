"""What became of the conflict copies beside a workbook, in words; loads nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netzwerk_sheets.sync.strays import Copy

Sentence = tuple[str, dict[str, object]]


def sentences_of(copies: Iterable[Copy], first: str, *, written: bool = True) -> Iterator[Sentence]:
    """Give the sentences about conflict copies, each as key and facts.

    Args:
        copies: What became of them.
        first: Name of the workbook they lie beside.
        written: Whether the pass was carried out; otherwise it is told what it would do.
    """
    for copy in copies:
        yield from earlier([(copy.path.name, copy.state, copy.changes)], first, written=written)
        for row in copy.refused:
            yield "copies.refused", {"row": row, "file": copy.path.name}


def earlier(copies: Iterable[tuple[str, str, int]], first: str, *, written: bool = True) -> Iterator[Sentence]:
    """Give the same for plain facts: (name of the file, what became of it, number of changes)."""
    for name, state, changes in copies:
        key = state
        if state == "merged":
            key = "known" if not changes else "merged" if written else "would_merge"
        both = f"{_in_toml(first)}, {_in_toml(name)}"
        yield f"copies.{key}", {"file": name, "first": first, "n": changes, "both": both}


def _in_toml(name: str) -> str:
    """Write the name of a file as a text of ``netzwerk.toml``."""
    if "'" not in name and name.isprintable():
        return f"'{name}'"
    import json

    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007F")
