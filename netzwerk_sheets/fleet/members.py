"""Which networks are meant: those a configuration names, those in a list, those that lie in a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets.config import NAME, Config, Google, find_config
from netzwerk_sheets.errors import AccessDenied, NetzwerkError, WorkbookNotFound, WrongUse
from netzwerk_sheets.place import document_of, is_google, place_of
from netzwerk_sheets.state.folder import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ENDINGS = frozenset({".xlsx", ".xlsm"})
LOCKS = ("~$", ".")
"""How the names of files begin that programs leave beside an open workbook, and of hidden ones."""


@dataclass(frozen=True, slots=True)
class Member:
    """One network.

    Attributes:
        name: What it is called in lists: as it is named, or where it lies.
        first: Its first workbook.
        further: Its others.
        google: How to sign in to Google.
        found: Whether nobody named it: its file lies in the folder, and may be something else entirely.
        broken: Why nobody can say which workbooks it has, such as a configuration that cannot be read.
    """

    name: str
    first: Path
    further: tuple[Path, ...] = ()
    google: Google = field(default_factory=Google)
    found: bool = False
    broken: NetzwerkError | None = None

    @property
    def places(self) -> tuple[Path, ...]:
        """All its workbooks."""
        return (self.first, *self.further)

    @property
    def online(self) -> bool:
        """Whether one of its workbooks is kept at Google."""
        return any(document_of(place) for place in self.places)


def members(place: Path, chosen: Path | None = None) -> list[Member]:
    """Give the networks of a list, a configuration, a workbook or a folder, each once, in order.

    Args:
        place: A folder: all workbooks in it and below it. A ``.toml`` file: the networks it names. A workbook: its
            network. Any other file: one of these a line, paths counted from where the list lies.
        chosen: The configuration that counts wherever nothing else is named.

    Raises:
        WorkbookNotFound: There is no such file or folder.
        AccessDenied: It may not be read.
        WrongUse: A configuration or the list cannot be understood, or names no network.
    """
    fleet = _Fleet(chosen)
    fleet.take(place, "")
    if not fleet.members:
        raise WrongUse("fleet-empty", file=str(place))
    return fleet.members


def configured(config: Config) -> list[Member]:
    """Give the networks that a configuration names; see `members`.

    Raises:
        WrongUse: It names none.
    """
    fleet = _Fleet(config.path)
    fleet.name_all(config, "")
    if not fleet.members:
        raise WrongUse("fleet-unnamed")
    return fleet.members


class _Fleet:
    """The networks gathered so far."""

    def __init__(self, chosen: Path | None) -> None:
        self.members: list[Member] = []
        self._chosen = chosen
        self._known: set[str] = set()
        self._names: set[str] = set()

    def take(self, place: Path, name: str) -> None:
        """Take in whatever lies at a place; `name` is what it is called in lists, empty for the place itself."""
        if place.is_dir():
            self._folder(place, name)
        elif not place.exists():
            raise WorkbookNotFound("fleet-missing", file=str(place))
        elif place.suffix.casefold() == ".toml":
            self.name_all(find_config(place), name.rpartition("/")[0])
        elif place.suffix.casefold().startswith(".xl"):
            self._workbook(place, name or place.name, find_config(self._chosen, place))
        else:
            self._list(place)

    def name_all(self, config: Config, within: str) -> None:
        """Take in the networks that a configuration names."""
        base = f"{within}/" if within else ""
        for name in config.workbooks:
            self._add(base + name, *config.network(name), config)
        if config.default and config.default[0] not in config.workbooks:
            first, further = config.network(None)
            self._add(base + _called(config.default[0]), first, further, config)

    def _list(self, place: Path) -> None:
        for text in _lines(place):
            if is_google(text):
                first = place_of(text)
                self._add(_called(text), first, (), find_config(self._chosen, place))
            elif (path := place.parent / Path(text).expanduser()).is_dir() or path.suffix.casefold() == ".toml":
                self._safely(path, Path(text).as_posix(), self.take)
            else:
                # A file that is not there is one failure among others, said when its turn comes.
                self._workbook(path, Path(text).as_posix(), find_config(self._chosen, path))

    def _safely(self, place: Path, name: str, take: Callable[[Path, str], None]) -> None:
        """Take in what lies at one place of many; what is wrong with it concerns it alone."""
        try:
            take(place, name)
        except NetzwerkError as error:
            self.members.append(Member(name, place, broken=error))

    def _folder(self, folder: Path, name: str) -> None:
        config = find_config(self._chosen, folder / NAME)
        if config.path and config.path.parent.resolve() == folder.resolve():
            self.name_all(config, name)
        base = f"{name}/" if name else ""
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False):
                self._safely(folder / entry.name, base + entry.name, self._folder)
            elif Path(entry.name).suffix.casefold() in ENDINGS and os.path.isfile(entry):  # noqa: PTH113 - never raises
                self._workbook(folder / entry.name, base + entry.name, config, found=True)

    def _workbook(self, path: Path, name: str, config: Config, *, found: bool = False) -> None:
        if _key(path) not in self._known:
            first, further = config.network(str(path.absolute()))
            self._add(name, first, further, config, found=found)

    def _add(self, name: str, first: Path, further: Sequence[Path], config: Config, *, found: bool = False) -> None:
        if _key(first) in self._known:
            return
        self._known.update(map(_key, (first, *further)))
        if name in self._names:
            name = f"{name} ({key_of(first)[:8]})"
        self._names.add(name)
        self.members.append(Member(name, first, tuple(further), config.google, found))


def _key(place: Path) -> str:
    return str(place) if document_of(place) else os.path.realpath(place)


def _called(text: str) -> str:
    """Give the name of a network that has none: its file; of a document only so much that nobody can open it."""
    return f"google-{key_of(place_of(text))[:8]}" if is_google(text) else Path(text).as_posix()


def _lines(place: Path) -> Iterator[str]:
    """Give the lines of a list without blank ones and remarks."""
    try:
        text = place.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse("fleet-list-unreadable", file=str(place)) from error
    except OSError as error:
        raise AccessDenied("file-not-readable", file=str(place)) from error
    for line in text.splitlines():
        if (entry := line.strip()) and not entry.startswith("#"):
            yield entry


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted((entry for entry in found if not entry.name.startswith(LOCKS)), key=lambda entry: entry.name)
    except OSError as error:
        raise AccessDenied("file-not-readable", file=str(folder)) from error
