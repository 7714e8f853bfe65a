"""The first tab: what is due now, how far each domain is covered, reasons to grow, and where everything stands.

Every block has a fixed place with room to grow, so that the tab can be kept up to date cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Area, Cell, Chart, Spot, TabDesign, TableDesign
from netzwerk_sheets.sheets import looks
from netzwerk_sheets.sheets.locate import name_for
from netzwerk_sheets.sheets.render.coverage import light_cell
from netzwerk_sheets.sheets.render.frame import page, place, table_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.analysis.coverage import Coverage
    from netzwerk_sheets.model import Network
    from netzwerk_sheets.sheets.language import Words

TOPICS, TOPIC_ROWS = 5, 7
DOMAINS, DOMAIN_ROWS = 15, 15
REASONS, REASON_ROWS = 33, 9
DIRECTORY = {"inputs": 44, "results": 56, "more": 68, "sheets": 87, "groups": 106}
"""Header row of each part of the directory of tabs; short tables need no frozen header."""
DIRECTORY_ROWS = {"inputs": 8, "results": 9, "more": 15, "sheets": 15, "groups": 15}
CHART_CENTIMETRES = (20.0, 9.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of „Das ist jetzt dran“ or „Jetzt erweitern?“.

    Attributes:
        light: ``red``, ``yellow`` or ``green``.
        count: How many; `None` shows nothing.
        step: What to do next, the text of the link.
        tab: Title of the tab it leads to, or empty.
    """

    topic: str
    light: str
    count: int | None
    meaning: str
    step: str
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tab in the directory.

    Attributes:
        part: In which part of the directory it stands: ``inputs``, ``results``, ``more``, ``sheets`` or ``groups``.
        title: Title of the tab; empty for a line without a link.
        rows: How many; a text where the number is not told, `None` for none.
    """

    part: str
    title: str
    kind: str
    rows: int | str | None
    what: str


def _head(cells: dict[tuple[int, int], Cell], row: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, start=1):
        cells[row, column] = Cell(text, "head")


def _lines(words: Words, cells: dict[tuple[int, int], Cell], top: int, lines: Sequence[Line]) -> None:
    for row, line in enumerate(lines, start=top + 1):
        cells[row, 1] = Cell(line.topic, "band")
        cells[row, 2] = Cell(words.say(f"light.{line.light}"), looks.LIGHT_ROLES[line.light])
        cells[row, 3] = Cell(line.count, "number")
        cells[row, 4] = Cell(line.meaning, "cell")
        cells[row, 5] = Cell(line.step, "link" if line.tab else "cell", place(line.tab) if line.tab else "")


def _reasons(words: Words, reasons: Sequence[Line]) -> list[Line]:
    """Give the reasons that are shown; those without room are named in one line."""
    if len(reasons) <= REASON_ROWS:
        return list(reasons)
    others = reasons[REASON_ROWS - 1 :]
    named = words.listing(line.topic for line in others)
    last = Line(words.say("start.more_reasons"), others[0].light, len(others), named, others[0].step, others[0].tab)
    return [*reasons[: REASON_ROWS - 1], last]


def _domains(words: Words, cells: dict[tuple[int, int], Cell], network: Network, found: Coverage) -> int:
    """Write the table of domains and give its number of rows."""
    cells[DOMAINS - 1, 1] = Cell(words.say("start.domains"), "section")
    _head(cells, DOMAINS, [words.say(f"start.{key}") for key in ("domain", "coverage", "gap")])
    shown = list(zip(network.domains, found.domains, strict=True))[:DOMAIN_ROWS]
    for row, (domain, total) in enumerate(shown, start=DOMAINS + 1):
        cells[row, 1] = Cell(domain.name, "band")
        cells[row, 2] = light_cell(words, total)
        cells[row, 3] = Cell(None if total.gap is None else round(float(total.gap), 4), "points")
    return max(len(shown), 1)


def _directory(words: Words, cells: dict[tuple[int, int], Cell], entries: Sequence[Entry]) -> dict[str, int]:
    """Write the directory and give the number of rows of each part."""
    counts = {}
    for part, top in DIRECTORY.items():
        listed = [entry for entry in entries if entry.part == part]
        shown = listed[: DIRECTORY_ROWS[part]]
        if len(listed) > len(shown):
            more = words.say("start.more_tabs", n=len(listed) - len(shown) + 1)
            shown[-1] = Entry(part, "", "", None, more)
        if not shown:
            shown = [Entry(part, "", "", None, words.say("start.no_tabs"))]
        cells[top - 1, 1] = Cell(words.say(f"start.{part}"), "section")
        _head(cells, top, [words.say(f"start.{key}") for key in ("tab", "kind", "rows", "contents")])
        for row, entry in enumerate(shown, start=top + 1):
            link = place(entry.title) if entry.title else ""
            cells[row, 1] = Cell(entry.title or words.say("start.no_tab"), "link" if link else "cell", link)
            cells[row, 2] = Cell(entry.kind, "cell")
            cells[row, 3] = Cell(entry.rows, "number")
            cells[row, 4] = Cell(entry.what, "cell")
        counts[part] = len(shown)
    return counts


def start_tab(
    words: Words,
    network: Network,
    found: Coverage,
    title: str,
    *,
    state: str,
    topics: Sequence[Line],
    reasons: Sequence[Line],
    entries: Sequence[Entry],
) -> TabDesign:
    """Design the first tab.

    Args:
        words: Language.
        network: For its name and domains.
        found: The computed coverage.
        title: Name of the tab.
        state: The line of the day the data last changed.
        topics: What is due now; at most 7 are shown.
        reasons: Why to extend the network now; where there are more than 9, the last line names the others.
        entries: All tabs of the network, in order.
    """
    whole = found.network
    sentence = words.say("start.nothing_yet")
    if whole.coverage is not None and whole.gap is not None:
        sentence = words.say(
            "start.sentence",
            percent=words.percent(whole.coverage),
            gap=words.number(whole.gap, 1),
            weight=whole.weight,
        )
    cells = {(1, 1): Cell(network.name, "title"), (2, 1): Cell(state, "hint"), (3, 1): Cell(sentence, "hint")}
    columns = [words.say(f"start.{key}") for key in ("topic", "light", "count", "meaning", "step")]
    cells[TOPICS - 1, 1] = Cell(words.say("start.now"), "section")
    _head(cells, TOPICS, columns)
    shown_topics = topics[:TOPIC_ROWS]
    _lines(words, cells, TOPICS, shown_topics)
    domain_rows = _domains(words, cells, network, found)
    cells[REASONS - 1, 1] = Cell(words.say("start.grow"), "section")
    _head(cells, REASONS, columns)
    shown_reasons = _reasons(words, reasons) or [
        Line(
            words.say("start.no_reason"),
            "green",
            0,
            words.say("start.no_reason_meaning"),
            words.say("start.no_step"),
        )
    ]
    _lines(words, cells, REASONS, shown_reasons)
    counts = _directory(words, cells, entries)

    def table(key: str, top: int, count: int, width: int) -> TableDesign:
        name = words.say(f"start.{key}")
        area = Area(top, 1, top + count, width)
        return TableDesign(table_name(f"{title} {name}"), area, name, words.say(f"start.{key}_what"))

    return TabDesign(
        title=title,
        cells=cells,
        widths={1: 34.0, 2: 25.0, 3: 12.0, 4: 74.0, 5: 32.0},
        heights={1: 30.0},
        tables=(
            table("now", TOPICS, len(shown_topics), 5),
            table("domains", DOMAINS, domain_rows, 3),
            table("grow", REASONS, len(shown_reasons), 5),
            *(table(part, DIRECTORY[part], count, 4) for part, count in counts.items()),
        ),
        charts=(_chart(words, title, domain_rows),) if network.domains else (),
        names={name_for("start"): Area(1, 1, 1, 1)},
        page=page(words, network.name, title, TOPICS),
        colour=looks.TAB_COLOURS["start"],
    )


def _chart(words: Words, title: str, rows: int) -> Chart:
    first, last = DOMAINS + 1, DOMAINS + rows
    return Chart(
        kind="bar",
        title=words.say("start.chart"),
        alternative_text=words.say("start.chart_text"),
        anchor=Spot(title, DOMAINS - 1, 4),
        width=CHART_CENTIMETRES[0],
        height=CHART_CENTIMETRES[1],
        categories=Area(first, 1, last, 1),
        series=(Area(first, 2, last, 2),),
        series_titles=(words.say("start.coverage"),),
        number_format="0%;;",  # where nothing is recorded there is no number to show
        colours=(looks.BAR,),
    )
