"""What stands in the way of a goal: where the time of a large sync goes, and what nothing that does the job can avoid.

A goal that is missed says nothing by itself. These numbers say which part of the work would have to vanish.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from benchmark_jobs import invented


def stages(took: Any, goal: str, job: str, size: str) -> list[dict[str, Any]]:
    """Give a row for each part of a command: its share of the processor time of the whole.

    Args:
        took: What `stages_of` told.
        goal: The goal whose job it is; `job` and `size` as the table names them.
        job: What is done.
        size: How large the network is.
    """
    return [
        {
            "goal": goal, "job": f"{job}: {part}", "size": size, "against": "the whole", "measure": "share",
            "ours": f"{seconds:.2f}", "theirs": f"{took.cpu:.2f}", "ratio": f"{seconds / took.cpu:.2f}",
            "wanted": "is shown", "holds": "-",
        }
        for part, seconds in took.answer.items()
    ]  # fmt: skip


BEYOND = ("checks, reach, whom to win", "all tabs as they shall look, and what differs")
"""Parts of a sync that the ordinary script leaves out, but for one tab of results."""


def same_job(took: Any, rows: list[dict[str, Any]], size: str) -> list[dict[str, Any]]:
    """Give a row that compares the ordinary script with what of our sync does the same: no checks, no other tabs.

    Args:
        took: What `stages_of` told.
        rows: What was measured; one of them holds what the script took.
        size: How large the network is.
    """
    ours = took.cpu - sum(took.answer[part] for part in BEYOND)
    return [
        {
            "goal": "G3", "job": "sync without checks, advice and tabs", "size": size, "against": row["against"],
            "measure": "cpu", "ours": f"{ours:.2f}", "theirs": f"{row['theirs'][1]:.2f}",
            "ratio": f"{row['theirs'][1] / ours:.1f}", "wanted": "is shown", "holds": "-",
        }
        for row in rows
        if row["measure"] == "cpu" and row["against"] == "openpyxl + pandas" and "theirs" in row
    ]  # fmt: skip


def stages_of(*arguments: str) -> None:
    """Run a command of the tool and tell what its parts took, each without what stands in a part of its own."""
    begin = time.process_time()
    from netzwerk_sheets.state import store
    from netzwerk_sheets.sync import book, builder, passes, picture, proposing, reading, run

    took = {"starting": time.process_time() - begin}
    running: list[float] = []

    def timed(part: str, job: Any) -> Any:
        def measured(*given: Any, **more: Any) -> Any:
            start, inside = time.process_time(), len(running)
            running.append(0.0)
            try:
                return job(*given, **more)
            finally:
                whole = time.process_time() - start
                took[part] = took.get(part, 0.0) + whole - running.pop()
                if inside:
                    running[-1] += whole

        return measured

    parts: dict[str, list[tuple[Any, str]]] = {
        "reading the workbook": [(place, "read_one") for place in (reading, run)],
        "what was agreed": [(store.Store, "read")],
        "finding and merging rows": [(book, "locate"), (builder, "merge_all")],
        "coverage": [(picture, "coverage")],
        "checks, reach, whom to win": [
            (proposing, "reach"),
            *((picture, name) for name in ("check", "reach", "recommend", "resilience", "fits")),
        ],
        "all tabs as they shall look, and what differs": [(passes, "_prepare")],
        "understanding rows": [(builder.Builder, "understand")],
        "remembering": [(run, "remember")],
        "writing": [(run, "_write")],
    }
    for part, places in parts.items():
        for place, name in places:
            setattr(place, name, timed(part, getattr(place, name)))
    from netzwerk_sheets.cli.group import run as start

    start([*arguments])
    whole = time.process_time()
    took["the rest"] = whole - sum(took.values())
    print(json.dumps({"seconds": whole, "answer": took}), flush=True)
    os._exit(0)  # as the command itself leaves


def fields_read(partners: str, needs: str) -> None:
    """Look at each field that coverage depends on once, and hash what is looked up: no method in Python does less."""
    people, wants = invented(int(partners), int(needs))
    begin = time.process_time()
    seen: dict[Any, int] = {}
    for row in people:
        for names in (row["resources"], row["domains"], row["groups"], row["represents"]):
            for name in names:
                seen[name] = 1
    for row in wants:
        seen[row["domain"], *row["groups"]] = seen[tuple(row["resources"])] = row["people"]
        seen[row["priority"]] = row["day"] is not None and row["source"] == "survey"
    print(json.dumps({"seconds": time.process_time() - begin, "answer": None}))


def read_with_imports(path: str) -> None:
    """Load what our way of reading loads, then read values only, as the quickest library does."""
    import python_calamine

    import netzwerk_sheets.backends.excel.opened
    import netzwerk_sheets.backends.excel.reading
    import netzwerk_sheets.backends.excel.workbook
    import netzwerk_sheets.grid  # noqa: F401

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def save_with_imports(path: str) -> None:
    """Load what our way of saving loads, then copy the file, and inflate and deflate its tab of partners."""
    import zipfile
    import zlib

    import netzwerk_sheets.backends.excel.change
    import netzwerk_sheets.backends.excel.fingerprint
    import netzwerk_sheets.backends.excel.workbook
    import netzwerk_sheets.grid  # noqa: F401

    with zipfile.ZipFile(path) as book:
        content = book.read("xl/worksheets/sheet2.xml")
    Path(path + ".copy").write_bytes(Path(path).read_bytes() + zlib.compress(content))
