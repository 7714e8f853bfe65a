"""One sync in a process of its own that is killed, or fails, at a named step: killed.py WORKBOOK N [kill|eio|hold]."""

import os
import signal
import sys
import time
from datetime import date
from pathlib import Path

from netzwerk_sheets.sync.order import Order
from netzwerk_sheets.sync.run import sync

count = 0


def step(name):
    """Stop at the step with the given number; say which it was."""
    global count
    count += 1
    print(name, flush=True)
    if count == int(sys.argv[2]):
        if sys.argv[3] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        while sys.argv[3] == "hold" and not Path(sys.argv[4]).exists():
            time.sleep(0.02)


done = sync(Path(sys.argv[1]), Order(date.fromisoformat(os.environ["NETZWERK_TODAY"])), step=step)
print("written" if done.written else "nothing", flush=True)
