"""Tell a conflict copy that somebody saved again from another one that got its name.

OneDrive names every copy after the machine, so where people delete one, the next is called the same. Only what stands
in it tells them apart: whoever saves a copy again leaves most of what it brought; another one knows nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.sync.recall import is_known
from netzwerk_sheets.sync.tables import home_of, is_merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netzwerk_sheets.merge import Row, Rows
    from netzwerk_sheets.sheets.locate import SeenTable
    from netzwerk_sheets.state.store import Store
    from netzwerk_sheets.sync.recall import Source


def saved_again(store: Store, source: Source, candidates: Sequence[str]) -> str:
    """Give the copy that a file was when it was read before.

    Args:
        store: What is remembered.
        source: The file.
        candidates: Codes of copies that had its name and came from the same state of the workbook.

    Returns:
        The code of one of them, or empty where it is another copy. Where it is not known any more what that state
        was, it is the first: only so is anything known of the file.
    """
    if not candidates or not is_known(store, source.marker):
        return candidates[0] if candidates else ""
    best = max(candidates, key=lambda code: _left(store, source, code))
    return best if _left(store, source, best) > 0 else ""


def _left(store: Store, source: Source, code: str) -> int:
    """Give how many of the changes that a copy brought still stand in a file, less those that do not."""
    marker, count = source.marker, 0
    for seen in locate(source.snapshot).seen():
        if marker is None or not is_merged(seen.code):
            continue
        place = home_of(seen.place, seen.owner)
        before = store.bases_at(seen.code, marker.book, marker.run)
        old = before.get(f"{place}@{marker.book}" if marker.book else place, {})
        new = store.read(seen.code).bases.get(f"{place}@{code}", {})
        count += sum(1 if there else -1 for there in _found(seen, old, new))
    return count


def _found(seen: SeenTable, old: Rows, new: Rows) -> Iterator[bool]:
    """Say of each change from old rows to new ones whether it stands in a table; what is neither says nothing."""
    rows: dict[str, Row] = {}
    unnamed: list[Row] = []
    for row in seen.rows:
        name = row.cells.get("id")
        if isinstance(name, str) and (name in old or name in new):
            rows[name] = row.cells
        else:
            unnamed.append(row.cells)
    for name in {**old, **new}:
        before, after, now = old.get(name), new.get(name), rows.get(name)
        if before == after:
            continue
        if after is None:
            yield now is None
        elif before is not None and now is not None:
            yield from _kept(before, after, now)
        elif before is None:
            yield now is not None or any(after.items() <= each.items() for each in unnamed)


def _kept(before: Row, after: Row, now: Mapping[str, object]) -> Iterator[bool]:
    for key in {**before, **after}:
        if before.get(key) != after.get(key) and now.get(key) in (before.get(key), after.get(key)):
            yield now.get(key) == after.get(key)
