"""The parts of a workbook, found by their relationships and never by their file names."""

from __future__ import annotations

import posixpath
import re
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel import archive
from netzwerk_sheets.backends.excel.spans import Node, Xml, decoded, parse
from netzwerk_sheets.backends.excel.texts import attribute
from netzwerk_sheets.errors import WorkbookRefused

TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PERCENT = re.compile("%([0-7][0-9A-Fa-f])")
_IDENTIFIER = re.compile(rb"""["'](rId\d+)["']""", re.IGNORECASE)
_TYPES = "[Content_Types].xml"
_SMALL = 100_000
"""So many bytes are always remembered; to unpack a small sheet again would take longer than the memory is worth."""
_RELATION_NAMES = {"customProperties": "custom-properties", "extendedProperties": "extended-properties"}
_EMPTY_RELATIONS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE_RELATIONS}"/>'
)


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Relation(NamedTuple):
    """One relationship of a part.

    Attributes:
        identifier: ``rId…`` as the part refers to it.
        kind: Last word of the type, such as ``worksheet``; the same for both flavours of the standard.
        target: Name of the part it leads to, or the address where it leads outside.
        external: Whether it leads outside.
    """

    identifier: str
    kind: str
    target: str
    external: bool


class Known(NamedTuple):
    """What was read of a file.

    Attributes:
        entries: What the archive holds, by name.
        contents: Part (in small letters) → its bytes in UTF-8.
        trees: Part → these bytes as a tree; where a part was changed, its new bytes.
        relations: Part → where it leads.
    """

    entries: dict[str, archive.Entry]
    contents: dict[str, bytes]
    trees: dict[str, tuple[bytes, Node]]
    relations: dict[str, tuple[Relation, ...]]

    def copy(self) -> Known:
        """Give the same, to be added to."""
        return Known(self.entries, self.contents.copy(), self.trees.copy(), self.relations.copy())


