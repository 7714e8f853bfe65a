"""A small network in a document behind a real socket: ten needs in the hands of one working group."""

import shutil
from types import SimpleNamespace

import pytest
from google_client import FakeTime
from mirror_machine import KEPT, Screen, lighten
from person import DAY, netz
from test_command_line import address

from netzwerk_sheets.backends.google import transport
from tests.sheetsim import Sim, discovery, serve

__all__ = ["made", "town"]
TAB, TEAM = "Bedarfe", "AG Nord"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A document with ten needs in the hands of one group, at rest."""
    if not discovery.available():
        pytest.skip("Google's API description is not here")
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as patch, serve(Sim()) as google:
        for name, value in {"STATE": str(folder / "state"), "TODAY": DAY, "LANG": "de"}.items():
            patch.setenv(f"NETZWERK_{name}", value)
        patch.delenv("NETZWERK_CONFIG", raising=False)
        patch.chdir(folder)
        key = google.key_file(folder)
        (folder / "netzwerk.toml").write_text(f'[google]\nkey = "{key}"\nendpoint = "{google.url}"\n', "utf-8")
        document = google.sim.create("Netz")
        place, screen = address(document), Screen(document)
        assert netz("init", place, "--yes").code == 0
        screen.write_rows("Arbeitsgruppen", [{"Name": TEAM, "Art": "Arbeitsgruppe", "Status": "aktiv"}])
        screen.write_rows(
            TAB,
            [
                {"Bedarf": f"Bedarf {n}", "Beleg": f"Beleg {n}", "Lebensbereich": "Mobilität", "AG": TEAM}
                for n in range(10)
            ],
        )
        assert netz("sync", place).code in {0, 3}
        for title in {sheet.title for sheet in document.content.sheets} - KEPT - {TEAM}:
            document.human.delete_tab(title)
        for _ in range(2):
            assert netz("sync", place).code in {0, 3}
        lighten(document)
        shutil.copytree(folder / "state", folder / "kept")
        yield SimpleNamespace(
            folder=folder, document=document, content=document.content, sim=google.sim, place=place, screen=screen
        )


@pytest.fixture
def town(made, monkeypatch):
    """That document and its state, for one test; nobody really waits."""
    made.sim.faults.clear()
    made.sim.forget_hooks()
    made.document.content = made.content.copy()
    made.document.version += 1
    shutil.rmtree(made.folder / "state")
    shutil.copytree(made.folder / "kept", made.folder / "state")
    monkeypatch.setattr(transport, "Clock", FakeTime().clock)
    yield made
    made.sim.check()
