"""The fast computation against a slow one written word by word from the method, on random networks."""

import json
import time
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from analysis_networks import TODAY, large, random_network, shuffled

from netzwerk_sheets.analysis.coverage import as_json, coverage
from netzwerk_sheets.model import ALL, DIRECT_SOURCES, SET_ASIDE, Need, Network, Partner, Voice

ROUNDS = 3000
F = Fraction


class Slow:
    """Coverage, literally."""

    def __init__(self, network, today):
        self.network, self.rules, self.today = network, network.rules, today

    def factor(self, partner):
        rules = self.rules
        return {
            "active": rules.active_factor,
            "onboarding": rules.onboarding_factor,
            "agreed": rules.agreed_factor,
        }.get(partner.status, F(0))

    def matches(self, partner, resource, domain, group):
        if resource not in partner.resources:
            return False
        by_domain, by_group = self.rules.matching[resource]
        if by_domain and (not domain or not ({domain, ALL} & partner.domains)):
            return False
        return not by_group or bool({group, ALL} & partner.target_groups)

    def blocks(self, need):
        known = [name for name in need.resources if name in self.rules.matching]
        names = sorted(set(known)) or ["expertise", "staff", "rooms"]
        return [*names, "participation"]

    def asked(self, need):
        if not set(need.sources) & DIRECT_SOURCES or need.asked_on is None:
            return False
        # every date in the random networks is on either side of this one by a day
        return date(2023, 5, 15) <= need.asked_on <= self.today

    def fill_and_single(self, need, block):
        groups = sorted(set(need.target_groups))
        by_group = block == "participation" or self.rules.matching[block][1]
        if by_group and not groups:
            return F(0), set()
        fills, single = [], set()
        for group in groups if by_group else [None]:
            if block == "participation":
                found = [p for p in self.network.partners if group in p.represents]
            else:
                found = [p for p in self.network.partners if self.matches(p, block, need.domain, group)]
            best = max([self.factor(p) for p in found], default=F(0))
            if block == "participation" and self.asked(need):
                best = max(best, self.rules.asked_factor)
            fills.append(best)
            active = [p.id for p in found if p.status == "active"]
            if len(active) == 1:
                single.add((block, active[0]))
        return sum(fills, F(0)) / len(fills), single

    def weight(self, need):
        points = {"low": 1, "medium": 3, "high": 6, "": 3}[need.priority]
        people = need.people
        if people is None:
            sizes = [g.people for g in self.network.target_groups if g.id in need.target_groups and g.people]
            people = max(sizes, default=None)
        points += 1 if people is None else 0 if people < 100 else 1 if people < 1000 else 2
        named = max(need.mentions or 0, sum(v.need == need.id for v in self.network.voices))
        return points + (0 if named < 1 else 1 if named < 5 else 2)

    def need(self, need):
        fills, single = {}, set()
        for block in self.blocks(need):
            fills[block], alone = self.fill_and_single(need, block)
            single |= alone
        covered = sum(fills.values()) / len(fills)
        weight = self.weight(need)
        return weight, covered, weight * (1 - covered), fills, single, self.light(covered, single)

    def light(self, covered, single):
        if covered < self.rules.light_limit:
            return "red"
        return "yellow" if covered < 1 or single else "green"

    def total(self, chosen):
        found = [self.need(need) for need in chosen if need.status not in SET_ASIDE]
        weight = sum(item[0] for item in found)
        if not found:
            return None, None, 0, "none", 0
        covered = sum(item[0] * item[1] for item in found) / weight
        light = self.light(covered, any(item[4] for item in found))
        return covered, sum(item[2] for item in found), weight, light, len(found)


def figures(total):
    return total.coverage, total.gap, total.weight, total.light, total.needs


def test_it_agrees_with_the_method_taken_literally():
    for seed in range(ROUNDS):
        network = random_network(seed)
        found, slow = coverage(network, today=TODAY), Slow(network, TODAY)
        for item in (*found.needs, *found.excluded):
            fills = {block.code: block.fill for block in item.blocks}
            got = (item.weight.total, item.coverage, item.gap, fills, set(item.single), item.light)
            assert got == slow.need(item.need), (seed, item.need)
            assert {block.code for block in item.open} == {code for code, fill in fills.items() if fill < 1}
            assert all(bool(block.reason) == block.open for block in item.blocks)
        assert figures(found.network) == slow.total(network.needs)
        for domain in found.domains:
            expected = slow.total([need for need in network.needs if need.domain == domain.id])
            assert figures(domain)[:3] == expected[:3]
            assert domain.light == ("red" if domain.deserted else expected[3])
        for group in found.groups:
            assert figures(group) == slow.total([need for need in network.needs if need.group == group.id])
        for group in found.target_groups:
            assert figures(group) == slow.total(
                [need for need in network.needs if {group.id, ALL} & set(need.target_groups)]
            )
        for cell in found.cells:
            here = [
                need
                for need in network.needs
                if need.domain == cell.domain and {cell.target_group, ALL} & set(need.target_groups)
            ]
            assert figures(cell) == slow.total(here)
            assert not (cell.blind_spot and here)


