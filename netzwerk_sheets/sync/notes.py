"""Notes on the cells people disagree about: hung up while a conflict stands, taken away when it ends.

A note of the tool is known by its author and its words. One that people changed is theirs and stays. Where rows
move, the next pass takes the note from the old cell and hangs it on the new one; so nothing about notes is stored.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Note, RemoveNote, SetNote, Snapshot, Spot
from netzwerk_sheets.languages import LANGUAGES
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sync.disputes import PREFIX

if TYPE_CHECKING:
    from netzwerk_sheets.grid import Tab
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.order import Pass

AUTHOR = "netzwerk"
_NAMES = {AUTHOR, ""}
"""LibreOffice forgets the authors of all notes at its first save; the words alone must do then."""

_ID = re.compile(rf"{PREFIX}-\d+")


def is_ours(note: Note) -> bool:
    """Say whether the tool wrote a note and nobody changed it since."""
    found = _ID.search(note.text)
    return (
        note.author.strip() in _NAMES
        and found is not None
        and note.text.strip() in {Words(language).say("conflicts.note", id=found[0]) for language in LANGUAGES}
    )


def seen_by_people(snapshot: Snapshot) -> Snapshot:
    """Let the tool's own notes not count as notes of people: only theirs hold rows in their places."""
    tabs = tuple(
        tab._replace(annotated=tab.rich) if tab.notes and all(map(is_ours, tab.notes.values())) else tab
        for tab in snapshot.tabs
    )
    return snapshot._replace(tabs=tabs) if tabs != snapshot.tabs else snapshot


def plan_notes(builder: Builder, done: Pass) -> None:
    """Plan the notes of every tab of the network that may be written."""
    wanted = _wanted(builder, done)
    held = {
        seen.tab.title
        for table in builder.tables.values()
        if table.result.held
        for seen in builder.seen(table).values()
    }
    for title in dict.fromkeys(builder.located.tabs.values()):
        tab = done.snapshot.tab(title)
        if not tab.obstacle and title not in done.stuck and builder.book.replica(title) not in builder.order.skip:
            _plan_tab(done, tab, wanted.get(title, {}), adds=tab.takes_notes and title not in held)


def _wanted(builder: Builder, done: Pass) -> dict[str, dict[tuple[int, int], str]]:
    """Say which cells are in conflict: tab → (row, column) → words."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for code, conflict in done.conflicts:
        table = builder.tables[code]
        for replica, seen in builder.seen(table).items():
            row = table.placed(replica).places.get(conflict.row)
            column = seen.columns.get(conflict.column)
            if row is not None and column is not None:
                words = builder.words.say("conflicts.note", id=conflict.id)
                found.setdefault(seen.tab.title, {}).setdefault((row, column), words)
    return found


def _plan_tab(done: Pass, tab: Tab, wanted: dict[tuple[int, int], str], *, adds: bool) -> None:
    stands = {}
    for place, note in tab.notes.items():
        if is_ours(note) and wanted.get(place) != note.text.strip():
            done.edits.append(RemoveNote(Spot(tab.title, *place), note))
        else:
            stands[place] = note
    for place, words in wanted.items() if adds else ():
        if place not in stands:
            done.edits.append(SetNote(Spot(tab.title, *place), Note(AUTHOR, words)))
