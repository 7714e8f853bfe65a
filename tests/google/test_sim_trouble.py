"""Everything that can go wrong on the way: faults, quota, rights, protections, tokens, and edits in between."""

import json
from datetime import UTC, datetime

import pytest

from tests.sheetsim import ROBOT, Clock, Sim, discovery, faults
from tests.sheetsim.caller import Book, Caller
from tests.sheetsim.errors import ApiError
from tests.sheetsim.faults import ACTIONS

pytestmark = pytest.mark.skipif(not discovery.available(), reason="Google's API description is not here")
TAB = "Tabellenblatt1"
NOTE = {"updateCells": {"start": {}, "rows": [{"values": [{"note": "new"}]}], "fields": "note"}}


@pytest.fixture
def doc(sim):
    return sim.create()


@pytest.fixture
def book(sim, doc):
    return Book(sim, doc.id)


def post(book, *requests):
    return book.caller.send("POST", f"{book.path}:batchUpdate", {"requests": list(requests) or [NOTE]})


def noted(doc):
    return doc.human.cell(TAB, "A1").get("note")


# Action, the status that comes (0 for a broken connection), and whether the write was done.
SPOILERS = [
    (faults.status(429), 429, False),
    (faults.status(500), 500, False),
    (faults.status(503), 503, False),
    (faults.status(403), 403, False),
    (faults.status(400), 400, False),
    (faults.html(), 502, False),
    (faults.retry_after(7), 429, False),
    (faults.reset_before(), 0, False),
    (faults.reset_after_apply(), 200, True),
    (faults.truncate(), 200, True),
    (faults.slow(0.01), 200, True),
    (faults.stall(), 0, False),
    (faults.bad_json(), 200, True),
    (faults.empty_200(), 200, True),
    (faults.token_expired(), 401, False),
    (faults.scope_missing(), 403, False),
    (faults.service_disabled(), 403, False),
    (faults.doc_deleted_midway(), 404, False),
    (faults.quota_burst(), 429, False),
]


@pytest.mark.parametrize(("action", "status", "done"), SPOILERS, ids=lambda value: getattr(value, "name", None))
def test_a_fault_strikes_once_and_does_or_undoes(sim, doc, book, action, status, done):
    sim.faults.add(action, match="batchUpdate")
    reply = post(book)
    assert reply.status == status
    assert (noted(doc) == "new") is done
    assert sim.faults.happened == [("spreadsheets.batchUpdate", action.name)]
    if action.name != "doc_deleted_midway":
        assert post(book).status == 200


def test_every_planned_action_is_there():
    wanted = """html sorry reset_before reset_after_apply truncate stall bad_json empty_200 token_revoked token_expired
    scope_missing service_disabled doc_deleted_midway quota_burst storage_full"""
    assert set(wanted.split()) == set(ACTIONS)
    assert all(ACTIONS[name]().name == name for name in ACTIONS)


def test_nth_and_times(sim, book):
    sim.faults.add("html", match="get", nth=2, times=2)
    assert [book.caller.send("GET", book.path).status for _ in range(5)] == [200, 502, 502, 200, 200]
    sim.faults.add(faults.status(503), match="values.*", times=None)
    assert {book.caller.send("GET", f"{book.path}/values/A1").status for _ in range(5)} == {503}
    sim.faults.clear()
    assert book.caller.send("GET", f"{book.path}/values/A1").status == 200


