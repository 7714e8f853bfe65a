"""People move rows while the tool writes, and the run ends before it could see that: the next one sets it right.

Over a real socket. Either the answer is lost and Google stays out of reach until the run gives up, or the process is
killed between the write and its answer.
"""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from person import netz
from small_town import TAB, TEAM

from netzwerk_sheets.analysis.traces import Traces
from netzwerk_sheets.backends.google import repairs
from netzwerk_sheets.backends.google.races import Race
from netzwerk_sheets.state.erased import forget
from netzwerk_sheets.state.folder import key_of
from netzwerk_sheets.state.store import Store

WROTE = {"B-003": "Der Bus fährt nicht.", "B-005": "Abends ist zu."}
"""What somebody types on the group's tab, so that the tool writes it on the main one."""


def needs(town, tab=TAB):
    """Give id → header → what people see."""
    return {row: cells for row, cells in town.screen.table(tab).items() if row}


def row(town, need):
    return town.screen._place(TAB, need, "Nr")[0]


def typed(town, wrote=WROTE):
    for need, text in wrote.items():
        town.screen.type(TEAM, need, "Problem", text)


def out_of_reach(town):
    """The answer to the write is lost, and from then on nothing arrives at Google."""
    town.sim.faults.add("reset_after_apply", match="batchUpdate")
    town.sim.after("batchUpdate", lambda _doc: town.sim.faults.add("reset_before", match="*", times=None))
    done = netz("sync", town.place)
    assert done.code == 5, done.err
    assert "noch einmal" in done.err
    town.sim.faults.clear()


