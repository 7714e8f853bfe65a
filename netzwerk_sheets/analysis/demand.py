"""What needs ask for, each list of target groups and of resources looked at once.

Needs are as many as rows, but such lists repeat. Comparing lists is slow: it is done once for each need, here,
and from then on one object stands for all lists that are alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, DEFAULT_RESOURCES

if TYPE_CHECKING:
    from netzwerk_sheets.model import Network, Rules


def blocks_of(resources: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """Give the resources that count: each once, unknown ones left out, the default where none is left."""
    known = tuple(code for code in dict.fromkeys(resources) if code in rules.matching)
    return known or tuple(code for code in DEFAULT_RESOURCES if code in rules.matching)


class Audience:
    """A list of target groups; equal to itself only.

    Attributes:
        typed: As needs have it.
        groups: Each group once.
    """

    __slots__ = ("groups", "typed")

    def __init__(self, typed: tuple[str, ...]) -> None:
        self.typed = typed
        self.groups = tuple(dict.fromkeys(typed))


class Kit:
    """A list of resources; equal to itself only.

    Attributes:
        codes: Those that count, in the order they are typed.
        alike: Those of them that are there for all target groups alike.
        by_group: The others.
        blocks: How many blocks a need has that asks for them, participation among them.
    """

    __slots__ = ("alike", "blocks", "by_group", "codes")

    def __init__(self, codes: tuple[str, ...], rules: Rules) -> None:
        self.codes = codes
        self.alike = tuple(code for code in codes if not rules.matching[code][1])
        self.by_group = tuple(code for code in codes if rules.matching[code][1])
        self.blocks = len(codes) + 1


class Demand:
    """What the needs of a network ask for.

    Args:
        network: Its needs, measures and rules.

    Attributes:
        audiences: Whom each need is for, in the order of the rows.
        kits: What each need asks for, likewise.
        groups: All target groups that needs and measures name, `ALL` among them.
        groups_per_need: Every number of target groups that a need has.
        blocks_per_need: Every number of blocks that a need has.
    """

    def __init__(self, network: Network) -> None:
        audiences, kits = _Audiences(), _Kits(network.rules)
        self.audiences, self.kits = each_audience, each_kit = list[Audience](), list[Kit]()
        for need in network.needs:
            each_audience.append(audiences[need.target_groups])
            each_kit.append(kits[need.resources])
        self.groups = {ALL}.union(*audiences, *(measure.target_groups for measure in network.measures))
        self.groups_per_need = {len(audience.groups) for audience in audiences.values()}
        self.blocks_per_need = {kit.blocks for kit in kits.values()}


class _Audiences(dict[tuple[str, ...], Audience]):
    """Target groups as typed → the one object for them."""

    def __missing__(self, typed: tuple[str, ...]) -> Audience:
        audience = self[typed] = Audience(typed)
        return audience


class _Kits(dict[tuple[str, ...], Kit]):
    """Resources as typed → the one object for them."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, typed: tuple[str, ...]) -> Kit:
        kit = self[typed] = Kit(blocks_of(typed, self._rules), self._rules)
        return kit
