"""Networks for tests: the demo, the Erlangen story, and random ones."""

import csv
import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from netzwerk_sheets.model import (
    ALL,
    Contact,
    Domain,
    Goal,
    Measure,
    Need,
    Network,
    Partner,
    PartnerType,
    Relationship,
    Rules,
    Status,
    TargetGroup,
    Voice,
    WorkingGroup,
)

DATA = Path(__file__).parent / "data"
TODAY = date(2025, 5, 15)

SECTORS = {
    "Kommunalverwaltung": "administration",
    "Kommunalpolitik": "politics",
    "Sozialverbände & Wohlfahrt": "welfare",
    "Selbstvertretung & Selbsthilfe": "self_advocacy",
    "Bildung": "education",
    "Kultur": "culture",
    "Sport": "sport",
    "Wirtschaft & Arbeit": "business",
    "Wohnen & Mobilität": "housing_transport",
    "Gesundheit & Pflege": "health",
    "Kirchen & Religion": "faith",
    "Zivilgesellschaft & Nachbarschaft": "civil_society",
    "Wissenschaft": "science",
    "Medien": "media",
}
RESOURCES = {
    "Fachwissen": "expertise",
    "Personal": "staff",
    "Räume": "rooms",
    "Zugang": "access",
    "Kontakte": "contacts",
    "Finanzierung": "funding",
    "Technik & Fahrzeuge": "equipment",
    "Öffentlichkeitsarbeit": "publicity",
    "Mandat": "mandate",
}
STATUS = {
    "aktiv": "active",
    "im Onboarding": "onboarding",
    "im Gespräch": "in_talks",
    "angesprochen": "contacted",
    "Wunschpartner": "wish",
    "abgesagt": "declined",
    "zugesagt": "agreed",
    "ruhend": "paused",
    "ausgeschieden": "left",
}
WORDS = {
    "hoch": "high",
    "mittel": "medium",
    "niedrig": "low",
    "gering": "low",
    "neu": "new",
    "bestätigt": "confirmed",
    "in Arbeit": "in_progress",
    "gedeckt": "covered",
    "zurückgestellt": "parked",
    "Idee": "idea",
    "geplant": "planned",
    "läuft": "running",
    "abgeschlossen": "finished",
    "eingestellt": "stopped",
    "keine": "none",
    "befragt": "consulted",
    "mitgeplant": "co_planned",
    "mitentschieden": "co_decided",
    "beendet": "ended",
    "aktiv": "active",
    "Arbeitsgruppe": "working_group",
    "Steuerungsgruppe": "steering_group",
    "Vision": "vision",
    "Ziel": "goal",
    "Begriff": "term",
    "zusammengearbeitet": "worked_together",
    "ausgetauscht zum Thema": "exchanged",
    "bei Veranstaltung gesprochen": "met",
    "über Dritte": "through_others",
    "": "",
}
SOURCES = {
    "Befragung Zielgruppe": "survey",
    "Interview": "interview",
    "Fokusgruppe": "focus_group",
    "Vertretung der Zielgruppe": "representation",
    "Sozialbericht": "social_report",
    "Studie": "study",
    "Fachkongress": "conference",
    "Podcast": "podcast",
    "Fachkraft": "professional",
    "Begehung": "inspection",
    "Annahme": "assumption",
}
DIMENSIONS = {
    "soziale Lage": "social_situation",
    "Geschlecht": "gender",
    "Migrationserfahrung": "migration",
    "Alter": "age",
    "Behinderung": "disability",
}


def rows(name, delimiter="|"):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def many(text):
    return [part.strip() for part in text.split(";") if part.strip()]


def number(text):
    return int(text) if text else None


def day(text):
    return date.fromisoformat(text) if text else None


def yes(text):
    return {"ja": True, "nein": False}.get(text)


