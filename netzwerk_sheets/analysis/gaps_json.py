"""Coverage as plain data for other programs: ids, English codes and unrounded numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.analysis.coverage import Coverage, NeedCoverage
    from netzwerk_sheets.analysis.totals import Aggregate
    from netzwerk_sheets.model import Network

SCHEMA = 1
"""Rises whenever a program that reads the data has to change."""


def _need(item: NeedCoverage) -> dict[str, Any]:
    shape, weight = item.shape, item.weight.total
    return {
        "id": item.need.id,
        "weight": weight,
        "coverage": (shape.unit - shape.missing) / shape.unit,
        "gap": weight * shape.missing / shape.unit,
        "open": [{"block": block.code, "fill": block.filled / block.unit} for block in shape.blocks if block.open],
        "single": [{"block": block, "partner": partner} for block, partner in item.single],
        "light": shape.light,
    }


def _aggregate(total: Aggregate) -> dict[str, Any]:
    return {
        "id": total.id,
        "name": total.name,
        "coverage": None if total.coverage is None else float(total.coverage),
        "gap": None if total.gap is None else float(total.gap),
        "weight": total.weight,
        "light": total.light,
        "needs": total.needs,
    }


def _sorted(totals: Iterable[Aggregate]) -> list[Any]:
    """Sort by gap, then weight, the largest first, then by id; those without a need come last."""
    by_id = sorted(totals, key=lambda total: total.id)
    return sorted(by_id, key=lambda total: (-1 if total.gap is None else total.gap, total.weight), reverse=True)


def as_json(coverage: Coverage, network: Network) -> dict[str, Any]:
    """Give the coverage as data that `json.dumps` takes.

    Args:
        coverage: The network's coverage.
        network: The network itself; its needs give the status of those set aside.

    Returns:
        ``schema``, ``needs`` and ``excluded`` (the largest gap first, then the largest weight, then by id),
        ``network``, and the lists ``domains``, ``target_groups``, ``cells`` and ``groups``. `None` stands
        for a coverage or gap where no need counts.
    """
    status: Mapping[str, str] = {need.id: need.status for need in network.needs}
    excluded = sorted(coverage.excluded, key=lambda item: item.need.id)
    excluded.sort(key=lambda item: (item.gap, item.weight.total), reverse=True)
    return {
        "schema": SCHEMA,
        "needs": [_need(item) for item in coverage.ranked()],
        "excluded": [_need(item) | {"status": status[item.need.id]} for item in excluded],
        "network": _aggregate(coverage.network),
        "domains": [_aggregate(total) for total in _sorted(coverage.domains)],
        "target_groups": [_aggregate(total) for total in _sorted(coverage.target_groups)],
        "cells": [
            _aggregate(cell) | {"domain": cell.domain, "target_group": cell.target_group, "blind_spot": cell.blind_spot}
            for cell in _sorted(coverage.cells)
        ],
        "groups": [_aggregate(total) for total in _sorted(coverage.groups)],
    }
