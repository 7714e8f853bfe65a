"""The group of all commands, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from netzwerk_sheets.cli.commands import COMMANDS, resolve
from netzwerk_sheets.cli.tongue import language
from netzwerk_sheets.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.errors import NetzwerkError
    from netzwerk_sheets.sheets.language import Words

CONTEXT = {"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "NETZWERK", "max_content_width": 100}
INTERRUPTED = 130


WORD = re.compile(r"[A-Z]{2,}")


class SpokenCommand(click.Command):
    """A command whose help is written in the chosen language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own arguments
        """Put the words of the usage line into the chosen language."""
        kwargs.setdefault("options_metavar", words().say("help.metavar_options"))
        super().__init__(*args, **kwargs)
        for param in self.params:
            if param.metavar:
                param.metavar = WORD.sub(lambda found: _metavar(found[0]), param.metavar)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Describe ``--help`` in the chosen language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = words().say("help.help")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=words().say("help.usage") + " ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments, then the options."""
        params = self.get_params(ctx)
        arguments = [
            (param.make_metavar(ctx), words().say(f"help.argument_{param.name}"))
            for param in params
            if isinstance(param, click.Argument)
        ]
        options = [
            record
            for param in params
            if isinstance(param, click.Option) and (record := param.get_help_record(ctx)) is not None
        ]
        for title, rows in (("help.arguments", arguments), ("help.options", options)):
            if rows:
                with formatter.section(words().say(title)):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the exit codes below every help."""
        with formatter.section(words().say("help.exit_codes")):
            formatter.write_text(words().say("help.exit_list"))


def _metavar(word: str) -> str:
    key = f"help.metavar_{word.lower()}"
    return words().say(key) if words().has(key) else word


class Commands(SpokenCommand, click.Group):
    """All commands; each is imported when it is called, its line of help is read from the messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        name = resolve(cmd_name)
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"netzwerk_sheets.cli.{COMMANDS[name][0]}")
        found: click.Command = getattr(module, name.replace("-", "_"))
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:  # noqa: ANN401 - as click declares it
        """Let aliases show up under their English name."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from netzwerk_sheets.errors import WrongUse

            raise WrongUse("no-such-command", command=args[0])
        _, command, rest = super().resolve_command(ctx, args)
        return (command.name if command else None), command, rest

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options and commands."""
        super().format_options(ctx, formatter)
        with formatter.section(words().say("help.commands")):
            formatter.write_dl(
                [(f"{name} ({alias})", words().say(f"help.{name}")) for name, (_, alias) in COMMANDS.items()]
            )


_SPOKEN: list[Words] = []
"""The sentences of this run; none before the first one is said."""


def words() -> Words:
    """Give the sentences of the chosen language, which is looked up once a run."""
    return _SPOKEN[0] if _SPOKEN else speak(language())


def speak(chosen: str) -> Words:
    """Speak a language from now on, and give its sentences."""
    from netzwerk_sheets.sheets.language import Words as Sentences

    if not _SPOKEN or _SPOKEN[0].language != chosen:
        _SPOKEN[:] = [Sentences(chosen)]
    return _SPOKEN[0]


def lang_option(**more: Any) -> click.Option:  # noqa: ANN401 - click's own arguments
    """Make the option that chooses the language; tongue.py has read it before."""
    kind = click.Choice(LANGUAGES, case_sensitive=False)
    return click.Option(["--lang"], type=kind, help=words().say("help.lang"), metavar="|".join(LANGUAGES), **more)


