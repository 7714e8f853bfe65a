"""Which call a method and a raw path mean. The raw path counts: ``%2F`` and ``:`` may stand in a range."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

# Method, pattern, name. The patterns see the path as it was sent, still escaped.
_ROUTES = (
    ("POST", r"/token", "token"),
    ("POST", r"/v4/spreadsheets/?", "spreadsheets.create"),
    ("POST", r"/v4/spreadsheets/(?P<id>[^/:]+)/?:(?P<verb>batchUpdate|getByDataFilter)", "spreadsheets.{verb}"),
    ("GET", r"/v4/spreadsheets/(?P<id>[^/:]+)/?", "spreadsheets.get"),
    ("GET", r"/v4/spreadsheets/(?P<id>[^/:]+)/values:batchGet", "values.batchGet"),
    (
        "POST",
        r"/v4/spreadsheets/(?P<id>[^/:]+)/values:(?P<verb>batch(?:Update|Clear|(?:Get|Update|Clear)ByDataFilter))",
        "values.{verb}",
    ),
    ("POST", r"/v4/spreadsheets/(?P<id>[^/:]+)/values/(?P<range>[^/]+):(?P<verb>append|clear)", "values.{verb}"),
    ("GET", r"/v4/spreadsheets/(?P<id>[^/:]+)/values/(?P<range>[^/]+)", "values.get"),
    ("PUT", r"/v4/spreadsheets/(?P<id>[^/:]+)/values/(?P<range>[^/]+)", "values.update"),
    ("POST", r"/v4/spreadsheets/(?P<id>[^/:]+)/developerMetadata:search", "developerMetadata.search"),
    ("GET", r"/v4/spreadsheets/(?P<id>[^/:]+)/developerMetadata/(?P<number>\d+)", "developerMetadata.get"),
    ("POST", r"/v4/spreadsheets/(?P<id>[^/:]+)/sheets/(?P<number>\d+):copyTo", "sheets.copyTo"),
    ("GET", r"/drive/v3/files", "files.list"),
    ("POST", r"/drive/v3/files", "files.create"),
    ("GET", r"/drive/v3/files/(?P<id>[^/]+)", "files.get"),
    ("DELETE", r"/drive/v3/files/(?P<id>[^/]+)", "files.delete"),
    ("POST", r"/drive/v3/files/(?P<id>[^/]+)/copy", "files.copy"),
    ("GET", r"/drive/v3/files/(?P<id>[^/]+)/export", "files.export"),
    ("GET", r"/drive/v3/files/(?P<id>[^/]+)/permissions", "permissions.list"),
    ("POST", r"/drive/v3/files/(?P<id>[^/]+)/permissions", "permissions.create"),
    ("GET", r"/drive/v3/files/(?P<id>[^/]+)/comments", "comments.list"),
    ("POST", r"/drive/v3/files/(?P<id>[^/]+)/comments", "comments.create"),
    ("PUT", r"/upload/drive/v2/files/(?P<id>[^/]+)", "upload"),
)
_COMPILED = [(method, re.compile(pattern + r"\Z"), name) for method, pattern, name in _ROUTES]


@dataclass(frozen=True)
class Route:
    """A call's name, and what its path holds, unescaped."""

    name: str
    parts: dict[str, str] = field(default_factory=dict)


def route(method: str, raw_path: str) -> Route | None:
    """The call that is meant; None when this server does not play it."""
    for wanted, pattern, name in _COMPILED:
        match = pattern.match(raw_path) if wanted == method else None
        if match:
            parts = {key: unquote(text) for key, text in match.groupdict().items()}
            return Route(name.format(**parts), parts)
    return None
