"""The zip archive around a workbook: every legal way of packing is read, and what stays is copied as it lies."""

import io
import re
import struct
import zipfile
from pathlib import Path

import pytest
from designs import LOOK, design
from packages import book, contents, packed, parts

import netzwerk_sheets.backends.excel as backend
from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.backends.excel.archive import open_archive, unpack
from netzwerk_sheets.backends.excel.change import changed
from netzwerk_sheets.grid import AddTab, Cell, SetCell, Spot

EDIT = [SetCell(Spot("Blatt", 1, 1), Cell("neu"))]


class OneWay(io.RawIOBase):
    """A stream that cannot go back, so that sizes stand behind the content."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, piece):
        self.data += piece
        return len(piece)


def streamed(found):
    stream = OneWay()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return bytes(stream.data)


def wide(found):
    """Pack with the 64-bit fields that large archives need."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in found.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(content.encode())
    data = buffer.getvalue()
    place = data.rindex(b"PK\x05\x06")
    _, _, _, _, count, size, offset, _ = struct.unpack("<4s4H2LH", data[place:])
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:place] + end + locator + last


def with_folders(found):
    return packed({"xl/": "", "xl/worksheets/": "", **found})


def with_comment(found):
    buffer = io.BytesIO(packed(found))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"von Hand gepackt"
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [packed, streamed, wide, with_folders, with_comment])
def test_every_way_of_packing_is_read_and_written(pack):
    data = pack(parts(extra={"xl/media/bild.png": "kein echtes Bild"}))
    after = changed(data, EDIT, LOOK)
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None
        assert archive.read("xl/media/bild.png") == b"kein echtes Bild"
        assert b"neu" in archive.read("xl/worksheets/sheet1.xml")


def test_entries_that_stay_are_copied_compressed():
    data = packed(parts(extra={"xl/media/bild.bin": bytes(range(256)) * 50}))
    after = changed(data, EDIT, LOOK)
    old, new = (open_archive(one)["xl/media/bild.bin"] for one in (data, after))
    assert data[old.start : old.start + old.packed] == after[new.start : new.start + new.packed]
    assert unpack(after, new) == bytes(range(256)) * 50


def test_the_same_edit_gives_the_same_bytes(tmp_path):
    data = book(tmp_path).read_bytes()
    assert changed(data, [*EDIT, AddTab(design())], LOOK) == changed(data, [*EDIT, AddTab(design())], LOOK)


def test_many_links_are_related_at_once(tmp_path):
    path = book(tmp_path)
    workbook = ExcelWorkbook(path)
    edits = [SetCell(Spot("Blatt", row, 1), Cell("Seite", link=f"https://example.org/{row}")) for row in range(1, 3001)]
    workbook.apply(edits, expected=workbook.read().revision, look=LOOK)
    assert contents(path)["xl/worksheets/_rels/sheet1.xml.rels"].count(b"https://example.org/") == 3000


def test_every_reason_stands_in_the_table():
    folder = Path(backend.__file__).parent
    source = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "__init__.py")
    raised = set(re.findall(r'(?:Refused|WrongUse|Denied|InUse|Changed|DiskFull|NotFound)\(\s*"([a-z-]+)"', source))
    raised |= set(re.findall(r'"(workbook-[a-z]+)"', source))
    assert len(raised) > 50
    assert {reason for reason in raised if reason not in backend.__doc__} == set()
