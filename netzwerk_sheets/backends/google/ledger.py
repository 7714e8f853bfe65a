"""What the tool leaves in a document beside cells: its mark, the tabs it knows, how its roles are told apart, turns.

All are developer metadata of the whole document, which people do not see and cannot change by accident, and
they are written together with the cells. The tabs' ledger is there because Google forgets names whose tab was
deleted: a name that stands in the ledger while its tab is gone was deleted by a person. Names at Google hold no
full stop, so ``NETZ_onboarding.P_007`` is called ``NETZ_onboarding__P_007`` there.

Google writes whatever came between reading and writing. But it carries a write out as a whole or not at all, and the
number of an entry is the document's only one. So every write takes a turn: an entry whose number follows from the mark
it has read. Of two runs that read the same mark, on whatever machines, the second is refused, and reads again.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.grid import Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MARKER, NAMES, LOOKS, TURN = "netzwerk", "netzwerk-names", "netzwerk-looks", "netzwerk-turn"
SEPARATOR = "separator"
PREFIX = "NETZ_"
_MENDED = " mended="
_LEGAL = re.compile(r"[A-Za-z_]\w{0,249}", re.ASCII)
_NUMBERS = {MARKER: 1_447_001, NAMES: 1_447_002, LOOKS: 1_447_003}
"""Fixed, so that two runs at once cannot make the same entry twice."""
_FIRST_TURN, _TURNS = 1_500_000_000, 600_000_000
_KEPT_TURNS, _LONG_COUNT = 8, 12
"""A write that so many others overtook is not refused any more; all entries may hold 30,000 characters."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was found.

    Attributes:
        entries: Key → (number of the entry, text).
        turns: (how many there had been, number) of the turns that were taken last, the latest one last.
    """

    entries: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    turns: tuple[tuple[int, int], ...] = ()

    @classmethod
    def read(cls, metadata: Iterable[Mapping[str, Any]]) -> Ledger:
        """Take our entries out of a document's metadata."""
        found: dict[str, tuple[int, str]] = {}
        turns: list[tuple[int, int]] = []
        for each in metadata:
            key, number, text = each.get("metadataKey", ""), int(each["metadataId"]), str(each.get("metadataValue", ""))
            if (each.get("location") or {}).get("locationType", "SPREADSHEET") != "SPREADSHEET":
                continue
            if key in _NUMBERS:
                found.setdefault(key, (number, text))
            elif key == TURN:
                turns.append((int(text) if text.isdecimal() and len(text) < _LONG_COUNT else 0, number))
        return cls(found, tuple(sorted(turns)))

    @property
    def marker(self) -> str | None:
        """The text left by the last write."""
        return self.entries[MARKER][1] if MARKER in self.entries else None

    @property
    def tabs(self) -> dict[str, int]:
        """Name → number of the tab it pointed to when it was made."""
        return {name: each for name, each in self._loaded(NAMES).items() if isinstance(each, int)}

    @property
    def inks(self) -> dict[str, str]:
        """Name of a role's style → text colour that tells it."""
        return {name: each for name, each in self._loaded(LOOKS).items() if isinstance(each, str) and name != SEPARATOR}

    @property
    def separator(self) -> str:
        """The mark between a formula's arguments that was found to be understood, or empty."""
        return {",": ",", ";": ";"}.get(str(self._loaded(LOOKS).get(SEPARATOR)), "")

    def _loaded(self, key: str) -> dict[str, Any]:
        try:
            found = json.loads(self.entries[key][1]) if key in self.entries else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def requests(self, key: str, text: str) -> list[dict[str, Any]]:
        """Give what leaves a text; nothing where it stands there already."""
        if key not in self.entries:
            made = {
                "metadataId": _NUMBERS[key], "metadataKey": key, "metadataValue": text,
                "location": {"spreadsheet": True}, "visibility": "DOCUMENT",
            }  # fmt: skip
            return [{"createDeveloperMetadata": {"developerMetadata": made}}]
        return [] if self.entries[key][1] == text else [self.update(key, text)]

    def turn(self) -> list[dict[str, Any]]:
        """Give what only one of all writes that read this mark can do, first; nothing where no mark was read."""
        if self.marker is None:
            return []
        number = _FIRST_TURN + zlib.crc32(self.marker.encode()) % _TURNS
        if any(number == taken for _, taken in self.turns):  # people took an older version of the document back
            return []
        count = self.turns[-1][0] + 1 if self.turns else 1
        made = {
            "metadataId": number, "metadataKey": TURN, "metadataValue": str(count),
            "location": {"spreadsheet": True}, "visibility": "DOCUMENT",
        }  # fmt: skip
        old = [{"developerMetadataLookup": {"metadataId": each}} for _, each in self.turns[: 1 - _KEPT_TURNS]]
        return [
            {"createDeveloperMetadata": {"developerMetadata": made}},
            *({"deleteDeveloperMetadata": {"dataFilter": each}} for each in old),
        ]

    def update(self, key: str, text: str) -> dict[str, Any]:
        """Give what changes a text that stands there, or that the write just before left."""
        number = self.entries[key][0] if key in self.entries else _NUMBERS[key]
        return {
            "updateDeveloperMetadata": {
                "dataFilters": [{"developerMetadataLookup": {"metadataId": number}}],
                "developerMetadata": {"metadataValue": text},
                "fields": "metadataValue",
            }
        }


