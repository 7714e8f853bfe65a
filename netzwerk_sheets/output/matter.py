"""What there is to tell, as one pass found it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from netzwerk_sheets.analysis.coverage import Coverage
    from netzwerk_sheets.merge import Rows
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.render.start import Line as Reason
    from netzwerk_sheets.state.past import Line


@dataclass(frozen=True, slots=True)
class Matter:
    """What there is to tell.

    Attributes:
        words: Language of what leaves.
        network: Everything understood.
        found: Its coverage.
        names: Id → the name people use.
        rows: Table code → row id → cells, as merged.
        today: The day of the run.
        stand: The day the data last changed.
        key: Stays the same as long as the network lives; makes ids that calendars recognise.
        persons: Whether names, addresses and free texts of people may leave.
        conflicts: How many contradictions are open.
        findings: How many entries people should look at.
        reasons: Why to extend the network now.
        past: Changes known since `since`, oldest first.
        since: The first day of `past`.
        figures: Day → the figures of that day, by column of the tab of history.
    """

    words: Words
    network: Network
    found: Coverage
    names: Mapping[str, str]
    rows: Mapping[str, Rows]
    today: date
    stand: date
    key: str
    persons: bool = False
    conflicts: int = 0
    findings: int = 0
    reasons: Sequence[Reason] = ()
    past: Sequence[Line] = ()
    since: date | None = None
    figures: Mapping[date, Mapping[str, float]] = field(default_factory=dict)
