"""The tasks on partners' own sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.onboarding.catalogue import Purpose, select
from netzwerk_sheets.onboarding.catalogue import purposes as asked_by_status
from netzwerk_sheets.onboarding.sets import Builder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from netzwerk_sheets.model import Network, Partner, Task, TaskTemplate
    from netzwerk_sheets.onboarding.frame import Frame


def plan_sheet(
    network: Network,
    partner: Partner,
    frame: Frame,
    *,
    removed: Collection[str] = frozenset(),
    purposes: Collection[Purpose] | None = None,
) -> list[Task]:
    """Say which tasks a partner's sheet still lacks.

    Args:
        network: The network, with its catalogue and the tasks that are there already.
        partner: Whose sheet it is.
        frame: The day, the Land, the form and the words of the workbook.
        removed: Ids of tasks that people took away; those never come back.
        purposes: What the sheet is for; left out, the partner's status says it.

    Returns:
        New tasks only, in the order of the catalogue; empty where nothing is missing. Tasks that are there
        are left alone, whatever people made of them.

    Raises:
        TaskCycle: Tasks of the catalogue wait for each other; nothing was planned.
    """
    asked = asked_by_status(partner) if purposes is None else purposes
    return _plan(Builder(network, frame, removed), network, partner, frame, asked=asked)


def _plan(
    builder: Builder, network: Network, partner: Partner, frame: Frame, *, asked: Collection[Purpose]
) -> list[Task]:
    if not partner.id or not asked:
        return []
    dates = builder.dates.of_partner(partner)
    new: list[Task] = []
    for purpose in (each for each in Purpose if each in asked):
        wanted = select(network.task_templates, partner, form=frame.form, purpose=purpose)
        number = _number(builder, partner, wanted, purpose)
        if number is not None:
            new += builder.build(wanted, partner.id, number, dates=dates)
    return [builder.for_umbrella(task, partner) for task in new]


def _number(builder: Builder, partner: Partner, wanted: Iterable[TaskTemplate], purpose: Purpose) -> int | None:
    # A partner is welcomed once, but its contact person may change again years later.
    if purpose is not Purpose.CHANGE or partner.change_on is None:
        return 1
    return builder.open_set(partner.id, {each.code for each in wanted}, partner.change_on)
