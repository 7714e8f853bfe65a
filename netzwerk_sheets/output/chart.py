"""Bars as a picture, worked out here so that the page needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.output.page import Bar, Chart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.analysis.totals import Aggregate
    from netzwerk_sheets.sheets.language import Words

STEP, WIDTH = 44, 560
"""Room of one bar, and the length of a full one; the picture is 640 wide."""


def coverage_chart(words: Words, totals: Iterable[Aggregate]) -> Chart | None:
    """Draw the coverage of each domain; `None` where nothing is recorded anywhere."""
    known = [(total.name, total.coverage) for total in totals if total.coverage is not None]
    bars = tuple(
        Bar(name, words.percent(share), number * STEP, round(float(share) * WIDTH, 1))
        for number, (name, share) in enumerate(known)
    )
    if not bars:
        return None
    return Chart(words.say("report.chart"), words.say("report.chart_text"), len(bars) * STEP, bars)
