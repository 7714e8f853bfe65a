"""People at work between our reading and our writing: nothing of theirs is lost, and ours goes where it belongs."""

import time

import pytest
from google_client import workbook
from hypothesis import example, given
from hypothesis import strategies as st

from netzwerk_sheets.backends.google.races import Race, Written, settle
from netzwerk_sheets.errors import NetzwerkError, WorkbookChanged
from netzwerk_sheets.grid import (
    AddTab,
    Cell,
    Formula,
    Note,
    RemoveNote,
    SetCell,
    SetMarker,
    SetNote,
    Spot,
    TabDesign,
    shown,
)
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.looks import look

LOOK = look(Words("de"))
TAB = "Tabellenblatt1"
SIZE, WIDTH = 8, 5


# --- without a server -------------------------------------------------------------------------------------


def raw(text):
    return {"stringValue": str(text)}


def grid(lines):
    """Write lines of texts as cells; `None` is empty."""
    return {(r, c): raw(text) for r, line in enumerate(lines, 1) for c, text in enumerate(line, 1) if text is not None}


def lines_of(ids):
    """Make a table: header, then rows whose first cell is an id and whose other cells often look alike."""
    rows = [[f"P-{number:03d}", "offen", None if number % 3 else "x", f"Text {number % 4}", None] for number in ids]
    return [["Nr", "Stand", "Marke", "Text", "Wer"], *rows]


def inserted(lines, at):
    return [*lines[:at], [None] * WIDTH, *lines[at:]]


def deleted(lines, at):
    return lines[:at] + lines[at + 1 :]


def ordered(lines, places):
    return [lines[0], *(lines[place] for place in places)]


def crossed(lines, change):
    """Do to columns what is done to rows."""
    turned = [list(column) for column in zip(*lines, strict=True)]
    return [list(row) for row in zip(*change(turned), strict=True)]


OPS = st.one_of(
    st.tuples(st.just("insert"), st.integers(1, SIZE)),
    st.tuples(st.just("delete"), st.integers(1, SIZE - 1)),
    st.tuples(st.just("sort"), st.permutations(range(1, SIZE + 1))),
    st.tuples(st.just("none"), st.just(0)),
)
WRITES = st.dictionaries(st.tuples(st.integers(2, SIZE + 1), st.integers(2, WIDTH)), st.integers(0, 2), max_size=10)


def done(lines, operation):
    kind, what = operation
    if kind == "insert":
        return inserted(lines, what)
    if kind == "delete":
        return deleted(lines, what)
    return ordered(lines, what) if kind == "sort" else lines


def after_repair(before, human, writes, appended=()):
    after = {**grid(human), **{place: value for place, value in writes.items() if value}}
    for place, value in writes.items():
        if not value:
            after.pop(place, None)
    last = max(row for row, _ in grid(human))
    first = max(row for row, _ in grid(before)) + 1
    for offset, line in enumerate(appended):
        after.update({(last + 1 + offset, column): value for column, value in line.items()})
    race = settle(grid(before), after, Written(writes, first, tuple(appended)))
    for place, value in race.repairs.items():
        if value:
            after[place] = value
        else:
            after.pop(place, None)
    return after, race


def by_id(cells):
    rows = {}
    for (row, column), value in cells.items():
        rows.setdefault(row, {})[column] = value
    return {line[1]["stringValue"]: line for line in rows.values() if 1 in line}


@given(OPS, WRITES)
def test_every_row_ends_as_if_nobody_had_come_between(operation, planned):
    before = lines_of(range(1, SIZE + 1))
    writes = {place: raw(f"neu {number}") if number else {} for place, number in planned.items()}
    human = done(before, operation)
    found, _ = after_repair(before, human, writes)
    expected = by_id(grid(human))
    for (row, column), value in writes.items():
        line = expected.get(before[row - 1][0])
        if line is not None:
            line.pop(column, None)
            if value:
                line[column] = value
    assert by_id(found) == expected


