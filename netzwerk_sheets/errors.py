"""Every error that is raised on purpose.

The tree::

    NetzwerkError                     1   the base; never raised itself
    ├── WorkbookRefused               1   the content cannot be handled safely; nothing was written
    ├── WorkbookNotFound             10   no such file, folder or document
    ├── AccessDenied                 10   no right to read or write it
    ├── WorkbookInUse                 5   open elsewhere; nothing was written
    ├── WorkbookChanged               5   the workbook moved on between reading and writing; nothing was written
    ├── DiskFull                      1   no room; nothing was written
    ├── CredentialsRefused           12   signing in failed, or the sign-in does not reach far enough
    ├── ServiceUnreachable            5   an online service did not answer or asked to wait; nothing was written
    ├── WriteUnconfirmed              5   the answer to a write was lost; the marker in the workbook tells
    ├── WrongUse                      2   the call or the configuration is wrong
    ├── TaskCycle                     2   tasks that wait for each other
    ├── StateLocked                  11   another run is at work
    ├── WorkBroken                    1   the work on one of many networks ended in a way nobody foresaw
    └── SafetyStop                    7   a table was held back; a person must decide
        └── PlanOutdated              7   something else would be written than the plan people agreed to

An error names *what* happened as a code (``reason``) with plain values (``facts``); the sentence in the
reader's language is looked up once, by the command line, in ``templates/messages``. Facts hold what people
see (tab, cell, file name, holder of a lock), never the content of a cell, an address or a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class NetzwerkError(Exception):
    """The base of all errors raised on purpose.

    Args:
        reason: Code of the message, for example ``workbook-encrypted``; each has a sentence and a remedy in
            every language.
        facts: Values for the sentence.
    """

    exit_status = 1

    def __init__(self, reason: str, **facts: str | int) -> None:
        """Keep the reason and its facts."""
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class WorkbookRefused(NetzwerkError):
    """The content cannot be handled without risk; nothing was written."""


class WorkbookNotFound(NetzwerkError):
    """There is no such file, folder or document."""

    exit_status = 10


class AccessDenied(NetzwerkError):
    """The file or folder may not be read or written; nothing was written."""

    exit_status = 10


class WorkbookInUse(NetzwerkError):
    """Somebody has the workbook open; nothing was written."""

    exit_status = 5


class WorkbookChanged(NetzwerkError):
    """The workbook moved on since it was read; nothing was written."""

    exit_status = 5


class DiskFull(NetzwerkError):
    """There is no room to save; the old file stands as it was."""


class CredentialsRefused(NetzwerkError):
    """Signing in failed, or what was signed in with does not reach far enough; nothing was written."""

    exit_status = 12


class ServiceUnreachable(NetzwerkError):
    """An online service did not answer, or asked to wait longer than a run may; nothing was written."""

    exit_status = 5


class WriteUnconfirmed(NetzwerkError):
    """The answer to a write was lost: either all of it was written or nothing.

    What was remembered for this write must be kept: the marker in the workbook tells the next run what happened.
    """

    exit_status = 5


class WrongUse(NetzwerkError):
    """The call or the configuration cannot be carried out as it is."""

    exit_status = 2


class TaskCycle(WrongUse):
    """Tasks of the catalogue wait for each other in a circle."""


class StateLocked(NetzwerkError):
    """Another run holds the state; nothing was written."""

    exit_status = 11


class WorkBroken(NetzwerkError):
    """The work on one of many networks ended in a way nobody foresaw; every file is the old one or the new one."""


class SafetyStop(NetzwerkError):
    """So much changed at once that a person must confirm it first."""

    exit_status = 7


class PlanOutdated(SafetyStop):
    """Something else would be written than the saved plan says; nothing was written.

    Args:
        reason: Code of the message.
        cells: (place, why) of each difference, for example ``("Partner!C5", "before")``.
        facts: Values for the sentence.
    """

    def __init__(self, reason: str, cells: Sequence[tuple[str, str]] = (), **facts: str | int) -> None:
        """Keep the cells too, so that each can be named."""
        super().__init__(reason, **facts)
        self.cells = tuple(cells)
