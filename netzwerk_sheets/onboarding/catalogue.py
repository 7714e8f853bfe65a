"""Which tasks of the catalogue a partner gets."""

from __future__ import annotations

from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import TaskCycle
from netzwerk_sheets.model import Partner, Status, TaskTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable


class Form(StrEnum):
    """How long the welcome of a new partner is."""

    FULL = "full"
    SHORT = "short"


class Purpose(StrEnum):
    """What a sheet of tasks is for."""

    WIN = "win"
    WELCOME = "welcome"
    CHANGE = "change"
    FAREWELL = "farewell"


WELCOME_BLOCKS = frozenset({"W", "Z", "S", "A", "R"})
"""Welcome, goals and vision, strategy, tasks and projects, working group then steering group."""

ADMINISTRATION, VOLUNTEERS, BUSINESS, SELF_ADVOCACY = "K", "E", "U", "B"

_VARIANT_OF_SECTOR = {
    "administration": ADMINISTRATION,
    "politics": ADMINISTRATION,
    "sport": VOLUNTEERS,
    "business": BUSINESS,
    "self_advocacy": SELF_ADVOCACY,
}
_WELCOMED = frozenset({Status.AGREED, Status.ONBOARDING})
_IN_NETWORK = _WELCOMED | {Status.ACTIVE, Status.PAUSED}


def variants(partner: Partner) -> frozenset[str]:
    """Say which additions to the welcome fit a partner; several may.

    Returns:
        Block codes: ``K`` administration and politics, ``E`` volunteers, ``U`` business, ``B`` people who
        represent a target group. Empty where none fits.
    """
    found = {_VARIANT_OF_SECTOR[partner.sector]} if partner.sector in _VARIANT_OF_SECTOR else set()
    if partner.volunteer:
        found.add(VOLUNTEERS)
    if partner.represents:
        found.add(SELF_ADVOCACY)
    return frozenset(found)


def purposes(partner: Partner) -> frozenset[Purpose]:
    """Say which tasks a partner's status asks for by itself.

    Winning tasks are never among them: people ask for those.
    """
    found = set()
    if partner.status in _WELCOMED:
        found.add(Purpose.WELCOME)
    if partner.status in _IN_NETWORK and partner.change_on:
        found.add(Purpose.CHANGE)
    if partner.status == Status.LEFT and partner.left_on:
        found.add(Purpose.FAREWELL)
    return frozenset(found)


def select(
    catalogue: Iterable[TaskTemplate],
    partner: Partner,
    *,
    form: Form = Form.FULL,
    purpose: Purpose = Purpose.WELCOME,
) -> tuple[TaskTemplate, ...]:
    """Pick the tasks of a partner's own sheet; those of groups and of the network are not among them.

    Args:
        catalogue: All templates; where a code stands twice, its first row counts.
        partner: Whose sheet it is.
        form: The short form holds the marked tasks only. What a variant adds belongs to both forms,
            because it removes barriers that a short welcome would leave standing.
        purpose: What the sheet is for.

    Returns:
        Templates in the order of the catalogue.
    """
    added = variants(partner)

    def fits(template: TaskTemplate) -> bool:
        if template.scope != "partner":
            return False
        if purpose is Purpose.CHANGE:
            return template.block == "P"
        if purpose is Purpose.FAREWELL:
            return template.block == "X"
        if template.block in added:
            return purpose is Purpose.WELCOME or template.anchor == "created_on"
        if purpose is Purpose.WIN:
            return template.block == "G"
        return template.block in WELCOME_BLOCKS and (form is Form.FULL or template.short)

    return tuple(template for template in unique(catalogue) if fits(template))


def by_block(catalogue: Iterable[TaskTemplate]) -> dict[tuple[str, str], list[TaskTemplate]]:
    """Sort templates by their scope and block; within one, they keep the order of the catalogue."""
    found: dict[tuple[str, str], list[TaskTemplate]] = {}
    for template in unique(catalogue):
        found.setdefault((template.scope, template.block), []).append(template)
    return found


def unique(catalogue: Iterable[TaskTemplate]) -> tuple[TaskTemplate, ...]:
    """Drop templates without a code or with one that stood before."""
    first: dict[str, TaskTemplate] = {}
    for template in catalogue:
        if template.code:
            first.setdefault(template.code, template)
    return tuple(first.values())


def check(catalogue: Iterable[TaskTemplate]) -> None:
    """Make sure that no task of the catalogue waits for itself.

    Raises:
        TaskCycle: Some wait for each other; the fact ``tasks`` names them. Nothing was planned.
    """
    in_order(catalogue)


def in_order(catalogue: Iterable[TaskTemplate]) -> tuple[TaskTemplate, ...]:
    """Sort templates so that each stands behind those it waits for.

    Raises:
        TaskCycle: Some wait for each other; nothing was planned.
    """
    known = {template.code: template for template in unique(catalogue)}
    graph = {code: [before for before in each.after if before in known] for code, each in known.items()}
    try:
        return tuple(known[code] for code in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise TaskCycle("task-cycle", tasks=", ".join(dict.fromkeys(error.args[1]))) from error
