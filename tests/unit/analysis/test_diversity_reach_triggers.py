from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from analysis_networks import (
    B1,
    B2,
    B3,
    NEW_PARTNERS,
    OLD_PARTNERS,
    SECTORS,
    SENIORS,
    TODAY,
    demo,
    erlangen,
)

from netzwerk_sheets.analysis.coverage import coverage
from netzwerk_sheets.analysis.diversity import diversity
from netzwerk_sheets.analysis.reach import reach
from netzwerk_sheets.analysis.triggers import fills, reviews, triggers
from netzwerk_sheets.model import (
    ALL,
    Goal,
    Measure,
    Membership,
    Need,
    Network,
    Partner,
    Voice,
    WorkingGroup,
)


def test_diversity_of_the_demo():
    report = diversity(demo(), today=TODAY)
    found = report.network
    assert (found.partners, len(found.represented), found.blau) == (10, 6, Fraction(4, 5))
    assert found.normalised == Fraction(4, 5) / (1 - Fraction(1, 10))
    assert found.missing == (
        "culture",
        "sport",
        "business",
        "housing_transport",
        "health",
        "faith",
        "science",
        "media",
    )
    anchoring = report.anchoring
    assert (anchoring.administration, anchoring.politics, anchoring.umbrella) == (True, True, True)
    assert (anchoring.self_advocacy, anchoring.half_of_sectors) == (True, False)
    assert found.alike == ()
    assert report.without_group == ("sexual_orientation",)
    assert report.without_need == ("gender", "sexual_orientation")


def test_diversity_of_erlangen():
    before = diversity(erlangen(OLD_PARTNERS, [B1]), today=TODAY).network
    assert (len(before.represented), before.blau, before.hidden) == (1, None, True)
    after = diversity(erlangen(OLD_PARTNERS + NEW_PARTNERS, [B2, B3]), today=TODAY).network
    assert (after.partners, len(after.represented)) == (9, 6)
    assert after.blau == 1 - Fraction(17, 81)
    assert round(float(after.blau), 3) == 0.790


def network_of(sectors, **more):
    listed = tuple(SECTORS.values())
    partners = tuple(Partner(f"P-{n}", sector=name, status="active") for n, name in enumerate(sectors))
    return Network(sectors=listed, partners=partners, **more)


def test_half_of_the_sectors_is_exactly_half():
    sectors = list(SECTORS.values())
    assert diversity(network_of(sectors[:7]), today=TODAY).anchoring.half_of_sectors
    assert not diversity(network_of(sectors[:6]), today=TODAY).anchoring.half_of_sectors


def test_few_partners_hide_the_shares():
    assert diversity(network_of(["sport"] * 3), today=TODAY).network.hidden
    found = diversity(network_of(["sport"] * 4), today=TODAY).network
    assert (found.hidden, found.blau, found.normalised, found.alike) == (False, 0, 0, ("sector",))


@pytest.mark.parametrize(
    ("same", "close", "alike"),
    [(2, 3, ()), (3, 0, ("sector",)), (2, 4, ("topic",)), (4, 4, ("sector", "topic"))],
)
def test_warnings_about_many_alike(same, close, alike):
    network = network_of([*["sport"] * same, "media", "culture", "faith"][:4])
    partners = tuple(
        replace(one, topic_closeness="high" if n < close else "low") for n, one in enumerate(network.partners)
    )
    assert diversity(replace(network, partners=partners), today=TODAY).network.alike == alike


def test_the_setting_decides_about_the_administration():
    network = network_of(["administration"])
    assert diversity(network, today=TODAY).anchoring.administration
    assert not diversity(replace(network, administration_supports="no"), today=TODAY).anchoring.administration
    empty = network_of([], administration_supports="yes")
    assert diversity(empty, today=TODAY).anchoring.administration


def test_a_working_group_has_those_who_take_part_today():
    yesterday = TODAY - timedelta(days=1)
    network = network_of(["sport", "media", "culture", "faith"])
    network = replace(
        network,
        groups=(WorkingGroup("AG", "AG", lead="P-0", deputy="P-1"),),
        membership=(Membership("1", "P-2", "AG"), Membership("2", "P-3", "AG", until=yesterday)),
    )
    group = diversity(network, today=TODAY).groups[0]
    assert group.represented == ("culture", "sport", "media")
    assert (group.partners, group.hidden) == (3, True)


