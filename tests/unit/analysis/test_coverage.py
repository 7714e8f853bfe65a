from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from analysis_networks import (
    B1,
    B2,
    B3,
    LONELY,
    NEW_PARTNERS,
    OLD_PARTNERS,
    SENIORS,
    TODAY,
    demo,
    erlangen,
    partner,
)

from netzwerk_sheets.analysis.coverage import as_json, coverage
from netzwerk_sheets.analysis.months import months_before
from netzwerk_sheets.model import ALL, Domain, Need, Network, Partner, Rules, TargetGroup, Voice, WorkingGroup

# need, weight, coverage, gap, open blocks with fill, blocks that rest on one partner, light
DEMO = [
    (
        "B-008",
        9,
        Fraction(3, 8),
        Fraction(45, 8),
        {"rooms": 0, "funding": 0, "participation": Fraction(1, 2)},
        {("mandate", "P-008"), ("participation", "P-001")},
        "red",
    ),
    (
        "B-006",
        6,
        Fraction(1, 4),
        Fraction(9, 2),
        {"rooms": 0, "staff": 0, "expertise": 0},
        {("participation", "P-001")},
        "red",
    ),
    (
        "B-007",
        5,
        Fraction(1, 4),
        Fraction(15, 4),
        {"contacts": 0, "staff": 0, "expertise": 0},
        {("participation", "P-001")},
        "red",
    ),
    (
        "B-005",
        6,
        Fraction(7, 16),
        Fraction(27, 8),
        {
            "expertise": Fraction(1, 2),
            "staff": 0,
            "rooms": Fraction(1, 2),
            "participation": Fraction(3, 4),
        },
        {("participation", "P-010")},
        "red",
    ),
    (
        "B-004",
        9,
        Fraction(3, 4),
        Fraction(9, 4),
        {"funding": 0},
        {("mandate", "P-008"), ("participation", "P-010")},
        "yellow",
    ),
    ("B-003", 9, Fraction(4, 5), Fraction(9, 5), {"funding": 0}, {("participation", "P-009")}, "yellow"),
    (
        "B-009",
        3,
        Fraction(2, 3),
        Fraction(1),
        {"equipment": 0},
        {("mandate", "P-008"), ("participation", "P-010")},
        "yellow",
    ),
    ("B-002", 10, Fraction(1), Fraction(0), {}, {("rooms", "P-007"), ("participation", "P-009")}, "yellow"),
]


@pytest.mark.parametrize(("place", "row"), list(enumerate(DEMO)), ids=[row[0] for row in DEMO])
def test_the_demo_has_its_golden_numbers(place, row):
    need = coverage(demo(), today=TODAY).ranked()[place]
    got = (need.need.id, need.weight.total, need.coverage, need.gap)
    assert got == row[:4]
    assert {block.code: block.fill for block in need.open} == row[4]
    assert set(need.single) == row[5]
    assert len(need.single) == len(row[5])
    assert need.light == row[6]


def test_the_demo_adds_up():
    found = coverage(demo(), today=TODAY)
    total = found.network
    assert (total.gap, total.weight, total.coverage) == (Fraction(223, 10), 57, Fraction(347, 570))
    assert (total.needs, total.set_aside, total.light) == (8, 1, "yellow")
    assert [item.need.id for item in found.excluded] == ["B-001"]
    groups = {group.id: group for group in found.groups}
    assert (groups["AG-01"].needs, groups["AG-01"].set_aside, groups["AG-01"].coverage) == (0, 1, None)
    assert groups["AG-02"].gap == Fraction(9, 5)
    # B-005 and B-008 stand in two columns each, and once in the total
    assert sum(group.weight for group in found.target_groups) == 57 + 6 + 9


