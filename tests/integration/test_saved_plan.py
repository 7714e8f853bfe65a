"""Plan equals apply: what a plan says, cell by cell, is exactly what changes in the file, and nothing else is written."""

import json
import os
import shutil
import stat
import subprocess
import sys
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from person import Person, netz
from test_exit_codes import emptied, files_of

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.grid import Cell, SetCell, Spot, shown
from netzwerk_sheets.state.codec import decode
from netzwerk_sheets.state.folder import key_of
from netzwerk_sheets.sync.saved_plan import load

WOHNBAU = "OB P-016 Wohnbau"
TODAY = "2025-05-15"


def read(path):
    """Every cell as openpyxl sees it: (tab, cell) → value."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, f"{get_column_letter(cell.column)}{cell.row}"): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def plan(person, *more):
    file = person.path.with_name("plan.json")
    done = netz("plan", person.path, "-o", file, *more)
    assert done.code in {0, 4}, done.err
    return file


def apply(person, file, *more):
    return netz("sync", person.path, "--plan", file, *more)


def same(one, other):
    """openpyxl gives dates as datetimes, and formulas with their sign."""
    one = shown(one) if not hasattr(one, "text") else "=" + one.text
    if isinstance(one, date) and not hasattr(one, "hour") and hasattr(other, "date"):
        other = other.date()
    return one == other or (one in (None, "") and other in (None, ""))


def _filled(value):
    """An empty cell that only gets a look holds no text before and none after."""
    return None if value == "" else value


def proved(person, file):
    """Apply the plan and compare the file before and after, cell by cell."""
    saved, before = load(file), read(person.path)
    done = apply(person, file)
    assert done.code in {0, 3, 7}, done.err
    after = read(person.path)
    changed = {place for place in {*before, *after} if before.get(place) != after.get(place)}
    new_tabs = {name: record for (kind, name), record in saved.others.items() if kind == "tab"}
    planned = {place for place, record in saved.cells.items() if _filled(record["before"]) != _filled(record["after"])}
    for tab, record in new_tabs.items():
        planned |= {(tab, cell) for cell, value in record["cells"].items() if value not in (None, "")}
        for cell, value in record["cells"].items():
            assert same(decode(value), after.get((tab, cell))), (tab, cell)
    assert changed <= {*planned, *saved.cells}, "a cell changed that is not in the plan"
    for place, record in saved.cells.items():
        assert same(decode(record["after"]), after.get(place)), place
        assert same(decode(record["before"]), before.get(place)), place
    silent = {place for place in planned - changed if place[0] not in new_tabs}
    for place in silent:
        cached = [
            saved.cells[place][key].get("f") for key in ("before", "after") if isinstance(saved.cells[place][key], dict)
        ]
        assert len(cached) == 2, f"{place} is in the plan, but did not change"
    return saved


# --- random states ----------------------------------------------------------------------------------------

CELLS = [
    ("Partner", "P-007", "Status"), ("Partner", "P-013", "Status"), ("Partner", "P-002", "Ressourcen"),
    ("Partner", "P-004", "Bemerkung"), ("Partner", "P-016", "Lebensbereiche"), ("Bedarfe", "B-001", "Priorität"),
    ("Bedarfe", "B-002", "Benötigt"), ("Bedarfe", "B-003", "Status"), ("Bedarfe", "B-004", "Menschen betroffen"),
    ("Aufgaben", "P-016.T-A03", "Status"), (WOHNBAU, "P-016.T-A03", "Status"), (WOHNBAU, "P-016.T-A04", "Bemerkung"),
    ("Aufgaben", "P-005.T-A01", "Fällig am"), ("Maßnahmen", "M-001", "Status"),
]  # fmt: skip
VALUES = st.one_of(
    st.none(),
    st.sampled_from(
        ["aktiv", "zugesagt", "im Onboarding", "ausgeschieden", "Räume; Personal", "Finanzierung", "hoch", "niedrig",
         "erledigt", "in Arbeit", "zurückgestellt", "gedeckt", "Unsinn", "=1+1", "läuft"]
    ),
    st.integers(0, 3000),
    st.dates(date(2025, 1, 1), date(2026, 1, 1)),
)  # fmt: skip
STATES = st.fixed_dictionaries(
    {
        "cells": st.dictionaries(st.sampled_from(CELLS), VALUES, max_size=5),
        "partners": st.lists(st.sampled_from(["zugesagt", "Wunschpartner", "aktiv", None]), max_size=2),
        "typed": st.sets(
            st.sampled_from([("Start", 5, 2), ("Lücken", 6, 3), ("Abdeckung", 6, 2), ("Prüfung", 7, 2)]), max_size=2
        ),
        "days": st.sampled_from([0, 0, 1, 40]),
        "synced": st.booleans(),
    }
)


def live(person, state):
    """Let people work: everything in one save."""
    workbook = ExcelWorkbook(person.path)
    snapshot = workbook.read()
    spots = {}
    for (tab, row_id, header), value in state["cells"].items():
        row, column, _ = person._place(tab, row_id, header, snapshot)
        spots[tab, row, column] = value
    rows = snapshot.tab("Partner").rows
    top = person._header(rows, "Kurzname", "Status")
    heads = {shown(value): column for column, value in rows[top].items()}
    free = max(number for number in rows if shown(rows[number].get(1))) + 1
    for number, status in enumerate(state["partners"]):
        for head, value in (("Kurzname", f"Neu {number}"), ("Organisation", f"Neu {number} e.V."), ("Status", status)):
            spots["Partner", free + number, heads[head]] = value
    for tab, row, column in state["typed"]:
        spots[tab, row, column] = "von Hand"
    edits = [
        SetCell(Spot(*spot), Cell(value), snapshot.tab(spot[0]).rows.get(spot[1], {}).get(spot[2]))
        for spot, value in spots.items()
    ]
    if edits:
        workbook.apply(edits, expected=snapshot.revision, look={})


def fresh(made, folder):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "state" / "networks").mkdir(parents=True)
    path = folder / "stadt.xlsx"
    shutil.copyfile(made / "stadt.xlsx", path)
    for part in (made / "state" / "networks").iterdir():
        name = part.name.replace(key_of(made / "stadt.xlsx"), key_of(path))
        shutil.copy(part, folder / "state" / "networks" / name)
    return Person(path)


def hunt(made, folder, examples):
    # Examples are small as they are and take two seconds each: shrinking one would take minutes.
    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        database=None,
    )  # fmt: skip
    @given(STATES, STATES)
    def plan_is_apply(first, second):
        person = fresh(made, folder)
        live(person, first)
        if first["synced"]:
            netz("sync", person.path)
            live(person, second)
        day = date.fromordinal(date.fromisoformat(TODAY).toordinal() + second["days"]).isoformat()
        proved(person, plan(person, "--today", day))

    plan_is_apply()


def test_plan_equals_apply(made, tmp_path, monkeypatch):
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "hier" / "state"))
    hunt(made, tmp_path / "hier", 16)


@pytest.mark.long
def test_plan_equals_apply_a_thousand_times(made, tmp_path, monkeypatch):
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "hier" / "state"))
    hunt(made, tmp_path / "hier", 1000)


# --- the file ---------------------------------------------------------------------------------------------


@pytest.fixture
def edited(stadt):
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    stadt.type("Partner", "P-013", "Status", "zugesagt")
    return stadt


def test_a_plan_can_be_read_and_is_its_owners_alone(edited):
    before = edited.path.read_bytes()
    file = plan(edited)
    assert edited.path.read_bytes() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    document = json.loads(file.read_text(encoding="utf-8"))
    assert (document["type"], document["schema"], document["today"]) == ("netzwerk-plan", 1, TODAY)
    assert {"tab", "cell", "before", "after", "why"} <= set(document["cells"][0])
    assert any(each["kind"] == "tab" and each["name"].startswith("OB P-013") for each in document["others"])
    shown_plan = json.loads(netz("plan", edited.path, "--json").out)
    assert len(shown_plan["cells"]) == len(document["cells"])
    assert not netz("plan", edited.path, "-o", edited.path.with_name("x.json"), "--dry-run").code
    assert not edited.path.with_name("x.json").exists()


def test_a_plan_is_carried_out_in_another_process_on_another_day(edited):
    file = plan(edited)
    environment = {**os.environ, "NETZWERK_TODAY": "2025-06-30", "PYTHONHASHSEED": "4711"}
    done = subprocess.run(
        [sys.executable, "-m", "netzwerk_sheets", "sync", edited.path, "--plan", file],
        capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 3}, done.stderr
    before = edited.path.read_bytes()
    assert netz("sync", edited.path).code in {0, 3}
    assert edited.path.read_bytes() == before, "a sync of the plan's day finds nothing more to do"


def test_a_plan_with_a_confirmed_stop_is_carried_out_without_asking_again(stadt):
    netz("sync", stadt.path)
    emptied(stadt)
    token = json.loads(netz("sync", stadt.path, "--json").out)["held"][0]["token"]
    file = plan(stadt, "--confirm", token)
    assert apply(stadt, file).code in {0, 3}
    assert stadt.ids("Gespräche") == []


def test_what_changed_since_is_named_cell_by_cell_and_nothing_is_written(edited):
    file = plan(edited)
    edited.type("Partner", "P-002", "Status", "ausgeschieden")
    edited.type("Bedarfe", "B-001", "Priorität", "niedrig")
    before = files_of(edited.path.parent)
    state = (edited.path.parent / "state").rglob("*.sqlite")
    kept = {path: path.read_bytes() for path in state}
    done = apply(edited, file)
    assert done.code == 7
    assert "nichts geschrieben" in done.err
    assert files_of(edited.path.parent) == before
    assert {path: path.read_bytes() for path in kept} == kept, "nothing was remembered either"
    named = {line.partition(": ")[0] for line in done.err.splitlines() if "würde jetzt etwas anderes" in line}
    assert named, done.err
    fresh_plan = {(r["tab"], r["cell"]): r for r in json.loads(plan(edited).read_text("utf-8"))["cells"]}
    for name in (each for each in named if "!" in each):
        tab, _, cell = name.rpartition("!")
        assert (tab, cell) in fresh_plan


def test_each_kind_of_difference_is_named(edited):
    file = plan(edited)
    saved = load(file)
    place = next(place for place in saved.cells if place[0] == "Start" and saved.cells[place]["before"])
    spot = openpyxl.utils.cell.coordinate_to_tuple(place[1])
    edited.put("Start", *spot, "von Hand")
    done = apply(edited, file)
    assert done.code == 7
    assert f"{place[0]}!{place[1]}: Hier steht inzwischen etwas anderes." in done.err
    edited.put("Start", *spot, None)
    edited.type("Partner", "P-007", "Status", "aktiv")
    edited.type("Partner", "P-013", "Status", "angesprochen")
    done = apply(edited, file)
    assert "nichts mehr zu schreiben" in done.err
    edited.write_row("Partner", {"Kurzname": "Neu", "Organisation": "Neu e.V."})
    assert "kommt im Plan nicht vor" in apply(edited, file).err


def test_a_refusal_is_a_document_where_one_is_asked_for(edited):
    file = plan(edited)
    edited.type("Partner", "P-002", "Status", "ausgeschieden")
    done = apply(edited, file, "--json")
    assert done.out == ""
    error = json.loads(done.err)
    assert error["code"] == done.code == 7
    assert "Start!" in error["message"] or "!" in error["message"]


def test_a_plan_is_carried_out_once(edited):
    file = plan(edited)
    assert apply(edited, file).code in {0, 3}
    before = edited.path.read_bytes()
    assert apply(edited, file).code == 7
    assert edited.path.read_bytes() == before


def test_an_empty_plan_says_that_nothing_may_be_written(stadt):
    netz("sync", stadt.path)
    file = plan(stadt)
    assert apply(stadt, file).code in {0, 3}
    stadt.type("Partner", "P-007", "Status", "ruhend")
    assert apply(stadt, file).code == 7


def test_a_dry_run_of_a_plan_writes_nothing_but_refuses_all_the_same(edited):
    file = plan(edited)
    before = edited.path.read_bytes()
    assert apply(edited, file, "--dry-run").code in {0, 3}
    assert edited.path.read_bytes() == before
    edited.type("Partner", "P-002", "Status", "ausgeschieden")
    assert apply(edited, file, "--dry-run").code == 7


def spoilt(file):
    file.write_text(file.read_text("utf-8").replace('"after"', '"After"', 1), encoding="utf-8")


def other(file):
    file.write_text("Einkaufsliste", encoding="utf-8")


def older(file):
    document = json.loads(file.read_text("utf-8"))
    document["version"] = "0.0.0"
    from netzwerk_sheets.merge.outcome import digest

    document.pop("digest")
    file.write_text(json.dumps({**document, "digest": digest(document)}), encoding="utf-8")


@pytest.mark.parametrize(
    "change", [spoilt, other, older, lambda file: file.unlink()], ids=["spoilt", "other", "older", "gone"]
)
def test_a_file_that_is_no_sound_plan_is_refused(edited, change):
    file = plan(edited)
    change(file)
    before = edited.path.read_bytes()
    done = apply(edited, file)
    assert done.code == 2
    assert "plan.json" in done.err
    assert edited.path.read_bytes() == before


def test_no_other_file_is_ever_overwritten_by_a_plan(edited):
    before = edited.path.read_bytes()
    assert netz("plan", edited.path, "-o", edited.path).code == 2
    assert edited.path.read_bytes() == before
    note = edited.path.with_name("notiz.txt")
    note.write_text("wichtig")
    assert netz("plan", edited.path, "-o", note).code == 2
    assert note.read_text() == "wichtig"
    assert netz("plan", edited.path, "-o", edited.path.parent / "fehlt" / "x.json").code == 2
    file = plan(edited)
    assert netz("plan", edited.path, "-o", file).code == 0
