"""XML that is changed without being written anew: a tree of byte spans, and splices between them.

Serialising a part again would rename prefixes, reorder attributes and drop what the library does not know;
Excel answers that with its repair message. Here the old bytes stay as they are and only the planned spots
differ.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.texts import attribute
from netzwerk_sheets.errors import WorkbookRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LAST = True
"""Tells expat that the bytes are the whole document."""

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Node:
    """One element: where it begins, where its start tag ends, where its end tag begins, where it ends.

    What only splices ask for is looked up when it is asked: most elements are only read.

    Attributes:
        tag: Name as written, prefix included.
        name: Name without prefix.
        attributes: As written.
        start: Where it begins.
        left: Where its end tag begins, if it has one.
        text: Character data directly in it.
    """

    __slots__ = ("_data", "attributes", "children", "left", "name", "start", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], data: bytes, start: int) -> None:
        self.tag = tag
        self.name = tag if ":" not in tag else local(tag)
        self.attributes = attributes
        self.start = start
        self.children: list[Node] = []
        self.text = ""
        self._data = data
        self.left = -1

    def _start_tag(self) -> re.Match[bytes]:
        match = _START_TAG.match(self._data, self.start)
        if not match:
            raise WorkbookRefused("xml-broken", part=self.tag)
        return match

    @property
    def closes_itself(self) -> bool:
        """Whether it has no end tag."""
        return bool(self._start_tag()[1])

    @property
    def opened(self) -> int:
        """Where its start tag ends."""
        return self._start_tag().end()

    @property
    def closing(self) -> int:
        """Where its end tag begins."""
        return self.opened if self.closes_itself else self.left

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.opened if self.closes_itself else self._data.index(b">", self.left) + 1

    def child(self, name: str) -> Node | None:
        """Give the first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def named(self, name: str) -> list[Node]:
        """Give all children of this name."""
        return [child for child in self.children if child.name == name]

    def find(self, *path: str) -> Node | None:
        """Follow first children by name."""
        node: Node | None = self
        for name in path:
            node = node.child(name) if node else None
        return node

    def walk(self) -> Iterator[Node]:
        """Give this element and all below it."""
        pile = [self]
        while pile:
            node = pile.pop()
            yield node
            pile.extend(reversed(node.children))

    def get(self, name: str, default: str = "") -> str:
        """Give an attribute without prefix."""
        return self.attributes.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        """Give a whole-number attribute; anything unreadable counts as the default."""
        try:
            return int(self.attributes.get(name, default))
        except ValueError:
            return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Give a yes-or-no attribute."""
        value = self.attributes.get(name)
        return default if value is None else value.strip().lower() in {"1", "true", "on"}

    def relation(self) -> str:
        """Give the relationship id (``r:id``), whatever prefix the part uses for it."""
        return next((value for key, value in self.attributes.items() if key.endswith(":id")), "")

    @property
    def prefix(self) -> str:
        """The prefix of the tag with its colon, or empty."""
        return self.tag[: len(self.tag) - len(self.name)]


def decoded(data: bytes, part: str) -> bytes:
    """Give the part in UTF-8 without a byte order mark, whatever it was written in.

    Raises:
        WorkbookRefused: The encoding is unknown, or the bytes do not hold to it.
    """
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "")
    if not encoding:
        if data[:4] in {b"<\0?\0", b"\0<\0?"}:
            encoding = "utf-16-le" if data[0] else "utf-16-be"
        else:
            match = _DECLARED.match(data[:200])
            encoding = match[1].decode("ascii").lower() if match else "utf-8"
    if encoding in {"utf-8", "us-ascii", "ascii"}:
        content = data.removeprefix(_BOMS[0][0])
        if len(content) == len(data):
            return data
    else:
        try:
            content = data.decode(encoding).removeprefix("\ufeff").encode()
        except (LookupError, UnicodeError) as error:
            raise WorkbookRefused("xml-broken", part=part) from error
    # a mark at the beginning outweighs what is declared; without the mark the declaration must be true
    match = _DECLARED.match(content[:200])
    if match is None or match[1].lower() == b"utf-8":
        return content
    return content[: match.start(1)] + b"UTF-8" + content[match.end(1) :]


def local(tag: str) -> str:
    """Give a tag without its prefix."""
    return tag.rpartition(":")[2]


def quiet_parser(part: str) -> expat.XMLParserType:
    """Give a parser that knows no document types: no entity can be declared, nothing is fetched."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise WorkbookRefused("doctype", part=part)

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, data: bytes, part: str) -> None:
    try:
        parser.Parse(data, _LAST)
    except (expat.ExpatError, ValueError) as error:
        raise WorkbookRefused("xml-broken", part=part) from error


