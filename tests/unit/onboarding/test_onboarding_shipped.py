from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from itertools import chain

import pytest
from onboarding_samples import ROLES, TEMPLATES, catalogue, many, rows

from netzwerk_sheets.onboarding import check, offsets

DEMO = sorted(path.stem for path in (TEMPLATES / "demo").glob("*.csv"))
FROZEN = {"causes_fixed", "fixed_on"}
ANCHORS = {"created_on", "agreed_on", "change_on", "left_on", "start"}
MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
PERSON = re.compile(r"\b(Frau|Herrn?|Dr\.|Prof\.)\s+[A-ZÄÖÜ]|\+49|\b0\d{2,5}[ /-]\d{3,}")
ADDRESS = re.compile(r"https?:|www\.|\.de\b|\.org\b")


@cache
def toml(name: str) -> dict:
    return tomllib.loads((TEMPLATES / "workbook" / name).read_text(encoding="utf-8"))


def columns(table: str) -> dict[str, dict]:
    (found,) = [each for each in toml("schema.toml")["tables"] if each["code"] == table]
    return {column["code"]: column for column in found["columns"]}


def words(vocabulary: str) -> set[str]:
    return {word["de"] for word in toml("vocabularies.toml")[vocabulary].values()}


def names(table: str) -> set[str]:
    return {row[key] for row in rows(f"demo/{table}.csv") for key in ("id", "name", "short_name") if key in row}


def demo_cells():
    for table in DEMO:
        for row in rows(f"demo/{table}.csv"):
            for column, value in row.items():
                yield table, row, column, value


# --- the catalogue


def test_there_are_80_tasks_without_a_circle():
    check(catalogue())
    assert len({each.code for each in catalogue()}) == len(catalogue()) == 80
    known = {each.code for each in catalogue()}
    assert all(set(each.after) <= known for each in catalogue())
    assert Counter(each.scope for each in catalogue()) == {
        "partner": 62,
        "group": 9,
        "target_group": 6,
        "network": 3,
    }


def test_no_task_of_the_catalogue_has_to_be_moved_behind_another():
    assert offsets(catalogue()) == {each.code: each.days for each in catalogue()}
    assert {each.anchor for each in catalogue()} == ANCHORS


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_task_speaks_both_languages(language):
    for each in catalogue(language):
        assert each.text
        assert each.role
        assert each.evidence
        assert each.more
    for row in rows("catalogue/tasks.csv"):
        assert row["group_de"]
        assert row["group_en"]
        for part in ("text", "more"):
            assert row[f"{part}_de"] != row[f"{part}_en"], row["id"]


def test_roles_have_one_code_in_both_languages():
    english = {}
    for row in rows("catalogue/tasks.csv"):
        parts = [row[key].split(" + ") for key in ("role", "role_de", "role_en")]
        for code, german, word in zip(*parts, strict=True):
            assert ROLES[german] == code
            assert english.setdefault(code, word) == word
    assert len(english) == len(ROLES)


def test_hints_are_short_and_hold_no_address():
    for row in rows("catalogue/tasks.csv"):
        for value in row.values():
            assert not ADDRESS.search(value), row["id"]
            assert "!" not in value
        for language in ("de", "en"):
            for sentence in re.split(r"[.?]\s", row[f"more_{language}"]):
                assert len(sentence.split()) <= 15, sentence


# --- the partner types


def test_there_are_75_partner_types_with_known_codes():
    types = rows("catalogue/partner_types.csv")
    assert len({row["id"] for row in types}) == len(types) == 75
    assert len({row["name_de"] for row in types}) == len({row["name_en"] for row in types}) == 75
    domains = {"work", "accessibility", "education", "leisure", "mobility", "housing", "health"}
    for row in types:
        assert row["domain"] in domains | {"neighbourhood", "participation"}
        assert row["sector"] in toml("vocabularies.toml")["sector"]
        assert set(many(row["resources"])) <= set(toml("vocabularies.toml")["resource"])
        assert row["resources"]
        assert row["umbrella"] in {"yes", ""}
        for part in ("target_groups", "represents"):
            assert len(many(row[f"{part}_de"])) == len(many(row[f"{part}_en"]))
        for label in (row["name_de"], row["name_en"], row["function_de"], row["function_en"]):
            assert label
            assert not {",", ";"} & set(label)


def test_the_way_into_the_steering_group_leads_through_a_working_group():
    waits = {row["id"]: many(row["after"]) for row in rows("catalogue/tasks.csv")}

    def before(code):
        return {code}.union(*(before(each) for each in waits[code]))

    assert "T-R01" in before("T-R03")  # asked about the steering group only after a working group was joined
    assert "T-R03" in before("T-R04")


@pytest.mark.parametrize(("language", "you"), [("de", r"\b(Sie|Ihr\w*)\b"), ("en", r"\b([Yy]ou|[Yy]our)\b")])
def test_every_type_has_one_plain_argument(language, you):
    arguments = [row[f"argument_{language}"] for row in rows("catalogue/partner_types.csv")]
    assert len(set(arguments)) == 75
    for argument in arguments:
        assert len(argument.split()) <= 15
        assert re.search(you, argument), argument
        assert argument.count(".") == 1
        assert argument.endswith(".")


# --- the demo network


