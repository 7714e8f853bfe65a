"""The tabs that people ask for with `survey` and `review`: of a target group, and of a working group's strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid.titles import fitting
from netzwerk_sheets.model import TargetGroup, WorkingGroup
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render import strategy, survey

if TYPE_CHECKING:
    from netzwerk_sheets.merge import Row
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.render.frame import RowSheet
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.picture import Picture

PLACES = (survey.CODE, strategy.CODE)
TASKS = "tasks"


def round_sheets(builder: Builder) -> list[tuple[str, str, str]]:
    """Say which tabs of surveys and reviews shall exist: (place, owner, wanted title).

    Those that exist stay; one that people removed comes back only where somebody asks for it again.
    """
    wishes, words, grows = builder.order.wishes, builder.words, builder.book.grows
    asked = {survey.CODE: wishes.survey, strategy.CODE: wishes.review} if grows else {}
    found = []
    for place in PLACES:
        labels = _labels(builder, place)
        for owner, label in sorted(labels.items()):
            if (place, owner) in builder.located.tabs or owner in asked.get(place, ()):
                found.append((place, owner, fitting(f"{words.tab(place)} {label}")))
    for owner, label in sorted(builder.teams.circles.items()):
        wanted = TASKS in builder.hubs and owner in asked.get(survey.CODE, ())
        if wanted or (TASKS, owner) in builder.located.tabs:
            extra = f" – {words.tab(TASKS)}"
            found.append((TASKS, owner, fitting(f"{words.tab(survey.CODE)} {label}", extra)))
    return found


def _labels(builder: Builder, place: str) -> dict[str, str]:
    return builder.teams.circles if place == survey.CODE else builder.teams.labels


def label_of(builder: Builder, owner: str) -> str:
    """Give the name of a working group or target group."""
    return builder.teams.labels.get(owner) or builder.teams.circles.get(owner, owner)


def rows_of(builder: Builder, place: str, owner: str) -> dict[str, Row]:
    """Give the rows that a group's tab shows, in the order of their table."""
    view = schema.views().get(place)
    table = view.table if view else place
    part = builder.teams.part(table, owner)
    return {row: cells for row, cells in builder.hubs.get(table, {}).items() if part.contains(row, cells)}


def round_sheet(builder: Builder, picture: Picture, place: str, owner: str) -> RowSheet:
    """Say what the tab of a survey or a review shows."""
    network, titles = picture.network, builder.titles
    rows, title = rows_of(builder, place, owner), titles[place, owner]
    tasks = titles.get((TASKS, owner), "")
    if place == survey.CODE:
        tabs = {"voices": titles.get(("voices", ""), ""), TASKS: tasks}
        return survey.survey_sheet(builder.words, network, _circle(network, builder, owner), rows, title, tabs)
    ground = strategy.Ground(network, picture.reach, picture.reviews.get(owner), picture.names, tasks)
    return strategy.strategy_sheet(builder.words, _team(network, builder, owner), rows, ground, title)


def _circle(network: Network, builder: Builder, owner: str) -> TargetGroup:
    """Give a target group; one that people deleted keeps its tab and its name."""
    found = next((group for group in network.target_groups if group.id == owner), None)
    return found or TargetGroup(owner, label_of(builder, owner))


def _team(network: Network, builder: Builder, owner: str) -> WorkingGroup:
    """Give a working group, likewise."""
    found = next((group for group in network.groups if group.id == owner), None)
    return found or WorkingGroup(owner, label_of(builder, owner))