def test_the_demo_says_why_a_block_is_open():
    found = {item.need.id: item for item in coverage(demo(), today=TODAY).needs}
    why = {(name, block.code): block.reason for name, item in found.items() for block in item.open}
    assert why["B-008", "funding"] == "nobody"
    assert why["B-008", "rooms"] == "elsewhere"
    assert why["B-008", "participation"] == "some_groups"
    assert why["B-005", "rooms"] == "onboarding"
    assert why["B-005", "participation"] == "asked"


def blind_spots(network):
    return [cell for cell in coverage(network, today=TODAY).cells if cell.blind_spot]


def test_blind_spots_are_cells_in_focus_where_no_need_is_recorded():
    spots = {cell.id for cell in blind_spots(demo())}
    assert spots == {"LB-02/ZG-02", "LB-02/ZG-04", "LB-08/ZG-03", "LB-08/ZG-04"}


def test_a_group_that_was_replaced_is_no_blind_spot():
    domain, group = Domain("LB", "LB", focus=True), TargetGroup("ZG", "ZG", focus=True)
    network = Network(domains=(domain,), target_groups=(group,))
    assert len(blind_spots(network)) == 1
    replaced = replace(network, target_groups=(replace(group, replaced_by="ZG-2"),))
    assert blind_spots(replaced) == []


def test_erlangen_before_the_interviews():
    need = coverage(erlangen(OLD_PARTNERS, [B1]), today=TODAY).needs[0]
    assert (need.weight.total, need.coverage, need.gap) == (7, Fraction(2, 5), Fraction(21, 5))
    assert set(need.single) == {("expertise", "P-001"), ("staff", "P-002")}
    assert need.light == "red"


def test_erlangen_after_the_interviews_with_the_old_network():
    found = coverage(erlangen(OLD_PARTNERS, [replace(B1, status="parked"), B2, B3]), today=TODAY)
    assert [need.weight.total for need in found.needs] == [10, 9]
    assert [need.coverage for need in found.needs] == [Fraction(3, 10)] * 2
    assert found.network.gap == Fraction(133, 10)


def test_erlangen_with_the_new_network():
    found = coverage(erlangen(OLD_PARTNERS + NEW_PARTNERS, [B2, B3]), today=TODAY)
    assert [need.coverage for need in found.needs] == [1, Fraction(4, 5)]
    assert found.network.coverage == Fraction(86, 95)
    assert round(float(found.network.coverage), 3) == 0.905
    assert found.network.gap == Fraction(9, 5)
    assert {single for need in found.needs for single in need.single} == {("participation", "Vertretung")}
    assert found.network.light == "yellow"


def one(need, partners=(), **more):
    network = Network(
        partners=tuple(partners),
        domains=(Domain("LB", "LB"),),
        target_groups=(TargetGroup(SENIORS, "S"), TargetGroup(LONELY, "E")),
        needs=(need,),
        **more,
    )
    return coverage(network, today=TODAY).needs[0]


BARE = Need("B-001", domain="LB", target_groups=(SENIORS,), priority="low", people=5, mentions=0)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({}, (1, 0, 0)),
        ({"priority": "medium"}, (3, 0, 0)),
        ({"priority": "high"}, (6, 0, 0)),
        ({"priority": ""}, (3, 0, 0)),
        ({"people": 99}, (1, 0, 0)),
        ({"people": 100}, (1, 1, 0)),
        ({"people": 999}, (1, 1, 0)),
        ({"people": 1000}, (1, 2, 0)),
        ({"people": 0}, (1, 0, 0)),
        ({"people": None}, (1, 1, 0)),
        ({"mentions": 1}, (1, 0, 1)),
        ({"mentions": 4}, (1, 0, 1)),
        ({"mentions": 5}, (1, 0, 2)),
        ({"mentions": None}, (1, 0, 0)),
    ],
)
def test_points_of_a_need(change, parts):
    weight = one(replace(BARE, **change)).weight
    assert (weight.priority, weight.size, weight.mentions) == parts


