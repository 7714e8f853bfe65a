"""Undo: a run is taken back exactly, undoing that brings it back exactly, and what came later is never touched."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from merge_table import Tab, agreed, full, sync
from test_merge_invariants import ROWS, VALUES, WORDS

from netzwerk_sheets.merge import Change, ChangeKind, Limits, Requests, invert, replaced

COLUMNS = ("town", "note", "tags", "size", "street", "postcode")
NO_STOP = Requests(limits=Limits(floor=10**6))

many = settings(max_examples=300, deadline=None)


@st.composite
def runs(draw):
    """Rows, and a run that edits, deletes and adds some of them on two tabs."""
    before = draw(ROWS)
    tabs = {}
    for name in ("A", "B"):
        rows = {row: dict(cells) for row, cells in before.items()}
        for row in draw(st.lists(st.sampled_from(sorted(before)), max_size=3)):
            rows[row] |= draw(st.dictionaries(st.sampled_from(COLUMNS), VALUES, max_size=3))
            rows[row] = {key: value for key, value in rows[row].items() if value not in (None, "")}
        for row in draw(st.sets(st.sampled_from(sorted(before)), max_size=2)):
            del rows[row]
        tab = full(rows)
        new = draw(st.lists(st.fixed_dictionaries({"name": st.just(f"neu {name}"), "town": WORDS}), max_size=2))
        tabs[name] = Tab([*tab.rows, *((None, cells) for cells in new)])
    return before, sync(agreed(before), tabs, requests=NO_STOP)


def filled(rows):
    return {row: {key: value for key, value in cells.items() if value is not None} for row, cells in rows.items()}


@given(runs())
@many
def test_undo_gives_the_rows_before_and_undo_of_undo_the_rows_after(made):
    before, run = made
    after = run.result.hub
    once = invert(run.result.changes, after, run.result.tombstones)
    assert not once.standing
    assert filled(once.hub) == filled(before)
    twice = invert(once.changes, once.hub, once.tombstones)
    assert not twice.standing
    assert filled(twice.hub) == filled(after)
    thrice = invert(twice.changes, twice.hub, twice.tombstones)
    assert filled(thrice.hub) == filled(before)


@given(runs(), st.data())
@many
def test_what_came_later_stays_and_is_named(made, data):
    _, run = made
    hub, changes = run.result.hub, run.result.changes
    # A version that was not taken changed nothing that could be taken back.
    taken = [c for c in changes if c.kind is not ChangeKind.CONTRADICT]
    touched = sorted({(c.row, c.column) for c in taken if c.column and c.row in hub})
    if not touched:
        return
    later = data.draw(st.sets(st.sampled_from(touched), min_size=1))
    typed = {}
    for row, column in later:
        typed.setdefault(row, {})[column] = f"später {row} {column}"
    now = {**hub, **{row: {**hub[row], **cells} for row, cells in typed.items()}}
    done = invert(changes, now, run.result.tombstones)
    for row, column in later:
        assert done.hub[row][column] == typed[row][column]
    arrived = {c.row for c in changes if c.kind is ChangeKind.INSERT and not c.column}
    named = {(c.row, c.column) for c in done.standing}
    assert {(row, column) for row, column in later} <= named | {(row, "") for row in arrived}
    for row in arrived & {row for row, _ in later}:
        assert done.hub[row] == now[row]
    untouched = {row for row in now if row not in {c.row for c in changes}}
    assert {row: done.hub[row] for row in untouched} == {row: now[row] for row in untouched}


@given(runs())
@many
def test_an_undo_that_is_not_written_can_be_put_back(made):
    """The rows noted down before are exactly those that bring everything back."""
    _, run = made
    hub, trash = run.result.hub, run.result.tombstones
    done = invert(run.result.changes, hub, trash)
    for before, after in ((hub, done.hub), (trash, done.tombstones)):
        noted = replaced(before, after)
        back = {row: cells for row, cells in after.items() if row not in noted}
        back |= {row: cells for row, cells in noted.items() if cells is not None}
        assert back == dict(before)


def test_a_row_into_which_only_the_tool_wrote_since_goes_and_one_of_people_stays():
    insert = [
        Change("P-9", "", None, None, "A", ChangeKind.INSERT),
        Change("P-9", "name", None, "neu", "A", ChangeKind.INSERT),
    ]
    computed = Change("P-9", "mentions", None, 3, "", ChangeKind.TOOL)
    hub = {"P-9": {"name": "neu", "mentions": 3}}
    assert invert([*insert, computed], hub, {}).hub == {}
    assert invert(insert, hub, {}).standing
    assert invert([*insert, computed], {"P-9": {"name": "neu", "mentions": 4}}, {}).hub != {}


def test_of_three_versions_an_undo_brings_one_back_and_leaves_no_rest():
    resolved = [Change("P-1", "town", value, "c", "", ChangeKind.RESOLVE, "KF-001") for value in ("a", "b")]
    done = invert(resolved, {"P-1": {"town": "c"}}, {})
    assert done.hub["P-1"]["town"] == "a"
    assert not done.standing


def test_what_people_put_back_themselves_is_no_rest():
    change = Change("P-1", "town", "alt", "neu", "A", ChangeKind.EDIT)
    done = invert([change], {"P-1": {"town": "alt"}}, {})
    assert not done.standing
    assert not done.changes
