"""What formulas come to: a small set, and a loud failure for the rest unless the result was seeded."""

from __future__ import annotations

import re
from datetime import datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .functions import FUNCTIONS, Failed, compare, figure, one, text, truth
from .references import tokens
from .typing_in import serial, tongue

if TYPE_CHECKING:
    from .document import Content, Json, Sheet
    from .references import Reference

Area = list[list[Any]]


class NotComputed(Exception):
    """The formula uses what this server does not compute, and nobody seeded its result."""


class Calculator:
    """Effective values of one state of a document, each computed once."""

    def __init__(self, content: Content, today: datetime) -> None:
        self.content = content
        self.today = today
        self._known: dict[tuple[int, int, int], Json] = {}
        self._extents: dict[int, tuple[int, int]] = {}
        self._areas: dict[tuple[int, int, int, int, int], Area] = {}
        self._running: set[tuple[int, int, int]] = set()

    def effective(self, sheet: Sheet, row: int, column: int) -> Json:
        """The effective value; empty for an empty cell."""
        cell = sheet.cell(row, column)
        entered: Json = cell.get("userEnteredValue", {})
        if "formulaValue" not in entered:
            return entered
        key = (sheet.id, row, column)
        if key not in self._known:
            if key in self._running:
                return {"errorValue": {"type": "REF", "message": "Circular dependency detected.", "_shown": "#REF!"}}
            self._running.add(key)
            try:
                self._known[key] = self._compute(cell, entered["formulaValue"], sheet)
            finally:
                self._running.discard(key)
        return self._known[key]

    def _compute(self, cell: Json, formula: str, sheet: Sheet) -> Json:
        try:
            return _wrap(_Parser(self, sheet, formula).run())
        except Failed as failed:
            return failed.value
        except NotComputed as reason:
            if "effectiveValue" in cell:
                seeded: Json = cell["effectiveValue"]
                return seeded
            raise NotComputed(f"{reason} in {formula!r}: seed its result (doc.seed_result)") from None

    def plain(self, sheet: Sheet, row: int, column: int) -> Any:
        """The value as Python has it; None for blank. Raises Failed for an error value."""
        if (row, column) not in sheet.cells:
            return None
        value = self.effective(sheet, row, column)
        if "errorValue" in value:
            raise Failed(value["errorValue"]["type"], value["errorValue"].get("_shown", "#ERROR!"))
        return next(iter(value.values()), None)

    def _extent(self, sheet: Sheet) -> tuple[int, int]:
        """Rows and columns up to the last cell that holds something: an open area ends there."""
        if sheet.id not in self._extents:
            rows, columns = (max((spot[way] for spot in sheet.cells), default=0) + 1 for way in (0, 1))
            self._extents[sheet.id] = rows, columns
        return self._extents[sheet.id]

    def area(self, found: Reference, own: Sheet) -> Area:
        """The values of a reference."""
        sheet = own if found.title is None else self.content.titled(found.title)
        if sheet is None:
            raise Failed("REF", "#REF!")
        top, left = found.top.index or 0, found.left.index or 0
        last_row, last_column = self._extent(sheet)
        bottom = last_row if found.bottom.index is None else found.bottom.index + 1
        right = last_column if found.right.index is None else found.right.index + 1
        key = sheet.id, top, left, bottom, right
        if key not in self._areas:  # many formulas look at the same columns
            self._areas[key] = [
                [self.plain(sheet, row, column) for column in range(left, right)] for row in range(top, bottom)
            ]
        return self._areas[key]


def _wrap(value: Any) -> Json:
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": int(value) if value == int(value) and abs(value) < 1e15 else value}
    if value is None:
        return {"numberValue": 0}
    return {"stringValue": value}


@lru_cache(maxsize=10_000)
def _joined(text: str, decimal: str) -> tuple[tuple[str, Reference | None], ...]:
    """Tokens with numbers and two-character signs put together, blanks dropped."""
    out: list[tuple[str, Reference | None]] = []
    glue = False
    for token, found in tokens(text):
        last = out[-1][0] if out and out[-1][1] is None else ""
        if token.isspace() and found is None:
            glue = False
            continue
        number = token.isdigit() or token == decimal
        number = number and re.fullmatch(rf"\d*({re.escape(decimal)}\d*)?", last + token) is not None
        if glue and found is None and (number or last + token in {"<=", ">=", "<>"}):
            out[-1] = (last + token, None)
        else:
            out.append((token, found))
        glue = True
    return tuple(out)


