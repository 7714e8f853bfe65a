from dataclasses import replace
from fractions import Fraction

import pytest
from analysis_networks import B2, B3, LONELY, NEW_PARTNERS, OLD_PARTNERS, TODAY, demo, erlangen, partner

from netzwerk_sheets.analysis.coverage import coverage
from netzwerk_sheets.analysis.resilience import impacts, links, resilience, what_if
from netzwerk_sheets.model import Contact, Domain, Membership, Need, Network, TargetGroup, WorkingGroup


def test_what_the_demo_loses_when_a_partner_leaves():
    found = impacts(coverage(demo(), today=TODAY))
    assert [(one.partner, one.points) for one in found] == [
        ("P-008", Fraction(11, 2)),
        ("P-001", Fraction(25, 8)),
        ("P-010", Fraction(5, 2)),
        ("P-009", Fraction(19, 10)),
        ("P-005", Fraction(3, 2)),
        ("P-007", Fraction(1)),
    ]
    assert found[4].opens == (
        ("B-005", "expertise", Fraction(3, 4)),
        ("B-005", "rooms", Fraction(3, 4)),
    )


def test_erlangen_rests_on_the_representation():
    network = erlangen(OLD_PARTNERS + NEW_PARTNERS, [B2, B3])
    found = impacts(coverage(network, today=TODAY))
    assert [(one.partner, one.points) for one in found] == [("Vertretung", Fraction(19, 10))]
    assert found[0].opens == (("B-002", "participation", 1), ("B-003", "participation", Fraction(9, 10)))


def test_erlangen_before_loses_a_fifth_with_either():
    from analysis_networks import B1

    found = impacts(coverage(erlangen(OLD_PARTNERS, [B1]), today=TODAY))
    assert [(one.partner, one.points) for one in found] == [
        ("P-001", Fraction(7, 5)),
        ("P-002", Fraction(7, 5)),
    ]


def test_domains_of_the_demo():
    found = {domain.id: domain for domain in resilience(demo(), today=TODAY).domains}
    assert found["LB-03"].rests_on == "P-005"
    assert (found["LB-08"].filled, found["LB-08"].whole, found["LB-08"].backed) == (9, 9, 6)
    states = {domain.id: (domain.failure.state, domain.failure.number) for domain in found.values()}
    assert states["LB-01"] == ("already", None)
    assert states["LB-02"] == ("number", 2)
    assert states["LB-05"] == ("number", 1)
    assert states["LB-07"] == ("none", None)
    assert states["LB-08"] == ("more", None)
    assert found["LB-07"].whole == 0


NEED = Need("B", domain="LB", target_groups=(LONELY,), priority="low", people=1, resources=("rooms", "staff"))


def one_domain(*partners, need=NEED):
    network = Network(
        partners=partners,
        domains=(Domain("LB", "LB"),),
        target_groups=(TargetGroup(LONELY, "E"),),
        needs=(need,),
    )
    return resilience(network, today=TODAY).domains[0]


def test_a_domain_rests_on_who_alone_supports_more_than_half():
    both = partner("A", "", "rooms staff")
    assert one_domain(both).rests_on == "A"
    assert one_domain(replace(both, status="onboarding")).rests_on == "A"
    assert one_domain(partner("A", "", "rooms"), partner("B", "", "staff")).rests_on == ""
    assert one_domain(both, replace(both, id="B", status="onboarding")).rests_on == ""
    # one filled block is too few to speak of
    assert one_domain(partner("A", "", "rooms")).rests_on == ""


@pytest.mark.parametrize("size", [1, 2, 3])
def test_how_many_partners_a_domain_can_lose(size):
    all_three = partner("A", "", "rooms staff", represents=[LONELY])
    found = one_domain(*(replace(all_three, id=f"P{n}") for n in range(size))).failure
    assert (found.state, found.number, len(found.partners)) == ("number", size, size)


def test_more_than_three_is_more():
    all_three = partner("A", "", "rooms staff", represents=[LONELY])
    assert one_domain(*(replace(all_three, id=f"P{n}") for n in range(4))).failure.state == "more"


def test_exactly_half_is_not_under_half():
    # of four blocks two stay
    need = replace(NEED, resources=("rooms", "staff", "equipment"))
    two = [partner(f"A{n}", "", "rooms staff") for n in range(4)]
    assert one_domain(*two, need=need).failure.state == "more"
    assert one_domain(two[0], need=need).failure.number == 1
    assert one_domain(need=need).failure.state == "already"


def test_a_partner_that_alone_connects_two_groups():
    groups = tuple(WorkingGroup(name, name) for name in ("A", "B", "C", "D"))
    groups = (replace(groups[0], lead="P-1"), replace(groups[1], deputy="K-1"), groups[2],
              replace(groups[3], lead="P-1", status="ended"))  # fmt: skip
    network = Network(
        partners=(partner("P-1", "", ""), partner("P-2", "", ""), partner("P-3", "", "", status="left")),
        contacts=(Contact("K-1", "P-1"),),
        groups=groups,
        membership=(
            Membership("1", "P-2", "B"),
            Membership("2", "P-2", "C"),
            Membership("3", "P-3", "B"),
            Membership("4", "P-3", "C"),
            Membership("5", "P-1", "C", until=TODAY),
        ),
    )
    found = [(link.partner, link.groups) for link in links(network, today=TODAY)]
    assert found == [("P-1", ("A", "B")), ("P-1", ("A", "C"))]


def test_what_if_partners_leave_and_join():
    found = what_if(demo(), today=TODAY, without=["P-008", "P-099"], with_=["P-016", "P-005"])
    assert found.unknown == ("P-099",)
    assert {(change.need, change.block) for change in found.opens} == {
        ("B-004", "mandate"),
        ("B-008", "mandate"),
        ("B-009", "mandate"),
    }
    assert {(change.need, change.block, change.after) for change in found.fills} == {
        ("B-008", "rooms", 1),
        ("B-008", "funding", 1),
        ("B-005", "rooms", 1),
        ("B-005", "expertise", 1),
    }
    assert found.before.network.gap == Fraction(223, 10)
    assert found.after.network.gap == Fraction(223, 10) + Fraction(11, 2) - Fraction(9, 2) - Fraction(3, 2)


def test_nobody_leaves_and_joins_at_once():
    found = what_if(demo(), today=TODAY, without=["P-016"], with_=["P-016"])
    assert found.fills == found.opens == ()
