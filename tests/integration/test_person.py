"""What a person may ask for: where the data stand, a copy, and that they are erased, everywhere and for good."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from integration_fixtures import DAY, key_of
from person import Person, netz
from persontraces import EMAIL, KEPT, NAME, PHONE, ROW, SECRETS, grep, here, leave_traces, read_by_others, sound

from netzwerk_sheets.analysis.traces import Traces
from netzwerk_sheets.backends.excel import scrub
from netzwerk_sheets.config import find_config
from netzwerk_sheets.state.store import Store
from netzwerk_sheets.sync import erasing, persons, traces
from netzwerk_sheets.sync.order import Order


@pytest.fixture(scope="module")
def known(tmp_path_factory, made):
    """The demo network with a person who left traces everywhere."""
    folder = tmp_path_factory.mktemp("spuren")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"STATE": folder / "state", "TODAY": DAY, "LANG": "de"}.items():
            patch.setenv(f"NETZWERK_{name}", str(value))
        path = folder / "stadt.xlsx"
        shutil.copyfile(made / "stadt.xlsx", path)
        (folder / "state" / "networks").mkdir(parents=True)
        for part in (made / "state" / "networks").iterdir():
            shutil.copy(
                part, folder / "state" / "networks" / part.name.replace(key_of(made / "stadt.xlsx"), key_of(path))
            )
        leave_traces(Person(path))
    return folder


@pytest.fixture
def stadt(known, tmp_path):
    """That network, for one test."""
    shutil.copytree(known, tmp_path, dirs_exist_ok=True)
    old, new = key_of(known / "stadt.xlsx"), key_of(tmp_path / "stadt.xlsx")
    for place in sorted((tmp_path / "state").rglob(f"*{old}*")):
        place.rename(place.with_name(place.name.replace(old, new)))
    with read_by_others(tmp_path / "state"):
        yield Person(tmp_path / "stadt.xlsx")


def erase(person):
    """Erase without looking first; what the command says about it is tested by itself."""
    further = find_config(None, person.path).network(str(person.path))[1]
    return persons.erase(person.path, Order(date.fromisoformat(DAY), further=further), ROW)


def test_before_erasing_the_person_stands_in_every_kind_of_place(stadt):
    found, _ = grep(here())
    files = " ".join(what for what, _ in found)
    for part in ("sqlite", "comments", "docProps/core.xml", "stadt.xlsx:xl/worksheets", "Z-", ".rels"):
        assert part in files, part
    assert {secret for _, secret in found} == set(SECRETS)


def test_erase_after_erasing_no_byte_of_the_person_is_left_anywhere(stadt):
    done = netz("person", stadt.path, "erase", ROW, "--yes")
    assert done.code == 0, done.err
    found, searched = grep(here())
    assert found == []
    assert searched > 1_000_000
    sound(here() / "state")
    for word in SECRETS:
        assert word not in done.err + done.out


BROKEN = {
    "the state is not gone through": (erasing, "forget", lambda *_: {}),
    "deleted pages stay in the database": (Store, "compact", lambda _self: True),
    "saved copies are left": (erasing, "forget_in_copies", lambda *_: None),
    "only cells are cleaned": (scrub, "scrubbed", lambda data, _trail: scrub.Scrubbed(data, (), (), unseen=False)),
    "strings that no cell shows are left": (scrub, "_orphans", lambda *_: []),
    "the row is left": (traces, "rows_about", lambda *_, **__: iter(())),
    "names are not looked for": (Traces, "_people", lambda *_: iter(())),
    "addresses are not looked for": (Traces, "_addresses", lambda *_: iter(())),
    "numbers are not looked for": (Traces, "_numbers", lambda *_: iter(())),
    "attributes are left": (scrub._Part, "_attribute", lambda _self, found: found[0]),
}


SAMPLED = {
    "the state is not gone through",
    "deleted pages stay in the database",
    "only cells are cleaned",
    "the row is left",
}


@pytest.mark.parametrize("rule", BROKEN)
def test_erase_each_rule_that_is_removed_is_noticed(stadt, monkeypatch, rule, long):
    if not long and rule not in SAMPLED:
        pytest.skip("sampled; all with --long")
    place, name, by = BROKEN[rule]
    monkeypatch.setattr(place, name, by)
    erase(stadt)
    assert grep(here(), first=True)[0], f"nobody notices: {rule}"


def test_erasing_again_says_so_and_notes_nothing_unless_something_came_back(stadt):
    erase(stadt)
    database = next((here() / "state" / "networks").glob("*.sqlite"))

    def noted():
        with contextlib.closing(sqlite3.connect(database)) as state:
            return [state.execute(f"SELECT * FROM {table}").fetchall() for table in ("erased", "run", "change")]

    netz("sync", stadt.path)
    before, workbook = noted(), stadt.path.read_bytes()
    done = netz("person", stadt.path, "erase", ROW)
    assert done.code == 0, done.err
    assert f"{ROW} wurde schon am 15.05.2025 gelöscht. Es steht nichts mehr von der Person da." in done.err
    assert json.loads(netz("person", stadt.path, "erase", ROW, "--json").out)["nothing"]
    assert (noted(), stadt.path.read_bytes()) == (before, workbook)
    stadt.type("Partner", "P-014", "Bemerkung", f"{NAME} war wieder da")
    done = netz("person", stadt.path, "erase", ROW, "--yes")
    assert f"{ROW} wurde schon am 15.05.2025 gelöscht. Was seither wiederkam, ist jetzt auch gelöscht." in done.err
    assert grep(here())[0] == []
    assert len(noted()[0]) == len(before[0])


# --- what stays -------------------------------------------------------------------------------------------


def test_everything_else_stays_and_the_name_gives_way_to_one_word(stadt):
    before = stadt.everything()
    erase(stadt)
    after = stadt.everything()
    assert stadt.reads("Bedarfe", "B-002", "Problem") == f"gelöscht hat angerufen. {KEPT}."
    assert stadt.reads("Partner", "P-013", "Bemerkung") == "gelöscht: gelöscht, gelöscht"
    assert stadt.reads("Aufgaben", "P-016.T-A03", "Zuständig") == "gelöscht"
    assert stadt.reads("Partner", "P-001", "Wer kennt wen") == "kennt gelöscht"
    assert ROW not in stadt.ids("Ansprechpersonen")
    changed = {
        (tab, row, column)
        for tab, rows in before.items()
        for row, cells in rows.items()
        for column, value in cells.items()
        if after[tab].get(row, {}).get(column) != value
    }
    for tab, row, column in changed:
        value, now = before[tab][row][column], after[tab].get(row, {}).get(column)
        assert now is None or "gelöscht" in str(now), (tab, row, column)
        assert tab == "Ansprechpersonen" or any(
            secret in str(value) for secret in (*SECRETS, "9517654321", "Ottilie")
        ), (tab, row, column)
    assert before.keys() == after.keys()


def test_the_next_sync_notes_that_there_was_an_erasure_and_a_second_one_writes_nothing(stadt):
    erase(stadt)
    assert netz("sync", stadt.path).code in {0, 3}
    assert "Person gelöscht" in stadt.texts()
    once = stadt.path.read_bytes()
    shutil.rmtree(here() / "state" / "glance")
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.path.read_bytes() == once
    assert grep(here())[0] == []


def test_neither_undo_nor_restore_nor_the_trash_brings_the_person_back(stadt):
    erase(stadt)
    for run in (3, 4):
        assert netz("undo", stadt.path, run, "--yes").code in {0, 2, 8}
    oldest = netz("backups", stadt.path, "--json").out.count('"number"')
    assert netz("restore", stadt.path, oldest, "--yes").code == 0
    assert netz("sync", stadt.path).code in {0, 3}
    assert grep(here())[0] == []
    assert ROW not in stadt.ids("Ansprechpersonen")


def test_a_person_in_the_trash_can_be_erased(stadt):
    stadt.delete_row("Ansprechpersonen", ROW)
    assert netz("sync", stadt.path).code in {0, 3}
    erase(stadt)
    assert grep(here())[0] == []
    assert netz("sync", stadt.path).code in {0, 3}
    assert grep(here())[0] == []


def test_values_in_a_contradiction_are_erased_too(stadt, tmp_path):
    copy = tmp_path / "kopie.xlsx"
    shutil.copyfile(stadt.path, copy)
    (tmp_path / "netzwerk.toml").write_text('workbook = ["stadt.xlsx", "kopie.xlsx"]', encoding="utf-8")
    netz("sync", stadt.path)
    stadt.type("Ansprechpersonen", ROW, "Funktion", "Kanarienrolle eins")
    Person(copy).type("Ansprechpersonen", ROW, "Funktion", "Kanarienrolle zwei")
    netz("sync", stadt.path)
    assert len(netz("conflicts", stadt.path, "--json").out.split('"KF-')) > 1
    secrets = (*SECRETS, "Kanarienrolle eins", "Kanarienrolle zwei")
    erase(stadt)
    assert grep(here(), secrets)[0] == []
    assert netz("sync", stadt.path).code in {0, 3}
    assert grep(here(), secrets)[0] == []
    assert stadt.ids("Konflikte") == []


# --- old copies -------------------------------------------------------------------------------------------


def test_an_older_copy_that_is_put_back_brings_nobody_back_and_loses_nothing_else(stadt, tmp_path):
    old = tmp_path / "alt.xlsx"
    shutil.copyfile(stadt.path, old)
    Person(old).type("Partner", "P-014", "Bemerkung", "in der alten Kopie getippt")
    erase(stadt)
    stadt.type("Partner", "P-013", "Nächster Schritt", "nach dem Löschen getippt")
    assert netz("sync", stadt.path).code in {0, 3}
    old.replace(stadt.path)
    looked = netz("plan", stadt.path)
    assert not any(secret in looked.out + looked.err for secret in SECRETS)
    done = netz("sync", stadt.path)
    assert done.code in {0, 3}, done.err
    assert f"{ROW}" in done.err
    assert "nicht wieder aufgenommen" in done.err
    assert grep(here())[0] == []
    assert stadt.reads("Partner", "P-014", "Bemerkung") == "in der alten Kopie getippt"
    assert stadt.reads("Partner", "P-013", "Nächster Schritt") == "nach dem Löschen getippt"
    assert KEPT in stadt.reads("Bedarfe", "B-002", "Problem")
    once = stadt.path.read_bytes()
    shutil.rmtree(here() / "state" / "glance")
    again = netz("sync", stadt.path)
    assert "nicht wieder aufgenommen" not in again.err
    assert stadt.path.read_bytes() == once


def test_a_colleagues_copy_that_was_away_is_cleaned_when_it_comes_back(stadt, tmp_path):
    copy = tmp_path / "kopie.xlsx"
    shutil.copyfile(stadt.path, copy)
    (tmp_path / "netzwerk.toml").write_text('workbook = ["stadt.xlsx", "kopie.xlsx"]', encoding="utf-8")
    assert netz("sync", stadt.path).code in {0, 3}
    Person(copy).type("Partner", "P-014", "Bemerkung", "unterwegs getippt")
    away = tmp_path / "unterwegs"
    away.mkdir()
    copy.rename(away / "kopie.xlsx")
    done = netz("person", stadt.path, "erase", ROW, "--yes")
    assert done.code == 5
    assert "kopie.xlsx" in done.err
    (away / "kopie.xlsx").rename(copy)
    done = netz("sync", stadt.path)
    assert "nicht wieder aufgenommen" in done.err
    assert grep(here())[0] == []
    assert stadt.reads("Partner", "P-014", "Bemerkung") == "unterwegs getippt"


def test_both_workbooks_of_a_network_are_cleaned_at_once(stadt, tmp_path):
    copy = tmp_path / "kopie.xlsx"
    shutil.copyfile(stadt.path, copy)
    (tmp_path / "netzwerk.toml").write_text('workbook = ["stadt.xlsx", "kopie.xlsx"]', encoding="utf-8")
    assert netz("sync", stadt.path).code in {0, 3}
    erase(stadt)
    assert grep(here())[0] == []


def test_what_is_remembered_under_an_earlier_name_of_the_file_is_erased_too(stadt, tmp_path):
    renamed = tmp_path / "neuer name.xlsx"
    stadt.path.rename(renamed)
    assert netz("sync", renamed).code in {0, 3}
    assert len(list((tmp_path / "state" / "networks").glob("*.sqlite"))) == 2
    assert netz("person", renamed, "erase", ROW, "--yes").code == 0
    assert grep(here())[0] == []


def test_a_row_pasted_again_is_refused_until_the_person_was_told_anew(stadt):
    erase(stadt)
    netz("sync", stadt.path)
    pasted = {"Nr": ROW, "Partner": "P-006", "Name": NAME, "E-Mail": EMAIL, "Telefon": PHONE}
    row = stadt.write_row("Ansprechpersonen", pasted)
    assert netz("sync", stadt.path).code == 3
    assert grep(here() / "state" / "networks")[0] == []
    found = netz("check", stadt.path, "--plain")
    assert "wieder Daten von K-004" in found.out
    assert f"person stadt.xlsx erase {ROW}" in found.out.replace("\n", " ")
    assert NAME not in found.out + found.err
    erase(stadt)
    assert grep(here())[0] == [], "erased again, the row goes"
    stadt.write_row("Ansprechpersonen", {**pasted, "Informiert am": date(2025, 5, 16)}, row=row)
    assert netz("sync", stadt.path, "--today", "2025-05-16").code in {0, 3}
    assert "wieder Daten von" not in netz("check", stadt.path, "--plain", "--today", "2025-05-16").out
    people = stadt.table("Ansprechpersonen")
    assert [number for number, cells in people.items() if cells.get("Name") == NAME] == ["K-008"]


# --- others who share something ---------------------------------------------------------------------------


def test_a_shared_mailbox_stays_with_those_who_share_it(stadt):
    stadt.type("Ansprechpersonen", "K-003", "E-Mail", EMAIL)
    netz("sync", stadt.path)
    shown = netz("person", stadt.path, "show", ROW)
    assert "gehören auch zu einer anderen Ansprechperson" in shown.err
    erase(stadt)
    assert stadt.reads("Ansprechpersonen", "K-003", "E-Mail") == EMAIL
    assert {secret for _, secret in grep(here())[0]} == {EMAIL}


# --- something is in the way ------------------------------------------------------------------------------


def test_an_open_file_leaves_everything_as_it_was(stadt):
    lock = stadt.path.with_name("~$stadt.xlsx")
    lock.write_bytes(b"\x05Doris" + b" " * 49 + b"\x05\0D\0o\0r\0i\0s\0".ljust(110, b"\0"))
    before = stadt.path.read_bytes()
    done = netz("person", stadt.path, "erase", ROW, "--yes")
    assert done.code == 5
    assert stadt.path.read_bytes() == before
    lock.unlink()
    assert "unterbrochen" not in netz("check", stadt.path, "--plain").out
    assert netz("history", stadt.path, ROW).out.count("Person gelöscht") == 0
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.reads("Ansprechpersonen", ROW, "Name") == NAME
    assert netz("person", stadt.path, "erase", ROW, "--yes").code == 0
    assert grep(here())[0] == []


def test_nothing_is_erased_without_a_yes(stadt):
    before = stadt.path.read_bytes()
    assert netz("person", stadt.path, "erase", ROW).code == 2
    dry = netz("person", stadt.path, "erase", ROW, "--dry-run")
    assert dry.code == 0
    assert stadt.path.read_bytes() == before
    assert {secret for _, secret in grep(here())[0]} == set(SECRETS)


def test_while_somebody_reads_the_state_the_command_says_that_it_is_not_done(stadt, monkeypatch):
    monkeypatch.setattr(erasing, "PATIENCE_SECONDS", 0.2)
    with contextlib.closing(sqlite3.connect(next((here() / "state").rglob("*.sqlite")))) as db:
        db.execute("BEGIN")
        db.execute("SELECT * FROM hub").fetchone()
        done = netz("person", stadt.path, "erase", ROW, "--yes")
        assert done.code == 5
        assert "unterbrochen" in netz("check", stadt.path, "--plain").out
        db.execute("ROLLBACK")
    assert netz("sync", stadt.path).code in {0, 3}
    assert grep(here())[0] == []
    assert "unterbrochen" not in netz("check", stadt.path, "--plain").out


# --- killed -----------------------------------------------------------------------------------------------

STEPS = (
    "recorded", "written", "checked", "replaced", "done", "applied", "settled", "state", "copies", "compacted",
    "finished",
)  # fmt: skip
SAMPLE = {1, 4}


def killed(person, number):
    return subprocess.run(
        [sys.executable, Path(__file__).with_name("killed_erase.py"), person.path, ROW, str(number)],
        capture_output=True, text=True, env=os.environ.copy(), check=False,
    )  # fmt: skip


def test_the_steps_of_an_erasure_are_those_that_are_killed_here(stadt):
    done = killed(stadt, 0)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == list(STEPS)
    assert grep(here())[0] == []


@pytest.mark.parametrize("again", ["sync", "erase"])
@pytest.mark.parametrize("number", range(1, len(STEPS) + 1), ids=STEPS)
def test_killed_at_any_step_the_next_run_erases_the_rest(stadt, number, again, long):
    if not long and (number not in SAMPLE or (again == "erase") != (number == 4)):
        pytest.skip("sampled; all with --long")
    old = stadt.path.read_bytes()
    done = killed(stadt, number)
    assert done.returncode == -9
    assert done.stdout.split()[-1] == STEPS[number - 1]
    assert (stadt.path.read_bytes() == old) == (number < 4), "the old or the new file, whole"
    sound(here() / "state")
    if number < len(STEPS):
        assert "unterbrochen" in netz("check", stadt.path, "--plain").out
    stadt.type("Partner", "P-014", "Bemerkung", "nach dem Absturz getippt")
    done = netz("sync", stadt.path) if again == "sync" else netz("person", stadt.path, "erase", ROW, "--yes")
    assert done.code in {0, 3}, done.err
    assert grep(here())[0] == []
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.reads("Partner", "P-014", "Bemerkung") == "nach dem Absturz getippt"
    assert stadt.reads("Bedarfe", "B-002", "Problem") == f"gelöscht hat angerufen. {KEPT}."
    assert ROW not in stadt.ids("Ansprechpersonen")
    assert "unterbrochen" not in netz("check", stadt.path, "--plain").out
    assert not list(stadt.path.parent.glob(".*nstmp*"))
    assert grep(here())[0] == []
