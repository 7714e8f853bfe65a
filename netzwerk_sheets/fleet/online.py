"""Networks at Google: they share one account, so they take turns, and nobody asks again who was just refused."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.google.quota import shared_quota
from netzwerk_sheets.errors import CredentialsRefused, NetzwerkError, ServiceUnreachable
from netzwerk_sheets.fleet.work import Job, Outcome, do, failed
from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netzwerk_sheets.config import Google

OF_ALL = frozenset({"google-quota", "google-unreachable", "google-certificate", "google-clock"})
"""What stands in the way of every document of an account, beside a refused sign-in."""


@dataclass(slots=True)
class Turns:
    """One network after the other; once an account is refused, its other networks wait for the next run.

    Attributes:
        refused: Sign-in → why it was refused.
    """

    refused: dict[Google, NetzwerkError] = field(default_factory=dict)

    def __call__(self, job: Job) -> Outcome:
        """Do one job."""
        why = self.refused.get(job.member.google) if job.member.online else None
        if why is not None:
            return failed(job, why)
        outcome = do(job)
        for error in (outcome.error, *_online(job, outcome)):
            if isinstance(error, CredentialsRefused) or (
                isinstance(error, ServiceUnreachable) and error.reason in OF_ALL
            ):
                self.refused[job.member.google] = error
        return outcome


def _online(job: Job, outcome: Outcome) -> list[NetzwerkError]:
    """Give what happened to further workbooks that are kept at Google."""
    names = {place.name for place in job.member.further if document_of(place)}
    return [error for name, error in outcome.left_out if name in names]


@contextmanager
def turns() -> Iterator[Turns]:
    """Give who takes the networks at Google in turn; all of them count their requests together."""
    with shared_quota():
        yield Turns()