@given(OPS, WRITES, st.integers(1, 3))
def test_rows_that_join_take_nobodys_place(operation, planned, count):
    before = lines_of(range(1, SIZE + 1))
    writes = {place: raw(f"neu {number}") for place, number in planned.items()}
    joining = [{1: raw(f"P-1{number:02d}"), 2: raw("neu")} for number in range(count)]
    human = done(before, operation)
    found, _ = after_repair(before, human, writes, joining)
    ids = set(by_id(found))
    assert {row[0] for row in human if row[0]} | {f"P-1{number:02d}" for number in range(count)} == ids


@given(st.integers(0, WIDTH), st.booleans(), WRITES)
def test_columns_that_come_or_go_are_followed(at, goes, planned):
    before = lines_of(range(1, SIZE + 1))
    before = [[text or f"{row}/{column}" for column, text in enumerate(line)] for row, line in enumerate(before)]
    at = min(at, WIDTH - 1)
    human = [line[:at] + line[at + 1 :] if goes else [*line[:at], None, *line[at:]] for line in before]
    writes = {place: raw("neu") for place in planned}
    found, _ = after_repair(before, human, writes)
    expected = grid(human)
    for row, column in writes:
        if goes and column == at + 1:
            continue
        moved = column + (0 if column <= at else (-1 if goes else 1))
        expected[row, moved] = raw("neu")
    assert found == expected


def by_heading(cells):
    """Give id → heading → value, wherever rows and columns stand."""
    heads = {column: value["stringValue"] for (row, column), value in cells.items() if row == 1 and value}
    rows = {}
    for (row, column), value in cells.items():
        if row > 1:
            rows.setdefault(row, {})[heads.get(column, column)] = value["stringValue"]
    return {line["Nr"]: line for line in rows.values() if "Nr" in line}


ONE_EACH = st.dictionaries(st.integers(2, SIZE + 1), st.integers(2, WIDTH), max_size=5)


@given(OPS, st.integers(0, WIDTH), st.booleans(), ONE_EACH)
@example(("delete", 2), 1, False, {5: 3})
def test_rows_and_columns_that_move_at_once_are_followed(operation, at, goes, planned):
    """One cell is written in a row: where ours cover all that a row holds, nothing tells it from one that is gone."""
    before = lines_of(range(1, SIZE + 1))
    writes = {place: raw(f"neu {place}") for place in planned.items()}
    at = min(max(at, 1), WIDTH - 1) if goes else at
    human = crossed(
        done(before, operation),
        lambda lines: deleted(lines, at) if goes else [*lines[:at], [None] * len(lines[0]), *lines[at:]],
    )
    found, _ = after_repair(before, human, writes)
    expected = by_heading(grid(human))
    for (row, column), value in writes.items():
        if before[row - 1][0] in expected and not (goes and column == at + 1):
            expected[before[row - 1][0]][before[0][column - 1]] = value["stringValue"]
    assert by_heading(found) == expected


def test_a_part_of_the_columns_that_people_sort_is_followed():
    """The ids move with the first columns, the last column stays; our cell lies over an id."""
    before = lines_of(range(1, 6))
    before[5][3] = "Neu"
    human = [list(line) for line in before]
    human[1:] = [[*line[:4], other[4]] for line, other in zip(reversed(before[1:]), before[1:], strict=True)]
    before[5][0] = human[1][0] = None  # a row that people typed, still without a number
    found, _ = after_repair(before, human, {(6, 1): raw("P-009")})
    assert {line[1]["stringValue"] for line in by_id(found).values()} >= {"P-009", "P-001", "P-002", "P-003", "P-004"}
    assert found[2, 1] == raw("P-009")


def test_a_table_with_no_race_needs_nothing():
    before = lines_of(range(1, 6))
    assert after_repair(before, before, {(3, 2): raw("neu"), (4, 4): {}})[1] == Race()


def test_what_people_type_elsewhere_stays_and_is_counted():
    before = lines_of(range(1, 6))
    human = [list(line) for line in before]
    human[4][3] = "getippt"
    found, race = after_repair(before, human, {(3, 2): raw("neu")})
    assert found[5, 4] == raw("getippt")
    assert (race.strangers, race.repairs) == (1, {})


