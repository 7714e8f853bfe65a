from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onboarding_samples import FRAME, NEWCOMER, catalogue, network, with_tasks

from netzwerk_sheets.errors import TaskCycle
from netzwerk_sheets.model import FINISHED, TaskTemplate
from netzwerk_sheets.onboarding import (
    REGIONS,
    Form,
    Purpose,
    check,
    missing_due,
    plan_shared,
    plan_sheet,
    reschedule,
    select,
    working_day,
)

SECTORS = ["", "administration", "politics", "sport", "business", "self_advocacy", "education", "culture"]
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MAYBE = st.none() | DAYS
ANCHORS = ("created_on", "agreed_on", "change_on", "left_on", "start")
FRAMES = st.builds(
    lambda today, region, form: replace(FRAME, today=today, region=region, form=form),
    DAYS,
    st.sampled_from(["", *sorted(REGIONS)]),
    st.sampled_from(Form),
)
PURPOSES = st.none() | st.sets(st.sampled_from(Purpose))


@st.composite
def partners(draw, identity="P-007"):
    return replace(
        NEWCOMER,
        id=identity,
        sector=draw(st.sampled_from(SECTORS)),
        status=draw(st.sampled_from(["wish", "agreed", "onboarding", "active", "left"])),
        volunteer=draw(st.sampled_from([None, True, False])),
        represents=draw(st.sampled_from([frozenset(), frozenset({"ZG-01"})])),
        topic_closeness=draw(st.sampled_from(["", "low", "high"])),
        **{name: draw(MAYBE) for name in ANCHORS[:-1]},
    )


@st.composite
def catalogues(draw):
    """Catalogues as people change them: any days, any anchors, waiting only for rows above."""
    names = [f"T-{number}" for number in range(draw(st.integers(1, 12)))]
    return tuple(
        TaskTemplate(
            code=name,
            block=draw(st.sampled_from(["W", "G", "P", "X", "E"])),
            text=name,
            role="Koordination",
            anchor=draw(st.sampled_from(ANCHORS)),
            days=draw(st.integers(-100, 400)),
            after=tuple(draw(st.sets(st.sampled_from([*names[:number], "T-none"]), max_size=3))),
            short=draw(st.booleans()),
        )
        for number, name in enumerate(names)
    )


CATALOGUES = st.just(catalogue()) | catalogues()


def touched(data, task):
    """Make a task what people may make of it."""
    return replace(
        task,
        status=data.draw(st.sampled_from(["", "open", "in_progress", "done", "dropped"])),
        due=data.draw(MAYBE),
        done_on=data.draw(MAYBE),
        responsible=data.draw(st.sampled_from(["", "VHS", "Küche"])),
        text=data.draw(st.sampled_from([task.text, "anders"])),
    )


@given(st.data(), partners(), CATALOGUES, FRAMES, PURPOSES)
def test_planning_again_adds_nothing_and_touches_nothing(data, partner, templates, frame, purposes):
    empty = replace(network(partner), task_templates=templates)
    planned = plan_sheet(empty, partner, frame, purposes=purposes)
    assert len({task.id for task in planned}) == len(planned)
    kept = [touched(data, task) for task in planned if data.draw(st.booleans())]
    gone = {task.id for task in planned} - {task.id for task in kept}
    again = plan_sheet(with_tasks(empty, *kept), partner, frame, removed=gone, purposes=purposes)
    known = gone | {task.id for task in kept}
    assert not {task.id for task in again} & known
    # Only a second change of the contact person may add a set of its own, once all of the first is finished.
    assert all(task.code in {each.code for each in templates if each.block == "P"} for task in again)
    full = with_tasks(empty, *planned)
    assert plan_sheet(full, partner, frame, purposes=purposes) == []


@given(partners(), CATALOGUES, FRAMES, PURPOSES)
def test_due_dates_are_working_days_and_never_before_what_comes_first(partner, templates, frame, purposes):
    planned = plan_sheet(replace(network(partner), task_templates=templates), partner, frame, purposes=purposes)
    anchor = {each.code: each.anchor for each in templates}
    due = {task.code: task.due for task in planned}
    for task in planned:
        if task.due is not None:
            assert working_day(task.due, frame.region) == task.due
            assert task.due.weekday() < 5
        for before in task.after:
            if before in due and anchor[before] == anchor[task.code] and task.due is not None:
                assert due[before] is not None
                assert due[before] <= task.due


@given(partners(), CATALOGUES, st.sampled_from(Purpose))
def test_the_short_form_is_part_of_the_full_one(partner, templates, purpose):
    short = select(templates, partner, form=Form.SHORT, purpose=purpose)
    full = select(templates, partner, form=Form.FULL, purpose=purpose)
    assert set(short) <= set(full)
    assert [each for each in full if each in short] == list(short)


@given(catalogues(), st.data())
def test_a_circle_is_always_refused(templates, data):
    first = data.draw(st.integers(0, len(templates) - 1))
    last = data.draw(st.integers(first, len(templates) - 1))
    chain = list(templates)
    for number in range(first + 1, last + 1):
        chain[number] = replace(chain[number], after=(chain[number - 1].code,))
    chain[first] = replace(chain[first], after=(chain[last].code,))
    with pytest.raises(TaskCycle) as caught:
        check(chain)
    assert chain[first].code in str(caught.value.facts["tasks"]).split(", ")
    check(templates)


@given(st.data(), partners(), FRAMES)
def test_a_date_that_people_typed_is_never_moved(data, partner, frame):
    empty = network(partner)
    planned = plan_sheet(empty, partner, frame, purposes=list(Purpose))
    proposed = {task.id: task.due for task in planned}
    now = [touched(data, task) for task in planned]
    later = replace(partner, **{name: data.draw(MAYBE) for name in ANCHORS[:-1]})
    after = with_tasks(replace(empty, partners=(later,)), *now)
    moved = reschedule(after, later, frame, proposed=proposed)
    filled = missing_due(after, frame)
    for task in now:
        if task.due != proposed[task.id] or task.status in FINISHED:
            assert task.id not in moved
        if task.due is not None or task.status in FINISHED:
            assert task.id not in filled
    assert all(working_day(day, frame.region) == day for day in (moved | filled).values())


@given(st.data(), DAYS, st.integers(0, 30), FRAMES)
def test_two_newcomers_in_one_month_share_one_strategy_review(data, day, later, frame):
    first = replace(NEWCOMER, agreed_on=day)
    second = replace(NEWCOMER, id="P-008", agreed_on=day + timedelta(days=later))
    frame = replace(frame, today=max(frame.today, second.agreed_on))
    both = network(first, second)
    at_once = plan_shared(both, frame)
    assert [task.code for task in at_once] == ["T-S02", "T-S03", "T-S04", "T-S05"]
    early = plan_shared(network(first), replace(frame, today=day))
    assert early == at_once
    under_way = [replace(task, status=data.draw(st.sampled_from(["open", "done", ""]))) for task in early]
    under_way[data.draw(st.integers(0, 3))] = early[0]  # the set is not finished while one is open
    tasks = {task.id: task for task in under_way}
    again = plan_shared(with_tasks(both, *tasks.values()), frame)
    assert {task.id for task in again} == {task.id for task in early} - set(tasks)
