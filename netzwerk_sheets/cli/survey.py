"""``survey`` and ``review``: the tabs for asking a target group, and for looking at a strategy again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command
from netzwerk_sheets.cli.onboard import carry_out
from netzwerk_sheets.cli.partners import id_of

if TYPE_CHECKING:
    from pathlib import Path

VOICES = "voices"


@command("survey", click.Argument(["target_group"], required=True, metavar="GROUP"))
def survey(call: Call, workbook: Path, *, target_group: str) -> int:
    """Make or complete the question tab of a target group, and the tab of voices where it is missing."""
    from netzwerk_sheets.cli.reporting import looked
    from netzwerk_sheets.sync.tasks import Wishes

    plan = looked(call, workbook).plan
    owner = id_of(plan.picture.network.target_groups, target_group, "target-group-unknown")
    create = frozenset() if (VOICES, "") in plan.located.tabs else frozenset({VOICES})
    return carry_out(call, workbook, Wishes(survey=frozenset({owner})), create)


@command("review", click.Argument(["working_group"], required=True, metavar="GROUP"))
def review(call: Call, workbook: Path, *, working_group: str) -> int:
    """Make or complete the strategy tab of a working group."""
    from netzwerk_sheets.cli.reporting import looked
    from netzwerk_sheets.sync.tasks import Wishes

    plan = looked(call, workbook).plan
    owner = id_of(plan.picture.network.groups, working_group, "working-group-unknown")
    return carry_out(call, workbook, Wishes(review=frozenset({owner})))
