"""What every replica says about ids, before any row is believed to be one or another."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from netzwerk_sheets.merge.likeness import PLAUSIBLE, fingerprint, meaning, plausible, similarity

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from netzwerk_sheets.merge.rows import Reading, Row, RowId, Rows, State
    from netzwerk_sheets.merge.schema import TableSchema


class Finding(Enum):
    """What was found about a row's id."""

    NEW = "new"
    COPIED = "copied"  # a copy of another row, id and all; it has its own id now
    STRANGE = "strange"  # an id nobody gave out; the row has its own id now
    REPAIRED = "repaired"  # the id was lost and found again by what the row says
    SAME = "same"  # typed in two places: the same row, by its natural key
    BACK = "back"  # deleted, and put back by somebody
    REFUSED = "refused"  # erased for good; not taken in


@dataclass(frozen=True, slots=True)
class IdNote:
    """One finding.

    Attributes:
        finding: What was found.
        replica: Where.
        row: The row's id now; for refused rows the id shown.
        shown: What the id cell showed.
    """

    finding: Finding
    replica: str
    row: RowId
    shown: str = ""


@dataclass(slots=True)
class Claims:
    """What is known while the replicas are gone through, best rank first."""

    state: State
    schema: TableSchema
    new_id: Callable[[], RowId]
    erased: frozenset[RowId]
    answers: Mapping[RowId, bool]
    notes: list[IdNote] = field(default_factory=list)
    claims: dict[str, dict[RowId, list[int]]] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    fresh: dict[RowId, Row] = field(default_factory=dict)
    taken: set[RowId] = field(default_factory=set)
    moved: set[RowId] = field(default_factory=set)

    def look_at(self, reading: Reading) -> None:
        """Take note of the ids a replica shows."""
        base = self.state.bases.get(reading.replica, {})
        claims: dict[RowId, list[int]] = {}
        for index, row in enumerate(reading.rows):
            name = row.id if isinstance(row.id, str) and row.id in base else self.schema.read_id(row.id)
            if name is not None:
                claims.setdefault(name, []).append(index)
        self._drop_typed_over(reading, claims, base)
        self.claims[reading.replica] = claims
        self.readings[reading.replica] = reading

    def _drop_typed_over(self, reading: Reading, claims: dict[RowId, list[int]], base: Rows) -> None:
        """Do not believe an id where the row plainly is another one of this tab, whose id it must have borne."""
        missing = [meaning(row, self.schema) for name, row in base.items() if name not in claims]
        if not missing:
            return
        for name, indices in list(claims.items()):
            cells = reading.rows[indices[0]].cells
            if (
                len(indices) > 1
                or name not in base
                or cells == base[name]
                or plausible(cells, [base[name]], self.schema)
            ):
                continue
            said = meaning(cells, self.schema)
            if any(said and similarity(said, other) >= PLAUSIBLE for other in missing):
                del claims[name]

    def note_moved(self) -> None:
        """Note the rows that are missing in one tab and stand in another, by id or word for word.

        Nothing that merely resembles such a row is it: people copy a row, go on typing in the copy, and put
        the original elsewhere.
        """
        for replica, claims in self.claims.items():
            base = self.state.bases.get(replica, {})
            missing = {name: row for name, row in base.items() if name not in claims}
            if not missing:
                continue
            prints = {name: fingerprint(meaning(row, self.schema)) for name, row in missing.items()}
            for other, theirs in self.claims.items():
                if other != replica:
                    known = self.state.bases.get(other, {})
                    self.moved.update(name for name in missing if name in theirs and name not in known)
                    loose = self._loose_prints(other)
                    self.moved.update(n for n, mark in prints.items() if mark in loose and n not in known)

    def _loose_prints(self, replica: str) -> set[Hashable]:
        """Give what the rows without a known id say in one replica."""
        known = self.state.bases.get(replica, {})
        named = {i for name, indices in self.claims[replica].items() if name in known for i in indices[:1]}
        rows = self.readings[replica].rows
        prints = {fingerprint(meaning(row.cells, self.schema)) for i, row in enumerate(rows) if i not in named}
        return prints - {None}

    def give(self) -> RowId:
        """Hand out an id that nobody shows, not even by mistake."""
        while (name := self.new_id()) in self.taken or any(name in claims for claims in self.claims.values()):
            pass
        self.taken.add(name)
        return name

    def cut_elsewhere(self, row: RowId, replica: str) -> Row | None:
        """Give a row as agreed with another replica that no longer shows it."""
        for other, claims in self.claims.items():
            base = self.state.bases.get(other, {})
            if other != replica and row in base and row not in claims:
                return base[row]
        return None

    def all_cut(self) -> Rows:
        """Give all rows that some replica held and no longer shows."""
        return {
            row: cells
            for replica, claims in self.claims.items()
            for row, cells in self.state.bases.get(replica, {}).items()
            if row not in claims
        }
