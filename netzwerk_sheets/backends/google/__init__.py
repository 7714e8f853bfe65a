"""Google Sheets: one request to look, one to read, one to write, whatever the number of tabs.

The same promises as for a file, as far as Google lets them be kept (`workbook`, `races`): only cells that differ are
written, with their types; nothing is parsed as if typed; notes, validation, chips and formulas of people are not
touched; tabs are addressed by number, never by title; and what people did at the same moment is seen in the answer
and set right.

====================  =============================  ==============================================
class                 reason                         facts
====================  =============================  ==============================================
`WrongUse`            google-address-unclear         neither an address nor an id
                      google-not-installed           gspread is missing
                      google-key-not-named           no key in ``netzwerk.toml``
                      google-endpoint-unsafe         not https, and not this machine
                      google-host-unknown            a request to another host
`CredentialsRefused`  google-key-unreadable          file; no key
                      google-key-revoked             Google does not know the key (any more)
                      google-clock                   this machine's clock is wrong
                      google-scope-missing           the sign-in does not reach far enough
                      google-api-off                 service; switched off in the Google project
                      google-no-browser              a person cannot sign in on this machine
                      google-sign-in-refused         any other refusal
`AccessDenied`        google-key-missing             file
                      google-key-open                file; others may read it
                      google-not-shared              account; the document is not shared with it
                      google-not-allowed             the same, for a person signed in
`WorkbookNotFound`    google-not-found               there is no such document
`WorkbookRefused`     google-office-file             an .xlsx opened in Google, not a spreadsheet
                      google-request-refused         Google does not want a request
                      google-formula-refused         Google cannot read a formula in a rule
`ServiceUnreachable`  google-quota                   too many requests for too long
                      google-unavailable             Google says it is in trouble
                      google-unreachable             no connection
                      google-certificate             somebody stands between
                      google-timeout                 no answer in time
                      google-answer-unreadable       an answer that is none of Google's
`WriteUnconfirmed`    google-write-unconfirmed       the answer to a write was lost
====================  =============================  ==============================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.google.workbook import GoogleWorkbook
from netzwerk_sheets.place import document_id

if TYPE_CHECKING:
    from netzwerk_sheets.backends.google.access import Settings

__all__ = ["GoogleWorkbook", "open_google"]


def open_google(locator: str, settings: Settings) -> GoogleWorkbook:
    """Sign in and give the document, unread.

    Args:
        locator: Its address or id.
        settings: How to sign in; the part ``[google]`` of the configuration.

    Raises:
        WrongUse: No document is named, no key is named, or gspread is not installed.
        AccessDenied: The key's file cannot be read, or others may read it.
        CredentialsRefused: The file is no key.
    """
    document = document_id(locator)
    from netzwerk_sheets.backends.google.access import transport

    return GoogleWorkbook(document, transport(settings))
