"""gspread's own client, over a socket; and what broken connections look like from its side."""

import functools
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import google.auth.exceptions
import gspread
import pytest
import requests
from gspread.http_client import HTTPClient
from gspread.utils import MergeType, ValueInputOption, ValueRenderOption

from tests.sheetsim import discovery, faults

ROOT = Path(__file__).resolve().parents[2]
TAB = "Tabellenblatt1"


class Here(HTTPClient):
    """gspread's client with Google's two hosts mapped to ours."""

    def __init__(self, auth, session=None, *, url):
        super().__init__(auth, session)
        self.url = url
        self.set_timeout((2, 2))

    def request(self, method, endpoint, *args, **kwargs):
        split = urlsplit(endpoint)
        assert split.hostname in {"sheets.googleapis.com", "www.googleapis.com"}
        query = f"?{split.query}" if split.query else ""
        return super().request(method, f"{self.url}{split.path}{query}", *args, **kwargs)


@pytest.fixture
def client(google, tmp_path):
    return gspread.service_account(google.key_file(tmp_path), http_client=functools.partial(Here, url=google.url))


@pytest.fixture
def doc(google):
    return google.sim.create("Netz werk", share={"service-account@example.iam.gserviceaccount.com": "writer"})


@pytest.fixture
def tab(client, doc):
    return client.open_by_key(doc.id).sheet1


def test_open_by_key_name_and_list(client, doc):
    assert client.open_by_key(doc.id).title == "Netz werk"
    assert client.open("Netz werk").id == doc.id
    assert [file["id"] for file in client.list_spreadsheet_files()] == [doc.id]
    assert [tab.title for tab in client.open_by_key(doc.id).worksheets()] == [TAB]
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key("none")


def test_values_through_gspread(tab):
    tab.update([["a", 1], ["b", None], ["", 3]], "A1")
    assert tab.get_all_values() == [["a", "1"], ["b", ""], ["", "3"]]
    assert tab.batch_get(["A1:B1", "B3"]) == [[["a", "1"]], [["3"]]]
    tab.batch_update([{"range": "A5", "values": [["1,5"]]}], value_input_option=ValueInputOption.user_entered)
    assert tab.acell("A5", ValueRenderOption.unformatted).value == 1.5
    tab.append_row(["c", "d"], table_range="A1")
    assert tab.row_values(4) == ["c", "d"]
    tab.batch_clear(["A1:B1"])
    assert tab.row_values(1) == []
    assert tab.find("c").address == "A4"


def test_structure_through_gspread(client, doc, tab):
    tab.insert_row(["first"], 1)
    tab.add_rows(5)
    assert (tab.row_count, tab.acell("A1").value) == (1006, "first")
    tab.delete_rows(1)
    tab.hide_columns(1, 2)
    tab.freeze(rows=1)
    tab.sort((1, "asc"))
    tab.update_title("Sport/Freizeit")
    tab.update([["x"]], "B2")
    assert tab.get_values("B2") == [["x"]]
    again = client.open_by_key(doc.id).worksheet("Sport/Freizeit")
    assert (again.frozen_row_count, again.id) == (1, 0)
    copy = again.duplicate(new_sheet_name="Jon's")
    assert copy.get_values("B2") == [["x"]]
    client.open_by_key(doc.id).del_worksheet(copy)
    other = client.open_by_key(doc.id).add_worksheet("🌵", 5, 5)
    other.update_index(0)
    assert [one.title for one in client.open_by_key(doc.id).worksheets()] == ["🌵", "Sport/Freizeit"]


def test_notes_merges_formats_and_protections_through_gspread(client, doc, tab):
    tab.update_note("B2", "note")
    assert tab.get_note("B2") == "note"
    assert tab.get_notes() == [[], ["", "note"]]
    tab.clear_notes(["B2"])
    assert tab.get_note("B2") == ""
    tab.merge_cells("A1:B2", MergeType.merge_rows)
    merges = client.open_by_key(doc.id).fetch_sheet_metadata()["sheets"][0]["merges"]
    assert [(merge["startRowIndex"], merge["endRowIndex"]) for merge in merges] == [(0, 1), (1, 2)]
    tab.unmerge_cells("A1:B2")
    tab.format("A1:B1", {"textFormat": {"bold": True}, "backgroundColor": {"red": 1}})
    tab.set_basic_filter("A1:B3")
    tab.add_protected_range("A1:B1", warning_only=True)
    tab.define_named_range("A1:B2", "Named")
    assert tab.get("Named") == [[]]
    seen = client.open_by_key(doc.id).fetch_sheet_metadata()
    assert {"basicFilter", "protectedRanges"} <= set(seen["sheets"][0])
    assert seen["namedRanges"][0]["name"] == "Named"


