"""Text as the file spells it: XML escapes, and Excel's own ``_xHHHH_`` for what XML cannot hold."""

from __future__ import annotations

import re

LONGEST = 32_767
"""Characters (UTF-16 units) that one cell can hold."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_PAIRED = re.compile(r"_x([Dd][89ABab][0-9A-Fa-f]{2})__x([Dd][C-Fc-f][0-9A-Fa-f]{2})_")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]{1,6}|#\d{1,7}|[A-Za-z]+);|&")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF


def escape(text: str) -> str:
    """Give text as the content of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Give text as the content of a double-quoted attribute; line breaks and tabs survive."""
    text = escape(text).replace('"', "&quot;")
    return text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def guarded(text: str) -> str:
    """Spell what XML cannot hold as ``_xHHHH_``, and text that looks like it so that it stays text."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def plain(text: str) -> str:
    """Turn ``_xHHHH_`` back into characters; half of a surrogate pair stays spelled out.

    A lone surrogate could be neither hashed nor stored by the rest of the program.
    """
    if "_x" not in text:
        return text
    text = _PAIRED.sub(_pair, text)
    return _ESCAPED.sub(_character, text)


def _pair(match: re.Match[str]) -> str:
    high, low = int(match[1], 16), int(match[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if _FIRST_SURROGATE <= code <= _LAST_SURROGATE else chr(code)


def unescape(text: str) -> str:
    """Resolve XML's own references; raises `ValueError` for others, which only a DTD could define."""
    return _REFERENCE.sub(_resolve, text) if "&" in text else text


def _resolve(match: re.Match[str]) -> str:
    name = match[1]
    if not name:
        raise ValueError(match[0])
    if name[0] != "#":
        if name not in _NAMED:
            raise ValueError(name)
        return _NAMED[name]
    code = int("0" + name[1:], 0) if name[1] == "x" else int(name[1:])
    if _FIRST_SURROGATE <= code <= _LAST_SURROGATE:
        raise ValueError(name)
    return chr(code)


def spoken(xml: str) -> str:
    """Give the content of a text without its phonetic help; raises `ValueError` where that does not end as it began.

    It is cut, not searched: a pattern would look for each end that is missing through all that follows.
    """
    kept, *helps = xml.split("<rPh")
    for each in helps:
        _, end, rest = each.partition("</rPh>")
        if not end:
            raise ValueError(each[:20])
        kept += rest
    return kept


def needs_space(text: str) -> bool:
    """Tell whether the element must ask that its blanks be kept."""
    return bool(text) and (text[0].isspace() or text[-1].isspace() or "\n" in text)


def length(text: str) -> int:
    """Give the length as Excel counts it, in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)