def test_lines_that_look_the_same_are_not_confused():
    before = [["a"], ["x"], ["b"], ["x"], ["x"]]
    human = [["a"], ["x"], ["x"], ["x"], ["x"]]
    _, race = after_repair(before, human, {(2, 2): raw("neu")})
    assert race.repairs == {}


def later_repair(after, before, writes, appended=()):
    first = max(row for row, _ in grid(before)) + 1
    return settle(grid(before), after, Written(writes, first, tuple(appended)), later=True)


def texts(planned):
    return {place: raw(f"neu {number}") for place, number in planned.items()}


@given(OPS, WRITES)
def test_a_look_at_a_later_time_sets_the_same_right(operation, planned):
    """Nobody went on since; a row in which only cells were emptied tells nothing then, so none is emptied here."""
    before, writes = lines_of(range(1, SIZE + 1)), texts(planned)
    human = done(before, operation)
    after = {**grid(human), **writes}
    assert later_repair(after, before, writes).repairs == settle(grid(before), after, Written(writes)).repairs


@given(OPS, WRITES, st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)), st.integers(0, 2))
@example(("insert", 1), {(3, 2): 0, (2, 2): 0}, {0}, set(), 0)
def test_what_people_do_after_the_write_is_nobodys_race(operation, planned, back, typed, count):
    """Rows move, and people put some values back or type others; nothing is taken for what the write met."""
    before = lines_of(range(1, SIZE + 1))
    joining = [{1: raw(f"P-1{number:02d}"), 2: raw("neu")} for number in range(count)]
    table = [list(line) for line in before] + [[line[1]["stringValue"], "neu", None, None, None] for line in joining]
    writes = {place: raw(f"neu {number}") if number else {} for place, number in planned.items()}
    for index, ((row, column), value) in enumerate(writes.items()):
        table[row - 1][column - 1] = value.get("stringValue")
        if index in back:
            table[row - 1][column - 1] = before[row - 1][column - 1]
        elif index in typed:
            table[row - 1][column - 1] = f"getippt {index}"
    assert later_repair(grid(done(table, operation)), before, writes, joining).repairs == {}


# --- with the server --------------------------------------------------------------------------------------

HEADER = ["Nr", "Name", "Stand", "Notiz"]
TABLE = [HEADER, *([f"P-00{n}", f"Verein {n}", "offen", f"Notiz {n}"] for n in range(1, 7))]


@pytest.fixture
def doc(sim):
    doc = sim.create("Netz", locale="de_DE")
    doc.human.type_rows(TAB, "A1", TABLE)
    doc.human.note(TAB, "D3", "hängt an Notiz 2")
    return doc


def state(doc):
    """Give the table by id, as people see it."""
    return {row[0]: row[1:] for row in doc.human.values(TAB) if row and row[0] not in {"", "Nr"}}


def edit(snapshot, row, column, value, role=""):
    present = snapshot.tab(TAB).rows.get(row, {}).get(column)
    return SetCell(Spot(TAB, row, column), Cell(value, role), present)


def write(sim, doc, between, *planned):
    """Read, let people work, write; the planned cells are (row, column, value)."""
    book = workbook(sim, doc)
    snapshot = book.read()
    sim.calls.clear()
    sim.before("batchUpdate", between)
    edits = [edit(snapshot, *each) for each in planned]
    book.apply([*edits, SetMarker("m")], expected=snapshot.revision, look=LOOK)
    return book


