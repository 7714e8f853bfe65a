"""How far a long piece of work has come: a bar on a terminal, plain lines with --plain, nothing anywhere else.

Short work shows nothing: a bar that flashes by helps nobody. Everything goes to stderr.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from typing import TextIO

    from netzwerk_sheets.sheets.language import Words

PATIENCE = 1.0
"""Seconds of work before anything is shown."""

BEFORE, AFTER = 2, 1
"""Steps before the tabs (reading, merging) and after them (writing)."""


class Progress:
    """Shows what a pass tells of itself.

    Args:
        words: Language.
        kind: ``bar``, ``lines`` or empty for nothing.
        stream: Where it is shown.
        patience: Seconds of work before anything is shown.
    """

    def __init__(self, words: Words, kind: str, stream: TextIO | None = None, patience: float = PATIENCE) -> None:
        """Wait for the first step."""
        self._words = words
        self._kind = kind
        self._stream = stream or sys.stderr
        self._until = time.monotonic() + patience
        self._bar: Any = None
        self._done = 0
        self._ended = False

    def tell(self, stage: str, name: str = "", number: int = 0, total: int = 0) -> None:
        """Take in one step.

        Args:
            stage: ``read``, ``merge``, ``tab`` or ``write``.
            name: The file or tab it is about.
            number: Which tab it is, counted from 1.
            total: Of how many tabs.
        """
        if not self._kind or self._ended or time.monotonic() < self._until:
            return
        label = self._words.say(f"progress.{stage}", name=name, number=number, total=total)
        if self._kind == "lines":
            click.echo(label, file=self._stream)
        else:
            self._draw(stage, label, number, total)

    def _draw(self, stage: str, label: str, number: int, total: int) -> None:
        place = {"read": 0, "merge": 1, "tab": BEFORE + number - 1}.get(stage)
        if self._bar is None and total:
            # How long the bar is, is known when the tabs begin.
            self._bar = click.progressbar(
                length=BEFORE + total + AFTER, file=self._stream, show_eta=False, item_show_func=lambda text: text or ""
            ).__enter__()
        if self._bar is not None:
            place = self._bar.length - AFTER if place is None else place
            step, self._done = max(0, place - self._done), max(place, self._done)
            self._bar.update(step, label)

    def finish(self) -> None:
        """Take the bar away before something else is said."""
        self._ended = True
        if self._bar is not None:
            bar, self._bar = self._bar, None
            bar.update(max(0, bar.length - self._done), "")
            bar.render_finish()


def progress_for(words: Words, *, plain: bool, quiet: bool, as_json: bool) -> Progress:
    """Say how progress is shown for a call."""
    shown = sys.stderr.isatty() and not quiet and not as_json
    kind = ("lines" if plain else "bar") if shown else ""
    return Progress(words, kind)
