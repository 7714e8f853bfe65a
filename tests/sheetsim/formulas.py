"""What formulas come to: a small set, and a loud failure for the rest unless the result was seeded."""

from __future__ import annotations

import operator
import re
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from .references import tokens
from .typing_in import serial, tongue

if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Content, Json, Sheet
    from .references import Reference

Area = list[list[Any]]


class NotComputed(Exception):
    """The formula uses what this server does not compute, and nobody seeded its result."""


class Failed(Exception):
    """The formula comes to an error value, such as #DIV/0!."""

    def __init__(self, kind: str, shown: str) -> None:
        super().__init__(shown)
        self.value = {"errorValue": {"type": kind, "_shown": shown}}


class Calculator:
    """Effective values of one state of a document, each computed once."""

    def __init__(self, content: Content, today: datetime) -> None:
        self.content = content
        self.today = today
        self._known: dict[tuple[int, int, int], Json] = {}
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
        value = self.effective(sheet, row, column)
        if "errorValue" in value:
            raise Failed(value["errorValue"]["type"], value["errorValue"].get("_shown", "#ERROR!"))
        return next(iter(value.values()), None)

    def area(self, found: Reference, own: Sheet) -> Area:
        """The values of a reference."""
        sheet = own if found.title is None else self.content.titled(found.title)
        if sheet is None:
            raise Failed("REF", "#REF!")
        top, left = found.top.index or 0, found.left.index or 0
        # Beyond the last filled cell everything is blank: an open area ends there.
        last_row = max((row for row, _ in sheet.cells), default=0) + 1
        last_column = max((column for _, column in sheet.cells), default=0) + 1
        bottom = last_row if found.bottom.index is None else found.bottom.index + 1
        right = last_column if found.right.index is None else found.right.index + 1
        return [[self.plain(sheet, row, column) for column in range(left, right)] for row in range(top, bottom)]


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


class _Parser:
    def __init__(self, calculator: Calculator, sheet: Sheet, formula: str) -> None:
        self.calculator = calculator
        self.sheet = sheet
        self.speech = tongue(calculator.content.locale)
        self.items = self._joined(formula.removeprefix("="))
        self.at = 0

    def _joined(self, text: str) -> list[tuple[str, Reference | None]]:
        """Tokens with numbers and two-character signs put together, blanks dropped."""
        out: list[tuple[str, Reference | None]] = []
        glue = False
        for token, found in tokens(text):
            last = out[-1][0] if out and out[-1][1] is None else ""
            if token.isspace() and found is None:
                glue = False
                continue
            number = token.isdigit() or token == self.speech.decimal
            number = number and re.fullmatch(rf"\d*({re.escape(self.speech.decimal)}\d*)?", last + token) is not None
            if glue and found is None and (number or last + token in {"<=", ">=", "<>"}):
                out[-1] = (last + token, None)
            else:
                out.append((token, found))
            glue = True
        return out

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
            left = _compare(sign, _one(left), _one(self.joined_text()))
        return left

    def joined_text(self) -> Any:
        left = self.sum()
        while self.take("&"):
            left = _text(_one(left)) + _text(_one(self.sum()))
        return left

    def sum(self) -> Any:
        left = self.product()
        while sign := self.take("+", "-"):
            right = _figure(_one(self.product()))
            left = _figure(_one(left)) + (right if sign == "+" else -right)
        return left

    def product(self) -> Any:
        left = self.power()
        while sign := self.take("*", "/"):
            right = _figure(_one(self.power()))
            if sign == "/" and right == 0:
                raise Failed("DIVIDE_BY_ZERO", "#DIV/0!")
            left = _figure(_one(left)) * right if sign == "*" else _figure(_one(left)) / right
        return left

    def power(self) -> Any:
        left = self.sign()
        while self.take("^"):
            left = _figure(_one(left)) ** _figure(_one(self.sign()))
        return left

    def sign(self) -> Any:
        if self.take("-"):
            return -_figure(_one(self.sign()))
        if self.take("+"):
            return self.sign()
        value = self.atom()
        while self.take("%"):
            value = _figure(_one(value)) / 100
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
        if name not in _FUNCTIONS and name not in {"IF", "IFERROR", "TODAY", "NOW", "HEUTE", "WENN"}:
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
            value = _FUNCTIONS[name](*(self._argument(start) for start in starts))
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
            elif depth == 0 and token in {";", ","} and (token == ";" or self.speech.list_separator in ",;"):
                starts.append(self.at)
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
        if _truth(_one(self._argument(starts[0]))):
            return self._argument(starts[1])
        return self._argument(starts[2]) if len(starts) > 2 else False


def _one(value: Any) -> Any:
    return value[0][0] if isinstance(value, list) else value


