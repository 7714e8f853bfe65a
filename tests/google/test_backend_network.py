"""Whole passes over a Google document: set up, do nothing twice, take in what people do, lose nothing."""

import random
from datetime import UTC, date, datetime

import pytest
from google_client import DAY, FakeTime, Network, workbook

from netzwerk_sheets.backends.google.cells import letters
from netzwerk_sheets.backends.google.reading import FIELDS
from netzwerk_sheets.errors import NetzwerkError, WorkbookChanged, WriteUnconfirmed
from netzwerk_sheets.grid import AddTab, Cell, SetCell, Spot, TabDesign
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.looks import look
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.tasks import Wishes
from tests.sheetsim import Clock, Sim, discovery

NOON = datetime(2025, 5, 15, 10, tzinfo=UTC)
LOOK = look(Words("de"))


@pytest.fixture
def sim():
    if not discovery.available():
        pytest.skip("Google's API description is not here")
    played = Sim(clock=Clock(NOON))
    yield played
    played.check()


ALIKE = [pytest.param(each, marks=pytest.mark.long) for each in (("de_DE", "de"), ("en_US", "en"))]


@pytest.fixture(scope="module", params=[*ALIKE, ("en_US", "de"), ("de_DE", "en")], ids="-".join)
def started(request, tmp_path_factory):
    """A document of each locale, and the demo network in each language, as it was just set up in it, once."""
    if not discovery.available():
        pytest.skip("Google's API description is not here")
    locale, language = request.param
    sim = Sim(clock=Clock(NOON))
    net = Network(sim, sim.create("Netz", locale=locale), tmp_path_factory.mktemp("fresh"), language=language)
    net.planned = net.start()
    sim.check()
    return net


