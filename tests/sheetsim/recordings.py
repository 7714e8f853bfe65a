"""Recordings of real traffic, read into one form. Three projects' formats are known: gspread, grouparoo, gargle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "google" / "recordings"
# The same test recorded twice stands in one file: a pause this long parts the runs.
_PAUSE = 600


@dataclass(frozen=True)
class Interaction:
    """One request and the reply that Google gave. ``reply`` is parsed JSON, or text."""

    file: str
    number: int
    method: str
    path: str
    query: str
    body: bytes
    status: int
    reply: Any
    when: datetime | None

    @property
    def name(self) -> str:
        """Where it stands, for the list of what is not replayed."""
        return f"{self.file}#{self.number}"


def read(path: Path) -> list[Interaction]:
    """All interactions of one file, in order."""
    document = json.loads(path.read_text(encoding="utf-8"))
    items = document["interactions"] if isinstance(document, dict) else document
    return [_interaction(path.name, number, item) for number, item in enumerate(items)]


def _interaction(file: str, number: int, item: dict[str, Any]) -> Interaction:
    if "request" in item:
        request, response = item["request"], item["response"]
        url, method, body = request["uri"], request["method"], request["body"]
        status, text = response["status"]["code"], response["body"]["string"]
        when = parsedate_to_datetime(response["headers"]["Date"][0]) if "Date" in response["headers"] else None
        reply = _parsed(text)
    else:
        url, method, body = item["scope"] + item["path"], item["method"], item["body"]
        status, reply, when = item["status"], item["response"], None
    if isinstance(body, (dict, list)):
        body = json.dumps(body)

    split = urlsplit(url)
    return Interaction(file, number, method, split.path, split.query, (body or "").encode(), status, reply, when)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def sessions(interactions: list[Interaction]) -> Iterator[list[Interaction]]:
    """The runs that one file holds, each from a fresh start."""
    run: list[Interaction] = []
    for one in interactions:
        last = run[-1].when if run else None
        if last is not None and one.when is not None and abs((one.when - last).total_seconds()) > _PAUSE:
            yield run
            run = []
        run.append(one)
    if run:
        yield run