def demo():
    domains = {row["Name"]: row["Nr"] for row in rows("demo/lebensbereiche.csv")} | {"Alle": ALL}
    groups = {row["Name"]: row["Nr"] for row in rows("demo/zielgruppen.csv")} | {"Alle": ALL}
    partners = rows("demo/partner.csv")
    return Network(
        name="Musterstadt an der Regnitz",
        sectors=tuple(SECTORS.values()),
        partners=tuple(_partner(row, domains, groups) for row in partners),
        domains=tuple(
            Domain(row["Nr"], row["Name"], yes(row["Schwerpunkt"])) for row in rows("demo/lebensbereiche.csv")
        ),
        target_groups=tuple(
            TargetGroup(
                row["Nr"],
                row["Name"],
                frozenset(DIMENSIONS[name] for name in many(row["Dimensionen"])),
                yes(row["Schwerpunkt"]),
                number(row["Anzahl Menschen"]),
                row["ersetzt durch"],
            )
            for row in rows("demo/zielgruppen.csv")
        ),
        needs=tuple(_need(row, domains, groups) for row in rows("demo/bedarfe.csv")),
        measures=tuple(_measure(row, domains, groups) for row in rows("demo/massnahmen.csv")),
        groups=tuple(
            WorkingGroup(
                row["Nr"],
                row["Name"],
                WORDS[row["Art"]],
                target_groups=frozenset(groups[name] for name in many(row["Zielgruppen"])),
                lead=row["Leitung"],
                deputy=row["Stellvertretung"],
                status=WORDS[row["Status"]],
            )
            for row in rows("demo/arbeitsgruppen.csv")
        ),
        contacts=tuple(
            Contact(
                row["Nr"],
                row["Partner"],
                day(row["Informiert am"]),
                day(row["Zuletzt bestätigt am"]),
                day(row["Löschen ab"]),
            )
            for row in rows("demo/ansprechpersonen.csv")
        ),
        relationships=tuple(
            Relationship(f"BZ-{index:03}", row["Von"], row["Zu"], WORDS[row["Art"]])
            for index, row in enumerate(rows("demo/beziehungen.csv"), 1)
        ),
        goals=tuple(Goal(row["Nr"], WORDS[row["Art"]], row["Formulierung"]) for row in rows("demo/ziele.csv")),
        partner_types=types(domains, groups),
        tables=frozenset(
            {"partners", "domains", "target_groups", "needs", "measures", "groups", "settings"}
            | {"contacts", "relationships", "goals", "partner_types"}
        ),
    )


def _partner(row, domains, groups):
    return Partner(
        id=row["Nr"],
        short_name=row["Kurzname"],
        name=row["Organisation"],
        type=row["Partnertyp"],
        sector=SECTORS[row["Gesellschaftsbereich"]],
        domains=frozenset(domains[name] for name in many(row["Lebensbereiche"])),
        target_groups=frozenset(groups[name] for name in many(row["Zielgruppen"])),
        represents=frozenset(groups[name] for name in many(row["Vertritt Zielgruppe"])),
        resources=frozenset(RESOURCES[name] for name in many(row["Ressourcen"])),
        status=STATUS[row["Status"]],
        topic_closeness=WORDS[row["Themennähe"]],
        umbrella=yes(row["Dachverband"]),
        reach=number(row["Multiplikator"]),
        buddy=row["Pate"],
        created_on=day(row["Angelegt am"]),
        agreed_on=day(row["Zusage am"]),
        left_on=day(row["Ausgeschieden am"]),
    )


def _need(row, domains, groups):
    return Need(
        id=row["Nr"],
        name=row["Bedarf"],
        domain=domains[row["Lebensbereich"]],
        target_groups=tuple(groups[name] for name in many(row["Zielgruppen"])),
        priority=WORDS[row["Priorität"]],
        people=number(row["Menschen"]),
        mentions=number(row["Nennungen"]),
        sources=frozenset(SOURCES[name] for name in many(row["Quelle"])),
        asked_on=day(row["Erhoben am"]),
        resources=tuple(RESOURCES[name] for name in many(row["Benötigt"])),
        group=row["AG"],
        status=WORDS[row["Status"]],
    )


def _measure(row, domains, groups):
    return Measure(
        id=row["Nr"],
        name=row["Maßnahme"],
        needs=tuple(many(row["Bedarfe"])),
        domains=frozenset(domains[name] for name in many(row["Lebensbereich"])),
        target_groups=tuple(groups[name] for name in many(row["Zielgruppen"])),
        status=WORDS[row["Status"]],
        group=row["AG"],
        partners=tuple(many(row["Partner"])),
        participation=WORDS[row["Beteiligung"]],
        resources=tuple(RESOURCES[name] for name in many(row["Benötigt"])),
        planned=number(row["Ziel Personen"]),
        reached_total=number(row["Erreicht gesamt"]),
        reached_target=number(row["Erreicht Zielgruppe"]),
        measured_on=day(row["gemessen am"]),
    )


