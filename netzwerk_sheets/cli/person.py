"""``person``: where a person stands, a copy of the data, erasing them; and the record of processing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.commands import folded
from netzwerk_sheets.cli.frame import Call, command, shifted, table
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable

    from netzwerk_sheets.sync.erasing import Erasure
    from netzwerk_sheets.sync.persons import Found, Place

ACTIONS = {
    "show": "show", "zeigen": "show", "export": "export", "ausgeben": "export", "erase": "erase", "loeschen": "erase",
    "register": "register", "verzeichnis": "register",
}  # fmt: skip
"""What can be asked for, in both languages."""

LATER = 5
ALWAYS_LEFT = ("versions", "copies", "given_out", "machines")
"""What no command of this tool can reach."""


@command(
    "person",
    click.Argument(["asked"], nargs=-1, metavar="show|export|erase|register [K-004]"),
    click.Option(["--also"], multiple=True, metavar="TEXT", help=words().say("help.also")),
    click.Option(
        ["-o", "--output"], type=click.Path(path_type=Path), metavar="FILE", help=words().say("help.person_output")
    ),
)
def person(call: Call, workbook: Path, *, asked: tuple[str, ...], also: tuple[str, ...], output: Path | None) -> int:
    """Do what a person may ask for, or print the record of processing."""
    if folded(str(workbook)) in ACTIONS and not workbook.exists():
        asked = (str(workbook), *asked)
        call, workbook, _ = shifted(call, workbook, None)
    action = ACTIONS.get(folded(asked[0]), "") if asked else ""
    if not action or len(asked) != (1 if action == "register" else 2):
        raise WrongUse("person-which")
    if action == "register":
        from netzwerk_sheets.cli.record import register

        return register(call, workbook)
    row = asked[1].strip().upper()
    if action == "export":
        return _export(call, workbook, row, also, output)
    act: Callable[[Call, Path, str, tuple[str, ...]], int] = _show if action == "show" else _erase
    return act(call, workbook, row, also)


def _find(call: Call, workbook: Path, row: str, also: tuple[str, ...]) -> Found:
    from netzwerk_sheets.sync.persons import find

    return find(workbook, call.order(), row, also)


def _show(call: Call, workbook: Path, row: str, also: tuple[str, ...]) -> int:
    found = _find(call, workbook, row, also)
    if call.json:
        call.document(**_document(found))
        return 0
    _list(call, found)
    if found.places:
        call.say("person.next", file=workbook.name, row=row)
    return 0


def _list(call: Call, found: Found) -> None:
    """Print every place; what stands there is not repeated."""
    from netzwerk_sheets.cli.wording import column_of

    say = call.words.say
    if not found.places:
        call.result(say("person.nowhere", row=found.row))
    else:
        rows = [
            [
                say(f"person.kind_{place.kind}"),
                _where(call, place),
                place.row,
                column_of(call.words, place.table, place.column) if place.column else "",
            ]
            for place in found.places
        ]
        table(call, [say(f"person.{key}") for key in ("what", "where", "row", "column")], rows)
    for file in found.unread:
        call.say("person.unread", file=file)
    if found.one_word:
        call.say("person.one_word", row=found.row)
    if found.shared:
        call.say("person.shared", row=found.row)


def _where(call: Call, place: Place) -> str:
    if not place.file:
        return call.words.say("person.times", n=place.count)
    return f"{place.file}: {place.tab}!{place.cell}" if place.tab else place.file


def _document(found: Found) -> dict[str, object]:
    """Give places as plain data: no word of what stands there."""
    places = [
        {
            "kind": each.kind, "file": each.file, "tab": each.tab, "cell": each.cell, "table": each.table,
            "row": each.row, "column": each.column, "count": each.count,
        }
        for each in found.places
    ]  # fmt: skip
    notes = {"name_is_one_word": found.one_word, "shared_with_others": found.shared, "unread": list(found.unread)}
    return {"row": found.row, "places": places, **notes}


# --- a copy -----------------------------------------------------------------------------------------------


def _export(call: Call, workbook: Path, row: str, also: tuple[str, ...], output: Path | None) -> int:
    from netzwerk_sheets.cli.leaving import put_file
    from netzwerk_sheets.output.person import MARK, Entry, as_json, as_table
    from netzwerk_sheets.place import document_of

    found = _find(call, workbook, row, also)
    place = output or Path(f"{document_of(workbook)[:6] or workbook.stem}-{row}.csv")
    if output is None and not document_of(workbook):
        place = workbook.with_name(place.name)
    entries = [Entry(*texts) for texts in _entries(call, found)]
    if place.suffix.casefold() == ".json":
        content = as_json(entries, row, call.today)
    else:
        headers = [call.words.say(f"person.{key}") for key in ("table", "row", "column", "value", "where")]
        content = as_table(headers, entries, row, call.today)
    written = put_file(call, workbook, place, content, MARK, private=True)
    if call.json:
        call.document(row=row, place=str(place), written=written, entries=len(entries))
    elif written or call.dry_run:
        call.result(
            call.words.say("person.wrote" if written else "person.would_write", n=len(entries), place=str(place))
        )
    if written:
        call.say("export.privacy")
    return 0


def _entries(call: Call, found: Found) -> list[tuple[str, str, str, str, str]]:
    """Give (table, row, column, value, place) of everything that is kept in words."""
    from netzwerk_sheets.cli.wording import column_of, plain_value, table_of

    say = call.words.say
    entries = [
        (
            table_of(call.words, place.table) if place.table else place.tab,
            place.row,
            column_of(call.words, place.table, place.column) if place.column else "",
            plain_value(call.words, value),
            _where(call, place),
        )
        for place, value in found.values
    ]
    for line in found.lines:
        for key, value in (("was", line.change.before), ("is", line.change.after)):
            text = plain_value(call.words, value)
            if text:
                column = column_of(call.words, line.table, line.change.column)
                where = say("person.in_history", run=line.run, what=say(f"past.{key}"))
                entries.append((table_of(call.words, line.table), found.row, column, text, where))
    return entries


# --- erasing ----------------------------------------------------------------------------------------------


def _erase(call: Call, workbook: Path, row: str, also: tuple[str, ...]) -> int:
    from netzwerk_sheets.sync.persons import erase

    found = _find(call, workbook, row, also)
    if not call.json:
        _list(call, found)
    if call.dry_run:
        if call.json:
            call.document(**_document(found), erased=False, exit=0)
        else:
            call.say("common.dry")
        return 0
    anything = found.places or also
    if anything and not call.agreed(
        "person.agree", row=row, n=sum(place.count for place in found.places), file=workbook.name
    ):
        call.say("common.left")
        return 0
    done = erase(workbook, call.order(), row, also=also, wait=call.wait)
    status = LATER if done.later else 0
    if call.json:
        call.document(**_done(done), exit=status)
        return status
    tell(call, done)
    return status


def tell(call: Call, done: Erasure) -> None:
    """Say what was erased, and what nobody but people can."""
    rows = list(done.rows)
    if done.before:
        day = call.words.date(date.fromisoformat(done.before))
        key = "again" if not done.nothing else "already_rest" if done.left else "already"
        call.say(f"person.{key}", rows=rows, day=day)
    if done.nothing:
        for code, about in done.left:
            call.say(f"person.left_{code}", about=about)
        return
    call.say("person.erased", rows=rows, files=list(done.files), n=done.places)
    call.say("person.forgotten", n=sum(done.state.values()))
    for key, number in (("rewritten", done.copies), ("dropped", done.dropped)):
        if number:
            call.say(f"person.{key}", n=number)
    call.say("person.for_good")
    for code, about in dict.fromkeys(done.left):
        call.say(f"person.left_{code}", about=about)
    call.say("person.reach")
    for code in ALWAYS_LEFT:
        call.say(f"person.reach_{code}")


def _done(done: Erasure) -> dict[str, object]:
    return {
        "erased": list(done.rows), "day": done.day, "before": done.before, "nothing": done.nothing,
        "files": list(done.files), "places": done.places,
        "state": done.state, "copies": done.copies, "copies_deleted": done.dropped,
        "left": [{"reason": code, "about": about} for code, about in dict.fromkeys(done.left)],
        "out_of_reach": list(ALWAYS_LEFT),
    }  # fmt: skip
