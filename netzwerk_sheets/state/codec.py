"""Cell values as text, keeping their types."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.grid import CellError, Formula, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.merge import Row


def encode(value: Value) -> Any:  # noqa: ANN401 - what json takes
    """Turn a cell value into what JSON can hold, keeping its type."""
    if isinstance(value, Formula):
        return {"f": value.text, "v": encode(value.cached)}
    if isinstance(value, CellError):
        return {"e": value.code}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    return value


def decode(value: Any) -> Value:  # noqa: ANN401 - what json gives
    """Turn it back."""
    if not isinstance(value, dict):
        plain: Value = value
        return plain
    if "f" in value:
        cached = decode(value["v"])
        return Formula(value["f"], None if isinstance(cached, Formula) else cached)
    if "e" in value:
        return CellError(value["e"])
    if "t" in value:
        return datetime.fromisoformat(value["t"])
    if "d" in value:
        return date.fromisoformat(value["d"])
    return time.fromisoformat(value["h"])


def dump_row(row: Row) -> str:
    """Write a row as text."""
    return json.dumps({key: encode(value) for key, value in row.items()}, ensure_ascii=False)


def load_row(text: str) -> dict[str, Value]:
    """Read a row back."""
    return load_rows([text])[0]


def load_rows(texts: Sequence[str]) -> list[dict[str, Value]]:
    """Read many rows back; as one text, because starting to read costs more than reading."""
    rows: list[dict[str, Any]] = json.loads(f"[{','.join(texts)}]")
    for row in rows:
        for key, value in row.items():
            if isinstance(value, dict):
                day = value.get("d")
                row[key] = date.fromisoformat(day) if day else decode(value)
    return rows
