"""``export``: dates, tables, letters and drafts, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netzwerk_sheets.cli.frame import Call, command, shifted
from netzwerk_sheets.cli.group import words

if TYPE_CHECKING:
    from netzwerk_sheets.output.matter import Matter

KINDS = {
    "ics": ".ics", "csv": "-csv", "eml": "-eml", "docx": "-docx", "datapackage": "-datapackage", "hsds": "-hsds",
}  # fmt: skip
"""What can be given out, and how the name of the workbook goes on then."""


@command(
    "export",
    click.Argument(["kind"], required=False, metavar="|".join(KINDS)),
    click.Option(
        ["-o", "--output"], type=click.Path(path_type=Path), metavar="FILE", help=words().say("help.export_output")
    ),
    click.Option(
        ["--templates"],
        type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER",
        help=words().say("help.export_templates"),
    ),
    click.Option(["--with-contacts"], is_flag=True, help=words().say("help.with_contacts")),
)
def export(
    call: Call, workbook: Path, *, kind: str | None, output: Path | None, templates: Path | None, with_contacts: bool
) -> int:
    """Write what is asked for beside the workbook, which stays as it is."""
    from netzwerk_sheets.cli.leaving import matter_of, put_file, put_folder, require_kind
    from netzwerk_sheets.output.calendar import MARK

    call, workbook, kind = shifted(call, workbook, kind, words=KINDS)
    wanted = require_kind(kind, KINDS)
    place = output or workbook.with_name(f"{workbook.stem}{KINDS[wanted]}")
    with_contacts = with_contacts and wanted != "hsds"  # which knows organisations only
    matter = matter_of(call, workbook, persons=with_contacts)
    if templates is not None and wanted == "docx":
        _bring_templates(call, matter, templates)
    files = _files(matter, wanted, place, templates)
    if wanted == "ics":
        written = put_file(call, workbook, place, files[place.name], MARK, private=with_contacts)
    else:
        written = put_folder(call, workbook, place, files, private=with_contacts)
    if call.json:
        call.document(kind=wanted, place=str(place), files=list(files), written=written, persons=with_contacts)
        return 0
    if written or call.dry_run:
        call.result(call.words.say("export.wrote" if written else "export.would", n=len(files), place=str(place)))
    if written and wanted == "eml":
        call.say("export.drafts")
    if written and with_contacts:
        call.say("export.privacy")
    return 0


def _bring_templates(call: Call, matter: Matter, folder: Path) -> None:
    """Put the templates that came along into a folder that is not there yet, so that people may change them."""
    from netzwerk_sheets.output.documents import templates
    from netzwerk_sheets.output.files import make_folder, write_file

    if folder.exists() or call.dry_run:
        return
    make_folder(folder)
    for name, content in templates(matter.words.language).items():
        write_file(folder / name, content, private=False)
    call.say("export.templates", place=str(folder))


def _files(matter: Matter, kind: str, place: Path, templates: Path | None) -> dict[str, bytes]:
    """Make the files of one kind: name → content."""
    if kind == "ics":
        from netzwerk_sheets.output.calendar import calendar

        return {place.name: calendar(matter)}
    if kind == "eml":
        from netzwerk_sheets.output.letters import drafts

        return drafts(matter)
    if kind == "docx":
        from netzwerk_sheets.output.documents import documents

        return documents(matter, templates)
    if kind == "hsds":
        from netzwerk_sheets.output.directory import directory_files

        return directory_files(matter)
    from netzwerk_sheets.output.tables import csv_files, package_files

    return csv_files(matter) if kind == "csv" else package_files(matter)
