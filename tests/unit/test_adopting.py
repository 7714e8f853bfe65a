"""What a list is taken for: by its headings, its values and its place; and what keeps it from being used in place."""

from datetime import date

import pytest

from netzwerk_sheets.grid import Area, Tab, TableArea
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.adopting.guess import Known, guess, guess_all
from netzwerk_sheets.sheets.adopting.headings import hits, known_headings, plain
from netzwerk_sheets.sheets.adopting.mapping import as_text, entry_of, read_entries
from netzwerk_sheets.sheets.adopting.placing import place
from netzwerk_sheets.sheets.adopting.regions import find_regions
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.own_words import own_words, understood


def tab(*rows, title="Liste", merged=(), tables=(), obstacle=""):
    cells = {n: {c: v for c, v in enumerate(row, start=1) if v is not None} for n, row in enumerate(rows, start=1)}
    return Tab(title, {n: row for n, row in cells.items() if row}, tables, merged, obstacle=obstacle)


def only(*rows, **more):
    (region,) = find_regions(tab(*rows, **more))
    return region


def codes(region, known=None):
    found = guess(region, known or Known())
    return found.table, {column.heading: column.code for column in found.columns if column.code}


@pytest.mark.parametrize(
    ("heading", "column", "why"),
    [
        ("Organisation", "name", "heading"),
        ("ORGANISATION:", "name", "heading"),
        ("Name der Einrichtung", "name", "synonym"),
        ("Zielgr.", "target_groups", "shortened"),
        ("Organsiation", "name", "similar"),
        ("Status der Kooperation", "status", "similar"),
        ("Notizen", "note", "synonym"),
    ],
)
def test_headings_are_understood_as_people_write_them(heading, column, why):
    assert hits("partners", heading)[column].why == why


def test_a_heading_of_another_thing_is_not_forced_in():
    assert not hits("partners", "Kontonummer")
    assert not hits("partners", "Straße")


def test_a_telephone_number_is_no_number_of_people():
    rows = [["Family Name", "Email Address", "Phone Number"], ["Öz", "oez@x.example", "0951 1"], ["Kern", None, 4711]]
    assert codes(only(*rows)) == ("", {})


def test_every_synonym_leads_to_a_column_and_none_twice_to_different_ones_of_its_table():
    import tomllib

    content = tomllib.loads((schema.TEMPLATES / "workbook" / "synonyms.toml").read_text("utf-8"))
    for code, columns in content.items():
        if code == "lines":
            continue
        known = {column.code for column in schema.tables()[code].columns} | {"tab", "rows"}
        assert columns.keys() <= known, code
        for column, texts in columns.items():
            for text in texts if column not in {"tab", "rows"} else ():
                assert column in hits(code, text), (code, text)
                assert plain(text) in known_headings()


def test_titles_above_and_remarks_below_are_no_rows():
    region = only(
        ["Unser Netzwerk"], [None], ["Organisation", "Status"], ["A", "aktiv"], ["B", None], [None], ["Stand: Mai", None],
        ["Summe", 2],
    )  # fmt: skip
    assert region.header_row == 3
    assert list(region.rows) == [4, 5]
    assert set(region.left) == {7, 8}


def test_a_sum_below_and_a_heading_between_bar_the_way():
    region = only(["Organisation", "Status"], ["A", "aktiv"], ["Summe", 1], ["B", "aktiv"])
    assert list(region.rows) == [2, 4]
    assert region.hindrances == ("between",)


def test_two_lists_beside_each_other_and_one_below():
    regions = find_regions(
        tab(
            ["Partner", "Status", None, "Bedarf", "Priorität"], ["A", "aktiv", None, "Bus", "hoch"], [None],
            ["AG", "Leitung"], ["AG 1", "A"],
        )
    )  # fmt: skip
    assert [(each.header_row, each.first_column, each.last_column) for each in regions] == [
        (1, 1, 2),
        (1, 4, 5),
        (4, 1, 2),
    ]
    assert all("shared" in each.hindrances for each in regions)
    assert [found.table for found in guess_all(regions, Known())] == ["partners", "needs", "groups"]


def test_columns_without_a_known_heading_are_known_by_their_values():
    region = only(["Name", "Wie weit"], ["A", "aktiv"], ["B", "im Gespräch"], ["C", "zugesagt"], title="Partner")
    assert codes(region) == ("partners", {"Name": "name", "Wie weit": "status"})


