"""Beside the tool at work in a document: what people built there, and another run at the same moment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from person import netz
from small_town import TAB, TEAM

from tests.sheetsim.faults import slow


def chip(town, need, header, **parts):
    """Put what only the screen can make into a cell."""
    row, column, _ = town.screen._place(TAB, need, header)
    sheet = town.document.human.tab(TAB)
    sheet.put(row - 1, column - 1, {**sheet.cell(row - 1, column - 1), **parts})


def test_chips_and_filter_views_stay_as_people_made_them(town):
    sheet = town.document.human.tab(TAB)
    someone = {"chip": {"personProperties": {"email": "anna@example.org", "displayFormat": "DEFAULT"}}}
    file = {"chip": {"richLinkProperties": {"uri": "https://drive.google.com/file/d/1x"}}}
    chip(town, "B-003", "Beleg", userEnteredValue={"stringValue": "@ und @"}, effectiveValue={"stringValue": "@ und @"},
         chipRuns=[someone, {"startIndex": 1}, {"startIndex": 6, **file}])  # fmt: skip
    bold = [{"format": {}}, {"startIndex": 3, "format": {"bold": True}}]
    chip(town, "B-004", "Beleg", textFormatRuns=bold)
    area = {"sheetId": sheet.id, "startRowIndex": 0, "endRowIndex": 20, "startColumnIndex": 0, "endColumnIndex": 5}
    view = {"filterViewId": 7, "title": "nach Bedarf", "range": area,
            "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}]}  # fmt: skip
    sheet.features["filterViews"] = [view]
    town.document.version += 1
    cells = [town.document.human.tab(TAB).cell(*spot(town, need)) for need in ("B-003", "B-004")]
    town.screen.type(TEAM, "B-003", "Problem", "neu")
    town.screen.type(TEAM, "B-004", "Problem", "auch neu")
    town.screen.write_row(TAB, {"Bedarf": "Rampe", "Lebensbereich": "Mobilität"})
    assert netz("sync", town.place).code in {0, 3}
    assert town.screen.reads(TAB, "B-003", "Problem") == "neu"
    assert [town.document.human.tab(TAB).cell(*spot(town, need)) for need in ("B-003", "B-004")] == cells
    assert town.document.human.tab(TAB).features["filterViews"] == [view]
    assert town.screen.reads(TEAM, "B-003", "Beleg") == "@ und @"
    version = town.document.version
    assert netz("sync", town.place).code in {0, 3}
    assert town.document.version == version


def spot(town, need):
    row, column, _ = town.screen._place(TAB, need, "Beleg")
    return row - 1, column - 1


@pytest.mark.parametrize("machines", [1, 2])
def test_two_runs_at_once_lose_nothing(town, machines):
    """On one machine the second says who is at work; of two machines one reads again what the other wrote."""
    states = [town.folder / "state", town.folder / ("state" if machines == 1 else "other")]
    if machines == 2:
        shutil.copytree(states[0], states[1], dirs_exist_ok=True)
    town.screen.type(TEAM, "B-003", "Problem", "neu")
    town.screen.type(TAB, "B-004", "Stadtteil", "Nord")
    town.screen.write_row(TAB, {"Bedarf": "Rampe", "Lebensbereich": "Mobilität", "AG": TEAM})
    runs = []

    def start():
        state = states[len(runs)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "NETZWERK_STATE": str(state)}
        command = [sys.executable, "-m", "netzwerk_sheets", "sync", town.place]
        runs.append(subprocess.Popen(command, cwd=town.folder, env=environment, stderr=subprocess.PIPE, text=True))

    # While the first waits for the answer to its write, or before it writes, the second does all of its own.
    town.sim.faults.add(slow(4), match="get")
    town.sim.faults.add(slow(4), match="batchUpdate")
    start()
    start()
    ended = [run.communicate(timeout=90)[1] for run in runs]
    codes = sorted(run.returncode for run in runs)
    assert codes[0] in {0, 3}, ended
    assert codes[1] in ({0, 3, 11} if machines == 1 else {0, 3}), ended
    town.sim.faults.clear()
    for _ in range(2):
        assert netz("sync", town.place).code in {0, 3}
    found = town.screen.table(TAB)
    assert found["B-003"]["Problem"] == "neu"
    assert found["B-004"]["Stadtteil"] == "Nord"
    assert [cells["Bedarf"] for cells in found.values()].count("Rampe") == 1
    assert town.screen.reads(TEAM, "B-004", "Stadtteil") == "Nord"
    version = town.document.version
    assert netz("sync", town.place).code in {0, 3}
    assert town.document.version == version
