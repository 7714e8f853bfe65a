"""What every command shares: its options, the workbook it works on, tables on the terminal."""

from __future__ import annotations

import contextlib
import functools
import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netzwerk_sheets.cli.group import SpokenCommand, lang_option, speak, words
from netzwerk_sheets.cli.tongue import configured_here, preferred, require_known
from netzwerk_sheets.errors import NetzwerkError, WorkbookNotFound, WrongUse
from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from netzwerk_sheets.cli.progress import Progress
    from netzwerk_sheets.config import Google
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sync.order import Order

ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
YEARS = range(1900, 9000)
"""From days beyond them no workbook and no calendar can count far enough."""

DURATION = re.compile(r"(\d+)\s*(s|m|h)?")
MOST_DIGITS = 9
SECONDS = {"s": 1, "m": 60, "h": 3600, None: 1}


@dataclass(frozen=True, slots=True)
class Call:
    """The options that are the same everywhere.

    Attributes:
        wait: Seconds to wait for a lock or an open file.
        today: The day the run takes for today.
        first: The first workbook of the network, under whose place its state lies.
        further: Other workbooks of the same network.
        joining: The other workbooks, also for a command that is about one file.
        google: How to sign in to Google.
        waiting: Bars of progress that may be on the terminal.
    """

    words: Words
    today: date
    dry_run: bool = False
    yes: bool = False
    json: bool = False
    quiet: bool = False
    verbose: int = 0
    plain: bool = False
    wait: int = 0
    confirm: str = ""
    config: Path | None = None
    first: Path = Path()
    further: tuple[Path, ...] = ()
    joining: tuple[Path, ...] = ()
    google: Google | None = None
    waiting: list[Progress] = field(default_factory=list)

    def order(self, **more: Any) -> Order:  # noqa: ANN401 - the fields of `Order`
        """Say what a pass is asked to do: the day, the workbooks, what a person confirmed, and more."""
        from netzwerk_sheets.cli.progress import progress_for
        from netzwerk_sheets.sync.order import Order

        confirmed = frozenset({self.confirm} - {""})
        progress = progress_for(self.words, plain=self.plain, quiet=self.quiet, as_json=self.json)
        self.waiting.append(progress)
        click.get_current_context().call_on_close(progress.finish)
        return Order(
            self.today, confirmed=confirmed, further=self.further, google=self.google, tell=progress.tell, **more
        )  # fmt: skip

    def _settle(self) -> None:
        """Take bars of progress away before something is said."""
        while self.waiting:
            self.waiting.pop().finish()

    def say(self, key: str, /, **facts: object) -> None:
        """Tell a person something on stderr, unless asked to be quiet."""
        self._settle()
        if not self.quiet:
            click.echo(self.words.say(key, **facts), err=True)

    def result(self, text: str) -> None:
        """Print a line of the result."""
        self._settle()
        click.echo(text)

    def document(self, **parts: object) -> None:
        """Print the one document of ``--json``."""
        import json

        click.echo(json.dumps({"schema": 1, **parts}, ensure_ascii=False, indent=2, default=str))

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits at a terminal and wants to be asked."""
        import sys

        return not self.yes and sys.stdin.isatty()

    def agreed(self, question: str, **facts: object) -> bool:
        """Ask before a step that changes something; without a terminal and without --yes never guess.

        Raises:
            WrongUse: Nobody can be asked; nothing was done.
        """
        if self.yes:
            return True
        self._settle()
        if not self.can_ask:
            raise WrongUse("confirmation-needed", question=self.words.say(question, **facts))
        answer = click.prompt(self.words.say(question, **facts), default="", show_default=False, err=True)
        return answer.strip().casefold() in {"j", "ja", "y", "yes"}


def day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """Read a date as people write it, or ISO."""
    if not value:
        return None
    typed, found = value.strip(), None
    if ISO.fullmatch(typed):
        with contextlib.suppress(ValueError):
            found = date.fromisoformat(typed)
    if found is None:
        from netzwerk_sheets.sheets.cells import date_in

        found = date_in(typed)
    if found is None or found.year not in YEARS:
        raise click.BadParameter(words().say("error.not-a-date"))
    return found


def is_number(typed: str) -> bool:
    """Say whether a word is a whole number, short enough to count with."""
    return typed.isdecimal() and len(typed) <= MOST_DIGITS


def duration(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int:
    """Read ``30s``, ``15m`` or ``2h`` as seconds."""
    if not value:
        return 0
    match = DURATION.fullmatch(value.strip())
    if match is None or not is_number(match[1]):
        raise click.BadParameter(words().say("error.not-a-duration"))
    return int(match[1]) * SECONDS[match[2]]


def _options() -> list[click.Option]:
    def option(*names: str, key: str, **more: Any) -> click.Option:  # noqa: ANN401 - click's own arguments
        return click.Option(list(names), help=words().say(f"help.{key}"), **more)

    return [
        option("-n", "--dry-run", key="dry_run", is_flag=True),
        option("-y", "--yes", key="yes", is_flag=True),
        option("--json", "as_json", key="json", is_flag=True),
        option("-q", "--quiet", key="quiet", is_flag=True),
        option("-v", "--verbose", key="verbose", count=True),
        lang_option(),
        option("--plain", key="plain", is_flag=True),
        option("--no-color", key="no_color", is_flag=True),
        option("--config", key="config_option", type=click.Path(path_type=Path), metavar="FILE"),
        option("--today", key="today", callback=day, metavar="DATE", envvar="NETZWERK_TODAY"),
        option("--wait", key="wait", callback=duration, metavar="30s|5m"),
        option("--confirm", key="confirm", metavar="TOKEN", default=""),
    ]


def command(
    name: str, *parameters: click.Parameter, workbook: bool = True, single: bool = False
) -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command of a function ``f(call, [workbook], **parameters)`` that gives the exit status.

    Args:
        name: Its English name; help and German alias follow from it.
        parameters: Its own arguments and options.
        workbook: Whether the first argument is a workbook (path or a name from ``netzwerk.toml``).
        single: Whether it is about that one file, not about the network the file belongs to.
    """

    def wrap(function: Callable[..., int | None]) -> click.Command:
        @functools.wraps(function)
        def called(**values: Any) -> int:  # noqa: ANN401 - values as click gives them
            if not workbook:
                require_known(*configured_here())
            call = _call(values)
            if workbook:
                values["workbook"], call = _network(call, values["workbook"], single=single)
            try:
                return function(call, **values) or 0
            except WorkbookNotFound as error:
                gone = lost(error, values["workbook"]) if workbook else None
                if gone is None:
                    raise
                raise gone from error

        first: list[click.Parameter] = (
            [click.Argument(["workbook"], required=False, metavar="[WORKBOOK]")] if workbook else []
        )
        return SpokenCommand(
            name, callback=called, params=[*first, *parameters, *_options()], help=words().say(f"help.{name}")
        )

    return wrap


