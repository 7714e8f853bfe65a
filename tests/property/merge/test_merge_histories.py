"""NO-LOSS, CONVERGE, IDEMPOTENT and SLICE-SOUND in whole histories of people and a tool that may die.

Two ways to hunt: a Hypothesis machine, which shrinks what it finds to a few steps, and seeded histories, which
are many times as quick. Together they live through more than 100,000 steps in the normal run and a million
with ``--long``.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from merge_hunt import ACTS, MOST_STEPS_OF_A_RUN, hunt
from merge_office import Office

NUMBERS = st.integers(0, 11)
ACT = st.tuples(st.sampled_from(sorted(ACTS)), st.lists(NUMBERS, min_size=3, max_size=3))
STEP = st.one_of(st.none(), st.integers(1, MOST_STEPS_OF_A_RUN))


class People(RuleBasedStateMachine):
    """Four tabs, everything people do to them, and runs of the tool, disturbed and killed."""

    def __init__(self):
        super().__init__()
        self.office = Office()

    def act(self, name, numbers):
        left = iter(numbers)
        ACTS[name](self.office, lambda: next(left))

    @rule(act=ACT)
    def people_act(self, act):
        self.act(*act)

    @rule(act=ACT, again=ACT)
    def people_act_twice(self, act, again):
        self.act(*act)
        self.act(*again)

    @rule()
    def sync(self):
        self.office.run()

    @rule(step=STEP)
    def sync_and_die(self, step):
        self.office.run(crash_at=step)

    @rule(step=STEP, at=st.integers(1, MOST_STEPS_OF_A_RUN), act=ACT)
    def sync_while_somebody_types(self, step, at, act):
        self.office.run(crash_at=step, acts={at: lambda: self.act(*act)})

    @rule()
    def rest(self):
        self.office.settle()

    @invariant()
    def nothing_is_lost(self):
        self.office.check()

    def teardown(self):
        self.office.settle()


def test_people_and_a_tool_that_dies_lose_nothing(request):
    """The machine that shrinks what it finds."""
    many = 8000 if long_run(request) else 100
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=many,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("part", range(4))
def test_a_hundred_thousand_steps_lose_nothing(request, part):
    """Seeded histories, short ones and long ones; a quarter of them per part, so that two cores can share."""
    times = 10 if long_run(request) else 1
    steps = 0
    for seed in range(650 * times):
        steps += hunt(part * 1_000_000 + seed, 30)
    for seed in range(65 * times):
        steps += hunt(part * 1_000_000 + 500_000 + seed, 100)
    assert steps == 26_000 * times


def long_run(request) -> bool:
    """Say whether the long hunt is asked for."""
    return bool(request.config.getoption("--long", default=False)) or os.environ.get("NETZWERK_LONG") == "1"
