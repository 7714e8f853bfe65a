"""A person signs in once, from the command line: in a process of its own, over real sockets, back from the browser.

The browser is a program that does what one does after „Allow“: it follows the redirect to this machine with a code.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_command_line import address

from netzwerk_sheets.backends.google.access import SCOPES
from tests.sheetsim.accounts import AUTH_URI

ROOT = Path(__file__).parents[2]
BROWSER = """
import sys, urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
here = Path(__file__).parent
asked = parse_qs(urlsplit(sys.argv[1]).query)
(here / "asked").write_text(sys.argv[1])
answer = {"state": asked["state"][0], **eval((here / "answer").read_text())}
urllib.request.urlopen(asked["redirect_uri"][0] + "?" + urlencode(answer), timeout=20).read()
"""


@pytest.fixture
def desk(google, sim, tmp_path):
    """Somebody's machine, where nobody signed in yet, and a document of theirs that nobody shared."""
    document = sim.create("Netz", share={})
    key = {"client_id": "c", "client_secret": "geheim-1", "auth_uri": AUTH_URI, "token_uri": f"{google.url}/token"}
    (tmp_path / "client.json").write_text(json.dumps({"installed": key}), "utf-8")
    (tmp_path / "client.json").chmod(0o600)
    (tmp_path / "netzwerk.toml").write_text(
        f'[google]\nkey = "client.json"\nauth = "person"\nendpoint = "{google.url}"\n', "utf-8"
    )
    (tmp_path / "browser.py").write_text(BROWSER, "utf-8")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "NETZWERK_STATE": str(tmp_path / "state"), "NETZWERK_LANG": "de",
        "BROWSER": f"{sys.executable} {tmp_path / 'browser.py'} %s &",
        "OAUTHLIB_INSECURE_TRANSPORT": "1",  # the simulated Google has no certificate
    }  # fmt: skip
    environment.pop("NETZWERK_CONFIG", None)

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "netzwerk_sheets", *words], cwd=tmp_path, env=environment, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip

    def agree(**answer):
        code = sim.accounts.consent(document.owner, frozenset(SCOPES))
        (tmp_path / "answer").write_text(repr(answer or {"code": code, "scope": " ".join(SCOPES)}), "utf-8")

    agree()
    return SimpleNamespace(
        folder=tmp_path, run=run, agree=agree, document=document, place=address(document), accounts=sim.accounts, environment=environment,
        token=tmp_path / "config" / "netzwerk" / "google-token.json", asked=tmp_path / "asked",
    )  # fmt: skip


def test_a_person_signs_in_once_and_then_no_more_until_it_is_revoked(desk):
    done = desk.run("init", desk.place, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"], "nothing but the document may stand there"
    assert desk.document.last_user == desk.document.owner
    assert all(scope in desk.asked.read_text("utf-8").replace("%3A", ":").replace("%2F", "/") for scope in SCOPES)
    assert desk.token.stat().st_mode & 0o777 == 0o600
    desk.asked.unlink()
    # An hour later the first token has run out; nobody is asked for all that.
    desk.accounts.expire()
    done = desk.run("sync", desk.place)
    assert done.returncode in {0, 3}, done.stderr
    assert not desk.asked.exists()
    kept = json.loads(desk.token.read_text("utf-8"))
    desk.accounts.expire()
    desk.accounts.revoked.add(desk.document.owner)
    version = desk.document.version
    done = desk.run("sync", desk.place)
    assert done.returncode == 12
    assert "Google kennt" in done.stderr
    assert "google-token.json" in done.stderr
    assert desk.document.version == version
    said = done.stdout + done.stderr
    assert not any(secret in said for secret in ("geheim-1", kept["refresh_token"], desk.document.owner))
    assert not desk.asked.exists(), "a run that nobody watches must not wait for a browser"
    # What the message says helps.
    desk.accounts.revoked.clear()
    desk.token.unlink()
    desk.agree()
    assert desk.run("sync", desk.place).returncode in {0, 3}
    assert desk.asked.exists()


def test_who_says_no_in_the_browser_gets_a_plain_message(desk):
    desk.agree(error="access_denied")
    done = desk.run("init", desk.place, "--yes")
    assert done.returncode == 12, done.stderr
    assert "Anmeldung" in done.stderr
    assert "Traceback" not in done.stderr
    assert not desk.token.exists()
    assert len(desk.document.content.sheets) == 1


def test_without_a_browser_a_plain_message_says_what_to_do(desk):
    desk.environment.update(BROWSER="", DISPLAY="", WAYLAND_DISPLAY="", PATH="/nirgends")
    done = desk.run("sync", desk.place)
    assert done.returncode == 12, done.stderr
    assert "Browser" in done.stderr
    assert "google-token.json" in done.stderr