def test_bodies_of_faults(sim, book):
    sim.faults.add(faults.retry_after(7))
    reply = book.caller.send("GET", book.path)
    assert reply.headers["Retry-After"] == "7"
    assert reply.json()["error"]["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    sim.faults.add("html")
    reply = book.caller.send("GET", book.path)
    assert "text/html" in reply.headers["Content-Type"]
    sim.faults.add("sorry")
    reply = book.caller.send("GET", f"/drive/v3/files/{book.path.split('/')[-1]}")
    assert (reply.status, b"automated queries" in reply.body) == (429, True)
    sim.faults.add("bad_json")
    with pytest.raises(json.JSONDecodeError):
        book.caller.send("GET", book.path).json()


def test_a_part_is_kept_only_when_the_fault_says_so(sim, doc, book):
    first, second = (
        {"updateSheetProperties": {"properties": {"title": title}, "fields": "title"}} for title in ("One", "Two")
    )
    sim.faults.add(faults.partial(1), match="batchUpdate")
    assert post(book, first, second).status == 500
    assert doc.content.sheets[0].title == "One"
    body = {"valueInputOption": "RAW", "data": [{"range": f"One!A{n}", "values": [[str(n)]]} for n in (1, 2, 3)]}
    sim.faults.add(faults.partial(2), match="values.batchUpdate")
    assert book.caller.send("POST", f"{book.path}/values:batchUpdate", body).status == 500
    assert doc.human.values("One") == [["1"], ["2"]]


def test_the_quota_is_per_minute_and_user_reads_and_writes_apart():
    clock = Clock(datetime(2026, 3, 1, 8, 0, 30, tzinfo=UTC))
    sim = Sim(clock=clock)
    doc = sim.create(share={ROBOT: "writer", "b@example.org": "writer"})
    book = Book(sim, doc.id)
    sim.quota.limit(reads=2, writes=1)
    assert [book.caller.send("GET", book.path).status for _ in range(3)] == [200, 200, 429]
    assert [post(book).status for _ in range(2)] == [200, 429]
    assert Book(sim, doc.id, "b@example.org").caller.send("GET", book.path).status == 200
    assert book.caller.send("GET", f"/drive/v3/files/{doc.id}").status == 200, "Drive counts on its own"
    refused = book.caller.send("GET", book.path).json()["error"]
    assert (refused["status"], refused["details"][0]["metadata"]["quota_limit_value"]) == ("RESOURCE_EXHAUSTED", "2")
    clock.advance(31)
    assert book.caller.send("GET", book.path).status == 200


def test_rights(sim):
    doc = sim.create(share={"reader@example.org": "reader", "writer@example.org": "writer"})
    reader, writer, stranger = (Book(sim, doc.id, f"{name}@example.org") for name in ("reader", "writer", "stranger"))
    assert reader.get()
    assert post(reader).status == 403
    assert post(writer).status == 200
    denied = stranger.caller.send("GET", stranger.path)
    assert (denied.status, denied.json()["error"]["message"]) == (403, "The caller does not have permission")
    file = f"/drive/v3/files/{doc.id}"
    assert stranger.caller.send("GET", file).status == 404
    assert writer.caller.send("DELETE", file).status == 403
    seen = reader.caller.ok("GET", file, fields="capabilities(canEdit),version,mimeType")
    assert seen["capabilities"] == {"canEdit": False}
    doc.share("anyone", "reader")
    assert stranger.get()


def test_drive_sees_every_change(sim, doc, book):
    file = f"/drive/v3/files/{doc.id}"

    def ask():
        return book.caller.ok("GET", file, fields="version,modifiedTime,lastModifyingUser(emailAddress)")

    first = ask()
    assert ask() == first
    post(book)
    second = ask()
    assert int(second["version"]) > int(first["version"])
    assert second["modifiedTime"] > first["modifiedTime"]
    assert second["lastModifyingUser"]["emailAddress"] == ROBOT
    doc.human.type(TAB, "A1", "x")
    assert ask()["lastModifyingUser"]["emailAddress"] == doc.owner
    assert set(book.caller.ok("GET", file)) == {"kind", "id", "name", "mimeType"}


def test_protections_refuse_others_and_warnings_let_the_api_through(sim):
    doc = sim.create(share={ROBOT: "writer", "b@example.org": "writer"})
    other, robot = Book(sim, doc.id, "b@example.org"), Book(sim, doc.id)
    area = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    protect = {"addProtectedRange": {"protectedRange": {"range": area, "editors": {"users": ["b@example.org"]}}}}
    doc.human.request(**protect)
    message = "You are trying to edit a protected cell or object."
    assert robot.refused(NOTE).startswith(f"Invalid requests[0].updateCells: {message}")
    status, said = robot.caller.error("PUT", f"{robot.path}/values/A1", {"values": [["x"]]}, valueInputOption="RAW")
    assert (status, said.startswith(message)) == (400, True)
    assert post(other).status == 200
    assert "editors" not in robot.get()["sheets"][0]["protectedRanges"][0]
    assert other.get()["sheets"][0]["protectedRanges"][0]["requestingUserCanEdit"] is True
    [protected] = doc.content.sheets[0].feature("protectedRanges")
    change = {
        "protectedRange": {"protectedRangeId": protected["protectedRangeId"], "warningOnly": True},
        "fields": "warningOnly",
    }
    doc.human.request(updateProtectedRange=change)
    assert post(robot).status == 200
    warn = {"range": area, "warningOnly": True, "editors": {"users": [ROBOT]}}
    assert "Editors cannot be set on it." in robot.refused({"addProtectedRange": {"protectedRange": warn}})
    whole = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "warningOnly": True}}}
    robot.batch(whole)
    assert "already has sheet protection" in robot.refused(whole)


def test_a_protected_tab_may_have_free_cells(sim, doc, book):
    free = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    doc.human.request(addProtectedRange={"protectedRange": {"range": {"sheetId": 0}, "unprotectedRanges": [free]}})
    assert post(book).status == 200
    elsewhere = {"updateCells": {**NOTE["updateCells"], "start": {"rowIndex": 3}}}
    assert "protected cell" in book.refused(elsewhere)


