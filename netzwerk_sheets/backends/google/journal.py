"""What a write stood on, as text: kept until its end is known, so that a later run can set it right.

Of the tabs that are written it holds everything, for lines are known again by all their cells; of other tabs nothing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google.batch import Batch, Write
from netzwerk_sheets.backends.google.repairs import Sent, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.backends.google.reading import Place, Seen


def dump(sent: Sent, before: Mapping[int, State]) -> str:
    """Write down what is about to be written.

    Args:
        sent: It.
        before: Number of a tab → what it holds before.
    """
    formats: dict[str, int] = {}
    batch = sent.batch
    tabs = {title: _tab(title, sent, before) for title in batch.tabs}
    looks = {ink: found for tab in tabs.values() for _, _, ink in tab["inks"] if (found := sent.look_of(ink))}
    data = {
        "marker": batch.marker,
        "tabs": tabs,
        "writes": {title: _dumped(writes, formats) for title, writes in batch.writes.items()},
        "appended": {
            title: [first, [_dumped({(0, column): write for column, write in line.items()}, formats) for line in rows]]
            for title, (first, rows) in batch.appended.items()
        },
        "notes": {title: _cells(notes) for title, notes in batch.notes.items()},
        "fresh": batch.fresh, "inks": batch.inks, "separator": batch.separator, "looks": looks,
    }  # fmt: skip
    return json.dumps({**data, "formats": [json.loads(text) for text in formats]}, ensure_ascii=False)


def load(text: str, seen: Seen) -> tuple[Sent, dict[int, State]]:
    """Read it back, for the document as it is now: tabs may have other titles, or be gone.

    Returns:
        What was written, and number of a tab → what it held before.
    """
    data = json.loads(text)
    now = {page.number: title for title, page in seen.pages.items()}
    titles = {was: now[tab["number"]] for was, tab in data["tabs"].items() if tab["number"] in now}
    formats = data["formats"]

    def of(part: str) -> dict[str, Any]:
        return {titles[was]: each for was, each in data[part].items() if was in titles}

    batch = Batch(
        writes={title: _loaded(cells, formats) for title, cells in of("writes").items()},
        appended={title: _lines(rows, formats) for title, rows in of("appended").items()},
        notes={title: _places(cells) for title, cells in of("notes").items()},
        fresh={now[number]: number for number in data["fresh"].values() if number in now},
        links={title: page.number for title, page in seen.pages.items()},
        inks=data["inks"], separator=data["separator"], marker=data["marker"],
    )  # fmt: skip
    pages, before = {}, {}
    for was, title in titles.items():
        tab = data["tabs"][was]
        page = seen.pages[title]
        pages[title] = replace(page, numbers=_places(tab["numbers"]), inks=_places(tab["inks"]))
        before[page.number] = State(_places(tab["raw"]), _places(tab["notes"]))
    return Sent(pages, seen.book, batch, data["looks"].get), before


def _tab(title: str, sent: Sent, before: Mapping[int, State]) -> dict[str, Any]:
    page = sent.pages[title]
    state = before.get(page.number, State())
    written = {column for _, column in sent.batch.writes.get(title, ())}
    return {
        "number": page.number,
        "raw": _cells(state.cells),
        "notes": _cells(state.notes if title in sent.batch.notes else {}),
        "numbers": _cells({place: each for place, each in page.numbers.items() if place[1] in written}),
        "inks": _cells({place: each for place, each in page.inks.items() if place[1] in written}),
    }


def _cells(cells: Mapping[Place, Any]) -> list[list[Any]]:
    return [[*place, each] for place, each in cells.items()]


def _places(cells: Iterable[list[Any]]) -> dict[Place, Any]:
    return {(row, column): each for row, column, each in cells}


def _dumped(writes: Mapping[Place, Write], formats: dict[str, int]) -> list[list[Any]]:
    """Write cells down; each look once."""
    return [
        [*place, write.raw, formats.setdefault(json.dumps(write.format), len(formats)), write.fields]
        for place, write in writes.items()
    ]


def _loaded(cells: Iterable[list[Any]], formats: list[Any]) -> dict[Place, Write]:
    return {(row, column): Write(raw, formats[look], tuple(fields)) for row, column, raw, look, fields in cells}


def _lines(appended: list[Any], formats: list[Any]) -> tuple[int, list[dict[int, Write]]]:
    first, rows = appended
    return first, [{column: write for (_, column), write in _loaded(line, formats).items()} for line in rows]
