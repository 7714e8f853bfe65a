"""Whether measures reach the people they are meant for, and what may lie behind it when they do not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis.blocks import Block, Blocks
from netzwerk_sheets.analysis.check_context import context, group_members
from netzwerk_sheets.analysis.demand import blocks_of
from netzwerk_sheets.analysis.matching import roster
from netzwerk_sheets.model import ALL, ASSUMPTION, Measure, Need, Network

if TYPE_CHECKING:
    from datetime import date

WELL_ATTENDED = Fraction(7, 10)
"""From this share of the plan on, people came; if few of them belong to the group, the wrong ones did."""

LITTLE_INVOLVED = frozenset({"none", "consulted"})


@dataclass(frozen=True, slots=True)
class Involvement:
    """Cause A: the target group was not, or not enough, involved in planning.

    Attributes:
        reasons: ``none`` or ``consulted`` (how it took part), ``assumption`` (every linked need is only
            assumed), ``no_need`` (no need is linked).
        represented: (target group, whether someone represents it in the measure's working group); empty
            where the measure has no working group.
    """

    reasons: tuple[str, ...]
    represented: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class TooNarrow:
    """Hint C: the target group may be cut too narrowly.

    Attributes:
        other_groups: Groups that needs and voices of the same domain name, and the measure does not.
        needs: Ids of those needs.
        voices: How many such voices there are.
        wrong_group: Many people came, few of them from the group.
    """

    other_groups: tuple[str, ...]
    needs: tuple[str, ...]
    voices: int
    wrong_group: bool


@dataclass(frozen=True, slots=True)
class MeasureReach:
    """A measure and the people it reaches.

    Attributes:
        state: ``reached``, ``missed``, ``not_measured``, or ``no_target`` where a plan is lacking and the
            share says nothing against it.
        reach: People of the group that came, of those planned; `None` where not measured or not planned.
        share: People of the group among all who came; `None` where not known.
        involvement: Cause A; causes are looked for only where the group was missed.
        missing: Cause B: the resources the measure needs that no partner of its domain fills; each a block
            with its fill and reason.
        too_narrow: Hint C.
    """

    measure: Measure
    state: str
    reach: Fraction | None
    share: Fraction | None
    involvement: Involvement | None
    missing: tuple[Block, ...]
    too_narrow: TooNarrow | None

    @property
    def causes(self) -> tuple[str, ...]:
        """``A``, ``B`` and ``C`` as far as they hold; empty for a miss means: find out with the group."""
        found = (("A", self.involvement), ("B", self.missing), ("C", self.too_narrow))
        return tuple(code for code, cause in found if cause)


def _share(part: int | None, whole: int | None) -> Fraction | None:
    if part is None or not whole:
        return None
    return Fraction(part, whole)


def _state(measure: Measure, reach: Fraction | None, share: Fraction | None, network: Network) -> str:
    rules = network.rules
    if measure.reached_target is None:
        return "not_measured"
    few = reach is not None and reach < rules.reach_limit
    thin = share is not None and share < rules.share_limit
    if few or thin:
        return "missed"
    return "no_target" if reach is None else "reached"


class _Causes:
    """Looks for the causes of a miss in one network."""

    def __init__(self, network: Network, today: date) -> None:
        self._network = network
        self._needs: dict[str, Need] = {need.id: need for need in network.needs}
        self._members = group_members(context(network, today), working=False)
        self._represents = {partner.id: partner.represents for partner in network.partners}
        numbers = {len(dict.fromkeys(measure.target_groups)) for measure in network.measures}
        groups = {group for measure in network.measures for group in measure.target_groups}
        self._blocks = Blocks(roster(network), network.rules, groups, numbers)

    def involvement(self, measure: Measure) -> Involvement | None:
        """Look for cause A."""
        reasons = [measure.participation] if measure.participation in LITTLE_INVOLVED else []
        linked = [self._needs[need] for need in measure.needs if need in self._needs]
        if not linked:
            reasons.append("no_need")
        elif all(need.sources == {ASSUMPTION} for need in linked):
            reasons.append("assumption")
        if not reasons:
            return None
        members = self._members.get(measure.group)
        represented: tuple[tuple[str, bool], ...] = ()
        if members is not None:
            at_table = {group for one in members for group in self._represents.get(one, ())}
            represented = tuple((group, group in at_table) for group in dict.fromkeys(measure.target_groups))
        return Involvement(tuple(reasons), represented)

    def missing(self, measure: Measure) -> tuple[Block, ...]:
        """Look for cause B: partners of its domains that would fill what it needs."""
        domains = tuple(sorted(measure.domains))
        groups = tuple(dict.fromkeys(measure.target_groups))
        codes = blocks_of(measure.resources, self._network.rules)
        blocks = [self._blocks.block(code, domains, groups, asked=False) for code in codes]
        return tuple(block for block in blocks if block.open)

    def too_narrow(self, measure: Measure, share: Fraction | None) -> TooNarrow | None:
        """Look for hint C."""
        nearby = {
            need.id: need
            for need in self._network.needs
            if need.domain in measure.domains and need.status != "parked" and need.id not in measure.needs
        }
        own = set(measure.target_groups)
        needs = [need for need in nearby.values() if ALL not in own and set(need.target_groups) - own]
        voices = [
            voice
            for voice in self._network.voices
            if (voice.need in nearby or voice.measure == measure.id)
            and voice.target_group
            and not own & {ALL, voice.target_group}
        ]
        named = [group for need in needs for group in need.target_groups]
        named += [voice.target_group for voice in voices]
        others = tuple(group for group in dict.fromkeys(named) if group not in own)
        total, planned = measure.reached_total, measure.planned
        attended = total is not None and planned and Fraction(total, planned) >= WELL_ATTENDED
        wrong_group = bool(attended) and share is not None and share < self._network.rules.share_limit
        if not others and not wrong_group:
            return None
        return TooNarrow(others, tuple(need.id for need in needs), len(voices), wrong_group)


def reach(network: Network, *, today: date) -> tuple[MeasureReach, ...]:
    """Work out whether each measure reaches its target group.

    Zero is a number like any other; an empty cell is "not measured". Causes are offers to think about:
    A, the group was not involved; B, partners with the needed resources are missing in the whole network;
    C, the group may be cut too narrowly.

    Args:
        network: What the workbook says.
        today: Memberships that have ended by then do not count.

    Returns:
        One result per measure, in the order of the rows.
    """
    causes: _Causes | None = None
    results = []
    for measure in network.measures:
        part = _share(measure.reached_target, measure.planned)
        share = _share(measure.reached_target, measure.reached_total)
        state = _state(measure, part, share, network)
        if state != "missed":
            results.append(MeasureReach(measure, state, part, share, None, (), None))
            continue
        if causes is None:  # gathered only where a cause is looked for
            causes = _Causes(network, today)
        found = causes.involvement(measure), causes.missing(measure), causes.too_narrow(measure, share)
        results.append(MeasureReach(measure, state, part, share, *found))
    return tuple(results)