class _Parser:
    def __init__(self, calculator: Calculator, sheet: Sheet, formula: str) -> None:
        self.calculator = calculator
        self.sheet = sheet
        self.speech = tongue(calculator.content.locale)
        self.items = _joined(formula.removeprefix("="), self.speech.decimal)
        self.at = 0

    def run(self) -> Any:
        value = self.comparison()
        if self.at != len(self.items):
            raise Failed("ERROR", "#ERROR!")
        return value

    def peek(self) -> str:
        return self.items[self.at][0] if self.at < len(self.items) else ""

    def take(self, *wanted: str) -> str:
        if self.peek() in wanted and self.peek():
            self.at += 1
            return self.items[self.at - 1][0]
        return ""

    def comparison(self) -> Any:
        left = self.joined_text()
        while sign := self.take("=", "<>", "<", ">", "<=", ">="):
            left = compare(sign, one(left), one(self.joined_text()))
        return left

    def joined_text(self) -> Any:
        left = self.sum()
        while self.take("&"):
            left = text(one(left)) + text(one(self.sum()))
        return left

    def sum(self) -> Any:
        left = self.product()
        while sign := self.take("+", "-"):
            right = figure(one(self.product()))
            left = figure(one(left)) + (right if sign == "+" else -right)
        return left

    def product(self) -> Any:
        left = self.power()
        while sign := self.take("*", "/"):
            right = figure(one(self.power()))
            if sign == "/" and right == 0:
                raise Failed("DIVIDE_BY_ZERO", "#DIV/0!")
            left = figure(one(left)) * right if sign == "*" else figure(one(left)) / right
        return left

    def power(self) -> Any:
        left = self.sign()
        while self.take("^"):
            left = figure(one(left)) ** figure(one(self.sign()))
        return left

    def sign(self) -> Any:
        if self.take("-"):
            return -figure(one(self.sign()))
        if self.take("+"):
            return self.sign()
        value = self.atom()
        while self.take("%"):
            value = figure(one(value)) / 100
        return value

    def atom(self) -> Any:
        if self.at >= len(self.items):
            raise Failed("ERROR", "#ERROR!")
        token, found = self.items[self.at]
        self.at += 1
        if found is not None:
            area = self.calculator.area(found, self.sheet)
            return area[0][0] if found.single else area
        if token == "(":
            value = self.comparison()
            if not self.take(")"):
                raise Failed("ERROR", "#ERROR!")
            return value
        if token.startswith('"'):
            return token[1:-1].replace('""', '"')
        if token[0].isdigit() or token[0] == ".":
            return float(token.replace(",", "."))
        if token.endswith("("):
            return self.call(token[:-1].upper())
        if token == "#":
            raise Failed("REF", "#REF!")
        if token.upper() in {*self.speech.true, *self.speech.false}:
            return token.upper() in self.speech.true
        for named in self.calculator.content.named_ranges:
            if named["name"] == token:
                sheet, box = self.calculator.content.box(named["range"])
                return [
                    [self.calculator.plain(sheet, row, column) for column in range(box.left, box.right)]
                    for row in range(box.top, box.bottom)
                ]
        raise Failed("NAME", "#NAME?")

    def call(self, name: str) -> Any:
        if name not in FUNCTIONS and name not in {"IF", "IFERROR", "TODAY", "NOW", "HEUTE", "WENN"}:
            raise NotComputed(name)
        starts = [self.at]
        self._skip_arguments(starts)
        if name in {"TODAY", "HEUTE"}:
            return serial(datetime.combine(self.calculator.today.date(), time()))
        if name == "NOW":
            return serial(self.calculator.today)
        end = self.at
        if name in {"IF", "WENN", "IFERROR"}:
            value = self._lazily(name, starts)
        else:
            value = FUNCTIONS[name](*(self._argument(start) for start in starts))
        self.at = end
        return value

    def _skip_arguments(self, starts: list[int]) -> None:
        """Step behind the closing bracket, noting where each argument begins."""
        depth = 0
        if self.peek() == ")":
            starts.clear()
        while self.at < len(self.items):
            token = self.items[self.at][0]
            self.at += 1
            if token.endswith("("):
                depth += 1
            elif token == ")":
                if depth == 0:
                    return
                depth -= 1
            elif depth == 0 and token in {";", self.speech.list_separator}:
                starts.append(self.at)
            elif depth == 0 and token == ",":
                break  # reported: where the comma is for decimals it parts no arguments
        raise Failed("ERROR", "#ERROR!")

    def _argument(self, start: int) -> Any:
        self.at = start
        if self.peek() in {";", ",", ")"}:
            return None
        return self.comparison()

    def _lazily(self, name: str, starts: list[int]) -> Any:
        if name == "IFERROR":
            try:
                return self._argument(starts[0])
            except Failed:
                return self._argument(starts[1]) if len(starts) > 1 else ""
        if truth(one(self._argument(starts[0]))):
            return self._argument(starts[1])
        return self._argument(starts[2]) if len(starts) > 2 else False
