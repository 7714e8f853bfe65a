"""The zip archive around a workbook, byte by byte.

The standard library inflates and deflates every entry it copies. Here an entry that stays is copied as it
lies in the old file, so that it comes out byte for byte the same and costs nothing.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_END = struct.Struct("<4s4s2H2LH")
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65_535
_STORED, _DEFLATED = 0, 8
_FULL_32, _FULL_16 = 0xFFFFFFFF, 0xFFFF
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_LEVEL, _LEVEL_OF_LARGE, _LARGE = 6, 2, 1_000_000
"""A large sheet is packed a fifth looser in a quarter of the time; Excel packs it anew at its next save."""

_BLOCK = 1 << 17
_EARLIEST_DATE = 0x21
"""1 January 1980, the first day the format knows; real times would make equal workbooks differ."""


class Entry(NamedTuple):
    """One entry of the archive; `start` is where its compressed bytes begin."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    moment: int
    check: int
    packed: int
    size: int
    attributes: int
    start: int


def open_archive(data: bytes) -> dict[str, Entry]:
    """List the entries by name, in the order of the central directory.

    Raises:
        WorkbookRefused: The bytes are no whole archive, an entry appears twice, or it would unpack to more
        than
            the limits; nothing was unpacked.
    """
    guard.check_kind(data)
    try:
        count, size, offset, end = _directory(data)
        if count > guard.MOST_ENTRIES:
            raise WorkbookRefused("zip-bomb", entries=count, limit=guard.MOST_ENTRIES)
        return _entries(data, count, end - size, shift=end - size - offset)
    except (struct.error, ValueError, IndexError, UnicodeError) as error:
        raise WorkbookRefused("workbook-damaged") from error


def _damaged() -> NoReturn:
    raise WorkbookRefused("workbook-damaged")


def _directory(data: bytes) -> tuple[int, int, int, int]:
    """Give (entries, size, stated offset, end) of the central directory."""
    tail = max(0, len(data) - _END.size - _LONGEST_COMMENT)
    position = data.rfind(b"PK\x05\x06", tail)
    if position < 0:
        raise WorkbookRefused("workbook-truncated")
    _, _, _, count, size, offset, _ = _END.unpack_from(data, position)
    end = position
    locator = position - _END_64_LOCATOR.size
    if locator >= 0 and data[locator : locator + 4] == b"PK\x06\x07":
        place = data.rfind(b"PK\x06\x06", 0, locator)
        if place < 0:
            _damaged()
        *_, count, size, offset = _END_64.unpack_from(data, place)
        end = place
    if size > end:
        raise WorkbookRefused("workbook-truncated")
    return count, size, offset, end


