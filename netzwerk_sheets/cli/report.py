"""``report``: how the network stands, as one page that can be read anywhere."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from netzwerk_sheets.cli.frame import Call, command, day
from netzwerk_sheets.cli.group import words
from netzwerk_sheets.errors import WrongUse

TOLD_DAYS = 30
"""So far back changes are told where nobody says otherwise."""


@command(
    "report",
    click.Option(["--html"], type=click.Path(path_type=Path), metavar="FILE", help=words().say("help.html")),
    click.Option(["--since"], callback=day, metavar="DATE", help=words().say("help.report_since")),
    click.Option(["--with-contacts"], is_flag=True, help=words().say("help.with_contacts")),
)
def report(call: Call, workbook: Path, *, html: Path | None, since: object, with_contacts: bool) -> int:
    """Write the report; the workbook stays as it is."""
    from netzwerk_sheets.cli.leaving import matter_of, put_file
    from netzwerk_sheets.output.html import MARK, render
    from netzwerk_sheets.output.report import report as page_of

    if html is None:
        raise WrongUse("report-where", file=workbook.name)
    first = since if isinstance(since, date) else call.today - timedelta(days=TOLD_DAYS)
    matter = matter_of(call, workbook, persons=with_contacts, since=first)
    page = page_of(matter)
    content = render(page, matter.words)
    written = put_file(call, workbook, html, content, MARK, private=with_contacts)
    if call.json:
        sections = {
            section.id: {table.id.removeprefix("table-"): len(table.rows) for table in section.tables}
            for section in page.sections
        }
        call.document(file=str(html), written=written, persons=with_contacts, bytes=len(content), sections=sections)
        return 0
    if written or call.dry_run:
        call.result(call.words.say("report.written" if written else "report.would", file=str(html)))
    if written and with_contacts:
        call.say("report.privacy")
    return 0
