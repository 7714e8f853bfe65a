"""Whatever network people have, its workbook hinders nobody: X01–X40 find nothing, in both languages."""

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from person import Person, netz

from netzwerk_sheets.backends.excel.accessibility import examine
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sync import setup

TODAY = date(2025, 5, 15)
STRANGE = (
    "שלום עולם – ארגון", "مرحبا بكم في الشبكة", "🦊🦊🦊 Fuchsbau e. V. 👩🏽‍🦽", "=1+1", "@VHS", "-3", "'Anführung'", "A & B <C>",
    "Verein " + "für ganz besonders lange Namen " * 12, "Donau" + "dampfschifffahrts" * 20, "zwei\nZeilen", "x" * 300,
    "Tabelle1", "Z̷͜ą̵l̶̨g̸o", "\u200bunsichtbar", "1", "31.12.2025", "Spalte1", "  Rand  ", "[Klammer]:*?/\\",
)  # fmt: skip
NAMES = st.sampled_from(STRANGE) | st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
STATUSES = ("active", "onboarding", "agreed", "wish", "left", "in_talks")


def network(words, partners, domains, groups, needs):
    """Give the rows of a network made of names; its first partners have every status, the others are active."""
    sector = schema.code_words("sector", words.language)
    resources = list(schema.code_words("resource", words.language).values())
    at = lambda names, number: names[number % len(names)] if names else ""
    return {
        "domains": {f"LB-{n:02}": {"name": name, "focus": words.word("yes_no", "yes")} for n, name in enumerate(domains, 1)},
        "target_groups": {f"ZG-{n:02}": {"name": name, "people": n * 90} for n, name in enumerate(groups, 1)},
        "partners": {
            f"P-{n:03}": {
                "short_name": name, "name": f"{name} {n}", "sector": at(list(sector.values()), n),
                "domains": at(domains, n) if n % 3 else words.say("common.all"), "target_groups": at(groups, n),
                "represents": at(groups, n) if n % 4 == 0 else None, "resources": f"{at(resources, n)}; {at(resources, n + 3)}",
                "status": words.word("partner_status", at(STATUSES if n <= 24 else STATUSES[:1], n)), "agreed_on": TODAY, "left_on": TODAY if n % 6 == 4 else None,
            }
            for n, name in enumerate(partners, 1)
        },
        "needs": {
            f"B-{n:03}": {
                "name": name, "domain": at(domains, n), "target_groups": at(groups, n), "priority": words.word("priority", "high"),
                "status": words.word("need_status", "open"), "needed": at(resources, n), "date": TODAY,
            }
            for n, name in enumerate(needs, 1)
        },
        "groups": {f"AG-{n:02}": {"name": name, "status": "aktiv"} for n, name in enumerate(groups[:3], 1)},
        "measures": {f"M-{n:03}": {"name": name, "needs": f"B-{n:03}"} for n, name in enumerate(needs[:3], 1)},
    }  # fmt: skip


def findings(folder, language, rows):
    """Make the workbook of a network, sync it, and give what hinders people there."""
    path = folder / "netz.xlsx"
    shutil.rmtree(folder / "state", ignore_errors=True)
    path.unlink(missing_ok=True)
    order = setup.tabs_for(language, demo=False, today=TODAY, name="Netz " + STRANGE[0])
    setup.make(path, replace(order, create=order.create | rows.keys(), seeds={**order.seeds, **rows}))
    matrices = {Words(language).tab("coverage")}
    made = examine(path, language, matrices=matrices)
    done = netz("sync", path)
    assert done.code in {0, 3}, done.err
    return [*made, *examine(path, language, matrices=matrices)]


@pytest.mark.parametrize("language", schema.LANGUAGES)
def test_an_empty_network_and_one_of_a_single_partner_hinder_nobody(tmp_path, language):
    assert findings(tmp_path, language, {}) == []
    words = Words(language)
    assert findings(tmp_path, language, network(words, ["VHS"], ["Arbeit"], ["Alle Menschen"], ["Räume"])) == []


def test_a_network_of_500_partners_hinders_nobody(tmp_path, long):
    for language in schema.LANGUAGES if long else ["de"]:
        names = [f"{STRANGE[n % len(STRANGE)]} {n}" for n in range(500)]
        domains, groups = [f"Bereich {n}" for n in range(14)], [f"Gruppe {n}" for n in range(20)]
        needs = [f"Bedarf {n} {STRANGE[n % len(STRANGE)]}" for n in range(60)]
        assert findings(tmp_path, language, network(Words(language), names, domains, groups, needs)) == []


@pytest.mark.parametrize("language", schema.LANGUAGES)
def test_names_of_every_kind_hinder_nobody(tmp_path, language, long):
    words = Words(language)

    @settings(max_examples=60 if long else 2, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(NAMES, max_size=12, unique=True),
        st.lists(NAMES, max_size=6, unique=True),
        st.lists(NAMES, max_size=6, unique=True),
        st.lists(NAMES, max_size=6, unique=True),
    )
    @example(list(STRANGE), list(STRANGE[:12]), [*STRANGE[:12], "Spalte1"], list(STRANGE[4:]))
    def holds(partners, domains, groups, needs):
        assert findings(tmp_path, language, network(words, partners, domains, groups, needs)) == []

    holds()


def test_strange_names_stand_as_they_were_typed(tmp_path):
    findings(tmp_path, "de", network(Words("de"), list(STRANGE), ["Arbeit"], ["Alle"], ["Räume"]))
    person = Person(tmp_path / "netz.xlsx")
    assert [row["Kurzname"] for row in person.table("Partner").values() if row.get("Kurzname")] == list(STRANGE)


def test_workbooks_of_others_get_advice_and_never_a_failure(shared, long):
    """Every rule that is named says what helps; a file that cannot be opened says why."""
    sources = sorted(path for path in (shared / "workbooks").iterdir() if path.suffix in {".xlsx", ".xlsm", ".xltx"})
    if not long:
        sources = sources[::40]
    assert sources
    told = 0
    for path in sources:
        done = netz("a11y", path)
        assert done.code in {0, 1, 3, 10}, (path.name, done.code, done.err)
        assert "Das hätte nicht passieren" not in done.err, (path.name, done.err)
        told += done.code == 3
    assert told


def test_the_command_asks_every_rule_also_of_a_coverage_tab_that_was_renamed(stadt):
    stadt.rename_tab("Abdeckung", "Deckung")
    with stadt.book() as book:
        for name in [each for each in book["Deckung"].defined_names if each.startswith("TitleRegion")]:
            del book["Deckung"].defined_names[name]
        for name in [each for each in book.defined_names if each.startswith("TitleRegion")]:
            del book.defined_names[name]
    done = netz("a11y", stadt.path, "--json")
    assert {"rule": "X19", "tab": "Deckung", "cell": ""} in json.loads(done.out)["issues"]
