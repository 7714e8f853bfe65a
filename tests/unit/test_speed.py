"""What is quick stays quick, and gives what the slow way gave."""

import json
import re
import subprocess
import sys
import unicodedata
from datetime import date, datetime, time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from netzwerk_sheets import collector
from netzwerk_sheets.analysis import duplicates
from netzwerk_sheets.analysis.personal import _NAMED, _PHONES, looks_personal
from netzwerk_sheets.grid import CellError, Formula
from netzwerk_sheets.model import Finding
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import Located
from netzwerk_sheets.sheets.parse import parse
from netzwerk_sheets.sheets.render.checks import Places, notices
from netzwerk_sheets.sheets.schema import fold
from netzwerk_sheets.sheets.settings import read_settings
from netzwerk_sheets.state.codec import dump_row, load_row, load_rows
from netzwerk_sheets.state.store import Store

CELLS = {
    "text": "Räume {d: 1}", "day": date(2026, 3, 1), "moment": datetime(2026, 3, 1, 8, 30), "hour": time(8, 30),
    "error": CellError("#REF!"), "formula": Formula("A1", date(2026, 3, 1)), "number": 4.5, "yes": True, "empty": None,
}  # fmt: skip


def test_reading_loads_nothing_that_only_writing_needs():
    code = (
        "import sys, json, pathlib; from netzwerk_sheets.backends.excel import ExcelWorkbook\n"
        "try: ExcelWorkbook(pathlib.Path('missing.xlsx')).read()\nexcept Exception: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert "netzwerk_sheets.backends.excel.scan" in loaded
    heavy = {"dataclasses", "inspect", "netzwerk_sheets.grid.designs", "netzwerk_sheets.backends.excel.change"}
    assert not heavy & set(loaded)


def test_many_rows_are_read_back_as_single_ones():
    rows = [CELLS, {}, {"d": "2026-03-01"}]
    texts = [dump_row(row) for row in rows]
    assert load_rows(texts) == rows == [load_row(text) for text in texts]
    assert [type(value) for value in load_rows(texts)[0].values()] == [type(value) for value in CELLS.values()]
    assert load_rows([]) == []


def test_what_a_store_remembers_is_what_stands_in_it(tmp_path):
    store = Store(tmp_path / "state.sqlite")

    def same() -> bool:
        other = Store(tmp_path / "state.sqlite")
        found = other.read("needs")
        other.close()
        return store.read("needs") == found and list(store.read("needs").hub) == list(found.hub)

    assert same()
    store.write_hub("needs", {}, {"B-2": CELLS, "B-1": {"name": "eins"}})
    assert same()
    store.write_base("main", "needs", None, {"B-1": {"name": "eins"}}, 1)
    assert same()
    old = store.read("needs")
    store.write_hub("needs", old.hub, {"B-1": {"name": "zwei"}})
    store.write_base("main", "needs", old.bases["main"], {}, 1)
    store.write_tombstones("needs", {}, {"B-2": CELLS}, 1)
    store.write_questions("needs", {"main": {"B-3": "B-1"}})
    assert same()
    assert store.read("needs").bases == {"main": {}}
    before = store.read("needs")

    def cut_off() -> None:
        with store.transaction():
            store.write_hub("needs", before.hub, {})
            {}["nothing"]

    with pytest.raises(KeyError):
        cut_off()
    assert same()
    assert store.read("needs").hub == before.hub
    store.close()


def test_rows_that_say_the_same_are_read_once_and_shared(tmp_path):
    store = Store(tmp_path / "state.sqlite")
    rows = {"B-1": {"name": "eins"}, "B-2": {"name": "zwei", "asked_on": date(2026, 3, 1)}}
    store.write_hub("needs", {}, rows)
    store.write_base("needs", "needs", None, rows, 1)
    store.write_base("needs.AG-1", "needs", None, {"B-2": {"name": "anders"}}, 1)
    store.write_base("tasks", "tasks", None, {"P-1.T-W01": {"text": "x"}}, 1)
    store.close()
    store = Store(tmp_path / "state.sqlite")
    found = store.read("needs")
    assert found.hub == rows
    assert found.bases == {"needs": rows, "needs.AG-1": {"B-2": {"name": "anders"}}}
    assert all(found.hub[row] is found.bases["needs"][row] for row in rows)
    store.close()


@pytest.mark.parametrize("ends", [True, False])
def test_a_run_is_kept_only_where_the_process_ends_with_it(ends, monkeypatch):
    class Made:
        gone = 0

        def __del__(self):
            type(self).gone += 1

    monkeypatch.setattr(collector, "_ends", [True] if ends else [])
    monkeypatch.setattr(collector, "_kept", [])
    monkeypatch.setattr(collector.gc, "freeze", lambda: None)
    collector.keep(Made())
    assert collector.keeps() is ends
    assert Made.gone == (not ends)
    collector.keep(Made())
    assert Made.gone == (1 if ends else 2)


VALUES = st.sampled_from([None, 1, 1.0, True, 0, False, -3, "12", "1.234,5", "drei", "  Räume ", "", "Räume; Personal",
                          "a@b-c.de", "0911 12345", date(2026, 3, 1), datetime(2026, 3, 1, 8), "1.3.2026", "ja", "Alle",
                          "Bildung", "aktiv", CellError("#REF!"), Formula("A1", 1), Formula("A1", "x")])  # fmt: skip
COLUMNS = ["name", "resources", "reach", "agreed_on", "volunteer", "domains", "status"]
ROWS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, VALUES)), max_size=6)


