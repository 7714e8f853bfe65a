"""One erasure in a process of its own that is killed at a named step: killed_erase.py WORKBOOK ROW N."""

import os
import signal
import sys
from datetime import date
from pathlib import Path

from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.persons import erase

count = 0


def step(name):
    """Stop at the step with the given number; say which it was."""
    global count
    count += 1
    print(name, flush=True)
    if count == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)


erase(Path(sys.argv[1]), Order(date.fromisoformat(os.environ["NETZWERK_TODAY"])), sys.argv[2], step=step)