@pytest.fixture
def fresh(started, tmp_path):
    """That network with every cell, for one test."""
    copied = started.copy(tmp_path, light=False)
    yield copied
    copied.sim.check()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The demo network as it was just set up, once."""
    if not discovery.available():
        pytest.skip("Google's API description is not here")
    sim = Sim(clock=Clock(NOON))
    made = Network(sim, sim.create("Netz", locale="de_DE"), tmp_path_factory.mktemp("made"))
    made.start()
    return made


@pytest.fixture
def net(made, tmp_path):
    """That network, for one test."""
    copied = made.copy(tmp_path)
    yield copied
    copied.sim.check()


def titles(net):
    return [sheet.title for sheet in net.doc.content.sheets]


def shows(net, tab):
    return net.doc.human.values(tab)


def spot_of(net, tab, text, header):
    """Give the address of the cell under a header in the row that holds a text."""
    rows = shows(net, tab)
    top = next(row for row in rows if header in row)
    column = top.index(header)
    number = next(index for index, row in enumerate(rows, 1) if text in row)
    return f"{letters(column + 1)}{number}", number


def call_anew(net, tab="Partner"):
    """Give a partner whose tasks are shown on several tabs another name."""
    partner = next(title for title in titles(net) if title.startswith("OB "))[3:8]
    spot, _ = spot_of(net, tab, partner, "Kurzname")
    net.doc.human.type(tab, spot, "Anders")


# --- set up, and nothing twice ----------------------------------------------------------------------------


def test_the_demo_network_is_set_up_and_a_second_pass_writes_nothing(started, fresh):
    assert len(started.planned.added) > 20
    assert titles(fresh)[0] == fresh.book.read().tabs[0].title == Words(fresh.language).tab("start")
    again = fresh.run()
    assert (again.edits, again.blocked, again.stuck) == ([], [], {})
    assert not fresh.wrote
    assert started.book.report.respelled == 0


def test_no_cell_of_a_new_network_shows_an_error(fresh):
    for tab in fresh.book.read().tabs:
        for line in fresh.doc.human.values(tab.title):
            assert not any(str(text).startswith("#") for text in line), (tab.title, line)


def test_a_network_without_rows_is_set_up_too(sim, tmp_path):
    net = Network(sim, sim.create("leer"), tmp_path)
    net.start(demo=False)
    assert net.run().edits == []


def test_a_new_day_refreshes_what_it_must_and_then_rests(net):
    net.today = date(2025, 6, 20)
    net.sim.clock.advance(36 * 86_400)
    net.book = workbook(net.sim, net.doc)
    net.run()
    assert net.run().edits == []


# --- what it costs ----------------------------------------------------------------------------------------


def test_an_unchanged_document_costs_one_read(net):
    net.run()
    calls = net.book.transport.calls
    assert (calls.reads, calls.writes, calls.drive) == (1, 0, 0)
    assert net.sim.calls.count() == 1


def test_a_document_nobody_touched_since_costs_one_glance(net):
    version = net.book.glance()
    assert net.run().edits == []
    assert net.book.glance() == version
    assert net.sim.calls.count("files.get") == 2


@pytest.mark.parametrize("more", [0, 12, 40])
def test_a_change_costs_three_calls_whatever_the_number_of_tabs(net, more):
    for number in range(more):
        net.doc.human.add_tab(f"Anna {number}")
        net.doc.human.type(f"Anna {number}", "A1", "ihres")
    call_anew(net)
    net.sim.calls.clear()
    net.book.glance()
    plan = net.run()
    assert net.wrote
    assert len({edit.spot.tab for edit in plan.edits if isinstance(edit, SetCell)}) >= 2
    names = sorted(call.name for call in net.sim.calls.log)
    assert names == ["files.get", "spreadsheets.batchUpdate", "spreadsheets.get"]


def test_forty_tabs_of_ours_are_made_in_one_write(sim):
    doc = sim.create("viele")
    book = workbook(sim, doc)
    snapshot = book.read()
    edits = [AddTab(TabDesign(f"T{n}", {(1, 1): Cell("x", "head")})) for n in range(40)]
    book.apply(edits, expected=snapshot.revision, look=LOOK)
    assert len(doc.content.sheets) == 41
    assert sim.calls.count() == 2


def test_a_pass_stays_below_two_megabytes(net):
    call_anew(net)
    net.run()
    assert max(call.sent for call in net.sim.calls.log) < 100_000
    assert "formattedValue" not in FIELDS


# --- people -----------------------------------------------------------------------------------------------


def test_a_tick_arrives_on_the_other_tabs(net):
    sheet = next(title for title in titles(net) if title.startswith("OB "))
    task = next(row[0] for row in shows(net, sheet) if row and row[0].startswith("P-") and "offen" in row)
    spot, _ = spot_of(net, sheet, task, "Status")
    net.doc.human.type(sheet, spot, "erledigt")
    net.run()
    other, _ = spot_of(net, "Aufgaben", task, "Status")
    assert net.doc.human.shows("Aufgaben", other) == "erledigt"
    assert net.run().edits == []


def test_a_row_typed_below_gets_its_number(net):
    rows = shows(net, "Partner")
    header = rows[0]
    number = len(rows) + 1
    net.doc.human.type(
        "Partner", f"{letters(header.index(Words('de').header('partners', 'name')) + 1)}{number}", "Neuer Verein"
    )
    net.run()
    found = next(row for row in shows(net, "Partner") if "Neuer Verein" in row)
    assert found[0].startswith("P-")
    assert found[0] not in {row[0] for row in rows}
    assert net.run().edits == []


def test_a_survey_and_a_review_live_in_a_document_too(net):
    survey, strategy = "Umfrage Einsame Menschen jeden", "Strategie AG Einsamkeit"
    net.run(net.order(wishes=Wishes(survey=frozenset({"ZG-02"}), review=frozenset({"AG-02"}))))
    human = net.doc.human
    human.type(survey, f"C{len(shows(net, survey)) + 1}", "Ein Chor wäre schön.")
    human.type("Stimmen", spot_of(net, "Stimmen", "S-001", "Hindernis")[0], "Zu weit")
    human.type(survey, spot_of(net, survey, "S-001", "in Leichter Sprache")[0], "Ich will sitzen.")
    human.type(strategy, spot_of(net, strategy, "M-002", "Anpassung")[0], "Abends öffnen")
    net.run()
    new = next(row for row in shows(net, "Stimmen") if "Ein Chor wäre schön." in row)
    assert "Einsame Menschen jeden Alters" in new
    assert any(new[0] in row for row in shows(net, survey))
    for tab in (survey, "Stimmen"):
        for header, text in (("Hindernis", "Zu weit"), ("in Leichter Sprache", "Ich will sitzen.")):
            assert human.shows(tab, spot_of(net, tab, "S-001", header)[0]) == text
    assert human.shows("Maßnahmen", spot_of(net, "Maßnahmen", "M-002", "Anpassung")[0]) == "Abends öffnen"
    assert "erreicht" in human.shows(strategy, spot_of(net, strategy, "M-002", "Wen erreicht sie?")[0])
    assert net.run().edits == []
    human.delete_tab(survey)
    net.run()
    assert survey not in titles(net)
    assert any("Ein Chor wäre schön." in row for row in shows(net, "Stimmen"))


def test_what_people_build_stays(net):
    doc = net.doc
    doc.human.note("Partner", "C3", "Bitte anrufen")
    doc.human.add_tab("Annas Notizen")
    doc.human.type_rows("Annas Notizen", "A1", [["eins", "=1+1"], ["00123", "'0042"]])
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "showCustomUi": True}
    doc.human.put("Partner", "C4", dataValidation=rule)
    column = len(shows(net, "Partner")[0]) + 1
    doc.human.type("Partner", f"{letters(column)}1", "Eigene Spalte")
    doc.human.type("Partner", f"{letters(column)}2", "=2*21")
    before = {spot: doc.human.cell("Annas Notizen", spot) for spot in ("A1", "B1", "A2", "B2")}
    call_anew(net)
    net.run()
    assert doc.human.cell("Partner", "C3")["note"] == "Bitte anrufen"
    assert doc.human.cell("Partner", "C4")["dataValidation"] == rule
    assert doc.human.cell("Partner", f"{letters(column)}2")["userEnteredValue"] == {"formulaValue": "=2*21"}
    assert {spot: doc.human.cell("Annas Notizen", spot) for spot in before} == before


def test_renamed_and_moved_tabs_stay_ours_and_deleted_ones_stay_away(net):
    net.doc.human.rename_tab("Partner", "AG1")
    net.doc.human.move_tab("AG1", 0)
    net.doc.human.delete_tab("Lücken")
    call_anew(net, "AG1")
    net.run()
    assert "Partner" not in titles(net)
    assert "Lücken" not in titles(net)
    assert net.run().edits == []
    links = [
        cell["userEnteredFormat"]["textFormat"]["link"]["uri"]
        for cell in net.doc.content.titled("Start").cells.values()
        if cell.get("userEnteredFormat", {}).get("textFormat", {}).get("link")
    ]
    numbers = {sheet.id for sheet in net.doc.content.sheets}
    shown = [link for link in links if int(link.removeprefix("#gid=").partition("&")[0]) in numbers]
    assert len(shown) > 20


def test_values_of_people_are_understood_in_the_language_of_the_document(fresh):
    words = Words(fresh.language)
    tab = words.tab("needs")
    rows = shows(fresh, tab)
    header = words.header("needs", "people")
    number = next(index for index, row in enumerate(rows, 1) if row[0] == "B-001")
    column = letters(rows[0].index(header) + 1)
    german = fresh.doc.content.properties["locale"] == "de_DE"
    fresh.doc.human.type(tab, f"{column}{number}", "1.250" if german else "1,250")
    plan = fresh.run()
    assert next(need.people for need in plan.picture.network.needs if need.id == "B-001") == 1250
    again = fresh.run()
    assert again.edits == []


# --- races in a whole network -----------------------------------------------------------------------------


def rest(net, most=4):
    """Let passes run until one writes nothing."""
    for _ in range(most):
        net.run()
        if not net.wrote:
            return
    pytest.fail("the passes do not come to rest")


def partners(net, tab="Partner"):
    """Give id → row of texts, as people see it."""
    return {row[0]: row for row in shows(net, tab) if row and row[0].startswith("P-")}


BETWEEN = {
    "a row inserted": lambda doc: doc.human.insert_row("Partner", 4),
    "a row deleted": lambda doc: doc.human.delete_row("Partner", 5),
    "sorted": lambda doc: doc.human.sort("Partner", "A2:AZ60", 2, descending=True),
    "a column inserted": lambda doc: doc.human.insert_column("Partner", 3),
    "the tab renamed": lambda doc: doc.human.rename_tab("Partner", "A1"),
    "a result tab sorted": lambda doc: doc.human.sort("Aufgaben", "A5:I200", 4),
    "a row typed below": lambda doc: doc.human.type(
        "Partner", f"B{len(doc.human.values('Partner')) + 1}", "Ganz neu"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BETWEEN)
def test_a_race_in_a_whole_network_loses_nothing_and_ends_in_rest(net, name):
    call_anew(net)
    number = len(shows(net, "Partner")) + 1
    net.doc.human.type("Partner", f"B{number}", "Neuer Verein")
    before = partners(net)
    net.sim.before("batchUpdate", BETWEEN[name])
    net.run()
    tab = "A1" if name == "the tab renamed" else "Partner"
    after = partners(net, tab)
    assert len(after) == len(before) + (0 if name == "a row deleted" else 1)
    for key, row in before.items():
        if key in after:
            assert [text for text in after[key] if text] == [text for text in row if text], key
    everything = [text for row in shows(net, tab) for text in row]
    assert "Anders" in everything
    assert "Neuer Verein" in everything
    assert ("Ganz neu" in everything) == (name == "a row typed below")
    rest(net)
    assert "Anders" in [text for row in shows(net, tab) for text in row]


SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 40))]


@pytest.mark.parametrize("seed", SEEDS)
def test_people_and_passes_in_any_order_lose_nothing(net, seed):
    """A storm: at each pass people do something before it, and something else between its reading and its writing."""
    chance = random.Random(seed)
    typed = {}
    place = shows(net, "Partner")[0].index("Kurzname")
    column = letters(place + 1)

    def ids():
        return {index: row[0] for index, row in enumerate(shows(net, "Partner"), 1) if row and row[0].startswith("P-")}

    def act(doc, *, may_type=True):
        what = chance.choice(["type", "insert", "sort", "note"] if may_type else ["insert", "sort"])
        rows = ids()
        if what == "type":
            row = chance.choice(list(rows))
            typed[rows[row]] = f"Kurz {len(typed)} {seed}"
            doc.human.type("Partner", f"{column}{row}", typed[rows[row]])
        elif what == "insert":
            doc.human.insert_row("Partner", chance.choice(list(rows)))
        elif what == "sort":
            doc.human.sort("Partner", f"A2:AZ{max(rows)}", 1, descending=chance.random() < 0.5)
        else:
            doc.human.add_tab(f"Notiz {chance.random()}")

    for _ in range(4):
        act(net.doc)
        net.sim.before("batchUpdate", lambda doc: act(doc, may_type=False))
        try:
            net.run()
        except WorkbookChanged:
            net.store.settle(applied=False)
    net.sim._hooks.clear()
    rest(net)
    found = {row[0]: row for row in shows(net, "Partner") if row and row[0].startswith("P-")}
    assert {key: found[key][place] for key in typed} == typed


# --- broken lines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("applied", [True, False])
def test_a_lost_answer_is_settled_by_the_marker(google_net, applied):
    net = google_net
    call_anew(net)
    net.sim.faults.add("reset_after_apply" if applied else "reset_before", match="batchUpdate")
    net.sim.faults.add("reset_before", match="get", nth=2, times=None)  # nor can the document be looked at
    with pytest.raises(WriteUnconfirmed):
        net.run()
    net.sim.faults.clear()
    assert net.store.pending() is not None
    net.run()
    assert net.wrote == (not applied)
    assert net.run().edits == []
    assert len(partners(net)) == len({row[0] for row in shows(net, "Partner") if row and row[0].startswith("P-")})


@pytest.fixture
def google_net(net, tmp_path):
    """The demo network behind a real socket."""
    from types import SimpleNamespace

    from netzwerk_sheets.backends.google import GoogleWorkbook
    from netzwerk_sheets.backends.google.access import transport
    from tests.sheetsim import serve

    with serve(net.sim) as running:
        key = running.key_file(tmp_path)
        settings = SimpleNamespace(key=key, auth="service", endpoint=running.url, token=None)
        net.book = GoogleWorkbook(net.doc.id, transport(settings, clock=FakeTime().clock()))
        yield net


def test_every_refusal_leaves_the_document_as_it_was(net):
    call_anew(net)
    for name in ("service_disabled", "scope_missing", "quota_burst"):
        version = net.doc.version
        net.sim.faults.add(name, match="batchUpdate", times=None)
        with pytest.raises(NetzwerkError):
            net.run()
        assert net.doc.version == version
        net.store.settle(applied=False)
        net.sim.faults.clear()
    net.run()
    assert net.wrote
    assert net.run().edits == []


def test_orders_are_about_days(net):
    assert net.order() == Order(DAY)
    assert SetCell(Spot("a", 1, 1), Cell("x")).expected is None
