"""What coordinators do at the same time in two places, and what must come of it, on real files.

Fifteen scenarios, each between the main tab and a working group's tab, and between the first workbook and a
copy of it, either way round. `tests/unit/merge/test_merge_scenarios.py` asks the same of the pure engine.
"""

import json
import shutil
from dataclasses import dataclass

import pytest
from person import DAY, Person, netz

from netzwerk_sheets.grid import shown

MAIN, TEAM = "Bedarfe", "AG Zugang"
OWN = "Wer fragt nach?"
"""A column that people add at one of the places."""


@dataclass
class Place:
    """One of the two places at which people work."""

    person: Person
    tab: str

    def __getattr__(self, name):
        act = getattr(self.person, name)
        return lambda *arguments, **more: act(self.tab, *arguments, **more)

    def rows(self):
        """The rows both places show: id → header → what a person sees; group and order aside."""
        rows = self.table()
        return {key: {head: shown(v) for head, v in rows[key].items() if shown(v) is not None} for key in rows if key}


@dataclass
class Scene:
    """Two places, and the runs that bring them together."""

    here: Place
    there: Place

    @property
    def people(self):
        both = [self.here.person, self.there.person]
        first = min(both, key=lambda person: person.path.name != "stadt.xlsx")
        return [first, *(person for person in both[:1] + both[1:] if person.path != first.path)]

    def sync(self, *more):
        return json.loads(netz("sync", self.people[0].path, "--json", "--today", DAY, *more).out)

    def agreed(self):
        """One run, after which nothing is open between the two places and a further run writes nothing."""
        done = self.sync()
        assert not done["conflicts"]
        assert not done["held"]
        here, there = self.here.rows(), self.there.rows()
        for row in {*here} & {*there}:
            assert {**here[row], **there[row]} == {**there[row], **here[row]}, row
            assert here[row].keys() ^ there[row].keys() <= {OWN}, row
        self.settled()
        return done

    def settled(self):
        before = [person.path.read_bytes() for person in self.people]
        again = self.sync()
        assert not again["written"]
        assert not any(other["written"] for other in again.get("others", ()))
        assert [person.path.read_bytes() for person in self.people] == before

    def everywhere(self, row, header, value):
        assert [place.reads(row, header) for place in (self.here, self.there)] == [value, value]


@pytest.fixture(params=["main and tab", "tab and main", "first and copy", "copy and first"])
def scene(stadt, request):
    netz("sync", stadt.path, "--today", DAY)
    if "tab" in request.param:
        places = [Place(stadt, MAIN), Place(stadt, TEAM)]
    else:
        copy = stadt.path.with_name("kopie.xlsx")
        shutil.copyfile(stadt.path, copy)
        listed = json.dumps([stadt.path.name, copy.name])
        stadt.path.with_name("netzwerk.toml").write_text(f"workbook = {listed}\n", encoding="utf-8")
        places = [Place(stadt, MAIN), Place(Person(copy), MAIN)]
    if request.param.startswith(("tab", "copy")):
        places.reverse()
    found = Scene(*places)
    found.sync()
    return found


def test_01_sorting_here_and_editing_there_never_moves_a_row(scene):
    still = scene.there.ids()
    scene.here.sort("Bedarf", reverse=True)
    order = scene.here.ids()
    assert order != still
    scene.there.type("B-005", "Problem", "während des Sortierens")
    scene.agreed()
    scene.everywhere("B-005", "Problem", "während des Sortierens")
    assert scene.here.ids() == order
    assert scene.there.ids() == still


def test_02_a_column_of_ones_own_stays_where_it_is_while_others_edit(scene):
    scene.here.add_column(OWN, {"B-004": "Cem", "B-009": "Ute"})
    scene.there.type("B-004", "Problem", "neu")
    scene.agreed()
    scene.everywhere("B-004", "Problem", "neu")
    assert (scene.here.reads("B-004", OWN), scene.here.reads("B-009", OWN)) == ("Cem", "Ute")
    assert OWN not in scene.there.table()["B-004"]


