"""Whatever people and programs do in whatever order: replies fit the API, failures change nothing, undo undoes."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.sheetsim import Sim, discovery
from tests.sheetsim.caller import Book
from tests.sheetsim.errors import ApiError

pytestmark = pytest.mark.skipif(not discovery.available(), reason="Google's API description is not here")
TABS = ("Partner", "Jon's", "A1")
ROWS, COLUMNS = st.integers(1, 8), st.integers(1, 5)
TEXTS = st.sampled_from(["", "a", "1,5", "31.12.2026", "=A1+1", "=SUM(B2:B5)", "='Jon''s'!B2", "WAHR", "'=x", "P-014"])


class Office(RuleBasedStateMachine):
    """A small document; a model keeps a few marked texts that nobody overwrites, and where they must be."""

    @initialize()
    def open(self):
        self.sim = Sim()
        self.doc = self.sim.create()
        for title in TABS:
            self.doc.human.add_tab(title)
        self.doc.human.delete_tab("Tabellenblatt1")
        self.book = Book(self.sim, self.doc.id)
        for sheet in self.doc.content.sheets:
            sheet.resize(100, 8)
        # The marked cell stands in column H, where no other rule types.
        self.marked = {"Partner": 4}
        self.doc.human.put("Partner", "H4", userEnteredValue={"stringValue": "marked"}, note="mine")

    def spot(self, row, column):
        return f"{'ABCDEFGH'[column - 1]}{row}"

    @rule(tab=st.sampled_from(TABS), row=ROWS, column=COLUMNS, text=TEXTS)
    def type(self, tab, row, column, text):
        self.doc.human.type(tab, self.spot(row, column), text)

    @rule(tab=st.sampled_from(TABS), row=ROWS, count=st.integers(1, 3))
    def insert(self, tab, row, count):
        self.doc.human.insert_row(tab, row, count)
        if tab in self.marked and row <= self.marked[tab]:
            self.marked[tab] += count

    @rule(tab=st.sampled_from(TABS), row=ROWS)
    def delete(self, tab, row):
        if self.marked.get(tab) == row:
            return
        self.doc.human.delete_row(tab, row)
        if tab in self.marked and row < self.marked[tab]:
            self.marked[tab] -= 1

    @rule(tab=st.sampled_from(TABS), row=ROWS, to=ROWS)
    def move(self, tab, row, to):
        self.doc.human.move_row(tab, row, to)
        marked = self.marked.get(tab)
        if marked is None:
            return
        landing = to if to <= row else to - 1
        if marked == row:
            self.marked[tab] = landing
        else:
            marked -= marked > row
            self.marked[tab] = marked + (marked >= landing)

    @rule(tab=st.sampled_from(TABS), column=COLUMNS, descending=st.booleans())
    def sort(self, tab, column, descending):
        self.doc.human.sort(tab, "A1:E8", column, descending=descending)

    @rule(row=ROWS, column=COLUMNS)
    def program_writes(self, row, column):
        value = {"userEnteredValue": {"stringValue": "=written"}}
        sheet = self.doc.human.tab("Partner").id
        start = {"sheetId": sheet, "rowIndex": row - 1, "columnIndex": column - 1}
        self.book.batch({"updateCells": {"start": start, "rows": [{"values": [value]}], "fields": "userEnteredValue"}})
        assert self.doc.human.shows("Partner", self.spot(row, column)) == "=written"

    @rule(row=ROWS)
    def program_fails(self, row):
        before = self.doc.content
        start = {"sheetId": self.doc.human.tab("Partner").id, "rowIndex": row}
        change = {"updateCells": {"start": start, "rows": [{"values": [{"note": "x"}]}], "fields": "note"}}
        self.book.refused(change, {"deleteSheet": {"sheetId": 5}})
        assert self.doc.content is before

    @rule(tab=st.sampled_from(TABS), row=ROWS)
    def undo(self, tab, row):
        before = self.book.get(fields="*")
        self.doc.human.insert_row(tab, row)
        self.doc.human.undo()
        assert self.book.get(fields="*") == before

    @precondition(lambda self: len(self.doc.content.sheets) < 5)
    @rule(tab=st.sampled_from(TABS))
    def copy_tab(self, tab):
        self.doc.human.copy_tab(tab)

    @rule(tab=st.sampled_from(TABS))
    def rename_there_and_back(self, tab):
        before = self.book.get(fields="*")
        self.doc.human.rename_tab(tab, "Zwischendurch: x")
        self.doc.human.rename_tab("Zwischendurch: x", tab)
        assert self.book.get(fields="*") == before

    @invariant()
    def the_marked_cell_is_where_it_must_be(self):
        row = self.marked["Partner"]
        cell = self.doc.human.cell("Partner", f"H{row}")
        assert (cell.get("userEnteredValue"), cell.get("note")) == ({"stringValue": "marked"}, "mine")

    @invariant()
    def every_reply_fits_the_api(self):
        seen = self.book.get(includeGridData="true")
        for sheet in seen["sheets"]:
            grid = sheet["data"][0]
            size = sheet["properties"]["gridProperties"]
            assert (len(grid["rowMetadata"]), len(grid["columnMetadata"])) == (size["rowCount"], size["columnCount"])
        self.sim.check()


Office.TestCase.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
TestOffice = Office.TestCase


def test_refused_edits_of_people_change_nothing(sim):
    doc = sim.create()
    before = doc.content
    with pytest.raises(ApiError):
        doc.human.delete_tab("Tabellenblatt1")
    assert doc.content is before
    with pytest.raises(KeyError):
        doc.human.tab("none")
    assert sim.lock.acquire(blocking=False), "the lock is free again"
