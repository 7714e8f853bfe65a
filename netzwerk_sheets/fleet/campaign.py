"""All networks of a fleet, each once: what did not change is left alone, the rest is handed out."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.fleet.crew import carry_out, cluster, here, meeting, processes
from netzwerk_sheets.fleet.online import turns
from netzwerk_sheets.fleet.work import Job, Outcome, unchanged
from netzwerk_sheets.sync.order import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netzwerk_sheets.fleet.crew import Crew
    from netzwerk_sheets.fleet.members import Member
    from netzwerk_sheets.sync.order import Order

PEOPLE, LATER, HELD = 3, 5, 7


def outcomes(
    members: Sequence[Member],
    what: str,
    order: Order,
    *,
    wait: float = 0,
    dry_run: bool = False,
    workers: int = 0,
    scheduler: str = "",
) -> Iterator[Outcome]:
    """Do one thing for all networks and tell how each ended, in the order in which they end.

    Args:
        members: The networks.
        what: See `Job`.
        order: What is asked of each pass.
        wait: Seconds to wait for another run or an open file.
        dry_run: Whether nothing is written.
        workers: How many processes of this machine; 0 for as many as it has cores.
        scheduler: Address of a Dask scheduler whose workers do it instead; empty for this machine.

    Raises:
        WrongUse: The scheduler cannot be used; nothing was done.
        ServiceUnreachable: It does not answer, or has no workers; nothing was done.
    """
    crew = cluster(scheduler) if scheduler else processes(workers)
    left: list[Member] = []
    for member in members:
        known = None if member.online or what != "sync" or order.confirmed else unchanged(member, order)
        if known is None:
            left.append(member)
        else:
            yield known
    # Who shows progress holds on to a terminal, which no other process can have.
    jobs = [Job(member, what, replace(order, tell=silent), wait, dry_run) for member in left]
    yield from _handed_out(jobs, crew, away=bool(scheduler))


def _handed_out(jobs: Iterable[Job], crew: Crew, *, away: bool) -> Iterator[Outcome]:
    """Let files be done by the crew, and documents at Google here, in turn."""
    online = [job for job in jobs if job.member.online]
    files = [job for job in jobs if not job.member.online]
    if not away and 1 in {len(files), crew.width}:
        # A process of its own would cost more than it brings.
        online, files = [*files, *online], []
    with ExitStack() as stack:
        if away:
            files = stack.enter_context(meeting(files))
        in_turn = here(stack.enter_context(turns()))
        yield from carry_out([(crew, files), (in_turn, online)])


def status_of(ended: Sequence[Outcome]) -> int:
    """Give the exit status of a fleet.

    5 where some networks could not be done, else 7 where something was held back, else 3 where people are needed,
    else 0. Where none could be done: what all of them met, or 1 where they differ.
    """
    counted = [each for each in ended if each.kind != "stranger"]
    statuses = {each.status for each in counted if each.kind == "failed"}
    if statuses and all(each.kind == "failed" for each in counted):
        return statuses.pop() if len(statuses) == 1 else 1
    if statuses:
        return LATER
    found = {each.status for each in counted}
    return next((status for status in (LATER, HELD, PEOPLE) if status in found), 0)


def reason_of(error: Exception) -> str:
    """Give the code of what went wrong."""
    return error.reason if isinstance(error, NetzwerkError) else "system-refused"
