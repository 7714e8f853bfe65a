"""Random histories of the office, reproducible by seed; quick enough for 100,000 steps in a test run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from merge_office import Office, Violation

if TYPE_CHECKING:
    from collections.abc import Callable

ACTS: dict[str, Callable[[Office, Callable[[], int]], None]] = {
    "edit": lambda o, n: o.edit(n(), n(), n()),
    "extend note": lambda o, n: o.extend(n(), n(), tags=False),
    "extend tags": lambda o, n: o.extend(n(), n(), tags=True),
    "trim": lambda o, n: o.trim(n(), n()),
    "polish": lambda o, n: o.polish(n(), n()),
    "clear": lambda o, n: o.clear(n(), n(), n()),
    "revert": lambda o, n: o.revert(n(), n(), n()),
    "assign": lambda o, n: o.assign(n(), n(), n()),
    "add": lambda o, n: o.add(n()),
    "delete": lambda o, n: o.delete(n(), n()),
    "undelete": lambda o, n: o.undelete(),
    "sort": lambda o, n: o.sort(n()),
    "copy": lambda o, n: o.copy(n(), n(), first=bool(n() % 2)),
    "unname": lambda o, n: o.unname(n(), n()),
    "rename": lambda o, n: o.rename(n(), n(), n()),
    "cut": lambda o, n: o.cut(n(), n(), n()),
    "rename heading": lambda o, n: o.rename_heading(n(), n()),
    "lose heading": lambda o, n: o.lose_heading(n(), n()),
    "decide": lambda o, n: o.decide(n(), n()),
    "undo": lambda o, n: o.undo(n()),
}
NAMES = tuple(ACTS)
WEIGHTS = tuple({"edit": 6, "revert": 4, "decide": 3, "rename heading": 1, "lose heading": 1}.get(n, 2) for n in NAMES)
RUN_SHARE = 0.3
MOST_STEPS_OF_A_RUN = 15


def step(office: Office, rng: random.Random) -> str:
    """Take one step: something people do, or a run of the tool, perhaps disturbed."""
    number = lambda: rng.randrange(1000)
    if rng.random() < RUN_SHARE:
        crash_at = rng.randrange(1, MOST_STEPS_OF_A_RUN) if rng.random() < 0.4 else None
        acts = {}
        if rng.random() < 0.4:
            name = rng.choices(NAMES, WEIGHTS)[0]
            acts[rng.randrange(1, MOST_STEPS_OF_A_RUN)] = lambda: ACTS[name](office, number)
        office.run(crash_at, acts)
        office.check()
        return f"run crash={crash_at} acts={list(acts)}"
    name = rng.choices(NAMES, WEIGHTS)[0]
    ACTS[name](office, number)
    return name


def hunt(seed: int, steps: int, office: Office | None = None) -> int:
    """Live through one history and let it come to rest; give the number of steps.

    Raises:
        Violation: An invariant does not hold; the message says how to see it again.
    """
    rng = random.Random(seed)
    office = office or Office()
    trace = []
    try:
        for _number in range(steps):
            trace.append(step(office, rng))  # noqa: PERF401  (the trace is wanted when a step fails)
        office.settle()
    except Violation as problem:
        raise Violation(f"seed {seed}, {len(trace)} steps: {problem}; {trace[-12:]}") from problem
    return len(trace)
