"""The tabs that show what the method says about the network, and how to use it; a new one is an entry in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.sheets.render.common_ground import common_ground_sheet
from netzwerk_sheets.sheets.render.diversity import diversity_sheet
from netzwerk_sheets.sheets.render.guide import guide_sheet
from netzwerk_sheets.sheets.render.profile import profile_sheet
from netzwerk_sheets.sheets.render.reach import reach_sheet
from netzwerk_sheets.sheets.render.resilience import resilience_sheet
from netzwerk_sheets.sheets.render.suggestions import suggestions_sheet
from netzwerk_sheets.sync.accepting import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netzwerk_sheets.sheets.render.frame import RowSheet
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.picture import Picture


def _suggestions(builder: Builder, picture: Picture, title: str) -> RowSheet:
    network = picture.network
    done = settled(builder.decided, network, builder.hubs.get("partners", {}))
    return suggestions_sheet(
        picture.words, network, picture.recommendations, picture.names, title, settled=done
    )  # fmt: skip


def _resilience(_builder: Builder, picture: Picture, title: str) -> RowSheet:
    return resilience_sheet(picture.words, picture.network, picture.resilience, picture.names, title)


def _diversity(_builder: Builder, picture: Picture, title: str) -> RowSheet:
    return diversity_sheet(picture.words, picture.network, picture.diversity, title)


def _reach(builder: Builder, picture: Picture, title: str) -> RowSheet:
    rows = builder.hubs.get("measures", {})
    return reach_sheet(picture.words, picture.reach, rows, picture.names, title)


def _common_ground(_builder: Builder, picture: Picture, title: str) -> RowSheet:
    return common_ground_sheet(picture.words, picture.common_ground, picture.names, title)


def _profile(_builder: Builder, picture: Picture, title: str) -> RowSheet:
    return profile_sheet(
        picture.words, picture.network, picture.coverage, picture.common_ground, picture.names,
        title=title, today=picture.today, coordination=str(picture.settings.values["coordination"] or ""),
    )  # fmt: skip


def _help(builder: Builder, _picture: Picture, title: str) -> RowSheet:
    mains = {code: title for (code, owner), title in builder.titles.items() if not owner}
    return guide_sheet(builder.words, mains, title)


SHEETS: Mapping[str, Callable[[Builder, Picture, str], RowSheet]] = {
    "suggestions": _suggestions,
    "resilience": _resilience,
    "diversity": _diversity,
    "reach": _reach,
    "common_ground": _common_ground,
    "profile": _profile,
    "help": _help,
}
