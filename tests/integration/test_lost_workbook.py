"""A workbook that somebody deleted: what is said, how it comes back, and that nobody begins anew by mistake."""

import pytest
from person import netz


@pytest.fixture
def lost(stadt):
    """Give the demo network after people edited it and runs wrote, and then its file was deleted."""
    for typed in ("ruft gern an", "ruft lieber an"):
        stadt.type("Partner", "P-001", "Bemerkung", typed)
        assert netz("sync", stadt.path).code == 3
    stadt.path.unlink()
    return stadt


def test_it_comes_back_from_its_saved_copy_with_what_was_typed(lost):
    said = netz("sync", lost.path)
    assert said.code == 10
    assert f"netzwerk restore {lost.path} 1" in said.err
    assert "init" not in said.err
    looked = netz("doctor", lost.path)
    assert looked.code == 10
    assert f"netzwerk restore {lost.path} 1" in looked.out
    assert "init" not in looked.out
    assert netz("restore", lost.path, "1", "-n").code == 0
    assert not lost.path.exists()
    assert netz("restore", lost.path, "1", "--yes").code == 0
    assert netz("sync", lost.path).code == 3
    assert lost.table("Partner")["P-001"]["Bemerkung"] == "ruft lieber an"


def test_beginning_anew_needs_a_yes_and_leaves_the_saved_copies(lost):
    said = netz("init", lost.path)
    assert said.code == 2
    assert f"netzwerk backups {lost.path}" in said.err
    assert not lost.path.exists()
    assert netz("init", lost.path, "--yes").code == 0
    assert netz("restore", lost.path, "1", "--yes").code == 0
    assert lost.table("Partner")["P-001"]["Bemerkung"] == "ruft lieber an"


def test_a_name_that_was_never_here_is_told_as_before(tmp_path):
    said = netz("sync", tmp_path / "nie.xlsx")
    assert said.code == 10
    assert f"netzwerk init {tmp_path / 'nie.xlsx'}" in said.err
    assert "restore" not in said.err


def test_the_way_to_the_error_ends(tmp_path):
    said = netz("sync", tmp_path / "nie.xlsx", "-vv")
    assert said.code == 10
    assert said.err.count("WorkbookNotFound workbook-missing\n") == 1


def test_a_command_that_a_hint_names_can_be_called_as_it_stands(stadt, tmp_path, monkeypatch):
    """From the folder of the workbook by its name alone, from anywhere else with its folders."""
    for folder, named in ((stadt.path.parent, stadt.path.name), (tmp_path.parent, str(stadt.path))):
        monkeypatch.chdir(folder)
        assert f"netzwerk backups {named}" in netz("restore", stadt.path, "9").err
        assert f"netzwerk conflicts {named}\n" in netz("conflicts", stadt.path, "resolve", "KF-009", "--take", "a").err
        assert f"netzwerk history {named}\n" in netz("undo", stadt.path, "9").err
