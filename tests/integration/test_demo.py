"""The demo network: the same numbers on any day, made once, stable from then on."""

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from person import DAY, Person, netz

from netzwerk_sheets.sheets import language
from netzwerk_sheets.sheets.schema import TEMPLATES, code_words, tab_words, tables

BLOCKS = {
    "Räume": "rooms", "Finanzierung": "funding", "Beteiligung": "participation", "Personal": "staff",
    "Fachwissen": "expertise", "Kontakte": "contacts", "Technik & Fahrzeuge": "equipment", "Mandat": "mandate",
}  # fmt: skip
NAMES = {
    "Stadtrat": "P-008", "ZSL": "P-001", "Gehörlosenverein": "P-010", "Gegen Einsamkeit": "P-009", "Stadtteilhäuser": "P-007",
}  # fmt: skip
GERMAN = {name["de"] for name in tab_words().values()} - {name["en"] for name in tab_words().values()}
DAYS = [(DAY, "de"), ("2028-02-29", "de"), (DAY, "en")]


def shell(*arguments, **environment):
    """Run the program as people do."""
    return subprocess.run(
        [sys.executable, "-m", "netzwerk_sheets", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip


def golden(shared):
    """The table of expected.txt: need → (weight, percent, gap, open blocks, single supports)."""
    found = {}
    for line in (shared / "domain" / "demo" / "expected.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("| B-"):
            continue
        need, weight, percent, gap, open_, single = (part.strip() for part in line.strip("|").split("|"))
        blocks = [re.sub(r"\s*\(halb\)", "", part).strip() for part in open_.split(";") if part.strip()]
        pairs = [tuple(one.strip() for one in part.split("→")) for part in single.split(";") if part.strip()]
        found[need] = (
            int(weight), int(percent.removesuffix("%")), Decimal(gap),
            [BLOCKS[block] for block in blocks], [(BLOCKS[block], NAMES[name]) for block, name in pairs],
        )  # fmt: skip
    return found


@pytest.mark.parametrize(("day", "language"), DAYS)
def test_the_first_command_shows_the_golden_numbers_on_any_day(tmp_path, shared, day, language):
    path = tmp_path / "musterstadt.xlsx"
    assert shell("init", path, "--demo", "--today", day, "--lang", language).returncode == 0
    assert shell("sync", path, "--today", day).returncode in {0, 3}
    answer = shell("gaps", path, "--json", "--today", day)
    assert answer.returncode == 0
    document = json.loads(answer.stdout)
    wanted = golden(shared)
    assert [need["id"] for need in document["needs"]] == list(wanted)
    for need in document["needs"]:
        weight, percent, gap, blocks, single = wanted[need["id"]]
        assert need["weight"] == weight
        assert int(Decimal(str(need["coverage"])) * 100 + Decimal("0.5")) == percent
        assert abs(Decimal(str(need["gap"])) - gap) <= Decimal("0.006")
        assert sorted(block["block"] for block in need["open"]) == sorted(blocks)
        assert sorted((one["block"], one["partner"]) for one in need["single"]) == sorted(single)
    whole = document["network"]
    assert round(whole["coverage"] * 1000) == 609
    assert round(whole["gap"], 1) == 22.3
    assert whole["weight"] == 57


def test_the_english_demo_speaks_english_but_for_what_people_named(tmp_path):
    path = tmp_path / "demo.xlsx"
    assert netz("init", path, "--demo", "--lang", "en").code == 0
    city = Person(path)
    assert city.tabs()
    assert not set(city.tabs()) & GERMAN
    for table in tables().values():
        if (TEMPLATES / "demo" / f"{table.code}.csv").is_file():
            rows = city.table(table.words["en"], table.columns[0].words["en"])
            for column in table.columns:
                if column.kind in {"choice", "choices", "yes_no"}:
                    words = set(code_words(column.of or "yes_no", "en").values())
                    typed = [row.get(column.words["en"]) for row in rows.values()]
                    assert {one.strip() for cell in typed if cell for one in cell.split(";")} <= words
    partners = city.table("Partners", "No")
    assert partners["P-012"]["Life domains"] == "Leisure"
    assert partners["P-012"]["Partner type"] == "Sports club"
    assert partners["P-008"]["Target groups"] == "All"
    assert partners["P-012"]["Short name"] == "Sportverein"
    assert "60.9\u00a0%" in netz("gaps", path, "--lang", "en").out


def as_on_windows(form, name):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "name", "nt")
        return form(name)


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("mein Netz & mehr.xlsx", "mein Netz & mehr.xlsx"),
        ("für $5 „los“!.xlsx", "für ?5 ?los??.xlsx"),
        pytest.param(
            '$(touch `x`) "neu".xlsx', "?(touch ?x?) ?neu?.xlsx",
            marks=pytest.mark.skipif(os.name == "nt", reason="has no such names"),
        ),
    ],
)  # fmt: skip
def test_commands_named_on_tabs_can_be_copied_also_after_the_file_was_renamed(stadt, monkeypatch, name, copied):
    monkeypatch.chdir(stadt.path.parent)
    stadt.path = stadt.path.rename(stadt.path.with_name(name))
    netz("sync", stadt.path)
    renamed = stadt.path.read_bytes()
    with monkeypatch.context() as elsewhere:  # the same share, seen from another system
        elsewhere.setattr(language, "in_command", partial(as_on_windows, language.in_command))
        netz("sync", stadt.path)
    assert stadt.path.read_bytes() == renamed
    cells = [
        str(cell) for tab in ("Start", "Prüfung") for row in stadt.everything()[tab].values() for cell in row.values()
    ]
    commands = {found[1] for cell in cells if (found := re.search(r"(?:^|: )netzwerk ([a-z]+ .*)", cell))}
    assert {command.split()[0] for command in commands} == {"person", "review", "survey"}
    for command in commands:
        done = netz(*shlex.split(command), "--dry-run")
        assert done.code in {0, 3}, (command, done.err)
        assert f'"{copied}"' in command


