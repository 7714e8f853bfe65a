"""Whether a text looks like contact data that belongs in the contacts' table only.

Few false alarms matter more than finding every spelling: years, ids, ranges, dates, times and postcodes are
no telephone numbers.
"""

from __future__ import annotations

import re

# the length is limited so that a long cell without an address costs no time
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")

# the sign or word in front makes it a number for telephones; between its digits stand blanks, / ( ) -
_START = r"(?<![\w.,/@+-])(?<!\d\s)"
_DIGITS = re.compile(r"\d(?:[\s/()–-]{0,3}\d){4}")
"""What every number for telephones holds; few texts do, so the others are looked at once only."""

_BEGINS = re.compile(r"[+0](?<!\w0)")
"""How the numbers of `_PHONES` begin; longer numbers of other kinds mostly do not."""

_PHONES = (
    # +49 911 12345, 0049 (0)911 12345
    re.compile(_START + r"(?:\+|00)[1-9](?:[\s/()–-]{0,3}\d){7,13}(?!\d)"),
    # 0911 12345, (0911) 12345, 0170/1234567: a code of the German network, then at least five digits
    re.compile(_START + r"\(?0(?:[2-9]\d{1,4}|1[5-8]\d{1,3})\)?[\s/–-]{1,3}[1-9](?:[\s/–-]{0,2}\d){4,9}(?![\d.,])"),
    # 09111234567: without any blank
    re.compile(_START + r"0(?:[2-9]\d|1[5-8])\d{7,9}(?![\d.,])"),
)

# Tel. 12 34 56
_NAMED = re.compile(
    r"\b(?:tel|telefon|telefonnummer|fon|mobil|handy|phone|mobile)\b[.:\s]{1,3}\(?\d(?:[\s/()–-]{0,2}\d){4,}",
    re.IGNORECASE,
)


def looks_personal(text: str) -> str | None:
    """Say what kind of contact data a text seems to hold.

    Args:
        text: The content of a cell.

    Returns:
        ``email`` or ``phone``; `None` where it looks like neither.
    """
    if "@" in text and _EMAIL.search(text):
        return "email"
    if not _DIGITS.search(text):
        return None
    if _BEGINS.search(text) and any(pattern.search(text) for pattern in _PHONES):
        return "phone"
    return "phone" if _NAMED.search(text) else None
