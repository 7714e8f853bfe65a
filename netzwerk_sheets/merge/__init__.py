"""Merge what many people edit in several workbooks at once, losing nothing.

Pure functions over plain rows: no file, no network, no clock, no word of any language. One run of the tool
uses them like this, table by table::

    reading = Reading(replica, rank, rows, columns, health, part)     one per workbook or tab; `by_values` finds
          │                                                           columns again whose heading changed
          ▼
    identify(readings, state, schema, new_id)                         which row is which: ids lost, copied,
          │                                                           typed over, moved between tabs
          ▼
    merge(state, snapshots, schema, requests)  →  MergeResult         hub, conflicts, deletions, safety stop;
          │                                                           store hub + bases + history in ONE
          ▼                                                           transaction before anything is written
    propose(result.hub, computed, proposed, schema)                   the tool's own values
          │
          ▼   per replica
    ops = diff(project(result, snapshot, schema), snapshot)           what to write there: journal it, write
          │                                                           it where cells still show `expected`
          ▼
    bases = confirm(bases, replica, ops that were written)            what is agreed now

A change is what differs from the *base*, the last state agreed with that replica; no clock decides anything.
Four rules keep every word, and the tests show what happens without each of them:

1. Hub and bases are stored together, and a base takes in what was *read*, not what will be written.
2. A row is deleted only if no replica holds a word in it that the others have not seen.
3. A marker in each workbook says which run wrote it last, so that after a crash it is known whether a
   journalled write took place; then `confirm` is applied to it, otherwise the journal is dropped.
4. Nothing is written over a cell that changed since it was read.

Conflicts are not stored: while two people disagree, each workbook keeps its own value and the base stays what
it was, so every run finds the conflict again, and it vanishes by itself when they agree.
"""

from netzwerk_sheets.merge.cells import Merged, Verdict, merge_cell
from netzwerk_sheets.merge.claims import Finding, IdNote
from netzwerk_sheets.merge.columns import by_values
from netzwerk_sheets.merge.engine import merge
from netzwerk_sheets.merge.identity import Identified, identify
from netzwerk_sheets.merge.ids import counter, known_ids, make_id, read_id
from netzwerk_sheets.merge.lines import merge_notes
from netzwerk_sheets.merge.outcome import (
    Brake,
    BrakeKind,
    Change,
    ChangeKind,
    Choice,
    Conflict,
    ConflictKey,
    ConflictKind,
    Decision,
    Insert,
    Limits,
    MergeResult,
    Op,
    Put,
    Remove,
    Requests,
    Side,
)
from netzwerk_sheets.merge.projection import confirm, diff, losses, project
from netzwerk_sheets.merge.proposals import Computed, propose
from netzwerk_sheets.merge.rows import (
    NO_BASE,
    Health,
    Reading,
    ReadRow,
    Row,
    RowId,
    Rows,
    Slice,
    Snapshot,
    State,
)
from netzwerk_sheets.merge.schema import ID, Column, Conventions, Kind, Owner, TableSchema
from netzwerk_sheets.merge.undo import UNDOABLE, Former, Undone, invert, replaced
from netzwerk_sheets.merge.values import canonical, same_look

__all__ = [
    "ID",
    "NO_BASE",
    "UNDOABLE",
    "Brake",
    "BrakeKind",
    "Change",
    "ChangeKind",
    "Choice",
    "Column",
    "Computed",
    "Conflict",
    "ConflictKey",
    "ConflictKind",
    "Conventions",
    "Decision",
    "Finding",
    "Former",
    "Health",
    "IdNote",
    "Identified",
    "Insert",
    "Kind",
    "Limits",
    "MergeResult",
    "Merged",
    "Op",
    "Owner",
    "Put",
    "ReadRow",
    "Reading",
    "Remove",
    "Requests",
    "Row",
    "RowId",
    "Rows",
    "Side",
    "Slice",
    "Snapshot",
    "State",
    "TableSchema",
    "Undone",
    "Verdict",
    "by_values",
    "canonical",
    "confirm",
    "counter",
    "diff",
    "identify",
    "invert",
    "known_ids",
    "losses",
    "make_id",
    "merge",
    "merge_cell",
    "merge_notes",
    "project",
    "propose",
    "read_id",
    "replaced",
    "same_look",
]
