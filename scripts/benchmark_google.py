"""How often Google is asked by a sync, counted on the simulated server; an ordinary gspread script beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
WANTED = {"no change": "<= 2", "one cell changed": "<= 3"}
"""One look at the version and one read at most; and one write where something changed."""


def rows(day: str) -> list[dict[str, Any]]:
    """Count for 12 and for 40 tabs beside those of the network; nothing where the server cannot be played here."""
    sys.path.insert(0, str(ROOT))
    from tests.sheetsim import discovery

    if not discovery.available():
        print("G11: Google's API description is not here, so nothing was counted", file=sys.stderr)
        return []
    return [row for tabs in (12, 40) for row in _counted(tabs, day)]


def _counted(tabs: int, day: str) -> list[dict[str, Any]]:
    from tests.sheetsim import Sim, serve

    sim = Sim()
    document = sim.create("Netzwerk")
    with tempfile.TemporaryDirectory() as temporary, serve(sim) as google:
        folder = Path(temporary)
        key = google.key_file(folder)
        (folder / "netzwerk.toml").write_text(f'[google]\nkey = "{key}"\nendpoint = "{google.url}"\n', "utf-8")
        around = {**os.environ, "NETZWERK_STATE": str(folder / "state"), "NETZWERK_TODAY": day, "PYTHONPATH": str(ROOT)}

        def command(*words: str) -> None:
            subprocess.run([sys.executable, *words], cwd=folder, env=around, capture_output=True, check=False)

        def count(work: Callable[[], None]) -> int:
            sim.calls.clear()
            work()
            return sum(call.name != "token" for call in sim.calls.log)

        place = f"google:{document.id}"
        command("-m", "netzwerk_sheets", "init", place, "--demo", "--yes")
        for number in range(tabs):
            document.human.add_tab(f"Blatt {number}")
        sync = ("-m", "netzwerk_sheets", "sync", place)
        for _ in range(3):
            command(*sync)
        ours = {"no change": count(lambda: command(*sync))}
        document.human.type("Partner", "B2", "Seniorenamt neu")
        ours["one cell changed"] = count(lambda: command(*sync))
        plain = count(lambda: command("-c", _ORDINARY, document.id, str(key), google.url))
    return [
        {
            "goal": "G11", "job": f"sync, {job}", "size": f"{tabs} tabs", "against": "ordinary gspread script",
            "measure": "calls", "ours": str(asked), "theirs": str(plain), "ratio": f"{plain / max(asked, 1):.0f}",
            "wanted": f"{WANTED[job]} calls", "holds": "yes" if asked <= int(WANTED[job].split()[-1]) else "NO",
        }
        for job, asked in ours.items()
    ]  # fmt: skip


_ORDINARY = """
import functools, json, sys
import gspread
from netzwerk_sheets.backends.google.transport import SheetsTransport
document, key, url = sys.argv[1:]
client = gspread.service_account(filename=key, http_client=functools.partial(SheetsTransport, endpoint=url))
book = client.open_by_key(document)
tables = {sheet.title: sheet.get_all_values() for sheet in book.worksheets()}
for title in ("Start", "Abdeckung", "Prüfung", "Verlauf"):
    book.worksheet(title).update(tables[title], "A1", value_input_option="RAW")
"""


if __name__ == "__main__":
    print(json.dumps(rows("2025-05-15"), indent=1, ensure_ascii=False))