def types(domains, groups):
    return tuple(
        PartnerType(
            id=row["Nr"],
            name=row["Partnertyp"],
            domain=domains.get(row["Lebensbereich"], ""),
            sector=SECTORS[row["Gesellschaftsbereich"]],
            function=row["Wen ansprechen"],
            resources=tuple(RESOURCES[name] for name in many(row["Ressourcen"])),
            target_groups=frozenset(groups[name] for name in many(row["Zielgruppen"]) if name in groups),
            represents=frozenset(groups[name] for name in many(row["Vertritt Zielgruppe"]) if name in groups),
            umbrella=yes(row["Dachverband"]),
        )
        for row in rows("partner_types.csv", ";")
    )


def partner(id_, sector, resources, *, groups=(ALL,), domains=("LB",), represents=(), status="active"):
    return Partner(
        id=id_,
        short_name=id_,
        name=id_,
        sector=sector,
        domains=frozenset(domains),
        target_groups=frozenset(groups),
        represents=frozenset(represents),
        resources=frozenset(resources.split()),
        status=status,
    )


SENIORS, LONELY = "ZG-01", "ZG-02"
OLD_PARTNERS = (
    partner("P-001", "welfare", "expertise", groups=[SENIORS]),
    partner("P-002", "welfare", "staff", groups=[SENIORS]),
)
NEW_PARTNERS = (
    partner("Seniorenamt", "administration", "expertise staff", groups=[SENIORS, LONELY]),
    partner("VHS", "education", "rooms expertise"),
    partner("Ratschlag", "civil_society", "access publicity", groups=[LONELY]),
    partner("Stadtrat", "politics", "mandate"),
    partner("Seniorenarbeit", "welfare", "staff access", groups=[SENIORS, LONELY]),
    partner("Stadtteilhäuser", "civil_society", "rooms staff access"),
    partner("Vertretung", "self_advocacy", "expertise", groups=[LONELY], represents=[LONELY]),
)
B1 = Need(
    "B-001",
    domain="LB",
    target_groups=(SENIORS,),
    priority="high",
    mentions=0,
    sources=frozenset({"assumption"}),
    resources=("expertise", "staff", "rooms", "access"),
)
B2 = Need(
    "B-002",
    domain="LB",
    target_groups=(LONELY,),
    priority="high",
    people=2500,
    mentions=12,
    sources=frozenset({"interview"}),
    asked_on=date(2024, 11, 15),
    resources=("rooms", "staff", "expertise", "access"),
)
B3 = replace(B2, id="B-003", people=400, mentions=9, resources=("staff", "expertise", "access", "funding"))


def erlangen(partners, needs):
    return Network(
        name="Erlangen",
        sectors=tuple(SECTORS.values()),
        partners=tuple(partners),
        domains=(Domain("LB", "Begegnung", focus=True),),
        target_groups=(TargetGroup(SENIORS, "Senior*innen"), TargetGroup(LONELY, "Einsame Menschen")),
        needs=tuple(needs),
        measures=(
            Measure(
                "M-001",
                needs=("B-001",),
                domains=frozenset({"LB"}),
                target_groups=(SENIORS,),
                participation="none",
                planned=40,
                reached_total=30,
                reached_target=6,
            ),
        ),
    )


def some(rng, names, most):
    return rng.sample(names, rng.randint(0, min(most, len(names))))