def _entries(data: bytes, count: int, position: int, shift: int) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    seen: set[str] = set()
    total = 0
    for _ in range(count):
        entry, position = _entry(data, position, shift)
        plain = entry.name.replace("\\", "/").lower()
        if plain in seen:
            raise WorkbookRefused("duplicate-entry", part=entry.name)
        if ".." in plain.split("/") or plain.startswith("/") or ":" in plain:
            raise WorkbookRefused("entry-name-unsafe", part=entry.name)
        seen.add(plain)
        entries[entry.name] = entry
        total += entry.size
        if total > guard.LARGEST_TOTAL:
            raise WorkbookRefused("zip-bomb", megabytes=total // 1_000_000, limit=guard.LARGEST_TOTAL // 1_000_000)
    return entries


def _entry(data: bytes, position: int, shift: int) -> tuple[Entry, int]:
    (magic, _, _, flags, method, clock, day, check, packed, size, name_length, extra_length, comment_length,
     _, _, attributes, offset) = _CENTRAL.unpack_from(data, position)  # fmt: skip
    if magic != b"PK\x01\x02":
        _damaged()
    position += _CENTRAL.size
    raw_name = data[position : position + name_length]
    name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437")
    extra = data[position + name_length : position + name_length + extra_length]
    packed, size, offset = _wide(extra, packed, size, offset)
    if flags & _ENCRYPTED:
        raise WorkbookRefused("workbook-encrypted")
    if method not in {_STORED, _DEFLATED}:
        raise WorkbookRefused("compression-unknown", part=name)
    start = _content_start(data, offset + shift)
    if start + packed > len(data):
        raise WorkbookRefused("workbook-truncated")
    entry = Entry(name, raw_name, flags, method, clock | day << 16, check, packed, size, attributes, start)
    return entry, position + name_length + extra_length + comment_length


def _wide(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """Resolve the 64-bit sizes that stand in the extra field where the 32-bit ones are full."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        if kind == 1:
            field = extra[position + 4 : position + 4 + length]
            values = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            size = next(values, size) if size == _FULL_32 else size
            packed = next(values, packed) if packed == _FULL_32 else packed
            offset = next(values, offset) if offset == _FULL_32 else offset
        position += 4 + length
    return packed, size, offset


def _content_start(data: bytes, position: int) -> int:
    if position < 0:
        _damaged()
    magic, *_, name_length, extra_length = _LOCAL.unpack_from(data, position)
    if magic != b"PK\x03\x04":
        _damaged()
    return int(position + _LOCAL.size + name_length + extra_length)


def unpack(data: bytes, entry: Entry) -> bytes:
    """Give the content of one entry.

    Raises:
        WorkbookRefused: It is damaged, or more comes out than the limits allow or the entry states.
    """
    if entry.size > guard.LARGEST_PART:
        raise WorkbookRefused("part-too-large", part=entry.name, megabytes=entry.size // 1_000_000)
    if entry.size > guard.RATIO_COUNTS_FROM and entry.size > entry.packed * guard.LARGEST_RATIO:
        raise WorkbookRefused("zip-bomb", part=entry.name, ratio=entry.size // max(1, entry.packed))
    packed = memoryview(data)[entry.start : entry.start + entry.packed]
    content = bytes(packed) if entry.method == _STORED else _inflate(packed, entry)
    if len(content) != entry.size or zlib.crc32(content) != entry.check:
        raise WorkbookRefused("part-damaged", part=entry.name)
    return content


def _inflate(packed: memoryview, entry: Entry) -> bytes:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    # Grown in place: joining pieces would need the memory twice.
    content = io.BytesIO()
    try:
        for start in range(0, len(packed), _BLOCK):
            # One byte more than stated is enough to notice a header that lies.
            content.write(machine.decompress(packed[start : start + _BLOCK], entry.size + 1 - content.tell()))
            if content.tell() > entry.size:
                break
    except zlib.error as error:
        raise WorkbookRefused("part-damaged", part=entry.name) from error
    return content.getvalue()


class Fresh(NamedTuple):
    """An entry with new content, packed already."""

    entry: Entry
    packed: bytes


def fresh(name: str, pieces: Sequence[bytes | memoryview]) -> Fresh:
    """Pack new content, given in pieces so that a large part need not be joined first."""
    size = sum(map(len, pieces))
    level = _LEVEL_OF_LARGE if size > _LARGE else _LEVEL
    machine = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    check = 0
    packed = []
    for piece in pieces:
        check = zlib.crc32(piece, check)
        packed.append(machine.compress(piece))
    content = b"".join((*packed, machine.flush()))
    moment = _EARLIEST_DATE << 16
    entry = Entry(name, name.encode(), _UTF8, _DEFLATED, moment, check, len(content), size, 0, 0)
    return Fresh(entry, content)


def build(data: bytes, entries: Iterable[Entry | Fresh]) -> bytes:
    """Give a new archive: entries that stay are copied compressed, fresh ones are deflated."""
    pieces: list[bytes | memoryview] = []
    directory: list[bytes] = []
    view = memoryview(data)
    position = 0
    for item in entries:
        packed: bytes | memoryview
        if isinstance(item, Fresh):
            entry, packed = item
        else:
            entry, packed = item, view[item.start : item.start + item.packed]
        # The copied entry states its sizes up front, so the mark for a trailing descriptor goes.
        flags = entry.flags & ~_DESCRIPTOR
        clock, day = entry.moment & _FULL_16, entry.moment >> 16
        common = (
            flags,
            entry.method,
            clock,
            day,
            entry.check,
            entry.packed,
            entry.size,
            len(entry.raw_name),
            0,
        )
        local = _LOCAL.pack(b"PK\x03\x04", 20, *common)
        directory.append(
            _CENTRAL.pack(b"PK\x01\x02", 20, 20, *common, 0, 0, 0, entry.attributes, position) + entry.raw_name
        )
        pieces += (local, entry.raw_name, packed)
        position += len(local) + len(entry.raw_name) + len(packed)
    central = b"".join(directory)
    count = len(directory)
    end = _END.pack(b"PK\x05\x06", b"\0\0\0\0", count, count, len(central), position, 0)
    return b"".join((*pieces, central, end))
