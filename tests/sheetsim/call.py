"""One call while it is being answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import discovery
from .errors import bad_request, invalid
from .formulas import Calculator

if TYPE_CHECKING:
    from .document import Content, Document, Json
    from .requests.batch import Batch
    from .sim import Sim


@dataclass
class Incoming:
    """A call as it came in, with the document it is about.

    ``partial`` is a fault: keep only the first so many writes, then fail.
    """

    sim: Sim
    name: str
    parts: dict[str, str]
    query: dict[str, list[str]]
    body: bytes
    user: str
    document: Document | None = None
    partial: int | None = None
    kinds: tuple[str, ...] = field(default=())

    @property
    def doc(self) -> Document:
        """The document."""
        assert self.document is not None
        return self.document

    def one(self, name: str, default: str = "") -> str:
        """A parameter of the query."""
        return self.query.get(name, [default])[-1]

    def flag(self, name: str) -> bool:
        """A yes-or-no parameter."""
        return self.one(name, "false").lower() == "true"

    def json(self, schema: str, path: str = "") -> Json:
        """The body, checked against the API description and cleaned.

        Raises:
            ApiError: 400 with every violation, as Google words them.
        """
        import json

        try:
            sent = json.loads(self.body) if self.body else {}
        except ValueError:
            raise invalid("Invalid JSON payload received. Unexpected token.") from None
        cleaned, wrong = discovery.sheets().clean(schema, sent, path)
        if wrong:
            raise bad_request("\n".join(text for _, text in wrong), wrong)
        out: Json = cleaned
        return out

    def calculator(self, content: Content) -> Calculator:
        """Formula results of a state."""
        return Calculator(content, self.sim.local_now(content))

    def batch(self, content: Content) -> Batch:
        """What requests work with, on that copy."""
        from .requests.batch import Batch

        return Batch(
            content,
            discovery.sheets(),
            self.user,
            self.doc.owner,
            self.sim.new_number,
            self.sim.local_now(content),
            self.sim.sort_moves_metadata,
        )

    def commit(self, content: Content) -> None:
        """Put a new state in place."""
        self.sim.commit(self.doc, content, self.user)


Answer = tuple[Any, str]
"""A body, and the schema it must fit ("" for none)."""