def test_the_demo_has_all_tables():
    assert len(DEMO) == 19
    expected = {"partners": 18, "target_groups": 9, "needs": 9, "measures": 6, "groups": 4, "contacts": 7}
    expected |= {"relationships": 5, "goals": 5, "domains": 9, "documents": 8, "social_data": 6, "voices": 38}
    assert {table: len(rows(f"demo/{table}.csv")) for table in expected} == expected


@pytest.mark.parametrize("table", DEMO)
def test_columns_and_ids_are_those_of_the_schema(table):
    (found,) = [each for each in toml("schema.toml")["tables"] if each["code"] == table]
    content = rows(f"demo/{table}.csv")
    assert set(content[0]) - FROZEN <= set(columns(table))
    ids = [next(iter(row.values())) for row in content]
    assert len(set(ids)) == len(ids)
    # Tasks that are done in the demo carry the ids under which the catalogue makes them; a log has days.
    others = {"tasks": r"P-\d{3}\.T-[A-Z]+\d{2}", "history": r"\d{4}-\d\d-\d\d"}
    pattern = re.compile(others.get(table) or rf"{found['prefix']}-\d{{{found['digits']}}}")
    assert all(pattern.fullmatch(identity) for identity in ids)
    assert all(None not in row and None not in row.values() for row in content)


def test_every_value_is_one_that_people_can_choose():
    for table, row, column, value in demo_cells():
        spec = columns(table).get(column, {"type": "text"})
        if not value:
            continue
        if spec["type"] in {"choice", "choices"}:
            found = {value} if spec["type"] == "choice" else set(many(value))
            assert found <= words(spec["of"]), (row["id"], column)
        if spec["type"] == "yes_no":
            assert value in {"ja", "nein"}, (row["id"], column)
        if spec["type"] == "count":
            assert value.isdecimal(), (row["id"], column)
        if spec["type"] == "date" or column == "fixed_on":
            assert date(2023, 1, 1) <= date.fromisoformat(value) <= date(2026, 12, 31)


def test_every_reference_leads_to_a_row():
    for table, row, column, value in demo_cells():
        spec = columns(table).get(column, {"type": "text"})
        if value and spec["type"] in {"ref", "refs"}:
            allowed = names(spec["of"]) | ({"Alle"} if spec.get("all") else set())
            found = {value} if spec["type"] == "ref" else set(many(value))
            assert found <= allowed, (row["id"], column)


def test_there_are_as_many_voices_as_mentions():
    voices = Counter(row["need"] for row in rows("demo/voices.csv"))
    for need in rows("demo/needs.csv"):
        assert voices[need["id"]] == int(need["mentions"] or 0), need["id"]


def test_a_voice_speaks_for_a_group_of_its_need():
    groups = {row["id"]: many(row["target_groups"]) for row in rows("demo/needs.csv")}
    statements = [row["statement"] for row in rows("demo/voices.csv")]
    assert len(set(statements)) == len(statements)
    for row in rows("demo/voices.csv"):
        assert row["target_group"] in groups[row["need"]]
        assert row["consent"] == "ja"


def test_no_person_can_be_recognised():
    for table, row, column, value in demo_cells():
        assert not PERSON.search(value), (table, row["id"], column)
        mails = MAIL.findall(value)
        assert not mails or (table, column) == ("contacts", "email")
        assert all(mail.endswith(".example") for mail in mails)
    for row in rows("demo/contacts.csv"):
        assert not row["name"] + row["phone"] + row["access_needs"]


def test_one_refusal_came_without_a_personal_talk():
    talked = {row["partner"] for row in rows("demo/conversations.csv") if row["channel"] == "persönlich"}
    decided = {row["id"] for row in rows("demo/partners.csv") if row["agreed_on"] or row["status"] == "abgesagt"}
    assert decided - talked == {"P-015"}


def test_the_goals_of_the_demo_are_concrete_and_hold_both_examples():
    goals = {row["name"]: row for row in rows("demo/goals.csv") if row["kind"] == "Ziel"}
    assert any("Museen" in name for name in goals)
    assert any("Sprachkurse" in name for name in goals)
    for row in goals.values():
        assert all(row[key] for key in ("indicator", "base", "target", "due", "group", "needs"))


def test_membership_fits_the_groups():
    membership = rows("demo/membership.csv")
    leads = {(row["group"], row["partner"]) for row in membership if row["role"] == "Leitung"}
    assert leads == {(row["id"], row["lead"]) for row in rows("demo/groups.csv")}
    ended = {row["id"] for row in rows("demo/groups.csv") if row["status"] == "beendet"}
    assert all(row["until"] for row in membership if row["group"] in ended)
    represents = {row["id"]: row["represents"] for row in rows("demo/partners.csv")}
    assert all(represents[row["partner"]] for row in membership if row["role"] == "Vertretung der Zielgruppe")


def test_dates_of_a_life_follow_each_other():
    order = ("created_on", "contacted_on", "agreed_on", "active_since", "left_on")
    for row in rows("demo/partners.csv"):
        dates = [row[column] for column in order if row[column]]
        assert dates == sorted(dates), row["id"]


def test_nobody_is_promised_texts_in_easy_language():
    assert not list(filter(None, chain(row["plain"] for row in rows("demo/goals.csv"))))
