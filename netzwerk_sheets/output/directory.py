"""The network as a directory of services after HSDS 3, the open format of Open Referral, in its tabular form.

============  ==================================================================================================
table         is
============  ==================================================================================================
organization  the network itself, and every partner on board
service       every measure beyond an idea: of its lead, else of its first partner on board, else of the network
location      the district that a partner names
taxonomy      the network's lists: sectors, life domains, target groups
============  ==================================================================================================

Ids are made of the network's key and the row, so they stay as long as the row lives and collide with nobody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from netzwerk_sheets import __version__
from netzwerk_sheets.model import ALL, ON_BOARD
from netzwerk_sheets.output.letters import one_line
from netzwerk_sheets.output.privacy import public
from netzwerk_sheets.output.tables import csv_text, harmless
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netzwerk_sheets.model import Measure, Partner
    from netzwerk_sheets.output.matter import Matter

VERSION = "3.0"
STATUSES = {"running": "active", "planned": "inactive", "finished": "defunct", "stopped": "defunct"}
"""A measure's status → a service's; what is only an idea is no service yet."""

TABLES: dict[str, tuple[str, ...]] = {
    "organization": ("id*", "name*", "alternate_name", "description*"),
    "service": ("id*", "organization_id*>organization", "name*", "description", "status*"),
    "location": ("id*", "location_type*", "organization_id>organization", "name"),
    "service_at_location": ("id*", "service_id*>service", "location_id*>location"),
    "taxonomy": ("id*", "name*", "description*"),
    "taxonomy_term": ("id*", "code", "name*", "description*", "taxonomy", "language", "taxonomy_id>taxonomy"),
    "attribute": ("id*", "link_id*", "taxonomy_term_id*>taxonomy_term", "link_type", "link_entity*", "value"),
}
"""Table → its columns; a star marks one that must be filled, an arrow the table whose ids it holds."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Ids:
    """Makes ids that stay: of the network, a kind of thing and what names it."""

    key: str

    def of(self, *parts: str) -> str:
        return str(uuid5(NAMESPACE_URL, "/".join(("netzwerk", self.key or "network", *parts))))


def directory_files(matter: Matter) -> dict[str, bytes]:
    """Make the directory: one file a table, and their description as a data package.

    Returns:
        File name → content. Organisations only, whoever asks: the format has no place for notes about people.
    """
    rows = _rows(matter)
    files = {}
    for name, columns in TABLES.items():
        codes = [_code(column) for column in columns]
        lines = [codes, *([harmless(row.get(code, "")) for code in codes] for row in rows[name])]
        files[f"{name}.csv"] = csv_text(lines, ",").encode("utf-8", "replace")
    document = {
        "name": "netzwerk-hsds",
        "title": matter.words.say("export.directory", network=one_line(matter.network.name)),
        "created": f"{matter.stand.isoformat()}T00:00:00Z",
        "hsds": VERSION,
        "netzwerk": {"version": __version__, "language": matter.words.language},
        "resources": [_resource(name, columns) for name, columns in TABLES.items()],
    }
    files["datapackage.json"] = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def _code(column: str) -> str:
    return column.partition(">")[0].rstrip("*")


def _resource(name: str, columns: Iterable[str]) -> dict[str, object]:
    fields, foreign = [], []
    for column in columns:
        code, _, table = column.partition(">")
        field: dict[str, object] = {"name": code.rstrip("*"), "type": "string"}
        if code.endswith("*"):
            field["constraints"] = {"required": True}
        fields.append(field)
        if table:
            foreign.append({"fields": [_code(column)], "reference": {"resource": table, "fields": ["id"]}})
    return {
        "name": name, "type": "table", "path": f"{name}.csv", "scheme": "file", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": ["id"], "foreignKeys": foreign, "missingValues": [""]},
    }  # fmt: skip


# --- rows -------------------------------------------------------------------------------------------------


def _rows(matter: Matter) -> dict[str, list[Row]]:
    ids = _Ids(matter.key)
    board = {partner.id: partner for partner in matter.network.partners if partner.status in ON_BOARD}
    measures = [measure for measure in matter.network.measures if measure.status in STATUSES]
    owners = {measure.id: _owner(measure, board) for measure in measures}
    locations = {each.id: place for each in board.values() if (place := _district(matter, each))}
    rows: dict[str, list[Row]] = {
        "organization": [_network(matter, ids), *(_organization(matter, ids, each) for each in board.values())],
        "service": [_service(matter, ids, each, owners[each.id]) for each in measures],
        "location": [_location(ids, partner, place) for partner, place in locations.items()],
        "service_at_location": [
            {
                "id": ids.of("at", each.id),
                "service_id": ids.of(each.id),
                "location_id": ids.of("location", owners[each.id]),
            }
            for each in measures
            if owners[each.id] in locations
        ],
    }
    terms = _terms(matter, ids)
    rows["taxonomy"] = [
        {"id": ids.of("taxonomy", kind), "name": name, "description": matter.words.say("export.taxonomy", name=name)}
        for kind, name in _taxonomies(matter)
    ]
    rows["taxonomy_term"] = list(terms.values())
    rows["attribute"] = list(_attributes(ids, board.values(), measures, terms))
    return rows


