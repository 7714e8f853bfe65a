"""Turn the tables people filled into a `Network` and a list of findings.

What is not understood is never changed and never stops the rest: it becomes a finding at its cell and the
value counts as unknown.
"""

from __future__ import annotations

import dataclasses
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from netzwerk_sheets import model
from netzwerk_sheets.analysis.checks import looks_personal
from netzwerk_sheets.analysis.social import with_people
from netzwerk_sheets.grid import CellError, Value, shown
from netzwerk_sheets.model import ALL, Finding, Network
from netzwerk_sheets.sheets import cells, schema
from netzwerk_sheets.sheets.known import Known, closest

if TYPE_CHECKING:
    from netzwerk_sheets.sheets.settings import Settings

Rows = Mapping[str, Mapping[str, Value]]
"""Row id → column code → value as typed, in the order of the rows."""

CLASSES: Mapping[str, type] = {
    "partners": model.Partner,
    "domains": model.Domain,
    "target_groups": model.TargetGroup,
    "needs": model.Need,
    "measures": model.Measure,
    "groups": model.WorkingGroup,
    "contacts": model.Contact,
    "membership": model.Membership,
    "relationships": model.Relationship,
    "conversations": model.Conversation,
    "voices": model.Voice,
    "social_data": model.SocialDatum,
    "goals": model.Goal,
    "agreements": model.Agreement,
    "documents": model.Document,
    "documents_sent": model.DocumentSent,
    "milestones": model.Milestone,
    "partner_types": model.PartnerType,
    "task_templates": model.TaskTemplate,
    "tasks": model.Task,
}
"""Tables the method computes with; the others are kept, merged and shown, no more."""

SHIPPED = frozenset({"partner_types", "task_templates"})
"""Catalogues that come with the tool: they may name things a network does not have."""


_PLAIN: Mapping[str, Callable[[Value], cells.Reading[Any]]] = {
    "date": cells.read_date,
    "count": cells.read_count,
    "number": cells.read_number,
}


_NUMBERS = {bool, int, float}
_TEXTS = {"text", "note"}
_PERSONAL = {"contacts", *SHIPPED}
"""Tables in which addresses and telephone numbers stand where they belong."""


