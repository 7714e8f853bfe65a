"""The pieces of what leaves: colours that can be told apart, texts that stay texts, files that are whole."""

import contextlib
import re
import signal
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netzwerk_sheets.errors import AccessDenied, DiskFull
from netzwerk_sheets.model import Domain, Partner
from netzwerk_sheets.output import html
from netzwerk_sheets.output.files import is_strange, strange_in, write_file, write_folder
from netzwerk_sheets.output.letters import HOME as LETTERS
from netzwerk_sheets.output.map import MOST_DRAWN, network_map
from netzwerk_sheets.output.page import Cell, Page, Section, Table
from netzwerk_sheets.output.privacy import ABOUT_PERSONS, MAY_NAME_PEOPLE, NAMES, leaves
from netzwerk_sheets.output.tables import harmless
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import Words, file_name, texts

STYLE = (html.HOME / "report.css").read_text("utf-8")
LEAST = 4.5


# --- colours ----------------------------------------------------------------------------------------------


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes():
    """Give the colours in light, dark and print; what a later one leaves out is as in light, or in dark printed."""
    blocks = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.S)
    ]
    light, dark, printed = blocks
    return {"light": light, "dark": light | dark, "print": light | printed, "print of dark": light | dark | printed}


@pytest.mark.parametrize("name", ["light", "dark", "print", "print of dark"])
def test_every_text_can_be_told_from_its_ground(name):
    colours = palettes()[name]
    pairs = [each for each in colours if f"{each}-ground" in colours]
    assert len(pairs) >= 10
    assert {
        each: contrast(colours[each], colours[f"{each}-ground"])
        for each in pairs
        if contrast(colours[each], colours[f"{each}-ground"]) < LEAST
    } == {}
    for line in ("line", "bar"):
        assert contrast(colours[line], colours["text-ground"]) >= 3, line


def test_contrast_is_computed_as_the_rules_say():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_every_colour_that_is_used_is_declared_and_every_text_class_sets_both():
    used = set(re.findall(r"var\(--([\w-]+)\)", STYLE))
    assert used <= set(palettes()["light"])
    for kind in ("red", "yellow", "green", "none"):
        rule = re.search(rf"^td\.{kind} \{{ (.*?) \}}", STYLE, re.M)[1]
        assert f"color: var(--{kind})" in rule
        assert f"background: var(--{kind}-ground)" in rule


# --- texts ------------------------------------------------------------------------------------------------


def test_the_page_asks_for_sentences_that_exist():
    keys = re.findall(r"""say\("report\.(\w+)"\)""", (html.HOME / "report.html.j2").read_text("utf-8"))
    assert keys
    for language in ("de", "en"):
        assert set(keys) <= texts(language, "report").keys()


@given(st.text(alphabet=st.sampled_from("<>&\"'{}%#/= abcscript\x00\u2028\ud800"), max_size=40))
def test_no_text_of_people_becomes_markup(text):
    table = Table("t", text, (text,), ((Cell(text),),))
    page = Page(text, (text,), (Section("s", text, (text,), (table,)),))
    plain = Page("x", ("x",), (Section("s", "x", ("x",), (Table("t", "x", ("x",), ((Cell("x"),),)),)),))
    tags = re.compile(rb"<[a-z!/]", re.I)
    made, other = html.render(page, Words("de")), html.render(plain, Words("de"))
    assert len(tags.findall(made)) == len(tags.findall(other))


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", " =1", "\t=1", '"=1"', ";=1", "＝1", "\n=1", "a\t=1"[1:], "|x", "%0A"]
)
def test_what_begins_like_a_formula_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


@given(st.text(max_size=20))
def test_nothing_harmless_begins_like_a_formula(text):
    made = harmless(text)
    assert made.endswith(text)
    assert made.lstrip(" \t\r\n\"';,\u00a0")[:1] not in set("=+-@") or made.startswith("'")


def test_letters_say_the_same_in_both_languages_and_are_plain():
    for kind in ("invitation", "welcome"):
        letters = [(LETTERS / f"{kind}.{language}.txt").read_text("utf-8") for language in ("de", "en")]
        fields = [re.findall(r"\$\w+", letter) for letter in letters]
        assert fields[0] == fields[1]
        assert [len(letter.split("\n\n")) for letter in letters] == [len(letters[0].split("\n\n"))] * 2
        for letter in letters:
            assert "!" not in letter
            assert max(len(part.split()) for part in re.split(r"(?<=[.?:])\s|\n+", letter)) <= 20


def test_names_of_files_are_taken_by_every_system():
    assert file_name("Maßnahmen") == "Massnahmen"
    assert file_name("../Lücken & mehr: Ä*") == "Luecken-mehr-Ae"


# --- what may leave ---------------------------------------------------------------------------------------


