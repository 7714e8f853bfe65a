"""Which partner has which document: what is required and was never sent, and what was sent in an older version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, ON_BOARD, Document, DocumentSent, Network, Partner, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

RECEIVERS = ON_BOARD | {Status.AGREED}
"""Who gets documents: everyone who said yes and is still there."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What one partner still lacks.

    Attributes:
        partner: Its id.
        missing: Ids of documents that are required for it and were never sent, in the order of their tab.
        older: Ids of documents that it has in another version than the present one.
    """

    partner: str
    missing: tuple[str, ...]
    older: tuple[str, ...]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


class _Circles:
    """The words by which a document may be required for a partner."""

    def __init__(self, network: Network, today: date) -> None:
        groups = {group.id: group for group in network.groups}
        places = [(entry.partner, entry.group) for entry in network.membership if _open(entry.until, today)]
        places += [(partner, group.id) for group in network.groups for partner in (group.lead, group.deputy)]
        self._groups: dict[str, set[str]] = {}
        self._known: dict[str, set[str]] = {}
        for partner, place in places:
            group = groups.get(place)
            if group is not None:
                words = {_folded(word) for word in (group.id, group.name, group.kind) if word}
                self._groups.setdefault(partner, set()).update(words)

    def of(self, partner: Partner) -> set[str]:
        """Give a partner's words, folded; most documents are for everyone and ask for nobody's."""
        words = self._known.get(partner.id)
        if words is None:
            own = (partner.type, partner.sector, partner.id, partner.label)
            words = {_folded(word) for word in own if word} | self._groups.get(partner.id, set())
            self._known[partner.id] = words
        return words


def _open(until: date | None, today: date) -> bool:
    return until is None or until >= today


def _latest(sent: Iterable[DocumentSent]) -> dict[tuple[str, str], DocumentSent]:
    """Give what each partner got last of each document; of one day the row that stands below."""
    found: dict[tuple[str, str], DocumentSent] = {}
    for row in sent:
        before = found.get((row.partner, row.document))
        if before is None or (row.date or date.min) >= (before.date or date.min):
            found[row.partner, row.document] = row
    return found


def _is_older(document: Document, sent: DocumentSent) -> bool:
    """Say whether another version is known to be there; where nobody noted one, nothing is known."""
    return bool(document.version and sent.version) and _folded(document.version) != _folded(sent.version)


def papers(network: Network, today: date) -> tuple[Papers, ...]:
    """Say what partners still lack.

    Args:
        network: What the workbook says.
        today: The day for who takes part in which group.

    Returns:
        One entry for every partner that lacks something, in the order of the rows.
    """
    circles, latest = _Circles(network, today), _latest(network.documents_sent)
    found = []
    for partner in network.partners:
        if partner.status not in RECEIVERS:
            continue
        missing, older = [], []
        for document in network.documents:
            sent = latest.get((partner.id, document.id))
            if sent is None:
                if _required(document, partner, circles):
                    missing.append(document.id)
            elif _is_older(document, sent):
                older.append(document.id)
        if missing or older:
            found.append(Papers(partner.id, tuple(missing), tuple(older)))
    return tuple(found)


def _required(document: Document, partner: Partner, circles: _Circles) -> bool:
    words = document.required_for
    return ALL in words or any(_folded(word) in circles.of(partner) for word in words)


def nobody(network: Network) -> dict[str, tuple[str, ...]]:
    """Give what „required for“ names and no partner, type, sector or group is called: document → words."""
    known = {_folded(word) for kind in network.partner_types for word in (kind.name, kind.id)}
    known |= {_folded(word) for group in network.groups for word in (group.id, group.name, group.kind) if word}
    known |= {ALL, *network.sectors}
    left = {_folded(word) for one in network.documents for word in one.required_for} - known
    if left:  # partners are many, and seldom named
        known |= {_folded(word) for one in network.partners for word in (one.type, one.id, one.label)}
    found = {one.id: tuple(w for w in one.required_for if _folded(w) not in known) for one in network.documents}
    return {document: words for document, words in found.items() if words}
