"""What the tool leaves in a document beside cells: its mark, the tabs it knows, how its roles are told apart.

All three are developer metadata of the whole document, which people do not see and cannot change by accident, and
they are written together with the cells. The tabs' ledger is there because Google forgets names whose tab was
deleted: a name that stands in the ledger while its tab is gone was deleted by a person. Names at Google hold no
full stop, so ``NETZ_onboarding.P_007`` is called ``NETZ_onboarding__P_007`` there.
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

MARKER, NAMES, LOOKS = "netzwerk", "netzwerk-names", "netzwerk-looks"
SEPARATOR = "separator"
PREFIX = "NETZ_"
_MENDED = " mended="
_LEGAL = re.compile(r"[A-Za-z_]\w{0,249}", re.ASCII)
_NUMBERS = {MARKER: 1_447_001, NAMES: 1_447_002, LOOKS: 1_447_003}
"""Fixed, so that two runs at once cannot make the same entry twice."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was found.

    Attributes:
        entries: Key → (number of the entry, text).
    """

    entries: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, metadata: Iterable[Mapping[str, Any]]) -> Ledger:
        """Take our entries out of a document's metadata."""
        found: dict[str, tuple[int, str]] = {}
        for each in metadata:
            key = each.get("metadataKey", "")
            if key in _NUMBERS and (each.get("location") or {}).get("locationType", "SPREADSHEET") == "SPREADSHEET":
                found.setdefault(key, (int(each["metadataId"]), str(each.get("metadataValue", ""))))
        return cls(found)

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
