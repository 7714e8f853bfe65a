"""Turn the tables people filled into a `Network` and a list of findings.

What is not understood is never changed and never stops the rest: it becomes a finding at its cell and the
value counts as unknown.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets import model
from netzwerk_sheets.analysis.checks import looks_personal
from netzwerk_sheets.analysis.social import with_people
from netzwerk_sheets.grid import CellError, Value, shown
from netzwerk_sheets.model import ALL, Finding, Network
from netzwerk_sheets.sheets import cells, schema

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


@dataclass(slots=True)
class _Context:
    """What reading one workbook needs and collects."""

    index: dict[str, dict[str, str]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def _index(code: str, rows: Rows) -> dict[str, str]:
    """Give folded id, label or full name → id; the first row wins where a label stands twice."""
    table = schema.tables()[code]
    found = {schema.fold(row_id): row_id for row_id in rows}
    for column in dict.fromkeys((table.label, "short_name", "name", "title")):
        for row_id, row in rows.items():
            text = cells.text_of(row.get(column))
            if text:
                found.setdefault(schema.fold(text), row_id)
    return found


def _closest(word: str, known: Sequence[str]) -> str:
    """Give the known word nearest to what was typed, or nothing."""
    found = difflib.get_close_matches(word.casefold(), [text.casefold() for text in known], n=1, cutoff=0.6)
    return next((text for text in known if found and text.casefold() == found[0]), "")


_PLAIN: Mapping[str, Callable[[Value], cells.Reading[Any]]] = {
    "date": cells.read_date,
    "count": cells.read_count,
    "number": cells.read_number,
}


class _Reader:
    """Reads the rows of one table."""

    def __init__(
        self, context: _Context, table: schema.Table, language: str, labels: Mapping[str, Sequence[str]]
    ) -> None:
        self.context = context
        self.table = table
        self.language = language
        self.labels = labels
        self.names = _names(CLASSES[table.code]) if table.code in CLASSES else {}
        self.memos: dict[str, dict[str, Any]] = {column.code: {} for column in table.columns}
        self.plan = [(column, column.code, self.memos[column.code]) for column in table.columns if column.code != "id"]
        self._known_codes: dict[str, Mapping[str, str]] = {}

    def report(self, rule: str, level: str, row: str, column: str, **facts: str | int) -> None:
        self.context.findings.append(Finding(rule, level, self.table.code, row, column, facts))

    def codes(self, column: schema.Column) -> Mapping[str, str]:
        """Give folded word → value for a column of words or references."""
        if column.kind in {"choice", "choices"}:
            own = self.context.words.get(column.of)
            return schema.word_codes(column.of) if own is None else {**own, **schema.word_codes(column.of)}
        if column.kind == "yes_no":
            return schema.word_codes("yes_no")
        codes = self.context.index.get(column.of, {})
        if column.all_allowed:
            codes = {**codes, **dict.fromkeys(schema.word_codes("everyone"), ALL)}
            self.context.index.setdefault(column.of, codes)
        return codes

    def understand(self, row_id: str, column: schema.Column, value: Value) -> Any:  # noqa: ANN401 - typed by column
        """Understand one cell; a word without a problem is understood once, however often it stands there."""
        before = len(self.context.findings)
        found = self.read(row_id, column, value)
        self.personal(row_id, column, value)
        wrap = self.names.get(column.code)
        if wrap and found is not None and not isinstance(found, str):
            found = wrap(found)
        if isinstance(value, str) and len(self.context.findings) == before:
            self.memos[column.code][value] = found
        return found

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
        codes = self._codes(column)
        if column.many:
            many = cells.read_words(value, codes)
            self._words(row_id, column, many)
            return many.value or ()
        one = cells.read_word(value, codes)
        self._words(row_id, column, one)
        if column.kind == "yes_no":
            return None if one.value is None else one.value == "yes"
        return one.value or ""

    def _codes(self, column: schema.Column) -> Mapping[str, str]:
        if column.code not in self._known_codes:
            self._known_codes[column.code] = self.codes(column)
        return self._known_codes[column.code]

    def _plain(self, row_id: str, column: schema.Column, found: cells.Reading[Any]) -> Any:  # noqa: ANN401
        if found.problem:
            level = "hint" if found.problem == cells.AS_TEXT else "warning"
            self.report("P-20", level, row_id, column.code, case=f"{column.kind}-{found.problem}")
        return found.value

    def _words(self, row_id: str, column: schema.Column, found: cells.Reading[Any]) -> None:
        if found.problem == cells.UNREADABLE:
            self.report("P-20", "warning", row_id, column.code, case="error-value")
        reference = column.kind in {"ref", "refs"}
        if reference and (self.table.code in SHIPPED or column.of not in self.labels):
            return
        for word in found.unknown:
            nearest = _closest(word, self.labels.get(column.of if reference else f"={column.of}", ()))
            case = ("reference" if reference else "word") + ("-near" if nearest else "")
            rule, level = ("P-03", "error") if reference else ("P-01", "warning")
            self.report(rule, level, row_id, column.code, case=case, value=word, nearest=nearest)

    def personal(self, row_id: str, column: schema.Column, value: Value) -> None:
        """Report what looks like an address or a phone number outside the contacts."""
        if self.table.code in {"contacts", *SHIPPED} or column.kind not in {"text", "note"}:
            return
        if isinstance(value, str) and (kind := looks_personal(value)):
            self.report("P-18", "warning", row_id, column.code, case=kind)


def _labels(tables: Mapping[str, Rows], language: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, rows in tables.items():
        label = schema.tables()[code].label
        found[code] = [text for row in rows.values() if (text := cells.text_of(row.get(label)))]
    for name in schema.vocabularies():
        found[f"={name}"] = list(schema.code_words(name, language).values())
    return found


_WRAP: Mapping[str, Any] = {"frozenset": frozenset, "tuple": tuple}


def _names(kind: type) -> dict[str, Any]:
    """Give each field of a class, and what several values become in it."""
    return {entry.name: _WRAP.get(str(entry.type).partition("[")[0]) for entry in dataclasses.fields(kind)}


def _build(reader: _Reader, row_id: str, row: Mapping[str, Value]) -> Any:  # noqa: ANN401 - class by table
    kind = CLASSES[reader.table.code]
    names = reader.names
    values: dict[str, Any] = {"id": row_id} if "id" in names else {}
    for column, target, memo in reader.plan:
        value = row.get(target)
        if value is None:
            continue
        if isinstance(value, str) and value in memo:  # noqa: SIM108 - the usual way first, and readable
            found = memo[value]
        else:
            found = reader.understand(row_id, column, value)
        if found is not None and target in names:
            values[target] = found
    _SPECIAL.get(reader.table.code, _nothing)(values, row_id)
    return kind(**values)


def _nothing(values: dict[str, Any], row_id: str) -> None:
    """Most tables need no more than their columns."""


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


def _rows(reader: _Reader, rows: Rows) -> Iterator[Any]:
    for row_id, row in rows.items():
        yield _build(reader, row_id, row)


def parse(tables: Mapping[str, Rows], settings: Settings) -> tuple[Network, tuple[Finding, ...]]:
    """Understand the tables.

    Args:
        tables: Table code → rows; tables the workbook does not have are left out.
        settings: The settings of the same workbook.

    Returns:
        The network, and every cell that a person should look at.
    """
    context = _Context({code: _index(code, rows) for code, rows in tables.items()}, settings.words)
    labels = _labels(tables, settings.language)
    found: dict[str, tuple[Any, ...]] = {}
    for code, rows in tables.items():
        reader = _Reader(context, schema.tables()[code], settings.language, labels)
        if code in CLASSES:
            found[code] = tuple(_rows(reader, rows))
        elif code not in {"settings", "gaps", "conflicts", "checks", "history"}:
            for row_id, row in rows.items():
                for column in reader.table.columns:
                    reader.read(row_id, column, row.get(column.code))
                    reader.personal(row_id, column, row.get(column.code))
    network = Network(
        name=str(settings.values["network.name"]),
        rules=settings.rules,
        administration_supports=settings.administration_supports,
        sectors=tuple(entry.code for entry in schema.vocabularies()["sector"]),
        tables=frozenset(tables),
        **found,
    )
    return with_people(network), (*settings.findings, *context.findings)
