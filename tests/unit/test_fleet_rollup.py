"""What many networks have in common: counted where names are spelt alike, told only by who has solved it."""

from datetime import date

from netzwerk_sheets.fleet.parts import parts
from netzwerk_sheets.fleet.rollup import roll_up
from netzwerk_sheets.fleet.town import Closing, Share, Town
from netzwerk_sheets.sheets.language import Words

WORDS = Words("de")
ROOMS, MONEY = ("rooms", "Wohnen"), ("funding", "Freizeit")


def town(name, gaps=(), *, gap=0.0, types=(), sectors=(), closed=(), domains=(("Wohnen", 0.5),), called=""):
    shares = tuple(Share(domain, share, "none" if share is None else "yellow") for domain, share in domains)
    return Town(
        name, 0.5, gap, 10, "yellow", 3, len(gaps), 4, date(2025, 5, 15), shares, dict(gaps),
        dict.fromkeys(types, "sport"), frozenset(sectors), tuple(closed), called,
    )  # fmt: skip


def closing(kind, day=date(2025, 1, 1), type_="Wohnungsgenossenschaft"):
    return Closing(kind, type_, "welfare", day)


def shown(found, code, left=()):
    part = next((part for part in parts(WORDS, found, left) if part.table.code == f"fleet_{code}"), None)
    return [] if part is None else [{column: cell.value for column, cell in row.items()} for row in part.rows]


def test_a_gap_is_the_same_where_block_and_domain_are_called_the_same():
    found = roll_up([
        town("A", {ROOMS: 2.0, MONEY: 9.0}, gap=11), town("B", {("rooms", " wohnen "): 3.0}, gap=3), town("C"),
    ])  # fmt: skip
    assert [(gap.kind, gap.towns, gap.points) for gap in found.gaps] == [
        (ROOMS, ("B", "A"), 5.0), (MONEY, ("A",), 9.0),
    ]  # fmt: skip
    assert [each.name for each in found.towns] == ["A", "B", "C"]
    row = shown(found, "gaps")[0]
    assert (row["block"], row["domain"], row["count"], row["towns"]) == ("Räume", "Wohnen", 2, "B und A")


def test_only_who_closed_a_gap_and_has_none_of_its_kind_left_can_tell_how():
    found = roll_up([
        town("Lücke", {ROOMS: 2.0}), town("Früher", closed=[closing(ROOMS)]),
        town("Zuletzt", closed=[closing(ROOMS, date(2025, 3, 1), "Kirche")]),
        town("Halb", {ROOMS: 1.0}, closed=[closing(ROOMS)]), town("Anders", closed=[closing(MONEY)]),
    ])  # fmt: skip
    (gap,) = found.gaps
    assert [name for name, _ in gap.closed] == ["Zuletzt", "Früher"]
    assert shown(found, "gaps")[0]["learn"] == "Fragen Sie Zuletzt und Früher."
    lesson = shown(found, "lessons")[0]
    assert (lesson["town"], lesson["type"], lesson["day"]) == ("Zuletzt", "Kirche", date(2025, 3, 1))
    assert lesson["towns"] == "Halb und Lücke" or lesson["towns"] == "Lücke und Halb"


def test_a_gap_that_all_have_is_looked_for_together():
    found = roll_up([town("A", {ROOMS: 1.0}), town("B", {ROOMS: 1.0})])
    row = shown(found, "gaps")[0]
    assert row["towns"] == "in allen Netzen"
    assert row["learn"].startswith("Noch niemand")
    assert shown(roll_up([town("A", {ROOMS: 1.0})]), "gaps")[0]["learn"] == ""


def test_types_and_sectors_that_all_lack_come_first_and_are_red():
    found = roll_up([town("A", types=["Verein", "Kino"], sectors=["culture"]), town("B", types=["verein"])])
    rows = [(row["type"], row["light"][0], row["count"], row["towns"]) for row in shown(found, "missing")]
    assert rows == [
        ("Verein", "▲", 2, "in allen Netzen"), ("Niemand aus diesem Bereich", "■", 1, "A"), ("Kino", "■", 1, "A"),
    ]  # fmt: skip


def test_a_domain_one_town_does_not_have_is_a_dash_and_one_without_need_says_so():
    found = roll_up([town("A", domains=[("Wohnen", 0.5), ("Arbeit", None)]), town("B", domains=[("wohnen", 1.0)])])
    assert found.domains == ("Wohnen", "Arbeit")
    assert [[row["d0"], row["d1"]] for row in shown(found, "domains")] == [
        [0.5, WORDS.say("light.none")], [1.0, "–"],
    ]  # fmt: skip


def test_networks_of_the_same_name_are_told_apart():
    found = roll_up([town("Stadt", called="a.xlsx"), town("stadt", called="b.xlsx"), town("Dorf", called="c.xlsx")])
    assert [each.name for each in found.towns] == ["Dorf", "Stadt (a.xlsx)", "stadt (b.xlsx)"]


def test_many_networks_are_named_in_part_and_addresses_not_at_all():
    found = roll_up([town(f"T{number}", {ROOMS: 1.0}) for number in range(8)] + [town("ruf 0171 5551234")])
    assert shown(found, "gaps")[0]["towns"] == "T0, T1, T2, T3, T4, T5 und 2 weitere"
    assert "nicht gezeigt" in {row["town"] for row in shown(found, "towns")}


def test_a_part_without_rows_is_left_out_and_what_was_not_read_is_named():
    found = roll_up([town("A")])
    assert [part.table.code for part in parts(WORDS, found, [])] == ["fleet_towns", "fleet_domains"]
    assert shown(found, "left", [("b.xlsx", "weg")]) == [{"town": "b.xlsx", "next": "weg"}]