def killed(town):
    """The process is killed when Google has written and did not answer yet."""
    run = subprocess.Popen(
        [sys.executable, "-m", "netzwerk_sheets", "sync", town.place], cwd=town.folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    town.sim.after("batchUpdate", lambda _doc: os.kill(run.pid, signal.SIGKILL))
    assert run.wait(60) == -signal.SIGKILL


def inserted(town):
    town.document.human.insert_row(TAB, row(town, "B-003"))


def inserted_and_filled(town):
    at = row(town, "B-003")
    town.document.human.insert_row(TAB, at)
    town.screen.write_row(TAB, {"Bedarf": "ganz neu", "Stadtteil": "Nord"}, row=at)


def deleted(town):
    town.document.human.delete_row(TAB, row(town, "B-002"))


def in_order(town):
    town.screen.sort(TAB, "Bedarf", reverse=True)


def moved(town):
    town.screen.drag(TAB, "B-008", "B-002")


MOVES = [inserted, inserted_and_filled, deleted, in_order, moved]


@pytest.mark.parametrize("end", [out_of_reach, killed], ids=lambda one: one.__name__)
@pytest.mark.parametrize("move", MOVES, ids=lambda one: one.__name__)
def test_what_landed_in_wrong_rows_is_set_right_by_the_next_run(town, move, end):
    before = needs(town)
    typed(town)
    town.sim.before("batchUpdate", lambda _doc: move(town))
    end(town)
    wrong = needs(town)
    assert any(wrong[need].get("Problem") != text for need, text in WROTE.items()), "the race must hit"
    done = netz("sync", town.place)
    assert done.code in {0, 3}, done.err
    expected = {
        need: {**cells, **({"Problem": WROTE[need]} if need in WROTE else {})} for need, cells in before.items()
    }
    if move is deleted:
        del expected["B-002"]
    for tab in (TAB, TEAM):
        found = needs(town, tab)
        for need, cells in expected.items():
            assert _told(found[need]) == _told(cells), (tab, need)
    assert ("ganz neu" in str(needs(town))) == (move is inserted_and_filled)
    changed = [line for line in netz("history", town.place).out.splitlines() if "geändert" in line]
    assert len(changed) == len(WROTE), changed
    _rests(town)


def _told(cells):
    return {header: cells[header] for header in ("Bedarf", "Problem", "Beleg", "Stadtteil") if cells.get(header)}


def _everything_is_right(town):
    """The next run puts every value into its row, and then rests."""
    assert netz("sync", town.place).code in {0, 3}
    found = needs(town)
    assert {need: cells["Problem"] for need, cells in found.items() if cells.get("Problem")} == WROTE
    _rests(town)


def _rests(town):
    """A run with nothing to do asks once, and nothing of the write is kept any more."""
    for _ in range(2):
        netz("sync", town.place)
    town.sim.calls.clear()
    assert netz("sync", town.place).code in {0, 3}
    assert town.sim.calls.count("spreadsheets.get") <= 1
    assert town.sim.calls.count("batchUpdate") == 0
    with remembered(town) as store:
        assert store.ask("SELECT COUNT(*) FROM sent") == store.ask("SELECT COUNT(*) FROM pending") == [(0,)]


@contextmanager
def remembered(town):
    store = Store(town.folder / "state" / "networks" / f"{key_of(Path(f'google:{town.document.id}'))}.sqlite")
    try:
        yield store
    finally:
        store.close()


def test_what_a_write_stands_on_is_for_the_user_alone_and_goes_with_an_erased_person(town):
    """Also where the write is never heard of again: erasing people wins over setting right."""
    typed(town)
    killed(town)
    with remembered(town) as store:
        assert store.path.stat().st_mode & 0o777 == 0o600
        assert WROTE["B-003"] in store.ask("SELECT data FROM sent")[0][0]
        with store.transaction():
            forget(store, ["K-001"], Traces([], "gelöscht"))
        assert store.ask("SELECT COUNT(*) FROM sent") == [(0,)]
    assert netz("sync", town.place).code in {0, 3}
    _rests(town)


def test_a_state_of_an_earlier_version_is_brought_up_to_date(town):
    with remembered(town) as store:
        store._db.execute("DROP TABLE sent")
        store._db.execute("PRAGMA user_version = 3")
    typed(town)
    assert netz("sync", town.place).code in {0, 3}
    assert needs(town)["B-003"]["Problem"] == WROTE["B-003"]
    _rests(town)


def test_what_people_typed_into_the_wrong_row_meanwhile_stays(town):
    typed(town)
    town.sim.before("batchUpdate", lambda _doc: town.document.human.insert_row(TAB, row(town, "B-003")))
    out_of_reach(town)
    assert needs(town)["B-004"]["Problem"] == WROTE["B-005"]
    town.screen.type(TAB, "B-004", "Problem", "von Hand")
    town.screen.type(TAB, "B-001", "Stadtteil", "Süd")
    assert netz("sync", town.place).code in {0, 3}
    found = needs(town)
    assert found["B-004"]["Problem"] == "von Hand"
    assert found["B-001"]["Stadtteil"] == "Süd"
    assert {need: found[need]["Problem"] for need in WROTE} == WROTE
    _rests(town)


def test_rows_that_move_after_the_write_stay_where_people_put_them(town):
    """Nobody was in the way of the write; before the next run people sort, type, and take one value back."""
    typed(town)
    out_of_reach(town)
    town.screen.sort(TAB, "Bedarf", reverse=True)
    town.screen.type(TAB, "B-005", "Problem", None)
    town.screen.type(TAB, "B-006", "Problem", "von Hand")
    order = list(needs(town))
    assert netz("sync", town.place).code in {0, 3}
    found = needs(town)
    assert list(found) == order
    assert found["B-003"]["Problem"] == WROTE["B-003"]
    assert "Problem" not in found["B-005"]
    assert found["B-006"]["Problem"] == "von Hand"
    _rests(town)


def test_a_run_killed_while_it_sets_right_is_carried_on(town):
    typed(town)
    town.sim.before("batchUpdate", lambda _doc: in_order(town))
    killed(town)
    # Again people are quicker, and again the process is killed.
    town.sim.before("batchUpdate", lambda _doc: town.document.human.insert_row(TAB, row(town, "B-006")))
    killed(town)
    _everything_is_right(town)


def test_google_still_out_of_reach_keeps_what_is_needed(town):
    typed(town)
    town.sim.before("batchUpdate", lambda _doc: in_order(town))
    out_of_reach(town)
    town.sim.faults.add("reset_before", match="*", times=None)
    assert netz("sync", town.place).code == 5
    town.sim.faults.clear()
    # It can be read, and not written.
    town.sim.faults.add("quota_burst", match="batchUpdate", times=None)
    assert netz("sync", town.place).code == 5
    town.sim.faults.clear()
    _everything_is_right(town)


def test_a_run_that_sees_the_race_and_cannot_set_it_right_leaves_that_to_the_next(town):
    typed(town)
    town.sim.before("batchUpdate", lambda _doc: in_order(town))
    town.sim.faults.add("quota_burst", match="batchUpdate", nth=2, times=None)
    town.sim.after("batchUpdate", lambda _doc: town.sim.faults.add("quota_burst", match="get", times=None))
    assert netz("sync", town.place).code == 5
    town.sim.faults.clear()
    _everything_is_right(town)


def test_without_it_these_tests_would_fail(town, monkeypatch):
    typed(town)
    town.sim.before("batchUpdate", lambda _doc: in_order(town))
    out_of_reach(town)
    monkeypatch.setattr(repairs, "settle", lambda *_, **_later: Race())
    netz("sync", town.place)
    found = needs(town)
    assert {need: cells["Problem"] for need, cells in found.items() if cells.get("Problem")} != WROTE
