"""Read the workbooks of a network; another one that cannot be read is left out, and the rest goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.errors import NetzwerkError, WrongUse
from netzwerk_sheets.sync.ending import Other
from netzwerk_sheets.sync.opening import no_step, open_workbook
from netzwerk_sheets.sync.recall import Source, book_code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from netzwerk_sheets.sync.opening import Step
    from netzwerk_sheets.sync.order import Order


def read_one(path: Path, code: str, order: Order, step: Step) -> Source:
    """Read the workbook of this code; the first has none.

    Raises:
        NetzwerkError: It cannot be read.
    """
    order.tell("read", path.name)
    workbook = open_workbook(path, order.google, step, fresh=bool(code) and code == order.into)
    return Source(code, path, workbook, workbook.read())


def read_others(order: Order, step: Step) -> tuple[list[Source], list[Other]]:
    """Read the network's other workbooks; one that cannot be read is left out and the rest goes on."""
    found, left_out = [], []
    for path in order.further:
        try:
            found.append(read_one(path, book_code(path), order, step))
        except NetzwerkError as error:
            left_out.append(Other(path, error=error))
    return found, left_out


def require_same_network(sources: Sequence[Source], network: str, joining: str) -> None:
    """Make sure that all workbooks belong to one network.

    Raises:
        WrongUse: One was never set up, or belongs to another network; nothing was written.
    """
    for source in sources:
        marker = source.marker
        if marker is None and source.book == joining:
            continue
        if marker is None or marker.network != network:
            raise WrongUse("not-this-network", file=str(source.path))


def read_all(path: Path, order: Order, step: Step = no_step) -> tuple[list[Source], list[Other]]:
    """Read the workbooks of a network, the first first, and say which of the others cannot be read.

    Raises:
        WrongUse: Nobody set the first up yet, or another one belongs to another network.
        NetzwerkError: The first cannot be read.
    """
    first = read_one(path, "", order, step)
    if first.marker is None:
        raise WrongUse("not-set-up", file=str(path))
    others, left_out = read_others(order, step)
    require_same_network(others, first.marker.network, order.into)
    return [first, *others], left_out


def made_ready(
    ready: Callable[[Source], tuple[Source, tuple[str, ...]]], sources: Sequence[Source], refused: list[tuple[str, str]]
) -> tuple[list[Source], list[Other]]:
    """Bring workbooks that were read into the state in which they can be merged.

    One with which that fails is left out, so that nothing of it is merged; the first one must be ready.

    Args:
        ready: Gives a workbook made ready, and the ids of erased people it still held.
        sources: The workbooks.
        refused: Learns (id, file) of these people.

    Raises:
        NetzwerkError: The first one cannot be made ready.
    """
    found: list[Source] = []
    left_out = []
    for source in sources:
        try:
            one, rows = ready(source)
        except NetzwerkError as error:
            if not source.book:
                raise
            left_out.append(Other(source.path, error=error))
            continue
        found.append(one)
        refused += [(row, source.path.name) for row in rows]
    return found, left_out