def lost(error: NetzwerkError, workbook: Path) -> WorkbookNotFound | None:
    """Give the error that names the way back, where saved copies are left of the workbook that is gone."""
    from netzwerk_sheets.place import document_of
    from netzwerk_sheets.sync.backups import saved_copies

    if error.reason != "workbook-missing" or document_of(workbook) or workbook.exists():
        return None
    copies = len(saved_copies(workbook))
    return WorkbookNotFound("workbook-lost", file=workbook.name, n=copies) if copies else None


def _call(values: dict[str, Any]) -> Call:
    values.pop("no_color")
    values.pop("lang")
    return Call(
        words=words(),
        today=values.pop("today") or date.today(),  # noqa: DTZ011 - the day on this machine's calendar is meant
        dry_run=values.pop("dry_run"),
        yes=values.pop("yes"),
        json=values.pop("as_json"),
        quiet=values.pop("quiet"),
        verbose=values.pop("verbose"),
        plain=values.pop("plain"),
        wait=values.pop("wait"),
        confirm=values.pop("confirm"),
        config=values.pop("config"),
    )


def _network(call: Call, typed: str | None, *, single: bool) -> tuple[Path, Call]:
    """Say which workbook a person means, and which others belong to it."""
    from netzwerk_sheets.config import find_config
    from netzwerk_sheets.place import is_google, place_of

    config = find_config(call.config, None if not typed or is_google(typed) else Path(typed))
    require_known(str(config.path), config.language)
    call = replace(
        call, google=config.google, config=call.config or (config.path if typed and is_google(typed) else None),
        words=speak(preferred(config.language)),
    )  # fmt: skip
    first, further = config.network(typed)
    # A command about one file means the file that was named, whatever network it belongs to.
    meant = place_of(typed) if single and typed and typed not in config.workbooks else first
    call.words.workbook = _from_here(meant)
    if single:
        return meant, replace(call, first=first, joining=further)
    return meant, replace(call, first=first, further=further)