def test_rights_and_setup_errors_through_gspread(client, google, doc):
    doc.roles.clear()
    with pytest.raises(PermissionError):
        client.open_by_key(doc.id)
    google.sim.accounts.expire()
    google.sim.faults.add("token_revoked")
    with pytest.raises(google_error("RefreshError")):
        client.open_by_key(doc.id)


def google_error(name):
    return getattr(google.auth.exceptions, name)


def test_an_expired_token_is_fetched_again(client, google, doc):
    client.open_by_key(doc.id)
    google.sim.faults.add("token_expired")
    client.open_by_key(doc.id)
    assert google.sim.calls.count("token") == 2


BROKEN = [
    (faults.reset_before(), requests.ConnectionError, False),
    (faults.reset_after_apply(), requests.ConnectionError, True),
    (faults.truncate(), requests.exceptions.ChunkedEncodingError, True),
    (faults.bad_json(), requests.exceptions.JSONDecodeError, True),
    (faults.empty_200(), requests.exceptions.JSONDecodeError, True),
    (faults.html(), gspread.exceptions.APIError, False),
    (faults.status(503), gspread.exceptions.APIError, False),
    (faults.stall(), requests.Timeout, False),
    (faults.slow(3), requests.Timeout, True),
]


@pytest.mark.parametrize(("action", "error", "done"), BROKEN, ids=lambda value: getattr(value, "name", None))
def test_what_a_broken_connection_looks_like(client, google, doc, action, error, done):
    if action.name in {"stall", "slow"}:
        client.set_timeout((1, 0.2))
    tab = client.open_by_key(doc.id).sheet1
    google.sim.faults.add(action, match="batchUpdate")
    with pytest.raises(error):
        tab.update_note("A1", "new")
    assert (doc.human.cell(TAB, "A1").get("note") == "new") is done
    client.set_timeout((2, 2))
    tab.update_note("A1", "again")
    assert doc.human.cell(TAB, "A1")["note"] == "again"


def test_many_callers_at_once(client, google, doc, tmp_path):
    """One at a time inside, whatever comes in together: every row arrives once."""
    from concurrent.futures import ThreadPoolExecutor

    tabs = [
        gspread.service_account(google.key_file(tmp_path), http_client=functools.partial(Here, url=google.url))
        .open_by_key(doc.id)
        .sheet1
        for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: tabs[n % 4].append_row([str(n)]), range(20)))
    assert sorted(int(row[0]) for row in doc.human.values(TAB)) == list(range(20))


@pytest.mark.skipif(not discovery.available(), reason="Google's API description is not here")
def test_it_can_be_started_by_hand(tmp_path):
    command = [sys.executable, "-m", "tests.sheetsim", "--port", "0", "--key", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = dict(process.stdout.readline().split(None, 1) for _ in range(5))
            url, key = said["url"].strip(), Path(said["key"].strip())
            assert json.loads(key.read_text())["token_uri"] == f"{url}/token"
            assert key.stat().st_mode & 0o077 == 0
            client = gspread.service_account(key, http_client=functools.partial(Here, url=url))
            assert client.open_by_key(said["document"].strip()).title == "Netzwerk"
            with pytest.raises(urllib.error.HTTPError, match="501"):
                urllib.request.urlopen(f"{url}/v4/nothing")
        finally:
            process.terminate()


def test_the_server_ends_at_once_though_a_connection_stalls(sim, doc):
    from tests.sheetsim import serve

    started = time.monotonic()
    with serve(sim) as running:
        sim.faults.add("stall")
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"{running.url}/v4/spreadsheets/x", timeout=0.1)
    assert time.monotonic() - started < 3