RACES = {
    "a row inserted above": lambda doc: doc.human.insert_row(TAB, 2),
    "a row inserted in the middle": lambda doc: doc.human.insert_row(TAB, 4),
    "three rows inserted": lambda doc: doc.human.insert_row(TAB, 3, 3),
    "a row deleted above": lambda doc: doc.human.delete_row(TAB, 2),
    "the table sorted downwards": lambda doc: doc.human.sort(TAB, "A2:D7", 1, descending=True),
    "a row dragged up": lambda doc: doc.human.move_row(TAB, 6, 2),
    "a column inserted": lambda doc: doc.human.insert_column(TAB, 2),
    "a column inserted in front": lambda doc: doc.human.insert_column(TAB, 1),
    "the tab renamed": lambda doc: doc.human.rename_tab(TAB, "Jon's AG1"),
    "the tab moved": lambda doc: (doc.human.add_tab("Neu"), doc.human.move_tab(TAB, 1)),
    "the tab copied": lambda doc: doc.human.copy_tab(TAB),
    "another cell typed": lambda doc: doc.human.type(TAB, "D6", "von Anna"),
    "a row typed below": lambda doc: doc.human.type_rows(TAB, "A8", [["", "Anna neu", "offen", "x"]]),
}


@pytest.mark.parametrize("name", RACES)
def test_races_lose_no_cell_of_people_and_put_ours_where_it_belongs(sim, doc, name):
    book = write(sim, doc, RACES[name], (4, 3, "aktiv"), (6, 3, "ruht"), (7, 2, "Verein sechs"))
    title = doc.content.sheet(0).title if hasattr(doc.content, "sheet") else doc.content.sheets[0].title
    title = next(sheet.title for sheet in doc.content.sheets if sheet.id == 0)
    found = [[cell for cell in row if cell != ""] for row in doc.human.values(title)]
    kept = {row[0]: row[1:] for row in found if row and row[0].startswith("P-")}
    expected = {row[0]: row[1:] for row in TABLE[1:]}
    if "P-001" not in kept:
        assert name == "a row deleted above"
        del expected["P-001"]
    expected["P-003"] = ["Verein 3", "aktiv", "Notiz 3"]
    expected["P-005"] = ["Verein 5", "ruht", "von Anna" if name == "another cell typed" else "Notiz 5"]
    expected["P-006"] = ["Verein sechs", "offen", "Notiz 6"]
    assert kept == expected
    if name == "a row typed below":
        assert ["Anna neu", "offen", "x"] in found
    moved = name not in {
        "the tab renamed",
        "the tab moved",
        "the tab copied",
        "another cell typed",
        "a row typed below",
    }
    assert sim.calls.count("batchUpdate") == (2 if moved else 1)
    assert book.report.repaired == moved
    assert bool(book.report.races) == (name not in {"the tab renamed", "the tab moved", "the tab copied"})


@pytest.mark.parametrize("name", [*RACES, "nobody"])
def test_rows_that_join_never_land_on_a_row_of_people(sim, doc, name):
    between = RACES.get(name, lambda _doc: None)
    write(sim, doc, between, (8, 1, "P-007"), (8, 2, "Verein 7"), (9, 1, "P-008"), (9, 2, "Verein 8"), (3, 3, "neu"))
    title = next(sheet.title for sheet in doc.content.sheets if sheet.id == 0)
    rows = [[cell for cell in row if cell != ""] for row in doc.human.values(title)]
    for wanted in (["P-007", "Verein 7"], ["P-008", "Verein 8"], ["P-002", "Verein 2", "neu", "Notiz 2"]):
        assert wanted in rows
    if name == "a row typed below":
        assert ["Anna neu", "offen", "x"] in rows
    if name != "a row deleted above":
        assert sum(row[0].startswith("P-") for row in rows if row) == 8


def test_formulas_name_their_own_row_wherever_it_came_to_stand(sim, doc):
    late = Formula('IF(C8="offen","noch offen","gut")', "noch offen")
    write(
        sim, doc, lambda doc: doc.human.type_rows(TAB, "A8", [["", "Anna neu", "offen"]]),
        (8, 1, "P-007"), (8, 3, "fertig"), (8, 4, late),
    )  # fmt: skip
    assert state(doc)["P-007"] == ["", "fertig", "gut"]