def _shown(text: str, instead: str) -> str:
    return one_line(public(text, persons=False, instead=instead)) or instead


def _network(matter: Matter, ids: _Ids) -> Row:
    name = _shown(matter.network.name, matter.words.say("tasks.network"))
    return {"id": ids.of("network"), "name": name, "description": matter.words.say("export.directory_what")}


def _organization(matter: Matter, ids: _Ids, partner: Partner) -> Row:
    words = matter.words
    kind = _shown(partner.type, "") or words.word("sector", partner.sector)
    offers = sorted(words.word("resource", code) for code in partner.resources)
    description = f"{kind}. {words.say('export.offers', resources=offers)}" if offers else f"{kind}."
    return {
        "id": ids.of(partner.id),
        "name": _shown(partner.name or partner.label, partner.id),
        "alternate_name": _shown(partner.short_name, ""),
        "description": description.lstrip(". ") or words.tab("partners"),
    }


def _service(matter: Matter, ids: _Ids, measure: Measure, owner: str) -> Row:
    needs = [_shown(matter.names.get(need, ""), need) for need in measure.needs]
    return {
        "id": ids.of(measure.id),
        "organization_id": ids.of(owner),
        "name": _shown(measure.name, measure.id),
        "description": matter.words.say("export.answers", needs="; ".join(needs)) if needs else "",
        "status": STATUSES[measure.status],
    }


def _owner(measure: Measure, board: Iterable[str]) -> str:
    return next((each for each in (measure.lead, *measure.partners) if each in board), "network")


def _district(matter: Matter, partner: Partner) -> str:
    return _shown(text_of(matter.rows.get("partners", {}).get(partner.id, {}).get("district")), "")


def _location(ids: _Ids, partner: str, place: str) -> Row:
    return {
        "id": ids.of("location", partner),
        "location_type": "physical",
        "organization_id": ids.of(partner),
        "name": place,
    }


# --- what kind of thing it is -----------------------------------------------------------------------------


def _taxonomies(matter: Matter) -> list[tuple[str, str]]:
    words = matter.words
    return [
        ("sector", words.header("partners", "sector")),
        ("domains", words.tab("domains")),
        ("target_groups", words.tab("target_groups")),
    ]


def _terms(matter: Matter, ids: _Ids) -> dict[str, Row]:
    """Give the terms of the network's lists by their code."""
    named = [("sector", code, word) for code, word in schema.code_words("sector", matter.words.language).items()]
    named += [("domains", each.id, each.name) for each in matter.network.domains]
    named += [("target_groups", each.id, each.name) for each in matter.network.target_groups]
    names = dict(_taxonomies(matter))
    found = {}
    for kind, code, name in named:
        shown = _shown(name, code)
        found[code] = {
            "id": ids.of("term", code), "code": code, "name": shown, "description": f"{names[kind]}: {shown}",
            "taxonomy": names[kind], "language": matter.words.language, "taxonomy_id": ids.of("taxonomy", kind),
        }  # fmt: skip
    return found


def _attributes(
    ids: _Ids, partners: Iterable[Partner], measures: Iterable[Measure], terms: dict[str, Row]
) -> Iterator[Row]:
    """Say of what sector, life domain and target group everything is; „Alle“ is no term."""
    things: list[tuple[str, str, tuple[frozenset[str] | set[str], ...]]] = [
        ("organization", each.id, ({each.sector}, each.domains, each.target_groups)) for each in partners
    ]
    things += [("service", each.id, (set(), each.domains, set(each.target_groups))) for each in measures]
    for entity, row, codes in things:
        for kind, found in zip(("sector", "domains", "target_groups"), codes, strict=True):
            for code in sorted(found - {ALL, ""}):
                if code in terms:
                    yield {
                        "id": ids.of("attribute", row, code), "link_id": ids.of(row),
                        "taxonomy_term_id": terms[code]["id"], "link_type": kind, "link_entity": entity,
                        "value": terms[code]["name"],
                    }  # fmt: skip