def test_03_the_same_cell_twice_keeps_both_values_and_asks(scene):
    scene.here.type("B-004", "Stadtteil", "Nordstadt")
    scene.there.type("B-004", "Stadtteil", "Südstadt")
    done = scene.sync()
    assert done["exit"] == 3
    assert [each["row"] for each in done["conflicts"]] == ["B-004"]
    assert scene.here.reads("B-004", "Stadtteil") == "Nordstadt"
    assert scene.there.reads("B-004", "Stadtteil") == "Südstadt"
    for person in scene.people:
        (row,) = (cells for key, cells in person.table("Konflikte").items() if key)
        assert {"Nordstadt", "Südstadt"} <= {str(shown(value)) for value in row.values()}
    scene.settled()
    scene.here.type("B-004", "Stadtteil", "Südstadt")  # people agree by themselves
    scene.agreed()


def test_04_two_cells_of_one_row_both_count(scene):
    scene.here.type("B-004", "Stadtteil", "Nordstadt")
    scene.there.type("B-004", "Beleg", "neuer Beleg")
    scene.agreed()
    scene.everywhere("B-004", "Stadtteil", "Nordstadt")
    scene.everywhere("B-004", "Beleg", "neuer Beleg")


def test_05_a_row_deleted_here_and_edited_there_survives_and_that_is_said(scene):
    scene.here.delete_row("B-006")
    scene.there.type("B-006", "Problem", "wird noch gebraucht")
    done = scene.sync()
    assert not done["conflicts"]
    rest = {place.tab for place in (scene.here, scene.there) if "B-006" in place.ids()}
    assert MAIN in rest, "the row itself is never lost"
    assert all(place.reads("B-006", "Problem") == "wird noch gebraucht" for place in (scene.here, scene.there)
               if "B-006" in place.ids())  # fmt: skip
    log = [str(shown(v)) for cells in scene.people[0].table("Protokoll").values() for v in cells.values()]
    assert any("B-006" in text for text in log)
    scene.settled()


def test_06_a_choice_of_several_takes_what_either_added_or_took_out(scene):
    assert scene.here.reads("B-004", "Benötigt") == "Fachwissen; Finanzierung; Mandat"
    scene.here.type("B-004", "Benötigt", "Fachwissen; Finanzierung; Mandat; Räume")
    scene.there.type("B-004", "Benötigt", "Finanzierung; Mandat; Kontakte")
    scene.agreed()
    for place in (scene.here, scene.there):
        chosen = set(place.reads("B-004", "Benötigt").split("; "))
        assert chosen == {"Finanzierung", "Mandat", "Räume", "Kontakte"}


def test_07_a_renamed_row_is_the_same_row(scene):
    scene.here.type("B-004", "Bedarf", "Gebärdensprache überall")
    scene.there.type("B-004", "Menschen betroffen", 321)
    before = len(scene.here.ids())
    scene.agreed()
    scene.everywhere("B-004", "Bedarf", "Gebärdensprache überall")
    scene.everywhere("B-004", "Menschen betroffen", 321)
    assert len(scene.here.ids()) == before


def test_08_a_row_copied_with_its_id_gets_an_id_of_its_own(scene):
    scene.here.copy_row("B-005", {"Bedarf": "Sprachkurse am Abend"})
    scene.there.type("B-005", "Problem", "das Original geändert")
    scene.agreed()
    scene.everywhere("B-005", "Problem", "das Original geändert")
    scene.everywhere("B-010", "Bedarf", "Sprachkurse am Abend")
    scene.everywhere("B-005", "Bedarf", "Barrierefreie Sprachkurse")
    assert len(scene.here.ids()) == len(set(scene.here.ids()))


