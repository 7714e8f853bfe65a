"""Winning, welcoming and agreeing: who lacks which document, who shares what, who is waiting for a word."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from netzwerk_sheets.analysis.checks import check
from netzwerk_sheets.analysis.common_ground import common_ground
from netzwerk_sheets.analysis.papers import Papers, nobody, papers
from netzwerk_sheets.analysis.talks import follow_ups, next_contacts
from netzwerk_sheets.analysis.triggers import triggers
from netzwerk_sheets.model import (
    ALL,
    Agreement,
    Conversation,
    Document,
    DocumentSent,
    Goal,
    Measure,
    Membership,
    Need,
    Network,
    Partner,
    Relationship,
    WorkingGroup,
)

TODAY = date(2025, 5, 15)
RULES = Document("U-001", "Regeln", version="2024-06", required_for=(ALL,))
HOUSE = Document("U-002", "Geschäftsordnung", version="3", required_for=("steering_group",))
PLAN = Document("U-003", "Projektplan", version="2")
ONE = Partner("P-001", "Eins", type="Volkshochschule", sector="education", status="active")
TWO = Partner("P-002", "Zwei", status="onboarding")
STEERING = WorkingGroup("AG-04", "Lenkungskreis", "steering_group")


def network(**more):
    return Network(**{"partners": (ONE, TWO), "groups": (STEERING,), "documents": (RULES, HOUSE, PLAN), **more})


def sent(partner, document, version, day=None):
    return DocumentSent(f"{partner}{document}{version}", partner, document, version, day)


# --- documents --------------------------------------------------------------------------------------------


def test_what_everybody_must_have_is_missing_until_it_is_sent():
    assert papers(network(), TODAY) == (Papers("P-001", ("U-001",), ()), Papers("P-002", ("U-001",), ()))
    assert papers(network(documents_sent=(sent("P-001", "U-001", "2024-06"),)), TODAY) == (
        Papers("P-002", ("U-001",), ()),
    )


def test_a_newer_version_asks_for_another_sending_also_where_nothing_is_required():
    rows = tuple(sent(one, "U-001", "2024-06") for one in ("P-001", "P-002"))
    assert papers(network(documents_sent=(*rows, sent("P-002", "U-003", "1"))), TODAY) == (
        Papers("P-002", (), ("U-003",)),
    )


def test_what_was_sent_last_counts():
    old, new = sent("P-001", "U-001", "2023-01", date(2023, 1, 1)), sent("P-001", "U-001", "2024-06", date(2024, 6, 1))
    for rows in ((old, new), (new, old)):
        assert [each.partner for each in papers(network(documents_sent=rows), TODAY)] == ["P-002"]


def test_a_version_nobody_noted_says_nothing():
    rows = tuple(sent(one, "U-001", "") for one in ("P-001", "P-002"))
    assert papers(network(documents_sent=rows), TODAY) == ()


@pytest.mark.parametrize(
    ("word", "meant"),
    [("volkshochschule", True), ("AG-04", True), ("Lenkungskreis", True), ("steering_group", True), ("education", True),
     ("Sportverein", False)],
)  # fmt: skip
def test_a_document_may_be_required_for_a_type_a_sector_or_a_body(word, meant):
    member = Membership("MW-1", "P-001", "AG-04")
    found = papers(network(documents=(replace(RULES, required_for=(word,)),), membership=(member,)), TODAY)
    assert [each.partner for each in found] == (["P-001"] if meant else [])


def test_who_left_the_body_needs_its_papers_no_more():
    member = Membership("MW-1", "P-001", "AG-04", until=TODAY - timedelta(days=1))
    assert papers(network(documents=(HOUSE,), membership=(member,)), TODAY) == ()


@pytest.mark.parametrize("status", ["wish", "contacted", "in_talks", "paused", "left", "declined"])
def test_who_is_not_there_gets_nothing(status):
    assert papers(network(partners=(replace(ONE, status=status),)), TODAY) == ()


def test_who_said_yes_gets_everything_before_the_welcome_is_over():
    assert papers(network(partners=(replace(ONE, status="agreed"),)), TODAY)[0].missing == ("U-001",)


def test_what_is_missing_is_a_hint_until_people_note_what_they_send():
    def levels(*rows):
        both = network(documents=(RULES,), documents_sent=rows, tables=frozenset({"documents", "documents_sent"}))
        return {each.level for each in check(both, today=TODAY) if each.facts["case"] == "missing"}

    assert levels() == {"hint"}
    assert levels(sent("P-001", "U-001", "1")) == {"warning"}


def test_a_word_that_means_nobody_is_noticed():
    wrong = replace(RULES, required_for=("Steurungsgruppe", ALL))
    assert nobody(network(documents=(wrong, HOUSE))) == {"U-001": ("Steurungsgruppe",)}


# --- shared understanding ---------------------------------------------------------------------------------


def test_whoever_said_nothing_is_still_to_be_asked():
    goal = Goal("Z-001", "vision", "Alle")
    rows = (Agreement("1", "P-001", "Z-001", "shared", words="Für alle"), Agreement("2", "P-009", "Z-001", "shared"))
    (found,) = common_ground(network(goals=(goal,), agreements=rows))
    assert (found.shared, found.open, found.share) == (("P-001",), ("P-002",), Fraction(1, 2))
    assert found.words == (("P-001", "Für alle"),)


def test_the_last_answer_counts_and_the_vision_comes_first():
    goals = (Goal("Z-001", "term"), Goal("Z-002", "vision"))
    rows = (
        Agreement("1", "P-001", "Z-001", "shared", date(2025, 2, 1)),
        Agreement("2", "P-001", "Z-001", "differs", date(2024, 2, 1)),
    )
    found = common_ground(network(goals=goals, agreements=rows))
    assert [each.goal.id for each in found] == ["Z-002", "Z-001"]
    assert found[1].shared == ("P-001",)


def test_nobody_on_board_is_no_share():
    (found,) = common_ground(Network(goals=(Goal("Z-001", "goal"),)))
    assert found.share is None


# --- who is waiting for a word ----------------------------------------------------------------------------


def test_the_later_of_two_days_is_the_next_contact():
    talk = Conversation("GS-001", "P-001", follow_up=date(2025, 5, 20))
    both = Network(partners=(replace(ONE, next_due=date(2025, 5, 1)),), conversations=(talk,))
    assert next_contacts(both) == {"P-001": date(2025, 5, 20)}


def test_follow_ups_are_those_of_two_weeks_the_longest_waiting_first():
    days = {"P-001": 14, "P-002": -3, "P-003": 15, "P-004": 0}
    partners = tuple(Partner(one, status="wish", next_due=TODAY + timedelta(days=n)) for one, n in days.items())
    gone = Partner("P-005", status="left", next_due=TODAY)
    found = follow_ups(Network(partners=(*partners, gone)), TODAY)
    assert [one for one, _ in found] == ["P-002", "P-004", "P-001"]


# --- hints, never a ban -----------------------------------------------------------------------------------


def found(rule, network):
    return [(each.facts["case"], each.row) for each in check(network, today=TODAY) if each.rule == rule]


def test_straight_into_the_steering_group_is_a_hint():
    work = WorkingGroup("AG-01", "Arbeit", "working_group", status="ended")
    straight = Membership("MW-1", "P-001", "AG-04")
    assert found("P-25", network(groups=(STEERING, work), membership=(straight,))) == [("", "MW-1")]
    before = Membership("MW-2", "P-001", "AG-01", until=date(2024, 1, 1))
    assert found("P-25", network(groups=(STEERING, work), membership=(straight, before))) == []
    lead = replace(work, lead="P-001")
    assert found("P-25", network(groups=(STEERING, lead), membership=(straight,))) == []
    assert {each.level for each in check(network(membership=(straight,)), today=TODAY) if each.rule == "P-25"} == {
        "hint"
    }


def test_a_wish_without_a_role_is_noticed_until_a_role_is_accepted():
    wishing = network(partners=(replace(ONE, role_wish="Räume planen"), TWO))
    assert found("P-26", wishing) == [("", "P-001")]
    guest = Membership("MW-1", "P-001", "AG-04", "guest")
    assert found("P-26", replace(wishing, membership=(guest,))) == [("", "P-001")]
    assert found("P-26", replace(wishing, membership=(replace(guest, role="member"),))) == []


def test_a_talk_says_what_the_partner_gains():
    talk = Conversation("GS-001", "P-003", TODAY, "in_person")
    wooed = network(partners=(ONE, Partner("P-003", "Drei", status="in_talks")), conversations=(talk,))
    assert ("benefit", "P-003") in found("P-27", wooed)
    assert ("benefit", "P-003") not in found(
        "P-27", replace(wooed, conversations=(replace(talk, benefit="Neue Gäste"),))
    )


def test_far_from_the_topic_and_known_to_nobody():
    far = Partner("P-003", "Drei", status="wish", topic_closeness="low")
    known = Relationship("BZ-001", "P-001", "P-003")
    other = Relationship("BZ-002", "P-001", "P-002")
    assert found("P-27", network(partners=(ONE, far), relationships=(other,))) == [("unknown", "P-003")]
    assert found("P-27", network(partners=(ONE, far), relationships=(known,))) == []


def test_an_idea_answers_its_need_before_it_is_a_measure():
    need, idea = Need("B-001"), Measure("M-001", needs=("B-001",), status="idea")
    assert found("P-05", Network(needs=(need,))) == [("measure", "B-001")]
    assert found("P-05", Network(needs=(need,), measures=(idea,))) == []


# --- the administration -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "status", "fires"),
    [("", "active", False), ("", "wish", True), ("no", "active", True), ("yes", "wish", False), ("", None, True)],
)
def test_the_administration_that_is_not_on_board_comes_first(setting, status, fires):
    offices = (Partner("P-009", "Amt", sector="administration", status=status),) if status else ()
    found = triggers(network(partners=offices, administration_supports=setting), today=TODAY)
    assert ([each.code for each in found][:1] == ["administration_missing"]) == fires
    if fires:
        assert found[0].ids == (("P-009",) if status == "wish" else ())