def program() -> click.Group:
    """Make the group."""
    return Commands(
        name="netzwerk",
        context_settings=CONTEXT,
        help=words().say("help.program"),
        params=[
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_version,
                help=words().say("help.version"),
            ),
            # NETZWERK_LANG may be a whole locale, so the option does not read it: tongue.py does.
            lang_option(expose_value=False, allow_from_autoenv=False),
        ],
        no_args_is_help=True,
        subcommand_metavar=words().say("help.metavar_command"),
    )


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - as click calls it
    if value:
        from netzwerk_sheets import __version__

        click.echo(f"netzwerk {__version__}")
        ctx.exit()


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give the exit status."""
    _SPOKEN.clear()
    group = program()
    try:
        result = group.main(list(arguments), prog_name="netzwerk", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else group.name)
        return 2
    except click.ClickException as error:
        return _wrong_call(error, arguments)
    except (KeyboardInterrupt, click.Abort):
        click.echo(words().say("error.interrupted"), err=True)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the one place where every failure becomes a sentence
        return _failed(error, arguments)
    return result if isinstance(result, int) else 0


def _wrong_call(error: click.ClickException, arguments: Sequence[str]) -> int:
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "netzwerk"
    say = words().say
    if isinstance(error, click.NoSuchOption):
        what = say("error.no-such-option", option=error.option_name)
    elif isinstance(error, click.MissingParameter):
        what = say("error.missing-argument", argument=_name_of(error))
    elif isinstance(error, click.BadParameter):
        kind = error.param.type if error.param else None
        reason = say("error.not-a-choice", words=kind.choices) if isinstance(kind, click.Choice) else error.message
        what = say("error.bad-value", argument=_name_of(error), reason=reason)
    elif isinstance(error, click.BadOptionUsage):
        what = say("error.option-alone", option=error.option_name)
    elif error.message.startswith("Got unexpected extra argument"):
        what = say("error.too-much", more=error.message.partition("(")[2].rstrip(")"))
    else:
        what = say("error.not-understood", reason=error.format_message())
    _tell(what, say("error.see-help", command=path), 2, arguments)
    return 2


def _name_of(error: click.BadParameter) -> str:
    return error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""


def _failed(error: Exception, arguments: Sequence[str]) -> int:
    if "-vv" in arguments or arguments.count("-v") > 1:
        click.echo(_way(error), err=True, nl=False)
    what, hint, status = told(error)
    _tell(what, hint, status, arguments)
    return status


def told(error: Exception) -> tuple[str, str, int]:
    """Give what happened, the next step, and the exit status, for whatever went wrong."""
    from netzwerk_sheets.errors import NetzwerkError

    if isinstance(error, NetzwerkError):
        return *sentences(error), error.exit_status
    if isinstance(error, OSError) and error.errno is not None:
        return told(_named(error))
    if type(error).__module__ == "sqlite3":  # asked this way, no start of a command waits for a database
        from netzwerk_sheets.state.database import damage_of

        if (damage := damage_of(error)) is not None:
            return told(damage)
    say = words().say
    return say("error.bug", kind=type(error).__name__), say("error.bug-hint"), 1


def _way(error: BaseException) -> str:
    """Give the way to an error, without what it says: an unexpected one may repeat what stands in a cell."""
    import traceback

    found: list[str] = []
    passed: list[BaseException] = []  # errors may name each other as their causes
    current: BaseException | None = error
    while current is not None and current not in passed:
        passed.append(current)
        reason = getattr(current, "reason", "")
        lines = traceback.format_tb(current.__traceback__)
        found.insert(0, "".join([*lines, f"{type(current).__name__} {reason}".rstrip() + "\n"]))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(found)


def _named(error: OSError) -> NetzwerkError:
    """Give the sentence for a failure of the system that no room of the house expected."""
    import errno

    from netzwerk_sheets.errors import AccessDenied, DiskFull

    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return DiskFull("disk-full")
    return AccessDenied("system-refused", file=str(error.filename or "?"))


def sentences(error: NetzwerkError) -> tuple[str, str]:
    """Give what happened (and what is safe), and the next step."""
    say = words()
    key = f"error.{error.reason}"
    if not say.has(key):
        return say.say("error.refused", code=error.reason), say.say("error.refused-hint")
    # An empty fact (a lock file without a name) would leave a hole in the sentence.
    facts = {
        "tab": "?",
        "cell": "?",
        "file": "?",
        "workbook": say.workbook or say.say("help.metavar_workbook"),
        **{name: "?" if value == "" else value for name, value in error.facts.items()},
    }
    hint_key = f"{key}-hint"
    return say.say(key, **facts), say.say(hint_key, **facts) if say.has(hint_key) else ""


def _tell(what: str, hint: str, code: int, arguments: Sequence[str]) -> None:
    if "--json" in arguments:
        import json

        document = {"type": "exit_error", "code": code, "message": what, "hint": hint}
        print(json.dumps(document, ensure_ascii=False), file=sys.stderr)  # noqa: T201 - the documented channel
        return
    click.echo(what, err=True)
    if hint:
        click.echo(hint, err=True)