def test_reach_of_the_demo():
    found = {item.measure.id: item for item in reach(demo(), today=TODAY)}
    assert {name: item.state for name, item in found.items()} == {
        "M-001": "missed",
        "M-002": "reached",
        "M-003": "not_measured",
        "M-004": "missed",
        "M-005": "not_measured",
        "M-006": "not_measured",
    }
    assert (found["M-001"].reach, found["M-001"].share) == (Fraction(3, 20), Fraction(1, 5))
    assert found["M-001"].causes == ("A", "C")
    assert found["M-001"].involvement.reasons == ("none", "assumption")
    assert found["M-001"].too_narrow.wrong_group
    assert found["M-001"].too_narrow.other_groups == ("ZG-02",)
    assert (found["M-002"].reach, found["M-002"].share) == (Fraction(7, 10), Fraction(14, 25))
    assert (found["M-004"].reach, found["M-004"].share) == (Fraction(11, 25), 1)
    assert found["M-004"].causes == ("B",)
    assert [(block.code, block.fill) for block in found["M-004"].missing] == [("rooms", 0)]


def test_the_first_measure_of_erlangen_has_all_three_causes():
    found = reach(erlangen(OLD_PARTNERS, [B1]), today=TODAY)[0]
    assert found.causes == ("A", "B", "C")
    assert [block.code for block in found.missing] == ["rooms"]
    assert found.too_narrow.other_groups == ()


MEASURE = Measure(
    "M", needs=("B-002",), domains=frozenset({"LB"}), target_groups=(SENIORS,), participation="co_planned"
)


def one(measure, partners=NEW_PARTNERS, **more):
    network = replace(erlangen(partners, [B2]), measures=(measure,), **more)
    return reach(network, today=TODAY)[0]


@pytest.mark.parametrize(
    ("planned", "total", "target", "state"),
    [
        (100, 60, 50, "reached"),
        (100, 60, 49, "missed"),
        (10, 100, 30, "reached"),
        (10, 100, 29, "missed"),
        (None, 100, 30, "no_target"),
        (0, 100, 30, "no_target"),
        (None, 100, 29, "missed"),
        (100, None, 50, "reached"),
        (100, 0, 0, "missed"),
        (100, 60, None, "not_measured"),
        (None, None, 5, "no_target"),
    ],
)
def test_states_of_a_measure(planned, total, target, state):
    found = one(replace(MEASURE, planned=planned, reached_total=total, reached_target=target))
    assert found.state == state
    if state != "missed":
        assert found.causes == ()


MISSED = replace(MEASURE, planned=100, reached_total=10, reached_target=10)


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"participation": "none"}, ("none",)),
        ({"participation": "consulted"}, ("consulted",)),
        ({"needs": ()}, ("no_need",)),
        ({"participation": "consulted", "needs": ("B-404",)}, ("consulted", "no_need")),
    ],
)
def test_cause_a(change, reasons):
    assert one(replace(MISSED, **change)).involvement.reasons == reasons


def test_cause_a_needs_every_linked_need_to_be_assumed():
    measure = replace(MISSED, needs=("B-001", "B-002"))
    for needs, causes in (((B1, B2), None), ((B1,), ("assumption",))):
        network = replace(erlangen(NEW_PARTNERS, needs), measures=(measure,))
        found = reach(network, today=TODAY)[0].involvement
        assert (found and found.reasons) == causes


def test_without_a_cause_it_is_found_out_with_the_group():
    found = one(replace(MISSED, target_groups=(ALL,)))
    assert (found.state, found.causes, found.involvement) == ("missed", (), None)


def test_cause_a_shows_who_represents_the_group_in_the_working_group():
    measure = replace(MISSED, participation="none", target_groups=(SENIORS, "ZG-02"), group="AG")
    groups = (WorkingGroup("AG", "AG", lead="Vertretung", status="ended"),)
    found = one(measure, groups=groups).involvement
    assert found.represented == ((SENIORS, False), ("ZG-02", True))
    assert one(measure).involvement.represented == ()


def test_cause_b_takes_any_domain_of_the_measure_and_only_its_resources():
    found = one(replace(MISSED, resources=("funding", "rooms")))
    assert [(block.code, block.reason) for block in found.missing] == [("funding", "nobody")]
    elsewhere = one(replace(MISSED, resources=("rooms",), domains=frozenset({"X"})))
    assert [block.reason for block in elsewhere.missing] == ["elsewhere"]
    either = one(replace(MISSED, resources=("rooms",), domains=frozenset({"X", "LB"})))
    assert either.missing == ()


