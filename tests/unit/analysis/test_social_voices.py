"""Figures about the social situation, and voices counted so that nobody can be recognised."""

from dataclasses import replace
from datetime import date

import pytest

from netzwerk_sheets.analysis.social import about, people, with_people
from netzwerk_sheets.analysis.triggers import not_asked, reviewing, triggers
from netzwerk_sheets.analysis.voices import heard, told
from netzwerk_sheets.model import Need, Network, SocialDatum, TargetGroup, Task, Voice, WorkingGroup

GROUP = TargetGroup("ZG-01", "Einsame Menschen")


def datum(number, value=300.0, year=2024, *, counts=True, district="", group="ZG-01"):
    return SocialDatum(f"SD-{number}", "Zahl", group, district, value, year=year, counts_people=counts)


@pytest.mark.parametrize(
    ("figures", "wanted"),
    [
        ((), None),
        ((datum(1),), 300),
        ((datum(1, 300, 2023), datum(2, 200, 2024)), 200),
        ((datum(1, 300), datum(2, 400)), 400),
        ((datum(1, 14.5, counts=False),), None),
        ((datum(1, 90, district="Nordstadt"),), None),
        ((datum(1, 300, 2020), datum(2, 14.5, 2024, counts=False)), 300),
        ((datum(1, None), datum(2, 0)), 0),
        ((datum(1, 300, None), datum(2, 200, 2020)), 200),
        ((datum(1, group="ZG-02"),), None),
    ],
)
def test_the_newest_figure_that_counts_people_of_the_whole_place_counts(figures, wanted):
    assert people(Network(social_data=figures), "ZG-01") == wanted


def test_a_number_that_people_typed_is_never_replaced():
    network = Network(target_groups=(replace(GROUP, people=7), replace(GROUP, id="ZG-02")), social_data=(datum(1),))
    network = replace(network, social_data=(*network.social_data, datum(2, 50, group="ZG-02")))
    assert [group.people for group in with_people(network).target_groups] == [7, 50]


def test_figures_stand_the_newest_first():
    figures = (datum(1, year=2020), datum(2, year=None), datum(3, year=2024), datum(4, None))
    assert [each.id for each in about(Network(social_data=figures), "ZG-01")] == ["SD-3", "SD-1", "SD-2"]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5), (38, 38)])
def test_few_voices_are_not_told_as_a_number(count, shown):
    assert told(count) == shown


def test_voices_are_counted_for_their_group():
    voices = (Voice("S-1", target_group="ZG-01", need="B-001"), Voice("S-2", target_group="ZG-01"), Voice("S-3"))
    found = heard(Network(voices=voices), "ZG-01")
    assert (found.count, found.loose) == (2, 1)


def test_a_need_of_which_nobody_of_the_group_spoke_is_a_reason_to_ask():
    needs = (
        Need("B-001", sources=frozenset({"assumption"})),
        Need("B-002", sources=frozenset({"interview"})),
        Need("B-003"),
        Need("B-004", sources=frozenset({"expert"}), status="parked"),
        Need("B-005", sources=frozenset({"expert"})),
    )
    network = Network(needs=needs, voices=(Voice("S-1", need="B-005"),))
    assert not_asked(network) == ["B-001", "B-003"]


def test_an_open_review_of_a_working_group_is_a_reason_until_its_tasks_are_finished():
    group = WorkingGroup("AG-01", "AG")
    task = Task("AG-01.T-S02", "AG-01", "T-S02", status="open")
    other = Task("AG-01.T-X08", "AG-01", "T-X08", status="open")
    network = Network(groups=(group,), tasks=(task, other))
    assert reviewing(network) == ["AG-01"]
    found = {trigger.code: trigger.ids for trigger in triggers(network, today=date(2025, 5, 15))}
    assert found["review_due"] == ("AG-01",)
    assert reviewing(replace(network, tasks=(replace(task, status="done"), other))) == []