def test_formulas_in_rows_that_moved_name_the_row_they_came_to(sim, doc):
    here = Formula('IF(C4="offen","noch offen","gut")', "gut")
    write(sim, doc, lambda doc: doc.human.insert_row(TAB, 2), (4, 3, "fertig"), (4, 4, here))
    assert state(doc)["P-003"] == ["Verein 3", "fertig", "gut"]
    assert doc.human.cell(TAB, "D5")["userEnteredValue"]["formulaValue"].startswith("=IF(C5=")


def test_dates_and_zeros_that_move_keep_how_they_show(sim, doc):
    from datetime import date

    doc.human.type(TAB, "E3", "31.12.2025")
    write(sim, doc, lambda doc: doc.human.insert_row(TAB, 2), (3, 5, "00123"), (4, 5, date(2026, 1, 2)))
    assert [row[4:5] for row in doc.human.values(TAB)[2:5]] == [[], ["00123"], ["02.01.2026"]]
    doc.human.type(TAB, "E6", "31.12.2025")
    write(sim, doc, lambda doc: doc.human.delete_row(TAB, 2), (5, 5, "00123"))
    assert [row[4:5] for row in doc.human.values(TAB)[3:5]] == [["00123"], ["31.12.2025"]]


def test_looks_go_with_the_rows(sim, doc):
    write(sim, doc, lambda _doc: None, *((row, 3, f"s{row}", "input") for row in range(2, 8)))
    book = write(sim, doc, lambda doc: doc.human.insert_row(TAB, 2), (4, 3, "aktiv", "done"))
    book.read()
    assert book.roles(TAB)[5, 3] == LOOK["done"].name
    assert book.roles(TAB)[4, 3] == LOOK["input"].name


GONE = {
    "the tab deleted": lambda doc: (doc.human.add_tab("Neu"), doc.human.delete_tab(TAB)),
    "rows deleted so that ours are beyond the end": lambda doc: doc.human.delete_row(TAB, 5, 996),
}


@pytest.mark.parametrize("name", GONE)
def test_what_is_gone_is_not_written_and_the_pass_begins_anew(sim, doc, name):
    before = []
    with pytest.raises(WorkbookChanged, match="workbook-changed"):
        write(sim, doc, lambda doc: (GONE[name](doc), before.append(doc.version)), (7, 3, "aktiv"))
    assert [doc.version] == before


def test_a_tab_of_this_name_that_people_made_first_stays(sim, doc):
    book = workbook(sim, doc)
    snapshot = book.read()
    sim.before("batchUpdate", lambda doc: doc.human.add_tab("Start"))
    with pytest.raises(WorkbookChanged):
        book.apply([AddTab(TabDesign("Start", {}))], expected=snapshot.revision, look=LOOK)
    assert [sheet.title for sheet in doc.content.sheets].count("Start") == 1


def test_a_race_during_the_repair_is_seen_and_said(sim, doc):
    """People insert a row between reading and writing, and another between writing and setting right."""
    sim.before("batchUpdate", lambda doc: doc.human.insert_row(TAB, 2), nth=2)
    book = write(sim, doc, lambda doc: doc.human.insert_row(TAB, 2), (4, 3, "aktiv"))
    assert state(doc)["P-003"] == ["Verein 3", "aktiv", "Notiz 3"]
    assert state(doc)["P-002"] == ["Verein 2", "offen", "Notiz 2"]
    assert state(doc)["P-001"] == ["Verein 1", "offen", "Notiz 1"]
    assert sim.calls.count("batchUpdate") == 3
    assert book.report.repaired


@pytest.mark.parametrize(("name", "spot"), [("a row inserted above", "C5"), ("a row deleted above", "C3"), ("a column inserted", "D4")])  # fmt: skip
def test_what_is_typed_into_the_very_cell_stays_where_the_cell_moved(sim, doc, name, spot):
    """The value lands beside it; what stands in the right cell by then is not what was read, so it is a person's."""
    write(sim, doc, lambda doc: (RACES[name](doc), doc.human.type(TAB, spot, "getippt")), (4, 3, "aktiv"))
    found = {row[0]: [cell for cell in row if cell != ""] for row in doc.human.values(TAB) if row and row[0]}
    assert found["P-003"] == ["P-003", "Verein 3", "getippt", "Notiz 3"]
    assert all(line[2:] == ["offen", f"Notiz {key[-1]}"] for key, line in found.items() if key not in {"Nr", "P-003"})


