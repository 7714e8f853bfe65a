"""The proof: what was sent to Google is sent to the simulated server, and both must say the same.

``python -m tests.sheetsim.replay [FOLDER]`` prints the score. A document that was made before a recording began is
seeded from what the recording shows of it before its first change.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from . import errors, faults
from .accounts import ROBOT
from .cellvalues import turned, write
from .document import Box, Content, Sheet
from .ranges import locate
from .recordings import FOLDER, Interaction, read, sessions
from .router import Route, route
from .sameness import Names, differences
from .sim import Sim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_EXCLUDED = Path(__file__).with_name("not_replayed.txt")


@dataclass(frozen=True)
class Outcome:
    """How one interaction went; ``wrong`` is empty when both said the same."""

    interaction: Interaction
    wrong: tuple[str, ...]


@dataclass
class Score:
    """How a folder of recordings went."""

    outcomes: list[Outcome] = field(default_factory=list)
    excluded: dict[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> list[Outcome]:
        """Those that are not on the list of exclusions."""
        return [one for one in self.outcomes if one.interaction.name not in self.excluded]

    @property
    def failed(self) -> list[Outcome]:
        """Those that differ."""
        return [one for one in self.counted if one.wrong]

    @property
    def equal(self) -> float:
        """The share that is equal, of those that count."""
        return 1 - len(self.failed) / (len(self.counted) or 1)


def exclusions() -> dict[str, str]:
    """Interaction → the reason why it is not compared."""
    lines = _EXCLUDED.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(None, 1) for line in lines if line.strip() and not line.startswith("#!"))
    return dict(pairs)


def replay(folder: Path = FOLDER, corrupt: Callable[[int, Any], Any] | None = None) -> Score:
    """Replay every recording of a folder.

    Args:
        folder: where they lie, in folders by project.
        corrupt: spoils the live reply of the nth interaction, to prove that the comparison notices.
    """
    score = Score(excluded=exclusions())
    for path in sorted(folder.rglob("*.json")):
        for session in sessions(read(path)):
            _Session(score, corrupt).run(session)
    return score


class _Session:
    """One run against one fresh server."""

    def __init__(self, score: Score, corrupt: Callable[[int, Any], Any] | None) -> None:
        self.score = score
        self.corrupt = corrupt
        self.names = Names()
        self.sim = Sim()
        self.sim.robots_may_own = True
        self.headers = {"authorization": "Bearer " + self.sim.accounts.issue(ROBOT)}

    def run(self, session: list[Interaction]) -> None:
        _Seeds(self.sim, self.names).plant(session)
        for one in session:
            wrong = tuple(self._compare(one))
            self.score.outcomes.append(Outcome(one, wrong))

    def _compare(self, one: Interaction) -> Iterable[str]:
        _tell(self.sim, one)
        self.sim.failures.clear()
        reply = self.sim.handle(
            one.method,
            self.names.to_live(one.path),
            self.names.to_live(one.query),
            self.headers,
            self.names.body(one.body),
        )
        live: Any = reply.body.decode()
        if live and "json" in reply.headers.get("Content-Type", ""):
            live = json.loads(live)
        number = len(self.score.outcomes)
        if self.corrupt is not None:
            live = self.corrupt(number, live)
        if reply.status != one.status:
            yield f"status {one.status} recorded, {reply.status} live: {str(live)[:300]}"
            return
        yield from differences(self.names, one.reply, live)
        yield from self.sim.failures


def _tell(sim: Sim, one: Interaction) -> None:
    """Let happen what lay outside the document: a quota used up, an API not switched on."""
    if not isinstance(one.reply, dict) or "error" not in one.reply:
        return
    error = one.reply["error"]
    details = error.get("details", []) if isinstance(error, dict) else []
    info = next((detail for detail in details if "reason" in detail), {})
    metadata = info.get("metadata", {})
    project = str(metadata.get("consumer", "")).removeprefix("projects/")
    if one.status == 429:
        told = errors.quota_exceeded("Read", 60, project, full="quota_limit_value" in metadata)
        sim.faults.add(faults.Action("told", told))
    elif info.get("reason") == "SERVICE_DISABLED":
        told = errors.service_disabled(project, full="serviceTitle" in metadata)
        sim.faults.add(faults.Action("told", told))
    elif one.status >= 500:
        sim.faults.add(faults.status(one.status))


class _Seeds:
    """Documents that stood there before a session began."""

    def __init__(self, sim: Sim, names: Names) -> None:
        self.sim = sim
        self.names = names

    def plant(self, session: list[Interaction]) -> None:
        routed = [(one, found) for one in session if (found := route(one.method, one.path))]
        made = {
            one.reply["id"]
            for one, found in routed
            if found.name in {"files.create", "files.copy"} and one.status == 200
        }
        changed: set[str] = set()
        for one, found in routed:
            document_id = found.parts.get("id", "")
            if found.name == "files.list" and one.status == 200:
                for item in one.reply["files"]:
                    if item["id"] not in made:
                        self._file(item)
            elif document_id and document_id not in made and document_id not in changed:
                self._learn(one, found, document_id)
            if one.method != "GET":
                changed.add(document_id)

    def _file(self, item: dict[str, Any]) -> Any:
        document = self.sim.docs.get(item["id"])
        if document is None:
            document = self.sim.create(
                item.get("name", ""), locale="en_US", time_zone="Etc/GMT", document_id=item["id"]
            )
            self.names.bind(item["id"], item["id"])
        for key, name in (("createdTime", "created"), ("modifiedTime", "modified")):
            if key in item:
                setattr(document, name, item[key])
        return document

    def _learn(self, one: Interaction, found: Route, document_id: str) -> None:
        if not isinstance(one.reply, dict):
            return
        if one.status == 403 and one.reply["error"]["message"] == errors.denied().body["error"]["message"]:
            self._file({"id": document_id}).roles.clear()
        elif one.status == 400:
            self._file({"id": document_id})
        elif one.status != 200:
            return
        elif found.name == "files.get":
            self._file({**one.reply, "id": document_id})
        elif found.name == "spreadsheets.get" and "sheets" in one.reply and "properties" in one.reply:
            self._content(self._file({"id": document_id, "name": one.reply["properties"]["title"]}), one.reply)
        elif found.name in {"values.get", "values.batchGet"}:
            for values in one.reply.get("valueRanges", [one.reply]):
                self._values(document_id, values)

    def _content(self, document: Any, reply: dict[str, Any]) -> None:
        if document.version > 1:
            return
        document.version = 2
        sheets = []
        for item in reply["sheets"]:
            properties = {key: value for key, value in item["properties"].items() if key != "index"}
            sheet = Sheet(properties, basic_filter=item.get("basicFilter"))
            for name, features in item.items():
                if isinstance(features, list) and name != "data":
                    sheet.features[name] = [_with_sheet(one, sheet.id) for one in features]
            sheets.append(sheet)
            self.names.bind(sheet.id, sheet.id)
        document.content = Content(reply["properties"], sheets, reply.get("namedRanges", []))

    def _values(self, document_id: str, values: dict[str, Any]) -> None:
        content = self._file({"id": document_id}).content
        try:
            place = locate(content, values["range"])
        except errors.ApiError:
            return
        rows = turned(values.get("values", []), values["majorDimension"])
        box = Box(place.box.top, place.box.left, place.box.top + len(rows), place.box.left)
        write(content, place.sheet, box, rows, "RAW")


def _with_sheet(item: dict[str, Any], sheet_id: int) -> dict[str, Any]:
    if "startRowIndex" in item:
        return {"sheetId": sheet_id, **item}
    return {**item, "range": {"sheetId": sheet_id, **item["range"]}} if "range" in item else item


def main() -> int:
    """Print the score of a folder; 1 when anything differs."""
    score = replay(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
    for one in score.failed:
        sent = f"{one.interaction.method} {unquote(one.interaction.path)} {parse_qs(one.interaction.query)}"
        print(f"{one.interaction.name}: {sent[:200]}\n    " + "\n    ".join(one.wrong[:5]))
    print(
        f"{len(score.outcomes)} interactions, {len(score.outcomes) - len(score.counted)} excluded, {len(score.failed)} differ: {score.equal:.2%}"
    )
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
