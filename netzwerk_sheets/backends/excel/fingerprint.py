"""Cheap answers to whether a file changed; imports nothing that takes time.

A zip archive ends in a directory with the size and checksum of every part. Hashing that directory takes a
tenth of a millisecond at any file size. It is a hint that saves work; before a write all is hashed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

try:
    # Half of what hashlib costs to import, and this is all of it that is needed.
    from _hashlib import openssl_sha256 as _sha256
except ImportError:
    from hashlib import sha256 as _sha256

_TAIL = 65_535 + 22
_END = b"PK\x05\x06"
_BLOCK = 1 << 20
_LARGEST_DIRECTORY = 64_000_000


def fingerprint(path: str | PathLike[str]) -> str:
    """Hash the directory at the end of the archive; any other file is hashed from end to end.

    Raises:
        OSError: The file cannot be read.
    """
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the hash
        size = file.seek(0, 2)
        start = max(0, size - _TAIL)
        file.seek(start)
        tail = file.read(_TAIL)
        place = tail.rfind(_END)
        if place < 0:
            return sha256(path)
        length = int.from_bytes(tail[place + 12 : place + 16], "little")
        begin = start + place - length
        if not 0 <= begin <= size or length > _LARGEST_DIRECTORY:
            return sha256(path)
        file.seek(begin)
        digest = _sha256(file.read())
    digest.update(str(size).encode())
    return digest.hexdigest()


def sha256(path: str | PathLike[str]) -> str:
    """Hash the whole file.

    Raises:
        OSError: The file cannot be read.
    """
    digest = _sha256()
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the hash
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def digest(data: bytes) -> str:
    """Hash bytes the way `sha256` hashes a file."""
    return str(_sha256(data).hexdigest())
