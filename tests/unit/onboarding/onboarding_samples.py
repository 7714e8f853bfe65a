"""The shipped catalogue and demo network as tests read them, and a small network to plan for."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets import onboarding
from netzwerk_sheets.model import Membership, Network, Partner, Task, TaskTemplate, WorkingGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

TEMPLATES = Path(__file__).parents[3] / "templates"
TODAY = date(2025, 5, 15)
ROLES = {
    "Koordination": "coordination",
    "AG-Leitung": "group_lead",
    "Pate/Patin": "buddy",
    "Steuerungsgruppe": "steering",
    "Zielgruppenvertretung": "representative",
}
FRAME = onboarding.Frame(today=TODAY, region="BY", coordination="P-001", roles=ROLES)


@cache
def rows(path: str) -> list[dict[str, str]]:
    with (TEMPLATES / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def many(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


@cache
def catalogue(language: str = "de") -> tuple[TaskTemplate, ...]:
    return tuple(
        TaskTemplate(
            code=row["id"],
            block=row["block"],
            text=row[f"text_{language}"],
            role=row[f"role_{language}"],
            anchor=row["anchor"],
            days=int(row["days"]),
            after=many(row["after"]),
            evidence=row[f"evidence_{language}"],
            scope=row["scope"],
            short=row["short"] == "yes",
            more=row[f"more_{language}"],
        )
        for row in rows("catalogue/tasks.csv")
    )


COORDINATION = Partner(
    "P-001",
    short_name="ZSL",
    sector="self_advocacy",
    status="active",
    represents=frozenset({"ZG-01"}),
    created_on=date(2023, 1, 10),
    agreed_on=date(2023, 1, 10),
)
BUDDY = replace(COORDINATION, id="P-002", short_name="Seniorenamt", sector="welfare", represents=frozenset())
NEWCOMER = Partner(
    "P-007",
    short_name="VHS",
    sector="education",
    status="agreed",
    buddy="P-002",
    created_on=date(2025, 4, 1),
    agreed_on=date(2025, 5, 5),
)
GROUP = WorkingGroup(
    "AG-02",
    "AG Einsamkeit",
    kind="working_group",
    target_groups=frozenset({"ZG-01"}),
    lead="P-002",
    status="active",
)
STEERING = WorkingGroup("AG-04", "Steuerungsgruppe", kind="steering_group", lead="P-001", status="active")


def network(*partners: Partner, **parts: object) -> Network:
    everyone = (COORDINATION, BUDDY, *partners)
    content: dict[str, object] = {
        "groups": (STEERING, GROUP),
        "membership": tuple(
            Membership(f"MW-{number:03}", partner.id, GROUP.id) for number, partner in enumerate(partners, start=1)
        ),
        "task_templates": catalogue(),
        **parts,
    }
    return Network(partners=everyone, **content)  # type: ignore[arg-type]


def with_tasks(old: Network, *tasks: object) -> Network:
    return replace(old, tasks=(*old.tasks, *tasks))  # type: ignore[arg-type]


def waiting_for(task: Task, tasks: Iterable[Task]) -> tuple[str, ...]:
    return onboarding.Unfinished(tasks).before(task)