def test_09_a_renamed_heading_is_still_the_column(scene):
    scene.here.rename_header("Beleg", "Woher wissen wir das?")
    scene.there.type("B-004", "Beleg", "neuer Beleg")
    done = scene.sync()
    assert not done["conflicts"]
    assert any(each["case"] == "header-renamed" for each in done["findings"])
    assert scene.here.reads("B-004", "Woher wissen wir das?") == "neuer Beleg"
    scene.here.type("B-005", "Woher wissen wir das?", "unter neuem Namen")
    scene.sync()
    assert scene.there.reads("B-005", "Beleg") == "unter neuem Namen"
    scene.settled()


def test_10_white_space_gives_way_to_a_real_edit(scene):
    scene.here.type("B-004", "Problem", " Keine\u00a0Dolmetschung ")
    scene.there.type("B-004", "Problem", "Keine Dolmetschung, kein Video")
    scene.here.type("B-005", "Bedarf", "Barrierefreie  Sprachkurse ")
    scene.there.type("B-005", "Bedarf", "Barrierefreie Sprachkurse und Übungen")
    scene.agreed()
    scene.everywhere("B-004", "Problem", "Keine Dolmetschung, kein Video")
    scene.everywhere("B-005", "Bedarf", "Barrierefreie Sprachkurse und Übungen")


def test_11_new_rows_on_both_sides_are_all_there(scene):
    for place, name in ((scene.here, "Leihräder"), (scene.there, "Rampen")):
        place.write_row({"Bedarf": name, "Lebensbereich": "Mobilität", "AG": TEAM})
    scene.agreed()
    for place in (scene.here, scene.there):
        rows = place.table()
        assert {shown(rows[key]["Bedarf"]) for key in ("B-010", "B-011")} == {"Leihräder", "Rampen"}


def test_12_a_tab_that_comes_back_empty_deletes_nothing(scene):
    scene.here.empty_table()
    scene.there.type("B-004", "Problem", "inzwischen getippt")
    before = set(scene.there.ids())
    done = scene.sync()
    assert done["exit"] == 7
    assert [each.get("table") for each in done["held"]] == ["needs"]
    assert set(scene.there.ids()) == before
    assert scene.there.reads("B-004", "Problem") == "inzwischen getippt"
    assert scene.sync()["exit"] == 7
    assert set(scene.there.ids()) == before


def test_13_a_column_dropped_here_and_edited_there_keeps_the_edit_and_deletes_nothing(scene):
    scene.there.type("B-004", "Beleg", "gilt weiter")
    column = {row: cells.get("Beleg") for row, cells in scene.there.rows().items()}
    scene.here.delete_column("Beleg")
    done = scene.sync()
    assert not done["conflicts"]
    assert {row: cells.get("Beleg") for row, cells in scene.there.rows().items()} == column
    assert "Beleg" not in scene.here.table()["B-004"]
    scene.there.type("B-005", "Beleg", "und wird weiter gepflegt")
    scene.sync()
    scene.settled()
    scene.here.add_column("Beleg", {})  # the column comes back, empty: that is not everything deleted
    scene.sync()
    assert scene.there.reads("B-004", "Beleg") == "gilt weiter"
    assert scene.there.reads("B-005", "Beleg") == "und wird weiter gepflegt"


def test_14_the_same_new_id_on_both_sides_means_two_rows(scene):
    for place, name in ((scene.here, "Leihräder"), (scene.there, "Rampen")):
        place.write_row({"Nr": "B-010", "Bedarf": name, "Lebensbereich": "Mobilität", "AG": TEAM})
    scene.agreed()
    for place in (scene.here, scene.there):
        rows = place.table()
        assert sorted(str(shown(cells.get("Bedarf"))) for cells in rows.values()).count("Leihräder") == 1
        assert sorted(str(shown(cells.get("Bedarf"))) for cells in rows.values()).count("Rampen") == 1
        assert len(place.ids()) == len(set(place.ids()))


def test_15_a_cleared_id_comes_back_while_another_edits_the_row(scene):
    order = scene.here.ids()
    scene.here.clear_id("B-005")
    scene.there.type("B-005", "Problem", "inzwischen getippt")
    scene.agreed()
    scene.everywhere("B-005", "Problem", "inzwischen getippt")
    assert scene.here.ids() == order
