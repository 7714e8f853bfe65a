"""Conflicts on the command line: listed with where each version stands, settled like on the tab, never on old news."""

import json
import shutil

import pytest
from person import Person, netz
from test_exit_codes import files_of

WOHNBAU = "OB P-016 Wohnbau"
TASK = "P-016.T-A03"


@pytest.fixture
def torn(stadt):
    """Two people wrote different things about one task; a sync has shown it."""
    stadt.type(WOHNBAU, TASK, "Status", "erledigt")
    stadt.type("Aufgaben", TASK, "Status", "in Arbeit")
    assert netz("sync", stadt.path).code == 3
    return stadt


def listed(person, *more):
    done = netz("conflicts", person.path, "--json", *more)
    return done.code, json.loads(done.out)["conflicts"]


def resolve(person, key, take, *more):
    return netz("conflicts", person.path, "resolve", key, "--take", take, *more)


def states(person):
    return person.reads(WOHNBAU, TASK, "Status"), person.reads("Aufgaben", TASK, "Status")


def test_the_list_says_what_stands_where_and_what_was_before(torn):
    code, found = listed(torn)
    assert code == 3
    (one,) = found
    assert (one["id"], one["table"], one["row"], one["column"], one["kind"]) == (
        "KF-001", "tasks", TASK, "status", "cell",
    )  # fmt: skip
    assert {(each["tab"], each["value"]) for each in one["versions"]} == {
        (WOHNBAU, "erledigt"), ("Aufgaben", "in Arbeit"),
    }  # fmt: skip
    assert one["new"] is False
    done = netz("conflicts", torn.path)
    for word in ("KF-001", TASK, "Status", "erledigt", "in Arbeit"):
        assert word in done.out.replace("\n", " ") or word in " ".join(done.out.split()), word
    assert "resolve KF-001" in done.err
    plain = netz("conflicts", torn.path, "--plain")
    assert "Fassung A: " in plain.out


def test_where_nothing_is_open_that_is_said(stadt):
    netz("sync", stadt.path)
    done = netz("conflicts", stadt.path)
    assert done.code == 0
    assert "widerspricht" in done.out


@pytest.mark.parametrize(("take", "index"), [("a", 0), ("B", 1), ("b", 1)])
def test_a_version_is_taken_on_every_tab_exactly_as_by_the_dropdown(torn, tmp_path, take, index):
    wanted = listed(torn)[1][0]["versions"][index]["value"]
    done = resolve(torn, "KF-001", take)
    assert done.code == 0, done.err
    assert states(torn) == (wanted, wanted)
    assert listed(torn) == (0, [])
    by_command = torn.everything()
    assert torn.ids("Konflikte") == []
    before = torn.path.read_bytes()
    netz("sync", torn.path)
    assert torn.path.read_bytes() == before
    assert by_command["Konflikte"] != {}


def test_command_and_dropdown_leave_the_same_workbook(torn, tmp_path):
    other = tmp_path / "andere"
    other.mkdir()
    shutil.copytree(tmp_path / "state", tmp_path / "state2")
    kept = torn.path.read_bytes()
    assert resolve(torn, "KF-001", "b").code == 0
    by_command = torn.everything()
    torn.path.write_bytes(kept)
    shutil.rmtree(tmp_path / "state")
    shutil.move(tmp_path / "state2", tmp_path / "state")
    row = next(n for n, cells in torn.snapshot().tab("Konflikte").rows.items() if cells.get(1) == "KF-001")
    header = next(c for c in torn.snapshot().tab("Konflikte").rows.values() if "Was gilt?" in c.values())
    column = next(number for number, text in header.items() if text == "Was gilt?")
    torn.put("Konflikte", row, column, "B")
    assert netz("sync", torn.path).code in {0, 3}
    assert Person(torn.path).everything() == by_command


def test_a_value_of_ones_own_counts_and_is_read_as_the_column_means_it(torn):
    assert resolve(torn, "KF-001", "entfällt").code == 0
    assert states(torn) == ("entfällt", "entfällt")
    torn.type(WOHNBAU, TASK, "Fällig am", "vielleicht")
    torn.type("Aufgaben", TASK, "Fällig am", "später")
    netz("sync", torn.path)
    key = listed(torn)[1][0]["id"]
    assert resolve(torn, key, "irgendwann").code == 2
    assert resolve(torn, key, "31.12.2025").code == 0
    assert torn.reads("Aufgaben", TASK, "Fällig am").isoformat() == "2025-12-31"


