from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from onboarding_samples import FRAME, GROUP, NEWCOMER, STEERING, TODAY, network, waiting_for, with_tasks

from netzwerk_sheets.model import Measure, Membership
from netzwerk_sheets.onboarding import changes, plan_review, plan_shared, plan_survey

REVIEW = ["AG-02.T-S02", "AG-02.T-S03", "AG-02.T-S04", "AG-02.T-S05"]
SECOND = replace(NEWCOMER, id="P-008", short_name="Museum", sector="culture", agreed_on=date(2025, 5, 12))


def ids(tasks):
    return [task.id for task in tasks]


def test_a_newcomer_opens_one_strategy_review_of_its_group():
    tasks = plan_shared(network(NEWCOMER), FRAME)
    assert ids(tasks) == REVIEW
    assert {task.owner for task in tasks} == {"AG-02"}
    assert tasks[0].due == date(2025, 6, 30)
    assert tasks[0].responsible == "Seniorenamt"
    assert tasks[1].responsible == "Seniorenamt + ZSL"
    assert waiting_for(tasks[0], tasks) == ()  # what it waits for stands on the partner's sheet
    assert waiting_for(tasks[1], tasks) == ("T-S02",)


def test_two_newcomers_in_one_month_share_one_review():
    assert ids(plan_shared(network(NEWCOMER, SECOND), FRAME)) == REVIEW
    first = plan_shared(network(NEWCOMER), FRAME)
    assert plan_shared(with_tasks(network(NEWCOMER, SECOND), *first), FRAME) == []


def test_a_review_counts_from_the_one_who_came_first():
    (task, *_) = plan_shared(network(SECOND, NEWCOMER), FRAME)
    assert task.due == date(2025, 6, 30)


def test_whoever_comes_after_a_review_was_finished_opens_the_next():
    first = plan_shared(network(NEWCOMER), FRAME)
    done = [replace(task, status="done", done_on=date(2025, 5, 9)) for task in first]
    assert plan_shared(with_tasks(network(NEWCOMER), *done), FRAME) == []
    second = plan_shared(with_tasks(network(NEWCOMER, SECOND), *done), FRAME)
    assert ids(second) == [f"{identity}.2" for identity in REVIEW]
    assert waiting_for(second[1], [*done, *second]) == ("T-S02",)
    assert plan_shared(with_tasks(network(NEWCOMER, SECOND), *done, *second), FRAME) == []
    dropped = [replace(task, status="dropped", done_on=date(2025, 5, 14)) for task in second]
    assert plan_shared(with_tasks(network(NEWCOMER, SECOND), *done, *dropped), FRAME) == []


def test_a_review_that_people_removed_does_not_come_back():
    assert plan_shared(network(NEWCOMER), FRAME, removed=frozenset(REVIEW)) == []
    assert ids(plan_shared(network(NEWCOMER), FRAME, removed={REVIEW[0]})) == REVIEW[1:]


def test_a_review_completes_itself_while_it_is_open():
    tasks = plan_shared(network(NEWCOMER), FRAME)
    assert plan_shared(with_tasks(network(NEWCOMER), *tasks[1:]), FRAME) == tasks[:1]


def test_leaving_opens_the_review_and_the_farewell_of_the_group():
    gone = replace(NEWCOMER, status="left", left_on=date(2025, 5, 2))
    until = (Membership("MW-001", "P-007", "AG-02", until=date(2025, 5, 2)),)
    tasks = plan_shared(network(gone, membership=until), FRAME)
    assert ids(tasks) == [*REVIEW, "AG-02.T-X08"]
    assert tasks[-1].due == date(2025, 6, 2)  # thirty days later is a Sunday
    before = (Membership("MW-001", "P-007", "AG-02", until=date(2025, 4, 2)),)
    assert plan_shared(network(gone, membership=before), FRAME) == []


def test_one_who_comes_and_one_who_goes_share_a_review():
    gone = replace(SECOND, status="left", left_on=date(2025, 5, 12))
    assert ids(plan_shared(network(NEWCOMER, gone), FRAME)) == [*REVIEW, "AG-02.T-X08"]


def test_a_measure_ties_a_partner_to_its_group():
    joined = network(NEWCOMER, membership=(), measures=(Measure("M-1", group="AG-02", partners=("P-007",)),))
    assert ids(plan_shared(joined, FRAME)) == REVIEW
    leads = network(NEWCOMER, membership=(), measures=(Measure("M-1", group="AG-02", lead="P-007"),))
    assert ids(plan_shared(leads, FRAME)) == REVIEW


@pytest.mark.parametrize("group", [replace(GROUP, status="ended"), replace(STEERING, id="AG-02")])
def test_groups_that_rest_and_the_steering_group_have_no_review(group):
    assert plan_shared(network(NEWCOMER, groups=(group,)), FRAME) == []


def test_the_administration_opens_one_task_of_the_network():
    office = replace(NEWCOMER, sector="administration")
    council = replace(SECOND, sector="politics")
    tasks = plan_shared(network(office, council, membership=()), FRAME)
    assert ids(tasks) == ["network.T-K05"]
    assert tasks[0].owner == "network"
    assert tasks[0].responsible == "Steuerungsgruppe"


@pytest.mark.parametrize(
    ("status", "days", "counts"),
    [("agreed", 400, True), ("onboarding", 400, True), ("active", 89, True), ("active", 91, False),
     ("wish", 1, False), ("agreed", -1, False)],
)  # fmt: skip
def test_joining_counts_while_it_is_fresh(status, days, counts):
    partner = replace(NEWCOMER, status=status, agreed_on=TODAY - timedelta(days=days))
    assert (partner in [change.partner for change in changes(network(partner), TODAY)]) is counts


@pytest.mark.parametrize(("days", "counts"), [(0, True), (90, True), (91, False), (-1, False)])
def test_leaving_counts_for_ninety_days(days, counts):
    partner = replace(NEWCOMER, status="left", left_on=TODAY - timedelta(days=days))
    assert bool(changes(network(partner), TODAY)) is counts


def test_a_review_can_be_asked_for():
    tasks = plan_review(network(), GROUP, FRAME)
    assert ids(tasks) == REVIEW
    assert tasks[0].due == date(2025, 7, 10)
    full = plan_review(with_tasks(network(), *tasks), GROUP, FRAME, cooperative=True)
    assert ids(full) == [f"AG-02.T-KP{number}" for number in range(1, 5)]
    assert full[0].due == date(2025, 6, 26)
    assert plan_review(with_tasks(network(), *tasks, *full), GROUP, FRAME, cooperative=True) == []


def test_a_survey_has_tasks_for_the_group_and_for_the_network():
    tasks = plan_survey(network(), "ZG-01", FRAME)
    assert ids(tasks) == [f"ZG-01.T-N0{number}" for number in (1, 2, 3, 4, 5, 8)] + [
        "network.T-N06",
        "network.T-N07",
    ]
    assert tasks[2].responsible == "ZSL"
    other = plan_survey(with_tasks(network(), *tasks), "ZG-02", FRAME)
    assert {task.owner for task in other} == {"ZG-02"}
    assert plan_survey(with_tasks(network(), *tasks), "ZG-01", FRAME) == []