NOTED = {
    "nobody": (lambda _doc: None, 1),
    "a row inserted above": (RACES["a row inserted above"], 2),
    "a row deleted above": (RACES["a row deleted above"], 2),
    "the table sorted downwards": (RACES["the table sorted downwards"], 2),
    "a column inserted": (RACES["a column inserted"], 2),
    "a row dragged up": (RACES["a row dragged up"], 2),
}


@pytest.mark.parametrize("name", NOTED)
def test_notes_go_where_their_rows_went_and_those_of_people_stay(sim, doc, name):
    """Ours are hung on P-003 and P-005 and taken from P-006; people's hang on neighbours that move into their place."""
    for row in (3, 4, 5, 6):
        doc.human.note(TAB, f"D{row}", f"von Anna {row}")
    book = workbook(sim, doc)
    put = [SetNote(Spot(TAB, row, 3), Note("", f"Konflikt {row}")) for row in (4, 5, 6)]
    snapshot = book.read()
    book.apply([put[2]], expected=snapshot.revision, look=LOOK)
    before, requests = NOTED[name]
    snapshot = book.read()
    sim.calls.clear()
    sim.before("batchUpdate", before)
    away = RemoveNote(Spot(TAB, 6, 3), Note("", "Konflikt 6"))
    book.apply([*put[:2], away, edit(snapshot, 4, 2, "Drei")], expected=snapshot.revision, look=LOOK)
    cells = doc.human.tab(TAB).cells
    ids = {row: cell["userEnteredValue"]["stringValue"] for (row, column), cell in cells.items() if not column and cell.get("userEnteredValue")}  # fmt: skip
    found = {(ids[row], cell["note"]) for (row, _), cell in cells.items() if cell.get("note")}
    wanted = {(f"P-00{n - 1}", f"von Anna {n}") for n in (3, 4, 5, 6)} | {
        ("P-003", "Konflikt 4"),
        ("P-004", "Konflikt 5"),
    }
    assert found == wanted
    assert sim.calls.count("batchUpdate") == requests


@pytest.mark.parametrize("lost", [(1,), (2,), (1, 2)])
def test_rows_that_moved_are_set_right_when_the_answers_are_lost_too(sim, doc, lost):
    for nth in lost:
        sim.faults.add("bad_json", match="batchUpdate", nth=nth)
    book = write(sim, doc, lambda doc: doc.human.sort(TAB, "A2:D7", 1, descending=True), (4, 3, "aktiv"))
    assert state(doc) == {row[0]: [row[1], "aktiv" if row[0] == "P-003" else row[2], row[3]] for row in TABLE[1:]}
    assert sim.calls.count("batchUpdate") == 2
    assert book.report.repaired


def test_the_window_that_stays_is_a_value_typed_into_the_very_cell(sim, doc, capsys):
    """This one leaves no trace; here it is shown, and how long it is open on this machine."""
    book = workbook(sim, doc)
    snapshot = book.read()
    began = time.perf_counter()
    typed = []
    sim.before("batchUpdate", lambda doc: (doc.human.type(TAB, "C4", "getippt"), typed.append(time.perf_counter())))
    book.apply([edit(snapshot, 4, 3, "aktiv")], expected=snapshot.revision, look=LOOK)
    assert state(doc)["P-003"][1] == "aktiv"
    with capsys.disabled():
        print(f"\nthe window of one cell: {1000 * (typed[0] - began):.0f} ms here, between reading and writing")
    # A cell that nobody but people writes is never in it, and the other cells of the same row are not either.
    sim.before("batchUpdate", lambda doc: doc.human.type(TAB, "D4", "auch getippt"))
    snapshot = book.read()
    book.apply([edit(snapshot, 4, 3, "ruht")], expected=snapshot.revision, look=LOOK)
    assert state(doc)["P-003"][1:] == ["ruht", "auch getippt"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(2, 8)),
        st.tuples(st.just("delete"), st.integers(2, 8)),
        st.tuples(st.just("type"), st.integers(2, 8)),
        st.tuples(st.just("sort"), st.booleans()),
        st.tuples(st.just("rename"), st.integers(0, 3)),
    ),
    max_size=2,
)


