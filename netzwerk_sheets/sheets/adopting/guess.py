"""Say what a list is and what each of its columns means: by headings, by what stands below, by the tab's name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.sheets import cells, schema
from netzwerk_sheets.sheets.adopting.headings import NO_HIT, SURE, Hit, adoptable, hits, names_of, plain, words_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.sheets.adopting.regions import Region

LOOKED_AT = 200
"""So many values of a column are looked at."""

FITS, MISFIT = 0.6, 0.3
"""From which share of understood values on a column may be known by them alone, and below which one doubts."""

MOST_WORDS = 50
"""So many words that are not understood are written down."""

BOUND: Mapping[str, tuple[str, ...]] = {"contacts": ("partner",), "social_data": ("indicator", "value")}
"""Columns without which a list is not this table, where its key alone does not say so."""

PERSONAL = ("role_title", "name", "email", "phone", "channel")
"""Columns of contacts that a list of partners may have, too."""

REACHED = ("name", "email", "phone")
"""One of them must be there: a function alone reaches nobody."""

EMPTY = Hit(0, "own")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list.

    Attributes:
        code: Code of the network's column; empty where it stays as it is.
        hit: How sure that is, and why.
        unknown: Words in it that the network's vocabulary does not have.
        strange: How many values are not understood.
    """

    number: int
    heading: str
    code: str = ""
    hit: Hit = EMPTY
    unknown: tuple[str, ...] = ()
    strange: int = 0


@dataclass(frozen=True, slots=True)
class Guess:
    """What a list is taken for.

    Attributes:
        region: Where it stands.
        table: Code of the network's table; empty where the list is not understood.
        columns: Every column of the list.
        source: Name of the file it comes from; empty for the workbook itself.
        told: Whether a person said so in a mapping.
        here: Whether it may be used where it stands.
        words: Code of a column → word of the list → what it means, as a person said.
    """

    region: Region
    table: str
    columns: tuple[Column, ...]
    source: str = ""
    told: bool = False
    here: bool = True
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def codes(self) -> dict[str, int]:
        """Give code of a column → its number."""
        return {column.code: column.number for column in self.columns if column.code}


@dataclass(frozen=True, slots=True)
class Known:
    """Names that are known already: table code → folded names of its rows."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, code: str) -> frozenset[str]:
        """Give the names of a table's rows."""
        return self.names.get(code, frozenset()) | words_for(code)

    def with_names(self, code: str, more: Iterable[str]) -> Known:
        """Give the same with further names."""
        return Known({**self.names, code: self.names.get(code, frozenset()) | frozenset(more)})


def guess_all(regions: Sequence[Region], known: Known, source: str = "") -> list[Guess]:
    """Say what each of several lists is; the names of partners in one help to understand the others.

    They say nothing about the list itself: each list of partners would be one of contacts, as it names those it knows.
    """
    first = [guess(region, known) for region in regions]
    found = []
    for region in regions:
        others = known
        for each in first:
            if each.table == "partners" and each.region is not region:
                numbers = [each.codes[code] for code in ("name", "short_name") if code in each.codes]
                values = [cells.text_of(value) for number in numbers for value in each.region.values(number)]
                others = others.with_names("partners", map(schema.fold, values))
        found.append(replace(guess(region, others), source=source))
    return found


def guess(region: Region, known: Known) -> Guess:
    """Say what a list is."""
    best, most = Guess(region, "", own_columns(region)), 0.0
    for table in adoptable().values():
        columns = match(region, table, known)
        worth = _worth(region, table, columns, known)
        if worth > most:
            best, most = Guess(region, table.code, columns), worth
    return best


def persons_in(found: Guess, known: Known) -> Guess | None:
    """Give the contacts that a list of partners names beside them, each with its partner; `None` where it names none.

    Only columns count that mean nothing else in this list.
    """
    partner = next((column for code in ("name", "short_name") for column in found.columns if column.code == code), None)
    if found.table != "partners" or partner is None:
        return None
    free = {number: text for number, text in found.region.headings.items() if number not in found.codes.values()}
    table = schema.tables()["contacts"]
    theirs = [each for each in match(replace(found.region, headings=free), table, known) if each.code in PERSONAL]
    if not any(each.code in REACHED and found.region.values(each.number) for each in theirs):
        return None
    columns = (replace(partner, code="partner", unknown=(), strange=0), *theirs)
    return Guess(found.region, "contacts", columns, found.source, here=False)


