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


@contextmanager
def paused() -> Iterator[None]:
    """Pause the search; what it would have found is found afterwards."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def keep(made: object) -> None:
    """Keep what the last run of a process made to its end, out of sight of later searches."""
    _kept[:] = [made]
    gc.freeze()


def keeps() -> bool:
    """Say whether anything is kept."""
    return bool(_kept)
