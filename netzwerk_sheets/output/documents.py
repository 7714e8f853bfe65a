"""Letters of welcome and the profile of the network, from Word templates that people may change.

A template is an ordinary .docx; ``{{ partner }}`` in it becomes the partner's name. Whatever people wrote into the
workbook is put in as text: it can neither become a field nor reach anything beyond the facts given here.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.excel.archive import build, fresh, open_archive, unpack
from netzwerk_sheets.errors import AccessDenied, WorkbookRefused, WrongUse
from netzwerk_sheets.model import ALL, FINISHED, ON_BOARD, Status
from netzwerk_sheets.output.letters import HOME, LETTERS, brings, meeting, one_line, recipient
from netzwerk_sheets.output.privacy import catalogue, public, task_text
from netzwerk_sheets.sheets.cells import read_date
from netzwerk_sheets.sheets.render.told import told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from netzwerk_sheets.model import Partner
    from netzwerk_sheets.output.matter import Matter

NAMED_TASKS = 6
"""So many of the next tasks a letter of welcome names."""

KINDS = ("welcome", "profile")
LARGEST = 20_000_000
"""Bytes of a template; a letter with a logo is far smaller."""


def templates(language: str) -> dict[str, bytes]:
    """Give the templates that the tool brings along: file name → content."""
    names = [f"{kind}.{language}.docx" for kind in KINDS]
    return {name: (HOME / name).read_bytes() for name in names}


def documents(matter: Matter, folder: Path | None = None) -> dict[str, bytes]:
    """Make the profile of the network, and a letter for every partner that is to be welcomed.

    Args:
        matter: What there is to tell.
        folder: Where people keep templates of their own; one that is not there is taken from the tool.

    Returns:
        File name → document. The same workbook on the same day gives the same bytes.

    Raises:
        WrongUse: A template cannot be read, or asks for what is not there; nothing was written.
    """
    say = matter.words.say
    files = {f"{say('export.mark_profile')}.docx": _filled(matter, "profile", folder, _profile(matter))}
    for partner in matter.network.partners:
        if partner.status in LETTERS and LETTERS[Status(partner.status)] == "welcome":
            name = f"{partner.id}-{say('export.mark_welcome')}.docx"
            files[name] = _filled(matter, "welcome", folder, _welcome(matter, partner))
    return files


# --- filling in -------------------------------------------------------------------------------------------


def _template(name: str, folder: Path | None) -> bytes:
    """Read a template: people's own where there is one."""
    place = folder / name if folder is not None and (folder / name).exists() else HOME / name
    try:
        if place.stat().st_size > LARGEST:
            raise WrongUse("template-unreadable", file=name)
        return place.read_bytes()
    except OSError as error:
        raise AccessDenied("template-denied", file=name) from error


@cache
def _environment() -> Any:  # noqa: ANN401 - loaded only when a document is made
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _filled(matter: Matter, kind: str, folder: Path | None, facts: Mapping[str, object]) -> bytes:
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError

    name = f"{kind}.{matter.words.language}.docx"
    data = _template(name, folder)
    target = io.BytesIO()
    try:
        open_archive(data)
        document = DocxTemplate(io.BytesIO(data))
        document.render(dict(facts), jinja_env=_environment(), autoescape=True)
        document.save(target)
    except TemplateError as error:
        raise WrongUse("template-wrong", file=name, field=one_line(str(error.message))) from error
    except (WorkbookRefused, OpcError, KeyError, ValueError, SyntaxError, AttributeError, TypeError) as error:
        raise WrongUse("template-unreadable", file=name) from error
    return _dateless(target.getvalue())


def _dateless(data: bytes) -> bytes:
    """Pack a document anew without the moment in which it was made."""
    return build(b"", [fresh(name, [unpack(data, entry)]) for name, entry in open_archive(data).items()])


# --- facts ------------------------------------------------------------------------------------------------


def _shown(matter: Matter, text: str, instead: str) -> str:
    return one_line(public(text, persons=matter.persons, instead=instead)) or instead


def _welcome(matter: Matter, partner: Partner) -> dict[str, object]:
    say = matter.words.say
    name, _ = recipient(matter, partner)
    return {
        "network": one_line(matter.network.name),
        "date": matter.words.date(matter.today),
        "greeting": say("export.greeting_name", name=name) if name else say("export.greeting"),
        "partner": _shown(matter, partner.name or partner.label, partner.id),
        "offer": brings(matter, partner),
        "meeting": meeting(matter, partner),
        "buddy": _shown(matter, matter.names.get(partner.buddy, ""), partner.buddy),
        "tasks": _tasks(matter, partner),
    }


def _tasks(matter: Matter, partner: Partner) -> list[dict[str, str]]:
    """Give the open tasks that lie ahead, the earliest first; one that people wrote leaves only if it may."""
    known = catalogue(matter.network)
    found = []
    for task in matter.network.tasks:
        text = task_text(task, known, persons=matter.persons)
        if task.owner != partner.id or task.status in FINISHED or not _shown(matter, text, ""):
            continue
        if task.due is not None and task.due >= matter.today:
            found.append((task.due, task.id, _shown(matter, text, "")))
    return [{"text": text, "due": matter.words.date(day)} for day, _, text in sorted(found)[:NAMED_TASKS]]


def _profile(matter: Matter) -> dict[str, object]:
    words, network, whole = matter.words, matter.network, matter.found.network
    partners = [partner for partner in network.partners if partner.status in ON_BOARD]
    sentence = words.say("start.nothing_yet")
    if whole.coverage is not None:
        sentence = words.say("export.covered", percent=words.percent(whole.coverage))
    return {
        "network": one_line(network.name),
        "date": words.date(matter.stand),
        "sentence": sentence,
        "partner_count": len(partners),
        "sector_count": len({partner.sector for partner in partners if partner.sector}),
        "partners": [
            {
                "name": _shown(matter, partner.name or partner.label, partner.id),
                "sector": words.word("sector", partner.sector),
                "domains": _listed(matter, partner.domains),
            }
            for partner in partners
        ],
        "groups": [
            {
                "name": _shown(matter, group.name, group.id),
                "lead": _shown(matter, matter.names.get(group.lead, ""), group.lead),
                "next": words.date(group.next_meeting) if group.next_meeting else words.say("report.nothing"),
            }
            for group in network.groups
            if group.status != "ended"
        ],
        "goals": [{"name": _shown(matter, goal.name, goal.id)} for goal in network.goals],
        "domains": [
            {"name": _shown(matter, total.name, total.id), "coverage": _covered(matter, total.coverage)}
            for total in matter.found.domains
        ],
        "milestones": _milestones(matter),
    }


def _listed(matter: Matter, domains: frozenset[str]) -> str:
    names = [
        matter.words.say("common.all") if each == ALL else matter.names.get(each, each) for each in sorted(domains)
    ]
    return _shown(matter, "; ".join(names), "")


def _covered(matter: Matter, share: Any) -> str:  # noqa: ANN401 - an exact fraction
    return matter.words.say("light.none") if share is None else matter.words.percent(share)


def _milestones(matter: Matter) -> list[dict[str, str]]:
    found = []
    for row, values in matter.rows.get("milestones", {}).items():
        day = read_date(values.get("date")).value
        if day is not None:
            found.append((day, row, _shown(matter, told(matter.words, values.get("name")), row)))
    return [{"date": matter.words.date(day), "name": name} for day, _, name in sorted(found)]
