"""Show lists that may be taken into use: what each column is, how sure that is and why, and what stays untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.cli.frame import Call, table
from netzwerk_sheets.sheets.adopting.headings import LIKELY, SURE
from netzwerk_sheets.sync.list_copies import beside_lists

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netzwerk_sheets.sheets.adopting.guess import Column
    from netzwerk_sheets.sync.ending import Done
    from netzwerk_sheets.sync.offers import Offer, Survey

NAMED = 5
"""So many words that are not understood are named."""


def shown(call: Call, seen: Survey, workbook: Path) -> None:
    """Print the proposal, list by list."""
    for offer in seen.offers:
        _offer(call, seen, offer)
    for source, tab in seen.strange:
        call.say("adopt.strange", list=f"{source}: {tab}" if source else tab)
    if not seen.offers:
        call.say("adopt.none", file=workbook.name)


def _offer(call: Call, seen: Survey, offer: Offer) -> None:
    words, region = call.words, offer.found.region
    where = f"{offer.found.source}, {region.tab}" if offer.found.source else region.tab
    name = seen.words.tab(offer.found.table)
    call.result("")
    call.result(words.say("adopt.title", list=where, row=region.header_row, n=len(region.rows), tab=name))
    headers = [words.say(f"adopt.{key}") for key in ("column", "becomes", "sure", "why")]
    table(call, headers, [_line(call, seen, offer, column) for column in offer.found.columns])
    for column in offer.found.columns:
        if column.strange:
            _strange(call, seen, offer, column)
    _persons(call, seen, offer)
    if region.left:
        call.result(words.say("adopt.not_rows", n=len(region.left)))
    if offer.present:
        call.result(words.say("adopt.present", n=offer.present))
    if not offer.is_new:
        call.result(words.say("adopt.nothing_new"))
    elif offer.where.here:
        added = [text for _, text in offer.where.added.values()]
        call.result(words.say("adopt.here", tab=region.tab))
        if added:
            call.result(words.say("adopt.adds", headings=added))
    else:
        contacts = offer.where.reason == "outside" and offer.found.table == "contacts"
        reason = words.say("adopt.because_contacts" if contacts else f"adopt.because_{offer.where.reason}", tab=name)
        call.result(words.say("adopt.over", n=len(offer.rows), tab=name, reason=reason))


def _line(call: Call, seen: Survey, offer: Offer, column: Column) -> list[str]:
    words = call.words
    if not column.code:
        return [column.heading, words.say("adopt.stays"), "", ""]
    sure = "sure" if column.hit.score >= SURE else "likely" if column.hit.score >= LIKELY else "guess"
    header = seen.words.header(offer.found.table, column.code)
    return [column.heading, header, words.say(f"adopt.is_{sure}"), words.say(f"adopt.by_{column.hit.why}")]


def _persons(call: Call, seen: Survey, offer: Offer) -> None:
    """Say where contact data stay that nobody asked for, and which columns are therefore in no copy."""
    say = call.words.say
    if offer.found.table == "contacts":
        stays = [column.heading for column in offer.left_out if not column.code]
        if stays:
            call.result(say("adopt.only_there", n=len(stays), headings=stays))
        return
    headings = [column.heading for column in offer.persons]
    if headings:
        key = "adopt.left_out" if offer.found.source else "adopt.personal"
        call.result(say(key, n=len(headings), headings=headings, tab=seen.words.tab("contacts")))
    cells = beside_lists(seen, offer.tab) if offer.found.source else ()
    if cells:
        call.result(say("adopt.left_out_cells", n=len(cells)))


def _strange(call: Call, seen: Survey, offer: Offer, column: Column) -> None:
    header = seen.words.header(offer.found.table, column.code)
    told = offer.found.words.get(column.code, {})
    unknown = [text for text in column.unknown if not told.get(text)]
    if column.unknown and not unknown:
        return
    named = ", ".join(call.words.say("adopt.quoted", text=text) for text in unknown[:NAMED])
    key = "adopt.own_words" if named else "adopt.unread"
    call.result(call.words.say(key, n=column.strange, column=header, values=named))


def document(call: Call, seen: Survey, done: Done | None, chosen: Sequence[Offer]) -> int:
    """Print the document of ``--json``: places and codes, no words of people."""
    from netzwerk_sheets.cli.reporting import document as of_pass
    from netzwerk_sheets.sync.ending import status_of

    lists = [
        {
            "file": offer.found.source,
            "heading_row": offer.found.region.header_row,
            "first_column": offer.found.region.first_column,
            "table": offer.found.table,
            "columns": dict(sorted(offer.found.codes.items())),
            "left_out": [column.number for column in offer.left_out],
            "here": offer.where.here,
            "reason": offer.where.reason,
            "new": len(offer.rows),
            "present": offer.present,
            "taken": offer in chosen,
        }
        for offer in seen.offers
    ]
    call.document(lists=lists, **({} if done is None else of_pass(done, status_of(done))))
    return 0
