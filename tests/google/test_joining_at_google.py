"""A file that is not there yet is named beside a document: `init` makes it, with the tabs and rows of the network."""

import json

import pytest
from person import Person, netz
from small_town import *  # noqa: F403 - fixtures are found by name
from small_town import TAB, TEAM


@pytest.fixture
def named(town):
    """Name workbooks beside each other, in this order."""
    place = town.folder / "netzwerk.toml"
    before = place.read_text("utf-8")
    yield lambda *names: place.write_text(f"workbook = {json.dumps(names)}\n{before}", "utf-8")
    place.write_text(before, "utf-8")
    (town.folder / "neu.xlsx").unlink(missing_ok=True)


@pytest.mark.parametrize("first", [True, False], ids=["the file first", "the document first"])
def test_a_new_file_joins_the_network_of_a_document(town, named, first):
    new = Person(town.folder / "neu.xlsx")
    names = ["neu.xlsx", town.place] if first else [town.place, "neu.xlsx"]
    named(*names)
    done = netz("init", "neu.xlsx")
    assert done.code == 0, done.err
    assert new.ids(TAB) == town.screen.ids(TAB)
    town.screen.type(TAB, "B-002", "Problem", "bei Google")
    new.type(TEAM, "B-003", "Problem", "in der Datei")
    new.delete_row(TAB, "B-004")
    for _ in range(2):
        assert netz("sync", names[0]).code in {0, 3}
    assert new.reads(TEAM, "B-002", "Problem") == "bei Google"
    assert town.screen.reads(TAB, "B-003", "Problem") == "in der Datei"
    assert "B-004" not in town.screen.ids(TAB)
    content, version = new.path.read_bytes(), town.document.version
    assert netz("sync", names[0]).code in {0, 3}
    assert (content, version) == (new.path.read_bytes(), town.document.version)
