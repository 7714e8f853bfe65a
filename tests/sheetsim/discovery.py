"""Google's machine-readable API description: what a request may hold, and what a reply may.

The description lies beside the project (``../shared/data/google/discovery``); ``SHEETSIM_DISCOVERY`` names another
folder.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Fits = Callable[["_Seen", Any], bool]

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "google" / "discovery"
_INTEGERS = {"int32", "uint32", "int64", "uint64"}
_SHEETS = "type.googleapis.com/google.apps.sheets.v4."

# A zero in these fields is said; everywhere else proto3 leaves it out (recorded, or documented as optional).
KEPT = {
    "GridRange": {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"},
    "DimensionRange": {"startIndex", "endIndex"},
    "ExtendedValue": {"numberValue", "boolValue", "stringValue", "formulaValue"},
    "TextFormat": {"bold", "italic", "strikethrough", "underline"},
    "SheetProperties": {"sheetId", "index"},
    "DeveloperMetadataLocation": {"sheetId"},
    "SortSpec": {"dimensionIndex"},
    "FilterSpec": {"columnIndex"},
    "ConditionValue": {"userEnteredValue"},
    "InterpolationPoint": {"value"},
}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
Violation = tuple[str, str]
_Seen = dict[tuple[str, int], Any]
"""What was found right in one reply: by schema and identity; kept, so that no other value gets its identity."""


def folder() -> Path:
    """Where the description lies."""
    return Path(os.environ.get("SHEETSIM_DISCOVERY", _BESIDE))


def available() -> bool:
    """Whether the description is here."""
    return (folder() / "sheets.v4.json").is_file()


class Discovery:
    """One API: its schemas and methods."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.schemas: dict[str, Any] = document["schemas"]
        self.methods = dict(_methods(document))
        self.shared_parameters: dict[str, Any] = document["parameters"]
        self._fitting: dict[str, dict[str, _Fits]] = {}

    def field(self, schema: str, name: str) -> dict[str, Any] | None:
        """The description of one field, or None where the schema has none."""
        found: dict[str, Any] | None = self.schemas[schema].get("properties", {}).get(name)
        return found

    def clean(self, schema: str, value: Any, path: str = "") -> tuple[Any, list[Violation]]:
        """The value with nulls and defaults left out, numbers as numbers, and what is wrong with it.

        A path is written as Google does: ``requests[0].update_cells``.
        """
        wrong: list[Violation] = []
        return self._message(schema, value, path, wrong), wrong

    def _message(self, schema: str, value: Any, path: str, wrong: list[Violation]) -> Any:
        if not isinstance(value, dict):
            wrong.append(_bad_value(path, f"{_SHEETS}{schema}", value))
            return {}
        known = self.schemas[schema].get("properties", {})
        out: dict[str, Any] = {}
        for name, item in value.items():
            if name not in known:
                at = f" at '{path}'" if path else ""
                wrong.append((path, f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'))
                continue
            if item is None:
                continue
            below = f"{path}.{_snake(name)}" if path else _snake(name)
            kept = self._value(schema, name, known[name], item, below, wrong)
            if name in KEPT.get(schema, ()) or not _is_default(kept, known[name]):
                out[name] = kept
        return out

    def _value(
        self, schema: str, name: str, kind: dict[str, Any], value: Any, path: str, wrong: list[Violation]
    ) -> Any:
        if "$ref" in kind:
            return self._message(kind["$ref"], value, path, wrong)
        match kind["type"]:
            case "array":
                return self._array(schema, name, kind["items"], value, path, wrong)
            case "object":
                return self._map(kind.get("additionalProperties", {"type": "any"}), value, path, wrong)
            case "any":
                return value
        if schema == "Color" and name != "alpha":
            return eight_bits(_scalar(schema, name, kind, value, path, wrong))
        return _scalar(schema, name, kind, value, path, wrong)

    def _array(
        self, schema: str, name: str, items: dict[str, Any], value: Any, path: str, wrong: list[Violation]
    ) -> list[Any]:
        if not isinstance(value, list):
            listed = "google.protobuf.ListValue" if items.get("type") == "array" else None
            wrong.append(_bad_value(path, f"type.googleapis.com/{listed}" if listed else f"{_SHEETS}{items}", value))
            return []
        if items.get("type") in {"array", "any"}:
            for index, row in enumerate(value):
                if items["type"] == "array" and not isinstance(row, list):
                    wrong.append(_bad_value(f"{path}[{index}]", "type.googleapis.com/google.protobuf.ListValue", row))
            return value
        return [self._value(schema, name, items, item, f"{path}[{n}]", wrong) for n, item in enumerate(value)]

    def _map(self, items: dict[str, Any], value: Any, path: str, wrong: list[Violation]) -> dict[str, Any]:
        if not isinstance(value, dict):
            wrong.append(_bad_value(path, "type.googleapis.com/google.protobuf.Struct", value))
            return {}
        return {key: self._value("", "", items, item, f"{path}[{key}]", wrong) for key, item in value.items()}

    def faults(self, schema: str, value: Any, path: str = "") -> list[str]:
        """What a reply holds that its schema does not allow: unknown keys, wrong types, nulls."""
        found: list[str] = []
        # Nearly every reply is right, and most of its cells are one and the same: only for the others are words needed.
        if not self._message_fits(schema, {}, value):
            self._faults({"$ref": schema}, value, path, found)
        return found

    def _message_fits(self, schema: str, seen: _Seen, value: Any) -> bool:
        """Whether ``_faults`` finds nothing, told without words; what is not plainly right is left to it."""
        if not isinstance(value, dict):
            return False
        if (schema, id(value)) in seen:
            return True
        fitting = self._fitting.get(schema)
        if fitting is None:
            known = self.schemas[schema].get("properties", {})
            fitting = self._fitting[schema] = {name: self._fits(kind) for name, kind in known.items()}
        for name, item in value.items():
            if name not in fitting or not fitting[name](seen, item):
                return False
        seen[schema, id(value)] = value
        return True

    def _fits(self, kind: dict[str, Any]) -> _Fits:
        if "$ref" in kind:
            return partial(self._message_fits, kind["$ref"])
        match kind["type"]:
            case "array":
                each = self._fits(kind["items"])
                return lambda seen, value: isinstance(value, list) and all(each(seen, item) for item in value)
            case "object":
                inner = self._fits(kind.get("additionalProperties", {"type": "any"}))
                return lambda seen, value: isinstance(value, dict) and all(inner(seen, item) for item in value.values())
            case "any":
                return lambda _seen, _value: True
            case "boolean":
                return lambda _seen, value: isinstance(value, bool)
            case "string" if "enum" not in kind:
                return lambda _seen, value: isinstance(value, str)
        return lambda _seen, value: self._is_plain(kind, value)

    def _is_plain(self, kind: dict[str, Any], value: Any) -> bool:
        found: list[str] = []
        self._plain_faults(kind, value, "", found)
        return not found

    def _faults(self, kind: dict[str, Any], value: Any, path: str, found: list[str]) -> None:
        if "$ref" in kind:
            known = self.schemas[kind["$ref"]].get("properties", {})
            if not isinstance(value, dict):
                found.append(f"{path}: no {kind['$ref']}")
                return
            for name, item in value.items():
                if name not in known:
                    found.append(f"{path}.{name}: unknown in {kind['$ref']}")
                else:
                    self._faults(known[name], item, f"{path}.{name}", found)
            return
        self._plain_faults(kind, value, path, found)

    def _plain_faults(self, kind: dict[str, Any], value: Any, path: str, found: list[str]) -> None:
        match kind["type"]:
            case "array":
                if not isinstance(value, list):
                    found.append(f"{path}: no list")
                    return
                for index, item in enumerate(value):
                    self._faults(kind["items"], item, f"{path}[{index}]", found)
            case "object":
                for key, item in value.items():
                    self._faults(kind.get("additionalProperties", {"type": "any"}), item, f"{path}.{key}", found)
            case "any":
                pass
            case _:
                wrong: list[Violation] = []
                _scalar("", "", kind, value, path, wrong)
                if wrong or not isinstance(value, _TYPES[kind["type"]]):
                    found.append(f"{path}: {value!r} is no {kind.get('format', kind['type'])}")

    def walk(self, schema: str, value: Any, visit: Callable[[str, dict[str, Any]], Any]) -> Any:
        """A copy in which ``visit(schema, message)`` had its say for every message, innermost first.

        What it answers takes the message's place; None takes it out (of a list, or the field).
        """
        return self._walk({"$ref": schema}, value, visit)

    def _walk(self, kind: dict[str, Any], value: Any, visit: Callable[[str, dict[str, Any]], Any]) -> Any:
        if "$ref" in kind:
            known = self.schemas[kind["$ref"]].get("properties", {})
            inner = {
                name: self._walk(known[name], item, visit) if name in known else item for name, item in value.items()
            }
            return visit(kind["$ref"], {name: item for name, item in inner.items() if item is not None})
        if kind["type"] == "array":
            walked = (self._walk(kind["items"], item, visit) for item in value)
            return [item for item in walked if item is not None]
        return value


def _methods(resource: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, method in resource.get("methods", {}).items():
        yield prefix + name, method
    for name, inner in resource.get("resources", {}).items():
        yield from _methods(inner, f"{prefix}{name}.")


@cache
def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)


def _bad_value(path: str, kind: str, value: Any) -> Violation:
    shown = (
        json.dumps(value, ensure_ascii=False)
        if not isinstance(value, (dict, list))
        else '"' + type(value).__name__ + '"'
    )
    return path, f"Invalid value at '{path}' ({kind}), {shown}"


def _is_default(value: Any, kind: dict[str, Any]) -> bool:
    if "$ref" in kind or kind.get("type") in {"object", "any"}:
        return False
    if "enum" in kind:
        return bool(value == kind["enum"][0] and value.endswith("UNSPECIFIED"))
    return value in (0, "", False) or value == []


def _scalar(schema: str, name: str, kind: dict[str, Any], value: Any, path: str, wrong: list[Violation]) -> Any:
    match kind["type"]:
        case "string" if "enum" in kind:
            if value not in kind["enum"]:
                wrong.append(_bad_value(path, f"{_SHEETS}{schema}.{name[:1].upper()}{name[1:]}", value))
        case "string":
            if kind.get("format") in _INTEGERS and isinstance(value, (int, str)):
                return str(value)
            if not isinstance(value, str):
                wrong.append(_bad_value(path, "TYPE_STRING", value))
        case "boolean":
            if not isinstance(value, bool):
                wrong.append(_bad_value(path, "TYPE_BOOL", value))
        case "integer" | "number":
            return _number(kind, value, path, wrong)
    return value


def _number(kind: dict[str, Any], value: Any, path: str, wrong: list[Violation]) -> Any:
    wanted = kind.get("format", "double")
    try:
        number = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        number = None
    if number is None or (kind["type"] == "integer" and number != int(number)):
        wrong.append(_bad_value(path, f"TYPE_{wanted.upper()}", value))
        return 0
    if kind["type"] == "integer":
        if wanted == "int32" and not -(2**31) <= number < 2**31:
            wrong.append(_bad_value(path, "TYPE_INT32", value))
        return int(number)
    if wanted == "float":
        number = short_float(number)
    return int(number) if number == int(number) and abs(number) < 1e15 else number


@lru_cache(maxsize=4096)
def short_float(number: float) -> float:
    """The shortest number that is the same one in 32 bits: 0.4980392156862745 becomes 0.49803922."""
    import struct

    exact = struct.unpack("f", struct.pack("f", number))[0]
    for digits in range(1, 10):
        shown = float(f"{exact:.{digits}g}")
        if struct.unpack("f", struct.pack("f", shown))[0] == exact:
            return shown
    return float(exact)


def eight_bits(share: float) -> float:
    """A colour's share as it is kept: recorded, 0.5 comes back as 127/255."""
    share = min(max(share, 0), 1)
    return share if share in {0, 1} else short_float(int(share * 255 + 1e-6) / 255)


@cache
def load(name: str) -> Discovery:
    """The API description of that file name, for example ``sheets.v4``."""
    return Discovery(json.loads((folder() / f"{name}.json").read_text(encoding="utf-8")))


def sheets() -> Discovery:
    """The description of the Sheets API."""
    return load("sheets.v4")


def drive() -> Discovery:
    """The description of the Drive API."""
    return load("drive.v3")
