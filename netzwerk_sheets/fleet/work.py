"""One network, in whatever process: nothing it meets ends the work on the others."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.errors import NetzwerkError, WorkbookRefused, WorkBroken, WrongUse
from netzwerk_sheets.sync.passing import Glimpse, carry_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.fleet.members import Member
    from netzwerk_sheets.fleet.town import Town
    from netzwerk_sheets.sync.ending import Done
    from netzwerk_sheets.sync.order import Order

MEETINGS = "fleet"
"""In this folder of the state lies the mark by which workers elsewhere know that they see the same state."""


@dataclass(frozen=True, slots=True)
class Job:
    """What shall be done for one network.

    Attributes:
        what: ``sync``, ``gaps`` or ``report``.
        order: What is asked of a pass.
        wait: Seconds to wait for another run or an open file.
        state: The state folder; a worker elsewhere must see the same.
        mark: Name of the mark in it that proves that; empty where the worker is a child of this process.
        version: Of the tool, likewise.
    """

    member: Member
    what: str
    order: Order
    wait: float = 0
    dry_run: bool = False
    state: str = ""
    mark: str = ""
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the work on one network ended.

    Attributes:
        name: The network.
        status: Exit status of its pass.
        kind: ``unchanged`` (not even opened), ``synced``, ``same`` (nothing to write), ``would`` (only looked),
            ``held``, ``read``, ``stranger`` (no network) or ``failed``.
        cells: How many cells were or would be written; likewise the others.
        error: Why it failed; an error of the system or of the tool itself may stand there, too.
        left_out: (file, why) of further workbooks that were left out.
        answer: What was asked for, as plain data.
        town: What the network tells the others, where that was asked for.
    """

    name: str
    status: int = 0
    kind: str = "unchanged"
    cells: int = 0
    conflicts: int = 0
    errors: int = 0
    error: NetzwerkError | OSError | None = None
    left_out: tuple[tuple[str, NetzwerkError], ...] = ()
    calls: Mapping[str, int] = field(default_factory=dict)
    answer: Mapping[str, object] = field(default_factory=dict)
    town: Town | None = None


def unchanged(member: Member, order: Order) -> Outcome | None:
    """Say how the last pass ended where nothing changed since; else `None`. Opens no workbook."""
    known = Glimpse(member.places, order.today, member.google).unchanged()
    return None if known is None else Outcome(member.name, int(known.get("exit", 0)))


def do(job: Job) -> Outcome:
    """Do what shall be done for one network; whatever happens is told in the outcome."""
    try:
        if job.member.broken is not None:
            return failed(job, job.member.broken)
        _require_together(job)
        return _ACTIONS[job.what](job)
    except (NetzwerkError, OSError) as error:
        return failed(job, error)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one network must not end the work on the others
        from netzwerk_sheets.state.database import damage_of
        from netzwerk_sheets.sync.recall import store_path

        return failed(
            job, damage_of(error, store_path(job.member.first)) or WorkBroken("bug", kind=type(error).__name__)
        )


def failed(job: Job, error: NetzwerkError | OSError) -> Outcome:
    """Give the outcome of a job that failed."""
    kind = "stranger" if job.member.found and _is_strange(job, error) else "failed"
    status = 0 if kind == "stranger" else getattr(error, "exit_status", 1)
    return Outcome(job.member.name, status, kind, error=error)


def _is_strange(job: Job, error: Exception) -> bool:
    """Say whether a file that only lies in the folder is no network, as far as anybody knows."""
    from netzwerk_sheets.sync.recall import store_path

    no_network = isinstance(error, WrongUse) and error.reason in {"not-set-up", "conflict-copy"}
    return no_network or (isinstance(error, WorkbookRefused) and not store_path(job.member.first).exists())


def _require_together(job: Job) -> None:
    """Make sure that a worker elsewhere is of the same version and holds the same locks.

    Raises:
        WrongUse: It is not; nothing was read.
    """
    if job.version != __version__:
        raise WrongUse("fleet-version", here=job.version, there=__version__)
    if job.state:
        os.environ["NETZWERK_STATE"] = job.state
    if job.mark and not (Path(job.state) / MEETINGS / job.mark).is_file():
        raise WrongUse("fleet-state-apart", folder=job.state)


# --- what can be done -------------------------------------------------------------------------------------


def _sync(job: Job) -> Outcome:
    member = job.member
    order = _order(job)
    glimpse = Glimpse(member.places, order.today, member.google)
    # Files are looked at before work is handed out; for a document the look is a request and waits its turn.
    known = glimpse.unchanged() if member.online and not order.confirmed else None
    if known is not None:
        return Outcome(member.name, int(known.get("exit", 0)), calls={"drive": glimpse.looks})
    if member.found:
        _require_marked(job)
        _require_own(job)
    done, status = carry_out(member.first, order, wait=job.wait, dry_run=job.dry_run, glimpse=glimpse)
    return _outcome(job, done, status)


def _order(job: Job) -> Order:
    from dataclasses import replace

    return replace(job.order, further=job.member.further, google=job.member.google)


def _require_marked(job: Job) -> None:
    """Make sure, before anything is remembered of it, that a file that only lies in the folder is a network."""
    from netzwerk_sheets.sync.opening import open_workbook
    from netzwerk_sheets.sync.recall import Marker, store_path

    first = job.member.first
    if not store_path(first).exists() and Marker.read(open_workbook(first).read().marker) is None:
        raise WrongUse("not-set-up", file=str(first))


def _require_own(job: Job) -> None:
    """Make sure that a file that only lies in the folder is no conflict copy of another one there."""
    from netzwerk_sheets.sync.strays import is_stray

    if is_stray(job.member.first):
        raise WrongUse("conflict-copy", file=job.member.first.name)


def _outcome(job: Job, done: Done, status: int) -> Outcome:
    from netzwerk_sheets.sync.ending import cells_of

    plans = (done.plan, *(other.plan for other in done.others if other.plan is not None))
    edits = any(plan.edits for plan in plans)
    kind = "held" if done.plan.held else "same" if not edits else "would" if job.dry_run else "synced"
    return Outcome(
        job.member.name, status, kind, sum(sum(cells_of(plan).values()) for plan in plans),
        len(done.plan.conflicts), done.plan.errors,
        left_out=tuple((each.path.name, each.error) for each in done.others if each.error is not None),
        calls=dict(done.calls),
    )  # fmt: skip


def _read(job: Job) -> Done:
    from netzwerk_sheets.sync.ending import require_ours
    from netzwerk_sheets.sync.run import look

    if job.member.found:
        _require_own(job)
    done = look(job.member.first, _order(job))
    require_ours(done, job.member.first)
    return done


def _gaps(job: Job) -> Outcome:
    from netzwerk_sheets.analysis.coverage import as_json

    done = _read(job)
    picture = done.plan.picture
    answer = as_json(picture.coverage, picture.network)
    return Outcome(job.member.name, kind="read", calls=dict(done.calls), answer=answer)


def _report(job: Job) -> Outcome:
    from netzwerk_sheets.fleet.town import town
    from netzwerk_sheets.sync.past import history

    done, member = _read(job), job.member
    past = history(member.first, google=member.google)
    return Outcome(
        member.name, kind="read", calls=dict(done.calls), town=town(done, job.order.today, past, member.name)
    )  # fmt: skip


_ACTIONS = {"sync": _sync, "gaps": _gaps, "report": _report}
