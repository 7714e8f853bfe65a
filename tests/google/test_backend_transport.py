"""Every fault on the way to Google ends: in an answer, or in one plain error within the time a run has."""

import socket
import threading
from types import SimpleNamespace

import pytest
from google_client import DAY, PLACE, FakeTime, patience, way, workbook
from requests import Session

from netzwerk_sheets.backends.google import GoogleWorkbook, faults, open_google
from netzwerk_sheets.backends.google.access import SCOPES, keep, transport
from netzwerk_sheets.backends.google.transport import DRIVE, SHEETS, Calls, Clock, Patience, SheetsTransport, rebase
from netzwerk_sheets.errors import (
    AccessDenied,
    CredentialsRefused,
    ServiceUnreachable,
    WorkbookNotFound,
    WorkbookRefused,
    WriteUnconfirmed,
    WrongUse,
)
from netzwerk_sheets.grid import SetMarker
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.looks import look
from tests.sheetsim import ROBOT
from tests.sheetsim import faults as sim_faults

LOOK = look(Words("de"))
QUICK = Patience(connect=2, answer=0.5)
"""For real sockets: short enough that a test that stalls ends soon."""


def settings(key, **parts):
    return SimpleNamespace(**{"key": key, "auth": "service", "endpoint": "", "token": None} | parts)


@pytest.fixture
def doc(sim):
    doc = sim.create("Netz")
    doc.human.type("Tabellenblatt1", "A1", "hier")
    return doc


@pytest.fixture
def over_the_wire(google, doc, tmp_path):
    """The document through a real connection, with time that passes only when the transport sleeps."""
    spent = FakeTime()
    made = transport(settings(google.key_file(tmp_path), endpoint=google.url), patience=QUICK, clock=spent.clock())
    found = GoogleWorkbook(doc.id, made)
    found.spent = spent
    return found


def mark(book, text="netzwerk 1 run=1"):
    """Write the least there is to write."""
    snapshot = book.read()
    return book.apply([SetMarker(text)], expected=snapshot.revision, look=LOOK)


def marker(book):
    return book.read().marker


# --- where requests go ------------------------------------------------------------------------------------


def test_requests_go_to_google_or_the_chosen_endpoint_and_nowhere_else():
    assert rebase(f"{SHEETS}/v4/spreadsheets/x", "") == f"{SHEETS}/v4/spreadsheets/x"
    assert rebase(f"{SHEETS}/v4/x?y=1", "https://egress.example/g/") == "https://egress.example/g/v4/x?y=1"
    assert rebase(f"{DRIVE}/drive/v3/files/x", "http://127.0.0.1:8") == "http://127.0.0.1:8/drive/v3/files/x"
    for url in ("https://evil.example/v4/x", "http://sheets.googleapis.com/v4/x", "https://sheets.googleapis.com.evil/x", "https://a@evil/x"):  # fmt: skip
        for endpoint in ("", PLACE):
            with pytest.raises(WrongUse, match="google-host-unknown"):
                rebase(url, endpoint)


@pytest.mark.parametrize("endpoint", ["http://egress.example", "http://127.0.0.1.evil.example", "egress", "ftp://127.0.0.1", "https://user:pw@egress.example", "file:///x"])  # fmt: skip
def test_the_sign_in_never_travels_unencrypted(endpoint):
    with pytest.raises(WrongUse, match="google-endpoint-unsafe"):
        SheetsTransport(None, Session(), endpoint=endpoint)


@pytest.mark.parametrize("endpoint", ["", "https://private.googleapis.com", "http://127.0.0.1:99", "http://localhost:9", "http://[::1]:9"])  # fmt: skip
def test_safe_endpoints_are_taken(endpoint):
    SheetsTransport(None, Session(), endpoint=endpoint)


def test_gspread_itself_goes_the_same_way(sim, doc):
    import gspread

    made = way(sim)
    client = gspread.Client(None, http_client=lambda *_args, **_parts: made)
    assert client.open_by_key(doc.id).sheet1.acell("A1").value == "hier"
    assert made.calls.total == sim.calls.count()


# --- waiting ----------------------------------------------------------------------------------------------


def test_waiting_doubles_has_an_end_and_follows_what_is_asked():
    waits = [Patience().before(attempt, None, 0.0) for attempt in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 32, 32]
    assert Patience().before(1, None, 1.0) == 1.5
    assert Patience().before(1, 40, 0.0) == 40


def test_a_minute_is_never_overfilled():
    spent, calls = FakeTime(), Calls()
    for _ in range(130):
        calls.pace("reads", spent.clock(), 50)
    assert calls.reads == 130
    assert spent.moment == 120
    calls.pace("writes", spent.clock(), 50)
    assert calls.writes == 1
    assert spent.moment == 120


