"""``python -m tests.sheetsim``: a simulated Google to try the command line with.

It makes one empty document, shared with a service account, and writes that account's throw-away key.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from . import ROBOT, Sim, serve
from .server import wait


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sheetsim", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--locale", default="de_DE", help="of the document")
    parser.add_argument("--title", default="Netzwerk")
    parser.add_argument("--key", type=Path, help="where to write the key file (default: a new folder)")
    options = parser.parse_args()
    sim = Sim()
    document = sim.create(options.title, locale=options.locale)
    with serve(sim, options.port) as google:
        folder = options.key or Path(tempfile.mkdtemp(prefix="sheetsim-"))
        folder.mkdir(parents=True, exist_ok=True)
        key = google.key_file(folder)
        print(f"url      {google.url}")
        print(f"document {document.id}")
        print(f"address  https://docs.google.com/spreadsheets/d/{document.id}/edit")
        print(f"account  {ROBOT}")
        print(f"key      {key}")
        print("In netzwerk.toml:")
        print(f'[google]\nkey = "{key}"\nendpoint = "{google.url}"', flush=True)
        wait()
    for failure in sim.failures:
        print(failure)


if __name__ == "__main__":
    main()
