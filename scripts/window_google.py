"""How much people lose who type at Google in the very moment in which the tool writes, on the simulated server.

Google knows no lock: between reading and writing lies a window. Random people work in it, on a table of 40 rows and 6
columns in which the tool writes a few cells; every value they typed is looked for afterwards. Then the window itself
is measured: the processor's time between the reading and the arrival of the write, for the demo network. The way to
Google and its own time for an answer come on top.

    .venv/bin/python scripts/window_google.py --races 2000
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "google")]
TAB, ROWS, COLUMNS = "Tabellenblatt1", 40, 6
ACTS = ("type", "type", "type", "insert", "delete", "sort", "drag", "column")


def race(seed: int) -> Counter[str]:
    """Let one or two people act in the window of one write; count what they typed, and what of it is gone.

    Returns:
        How many values were ``typed``, and how many of them were lost ``in the cell`` that the write hits, and
        ``elsewhere``.
    """
    from google_client import workbook

    from netzwerk_sheets.errors import WorkbookChanged
    from netzwerk_sheets.grid import Cell, SetCell, SetMarker, Spot
    from netzwerk_sheets.sheets.language import Words
    from netzwerk_sheets.sheets.looks import look
    from tests.sheetsim import Sim

    rng = random.Random(seed)
    sim = Sim(seed=seed)
    doc = sim.create("Netz")
    header = [["Nr", *(f"Spalte {number}" for number in range(1, COLUMNS))]]
    table = [[f"P-{row:03}", *(f"alt {row}/{column}" for column in range(1, COLUMNS))] for row in range(1, ROWS + 1)]
    doc.human.type_rows(TAB, "A1", header + table)
    book = workbook(sim, doc)
    snapshot = book.read()
    planned = {(rng.randint(2, ROWS + 1), rng.randint(2, COLUMNS)) for _ in range(rng.randint(1, 6))}
    typed: dict[str, bool] = {}

    def people(_doc: Any) -> None:
        for _ in range(rng.randint(1, 3)):
            _act(doc, rng, typed)
        for row, line in enumerate(doc.human.values(TAB), start=1):
            for column, text in enumerate(line, start=1):
                if text in typed:
                    typed[text] = (row, column) in planned

    sim.before("batchUpdate", people)
    edits = [
        SetCell(Spot(TAB, *place), Cell(f"neu {place}"), snapshot.tab(TAB).rows[place[0]][place[1]])
        for place in planned
    ]
    try:
        book.apply([*edits, SetMarker("m")], expected=snapshot.revision, look=look(Words("de")))
    except WorkbookChanged:
        return Counter()
    left = {str(cell) for row in doc.human.values(TAB) for cell in row}
    lost = [text for text in typed if text not in left]
    found = Counter({"typed": len(typed), "in the cell": sum(typed[text] for text in lost)})
    found["elsewhere"] = len(lost) - found["in the cell"]
    return found


def _act(doc: Any, rng: random.Random, typed: dict[str, bool]) -> None:
    from tests.sheetsim.document import a1_spot

    row, column = rng.randint(2, ROWS + 1), rng.randint(2, COLUMNS)
    acts: dict[str, Callable[[], None]] = {
        "insert": lambda: doc.human.insert_row(TAB, row),
        "delete": lambda: doc.human.delete_row(TAB, row),
        "sort": lambda: doc.human.sort(TAB, f"A2:F{ROWS + 1}", column, descending=bool(row % 2)),
        "drag": lambda: doc.human.move_row(TAB, row, rng.randint(2, ROWS + 1)),
        "column": lambda: doc.human.insert_column(TAB, column),
    }
    kind = rng.choice(ACTS)
    if kind != "type":
        # What was typed before goes with its row; typed over by nobody, it must be found.
        gone = {str(cell) for cell in doc.human.values(TAB)[row - 1]} if kind == "delete" else set()
        for text in gone & set(typed):
            del typed[text]
        acts[kind]()
        return
    spot = a1_spot(row - 1, column - 1)
    typed.pop(doc.human.shows(TAB, spot), None)
    text = f"getippt {len(typed)} {rng.random()}"
    typed[text] = False
    doc.human.type(TAB, spot, text)


def races(count: int) -> Counter[str]:
    """Count over many races."""
    total: Counter[str] = Counter()
    for seed in range(count):
        total.update(race(seed))
    return total


def opened(folder: Path) -> float:
    """Give the seconds of this processor between the reading and the arrival of the write, for the demo network."""
    from google_client import Network

    from tests.sheetsim import Sim

    sim = Sim()
    net = Network(sim, sim.create("Netz"), folder)
    net.start()
    net.run()
    moments: list[float] = []
    net.doc.human.type("Partner", "B6", "Anders")
    sim.after("get", lambda _doc: moments.append(time.process_time()))
    sim.before("batchUpdate", lambda _doc: moments.append(time.process_time()))
    net.run()
    return moments[-1] - moments[0]


def main() -> None:
    """Print the numbers."""
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--races", type=int, default=1000)
    options = parser.parse_args()
    total = races(options.races)
    print(f"races                                    {options.races}")
    print(f"values that people typed in the window   {total['typed']}")
    print(f"replaced: in the very cell of the write  {total['in the cell']}")
    print(f"lost anywhere else                       {total['elsewhere']}")
    with tempfile.TemporaryDirectory() as folder:
        print(f"the window, demo network                 {opened(Path(folder)):.2f} s and the way to Google")


if __name__ == "__main__":
    main()
