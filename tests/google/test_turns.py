"""Of two runs that read the same, on whatever machines, one writes; the other reads again."""

import pytest
from google_client import workbook

from netzwerk_sheets.backends.google import ledger
from netzwerk_sheets.errors import WorkbookChanged
from netzwerk_sheets.grid import Cell, SetCell, SetMarker, Spot
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.looks import look
from tests.sheetsim import errors
from tests.sheetsim.faults import Action, empty_200

LOOK = look(Words("de"))
TAB = "Tabellenblatt1"


@pytest.fixture
def doc(sim):
    doc = sim.create("Netz", locale="de_DE")
    doc.human.type_rows(TAB, "A1", [["Nr", "Name"], ["P-001", "Verein"]])
    write(workbook(sim, doc), "run 0", "erster")
    return doc


def write(book, marker, text, snapshot=None):
    """Write a text into the first free row, below what was read now or before."""
    snapshot = snapshot or book.read()
    spot = Spot(TAB, max(snapshot.tab(TAB).rows) + 1, 2)
    return book.apply([SetCell(spot, Cell(text), None), SetMarker(marker)], expected=snapshot.revision, look=LOOK)


def names(doc):
    return [row[1] for row in doc.human.values(TAB)[1:]]


def turns(doc):
    return [entry["metadataValue"] for entry in doc.content.metadata if entry["metadataKey"] == ledger.TURN]


def test_the_second_of_two_runs_that_read_the_same_is_refused_and_reads_again(sim, doc):
    first, second = workbook(sim, doc), workbook(sim, doc)
    read = first.read(), second.read()
    write(first, "run 1", "von hier", read[0])
    version = doc.version
    with pytest.raises(WorkbookChanged):
        write(second, "run 1, elsewhere", "von dort", read[1])
    assert doc.version == version
    write(second, "run 2, elsewhere", "von dort")
    assert names(doc) == ["Verein", "erster", "von hier", "von dort"]


def test_a_run_with_a_copy_of_the_state_does_not_take_the_write_of_the_other_for_its_own(sim, doc):
    first, second = workbook(sim, doc), workbook(sim, doc)
    read = first.read(), second.read()
    write(first, "run 1", "von hier", read[0])
    with pytest.raises(WorkbookChanged):
        write(second, "run 1", "von dort", read[1])
    assert names(doc) == ["Verein", "erster", "von hier"]


def test_seven_writes_later_it_is_refused_too(sim, doc):
    late = workbook(sim, doc)
    read = late.read()
    for number in range(1, 8):
        write(workbook(sim, doc), f"run {number}", f"Nr. {number}")
    with pytest.raises(WorkbookChanged):
        write(late, "late", "zu spät", read)
    assert "zu spät" not in names(doc)


def test_turns_do_not_pile_up(sim, doc):
    for number in range(1, 30):
        write(workbook(sim, doc), f"run {number}", f"Nr. {number}")
    assert turns(doc) == [str(number) for number in range(22, 30)]


@pytest.mark.parametrize("told", ["Developer metadata cannot be created.", "Id already exists."])
def test_where_google_takes_no_turn_and_nobody_wrote_the_write_goes_without(sim, doc, told):
    book = workbook(sim, doc)
    read = book.read()
    refused = errors.invalid(f"Invalid requests[0].createDeveloperMetadata: {told}")
    sim.faults.add(Action("no turn", refused), match="batchUpdate")
    write(book, "run 1", "trotzdem", read)
    assert names(doc) == ["Verein", "erster", "trotzdem"]
    assert turns(doc) == []


def test_a_write_whose_answer_was_lost_is_known_again(sim, doc):
    book = workbook(sim, doc)
    read = book.read()
    sim.faults.add(empty_200(), match="batchUpdate")
    write(book, "run 1", "einmal", read)
    assert names(doc) == ["Verein", "erster", "einmal"]


def test_a_document_that_people_took_back_is_written_all_the_same(sim, doc):
    write(workbook(sim, doc), "run 1", "neu")
    for entry in doc.content.metadata:
        if entry["metadataKey"] == ledger.MARKER:
            entry["metadataValue"] = "run 0"
    write(workbook(sim, doc), "run 2", "danach")
    assert names(doc) == ["Verein", "erster", "neu", "danach"]