def test_totals_are_the_sums_over_needs():
    for seed in range(ROUNDS):
        found = coverage(random_network(seed), today=TODAY)
        assert found.network.weight == sum(item.weight.total for item in found.needs)
        assert (found.network.gap or 0) == sum(item.gap for item in found.needs)
        assert len(found.needs) == found.network.needs
        for item in found.needs:
            assert 0 <= item.coverage <= 1
            assert item.gap == item.weight.total * (1 - item.coverage)


def test_one_more_partner_never_lowers_coverage():
    for seed in range(ROUNDS):
        network = random_network(seed)
        newcomers = random_network(seed + 1_000_000).partners[:1]
        before = coverage(network, today=TODAY)
        after = coverage(replace(network, partners=network.partners + newcomers), today=TODAY)
        for old, new in zip(before.needs, after.needs, strict=True):
            assert new.coverage >= old.coverage
            for old_block, new_block in zip(old.blocks, new.blocks, strict=True):
                assert new_block.fill >= old_block.fill


def test_being_named_never_lowers_a_weight():
    for seed in range(ROUNDS):
        network = random_network(seed)
        if not network.needs:
            continue
        need = network.needs[seed % len(network.needs)]
        louder = replace(network, voices=(*network.voices, Voice("S-new", need=need.id)))
        typed = replace(
            network,
            needs=tuple(
                replace(item, mentions=(item.mentions or 0) + seed % 7) if item is need else item
                for item in network.needs
            ),
        )
        before = {i.need.id: i.weight.total for i in _all(network)}
        for after in (louder, typed):
            assert all(i.weight.total >= before[i.need.id] for i in _all(after))


def _all(network):
    found = coverage(network, today=TODAY)
    return (*found.needs, *found.excluded)


def test_the_order_of_rows_changes_nothing():
    for seed in range(ROUNDS):
        network = random_network(seed)
        other = shuffled(network, seed)
        first = as_json(coverage(network, today=TODAY), network)
        second = as_json(coverage(other, today=TODAY), other)
        assert first == second, seed


def test_json_says_what_the_coverage_says():
    for seed in range(ROUNDS):
        network = random_network(seed)
        found = coverage(network, today=TODAY)
        data = json.loads(json.dumps(as_json(found, network)))
        keys = [(-need["gap"], -need["weight"], need["id"]) for need in data["needs"]]
        assert keys == sorted(keys)
        by_id = {item.need.id: item for item in found.needs}
        assert by_id.keys() == {need["id"] for need in data["needs"]}
        for need in data["needs"]:
            item = by_id[need["id"]]
            assert need["coverage"] == float(item.coverage)
            assert need["gap"] == float(item.gap)
            assert [part["fill"] for part in need["open"]] == [float(block.fill) for block in item.open]
        for name in ("domains", "target_groups", "cells", "groups"):
            listed = [(total["gap"] is None, -(total["gap"] or 0), -total["weight"]) for total in data[name]]
            assert listed == sorted(listed)
            assert all((t["needs"] == 0) == (t["gap"] is None) for t in data[name])


def test_strange_needs_do_not_stop_it():
    groups = tuple(f"ZG-{n}" for n in range(300))
    partners = tuple(
        Partner(f"P-{n}", resources=frozenset({"access"}), target_groups=frozenset({g}), status="active")
        for n, g in enumerate(groups)
    )
    needs = tuple(Need(f"B-{n}", target_groups=groups[:n], resources=("access",)) for n in range(1, 300))
    found = coverage(Network(needs=needs, partners=partners), today=TODAY)
    assert all(item.coverage == F(1, 2) for item in found.needs)


@pytest.mark.parametrize(("partners", "needs", "seconds"), [(60, 80, 0.1), (20_000, 50_000, 3)])
def test_large_networks_take_no_time(partners, needs, seconds):
    network = large(partners, needs)
    start = time.process_time()
    coverage(network, today=TODAY)
    assert time.process_time() - start < seconds
