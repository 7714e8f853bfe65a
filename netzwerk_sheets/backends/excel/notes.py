"""Notes on cells: reading them, and adding or taking away single ones with all others byte for byte as they are.

A note has two halves: its words in the part of comments, and a shape in the old drawing (VML) that lets it float.
That drawing is not always well-formed XML, so it is changed as bytes. A sheet on which people hold threaded
conversations is left alone: its notes are only shadows of those.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.links import SHEET_ORDER, relation_attribute
from netzwerk_sheets.backends.excel.references import LAST_COLUMN, LAST_ROW, MOST_DIGITS, cell_name, parse_cell
from netzwerk_sheets.backends.excel.spaces import DECLARATION, spaces
from netzwerk_sheets.backends.excel.texts import escape, guarded, plain
from netzwerk_sheets.errors import WorkbookChanged, WorkbookRefused
from netzwerk_sheets.grid import Note, RemoveNote, SetNote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.spans import Node, Xml

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_ORDER = ("authors", "commentList", "extLst")
_THREAD = "tc="
"""How the author of a note begins that only stands in for a threaded conversation."""

_VML = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_DECLARED = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in _VML.items())
_END = re.compile(rb"</(?:[\w.-]+:)?xml\s*>\s*\Z")
_SHAPE = re.compile(rb"<([\w.-]+:)?shape\b(?:(?!</(?:[\w.-]+:)?shape\s*>).)*</(?:[\w.-]+:)?shape\s*>\s*", re.DOTALL)
_DRAWN = re.compile(rb"<(?:[\w.-]+:)?(?:ClientData|shape|group|rect|roundrect|oval|line|polyline|arc|curve|image)\b")
_NUMBER = re.compile(rb"_x0000_s(\d{1,9})")
_CLUSTERS = re.compile(rb"""idmap\b[^>]*\bdata\s*=\s*["']([\d,\s]*)["']""")
_BLOCK = 1024
"""How many shapes one number of a drawing's id map stands for."""

_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NOTE_SHAPE = (
    """<v:shape{spaces} id="_x0000_s{number}" type="#_x0000_t202" style='position:absolute;margin-left:59.25pt;"""
    """margin-top:1.5pt;width:180pt;height:72pt;z-index:1;visibility:hidden' fillcolor="#ffffe1" """
    """o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>"""
    """<v:path o:connecttype="none"/><v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div>"""
    """</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>"""
    """<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""
)


class Notes(NamedTuple):
    """The notes of one sheet.

    Attributes:
        found: (row, column) → note.
        takes: Whether notes may be added.
        some: Whether there are any, readable or not.
    """

    found: Mapping[tuple[int, int], Note]
    takes: bool
    some: bool


def read_notes(package: Package, part: str, root: Node) -> Notes:
    """Read the notes of a sheet; what cannot be read is left to its authors.

    Args:
        package: The workbook.
        part: The sheet.
        root: What stands around its rows.
    """
    relations = package.relations(part)
    some = any(one.kind in {"comments", "threadedComment"} for one in relations)
    takes = _drawable(package, part, root) and not any(one.kind == "threadedComment" for one in relations)
    target = package.related(part, "comments")
    if target is None:
        return Notes({}, takes and not some, some)
    try:
        tree = package.tree(target)
    except WorkbookRefused:
        return Notes({}, takes=False, some=True)
    found = {place: note for place, note, _ in _notes(tree)}
    threads = any(note.author.startswith(_THREAD) for note in found.values())
    return Notes(found, takes and not threads and tree.name == "comments", bool(found) or threads)


def _drawable(package: Package, part: str, root: Node) -> bool:
    """Tell whether the old drawing of a sheet can take a shape: it is missing, or ends as it should."""
    node = root.child("legacyDrawing")
    if node is None:
        return True
    target = _drawing(package, part, node)
    return bool(target) and _END.search(package.read(target)) is not None


def _drawing(package: Package, part: str, node: Node) -> str:
    target = next((one.target for one in package.relations(part) if one.identifier == node.relation()), "")
    return target if target and package.has(target) else ""


def _notes(root: Node) -> Iterator[tuple[tuple[int, int], Note, Node]]:
    names = root.child("authors")
    authors = [plain(node.text) for node in (names.children if names else ())]
    listed = root.child("commentList")
    for node in listed.children if listed else ():
        try:
            place = parse_cell(node.get("ref"))
        except ValueError:
            continue
        number = node.number("authorId", -1)
        yield place, Note(authors[number] if 0 <= number < len(authors) else "", _words(node)), node


def _words(node: Node) -> str:
    text = node.child("text")
    runs = text.children if text else []
    return plain("".join(each.text for run in runs for each in ([run] if run.name == "t" else run.named("t"))))


# --- changing ---------------------------------------------------------------------------------------------


def plan_notes(frame: Xml, package: Package, part: str, edits: Sequence[SetNote | RemoveNote], *, strict: bool) -> None:
    """Carry out the edits of one sheet's notes; only the drawing's mention in the sheet itself stays planned.

    Args:
        frame: What stands around the rows of the sheet.
        package: The workbook.
        part: The sheet.
        edits: Notes to be removed and set.
        strict: Whether the workbook is of the strict flavour.

    Raises:
        WorkbookChanged: A note is not there any more, or another one has come to its cell.
        WorkbookRefused: The sheet cannot take notes.
    """
    if not edits:
        return
    if not read_notes(package, part, frame.root).takes and any(isinstance(edit, SetNote) for edit in edits):
        raise WorkbookRefused("note-in-the-way", tab=edits[0].spot.tab)
    target = package.related(part, "comments")
    if target is None:
        target = _new_comments(package, part, strict=strict)
    xml = package.xml(target)
    removed = _removed(xml, [edit for edit in edits if isinstance(edit, RemoveNote)])
    added = [edit for edit in edits if isinstance(edit, SetNote)]
    left = [(place, node) for place, _, node in _notes(xml.root) if node not in removed.values()]
    taken = {place for place, _ in left}
    for edit in added:
        if (edit.spot.row, edit.spot.column) in taken:
            raise _changed(edit)
    _change_drawing(frame, package, part, list(removed), added, strict=strict)
    if not left and not added and not package.relations(target):
        package.unrelate(part, {one.identifier for one in package.relations(part) if one.target == target})
        package.drop(target)
        return
    for node in removed.values():
        xml.replace(node, b"")
    if added:
        _add_words(xml, added)
    package.write(target, xml.out())


def _changed(edit: SetNote | RemoveNote) -> WorkbookChanged:
    return WorkbookChanged("cell-changed", tab=edit.spot.tab, cell=cell_name(edit.spot.row, edit.spot.column))


def _new_comments(package: Package, part: str, *, strict: bool) -> str:
    target = package.unused("xl/comments{}.xml")
    empty = f'{DECLARATION}<comments xmlns="{spaces(strict=strict).main}"><authors/><commentList/></comments>'
    package.add(target, empty.encode(), COMMENTS_TYPE)
    package.relate(part, "comments", target, strict=strict)
    return target


def _removed(xml: Xml, edits: Sequence[RemoveNote]) -> dict[tuple[int, int], Node]:
    known = {place: (note, node) for place, note, node in _notes(xml.root)}
    found = {}
    for edit in edits:
        place = edit.spot.row, edit.spot.column
        note, node = known.get(place, (None, None))
        if node is None or note != edit.note:
            raise _changed(edit)
        found[place] = node
    return found


def _add_words(xml: Xml, edits: Sequence[SetNote]) -> None:
    p = xml.root.prefix
    names = xml.root.child("authors")
    authors = [plain(node.text) for node in (names.children if names else ())]
    fresh = list(dict.fromkeys(edit.note.author for edit in edits if edit.note.author not in authors))
    spelled = "".join(f"<{p}author>{escape(guarded(name))}</{p}author>" for name in fresh)
    _extend(xml, "authors", spelled)
    authors += fresh
    _extend(xml, "commentList", "".join(_spelled(p, edit, authors.index(edit.note.author)) for edit in edits))


def _extend(xml: Xml, name: str, content: str) -> None:
    node = xml.root.child(name)
    if node is not None and content:
        xml.append(node, content.encode())
    elif node is None:
        tag = f"{xml.root.prefix}{name}"
        xml.add(xml.root, f"<{tag}>{content}</{tag}>".encode(), name, _ORDER)


def _spelled(p: str, edit: SetNote, author: int) -> str:
    look = f'<{p}rPr><{p}sz val="11"/><{p}color indexed="81"/><{p}rFont val="Arial"/><{p}family val="2"/></{p}rPr>'
    words = f'<{p}t xml:space="preserve">{escape(guarded(edit.note.text))}</{p}t>'
    place = cell_name(edit.spot.row, edit.spot.column)
    return (
        f'<{p}comment ref="{place}" authorId="{author}" shapeId="0"><{p}text><{p}r>{look}{words}</{p}r></{p}text>'
        f"</{p}comment>"
    )


# --- the drawing ------------------------------------------------------------------------------------------


def _change_drawing(
    frame: Xml,
    package: Package,
    part: str,
    removed: Sequence[tuple[int, int]],
    added: Sequence[SetNote],
    *,
    strict: bool,
) -> None:
    node = frame.root.child("legacyDrawing")
    target = _drawing(package, part, node) if node is not None else ""
    if not target and not added:
        return
    if not target:
        target = _new_drawing(frame, package, part, strict=strict)
    data = package.read(target)
    for place in removed:
        data = _without(data, place)
    if added:
        data = _with(data, added)
    elif node is not None and not _DRAWN.search(data) and not package.relations(target):
        package.unrelate(part, {node.relation()})
        package.drop(target)
        frame.replace(node, b"")
        return
    package.write(target, data)


def _new_drawing(frame: Xml, package: Package, part: str, *, strict: bool) -> str:
    taken = [
        int(number)
        for name in package.names()
        if name.lower().endswith(".vml")
        for match in _CLUSTERS.finditer(package.read(name))
        for number in match[1].split(b",")
        if number.strip().isdigit() and len(number) <= MOST_DIGITS
    ]
    cluster = max([0, *taken]) + 1
    content = (
        f'<xml{_DECLARED}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{cluster}"/></o:shapelayout>'
        f"{_TYPE}</xml>"
    )
    target = package.unused("xl/drawings/vmlDrawing{}.vml")
    package.add(target, content.encode(), DRAWING_TYPE)
    identifier = package.relate(part, "vmlDrawing", target, strict=strict)
    mention = f'<{frame.root.prefix}legacyDrawing {relation_attribute(frame.root, strict=strict)}="{identifier}"/>'
    # Controls and embedded objects come behind; programs wrap them in a choice between two spellings.
    later = {*SHEET_ORDER[SHEET_ORDER.index("legacyDrawing") + 1 :], "AlternateContent"}
    behind = False
    for child in frame.root.children:
        behind = behind or child.name == "sheetData"
        if behind and child.name in later:
            frame.insert(child.start, mention.encode())
            return target
    frame.append(frame.root, mention.encode())
    return target


def _without(data: bytes, place: tuple[int, int]) -> bytes:
    """Take the shape of one cell's note out of a drawing."""
    for match in _SHAPE.finditer(data):
        shape = match[0]
        if re.search(rb"""ObjectType\s*=\s*["']Note["']""", shape) and (
            _inside(shape, b"Row") == place[0] - 1 and _inside(shape, b"Column") == place[1] - 1
        ):
            data = data[: match.start()] + data[match.end() :]
            break
    if b"#_x0000_t202" not in data:
        for declared in ("", _DECLARED):
            data = data.replace(_type(declared).encode(), b"")
    return data


def _inside(shape: bytes, name: bytes) -> int:
    match = re.search(rb"<(?:[\w.-]+:)?%s\s*>\s*(\d{1,9})\s*<" % name, shape)
    return int(match[1]) if match else -1


def _with(data: bytes, edits: Sequence[SetNote]) -> bytes:
    """Put the shapes of new notes into a drawing."""
    end = _END.search(data)
    if end is None:
        raise WorkbookRefused("note-in-the-way", tab=edits[0].spot.tab)
    head = data[: data.find(b">") + 1]
    known = all(f'xmlns:{prefix}="{space}"'.encode() in head for prefix, space in _VML.items())
    declared = "" if known else _DECLARED
    clusters = _CLUSTERS.search(data)
    listed = clusters[1].split(b",") if clusters else []
    first = next((int(each) for each in listed if each.strip().isdigit() and len(each) <= MOST_DIGITS), 1)
    number = max([first * _BLOCK, *(int(match[1]) for match in _NUMBER.finditer(data))])
    pieces = [] if b'_x0000_t202"' in data or b"_x0000_t202'" in data else [_type(declared)]
    for offset, edit in enumerate(edits, start=1):
        row, column = edit.spot.row - 1, edit.spot.column - 1
        left, top = min(column + 1, LAST_COLUMN - 3), min(max(row - 1, 0), LAST_ROW - 6)
        anchor = f"{left}, 15, {top}, 10, {left + 2}, 15, {top + 4}, 10"
        pieces.append(
            _NOTE_SHAPE.format(spaces=declared, number=number + offset, anchor=anchor, row=row, column=column)
        )  # fmt: skip
    return data[: end.start()] + "".join(pieces).encode() + data[end.start() :]


def _type(declared: str) -> str:
    return _TYPE.replace("<v:shapetype", f"<v:shapetype{declared}", 1)
