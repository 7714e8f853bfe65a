"""Which row is which: ids first, and where an id is missing, doubled or strange, what the rows say.

Ids are visible to people, so people clear, copy, fill down and type over them. Nothing they do to an id may
lose a row or mix two rows up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Value, shown
from netzwerk_sheets.merge.claims import Claims, Finding, IdNote
from netzwerk_sheets.merge.deciding import identity_sides, seal
from netzwerk_sheets.merge.likeness import (
    Meaning,
    alike,
    equal_pairs,
    fingerprint,
    meaning,
    name_of,
    natural_key,
    plausible,
    similarity,
    unique_pairs,
)
from netzwerk_sheets.merge.outcome import Choice, ConflictKind, Requests
from netzwerk_sheets.merge.rows import Health, Reading, Row, RowId, Rows, Snapshot, State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    from netzwerk_sheets.merge.schema import TableSchema


@dataclass(frozen=True, slots=True)
class Identified:
    """All replicas with their rows known."""

    snapshots: tuple[Snapshot, ...]
    notes: tuple[IdNote, ...]


def answers(state: State, requests: Requests) -> dict[RowId, bool]:
    """Give people's answers to open questions whether two rows are the same: new id → yes or no."""
    found: dict[RowId, bool] = {}
    for replica, pairs in state.proposals.items():
        for new, missing in pairs.items():
            key = (new, "", ConflictKind.IDENTITY.value)
            mark = seal(new, "", ConflictKind.IDENTITY, identity_sides(replica, new, missing))
            for decision in requests.decisions:
                if decision.conflict == requests.register.get(key) and decision.digest == mark:
                    found |= {new: decision.choice is Choice.A} if decision.choice in (Choice.A, Choice.B) else {}
    return found


def identify(
    readings: Iterable[Reading],
    state: State,
    schema: TableSchema,
    new_id: Callable[[], RowId],
    *,
    requests: Requests | None = None,
    erased: frozenset[RowId] = frozenset(),
) -> Identified:
    """Give every row of every replica its id.

    Args:
        readings: *All* replicas of the table that could be read: a row that is missing here may stand there.
        state: What was agreed before.
        schema: The table.
        new_id: Hands out ids never given before (`ids.counter`).
        requests: People's answers to open questions.
        erased: Ids of people whose data was erased for good: such rows are not taken in.

    Returns:
        One snapshot per reading, by rank, and what was found. Ids are deterministic: they depend on rank and
        sheet order, not on the order of the readings.
    """
    ranked = sorted(readings, key=lambda reading: (reading.rank, reading.replica))
    work = Claims(state, schema, new_id, erased, answers(state, requests) if requests else {})
    for reading in ranked:
        if reading.health is Health.OK:
            work.look_at(reading)
    work.note_moved()
    snapshots = tuple(_Table(reading, work).snapshot() for reading in ranked)
    return Identified(snapshots, tuple(work.notes))


def _of(keys: Mapping[int, Hashable], loose: Collection[int]) -> dict[int, Hashable]:
    """Keep the keys of rows that are still without an id."""
    return {index: key for index, key in keys.items() if index in loose}


