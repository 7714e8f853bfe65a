"""The first tab: what is due now, how far each domain is covered, who has how much to do, and where everything stands.

Every block has a fixed place with room to grow, so that the tab can be kept up to date cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Area, Cell, Chart, Spot, TabDesign, TableDesign
from netzwerk_sheets.languages import LANGUAGES
from netzwerk_sheets.sheets import looks
from netzwerk_sheets.sheets.language import Words
from netzwerk_sheets.sheets.locate import name_for
from netzwerk_sheets.sheets.render.coverage import light_cell
from netzwerk_sheets.sheets.render.frame import page, place, table_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.analysis.coverage import Coverage
    from netzwerk_sheets.grid import Tab
    from netzwerk_sheets.model import Network

TOPICS, TOPIC_ROWS = 5, 8
DOMAINS, DOMAIN_ROWS = 15, 15
WORKLOAD, WORKLOAD_ROWS = 33, 8
CHART_CENTIMETRES = (20.0, 9.0)
TASKS_CENTIMETRES = (20.0, 6.8)
AIR = 30.0
"""Height of a row with a heading, so that blocks stand apart."""
LINE_COLUMNS = ("topic", "light", "count", "meaning", "step")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the blocks below the domains stand, and how much room they have.

    Attributes:
        workload: Whether there is a block of open tasks.
        reasons: Header row of the reasons to grow.
        room: How many of these reasons have room.
        directory: Part → header row and most rows; short tables need no frozen header.
    """

    workload: bool
    reasons: int
    room: int
    directory: Mapping[str, tuple[int, int]]


PLACES = Places(
    workload=True, reasons=46, room=10,
    directory={
        "inputs": (58, 10), "results": (72, 14), "care": (90, 8), "more": (102, 15), "sheets": (121, 15),
        "groups": (140, 15),
    },
)  # fmt: skip
OLDER = Places(
    workload=False, reasons=33, room=9,
    directory={"inputs": (44, 8), "results": (56, 9), "more": (68, 15), "sheets": (87, 15), "groups": (106, 15)},
)  # fmt: skip
"""In workbooks made before the block of tasks came in: the marked tables there keep their places."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of „Das ist jetzt dran“ or „Jetzt erweitern?“.

    Attributes:
        light: ``red``, ``yellow`` or ``green``.
        count: How many; `None` shows nothing.
        step: What to do next, the text of the link.
        tab: Title of the tab it leads to, or empty.
        command: The command that helps, in a sentence, or empty.
    """

    topic: str
    light: str
    count: int | None
    meaning: str
    step: str
    tab: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """How much a partner, a working group or the network has to do.

    Attributes:
        open: Tasks that are not finished.
        late: Those among them whose day is over.
        tab: Title of the tab with these tasks, or empty.
    """

    name: str
    open: int
    late: int
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tab in the directory.

    Attributes:
        part: In which part of the directory it stands, see `Places.directory`.
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
        # A link is not wrapped by every program, and nobody can copy from it: the command stands beside it.
        cells[row, 4] = Cell(f"{line.meaning} {line.command}".strip(), "cell")
        cells[row, 5] = Cell(line.step, "link" if line.tab else "cell", place(line.tab) if line.tab else "")


def _fitting(words: Words, reasons: Sequence[Line], room: int) -> list[Line]:
    """Give the reasons that are shown; those without room are named in one line."""
    if len(reasons) <= room:
        return list(reasons)
    others = reasons[room - 1 :]
    named = words.listing(line.topic for line in others)
    last = Line(words.say("start.more_reasons"), others[0].light, len(others), named, others[0].step, others[0].tab)
    return [*reasons[: room - 1], last]


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


def _workload(words: Words, cells: dict[tuple[int, int], Cell], loads: Sequence[Load]) -> int:
    """Write who has how many open tasks, and give the number of rows."""
    cells[WORKLOAD - 1, 1] = Cell(words.say("start.workload"), "section")
    _head(cells, WORKLOAD, [words.say(f"start.{key}") for key in ("who", "open", "late")])
    shown = list(loads[:WORKLOAD_ROWS]) or [Load(words.say("start.nobody"), 0, 0)]
    for row, load in enumerate(shown, start=WORKLOAD + 1):
        cells[row, 1] = Cell(load.name, "link" if load.tab else "band", place(load.tab) if load.tab else "")
        cells[row, 2] = Cell(load.open, "number")
        cells[row, 3] = Cell(load.late, "number")
    return len(shown)


def _reasons(words: Words, cells: dict[tuple[int, int], Cell], places: Places, reasons: Sequence[Line]) -> int:
    """Write the reasons to grow, and give their number."""
    say, top = words.say, places.reasons
    cells[top - 1, 1] = Cell(say("start.grow"), "section")
    _head(cells, top, [say(f"start.{key}") for key in LINE_COLUMNS])
    nothing = Line(say("start.no_reason"), "green", 0, say("start.no_reason_meaning"), say("start.no_step"))
    shown = _fitting(words, reasons, places.room) or [nothing]
    _lines(words, cells, top, shown)
    return len(shown)