def parse(data: bytes, part: str) -> Node:
    """Read a UTF-8 part into its tree of spans.

    Raises:
        WorkbookRefused: It is no well-formed XML, has a document type, or too many elements.
    """
    roots: list[Node] = []
    open_nodes: list[Node] = []
    count = 0
    parser = quiet_parser(part)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > guard.MOST_ELEMENTS:
            raise WorkbookRefused("part-too-large", part=part, elements=count)
        node = Node(tag, attributes, data, parser.CurrentByteIndex)
        (open_nodes[-1].children if open_nodes else roots).append(node)
        open_nodes.append(node)

    def finish(_tag: str) -> None:
        open_nodes.pop().left = parser.CurrentByteIndex

    def characters(text: str) -> None:
        if open_nodes:
            open_nodes[-1].text += text

    parser.StartElementHandler = start
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = characters
    try:
        _feed(parser, data, part)
    finally:
        # The functions hold the parser and it holds them: they would stay until somebody searches for circles.
        parser.StartElementHandler = parser.EndElementHandler = None
    if not roots:
        raise WorkbookRefused("xml-broken", part=part)
    return roots[0]


def head(data: bytes, part: str) -> Node:
    """Give the outermost element of a UTF-8 part alone; what is in it is only checked.

    Raises:
        WorkbookRefused: See `parse`.
    """
    if data.count(b"<") > guard.MOST_ELEMENTS:
        return parse(data, part)
    roots: list[Node] = []
    parser = quiet_parser(part)

    def start(tag: str, attributes: dict[str, str]) -> None:
        roots.append(Node(tag, attributes, data, parser.CurrentByteIndex))
        parser.StartElementHandler = None

    parser.StartElementHandler = start
    _feed(parser, data, part)
    return roots[0]


class Xml:
    """A part and the splices planned for it; nothing is changed until `out` is asked."""

    def __init__(self, data: bytes, part: str, root: Node | None = None) -> None:
        """Read the part, unless its tree is at hand; raises `WorkbookRefused` where it cannot be read."""
        self.data = data
        self.part = part
        self.root = parse(data, part) if root is None else root
        self._splices: list[tuple[int, int, bytes]] = []
        self._appended: dict[Node, list[bytes]] = {}
        self._attributes: dict[Node, dict[str, str | None]] = {}

    @property
    def touched(self) -> bool:
        """Whether anything would differ."""
        return bool(self._splices or self._appended or self._attributes)

    def insert(self, position: int, content: bytes) -> None:
        """Put bytes in front of a position."""
        self._splices.append((position, position, content))

    def replace(self, node: Node, content: bytes) -> None:
        """Put bytes in the place of an element; empty removes it."""
        self._splices.append((node.start, node.end, content))

    def append(self, node: Node, content: bytes) -> None:
        """Put bytes behind the last child of an element; a self-closing one is opened."""
        self._appended.setdefault(node, []).append(content)

    def set(self, node: Node, **attributes: str | None) -> None:
        """Set or remove (`None`) attributes; the others keep their bytes."""
        self._attributes.setdefault(node, {}).update(attributes)

    def add(self, node: Node, content: bytes, name: str, order: Sequence[str]) -> None:
        """Put a new child where the schema wants it.

        Args:
            node: The parent.
            content: The child's bytes.
            name: The child's name without prefix.
            order: Names of the children in the schema's order.
        """
        later = set(order[order.index(name) + 1 :])
        for child in node.children:
            if child.name in later:
                self.insert(child.start, content)
                return
        self.append(node, content)

    def out(self) -> bytes:
        """Give the part with all splices done."""
        splices = [(*splice, index) for index, splice in enumerate(self._all())]
        # At one spot an insertion goes first, so that it does not end up behind what replaces the old
        # element.
        splices.sort(key=lambda item: (item[0], item[1] > item[0], item[3]))
        pieces: list[bytes] = []
        position = 0
        for start, end, content, _ in splices:
            pieces += (self.data[position:start], content)
            position = max(position, end)
        pieces.append(self.data[position:])
        return b"".join(pieces)

    def _all(self) -> Iterator[tuple[int, int, bytes]]:
        yield from self._splices
        for node in {**self._attributes, **self._appended}:
            changes = self._attributes.get(node, {})
            appended = b"".join(self._appended.get(node, ()))
            if node.closes_itself or changes:
                yield node.start, node.opened, self._start_tag(node, changes, open_it=bool(appended))
            if node.closes_itself and appended:
                yield node.opened, node.opened, appended + f"</{node.tag}>".encode()
            elif appended:
                yield node.closing, node.closing, appended

    def _start_tag(self, node: Node, changes: Mapping[str, str | None], *, open_it: bool) -> bytes:
        tag = self.data[node.start : node.opened]
        for name, value in changes.items():
            pattern = re.compile(rb"""\s+%s\s*=\s*(?:"[^"]*"|'[^']*')""" % re.escape(name.encode()))
            fresh = b"" if value is None else f' {name}="{attribute(value)}"'.encode()
            found = pattern.search(tag)
            if found:
                tag = tag[: found.start()] + fresh + tag[found.end() :]
            elif fresh:
                end = len(tag) - (2 if node.closes_itself else 1)
                tag = tag[:end].rstrip() + fresh + tag[end:]
        if open_it and node.closes_itself:
            tag = tag[:-2].rstrip() + b">"
        return tag
