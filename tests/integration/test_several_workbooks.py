"""Several workbooks of one network: a colleague's copy, a working group's own file."""

import json
import shutil
from datetime import date

import openpyxl
import pytest
from person import DAY, Person, netz

from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.run import sync as run_once


@pytest.fixture
def pair(stadt):
    """The network's workbook, and a copy of it that `netzwerk.toml` names."""
    netz("sync", stadt.path, "--today", DAY)
    copy = stadt.path.with_name("kopie.xlsx")
    shutil.copyfile(stadt.path, copy)
    names = json.dumps([stadt.path.name, copy.name])
    stadt.path.with_name("netzwerk.toml").write_text(f"workbook = {names}\n", encoding="utf-8")
    return stadt, Person(copy)


def sync(first, *more):
    done = netz("sync", first.path, "--today", DAY, *more)
    assert done.code in {0, 3}, done.err
    return done


def settled(*people):
    before = [each.path.read_bytes() for each in people]
    done = json.loads(netz("sync", people[0].path, "--json", "--today", DAY).out)
    assert not done["written"]
    assert not any(other["written"] for other in done["others"])
    assert [each.path.read_bytes() for each in people] == before


def test_a_word_typed_in_one_file_stands_in_the_other(pair):
    first, second = pair
    second.type("Partner", "P-002", "Bemerkung", "aus der Kopie")
    first.type("Partner", "P-003", "Bemerkung", "aus der ersten")
    assert "kopie.xlsx" in sync(first).err
    assert first.reads("Partner", "P-002", "Bemerkung") == "aus der Kopie"
    assert second.reads("Partner", "P-003", "Bemerkung") == "aus der ersten"
    settled(first, second)


def test_rows_come_and_go_in_both(pair):
    first, second = pair
    second.write_row("Bedarfe", {"Bedarf": "Leihräder", "Lebensbereich": "Mobilität"})
    first.write_row("Bedarfe", {"Bedarf": "Rampen", "Lebensbereich": "Mobilität"})
    first.delete_row("Partner", "P-013")
    sync(first)
    for each in pair:
        needs = {row: cells.get("Bedarf") for row, cells in each.table("Bedarfe").items()}
        assert {needs["B-010"], needs["B-011"]} == {"Leihräder", "Rampen"}
        assert "P-013" not in each.ids("Partner")
    settled(first, second)


def test_two_versions_stay_until_people_decide_in_either_file(pair):
    first, second = pair
    first.type("Partner", "P-002", "Stadtteil", "Version eins")
    second.type("Partner", "P-002", "Stadtteil", "Version zwei")
    assert sync(first).code == 3
    assert first.reads("Partner", "P-002", "Stadtteil") == "Version eins"
    assert second.reads("Partner", "P-002", "Stadtteil") == "Version zwei"
    assert any("kopie.xlsx" in text for text in first.texts())
    settled(first, second)
    second.type("Konflikte", "KF-001", "Was gilt?", "B")
    sync(first)
    assert first.reads("Partner", "P-002", "Stadtteil") == "Version zwei"
    assert second.reads("Partner", "P-002", "Stadtteil") == "Version zwei"
    settled(first, second)


def test_a_copy_made_before_the_last_runs_is_brought_up_to_date(stadt):
    netz("sync", stadt.path, "--today", DAY)
    copy = stadt.path.with_name("kopie.xlsx")
    shutil.copyfile(stadt.path, copy)
    second = Person(copy)
    stadt.type("Partner", "P-002", "Bemerkung", "nach der Kopie getippt")
    stadt.delete_row("Partner", "P-013")
    netz("sync", stadt.path, "--today", DAY)
    second.type("Partner", "P-003", "Bemerkung", "in die Kopie getippt")
    names = json.dumps([stadt.path.name, copy.name])
    stadt.path.with_name("netzwerk.toml").write_text(f"workbook = {names}\n", encoding="utf-8")
    done = sync(stadt)
    assert "widersprech" not in done.err
    for each in (stadt, second):
        assert each.reads("Partner", "P-002", "Bemerkung") == "nach der Kopie getippt"
        assert each.reads("Partner", "P-003", "Bemerkung") == "in die Kopie getippt"
        assert "P-013" not in each.ids("Partner")
    settled(stadt, second)


def test_a_working_groups_own_file_needs_its_own_tabs_only(pair):
    first, second = pair
    with second.book() as book:
        keep = {"AG Zugang", "Listen"}
        for title in [title for title in book.sheetnames if title not in keep]:
            del book[title]
        for name in book.defined_names.values():
            if not any(f"'{title}'!" in name.attr_text or f"{title}!" in name.attr_text for title in keep):
                name.attr_text = "#REF!$A$1"
    second.type("AG Zugang", "B-004", "Problem", "steht nur in der Datei der Gruppe")
    sync(first)
    assert first.reads("Bedarfe", "B-004", "Problem") == "steht nur in der Datei der Gruppe"
    assert openpyxl.load_workbook(second.path).sheetnames == ["Listen", "AG Zugang"]
    first.type("Bedarfe", "B-005", "Problem", "von der Koordination")
    sync(first)
    assert second.reads("AG Zugang", "B-005", "Problem") == "von der Koordination"
    settled(first, second)


