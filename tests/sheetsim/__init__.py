"""A simulated Google, for tests and for trying the command line by hand.

It plays the Sheets API v4, the calls of Drive v3 that matter, and the token endpoint; ASSUMPTIONS.md lists what no
recording of real traffic proves. How to use it::

    sim = Sim()
    doc = sim.create("Netzwerk", locale="de_DE")        # made by a person, shared with the service account
    doc.human.type("Tabellenblatt1", "A1", "31.12.2026")
    with serve(sim) as google:                           # or the pytest fixtures in fixtures.py
        key = google.key_file(tmp_path)                  # service account key; its token_uri points here
        ...                                              # google.url is the endpoint, doc.id the document
    sim.calls.count("spreadsheets.*")                    # budgets of calls
    sim.before("batchUpdate", lambda doc: doc.human.insert_row("Partner", 3))
    sim.faults.add(faults.status(503), match="get", nth=1, times=2)
    sim.check()                                          # nothing was asked that is not played

Without a socket: ``sim.handle(method, raw_path, query, headers, body)``.
"""

from . import faults
from .accounts import ROBOT
from .clock import Clock
from .server import Running, serve
from .sim import Sim, SimDocument

__all__ = ["ROBOT", "Clock", "Running", "Sim", "SimDocument", "faults", "serve"]
