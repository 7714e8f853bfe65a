"""Rules about what floats above the cells: pictures, shapes, charts, controls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.issues import Issue
from netzwerk_sheets.backends.excel.spans import Node, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netzwerk_sheets.backends.excel.package import Package

_SHORTEST_TEXT = 10
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|bmp|svg|tiff?|emf|wmf)", re.IGNORECASE)
_OBJECTS = {"graphicFrame", "pic", "sp", "cxnSp", "grpSp"}
_CONTROLS = {"ctrlProp", "control", "activeXControl"}


def drawing_issues(package: Package, part: str, tab: str) -> Iterator[Issue]:
    """Check everything that floats in one tab."""
    relations = package.relations(part)
    if any(relation.kind in _CONTROLS for relation in relations):
        yield Issue("X39", tab)
    for relation in relations:
        if relation.kind == "drawing" and not relation.external and package.has(relation.target):
            yield from _drawing(package, relation.target, tab)


def _drawing(package: Package, part: str, tab: str) -> Iterator[Issue]:
    for node in parse(package.read(part), part).walk():
        if node.name in _OBJECTS:
            yield from _alternative_text(node, tab)
    for relation in package.relations(part):
        if relation.kind == "chart" and package.has(relation.target):
            yield from _chart(parse(package.read(relation.target), relation.target), tab)
        elif relation.kind == "image" and relation.target.lower().endswith(".gif"):
            yield Issue("X40", tab)


def _alternative_text(node: Node, tab: str) -> Iterator[Issue]:
    about = next((one for child in node.children for one in child.children if one.name == "cNvPr"), None)
    if about is None or any(one.name == "decorative" and one.flag("val") for one in about.walk()):
        return
    text = about.get("descr").strip()
    facts = {"object": about.get("name")}
    if not text:
        yield Issue("X29", tab, facts=facts)
    elif len(text) < _SHORTEST_TEXT or _FILE_NAME.fullmatch(text):
        yield Issue("X30", tab, facts=facts)


def _chart(root: Node, tab: str) -> Iterator[Issue]:
    chart = root.child("chart")
    if chart is None:
        return
    title = chart.child("title")
    words = "".join(node.text for node in title.walk() if node.name in {"t", "v"}).strip() if title else ""
    deleted = chart.child("autoTitleDeleted")
    if not words or (deleted is not None and deleted.flag("val")):
        yield Issue("X31", tab)
    for around, series in ((node, child) for node in chart.walk() for child in node.named("ser")):
        labels = series.child("dLbls") or around.child("dLbls")
        shows = labels.child("showVal") or labels.child("showPercent") if labels else None
        if shows is None or not shows.flag("val"):
            yield Issue("X32", tab, facts={"chart": words})
            return
