"""What partners leaving and joining does, against computing everything anew."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from analysis_networks import TODAY, random_network
from rapidfuzz import fuzz

from netzwerk_sheets.analysis.benefit import Benefit
from netzwerk_sheets.analysis.checks import check
from netzwerk_sheets.analysis.coverage import coverage, was_asked
from netzwerk_sheets.analysis.diversity import diversity
from netzwerk_sheets.analysis.duplicates import comparable, similar_pairs
from netzwerk_sheets.analysis.matching import factor_of
from netzwerk_sheets.analysis.months import months_before
from netzwerk_sheets.analysis.reach import reach
from netzwerk_sheets.analysis.recommend import recommend
from netzwerk_sheets.analysis.resilience import impacts, resilience, what_if
from netzwerk_sheets.analysis.triggers import triggers
from netzwerk_sheets.model import ALL, CANDIDATES, ON_BOARD, SET_ASIDE, Status

ROUNDS = 3000


def candidates_of(network):
    return [one for one in network.partners if one.status in CANDIDATES | {Status.ONBOARDING}]


def with_active(network, chosen):
    ids = {one.id for one in chosen}
    partners = (replace(one, status="active") if one.id in ids else one for one in network.partners)
    return replace(network, partners=tuple(partners))


def worth(network):
    """F of a network, word by word: the two best fills per block and group, and the sectors."""
    rules, total = network.rules, Fraction(0)
    supporters = [(one, factor_of(one.status, rules)) for one in network.partners]
    found = coverage(network, today=TODAY)
    since = months_before(TODAY, 24)
    for item in found.needs:
        need, groups = item.need, sorted(set(item.need.target_groups))
        points = Fraction(0)
        for block in (block.code for block in item.blocks):
            by_domain, by_group = (False, True) if block == "participation" else rules.matching[block]
            fills = []
            for group in groups if by_group else [None]:
                here = [Fraction(0), Fraction(0)]
                if block == "participation" and was_asked(need, since, TODAY):
                    here.append(rules.asked_factor)
                for one, factor in supporters:
                    if block == "participation":
                        fits = group in one.represents
                    else:
                        fits = block in one.resources
                        fits &= not by_domain or (bool(need.domain) and bool({need.domain, ALL} & one.domains))
                        fits &= not by_group or bool({group, ALL} & one.target_groups)
                    if fits:
                        here.append(factor)
                first, second = sorted(here, reverse=True)[:2]
                fills.append(first + rules.backup_weight * second)
            if fills and not (by_domain and not need.domain):
                points += sum(fills) / len(fills)
        total += item.weight.total * points / len(item.blocks)
    sectors = {one.sector for one in network.partners if one.status in ON_BOARD} & set(network.sectors)
    return total + rules.sector_bonus * len(sectors)


def test_with_the_best_few_the_network_is_as_if_they_were_there():
    for seed in range(1000):
        network = random_network(seed)
        candidates = candidates_of(network)
        covered = coverage(network, today=TODAY)
        benefit, rng = Benefit(network, covered, candidates), random.Random(seed)
        chosen = [index for index in range(len(candidates)) if rng.random() < 0.5]
        after = coverage(with_active(network, [candidates[index] for index in chosen]), today=TODAY).network
        assert benefit.network(sum(1 << index for index in chosen)) == after, seed


def test_the_benefit_is_the_difference_of_the_whole():
    for seed in range(1000):
        network = random_network(seed)
        candidates = candidates_of(network)
        benefit = Benefit(network, coverage(network, today=TODAY), candidates)
        rng, before = random.Random(seed), worth(network)
        chosen = [index for index in range(len(candidates)) if rng.random() < 0.5]
        bits = sum(1 << index for index in chosen)
        after = worth(with_active(network, [candidates[index] for index in chosen]))
        gain = Fraction(benefit.gain(bits), benefit.scale)
        assert gain == after - before, seed
        assert benefit.points(bits).total == gain
        fills, backs_up = benefit.details(bits)
        assert sum(part[2] for part in fills) == benefit.points(bits).closes
        assert sum(part[2] for part in backs_up) == benefit.points(bits).backs_up


def test_more_partners_never_add_less_and_each_adds_less_beside_more():
    checked = 0
    for seed in range(ROUNDS):
        network = random_network(seed)
        candidates = [one for one in candidates_of(network) if one.status != Status.ONBOARDING]
        if not candidates:
            continue
        benefit = Benefit(network, coverage(network, today=TODAY), candidates)
        rng = random.Random(seed)
        few = sum(1 << n for n in range(len(candidates)) if rng.random() < 0.3)
        many = few | sum(1 << n for n in range(len(candidates)) if rng.random() < 0.5)
        one = 1 << rng.randrange(len(candidates))
        beside_few = benefit.gain(few | one) - benefit.gain(few)
        beside_many = benefit.gain(many | one) - benefit.gain(many)
        assert beside_few >= 0
        assert beside_many >= 0
        assert benefit.gain(many) >= benefit.gain(few)
        if not many & one:
            assert beside_many <= beside_few, seed
            checked += 1
    assert checked > ROUNDS // 5


def test_the_best_few_are_the_best_of_all_choices():
    for seed in range(700):
        network = random_network(seed)
        waiting = [one for one in network.partners if one.status in CANDIDATES]
        found = recommend(network, today=TODAY, size=2)
        benefit = Benefit(network, coverage(network, today=TODAY), waiting)
        gains = [
            benefit.gain(sum(1 << n for n in some))
            for size in range(3)
            for some in combinations(range(len(waiting)), size)
        ]
        assert found.best.proven
        assert found.best.points.total == Fraction(max(gains), benefit.scale)
        assert len(found.best.chosen) <= 2
        totals = [(-one.points.total, -one.closeness, one.id) for one in found.candidates]
        assert totals == sorted(totals)


def test_an_impact_is_the_difference_of_the_whole():
    for seed in range(1000):
        network = random_network(seed)
        before = coverage(network, today=TODAY)
        found = {one.partner: one for one in impacts(before)}
        for one in network.partners:
            changed = what_if(network, today=TODAY, without=[one.id])
            lost = (changed.after.network.gap or 0) - (before.network.gap or 0)
            assert lost == (found[one.id].points if one.id in found else 0), (seed, one.id)
            opened = {(change.need, change.block) for change in changed.opens}
            assert opened == {part[:2] for part in (found[one.id].opens if one.id in found else ())}
            assert changed.fills == ()
        assert all(sum(part[2] for part in one.opens) == one.points for one in found.values())


def test_the_fewest_partners_are_the_fewest_of_all_choices():
    for seed in range(500):
        network = random_network(seed)
        counting = [one.id for one in network.partners if one.status in {"active", "onboarding", "agreed"}]
        found = resilience(network, today=TODAY)
        for place, domain in enumerate(found.domains):
            state = domain.failure

            def under(leaving, place=place, network=network):
                after = what_if(network, today=TODAY, without=leaving).after.domains[place].coverage
                return after is not None and after < Fraction(1, 2)

            if state.state == "number":
                assert under(state.partners), seed
                smaller = combinations(counting, len(state.partners) - 1)
                assert not any(under(leaving) for leaving in smaller), seed
            elif state.state == "more" and len(counting) <= 7:
                assert not any(under(leaving) for leaving in combinations(counting, 3)), seed
            elif state.state == "already":
                assert under(())


def test_nothing_ever_stops_the_rest():
    for seed in range(300):
        network = random_network(seed)
        report = diversity(network, today=TODAY)
        assert 0 <= (report.network.blau or 0) <= (report.network.normalised or 0) <= 1
        counted = [need for need in network.needs if need.status not in SET_ASIDE]
        for trigger in triggers(network, today=TODAY):
            assert trigger.count <= 200
            if trigger.code == "need_without_group":
                assert len(trigger.ids) <= len(counted)
        assert all(finding.facts["case"] is not None for finding in check(network, today=TODAY))
        assert reach(network, today=TODAY) == ()


def test_no_alike_pair_of_names_is_missed():
    words = ["Verein", "Haus", "Zentrum", "Kinder", "Sport", "Nord", "Süd", "Amt", "e.V.", "1848", "für", "Ü"]
    for seed in range(300):
        rng = random.Random(seed)
        names = [" ".join(rng.choices(words, k=rng.randint(0, 5))) for _ in range(12)]
        for name in rng.sample(names, 6):
            letters = list(name)
            for _ in range(rng.randint(0, 2)):
                if letters:
                    place = rng.randrange(len(letters))
                    letters[place : place + 1] = rng.choice([[], ["x"], [letters[place], "e"]])
            names.append("".join(letters))
        texts = [comparable(name) for name in names]

        def numbers(text):
            return "".join(char if char.isdigit() else " " for char in text).split()

        expected = [
            (first, second)
            for first, second in combinations(range(len(names)), 2)
            if texts[first]
            and texts[second]
            and fuzz.ratio(texts[first], texts[second]) >= 92
            and not (
                numbers(texts[first]) and numbers(texts[second]) and numbers(texts[first]) != numbers(texts[second])
            )
        ]
        assert [pair[:2] for pair in similar_pairs(names)] == expected, seed