def play(doc, step, log):
    """Do one step of a person; what they typed or deleted goes to the log."""
    kind, what = step
    title = next(sheet.title for sheet in doc.content.sheets if sheet.id == 0)
    rows = doc.human.values(title)
    if kind == "insert":
        doc.human.insert_row(title, what)
    elif kind == "delete":
        gone = rows[what - 1] if what <= len(rows) else []
        log["deleted"].update(gone[:1])
        doc.human.delete_row(title, what)
    elif kind == "type" and what <= len(rows) and rows[what - 1]:
        log["typed"][rows[what - 1][0]] = f"getippt {len(log['typed'])}"
        doc.human.type(title, f"D{what}", log["typed"][rows[what - 1][0]])
    elif kind == "sort":
        doc.human.sort(title, f"A2:D{len(rows)}", 1, descending=what)
    elif kind == "rename":
        doc.human.rename_tab(title, f"Neu {what}")


@given(STEPS, st.lists(st.integers(2, 7), min_size=1, max_size=4, unique=True))
def test_any_two_steps_of_people_between_lose_nothing(steps, rows):
    from tests.sheetsim import Sim, discovery

    if not discovery.available():
        pytest.skip("Google's API description is not here")
    sim = Sim()
    doc = sim.create("Netz", locale="de_DE")
    doc.human.type_rows(TAB, "A1", TABLE)
    log = {"typed": {}, "deleted": set()}
    try:
        write(sim, doc, lambda doc: [play(doc, step, log) for step in steps], *((row, 3, f"neu {row}") for row in rows))
    except NetzwerkError as error:
        assert isinstance(error, WorkbookChanged)  # noqa: PT017 - both ends are right
        return
    title = doc.content.sheets[0].title
    found = {row[0]: row for row in doc.human.values(title) if row and row[0].startswith("P-")}
    for number, line in enumerate(TABLE[1:], start=2):
        if line[0] in log["deleted"]:
            continue
        stand = f"neu {number}" if number in rows else line[2]
        assert found[line[0]] == [line[0], line[1], stand, log["typed"].get(line[0], line[3])]
    sim.check()
    assert shown(None) is None


def test_in_very_large_documents_only_the_tabs_written_to_are_looked_at(sim, doc, monkeypatch):
    from netzwerk_sheets.backends.google import workbook as module
    from netzwerk_sheets.errors import WriteUnconfirmed

    monkeypatch.setattr(module, "_MOST_SHOWN", 0)
    doc.human.add_tab("Anderes")
    doc.human.type("Anderes", "A1", "x" * 20_000)
    doc.human.rename_tab(TAB, "Jon's AG1")
    book = workbook(sim, doc)
    snapshot = book.read()
    sim.calls.clear()
    sim.before("batchUpdate", lambda doc: doc.human.insert_row("Jon's AG1", 2))
    edits = [SetCell(Spot("Jon's AG1", 4, 3), Cell("aktiv"), "offen"), AddTab(TabDesign("Neu!", {(1, 1): Cell("x")}))]
    book.apply(edits, expected=snapshot.revision, look=LOOK)
    assert [row[2] for row in doc.human.values("Jon's AG1")[2:6]] == ["offen", "offen", "aktiv", "offen"]
    assert all(call.received < 10_000 for call in sim.calls.log)
    snapshot = book.read()
    sim.before("batchUpdate", lambda doc: doc.human.rename_tab("Jon's AG1", "umbenannt"))
    with pytest.raises(WriteUnconfirmed):
        book.apply([SetCell(Spot("Jon's AG1", 5, 3), Cell("ruht"), "aktiv")], expected=snapshot.revision, look=LOOK)
