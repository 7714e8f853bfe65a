"""Which organisation a role stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.model import ALL, ON_BOARD, Network, Partner, WorkingGroup

if TYPE_CHECKING:
    from netzwerk_sheets.onboarding.frame import Frame

_JOINED = " + "


def responsible(role: str, network: Network, frame: Frame, *, owner: str) -> str:
    """Propose who is responsible for one task; `Directory` answers for many.

    Args:
        role: One or more roles in the words of the catalogue, joined by a plus sign.
        network: Where partners and groups stand.
        frame: The day, the Land and the words of the workbook.
        owner: Id of the partner, working group or target group the task belongs to, or ``network``.

    Returns:
        Short names joined by a plus sign, each once. A role that nobody holds yet stays as it is written.
    """
    return Directory(network, frame).responsible(role, owner)


class Directory:
    """Finds the organisations behind roles, without searching the network anew for every task.

    Args:
        network: Where partners and groups stand.
        frame: The day, the Land and the words of the workbook.
    """

    def __init__(self, network: Network, frame: Frame) -> None:
        self._words = {word.strip().casefold(): code for word, code in frame.roles.items()}
        self._coordination = frame.coordination
        self._partners = {partner.id: partner for partner in network.partners if partner.id}
        self._partner_of_contact = {each.id: each.partner for each in network.contacts if each.id}
        self._groups = {group.id: group for group in network.groups}
        self._homes = _homes(network, self._groups)
        self._speakers = [each for each in network.partners if each.represents and each.status in ON_BOARD]

    def responsible(self, role: str, owner: str) -> str:
        """Propose who is responsible: organisations, never people.

        Args:
            role: One or more roles in the words of the catalogue, joined by a plus sign.
            owner: Id of the partner, working group or target group the task belongs to, or ``network``.

        Returns:
            Short names joined by a plus sign, each once. A role that nobody holds yet stays as it is written.
        """
        found: list[str] = []
        for part in role.split("+"):
            word = part.strip()
            if word:
                holders = self._holders(self._words.get(word.casefold(), ""), owner)
                found += [name for name in holders if name] or [word]
        return _JOINED.join(dict.fromkeys(found))

    def _holders(self, code: str, owner: str) -> list[str]:
        group = self._groups.get(owner) or self._homes.get(owner)
        if code == "coordination":
            return [self._label(self._coordination)]
        if code == "group_lead" and group:
            return [self._label(group.lead)]
        if code == "buddy" and owner in self._partners:
            return [self._label(self._partners[owner].buddy)]
        if code == "steering":
            # A body decides together; naming its lead would load everything on one organisation.
            bodies = (each for each in self._groups.values() if each.kind == "steering_group")
            return [group.name for group in bodies if runs(group)][:1]
        if code == "representative":
            return self._representatives(group.target_groups if group else frozenset({owner}))
        return []

    def _representatives(self, meant: frozenset[str]) -> list[str]:
        return [each.label for each in self._speakers if ALL in meant or each.represents & meant]

    def _label(self, reference: str) -> str:
        # A group's lead may be typed as a contact's number; the organisation is what may be shown anywhere.
        partner: Partner | None = self._partners.get(self._partner_of_contact.get(reference, reference))
        return partner.label if partner else reference


def runs(group: WorkingGroup) -> bool:
    """Say whether a group is at work; one without a status is."""
    return group.status in {"", "active"}


def _homes(network: Network, groups: dict[str, WorkingGroup]) -> dict[str, WorkingGroup]:
    """Find, by partner, the first group at work in which it takes part; the steering group is no home."""
    homes: dict[str, WorkingGroup] = {}
    for row in network.membership:
        group = groups.get(row.group)
        if group and row.until is None and group.kind != "steering_group" and runs(group):
            homes.setdefault(row.partner, group)
    return homes