def test_people_are_those_of_the_largest_group_that_is_known():
    groups = (TargetGroup("a", "a", people=99), TargetGroup("b", "b", people=60), TargetGroup("c", "c"))
    for wanted, points in ((("a", "b"), 0), (("c",), 1), (("a", "c"), 0), ((ALL,), 1), ((), 1)):
        need = replace(BARE, target_groups=wanted, people=None)
        found = coverage(Network(needs=(need,), target_groups=groups), today=TODAY)
        assert found.needs[0].weight.size == points, wanted


def test_mentions_are_the_larger_of_typed_and_counted():
    voices = tuple(Voice(f"S-{n}", need="B-001") for n in range(5))
    assert one(replace(BARE, mentions=1), voices=voices).weight.mentions == 2
    assert one(replace(BARE, mentions=12), voices=voices[:1]).weight.mentions == 2
    assert one(replace(BARE, mentions=None), voices=voices[:4]).weight.mentions == 1


@pytest.mark.parametrize(
    ("resource", "same", "other_domain", "other_group"),
    [
        ("expertise", 1, 0, 0),
        ("staff", 1, 0, 1),
        ("rooms", 1, 0, 1),
        ("contacts", 1, 0, 1),
        ("funding", 1, 0, 1),
        ("mandate", 1, 0, 1),
        ("access", 1, 1, 0),
        ("equipment", 1, 1, 1),
        ("publicity", 1, 1, 1),
    ],
)
def test_what_must_fit_for_each_resource(resource, same, other_domain, other_group):
    need = replace(BARE, resources=(resource,))
    fits = partner("P", "sport", resource, groups=[SENIORS])
    fills = [
        one(need, [who]).blocks[0].fill
        for who in (
            fits,
            replace(fits, domains=frozenset({"X"})),
            replace(fits, target_groups=frozenset({LONELY})),
        )
    ]
    assert fills == [same, other_domain, other_group]
    everywhere = replace(fits, domains=frozenset({ALL}), target_groups=frozenset({ALL}))
    assert one(need, [everywhere]).blocks[0].fill == 1
    unknown = replace(fits, domains=frozenset(), target_groups=frozenset())
    assert one(need, [unknown]).blocks[0].fill == (resource in {"equipment", "publicity"})


@pytest.mark.parametrize(
    ("status", "fill"), [("active", 1), ("onboarding", Fraction(1, 2)), ("agreed", 0), ("left", 0), ("", 0)]
)
def test_how_much_a_status_counts(status, fill):
    need = replace(BARE, resources=("rooms",))
    assert one(need, [partner("P", "sport", "rooms", status=status)]).blocks[0].fill == fill


def test_a_setting_above_the_whole_fills_no_more_than_the_whole():
    rules = replace(Rules(), active_factor=Fraction(2), asked_factor=Fraction(3))
    need = replace(BARE, resources=("rooms",), asked_on=TODAY, sources=frozenset({"survey"}))
    found = one(need, [partner("P", "sport", "rooms")], rules=rules)
    assert [block.fill for block in found.blocks] == [1, 1]


def test_everyone_is_represented_by_nobody():
    who = partner("P", "sport", "rooms", represents=[ALL])
    assert one(BARE, [who]).blocks[-1].fill == 0


@pytest.mark.parametrize(
    ("asked_on", "source", "fill"),
    [
        (date(2023, 5, 15), "interview", Fraction(1, 2)),
        (date(2023, 5, 14), "interview", 0),
        (TODAY, "survey", Fraction(1, 2)),
        (date(2025, 5, 16), "survey", 0),
        (TODAY, "study", 0),
        (None, "interview", 0),
    ],
)
def test_asked_counts_half_for_24_months(asked_on, source, fill):
    need = replace(BARE, asked_on=asked_on, sources=frozenset({source, "podcast"}))
    assert one(need).blocks[-1].fill == fill