def _from_here(workbook: Path) -> str:
    """Name a workbook as a command needs it in this folder."""
    with contextlib.suppress(OSError):  # this folder may be gone
        if workbook.parent == Path.cwd():
            return workbook.name
    return str(workbook)


def configured(call: Call) -> tuple[Path, Call]:
    """Give the workbook that the configuration names, where none was typed.

    Raises:
        WrongUse: It names none.
    """
    return _network(call, None, single=False)


def require_file(workbook: Path) -> None:
    """Make sure that a workbook is a file.

    Raises:
        WrongUse: It is a document at Google, for which the command has nothing to offer.
    """
    from netzwerk_sheets.place import document_of

    if document_of(workbook):
        raise WrongUse("google-no-file")


def shifted(
    call: Call, workbook: Path, typed: str | None, *, words: Collection[str] = ()
) -> tuple[Call, Path, str | None]:
    """Give workbook and first argument where the workbook may have been left out: then its place holds the argument.

    Args:
        call: The call.
        workbook: What was typed first.
        typed: What was typed next, or `None`.
        words: Words that are never a workbook; what follows them may be one.

    Raises:
        WrongUse: No workbook is named, here or in the configuration.
    """
    first = str(workbook)
    if first in words and not workbook.exists():
        workbook, call = _network(call, typed, single=False)
        return call, workbook, first
    names_one = bool(document_of(workbook)) or workbook.suffix.casefold().startswith(".xl") or len(workbook.parts) > 1
    if typed is not None or names_one or workbook.exists():
        return call, workbook, typed
    workbook, call = _network(call, None, single=False)
    return call, workbook, first


# --- tables on the terminal -------------------------------------------------------------------------------


def table(call: Call, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headers; with --plain one line a value, which a screen reader reads in order."""
    if call.plain:
        for row in rows:
            for header, value in zip(headers, row, strict=True):
                if value:
                    call.result(f"{header}: {value}")
            call.result("")
        return
    widths = _widths(headers, rows)
    for row in [headers, *rows]:
        for line in _lines(row, widths):
            call.result(line)


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    natural = [max(len(row[index]) for row in [headers, *rows]) for index in range(len(headers))]
    import shutil

    room = max(shutil.get_terminal_size((100, 24)).columns, 60) - 2 * (len(natural) - 1)
    while sum(natural) > room:
        widest = max(range(len(natural)), key=lambda index: natural[index])
        if natural[widest] <= 14:
            break
        natural[widest] -= 1
    return natural


def _lines(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    import textwrap

    wrapped = [textwrap.wrap(value, width) or [""] for value, width in zip(row, widths, strict=True)]
    height = max(len(part) for part in wrapped)
    return [
        "  ".join(
            (part[line] if line < len(part) else "").ljust(width) for part, width in zip(wrapped, widths, strict=True)
        ).rstrip()
        for line in range(height)
    ]
