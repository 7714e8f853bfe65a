"""The command line: arguments become calls, results become words.

Importing this package costs no more than click: every command stands in a file of its own and is imported when
it is called.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def main() -> None:
    """Run the program and leave with its exit status."""
    from netzwerk_sheets.cli.group import run
    from netzwerk_sheets.collector import keeps, until_the_end

    until_the_end()
    for stream in (sys.stdout, sys.stderr):
        # Consoles of old code pages cannot show „ “; a question mark is better than a crash.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    status = run(sys.argv[1:])
    if keeps():
        # Everything is written and closed by now; only memory is left, and the system takes that back faster.
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    sys.exit(status)
