"""Whether two replies say the same, when Google and the simulated server choose their own ids."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_IDS = {
    *("id", "spreadsheetId", "sheetId", "sourceSheetId", "namedRangeId", "protectedRangeId", "bandedRangeId"),
    *("metadataId", "chartId", "tableId", "filterViewId", "slicerId", "destinationSpreadsheetId"),
}
_TIMES = {"createdTime", "modifiedTime"}
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass
class Names:
    """Which recorded id is which live one, learned where a reply names it first."""

    live: dict[Any, Any] = field(default_factory=dict)
    recorded: dict[Any, Any] = field(default_factory=dict)

    def bind(self, recorded: Any, live: Any) -> bool:
        """Say that they are the same; False when one of them is something else already."""
        if type(recorded) is not type(live):
            return False
        if recorded in self.live or live in self.recorded:
            return bool(self.live.get(recorded) == live)
        self.live[recorded], self.recorded[live] = live, recorded
        return True

    def to_live(self, text: str) -> str:
        """A text with live document ids."""
        return self._swapped(text, self.live)

    def to_recorded(self, text: str) -> str:
        """A text with recorded document ids."""
        return self._swapped(text, self.recorded)

    @staticmethod
    def _swapped(text: str, table: dict[Any, Any]) -> str:
        for old, new in table.items():
            if isinstance(old, str) and len(old) > 20 and old in text:
                text = text.replace(old, new)
        return text

    def body(self, body: bytes) -> bytes:
        """A request body with live ids."""
        try:
            parsed = json.loads(body)
        except ValueError:
            return body
        return json.dumps(self._value(parsed)).encode()

    def _value(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._value(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(item, key) for item in value]
        return self.live.get(value, value) if key in _IDS else value


def differences(names: Names, recorded: Any, live: Any, path: str = "", key: str = "") -> Iterator[str]:
    """Where a live reply says something else; key order aside, and absent is not empty."""
    if isinstance(recorded, dict) and isinstance(live, dict):
        for name in recorded.keys() | live.keys():
            if name not in live:
                yield f"{path}.{name}: missing"
            elif name not in recorded:
                yield f"{path}.{name}: not recorded"
            else:
                yield from differences(names, recorded[name], live[name], f"{path}.{name}", name)
    elif isinstance(recorded, list) and isinstance(live, list):
        if len(recorded) != len(live):
            yield f"{path}: {len(recorded)} recorded, {len(live)} live"
        for index, (one, other) in enumerate(zip(recorded, live, strict=False)):
            yield from differences(names, one, other, f"{path}[{index}]", key)
    elif not _same(names, recorded, live, key):
        yield f"{path}: {recorded!r} recorded, {live!r} live"


def _same(names: Names, recorded: Any, live: Any, key: str) -> bool:
    if key in _IDS and not isinstance(recorded, (dict, list)) and recorded != 0:
        return names.bind(recorded, live)
    if key in _TIMES:
        return bool(_STAMP.fullmatch(recorded) and _STAMP.fullmatch(str(live)) and names.bind(recorded, live))
    if isinstance(recorded, bool) or isinstance(live, bool):
        return recorded is live
    if isinstance(recorded, str) and isinstance(live, str):
        return recorded == names.to_recorded(live)
    return bool(type(recorded) is type(live) and recorded == live) or (
        isinstance(recorded, (int, float)) and isinstance(live, (int, float)) and recorded == live
    )
