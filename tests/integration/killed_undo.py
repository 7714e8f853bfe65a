"""One undo in a process of its own that is killed at a named step: killed_undo.py WORKBOOK RUN N."""

import os
import signal
import sys
from datetime import date
from pathlib import Path

from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.past import undoing_of
from netzwerk_sheets.sync.run import sync

count = 0


def step(name):
    """Stop at the step with the given number; say which it was."""
    global count
    count += 1
    print(name, flush=True)
    if count == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)


path = Path(sys.argv[1])
order = Order(date.fromisoformat(os.environ["NETZWERK_TODAY"]), undoing=undoing_of(path, int(sys.argv[2])))
sync(path, order, step=step)
