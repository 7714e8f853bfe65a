"""Excel workbooks: read and changed in place, with everything in them that the tool does not know.

What is refused, by reason, with the facts an error may carry. ``file`` is always there once a file is opened,
``tab`` where one tab is concerned.

=========================  =============================  ==============================================
class                      reason                         facts
=========================  =============================  ==============================================
`WorkbookRefused`          workbook-empty                 no bytes at all
(no sound workbook)        workbook-not-zip               something else entirely
                           workbook-xls                   the format of Excel 97
                           workbook-html                  a web page with another ending
                           workbook-text                  comma-separated or other text
                           workbook-ods                   OpenDocument
                           workbook-xlsb                  Excel's binary format
                           workbook-is-document           part; a text document or slides
                           workbook-encrypted             needs a password
                           workbook-truncated             the end is missing
                           workbook-damaged               the archive's directory is broken
                           part-damaged                   part; checksum or size is wrong
                           part-missing                   part
                           element-missing                part, element
                           content-type-wrong             part
                           compression-unknown            part
                           xml-broken                     part
                           reference-broken               part, cell
                           string-missing                 index
                           style-missing                  index
                           duplicate-sheet                two sheets share a title or a part
`WorkbookRefused`          zip-bomb                       part, ratio; or megabytes, limit; or entries, limit
(not safe to open)         part-too-large                 part, megabytes; or part, elements
                           workbook-too-large             megabytes; or limit (cells)
                           doctype                        part
                           duplicate-entry                part
                           entry-name-unsafe              part
`WorkbookRefused`          workbook-signed                any change breaks a digital signature
(must not be changed)      workbook-shared                the old kind of sharing, with a list of changes
                           workbook-read-only             its people recommend to open it for reading only
                           structure-protected            tab; no tab may be added
                           tab-protected                  tab
`WorkbookRefused`          sheet-full                     tab
(an edit cannot be         merged-cell                    tab, cell, area
carried out)               formula-in-the-way             tab, cell, area
                           pivot-in-the-way               tab, cell, area
                           note-in-the-way                tab; no note can be added
                           text-too-long                  tab, cell, limit
                           date-too-early                 tab, cell
                           tab-missing                    tab
                           tab-exists                     tab
                           tab-name-illegal               tab
                           table-missing                  tab, table
                           table-has-totals               tab, table
                           table-from-query               tab, table
                           table-too-short                tab, table
                           table-in-the-way               tab, table
                           table-columns-fixed            tab, table
                           table-header-empty             tab, table, cell
                           table-header-twice             tab, table
                           table-header-in-formula        tab, table
                           erase-header-twice             part
`WrongUse`                 role-unknown                   role
(the caller's mistake)     number-not-finite              tab, cell
                           marker-too-long                length, limit
                           hint-too-long                  tab, cell, part, length, limit
                           chart-wrong                    tab, chart
                           table-name-illegal             tab, table
                           table-name-taken               tab, table
                           table-too-short                tab, table; of a design, as the next three
                           table-in-the-way               tab, table
                           table-header-empty             tab, table, cell
                           table-header-twice             tab, table, cell
                           ending-not-xlsx                file
                           create-needs-tabs              file
`WorkbookChanged`          workbook-changed               file
                           cell-changed                   file, tab, cell
`WorkbookInUse`            workbook-open                  file, holder (may be empty), minutes, lock_file
                           workbook-held                  file
`WorkbookNotFound`         workbook-missing               file
                           workbook-is-folder             file
`AccessDenied`             file-not-readable              file
                           file-read-only                 file
                           file-not-writable              file
                           file-exists                    file
                           folder-read-only               file, folder
                           backup-not-writable            folder
`DiskFull`                 disk-full                      file
=========================  =============================  ==============================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.backups import Backup, BackupPlace, backup, list_backups, rewrite
    from netzwerk_sheets.backends.excel.creation import FreshWorkbook, create
    from netzwerk_sheets.backends.excel.workbook import ExcelWorkbook

_HOME = {
    "Backup": "backups",
    "BackupPlace": "backups",
    "ExcelWorkbook": "workbook",
    "FreshWorkbook": "creation",
    "backup": "backups",
    "create": "creation",
    "list_backups": "backups",
    "rewrite": "backups",
}

__all__ = ["Backup", "BackupPlace", "ExcelWorkbook", "FreshWorkbook", "backup", "create", "list_backups", "rewrite"]


def __getattr__(name: str) -> object:
    """Load a part of the package when it is first asked for; the check for changes needs almost nothing."""
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
