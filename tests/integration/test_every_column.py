"""What a person types into any column of any tab is there after the next sync, or kept where it is said to be."""

import pytest
from integration_fixtures import taken_over
from person import DAY, Person, netz
from test_people_edit import settled, sync

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.grid import Cell, SetCell, Spot
from netzwerk_sheets.sheets.locate import locate


@pytest.fixture(scope="module")
def everything(made, tmp_path_factory):
    """The demo network with a survey and a review, so that it has tabs of every kind."""
    folder = tmp_path_factory.mktemp("everything")
    path = folder / "stadt.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETZWERK_STATE", str(folder / "state"))
        patch.setenv("NETZWERK_LANG", "de")
        taken_over(made, path, folder / "state")
        assert netz("survey", path, "ZG-02", "--today", DAY).code == 0
        assert netz("review", path, "AG-02", "--today", DAY).code == 0
    return folder


@pytest.fixture
def typist(everything, tmp_path):
    path = tmp_path / "stadt.xlsx"
    taken_over(everything, path, tmp_path / "state")
    return Person(path)


def type_everywhere(person, wanted, *, below=False):
    """Type a word of its own into every wanted column of every tab; gives word → (tab, column).

    Args:
        wanted: Whether a column of the schema is wanted.
        below: Whether to fill one new row below each table, instead of one cell in any row of it.
    """
    workbook = ExcelWorkbook(person.path)
    snapshot = workbook.read()
    words, edits, taken = {}, [], set()
    for seen in locate(snapshot).seen():
        for shift, (code, column) in enumerate(seen.columns.items()):
            if not wanted(seen.table.column(code)):
                continue
            # The same row stands on several tabs; two words in its cell would rightly be a conflict.
            free = [row for row in seen.rows if (seen.code, row.cells.get("id"), code) not in taken]
            if not below and not free:
                continue
            row = free[shift % len(free)] if free else None
            number = seen.last_row + 1 if below else row.number
            taken |= set() if below else {(seen.code, row.cells.get("id"), code)}
            present = snapshot.tab(seen.tab.title).rows.get(number, {}).get(column)
            word = f"Wort{len(words):04d}"
            words[word] = seen.tab.title, code
            edits.append(SetCell(Spot(seen.tab.title, number, column), Cell(word), present))
    workbook.apply(edits, expected=snapshot.revision, look={})
    return words


def lost(person, words):
    there = "\n".join(person.texts())
    return {place for word, place in words.items() if word not in there}


def human(column):
    return column.owner != "tool" and column.kind != "id"


@pytest.mark.parametrize("below", [False, True])
def test_a_word_in_any_column_of_people_stays(typist, below):
    words = type_everywhere(typist, human, below=below)
    assert len(words) > 300
    assert len({tab for tab, _ in words.values()}) > 30
    # A row typed below computed ones stands in the way of new ones there: those tabs stay as they are.
    assert sync(typist).code == (7 if below else 3)
    assert lost(typist, words) == set()
    settled(typist)


def test_a_word_typed_over_an_id_or_a_result_is_shown_by_history(typist):
    words = type_everywhere(typist, lambda column: not human(column))
    assert len(words) > 100
    done = sync(typist)
    assert done.code == 3
    assert "Die Zelle Partner!A" in done.err
    # What stands beside persons is not repeated in the workbook.
    assert lost(typist, words) == {("Ansprechpersonen", "id")}
    told = netz("history", typist.path, "--plain").out
    assert [word for word, (tab, _) in words.items() if tab == "Ansprechpersonen" and word not in told] == []
    settled(typist)


def test_a_setting_nobody_can_read_is_a_finding_and_stops_nothing(typist):
    typist.write_row("Einstellungen", {"Schlüssel": "Lieblingsfarbe", "Wert": "Grün"}, header="Schlüssel")
    typist.type("Einstellungen", "schrift.größe", "Wert", "riesig")
    assert sync(typist).code == 3
    told = "\n".join(typist.texts())
    assert "Die Einstellung „Lieblingsfarbe“ kennt netzwerk nicht." in told
    assert "Der Wert von „schrift.größe“ passt nicht. Es gilt die Vorgabe." in told
    settled(typist)


def test_a_choice_nobody_offers_is_told_and_nothing_follows_from_it(typist):
    typist.type("Bedarfe", "B-003", "Priorität", "mittel")
    typist.type("AG Einsamkeit", "B-003", "Priorität", "niedrig")
    sync(typist)
    typist.type("Konflikte", "KF-001", "Was gilt?", "die zweite")
    typist.type("Vorschläge", "PT-05", "Entscheidung", "Wunsch")
    assert sync(typist).code == 3
    told = {(row.get(3), row.get(4)) for row in typist.everything()["Prüfung"].values()}
    assert ("KF-001", "„die zweite“ steht in der Spalte „Was gilt?“, aber nicht in der Auswahlliste.") in told
    assert ("PT-05", "„Wunsch“ steht in der Spalte „Entscheidung“, aber nicht in der Auswahlliste.") in told
    settled(typist)
    typist.type("Konflikte", "KF-001", "Was gilt?", "Fassung B")
    sync(typist)
    assert typist.ids("Konflikte") == []
    assert typist.reads("Bedarfe", "B-003", "Priorität") == "niedrig"
    assert not any("die zweite" in str(row) for row in typist.everything()["Prüfung"].values())
    settled(typist)