class _Table:
    """The rows of one replica while they get their ids."""

    def __init__(self, reading: Reading, work: Claims) -> None:
        """Begin with nothing known."""
        self.reading = reading
        self.work = work
        self.schema = work.schema
        self.base = work.state.bases.get(reading.replica, {})
        self.has_base = reading.replica in work.state.bases
        self.ids: dict[int, RowId] = {}
        self.origins: dict[int, RowId] = {}
        self.proposals: dict[RowId, RowId] = {}

    def snapshot(self) -> Snapshot:
        """Give every row its id."""
        reading = self.reading
        if reading.health is not Health.OK:
            return Snapshot(reading.replica, reading.rank, {}, reading.columns, reading.health, reading.part)
        open_before = self._apply_answers()
        for name, indices in self.work.claims[reading.replica].items():
            if name in self.work.erased:
                self._note(Finding.REFUSED, name)
            elif name in self.base and len(indices) == 1:
                self.ids.setdefault(indices[0], name)
            else:
                self._settle_claim(name, indices)
        loose = self._loose()
        if loose:
            self._find_again(loose)
        self._carry_proposals(open_before)
        return self._result()

    def _apply_answers(self) -> dict[RowId, RowId]:
        """Carry out people's answers; give the questions that stay open."""
        reading, claims = self.reading, self.work.claims[self.reading.replica]
        still: dict[RowId, RowId] = {}
        for new, missing in self.work.state.proposals.get(reading.replica, {}).items():
            answer = self.work.answers.get(new)
            if answer is None:
                still[new] = missing
            elif answer and len(claims.get(new, ())) == 1 and missing not in claims:
                self.ids[claims[new][0]] = missing
                self._note(Finding.REPAIRED, missing, new)
        return still

    def _settle_claim(self, name: RowId, indices: Sequence[int]) -> None:
        """Decide which of the rows that show an id may have it, if any."""
        state = self.work.state
        indices = [index for index in indices if index not in self.ids]
        anchor = self.base.get(name) or state.hub.get(name) or state.tombstones.get(name)
        known = name in self.base or name in state.hub or name in state.tombstones
        if not known:
            self._settle_unknown(name, indices)
            return
        if name not in self.base:
            indices = self._believable(name, indices)
        if indices:
            best = self._closest(indices, anchor or {})
            self.ids[best] = name
            for index in indices:
                if index != best:
                    self.origins[index] = name
            if name not in state.hub and name not in self.base:
                self._note(Finding.BACK, name)

    def _settle_unknown(self, name: RowId, indices: Sequence[int]) -> None:
        """Handle an id that nobody gave out: believed on first contact, otherwise typed or copied by a person."""
        for place, index in enumerate(indices):
            if place == 0 and not self.has_base:
                self.ids[index] = name
            elif not self.has_base:
                self.origins[index] = name

    def _believable(self, name: RowId, indices: Sequence[int]) -> list[int]:
        """Keep the rows that can be the known one though it was not here before; the others are copies."""
        state, rows = self.work.state, self.reading.rows
        if not self.has_base:
            return list(indices)
        cut = self.work.cut_elsewhere(name, self.reading.replica)
        known = [row for row in (state.hub.get(name), state.tombstones.get(name), cut) if row is not None]
        believed = (
            [] if self._is_copy(name, cut) else [i for i in indices if plausible(rows[i].cells, known, self.schema)]
        )
        for index in indices:
            if index not in believed:
                self.origins[index] = name
        return believed

    def _is_copy(self, name: RowId, cut: Row | None) -> bool:
        """Say whether a row can only be a copy: it still stands in another tab, and can belong to one only."""
        part, hub = self.reading.part, self.work.state.hub.get(name)
        if part is None or hub is None or cut is not None or part.contains(name, hub):
            return False
        joined = {**hub, **part.join(hub)}
        others = (other for other in self.work.readings.values() if other.replica != self.reading.replica)
        return any(
            other.part is not None
            and name in self.work.claims[other.replica]
            and other.part.contains(name, hub)
            and not other.part.contains(name, joined)
            for other in others
        )

    def _closest(self, indices: Sequence[int], anchor: Row) -> int:
        """Give the row most like the known one, the first of equals."""
        if len(indices) == 1:
            return indices[0]
        wanted = meaning(anchor, self.schema)
        scores = [similarity(meaning(self.reading.rows[index].cells, self.schema), wanted) for index in indices]
        return indices[scores.index(max(scores))]

    def _loose(self) -> dict[int, Meaning]:
        """Give the rows without an id that say anything."""
        if len(self.ids) == len(self.reading.rows):
            return {}
        refused = {i for name in self.work.erased for i in self.work.claims[self.reading.replica].get(name, ())}
        return {
            index: meaning(row.cells, self.schema)
            for index, row in enumerate(self.reading.rows)
            if index not in self.ids and index not in refused and any(v is not None for v in row.cells.values())
        }

    def _find_again(self, loose: dict[int, Meaning]) -> None:
        """Find rows that lost their id; give the others a new one."""
        taken = set(self.ids.values())
        missing = {name: meaning(row, self.schema) for name, row in self.base.items() if name not in taken}
        prints = {index: fingerprint(cells) for index, cells in loose.items()}
        names = {index: natural_key(cells, self.schema) for index, cells in loose.items()}
        self._pair(loose, equal_pairs(prints, self._prints(missing)), Finding.REPAIRED)
        missing = {name: cells for name, cells in missing.items() if name not in self.work.moved}
        self._pair(loose, unique_pairs(_of(names, loose), self._names(missing)), Finding.REPAIRED)
        cut = {name: meaning(row, self.schema) for name, row in self._elsewhere(self.work.all_cut()).items()}
        self._pair(loose, equal_pairs(_of(prints, loose), self._prints(cut)), Finding.REPAIRED)
        self._pair(loose, self._typed_elsewhere(_of(names, loose), _of(prints, loose)), Finding.SAME)
        missing = {name: cells for name, cells in missing.items() if name not in self.ids.values()}
        pairs = alike(loose, missing) if missing else {}
        for index in loose:
            self._take_in(index, pairs.get(index))

    def _prints(self, rows: Mapping[RowId, Meaning]) -> dict[RowId, Hashable]:
        """Give the fingerprints of rows that have not been found yet."""
        taken = set(self.ids.values())
        return {name: fingerprint(cells) for name, cells in rows.items() if name not in taken}

    def _names(self, rows: Mapping[RowId, Meaning]) -> dict[RowId, Hashable]:
        """Give the natural keys of rows that have not been found yet."""
        taken = set(self.ids.values())
        return {name: natural_key(cells, self.schema) for name, cells in rows.items() if name not in taken}

    def _elsewhere(self, rows: Rows) -> Rows:
        """Keep the rows this replica was never shown."""
        taken = set(self.ids.values()) | self.base.keys()
        return {name: row for name, row in rows.items() if name not in taken}

    def _typed_elsewhere(self, names: Mapping[int, Hashable], prints: Mapping[int, Hashable]) -> dict[int, RowId]:
        """Find rows that somebody typed in another replica too, so that they become one row, not two."""
        theirs = self._elsewhere({**self.work.state.hub, **self.work.fresh})
        pairs: dict[int, RowId] = {}
        if self.schema.natural_key:
            pairs = unique_pairs(names, {name: name_of(row, self.schema) for name, row in theirs.items()})
        elif not self.has_base:
            pairs = equal_pairs(prints, {name: fingerprint(meaning(row, self.schema)) for name, row in theirs.items()})
        # A copy bears its origin's name; that does not make it the same row as a third one.
        return {index: name for index, name in pairs.items() if index not in self.origins}

    def _pair(self, loose: dict[int, Meaning], pairs: Mapping[int, RowId], finding: Finding) -> None:
        """Give ids back to rows that are the missing ones for certain."""
        for index, name in pairs.items():
            self.ids[index] = name
            self.origins.pop(index, None)
            self._note(finding, name, self._shown(index))
            del loose[index]

    def _take_in(self, index: int, maybe: RowId | None) -> None:
        """Give a row a new id; it may be a missing one all the same."""
        name = self.work.give()
        self.ids[index] = name
        self.work.fresh[name] = self.reading.rows[index].cells
        if maybe is not None:
            self.proposals[name] = maybe
        if index in self.origins:
            self._note(Finding.COPIED, name, self.origins[index])
        elif self._shown(index).strip():
            self._note(Finding.STRANGE, name, self._shown(index))
        else:
            self._note(Finding.NEW, name)

    def _carry_proposals(self, before: Mapping[RowId, RowId]) -> None:
        """Keep questions open as long as the new row stands there and the other one is still missing."""
        names = set(self.ids.values())
        for new, missing in before.items():
            if new in names and missing not in names and missing in self.base:
                self.proposals[new] = missing

    def _shown(self, index: int) -> str:
        """Give what a row's id cell shows."""
        value = shown(self.reading.rows[index].id)
        return "" if value is None else str(value)

    def _note(self, finding: Finding, row: RowId, shown_id: str = "") -> None:
        """Take down a finding."""
        self.work.notes.append(IdNote(finding, self.reading.replica, row, shown_id))

    def _result(self) -> Snapshot:
        """Put the snapshot together."""
        reading = self.reading
        rows: dict[RowId, Row] = {}
        places: dict[RowId, int] = {}
        shown_ids: dict[RowId, Value] = {}
        private: dict[RowId, Row] = {}
        for index, name in sorted(self.ids.items()):
            row = reading.rows[index]
            rows[name], places[name] = row.cells, index
            if row.id != name:
                shown_ids[name] = row.id
            if row.private:
                private[name] = row.private
        return Snapshot(
            replica=reading.replica,
            rank=reading.rank,
            rows=rows,
            columns=reading.columns,
            part=reading.part,
            places=places,
            shown_ids=shown_ids,
            origins={self.ids[index]: origin for index, origin in self.origins.items() if index in self.ids},
            proposals=self.proposals,
            private=private,
        )
