"""WRONG-BASE: whatever the marker in a workbook says, only what is known to have been agreed is ever a deletion.

Eight states of the marker: in each somebody deletes a row and types a word. Where it is known what was agreed when
the file was written, the row is deleted; where it is not, nothing is, and the word stands in every state.
"""

import shutil
import sqlite3
import zipfile
from datetime import date

import pytest
from person import DAY, Person, netz

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.state.folder import key_of
from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.run import sync

ROW, GROUP = "B-003", "AG Einsamkeit"


class Cut(BaseException):
    """The power goes away."""


def database(person):
    return sqlite3.connect(person.path.parent / "state" / "networks" / f"{key_of(person.path)}.sqlite")


def marked(person, **changes):
    """Write another marker into the file."""
    old = ExcelWorkbook(person.path).read().marker
    new = old
    for name, value in changes.items():
        before = next(part for part in old.split() if part.startswith(f"{name}="))
        new = new.replace(before, f"{name}={value}")
    assert new != old
    written = person.path.with_name("neu.zip")
    with zipfile.ZipFile(person.path) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item, source.read(item).replace(old.encode(), new.encode()))
    shutil.move(written, person.path)
    assert ExcelWorkbook(person.path).read().marker == new
    return person


def equal(person):
    return person


def pending_applied(person):
    person.type("Partner", "P-002", "Bemerkung", "vor dem Absturz")

    def step(name):
        if name == "replaced":
            raise Cut

    with pytest.raises(Cut):
        sync(person.path, Order(date.fromisoformat(DAY)), step=step)
    return person


def older(person):
    old = person.path.read_bytes()
    person.type("Partner", "P-002", "Bemerkung", "seit der Kopie getippt")
    assert netz("sync", person.path, "--today", DAY).code in {0, 3}
    person.path.write_bytes(old)
    return person


def older_forgotten(person):
    older(person)
    with database(person) as db:
        db.execute("INSERT OR REPLACE INTO meta SELECT 'archived since', MAX(run) FROM run")
    return person


def newer(person):
    return marked(person, run=4711)


def foreign_state(person):
    return marked(person, state="0123456789abcdef")


def foreign_network(person):
    return marked(person, network="0123456789abcdef")


def copied(person):
    copy = Person(person.path.with_name("Kopie von stadt.xlsx"))
    shutil.copyfile(person.path, copy.path)
    return copy


STATES = [
    (equal, True), (pending_applied, True), (older, True), (older_forgotten, False), (newer, False),
    (foreign_state, False), (foreign_network, False), (copied, True),
]  # fmt: skip


@pytest.mark.parametrize(("state", "known"), STATES, ids=[state.__name__ for state, _known in STATES])
def test_wrong_base_only_what_was_agreed_is_ever_a_deletion(stadt, state, known):
    stadt.type("Partner", "P-004", "Bemerkung", "alle wissen davon")
    assert netz("sync", stadt.path, "--today", DAY).code in {0, 3}
    person = state(stadt)
    person.delete_row("Bedarfe", ROW)
    person.type("Partner", "P-003", "Bemerkung", "getippt")
    rows = {tab: set(person.ids(tab)) for tab in ("Partner", "Bedarfe", "Gespräche", GROUP)}
    done = netz("sync", person.path, "--today", DAY)
    assert done.code in {0, 3}, done.err
    assert person.reads("Partner", "P-003", "Bemerkung") == "getippt"
    assert person.reads("Partner", "P-004", "Bemerkung") == "alle wissen davon"
    for tab in ("Partner", "Gespräche"):
        assert set(person.ids(tab)) == rows[tab]
    assert set(person.ids("Bedarfe")) == (rows["Bedarfe"] if known else rows["Bedarfe"] | {ROW})
    assert set(person.ids(GROUP)) == (rows[GROUP] - {ROW} if known else rows[GROUP])
    if person is not stadt:
        assert ROW in stadt.ids("Bedarfe"), "the other file is another file"
    once = person.path.read_bytes()
    assert netz("sync", person.path, "--today", DAY).code in {0, 3}
    assert person.path.read_bytes() == once


def test_wrong_base_without_the_archive_what_was_deleted_since_is_not_deleted_twice(stadt):
    """A file older than anything remembered: two versions of a cell are both kept."""
    assert netz("sync", stadt.path, "--today", DAY).code in {0, 3}
    stadt.type("Partner", "P-002", "Bemerkung", "alt")
    assert netz("sync", stadt.path, "--today", DAY).code in {0, 3}
    older_forgotten(stadt)
    stadt.type("Partner", "P-002", "Bemerkung", "in die alte Kopie getippt")
    netz("sync", stadt.path, "--today", DAY)
    assert stadt.reads("Partner", "P-002", "Bemerkung") == "in die alte Kopie getippt"


@pytest.mark.parametrize("state", [newer, foreign_state, older_forgotten])
@pytest.mark.parametrize("noted", ["", "below", "between"])
def test_rows_that_the_tool_showed_are_its_own_also_where_nobody_remembers_them(stadt, state, noted):
    """A partner who paused goes from the profile, as ever; a note of people stays, and they hear if it is in the way."""
    profile = "Netzwerk-Steckbrief"
    assert netz("sync", stadt.path, "--today", DAY).code in {0, 3}
    person = state(stadt)
    assert "Wohlfahrtsverband" in str(person.everything()[profile])
    person.type("Partner", "P-003", "Status", "ruhend")
    if noted == "between":
        person.insert_rows(profile, 20)
    if noted:
        person.put(profile, 20 if noted == "between" else max(person.everything()[profile]) + 1, 2, "von Hand")
    code = 7 if noted == "between" else 3
    for _ in range(2):
        done = netz("sync", person.path, "--today", DAY, "--json")
        assert done.code == code, done.err
        stands = str(person.everything()[profile])
        assert ("von Hand" in stands) == bool(noted)
        assert ("Wohlfahrtsverband" in stands) == (noted == "between"), "such a tab is left as it is"
    before = person.path.read_bytes()
    assert netz("sync", person.path, "--today", DAY, "--json").code == code
    assert person.path.read_bytes() == before