class _Reader:
    """Reads one table, column by column: values repeat, and each that needs no finding is understood once."""

    def __init__(self, known: Known, table: schema.Table, rows: Rows) -> None:
        self.known = known
        self.table = table
        self.rows = rows
        self.names = _names(CLASSES[table.code]) if table.code in CLASSES else {}
        self.plan = [column for column in table.columns if column.code != "id"]
        self.filled = frozenset().union(*rows.values())
        self._place = 0
        self._noted: list[tuple[int, Finding]] = []
        self._codes: dict[str, Mapping[str, str]] = {}

    def column(self, column: schema.Column, empty: Any = None) -> list[Any]:  # noqa: ANN401 - typed by column
        """Understand one column of all rows.

        Args:
            column: The column.
            empty: What stands for a cell that is empty or not understood.
        """
        code = column.code
        if code not in self.filled:
            return [empty] * len(self.rows)
        values = [row.get(code) for row in self.rows.values()]
        meant = self._meanings(column, values, empty)
        try:
            return list(map(meant.__getitem__, values))
        except KeyError:
            return [
                meant[value] if value is None or value in meant else self._one(place, row_id, column, value, empty)
                for place, (row_id, value) in enumerate(zip(self.rows, values, strict=True))
            ]

    def _meanings(self, column: schema.Column, values: Sequence[Value], empty: Any) -> dict[Value, Any]:  # noqa: ANN401
        """Give what each distinct value means; those that need a finding, at each of their cells, are left out."""
        meant: dict[Value, Any] = {None: empty}
        if len(_NUMBERS & set(map(type, values))) > 1:
            return meant  # 1, 1.0 and TRUE are equal, and yet may mean different things
        before = len(self._noted)
        for value in dict.fromkeys(values):
            found = self._one(0, "", column, value, empty) if value is not None else empty
            if len(self._noted) == before:
                meant[value] = found
            del self._noted[before:]
        return meant

    def _one(self, place: int, row_id: str, column: schema.Column, value: Value, empty: Any) -> Any:  # noqa: ANN401
        self._place = place
        found = self.understand(row_id, column, value)
        return empty if found is None else found

    def finish(self) -> None:
        """Hand the findings over, row by row."""
        self._noted.sort(key=itemgetter(0))
        self.known.findings += [finding for _, finding in self._noted]

    def report(self, rule: str, level: str, row: str, column: str, **facts: str | int) -> None:
        self._noted.append((self._place, Finding(rule, level, self.table.code, row, column, facts)))

    def codes(self, column: schema.Column) -> Mapping[str, str]:
        """Give folded word → value for a column of words or references."""
        if column.code not in self._codes:
            self._codes[column.code] = self._words_of(column)
        return self._codes[column.code]

    def _words_of(self, column: schema.Column) -> Mapping[str, str]:
        if column.kind in {"choice", "choices"}:
            own = self.known.words.get(column.of)
            return schema.word_codes(column.of) if own is None else {**own, **schema.word_codes(column.of)}
        if column.kind == "yes_no":
            return schema.word_codes("yes_no")
        index = self.known.index(column.of)
        return {**index, **dict.fromkeys(schema.word_codes("everyone"), ALL)} if column.all_allowed else index

    def understand(self, row_id: str, column: schema.Column, value: Value) -> Any:  # noqa: ANN401 - typed by column
        """Understand one cell, and report what looks personal."""
        if isinstance(value, str) and column.kind in _TEXTS and not self._personal(value):
            return value.strip()  # nearly all texts are distinct, so the usual one takes the shortest way
        found = self.read(row_id, column, value)
        self.personal(row_id, column, value)
        wrap = self.names.get(column.code)
        return wrap(found) if wrap and found is not None and not isinstance(found, str) else found

    def read(self, row_id: str, column: schema.Column, value: Value) -> Any:  # noqa: ANN401 - typed by column
        """Understand one cell; problems become findings."""
        kind = column.kind
        if kind in {"text", "note", "id"}:
            if isinstance(shown(value), CellError):
                self.report("P-20", "warning", row_id, column.code, case="error-value")
            return cells.text_of(value)
        if kind in _PLAIN:
            return self._plain(row_id, column, _PLAIN[kind](value))
        return self._worded(row_id, column, value)

    def _worded(self, row_id: str, column: schema.Column, value: Value) -> Any:  # noqa: ANN401 - typed by column
        codes = self.codes(column)
        if column.many:
            many = cells.read_words(value, codes)
            self._words(row_id, column, many)
            return many.value or ()
        one = cells.read_word(value, codes)
        self._words(row_id, column, one)
        if column.kind == "yes_no":
            return None if one.value is None else one.value == "yes"
        return one.value or ""

    def _plain(self, row_id: str, column: schema.Column, found: cells.Reading[Any]) -> Any:  # noqa: ANN401
        if found.problem:
            level = "hint" if found.problem == cells.AS_TEXT else "warning"
            self.report("P-20", level, row_id, column.code, case=f"{column.kind}-{found.problem}")
        return found.value

    def _words(self, row_id: str, column: schema.Column, found: cells.Reading[Any]) -> None:
        if found.problem == cells.UNREADABLE:
            self.report("P-20", "warning", row_id, column.code, case="error-value")
        reference = column.kind in {"ref", "refs"}
        if reference and (self.table.code in SHIPPED or column.of not in self.known.tables):
            return
        for word in found.unknown:
            known = self.known.labels(column.of) if reference else self._vocabulary(column.of)
            nearest = closest(word, known)
            case = ("reference" if reference else "word") + ("-near" if nearest else "")
            rule, level = ("P-03", "error") if reference else ("P-01", "warning")
            self.report(rule, level, row_id, column.code, case=case, value=word, nearest=nearest)

    def _vocabulary(self, code: str) -> Sequence[str]:
        known = code in schema.vocabularies()
        return list(schema.code_words(code, self.known.language).values()) if known else ()

    def personal(self, row_id: str, column: schema.Column, value: Value) -> None:
        """Report what looks like an address or a phone number outside the contacts."""
        if isinstance(value, str) and column.kind in _TEXTS and (kind := self._personal(value)):
            self.report("P-18", "warning", row_id, column.code, case=kind)

    def _personal(self, text: str) -> str | None:
        return None if self.table.code in _PERSONAL else looks_personal(text)


_WRAP: Mapping[str, Any] = {"frozenset": frozenset, "tuple": tuple}


def _names(kind: type) -> dict[str, Any]:
    """Give each field of a class, and what several values become in it."""
    return {entry.name: _WRAP.get(str(entry.type).partition("[")[0]) for entry in dataclasses.fields(kind)}


