"""The record of processing: what a network keeps about persons, why, for whom and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.cli.frame import Call, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netzwerk_sheets.sync.order import Pass

FIELDS = (
    "purpose", "basis", "people", "data", "free_text", "recipients", "third_country", "periods", "measures", "rights",
)  # fmt: skip
"""What Art. 30 GDPR asks for, in the order of the record."""


def register(call: Call, workbook: Path) -> int:
    """Print the record; what only the network knows is marked as missing."""
    from netzwerk_sheets.cli.reporting import looked
    from netzwerk_sheets.place import document_of

    done = looked(call, workbook)
    online = any(map(document_of, (workbook, *call.further)))
    lines = list(_lines(call, done.plan, online=online))
    if call.json:
        call.document(register=[{"field": code, "text": text} for code, text in lines])
        return 0
    rows = [[call.words.say(f"record.{code}"), text] for code, text in lines]
    table(call, [call.words.say("record.field"), call.words.say("record.content")], rows)
    call.say("record.no_advice")
    return 0


def _lines(call: Call, plan: Pass, *, online: bool) -> Iterator[tuple[str, str]]:
    """Give (code of the field, text)."""
    say, settings = call.words.say, plan.picture.settings.values
    missing = say("record.missing")
    yield "network", str(settings["network.name"] or missing)
    yield "responsible", missing
    yield "officer", missing
    yield "day", call.words.date(call.today)
    texts = {
        "basis": str(settings["legal_basis"] or say("record.basis_missing")),
        "data": _columns(call),
        "free_text": _free_text(call),
        "third_country": say("record.google" if online else "record.no_google"),
        "periods": _periods(call, plan),
    }
    for code in FIELDS:
        yield code, texts.get(code) or say(f"record.{code}_text")
    contacts = plan.picture.network.contacts
    told = sum(contact.informed_on is None for contact in contacts)
    yield "now", say("record.now_text", n=len(contacts), untold=told)


def _columns(call: Call) -> str:
    """Name the columns that hold personal data, table by table; the schema knows them."""
    from netzwerk_sheets.sheets import schema

    found = []
    for code, one in schema.tables().items():
        headers = [column.header(call.words.language) for column in one.columns if column.personal]
        if headers:
            found.append(f"{call.words.tab(code)}: {', '.join(headers)}")
    return "; ".join(found)


def _free_text(call: Call) -> str:
    """Name the tables in whose free texts people may name persons."""
    from netzwerk_sheets.sheets import schema

    names = [
        call.words.tab(code)
        for code, one in schema.tables().items()
        if one.kind == "input" and any(column.kind == "note" for column in one.columns) and code != "settings"
    ]
    return call.words.say("record.free_text_text", tabs=names)


def _periods(call: Call, plan: Pass) -> str:
    settings = plan.picture.settings.values
    codes = {
        "wished": "wish_retention_months", "left": "left_retention_days", "confirmed": "confirm_months",
        "trash": "trash.days", "kept": "backups.keep", "days": "backups.days",
    }  # fmt: skip
    return call.words.say("record.periods_text", **{name: settings[code] for name, code in codes.items()})