def _directory(
    words: Words, cells: dict[tuple[int, int], Cell], entries: Sequence[Entry], places: Places
) -> dict[str, int]:
    """Write the directory and give the number of rows of each part."""
    counts = {}
    for part, (top, most) in places.directory.items():
        listed = [entry for entry in entries if (entry.part if entry.part in places.directory else "results") == part]
        shown = listed[:most]
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


def places_of(tab: Tab | None) -> Places:
    """Give the places of the blocks: in a first tab that exists those it was made with.

    A marked table must stay where it is. Where people took the tables away, the heading tells, in any language.
    """
    if tab is None:
        return PLACES
    tables = {table.area.first_row: table.area for table in tab.tables}
    if (area := tables.get(OLDER.reasons)) is not None:
        return OLDER if area.last_column - area.first_column + 1 == len(LINE_COLUMNS) else PLACES
    heading = tab.rows.get(OLDER.reasons - 1, {}).get(1)
    return OLDER if heading in {Words(each).say("start.grow") for each in LANGUAGES} else PLACES


def _sentence(words: Words, found: Coverage) -> str:
    whole = found.network
    if whole.coverage is None or whole.gap is None:
        return words.say("start.nothing_yet")
    percent, gap = words.percent(whole.coverage), words.number(whole.gap, 1)
    return words.say("start.sentence", percent=percent, gap=gap, weight=whole.weight)


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
    loads: Sequence[Load],
    places: Places = PLACES,
) -> TabDesign:
    """Design the first tab.

    Args:
        words: Language.
        network: For its name and domains.
        found: The computed coverage.
        title: Name of the tab.
        state: The line of the day the data last changed.
        topics: What is due now; at most 8 are shown.
        reasons: Why to extend the network now; where there are more than have room, the last line names the others.
        entries: All tabs of the network, in order.
        loads: Who has open tasks, the most first; at most 8 are shown.
        places: Where the blocks stand (`places_of`).
    """
    cells = {
        (1, 1): Cell(network.name, "title"),
        (2, 1): Cell(state, "hint"),
        (3, 1): Cell(_sentence(words, found), "hint"),
        (TOPICS - 1, 1): Cell(words.say("start.now"), "section"),
    }
    _head(cells, TOPICS, [words.say(f"start.{key}") for key in LINE_COLUMNS])
    _lines(words, cells, TOPICS, topics[:TOPIC_ROWS])
    parts = [
        ("now", TOPICS, len(topics[:TOPIC_ROWS]), 5),
        ("domains", DOMAINS, _domains(words, cells, network, found), 3),
    ]
    charts: tuple[Chart, ...] = (_coverage_chart(words, title, parts[1][2]),) if network.domains else ()
    if places.workload:
        parts.append(("workload", WORKLOAD, _workload(words, cells, loads), 3))
        charts += (_workload_chart(words, title, parts[2][2]),)
    parts.append(("grow", places.reasons, _reasons(words, cells, places, reasons), 5))
    counts = _directory(words, cells, entries, places)
    parts += [(part, places.directory[part][0], count, 4) for part, count in counts.items()]
    pages = [
        WORKLOAD,
        *(places.directory[part][0] for part in ("inputs", "care", "sheets") if part in places.directory),
    ]
    return TabDesign(
        title=title,
        cells=cells,
        widths={1: 34.0, 2: 25.0, 3: 14.0, 4: 74.0, 5: 32.0},
        heights={1: 30.0, **{top - 1: AIR for _, top, _, _ in parts}},
        tables=tuple(_table(words, title, *part) for part in parts),
        charts=charts,
        names={name_for("start"): Area(1, 1, 1, 1)},
        page=page(words, network.name, title, 1)._replace(breaks=tuple(top - 2 for top in pages)),
        colour=looks.TAB_COLOURS["start"],
    )


def _table(words: Words, title: str, key: str, top: int, count: int, width: int) -> TableDesign:
    name = words.say(f"start.{key}")
    area = Area(top, 1, top + count, width)
    return TableDesign(table_name(f"{title} {name}"), area, name, words.say(f"start.{key}_what"))


def _coverage_chart(words: Words, title: str, rows: int) -> Chart:
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
        number_format=f"{words.percent_format};;",  # where nothing is recorded there is no number to show
        colours=(looks.BAR,),
    )


def _workload_chart(words: Words, title: str, rows: int) -> Chart:
    first, last = WORKLOAD + 1, WORKLOAD + rows
    return Chart(
        kind="bar",
        title=words.say("start.workload_chart"),
        alternative_text=words.say("start.workload_text"),
        anchor=Spot(title, WORKLOAD, 4),
        width=TASKS_CENTIMETRES[0],
        height=TASKS_CENTIMETRES[1],
        categories=Area(first, 1, last, 1),
        series=(Area(first, 2, last, 2), Area(first, 3, last, 3)),
        series_titles=(words.say("start.open"), words.say("start.late")),
        number_format="0;;",
        colours=(looks.BAR, looks.LATE),
    )
