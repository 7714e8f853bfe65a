"""``recommend``: whom to win next, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netzwerk_sheets.cli.frame import Call, command, table
from netzwerk_sheets.cli.group import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netzwerk_sheets.analysis.recommend import Joint, Part, Recommendations, Suggestion
    from netzwerk_sheets.analysis.totals import Aggregate
    from netzwerk_sheets.sync.picture import Picture

MOST = 20
"""Who looks for more at once gets no better answer, only a longer wait."""


def _size(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
    if not value:
        return None
    typed = value.strip()
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed) <= MOST:
        raise click.BadParameter(words().say("error.not-a-size", most=MOST))
    return int(typed)


@command("recommend", click.Option(["-k", "size"], callback=_size, metavar="NUMBER", help=words().say("help.size")))
def recommend(call: Call, workbook: Path, *, size: int | None) -> int:
    """Say whom to win next."""
    from netzwerk_sheets.cli.reporting import looked

    done = looked(call, workbook)
    picture = done.plan.picture
    found = picture.recommendations if size is None else picture.recommended(size)
    if call.json:
        call.document(**_document(found))
        return 0
    _show(call, picture, found)
    return 0


def _show(call: Call, picture: Picture, found: Recommendations) -> None:
    from netzwerk_sheets.sheets.render.suggestions import Describer

    describer = Describer(call.words, picture.network, picture.names)
    say = call.words.say
    for key, part, best in (
        ("candidates", found.candidates, found.best),
        ("activate", found.activate, None),
        ("types", found.types, found.best_types),
    ):
        if part:
            call.result(say(f"recommend.{key}"))
            _list(call, describer, part)
        if best is not None:
            call.result(describer.joint(best, key))
            call.result("")


def _list(call: Call, describer: Any, part: Sequence[Suggestion]) -> None:  # noqa: ANN401 - imported late
    say = call.words.say
    headers = [say(f"recommend.{key}") for key in ("rank", "name", "points", "fills", "backs_up", "sector", "contact")]
    rows = [
        [
            str(rank),
            f"{one.id} {describer.name(one.id)}",
            call.words.number(one.points.total),
            describer.blocks(one.fills),
            describer.blocks(one.backs_up),
            call.words.word("sector", one.new_sector) if one.new_sector else "",
            " ".join(
                text for text in (describer.contact(one), say("recommend.first") if one.ask_first else "") if text
            ),
        ]
        for rank, one in enumerate(part, start=1)
    ]
    table(call, headers, rows)
    call.result("")


# --- as a document ----------------------------------------------------------------------------------------


def _document(found: Recommendations) -> dict[str, object]:
    """Give everything with ids, codes and unrounded points."""
    return {
        "candidates": [_suggestion(one) for one in found.candidates],
        "activate": [_suggestion(one) for one in found.activate],
        "types": [_suggestion(one) | {"stands_for": list(one.stands_for)} for one in found.types],
        "declined": [one.id for one in found.declined],
        "best": _joint(found.best),
        "best_types": _joint(found.best_types),
    }


def _parts(parts: Sequence[Part]) -> list[dict[str, object]]:
    return [{"need": need, "block": block, "points": float(points)} for need, block, points in parts]


def _suggestion(one: Suggestion) -> dict[str, object]:
    return {
        "id": one.id,
        "points": float(one.points.total),
        "closes": float(one.points.closes),
        "backs_up": float(one.points.backs_up),
        "sector": float(one.points.sector),
        "fills": _parts(one.fills),
        "backs": _parts(one.backs_up),
        "new_sector": one.new_sector,
        "closeness": one.closeness,
        "contact": one.contact,
        "contact_kind": one.contact_kind,
        "ask_first": one.ask_first,
    }


def _joint(best: Joint) -> dict[str, object]:
    return {
        "chosen": list(best.chosen),
        "points": float(best.points.total),
        "proven": best.proven,
        "before": _total(best.before),
        "after": _total(best.after),
    }


def _total(total: Aggregate) -> dict[str, object]:
    return {
        "coverage": None if total.coverage is None else float(total.coverage),
        "gap": None if total.gap is None else float(total.gap),
    }