def mended(marker: str) -> str:
    """Give the marker of what sets the write with this marker right: it tells which of the two came last."""
    first, _, number = marker.partition(_MENDED)
    return f"{first}{_MENDED}{int(number or 0) + 1}"


def is_mended(marker: str) -> bool:
    """Tell whether a marker was left by what sets a write right."""
    return _MENDED in marker


def text_of(content: Mapping[str, Any]) -> str:
    """Write an entry down, briefly: all of a document's metadata may hold 30,000 characters."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


# --- names ------------------------------------------------------------------------------------------------


def spelled(name: str) -> str | None:
    """Give a name as Google takes it, or `None` for names that serve other programs only."""
    found = name.replace(".", "__")
    return found if name.upper().startswith(PREFIX) and _LEGAL.fullmatch(found) else None


def plain(name: str) -> str:
    """Give a name as the rest of the program spells it."""
    return name.replace("__", ".") if name.upper().startswith(PREFIX) else name


def number_of(name: str) -> str:
    """Give the id of a named range, always the same for a name."""
    return f"netz{zlib.crc32(name.encode()):08x}"


def read_names(
    named: Iterable[Mapping[str, Any]], titles: Mapping[int, str], known: Mapping[str, int]
) -> tuple[dict[str, Spot | None], dict[str, str]]:
    """Say where our names point: name → spot, and name → id of its named range.

    Args:
        named: The document's named ranges.
        titles: Number of a tab → its title.
        known: The ledger of tabs.
    """
    spots: dict[str, Spot | None] = {}
    ids: dict[str, str] = {}
    for each in named:
        name = plain(str(each.get("name", "")))
        if not name.upper().startswith(PREFIX):
            continue
        ids[name] = str(each.get("namedRangeId", ""))
        area = each.get("range")
        # A range of the first tab lacks its number; a name whose cells are gone lacks the whole range.
        tab = titles.get(int(area.get("sheetId", 0))) if area is not None else None
        spots[name] = _spot(tab, area or {}) if tab is not None else None
    for name, tab_number in known.items():
        # Only the name went, or its cells: the tab is still ours.
        if spots.get(name) is None:
            spots[name] = Spot(titles[tab_number], 1, 1) if tab_number in titles else None
    return spots, ids


def _spot(tab: str, area: Mapping[str, Any]) -> Spot:
    return Spot(tab, int(area.get("startRowIndex", 0)) + 1, int(area.get("startColumnIndex", 0)) + 1)