def random_network(seed, *, rich_rules=True):
    """A small network with everything that can go wrong in it."""
    rng = random.Random(seed)
    domains = [f"LB-{n:02}" for n in range(1, rng.randint(2, 4))]
    groups = [f"ZG-{n:02}" for n in range(1, rng.randint(2, 5))]
    codes = list(Rules().matching)
    sectors = list(SECTORS.values())
    status = [*Status, "active", "active", "active", "onboarding", "onboarding", ""]
    partners = tuple(
        Partner(
            id=f"P-{n:03}",
            short_name=f"N{n}",
            sector=rng.choice([*sectors, ""]),
            domains=frozenset(some(rng, [*domains, ALL], 2)),
            target_groups=frozenset(some(rng, [*groups, ALL], 2)),
            represents=frozenset(some(rng, groups, 1)),
            resources=frozenset(some(rng, codes, 4)),
            status=rng.choice(status),
        )
        for n in range(rng.randint(0, 12))
    )
    needs = tuple(
        Need(
            id=f"B-{n:03}",
            domain=rng.choice([*domains, *domains, "", ALL]),
            target_groups=tuple(some(rng, [*groups, *groups, ALL], 3)),
            priority=rng.choice(["high", "medium", "low", ""]),
            people=rng.choice([None, None, 0, 99, 100, 999, 1000, 5000]),
            mentions=rng.choice([None, 0, 1, 4, 5, 12]),
            sources=frozenset(some(rng, list(SOURCES.values()), 2)),
            asked_on=rng.choice([None, TODAY, date(2023, 5, 15), date(2023, 5, 14), date(2025, 5, 16)]),
            resources=tuple(some(rng, [*codes, "staff", "unknown"], 4)),
            group=rng.choice(["", "AG-01", "AG-02", "AG-99"]),
            status=rng.choice(["", "new", "confirmed", "in_progress", "covered", "parked"]),
        )
        for n in range(rng.randint(0, 8))
    )
    rules = Rules()
    if rich_rules and rng.random() < 0.3:
        rules = replace(
            rules,
            onboarding_factor=rng.choice([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)]),
            agreed_factor=rng.choice([Fraction(0), Fraction(1, 4)]),
            asked_factor=rng.choice([Fraction(0), Fraction(2, 5), Fraction(1, 2)]),
            light_limit=rng.choice([Fraction(1, 2), Fraction(2, 3)]),
        )
    return Network(
        name="Zufall",
        rules=rules,
        sectors=tuple(sectors),
        partners=partners,
        domains=tuple(Domain(name, name, rng.choice([True, False, None])) for name in domains),
        target_groups=tuple(
            TargetGroup(
                name,
                name,
                focus=rng.choice([True, False, None]),
                people=rng.choice([None, 50, 500, 5000]),
                replaced_by=rng.choice(["", "", "ZG-01"]),
            )
            for name in groups
        ),
        needs=needs,
        groups=(WorkingGroup("AG-01", "Eins"), WorkingGroup("AG-02", "Zwei")),
        voices=tuple(
            Voice(f"S-{n:03}", need=rng.choice([need.id for need in needs] + [""])) for n in range(rng.randint(0, 6))
        ),
    )


def shuffled(network, seed):
    rng = random.Random(seed)

    def mixed(items):
        return tuple(rng.sample(items, len(items)))

    return replace(
        network,
        partners=mixed(network.partners),
        needs=mixed(network.needs),
        voices=mixed(network.voices),
        domains=mixed(network.domains),
        target_groups=mixed(network.target_groups),
        groups=mixed(network.groups),
    )


def large(partners, needs, seed=7):
    """A network of a given size, spread over the usual domains and groups."""
    rng = random.Random(seed)
    domains = [f"LB-{n:02}" for n in range(1, 10)]
    groups = [f"ZG-{n:02}" for n in range(1, 16)]
    codes = list(Rules().matching)
    sectors = list(SECTORS.values())
    status = ["active"] * 6 + ["onboarding", "wish", "contacted", "left"]
    words = ["confirmed"] * 8 + ["parked", "covered"]
    return Network(
        sectors=tuple(sectors),
        partners=tuple(
            Partner(
                id=f"P-{n:06}",
                short_name=f"Verein {n}",
                sector=rng.choice(sectors),
                domains=frozenset(rng.sample(domains, rng.randint(1, 2))),
                target_groups=frozenset(rng.sample(groups, rng.randint(1, 3))),
                represents=frozenset(rng.sample(groups, 1) if rng.random() < 0.1 else ()),
                resources=frozenset(rng.sample(codes, rng.randint(1, 3))),
                status=rng.choice(status),
            )
            for n in range(partners)
        ),
        domains=tuple(Domain(name, name) for name in domains),
        target_groups=tuple(TargetGroup(name, name, people=500) for name in groups),
        needs=tuple(
            Need(
                id=f"B-{n:06}",
                domain=rng.choice(domains),
                target_groups=tuple(rng.sample(groups, rng.randint(1, 2))),
                priority=rng.choice(["high", "medium", "low"]),
                people=rng.choice([None, 50, 500, 5000]),
                mentions=rng.randint(0, 9),
                sources=frozenset(rng.sample(list(SOURCES.values()), 1)),
                asked_on=TODAY - timedelta(days=rng.randint(0, 1000)),
                resources=tuple(rng.sample(codes, rng.randint(2, 4))),
                group=f"AG-{rng.randint(1, 20):02}",
                status=rng.choice(words),
            )
            for n in range(needs)
        ),
        groups=tuple(WorkingGroup(f"AG-{n:02}", f"AG {n}") for n in range(1, 21)),
    )