def test_both_is_for_columns_that_can_hold_both(torn):
    before = torn.path.read_bytes()
    done = resolve(torn, "KF-001", "beide")
    assert (done.code, torn.path.read_bytes()) in {(0, torn.path.read_bytes()), (2, before)}
    assert done.code != 0 or "erledigt" in states(torn)[0]


@pytest.mark.parametrize("take", ["a", "b"])
def test_versions_that_changed_since_they_were_shown_are_not_decided(torn, take):
    torn.type("Aufgaben", TASK, "Status", "entfällt")
    before = files_of(torn.path.parent)
    done = resolve(torn, "KF-001", take)
    assert done.code == 7
    assert "KF-001" in done.err
    assert "nichts geschrieben" in done.err
    assert files_of(torn.path.parent) == before
    assert netz("sync", torn.path).code == 3
    assert resolve(torn, "KF-001", take).code == 0
    assert states(torn)[0] == states(torn)[1]


def test_what_nobody_has_seen_yet_is_not_decided(stadt):
    netz("sync", stadt.path)
    stadt.type(WOHNBAU, TASK, "Status", "erledigt")
    stadt.type("Aufgaben", TASK, "Status", "in Arbeit")
    (one,) = listed(stadt)[1]
    assert one["new"] is True
    assert "netzwerk sync" in netz("conflicts", stadt.path).err
    before = stadt.path.read_bytes()
    assert resolve(stadt, one["id"], "a").code == 2
    assert stadt.path.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [["resolve"], ["resolve", "KF-001"], ["KF-001"], ["--take", "a"], ["resolve", "KF-099", "--take", "a"],
     ["resolve", "KF-001", "--take", "c"], ["resolve", "KF-001", "x", "--take", "a"]],
    ids=" ".join,
)  # fmt: skip
def test_a_call_that_is_not_complete_writes_nothing(torn, arguments):
    before = torn.path.read_bytes()
    done = netz("conflicts", torn.path, *arguments)
    assert done.code == 2, done
    assert done.err.strip()
    assert torn.path.read_bytes() == before


def test_a_dry_run_decides_nothing(torn):
    before = files_of(torn.path.parent)
    done = resolve(torn, "KF-001", "a", "--dry-run")
    assert done.code == 0
    assert "würde" in done.err
    assert files_of(torn.path.parent) == before
    assert listed(torn)[0] == 3


def test_the_workbook_may_be_left_out_and_the_german_name_works(torn, monkeypatch):
    monkeypatch.chdir(torn.path.parent)
    (torn.path.parent / "netzwerk.toml").write_text('workbook = "stadt.xlsx"\n', encoding="utf-8")
    assert netz("konflikte").code == 3
    assert netz("conflicts", "resolve", "kf-001", "--take", "a", "--json").code == 0
    assert states(torn)[0] == states(torn)[1]


@pytest.mark.parametrize(("take", "expected"), [("a", "P-013"), ("b", "P-019")])
def test_a_question_about_two_rows_is_listed_and_answered(stadt, take, expected):
    """An id was lost and the names were changed: is it the same row?"""
    netz("sync", stadt.path)
    row, _, _ = stadt._place("Partner", "P-013", "Nr")
    stadt.type("Partner", "P-013", "Kurzname", "Ganz anders")
    stadt.type("Partner", "P-013", "Organisation", "Ganz anderer Name e.V.")
    stadt.put("Partner", row, 1, None)
    assert netz("sync", stadt.path).code == 3
    (one,) = listed(stadt)[1]
    assert one["kind"] == "identity"
    assert [each["value"] for each in one["versions"]] == ["P-013", "P-019"]
    assert "dieselbe" in netz("conflicts", stadt.path).out
    assert resolve(stadt, one["id"], "ein Wert").code == 2
    assert resolve(stadt, one["id"], take).code == 0
    assert expected in stadt.ids("Partner")
    assert len(stadt.ids("Partner")) == 18
    assert stadt.reads("Partner", expected, "Kurzname") == "Ganz anders"
    assert listed(stadt)[1] == []
