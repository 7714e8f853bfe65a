"""The report, part by part: how the network stands, what changed, what is missing, who carries what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.model import ALL
from netzwerk_sheets.onboarding import overdue_days, progress
from netzwerk_sheets.output.chart import coverage_chart
from netzwerk_sheets.output.map import network_map
from netzwerk_sheets.output.page import Cell, Filter, Page, Section, Table, cells
from netzwerk_sheets.output.privacy import leaves, public
from netzwerk_sheets.output.shoulders import shoulders
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.gaps import Advice, reason
from netzwerk_sheets.sheets.render.history import figures
from netzwerk_sheets.sheets.render.told import name_of, told

if TYPE_CHECKING:
    from netzwerk_sheets.analysis.totals import Aggregate
    from netzwerk_sheets.model import Partner
    from netzwerk_sheets.output.matter import Matter
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.state.past import Line

MOST_CHANGES, MOST_GAPS = 100, 200
"""More lines than anybody reads on a page; the sentence above says how many there are."""

CONTACT_COLUMNS = ("partner", "role_title", "name", "email", "phone", "channel")


def report(matter: Matter) -> Page:
    """Make the report.

    Args:
        matter: What there is to tell; `Matter.persons` decides whether people are named.
    """
    words = matter.words
    lead = [
        words.say("report.made", date=matter.stand, version=__version__),
        words.say("report.persons" if matter.persons else "report.organisations"),
        words.say("report.scroll"),
    ]
    parts = [_state, _changes, _coverage, _gaps, shoulders, network_map, _onboarding, _history]
    sections = [part(matter) for part in [*parts, *([_contacts] if matter.persons else [])]]
    return Page(words.say("report.title", network=matter.network.name), tuple(lead), tuple(sections))


def _table(words: Words, code: str, headers: list[str], rows: list[tuple[Cell, ...]]) -> tuple[Table, ...]:
    """Make the table of one part, or none where it has no rows."""
    return (Table(f"table-{code}", words.say(f"report.{code}_table"), tuple(headers), tuple(rows)),) if rows else ()


def _state(matter: Matter) -> Section:
    words, say, whole = matter.words, matter.words.say, matter.found.network
    sentence = say("start.nothing_yet")
    now = figures(matter.network, matter.found)
    shown = [(say("report.open"), int(now["open"])), (say("report.partners"), int(now["partners"]))]
    shown += [(say("report.sectors"), int(now["sectors"])), (say("report.conflicts"), matter.conflicts)]
    shown.append((say("report.findings"), matter.findings))
    rows = [(Cell(name), Cell(str(count), "number")) for name, count in shown]
    if whole.coverage is not None and whole.gap is not None:
        percent, gap = words.percent(whole.coverage), words.number(whole.gap, 1)
        sentence = say("start.sentence", percent=percent, gap=gap, weight=whole.weight)
        points = say("report.gap_of", gap=gap, weight=str(whole.weight))
        rows[:0] = [
            (Cell(say("start.coverage")), Cell(percent, "number")), (Cell(say("report.gap")), Cell(points, "number"))
        ]  # fmt: skip
    reasons = [
        (Cell(each.topic), Cell(say(f"light.{each.light}"), each.light), Cell(_value(matter, each.meaning)))
        for each in matter.reasons
    ]
    headers = tuple(say(f"report.{key}") for key in ("topic", "light", "meaning"))
    tables = [
        Table("table-figures", say("report.figures"), (say("report.figure"), say("report.value")), tuple(rows)),
        *([Table("table-reasons", say("report.reasons"), headers, tuple(reasons))] if reasons else []),
    ]
    lines = (sentence,) if reasons else (sentence, say("report.no_reasons"))
    return Section("state", say("report.state"), lines, tuple(tables))


# --- what changed -----------------------------------------------------------------------------------------


def _changes(matter: Matter) -> Section:
    words, say = matter.words, matter.words.say
    known = [line for line in matter.past if line.table in schema.tables() and line.table != "log"]
    since = matter.since or matter.stand
    if not known:
        return Section("changes", say("report.changes"), (say("report.changes_none", date=since),))
    shown = list(reversed(known))[:MOST_CHANGES]
    lines = [say("report.changes_what", date=since, n=len(known))]
    if len(shown) < len(known):
        lines.append(say("report.changes_shown", shown=len(shown), total=len(known)))
    if not matter.persons:
        lines.append(say("report.withheld_what"))
    headers = [say(f"past.{code}") for code in ("row", "day", "table", "column", "was", "is", "kind")]
    rows = [_change(matter, line) for line in shown]
    return Section("changes", say("report.changes"), tuple(lines), _table(words, "changes", headers, rows))


def _change(matter: Matter, line: Line) -> tuple[Cell, ...]:
    words, change = matter.words, line.change
    row = f"{change.row} {_row_name(matter, line.table, change.row)}".strip()
    before = after = ""
    if change.column and leaves(line.table, change.column, persons=matter.persons):
        before, after = (_value(matter, value) for value in (told(words, change.before), told(words, change.after)))
    elif change.column:
        after = words.say("report.withheld")
    columns = {each.code: each for each in schema.tables()[line.table].columns}
    header = columns[change.column].header(words.language) if change.column in columns else ""
    day = words.date(line.day) if line.day else ""
    nothing = words.say("report.nothing")
    kind = words.say(f"past.kind_{change.kind.value}")
    texts = (day, words.tab(line.table), header, before, after, kind)
    return cells(row, *(text or nothing for text in texts))


def _row_name(matter: Matter, table: str, row: str) -> str:
    label = schema.tables()[table].label
    if label == "id" or not leaves(table, label, persons=False):
        return ""
    return _value(matter, name_of(matter.words, table, matter.rows.get(table, {}).get(row, {})))


def _value(matter: Matter, text: str) -> str:
    return public(text, persons=matter.persons, instead=matter.words.say("report.withheld"))


# --- coverage and gaps ------------------------------------------------------------------------------------


def _light(words: Words, total: Aggregate, *, blind: bool = False) -> Cell:
    if blind:
        return Cell(words.say("light.blind"), "red")
    if total.coverage is None:
        return Cell(words.say("light.deserted" if total.light == "red" else "light.none"), total.light)
    return Cell(words.say(f"report.cell_{total.light}", percent=words.percent(total.coverage)), total.light)


def _coverage(matter: Matter) -> Section:
    words, network, found, say = matter.words, matter.network, matter.found, matter.words.say
    groups = [(index, group) for index, group in enumerate(network.target_groups) if not group.replaced_by]
    rows = []
    for number, domain in enumerate(network.domains):
        name = say("coverage.focus", name=domain.name) if domain.focus else domain.name
        row = [Cell(name)]
        for index, _ in groups:
            total = found.cells[number * len(network.target_groups) + index]
            row.append(_light(words, total, blind=total.blind_spot))
        rows.append((*row, _light(words, found.domains[number])))
    last = [Cell(say("coverage.total")), *(_light(words, found.target_groups[index]) for index, _ in groups)]
    rows.append((*last, _light(words, found.network)))
    headers = [say("coverage.domain"), *(group.name for _, group in groups), say("coverage.total")]
    lines = (say("coverage.legend"), say("coverage.counts"))
    table = _table(words, "coverage", headers, rows)
    return Section("coverage", say("report.coverage"), lines, table, coverage_chart(words, found.domains))


def _gaps(matter: Matter) -> Section:
    words, network, say = matter.words, matter.network, matter.words.say
    advice = Advice(words, network)
    groups = {group.id: group.name for group in network.target_groups} | {ALL: say("common.all")}
    found = matter.found.open
    rows: list[tuple[Cell, ...]] = []
    for item, block in found[:MOST_GAPS]:
        need, missing = item.need, not block.fill
        points = item.weight.total * (1 - block.fill) / len(item.blocks)
        rows.append(
            (
                Cell(f"{need.id} {_value(matter, need.name)}".strip()),
                Cell(matter.names.get(need.domain, "")),
                Cell("; ".join(groups.get(group, group) for group in need.target_groups)),
                Cell(words.block(block.code)),
                Cell(say("gaps.missing" if missing else "gaps.partly"), "red" if missing else "yellow"),
                Cell(words.number(points), "number"),
                Cell(reason(words, item, block, groups)),
                Cell(advice.next_step(block.code, need.domain, need.target_groups)),
            )
        )
    lines = [say("gaps.what")] if found else [say("report.gaps_none")]
    if len(found) > MOST_GAPS:
        lines.append(say("report.gaps_shown", shown=MOST_GAPS, total=len(found)))
    columns = ("need", "domain", "target_groups", "block", "light")
    headers = [words.header("gaps", column) for column in columns]
    headers += [say("report.points"), words.header("gaps", "reason"), words.header("gaps", "next")]
    order = [domain.id for domain in network.domains]
    options = tuple(_value(matter, domain.name) for domain in network.domains)
    marks = tuple((order.index(each.need.domain) + 1,) if each.need.domain in order else () for each, _ in found)
    choice = Filter(say("report.filter"), say("report.filter_all"), options)
    tables = (replace(each, filter=choice, marks=marks) for each in _table(words, "gaps", headers, rows))
    return Section("gaps", say("report.gaps"), tuple(lines), tuple(tables))


# --- onboarding, history, contacts ------------------------------------------------------------------------


def _onboarding(matter: Matter) -> Section:
    say = matter.words.say
    rows = [row for partner in matter.network.partners if (row := _welcome(matter, partner))]
    headers = [say(f"report.{key}") for key in ("partner", "status", "done", "overdue", "next_due")]
    lines = () if rows else (say("report.onboarding_none"),)
    return Section("onboarding", say("report.onboarding"), lines, _table(matter.words, "onboarding", headers, rows))


def _welcome(matter: Matter, partner: Partner) -> tuple[Cell, ...]:
    """Say how far the tasks of a partner have come; empty where it has none."""
    words = matter.words
    tasks = [task for task in matter.network.tasks if task.owner == partner.id]
    if not tasks:
        return ()
    so_far = progress(tasks, matter.today)
    share = words.percent(so_far.done / so_far.total)
    ahead = [task.due for task in tasks if task.due and task.status not in {"done", "dropped"}]
    late = any(overdue_days(task, matter.today) for task in tasks)
    return (
        Cell(f"{partner.id} {partner.label}"),
        Cell(words.word("partner_status", partner.status)),
        Cell(words.say("report.done_of", done=so_far.done, total=so_far.total, percent=share), "number"),
        Cell(str(so_far.overdue), "red" if late else "number"),
        Cell(words.date(min(ahead)) if ahead else words.say("report.nothing")),
    )


def _history(matter: Matter) -> Section:
    words, say = matter.words, matter.words.say
    columns = ("coverage", "gap", "weight", "needs", "open", "partners", "sectors")
    rows = []
    for day in sorted(matter.figures, reverse=True):
        values = matter.figures[day]
        texts = {column: words.number(value) for column, value in values.items()}
        if "coverage" in values:
            texts["coverage"] = words.percent(values["coverage"])
        shown = (texts.get(column, say("report.nothing")) for column in columns)
        rows.append((Cell(words.date(day)), *(Cell(text, "number") for text in shown)))
    headers = [words.header("history", column) for column in ("date", *columns)]
    lines = (say("history.how"),) if rows else (say("report.history_none"),)
    return Section("history", say("report.history"), lines, _table(words, "history", headers, rows))


def _contacts(matter: Matter) -> Section:
    words, say = matter.words, matter.words.say
    rows = [
        (
            Cell(row),
            Cell(matter.names.get(str(values.get("partner")), told(words, values.get("partner")))),
            *(Cell(told(words, values.get(column)) or say("report.nothing")) for column in CONTACT_COLUMNS[1:]),
        )
        for row, values in matter.rows.get("contacts", {}).items()
    ]
    headers = [words.header("contacts", column) for column in ("id", *CONTACT_COLUMNS)]
    lines = () if rows else (say("report.contacts_none"),)
    return Section("contacts", say("report.contacts"), lines, _table(words, "contacts", headers, rows))