@given(ROWS)
def test_a_column_is_understood_as_its_cells_are(rows):
    """Row by row is the slow way: every table of one row is understood for itself."""
    settings = read_settings(None)
    domains = {"LB-01": {"name": "Bildung"}}
    listed = {f"P-{number:03}": row for number, row in enumerate(rows, start=1)}
    network, findings = parse({"domains": domains, "partners": listed}, settings)
    single = [parse({"domains": domains, "partners": {key: row}}, settings) for key, row in listed.items()]
    assert repr(network.partners) == repr(tuple(one.partners[0] for one, _ in single))
    assert findings == tuple(finding for _, each in single for finding in each)


FACTS = st.sampled_from([{"case": "a"}, {"case": "a", "n": 1}, {"case": "b"}, {}])
FINDINGS = st.lists(st.builds(Finding, st.sampled_from(["P-01", "P-04"]), st.sampled_from(["error", "hint"]),
                              st.just("partners"), st.sampled_from(["P-001", "P-002", "P-009"]),
                              st.sampled_from(["name", "status", ""]), FACTS))  # fmt: skip


@given(FINDINGS)
def test_each_cell_is_told_once_per_rule(findings):
    ids = {"partners": {"P-001": ("Partner", 2), "P-002": ("Partner", 3)}}
    places = Places(Located({}, {}, {}, frozenset()), ids, {}, {})
    slow = {}
    for finding in findings:
        key = (finding.rule, places.spot(finding), finding.row, frozenset(finding.facts.items()))
        slow.setdefault(key, finding)
    wanted = sorted(slow.values(), key=lambda each: each.level != "error")
    assert [each.finding for each in notices(Words("de"), findings, places)] == wanted


def slow_fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"\(pflicht\)|\(required\)", "", text)
    text = re.sub(r"[\s\u200b\ufeff]+", " ", text).strip().rstrip(":*").strip()
    return text.replace("*innen", "innen").replace(":innen", "innen").replace("_innen", "innen")


WORDS = st.sampled_from(["Partner", "*innen", ":innen", "_innen", " (Pflicht)", "(Required)", "\u200b", "\ufeff", "\xa0",
                         " ", "\n", "\x1f", ":", "*", "ß", "Ä", "ﬁ", "I"])  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=4)).map("".join))
def test_words_are_folded_as_ever(text):
    assert fold(text) == slow_fold(text)


SIGNS = st.sampled_from(
    ["0911", "+49", "00", "(0", ")", " ", "/", "-", "–", "1", "23", "456", "Tel. ", "Fon: ", "x", "."]
)


@given(st.lists(SIGNS, max_size=14).map("".join))
def test_no_number_for_telephones_is_passed_over(text):
    assert (looks_personal(text) == "phone") == any(pattern.search(text) for pattern in (*_PHONES, _NAMED))


NUMBERED = st.lists(st.sampled_from(["Haus 1", "Hau 1", "Haus 2", "Haus 12", "Hauss 12", "Amt 1", ""]))
NAMES = NUMBERED | st.lists(
    st.sampled_from(["Verein Nord", "Verein Nrd", "Vereim Nord", "Haus 1", "Haus 2", "Haus", "Amt", ""])
)


@given(NAMES)
def test_many_names_are_compared_as_few_are(names):
    few = list(duplicates.similar_pairs(names, least=80))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "EXACT_UP_TO", -1)
        assert list(duplicates.similar_pairs(names, least=80)) == few


LETTERS = st.text(alphabet="ensiratbgü 1", max_size=24)


@given(st.lists(LETTERS, max_size=8), st.integers(0, 24), st.sampled_from([60, 80, 92, 100]))
def test_counting_letters_first_misses_no_alike_pair(names, at, least):
    names = [*names, *(name[:at] + name[at + 1 :] for name in names), *(f"{name}se" for name in names[:3])]
    texts = [duplicates.comparable(name) for name in names]
    numbers = [duplicates._numbers(text) for text in texts]
    assert list(duplicates.similar_pairs(names, least=least)) == [
        (one, two, int(score))
        for one, two in combinations(range(len(texts)), 2)
        if texts[one] and texts[two] and (score := fuzz.ratio(texts[one], texts[two])) >= least
        and (numbers[one] == numbers[two] or not (numbers[one] and numbers[two]))
    ]  # fmt: skip