def own_columns(region: Region) -> tuple[Column, ...]:
    """Give the columns of a list of which nothing is known."""
    return tuple(Column(number, heading) for number, heading in sorted(region.headings.items()))


# --- columns ----------------------------------------------------------------------------------------------


def match(region: Region, table: schema.Table, known: Known) -> tuple[Column, ...]:
    """Say which column of a list is which of a table; each at most once, the surest first."""
    offers: list[tuple[int, int, str, Hit]] = []
    fits = {number: _Fit(region.values(number)[:LOOKED_AT], known) for number in region.headings}
    for number, heading in region.headings.items():
        found = hits(table.code, heading)
        if table.code != "contacts" and _reaches_persons(heading):
            found = {code: hit for code, hit in found.items() if hit.why != "similar"}
        for column in table.columns:
            hit = _weighed(found.get(column.code, NO_HIT), fits[number], table, column)
            if hit.score:
                offers.append((-hit.score, number, column.code, hit))
    chosen: dict[int, tuple[str, Hit]] = {}
    taken: set[str] = set()
    for _, number, code, hit in sorted(offers):
        if number not in chosen and code not in taken:
            chosen[number] = (code, hit)
            taken.add(code)
    return tuple(
        described(region, table, number, *chosen.get(number, ("", EMPTY)), known) for number in sorted(region.headings)
    )


def _reaches_persons(heading: str) -> bool:
    """Say whether a heading surely names how persons are reached: then „Phone Number“ is no number of anything."""
    named = hits("contacts", heading)
    return any(named.get(code, NO_HIT).score >= SURE for code in ("email", "phone"))


def described(region: Region, table: schema.Table, number: int, code: str, hit: Hit, known: Known) -> Column:
    """Describe a column of a list, with what in it is not understood."""
    heading = region.headings[number]
    if not code:
        return Column(number, heading, "", hit)
    fit = _Fit(region.values(number), known)
    column = table.column(code)
    strange = fit.strange(column)
    unknown: dict[str, None] = {}
    if column.kind in {"choice", "choices"}:
        codes = schema.word_codes(column.of)
        for text in strange:
            pieces = cells.split(text, lambda piece: schema.fold(piece) in codes) if column.many else [text]
            unknown.update(dict.fromkeys(piece for piece in pieces if schema.fold(piece) not in codes))
    return Column(number, heading, code, hit, tuple(unknown)[:MOST_WORDS], len(strange))


def _weighed(hit: Hit, fit: _Fit, table: schema.Table, column: schema.Column) -> Hit:
    """Weigh what a heading says against what stands below it."""
    if column.code == "id":
        return hit if hit.score and fit.are_ids(table) else NO_HIT
    share = fit.share(column)
    return hit if share is None else _by_share(hit, fit, column, share)


def _by_share(hit: Hit, fit: _Fit, column: schema.Column, share: float) -> Hit:
    """Weigh a heading by the share of values that its column understands."""
    if hit.score:
        if hit.why in {"similar", "shortened"} and share < MISFIT and fit.values:
            return NO_HIT
        if share >= FITS and fit.values:
            return hit._replace(score=min(100, hit.score + 8))
        return hit._replace(score=60) if share < MISFIT and column.kind in _MEASURED and fit.values else hit
    worded = column.kind in {"choice", "choices"} or column.of in {"domains", "target_groups"}
    if worded and share >= FITS and fit.distinct >= 2:
        return Hit(70, "values")
    return NO_HIT


_MEASURED = frozenset({"date", "number", "count", "yes_no"})