PASSING = ["status 429", "status 500", "status 503", "html", "empty_200", "bad_json", "retry_after", "quota_burst"]


def action(name):
    if name.startswith("status"):
        return sim_faults.status(int(name[7:]))
    return sim_faults.retry_after(17) if name == "retry_after" else name


@pytest.mark.parametrize("name", PASSING)
def test_a_read_goes_on_when_a_fault_passes(sim, doc, name):
    spent = FakeTime()
    book = workbook(sim, doc, clock=spent.clock())
    sim.faults.add(action(name), match="get", times=3)
    assert book.read().tabs[0].rows == {1: {1: "hier"}}
    assert book.transport.calls.reads == 4
    assert len(spent.slept) == 3
    assert spent.slept[0] == (17 if name == "retry_after" else 1.25)


@pytest.mark.parametrize("name", PASSING)
def test_a_read_ends_when_a_fault_stays(sim, doc, name):
    spent = FakeTime()
    book = workbook(sim, doc, clock=spent.clock())
    sim.faults.add(action(name), match="get", times=None)
    with pytest.raises(ServiceUnreachable) as told:
        book.read()
    assert told.value.exit_status == 5
    assert book.transport.calls.reads <= Patience().attempts
    assert 30 < spent.moment <= Patience().total


def test_a_service_that_asks_for_too_much_patience_is_left_at_once(sim, doc):
    spent = FakeTime()
    sim.faults.add(sim_faults.retry_after(4000), match="get", times=None)
    with pytest.raises(ServiceUnreachable, match="google-quota"):
        workbook(sim, doc, clock=spent.clock()).read()
    assert spent.slept == []


WIRE = ["reset_before", "reset_after_apply", "truncate", "stall"]


@pytest.mark.parametrize("name", WIRE)
def test_a_read_survives_a_broken_connection(sim, over_the_wire, name):
    sim.faults.add(name, match="get", times=2)
    assert over_the_wire.read().tabs[0].title == "Tabellenblatt1"
    assert sim.calls.count("get") == 3
    assert len(over_the_wire.spent.slept) == 2


def test_a_connection_that_stays_broken_ends_in_words(sim, over_the_wire):
    sim.faults.add("reset_before", match="get", times=None)
    with pytest.raises(ServiceUnreachable, match="google-unreachable"):
        over_the_wire.read()
    sim.faults.clear()
    sim.faults.add("stall", match="get", times=None)
    over_the_wire.transport.patience = Patience(attempts=2)
    with pytest.raises(ServiceUnreachable, match="google-timeout"):
        over_the_wire.read()


