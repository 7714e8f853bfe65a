"""What the integration tests share: a day, a state of one's own, the demo network."""

import shutil

import pytest
from person import DAY, Person, netz

from netzwerk_sheets.state.folder import key_of


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """Every test has a state folder, a day and a language of its own."""
    monkeypatch.setenv("NETZWERK_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("NETZWERK_TODAY", DAY)
    monkeypatch.setenv("NETZWERK_LANG", "de")
    monkeypatch.delenv("NETZWERK_CONFIG", raising=False)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The demo network as `init --demo` makes it, once."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETZWERK_STATE", str(folder / "state"))
        patch.setenv("NETZWERK_TODAY", DAY)
        patch.setenv("NETZWERK_LANG", "de")
        assert netz("init", folder / "stadt.xlsx", "--demo").code == 0
    return folder


@pytest.fixture
def stadt(made, tmp_path):
    """A person with the demo network, as if it had just been made here."""
    path = tmp_path / "stadt.xlsx"
    taken_over(made, path, tmp_path / "state")
    return Person(path)


def taken_over(made, path, state):
    """Put a workbook with its state somewhere else, as if it had been made there."""
    shutil.copyfile(made / "stadt.xlsx", path)
    networks = state / "networks"
    networks.mkdir(parents=True)
    for part in (made / "state" / "networks").iterdir():
        shutil.copy(part, networks / part.name.replace(key_of(made / "stadt.xlsx"), key_of(path)))
