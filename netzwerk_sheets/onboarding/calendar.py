"""Working days: no task is due on a weekend or a public holiday."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

REGIONS = frozenset({"BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"})
"""Codes of the Länder whose public holidays are known."""

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def working_day(day: date, region: str = "") -> date:
    """Move a day to the next working day; a working day stays as it is.

    Args:
        day: Any day.
        region: Code of a Land, for example ``BY``. Empty or unknown: only weekends are free.

    Returns:
        The day itself, or the first later one that is neither Saturday, Sunday nor a public holiday. Of
        two days the later never ends up first.
    """
    land = region.strip().upper()
    while _is_free(day, land):
        day += _ONE_DAY
    return day


def _is_free(day: date, region: str) -> bool:
    if day.weekday() >= _SATURDAY:
        return True
    return region in REGIONS and day in _public_holidays(region, day.year)


@lru_cache(maxsize=256)
def _public_holidays(region: str, year: int) -> frozenset[date]:
    import holidays  # slow to import, and most runs need no holiday

    return frozenset(holidays.country_holidays("DE", subdiv=region, years=year))
