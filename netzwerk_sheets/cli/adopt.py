"""``adopt``: take lists into use that people made by hand; shown first, column by column, and only after yes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, configured
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.sync.offers import Offer, Survey
    from netzwerk_sheets.sync.order import Pass
    from netzwerk_sheets.sync.uniting import Pair

PEOPLE = 3
LISTS = frozenset({".csv", ".tsv", ".txt", ".ods"})
"""Endings that no workbook has: the workbook was left out, because the configuration names it."""


@command(
    "adopt",
    click.Argument(["lists"], nargs=-1, type=click.Path(path_type=Path), metavar="[LIST…]"),
    click.Option(
        ["--mapping"], type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=words().say("help.mapping")
    ),
    click.Option(["--contacts"], is_flag=True, help=words().say("help.adopt_contacts")),
    click.Option(
        ["-o", "--output"], type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help=words().say("help.adopt_output"),
    ),
)  # fmt: skip
def adopt(
    call: Call, workbook: Path, *, lists: tuple[Path, ...], mapping: Path | None, output: Path | None, contacts: bool
) -> int:
    """Show what lists are, ask, and take them into use."""
    from netzwerk_sheets.cli.adopt_files import mapping_of, remembered_entries, write_mapping
    from netzwerk_sheets.cli.adopt_shown import document, shown
    from netzwerk_sheets.sync.offers import survey
    from netzwerk_sheets.sync.run import look

    if workbook.suffix.casefold() in LISTS and workbook not in lists:
        lists = (workbook, *lists)
        workbook, call = configured(call)
    entries = mapping_of(mapping) if mapping else remembered_entries(call, workbook)
    seen = survey(workbook, lists, call.google, call.words.language, entries=entries, told=mapping is not None)
    if not call.json:
        shown(call, seen, workbook)
    if output is not None:
        write_mapping(call, seen, workbook, lists, output)
    elif call.dry_run and not call.json:
        call.say("common.dry")
    new = [] if output is not None or call.dry_run else [offer for offer in seen.offers if offer.is_new]
    if call.yes and not contacts:
        new = _without_persons(call, seen, new)
    chosen = new if mapping else _asked(call, seen, new)
    if len(chosen) < len(new):
        _left(call, seen, workbook, [offer for offer in new if offer not in chosen])
    if chosen:
        return _take(call, workbook, seen, chosen)
    if call.json:
        document(call, seen, None, ())
    elif output is None and not call.dry_run and seen.has_marker:
        return _duplicates(call, workbook, look(workbook, call.order()).plan)
    return 0


def _without_persons(call: Call, seen: Survey, new: Sequence[Offer]) -> list[Offer]:
    """Leave contact data where they stand: a yes to everything is none to persons, of whom nobody asked."""
    for offer in new:
        if offer.brings_persons and not call.json:
            name = offer.found.source or offer.found.region.tab
            call.say("adopt.contacts_left", list=name, n=len(offer.rows), tab=seen.words.tab("contacts"))
    return [offer for offer in new if not offer.brings_persons]


def _asked(call: Call, seen: Survey, new: Sequence[Offer]) -> list[Offer]:
    """Ask once for each list.

    Raises:
        WrongUse: Nobody can be asked; nothing was done.
    """
    chosen = []
    for offer in new:
        key = "adopt.agree_here" if offer.where.here else "adopt.agree_over"
        name = offer.found.source or offer.found.region.tab
        if call.agreed(key, list=name, tab=seen.words.tab(offer.found.table), n=len(offer.rows)):
            chosen.append(offer)
    return chosen


def _left(call: Call, seen: Survey, workbook: Path, refused: Sequence[Offer]) -> None:
    """Write down the proposal for lists that people did not agree to, so that they can correct it."""
    from netzwerk_sheets.cli.adopt_files import free_place, write_entries

    target = free_place(workbook, call.words)
    write_entries(target, refused, seen.words)
    if not call.json:
        call.say("adopt.left", n=len(refused), file=str(target), workbook=str(workbook))


def _take(call: Call, workbook: Path, seen: Survey, chosen: Sequence[Offer]) -> int:
    from netzwerk_sheets.cli.adopt_files import remember_entries
    from netzwerk_sheets.cli.adopt_shown import document
    from netzwerk_sheets.cli.reporting import report
    from netzwerk_sheets.sync.backups import saved_copies
    from netzwerk_sheets.sync.ending import status_of
    from netzwerk_sheets.sync.offers import order_of, taken_by
    from netzwerk_sheets.sync.run import sync as run_once

    common = call.order()
    order = order_of(seen, chosen, call.today, workbook)
    order = replace(order, further=common.further, google=common.google, confirmed=common.confirmed)
    done = run_once(workbook, order, wait=call.wait)
    status = status_of(done)
    remember_entries(call, workbook, chosen)
    if call.json:
        document(call, seen, done, chosen)
        return 0 if status == PEOPLE else status
    report(call, done, workbook)
    rows, held = taken_by(done.plan, chosen)
    call.say("adopt.done", n=len(chosen), rows=rows, file=workbook.name)
    for tab in held:
        call.say("adopt.held", tab=tab, file=workbook.name)
    if any(not offer.where.here for offer in chosen):
        call.say("adopt.undo", file=workbook.name)
    here = any(offer.where.here for offer in chosen) and not document_of(workbook)
    before = [copy.made for copy in saved_copies(workbook)[:1]] if here else []
    united = _duplicates(call, workbook, done.plan)
    for number, copy in enumerate(saved_copies(workbook) if before else (), start=1):
        if copy.made in before:  # pairs that became one were another run, which saved another copy
            call.say("adopt.back", file=workbook.name, number=number)
    call.say("adopt.next", file=workbook.name)
    return united or (0 if status == PEOPLE else status)


# --- organisations that stand there twice -----------------------------------------------------------------


def _duplicates(call: Call, workbook: Path, plan: Pass) -> int:
    """Ask of each pair of rows that may mean the same organisation whether they shall become one.

    Where nobody can be asked, or everything was agreed to beforehand, they stay as they are: nobody saw them.
    """
    from netzwerk_sheets.sync.uniting import alike

    pairs = alike(plan.hubs.get("partners", {}), plan.hubs.get("tasks", {}))
    agreed: list[Pair] = []
    for one, other, pair in pairs:
        if {one.id, other.id} & {each.drop for each in agreed}:
            continue
        call.say("adopt.pair", one=one.name, one_id=one.id, other=other.name, other_id=other.id)
        if pair is None:
            call.say("adopt.pair_both_tasks")
        elif call.can_ask and call.agreed("adopt.pair_agree", keep=pair.keep, drop=pair.drop):
            agreed.append(pair)
    if len(agreed) < len(pairs):
        call.say("adopt.pairs_left", n=len(pairs) - len(agreed), file=workbook.name)
    return _unite(call, workbook, agreed) if agreed else 0


def _unite(call: Call, workbook: Path, pairs: Sequence[Pair]) -> int:
    from netzwerk_sheets.cli.reporting import report
    from netzwerk_sheets.sync.ending import status_of
    from netzwerk_sheets.sync.run import sync as run_once
    from netzwerk_sheets.sync.uniting import united

    done = run_once(workbook, call.order(pairs=tuple(pairs)), wait=call.wait)
    report(call, done, workbook)
    count = united(done.plan.changes.get("partners", ()))
    if count:
        call.say("adopt.united", n=count)
        call.say("adopt.undo", file=workbook.name)
    if count < len(pairs):
        call.say("adopt.not_united", n=len(pairs) - count)
    status = status_of(done)
    return 0 if status == PEOPLE else status