def test_hint_c_looks_at_needs_that_are_not_linked_and_not_parked():
    unlinked = replace(MISSED, needs=("B-404",))
    assert one(unlinked).too_narrow.other_groups == ("ZG-02",)
    assert one(MISSED).too_narrow is None
    network = replace(erlangen(NEW_PARTNERS, [replace(B2, status="parked")]), measures=(unlinked,))
    assert reach(network, today=TODAY)[0].too_narrow is None


def test_hint_c_listens_to_voices():
    voice = Voice("S", target_group="ZG-02", measure="M")
    found = one(MISSED, voices=(voice,)).too_narrow
    assert (found.other_groups, found.voices) == (("ZG-02",), 1)
    assert one(MISSED, voices=(replace(voice, target_group=SENIORS),)).too_narrow is None
    assert one(MISSED, voices=(replace(voice, measure="X"),)).too_narrow is None


@pytest.mark.parametrize(("total", "holds"), [(70, True), (69, False)])
def test_hint_c_sees_the_wrong_group(total, holds):
    found = one(replace(MEASURE, planned=100, reached_total=total, reached_target=10))
    assert (found.too_narrow is not None) == holds


def test_triggers_of_the_demo():
    found = {trigger.code: trigger for trigger in triggers(demo(), today=TODAY)}
    assert set(found) == {
        "reach_low",
        "block_open",
        "single_support",
        "group_unrepresented",
        "need_not_asked",
        "need_without_group",
        "sector_missing",
    }
    assert found["reach_low"].ids == ("M-001", "M-004")
    assert found["need_without_group"].ids == ("B-007", "B-008")
    assert found["group_unrepresented"].ids == ("ZG-05", "ZG-06")
    assert found["block_open"].ids[0] == "B-008/rooms"
    assert found["block_open"].count == 16
    assert found["single_support"].ids == ("P-008", "P-001", "P-010", "P-009", "P-007")
    assert found["single_support"].blocks == 12
    assert found["sector_missing"].count == 8


@pytest.mark.parametrize(("days", "fires"), [(0, True), (90, True), (91, False), (-1, False)])
def test_a_farewell_counts_for_90_days(days, fires):
    gone = Partner("P", status="left", left_on=TODAY - timedelta(days=days))
    codes = {trigger.code for trigger in triggers(Network(partners=(gone,)), today=TODAY)}
    assert ("partner_left" in codes) == fires


def test_the_demo_partner_left_104_days_ago():
    found = triggers(demo(), today=TODAY, left_days=104)
    assert [trigger.ids for trigger in found if trigger.code == "partner_left"] == [("P-018",)]
    assert "partner_left" not in {trigger.code for trigger in triggers(demo(), today=TODAY, left_days=103)}


def test_a_review_is_due_when_its_day_is_past():
    goals = (Goal("Z-1", review_on=TODAY), Goal("Z-2", review_on=TODAY - timedelta(days=1)))
    found = triggers(Network(goals=goals, administration_supports="yes"), today=TODAY)
    assert [(trigger.code, trigger.ids) for trigger in found] == [("review_due", ("Z-2",))]


def test_the_administration_is_missed():
    codes = [trigger.code for trigger in triggers(Network(), today=TODAY)]
    assert codes == ["administration_missing"]
    assert triggers(Network(), today=TODAY)[0].count == 1
    assert triggers(Network(administration_supports="yes"), today=TODAY) == ()


def test_a_need_whose_group_has_ended_has_none():
    network = Network(
        needs=(Need("B-1", group="AG"), Need("B-2", group="AG", status="parked"), Need("B-3", group="X")),
        groups=(WorkingGroup("AG", "AG", status="active"),),
    )

    def ids(network):
        return next((t.ids for t in triggers(network, today=TODAY) if t.code == "need_without_group"), ())

    assert ids(network) == ("B-3",)
    ended = replace(network, groups=(replace(network.groups[0], status="ended"),))
    assert ids(ended) == ("B-1", "B-3")


def test_a_group_wants_a_review_when_a_fill_changed():
    network = demo()
    before = fills(coverage(network, today=TODAY))
    assert reviews(before, coverage(network, today=TODAY)) == ()

    def status(one):
        return replace(one, status={"P-005": "active", "P-009": "left"}.get(one.id, one.status))

    after = coverage(replace(network, partners=tuple(map(status, network.partners))), today=TODAY)
    found = {review.group: review for review in reviews(before, after)}
    assert set(found) == {"AG-02", "AG-03"}
    assert found["AG-02"].needed == ("B-002/participation", "B-003/participation")
    assert found["AG-03"].possible == ("B-005/expertise", "B-005/rooms")
    assert found["AG-02"].possible == found["AG-03"].needed == ()
    # what was not there before is no change
    assert reviews({}, after) == ()
