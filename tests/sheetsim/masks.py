"""Field masks: ``a.b``, ``a/b``, ``a(b,c)``, ``*``; which fields a reply shows, or a request changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import bad_mask

if TYPE_CHECKING:
    from .discovery import Discovery

Mask = dict[str, Any]
"""Field name → mask of what lies below; an empty mask means everything."""


def parse(text: str) -> Mask:
    """The mask a text stands for; ``*`` anywhere means all that is there.

    Reported: Sheets takes a blank behind a comma as part of the name, so that it matches nothing.
    """
    mask, rest = _list(text)
    if rest:
        raise bad_mask(text)
    return mask


def _list(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    while True:
        name_end = next((i for i, mark in enumerate(text) if mark in ",()"), len(text))
        path, text = text[:name_end].replace("/", ".").split("."), text[name_end:]
        below: Mask = {}
        if text.startswith("("):
            below, text = _list(text[1:])
            if not text.startswith(")"):
                raise bad_mask(text)
            text = text[1:]
        _add(mask, path, below)
        if not text.startswith(","):
            return mask, text
        text = text[1:]


def _add(mask: Mask, path: list[str], below: Mask) -> None:
    for depth, name in enumerate(path):
        last = depth == len(path) - 1
        if name in mask and not mask[name]:
            return  # everything below is asked for already
        if last and (not below or name not in mask):
            mask[name] = below
        elif last:
            mask[name].update(below)
        else:
            mask = mask.setdefault(name, {})


def check(mask: Mask, api: Discovery, schema: str, above: str = "") -> None:
    """Refuse a mask that names what the schema does not have."""
    for name, below in mask.items():
        path = f"{above}.{name}" if above else name
        if name == "*":
            continue
        kind = api.field(schema, name)
        if kind is None:
            raise bad_mask(path)
        while kind.get("type") == "array":
            kind = kind["items"]
        if below and "*" not in below:
            if "$ref" not in kind:
                raise bad_mask(f"{path}.{next(iter(below))}")
            check(below, api, kind["$ref"], path)


def show(mask: Mask, value: Any) -> Any:
    """What the mask lets through; a message stays, even empty, a missing field stays missing."""
    return _show(mask, value, {})


def _show(mask: Mask, value: Any, known: dict[tuple[int, int], Any]) -> Any:
    """The same; many cells of a document are one and the same message, which is gone through once."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [_show(mask, item, known) for item in value]
    if not isinstance(value, dict):
        return value
    key = id(mask), id(value)
    if key not in known:
        known[key] = {
            name: _show(mask[name], item, known) if mask[name] else item for name, item in value.items() if name in mask
        }
    return known[key]


def reaches(mask: Mask, *path: str) -> bool:
    """Whether anything at or below the path is asked for."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def change(mask: Mask, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """``old`` with the fields of the mask as ``new`` has them; what ``new`` lacks is taken away."""
    if not mask or "*" in mask:
        return dict(new)
    out = dict(old)
    for name, below in mask.items():
        if not below:
            if name in new:
                out[name] = new[name]
            else:
                out.pop(name, None)
            continue
        inner = change(below, out.get(name, {}), new.get(name, {}))
        if inner:
            out[name] = inner
        else:
            out.pop(name, None)
    return out