def test_a_name_with_question_marks_stands_for_just_one_file(stadt):
    stadt.path.rename(stadt.path.with_name("für $5.xlsx"))
    asked = stadt.path.with_name("für ?5.xlsx")
    assert netz("check", asked).code in {0, 3}
    stadt.path.with_name("für €5.xlsx").write_bytes(b"")  # no shell reads that mark
    assert netz("check", asked).code in {0, 3}
    stadt.path.with_name("für !5.xlsx").write_bytes(b"")
    done = netz("check", asked)
    assert done.code == 10
    assert "für ?5.xlsx" in done.err


def test_a_plan_shows_what_people_see_and_no_formulas(stadt):
    stadt.type("Partner", "P-016", "Status", "aktiv")
    said = netz("plan", stadt.path, "--plain", "--today", "2025-06-02").out
    assert "dann: 02.06.2025" in said  # the new row of the log
    assert "today()" not in said.casefold()
    assert "andere Formel" in said or "Formel" not in said


def test_without_needs_gaps_says_so_and_shows_no_empty_table(tmp_path):
    assert netz("init", tmp_path / "neu.xlsx").code == 0
    done = netz("gaps", tmp_path / "neu.xlsx")
    assert done.out == "Noch ist kein Bedarf erfasst. Beginnen Sie im Blatt „Bedarfe“.\n"


def test_gaps_says_the_sum_in_words(tmp_path):
    path = tmp_path / "musterstadt.xlsx"
    shell("init", path, "--demo", "--today", DAY)
    said = shell("gaps", path, "--today", DAY).stdout
    assert "60,9\u00a0%" in said
    assert "22,3 von 57" in said


def test_the_document_of_gaps_has_the_agreed_shape(stadt):
    document = json.loads(netz("gaps", stadt.path, "--json").out)
    assert document["schema"] == 1
    for need in document["needs"]:
        assert {"id", "weight", "coverage", "gap", "light", "open", "single"} <= need.keys()
        assert need["light"] in {"red", "yellow", "green", "none"}
    gaps = [(-need["gap"], -need["weight"], need["id"]) for need in document["needs"]]
    assert gaps == sorted(gaps)
    assert [need["id"] if isinstance(need, dict) else need for need in document["excluded"]] == ["B-001"]
    for kind in ("domains", "target_groups"):
        for total in document[kind]:
            assert {"id", "name", "coverage", "gap", "weight", "light", "needs"} <= total.keys()
            if not total["needs"]:
                assert total["coverage"] is None
                assert total["light"] == "none"
    assert "groups" in document or "working_groups" in document