def _flat(values: tuple[Any, ...]) -> list[Any]:
    out: list[Any] = []
    for value in values:
        if isinstance(value, list):
            out.extend(cell for row in value for cell in row)
        else:
            out.append(value)
    return out


def _figure(value: Any) -> float:
    if value is None or value == "":
        return 0
    if isinstance(value, (bool, int, float)):
        return float(value)
    try:
        return float(value)
    except ValueError:
        raise Failed("VALUE", "#VALUE!") from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else f"{value:.10g}"
    return str(value)


def _truth(value: Any) -> bool:
    return value.upper() == "TRUE" if isinstance(value, str) else bool(value)


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _compare(sign: str, left: Any, right: Any) -> bool:
    if left is None:
        left = "" if isinstance(right, str) else 0
    if right is None:
        right = "" if isinstance(left, str) else 0
    if isinstance(left, str) and isinstance(right, str):
        return _SIGNS[sign](left.casefold(), right.casefold())
    if isinstance(left, str) is not isinstance(right, str):  # numbers come before texts
        return _SIGNS[sign](isinstance(left, str), isinstance(right, str))
    return _SIGNS[sign](left, right)


def _fits(value: Any, wanted: Any) -> bool:
    """A criterion as COUNTIF has it."""
    if not isinstance(wanted, str):
        return bool(value == wanted and not isinstance(value, str)) or _text(value) == _text(wanted)
    match = re.match(r"(<=|>=|<>|=|<|>)?(.*)$", wanted, re.DOTALL)
    assert match is not None
    sign, text = match[1] or "=", match[2]
    number = re.fullmatch(r"-?\d+(\.\d+)?", text)
    if number:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return (sign == "<>") or (sign == "=" and isinstance(value, str) and value == text)
        return _SIGNS[sign](value, float(text))
    if sign in {"=", "<>"}:
        pattern = re.escape(text.casefold()).replace(r"\*", ".*").replace(r"\?", ".")
        same = re.fullmatch(pattern, _text(value).casefold(), re.DOTALL) is not None
        return same is (sign == "=")
    return isinstance(value, str) and _SIGNS[sign](value.casefold(), text.casefold())


def _figures(values: tuple[Any, ...]) -> list[float]:
    return [float(v) for v in _flat(values) if isinstance(v, (int, float)) and not isinstance(v, bool)]


def _count_ifs(*pairs: Any) -> int:
    areas = [_flat((area,)) for area in pairs[::2]]
    return sum(
        all(_fits(area[n], wanted) for area, wanted in zip(areas, pairs[1::2], strict=True))
        for n in range(len(areas[0]))
    )


def _sum_if(area: Any, wanted: Any, summed: Any = None) -> float:
    figures = _flat((area if summed is None else summed,))
    return sum(
        float(figures[n])
        for n, value in enumerate(_flat((area,)))
        if _fits(value, wanted) and isinstance(figures[n], (int, float))
    )


def _round(value: Any, places: Any = 0) -> float:
    from decimal import ROUND_HALF_UP, Decimal

    step = Decimal(1).scaleb(-int(_figure(_one(places))))
    return float(Decimal(repr(_figure(_one(value)))).quantize(step, ROUND_HALF_UP))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *v: sum(_figures(v)),
    "SUMME": lambda *v: sum(_figures(v)),
    "COUNT": lambda *v: len(_figures(v)),
    "COUNTA": lambda *v: sum(value is not None for value in _flat(v)),
    "COUNTIF": _count_ifs,
    "COUNTIFS": _count_ifs,
    "SUMIF": _sum_if,
    "MAX": lambda *v: max(_figures(v), default=0),
    "MIN": lambda *v: min(_figures(v), default=0),
    "AVERAGE": lambda *v: sum(_figures(v)) / (len(_figures(v)) or 1),
    "AND": lambda *v: all(_truth(value) for value in _flat(v) if value is not None),
    "OR": lambda *v: any(_truth(value) for value in _flat(v) if value is not None),
    "NOT": lambda v: not _truth(_one(v)),
    "ROUND": _round,
    "ABS": lambda v: abs(_figure(_one(v))),
    "INT": lambda v: _figure(_one(v)) // 1,
    "LEN": lambda v: len(_text(_one(v))),
    "N": lambda v: _figure(_one(v)) if not isinstance(_one(v), str) else 0,
    "TRIM": lambda v: " ".join(_text(_one(v)).split()),
    "ISBLANK": lambda v: _one(v) is None,
    "ISNUMBER": lambda v: isinstance(_one(v), (int, float)) and not isinstance(_one(v), bool),
    "CONCATENATE": lambda *v: "".join(_text(value) for value in _flat(v)),
    "HYPERLINK": lambda _url, label=None: _text(_one(label)) if label is not None else _text(_one(_url)),
}