def test_nobody_at_home_ends_in_words(tmp_path, sim, doc, google):
    """Nothing listens where the endpoint points to: a write was surely not sent, and may be tried again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spent = FakeTime()
    session = Session()
    made = SheetsTransport(None, session, endpoint=f"http://127.0.0.1:{port}", clock=spent.clock())
    for method in ("get", "post"):
        with pytest.raises(ServiceUnreachable, match="google-unreachable"):
            made.call(method, f"{SHEETS}/v4/spreadsheets/{doc.id}")
    assert len(spent.slept) == 2 * (Patience().attempts - 1)


def test_a_slow_answer_is_waited_for(sim, over_the_wire):
    sim.faults.add(sim_faults.slow(0.2), match="get")
    assert over_the_wire.read().marker is None
    assert sim.calls.count("get") == 1


# --- writes -----------------------------------------------------------------------------------------------


APPLIED = {"empty_200", "bad_json", "reset_after_apply", "truncate"}
"""What goes wrong only after the write was carried out."""


@pytest.mark.parametrize("name", ["status 500", "status 503", "html", "empty_200", "bad_json"])
def test_a_write_without_a_clear_answer_is_sent_once_and_looked_up(sim, doc, name):
    """Where the document shows the marker all is well; where it does not the write is said to be open."""
    spent = FakeTime()
    book = workbook(sim, doc, clock=spent.clock())
    sim.faults.add(action(name), match="batchUpdate")
    if name in APPLIED:
        mark(book)
    else:
        with pytest.raises(WriteUnconfirmed, match="google-write-unconfirmed"):
            mark(book)
    assert sim.calls.count("batchUpdate") == 1
    assert sim.calls.count("get") == 2
    assert spent.slept == []


@pytest.mark.parametrize("name", WIRE)
def test_a_write_whose_connection_broke_is_sent_once_and_the_marker_tells(sim, over_the_wire, name):
    sim.faults.add(name, match="batchUpdate")
    sim.faults.add(sim_faults.status(403), match="get", nth=2)  # and it cannot be looked up
    with pytest.raises(WriteUnconfirmed) as told:
        mark(over_the_wire)
    assert told.value.exit_status == 5
    assert sim.calls.count("batchUpdate") == 1
    assert marker(over_the_wire) == ("netzwerk 1 run=1" if name in APPLIED else None)


@pytest.mark.parametrize("name", ["status 429", "retry_after", "quota_burst"])
def test_a_write_that_was_surely_refused_is_sent_again(sim, doc, name):
    spent = FakeTime()
    book = workbook(sim, doc, clock=spent.clock())
    sim.faults.add(action(name), match="batchUpdate", times=2)
    mark(book)
    assert sim.calls.count("batchUpdate") == 3
    assert marker(book) == "netzwerk 1 run=1"


@pytest.mark.parametrize("name", ["status 400", "status 403", "status 404", "status 401"])
def test_a_write_that_is_refused_for_good_writes_nothing(sim, doc, name):
    book = workbook(sim, doc)
    snapshot = book.read()
    before = doc.version
    sim.faults.add(action(name), match="batchUpdate")
    with pytest.raises((WorkbookRefused, AccessDenied, WorkbookNotFound, CredentialsRefused)):
        book.apply([SetMarker("x")], expected=snapshot.revision, look=LOOK)
    assert sim.calls.count("batchUpdate") == 1
    assert doc.version == before


def test_two_writes_at_once_cannot_both_make_the_same_entry(sim, doc):
    one, other = workbook(sim, doc), workbook(sim, doc)
    first, second = one.read(), other.read()
    one.apply([SetMarker("one")], expected=first.revision, look=LOOK)
    from netzwerk_sheets.errors import WorkbookChanged

    with pytest.raises(WorkbookChanged):
        other.apply([SetMarker("other")], expected=second.revision, look=LOOK)
    assert marker(one) == "one"


# --- signing in -------------------------------------------------------------------------------------------


def test_signing_in_asks_for_a_token_once_and_again_when_it_is_over(sim, over_the_wire):
    over_the_wire.read()
    over_the_wire.read()
    assert sim.calls.count("token") == 1
    sim.accounts.expire()
    over_the_wire.read()
    assert sim.calls.count("token") == 2


def test_a_token_that_ends_while_writing_is_renewed(sim, over_the_wire):
    snapshot = over_the_wire.read()
    sim.faults.add("token_expired", match="batchUpdate")
    over_the_wire.apply([SetMarker("m")], expected=snapshot.revision, look=LOOK)
    assert marker(over_the_wire) == "m"


def test_a_revoked_key_says_so(sim, over_the_wire):
    sim.faults.add("token_revoked", times=None)
    with pytest.raises(CredentialsRefused, match="google-key-revoked") as told:
        over_the_wire.read()
    assert told.value.exit_status == 12
    assert told.value.__cause__ is None


@pytest.mark.parametrize(("name", "reason"), [("scope_missing", "google-scope-missing"), ("service_disabled", "google-api-off")])  # fmt: skip
def test_what_the_project_does_not_allow_is_named(sim, doc, name, reason):
    sim.faults.add(name, match="get")
    with pytest.raises(CredentialsRefused, match=reason) as told:
        workbook(sim, doc).read()
    assert told.value.exit_status == 12


def test_a_token_endpoint_in_trouble_is_waited_for(sim, over_the_wire):
    sim.faults.add(sim_faults.status(503), match="token", times=2)
    assert over_the_wire.read().tabs
    sim.faults.clear()


@pytest.mark.parametrize("name", ["bad_json", "empty_200", "html"])
def test_an_answer_to_the_sign_in_that_is_none_is_waited_for_and_ends_in_words(sim, over_the_wire, name):
    """Something between here and Google answers with a page of its own, for example a portal that wants a sign-in."""
    sim.faults.add(name, match="token", times=2)
    assert over_the_wire.read().tabs
    sim.accounts.expire()
    sim.faults.add(name, match="token", times=None)
    with pytest.raises(ServiceUnreachable) as told:
        over_the_wire.read()
    assert told.value.exit_status == 5
    sim.faults.clear()


def test_a_wrong_clock_is_told_from_a_wrong_key():
    from google.auth.exceptions import RefreshError

    told = "invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values."  # fmt: skip
    assert faults.of_exception(RefreshError(told, {})).error.reason == "google-clock"
    assert faults.of_exception(RefreshError("invalid_grant: Invalid JWT Signature.", {})).error.reason == "google-key-revoked"  # fmt: skip
    assert faults.of_exception(RefreshError("invalid_grant: Token has been expired or revoked.", {})).error.reason == "google-key-revoked"  # fmt: skip
    assert faults.of_exception(RefreshError("invalid_scope: Bad Request", {})).error.reason == "google-scope-missing"
    assert faults.of_exception(RefreshError("strange", {})).error.reason == "google-sign-in-refused"


def test_a_document_that_is_not_shared_names_the_address_to_share_it_with(sim):
    doc = sim.create("Fremd", share={})
    with pytest.raises(AccessDenied, match="google-not-shared") as told:
        workbook(sim, doc).read()
    assert told.value.exit_status == 10
    assert told.value.facts["account"] == ROBOT


def test_a_document_one_may_only_read_is_not_written(sim):
    doc = sim.create("Nur lesen", share={ROBOT: "reader"})
    book = workbook(sim, doc)
    with pytest.raises(AccessDenied, match="google-not-shared"):
        mark(book)


def test_a_document_that_is_gone_says_so(sim, doc):
    book = workbook(sim, doc)
    book.read()
    sim.faults.add("doc_deleted_midway", match="get")
    with pytest.raises(WorkbookNotFound, match="google-not-found") as told:
        book.read()
    assert told.value.exit_status == 10


# --- keys -------------------------------------------------------------------------------------------------


def test_opening_takes_an_address_and_the_configuration(google, doc, tmp_path):
    key = google.key_file(tmp_path)
    url = f"https://docs.google.com/spreadsheets/d/{doc.id}/edit#gid=0"
    book = open_google(url, settings(key, endpoint=google.url))
    assert book.read().tabs[0].rows == {1: {1: "hier"}}
    assert book.name == "Netz"
    assert book.address == f"https://docs.google.com/spreadsheets/d/{doc.id}/edit"


def test_the_tool_asks_for_no_more_than_it_needs(google, over_the_wire):
    over_the_wire.read()
    tokens = list(google.sim.accounts.tokens.values())
    assert tokens[0].scopes == set(SCOPES)
    assert not any(scope.endswith("/auth/drive") for scope in SCOPES)


def test_a_key_that_others_may_read_is_refused(google, doc, tmp_path):
    key = google.key_file(tmp_path)
    key.chmod(0o640)
    with pytest.raises(AccessDenied, match="google-key-open") as told:
        open_google(doc.id, settings(key))
    assert told.value.facts["file"] == str(key)


def test_keys_that_are_none_are_refused(doc, tmp_path):
    with pytest.raises(WrongUse, match="google-key-not-named"):
        open_google(doc.id, settings(None))
    with pytest.raises(AccessDenied, match="google-key-missing"):
        open_google(doc.id, settings(tmp_path / "nowhere.json"))
    key = tmp_path / "key.json"
    for content in ("", "no json", "[]", "{}", '{"type": "service_account", "private_key": "secret", "client_email": "a"}'):  # fmt: skip
        key.write_text(content)
        key.chmod(0o600)
        with pytest.raises(CredentialsRefused, match="google-key-unreadable") as told:
            open_google(doc.id, settings(key))
        assert "secret" not in repr(told.value) + repr(told.value.facts)
        assert told.value.__cause__ is None


def test_a_kept_sign_in_is_for_its_owner_alone(tmp_path):
    place = tmp_path / "folder" / "token.json"
    keep(place, "secret")
    keep(place, "newer")
    assert place.read_text() == "newer"
    assert place.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in place.parent.iterdir()] == ["token.json"]


def test_a_person_signs_in_once(google, doc, tmp_path):
    """The browser is the only part that is not there: the answer of the flow stands in for it."""
    from google.oauth2.credentials import Credentials

    flows = []

    def answered(client_config, scopes, port=0):
        flows.append(tuple(scopes))
        token = google.sim.accounts.issue(doc.owner, frozenset(SCOPES))
        return Credentials(token, "refresh", None, f"{google.url}/token", "client", "secret", scopes)

    key = tmp_path / "client.json"
    key.write_text('{"installed": {"client_id": "c", "client_secret": "s"}}')
    key.chmod(0o600)
    token = tmp_path / "config" / "google-token.json"
    person = settings(key, auth="person", endpoint=google.url, token=token)
    assert GoogleWorkbook(doc.id, transport(person, flow=answered)).read().tabs
    assert token.stat().st_mode & 0o777 == 0o600
    assert flows == [SCOPES]
    open_google(doc.id, person)
    assert len(flows) == 1
    token.chmod(0o644)
    with pytest.raises(AccessDenied, match="google-key-open"):
        open_google(doc.id, person)


# --- versions ---------------------------------------------------------------------------------------------


def test_a_glance_costs_one_call_and_sees_every_change(sim, doc):
    book = workbook(sim, doc)
    first = book.glance()
    assert book.glance() == first
    assert (book.transport.calls.drive, book.transport.calls.reads) == (2, 0)
    doc.human.type("Tabellenblatt1", "B2", "neu")
    assert book.glance() != first


def test_waiting_in_one_thread_does_not_count_in_another(sim, doc):
    books = [workbook(sim, doc) for _ in range(4)]
    threads = [threading.Thread(target=book.read) for book in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [book.transport.calls.reads for book in books] == [1] * 4
    assert isinstance(Clock().now(), float)
    assert patience(attempts=2).attempts == 2
    assert DAY.year == 2025
