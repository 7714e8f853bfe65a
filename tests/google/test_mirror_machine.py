"""A network in a file and a document at Google at once: whole histories of people, faults and races lose nothing.

A sample in the normal run, the hunt with ``--long``; what the hunt found stands here as a history of its own.
"""

import os
from itertools import cycle

import pytest
from machine import Violation, live
from mirror_machine import FAULTS, KILLED, OUT_OF_REACH, Mirrors, history, prepared, wired
from person import DAY

from netzwerk_sheets.backends.google import repairs, transport
from netzwerk_sheets.backends.google.races import Race
from netzwerk_sheets.state.store import Store
from tests.sheetsim import discovery

STEPS = 15
HOMES = [(leads, locale) for leads in (False, True) for locale in ("de_DE", "en_US")]
REST = ("run", 0, 0, None, [], [])


@pytest.fixture(scope="module")
def starts(tmp_path_factory):
    """Give a prepared network by (whether the document leads, its locale), each made once, and begin a world in it."""
    if not discovery.available():
        pytest.skip("Google's API description is not here")
    made = {}
    with pytest.MonkeyPatch.context() as patch, wired(patch) as line:
        here = os.getcwd()

        def begin(leads=False, locale="de_DE"):
            key = leads, locale
            folder = made[key][0] if key in made else tmp_path_factory.mktemp("mirrors")
            for name, value in {"STATE": str(folder / "state"), "TODAY": DAY, "LANG": "de"}.items():
                patch.setenv(f"NETZWERK_{name}", value)
            patch.delenv("NETZWERK_CONFIG", raising=False)
            os.chdir(folder)
            if key not in made:
                made[key] = folder, prepared(folder, line, leads=leads, locale=locale)
            return Mirrors(*made[key], line)

        yield begin
        os.chdir(here)


def test_whatever_happens_on_both_sides_nothing_is_lost(starts):
    live(starts(), history(200, STEPS))


@pytest.mark.long
@pytest.mark.parametrize(("seed", "home"), list(zip(range(1000, 1060), cycle(HOMES), strict=False)))
def test_whatever_happens_for_long_nothing_is_lost(starts, seed, home):
    live(starts(*home), history(seed, 60))


EDITS = [("edit", [0, 0, 0, 3]), ("edit", [0, 0, 7, 3]), REST, ("edit", [0, 0, 0, 3])]
"""Somebody types into the first and the last row of the main tab of the file, and later into the first again."""

SORTED = [(1, [("sort", [0, 0, 0, 1])])]
"""Somebody turns the rows of the document around, right before the tool writes the first one."""

QUICK = {("reset_after_apply", "batchUpdate"), ("html", "*"), ("token_revoked", "token")}


@pytest.mark.parametrize(
    "fault",
    [pytest.param(each, marks=() if each in QUICK else pytest.mark.long) for each in dict.fromkeys(FAULTS)],
    ids=" at ".join,
)
def test_each_fault_in_a_run_with_a_race_leaves_nothing_behind(starts, fault):
    live(starts(), [*EDITS, ("run", 0, 0, None, SORTED, [(*fault, 1, None)]), REST])


@pytest.mark.parametrize("end", [KILLED, OUT_OF_REACH])
def test_a_run_that_never_hears_of_a_write_in_a_race_leaves_nothing_behind(starts, end):
    live(starts(), [*EDITS, ("run", 0, 0, None, SORTED, [], (end, 1)), REST])


DELETED = [
    ("edit", [24, 8, 12, 45, 2, 5]), ("edit", [51, 32, 13, 25, 41, 1]),
    ("run", 0, 0, None, [(1, [("delete", [31, 36, 12, 57, 53, 25]), ("edit", [14, 48, 1, 44, 17, 33])])], [], (OUT_OF_REACH, 2)),
    REST,
]  # fmt: skip
"""Somebody deletes the row into which the tool writes, and Google goes out of reach while that is set right."""


def test_a_value_written_into_a_row_that_is_deleted_lies_in_the_trash(starts):
    live(starts(), DELETED)


# --- tests of the test ------------------------------------------------------------------------------------


def no_repair(patch):
    """What people moved while the tool wrote is not looked at."""
    patch.setattr(repairs, "settle", lambda *_, **_later: Race())


def forgets(patch):
    """What a write stood on is not kept until its end is known."""
    patch.setattr(Store, "sent", lambda *_: "")


def asks_twice(patch):
    """A document is read twice where once is enough."""
    real = transport.SheetsTransport.call

    def call(self, method, url, **parts):
        return [real(self, method, url, **parts) for _ in range(2 if method == "get" else 1)][-1]

    patch.setattr(transport.SheetsTransport, "call", call)


MISTAKES = [
    (no_repair, [*EDITS, ("run", 0, 0, None, SORTED, []), REST]),
    (forgets, [*EDITS, ("run", 0, 0, None, SORTED, [], (KILLED, 1)), REST]),
    (asks_twice, []),
]


@pytest.mark.parametrize(("mistake", "plan"), MISTAKES, ids=lambda one: getattr(one, "__name__", ""))
def test_a_mistake_of_the_tool_is_noticed(starts, mistake, plan):
    live(starts(), plan)
    with pytest.MonkeyPatch.context() as patch:
        mistake(patch)
        with pytest.raises(Violation):
            live(starts(), plan)
