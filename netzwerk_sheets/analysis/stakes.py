"""What hangs on each block, need by need, gathered once.

Needs are many, blocks are few: whether rooms are there for a domain is one question, however many needs ask it.
Whoever weighs what a partner adds, or what is lost without it, asks per block and looks at needs only to name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.analysis.blocks import Block, Support
    from netzwerk_sheets.analysis.shares import NeedCoverage


class Stake:
    """One block, and what hangs on it in one domain.

    Attributes:
        domain: The domain of the needs; empty where they have none.
        needs: The needs that have it, in the order of their rows, each with its share.
        share: The weight of these needs, each split evenly over its blocks, in parts of the coverage's unit.
        part: What of it hangs on each of the block's supports.
    """

    __slots__ = ("block", "domain", "needs", "part", "share")

    def __init__(self, block: Block, domain: str) -> None:
        self.block = block
        self.domain = domain
        self.needs: list[tuple[str, int]] = []
        self.share = self.part = 0


def stakes(items: Iterable[NeedCoverage], unit: int) -> tuple[Stake, ...]:
    """Gather the blocks of needs, each once per domain, in the order in which they are met.

    Args:
        items: The needs that count.
        unit: The unit of their coverage; it can be divided by every number of blocks and of groups.
    """
    found: list[Stake] = []
    domains: dict[str, dict[int, Stake]] = {}
    for need, (priority, size, mentions), shape in items:
        blocks, domain = shape.blocks, need.domain
        known = domains.get(domain)
        if known is None:
            known = domains[domain] = {}
        share = (priority + size + mentions) * unit // len(blocks)
        line = need.id, share
        for block in blocks:
            stake = known.get(id(block))
            if stake is None:
                stake = known[id(block)] = Stake(block, domain)
                found.append(stake)
            stake.needs.append(line)
            stake.share += share
    for stake in found:
        stake.part = stake.share // max(1, len(stake.block.supports))
    return tuple(found)


def by_support(held: Iterable[Stake]) -> dict[Support, list[Stake]]:
    """Give what hangs on each support of a block, in the order in which they are met."""
    found: dict[Support, list[Stake]] = {}
    for stake in held:
        for support in stake.block.supports:
            found.setdefault(support, []).append(stake)
    return found
