"""Records behave as the dataclasses of the standard library do."""

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from dataclasses import MISSING, FrozenInstanceError, field, replace
from itertools import combinations

import pytest

import netzwerk_sheets
from netzwerk_sheets.records import dataclass

WAYS = [(frozen, slots) for frozen in (True, False) for slots in (True, False)]


def made(dataclass, **how):
    """The same classes, made by one or the other."""

    @dataclass(**how)
    class Nothing:
        """Has no fields."""

    @dataclass(**how)
    class One:
        """Has one."""

        name: str

    @dataclass(**how)
    class Many:
        """Has fields of every kind."""

        name: str
        number: int = 3
        found: list[str] = field(default_factory=list)
        aside: str = field(default="", compare=False)
        unseen: str = field(default="", repr=False)
        made: tuple[int, ...] = field(default=(), init=False)
        worked_out: int = field(init=False, compare=False)

        def __post_init__(self):
            object.__setattr__(self, "worked_out", self.number * 2)

        def doubled(self):
            return self.worked_out

    @dataclass(**how)
    class More(Many):
        """Has what another has, and more."""

        more: str = "x"

    @dataclass(**how)
    class Own:
        """Shows itself as it wants."""

        name: str

        def __repr__(self):
            return "own"

        def __eq__(self, other):
            return True

        def __hash__(self):
            return 7

    return Nothing, One, Many, More, Own


def calls():
    yield 0, (), {}
    for arguments in [("a",), (), ("a", "b")]:
        yield 1, arguments, {}
    yield 1, (), {"name": "a"}
    for place in (2, 3):
        for arguments in [("a",), ("a", 1), ("a", 1, ["x"]), ("a", 1, [], "y"), ()]:
            yield place, arguments, {}
        yield place, ("a",), {"unseen": "z"}
        yield place, ("b",), {"number": 1}
        yield place, ("a",), {"nothing": 1}
        yield place, ("a",), {"made": ()}
    yield 3, ("a",), {"more": "y"}
    for name in "ab":
        yield 4, (name,), {}


def outcome(what, *arguments, **named):
    try:
        return what(*arguments, **named)
    except (TypeError, ValueError, AttributeError) as error:
        return type(error)


@pytest.mark.parametrize(("frozen", "slots"), WAYS)
def test_they_are_made_compared_shown_and_kept_alike(frozen, slots):
    ours, theirs = made(dataclass, frozen=frozen, slots=slots), made(dataclasses.dataclass, frozen=frozen, slots=slots)
    pairs = []
    for place, arguments, named in calls():
        mine, other = (outcome(kinds[place], *arguments, **named) for kinds in (ours, theirs))
        if isinstance(other, type):
            assert mine is other
            continue
        pairs.append((mine, other))
        assert dataclasses.asdict(mine) == dataclasses.asdict(other)
        assert repr(mine) == repr(other)
        assert outcome(hash, mine) == outcome(hash, other)
        assert type(mine).__match_args__ == type(other).__match_args__
        assert hasattr(mine, "__dict__") == hasattr(other, "__dict__")
        for change in ({"name": "q"}, {"made": (1,)}, {"nothing": 1}):
            changed, wanted = (outcome(replace, each, **change) for each in (mine, other))
            assert repr(changed) == repr(wanted)
        for each, kind in ((mine, type(mine)), (other, type(other))):
            again = copy.copy(each)
            assert type(again) is kind
            assert repr(again) == repr(each)
        if not dataclasses.fields(mine):
            continue  # there the standard library stumbles over its own feet
        tried = [outcome(setattr, each, "name", "w") for each in (mine, other)]
        assert tried[0] == tried[1]
        assert repr(mine) == repr(other)
        tried = [outcome(delattr, each, "name") for each in (copy.copy(mine), copy.copy(other))]
        assert tried[0] == tried[1]
    for (mine, other), (mine_too, other_too) in combinations(pairs, 2):
        assert (mine == mine_too) == (other == other_too)
    assert all(mine != other for mine, other in pairs if not isinstance(mine, ours[4]))


def test_what_is_frozen_stays():
    one = made(dataclass, frozen=True, slots=True)[2]("a")
    with pytest.raises(FrozenInstanceError):
        one.name = "b"
    with pytest.raises(FrozenInstanceError):
        one.unheard_of = "b"
    assert one.doubled() == 6


def every_record():
    for module in pkgutil.walk_packages(netzwerk_sheets.__path__, "netzwerk_sheets."):
        if "__main__" not in module.name:
            found = importlib.import_module(module.name)
            for kind in vars(found).values():
                if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == module.name:
                    yield kind


def test_every_record_of_the_program_takes_what_its_fields_say():
    seen = 0
    for kind in every_record():
        seen += 1
        wanted = [each for each in dataclasses.fields(kind) if each.init]
        parameters = inspect.signature(kind).parameters
        assert list(parameters) == [each.name for each in wanted]
        for each in wanted:
            may_be_left_out = each.default is not MISSING or each.default_factory is not MISSING
            assert (parameters[each.name].default is not inspect.Parameter.empty) == may_be_left_out
        assert kind.__doc__
    assert seen > 190


def test_a_record_comes_whole_out_of_another_process():
    from netzwerk_sheets.model import Partner

    partner = next(kind for kind in every_record() if kind.__name__ == Partner.__name__)
    needed = [each.name for each in dataclasses.fields(partner) if each.init and each.default is MISSING]
    one = partner(**dict.fromkeys(needed, "x"))
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert repr(again) == repr(one)
