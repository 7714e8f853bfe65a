"""What `report` and `export` share: reading the workbook, and putting files where people want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from netzwerk_sheets.cli.frame import Call
    from netzwerk_sheets.output.matter import Matter
    from netzwerk_sheets.sheets.language import Words


def matter_of(call: Call, workbook: Path, *, persons: bool, since: date | None = None) -> Matter:
    """Read a workbook and say what there is to tell; nothing is written.

    Args:
        call: The call; its day and language count, else the workbook's language.
        workbook: The workbook.
        persons: Whether people may be named.
        since: From when on changes are told; `None` leaves them out.

    Raises:
        NetzwerkError: It cannot be read, or is no network's.
    """
    from datetime import date

    from netzwerk_sheets.cli.reporting import looked
    from netzwerk_sheets.output.matter import Matter
    from netzwerk_sheets.sheets.render.history import figures, past_figures
    from netzwerk_sheets.sync.first_tab import reasons
    from netzwerk_sheets.sync.past import history
    from netzwerk_sheets.sync.recall import Marker

    done = looked(call, workbook)
    plan, words = done.plan, _words(call, done.plan.words)
    for table, _ in plan.brakes:
        call.say("export.held", tab=words.tab(table), file=workbook.name)
    picture = plan.picture
    picture.words = words
    marker = Marker.read(plan.snapshot.marker)
    days = past_figures(plan.located.tables.get("history"))
    now = figures(picture.network, picture.coverage)
    if not days or days[max(days)] != now:
        days[call.today] = now
    return Matter(
        words, picture.network, picture.coverage, picture.names, plan.hubs, call.today,
        date.fromisoformat(plan.stand) if plan.stand else call.today,
        marker.network if marker else "", persons,
        conflicts=len(plan.conflicts), findings=len(plan.notices), reasons=reasons(picture, {}),
        past=history(workbook, since=since) if since else (), since=since, figures=days,
    )  # fmt: skip


def _words(call: Call, workbook: Words) -> Words:
    """Choose the language of what leaves: the one typed, else the workbook's, whatever the machine speaks."""
    from netzwerk_sheets.cli.tongue import typed
    from netzwerk_sheets.sheets.language import Words

    # Words of their own: those of the call know the folders in which the workbook lies, and these leave.
    return Words(call.words.language) if typed() else workbook


def put_file(call: Call, workbook: Path, target: Path, content: bytes, mark: bytes, *, private: bool) -> bool:
    """Write one file, and say whether it was written; with --dry-run nothing is.

    Raises:
        WrongUse: The target is a workbook or a folder, or nobody may be asked; nothing was written.
        NetzwerkError: It cannot be written; what stood there stands there still.
    """
    from netzwerk_sheets.output.files import is_strange, require_apart, write_file

    require_apart(target, (workbook, call.first, *call.further))
    strange = is_strange(target, mark)
    if call.dry_run:
        return False
    if strange and not call.agreed("export.replace", n=1, files=target.name):
        call.say("common.left")
        return False
    write_file(target, content, private=private)
    return True


def put_folder(call: Call, workbook: Path, folder: Path, files: Mapping[str, bytes], *, private: bool) -> bool:
    """Write a folder of files, and say whether it was written; with --dry-run nothing is.

    Raises:
        WrongUse: A file or a workbook is in the way, or nobody may be asked; nothing was written.
        NetzwerkError: A file cannot be written; each is the old one or the new one.
    """
    from netzwerk_sheets.output.files import LIST, require_apart, strange_in, write_folder

    for name in (*files, LIST):
        require_apart(folder / name, (workbook, call.first, *call.further))
    strange = strange_in(folder, files)
    if call.dry_run:
        return False
    if strange and not call.agreed("export.replace", n=len(strange), files=", ".join(strange)):
        call.say("common.left")
        return False
    left = write_folder(folder, files, private=private)
    if left:
        call.say("export.left", n=len(left), files=", ".join(left))
    return True


def require_kind(kind: str | None, kinds: Mapping[str, object]) -> str:
    """Give the kind of export.

    Raises:
        WrongUse: None is named, or one that is not there; nothing was written.
    """
    if kind not in kinds:
        raise WrongUse("export-which")
    return str(kind)
