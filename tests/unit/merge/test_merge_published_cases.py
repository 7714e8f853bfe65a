"""Three-way merges published by others, run in both orientations.

In scope are all cases of ``daff.json`` and ``dolt_row.json``: rows, cells and columns of one table. How they
are laid on this engine:

- ``dolt``: the key column is the id; the other columns are numbers.
- ``daff``: there is no key, rows are aligned by content; the id stands in a column of its own, as in every
  table of this program, and a row is renamed by editing its cell. Row order is ignored.
- A case with values in markers (``((( a ))) b /// c``) or without an expected table must end in a conflict.
- A column only one side has is that side's own: it stays there, beside its rows, and is no part of the merge.
- A column one side lacks was deleted there, with the deletion confirmed.
- A row deleted here and changed there must be kept and reported.
- Two rows inserted with the same key and different values: first contact of two rows, so a conflict.
"""

import json
from pathlib import Path

import pytest
from merge_table import Tab, sync

from netzwerk_sheets.merge import Column, Kind, Requests, State, TableSchema, make_id

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "merge"
OUT_OF_SCOPE: dict[str, str] = {}
"""Case id → reason. None so far."""


def cases():
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            if case["id"] not in OUT_OF_SCOPE:
                yield case


def normal(grid, key):
    """Give a table as id → cells; without a key, the first column's place in the base names the row."""
    header, *lines = grid
    return header, [dict(zip(header, line, strict=True)) for line in lines]


def names(case):
    """Name every row of a keyless case by what it says: the same country or the same capital."""
    known = {}

    def name(row):
        for number, cells in known.items():
            if cells["Country"] & {row["Country"]} or cells["Capital"] & {row["Capital"]}:
                cells["Country"].add(row["Country"])
                cells["Capital"].add(row["Capital"])
                return number
        known[len(known) + 1] = {"Country": {row["Country"]}, "Capital": {row["Capital"]}}
        return len(known)

    return name


def laid_out(case, grid, name):
    header, rows = normal(grid, case["key"])
    table = {}
    for row in rows:
        number = row[case["key"]] if case["key"] else name(row)
        cells = {k: v for k, v in row.items() if k != case["key"] and v is not None}
        table[make_id("T", number)] = cells
    return frozenset(header) - {case["key"]}, table


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared test data (../shared/data) is not here")
@pytest.mark.parametrize("swap", [False, True], ids=["ours-theirs", "theirs-ours"])
@pytest.mark.parametrize("case", list(cases()) if FOLDER.is_dir() else [], ids=lambda case: case["id"])
def test_published_merges_come_out_as_published(case, swap):
    name = names(case)
    known, base = laid_out(case, case["base"], name)
    sides = {"A": laid_out(case, case["ours"], name), "B": laid_out(case, case["theirs"], name)}
    if swap:
        sides = {"A": sides["B"], "B": sides["A"]}
    kind = Kind.NUMBER if case["key"] else Kind.TEXT
    schema = TableSchema("cases", "T", tuple(Column(key, kind) for key in sorted(known)))
    state = State(base, {"A": base, "B": base} if base else {})
    tabs = {
        replica: Tab(
            [(row if row in base or case["key"] else None, cells) for row, cells in rows.items()],
            there & known,
        )
        for replica, (there, rows) in sides.items()
    }
    dropped = {replica: known - there for replica, (there, _rows) in sides.items()}
    run = sync(state, tabs, schema, Requests(dropped=dropped))
    assert not run.result.brakes
    if case["expected"] is None or "(((" in json.dumps(case["expected"]):
        kept = [change for change in run.result.changes if change.kind.value == "restore"]
        assert run.result.conflicts or kept
        assert not kept or not run.result.tombstones
        assert sync(run.state, run.tabs, schema, Requests(register=run.result.register)).quiet
    else:
        wanted, expected = laid_out(case, case["expected"], name)
        assert not run.result.conflicts
        for replica, (there, _rows) in sides.items():
            columns = wanted & there
            assert said(run.rows(replica), columns, case["key"]) == said(expected, columns, case["key"])
        assert any(wanted <= there for there, _rows in sides.values())


def said(rows, columns, key):
    """Give what rows say in these columns; where there is no key, their ids and their order do not count."""
    cells = {row: sorted((k, v) for k, v in values.items() if k in columns) for row, values in rows.items()}
    return cells if key else sorted(cells.values())


def test_every_case_is_known():
    if not FOLDER.is_dir():
        pytest.skip("the shared test data (../shared/data) is not here")
    assert len(list(cases())) + len(OUT_OF_SCOPE) == 11
