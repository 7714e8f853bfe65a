"""Jobs that need no workbook: merging one table, and finding names that may mean the same; each with its peers.

Each function becomes a program of its own, like those of benchmark_jobs.py.
"""

from __future__ import annotations

import json
import time
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def invented_table(
    count: int,
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Invent a table of 15 columns as it was agreed, and as two sides changed every hundredth row of it since."""
    dice = Random(2)

    def row(number: int) -> dict[str, Any]:
        words = {f"c{column}": f"text {dice.randrange(5000)}" for column in range(10)}
        return {**words, **{f"c{column}": dice.randrange(1000) for column in range(10, 15)}, "c0": f"row {number}"}

    base = {f"X-{number:03}": row(number) for number in range(1, count + 1)}
    sides = [{key: dict(cells) for key, cells in base.items()} for _ in range(2)]
    for side, cells in enumerate(sides):
        for key in list(base)[side::100]:
            cells[key][f"c{1 + side}"] = f"changed {side}"
    return base, sides[0], sides[1]


def merge_ours(count: str) -> None:
    from netzwerk_sheets.merge import Column, Snapshot, State, TableSchema, merge

    base, one, other = invented_table(int(count))
    begin = time.process_time()
    columns = tuple(Column(f"c{number}") for number in range(15))
    known = frozenset(column.key for column in columns)
    sides = [Snapshot("one", 0, one, known), Snapshot("other", 1, other, known)]
    result = merge(State(base, {"one": base, "other": base}), sides, TableSchema("x", "X", columns))
    seconds = time.process_time() - begin
    changed = sum(cells != base[key] for key, cells in result.hub.items())
    print(json.dumps({"seconds": seconds, "answer": changed}))


def merge_pandas(count: str) -> None:
    import pandas

    base, one, other = invented_table(int(count))
    begin = time.process_time()
    old, mine, theirs = (pandas.DataFrame.from_dict(rows, orient="index").astype(object) for rows in (base, one, other))
    mine, theirs = mine.reindex_like(old), theirs.reindex_like(old)
    ours_differ, theirs_differ = mine.ne(old), theirs.ne(old)
    merged = old.where(~ours_differ, mine).where(~theirs_differ | ours_differ, theirs)
    conflicts = (ours_differ & theirs_differ & mine.ne(theirs)).to_numpy().sum()
    rows = merged.to_dict(orient="index")
    seconds = time.process_time() - begin
    changed = sum(cells != base[key] for key, cells in rows.items())
    print(json.dumps({"seconds": seconds, "answer": changed + int(conflicts)}))


def invented_names(count: int) -> list[str]:
    """Invent names of organisations; every tenth is another one misspelt."""
    dice = Random(3)
    parts = (
        "bund verein haus werk hilfe stadt jugend sport kultur bildung senioren frauen nord west markt brücke".split()
    )

    def word() -> str:
        return "".join(dice.choice("bdfghklmnprst") + dice.choice("aeiou") for _ in range(dice.randint(2, 4)))

    names = [f"{word()}{dice.choice(parts)} {dice.choice(parts)} {word()}" for _ in range(count * 9 // 10)]
    for name in dice.sample(names, count - len(names)):
        place = dice.randrange(len(name))
        names.append(name[:place] + name[place + 1 :])
    dice.shuffle(names)
    return names


def duplicates_ours(count: str) -> None:
    import rapidfuzz.process  # noqa: F401 - the peer's import is not counted either

    from netzwerk_sheets.analysis.duplicates import similar_pairs

    names = invented_names(int(count))
    begin = time.process_time()
    found = list(similar_pairs(names))
    print(json.dumps({"seconds": time.process_time() - begin, "answer": len(found)}))


def duplicates_cdist(count: str) -> None:
    """Compare each with each; names are brought into the same form first."""
    import numpy
    from rapidfuzz import fuzz, process

    from netzwerk_sheets.analysis.duplicates import comparable

    names = invented_names(int(count))
    begin = time.process_time()
    texts = [comparable(name) for name in names]
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=92, dtype=numpy.float32)
    found = numpy.argwhere(numpy.triu(scores, 1))
    print(json.dumps({"seconds": time.process_time() - begin, "answer": len(found)}))


def duplicates_difflib(count: str) -> None:
    """Compare each with each as the standard library does; it counts alike letters a little differently."""
    import difflib

    from netzwerk_sheets.analysis.duplicates import comparable

    names = invented_names(int(count))
    begin = time.process_time()
    texts = [comparable(name) for name in names]
    for place, text in enumerate(texts):
        for other in texts[place + 1 :]:
            difflib.SequenceMatcher(None, text, other).ratio()
    print(json.dumps({"seconds": time.process_time() - begin, "answer": None}))


# --- the goals --------------------------------------------------------------------------------------------


def merging(bench: Any, program: Callable[..., Any]) -> list[dict[str, Any]]:
    """Measure merging one table."""
    ours, theirs = program("netzwerk", merge_ours, "50000"), program("pandas", merge_pandas, "50000", needs="pandas")
    return bench.compete("G8", "merge 15 columns", "50k", 3, ours, (theirs, ">= 10"))


def duplicates(bench: Any, program: Callable[..., Any]) -> list[dict[str, Any]]:
    """Measure finding names that may mean the same."""
    ours = program("netzwerk", duplicates_ours, "1000")
    quick = program("rapidfuzz cdist", duplicates_cdist, "1000", needs="rapidfuzz numpy")
    slow = program("difflib", duplicates_difflib, "1000")
    rows = bench.compete("G9", "duplicates", "1000", 5, ours, (quick, "<= 0.6"))
    return [*rows, *bench.compete("G9", "duplicates", "1000", 1, ours, (slow, ">= 300"))]
