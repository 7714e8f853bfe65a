"""The functions that formulas may use, and how they take their arguments."""

from __future__ import annotations

import operator
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Failed(Exception):
    """The formula comes to an error value, such as #DIV/0!."""

    def __init__(self, kind: str, shown: str) -> None:
        super().__init__(shown)
        self.value = {"errorValue": {"type": kind, "_shown": shown}}


def one(value: Any) -> Any:
    return value[0][0] if isinstance(value, list) else value


def flat(values: tuple[Any, ...]) -> list[Any]:
    out: list[Any] = []
    for value in values:
        if isinstance(value, list):
            out.extend(cell for row in value for cell in row)
        else:
            out.append(value)
    return out


def figure(value: Any) -> float:
    if value is None or value == "":
        return 0
    if isinstance(value, (bool, int, float)):
        return float(value)
    try:
        return float(value)
    except ValueError:
        raise Failed("VALUE", "#VALUE!") from None


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else f"{value:.10g}"
    return str(value)


def truth(value: Any) -> bool:
    return value.upper() == "TRUE" if isinstance(value, str) else bool(value)


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def compare(sign: str, left: Any, right: Any) -> bool:
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
        return bool(value == wanted and not isinstance(value, str)) or text(value) == text(wanted)
    return _criterion(wanted)(value)


@lru_cache(maxsize=10_000)
def _criterion(wanted: str) -> Callable[[Any], bool]:
    """A criterion that is a text, understood once."""
    match = re.match(r"(<=|>=|<>|=|<|>)?(.*)$", wanted, re.DOTALL)
    assert match is not None
    sign, rest = match[1] or "=", match[2]
    folded = rest.casefold()
    if re.fullmatch(r"-?\d+(\.\d+)?", rest):

        def as_number(value: Any) -> bool:
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                return (sign == "<>") or (sign == "=" and isinstance(value, str) and value == rest)
            return _SIGNS[sign](value, float(rest))

        return as_number
    if sign in {"=", "<>"}:
        pattern = re.compile(re.escape(folded).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
        return lambda value: (pattern.fullmatch(text(value).casefold()) is not None) is (sign == "=")
    return lambda value: isinstance(value, str) and _SIGNS[sign](value.casefold(), folded)


def _figures(values: tuple[Any, ...]) -> list[float]:
    return [float(v) for v in flat(values) if isinstance(v, (int, float)) and not isinstance(v, bool)]


def _count_ifs(*pairs: Any) -> int:
    areas = [flat((area,)) for area in pairs[::2]]
    return sum(
        all(_fits(area[n], wanted) for area, wanted in zip(areas, pairs[1::2], strict=True))
        for n in range(len(areas[0]))
    )


def _sum_if(area: Any, wanted: Any, summed: Any = None) -> float:
    figures = flat((area if summed is None else summed,))
    return sum(
        float(figures[n])
        for n, value in enumerate(flat((area,)))
        if _fits(value, wanted) and isinstance(figures[n], (int, float))
    )


def _round(value: Any, places: Any = 0) -> float:
    step = Decimal(1).scaleb(-int(figure(one(places))))
    return float(Decimal(repr(figure(one(value)))).quantize(step, ROUND_HALF_UP))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *v: sum(_figures(v)),
    "SUMME": lambda *v: sum(_figures(v)),
    "COUNT": lambda *v: len(_figures(v)),
    "COUNTA": lambda *v: sum(value is not None for value in flat(v)),
    "COUNTIF": _count_ifs,
    "COUNTIFS": _count_ifs,
    "SUMIF": _sum_if,
    "MAX": lambda *v: max(_figures(v), default=0),
    "MIN": lambda *v: min(_figures(v), default=0),
    "AVERAGE": lambda *v: sum(_figures(v)) / (len(_figures(v)) or 1),
    "AND": lambda *v: all(truth(value) for value in flat(v) if value is not None),
    "OR": lambda *v: any(truth(value) for value in flat(v) if value is not None),
    "NOT": lambda v: not truth(one(v)),
    "ROUND": _round,
    "ABS": lambda v: abs(figure(one(v))),
    "INT": lambda v: figure(one(v)) // 1,
    "LEN": lambda v: len(text(one(v))),
    "N": lambda v: figure(one(v)) if not isinstance(one(v), str) else 0,
    "TRIM": lambda v: " ".join(text(one(v)).split()),
    "ISBLANK": lambda v: one(v) is None,
    "ISNUMBER": lambda v: isinstance(one(v), (int, float)) and not isinstance(one(v), bool),
    "CONCATENATE": lambda *v: "".join(text(value) for value in flat(v)),
    "HYPERLINK": lambda _url, label=None: text(one(label)) if label is not None else text(one(_url)),
}
