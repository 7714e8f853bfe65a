"""History on the command line: which value changed when, from what, and from which tab; nothing goes to a log."""

import json

import pytest
from person import netz

WOHNBAU = "OB P-016 Wohnbau"
TASK = "P-016.T-A03"


@pytest.fixture
def lived(stadt):
    """A network with three runs on three days."""
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    stadt.type("Partner", "P-007", "Bemerkung", "Frau Kaya ruft an")
    netz("sync", stadt.path, "--today", "2025-05-16")
    stadt.type(WOHNBAU, TASK, "Status", "erledigt")
    stadt.write_row("Partner", {"Kurzname": "Tafel", "Organisation": "Tafel e.V."})
    netz("sync", stadt.path, "--today", "2025-05-17")
    stadt.type("Partner", "P-007", "Status", "aktiv")
    stadt.put("Start", 3, 1, "überschrieben")
    netz("sync", stadt.path, "--today", "2025-05-18")
    return stadt


def past(person, *more):
    done = netz("history", person.path, *more, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)["changes"]


def short(changes):
    return [(each["day"], each["row"], each["column"], each["before"], each["after"]) for each in changes]


def test_the_history_of_a_partner_and_of_one_of_its_cells(lived):
    status = [
        ("2025-05-16", "P-007", "status", "aktiv", "ruhend"),
        ("2025-05-18", "P-007", "status", "ruhend", "aktiv"),
    ]
    assert [each for each in short(past(lived, "P-007")) if each[2] == "status"] == status
    assert len(past(lived, "P-007")) == 3
    row, column, _ = lived._place("Partner", "P-007", "Status")
    letter = chr(ord("A") + column - 1)
    for typed in ("P-007.Status", "p-007.status", f"Partner!{letter}{row}", f"'Partner'!${letter}${row}"):
        assert short(past(lived, typed)) == status, typed
    name = lived.reads("Partner", "P-007", "Kurzname")
    assert past(lived, name) == past(lived, "P-007")
    assert short(past(lived, f"{name}.Status")) == status


def test_a_line_says_run_day_place_values_source_and_kind(lived):
    (one,) = past(lived, f"{TASK}.Status")
    assert one == {
        "run": one["run"], "day": "2025-05-17", "table": "tasks", "row": TASK, "column": "status",
        "before": one["before"], "after": "erledigt", "source": "onboarding.P-016", "kind": "edit", "reason": "",
    }  # fmt: skip
    done = netz("history", lived.path, TASK)
    for word in ("17.05.2025", "Aufgaben", "P-016", "Status", "erledigt", "geändert"):
        assert word in done.out, word


def test_a_line_names_the_tab_as_people_see_it(lived):
    netz("survey", lived.path, "ZG-02")
    tab = next(title for title in lived.tabs() if title.startswith("Umfrage") and "Aufgaben" not in title)
    lived.type(tab, "S-001", "Aussage sinngemäß", "Es darf nichts kosten.")
    netz("sync", lived.path)
    (line,) = netz("history", lived.path, "S-001", "--plain").out.strip().split("\n\n")
    assert f"kam aus: {tab}" in line
    assert f"kam aus: {WOHNBAU}" in netz("history", lived.path, TASK, "--plain").out
    lived.path.write_bytes(b"no workbook")
    assert "kam aus: Umfrage ZG-02" in netz("history", lived.path, "S-001", "--plain").out


def test_runs_and_days_narrow_it_down(lived):
    runs = sorted({each["run"] for each in past(lived)})
    assert len(runs) == 3
    assert {each["row"] for each in past(lived, "--run", str(runs[1]))} == {TASK, "P-019"}
    assert {each["day"] for each in past(lived, "--since", "17.05.2025")} == {"2025-05-17", "2025-05-18"}
    assert short(past(lived, "P-007.Status", "--since", "2025-05-17"))[0][4] == "aktiv"
    assert past(lived, "--run", "999") == []


def test_a_computed_cell_that_was_typed_over_is_found_by_its_place(lived):
    found = past(lived, "Start!A3")
    assert [(each["kind"], each["before"]) for each in found] == [("overtyped", {"hidden": True})]
    told = " ".join(netz("history", lived.path, "Start!A3", "--plain").out.split())
    assert "überschrieben" in told
    assert "über Berechnetes" in told


def test_new_rows_and_plain_lines(lived):
    plain = netz("history", lived.path, "P-019", "--plain")
    assert "Was geschah: neue Zeile" in plain.out
    english = netz("history", lived.path, "P-019", "--lang", "en")
    assert "new row" in english.out
    assert "Partners" in english.out


def test_what_nobody_knows_is_said(lived, stadt):
    done = netz("history", lived.path, "P-999")
    assert done.code == 2
    assert "P-999" in done.err
    assert netz("history", lived.path, "P-007.Unfug").code == 2
    assert netz("history", lived.path, "Nirgends!A1").code == 2
    assert netz("history", lived.path, "P-001").out.strip() == "Es ist keine Änderung bekannt."


def test_a_workbook_without_a_memory_has_no_history(stadt, monkeypatch, tmp_path):
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "leer"))
    done = netz("history", stadt.path)
    assert done.code == 0
    assert not (tmp_path / "leer").exists()
    assert netz("history", stadt.path.with_name("fehlt.xlsx")).code == 10


def test_a_renamed_workbook_has_its_history(lived):
    before = past(lived, "P-007")
    lived.path = lived.path.rename(lived.path.with_name("neu.xlsx"))
    assert past(lived, "P-007") == before


def test_the_workbook_may_be_left_out(lived, monkeypatch):
    monkeypatch.chdir(lived.path.parent)
    (lived.path.parent / "netzwerk.toml").write_text('workbook = "stadt.xlsx"\n', encoding="utf-8")
    for typed in ("P-007", "P-007.Status", "Start!A3"):
        assert json.loads(netz("verlauf", typed, "--json").out)["changes"] == past(lived, typed)


def test_words_of_people_are_in_no_message_of_other_commands(lived):
    """The history shows what people ask for; nothing of it is said anywhere else."""
    lived.type("Partner", "P-007", "Bemerkung", "Frau Kaya, 0171 5551234")
    done = netz("sync", lived.path, "--today", "2025-05-19", "-vv")
    assert "Kaya" not in done.out + done.err
    for path in (lived.path.parent / "state").rglob("*"):
        if path.suffix in {".log", ".txt", ".json"}:
            assert "Kaya" not in path.read_text(encoding="utf-8")


def test_every_version_of_a_conflict_is_known_also_where_its_row_goes(stadt):
    """Somebody deletes the row in which only their version stood: the row stays, with the other one."""
    assert netz("sync", stadt.path).code in {0, 3}
    stadt.type(WOHNBAU, TASK, "Zuständig", "Rena")
    stadt.type("Aufgaben", TASK, "Zuständig", "Ute")
    assert netz("sync", stadt.path).code == 3
    stadt.type("Aufgaben", TASK, "Zuständig", "Ute Groß")
    assert netz("sync", stadt.path).code == 3
    before = stadt.path.read_bytes()
    assert netz("sync", stadt.path).code == 3
    assert stadt.path.read_bytes() == before
    stadt.delete_row("Aufgaben", TASK)
    assert netz("sync", stadt.path).code in {0, 3}
    assert stadt.reads("Aufgaben", TASK, "Zuständig") == "Rena"
    told = netz("history", stadt.path, TASK, "--plain").out
    assert told.count("widerspricht") == 2
    assert {"danach: Ute", "danach: Ute Groß"} <= set(told.splitlines())