def _objects(reader: _Reader) -> tuple[Any, ...]:
    """Make the objects of a table, column by column."""
    kind = CLASSES[reader.table.code]
    special = _SPECIAL.get(reader.table.code)
    ids = list(reader.rows)
    if special is None:
        begin = {entry.name: _beginning(entry) for entry in dataclasses.fields(kind)}
        found: dict[str, list[Any]] = {c.code: reader.column(c, begin.get(c.code)) for c in reader.plan} | {"id": ids}
        return _filled(kind, {name: found.get(name) or [empty] * len(ids) for name, empty in begin.items()})
    columns = {column.code: reader.column(column) for column in reader.plan} | {"id": ids}
    names = [name for name in reader.names if name in columns]
    made = []
    for row_id, *parts in zip(ids, *(columns[name] for name in names), strict=True):
        values = {name: part for name, part in zip(names, parts, strict=True) if part is not None}
        special(values, row_id)
        made.append(kind(**values))
    return tuple(made)


def _filled(kind: type, columns: Mapping[str, Sequence[Any]]) -> tuple[Any, ...]:
    """Make the objects of a class out of whole columns; to call it for each takes five times as long."""
    made: tuple[object, ...] = tuple(map(object.__new__, repeat(kind, len(columns["id"]))))
    for name, values in columns.items():
        deque(map(getattr(kind, name).__set__, made, values), maxlen=0)
    return made


def _beginning(entry: dataclasses.Field[Any]) -> Any:  # noqa: ANN401 - typed by field
    """Give what a field of a class holds where nothing is typed."""
    if entry.default is not dataclasses.MISSING:
        return entry.default
    return None if entry.default_factory is dataclasses.MISSING else entry.default_factory()


def _list(text: object) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[;,\n]+", str(text or "")) if part.strip())


def _template(values: dict[str, Any], row_id: str) -> None:
    block = re.match(r"T-([A-Z]+)", row_id)
    days = values.get("days")
    values.update(code=row_id, block=block[1] if block else "", after=_list(values.get("after")))
    values["days"] = int(days) if days is not None else 0
    values["short"] = bool(values.get("short"))
    for name in ("text", "role", "anchor"):
        values.setdefault(name, "")
    values["scope"] = values.get("scope") or "partner"


def _task(values: dict[str, Any], row_id: str) -> None:
    found = re.fullmatch(r"(.+?)\.(T-[A-Z]+\d+)(\.\d+)?", row_id)
    owner, code = (found[1], found[2]) if found else ("", "")
    values.update(owner=owner, code=code, after=_list(values.get("after")))


def _datum(values: dict[str, Any], _row_id: str) -> None:
    values["counts_people"] = schema.word_codes("reach_unit").get(schema.fold(str(values.get("unit", "")))) == "people"


def _document(values: dict[str, Any], _row_id: str) -> None:
    known = dict.fromkeys(schema.word_codes("everyone"), ALL) | schema.word_codes("group_kind")
    values["required_for"] = tuple(known.get(schema.fold(word), word) for word in _list(values.get("required_for")))


def _named(values: dict[str, Any], row_id: str) -> None:
    values.setdefault("name", row_id)


_SPECIAL: Mapping[str, Any] = {
    "task_templates": _template,
    "tasks": _task,
    "documents": _document,
    "domains": _named,
    "target_groups": _named,
    "partner_types": _named,
    "groups": _named,
    "social_data": _datum,
}


def parse(tables: Mapping[str, Rows], settings: Settings) -> tuple[Network, tuple[Finding, ...]]:
    """Understand the tables.

    Args:
        tables: Table code → rows; tables the workbook does not have are left out.
        settings: The settings of the same workbook.

    Returns:
        The network, and every cell that a person should look at.
    """
    known = Known(tables, settings)
    found: dict[str, tuple[Any, ...]] = {}
    for code, rows in tables.items():
        reader = _Reader(known, schema.tables()[code], rows)
        if code in CLASSES:
            found[code] = _objects(reader)
        elif code not in {"settings", "gaps", "conflicts", "checks", "history"}:
            for column in reader.plan:
                reader.column(column)
        reader.finish()
    network = Network(
        name=str(settings.values["network.name"]),
        rules=settings.rules,
        administration_supports=settings.administration_supports,
        sectors=tuple(entry.code for entry in schema.vocabularies()["sector"]),
        tables=frozenset(tables),
        **found,
    )
    return with_people(network), (*settings.findings, *known.findings)
