"""Titles of tabs: one rule for what is allowed, how a longer one is cut, and what a second one is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netzwerk_sheets.grid.titles import LONGEST, fitting, free, is_legal


@pytest.mark.parametrize(
    ("name", "extra", "title"),
    [
        ("AG Einsamkeit", "", "AG Einsamkeit"),
        ("OB P-007 Büro: Stadt/Land", "", "OB P-007 Büro Stadt Land"),
        ("'AG  [neu]'", "", "AG neu"),
        ("AG Einsamkeit und Nachbarschaft im Quartier", "", "AG Einsamkeit und Nachbarschaft"),
        ("AG Einsamkeit und Nachbarschaft im Quartier", " – Maßnahmen", "AG Einsamkeit und"),
        ("Umfrage Menschen mit Hörbehinderung", "", "Umfrage Menschen mit Hörbehinde"),
        ("OB P-007 Nachbarschaftshilfevereinigung", "", "OB P-007 Nachbarschaftshilfever"),
        ("🎨🎭🎨🎭🎨🎭🎨🎭🎨🎭🎨🎭🎨🎭🎨🎭", "", "🎨🎭🎨🎭🎨🎭🎨🎭🎨🎭🎨🎭🎨🎭🎨"),
        ("AG Kultur für alle im Viertel 🎨", "", "AG Kultur für alle im Viertel"),
    ],
)
def test_a_title_is_cut_at_a_word_or_within_a_long_one(name, extra, title):
    assert fitting(name, extra) == title + extra


@given(st.text(max_size=60), st.sampled_from(["", " – Aufgaben"]), st.sampled_from(["", " (Netzwerk)"]))
def test_every_name_becomes_a_title_that_every_program_allows_and_no_tab_has(name, extra, ours):
    taken: set[str] = set()
    for _ in range(4):
        title = free(fitting(name, extra, otherwise="AG-01"), taken, ours)
        assert is_legal(title)
        assert len(title.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST, "an emoji takes two"
        assert title.casefold() not in taken
        taken.add(title.casefold())
    assert not is_legal("x" * (LONGEST + 1))


def test_what_stands_there_already_gets_a_word_then_a_number():
    taken = {"partner", "partner (netzwerk)"}
    assert free("Partner", {"partner"}, " (Netzwerk)") == "Partner (Netzwerk)"
    assert free("Partner", taken, " (Netzwerk)") == "Partner (2)"
    assert free("???", {"(2)"}) == "(3)"
