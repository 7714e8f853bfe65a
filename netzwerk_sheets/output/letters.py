"""Drafts of mails to partners. Nothing is ever sent: a person opens each draft, completes it and decides."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import netzwerk_sheets.templates
from netzwerk_sheets.analysis.fitting import fits
from netzwerk_sheets.model import Status
from netzwerk_sheets.output.privacy import public
from netzwerk_sheets.sheets.cells import text_of

if TYPE_CHECKING:
    from netzwerk_sheets.model import Partner
    from netzwerk_sheets.output.matter import Matter

HOME = Path(netzwerk_sheets.templates.__file__ or "").parent / "letters"
LETTERS = {
    Status.WISH: "invitation",
    Status.CONTACTED: "invitation",
    Status.IN_TALKS: "invitation",
    Status.AGREED: "welcome",
    Status.ONBOARDING: "welcome",
}
"""Which letter a partner of which status gets."""

NAMED = 3
"""How many blocks an invitation names."""

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def drafts(matter: Matter) -> dict[str, bytes]:
    """Make a draft for every partner that is to be invited or welcomed.

    Returns:
        File name → mail that opens as a draft. It has no sender, and no recipient unless persons may leave.
    """
    files = {}
    for partner in matter.network.partners:
        if partner.status in LETTERS:
            kind = LETTERS[Status(partner.status)]
            files[f"{partner.id}-{matter.words.say(f'export.mark_{kind}')}.eml"] = _draft(matter, partner, kind)
    return files


def _draft(matter: Matter, partner: Partner, kind: str) -> bytes:
    say = matter.words.say
    name, address = recipient(matter, partner)
    facts = {
        "network": one_line(matter.network.name),
        "greeting": say("export.greeting_name", name=name) if name else say("export.greeting"),
        "partner": one_line(public(partner.name or partner.label, persons=matter.persons, instead=partner.id)),
        "offer": _seeks(matter, partner) if kind == "invitation" else brings(matter, partner),
        "meeting": meeting(matter, partner),
    }
    letter = (HOME / f"{kind}.{matter.words.language}.txt").read_text(encoding="utf-8")
    subject, _, body = Template(letter).substitute(facts).partition("\n\n")
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(subject)
    if address:
        mail["To"] = Address(name, addr_spec=address)
    mail["X-Unsent"] = "1"
    mail.set_content(body, cte="quoted-printable")
    return bytes(mail)


def one_line(text: str) -> str:
    """Leave out what would begin a new line of a mail's head."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def recipient(matter: Matter, partner: Partner) -> tuple[str, str]:
    """Give name and address of the first contact with an address; empty where persons may not leave."""
    for contact in matter.network.contacts if matter.persons else ():
        cells = matter.rows["contacts"].get(contact.id, {})
        address = text_of(cells.get("email"))
        if contact.partner == partner.id and _ADDRESS.fullmatch(address):
            return one_line(text_of(cells.get("name"))), address
    return "", ""


def _seeks(matter: Matter, partner: Partner) -> str:
    """Say which open blocks the partner could fill, the largest gap first."""
    words, found = matter.words, []
    for item in matter.found.ranked():
        for block in item.open:
            if fits(partner, block.code, item.need.domain, item.need.target_groups, matter.network):
                need = public(item.need.name or item.need.id, persons=matter.persons, instead=item.need.id)
                found.append(words.say("report.block_for", block=words.block(block.code), need=one_line(need)))
    if not found:
        return words.say("export.asks")
    return words.say("export.seeks", blocks="; ".join(found[:NAMED]))


def brings(matter: Matter, partner: Partner) -> str:
    """Say what a partner brings."""
    words = matter.words
    offered = sorted(words.word("resource", code) for code in partner.resources)
    return words.say("export.brings", resources=offered) if offered else words.say("export.brings_nothing")


def meeting(matter: Matter, partner: Partner) -> str:
    """Name the next meeting of a group the partner takes part in."""
    say, groups = matter.words.say, {group.id: group for group in matter.network.groups}
    ahead = [
        (day, groups[each.group].name)
        for each in matter.network.membership
        if each.partner == partner.id
        and each.group in groups
        and (day := groups[each.group].next_meeting) is not None
        and day >= matter.today
    ]
    if not ahead:
        return say("export.meets_nothing")
    day, name = min(ahead)
    return say("export.meets", group=one_line(public(name, persons=matter.persons, instead="")), date=day)
