"""Setting up: each thing that can be wrong is named, with its cure, and nothing else is tried after it."""

from types import SimpleNamespace

import pytest
from google_client import FakeTime

from netzwerk_sheets.backends.google import faults
from netzwerk_sheets.backends.google.probe import Step, probe
from netzwerk_sheets.backends.google.transport import Patience
from netzwerk_sheets.config import find_config
from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.sheets.language import Words
from tests.sheetsim import ROBOT
from tests.sheetsim import faults as sim_faults


@pytest.fixture
def doc(sim):
    return sim.create("Netz")


@pytest.fixture
def look(google, doc, tmp_path):
    """Probe the document; parts of the settings may be given."""
    key = google.key_file(tmp_path)

    def look(locator=doc.id, **parts):
        settings = SimpleNamespace(
            **{"key": key, "auth": "service", "endpoint": google.url, "token": None} | parts
        )  # fmt: skip
        patience = Patience(attempts=2, connect=2, answer=1)
        return probe(locator, settings, patience=patience, clock=FakeTime().clock())

    look.key = key
    return look


def last(steps):
    assert all(not step.reason for step in steps[:-1])
    return steps[-1]


def test_all_is_well(sim, look, doc):
    version = doc.version
    steps = look()
    assert [step.what for step in steps] == [
        "locator", "installed", "endpoint", "key", "sign-in", "document", "rights", "sheets",
    ]  # fmt: skip
    assert all(not step.reason and not step.exit_status for step in steps)
    assert steps[3].facts == {"account": ROBOT}
    assert doc.version == version


WRONG = [
    ("token_revoked", None, "sign-in", "google-key-revoked", 12),
    ("service_disabled", "files.get", "document", "google-api-off", 12),
    ("service_disabled", "get", "sheets", "google-api-off", 12),
    ("scope_missing", "files.get", "document", "google-scope-missing", 12),
    ("sorry", "files.get", "document", "google-quota", 5),
    ("reset_before", "files.get", "document", "google-unreachable", 5),
    ("doc_deleted_midway", "files.get", "document", "google-not-found", 10),
]


@pytest.mark.parametrize(("name", "match", "what", "reason", "status"), WRONG)
def test_each_fault_is_named_at_its_step(sim, look, name, match, what, reason, status):
    sim.faults.add(name, match=match, times=None)
    step = last(look())
    assert (step.what, step.reason, step.exit_status) == (what, reason, status)


def test_a_document_that_is_not_shared_is_not_found_in_drive(sim, look):
    step = last(look(sim.create("Fremd", share={}).id))
    assert (step.what, step.reason, step.exit_status) == ("document", "google-not-found", 10)


def test_a_document_one_may_only_read_says_with_whom_to_share_it(sim, look):
    step = last(look(sim.create("Lesen", share={ROBOT: "reader"}).id))
    assert (step.what, step.reason, step.exit_status) == ("rights", "google-not-shared", 10)
    assert step.facts["account"] == ROBOT


def test_an_excel_file_opened_in_google_is_told_from_a_spreadsheet(sim, look, doc):
    sim.faults.add(
        sim_faults.Action("office", body=b'{"mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}'),
        match="files.get",
    )  # fmt: skip
    step = last(look())
    assert (step.what, step.reason) == ("document", "google-office-file")


def test_what_is_wrong_here_is_found_before_anything_is_sent(sim, look, tmp_path):
    assert last(look("stadt.xlsx")).reason == "google-address-unclear"
    assert last(look(key=None)).reason == "google-key-not-named"
    assert last(look(key=tmp_path / "nein.json")).reason == "google-key-missing"
    assert last(look(endpoint="http://egress.example")).reason == "google-endpoint-unsafe"
    look.key.chmod(0o644)
    assert last(look()) == Step("key", "google-key-open", {"file": str(look.key)}, 10)
    assert sim.calls.count() == 0


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_a_probe_can_say_has_a_sentence_and_a_cure(language):
    words = Words(language)
    for reason in ("google-clock", *(each[3] for each in WRONG), *(reason for _, reason in faults._SIGN_IN)):
        assert words.has(f"error.{reason}")
        assert words.has(f"error.{reason}-hint")


# --- the configuration ------------------------------------------------------------------------------------


def test_the_configuration_says_how_to_sign_in(tmp_path):
    path = tmp_path / "netzwerk.toml"
    path.write_text('[google]\nkey = "keys/robot.json"\nendpoint = "https://egress.example"\n')
    found = find_config(path).google
    assert found.key == tmp_path / "keys" / "robot.json"
    assert (found.auth, found.endpoint) == ("service", "https://egress.example")
    assert found.token.name == "google-token.json"
    path.write_text('workbook = "stadt.xlsx"\n')
    assert find_config(path).google.key is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[google]\nkye = "x"\n', "config-unknown-key"),
        ("[google]\nkey = 5\n", "config-unreadable"),
        ("google = 5\n", "config-unreadable"),
        ('[google]\nauth = "magic"\n', "google-auth-unknown"),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path, text, reason):
    path = tmp_path / "netzwerk.toml"
    path.write_text(text)
    with pytest.raises(WrongUse, match=reason):
        find_config(path)


def test_the_command_line_starts_without_anything_of_google():
    import subprocess
    import sys

    code = "import sys, netzwerk_sheets.backends.google; print([m for m in sys.modules if m.split('.')[0] in {'gspread', 'google', 'requests'}])"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_gspread_a_plain_message_says_what_to_install(monkeypatch, tmp_path):
    import importlib.util

    from netzwerk_sheets.backends.google import open_google

    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(WrongUse, match="google-not-installed"):
        open_google("google:x", SimpleNamespace(key=None, auth="service", endpoint="", token=None))
