"""Errors that are raised deep inside learn on their way up which file and which tab they are about."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import NetzwerkError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def telling(**facts: str) -> Iterator[None]:
    """Add facts to every error that passes, where they are not known yet."""
    try:
        yield
    except NetzwerkError as error:
        for name, value in facts.items():
            error.facts.setdefault(name, value)
        raise