class Package:
    """An opened workbook: parts can be read, written, added and dropped; `out` gives the new file's bytes."""

    def __init__(self, data: bytes, known: Known | None = None) -> None:
        """List the parts.

        Args:
            data: The file.
            known: What was read of these bytes before.

        Raises:
            WorkbookRefused: The bytes are no archive that can be read safely, or not a package.
        """
        self.data = data
        self.known = Known(archive.open_archive(data), {}, {}, {}) if known is None else known.copy()
        self._entries = self.known.entries
        self._names = {_plain(name): name for name in self._entries}
        self._fresh: dict[str, bytes] = {}
        self._packed: dict[str, archive.Fresh] = {}
        self._dropped: set[str] = set()
        if not self.has(_TYPES):
            raise WorkbookRefused("part-missing", part=_TYPES)

    # --- parts ---------------------------------------------------------------------------------------------

    def has(self, part: str) -> bool:
        """Tell whether there is such a part, ignoring case as the standard wants."""
        return _plain(part) in self._names

    def read(self, part: str, *, keep: bool = True) -> bytes:
        """Give a part in UTF-8.

        Args:
            part: Its name.
            keep: Remember the bytes for the next call, however many there are.

        Raises:
            WorkbookRefused: It is missing, damaged or too large.
        """
        key = _plain(part)
        if key in self._fresh:
            return self._fresh[key]
        if key in self.known.contents:
            return self.known.contents[key]
        name = self._names.get(key)
        if name is None:
            raise WorkbookRefused("part-missing", part=part)
        content = decoded(archive.unpack(self.data, self._entries[name]), part)
        if keep or len(content) <= _SMALL:
            self.known.contents[key] = content
        return content

    def check(self, part: str) -> int:
        """Give the stated checksum of an untouched part: whether it changed, without unpacking."""
        return self._entries[self._names[_plain(part)]].check

    def names(self) -> list[str]:
        """Give the names of all parts."""
        return list(self._names.values())

    def tree(self, part: str) -> Node:
        """Give a part as the tree of its elements; it is read once for as long as the part stays as it is.

        Raises:
            WorkbookRefused: It is missing, damaged, too large or no well-formed XML.
        """
        content = self.read(part)
        known = self.known.trees.get(part)
        if known is None or known[0] is not content:
            known = self.known.trees[part] = content, parse(content, part)
        return known[1]

    def xml(self, part: str) -> Xml:
        """Give a part ready for splices."""
        return Xml(self.read(part), part, self.tree(part))

    def write(self, part: str, content: bytes) -> None:
        """Put new content into a part; it is made where it does not exist."""
        key = _plain(part)
        self._names.setdefault(key, part)
        self._dropped.discard(key)
        self._packed.pop(key, None)
        self._fresh[key] = content
        self._unlearn(key)

    def write_large(self, part: str, pieces: Sequence[bytes | memoryview]) -> None:
        """Put new content into a part that is not read again; it is packed at once, to free the memory."""
        key = _plain(part)
        self._packed[key] = archive.fresh(self._names[key], pieces)

    def drop(self, part: str) -> None:
        """Take a part and its content type away; relationships to it are the caller's business."""
        key = _plain(part)
        self._dropped.add(key)
        self._fresh.pop(key, None)
        self._names.pop(key, None)
        self._unlearn(key)
        types = self.xml(_TYPES)
        for node in types.root.named("Override"):
            if _plain(node.get("PartName")) == key:
                types.replace(node, b"")
        if types.touched:
            self.write(_TYPES, types.out())

    def _unlearn(self, key: str) -> None:
        """Forget where parts lead once that changes."""
        if key.endswith(".rels"):
            self.known.relations.clear()

    def unused(self, pattern: str, *, alone: bool = False) -> str:
        """Give a part name that is still free; relationships left behind by a part that is lost keep its name taken.

        Args:
            pattern: The name with ``{}`` for a number.
            alone: Whether the name is first tried without a number.
        """
        if alone and self._is_free(pattern.format("")):
            return pattern.format("")
        number = 1
        while not self._is_free(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def _is_free(self, part: str) -> bool:
        return not self.has(part) and not self.has(_relations_part(part))

    def out(self) -> bytes:
        """Give the bytes of the new file; entries that stay are copied as they lie."""
        items: list[archive.Entry | archive.Fresh] = []
        written: set[str] = set()
        for name, entry in self._entries.items():
            key = _plain(name)
            if key in self._dropped:
                continue
            written.add(key)
            items.append(self._renewed(key, name) or entry)
        items += [
            archive.fresh(self._names[key], [content]) for key, content in self._fresh.items() if key not in written
        ]
        return archive.build(self.data, items)

    def _renewed(self, key: str, name: str) -> archive.Fresh | None:
        if key in self._packed:
            return self._packed[key]
        return archive.fresh(name, [self._fresh[key]]) if key in self._fresh else None

    # --- content types -------------------------------------------------------------------------------------

    def content_type(self, part: str) -> str:
        """Give the content type of a part, or empty."""
        root = self.tree(_TYPES)
        key = _plain(part)
        for node in root.named("Override"):
            if _plain(node.get("PartName")) == key:
                return node.get("ContentType")
        ending = key.rpartition(".")[2]
        return next(
            (node.get("ContentType") for node in root.named("Default") if node.get("Extension").lower() == ending),
            "",
        )

    def set_content_type(self, part: str, content_type: str) -> None:
        """State the content type of one part; the defaults by ending stay as they are."""
        types = self.xml(_TYPES)
        for node in types.root.named("Override"):
            if _plain(node.get("PartName")) == _plain(part):
                types.set(node, ContentType=content_type)
                break
        else:
            tag = types.root.prefix + "Override"
            types.append(types.root, f'<{tag} PartName="/{attribute(part)}" ContentType="{content_type}"/>'.encode())
        self.write(_TYPES, types.out())

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Put a new part in, with its content type."""
        self.write(part, content)
        self.set_content_type(part, content_type)

    # --- relationships -------------------------------------------------------------------------------------

    def relations(self, part: str) -> tuple[Relation, ...]:
        """List the relationships of a part; empty text stands for the package itself."""
        known = self.known.relations.get(part)
        if known is None:
            known = self.known.relations[part] = tuple(self._read_relations(part))
        return known

    def _read_relations(self, part: str) -> Iterator[Relation]:
        name = _relations_part(part)
        for node in self.tree(name).named("Relationship") if self.has(name) else ():
            external = node.get("TargetMode").lower() == "external"
            target = node.get("Target")
            yield Relation(
                node.get("Id"), _kind(node.get("Type")), target if external else _resolve(part, target), external
            )

    def related(self, part: str, kind: str) -> str | None:
        """Give the first part of that kind which the part leads to and which exists."""
        for relation in self.relations(part):
            if relation.kind == kind and not relation.external and self.has(relation.target):
                return relation.target
        return None

    def relate(self, part: str, kind: str, target: str, *, strict: bool = False) -> str:
        """Add a relationship to another part and give its id; the target is written absolute."""
        return self.relate_all(part, kind, ["/" + target], external=False, strict=strict)[0]

    def relate_all(self, part: str, kind: str, targets: Sequence[str], *, external: bool, strict: bool) -> list[str]:
        """Add relationships of one kind and give their ids.

        Args:
            part: The part that leads somewhere; empty for the package itself.
            kind: Last word of the type.
            targets: Names of parts with a leading slash, or addresses.
            external: Whether they lead outside.
            strict: Whether the workbook is of the strict flavour.
        """
        if not targets:
            return []
        name = _relations_part(part)
        if not self.has(name):
            self.write(name, _EMPTY_RELATIONS.encode())
        rels = self.xml(name)
        taken = {node.get("Id").lower() for node in rels.root.named("Relationship")}
        if part and self.has(part):  # what leads nowhere must not lead to the new part all of a sudden
            taken |= {found.decode().lower() for found in _IDENTIFIER.findall(self.read(part))}
        numbers = (number for number in count(1) if f"rid{number}" not in taken)
        identifiers = [f"rId{number}" for number in islice(numbers, len(targets))]
        address = STRICT + kind if strict else TRANSITIONAL + _RELATION_NAMES.get(kind, kind)
        mode = ' TargetMode="External"' if external else ""
        tag = rels.root.prefix + "Relationship"
        for identifier, target in zip(identifiers, targets, strict=True):
            spelled = f'<{tag} Id="{identifier}" Type="{address}" Target="{attribute(target)}"{mode}/>'
            rels.append(rels.root, spelled.encode())
        self.write(name, rels.out())
        return identifiers

    def unrelate(self, part: str, matching: set[str]) -> None:
        """Take relationships away by id."""
        if not matching:
            return
        name = _relations_part(part)
        rels = self.xml(name)
        for node in rels.root.named("Relationship"):
            if node.get("Id") in matching:
                rels.replace(node, b"")
        if rels.touched:
            self.write(name, rels.out())


def _plain(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def _kind(address: str) -> str:
    word = address.rpartition("/")[2]
    return re.sub("-([a-z])", lambda match: match[1].upper(), word)


def _resolve(part: str, target: str) -> str:
    target = _PERCENT.sub(lambda match: bytes.fromhex(match[1]).decode("latin-1"), target).replace("\\", "/")
    path = target if target.startswith("/") else posixpath.join("/", posixpath.dirname(part), target)
    return posixpath.normpath(path).lstrip("/")


def only(node: Node | None, part: str, what: str) -> Node:
    """Give the element, or refuse the part because it lacks it."""
    if node is None:
        raise WorkbookRefused("element-missing", part=part, element=what)
    return node
