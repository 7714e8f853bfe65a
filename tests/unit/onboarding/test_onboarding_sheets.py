from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from onboarding_samples import BUDDY, COORDINATION, FRAME, GROUP, NEWCOMER, network, with_tasks

from netzwerk_sheets.model import Contact, Task, TaskTemplate
from netzwerk_sheets.onboarding import (
    Form,
    Purpose,
    missing_due,
    plan_sheet,
    reschedule,
    responsible,
)

DUE = {
    "T-W01": date(2025, 5, 8),
    "T-W02": date(2025, 5, 12),  # five days later is a Saturday
    "T-W03": date(2025, 5, 12),
    "T-Z02": date(2025, 6, 10),  # thirty-five days later is Whit Monday
    "T-R06": date(2025, 9, 2),
}


def test_a_new_partner_gets_its_sheet():
    tasks = plan_sheet(network(NEWCOMER), NEWCOMER, FRAME)
    assert len(tasks) == 27
    first = tasks[0]
    assert (first.id, first.owner, first.code, first.status) == ("P-007.T-W01", "P-007", "T-W01", "open")
    assert first.text
    assert first.evidence
    assert first.more
    by_code = {task.code: task for task in tasks}
    assert {code: by_code[code].due for code in DUE} == DUE
    assert by_code["T-R06"].after == ("T-W05", "T-Z03", "T-A03", "T-R01")


def test_the_short_form_is_a_choice_and_can_grow_later():
    lacking = network(NEWCOMER)
    short = plan_sheet(lacking, NEWCOMER, replace(FRAME, form=Form.SHORT))
    assert len(short) == 12
    rest = plan_sheet(with_tasks(lacking, *short), NEWCOMER, FRAME)
    assert len(rest) == 15
    assert not {task.id for task in rest} & {task.id for task in short}


def test_what_people_removed_stays_removed():
    gone = {"P-007.T-W04", "P-008.T-W01"}
    tasks = plan_sheet(network(NEWCOMER), NEWCOMER, FRAME, removed=gone)
    assert len(tasks) == 26
    assert "P-007.T-W04" not in {task.id for task in tasks}


def test_only_those_who_agreed_get_a_sheet_by_themselves():
    wish = replace(NEWCOMER, id="P-008", status="wish", agreed_on=None)
    second = replace(NEWCOMER, id="P-009", status="onboarding")
    everyone = network(NEWCOMER, wish, second)
    planned = [plan_sheet(everyone, each, FRAME) for each in (NEWCOMER, wish, second)]
    assert [{task.owner for task in tasks} for tasks in planned] == [{"P-007"}, set(), {"P-009"}]
    assert len(planned[0]) == 27
    assert plan_sheet(network(wish), wish, FRAME) == []
    assert len(plan_sheet(network(wish), wish, FRAME, purposes=[Purpose.WIN])) == 8


def test_a_partner_without_a_number_waits_for_one():
    assert plan_sheet(network(NEWCOMER), replace(NEWCOMER, id=""), FRAME) == []


def test_winning_and_welcome_share_no_task():
    office = replace(NEWCOMER, sector="administration")
    tasks = plan_sheet(network(office), office, FRAME, purposes=[Purpose.WIN, Purpose.WELCOME])
    assert len(tasks) == len({task.id for task in tasks}) == 8 + 27 + 4


def test_a_distant_partner_is_given_time():
    distant = replace(NEWCOMER, topic_closeness="low", created_on=date(2025, 3, 3))
    tasks = plan_sheet(network(distant), distant, FRAME, purposes=[Purpose.WIN])
    due = {task.code: task.due for task in tasks}
    assert due["T-G04"] == date(2025, 4, 7)
    assert due["T-G08"] == date(2025, 6, 2)


def test_an_umbrella_organisation_is_asked_to_spread_the_word():
    umbrella = replace(NEWCOMER, umbrella=True)
    frame = replace(FRAME, umbrella_note="Und wie erfahren Ihre Mitglieder davon?")
    texts = {task.code: task.text for task in plan_sheet(network(umbrella), umbrella, frame)}
    assert [code for code, text in texts.items() if text.endswith("davon?")] == ["T-A01"]
    assert not [t for t in plan_sheet(network(NEWCOMER), NEWCOMER, frame) if t.text.endswith("davon?")]


def test_a_contact_person_may_change_twice():
    first = replace(NEWCOMER, status="active", change_on=date(2025, 3, 3))
    tasks = plan_sheet(network(first), first, FRAME)
    assert [task.id for task in tasks] == ["P-007.T-P01", "P-007.T-P02", "P-007.T-P03"]
    assert tasks[0].due == date(2025, 2, 24)
    later = replace(first, change_on=date(2025, 5, 12))
    assert plan_sheet(with_tasks(network(later), *tasks), later, FRAME) == []
    done = [replace(task, status="done", done_on=date(2025, 3, 20)) for task in tasks]
    assert plan_sheet(with_tasks(network(first), *done), first, FRAME) == []
    again = plan_sheet(with_tasks(network(later), *done), later, FRAME)
    assert [task.id for task in again] == ["P-007.T-P01.2", "P-007.T-P02.2", "P-007.T-P03.2"]
    assert plan_sheet(with_tasks(network(later), *done, *again), later, FRAME) == []


