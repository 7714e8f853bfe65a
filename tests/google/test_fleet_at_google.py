"""Networks at Google share one account: they take turns, stay within its quota, and stop asking once it is refused."""

import json
import sys
from functools import partial
from pathlib import Path

import pytest
from google_client import FakeTime

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))
from person import DAY, netz

from netzwerk_sheets.backends.google import quota, transport


class Time(FakeTime):
    """Time that passes here and at the server only when somebody sleeps."""

    def __init__(self, sim):
        super().__init__()
        self._sim = sim

    def sleep(self, seconds):
        super().sleep(seconds)
        self._sim.clock.advance(seconds)


@pytest.fixture
def fleet(google, sim, tmp_path, monkeypatch):
    """Two documents in a list; at the server time stands still."""
    for name, value in {"STATE": tmp_path / "state", "TODAY": DAY, "LANG": "de"}.items():
        monkeypatch.setenv(f"NETZWERK_{name}", str(value))
    monkeypatch.delenv("NETZWERK_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("netzwerk.toml").write_text(
        f'[google]\nkey = "{google.key_file(tmp_path)}"\nendpoint = "{google.url}"\n', encoding="utf-8"
    )
    documents = [sim.create(f"Netz {number}") for number in range(2)]
    Path("liste.txt").write_text("".join(f"google:{document.id}\n" for document in documents), "utf-8")
    sim.clock._frozen = sim.clock.now()
    return documents


def synced():
    done = netz("fleet", "sync", "--networks", "liste.txt", "--json")
    return done.code, json.loads(done.out)["networks"]


def test_they_count_their_requests_together_and_wait_where_a_minute_is_full(fleet, sim, monkeypatch):
    for document in fleet:
        assert netz("init", f"google:{document.id}", "--yes").code == 0
    spent = Time(sim)
    monkeypatch.setattr(transport, "Clock", spent.clock)
    monkeypatch.setattr(transport, "Patience", partial(transport.Patience, per_minute=1))
    sim.quota.limit(1, 1)
    overrun = []
    for count in (lambda _account: {}, transport.sent_by):
        sim.clock.advance(60)
        sim.calls.clear()
        with monkeypatch.context() as patch:
            patch.setattr(transport, "sent_by", count)
            code, found = synced()
        assert code == 0, found
        assert {each["result"] for each in found.values()} <= {"synced", "same"}
        overrun.append(any(call.status == 429 for call in sim.calls.log))
        for document in fleet:
            document.human.type("Partner", "B30", "neu")
    assert overrun == [True, False]  # counted document by document, the minute would be too full
    assert spent.slept != []


def test_an_account_that_is_refused_is_not_asked_again_for_the_others(fleet, sim, monkeypatch):
    monkeypatch.setattr(transport, "Clock", FakeTime().clock)  # at the server no time passes
    sim.calls.clear()
    sim.quota.limit(0, 0)
    code, found = synced()
    assert code == 5
    assert [each["error"]["reason"] for each in found.values()] == ["google-quota"] * 2
    asked = [call for call in sim.calls.log if call.name == "spreadsheets.get"]
    assert {call.path.rpartition("/")[2] for call in asked} == {fleet[0].id}
    assert not any(document.id in json.dumps(found) for document in fleet)


def test_outside_of_a_fleet_each_document_counts_alone():
    assert quota.sent_by("a") is not quota.sent_by("a")
    with quota.shared_quota():
        assert quota.sent_by("a") is quota.sent_by("a")
        assert quota.sent_by("a") is not quota.sent_by("b")
    assert quota.sent_by("a") == {}
