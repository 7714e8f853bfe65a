"""``netzwerk.toml``: which workbook is meant when none is named, short names, and workbooks that belong together.

Looked for in this order: ``--config``, ``NETZWERK_CONFIG``, beside the workbook, in this folder or above, in the
user's configuration folder. The first one found counts alone.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.languages import LANGUAGES, spoken
from netzwerk_sheets.place import document_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAME = "netzwerk.toml"
KEYS = frozenset({"workbook", "workbooks", "language", "google", "adopt"})
GOOGLE_KEYS = frozenset({"key", "auth", "endpoint"})
GOOGLE_AUTH = ("service", "person")


@dataclass(frozen=True, slots=True)
class Google:
    """How to sign in to Google; the part ``[google]``.

    Attributes:
        key: The file Google gave out: of a service account, or of the program where a person signs in.
        auth: ``service`` (an account of its own, for scheduled runs) or ``person`` (signs in with a browser once).
        endpoint: Where requests go instead of Google's own addresses, such as a company's gateway; or empty.
        token: Where the sign-in of a person is kept.
    """

    key: Path | None = None
    auth: str = "service"
    endpoint: str = ""
    token: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration says.

    Attributes:
        path: The file that won, or `None` where there is none.
        default: The workbook meant when none is named, and others of the same network.
        workbooks: Short name → a workbook, and others of the same network.
        google: How to sign in to Google.
        adopt: Lists that were taken into use, as they stand in the file; see `sheets.adopting.mapping`.
        language: The language of messages, as it is named there; or empty.
    """

    path: Path | None = None
    default: tuple[str, ...] = ()
    workbooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    google: Google = field(default_factory=Google)
    adopt: tuple[object, ...] = ()
    language: str = ""

    def network(self, typed: str | None) -> tuple[Path, tuple[Path, ...]]:
        """Give the first workbook of the network a person means, and its others.

        Raises:
            WrongUse: None is named, here or in the configuration.
        """
        if typed and typed in self.workbooks:
            return self._beside(self.workbooks[typed])
        if typed:
            return self._around(place_of(typed))
        if self.default:
            return self._beside(self.workbooks.get(self.default[0], self.default))
        raise WrongUse("no-workbook-named")

    def _around(self, workbook: Path) -> tuple[Path, tuple[Path, ...]]:
        """Give the network to which a file belongs; where it is one of the others, the first one leads."""
        for names in (self.default, *self.workbooks.values()):
            first, others = self._beside(names) if names else (workbook, ())
            if _same(first, workbook):
                return workbook, others
            if any(_same(other, workbook) for other in others):
                return first, others
        return workbook, ()

    def _beside(self, names: Sequence[str]) -> tuple[Path, tuple[Path, ...]]:
        base = self.path.parent if self.path else Path()
        first, *others = (place_of(name, base) for name in names)
        return first, tuple(others)


def _same(one: Path, other: Path) -> bool:
    if document_of(one) or document_of(other):
        return one == other
    return os.path.realpath(one) == os.path.realpath(other)


def _places(workbook: Path | None) -> Iterator[Path]:
    if workbook is not None:
        yield workbook.parent / NAME
    with suppress(OSError):  # this folder may be gone
        here = Path.cwd()
        for folder in (here, *here.parents):
            yield folder / NAME
    yield user_config()


def user_config() -> Path:
    """Give the place of the user's own configuration."""
    import platformdirs

    return Path(platformdirs.user_config_dir("netzwerk", appauthor=False)) / NAME


def find_config(chosen: Path | None = None, workbook: Path | None = None) -> Config:
    """Find and read the configuration.

    Raises:
        WrongUse: The named file is missing, a file cannot be read, or something in it is not known.
    """
    chosen = chosen or (Path(os.environ["NETZWERK_CONFIG"]) if os.environ.get("NETZWERK_CONFIG") else None)
    if chosen is not None:
        if not chosen.is_file():
            raise WrongUse("config-missing", file=str(chosen))
        return _read(chosen)
    for place in _places(workbook):
        if _is_there(place):
            return _read(place)
    return Config()


def _is_there(place: Path) -> bool:
    """Say whether there is such a file; a folder nobody may look into holds none for this user."""
    try:
        return place.is_file()
    except OSError:
        return False


def _read(path: Path) -> Config:
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongUse("config-unreadable", file=str(path)) from error
    unknown = sorted(set(content) - KEYS)
    if unknown:
        raise WrongUse("config-unknown-key", file=str(path), key=unknown[0])
    language = content.get("language", "")
    if not isinstance(language, str):
        raise WrongUse("config-unreadable", file=str(path))
    if language:
        require_spoken(str(path), language)
    workbooks = content.get("workbooks", {})
    if not isinstance(workbooks, dict):
        raise WrongUse("config-unreadable", file=str(path))
    named = {name: _names(path, value) for name, value in workbooks.items()}
    lists = content.get("adopt", [])
    if not isinstance(lists, list):
        raise WrongUse("config-unreadable", file=str(path))
    default, google = _names(path, content.get("workbook", ())), _google(path, content.get("google", {}))
    return Config(path, default, named, google, tuple(lists), language)


def require_spoken(place: str, language: str) -> None:
    """Make sure that a language is one that the program speaks.

    Args:
        place: Where it was chosen: a file, or the name of a variable.
        language: What stands there.

    Raises:
        WrongUse: It is another one.
    """
    if spoken(language) is None:
        raise WrongUse("language-unknown", file=place, language=language, known=", ".join(LANGUAGES))


def _names(path: Path, value: object) -> tuple[str, ...]:
    """Read one workbook, or several in a list."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) for each in found):
        raise WrongUse("config-unreadable", file=str(path))
    return tuple(each for each in found if isinstance(each, str) and each)


def _google(path: Path, part: object) -> Google:
    if not isinstance(part, dict) or not all(isinstance(value, str) for value in part.values()):
        raise WrongUse("config-unreadable", file=str(path))
    unknown = sorted(set(part) - GOOGLE_KEYS)
    if unknown:
        raise WrongUse("config-unknown-key", file=str(path), key=f"google.{unknown[0]}")
    auth = part.get("auth", GOOGLE_AUTH[0])
    if auth not in GOOGLE_AUTH:
        raise WrongUse("google-auth-unknown", file=str(path), known=", ".join(GOOGLE_AUTH))
    key = path.parent / Path(part["key"]).expanduser() if part.get("key") else None
    return Google(key, auth, part.get("endpoint", ""), user_config().with_name("google-token.json"))
