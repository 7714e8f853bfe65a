"""Who does the work: processes of this machine, or workers on others; all through one interface.

Every executor of `concurrent.futures` will do. The work is handed out a few networks at a time, so that when a
process dies only those it may have been at are in doubt: each of them is tried once more, alone. That is safe
whatever was under way: a pass that is cut off leaves whole files, and a lock goes with the process that held it.
"""

from __future__ import annotations

import os
import uuid
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import NetzwerkError, ServiceUnreachable, WorkBroken, WrongUse
from netzwerk_sheets.fleet.work import MEETINGS, Job, Outcome, do, failed
from netzwerk_sheets.state.folder import prepare_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

CONNECT = 10
"""Seconds after which a scheduler that does not answer is given up."""

LOOK = 1
"""Seconds after which somebody looks whether those who work can still be reached."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Where work is done.

    Attributes:
        opened: Opens an executor with so many workers.
        width: How many networks are handed out at the same time.
        work: What is called with each job; tests may look over its shoulder.
        lost: Gives why nobody answers any more, once that is so; what was handed out then never comes back.
    """

    opened: Callable[[int], AbstractContextManager[Executor]]
    width: int
    work: Callable[[Job], Outcome] = do
    lost: Callable[[], NetzwerkError | None] = lambda: None


def cores() -> int:
    """Give how many processes can work at the same time here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processes(workers: int = 0) -> Crew:
    """Work in processes of this machine, by default as many as it has cores."""
    return Crew(_pool, workers or cores())


def here(work: Callable[[Job], Outcome] = do) -> Crew:
    """Work in this process, one network after the other."""
    return Crew(_thread, 1, work)


def _pool(workers: int) -> AbstractContextManager[Executor]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A process that begins anew: nothing of this one is half way through something in it, whatever runs here.
    return ProcessPoolExecutor(workers, get_context("spawn"), initializer=_heed_nobody)


def _heed_nobody() -> None:
    """Let Ctrl+C end what hands out the work, and not what is being written."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _thread(_workers: int) -> AbstractContextManager[Executor]:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1)


# --- handing out ------------------------------------------------------------------------------------------


def carry_out(lanes: Iterable[tuple[Crew, Iterable[Job]]]) -> Iterator[Outcome]:
    """Do all jobs, lane beside lane, and tell how each ended as soon as it has.

    When nobody asks for more (Ctrl+C), nothing further is handed out and what is under way is finished.

    Args:
        lanes: Who does which jobs.
    """
    open_lanes = [_Lane(crew, jobs) for crew, jobs in lanes]
    try:
        while any(lane.busy for lane in open_lanes):
            for lane in open_lanes:
                yield from lane.hand_out()
            running = [future for lane in open_lanes for future in lane.running]
            wait(running, LOOK, return_when=FIRST_COMPLETED)
            for lane in open_lanes:
                yield from lane.collect()
                yield from lane.give_up()
    finally:
        for lane in open_lanes:
            lane.close()


