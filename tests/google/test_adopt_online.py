"""Lists that people keep in a document at Google, and files whose rows go into one, by the same command."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))
import hand_lists
from person import DAY, netz


@pytest.fixture
def home(google, tmp_path, monkeypatch):
    """A folder with a key and a configuration."""
    for name, value in {"NETZWERK_STATE": tmp_path / "state", "NETZWERK_TODAY": DAY, "NETZWERK_LANG": "de"}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("NETZWERK_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    text = f'[google]\nkey = "{google.key_file(tmp_path)}"\nendpoint = "{google.url}"\n'
    (tmp_path / "netzwerk.toml").write_text(text, encoding="utf-8")
    return tmp_path


def address(document):
    return f"https://docs.google.com/spreadsheets/d/{document.id}/edit#gid=0"


LIST = [
    ["Organization", "Abbreviation", "Sector", "Status", "Phone"],
    ["Public Library", "PL", "Culture", "active", "0049"],
    ["Red Cross", "RC", "Health & care", "contacted", ""],
]


def test_a_list_in_a_document_is_used_where_it_stands(sim, home):
    document = sim.create("Netzwerk", locale="de_DE")
    tab = "Unsere Liste"
    document.human.add_tab(tab)
    document.human.type_rows(tab, "A1", LIST)
    before = document.human.values(tab)
    assert netz("adopt", address(document), "--dry-run").code == 0
    assert document.human.values(tab) == before
    done = netz("adopt", address(document), "--yes")
    assert done.code == 0, done.err
    now = document.human.values(tab)
    assert [row[: len(old)] for row, old in zip(now, before, strict=False)] == before
    assert "Nr" in now[0]
    assert {"P-001", "P-002"} <= {text for row in now for text in row}
    assert netz("sync", address(document)).code in {0, 3}
    assert netz("gaps", address(document)).code == 0
    assert "docs.google" not in done.out + done.err


def test_rows_of_a_file_go_into_a_document_once(sim, home):
    document = sim.create("Netzwerk", locale="de_DE")
    assert netz("init", address(document), "--yes").code == 0
    path = hand_lists.exported(home)
    done = netz("adopt", address(document), path, "--yes")
    assert done.code == 0, done.err
    assert {"Bücherei Süd", "00123", "=1+1"} <= {text for row in document.human.values("Partner") for text in row}
    assert {"01099", "=1+1"} <= {text for row in document.human.values("Liste export") for text in row}
    assert "nichts Neues" in netz("adopt", address(document), path, "--yes").out
    assert netz("undo", address(document), "--yes").code == 0
    assert "Bücherei Süd" not in {text for row in document.human.values("Partner") for text in row}


def test_no_contact_data_of_a_file_come_into_a_document_that_nobody_asked_for(sim, home):
    document = sim.create("Netzwerk", locale="de_DE")
    assert netz("init", address(document), "--yes").code == 0
    path = home / "partner.csv"
    path.write_text("Organisation;Kürzel;E-Mail;PLZ\nCaritas;CV;post@caritas.example;90402\n", "utf-8")
    assert netz("adopt", address(document), path, "--yes").code == 0
    copied = {text for row in document.human.values("Liste partner") for text in row}
    assert {"Caritas", "90402", "E-Mail (nicht kopiert)"} <= copied
    assert "post@caritas.example" not in copied