def test_months_end_on_the_last_day_there_is():
    assert months_before(date(2024, 2, 29), 24) == date(2022, 2, 28)
    assert months_before(date(2025, 3, 31), 1) == date(2025, 2, 28)
    assert months_before(date(2025, 1, 31), 12) == date(2024, 1, 31)
    assert months_before(date(1, 1, 1), 24) == date.min


def test_a_need_without_group_or_domain_is_open_where_they_matter():
    who = partner("P", "sport", "rooms expertise access equipment", represents=[SENIORS])
    need = replace(BARE, resources=("rooms", "expertise", "access", "equipment"))
    found = one(replace(need, target_groups=()), [who])
    assert [block.reason for block in found.blocks] == ["", "no_group", "no_group", "", "no_group"]
    found = one(replace(need, domain=""), [who])
    assert [block.reason for block in found.blocks] == ["no_domain", "no_domain", "", "", ""]


def test_resources_count_once_and_unknown_ones_not_at_all():
    def codes(*typed):
        return [block.code for block in one(replace(BARE, resources=typed)).blocks]

    assert codes("rooms", "rooms", "moon") == ["rooms", "participation"]
    assert codes() == codes("moon") == ["expertise", "staff", "rooms", "participation"]


def test_a_single_support_is_one_active_partner_for_some_group():
    need = replace(BARE, target_groups=(SENIORS, LONELY), resources=("expertise",))
    both = partner("A", "sport", "expertise", groups=[SENIORS, LONELY])
    first = partner("B", "sport", "expertise", groups=[SENIORS])
    joining = replace(both, id="C", status="onboarding")
    assert one(need, [both]).single == (("expertise", "A"),)
    assert one(need, [both, first]).single == (("expertise", "A"),)
    assert one(need, [both, joining]).single == (("expertise", "A"),)
    two = one(need, [both, replace(both, id="D")])
    assert two.single == ()
    assert [support.single for support in two.blocks[0].supports] == ["", ""]
    assert [support.partners for support in two.blocks[0].supports] == [("A", "D")] * 2
    second = replace(first, id="E", target_groups=frozenset({LONELY}))
    assert one(need, [first, second]).single == (("expertise", "B"), ("expertise", "E"))


def test_a_need_without_groups_may_rest_on_one_partner_all_the_same():
    need = replace(BARE, target_groups=(), resources=("rooms", "staff"))
    network = Network(partners=(partner("A", "sport", "rooms staff"),), domains=(Domain("LB", "LB"),), needs=(need,))
    found = coverage(network, today=TODAY)
    assert (found.network.single, found.domains[0].single, found.needs[0].light) == (True, True, "yellow")
    assert found.singles == ("A", "A")


def test_lights_are_exact():
    resources = ("rooms", "staff", "equipment")
    need = replace(BARE, resources=resources)
    two = [partner(name, "sport", "rooms staff equipment", represents=[SENIORS]) for name in "AB"]
    assert one(need, two).light == "green"
    assert one(need, two[:1]).light == "yellow"
    half = [replace(who, resources=frozenset({"rooms"})) for who in two]
    assert one(need, half).light == "yellow"
    assert one(need, half, rules=replace(Rules(), light_limit=Fraction(51, 100))).light == "red"


def test_a_focus_domain_without_a_partner_is_red():
    network = Network(domains=(Domain("LB", "LB", focus=True), Domain("X", "X", focus=False)))
    focus, other = coverage(network, today=TODAY).domains
    assert (focus.light, focus.deserted, focus.coverage) == ("red", True, None)
    assert (other.light, other.deserted) == ("none", False)
    joining = Partner("P", domains=frozenset({"LB"}), status="onboarding")
    focus = coverage(replace(network, partners=(joining,)), today=TODAY).domains[0]
    assert (focus.light, focus.partners) == ("none", 1)


