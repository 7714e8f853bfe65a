"""The one window in which something that people type at Google is replaced, measured as the README says it."""

import sys
from pathlib import Path

import pytest

from tests.sheetsim import discovery

sys.path.append(str(Path(__file__).parents[2] / "scripts"))
import window_google


def test_nothing_is_lost_outside_the_very_cells_of_the_write(long, capsys):
    """Random people, on a table in which one to six cells of 240 are written; the numbers are printed."""
    if not discovery.available():
        pytest.skip("Google's API description is not here")
    count = 2000 if long else 60
    found = window_google.races(count)
    with capsys.disabled():
        print(f"\n{count} races: {found['typed']} values typed, {found['in the cell']} of them replaced in the window")
    assert found["typed"] > count / 3
    assert found["elsewhere"] == 0