def test_a_farewell_counts_from_the_last_day():
    gone = replace(NEWCOMER, status="left", left_on=date(2025, 6, 30))
    due = {task.code: task.due for task in plan_sheet(network(gone), gone, FRAME)}
    assert len(due) == 7
    assert due["T-X01"] == date(2025, 6, 16)
    assert due["T-X07"] == date(2025, 9, 29)  # ninety days later is a Sunday


def test_an_empty_anchor_leaves_the_date_open_until_it_is_filled():
    undated = replace(NEWCOMER, agreed_on=None)
    tasks = plan_sheet(network(undated), undated, FRAME)
    assert {task.due for task in tasks} == {None}
    assert missing_due(with_tasks(network(undated), *tasks), FRAME) == {}
    typed = replace(tasks[0], due=date(2025, 5, 7))
    done = replace(tasks[1], status="done")
    found = missing_due(with_tasks(network(NEWCOMER), typed, done, *tasks[2:]), FRAME)
    assert len(found) == 25
    assert found["P-007.T-W03"] == DUE["T-W03"]
    assert not {typed.id, done.id} & set(found)


def test_dates_move_on_request_and_only_where_nobody_touched_them():
    tasks = plan_sheet(network(NEWCOMER), NEWCOMER, FRAME)
    proposed = {task.id: task.due for task in tasks}
    typed = replace(tasks[0], due=date(2025, 5, 7))
    done = replace(tasks[1], status="done")
    unknown = tasks[2]
    del proposed[unknown.id]
    later = replace(NEWCOMER, agreed_on=date(2025, 5, 12))
    moved = reschedule(with_tasks(network(later), typed, done, *tasks[2:]), later, FRAME, proposed=proposed)
    assert not {typed.id, done.id, unknown.id} & set(moved)
    assert moved["P-007.T-W05"] == date(2025, 5, 26)
    same = with_tasks(network(NEWCOMER), *tasks)
    assert reschedule(same, NEWCOMER, FRAME, proposed=proposed) == {}


def test_a_start_is_the_day_of_the_sheet_and_never_moves():
    own = TaskTemplate("T-W99", "W", "Text", "", "start", 0)
    changed = replace(network(NEWCOMER), task_templates=(own,))
    (task,) = plan_sheet(changed, NEWCOMER, FRAME)
    assert task.due == FRAME.today
    later = replace(FRAME, today=date(2025, 8, 1))
    assert reschedule(with_tasks(changed, task), NEWCOMER, later, proposed={task.id: task.due}) == {}


def test_a_date_beyond_every_calendar_stays_open():
    never = replace(NEWCOMER, agreed_on=date.max)
    assert {task.due for task in plan_sheet(network(never), never, FRAME)} == {None}


@pytest.mark.parametrize(
    ("role", "owner", "found"),
    [
        ("Koordination", "P-007", "ZSL"),
        ("AG-Leitung", "P-007", "Seniorenamt"),
        ("AG-Leitung", "AG-02", "Seniorenamt"),
        ("Pate/Patin", "P-007", "Seniorenamt"),
        ("Steuerungsgruppe", "P-007", "Steuerungsgruppe"),
        ("Zielgruppenvertretung", "AG-02", "ZSL"),
        ("Zielgruppenvertretung", "ZG-01", "ZSL"),
        ("Zielgruppenvertretung", "ZG-02", "Zielgruppenvertretung"),
        ("Pate/Patin + Koordination", "P-007", "Seniorenamt + ZSL"),
        ("Pate/Patin + AG-Leitung", "P-007", "Seniorenamt"),
        ("pate/patin+ KOORDINATION ", "P-007", "Seniorenamt + ZSL"),
        ("Pate/Patin", "AG-02", "Pate/Patin"),
        ("AG-Leitung", "network", "AG-Leitung"),
        ("Hausmeisterdienst + Koordination", "P-007", "Hausmeisterdienst + ZSL"),
        ("", "P-007", ""),
    ],
)
def test_a_role_becomes_an_organisation(role, owner, found):
    assert responsible(role, network(NEWCOMER), FRAME, owner=owner) == found


def test_an_unknown_holder_leaves_the_role():
    alone = network(replace(NEWCOMER, buddy=""), groups=(), membership=())
    frame = replace(FRAME, coordination="")
    for role in ("Koordination", "AG-Leitung", "Pate/Patin", "Steuerungsgruppe"):
        assert responsible(role, alone, frame, owner="P-007") == role


def test_other_text_in_the_setting_stays_as_it_is():
    frame = replace(FRAME, coordination="Träger")
    assert responsible("Koordination", network(NEWCOMER), frame, owner="P-007") == "Träger"


def test_a_contact_that_leads_a_group_shows_as_its_organisation():
    led = replace(GROUP, lead="K-003")
    asked = network(NEWCOMER, groups=(led,), contacts=(Contact("K-003", partner="P-002"),))
    assert responsible("AG-Leitung", asked, FRAME, owner="P-007") == "Seniorenamt"


def test_a_task_of_ones_own_is_left_alone():
    own = Task("A-001", owner="P-007", text="Kuchen backen")
    assert own not in plan_sheet(with_tasks(network(NEWCOMER), own), NEWCOMER, FRAME)
    assert missing_due(with_tasks(network(NEWCOMER), own), FRAME) == {}


def test_the_samples_know_each_other():
    assert (COORDINATION.label, BUDDY.label) == ("ZSL", "Seniorenamt")