def test_a_file_that_is_open_or_away_waits_and_the_others_go_on(pair):
    first, second = pair
    first.type("Partner", "P-003", "Bemerkung", "eins")
    lock = second.path.with_name(f".~lock.{second.path.name}#")
    lock.write_text("Kim,host,x,01.01.2026 10:00;")
    done = netz("sync", first.path, "--today", DAY)
    assert done.code == 5
    assert "kopie.xlsx" in done.err
    assert second.reads("Partner", "P-003", "Bemerkung") is None
    lock.unlink()
    second.type("Partner", "P-004", "Bemerkung", "inzwischen getippt")
    away = second.path.with_name("weg.xlsx")
    second.path.rename(away)
    first.type("Partner", "P-002", "Bemerkung", "zwei")
    done = netz("sync", first.path, "--today", DAY)
    assert done.code == 5
    away.rename(second.path)
    sync(first)
    assert second.reads("Partner", "P-003", "Bemerkung") == "eins"
    assert second.reads("Partner", "P-002", "Bemerkung") == "zwei"
    assert first.reads("Partner", "P-004", "Bemerkung") == "inzwischen getippt"
    settled(first, second)


def test_a_file_of_another_network_is_refused_and_nothing_is_written(pair):
    first, second = pair
    foreign = second.path.with_name("fremd.xlsx")
    netz("init", foreign, "--demo", "--today", DAY)
    foreign.replace(second.path)
    before = first.path.read_bytes(), second.path.read_bytes()
    first_done = netz("sync", first.path, "--today", "2025-05-16")
    assert first_done.code == 2
    assert "kopie.xlsx" in first_done.err
    assert (first.path.read_bytes(), second.path.read_bytes()) == before


def test_each_file_may_be_named_and_the_network_is_meant(pair):
    first, second = pair
    second.type("Partner", "P-002", "Bemerkung", "aus der Kopie")
    done = netz("sync", second.path, "--today", DAY)
    assert done.code in {0, 3}
    assert first.reads("Partner", "P-002", "Bemerkung") == "aus der Kopie"
    assert netz("plan", second.path, "--today", DAY).code == 0
    settled(first, second)


def test_a_copy_put_in_the_place_of_the_first_file_loses_nothing(pair):
    first, second = pair
    sync(first)
    first.type("Partner", "P-002", "Bemerkung", "in der ersten")
    second.type("Partner", "P-003", "Bemerkung", "in der Kopie")
    sync(first)
    second.type("Partner", "P-004", "Bemerkung", "vor dem Tausch")
    shutil.copyfile(second.path, first.path)
    sync(first)
    for each in pair:
        assert each.reads("Partner", "P-002", "Bemerkung") == "in der ersten"
        assert each.reads("Partner", "P-004", "Bemerkung") == "vor dem Tausch"
    settled(first, second)


class Cut(BaseException):
    """The power goes away."""


@pytest.mark.parametrize("human", [False, True])
def test_power_lost_between_two_files_loses_nothing(pair, human, request):
    """At every durable step of a run over two files; afterwards people may type before the next run."""
    first, second = pair
    further = (second.path,)
    states, start = stadt_state(first), (first.path.read_bytes(), second.path.read_bytes())
    backup = first.path.parent / "state-before"
    shutil.copytree(states, backup)
    nth, stride = 0, 1 if request.config.getoption("--long") else 6
    while True:
        nth += stride
        shutil.rmtree(states)
        shutil.copytree(backup, states)
        first.path.write_bytes(start[0])
        second.path.write_bytes(start[1])
        first.type("Partner", "P-002", "Bemerkung", "eins")
        second.type("Partner", "P-003", "Bemerkung", "zwei")
        passed = []

        def step(name, passed=passed, nth=nth):
            passed.append(name)
            if len(passed) == nth:
                raise Cut

        try:
            run_once(first.path, Order(date.fromisoformat(DAY), further=further), step=step)
        except Cut:
            pass
        else:
            break
        if human:
            first.type("Partner", "P-004", "Bemerkung", "danach")
            second.type("Partner", "P-002", "Stadtteil", "auch danach")
        sync(first)
        for each in pair:
            assert each.reads("Partner", "P-002", "Bemerkung") == "eins", passed
            assert each.reads("Partner", "P-003", "Bemerkung") == "zwei", passed
            if human:
                assert each.reads("Partner", "P-004", "Bemerkung") == "danach", passed
                assert each.reads("Partner", "P-002", "Stadtteil") == "auch danach", passed
        settled(first, second)
    assert nth > 10


def stadt_state(person):
    return person.path.parent / "state"


