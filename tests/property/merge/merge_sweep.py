"""The exhaustive sweep: the tool dies at step k, for every k, and somebody acts before it is started again.

Random histories miss what needs one exact step; this finds it (SQLite's method).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from merge_office import Office, SheetRow, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WHEN = ("before the restart", "during the run", "just before the crash")


def prepared() -> Office:
    """Give an office in which one run has something of every kind to write."""
    office = Office()
    a, g, x, y = office.sheets
    office.edit(0, 0, 0)
    office.edit(1, 1, 1)
    office.extend(0, 3, tags=True)
    office.extend(1, 3, tags=True)
    office.extend(2, 0, tags=False)
    office.add(1)
    office.add(2)
    office.delete(0, 2)
    office.assign(0, 1, 0)
    office.edit(0, 4, 0)
    office.edit(1, 4, 0)
    assert len({id(sheet) for sheet in (a, g, x, y)}) == 4
    return office


def targets(office: Office) -> Iterator[tuple[str, Callable[[], None]]]:
    """Give what people may do to cells the run writes, in every tab."""
    for number, sheet in enumerate(office.sheets):
        for place in range(min(len(sheet.rows), 4)):
            yield "edit", lambda n=number, p=place: office.edit(n, p, 0)
            yield "revert", lambda n=number, p=place: put_back(office, n, p)
            yield "delete", lambda n=number, p=place: office.delete(n, p)
    yield "none", lambda: None


def put_back(office: Office, sheet: int, row: int) -> None:
    """Put back every value of a row that was replaced last: by the tool or by its own person."""
    tab, target = office._row(sheet, row)
    if isinstance(target, SheetRow):
        for slot in sorted(target.past):
            if slot in ("name", "note", "tags", "street", "town") and target.past[slot]:
                office.set(tab, target, slot, target.past[slot][-1])


def number_of_steps() -> int:
    """Give the number of steps of the undisturbed run."""
    office = prepared()
    office.run()
    return office.steps


def sweep(every: int = 1) -> int:
    """Try every step with every act, or only every so many of these cases; give the number of cases.

    Raises:
        Violation: Something was lost, or the tool did not come to rest.
    """
    acts = range(len(list(targets(prepared()))))
    cases = [(step, when, index) for step in range(1, number_of_steps() + 1) for when in WHEN for index in acts]
    return sum(one(*case) for case in cases[::every])


def one(step: int, when: str, index: int) -> int:
    """Try one case."""
    office = prepared()
    kind, act = list(targets(office))[index]
    try:
        if when == "before the restart":
            office.run(crash_at=step)
            act()
        elif when == "just before the crash":
            office.run(crash_at=step, acts={step: act})
        else:
            office.run(acts={step: act})
        office.check()
        office.settle()
    except Violation as problem:
        raise Violation(f"step {step}, {kind} {index} {when}: {problem}") from problem
    return 1