def test_who_is_on_board_works_in_a_domain_whatever_the_settings_count():
    partners = (
        Partner("A", domains=frozenset({"X"}), status="active"),
        Partner("B", domains=frozenset({ALL, "X"}), status="onboarding"),
        Partner("C", domains=frozenset({"LB"}), status="onboarding"),
        Partner("D", domains=frozenset({"LB", "X"}), status="agreed"),
    )
    for factor in (Fraction(0), Fraction(1, 2)):
        rules = replace(Rules(), onboarding_factor=factor, agreed_factor=Fraction(1, 4))
        network = Network(domains=(Domain("LB", "LB"), Domain("X", "X")), partners=partners, rules=rules)
        assert [domain.partners for domain in coverage(network, today=TODAY).domains] == [2, 2]


def test_a_need_for_everyone_stands_in_every_column_and_once_in_the_total():
    found = coverage(erlangen(OLD_PARTNERS, [replace(BARE, target_groups=(ALL,)), BARE]), today=TODAY)
    assert [group.needs for group in found.target_groups] == [2, 1]
    assert [cell.needs for cell in found.cells] == [2, 1]
    assert found.network.needs == 2


def test_a_need_set_aside_is_recorded_but_not_counted():
    network = erlangen((), [replace(BARE, status="covered")])
    network = replace(network, target_groups=(TargetGroup(SENIORS, "S", focus=True),))
    found = coverage(network, today=TODAY)
    assert not any(cell.blind_spot for cell in found.cells)
    assert (found.network.weight, found.network.coverage, found.network.light) == (0, None, "none")
    assert found.cells[0].set_aside == 1


def test_json_holds_what_programs_expect():
    network = demo()
    data = as_json(coverage(network, today=TODAY), network)
    assert data["schema"] == 1
    assert [need["id"] for need in data["needs"]] == [row[0] for row in DEMO]
    assert data["needs"][0] == {
        "id": "B-008",
        "weight": 9,
        "coverage": 0.375,
        "gap": 5.625,
        "open": [
            {"block": "rooms", "fill": 0.0},
            {"block": "funding", "fill": 0.0},
            {"block": "participation", "fill": 0.5},
        ],
        "single": [
            {"block": "mandate", "partner": "P-008"},
            {"block": "participation", "partner": "P-001"},
        ],
        "light": "red",
    }
    assert [(need["id"], need["status"]) for need in data["excluded"]] == [("B-001", "parked")]
    assert data["network"] == {
        "id": "network",
        "name": "Musterstadt an der Regnitz",
        "coverage": 347 / 570,
        "gap": 22.3,
        "weight": 57,
        "light": "yellow",
        "needs": 8,
    }
    empty = next(item for item in data["domains"] if item["id"] == "LB-07")
    assert (empty["coverage"], empty["gap"], empty["light"], empty["needs"]) == (None, None, "none", 0)
    gaps = [item["gap"] for item in data["cells"] if item["gap"] is not None]
    assert gaps == sorted(gaps, reverse=True)
    assert data["cells"][-1]["gap"] is None
    assert len(data["cells"]) == 81


def test_equal_gaps_are_ordered_by_weight_then_id():
    needs = [
        replace(BARE, id="B-3", resources=("rooms",)),
        replace(BARE, id="B-2", resources=("rooms",)),
        # twice the weight, half of it covered
        replace(BARE, id="B-9", resources=("staff",), mentions=1),
    ]
    network = Network(needs=tuple(needs), partners=(partner("P", "sport", "staff"),))
    assert [need.need.id for need in coverage(network, today=TODAY).ranked()] == ["B-9", "B-2", "B-3"]


def test_working_groups_add_up_their_own_needs():
    network = Network(
        needs=(replace(BARE, group="AG-01"), replace(BARE, id="B-2", group="AG-77")),
        groups=(WorkingGroup("AG-01", "Eins"),),
    )
    group = coverage(network, today=TODAY).groups[0]
    assert (group.needs, group.weight, group.gap) == (1, 1, 1)
