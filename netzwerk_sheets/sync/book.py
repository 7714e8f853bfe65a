"""One workbook of the network on its way through a pass: what stands where, and what its tabs are called."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.grid.titles import free
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.locate import Located, locate, name_for
from netzwerk_sheets.sync.adopting import NOTHING, with_headings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netzwerk_sheets.grid import Edit, Snapshot
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sync.order import Order


NO_COPIES: Mapping[str, str] = MappingProxyType({})


class Content(NamedTuple):
    """A workbook as it was read: its content, its cells' styles, and for further ones code and file name.

    What stands aside is a conflict copy: its rows are merged, and nothing is planned for it.
    """

    snapshot: Snapshot
    roles: Callable[[str], Mapping[tuple[int, int], str]] = lambda _title: {}
    code: str = ""
    name: str = ""
    aside: bool = False


class Book:
    """A workbook as it was read.

    Args:
        content: What was read; the workbook without a code is the first.
        order: What the pass is asked to do.
    """

    def __init__(self, content: Content, order: Order) -> None:
        """Find the tables of the network in it."""
        self.snapshot, self.roles, self.code, self.name, self.aside = content
        self.create = order.create if self.code == order.into else frozenset()
        adoption = NOTHING if self.code else order.adoption
        self.snapshot = with_headings(self.snapshot, adoption)
        self.located = _only_ours(locate(self.snapshot, adoption.words), self.snapshot, order)
        self.soft: list[Edit] = []
        self.titles: dict[tuple[str, str], str] = dict(self.located.tabs)
        self.taken = {title.casefold() for title in (*self.snapshot.taken, *(tab.title for tab in self.snapshot.tabs))}
        self.taken |= {design.title.casefold() for design in adoption.copies}

    @property
    def grows(self) -> bool:
        """Whether tabs may be added to it; a group's own file, in which people deleted the others, stays as it is."""
        return not self.code or bool(self.create) or ("start", "") in self.located.tabs

    def replica(self, place: str, owner: str = "") -> str:
        """Name one of its tabs among the tabs of all workbooks."""
        return (f"{place}.{owner}" if owner else place) + (f"@{self.code}" if self.code else "")

    def title(self, code: str, wanted: str, words: Words, owner: str = "") -> str:
        """Give the title of a tab: the one it has, or a free one."""
        known = self.titles.get((code, owner))
        if known:
            return known
        title = free(wanted, self.taken, words.say("page.ours"))
        self.taken.add(title.casefold())
        self.titles[code, owner] = title
        return title

    def wants(self, code: str, owner: str = "") -> bool:
        """Say whether a tab exists or shall be made; one that people deleted stays away until `init`."""
        return (code, owner) in self.located.tabs or code in self.create


def tab_of(replica: str, words: Words, books: Sequence[Book], here: Book, copies: Mapping[str, str] = NO_COPIES) -> str:
    """Name the tab a replica stands in as people see it; its words where the tab is gone.

    Args:
        replica: Code of the tab, its owner behind a dot, the code of its workbook behind an @; or what no tab did.
        words: The reader's language.
        books: The workbooks of the network.
        here: The one that is spoken of; a tab of another one is told with the name of its file.
        copies: Code of a conflict copy that was read → name of its file.
    """
    if words.has(f"adopt.source_{replica}"):
        return words.say(f"adopt.source_{replica}")
    where, _, code = replica.partition("@")
    place, _, owner = where.partition(".")
    book = next((book for book in books if book.code == code and not book.aside), here)
    name = copies.get(code, book.name)
    title = book.titles.get((place, owner), "")
    if not title and place in schema.tab_words():
        title = f"{words.tab(place)} {owner}".strip()
    title = title or where
    return title if not replica or code == here.code or not name else f"{title} ({name})"


def _only_ours(located: Located, snapshot: Snapshot, order: Order) -> Located:
    """Leave tabs alone that look like ours but were never taken over."""
    named = {name.upper() for name in snapshot.names}
    if snapshot.marker is None and not order.create:
        return located

    def ours(code: str, owner: str) -> bool:
        return name_for(code, owner).upper() in named or code in order.take_over

    return Located(
        {code: seen for code, seen in located.tables.items() if ours(code, "")},
        located.sheets,
        {key: title for key, title in located.tabs.items() if ours(*key)},
        located.removed,
    )