def test_numbers_of_their_own_are_not_taken_for_ids():
    region = only(["Nr", "Organisation", "Status"], [1, "A", "aktiv"], [2, "B", "aktiv"])
    assert "Nr" not in codes(region)[1]
    region = only(["Nr", "Organisation", "Status"], ["P-001", "A", "aktiv"], ["P-002", "B", "aktiv"])
    assert codes(region)[1]["Nr"] == "id"


def test_contacts_are_contacts_only_where_their_organisations_are_known():
    rows = (["Organisation", "Ansprechpartner", "E-Mail"], ["A", "x", "x@y.example"], ["B", "y", "y@y.example"])
    assert codes(only(*rows))[0] == "partners"
    assert codes(only(*rows), Known({"partners": frozenset({"a", "b"})}))[0] == "contacts"
    assert codes(only(*rows, title="Kontakte"))[0] == "contacts"


def test_lists_of_other_things_are_left_alone():
    assert codes(only(["Datum", "Kilometer", "Fahrer"], ["1.1.", 12, "x"]))[0] == ""
    assert codes(only(["Datum", "Betrag", "Wofür"], [date(2026, 1, 2), 12.5, "Kuchen"]))[0] == ""
    assert find_regions(tab(["Hallo"], [None], ["Welt"])) == []
    assert find_regions(tab()) == []


def placed(region, on, taken=frozenset(), *, settings=True):
    return place(guess(region, Known()), on, Words("de"), taken=taken, settings=settings)


LIST = (["Organisation", "Status"], ["A", "aktiv"])


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"merged": (Area(1, 1, 1, 2),)}, "merged"),
        ({"obstacle": "tab-protected"}, "protected"),
        ({"tables": (TableArea("t", Area(1, 1, 2, 3)),)}, "room"),
        ({"tables": (TableArea("t", Area(1, 1, 2, 2), has_totals=True),)}, "room"),
        ({"tables": (TableArea("t", Area(1, 1, 2, 2)),)}, ""),
        ({}, ""),
    ],
)
def test_a_list_is_used_in_place_only_where_that_harms_nothing(more, reason):
    on = tab(*LIST, **more)
    assert placed(find_regions(on)[0], on).reason == reason


def test_reasons_beside_the_list_itself():
    on = tab(*LIST)
    region = find_regions(on)[0]
    assert placed(region, on, {"partners"}).reason == "taken"
    assert placed(region, on, settings=False).reason == "settings"
    assert placed(region, None).reason == "outside"
    below = tab(*LIST, [None], ["Notiz darunter"])
    assert placed(find_regions(below)[0], below).reason == "room"


def test_a_column_of_their_own_named_like_ours_keeps_its_name():
    on = tab(["Nr", "Organisation", "Status"], [1, "A", "aktiv"])
    where = placed(find_regions(on)[0], on)
    assert where.aliases["Netzwerk-Nr"] == "id"
    own = {schema.fold(text): code for text, code in where.aliases.items()}
    seen = understood(schema.tables()["partners"], ["Nr", "Organisation", "Netzwerk-Nr"], own)
    assert seen == {"Organisation": "name", "Netzwerk-Nr": "id"}


def test_a_mapping_comes_back_as_it_was_written():
    region = only(["Organisation", "Status", 'Das "Haus"\\', "Notiz", "Notiz"], ["A", "macht mit", "ä", "x", "y"])
    found = guess(region, Known())
    entry = entry_of(found, here=False)
    assert entry.words == {"status": {"macht mit": ""}}
    assert read_entries(as_text([entry]), "x") == [entry]


def test_settings_that_name_nothing_are_no_words():
    rows = [
        {"key": "alias.partners.name", "value": "Einrichtung"},
        {"key": "alias.partners.nothing", "value": "x"},
        {"key": "alias.nothing.name", "value": "x"},
        {"key": "tab.partners", "value": "Unsere"},
        {"key": "word.partner_status.active", "value": "macht mit; dabei"},
        {"key": "word.partner_status.flying", "value": "x"},
        {"key": "word.partner_status.left", "value": None},
    ]
    own = own_words(rows)
    assert own.headings == {"partners": {"einrichtung": "name"}}
    assert own.tabs == {"partners": "Unsere"}
    assert own.values == {"partner_status": {"macht mit": "active", "dabei": "active"}}
