"""The handbook on the terminal and on its own tab: the same text, once written."""

import json
import re

import openpyxl
import pytest
from person import Person, netz

from netzwerk_sheets.backends.excel.accessibility import examine
from netzwerk_sheets.sheets import handbook
from netzwerk_sheets.sheets.schema import LANGUAGES, TEMPLATES


def bare(text):
    """Give the words of a text, whatever stands around them."""
    return re.findall(r"[\w§%]+", text)


def written(language):
    """Give the words of the handbook as it is written, without addresses of pictures and the heads of tables."""
    lines = handbook.source(language).splitlines()
    heads = {number - 1 for number, line in enumerate(lines) if re.fullmatch(r"\|[\s|:-]+\|", line)}
    kept = [line for number, line in enumerate(lines) if number not in heads and not line.startswith(("![", "```"))]
    return bare(re.sub(r"(?m)^(?:#+|\d+\.)\s", "", "\n".join(kept)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_shows_every_word_of_it(language):
    done = netz("handbook", "--lang", language)
    assert done.code == 0
    shown = bare(done.out)
    for word in set(written(language)):
        assert word in shown
    assert not re.search(r"\*\*|```|\||^#", done.out, re.MULTILINE)
    assert "netzwerk sync" in done.out
    document = json.loads(netz("handbuch", "--lang", language, "--json").out)
    assert len(document["parts"]) == len(handbook.parts(language)) > 100


def test_the_tab_has_one_row_a_step_and_links_to_the_tabs(stadt):
    rows = stadt.table("Hilfe")
    assert list(rows) == [part.number for part in handbook.parts("de")]
    first = next(row for row in rows.values() if "probe.xlsx --demo" in row["Befehl"])
    assert first["Schritt oder Erklärung"].startswith("Legen Sie das Beispiel an.")
    assert first["Kapitel"] == "Die erste Stunde"
    sheet = openpyxl.load_workbook(stadt.path)["Hilfe"]
    links = {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert {"Start", "Partner", "Lücken", "Prüfung"} <= links.keys()
    assert all(place == f"'{tab}'!A1" for tab, place in links.items())
    assert set(links) <= set(stadt.tabs())


def test_a_renamed_tab_is_still_linked(stadt):
    stadt.rename_tab("Lücken", "Was fehlt")
    netz("sync", stadt.path)
    assert "Was fehlt" in {row["Zum Blatt"] for row in stadt.table("Hilfe").values()}


def test_a_workbook_without_it_gets_it_from_init_and_only_then(stadt):
    stadt.delete_tab("Hilfe")
    netz("sync", stadt.path)
    once = stadt.path.read_bytes()
    netz("sync", stadt.path)
    assert stadt.path.read_bytes() == once
    assert "Hilfe" not in stadt.tabs()
    assert netz("init", stadt.path).code == 0
    assert "Hilfe" in stadt.tabs()
    assert examine(stadt.path, only={"Hilfe"}) == []


def test_it_speaks_the_language_of_the_workbook(tmp_path):
    path = tmp_path / "town.xlsx"
    assert netz("init", path, "--lang", "en").code == 0
    assert examine(path, "en") == []
    rows = Person(path).table("Help", "No")
    assert list(rows) == [part.number for part in handbook.parts("en")]
    once = path.read_bytes()
    netz("sync", path)
    assert path.read_bytes() == once


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_pictures_are_there_small_and_told_in_words(language):
    pictures = re.findall(r"(?m)^!\[(.*)\]\((.*)\)$", handbook.source(language))
    assert len(pictures) == 4
    for words, name in pictures:
        assert len(words) > 40
        assert 5_000 < (TEMPLATES / "handbook" / name).stat().st_size < 120_000
