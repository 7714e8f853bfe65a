from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from onboarding_samples import NEWCOMER, catalogue

from netzwerk_sheets.errors import TaskCycle
from netzwerk_sheets.model import Partner, TaskTemplate
from netzwerk_sheets.onboarding import Form, Purpose, check, offsets, purposes, select, variants


def codes(partner, **options):
    return [template.code for template in select(catalogue(), partner, **options)]


def test_the_full_welcome_holds_27_tasks_the_strategy_check_among_them():
    found = codes(NEWCOMER)
    assert Counter(code[2] for code in found) == {"W": 9, "Z": 5, "A": 5, "R": 7, "S": 1}
    assert "T-S01" in found
    assert not {"T-S02", "T-K05"} & set(found)


def test_the_short_welcome_holds_the_12_marked_tasks():
    expected = "T-W01 T-W02 T-W03 T-W05 T-Z01 T-Z03 T-A01 T-A03 T-R01 T-R02 T-R05 T-R06"
    assert " ".join(codes(NEWCOMER, form=Form.SHORT)) == expected


@pytest.mark.parametrize(("sector", "added"), [("administration", 4), ("politics", 4), ("sport", 3), ("business", 3)])
def test_a_variant_adds_its_tasks_to_both_forms(sector, added):
    partner = replace(NEWCOMER, sector=sector)
    assert len(codes(partner)) == 27 + added
    assert len(codes(partner, form=Form.SHORT)) == 12 + added


@pytest.mark.parametrize(
    ("partner", "found"),
    [
        (Partner("P-1", sector="administration"), "K"),
        (Partner("P-1", sector="politics"), "K"),
        (Partner("P-1", sector="sport"), "E"),
        (Partner("P-1", sector="business"), "U"),
        (Partner("P-1", sector="self_advocacy"), "B"),
        (Partner("P-1", sector="culture"), ""),
        (Partner("P-1", sector="faith"), ""),
        (Partner("P-1"), ""),
        (Partner("P-1", sector="culture", volunteer=True), "E"),
        (Partner("P-1", sector="culture", volunteer=False), ""),
        (Partner("P-1", sector="welfare", represents=frozenset({"ZG-01"})), "B"),
        (Partner("P-1", sector="politics", volunteer=True, represents=frozenset({"ZG-01"})), "KEB"),
    ],
)
def test_variants_follow_sector_volunteering_and_representation(partner, found):
    assert variants(partner) == frozenset(found)


def test_winning_tasks_stand_there_only_when_asked_for():
    office = replace(NEWCOMER, sector="administration")
    assert not [code for code in codes(office) if code.startswith("T-G")]
    won = codes(office, purpose=Purpose.WIN)
    assert won == [*(f"T-G0{number}" for number in range(1, 9)), "T-K01", "T-K02"]


def test_change_and_farewell_have_sheets_of_their_own():
    assert codes(NEWCOMER, purpose=Purpose.CHANGE) == ["T-P01", "T-P02", "T-P03"]
    assert codes(NEWCOMER, purpose=Purpose.FAREWELL) == [f"T-X0{number}" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        ("wish", set()),
        ("in_talks", set()),
        ("agreed", {Purpose.WELCOME, Purpose.CHANGE}),
        ("onboarding", {Purpose.WELCOME, Purpose.CHANGE}),
        ("active", {Purpose.CHANGE}),
        ("paused", {Purpose.CHANGE}),
        ("left", {Purpose.FAREWELL}),
        ("declined", set()),
        ("", set()),
    ],
)
def test_the_status_says_what_a_sheet_is_for(status, asked):
    partner = Partner("P-1", status=status, change_on=date(2025, 6, 2), left_on=date(2025, 6, 2))
    assert purposes(partner) == asked


def test_without_dates_nobody_changes_or_leaves():
    assert purposes(Partner("P-1", status="active")) == set()
    assert purposes(Partner("P-1", status="left")) == set()


def template(code, *after, days=0, anchor="agreed_on"):
    return TaskTemplate(code, "W", code, "", anchor, days, after)


@pytest.mark.parametrize(
    "rows",
    [
        [template("T-1", "T-1")],
        [template("T-1", "T-2"), template("T-2", "T-1")],
        [template("T-0"), template("T-1", "T-3", "T-0"), template("T-2", "T-1"), template("T-3", "T-2")],
    ],
)
def test_tasks_that_wait_for_each_other_are_refused_by_name(rows):
    with pytest.raises(TaskCycle) as caught:
        check(rows)
    assert caught.value.reason == "task-cycle"
    assert caught.value.exit_status == 2
    named = set(caught.value.facts["tasks"].split(", "))
    assert named == {row.code for row in rows if row.code != "T-0"}


def test_an_unknown_dependency_is_no_circle():
    check([template("T-1", "T-99")])
    assert offsets([template("T-1", "T-99", days=4)]) == {"T-1": 4}


def test_the_first_row_of_a_code_counts():
    assert offsets([template("T-1", days=4), template("T-1", days=9)]) == {"T-1": 4}


def test_a_row_without_a_code_is_passed_over():
    assert offsets([template(""), template("T-1")]) == {"T-1": 0}


def test_a_task_moves_behind_the_one_it_waits_for():
    rows = [
        template("T-3", "T-2", days=1),
        template("T-2", "T-1", days=5),
        template("T-1", days=30),
        template("T-4", "T-1", anchor="left_on"),
    ]
    assert offsets(rows) == {"T-1": 30, "T-2": 30, "T-3": 30, "T-4": 0}


def test_a_distant_partner_gets_more_time_before_talk_and_decision():
    near, distant = offsets(catalogue()), offsets(catalogue(), distant=True)
    assert {code: distant[code] - near[code] for code in near if distant[code] != near[code]} == {
        "T-G04": 14,
        "T-G08": 28,
    }