class _Fit:
    """The values of a column, and how many of them a kind of column understands."""

    def __init__(self, values: Sequence[Value], known: Known) -> None:
        self.values = values
        self.known = known
        self.distinct = len({cells.text_of(value).casefold() for value in values})

    def are_ids(self, table: schema.Table) -> bool:
        """Say whether these are ids of a table, or nothing at all."""
        good = sum(table.id_number(cells.text_of(value)) is not None for value in self.values)
        return good >= 0.8 * len(self.values)

    def share(self, column: schema.Column) -> float | None:
        """Give the share of values that a column understands; `None` where it understands anything."""
        if not self._reads(column):
            return None
        return 1 - len(self.strange(column)) / len(self.values) if self.values else 1.0

    def strange(self, column: schema.Column) -> tuple[str, ...]:
        """Give the values that a column does not understand, as typed."""
        read = self._reads(column)
        return (
            tuple(text for value in self.values if not read(value) for text in [cells.text_of(value)]) if read else ()
        )

    def _reads(self, column: schema.Column) -> Callable[[Value], bool] | None:
        kind = column.kind
        if kind == "date":
            return lambda value: cells.read_date(value).value is not None
        if kind in {"number", "count"}:
            return lambda value: cells.read_number(value).value is not None
        if kind in {"choice", "choices", "yes_no"}:
            words = schema.word_codes("yes_no" if kind == "yes_no" else column.of)
            return lambda value: _all_known(value, words)
        if kind in {"ref", "refs"} and column.of in {"domains", "target_groups", "partners"}:
            names = self.known.of(column.of) | (schema.word_codes("everyone").keys() if column.all_allowed else set())
            return (lambda value: _all_known(value, names)) if names else None
        return None


def _all_known(value: Value, words: Iterable[str]) -> bool:
    known = words if isinstance(words, dict | frozenset | set) else frozenset(words)
    pieces = cells.split(cells.text_of(value), lambda piece: schema.fold(piece) in known)
    return bool(pieces) and all(schema.fold(piece) in known for piece in pieces)


# --- tables -----------------------------------------------------------------------------------------------


def _worth(region: Region, table: schema.Table, columns: Sequence[Column], known: Known) -> float:
    """Weigh how much speaks for a table; 0 where what it is about is not there."""
    found = {column.code: column.hit.score for column in columns if column.code}
    named = _named(region, table)
    if not _is_about(table, found) or (len(found) < 2 and not named and max(found.values()) < 100):
        return 0
    if table.code == "contacts" and not named and not _are_known(region, columns, "partner", known.of("partners")):
        return 0
    keys = {*table.key, table.label, "short_name"} - {"id"}
    worth = sum(score / 100 * (3 if code in keys else 1.5) for code, score in found.items() if code != "id")
    if table.code in {"domains", "target_groups"} and _are_known(region, columns, "name", known.of(table.code)):
        worth += 1
    return worth + named


def _is_about(table: schema.Table, found: Mapping[str, int]) -> bool:
    """Say whether the columns are there that say what a row is about."""
    needed = BOUND.get(table.code)
    if needed is None:
        bound = [code for code in table.key if table.column(code).kind == "ref"]
        needed = tuple(bound or ())
    if not all(code in found for code in needed):
        return False
    if needed and table.code != "contacts":
        return all(code in found for code in table.required)
    # A date alone is in lists of anything: it says when, not what.
    about = {column.code for column in table.columns if column.kind not in {"id", "date"}}
    return any(code in found for code in (*table.key, table.label, "short_name") if code in about)


def _are_known(region: Region, columns: Sequence[Column], code: str, names: frozenset[str]) -> bool:
    number = next((column.number for column in columns if column.code == code), None)
    values = region.values(number)[:LOOKED_AT] if number is not None else []
    return bool(values) and sum(schema.fold(cells.text_of(value)) in names for value in values) >= len(values) / 2


def _named(region: Region, table: schema.Table) -> float:
    """Weigh what the tab is called and what stands above the list."""
    names = names_of(table.code)
    if plain(region.tab) in names:
        return 4
    for text, worth in ((region.caption, 3.0), (region.tab, 2.0)):
        words = set(plain(text).split())
        if any(set(name.split()) <= words for name in names):
            return worth
    return 0
