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
from .recordings import FOLDER, Interaction, read, sessions
from .sameness import Names, differences
from .seeds import Seeds
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
        Seeds(self.sim, self.names).plant(session)
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
    info: dict[str, Any] = next((detail for detail in details if "reason" in detail), {})
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