def test_what_init_made_is_what_sync_wants(stadt):
    made = stadt.path.read_bytes()
    done = json.loads(netz("sync", stadt.path, "--json").out)
    assert done["written"] is False
    assert done["cells"] == 0
    assert stadt.path.read_bytes() == made


@pytest.mark.parametrize(("day", "language"), DAYS)
def test_init_is_a_fixpoint_on_any_day(tmp_path, day, language):
    path = tmp_path / "stadt.xlsx"
    netz("init", path, "--demo", "--today", day, "--lang", language)
    made = path.read_bytes()
    for _ in range(2):
        netz("sync", path, "--today", day)
        assert path.read_bytes() == made


def test_a_second_sync_changes_no_byte(stadt):
    stadt.type("Partner", "P-013", "Status", "aktiv")
    netz("sync", stadt.path)
    first = stadt.path.read_bytes()
    (stadt.path.parent / "state" / "glance").exists()
    for glance in (stadt.path.parent / "state" / "glance").glob("*"):
        glance.unlink()
    netz("sync", stadt.path)
    assert stadt.path.read_bytes() == first


def test_the_next_day_changes_only_what_speaks_of_days(stadt):
    before = stadt.everything()
    netz("sync", stadt.path, "--today", "2025-05-16")
    after = stadt.everything()
    assert before.keys() == after.keys()
    for tab, rows in before.items():
        if tab.startswith(("OB ", "AB ")) or tab in {"Aufgaben", "Netzwerkaufgaben"}:
            continue
        for number, cells in rows.items():
            for column, value in cells.items():
                if after[tab].get(number, {}).get(column) != value:
                    assert tab in {"Prüfung", "Start"}, (tab, number, column)
                    assert re.search(r"\d+ Tag", str(value)), (tab, number, value)
    twice = stadt.path.read_bytes()
    netz("sync", stadt.path, "--today", "2025-05-16")
    assert stadt.path.read_bytes() == twice


def test_stand_is_the_day_the_data_last_changed(stadt):
    stand = stadt.everything()["Start"][2][1]
    assert "15.05.2025" in stand
    netz("sync", stadt.path, "--today", "2025-05-20")
    assert stadt.everything()["Start"][2][1] == stand
    stadt.type("Partner", "P-003", "Bemerkung", "am 21. angerufen")
    netz("sync", stadt.path, "--today", "2025-05-21")
    assert "21.05.2025" in stadt.everything()["Start"][2][1]
    netz("sync", stadt.path, "--today", "2025-05-22")
    assert "21.05.2025" in stadt.everything()["Start"][2][1]


def test_the_log_of_figures_keeps_every_day(stadt):
    rows = stadt.table("Verlauf", "Datum")
    assert len(rows) == 5  # four days of its story, and today
    netz("sync", stadt.path, "--today", "2025-05-16")
    assert stadt.table("Verlauf", "Datum") == rows
    stadt.type("Partner", "P-007", "Status", "ruhend")
    for day in ("2025-05-17", "2025-05-17", "2025-05-18"):
        netz("sync", stadt.path, "--today", day)
    now = stadt.table("Verlauf", "Datum")
    assert list(now) == [*rows, date(2025, 5, 17)]
    assert {day: now[day] for day in rows} == rows
    stadt.type("Partner", "P-007", "Status", "aktiv")
    for day in range(1, 6):
        netz("sync", stadt.path, "--today", (date(2025, 5, 20) + timedelta(days=day)).isoformat())
    assert list(stadt.table("Verlauf", "Datum")) == [*rows, date(2025, 5, 17), date(2025, 5, 21)]


def test_days_overdue_change_once_a_day_not_once_a_run(stadt):
    stadt.type("OB P-016 Wohnbau", "P-016.T-W05", "Bemerkung", "kommt noch")
    netz("sync", stadt.path, "--today", "2025-05-20")
    texts = [text for text in stadt.texts() if "überfällig seit" in text]
    assert texts
    once = stadt.path.read_bytes()
    netz("sync", stadt.path, "--today", "2025-05-20")
    assert stadt.path.read_bytes() == once