@pytest.fixture
def joined(stadt):
    """The network's workbook, and one of people that joined it: `init` gave it the tabs and rows."""
    netz("sync", stadt.path, "--today", DAY)
    other = stadt.path.with_name("eigene.xlsx")
    book = openpyxl.Workbook()
    book.active["A1"] = "Einkaufsliste"
    book.save(other)
    names = json.dumps([stadt.path.name, other.name])
    stadt.path.with_name("netzwerk.toml").write_text(f"workbook = {names}\n", encoding="utf-8")
    done = netz("init", other, "--yes", "--today", DAY)
    assert done.code == 0, done.err
    return stadt, Person(other)


@pytest.mark.parametrize("where", [0, 1])
def test_a_row_deleted_in_either_file_right_after_joining_is_deleted_in_both(joined, where):
    sheets = [Person(each.path) for each in joined]
    sheets[where].delete_row("Partner", "P-013")
    sync(joined[0])
    for each in joined:
        assert "P-013" not in Person(each.path).ids("Partner")
    settled(*joined)


@pytest.mark.parametrize("first", [True, False], ids=["named first", "named later"])
def test_a_file_that_is_not_there_yet_joins_the_network_it_is_named_beside(stadt, first):
    """It has the same tabs and rows, whichever of the two leads from then on, and both are kept in step."""
    sync(stadt)
    new = stadt.path.with_name("neu.xlsx")
    names = [new.name, stadt.path.name] if first else [stadt.path.name, new.name]
    stadt.path.with_name("netzwerk.toml").write_text(f"workbook = {json.dumps(names)}\n", encoding="utf-8")
    assert netz("init", new, "--dry-run", "--today", DAY).code == 0
    assert not new.exists()
    done = netz("init", new, "--today", DAY)
    assert done.code == 0, done.err
    pair = [Person(new), stadt] if first else [stadt, Person(new)]
    assert pair[0].ids("Partner") == pair[1].ids("Partner")
    assert set(stadt.tabs()) == set(Person(new).tabs())
    assert Person(new).tabs()[0] == "Start"
    sync(pair[0])
    Person(new).type("Partner", "P-002", "Bemerkung", "aus der neuen")
    stadt.type("Partner", "P-003", "Bemerkung", "aus der alten")
    stadt.delete_row("Partner", "P-013")
    sync(pair[0])
    assert stadt.reads("Partner", "P-002", "Bemerkung") == "aus der neuen"
    assert Person(new).reads("Partner", "P-003", "Bemerkung") == "aus der alten"
    assert "P-013" not in Person(new).ids("Partner")
    settled(*pair)
    assert netz("init", new, "--today", DAY).code == 0
    settled(*pair)


def test_a_file_that_cannot_be_made_leaves_the_network_as_it_was(stadt):
    sync(stadt)
    before = stadt.path.read_bytes()
    names = json.dumps([stadt.path.name, "fehlt/neu.xlsx"])
    stadt.path.with_name("netzwerk.toml").write_text(f"workbook = {names}\n", encoding="utf-8")
    done = netz("init", stadt.path.parent / "fehlt" / "neu.xlsx", "--config", stadt.path.with_name("netzwerk.toml"))
    assert done.code == 10, done.err
    assert stadt.path.read_bytes() == before


@pytest.mark.parametrize("cut", [False, True])
def test_a_first_file_that_was_lost_and_is_made_again_forgets_no_erased_person_and_no_history(pair, cut):
    first, second = pair
    name = "Zaunkönig-Ottenbach"
    first.type("Ansprechpersonen", "K-004", "Name", f"Ottilie {name}")
    first.type("Partner", "P-002", "Bemerkung", "eins")
    sync(first)
    old = first.path.read_bytes()
    assert netz("person", first.path, "erase", "K-004", "--yes").code == 0
    if cut:
        first.type("Partner", "P-002", "Bemerkung", "zwei")

        def step(name):
            if name == "remembered":
                raise Cut

        with pytest.raises(Cut):
            run_once(first.path, Order(date.fromisoformat(DAY), further=(second.path,)), step=step)
    first.path.unlink()
    assert netz("init", first.path, "--yes").code == 0
    sync(first)
    assert "danach: eins" in netz("history", first.path, "P-002.Bemerkung", "--plain").out
    assert "wurde schon am" in netz("person", first.path, "erase", "K-004", "--yes").err
    first.path.write_bytes(old)
    sync(first)
    for each in pair:
        assert not [text for text in each.texts() if name in text]


def test_erasing_again_says_nothing_untrue_of_a_file_that_cannot_be_read(pair):
    first, second = pair
    first.type("Ansprechpersonen", "K-004", "Name", "Ottilie Zaunkönig-Ottenbach")
    sync(first)
    good = second.path.read_bytes()
    second.path.write_bytes(good[:-2000])
    for _ in range(2):
        done = netz("person", first.path, "erase", "K-004", "--yes")
        assert done.code == 5
        assert "Es steht nichts mehr von der Person da." not in done.err
        assert (
            "Die Datei kopie.xlsx war nicht zu erreichen. Der nächste Abgleich löscht die Person auch dort." in done.err
        )
    second.path.write_bytes(good)
    assert netz("person", first.path, "erase", "K-004", "--yes").code == 0
    assert not [text for text in second.texts() if "Zaunkönig" in text]
