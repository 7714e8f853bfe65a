from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from onboarding_samples import FRAME, NEWCOMER, TODAY, network, waiting_for

from netzwerk_sheets.model import Task
from netzwerk_sheets.onboarding import Progress, overdue_days, plan_sheet, progress, task_id


def task(code, *after, status="open", owner="P-007", number=1, **more):
    return Task(task_id(owner, code, number), owner=owner, code=code, status=status, after=after, **more)


@pytest.mark.parametrize(
    ("status", "due", "days"),
    [
        ("open", date(2025, 5, 11), 4),
        ("", date(2025, 5, 14), 1),
        ("in_progress", date(2025, 5, 15), 0),
        ("open", date(2025, 5, 16), 0),
        ("open", None, 0),
        ("done", date(2025, 5, 11), 0),
        ("dropped", date(2025, 5, 11), 0),
    ],
)
def test_a_task_is_overdue_from_the_day_after(status, due, days):
    assert overdue_days(task("T-W01", status=status, due=due), TODAY) == days


def test_dropped_tasks_count_as_done():
    late = date(2025, 5, 1)
    tasks = [
        task("T-1", status="done", due=late),
        task("T-2", status="dropped"),
        task("T-3", due=late),
        task("T-4", status="in_progress"),
    ]
    assert progress(tasks, TODAY) == Progress(done=2, total=4, overdue=1)
    assert progress([], TODAY) == Progress(0, 0, 0)


def test_a_fresh_sheet_counts_what_is_late_already():
    planned = plan_sheet(network(NEWCOMER), NEWCOMER, FRAME)
    assert progress(planned, TODAY) == Progress(done=0, total=27, overdue=5)


def test_a_task_waits_for_what_is_there_and_open():
    blocked = task("T-3", "T-1", "T-2", "T-99")
    first, second = task("T-1", status="done"), task("T-2")
    assert waiting_for(blocked, [first, second, blocked]) == ("T-2",)
    assert waiting_for(blocked, [first, replace(second, status="dropped")]) == ()
    assert waiting_for(blocked, []) == ()
    assert waiting_for(replace(blocked, status="done"), [first, second]) == ()


def test_a_task_of_another_partner_holds_nobody_up():
    assert waiting_for(task("T-2", "T-1"), [task("T-1", owner="P-008")]) == ()
    assert waiting_for(task("T-2", "P-008.T-1"), [task("T-1", owner="P-008")]) == ("P-008.T-1",)


def test_each_set_waits_for_its_own_tasks():
    again = task("T-2", "T-1", number=2)
    assert waiting_for(again, [task("T-1"), task("T-1", number=2, status="done")]) == ()
    assert waiting_for(again, [task("T-1", number=2)]) == ("T-1",)


def test_a_task_that_people_added_may_wait_for_any_of_them():
    own = Task("A-001", owner="P-007", text="Kuchen backen", after=("T-1", "A-002"))
    other = Task("A-002", owner="P-007", text="Mehl kaufen")
    assert waiting_for(own, [task("T-1", number=2), other]) == ("T-1", "A-002")


def test_a_task_never_waits_for_itself():
    own = task("T-1", "T-1", "P-007.T-1")
    assert waiting_for(own, [own]) == ()
