"""People and runs in two real workbooks: whole histories, and the same ones with a mistake in the tool.

What the pure engine lives through a hundred thousand times (`tests/property/merge`), here some hundred times with
files, tabs, a database and backups.
"""

import shutil
import time
from datetime import datetime, timedelta

import pytest
from machine import Violation, World, history, live, prepared

from netzwerk_sheets.backends.excel import backups
from netzwerk_sheets.merge import rowmerge
from netzwerk_sheets.merge.cells import Merged, Verdict
from netzwerk_sheets.state import lock, store
from netzwerk_sheets.sync import recall, run

SEEDS = range(1, 7)
STEPS = 25
LONG = range(100, 140)


@pytest.fixture
def start(tmp_path):
    """A folder in which histories may begin again and again."""
    prepared(tmp_path)
    kept = tmp_path / "start"
    kept.mkdir()
    shutil.copytree(tmp_path / "state", kept / "state")
    for name in ("stadt.xlsx", "kopie.xlsx"):
        shutil.copyfile(tmp_path / name, kept / name)
    return tmp_path, kept


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_nothing_is_lost_and_the_tool_comes_to_rest(start, seed):
    live(World(*start), history(seed, STEPS))


@pytest.mark.long
@pytest.mark.parametrize("seed", LONG)
def test_whatever_people_do_for_long_nothing_is_lost(start, seed):
    live(World(*start), history(seed, 60))


# --- tests of the test ----------------------------------------------------------------------------------------

TWO_VERSIONS = [("edit", [0, 0, 0, 2]), ("edit", [1, 0, 0, 2]), ("run", 0, 0, None)]
DELETED_AND_EDITED = [("edit", [0, 0, 0, 1]), ("delete", [1, 0, 0]), ("run", 0, 0, None)]
CUT_OFF = [
    ("edit", [0, 0, 0, 3]), ("run", 0, 0, None), ("edit", [0, 0, 0, 3]), ("run", 13, 0, None), ("put_back", [9]),
    ("run", 0, 0, None),
]  # fmt: skip


def last_wins(patch):
    from netzwerk_sheets.merge import cells, fold

    real = cells.merge_cell

    def merge_cell(column, base, hub, seen, schema):
        merged = real(column, base, hub, seen, schema)
        return Merged(Verdict.TAKE, seen) if merged.verdict is Verdict.CONFLICT else merged

    patch.setattr(fold, "merge_cell", merge_cell)


def delete_wins(patch):
    real = rowmerge._why_kept
    patch.setattr(rowmerge, "_why_kept", lambda case, hub: "delete" if real(case, hub) == "edited" else real(case, hub))


def no_marker(patch):
    """A write that was cut off counts as done neither way, and what stands in the file says nothing about it."""
    patch.setattr(recall, "recover", lambda store, book, _snapshot: store.settle(book, applied=False))
    for module in (run, recall):
        patch.setattr(module, "is_live", lambda store, source: True)


def no_compare(patch):
    """What somebody saves while the run is at work is written over."""
    from netzwerk_sheets.backends.excel import save

    real = save.sha256
    patch.setattr(save, "sha256", lambda path: EXPECTED[-1] if EXPECTED else real(path))
    replace = save.replace

    def careless(path, content, expected, **more):
        EXPECTED.append(expected)
        try:
            return replace(path, content, expected, **more)
        finally:
            EXPECTED.pop()

    patch.setattr(save, "replace", careless)


def put_back_means_not_written(patch):
    """Whoever puts an older copy back after a write was cut off is taken for somebody who types."""
    patch.setattr(recall, "_put_back", lambda store, book, snapshot: False)


OLDER_AFTER_A_CUT = [
    ("run", 0, 0, None), ("edit", [29, 24, 36, 49, 21, 1]), ("run", 12, 12, ("older_copy", [25, 34, 32, 46, 52, 58])),
    ("run", 0, 0, None),
]  # fmt: skip
EXPECTED: list[str] = []
MEANWHILE = [("edit", [0, 0, 0, 3]), ("run", 0, 2, ("edit", [0, 0, 1, 2])), ("run", 0, 0, None)]


@pytest.mark.parametrize(
    ("mistake", "plan"),
    [
        (last_wins, TWO_VERSIONS),
        (delete_wins, DELETED_AND_EDITED),
        (no_marker, CUT_OFF),
        (no_compare, MEANWHILE),
        (put_back_means_not_written, OLDER_AFTER_A_CUT),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_mistake_of_the_tool_is_noticed(start, monkeypatch, mistake, plan):
    live(World(*start), plan)
    with monkeypatch.context() as patch:
        mistake(patch)
        with pytest.raises(Violation):
            live(World(*start), plan)


# --- CLOCK ----------------------------------------------------------------------------------------------------


class Jumping:
    """Clocks that are years off at every look."""

    def __init__(self):
        self.looks = 0

    def years(self):
        self.looks += 1
        return (-1) ** self.looks * (self.looks % 5)

    def stand_in(self, patch):
        jumping = self

        class Moment(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + timedelta(days=365 * jumping.years())

        for module in (backups, lock, store):
            if hasattr(module, "datetime"):
                patch.setattr(module, "datetime", Moment)
        real = time.time
        patch.setattr(time, "time", lambda: real() + 365 * 86400 * self.years())


def endings(start, monkeypatch, plan):
    """Live through a history with clocks that run, then with clocks that jump.

    Gives what stands in the files after the one and the other, and how often the clocks that jump were asked.
    """
    found, jumping = [], Jumping()
    for stand_in in (lambda _patch: None, jumping.stand_in):
        world = World(*start)
        with monkeypatch.context() as patch:
            stand_in(patch)
            live(world, plan)
        found.append([person.everything() for person in world.people])
    return *found, jumping.looks


def test_clocks_that_jump_by_years_change_nothing(start, monkeypatch):
    """CLOCK: the same history with and without them ends in the same cells; no copy made before a write is missed."""
    plan = [step for step in history(11, 12) if step[0] not in {"restore"}]
    as_ever, jumped, looks = endings(start, monkeypatch, plan)
    assert as_ever == jumped
    assert looks > 20


def the_newer_wins(patch):
    """Of two versions the clock decides which stands in the cell until people decide."""
    from netzwerk_sheets.merge import cells, fold

    real, today = cells.merge_cell, time.time()

    def merge_cell(column, base, hub, seen, schema):
        merged = real(column, base, hub, seen, schema)
        late = merged.verdict is Verdict.CONFLICT and abs(time.time() - today) > 180 * 86400
        return Merged(Verdict.TAKE, seen) if late else merged

    patch.setattr(fold, "merge_cell", merge_cell)


def test_a_rule_that_asks_the_clock_is_noticed(start, monkeypatch):
    with monkeypatch.context() as patch:
        the_newer_wins(patch)
        try:
            as_ever, jumped, _ = endings(start, monkeypatch, TWO_VERSIONS)
        except Violation:
            return
        assert as_ever != jumped
