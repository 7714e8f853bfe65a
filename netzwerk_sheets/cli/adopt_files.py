"""Mapping files, and what ``netzwerk.toml`` remembers of lists that were taken into use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import NetzwerkError, WorkbookNotFound, WrongUse
from netzwerk_sheets.sheets.adopting.mapping import as_text, entries_in, entry_of, explained, read_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.cli.frame import Call
    from netzwerk_sheets.sheets.adopting.mapping import Entry
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sync.offers import Offer, Survey

NEVER = b"\0"
"""Stands in no mapping file: whatever stands at a place is not replaced without asking."""


def mapping_of(path: Path) -> list[Entry]:
    """Read a mapping file.

    Raises:
        WorkbookNotFound: There is no such file.
        WrongUse: It cannot be read, or names what does not exist.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise WorkbookNotFound("list-missing", file=path.name) from error
    except (OSError, ValueError) as error:
        raise WrongUse("mapping-unreadable", file=path.name) from error
    return read_entries(text, path.name)


def write_mapping(call: Call, seen: Survey, workbook: Path, lists: Sequence[Path], target: Path) -> None:
    """Write the whole proposal into a file, and change nothing else.

    Raises:
        WrongUse: The file is the workbook or one of the lists, or something stands there and nobody can be asked.
    """
    from netzwerk_sheets.cli.leaving import put_file
    from netzwerk_sheets.output.files import require_apart

    require_apart(target, lists)
    content = _text(seen.offers, seen.words).encode()
    written = put_file(call, workbook, target, content, NEVER, private=False)
    if not call.json and (written or call.dry_run):
        call.say("adopt.wrote" if written else "common.dry", file=str(target), workbook=str(workbook))


def _text(offers: Sequence[Offer], words: Words) -> str:
    return explained([entry_of(offer.found, here=offer.where.here) for offer in offers], words)


def write_entries(target: Path, offers: Sequence[Offer], words: Words) -> None:
    """Write a proposal into a new file.

    Raises:
        AccessDenied: The folder may not be written.
        DiskFull: There is no room.
    """
    from netzwerk_sheets.output.files import write_file

    write_file(target, _text(offers, words).encode(), private=False)


def free_place(workbook: Path, words: Words) -> Path:
    """Give a place beside a workbook at which nothing stands; for a document at Google in this folder."""
    from netzwerk_sheets.place import document_of

    folder, stem = (Path(), "google") if document_of(workbook) else (workbook.parent, workbook.stem)
    name = f"{stem}-{words.say('adopt.file_name')}"
    target, number = folder / f"{name}.toml", 1
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}.toml"
    return target


# --- netzwerk.toml ----------------------------------------------------------------------------------------


def remembered_entries(call: Call, workbook: Path) -> list[Entry]:
    """Give what ``netzwerk.toml`` remembers of the lists of a workbook; the last word on a list counts."""
    from netzwerk_sheets.config import find_config

    config = find_config(call.config, workbook)
    if config.path is None:
        return []
    name = _named(workbook, config.path)
    return [each for each in entries_in(list(config.adopt), config.path.name) if each.workbook in {"", name}]


def _named(workbook: Path, config: Path) -> str:
    """Write a workbook as its configuration would name it: from the folder of that file, else with all folders."""
    import os

    from netzwerk_sheets.place import document_of

    if document_of(workbook):
        return str(workbook)
    try:
        return Path(os.path.relpath(workbook.resolve(), config.resolve().parent)).as_posix()
    except ValueError:  # on another drive
        return workbook.resolve().as_posix()


def remember_entries(call: Call, workbook: Path, chosen: Sequence[Offer]) -> None:
    """Add to ``netzwerk.toml`` what people agreed to; what stands there stays as it is.

    Where that file cannot be written, the lists are in use all the same; people are told.
    """
    from netzwerk_sheets.config import NAME, find_config
    from netzwerk_sheets.output.files import write_file
    from netzwerk_sheets.place import document_of

    config = find_config(call.config, workbook)
    folder = Path() if document_of(workbook) else workbook.parent
    target = config.path or folder / NAME
    known = entries_in(list(config.adopt), target.name)
    name = _named(workbook, target)
    every = [replace(entry_of(offer.found, here=offer.where.here), workbook=name) for offer in chosen]
    new = [entry for entry in every if entry not in known and replace(entry, workbook="") not in known]
    if not new:
        return
    try:
        present = target.read_text(encoding="utf-8") if target.exists() else ""
        between = "" if not present else "\n" if present.endswith("\n") else "\n\n"
        write_file(target, (present + between + as_text(new)).encode(), private=False)
    except (OSError, ValueError, NetzwerkError):
        call.say("adopt.not_remembered", file=str(target))
        return
    if not call.json:
        call.say("adopt.remembered", file=str(target))
