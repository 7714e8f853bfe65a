"""A caller without a socket: JSON in, JSON out, straight to ``Sim.handle``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from .accounts import DRIVE, ROBOT, SPREADSHEETS

if TYPE_CHECKING:
    from .faults import Reply
    from .sim import Sim


class Caller:
    """One account that calls."""

    def __init__(self, sim: Sim, email: str = ROBOT, scopes: tuple[str, ...] = (DRIVE, SPREADSHEETS)) -> None:
        self._sim = sim
        self._token = sim.accounts.issue(email, frozenset(scopes))

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> Reply:
        """One call; lists in the query are said several times."""
        pairs = [(name, one) for name, many in query.items() for one in (many if isinstance(many, list) else [many])]
        sent = b"" if body is None else json.dumps(body).encode()
        return self._sim.handle(method, path, urlencode(pairs), {"authorization": f"Bearer {self._token}"}, sent)

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of a call that must succeed."""
        reply = self.send(method, path, body, **query)
        assert reply.status in {200, 204}, (reply.status, reply.body)
        return reply.json()

    def error(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str]:
        """Status and message of a call that must fail."""
        reply = self.send(method, path, body, **query)
        assert reply.status >= 400, reply.body
        return reply.status, reply.json()["error"]["message"]


class Book:
    """One document through the API, in the words of the API."""

    def __init__(self, sim: Sim, document_id: str, email: str = ROBOT) -> None:
        self.caller = Caller(sim, email)
        self.path = f"/v4/spreadsheets/{document_id}"

    def get(self, **query: Any) -> Any:
        """``spreadsheets.get``."""
        return self.caller.ok("GET", self.path, **query)

    def batch(self, *requests: Any, **more: Any) -> Any:
        """``spreadsheets.batchUpdate`` that must succeed."""
        return self.caller.ok("POST", f"{self.path}:batchUpdate", {"requests": list(requests), **more})

    def refused(self, *requests: Any) -> str:
        """The message of a batch that must be refused with 400."""
        status, message = self.caller.error("POST", f"{self.path}:batchUpdate", {"requests": list(requests)})
        assert status == 400, message
        return message

    def values(self, area: str, **query: Any) -> Any:
        """``values.get``, whole."""
        return self.caller.ok("GET", f"{self.path}/values/{quote(area, safe='')}", **query)

    def rows(self, area: str, **query: Any) -> Any:
        """``values.get``, the rows only."""
        return self.values(area, **query).get("values", [])

    def write(self, area: str, rows: Any, how: str = "RAW", **query: Any) -> Any:
        """``values.update``."""
        body = {"values": rows}
        return self.caller.ok("PUT", f"{self.path}/values/{quote(area, safe='')}", body, valueInputOption=how, **query)

    def append(self, area: str, rows: Any, how: str = "RAW", **query: Any) -> Any:
        """``values.append``."""
        url = f"{self.path}/values/{quote(area, safe='')}:append"
        return self.caller.ok("POST", url, {"values": rows}, valueInputOption=how, **query)
