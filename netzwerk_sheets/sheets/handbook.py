"""The coordinators' handbook, read for the tab of help and for the terminal.

It is written once, in ``templates/handbook``: chapters, paragraphs, steps, commands between fences, tables, pictures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from netzwerk_sheets.sheets.schema import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator

FENCE = "```"
SPECIAL = ("#", "|", "!", FENCE)
"""How a line begins that is no text: a heading, a row of a table, a picture, the edge of a command."""

_ENTRY = re.compile(r"(?:[-*]|\d+\.)\s+")
_MARKS = re.compile(r"\*\*|`")
_RULE = re.compile(r"[\s|:-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One step, paragraph or row of a table.

    Attributes:
        number: Chapter and place in it: ``2.3``.
        chapter: Heading of the chapter, and of its section where it stands in one.
        text: Plain text, without marks.
        command: Lines to be typed, or empty.
    """

    number: str
    chapter: str
    text: str
    command: str = ""


def source(language: str) -> str:
    """Give the handbook as it is written."""
    return (TEMPLATES / "handbook" / f"handbook.{language}.md").read_text(encoding="utf-8")


@cache
def parts(language: str) -> tuple[Part, ...]:
    """Give the handbook part by part; a command belongs to the part above it."""
    found: list[Part] = []
    chapter = section = ""
    count = 0
    for kind, text in _blocks(source(language)):
        if kind == "chapter":
            chapter, section, count = text, "", 0
        elif kind == "section":
            section = text
        elif kind == "command" and found:
            found[-1] = replace(found[-1], command=text)
        elif chapter:
            count += 1
            number, _, title = chapter.partition(". ")
            heading = f"{title}: {section}" if section else title
            found.append(Part(f"{number}.{count}", heading, text))
    return tuple(found)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Give (kind, text) of what stands between empty lines, entries of lists and rows of tables each alone."""
    lines = iter(text.splitlines())
    said: list[str] = []
    headers: list[str] = []
    for line in lines:
        entry = _ENTRY.match(line)
        if said and (entry or not line or line.startswith(SPECIAL)):
            yield "text", _plain(" ".join(said))
            said = []
        headers = headers if line.startswith("|") else []
        if line.startswith(FENCE):
            yield "command", "\n".join(iter(lambda: next(lines, FENCE), FENCE))
        elif line.startswith(("## ", "### ")):
            yield "chapter" if line.startswith("## ") else "section", line.lstrip("# ")
        elif line.startswith("|") and headers:
            yield from _row(headers, line)
        elif line.startswith("|"):
            headers = _cells(line)
        elif line and not line.startswith(SPECIAL):
            said.append(line[entry.end() :] if entry else line)
    if said:
        yield "text", _plain(" ".join(said))


def _cells(line: str) -> list[str]:
    return [_plain(cell.strip()) for cell in line.strip("|").split("|")]


def _row(headers: list[str], line: str) -> Iterator[tuple[str, str]]:
    """Tell a row of a table as a sentence, so that no column is needed to understand it."""
    if not _RULE.fullmatch(line):
        first, *rest = _cells(line)
        told = [f"{header}: {cell}" for header, cell in zip(headers[1:], rest, strict=True) if cell]
        yield "text", f"{first}: {'; '.join(told)}"


def _plain(text: str) -> str:
    return _MARKS.sub("", text)


def spoken(language: str) -> Iterator[str]:
    """Give the handbook line by line as plain text: no marks, tables as sentences, no pictures."""
    chapter = ""
    title = source(language).partition("\n")[0].removeprefix("# ")
    yield title
    for part in parts(language):
        if part.chapter != chapter:
            chapter = part.chapter
            yield from ("", f"{part.number.partition('.')[0]}. {chapter}", "")
        yield f"{part.number} {part.text}"
        yield from (f"    {line}" for line in part.command.splitlines())
