"""Months and days the way people count them."""

from __future__ import annotations

import calendar
from datetime import date


def months_before(day: date, months: int) -> date:
    """Go back whole calendar months; the last day of a shorter month stands in for a day it lacks.

    Args:
        day: Where to start.
        months: How many calendar months, 0 or more.

    Returns:
        The day with the same number, `months` earlier; the first day a calendar knows where there is none.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