class _Lane:
    """One crew at work."""

    def __init__(self, crew: Crew, jobs: Iterable[Job]) -> None:
        self._crew = crew
        self._waiting = deque(jobs)
        self._doubtful: deque[Job] = deque()
        self._executor: Executor | None = None
        self._stack = ExitStack()
        self.running: dict[Future[Outcome], Job] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is left to do."""
        return bool(self._waiting or self._doubtful or self.running)

    def hand_out(self) -> Iterator[Outcome]:
        """Give the workers as much as they can take; gives the outcomes of jobs that cannot even be handed out."""
        while self._doubtful and not self.running:
            yield self._alone(self._doubtful.popleft())
        while self._waiting and not self._doubtful and len(self.running) < self._crew.width:
            if self._executor is None:
                workers = min(self._crew.width, len(self._waiting))
                self._executor = self._stack.enter_context(self._crew.opened(workers))
            job = self._waiting.popleft()
            try:
                self.running[self._executor.submit(self._crew.work, job)] = job
            except BrokenExecutor:
                self._doubtful.append(job)
                if not self.running:
                    self.close()

    def collect(self) -> Iterator[Outcome]:
        """Give the outcomes of what is done; jobs whose process died come to be in doubt."""
        broken = False
        for future in [each for each in self.running if each.done()]:
            job = self.running.pop(future)
            try:
                yield future.result()
            except BrokenExecutor:
                self._doubtful.append(job)
                broken = True
            except Exception:  # noqa: BLE001 - every scheduler has its own word for work that never came back
                yield failed(job, WorkBroken("worker-lost"))
        if broken:
            self._doubtful.extend(self.running.values())
            self.running.clear()
            self.close()

    def give_up(self) -> Iterator[Outcome]:
        """Give the outcomes of everything that is left where nobody answers any more."""
        why = self._crew.lost()
        if why is None:
            return
        for job in self.running.values():
            yield failed(job, WorkBroken("worker-lost"))
        for job in (*self._doubtful, *self._waiting):
            yield failed(job, why)
        self.running.clear()
        self._doubtful.clear()
        self._waiting.clear()
        self._executor = None  # to shut it down would wait for what never comes

    def _alone(self, job: Job) -> Outcome:
        """Try a job again in a process of its own, so that it can take nothing else with it."""
        with self._crew.opened(1) as executor:
            try:
                return executor.submit(self._crew.work, job).result()
            except BrokenExecutor:
                return failed(job, WorkBroken("worker-lost"))

    def close(self) -> None:
        """Hand out nothing more; wait until what is under way has ended, so that nobody begins it a second time."""
        if self._executor is not None:
            self._executor.shutdown(wait=True)
            self._executor = None
        self._stack.close()


# --- workers on other machines ----------------------------------------------------------------------------


def cluster(address: str) -> Crew:
    """Work on whoever has joined a Dask scheduler; a worker that dies is replaced by another one.

    Args:
        address: Of the scheduler, such as ``tls://host:8786``.

    Raises:
        WrongUse: distributed is not installed, or the address is none.
        ServiceUnreachable: The scheduler does not answer.
    """
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        raise WrongUse("cluster-not-installed")
    from distributed import Client

    try:
        with Client(address, timeout=CONNECT, set_as_default=False) as client:
            threads_there = sum(client.nthreads().values())
    except (OSError, TimeoutError) as error:
        raise ServiceUnreachable("cluster-unreachable", address=address) from error
    except ValueError as error:
        raise WrongUse("cluster-address", address=address) from error
    if not threads_there:
        raise ServiceUnreachable("cluster-empty", address=address)

    clients: list[Client] = []

    @contextmanager
    def opened(_workers: int) -> Iterator[Executor]:
        with Client(address, timeout=CONNECT, set_as_default=False) as client:
            clients.append(client)
            yield client.get_executor(pure=False)

    def lost() -> NetzwerkError | None:
        # It looks for the scheduler itself for a while, and closes when that was in vain.
        gone = any(client.status in {"closing", "closed"} for client in clients)
        return ServiceUnreachable("cluster-unreachable", address=address) if gone else None

    # Twice as many as can be worked on, so that nobody waits for the next one; doubt is the scheduler's business.
    return Crew(opened, 2 * threads_there, lost=lost)


@contextmanager
def meeting(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Lay a mark into the state folder and give jobs that are refused by whoever does not see it there.

    Two machines are kept apart by locks in the state folder, so all must see the same one.
    """
    folder = state_folder().absolute() / MEETINGS
    prepare_folder(folder)
    mark = folder / uuid.uuid4().hex
    _lay(mark)
    try:
        yield [replace(job, state=str(folder.parent), mark=mark.name) for job in jobs]
    finally:
        mark.unlink(missing_ok=True)


def _lay(mark: Path) -> None:
    os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
