"""Erasing a person on a document at Google, and in a file that is kept in step with one."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))
from person import netz
from persontraces import EMAIL, KEPT, NAME, PHONE, ROLE, ROW, grep
from test_command_line import address, home, reads, spot  # noqa: F401 - `home` is a fixture

SECRETS = (NAME, EMAIL, PHONE, ROLE)


@pytest.fixture
def document(sim, home):  # noqa: F811 - the fixture
    made = sim.create("Netzwerk", locale="de_DE")
    assert netz("init", address(made), "--demo", "--yes").code == 0
    for sheet in made.content.sheets:
        # Most cells are empty and only guide people who type; without them the server is three times as quick.
        sheet.cells = {place: cell for place, cell in sheet.cells.items() if cell.keys() != {"dataValidation"}}
    for header, text in {"Name": NAME, "E-Mail": EMAIL, "Telefon": PHONE, "Funktion": ROLE}.items():
        made.human.type("Ansprechpersonen", spot(made, "Ansprechpersonen", ROW, header), f"'{text}")
    made.human.type("Bedarfe", spot(made, "Bedarfe", "B-002", "Problem"), f"{NAME} hat angerufen. {KEPT}.")
    made.human.note("Partner", "B4", f"{NAME} fragen; {KEPT}")
    made.human.note("Ansprechpersonen", spot(made, "Ansprechpersonen", ROW, "Name"), "ruft nie zurück")
    assert netz("sync", address(made)).code in {0, 3}
    return made


def content(document):
    return str([sheet.cells for sheet in document.content.sheets])


def test_a_person_is_erased_for_good_from_cells_notes_and_what_is_remembered(document, home):  # noqa: F811
    before = content(document)
    assert all(secret in before for secret in SECRETS)
    old = document.content.copy()
    done = netz("person", address(document), "erase", ROW, "--yes")
    assert done.code == 0, done.err
    assert "in einer Notiz" in done.out
    assert "Google hebt frühere Fassungen" in done.err
    after = content(document)
    assert not any(secret in after for secret in SECRETS)
    assert "ruft nie zurück" not in after
    assert f"gelöscht fragen; {KEPT}" in after
    assert reads(document, "Bedarfe", "B-002", "Problem") == f"gelöscht hat angerufen. {KEPT}."
    assert grep(home / "state", SECRETS)[0] == []
    # Somebody brings an earlier version of the document back.
    document.content = old
    document.version += 1
    done = netz("sync", address(document))
    assert "nicht wieder aufgenommen" in done.err
    assert not any(secret in content(document) for secret in SECRETS)
    assert grep(home / "state", SECRETS)[0] == []
