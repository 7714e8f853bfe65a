from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netzwerk_sheets.onboarding import REGIONS, working_day

DAYS = st.dates(date(1995, 1, 1), date(2095, 12, 31))
LANDS = st.sampled_from(["", *sorted(REGIONS)])


@pytest.mark.parametrize(
    ("day", "region", "moved"),
    [
        (date(2025, 5, 15), "BY", date(2025, 5, 15)),
        (date(2025, 5, 17), "", date(2025, 5, 19)),
        (date(2025, 5, 18), "", date(2025, 5, 19)),
        (date(2025, 4, 18), "", date(2025, 4, 18)),
        (date(2025, 4, 18), "BY", date(2025, 4, 22)),  # Good Friday to Easter Monday
        (date(2025, 6, 19), "BY", date(2025, 6, 20)),  # Corpus Christi is free in Bavaria
        (date(2025, 6, 19), "BE", date(2025, 6, 19)),  # but not in Berlin
        (date(2025, 6, 19), " by ", date(2025, 6, 20)),
        (date(2025, 6, 19), "Bayern?", date(2025, 6, 19)),
        (date(2026, 12, 25), "SH", date(2026, 12, 28)),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(day, region, moved):
    assert working_day(day, region) == moved


@given(DAYS, LANDS)
def test_a_working_day_is_no_weekend_and_stays_where_it_is(day, region):
    moved = working_day(day, region)
    assert day <= moved <= day + timedelta(days=7)
    assert moved.weekday() < 5
    assert working_day(moved, region) == moved


@given(DAYS, st.integers(0, 60), LANDS)
def test_the_order_of_days_is_kept(day, later, region):
    assert working_day(day, region) <= working_day(day + timedelta(days=later), region)


@pytest.mark.parametrize("day", [date.min, date(1600, 1, 1), date(4200, 1, 1), date.max])
@pytest.mark.parametrize("region", ["", "BY"])
def test_far_away_days_are_no_reason_to_fail(day, region):
    assert working_day(day, region) >= day


def test_every_land_of_the_settings_is_known():
    assert len(REGIONS) == 16
    for region in REGIONS:
        assert working_day(date(2025, 10, 3), region) == date(2025, 10, 6)


def test_holidays_are_loaded_only_where_a_land_is_set():
    code = (
        "import sys, datetime; from netzwerk_sheets import onboarding as o;"
        "o.working_day(datetime.date(2025, 5, 1)); print('holidays' in sys.modules);"
        "o.working_day(datetime.date(2025, 5, 1), 'BY'); print('holidays' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "True"]