def test_what_may_leave_is_about_columns_that_exist():
    tables = schema.tables()
    assert tables.keys() >= ABOUT_PERSONS
    for table, column in MAY_NAME_PEOPLE | NAMES:
        assert tables[table].column(column)


def test_no_note_and_nothing_personal_leaves_unless_it_is_listed():
    for code, table in schema.tables().items():
        for column in table.columns:
            if column.personal or column.kind == "note" or code in ABOUT_PERSONS:
                assert leaves(code, column.code, persons=False) == ((code, column.code) in NAMES), (code, column.code)
            assert leaves(code, column.code, persons=True)
    assert not leaves("contacts", "a column people added", persons=True)


# --- files ------------------------------------------------------------------------------------------------


def test_a_file_is_whole_or_the_old_one(tmp_path):
    import resource

    target = tmp_path / "a.html"
    write_file(target, b"old", private=False)
    with target.open("rb") as reader:
        write_file(target, b"new", private=False)
        assert reader.read() == b"old"
    write_file(target, b"old", private=False)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(DiskFull):
            write_file(target, b"x" * 5000, private=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    with pytest.raises(AccessDenied):
        write_file(tmp_path / "missing" / "a", b"", private=False)


def test_a_folder_killed_half_way_is_still_ours(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    write_folder(folder, {"a.csv": b"1", "b.csv": b"1", "old.csv": b"1"}, private=False)
    new = {"a.csv": b"2", "b.csv": b"2", "data/c.csv": b"2"}
    for calls in range(6):
        left = [calls]

        def stop(target, content, *, private, left=left):
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            write_file(target, content, private=private)

        with monkeypatch.context() as patch:
            patch.setattr("netzwerk_sheets.output.files.write_file", stop)
            with contextlib.suppress(KeyboardInterrupt):
                write_folder(folder, new, private=False)
        assert strange_in(folder, new) == []
    assert write_folder(folder, new, private=False) == []
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "a.csv", "b.csv", "data/c.csv", "netzwerk-export.json",
    ]  # fmt: skip


def test_only_a_mark_of_ours_makes_a_file_ours(tmp_path):
    target = tmp_path / "a.html"
    assert not is_strange(target, html.MARK)
    target.write_bytes(b"<html>")
    assert is_strange(target, html.MARK)
    target.write_bytes(html.render(Page("x", (), ()), Words("en")))
    assert not is_strange(target, html.MARK)


# --- the map ----------------------------------------------------------------------------------------------


def drawn(partners, domains):
    """Draw a network of partners (name, domains) and domains by name."""
    network = SimpleNamespace(
        partners=[
            Partner(f"P-{number:03}", short_name=name, domains=frozenset(worked), status="active")
            for number, (name, worked) in enumerate(partners, start=1)
        ],
        domains=[Domain(f"LB-{number:02}", name) for number, name in enumerate(domains, start=1)],
    )
    names = {each.id: each.name for each in network.domains}
    return network_map(SimpleNamespace(words=Words("de"), network=network, names=names, persons=False))


NAMES_OF_PEOPLE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80) | st.sampled_from(
    ["שלום עולם", "🦊 Fuchsbau", "a" * 300, "<b>&", "مرحبا"]
)


@given(
    st.lists(
        st.tuples(NAMES_OF_PEOPLE, st.sets(st.sampled_from(["LB-01", "LB-02", "LB-03", "*", "weg"]))), max_size=90
    ),
    st.lists(NAMES_OF_PEOPLE, max_size=12),
)
def test_labels_of_the_map_never_overlap_and_the_table_says_the_same(partners, domains):
    section = drawn(partners, domains)
    if section.picture is None:
        assert not partners or not domains
        return
    picture, table = section.picture, section.tables[0]
    for left in (True, False):
        heights = [node.y for node in picture.nodes if node.left is left]
        assert heights == sorted(heights)
        assert all(after - before >= 28 for before, after in pairwise(heights))
        assert all(14 <= y <= picture.height - 14 for y in heights)
    assert all(len(node.label) <= 38 + len(" (90)") for node in picture.nodes)
    assert len(table.rows) == len(partners)
    assert len(picture.lines) == sum(map(len, table.marks[:MOST_DRAWN]))
    assert section == drawn(partners, domains)


def test_the_page_with_a_map_and_a_choice_is_whole():
    section = drawn([("VHS", {"LB-02"}), ("Rat", {"*"})], ["Arbeit", "Wohnen & mehr"])
    text = html.render(Page("Netz", (), (section,)), Words("de")).decode()
    assert text.count("<path") == 3
    assert text.count('type="radio"') == 3
    assert "Wohnen &amp; mehr (2)" in text
    assert section.tables[0].rows[0][0].text == "P-002 Rat"
    assert re.findall(r'<tr class="([^"]*)">', text) == ["f1 f2 ", "f2 "]
    assert ".filter:has(.c2:checked) + .scroll tbody tr:not(.f2)" in text
