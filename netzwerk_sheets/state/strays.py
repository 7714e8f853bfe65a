"""Conflict copies that were read: each is known by the hash of its content, whatever it is called later."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.state.store import Store

KEY = "conflict copies"

SETTLED, OPEN, PAST, GONE = "settled", "open", "past", "gone"
"""All it says is merged; something is undecided; it was settled and went, or was saved again; it went undecided."""

REMEMBERED = frozenset({SETTLED, OPEN})
"""What was agreed with these is remembered: somebody may save the copy again."""


class Stray(NamedTuple):
    """A conflict copy that was read.

    Attributes:
        name: What the file was called.
        state: ``settled``, ``open``, ``past`` or ``gone``.
        marker: What the tool left in it.
        names: What files with this very content were called last.
    """

    name: str
    state: str
    marker: str = ""
    names: Sequence[str] = ()


def code_of(digest: str) -> str:
    """Give the code of a conflict copy, as further workbooks have one: by what stands in it, not where it lies."""
    return f"c{digest[:15]}"


def strays(store: Store) -> dict[str, Stray]:
    """Give the conflict copies that were read, by code."""
    text = store.meta(KEY)
    return {code: Stray(*facts) for code, facts in json.loads(text).items()} if text else {}


def put_strays(store: Store, found: Mapping[str, Stray]) -> None:
    """Remember which were read; part of a transaction."""
    store.put_meta(KEY, json.dumps(dict(found), ensure_ascii=False))
