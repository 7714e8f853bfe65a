"""Python's search for circular garbage, paused while millions of small objects are made that hold no circles.

The search looks at all that lives again and again as it grows; on a large network that was half of the time.
Taking all of it apart at the end, object by object, was a tenth: what a run made is kept until the process ends,
when the system takes the memory back at once.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_kept: list[object] = []
_ends: list[bool] = []
"""Filled by the program only: in a process that goes on, nothing kept would ever be given back."""


@contextmanager
def paused() -> Iterator[None]:
    """Pause the search; what it would have found is found afterwards, unless the process ends with it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if _ends:  # else all that was made meanwhile would be looked at here
                gc.freeze()
            gc.enable()


def until_the_end() -> None:
    """Say that this process ends with the command it was started for."""
    _ends.append(True)


def goes_on() -> None:
    """Say that this process goes on after what it does now: everything is given back as usual."""
    _ends.clear()


def keep(made: object) -> None:
    """Keep what a run made out of sight of later searches, where the process ends with it; else do nothing."""
    if _ends:
        _kept[:] = [made]
        gc.freeze()


def keeps() -> bool:
    """Say whether anything is kept."""
    return bool(_kept)
