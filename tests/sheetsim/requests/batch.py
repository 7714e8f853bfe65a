"""What every request of a batch works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import check, parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.sheetsim.discovery import Discovery
    from tests.sheetsim.document import Box, Content, Json, Sheet
    from tests.sheetsim.masks import Mask

PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
MAX_CELLS = 10_000_000
MAX_TEXT = 50_000


@dataclass
class Batch:
    """One batchUpdate at work on a copy of the document."""

    content: Content
    api: Discovery
    user: str
    owner: str
    new_id: Callable[[], int]
    now: datetime
    metadata_follows_sort: bool = False

    def mask(self, request: Json, schema: str) -> Mask:
        """The ``fields`` of a request; 400 where none are listed."""
        text = request.get("fields", "")
        if not text:
            raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
        mask = parse(text)
        check(mask, self.api, schema)
        return mask

    def sheet(self, request: Json, key: str = "sheetId") -> Sheet:
        """The tab a request names."""
        return self.content.sheet(request.get(key, 0))

    def guard(self, sheet: Sheet, box: Box) -> None:
        """Refuse to touch what is protected against this user; a mere warning lets the API through."""
        if self.user == self.owner:
            return
        for item in sheet.features.get("protectedRanges", []):
            if item.get("warningOnly") or self.user in item.get("editors", {}).get("users", []):
                continue
            area = self.protected_box(item)
            if area is not None and area.meets(box) and not self._spared(item, box):
                raise invalid(PROTECTED)

    def protected_box(self, item: Json) -> Box | None:
        """The cells a protected range covers."""
        found = item.get("range")
        if "namedRangeId" in item:
            named = next((n for n in self.content.named_ranges if n["namedRangeId"] == item["namedRangeId"]), None)
            found = named["range"] if named else None
        return self.content.box(found)[1] if found is not None else None

    def _spared(self, item: Json, box: Box) -> bool:
        free = [self.content.box(one)[1] for one in item.get("unprotectedRanges", [])]
        return any(box.inside(one) for one in free)

    def check_size(self) -> None:
        """Refuse a document that grew too big."""
        if sum(sheet.height * sheet.width for sheet in self.content.sheets) > MAX_CELLS:
            raise invalid(
                f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
            )