def test_tokens_and_how_far_they_reach(sim, doc):
    path = f"/v4/spreadsheets/{doc.id}"
    assert sim.handle("GET", path, "", {}, b"").status == 401
    caller = Caller(sim)
    assert caller.send("GET", path).status == 200
    sim.accounts.expire()
    assert caller.send("GET", path).status == 401
    narrow = Caller(sim, scopes=("https://www.googleapis.com/auth/spreadsheets",))
    assert narrow.send("GET", path).status == 200
    reply = narrow.send("GET", f"/drive/v3/files/{doc.id}").json()["error"]
    assert reply["message"] == "Request had insufficient authentication scopes."
    reading = Caller(sim, scopes=("https://www.googleapis.com/auth/spreadsheets.readonly",))
    assert reading.send("POST", f"{path}:batchUpdate", {"requests": [NOTE]}).status == 403


def test_the_token_endpoint_checks_the_signature_and_the_account(sim):
    import time
    from urllib.parse import urlencode

    from google.auth import crypt, jwt

    from tests.sheetsim.accounts import key_json

    def ask(email=ROBOT, scope="a", aud="https://oauth2.googleapis.com/token", late=0, **more):
        key = key_json("http://localhost/token")
        signer = crypt.RSASigner.from_string(key["private_key"])
        now = int(time.time()) - late
        claims = {"iss": email, "aud": aud, "iat": now, "exp": now + 3600, "scope": scope}
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": jwt.encode(signer, claims)}
        return sim.handle("POST", "/token", "", {}, urlencode({**form, **more}).encode())

    assert ask().json()["token_type"] == "Bearer"
    refused = [ask(email="x@example.org"), ask(late=9999), ask(aud="elsewhere"), ask(assertion=b"a.b.c"), ask(scope="")]
    assert {reply.status for reply in refused} == {400}
    assert refused[0].json()["error"] == "invalid_grant"
    sim.accounts.revoked.add(ROBOT)
    assert ask().json()["error"] == "invalid_grant"


def test_a_person_edits_between_our_read_and_our_write(sim, doc, book):
    book.write("A1", [["P-1", "a"], ["P-2", "b"]])
    sim.before("batchUpdate", lambda doc: doc.human.insert_row(TAB, 1))
    reply = book.batch(NOTE, includeSpreadsheetInResponse=True, responseRanges=["A1:A2"], responseIncludeGridData=True)
    rows = reply["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"]
    assert rows[0]["values"][0] == {"note": "new"}, "the note lies on the new row, and the same call shows that"
    assert rows[1]["values"][0]["formattedValue"] == "P-1"
    seen = []
    sim.after("get", lambda doc: seen.append(doc.human.type(TAB, "B1", "later")), nth=2)
    book.get()
    assert not seen
    book.get()
    assert seen
    assert doc.human.shows(TAB, "B1") == "later"


def test_the_log_counts_calls(sim, doc, book):
    book.get()
    post(book, NOTE, NOTE)
    book.caller.ok("GET", f"/drive/v3/files/{doc.id}")
    assert (sim.calls.count(), sim.calls.count("spreadsheets.*"), sim.calls.count("files.get")) == (3, 2, 1)
    [write] = sim.calls.named("batchUpdate")
    assert (write.kinds, write.status, write.user) == (("updateCells", "updateCells"), 200, ROBOT)
    assert write.sent > 100
    assert write.received > 10


def test_a_person_can_do_what_people_do(sim, doc):
    human = doc.human
    human.type_rows(TAB, "A1", [["Name", "Zahl"], ["b", "2"], ["a", "1,5"]])
    human.sort(TAB, "A2:B3", 1)
    assert human.values(TAB) == [["Name", "Zahl"], ["a", "1,5"], ["b", "2"]]
    human.cut_paste(TAB, "A2:B2", "D5")
    assert human.values(TAB)[4] == ["", "", "", "a", "1,5"]
    human.copy_paste(TAB, "A3", "A6")
    human.undo()
    assert len(human.values(TAB)) == 5
    human.note(TAB, "A1", "hier")
    human.add_tab("Zweites")
    human.move_tab("Zweites", 0)
    human.copy_tab(TAB, "Kopie")
    human.hide_tab("Kopie")
    human.hide_row(TAB, 2)
    human.hide_column(TAB, 3)
    human.rename_tab(TAB, "Partner")
    assert [sheet.title for sheet in doc.content.sheets] == ["Zweites", "Partner", "Kopie"]
    assert human.cell("Partner", "A1")["note"] == "hier"
    human.delete_tab("Kopie")
    human.type("Partner", "A1", "")
    assert human.shows("Partner", "A1") == ""
    assert human.cell("Partner", "A1") == {"note": "hier"}


def test_another_person_meets_protections(sim):
    doc = sim.create(share={"b@example.org": "writer"})
    doc.human.request(addProtectedRange={"protectedRange": {"range": {"sheetId": 0}}})
    with pytest.raises(ApiError):
        doc.human.as_user("b@example.org").type(TAB, "A1", "x")
    doc.human.type(TAB, "A1", "x")
