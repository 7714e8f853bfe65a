"""Colours are kept twice, as Google does: the old field and the style that replaces it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def with_styles(look: Json) -> Json:
    """A CellFormat in which each colour stands in both fields."""
    out = _pair(look, "backgroundColor")
    if "textFormat" in out:
        out["textFormat"] = _pair(out["textFormat"], "foregroundColor")
    if "borders" in out:
        out["borders"] = {side: _pair(line, "color") for side, line in out["borders"].items()}
    return out


def _pair(message: Json, name: str) -> Json:
    style = f"{name}Style"
    out = dict(message)
    if style in out and "rgbColor" in out[style]:
        out[name] = out[style]["rgbColor"]
    elif name in out:
        out[style] = {"rgbColor": out[name]}
    return out


_TWINS = {
    one: other
    for name in ("backgroundColor", "foregroundColor", "color", "tabColor")
    for one, other in ((name, f"{name}Style"), (f"{name}Style", name))
}


def widen(mask: Json) -> Json:
    """A mask that names both fields of a colour where it named one."""
    out = {name: widen(below) for name, below in mask.items()}
    for name in mask:
        if name in _TWINS:
            out.setdefault(_TWINS[name], {})
    return out


def tab_colour(properties: Json, changed: set[str]) -> Json:
    """SheetProperties with the tab's colour in both fields, or in none."""
    out = dict(properties)
    if "tabColorStyle" in changed:
        if out.get("tabColorStyle"):
            if "rgbColor" in out["tabColorStyle"]:
                out["tabColor"] = out["tabColorStyle"]["rgbColor"]
        else:
            out.pop("tabColorStyle", None)
            out.pop("tabColor", None)
    elif "tabColor" in changed:
        if "tabColor" in out:
            out["tabColorStyle"] = {"rgbColor": out["tabColor"]}
        else:
            out.pop("tabColorStyle", None)
    return out
